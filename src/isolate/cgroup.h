// SPDX-License-Identifier: MIT
//
// The control groups of a container: one of version 2, or of version 1 one for each controller.
// They are the process outside's to make, and a second process's to remove, which waits for that
// and for nothing else: even a process outside that is killed leaves none behind. Source:
// cgroups(7).
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "plan/plan.h"

namespace cardboard {

// Makes the groups with all limits in force. Does nothing where no limit is planned.
Result<void> make_groups(const Plan& plan);

// Has `init` and all its descendants live in them.
Result<void> join_groups(pid_t init);

// Reports what was counted, says so if memory ran out, and removes the groups. All that lived in
// them must have been reaped. `status` is what we exit with.
void end_groups(int status);

}  // namespace cardboard
