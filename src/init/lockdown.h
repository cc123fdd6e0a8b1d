// SPDX-License-Identifier: MIT
//
// Giving up privilege in three places, so that each process holds no more than it needs: the init
// inside before it starts COMMAND, COMMAND's process just before execve(2), the init afterwards.
// Source: capabilities(7), PR_SET_NO_NEW_PRIVS(2const).
#pragma once

#include <linux/filter.h>

#include <span>

#include "base/error.h"
#include "base/ulimit.h"
#include "plan/privileges.h"

namespace cardboard {

// The init, before: sets no_new_privs, so that no execve(2) gains anything, and drops for good what
// COMMAND does not keep. What is left by default is nothing.
Result<void> drop_privileges(const Privileges& kept);

// COMMAND's process alone: else a limit on processor time would end the init, too.
Result<void> set_ulimits(const Ulimits& ulimits);

// COMMAND's process: becomes its user, keeps what is to be kept, and from then on all that it asks
// of the kernel goes through the filter.
Result<void> confine(const Privileges& kept);

// The init, afterwards: keeps at most the right to signal a COMMAND that can change its user.
Result<void> retire(const Privileges& kept);

// From here on all that this process and its descendants ask of the kernel goes through `program`,
// at most 65,535 instructions, which has to allow execve(2) at least. Takes no_new_privs.
Result<void> apply_filter(std::span<const sock_filter> program);

}  // namespace cardboard
