// SPDX-License-Identifier: MIT
//
// Starting COMMAND, with exactly the signal mask and dispositions that we were started with.
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/sys.h"
#include "init/signals.h"
#include "init/terminal.h"

namespace cardboard {

// What taking over the signals changed, to be given back to COMMAND.
struct CallerSignals {
  SignalSet mask;
  KernelSigaction child_action;
};

struct Command {
  // The file to execute; null: argv[0], searched for in `search_path` (null: the system's default)
  // where it has no slash.
  const char* path = nullptr;
  const char* search_path = nullptr;
  // Ends with a null pointer. The element before argv[0] must exist: cardboard's own words.
  char** argv = nullptr;
  const char* const* environment = nullptr;
  // A session of its own; else a process group of its own.
  bool new_session = false;
};

// Blocks every signal, so that from here on none is lost, and undoes an inherited "ignore" of
// SIGCHLD, under which the kernel would reap COMMAND itself and its status would be lost.
CallerSignals take_over_signals();

// Forks, and returns when the child has executed COMMAND; with an Error, which has the exit
// status 126 or 127, when it could not. The child is then gone already, but not yet reaped.
Result<pid_t> spawn(const Command& command, const CallerSignals& signals, Terminal& terminal);

}  // namespace cardboard
