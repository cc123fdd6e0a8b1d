// SPDX-License-Identifier: MIT
//
// See init.h.
#include "init/init.h"

#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>

#include "base/environment.h"
#include "base/log.h"
#include "base/sys.h"
#include "init/notify.h"
#include "init/supervise.h"

namespace cardboard {

namespace {

// So that what COMMAND leaves behind becomes ours; PID 1 gets it anyway. Where it cannot be had
// (Linux before 3.4, user-mode emulators) COMMAND is served all the same.
void become_subreaper() {
  const Result<void> result = check(sys_prctl(PR_SET_CHILD_SUBREAPER, 1), "become a subreaper");
  if (!result.ok()) log_error(result.error());
}

// What talks to the service manager; without a manager, nothing does.
struct Notifications {
  Notifier notifier;
  Relay relay;
  bool relays = false;
  bool announces = false;
};

Result<void> open_notifications(Notify mode, const char** environment, Notifications& open) {
  const char* const* entry = find_entry(environment, kNotifyVariable);
  if (mode == Notify::None || entry == nullptr) return {};
  TRY(open.notifier.open(*entry + kNotifyVariable.size() + 1));
  open.announces = mode == Notify::Exec;
  open.relays = mode == Notify::Relay;
  if (open.relays) TRY(open.relay.open(open.notifier, environment[entry - environment]));
  return {};
}

void log_start(const Command& command, pid_t pid) {
  LogLine line;
  line << "started " << command.argv[0] << ", pid " << pid;
  log_line(line);
}

Policy make_policy(const Options& options, const Plan& plan, pid_t main_pid) {
  Policy policy = {.main_pid = main_pid,
                   .rest = options.wait ? Rest::Awaited : Rest::Swept,
                   .suspends = !plan.is_pid_one,
                   .obeys_managers = plan.obeys_managers,
                   .grace = plan.grace,
                   .stop_timeout = options.stop_timeout,
                   .timeout = options.timeout,
                   .rewrites = &options.rewrites};
  if (options.stop_signal != 0) policy.stop_signal = options.stop_signal;
  return policy;
}

// Dies of the signal that COMMAND died of, so that our parent sees what its own would have.
void reraise(int wait_status) {
  if (!WIFSIGNALED(wait_status)) return;
  const int signal = WTERMSIG(wait_status);
  // One core dump is enough, and it is COMMAND's.
  sys_prctl(PR_SET_DUMPABLE, 0);
  const KernelSigaction default_action = {};
  sys_sigaction(signal, &default_action, nullptr);
  sys_raise(signal);
}

int finish(const Options& options, const Plan& plan, const Outcome& outcome) {
  // Inside a container this tells its manager to start it again; without the right to, we exit.
  if (outcome.reboots) sys_reboot(RB_AUTOBOOT);
  // That its time was over is ours to say, and no status of COMMAND's.
  if (outcome.timed_out) return outcome.status;
  const int status = options.remaps.target(outcome.status);
  const bool is_remapped = status != outcome.status;
  if (options.reraise && !plan.is_pid_one && !is_remapped) reraise(outcome.wait_status);
  return status;
}

Result<pid_t> start(const Options& options, const Plan& plan, const Caller& caller,
                    Terminal& terminal) {
  if (options.pause) return 0;
  const Command command = {.path = plan.command_path,
                           .search_path = plan.search_path,
                           .argv = plan.argv,
                           .environment = plan.environment,
                           .new_session = plan.isolate};
  if (!plan.isolate) terminal.find();
  const pid_t main_pid = TRY(spawn(command, caller, terminal));
  if (options.verbosity > 0) log_start(command, main_pid);
  return main_pid;
}

}  // namespace

Result<void> watch_parent(const Options& options, const Caller& caller) {
  const int signal = options.parent_death_signal;
  if (signal == 0) return {};
  TRY(check(sys_prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(signal)),
            "watch the parent process"));
  // A parent that died before this was watched sends nothing any more.
  if (sys_getppid() != caller.parent) sys_kill(sys_getpid(), signal);
  return {};
}

Result<int> run_init(const Options& options, const Plan& plan, const Caller& caller) {
  if (!plan.is_pid_one) become_subreaper();
  Notifications notifications;
  TRY(open_notifications(options.notify, plan.environment, notifications));
  Terminal terminal;
  const pid_t main_pid = TRY(start(options, plan, caller, terminal));
  // From here on nothing may end us but the end of COMMAND. Nor do we keep its directory busy.
  sys_chdir("/");
  if (notifications.announces) notifications.notifier.send("READY=1");
  const Supervision supervision = {.policy = make_policy(options, plan, main_pid),
                                   .is_pid_one = plan.is_pid_one,
                                   .to_group = options.group,
                                   .warns_of_reaped = options.warn_reaped,
                                   .verbosity = options.verbosity,
                                   .relay = notifications.relays ? &notifications.relay : nullptr};
  return finish(options, plan, supervise(supervision, terminal));
}

Result<int> run_outside(pid_t init) {
  // What is inside ends with the init; what else we are the parent of is not ours to end.
  Supervision supervision;
  supervision.policy.main_pid = init;
  supervision.policy.rest = Rest::Left;
  return supervise(supervision, Terminal()).status;
}

}  // namespace cardboard
