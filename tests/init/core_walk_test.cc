// SPDX-License-Identifier: MIT
//
// Long random courses of events, in which the promises of core.h must hold at every step. What may
// answer an action is in core.h, beside the action; which answer it is, chance decides.
#include <signal.h>

#include <catch2/catch.hpp>
#include <deque>
#include <random>
#include <set>
#include <string>

#include "base/error.h"
#include "init/core.h"
#include "init/status.h"
#include "init/story.h"
#include "support.h"

using namespace cardboard;

namespace {

bool is_of_terminals(int signal) {
  return signal == SIGHUP || signal == SIGINT || signal == SIGQUIT || signal == SIGTSTP ||
         signal == SIGCONT || signal == SIGWINCH;
}

class Walk {
 public:
  Walk(const Policy& policy, unsigned seed) : random_(seed), state_{.policy = policy} {}

  // Empty, or the promise that was broken.
  std::string run();

  std::set<ActionKind> seen;

 private:
  // After so many steps the world comes to rest: COMMAND ends, no signal comes, time passes.
  static constexpr int kBusySteps = 3000;
  static constexpr int kMaxSteps = kBusySteps + 1000;

  bool chance(int percent) { return pick(1, 100) <= percent; }
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool is_busy() const { return step_ < kBusySteps; }

  Event answer(const Action& action);
  Event some_timeout();
  Event some_signal();
  Event some_child();
  Event child_ended(pid_t pid);
  void note(const Event& event);
  std::string judge(const Action& action);
  std::string judge_pause();
  std::string judge_forward(int signal);
  std::string judge_arm(Timer timer);
  // What is forwarded in the place of `signal`; 0: nothing.
  int forwarded_for(int signal) const;
  bool is_sweeping() const { return asked_to_end_ > 0 || killing_; }
  std::string judge_suspend();
  std::string judge_resume();
  std::string judge_end(const Action& action);

  std::mt19937 random_;
  State state_;
  int step_ = 0;

  // What the world has told so far.
  bool command_ended_ = false;
  int wait_status_ = 0;
  bool news_of_children_ = false;
  bool may_give_up_ = false;
  bool timed_out_ = false;
  bool did_not_stop_ = false;
  bool command_stopped_ = false;
  int stop_signal_ = 0;
  Foreground foreground_ = Foreground::Elsewhere;
  bool from_terminal_ = false;
  std::deque<int> to_forward_;
  // What was done so far.
  int reaped_in_a_row_ = 0;
  bool is_armed_[kTimers] = {};
  int asked_to_end_ = 0;
  bool killing_ = false;
  bool suspended_ = false;
};

// Of a timer that is armed; else, or if time does not pass, Quiet.
Event Walk::some_timeout() {
  for (std::size_t timer = 0; timer < kTimers; ++timer) {
    if (!is_armed_[timer] || (is_busy() && !chance(5))) continue;
    is_armed_[timer] = false;
    return {.kind = EventKind::Timeout, .timer = static_cast<Timer>(timer)};
  }
  return kQuiet;
}

Event Walk::some_signal() {
  if (chance(50)) return kChildSignal;
  const int signal = pick(1, kSignalMax);
  // These two cannot be taken, and the kernel's SIGCHLD is above.
  if (signal == SIGKILL || signal == SIGSTOP) return somebody_sends(SIGTERM);
  if (signal != SIGCHLD && chance(30)) return kernel_sends(signal);
  return chance(10) ? we_cause(SIGPIPE) : somebody_sends(signal);
}

Event Walk::child_ended(pid_t pid) {
  const int how = chance(50) ? exited(pick(0, 255)) : killed_by(pick(1, kSignalMax));
  return {.kind = EventKind::Ended, .pid = pid, .wait_status = how};
}

Event Walk::some_child() {
  if (!command_ended_ && (!is_busy() || chance(1))) return child_ended(kCommand);
  if (is_busy() && chance(85)) return child_ended(pick(kCommand + 1, 9999));
  if (is_busy() && chance(30)) {
    const int stops[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
    const Event stop = chance(50)
                           ? command_stops(stops[pick(0, 3)], static_cast<Foreground>(pick(0, 2)))
                           : orphan_stops(stops[pick(0, 3)]);
    if (!command_ended_ || stop.pid != kCommand) return stop;
  }
  return command_ended_ && chance(5) ? kChildless : kNoneReady;
}

Event Walk::answer(const Action& action) {
  switch (action.kind) {
    case ActionKind::Wait: {
      if (!is_busy() && !command_ended_) return kChildSignal;
      const Event timeout = some_timeout();
      return timeout.kind == EventKind::Timeout ? timeout : some_signal();
    }
    case ActionKind::Poll: {
      const Event timeout = some_timeout();
      if (timeout.kind == EventKind::Timeout) return timeout;
      if (!is_busy() || chance(50)) return kQuiet;
      const Event signal = some_signal();
      return signal.signal == SIGCHLD ? kQuiet : signal;
    }
    case ActionKind::Reap: return some_child();
    case ActionKind::SignalRest: return chance(3) ? kHopeless : kSwept;
    case ActionKind::Suspend:
      return chance(50) ? shell_continues_us(action.number) : no_shell_stops_us(action.number);
    case ActionKind::Forward:
    case ActionKind::Arm:
    case ActionKind::StopUs:
    case ActionKind::Resume:
    case ActionKind::Exit: break;
  }
  return kDone;
}

int Walk::forwarded_for(int signal) const {
  const Policy& policy = state_.policy;
  if (policy.rewrites != nullptr && policy.rewrites->is_rewritten(signal)) {
    signal = policy.rewrites->target(signal);
  } else if (policy.obeys_managers && is_managers(signal)) {
    signal = SIGTERM;
  }
  return signal == SIGTERM ? policy.stop_signal : signal;
}

void Walk::note(const Event& event) {
  if (event.kind == EventKind::Signal) {
    if (event.signal == SIGCHLD) news_of_children_ = true;
    const bool is_ours = event.sender == Sender::Self;
    const bool is_kernels = event.signal == SIGCHLD && event.sender == Sender::Kernel;
    const int forwarded = forwarded_for(event.signal);
    from_terminal_ = event.sender == Sender::Kernel && is_of_terminals(event.signal);
    if (!is_ours && !is_kernels && !command_ended_ && forwarded != 0) {
      to_forward_.push_back(forwarded);
    }
  }
  if (event.kind == EventKind::Timeout && event.timer == Timer::Run && !is_sweeping()) {
    timed_out_ = true;
    if (!command_ended_) to_forward_.push_back(state_.policy.stop_signal);
  }
  if (event.kind == EventKind::Timeout && event.timer == Timer::Stop && !command_ended_) {
    did_not_stop_ = true;
  }
  if (event.kind == EventKind::Stopped && event.pid == kCommand) {
    command_stopped_ = true;
    stop_signal_ = event.signal;
    foreground_ = event.foreground;
  }
  if (event.kind == EventKind::Ended) {
    ++reaped_in_a_row_;
    if (event.pid == kCommand) {
      command_ended_ = true;
      wait_status_ = event.wait_status;
    }
  }
  if (event.kind == EventKind::NoneReady || event.kind == EventKind::Childless) {
    news_of_children_ = false;
    reaped_in_a_row_ = 0;
  }
  const bool ran_out = event.kind == EventKind::Timeout && event.timer == Timer::Grace;
  if (killing_ && (ran_out || event.kind == EventKind::Hopeless)) may_give_up_ = true;
}

// Before we wait or look for children, all that was to be done has been done.
std::string Walk::judge_pause() {
  if (!to_forward_.empty()) return "a signal was not forwarded";
  // Once COMMAND has ended, what is to be done at the end of a batch waits for the signals' turn.
  const bool is_done = state_.agenda.size() == state_.agenda_done;
  if (!is_done && !command_ended_ && !killing_) return "an action was left on the agenda";
  if (command_ended_ && state_.policy.rest == Rest::Left)
    return "the process outside outlived its container";
  return "";
}

std::string Walk::judge_forward(int signal) {
  if (command_ended_) return "signalled COMMAND's number after its end";
  // Where COMMAND is stopped, so that it can obey a stop request.
  if (to_forward_.empty() && signal == SIGCONT && command_stopped_) {
    command_stopped_ = false;
    return "";
  }
  if (to_forward_.empty() || to_forward_.front() != signal) return "a strange signal";
  to_forward_.pop_front();
  return "";
}

std::string Walk::judge_arm(Timer timer) {
  bool& is_armed = is_armed_[static_cast<int>(timer)];
  is_armed = true;
  if (state_.policy.rest == Rest::Left) return "armed a timer outside";
  const bool may_sweep = command_ended_ || did_not_stop_ || state_.timed_out;
  if (timer == Timer::Grace && !may_sweep) return "armed the grace for nothing";
  if (timer == Timer::Run && step_ > 0) return "armed the time to run too late";
  if (timer == Timer::Stop && command_ended_) return "armed the time to stop too late";
  return "";
}

std::string Walk::judge_end(const Action& action) {
  if (!command_ended_) return may_give_up_ && action.gives_up ? "" : "left before COMMAND";
  const int status = timed_out_ ? kExitTimeout : exit_status_of(wait_status_);
  if (action.number != status) return "left with another status";
  if (action.gives_up && !may_give_up_) return "gave up without a reason";
  return "";
}

std::string Walk::judge_suspend() {
  if (command_ended_) return "suspended without a COMMAND";
  if (!state_.policy.suspends || state_.policy.shares_group) return "suspended without a shell";
  suspended_ = true;
  return "";
}

std::string Walk::judge_resume() {
  if (command_ended_) return "resumed COMMAND after its end";
  if (state_.policy.shares_group) return "resumed against the shell";
  const bool may_have_terminal = stop_signal_ != SIGSTOP && foreground_ == Foreground::Ours;
  if (state_.policy.suspends && !suspended_ && !may_have_terminal) {
    return "resumed against the shell";
  }
  if (!state_.policy.suspends && stop_signal_ == SIGSTOP) return "let go of what somebody held";
  suspended_ = false;
  command_stopped_ = false;
  return "";
}

std::string Walk::judge(const Action& action) {
  if (state_.agenda.size() == 6) return "the agenda may have been too short";
  switch (action.kind) {
    case ActionKind::Wait:
      if (news_of_children_) return "waited although a child had news";
      return judge_pause();
    case ActionKind::Poll: reaped_in_a_row_ = 0; return judge_pause();
    case ActionKind::Reap:
      if (reaped_in_a_row_ >= kReapBatch) return "reaped more than a batch";
      return judge_pause();
    case ActionKind::Forward:
      if (action.to_group && !from_terminal_) return "signalled COMMAND's group for nothing";
      return judge_forward(action.number);
    case ActionKind::Arm: return judge_arm(action.timer);
    case ActionKind::SignalRest:
      if (state_.policy.rest == Rest::Left) return "signalled what was not to be";
      if (!command_ended_ && !did_not_stop_ && !state_.timed_out) {
        return "signalled the rest before its time";
      }
      if (!is_armed_[static_cast<int>(Timer::Grace)]) {
        return "signalled the rest without a limit of time";
      }
      if (action.number == SIGTERM && (killing_ || ++asked_to_end_ > 1)) return "asked twice";
      if (action.number == SIGKILL) killing_ = true;
      return "";
    case ActionKind::Suspend: return judge_suspend();
    case ActionKind::StopUs: return "stopped, as only dumb-init does";
    case ActionKind::Resume: return judge_resume();
    case ActionKind::Exit: return judge_end(action);
  }
  return "an unknown action";
}

std::string Walk::run() {
  Event event = kStarted;
  for (step_ = 0; step_ < kMaxSteps; ++step_) {
    const Action action = next_action(state_, event);
    seen.insert(action.kind);
    if (std::string broken = judge(action); !broken.empty()) {
      return broken + ": " + text_of(event) + " -> " + text_of(action);
    }
    if (action.kind == ActionKind::Exit) return "";
    event = answer(action);
    note(event);
  }
  return "never left";
}

}  // namespace

TEST_CASE("on any course of events the promises hold, and it comes to its end") {
  SignalMap rewrites;
  rewrites.rewrite(SIGHUP, SIGTERM);
  rewrites.rewrite(SIGINT, SIGUSR1);
  rewrites.rewrite(kSignalRtMin + 3, 0);
  Policy impatient = kAsPidOne;
  impatient.stop_signal = SIGWINCH;
  impatient.stop_timeout = kSecond;
  impatient.timeout = 60 * kSecond;
  impatient.rewrites = &rewrites;
  Policy impatient_under_shell = impatient;
  impatient_under_shell.suspends = true;
  impatient_under_shell.obeys_managers = false;
  const Policy policies[] = {kAsPidOne, kUnderShell, kWithoutGrace,         kOutside,
                             kAwaiting, impatient,   impatient_under_shell, kSharing};
  std::set<ActionKind> seen;
  for (unsigned seed = 0; seed < 1600; ++seed) {
    Walk walk(policies[seed % std::size(policies)], seed);
    const std::string broken = walk.run();
    CAPTURE(seed);
    REQUIRE(broken == "");
    seen.merge(walk.seen);
  }
  // The walks have been everywhere.
  // All but StopUs, which is dumb-init's.
  CHECK(seen.size() == static_cast<std::size_t>(ActionKind::Exit));
}
