// SPDX-License-Identifier: MIT
//
// See supervise.h. Each action of the core is done by one function here, which returns the event
// that answers it. What fails is warned about; nothing bails out.
#include "init/supervise.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/packed.h"
#include "base/signals.h"
#include "base/sys.h"
#include "init/console.h"
#include "init/status.h"
#include "init/tree.h"

namespace cardboard {

namespace {

constexpr Nanoseconds kNever = INT64_MAX;

// A relay is there only after it has been opened, and so unpacked.
CARDBOARD_GATE bool relay_if_ready(const Relay& relay, const siginfo_t& info) {
  const bool is_ready = relay.is_ready(info);
  if (is_ready) relay.pass_on();
  return is_ready;
}

CARDBOARD_GATE void relay_all(const Relay& relay) { relay.pass_on(); }

// Only beside a container is there another terminal.
CARDBOARD_GATE void resize(int terminal) { copy_window_size(terminal); }

class Loop {
 public:
  Loop(const Supervision& supervision, const Terminal& terminal, const Voice& voice)
      : supervision_(supervision), terminal_(terminal), voice_(voice) {}

  Outcome run();

 private:
  Event perform(const Action& action);
  Nanoseconds& next_deadline();
  Event await_signal(SignalSet set, Nanoseconds patience);
  Event wait();
  Event poll();
  Event take_signal(SignalSet set, Nanoseconds timeout);
  Event reap();
  int send(int signal, bool to_group) const;
  Event forward(const Action& action);
  Event arm(Timer timer, Nanoseconds duration);
  Event sweep(int signal);
  Event suspend(int signal);
  Event stop_us();
  Event resume();

  void tell_of_signal(int signal) const;
  void tell_of_end(pid_t pid, int status) const;

  pid_t main_pid() const { return supervision_.policy.main_pid; }

  const Supervision& supervision_;
  const Terminal& terminal_;
  const Voice& voice_;
  Outcome outcome_;
  siginfo_t info_;  // of the signal that is being answered, where si_signo is not 0
  Nanoseconds deadlines_[kTimers] = {kNever, kNever, kNever};
};

void Loop::tell_of_signal(int signal) const {
  voice_.say(signal == SIGCHLD ? Say::ReceivedChild : Say::Received, signal);
  const SignalMap* rewrites = supervision_.policy.rewrites;
  if (rewrites == nullptr || !rewrites->is_rewritten(signal)) return;
  const int target = rewrites->target(signal);
  voice_.say(Say::Rewritten, signal, target);
  if (target == 0) voice_.say(Say::Dropped, signal);
}

void Loop::tell_of_end(pid_t pid, int status) const {
  const bool is_main = pid == main_pid();
  const bool warns = supervision_.warns_of_reaped && !is_main;
  if (WIFSIGNALED(status)) {
    voice_.say(is_main ? Say::MainKilled : Say::OrphanKilled, pid, WTERMSIG(status), warns);
  } else {
    voice_.say(is_main ? Say::MainExited : Say::OrphanExited, pid, WEXITSTATUS(status), warns);
  }
  if (is_main) voice_.say(Say::Leaving, pid, exit_status_of(status));
  if (warns) voice_.say(Say::OrphanReaped, pid);
}

Event Loop::take_signal(SignalSet set, Nanoseconds timeout) {
  __kernel_timespec limit = {};
  if (timeout != kNever) {
    limit.tv_sec = timeout / kSecond;
    limit.tv_nsec = timeout % kSecond;
  }
  const int signal = sys_sigtimedwait(set.bits, &info_, timeout == kNever ? nullptr : &limit);
  // EINTR, after a debugger or a SIGSTOP, is no news either.
  if (signal < 0) return {.kind = EventKind::Quiet};
  if (supervision_.relay != nullptr && relay_if_ready(*supervision_.relay, info_)) {
    return {.kind = EventKind::Quiet};
  }
  if (signal == SIGWINCH && supervision_.pty > 0) {
    // The kernel tells COMMAND.
    resize(supervision_.pty);
    return {.kind = EventKind::Quiet};
  }
  tell_of_signal(signal);
  // The kernel's own SIGCHLD has a code above 0 (CLD_*); what a process sent has 0 or less.
  const bool from_kernel = info_.si_code > 0;
  const bool from_self = !from_kernel && info_.si_pid == sys_getpid();
  const Sender sender = from_kernel ? Sender::Kernel : from_self ? Sender::Self : Sender::User;
  return {.kind = EventKind::Signal, .sender = sender, .signal = signal};
}

// The timer that runs out first; any of them where none is armed.
Nanoseconds& Loop::next_deadline() {
  std::size_t next = 0;
  for (std::size_t i = 1; i < kTimers; ++i) {
    if (deadlines_[i] < deadlines_[next]) next = i;
  }
  return deadlines_[next];
}

// At most `patience`, and no longer than a timer runs: even where signals never stop coming. By a
// clock that nobody sets: no change of the date ends or prolongs anybody's grace.
Event Loop::await_signal(SignalSet set, Nanoseconds patience) {
  info_.si_signo = 0;
  Nanoseconds& deadline = next_deadline();
  if (deadline == kNever) return take_signal(set, patience);
  const Nanoseconds left = deadline - sys_monotonic_now();
  if (left > 0) return take_signal(set, left < patience ? left : patience);
  deadline = kNever;
  return {.kind = EventKind::Timeout, .timer = static_cast<Timer>(&deadline - deadlines_)};
}

Event Loop::wait() { return await_signal(SignalSet::all(), kNever); }

Event Loop::poll() {
  // A steady stream of dying children must not keep the others from being forwarded: those with
  // higher numbers are only seen when no SIGCHLD is there.
  return await_signal(SignalSet::all().without(SIGCHLD), 0);
}

Event Loop::reap() {
  int status = 0;
  const pid_t pid = sys_wait(-1, &status, WNOHANG | WUNTRACED);
  if (pid == 0) return {.kind = EventKind::NoneReady};
  if (pid < 0) return {.kind = EventKind::Childless};
  if (WIFSTOPPED(status)) {
    return {.kind = EventKind::Stopped,
            .foreground = terminal_.foreground(),
            .signal = WSTOPSIG(status),
            .pid = pid};
  }
  const bool is_main = pid == main_pid();
  if (is_main) {
    terminal_.take_back();
  } else {
    ++outcome_.reaped;
  }
  tell_of_end(pid, status);
  return {.kind = EventKind::Ended, .pid = pid, .wait_status = status};
}

// What came by sigqueue(3) and goes on as it came keeps its value, and its sender's pid. A group
// cannot be sent a value; and where it does not work (the receiver's queue is full, the call is
// forbidden), the signal counts for more than its value.
int Loop::send(int signal, bool to_group) const {
  const bool has_value = info_.si_signo == signal && info_.si_code == SI_QUEUE;
  if (has_value && !to_group && sys_sigqueue(main_pid(), info_) == 0) return 0;
  return sys_kill(to_group ? -main_pid() : main_pid(), signal);
}

Event Loop::forward(const Action& action) {
  const int signal = action.number;
  // Continued by a shell's `fg`: the terminal is ours, so now it is COMMAND's.
  if (signal == SIGCONT) terminal_.hand_over();
  voice_.say(Say::Forwarding, signal);
  // ESRCH: all of the group is gone, and the news of it is on its way. Or COMMAND is in our own
  // group, and has got from the terminal what we have.
  const bool to_group = supervision_.to_group || action.to_group;
  const int result = send(signal, to_group);
  const bool failed = result < 0 && result != -ESRCH;
  voice_.say(failed ? Say::ForwardFailed : Say::Forwarded, signal, -result);
  return {.kind = EventKind::Done};
}

Event Loop::arm(Timer timer, Nanoseconds duration) {
  Nanoseconds& deadline = deadlines_[static_cast<std::size_t>(timer)];
  if (__builtin_add_overflow(sys_monotonic_now(), duration, &deadline)) deadline = kNever;
  return {.kind = EventKind::Done};
}

Event Loop::sweep(int signal) {
  voice_.say(Say::Sweeping, signal);
  const bool wakes = signal != SIGKILL && supervision_.policy.rest != Rest::Terminated;
  const bool reached = signal_rest(signal, wakes, supervision_.is_pid_one);
  return {.kind = reached ? EventKind::Swept : EventKind::Hopeless};
}

Event Loop::stop_us() {
  voice_.say(Say::Suspending);
  sys_raise(SIGSTOP);
  // The SIGCONT that woke us is the next signal, and is forwarded.
  return {.kind = EventKind::Done};
}

Event Loop::suspend(int signal) {
  terminal_.take_back();
  // Never by SIGSTOP: the others the kernel ignores where no shell is there to continue us. Else a
  // SIGCONT has woken us.
  sys_raise(signal == SIGSTOP ? SIGTSTP : signal);
  const bool unstopped = take_signal(SignalSet{}.with(SIGCONT), 0).kind == EventKind::Quiet;
  return {.kind = unstopped ? EventKind::Unstopped : EventKind::Continued, .signal = signal};
}

Event Loop::resume() {
  terminal_.hand_over();
  sys_kill(-main_pid(), SIGCONT);
  return {.kind = EventKind::Done};
}

Event Loop::perform(const Action& action) {
  switch (action.kind) {
    case ActionKind::Wait: return wait();
    case ActionKind::Poll: return poll();
    case ActionKind::Reap: return reap();
    case ActionKind::Forward: return forward(action);
    case ActionKind::Arm: return arm(action.timer, action.duration);
    case ActionKind::SignalRest: return sweep(action.number);
    case ActionKind::Suspend: return suspend(action.number);
    case ActionKind::StopUs: return stop_us();
    case ActionKind::Resume: return resume();
    case ActionKind::Exit: break;
  }
  return {.kind = EventKind::Done};
}

Outcome Loop::run() {
  State state = {.policy = supervision_.policy};
  Action action = next_action(state, {.kind = EventKind::Started});
  while (action.kind != ActionKind::Exit) action = next_action(state, perform(action));
  if (action.gives_up) voice_.say(Say::GivesUp);
  // COMMAND's own jobs, too, may have had the foreground.
  terminal_.take_back();
  // What COMMAND had to say last, SIGIO being a higher number than SIGCHLD.
  if (supervision_.relay != nullptr) relay_all(*supervision_.relay);
  outcome_.status = action.number;
  outcome_.wait_status = state.wait_status;
  outcome_.timed_out = state.timed_out;
  outcome_.stopped = state.asked_to_stop;
  outcome_.reboots = action.reboots;
  return outcome_;
}

}  // namespace

Outcome supervise(const Supervision& supervision, const Terminal& terminal, const Voice& voice) {
  return Loop(supervision, terminal, voice).run();
}

}  // namespace cardboard
