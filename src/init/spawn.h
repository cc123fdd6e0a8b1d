// SPDX-License-Identifier: MIT
//
// Starting COMMAND, with exactly the signal mask and dispositions that we were started with.
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "base/signals.h"
#include "base/sys.h"
#include "init/terminal.h"
#include "plan/privileges.h"

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
  const Ulimits* ulimits = nullptr;
  // A session of its own; else a process group of its own, or ours where the terminal is shared.
  bool new_session = false;
  // And in that session stdin as its controlling terminal, if it is a terminal.
  bool claims_terminal = false;
  // What to confine COMMAND to; null: to nothing. The limits go with it.
  const Privileges* privileges = nullptr;
};

struct Spawned {
  pid_t pid = 0;
  int exec_errnum = 0;  // 0: COMMAND is executing; else the child is gone, and reaped
};

// Blocks every signal, so that from here on none is lost, and undoes an inherited "ignore" of
// SIGCHLD, under which the kernel would reap COMMAND itself and its status would be lost.
Caller take_over();

// Forks, and returns when the child has executed COMMAND, or could not. Fails where there is no
// child in the first place, or it could not be confined.
Result<Spawned> spawn(const Command& command, const Caller& caller, Terminal& terminal);

}  // namespace cardboard
