// SPDX-License-Identifier: MIT
//
// The event loop: one for an init of its own, for the init inside a container and for the process
// outside of it. From its first line on nothing ends us but the end of COMMAND.
#pragma once

#include <sys/types.h>

#include "init/core.h"
#include "init/terminal.h"

namespace cardboard {

struct Supervision {
  Policy policy;
  bool is_pid_one = false;
  bool to_group = false;  // forward to COMMAND's process group
  int verbosity = 0;
};

// Forwards signals, reaps, and returns our exit status when COMMAND and what it left have ended.
// All signals must be blocked.
int supervise(const Supervision& supervision, const Terminal& terminal);

}  // namespace cardboard
