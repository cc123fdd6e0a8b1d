// SPDX-License-Identifier: MIT
//
// See init.h.
#include "init/init.h"

#include <sys/prctl.h>

#include "base/log.h"
#include "base/sys.h"
#include "init/supervise.h"

namespace cardboard {

namespace {

// So that what COMMAND leaves behind becomes ours; PID 1 gets it anyway. Where it cannot be had
// (Linux before 3.4, user-mode emulators) COMMAND is served all the same.
void become_subreaper() {
  const Result<void> result = check(sys_prctl(PR_SET_CHILD_SUBREAPER, 1), "become a subreaper");
  if (!result.ok()) log_error(result.error());
}

void log_start(const Command& command, pid_t pid) {
  LogLine line;
  line << "started " << command.argv[0] << ", pid " << pid;
  log_line(line);
}

}  // namespace

Result<int> run_init(const Plan& plan, const CallerSignals& signals) {
  if (!plan.is_pid_one) become_subreaper();
  const Command command = {.path = plan.command_path,
                           .search_path = plan.search_path,
                           .argv = plan.argv,
                           .environment = plan.environment,
                           .new_session = plan.isolate};
  Terminal terminal;
  if (!plan.isolate) terminal.find();
  const pid_t main_pid = TRY(spawn(command, signals, terminal));
  // From here on nothing may end us but the end of COMMAND.
  if (plan.verbosity > 0) log_start(command, main_pid);
  const Supervision supervision = {.policy = {.main_pid = main_pid,
                                              .sweeps = true,
                                              .suspends = !plan.is_pid_one,
                                              .grace = plan.grace},
                                   .is_pid_one = plan.is_pid_one,
                                   .to_group = plan.to_group,
                                   .verbosity = plan.verbosity};
  return supervise(supervision, terminal);
}

Result<int> run_outside(pid_t init) {
  // What is inside ends with the init; what else we are the parent of is not ours to end.
  const Supervision supervision = {.policy = {.main_pid = init}};
  return supervise(supervision, Terminal());
}

}  // namespace cardboard
