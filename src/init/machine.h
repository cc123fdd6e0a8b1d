// SPDX-License-Identifier: MIT
//
// Where a kernel, and no container manager, has started us: the kernel panics when its process 1
// exits, and nobody is there to be told a status. Mounting and the rest of a machine's start are
// COMMAND's business.
#pragma once

namespace cardboard {

// Whether we are process 1 of the initial pid namespace. If so, Ctrl-Alt-Del, which would reset the
// machine at once, is a SIGINT to us from then on.
bool serve_machine();

// Says `status` on stderr, writes all files to their disks and powers the machine off, or reboots
// it. Returns `status` where there is no machine to end.
int end_machine(int status, bool reboots);

}  // namespace cardboard
