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

#include <catch2/catch.hpp>
#include <initializer_list>
#include <string>

#include "init/core.h"
#include "init/signals.h"
#include "support.h"

namespace cardboard {

// ---- Who is in it ----

inline constexpr pid_t kCommand = 100;
inline constexpr pid_t kOrphan = 200;

inline constexpr Policy kAsPidOne = {
    .main_pid = kCommand, .sweeps = true, .suspends = false, .grace = 5 * kSecond};
inline constexpr Policy kUnderShell = {
    .main_pid = kCommand, .sweeps = true, .suspends = true, .grace = 5 * kSecond};
inline constexpr Policy kWithoutGrace = {
    .main_pid = kCommand, .sweeps = true, .suspends = false, .grace = 0};
inline constexpr Policy kOutside = {.main_pid = kCommand, .sweeps = false, .suspends = false};

// ---- What happens ----

inline constexpr Event kStarted = {.kind = EventKind::Started};
inline constexpr Event kTimeout = {.kind = EventKind::Timeout};
inline constexpr Event kQuiet = {.kind = EventKind::Quiet};
inline constexpr Event kNoneReady = {.kind = EventKind::NoneReady};
inline constexpr Event kChildless = {.kind = EventKind::Childless};
inline constexpr Event kSwept = {.kind = EventKind::Swept};
inline constexpr Event kHopeless = {.kind = EventKind::Swept, .hopeless = true};
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
constexpr Event command_stops(int signal) {
  return {.kind = EventKind::Stopped, .signal = signal, .pid = kCommand};
}
constexpr Event orphan_stops(int signal) {
  return {.kind = EventKind::Stopped, .signal = signal, .pid = kOrphan};
}

// ---- What is done ----

inline constexpr Action kWait = {.kind = ActionKind::Wait};
inline constexpr Action kPoll = {.kind = ActionKind::Poll};
inline constexpr Action kReap = {.kind = ActionKind::Reap};
inline constexpr Action kSuspend = {.kind = ActionKind::Suspend};
inline constexpr Action kResume = {.kind = ActionKind::Resume};

constexpr Action forward(int signal) { return {.kind = ActionKind::Forward, .number = signal}; }
constexpr Action arm(Nanoseconds duration) {
  return {.kind = ActionKind::Arm, .duration = duration};
}
constexpr Action signal_all_left(int signal) {
  return {.kind = ActionKind::SignalRest, .number = signal};
}
constexpr Action leave_with(int status) { return {.kind = ActionKind::Exit, .number = status}; }
constexpr Action give_up_with(int status) {
  return {.kind = ActionKind::Exit, .gives_up = true, .number = status};
}

// All there is to an event or an action; so, equal texts are equal actions.
inline std::string text_of(const Event& event) {
  constexpr const char* kKinds[] = {"Started", "Signal",    "Timeout",   "Quiet", "Ended",
                                    "Stopped", "NoneReady", "Childless", "Swept", "Done"};
  constexpr const char* kSenders[] = {"Kernel", "User", "Self"};
  return written([&](Writer& writer) {
    writer << kKinds[static_cast<int>(event.kind)];
    if (event.kind == EventKind::Signal)
      writer << " from " << kSenders[static_cast<int>(event.sender)];
    if (event.signal != 0) write_signal(writer << ' ', event.signal);
    if (event.pid != 0) writer << " pid " << event.pid << " status " << event.wait_status;
    if (event.hopeless) writer << " hopeless";
  });
}

inline std::string text_of(const Action& action) {
  constexpr const char* kKinds[] = {"Wait",       "Poll",    "Reap",   "Forward", "Arm",
                                    "SignalRest", "Suspend", "Resume", "Exit"};
  return written([&](Writer& writer) {
    writer << kKinds[static_cast<int>(action.kind)] << ' ' << action.number;
    if (action.duration != 0) writer << " for " << action.duration << " ns";
    if (action.gives_up) writer << ", giving up";
  });
}

// ---- The telling ----

struct Line {
  Event happens;
  Action is_done;
};

class Story {
 public:
  explicit Story(const Policy& policy) : state_{.policy = policy} { goes({{kStarted, kWait}}); }

  void goes(std::initializer_list<Line> lines) {
    for (const Line& line : lines) {
      const Action action = next_action(state_, line.happens);
      told_ += text_of(line.happens) + " -> " + text_of(action) + '\n';
      INFO("so far:\n" << told_);
      REQUIRE(text_of(action) == text_of(line.is_done));
    }
  }

 private:
  State state_;
  std::string told_;
};

}  // namespace cardboard
