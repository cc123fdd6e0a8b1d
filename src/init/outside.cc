// SPDX-License-Identifier: MIT
//
// See outside.h.
#include "init/outside.h"

#include <sys/wait.h>

#include "base/sys.h"
#include "init/console.h"
#include "init/reporter.h"
#include "init/supervise.h"

namespace cardboard {

Result<int> run_outside(pid_t init, int terminal, const Voice& voice) {
  // What is inside ends with the init; what else we are the parent of is not ours to end.
  Supervision supervision;
  supervision.policy.main_pid = init;
  supervision.policy.rest = Rest::Left;
  supervision.pty = terminal;
  Console console;
  Result<void> opened;
  if (terminal > 0) opened = console.open(terminal);
  // COMMAND is running already, at a terminal that nobody serves.
  if (!opened.ok()) sys_kill(init, SIGKILL);
  const Outcome outcome = supervise(supervision, Terminal(), voice);
  if (terminal > 0) console.close();
  TRY(opened);
  // Else the init has noted how COMMAND ended.
  if (WIFSIGNALED(outcome.wait_status)) note_end(the_report(), outcome);
  return outcome.status;
}

}  // namespace cardboard
