// SPDX-License-Identifier: MIT
//
// What an init decides, without doing any of it: next_action() takes what has happened and says
// what to do next. No system call, no clock, no memory but State, so that every course of events
// can be played to it by a test. supervise.cc is the hand that does what is said here.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "base/fixed_list.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/personality.h"

namespace cardboard {

// What becomes of the processes that COMMAND leaves behind.
enum class Rest : std::uint8_t {
  Left,        // they are the business of whoever is inside: the process outside a container
  Swept,       // TERM, a time of grace, KILL
  Terminated,  // TERM, and no more
  Awaited      // until the last has ended by itself, or somebody asks us to stop
};

// Fixed before the loop starts.
struct Policy {
  pid_t main_pid = 0;  // 0: there is no COMMAND, and we only reap
  Rest rest = Rest::Left;
  // A stop of COMMAND by job control stops us too, so that the shell we run under sees it. PID 1
  // has no such shell; there COMMAND is set going again, as nobody else would do it.
  bool suspends = false;
  JobControl job_control = JobControl::AsCommandDoes;
  // COMMAND leads a session of its own, without a shell: of job control's signals only SIGSTOP
  // stops it.
  bool has_session = false;
  // The signals by which systemd, podman and LXC ask a PID 1 to stop or to reboot mean just that.
  bool obeys_managers = false;
  // COMMAND is in our own process group: the terminal, and the shell that we run under, signal it
  // like us, and what is forwarded `to_group` reaches nobody, unless COMMAND has made the group.
  bool shares_group = false;
  int stop_signal = SIGTERM;
  Nanoseconds grace = 0;
  std::optional<Nanoseconds> stop_timeout = {};
  std::optional<Nanoseconds> timeout = {};
  const SignalMap* rewrites = nullptr;
};

enum class Timer : std::uint8_t {
  Run,    // COMMAND may run so long
  Stop,   // COMMAND may take so long to obey a stop request
  Grace,  // what is left may take so long to end, and COMMAND when its time is over
};
inline constexpr std::size_t kTimers = 3;

enum class EventKind : std::uint8_t {
  Started,    // COMMAND is executing
  Signal,     // a signal was taken: number, sender
  Timeout,    // `timer` has run out
  Quiet,      // Poll found no signal
  Ended,      // a child was reaped: pid, wait_status
  Stopped,    // a child was stopped: pid, signal, foreground
  Continued,  // Suspend is done, and over: signal
  Unstopped,  // Suspend was in vain, as no shell is there that would continue us: signal
  NoneReady,  // children are left, but none has news
  Childless,  // no child is left
  Swept,      // SignalRest is done
  Hopeless,   // SignalRest was in vain, as all that is left is out of our reach
  Done,       // any other action is done
};

enum class Sender : std::uint8_t { Kernel, User, Self };

// Whose process group is the foreground of our terminal.
enum class Foreground : std::uint8_t {
  Elsewhere,  // another job's; or there is no terminal
  Ours,
  Commands
};

// Small enough to be returned in two registers, like Action.
struct Event {
  EventKind kind = EventKind::Started;
  Sender sender = Sender::Kernel;
  Timer timer = Timer::Run;
  Foreground foreground = Foreground::Elsewhere;
  int signal = 0;
  pid_t pid = 0;
  int wait_status = 0;
};

enum class ActionKind : std::uint8_t {
  Wait,        // for a signal or a timer: answered by Signal, Timeout or Quiet
  Poll,        // take a signal that is already there, SIGCHLD aside: Signal, Quiet or Timeout
  Reap,        // one child: Ended, Stopped, NoneReady or Childless
  Forward,     // signal `number` to COMMAND, or `to_group`: Done
  Arm,         // `timer` to `duration` from now: Done
  SignalRest,  // signal `number`, then CONT, to every process left: Swept or Hopeless
  Suspend,  // give the terminal back and stop ourselves, as `number` stopped COMMAND: Continued or
            // Unstopped
  StopUs,   // by SIGSTOP, until continued: Done
  Resume,   // hand the terminal over and continue COMMAND's group: Done
  Exit,     // with status `number`
};

struct Action {
  ActionKind kind = ActionKind::Wait;
  Timer timer = Timer::Run;
  bool to_group = false;  // also where COMMAND alone is signalled otherwise
  bool gives_up = false;  // Exit although processes are left that could not be ended
  bool reboots = false;   // Exit by reboot(2), where that is permitted
  int number = 0;         // a signal, or Exit's status
  Nanoseconds duration = 0;
};

// Grace and Killing can come before COMMAND has ended, when it did not obey a stop request.
enum class Phase : std::uint8_t { Running, Awaiting, Grace, Killing };

struct State {
  Policy policy;
  Phase phase = Phase::Running;
  bool main_ended = false;
  bool main_stopped = false;
  bool reaping = false;
  bool timed_out = false;
  bool asked_to_stop = false;  // while COMMAND was there
  bool reboots = false;
  bool from_terminal = false;  // the signal that is being absorbed
  int reaped_in_batch = 0;
  int stop_requests = 0;
  int wait_status = 0;
  // What absorbing one event has put on the agenda, in order.
  FixedList<Action, 6> agenda = {};
  std::size_t agenda_done = 0;
};

// So many children are reaped before signals get their turn.
inline constexpr int kReapBatch = 64;
// So long do killed processes have to be gone before we leave without them (a process in an
// uninterruptible sleep, say). Not for PID 1's sake, whose exit makes the kernel wait for them.
inline constexpr Nanoseconds kKillPatience = 10 * kSecond;

Action next_action(State& state, const Event& event);

}  // namespace cardboard
