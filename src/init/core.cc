// SPDX-License-Identifier: MIT
//
// See core.h. Each on_*() absorbs one kind of event: it changes State and puts actions on the
// agenda; next_action() works the agenda off before it goes back to reaping and waiting.
#include "init/core.h"

#include "base/error.h"
#include "init/status.h"

namespace cardboard {

namespace {

bool main_runs(const State& state) { return state.policy.main_pid != 0 && !state.main_ended; }

void plan_action(State& state, const Action& action) {
  if (state.agenda_done == state.agenda.size()) {
    state.agenda.clear();
    state.agenda_done = 0;
  }
  // No event asks for more than the agenda holds; the tests play them all.
  [[maybe_unused]] const bool fits = state.agenda.push(action);
}

void arm(State& state, Timer timer, Nanoseconds duration) {
  plan_action(state, {.kind = ActionKind::Arm, .timer = timer, .duration = duration});
}

void plan_exit(State& state, bool gives_up) {
  int status = exit_status_of(state.wait_status);
  // Given up on COMMAND itself, which was sent a KILL that has not ended it yet.
  if (main_runs(state)) status = kSignalBase + SIGKILL;
  if (state.timed_out) status = kExitTimeout;
  plan_action(
      state,
      {.kind = ActionKind::Exit, .gives_up = gives_up, .reboots = state.reboots, .number = status});
}

void kill_rest(State& state) {
  state.phase = Phase::Killing;
  arm(state, Timer::Grace, kKillPatience);
  plan_action(state, {.kind = ActionKind::SignalRest, .number = SIGKILL});
}

void end_rest(State& state) {
  if (state.policy.grace == 0) return kill_rest(state);
  state.phase = Phase::Grace;
  arm(state, Timer::Grace, state.policy.grace);
  plan_action(state, {.kind = ActionKind::SignalRest, .number = SIGTERM});
}

void forward(State& state, int signal) {
  plan_action(state,
              {.kind = ActionKind::Forward, .to_group = state.from_terminal, .number = signal});
  if (signal == SIGCONT) state.main_stopped = false;
}

// What a person or an engine sends to have us end. HUP is not among them: servers reload on it.
bool is_stop_request(int signal) {
  return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT;
}

// What systemd, podman and LXC send to PID 1 alone: systemd(1), lxc.container.conf(5).
bool is_manager_stop(int signal) {
  constexpr SignalSet kStops = SignalSet{}
                                   .with(SIGPWR)
                                   .with(kSignalRtMin + 3)    // halt
                                   .with(kSignalRtMin + 4)    // power off
                                   .with(kSignalRtMin + 13)   // halt, at once
                                   .with(kSignalRtMin + 14);  // power off, at once
  return kStops.contains(signal);
}

bool is_manager_reboot(int signal) {
  constexpr SignalSet kReboots = SignalSet{}
                                     .with(kSignalRtMin + 5)    // reboot
                                     .with(kSignalRtMin + 6)    // reboot by kexec
                                     .with(kSignalRtMin + 15)   // reboot, at once
                                     .with(kSignalRtMin + 16);  // the same by kexec
  return kReboots.contains(signal);
}

// Once COMMAND is asked to stop it gets `signal`, and wakes up for it where it was stopped.
void ask_to_stop(State& state, int signal) {
  forward(state, signal);
  if (state.main_stopped) forward(state, SIGCONT);
}

void on_stop_request(State& state, int signal) {
  const bool is_first = ++state.stop_requests == 1;
  if (!state.main_ended) state.asked_to_stop = true;
  if (main_runs(state)) {
    if (is_first && state.policy.stop_timeout) arm(state, Timer::Stop, *state.policy.stop_timeout);
    ask_to_stop(state, signal == SIGTERM ? state.policy.stop_signal : signal);
  } else if (state.policy.rest == Rest::Left) {
    plan_exit(state, false);
  } else if (state.phase == Phase::Grace) {
    if (!is_first) kill_rest(state);
  } else if (state.phase != Phase::Killing) {
    end_rest(state);
    // There may be nothing left, and so no SIGCHLD to come.
    state.reaping = true;
  }
}

// What a signal stands for: the user's rewriting first, then the managers' meaning.
int meaning_of(State& state, int signal) {
  const SignalMap* rewrites = state.policy.rewrites;
  if (rewrites != nullptr && rewrites->is_rewritten(signal)) return rewrites->target(signal);
  if (!state.policy.obeys_managers) return signal;
  if (is_manager_reboot(signal)) state.reboots = true;
  return is_manager_stop(signal) || is_manager_reboot(signal) ? SIGTERM : signal;
}

bool is_job_control_stop(int signal) {
  return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

// As PID 1 we cannot be stopped, and COMMAND would have nobody to continue it.
bool stops_with_signals(const Policy& policy) {
  return policy.job_control == JobControl::StopsUs && policy.suspends;
}

// What the kernel sends us because of our terminal, and to the whole of a process group: keys to
// the foreground's, and a hang-up to the leader of the session, which stands for its group then.
bool is_from_terminal(const Event& event) {
  constexpr SignalSet kTerminals = SignalSet{}
                                       .with(SIGHUP)     // hung up
                                       .with(SIGCONT)    // behind a hang-up
                                       .with(SIGINT)     // Ctrl-C
                                       .with(SIGQUIT)    // Ctrl-Backslash
                                       .with(SIGTSTP)    // Ctrl-Z
                                       .with(SIGWINCH);  // resized
  return event.sender == Sender::Kernel && kTerminals.contains(event.signal);
}

void on_signal(State& state, const Event& event) {
  if (event.signal == SIGCHLD) {
    // Whoever sent it, the kernel's own may have been merged into this one.
    state.reaping = true;
    if (event.sender == Sender::Kernel) return;
  }
  // The echo of our own write to a stderr that nobody reads.
  if (event.signal == SIGPIPE && event.sender == Sender::Self) return;

  const Policy& policy = state.policy;
  const bool is_job_control = is_job_control_stop(event.signal) && main_runs(state);
  if (is_job_control && policy.job_control == JobControl::Ignored) return;
  const bool stops_us = is_job_control && stops_with_signals(policy);
  state.from_terminal = is_from_terminal(event);
  int signal = meaning_of(state, event.signal);
  if (stops_us && policy.has_session && signal == event.signal) signal = SIGSTOP;
  if (is_stop_request(signal)) {
    on_stop_request(state, signal);
  } else if (signal != 0 && main_runs(state)) {
    forward(state, signal);
  }
  if (!stops_us) return;
  // That it has stopped will be no news: we are stopped as well by then.
  state.main_stopped = true;
  plan_action(state, {.kind = ActionKind::StopUs});
}

// Once COMMAND has been reaped its number may be another's.
bool is_main(const State& state, pid_t pid) {
  return !state.main_ended && pid == state.policy.main_pid;
}

void on_ended(State& state, const Event& event) {
  ++state.reaped_in_batch;
  if (!is_main(state, event.pid)) return;
  state.main_ended = true;
  state.wait_status = event.wait_status;
  if (state.policy.rest == Rest::Terminated) {
    plan_action(state, {.kind = ActionKind::SignalRest, .number = SIGTERM});
    plan_exit(state, false);
  }
  if (state.policy.rest == Rest::Left) plan_exit(state, false);
}

void resume(State& state) {
  plan_action(state, {.kind = ActionKind::Resume});
  state.main_stopped = false;
}

void on_stopped(State& state, const Event& event) {
  if (!is_main(state, event.pid)) return;
  const bool is_news = !state.main_stopped;
  state.main_stopped = true;
  // The shell that stopped COMMAND's process group, which is ours, will continue it. And what has
  // stopped both of us has done so already.
  if (state.policy.shares_group || (!is_news && stops_with_signals(state.policy))) return;
  const bool wants_terminal = event.signal == SIGTTIN || event.signal == SIGTTOU;
  const bool has_terminal = event.foreground == Foreground::Commands;
  if (wants_terminal && event.foreground == Foreground::Ours) {
    // A shell's `fg` of what was running all the time: nobody but us can tell that now it may.
    resume(state);
  } else if (!state.policy.suspends) {
    // Not after TTIN or TTOU: COMMAND would try again at once, and so on for ever.
    if (event.signal == SIGTSTP) resume(state);
  } else if (is_job_control_stop(event.signal) || (event.signal == SIGSTOP && has_terminal)) {
    // SIGSTOP is how some editors suspend themselves. Without the terminal it is left alone:
    // somebody wants COMMAND held and will let it go. Any other signal is of a traced COMMAND's.
    plan_action(state, {.kind = ActionKind::Suspend, .number = event.signal});
  }
}

// What has been killed may have left children that were born after the last sweep.
void sweep_again(State& state) {
  plan_action(state, {.kind = ActionKind::SignalRest, .number = SIGKILL});
}

void pause_reaping(State& state) {
  state.reaping = false;
  state.reaped_in_batch = 0;
}

// What comes next with those whom COMMAND left, or whom killing has not ended yet.
void go_on_ending(State& state) {
  if (state.phase == Phase::Killing) {
    sweep_again(state);
  } else if (state.phase == Phase::Running && state.main_ended) {
    if (state.policy.rest == Rest::Awaited && state.stop_requests == 0) {
      state.phase = Phase::Awaiting;
    } else {
      end_rest(state);
    }
  }
}

void on_none_ready(State& state) {
  pause_reaping(state);
  go_on_ending(state);
}

void on_childless(State& state) {
  pause_reaping(state);
  const bool only_reaps = state.policy.main_pid == 0 && state.phase == Phase::Running;
  // COMMAND is our child until it is reaped, so that it has ended is certain here.
  if (!only_reaps) plan_exit(state, false);
}

void on_run_timeout(State& state) {
  state.timed_out = true;
  if (!main_runs(state)) return on_stop_request(state, SIGTERM);
  ++state.stop_requests;
  ask_to_stop(state, state.policy.stop_signal);
  arm(state, Timer::Grace, state.policy.grace);
}

void on_timeout(State& state, Timer timer) {
  switch (timer) {
    case Timer::Run:
      if (state.phase == Phase::Running || state.phase == Phase::Awaiting) on_run_timeout(state);
      break;
    case Timer::Stop:
      if (!state.main_ended && state.phase != Phase::Killing) kill_rest(state);
      break;
    case Timer::Grace:
      if (state.phase == Phase::Killing) {
        plan_exit(state, true);
      } else {
        kill_rest(state);
      }
      break;
  }
}

void absorb(State& state, const Event& event) {
  state.from_terminal = false;
  switch (event.kind) {
    case EventKind::Started:
      if (state.policy.timeout) arm(state, Timer::Run, *state.policy.timeout);
      break;
    case EventKind::Signal: on_signal(state, event); break;
    case EventKind::Timeout: on_timeout(state, event.timer); break;
    case EventKind::Ended: on_ended(state, event); break;
    case EventKind::Stopped: on_stopped(state, event); break;
    case EventKind::Continued: resume(state); break;
    case EventKind::Unstopped:
      if (event.signal == SIGTSTP) resume(state);
      break;
    case EventKind::NoneReady: on_none_ready(state); break;
    case EventKind::Childless: on_childless(state); break;
    case EventKind::Hopeless:
      if (state.phase == Phase::Killing) plan_exit(state, true);
      break;
    case EventKind::Swept:
    case EventKind::Quiet:
    case EventKind::Done: break;
  }
}

}  // namespace

Action next_action(State& state, const Event& event) {
  absorb(state, event);
  if (state.agenda_done < state.agenda.size()) return state.agenda[state.agenda_done++];
  if (!state.reaping) return {.kind = ActionKind::Wait};
  if (state.reaped_in_batch < kReapBatch) return {.kind = ActionKind::Reap};
  state.reaped_in_batch = 0;
  // Where processes are born faster than they are reaped, the end of the batches never comes.
  go_on_ending(state);
  return {.kind = ActionKind::Poll};
}

}  // namespace cardboard
