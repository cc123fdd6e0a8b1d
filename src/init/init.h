// SPDX-License-Identifier: MIT
//
// The two lives of the one loop: as the init that runs COMMAND, and as the process outside a
// container, which has the init inside for its child. Both return the exit status.
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "cli/voice.h"
#include "init/spawn.h"
#include "plan/plan.h"

namespace cardboard {

// Whether what was asked for is a part of the isolator, which then has to be unpacked first: so
// that an init without that costs no memory and no time.
bool needs_isolator(const Options& options);

// What --report asks for, or nothing; the status is `status`.
Result<void> begin_report(const Options& options);
int end_report(const Options& options, int status);

// For --parent-death-signal. To be called outside of a container: the init inside is bound to the
// process outside already, and would lose that.
Result<void> watch_parent(const Options& options, const Caller& caller);

// Spawns COMMAND and supervises it and all that comes of it. Fails only where COMMAND cannot be
// started.
Result<int> run_init(const Options& options, const Plan& plan, const Caller& caller,
                     const Voice& voice);

}  // namespace cardboard
