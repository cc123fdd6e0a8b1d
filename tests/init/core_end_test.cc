// SPDX-License-Identifier: MIT
//
// What an init does when COMMAND has ended and others are left: the grace, the killing, the end.
#include "init/core.h"

#include <signal.h>

#include <catch2/catch.hpp>

#include "init/story.h"
#include "support.h"

using namespace cardboard;

namespace {

// COMMAND has ended with 3 and left something behind, which has been asked to end.
Story in_grace(const Policy& policy) {
  Story story(policy);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, arm_grace(policy.grace)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kWait},
  });
  return story;
}

// ... and the grace has run out.
Story in_killing(const Policy& policy) {
  Story story = in_grace(policy);
  story.goes({
      {kGraceIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
  });
  return story;
}

}  // namespace

// ---- The grace ----

TEST_CASE("what COMMAND leaves behind is asked to end, and killed when the grace has run out") {
  Story story(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kWait},
      {kGraceIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {orphan_ends(killed_by(SIGKILL)), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("the grace is as long as the policy says") {
  const Nanoseconds grace = GENERATE(Nanoseconds{1}, kMillisecond, INT64_MAX);
  Policy policy = kAsPidOne;
  policy.grace = grace;
  in_grace(policy);
}

TEST_CASE("the grace ends when nobody is left to be granted it") {
  Story story = in_grace(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {orphan_ends(killed_by(SIGTERM)), kReap},
      {kNoneReady, kWait},
      {kChildSignal, kReap},
      {orphan_ends(exited(0)), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("children that die without end cannot put off the end of the grace") {
  Story story = in_grace(kAsPidOne);
  story.goes({{kChildSignal, kReap}});
  for (int i = 1; i < kReapBatch; ++i) story.goes({{orphan_ends(), kReap}});
  story.goes({
      {orphan_ends(), kPoll},
      {kGraceIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kReap},
  });
}

TEST_CASE("children that die without end cannot put off the beginning of the grace") {
  Story story(kAsPidOne);
  story.goes({{kChildSignal, kReap}, {command_ends(exited(3)), kReap}});
  for (int i = 2; i < kReapBatch; ++i) story.goes({{orphan_ends(), kReap}});
  story.goes({
      {orphan_ends(), kPoll},
      {kQuiet, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kReap},
  });
  // Once is enough.
  for (int i = 1; i < kReapBatch; ++i) story.goes({{orphan_ends(), kReap}});
  story.goes({
      {orphan_ends(), kPoll},
      {kQuiet, kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("a grace of 0 kills at once") {
  Story story(kWithoutGrace);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {orphan_ends(killed_by(SIGKILL)), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("whom no signal reaches has the grace all the same: it may end by itself") {
  Story story(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kHopeless, kWait},
      {kChildSignal, kReap},
      {orphan_ends(), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("after COMMAND has been reaped, nothing is forwarded any more") {
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    if (signal == SIGCHLD) continue;
    CAPTURE(signal);
    Story in_time = in_grace(kAsPidOne);
    in_time.goes({{somebody_sends(signal), kWait}});
    Story too_late = in_killing(kAsPidOne);
    too_late.goes({{somebody_sends(signal), kWait}});
  }
}

TEST_CASE("somebody's SIGCHLD during the grace makes us look, and goes no further") {
  Story story = in_grace(kAsPidOne);
  story.goes({{somebody_sends(SIGCHLD), kReap}, {kNoneReady, kWait}});
}

TEST_CASE("a signal right behind COMMAND's end, in the same batch, is not forwarded") {
  Story story(kAsPidOne);
  story.goes({{kChildSignal, kReap}});
  for (int i = 1; i < kReapBatch; ++i) story.goes({{orphan_ends(), kReap}});
  story.goes({
      {command_ends(exited(3)), kPoll},
      {somebody_sends(SIGUSR1), arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kReap},
      {kNoneReady, kWait},
  });
}

TEST_CASE("the second stop request during the grace ends it, the first does not") {
  const int first = GENERATE(as<int>(), SIGTERM, SIGINT, SIGQUIT);
  const int second = GENERATE(as<int>(), SIGTERM, SIGINT, SIGQUIT);
  Story story = in_grace(kAsPidOne);
  story.goes({
      {somebody_sends(first), kWait},
      {somebody_sends(second), arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
  });
}

TEST_CASE("the stop request that COMMAND obeyed was the first") {
  Story story(kAsPidOne);
  story.goes({
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, kWait},
      {kChildSignal, kReap},
      {command_ends(killed_by(SIGTERM)), kReap},
      {kNoneReady, arm_grace(5 * kSecond)},
      {kDone, signal_all_left(SIGTERM)},
      {kSwept, kWait},
      {somebody_sends(SIGTERM), arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kSwept, kWait},
      {kChildSignal, kReap},
      {kChildless, leave_with(128 + SIGTERM)},
  });
}

TEST_CASE("signals that ask for no stop never end the grace") {
  Story story = in_grace(kAsPidOne);
  for (const int signal : {SIGHUP, SIGUSR1, SIGCONT, SIGWINCH}) {
    story.goes({{somebody_sends(signal), kWait}, {somebody_sends(signal), kWait}});
  }
  // None of them was counted as the first of two.
  story.goes({{somebody_sends(SIGTERM), kWait}});
}

// ---- The killing ----

TEST_CASE("further stop requests find everything killed already") {
  Story story = in_killing(kAsPidOne);
  story.goes({{somebody_sends(SIGTERM), kWait}, {somebody_sends(SIGTERM), kWait}});
}

TEST_CASE("children that were born during the killing are killed as well") {
  Story story = in_killing(kAsPidOne);
  for (int i = 0; i < 3; ++i) {
    story.goes({
        {kChildSignal, kReap},
        {orphan_ends(killed_by(SIGKILL)), kReap},
        {kNoneReady, signal_all_left(SIGKILL)},
        {kSwept, kWait},
    });
  }
  story.goes({{kChildSignal, kReap}, {orphan_ends(), kReap}, {kChildless, leave_with(3)}});
}

TEST_CASE("we leave without those whom killing does not end in time") {
  Story story = in_killing(kAsPidOne);
  story.goes({{kGraceIsOver, give_up_with(3)}});
}

TEST_CASE("we leave without those whom no signal reaches") {
  Story story = in_grace(kAsPidOne);
  story.goes({
      {kGraceIsOver, arm_grace(kKillPatience)},
      {kDone, signal_all_left(SIGKILL)},
      {kHopeless, give_up_with(3)},
  });
}

TEST_CASE("we leave when those whom no signal reaches are the last") {
  Story story = in_killing(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {orphan_ends(killed_by(SIGKILL)), kReap},
      {kNoneReady, signal_all_left(SIGKILL)},
      {kHopeless, give_up_with(3)},
  });
}

// ---- A number that is used again ----

TEST_CASE("a later child with COMMAND's old number does not change how COMMAND ended") {
  Story story = in_grace(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(77)), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("a later child with COMMAND's old number may stop without any consequence") {
  const Policy policy = GENERATE(kAsPidOne, kUnderShell);
  Story story = in_grace(policy);
  story.goes({{kChildSignal, kReap}, {command_stops(SIGTSTP), kReap}, {kNoneReady, kWait}});
}
