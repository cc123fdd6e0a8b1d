// SPDX-License-Identifier: MIT
//
// The event loop: one for an init of its own, for the init inside a container and for the process
// outside of it. From its first line on nothing ends us but the end of COMMAND.
#pragma once

#include <sys/types.h>

#include "cli/voice.h"
#include "init/core.h"
#include "init/notify.h"
#include "init/terminal.h"

namespace cardboard {

struct Supervision {
  Policy policy;
  bool is_pid_one = false;
  bool to_group = false;  // forward to COMMAND's process group
  bool warns_of_reaped = false;
  int pty = 0;  // takes the size of the terminal on stdin, when that changes; 0: there is none
  Relay* relay = nullptr;  // of COMMAND's notifications, if there is to be one
};

struct Outcome {
  int status = 0;       // to exit with
  int wait_status = 0;  // COMMAND's own
  int reaped = 0;       // processes but COMMAND
  bool timed_out = false;
  bool stopped = false;  // COMMAND was asked to stop
  bool reboots = false;
};

// Forwards signals, reaps, and returns when COMMAND and what it left have ended. All signals must
// be blocked.
Outcome supervise(const Supervision& supervision, const Terminal& terminal, const Voice& voice);

}  // namespace cardboard
