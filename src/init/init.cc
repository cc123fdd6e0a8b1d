// SPDX-License-Identifier: MIT
//
// See init.h.
#include "init/init.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/environment.h"
#include "base/log.h"
#include "base/packed.h"
#include "base/sys.h"
#include "init/caller.h"
#include "init/interpreter.h"
#include "init/lockdown.h"
#include "init/machine.h"
#include "init/notify.h"
#include "init/reporter.h"
#include "init/supervise.h"

namespace cardboard {

namespace {

// So that what COMMAND leaves behind becomes ours; PID 1 gets it anyway. Where it cannot be had
// (Linux before 3.4, user-mode emulators) COMMAND is served all the same.
void become_subreaper() {
  const Result<void> result = check(sys_prctl(PR_SET_CHILD_SUBREAPER, 1), "become a subreaper"_p);
  if (!result.ok()) log_error(result.error());
}

// What talks to the service manager; without a manager, nothing does.
struct Notifications {
  Notifier notifier;
  Relay relay;
  bool relays = false;
  bool announces = false;
};

CARDBOARD_GATE Result<void> open_notifications(Notify mode, const char** environment,
                                               Notifications& open) {
  const char* const* entry = find_entry(environment, kNotifyVariable);
  if (mode == Notify::None || entry == nullptr) return {};
  TRY(open.notifier.open(*entry + kNotifyVariable.size() + 1));
  open.announces = mode == Notify::Exec;
  open.relays = mode == Notify::Relay;
  if (open.relays) TRY(open.relay.open(open.notifier, environment[entry - environment]));
  return {};
}

CARDBOARD_GATE void announce(const Notifier& notifier) { notifier.send("READY=1"); }

// What becomes of the rest where no option says it.
Rest rest_of(const Options& options) {
  if (options.wait) return Rest::Awaited;
  if (options.grace) return Rest::Swept;
  switch (options.personality->leftovers) {
    case Leftovers::Ended: break;
    case Leftovers::Terminated: return options.group ? Rest::Terminated : Rest::Left;
    case Leftovers::Left: return Rest::Left;
  }
  return Rest::Swept;
}

// Who is asked to end the rest needs to have it, too.
void reap_orphans(const Options& options, const Voice& voice) {
  const bool ends_rest = rest_of(options) != Rest::Left;
  if (options.subreaper || options.personality->is_subreaper || ends_rest)
    return become_subreaper();
  int is_subreaper = 0;
  sys_prctl(PR_GET_CHILD_SUBREAPER, reinterpret_cast<unsigned long>(&is_subreaper));
  if (is_subreaper == 0) voice.say(Say::NotReaping);
}

bool makes_session(const Options& options) {
  return options.group && options.personality->makes_session;
}

Policy make_policy(const Options& options, const Plan& plan, const Terminal& terminal,
                   pid_t main_pid) {
  Policy policy = {.main_pid = main_pid,
                   .rest = rest_of(options),
                   .suspends = !plan.is_pid_one,
                   .job_control = options.personality->job_control,
                   .has_session = makes_session(options),
                   .obeys_managers = plan.obeys_managers,
                   .shares_group = terminal.is_shared(),
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
  // No core is dumped, as we are undumpable: one is enough, and it is COMMAND's.
  const KernelSigaction default_action = {};
  sys_sigaction(signal, &default_action, nullptr);
  sys_raise(signal);
}

CARDBOARD_GATE void note_how_it_ended(const Outcome& outcome) {
  note_end(the_report(), outcome);
  the_report().set(Figure::Reaped, outcome.reaped);
}

int finish(const Options& options, const Plan& plan, const Outcome& outcome) {
  // That its time was over is ours to say, and no status of COMMAND's.
  const int status = outcome.timed_out ? outcome.status : options.remaps.target(outcome.status);
  if (options.report != nullptr) note_how_it_ended(outcome);
  end_report(options, status);
  if (outcome.reboots) {
    end_machine(status, true);
    // Inside a container this tells its manager to start it again; without the right to, we exit.
    sys_reboot(RB_AUTOBOOT);
  }
  const bool is_own = !outcome.timed_out && status == outcome.status;
  if (options.reraise && !plan.is_pid_one && is_own) reraise(outcome.wait_status);
  return status;
}

// Our controlling terminal is to be that of COMMAND's session. Where it goes with our own session,
// the kernel tells all of that by SIGHUP and SIGCONT: ioctl_tty(2), TIOCNOTTY. They are pending
// here already, and none of COMMAND's business.
void leave_terminal(const Voice& voice) {
  const int result = sys_ioctl(STDIN_FILENO, TIOCNOTTY, nullptr);
  if (result < 0) return voice.say(Say::NotDetached, 0, -result);
  if (sys_getsid() != sys_getpid()) return;
  voice.say(Say::Detached);
  for (const int signal : {SIGHUP, SIGCONT}) {
    const __kernel_timespec at_once = {};
    siginfo_t info;
    if (sys_sigtimedwait(SignalSet{}.with(signal).bits, &info, &at_once) < 0) continue;
    voice.say(Say::Received, signal);
    voice.say(Say::HandOff, signal);
  }
}

int exit_status_of_exec(const Personality& personality, int errnum) {
  switch (errnum) {
    case ENOENT: return personality.exec_not_found;
    case ENOTDIR: return personality.exec_no_directory;
    case EACCES: return personality.exec_denied;
    default: return personality.exec_failed;
  }
}

CARDBOARD_GATE const char* missing_interpreter(const Command& command) {
  return unpack_isolator().ok() ? find_interpreter(command) : nullptr;
}

CARDBOARD_GATE Result<void> retire_inside(const Plan& plan) {
  return plan.isolate ? retire(plan.privileges) : Result<void>{};
}

Result<pid_t> start(const Options& options, const Plan& plan, const Caller& caller,
                    const Voice& voice, Terminal& terminal) {
  if (options.pause) return 0;
  const Command command = {.path = plan.command_path,
                           .search_path = plan.search_path,
                           .argv = plan.argv,
                           .environment = plan.environment,
                           .ulimits = &options.ulimits,
                           .new_session = plan.isolate || makes_session(options),
                           .claims_terminal = !plan.isolate || plan.tty,
                           .privileges = plan.isolate ? &plan.privileges : nullptr};
  if (makes_session(options)) {
    leave_terminal(voice);
  } else if (!plan.isolate) {
    terminal.find(options.group);
  }
  const Spawned spawned = TRY(spawn(command, caller, terminal));
  if (spawned.exec_errnum != 0) {
    voice.say(Say::ExecFailed, spawned.pid, spawned.exec_errnum);
    const char* interpreter =
        spawned.exec_errnum == ENOENT ? missing_interpreter(command) : nullptr;
    if (interpreter != nullptr) voice.say_of(Say::NoInterpreter, interpreter);
    return fail_silently().status(exit_status_of_exec(*options.personality, spawned.exec_errnum));
  }
  TRY(retire_inside(plan));
  voice.say(Say::Started, spawned.pid);
  if (makes_session(options)) voice.say(Say::StartedSession, spawned.pid);
  return spawned.pid;
}

}  // namespace

bool needs_isolator(const Options& options) {
  return options.isolate || options.report != nullptr || options.request == Request::Doctor ||
         options.notify != Notify::None;
}

CARDBOARD_GATE Result<void> begin_report(const Options& options) {
  return options.report != nullptr && !options.explain ? open_report(options) : Result<void>{};
}

CARDBOARD_GATE int end_report(const Options& options, int status) {
  const bool reports = options.report != nullptr && unpack_isolator().ok();
  return reports ? close_report(status) : status;
}

Result<void> watch_parent(const Options& options, const Caller& caller) {
  const int signal = options.parent_death_signal;
  if (signal == 0) return {};
  TRY(check(sys_prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(signal)),
            "watch the parent process"_p));
  // A parent that died before this was watched sends nothing any more.
  if (sys_getppid() != caller.parent) sys_kill(sys_getpid(), signal);
  return {};
}

Result<int> run_init(const Options& options, const Plan& plan, const Caller& caller,
                     const Voice& voice) {
  // Whatever runs beside COMMAND must not come to our file by /proc: a container's root may have
  // got it executed inside by the name of /proc/self/exe. Where this is forbidden, COMMAND is
  // served all the same.
  static_cast<void>(become_undumpable().ok());
  serve_machine();
  if (!plan.is_pid_one) reap_orphans(options, voice);
  Notifications notifications;
  TRY(open_notifications(options.notify, plan.environment, notifications));
  Terminal terminal;
  const pid_t main_pid = TRY(start(options, plan, caller, voice, terminal));
  // From here on nothing may end us but the end of COMMAND. Nor do we keep its directory busy.
  sys_chdir("/");
  if (notifications.announces) announce(notifications.notifier);
  const Supervision supervision = {.policy = make_policy(options, plan, terminal, main_pid),
                                   .is_pid_one = plan.is_pid_one,
                                   .to_group = options.group,
                                   .warns_of_reaped = options.warn_reaped,
                                   .relay = notifications.relays ? &notifications.relay : nullptr};
  return finish(options, plan, supervise(supervision, terminal, voice));
}

}  // namespace cardboard
