// SPDX-License-Identifier: MIT
//
// Giving up privilege, for the init inside and so for everything it starts.
// Source: capabilities(7), PR_SET_NO_NEW_PRIVS(2const).
#pragma once

#include <linux/filter.h>

#include <span>

#include "base/error.h"

namespace cardboard {

// Hides this process's memory and /proc entries from all who could otherwise trace it: through
// /proc/1/exe a container could open, and overwrite, this program's file (CVE-2019-5736).
Result<void> become_undumpable();

// Empties all five capability sets, and sets no_new_privs, so that no execve(2) fills one again.
Result<void> drop_privileges();

// From here on all that this process and its descendants ask of the kernel goes through `program`,
// at most 65,535 instructions, which has to allow execve(2) at least. After drop_privileges: it
// takes no_new_privs, and the program may deny what drops privileges.
Result<void> apply_filter(std::span<const sock_filter> program);

}  // namespace cardboard
