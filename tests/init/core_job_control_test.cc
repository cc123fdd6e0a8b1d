// SPDX-License-Identifier: MIT
//
// What the personalities change in the course of events: dumb-init's way with job control and with
// what is left behind, catatonit's with both. Our own is in core_test.cc.
#include <signal.h>

#include <catch2/catch.hpp>

#include "init/story.h"

using namespace cardboard;

namespace {

// As PID 1 or under a shell, with COMMAND in a session of its own or in ours.
Policy like_dumb_init(bool under_a_shell, bool in_session) {
  Policy policy = under_a_shell ? kUnderShell : kAsPidOne;
  policy.rest = Rest::Terminated;
  policy.job_control = JobControl::StopsUs;
  policy.has_session = in_session;
  return policy;
}

Policy like_catatonit(const Policy& base) {
  Policy policy = base;
  policy.rest = Rest::Left;
  policy.job_control = JobControl::Ignored;
  return policy;
}

constexpr Action kStopOurselves = {.kind = ActionKind::StopUs};

}  // namespace

// ---- A signal of job control stops us ----

TEST_CASE("in a session of its own, where no other signal would, SIGSTOP stops COMMAND and us") {
  const int signal = GENERATE(as<int>(), SIGTSTP, SIGTTIN, SIGTTOU);
  Story story(like_dumb_init(true, true));
  story.goes({
      {somebody_sends(signal), forward(SIGSTOP)},
      {kDone, kStopOurselves},
      {kDone, kWait},
      {somebody_sends(SIGCONT), forward(SIGCONT)},
      {kDone, kWait},
  });
}

TEST_CASE("in our own session the signal is forwarded as it came, and we stop as well") {
  const int signal = GENERATE(as<int>(), SIGTSTP, SIGTTIN, SIGTTOU);
  Story story(like_dumb_init(true, false));
  story.goes({
      {somebody_sends(signal), forward(signal)},
      {kDone, kStopOurselves},
      {kDone, kWait},
  });
}

TEST_CASE("once continued, we do not stop again at the news that COMMAND has") {
  Story story(like_dumb_init(true, false));
  story.goes({
      {somebody_sends(SIGTSTP), forward(SIGTSTP)},
      {kDone, kStopOurselves},
      // Both are pending when we are continued, and this has the lower number.
      {kDone, kWait},
      {kChildSignal, kReap},
      {command_stops(SIGTSTP), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGCONT), forward(SIGCONT)},
      {kDone, kWait},
  });
}

TEST_CASE("we stop for our shell when the terminal stops COMMAND alone, each time") {
  const int signal = GENERATE(as<int>(), SIGTSTP, SIGTTIN, SIGTTOU);
  Story story(like_dumb_init(true, false));
  for (int i = 0; i < 2; ++i) {
    story.goes({
        {kChildSignal, kReap},
        {command_stops(signal), suspend_as(signal)},
        {shell_continues_us(signal), kResume},
        {kDone, kReap},
        {kNoneReady, kWait},
    });
  }
}

TEST_CASE("a SIGSTOP that we have sent COMMAND ourselves is no reason to stop again") {
  Story story(like_dumb_init(true, true));
  story.goes({
      {somebody_sends(SIGTSTP), forward(SIGSTOP)},
      {kDone, kStopOurselves},
      {kDone, kWait},
      {kChildSignal, kReap},
      {command_stops(SIGSTOP), kReap},
      {kNoneReady, kWait},
  });
}

TEST_CASE("what a signal of job control is rewritten to is forwarded, and we stop all the same") {
  SignalMap rewrites;
  rewrites.rewrite(SIGTSTP, SIGTERM);
  rewrites.rewrite(SIGTTIN, SIGUSR1);
  rewrites.rewrite(SIGTTOU, 0);
  Policy policy = like_dumb_init(true, true);
  policy.rewrites = &rewrites;
  Story story(policy);
  story.goes({
      {somebody_sends(SIGTTIN), forward(SIGUSR1)},
      {kDone, kStopOurselves},
      {kDone, kWait},
      {somebody_sends(SIGCONT), forward(SIGCONT)},
      {kDone, kWait},
      {somebody_sends(SIGTTOU), kStopOurselves},
      {kDone, kWait},
      {somebody_sends(SIGCONT), forward(SIGCONT)},
      {kDone, kWait},
      {somebody_sends(SIGTSTP), forward(SIGTERM)},
      {kDone, kStopOurselves},
      {kDone, kWait},
  });
}

TEST_CASE("a signal of job control that is rewritten to a stop request is one") {
  SignalMap rewrites;
  rewrites.rewrite(SIGTSTP, SIGTERM);
  Policy policy = like_dumb_init(true, true);
  policy.rewrites = &rewrites;
  policy.stop_signal = SIGQUIT;
  policy.stop_timeout = kSecond;
  Story story(policy);
  story.goes({
      {somebody_sends(SIGTSTP), arm_stop(kSecond)},
      {kDone, forward(SIGQUIT)},
      {kDone, kStopOurselves},
      {kDone, kWait},
  });
}

TEST_CASE("another signal that is rewritten to one of job control does not stop us") {
  SignalMap rewrites;
  rewrites.rewrite(SIGHUP, SIGTSTP);
  Policy policy = like_dumb_init(true, true);
  policy.rewrites = &rewrites;
  Story story(policy);
  story.goes({{somebody_sends(SIGHUP), forward(SIGTSTP)}, {kDone, kWait}});
}

TEST_CASE("PID 1 does not stop, nor does it stop COMMAND by what cannot be caught") {
  const int signal = GENERATE(as<int>(), SIGTSTP, SIGTTIN, SIGTTOU);
  const bool in_session = GENERATE(false, true);
  Story story(like_dumb_init(false, in_session));
  story.goes({{somebody_sends(signal), forward(signal)}, {kDone, kWait}});
}

TEST_CASE("PID 1 continues a COMMAND that the terminal has suspended, whoever it is taken for") {
  Story story(like_dumb_init(false, false));
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGTSTP), kResume},
      {kDone, kReap},
      {kNoneReady, kWait},
  });
}

TEST_CASE("a signal of job control stops nobody when COMMAND has ended") {
  Policy policy = like_dumb_init(true, true);
  policy.rest = Rest::Awaited;
  Story story(policy);
  story.goes({
      {kChildSignal, kReap},
      {command_ends(exited(3)), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGTSTP), kWait},
  });
}

// ---- It is somebody else's ----

TEST_CASE("what stops a traced COMMAND is its tracer's affair, and does not stop us") {
  const int signal = GENERATE(as<int>(), SIGUSR1, SIGTRAP, SIGTERM, kSignalMax);
  Story story(kUnderShell);
  story.goes({
      {kChildSignal, kReap},
      {command_stops(signal, Foreground::Commands), kReap},
      {kNoneReady, kWait},
  });
}

// ---- It is ignored ----

TEST_CASE("where it is ignored, a signal of job control is neither forwarded nor obeyed") {
  const int signal = GENERATE(as<int>(), SIGTSTP, SIGTTIN, SIGTTOU);
  const Policy policy = GENERATE(kAsPidOne, kUnderShell);
  Story story(like_catatonit(policy));
  story.goes({
      {somebody_sends(signal), kWait},
      {kernel_sends(signal), kWait},
      {somebody_sends(SIGHUP), forward(SIGHUP)},
      {kDone, kWait},
  });
}

TEST_CASE("where it is ignored, we still stop with a COMMAND that the terminal has stopped") {
  Story story(like_catatonit(kUnderShell));
  story.goes({
      {kChildSignal, kReap},
      {command_stops(SIGTSTP), suspend_as(SIGTSTP)},
      {shell_continues_us(SIGTSTP), kResume},
      {kDone, kReap},
      {kNoneReady, kWait},
  });
}

// ---- What is left behind ----

TEST_CASE("what is left is sent TERM once, and is not waited for") {
  const bool in_session = GENERATE(false, true);
  Story story(like_dumb_init(true, in_session));
  story.goes({
      {kChildSignal, kReap},
      {orphan_ends(), kReap},
      {command_ends(exited(3)), signal_all_left(SIGTERM)},
      {kSwept, leave_with(3)},
  });
}

TEST_CASE("what is left and cannot be sent TERM does not keep us, nor change the status") {
  Story story(like_dumb_init(false, true));
  story.goes({
      {kChildSignal, kReap},
      {command_ends(killed_by(SIGINT)), signal_all_left(SIGTERM)},
      {kHopeless, leave_with(128 + SIGINT)},
  });
}

TEST_CASE("what is to be left alone is not signalled when COMMAND ends") {
  Story story(like_catatonit(kAsPidOne));
  story.goes({{kChildSignal, kReap}, {command_ends(exited(3)), leave_with(3)}});
}

TEST_CASE("who only reaps and leaves the rest alone goes as soon as it is asked to") {
  const int signal = GENERATE(as<int>(), SIGTERM, SIGINT);
  Story story(like_catatonit(kPausing));
  story.goes({
      {kChildSignal, kReap},
      {orphan_ends(), kReap},
      {kNoneReady, kWait},
      {somebody_sends(SIGHUP), kWait},
      {somebody_sends(signal), leave_with(0)},
  });
}
