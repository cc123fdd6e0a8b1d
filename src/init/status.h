// SPDX-License-Identifier: MIT
//
// How a child ended, and what that makes of our own exit status (DESIGN 2.2). Pure: the macros of
// wait(2) are arithmetic on the status word.
#pragma once

#include "base/text.h"

namespace cardboard {

inline constexpr int kSignalBase = 128;

// COMMAND's own status, or 128+N where signal N killed it. A status word that says neither, which
// wait4(2) without WUNTRACED never returns, counts as a failure of ours.
int exit_status_of(int wait_status);

// The status for an execve(2) that failed: 127 where nothing of that name was found, else 126.
int exit_status_of_exec(int errnum);

}  // namespace cardboard
