// SPDX-License-Identifier: MIT
//
// Courses of events for next_action(), told line by line: what happens, and what is done about it.
//
//   Story story(kAsPidOne);
//   story.goes({
//       {kChildSignal, kReap},
//       {command_ends(exited(3)), kReap},
//       {kChildless, leave_with(3)},
//   });
#pragma once

#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <initializer_list>
#include <string>

#include "base/signals.h"
#include "init/core.h"
#include "support.h"

namespace cardboard {

// ---- Who is in it ----

inline constexpr pid_t kCommand = 100;
inline constexpr pid_t kOrphan = 200;

constexpr Policy as_pid_one(Rest rest, Nanoseconds grace) {
  Policy policy;
  policy.main_pid = kCommand;
  policy.rest = rest;
  policy.obeys_managers = true;
  policy.grace = grace;
  return policy;
}

constexpr Policy under_shell(Policy policy) {
  policy.suspends = true;
  policy.obeys_managers = false;
  return policy;
}

constexpr Policy sharing_group(Policy policy) {
  policy.shares_group = true;
  return policy;
}

constexpr Policy without_command(Policy policy) {
  policy.main_pid = 0;
  return policy;
}

constexpr Policy outside() {
  Policy policy;
  policy.main_pid = kCommand;
  return policy;
}

inline constexpr Policy kAsPidOne = as_pid_one(Rest::Swept, 5 * kSecond);
inline constexpr Policy kWithoutGrace = as_pid_one(Rest::Swept, 0);
inline constexpr Policy kAwaiting = as_pid_one(Rest::Awaited, 5 * kSecond);
inline constexpr Policy kUnderShell = under_shell(kAsPidOne);
inline constexpr Policy kSharing = sharing_group(kAsPidOne);
inline constexpr Policy kPausing = without_command(kAsPidOne);
inline constexpr Policy kOutside = outside();

// What systemd, podman and LXC send to a PID 1.
inline constexpr int kManagersStops[] = {SIGPWR, kSignalRtMin + 3, kSignalRtMin + 4,
                                         kSignalRtMin + 13, kSignalRtMin + 14};
inline constexpr int kManagersReboots[] = {kSignalRtMin + 5, kSignalRtMin + 6, kSignalRtMin + 15,
                                           kSignalRtMin + 16};

inline bool is_managers(int signal) {
  const auto has = [=](const auto& list) {
    return std::find(std::begin(list), std::end(list), signal) != std::end(list);
  };
  return has(kManagersStops) || has(kManagersReboots);
}

// ---- What happens ----

inline constexpr Event kStarted = {.kind = EventKind::Started};
inline constexpr Event kRunTimeIsOver = {.kind = EventKind::Timeout, .timer = Timer::Run};
inline constexpr Event kStopTimeIsOver = {.kind = EventKind::Timeout, .timer = Timer::Stop};
inline constexpr Event kGraceIsOver = {.kind = EventKind::Timeout, .timer = Timer::Grace};
inline constexpr Event kQuiet = {.kind = EventKind::Quiet};
inline constexpr Event kNoneReady = {.kind = EventKind::NoneReady};
inline constexpr Event kChildless = {.kind = EventKind::Childless};
inline constexpr Event kSwept = {.kind = EventKind::Swept};
inline constexpr Event kHopeless = {.kind = EventKind::Hopeless};
inline constexpr Event kDone = {.kind = EventKind::Done};

constexpr Event somebody_sends(int signal) {
  return {.kind = EventKind::Signal, .sender = Sender::User, .signal = signal};
}
constexpr Event kernel_sends(int signal) {
  return {.kind = EventKind::Signal, .sender = Sender::Kernel, .signal = signal};
}
constexpr Event we_cause(int signal) {
  return {.kind = EventKind::Signal, .sender = Sender::Self, .signal = signal};
}
inline constexpr Event kChildSignal = kernel_sends(SIGCHLD);

constexpr Event command_ends(int wait_status) {
  return {.kind = EventKind::Ended, .pid = kCommand, .wait_status = wait_status};
}
constexpr Event orphan_ends(int wait_status = 0) {
  return {.kind = EventKind::Ended, .pid = kOrphan, .wait_status = wait_status};
}
constexpr Event command_stops(int signal, Foreground foreground = Foreground::Elsewhere) {
  return {.kind = EventKind::Stopped, .foreground = foreground, .signal = signal, .pid = kCommand};
}
constexpr Event orphan_stops(int signal) {
  return {.kind = EventKind::Stopped, .signal = signal, .pid = kOrphan};
}
// We stopped for the shell, as `signal` had stopped COMMAND, and were continued.
constexpr Event shell_continues_us(int signal) {
  return {.kind = EventKind::Continued, .signal = signal};
}
// We tried, but the kernel does not stop whom nobody would continue.
constexpr Event no_shell_stops_us(int signal) {
  return {.kind = EventKind::Unstopped, .signal = signal};
}

// ---- What is done ----

inline constexpr Action kWait = {.kind = ActionKind::Wait};
inline constexpr Action kPoll = {.kind = ActionKind::Poll};
inline constexpr Action kReap = {.kind = ActionKind::Reap};
inline constexpr Action kResume = {.kind = ActionKind::Resume};

constexpr Action forward(int signal) { return {.kind = ActionKind::Forward, .number = signal}; }
constexpr Action forward_to_group(int signal) {
  return {.kind = ActionKind::Forward, .to_group = true, .number = signal};
}
constexpr Action suspend_as(int signal) { return {.kind = ActionKind::Suspend, .number = signal}; }
constexpr Action arm(Timer timer, Nanoseconds duration) {
  return {.kind = ActionKind::Arm, .timer = timer, .duration = duration};
}
constexpr Action arm_run(Nanoseconds duration) { return arm(Timer::Run, duration); }
constexpr Action arm_stop(Nanoseconds duration) { return arm(Timer::Stop, duration); }
constexpr Action arm_grace(Nanoseconds duration) { return arm(Timer::Grace, duration); }
constexpr Action signal_all_left(int signal) {
  return {.kind = ActionKind::SignalRest, .number = signal};
}
constexpr Action leave_with(int status) { return {.kind = ActionKind::Exit, .number = status}; }
constexpr Action give_up_with(int status) {
  return {.kind = ActionKind::Exit, .gives_up = true, .number = status};
}

constexpr Action reboot_with(int status) {
  return {.kind = ActionKind::Exit, .reboots = true, .number = status};
}

inline const char* name_of(Timer timer) {
  constexpr const char* kNames[] = {"Run", "Stop", "Grace"};
  return kNames[static_cast<int>(timer)];
}

// All there is to an event or an action; so, equal texts are equal actions.
inline std::string text_of(const Event& event) {
  constexpr const char* kKinds[] = {"Started", "Signal",    "Timeout",   "Quiet",     "Ended",
                                    "Stopped", "Continued", "Unstopped", "NoneReady", "Childless",
                                    "Swept",   "Hopeless",  "Done"};
  constexpr const char* kForegrounds[] = {"", " ours", " COMMAND's"};
  constexpr const char* kSenders[] = {"Kernel", "User", "Self"};
  return written([&](Writer& writer) {
    writer << kKinds[static_cast<int>(event.kind)];
    if (event.kind == EventKind::Signal)
      writer << " from " << kSenders[static_cast<int>(event.sender)];
    if (event.kind == EventKind::Timeout) writer << " of " << name_of(event.timer);
    if (event.signal != 0) write_signal(writer << ' ', event.signal);
    if (event.pid != 0) writer << " pid " << event.pid << " status " << event.wait_status;
    writer << kForegrounds[static_cast<int>(event.foreground)];
  });
}

inline std::string text_of(const Action& action) {
  constexpr const char* kKinds[] = {"Wait",       "Poll",    "Reap",   "Forward", "Arm",
                                    "SignalRest", "Suspend", "StopUs", "Resume",  "Exit"};
  return written([&](Writer& writer) {
    writer << kKinds[static_cast<int>(action.kind)] << ' ' << action.number;
    if (action.kind == ActionKind::Arm) {
      writer << ' ' << name_of(action.timer) << " for " << action.duration << " ns";
    }
    if (action.to_group) writer << " to the group";
    if (action.gives_up) writer << ", giving up";
    if (action.reboots) writer << ", rebooting";
  });
}

// ---- The telling ----

struct Line {
  Event happens;
  Action is_done;
};

class Story {
 public:
  explicit Story(const Policy& policy) : state_{.policy = policy} {
    if (policy.timeout) {
      goes({{kStarted, arm_run(*policy.timeout)}, {kDone, kWait}});
    } else {
      goes({{kStarted, kWait}});
    }
  }

  Action after(const Event& event) {
    const Action action = next_action(state_, event);
    told_ += text_of(event) + " -> " + text_of(action) + '\n';
    return action;
  }

  void goes(std::initializer_list<Line> lines) {
    for (const Line& line : lines) {
      const Action action = after(line.happens);
      INFO("so far:\n" << told_);
      REQUIRE(text_of(action) == text_of(line.is_done));
    }
  }

 private:
  State state_;
  std::string told_;
};

}  // namespace cardboard
