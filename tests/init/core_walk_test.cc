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

#include "init/core.h"
#include "init/status.h"
#include "init/story.h"
#include "support.h"

using namespace cardboard;

namespace {

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
  Event some_signal();
  Event some_child();
  Event child_ended(pid_t pid);
  void note(const Event& event);
  std::string judge(const Action& action);
  std::string judge_pause();
  std::string judge_end(const Action& action);

  std::mt19937 random_;
  State state_;
  int step_ = 0;

  // What the world has told so far.
  bool command_ended_ = false;
  int wait_status_ = 0;
  bool news_of_children_ = false;
  bool may_give_up_ = false;
  std::deque<int> to_forward_;
  // What was done so far.
  int reaped_in_a_row_ = 0;
  bool armed_for_sweep_ = false;
  int asked_to_end_ = 0;
  bool killing_ = false;
};

Event Walk::some_signal() {
  if (chance(50)) return kChildSignal;
  const int signal = pick(1, kSignalMax);
  // These two cannot be taken, and the kernel's SIGCHLD is above.
  if (signal == SIGKILL || signal == SIGSTOP) return somebody_sends(SIGTERM);
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
    const Event stop =
        chance(50) ? command_stops(stops[pick(0, 3)]) : orphan_stops(stops[pick(0, 3)]);
    if (!command_ended_ || stop.pid != kCommand) return stop;
  }
  return command_ended_ && chance(5) ? kChildless : kNoneReady;
}

Event Walk::answer(const Action& action) {
  switch (action.kind) {
    case ActionKind::Wait:
      if (!is_busy() && !command_ended_) return kChildSignal;
      return armed_for_sweep_ && (!is_busy() || chance(5)) ? kTimeout : some_signal();
    case ActionKind::Poll: {
      if (!is_busy() || chance(50)) return kQuiet;
      const Event signal = some_signal();
      return signal.signal == SIGCHLD ? kQuiet : signal;
    }
    case ActionKind::Reap: return some_child();
    case ActionKind::SignalRest: return chance(3) ? kHopeless : kSwept;
    case ActionKind::Forward:
    case ActionKind::Arm:
    case ActionKind::Suspend:
    case ActionKind::Resume:
    case ActionKind::Exit: break;
  }
  return kDone;
}

void Walk::note(const Event& event) {
  if (event.kind == EventKind::Signal) {
    if (event.signal == SIGCHLD) news_of_children_ = true;
    const bool is_ours = event.sender == Sender::Self;
    const bool is_kernels = event.signal == SIGCHLD && event.sender == Sender::Kernel;
    if (!is_ours && !is_kernels && !command_ended_) to_forward_.push_back(event.signal);
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
  may_give_up_ = killing_ && (event.kind == EventKind::Timeout || event.hopeless);
}

// Before we wait or look for children, all that was to be done has been done.
std::string Walk::judge_pause() {
  if (!to_forward_.empty()) return "a signal was not forwarded";
  if (state_.agenda.size() != state_.agenda_done) return "an action was left on the agenda";
  if (command_ended_ && !state_.policy.sweeps) return "the process outside outlived its container";
  return "";
}

std::string Walk::judge_end(const Action& action) {
  if (!command_ended_) return "left before COMMAND";
  if (action.number != exit_status_of(wait_status_)) return "left with another status";
  if (action.gives_up && !may_give_up_) return "gave up without a reason";
  return "";
}

std::string Walk::judge(const Action& action) {
  if (state_.agenda.size() - state_.agenda_done > 1) return "more than one action is pending";
  switch (action.kind) {
    case ActionKind::Wait:
      if (news_of_children_) return "waited although a child had news";
      return judge_pause();
    case ActionKind::Poll: reaped_in_a_row_ = 0; return judge_pause();
    case ActionKind::Reap:
      if (reaped_in_a_row_ >= kReapBatch) return "reaped more than a batch";
      return judge_pause();
    case ActionKind::Forward:
      if (command_ended_) return "signalled COMMAND's number after its end";
      if (to_forward_.empty() || to_forward_.front() != action.number) return "a strange signal";
      to_forward_.pop_front();
      return "";
    case ActionKind::Arm:
      armed_for_sweep_ = true;
      return state_.policy.sweeps && command_ended_ ? "" : "armed the timer for nothing";
    case ActionKind::SignalRest:
      if (!command_ended_ || !state_.policy.sweeps) return "signalled what was not to be";
      if (!armed_for_sweep_) return "signalled the rest without a limit of time";
      if (action.number == SIGTERM && (killing_ || ++asked_to_end_ > 1)) return "asked twice";
      if (action.number == SIGKILL) killing_ = true;
      return "";
    case ActionKind::Suspend: return state_.policy.suspends ? "" : "suspended without a shell";
    case ActionKind::Resume: return state_.policy.suspends ? "resumed against the shell" : "";
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
  const Policy policies[] = {kAsPidOne, kUnderShell, kWithoutGrace, kOutside};
  std::set<ActionKind> seen;
  for (unsigned seed = 0; seed < 800; ++seed) {
    Walk walk(policies[seed % std::size(policies)], seed);
    const std::string broken = walk.run();
    CAPTURE(seed);
    REQUIRE(broken == "");
    seen.merge(walk.seen);
  }
  // The walks have been everywhere.
  CHECK(seen.size() == static_cast<std::size_t>(ActionKind::Exit) + 1);
}
