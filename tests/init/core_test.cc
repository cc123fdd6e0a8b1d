// SPDX-License-Identifier: MIT
//
// What an init does about what happens while COMMAND runs: each course of events is a story. How it
// ends is in core_end_test.cc.
#include "init/core.h"

#include <signal.h>

#include <catch2/catch.hpp>

#include "init/story.h"
#include "support.h"

using namespace cardboard;

// ---- While COMMAND runs ----

TEST_CASE("a COMMAND that ends by itself and leaves nothing behind is all there is to do") {
  Story story(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kChildless, leave_with(3)},
  });
}

TEST_CASE("a COMMAND that was killed ends us with 128 and the signal's number") {
  Story story(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(killed_by(SIGSEGV)), kReap},
      {kChildless, leave_with(128 + SIGSEGV)},
  });
}

TEST_CASE("a signal that somebody sends is forwarded to COMMAND, whichever it is") {
  const Policy policy = GENERATE(kAsPidOne, kUnderShell, kAwaiting, kOutside);
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    if (signal == SIGCHLD) continue;
    if (policy.obeys_managers && is_managers(signal)) continue;
    Story story(policy);
    story.goes({
        {somebody_sends(signal), forward(signal)},
        {kDone, kWait},
        {somebody_sends(signal), forward(signal)},
        {kDone, kWait},
    });
  }
}

TEST_CASE("the kernel's signals of a timer and the like are COMMAND's alone") {
  const int signal = GENERATE(as<int>(), SIGALRM, SIGXCPU, SIGIO, SIGTERM);
  const Policy policy = GENERATE(kAsPidOne, kUnderShell, kSharing, kOutside);
  Story story(policy);
  story.goes({{kernel_sends(signal), forward(signal)}, {kDone, kWait}});
}

TEST_CASE("the kernel's SIGCHLD is not forwarded") {
  Story story(kAsPidOne);
  story.goes({{kChildSignal, kReap}, {kNoneReady, kWait}});
}

TEST_CASE("somebody's SIGCHLD is forwarded, and may have swallowed the kernel's") {
  Story story(kAsPidOne);
  story.goes({
      {somebody_sends(SIGCHLD), forward(SIGCHLD)},
      {kDone, kReap},
      {orphan_ends(), kReap},
      {kNoneReady, kWait},
  });
}

TEST_CASE("a SIGPIPE that our own message caused is no news, another's is forwarded") {
  Story story(kAsPidOne);
  story.goes({
      {we_cause(SIGPIPE), kWait},
      {somebody_sends(SIGPIPE), forward(SIGPIPE)},
      {kDone, kWait},
  });
}

TEST_CASE("orphans are reaped while COMMAND runs on, and their status is nobody's") {
  Story story(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {orphan_ends(exited(1)), kReap},
      {orphan_ends(killed_by(SIGKILL)), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGUSR1), forward(SIGUSR1)},
      {kDone, kWait},
      {kChildSignal, kReap},
      {orphan_ends(exited(2)), kReap},
      {command_ends(exited(0)), kReap},
      {orphan_ends(exited(4)), kReap},
      {kChildless, leave_with(0)},
  });
}

// ---- Batches ----

TEST_CASE("after 64 children signals get their turn, and then reaping goes on") {
  Story story(kAsPidOne);
  story.goes({{kChildSignal, kReap}});
  for (int batch = 0; batch < 3; ++batch) {
    for (int i = 1; i < kReapBatch; ++i) story.goes({{orphan_ends(), kReap}});
    story.goes({{orphan_ends(), kPoll}, {kQuiet, kReap}});
  }
  story.goes({{kNoneReady, kWait}});
}

TEST_CASE("a signal between two batches is forwarded, and then reaping goes on") {
  Story story(kAsPidOne);
  story.goes({{kChildSignal, kReap}});
  for (int i = 1; i < kReapBatch; ++i) story.goes({{orphan_ends(), kReap}});
  story.goes({
      {orphan_ends(), kPoll},
      {somebody_sends(SIGHUP), forward(SIGHUP)},
      {kDone, kReap},
      {orphan_ends(), kReap},
      {kNoneReady, kWait},
  });
}

TEST_CASE("a batch begins anew after each pause") {
  Story story(kAsPidOne);
  story.goes({{kChildSignal, kReap}});
  for (int i = 1; i < kReapBatch; ++i) story.goes({{orphan_ends(), kReap}});
  story.goes({{kNoneReady, kWait}, {kChildSignal, kReap}});
  for (int i = 1; i < kReapBatch; ++i) story.goes({{orphan_ends(), kReap}});
  story.goes({{orphan_ends(), kPoll}, {kQuiet, kReap}, {kNoneReady, kWait}});
}

// ---- The terminal ----

const int kOfTerminals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};

TEST_CASE("what the terminal sends us is for COMMAND's group, as all of that has the terminal") {
  const Policy policy = GENERATE(kAsPidOne, kUnderShell, kSharing, kOutside);
  for (const int signal : kOfTerminals) {
    Story story(policy);
    story.goes({
        {kernel_sends(signal), forward_to_group(signal)},
        {kDone, kWait},
        {somebody_sends(signal), forward(signal)},
        {kDone, kWait},
    });
  }
}

TEST_CASE("a key that stops is a stop request, and only it goes to the group") {
  Policy policy = kUnderShell;
  policy.stop_timeout = kSecond;
  Story story(policy);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGSTOP), kReap},
      {kNoneReady, kWait},
      {kernel_sends(SIGINT), arm_stop(kSecond)},
      {kDone, forward_to_group(SIGINT)},
      {kDone, forward_to_group(SIGCONT)},
      {kDone, kWait},
      {kernel_sends(SIGALRM), forward(SIGALRM)},
      {kDone, kWait},
  });
}

TEST_CASE("a COMMAND that wants the terminal gets it where it is ours, and is continued") {
  const int signal = GENERATE(as<int>(), SIGTTIN, SIGTTOU);
  const Policy policy = GENERATE(kAsPidOne, kUnderShell);
  Story story(policy);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(signal, Foreground::Ours), kResume},
      {kDone, kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, kWait},
  });
}

// ---- Job control ----

TEST_CASE("when job control stops COMMAND, we stop too, so that our shell sees it") {
  const int signal = GENERATE(as<int>(), SIGTSTP, SIGTTIN, SIGTTOU);
  Story story(kUnderShell);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(signal), suspend_as(signal)},
      {shell_continues_us(signal), kResume},
      {kDone, kReap},
      {kNoneReady, kWait},
  });
}

TEST_CASE("where no shell sees us stop, a suspended COMMAND goes on") {
  Story story(kUnderShell);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGTSTP, Foreground::Commands), suspend_as(SIGTSTP)},
      {no_shell_stops_us(SIGTSTP), kResume},
      {kDone, kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, kWait},
  });
}

TEST_CASE("where no shell sees us stop, what would stop again at once stays, until it is to end") {
  const int signal = GENERATE(as<int>(), SIGTTIN, SIGTTOU, SIGSTOP);
  Story story(kUnderShell);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(signal, Foreground::Commands), suspend_as(signal)},
      {no_shell_stops_us(signal), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, forward(SIGCONT)},
      {kDone, kWait},
  });
}

TEST_CASE("an editor that has the terminal and stops by SIGSTOP wants to be suspended") {
  Story story(kUnderShell);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGSTOP, Foreground::Commands), suspend_as(SIGSTOP)},
      {shell_continues_us(SIGSTOP), kResume},
      {kDone, kReap},
      {kNoneReady, kWait},
  });
}

TEST_CASE("a group that we share is the shell's own to stop and to continue") {
  const int signal = GENERATE(as<int>(), SIGTSTP, SIGTTIN, SIGTTOU, SIGSTOP);
  Story story(kSharing);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(signal), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, forward(SIGCONT)},
      {kDone, kWait},
  });
}

TEST_CASE("PID 1 has no shell to continue it, so it continues a suspended COMMAND itself") {
  Story story(kAsPidOne);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGTSTP), kResume},
      {kDone, kReap},
      {kNoneReady, kWait},
  });
}

TEST_CASE("PID 1 leaves a COMMAND alone that wants the terminal and would try again at once") {
  const int signal = GENERATE(as<int>(), SIGTTIN, SIGTTOU);
  Story story(kAsPidOne);
  story.goes({{kChildSignal, kReap}, {command_stops(signal), kReap}, {kNoneReady, kWait}});
}

TEST_CASE("a COMMAND that was stopped by SIGSTOP is held by somebody, and left alone") {
  const Policy policy = GENERATE(kAsPidOne, kUnderShell);
  const Foreground foreground = GENERATE(Foreground::Elsewhere, Foreground::Ours);
  Story story(policy);
  story.goes(
      {{kChildSignal, kReap}, {command_stops(SIGSTOP, foreground), kReap}, {kNoneReady, kWait}});
}

TEST_CASE("that an orphan is stopped is not our business") {
  const Policy policy = GENERATE(kAsPidOne, kUnderShell);
  Story story(policy);
  story.goes({{kChildSignal, kReap}, {orphan_stops(SIGTSTP), kReap}, {kNoneReady, kWait}});
}

// ---- Outside a container ----

TEST_CASE("the process outside leaves as soon as the container has ended") {
  Story story(kOutside);
  story.goes({{kChildSignal, kReap}, {command_ends(exited(3)), leave_with(3)}});
}

TEST_CASE("the process outside forwards, and reaps what it was made the parent of") {
  Story story(kOutside);
  story.goes({
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, kWait},
      {kChildSignal, kReap},
      {orphan_ends(exited(9)), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGTERM), forward(SIGTERM)},
      {kDone, kWait},
      {kChildSignal, kReap},
      {command_ends(killed_by(SIGKILL)), leave_with(128 + SIGKILL)},
  });
}
