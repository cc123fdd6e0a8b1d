// SPDX-License-Identifier: MIT
//
// The processes that COMMAND left behind, and how to signal them all without ever touching one
// that is not ours.
#pragma once

namespace cardboard {

// Sends `signal`, and then, if `wakes`, SIGCONT, so that stopped processes take notice: as
// PID 1 to every process of the namespace, else to every descendant, whatever its process group
// or session. With /proc as of Linux 3.4; safe from recycled pids from Linux 5.3 on. Without a
// /proc of our pid namespace, to every child.
// False when there were some and none could be signalled: another user's (a set-user-ID program).
bool signal_rest(int signal, bool wakes, bool is_pid_one);

}  // namespace cardboard
