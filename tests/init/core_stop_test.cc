// SPDX-License-Identifier: MIT
//
// How an init is asked to stop: by signals and what they are rewritten to, by the managers of
// containers, by a limit of time; and what comes of it when COMMAND does not obey.
#include <signal.h>

#include <catch2/catch.hpp>

#include "init/core.h"
#include "init/story.h"
#include "support.h"

using namespace cardboard;

namespace {

Policy rewriting(Policy policy, const SignalMap& rewrites) {
  policy.rewrites = &rewrites;
  return policy;
}

Policy stopping_by(Policy policy, int signal) {
  policy.stop_signal = signal;
  return policy;
}

Policy stopping_within(Policy policy, Nanoseconds time) {
  policy.stop_timeout = time;
  return policy;
}

Policy running_for(Policy policy, Nanoseconds time) {
  policy.timeout = time;
  return policy;
}

// COMMAND has ended with 3, and what it left is awaited.
Story in_awaiting(const Policy& policy) {
  Story story(policy);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, kWait},
  });
  return story;
}

}  // namespace

// ---- Rewriting ----

TEST_CASE("a signal is forwarded as what it is rewritten to") {
  SignalMap rewrites;
  rewrites.rewrite(SIGHUP, SIGUSR1);
  rewrites.rewrite(SIGUSR1, SIGHUP);
  Story story(rewriting(kAsPidOne, rewrites));
  story.goes({
      {somebody_sends(SIGHUP), forward(SIGUSR1)},
      {kDone, kWait},
      {somebody_sends(SIGUSR1), forward(SIGHUP)},
      {kDone, kWait},
      {kernel_sends(SIGHUP), forward_to_group(SIGUSR1)},
      {kDone, kWait},
      {somebody_sends(SIGUSR2), forward(SIGUSR2)},
      {kDone, kWait},
  });
}

TEST_CASE("a signal that is rewritten to 0 is dropped") {
  SignalMap rewrites;
  for (int signal = 1; signal <= kSignalMax; ++signal) rewrites.rewrite(signal, 0);
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    if (signal == SIGCHLD) continue;
    Story story(rewriting(kAsPidOne, rewrites));
    story.goes({{somebody_sends(signal), kWait}});
  }
}

TEST_CASE("a rewritten SIGCHLD is somebody's alone, and still makes us look") {
  SignalMap rewrites;
  rewrites.rewrite(SIGCHLD, SIGUSR1);
  Story story(rewriting(kAsPidOne, rewrites));
  story.goes({
      {kChildSignal, kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGCHLD), forward(SIGUSR1)},
      {kDone, kReap},
      {kNoneReady, kWait},
  });
  rewrites.rewrite(SIGCHLD, 0);
  story.goes({{somebody_sends(SIGCHLD), kReap}, {kNoneReady, kWait}});
}

TEST_CASE("a signal counts as a stop request as it is forwarded") {
  SignalMap rewrites;
  rewrites.rewrite(SIGHUP, SIGTERM);
  rewrites.rewrite(SIGTERM, SIGUSR1);
  Story story(stopping_within(rewriting(kAsPidOne, rewrites), kSecond));
  story.goes({
      {somebody_sends(SIGTERM), forward(SIGUSR1)},
      {kDone, kWait},
      {somebody_sends(SIGHUP), arm_stop(kSecond)},
      {kDone, forward(SIGTERM)},
      {kDone, kWait},
  });
}

TEST_CASE("the process outside rewrites nothing and obeys no manager") {
  Story story(kOutside);
  for (const int signal : {SIGTERM, SIGPWR, kSignalRtMin + 3, kSignalRtMin + 5}) {
    story.goes({{somebody_sends(signal), forward(signal)}, {kDone, kWait}});
  }
}

// ---- The stop signal ----

TEST_CASE("a TERM becomes the stop signal, another stop request does not") {
  Story story(stopping_by(kAsPidOne, SIGWINCH));
  story.goes({
      {somebody_sends(SIGTERM), forward(SIGWINCH)},
      {kDone, kWait},
      {somebody_sends(SIGINT), forward(SIGINT)},
      {kDone, kWait},
      {somebody_sends(SIGQUIT), forward(SIGQUIT)},
      {kDone, kWait},
      {somebody_sends(SIGHUP), forward(SIGHUP)},
      {kDone, kWait},
  });
}

TEST_CASE("what is rewritten to TERM becomes the stop signal, as what is not does not") {
  SignalMap rewrites;
  rewrites.rewrite(SIGINT, SIGTERM);
  rewrites.rewrite(SIGTERM, SIGINT);
  Story story(stopping_by(rewriting(kAsPidOne, rewrites), SIGUSR1));
  story.goes({
      {somebody_sends(SIGINT), forward(SIGUSR1)},
      {kDone, kWait},
      {somebody_sends(SIGTERM), forward(SIGINT)},
      {kDone, kWait},
  });
}

TEST_CASE("what is left gets TERM and not the stop signal") {
  Story story(stopping_by(kAsPidOne, SIGINT));
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kWait},
  });
}

TEST_CASE("a stopped COMMAND is continued behind a stop request, so that it can obey") {
  const int signal = GENERATE(as<int>(), SIGTERM, SIGINT, SIGQUIT);
  Story story(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGSTOP), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGHUP), forward(SIGHUP)},
      {kDone, kWait},
      {somebody_sends(signal), forward(signal)},
      {kDone, forward(SIGCONT)},
      {kDone, kWait},
      // It is no longer stopped.
      {somebody_sends(signal), forward(signal)},
      {kDone, kWait},
  });
}

TEST_CASE("a COMMAND that was continued since is not continued behind a stop request") {
  Story story(kUnderShell);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGTSTP), suspend_as(SIGTSTP)},
      {shell_continues_us(SIGTSTP), kResume},
      {kDone, kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, kWait},
  });
}

TEST_CASE("a COMMAND that PID 1 continued itself is not continued behind a stop request") {
  Story story(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGTSTP), kResume},
      {kDone, kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, kWait},
  });
}

// ---- The time to stop ----

TEST_CASE("the time to stop begins with the first stop request and with no other signal") {
  Story story(stopping_within(kAsPidOne, 10 * kSecond));
  story.goes({
      {somebody_sends(SIGHUP), forward(SIGHUP)},
      {kDone, kWait},
      {somebody_sends(SIGINT), arm_stop(10 * kSecond)},
      {kDone, forward(SIGINT)},
      {kDone, kWait},
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, kWait},
  });
}

TEST_CASE("when the time to stop has run out all is killed, and the status is COMMAND's") {
  Story story(stopping_within(kAsPidOne, 10 * kSecond));
  story.goes({
      {somebody_sends(SIGTERM), arm_stop(10 * kSecond)},
      {kDone, forward(SIGTERM)},
      {kDone, kWait},
      {kStopTimeIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {orphan_ends(killed_by(SIGKILL)), kReap},
      {command_ends(killed_by(SIGKILL)), kReap},
      {kNoneReady, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {orphan_ends(killed_by(SIGKILL)), kReap},
      {kChildless, leave_with(128 + SIGKILL)},
  });
}

TEST_CASE("a time to stop of 0 is a time to stop") {
  Story story(stopping_within(kAsPidOne, 0));
  story.goes({
      {somebody_sends(SIGTERM), arm_stop(0)},
      {kDone, forward(SIGTERM)},
      {kDone, kWait},
      {kStopTimeIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
  });
}

TEST_CASE("once COMMAND has ended the time to stop means nothing, and the grace is whole") {
  Story story(stopping_within(kAsPidOne, 10 * kSecond));
  story.goes({
      {somebody_sends(SIGTERM), arm_stop(10 * kSecond)},
      {kDone, forward(SIGTERM)},
      {kDone, kWait},
      {kChildSignal, kReap},
      {command_ends(exited(0)), kReap},
      {kNoneReady, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kWait},
      {kStopTimeIsOver, kWait},
      {kGraceIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kStopTimeIsOver, kWait},
  });
}

TEST_CASE("a stop request after COMMAND's end arms no time to stop") {
  Story story(stopping_within(kAwaiting, 10 * kSecond));
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGTERM), arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
  });
}

TEST_CASE("a COMMAND that even killing does not end is given up, and is no success") {
  const Event end = GENERATE(kGraceIsOver, kHopeless);
  Story story(stopping_within(kAsPidOne, kSecond));
  story.goes({
      {somebody_sends(SIGTERM), arm_stop(kSecond)},
      {kDone, forward(SIGTERM)},
      {kDone, kWait},
      {kStopTimeIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
  });
  if (end.kind == EventKind::Timeout) story.goes({{kSwept, kWait}});
  const Action action = story.after(end);
  CHECK(action.kind == ActionKind::Exit);
  CHECK(action.gives_up);
  CHECK(action.number != 0);
}

// ---- The time to run ----

TEST_CASE("a COMMAND that ends in time is not timed out") {
  Story story(running_for(kAsPidOne, kSecond));
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kWait},
      {kRunTimeIsOver, kWait},
      {kChildSignal, kReap},
      {orphan_ends(), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("a COMMAND whose time is over gets the stop signal, the grace, and is killed; 124") {
  Story story(stopping_by(running_for(kAsPidOne, kSecond), SIGINT));
  story.goes({
      {kRunTimeIsOver, forward(SIGINT)},
      {kDone, arm_grace(5 * kSecond)},
      {kDone, kWait},
      {kGraceIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {command_ends(killed_by(SIGKILL)), kReap},
      {kChildless, leave_with(124)},
  });
}

TEST_CASE("a COMMAND that obeys when its time is over ends us with 124, whatever it says") {
  const int wait_status = GENERATE(exited(0), exited(3), killed_by(SIGTERM));
  Story story(running_for(kAsPidOne, kSecond));
  story.goes({
      {kRunTimeIsOver, forward(SIGTERM)},
      {kDone, arm_grace(5 * kSecond)},
      {kDone, kWait},
      {kChildSignal, kReap},
      {command_ends(wait_status), kReap},
      {kNoneReady, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {orphan_ends(), kReap},
      {kChildless, leave_with(124)},
  });
}

TEST_CASE("a stopped COMMAND is continued when its time is over") {
  Story story(running_for(kAsPidOne, kSecond));
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGSTOP), kReap},
      {kNoneReady, kWait},
      {kRunTimeIsOver, forward(SIGTERM)},
      {kDone, forward(SIGCONT)},
      {kDone, arm_grace(5 * kSecond)},
      {kDone, kWait},
  });
}

TEST_CASE("without grace a COMMAND whose time is over is killed at once") {
  Story story(running_for(kWithoutGrace, kSecond));
  story.goes({
      {kRunTimeIsOver, forward(SIGTERM)},
      {kDone, arm_grace(0)},
      {kDone, kWait},
      {kGraceIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {command_ends(killed_by(SIGKILL)), kReap},
      {kChildless, leave_with(124)},
  });
}

TEST_CASE("the time to run may end between two batches") {
  Story story(running_for(kAsPidOne, kSecond));
  story.goes({{kChildSignal, kReap}});
  for (int i = 1; i < kReapBatch; ++i) story.goes({{orphan_ends(), kReap}});
  story.goes({
      {orphan_ends(), kPoll},
      {kRunTimeIsOver, forward(SIGTERM)},
      {kDone, arm_grace(5 * kSecond)},
      {kDone, kReap},
      {kNoneReady, kWait},
  });
}

TEST_CASE("the time to run means nothing once all is being killed") {
  Story story(stopping_within(running_for(kAsPidOne, kSecond), kMillisecond));
  story.goes({
      {somebody_sends(SIGTERM), arm_stop(kMillisecond)},
      {kDone, forward(SIGTERM)},
      {kDone, kWait},
      {kStopTimeIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kRunTimeIsOver, kWait},
      {kChildSignal, kReap},
      {command_ends(killed_by(SIGKILL)), kReap},
      {kChildless, leave_with(128 + SIGKILL)},
  });
}

// ---- Managers ----

TEST_CASE("a manager's stop is a stop request to PID 1, and is sent on as the stop signal") {
  for (const int signal : kManagersStops) {
    Story story(stopping_within(stopping_by(kAsPidOne, SIGINT), kSecond));
    story.goes({
        {somebody_sends(signal), arm_stop(kSecond)},
        {kDone, forward(SIGINT)},
        {kDone, kWait},
        {kChildSignal, kReap},
        {command_ends(exited(3)), kReap},
        {kChildless, leave_with(3)},
    });
  }
}

TEST_CASE("a manager's reboot is a stop request to PID 1, and a reboot at its end") {
  for (const int signal : kManagersReboots) {
    Story story(stopping_within(kAsPidOne, kSecond));
    story.goes({
        {somebody_sends(signal), arm_stop(kSecond)},
        {kDone, forward(SIGTERM)},
        {kDone, kWait},
        {kChildSignal, kReap},
        {command_ends(exited(3)), kReap},
        {kChildless, reboot_with(3)},
    });
  }
}

TEST_CASE("a manager's signal during the grace counts as any stop request does") {
  Story story(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kWait},
      {somebody_sends(kSignalRtMin + 3), kWait},
      {somebody_sends(kSignalRtMin + 5), arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {kChildless, reboot_with(3)},
  });
}

TEST_CASE("the user's rewriting comes before the managers' meaning") {
  SignalMap rewrites;
  rewrites.rewrite(kSignalRtMin + 3, SIGUSR1);
  rewrites.rewrite(kSignalRtMin + 4, kSignalRtMin + 4);
  rewrites.rewrite(kSignalRtMin + 5, SIGTERM);
  rewrites.rewrite(kSignalRtMin + 6, 0);
  // Nor has what a signal is rewritten to a manager's meaning.
  rewrites.rewrite(SIGHUP, kSignalRtMin + 5);
  Story story(rewriting(kAsPidOne, rewrites));
  story.goes({
      {somebody_sends(kSignalRtMin + 3), forward(SIGUSR1)},
      {kDone, kWait},
      {somebody_sends(kSignalRtMin + 4), forward(kSignalRtMin + 4)},
      {kDone, kWait},
      {somebody_sends(kSignalRtMin + 5), forward(SIGTERM)},
      {kDone, kWait},
      {somebody_sends(kSignalRtMin + 6), kWait},
      {somebody_sends(SIGHUP), forward(kSignalRtMin + 5)},
      {kDone, kWait},
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("who is not PID 1 forwards the managers' signals as they are") {
  Story story(stopping_within(kUnderShell, kSecond));
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    if (is_managers(signal)) {
      story.goes({{somebody_sends(signal), forward(signal)}, {kDone, kWait}});
    }
  }
  story.goes(
      {{kChildSignal, kReap}, {command_ends(exited(3)), kReap}, {kChildless, leave_with(3)}});
}

// ---- Awaiting what is left ----

TEST_CASE("what is awaited is not signalled, and the status is COMMAND's") {
  Story story = in_awaiting(kAwaiting);
  story.goes({
      {kChildSignal, kReap},
      {orphan_ends(exited(9)), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGHUP), kWait},
      {kChildSignal, kReap},
      {orphan_ends(killed_by(SIGSEGV)), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("nobody is awaited where nobody is left") {
  Story story(kAwaiting);
  story.goes(
      {{kChildSignal, kReap}, {command_ends(exited(3)), kReap}, {kChildless, leave_with(3)}});
}

TEST_CASE("a stop request ends the awaiting with the grace, and a second one ends that") {
  const int signal = GENERATE(as<int>(), SIGTERM, SIGINT, SIGQUIT, SIGPWR);
  Story story = in_awaiting(kAwaiting);
  story.goes({
      {somebody_sends(signal), arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kReap},
      {kNoneReady, kWait},
      {somebody_sends(signal), arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {orphan_ends(killed_by(SIGKILL)), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("the time to run ends the awaiting too, and then it was the time that ended us") {
  Story story = in_awaiting(running_for(kAwaiting, kSecond));
  story.goes({
      {kRunTimeIsOver, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kReap},
      {kNoneReady, kWait},
      {kChildSignal, kReap},
      {orphan_ends(), kReap},
      {kChildless, leave_with(124)},
  });
}

// Else nothing would end us any more: the time to run has been, and no signal need come.
TEST_CASE("nobody is awaited for ever after the time to run") {
  Story story(running_for(kAwaiting, kSecond));
  story.goes({
      {kRunTimeIsOver, forward(SIGTERM)},
      {kDone, arm_grace(5 * kSecond)},
      {kDone, kWait},
      {kChildSignal, kReap},
      {command_ends(killed_by(SIGTERM)), kReap},
      {kNoneReady, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {orphan_ends(), kReap},
      {kChildless, leave_with(124)},
  });
}

// ---- Pausing ----

TEST_CASE("without COMMAND there is nothing to forward, and nobody's end is ours") {
  Story story(kPausing);
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    const bool stops = signal == SIGTERM || signal == SIGINT || signal == SIGQUIT;
    if (stops || signal == SIGCHLD || is_managers(signal)) continue;
    story.goes({{somebody_sends(signal), kWait}});
  }
  story.goes({
      {kChildSignal, kReap},
      {orphan_ends(exited(9)), kReap},
      {kNoneReady, kWait},
      {kChildSignal, kReap},
      {orphan_ends(), kReap},
      {kChildless, kWait},
      {somebody_sends(SIGCHLD), kReap},
      {kChildless, kWait},
  });
}

TEST_CASE("a pause ends by a stop request, at once where nobody is left") {
  const int signal = GENERATE(as<int>(), SIGTERM, SIGINT);
  Story story(kPausing);
  story.goes({
      {somebody_sends(signal), arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kReap},
      {kChildless, leave_with(0)},
  });
}

TEST_CASE("a pause that ends grants what is left the grace, and exits with 0") {
  Story story(stopping_within(kPausing, kSecond));
  story.goes({
      {somebody_sends(SIGTERM), arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGHUP), kWait},
      {kChildSignal, kReap},
      {orphan_ends(exited(9)), kReap},
      {kNoneReady, kWait},
      {kGraceIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {orphan_ends(killed_by(SIGKILL)), kReap},
      {kChildless, leave_with(0)},
  });
}

TEST_CASE("a pause ends when its time is over, and signals nobody by the number 0") {
  Story story(running_for(kPausing, kSecond));
  story.goes({
      {kRunTimeIsOver, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kReap},
      {kChildless, leave_with(124)},
  });
}
