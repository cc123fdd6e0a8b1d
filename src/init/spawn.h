// SPDX-License-Identifier: MIT
//
// Starting COMMAND, with exactly the signal mask and dispositions that we were started with.
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/signals.h"
#include "base/sys.h"
#include "init/terminal.h"

namespace cardboard {

// What taking over changed, to be given back to COMMAND, and who started us.
struct Caller {
  SignalSet mask;
  KernelSigaction child_action;
  pid_t parent;
};

struct Command {
  // The file to execute; null: argv[0], searched for in `search_path` (null: the system's default)
  // where it has no slash.
  const char* path = nullptr;
  const char* search_path = nullptr;
  // Ends with a null pointer. The element before argv[0] must exist: cardboard's own words.
  char** argv = nullptr;
  const char** environment = nullptr;
  // A session of its own; else a process group of its own.
  bool new_session = false;
};

// Blocks every signal, so that from here on none is lost, and undoes an inherited "ignore" of
// SIGCHLD, under which the kernel would reap COMMAND itself and its status would be lost.
Caller take_over();

// Forks, and returns when the child has executed COMMAND; with an Error, which has the exit
// status 126 or 127, when it could not. The child is then gone and reaped.
Result<pid_t> spawn(const Command& command, const Caller& caller, Terminal& terminal);

}  // namespace cardboard
