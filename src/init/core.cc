// SPDX-License-Identifier: MIT
//
// See core.h. Each on_*() absorbs one kind of event: it changes State and puts actions on the
// agenda; next_action() works the agenda off before it goes back to reaping and waiting.
#include "init/core.h"

#include <signal.h>

#include "init/status.h"

namespace cardboard {

namespace {

void plan_action(State& state, const Action& action) {
  if (state.agenda_done == state.agenda.size()) {
    state.agenda.clear();
    state.agenda_done = 0;
  }
  // No event asks for more than the agenda holds; the tests play them all.
  [[maybe_unused]] const bool fits = state.agenda.push(action);
}

void plan_exit(State& state, bool gives_up) {
  plan_action(state, {.kind = ActionKind::Exit,
                      .gives_up = gives_up,
                      .number = exit_status_of(state.wait_status)});
}

void kill_rest(State& state) {
  state.phase = Phase::Killing;
  plan_action(state, {.kind = ActionKind::Arm, .duration = kKillPatience});
  plan_action(state, {.kind = ActionKind::SignalRest, .number = SIGKILL});
}

void end_rest(State& state) {
  if (state.policy.grace == 0) {
    kill_rest(state);
    return;
  }
  state.phase = Phase::Grace;
  plan_action(state, {.kind = ActionKind::Arm, .duration = state.policy.grace});
  plan_action(state, {.kind = ActionKind::SignalRest, .number = SIGTERM});
}

// What a person or an engine sends to have us end. HUP is not among them: servers reload on it.
bool is_stop_request(int signal) {
  return signal == SIGTERM || signal == SIGINT || signal == SIGQUIT;
}

void on_signal(State& state, const Event& event) {
  const int signal = event.signal;
  if (signal == SIGCHLD) {
    // Whoever sent it, the kernel's own may have been merged into this one.
    state.reaping = true;
    if (event.sender == Sender::Kernel) return;
  }
  // The echo of our own write to a stderr that nobody reads.
  if (signal == SIGPIPE && event.sender == Sender::Self) return;

  if (is_stop_request(signal)) ++state.stop_requests;
  if (!state.main_ended) {
    plan_action(state, {.kind = ActionKind::Forward, .number = signal});
  } else if (state.phase == Phase::Grace && is_stop_request(signal) && state.stop_requests > 1) {
    kill_rest(state);
  }
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
  if (!state.policy.sweeps) plan_exit(state, false);
}

bool is_job_control_stop(int signal) {
  return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

void on_stopped(State& state, const Event& event) {
  // SIGSTOP is left alone: somebody who is not the terminal wants COMMAND held and will let it go.
  if (!is_main(state, event.pid) || !is_job_control_stop(event.signal)) return;
  if (state.policy.suspends) {
    plan_action(state, {.kind = ActionKind::Suspend});
  } else if (event.signal == SIGTSTP) {
    // Not after TTIN or TTOU: COMMAND would try again at once, and so on for ever.
    plan_action(state, {.kind = ActionKind::Resume});
  }
}

// What has been killed may have left children that were born after the last sweep.
void sweep_again(State& state) {
  plan_action(state, {.kind = ActionKind::SignalRest, .number = SIGKILL});
}

void on_none_ready(State& state) {
  state.reaping = false;
  state.reaped_in_batch = 0;
  if (!state.main_ended) return;
  if (state.phase == Phase::Killing) {
    sweep_again(state);
  } else if (state.phase == Phase::Running) {
    end_rest(state);
  }
}

void on_timeout(State& state) {
  if (state.phase == Phase::Grace) {
    kill_rest(state);
  } else if (state.phase == Phase::Killing) {
    plan_exit(state, true);
  }
}

void on_swept(State& state, const Event& event) {
  if (state.phase == Phase::Killing && event.hopeless) plan_exit(state, true);
}

void absorb(State& state, const Event& event) {
  switch (event.kind) {
    case EventKind::Signal: return on_signal(state, event);
    case EventKind::Timeout: return on_timeout(state);
    case EventKind::Ended: return on_ended(state, event);
    case EventKind::Stopped: return on_stopped(state, event);
    case EventKind::NoneReady: return on_none_ready(state);
    // COMMAND is our child until it is reaped, so that it has ended is certain here.
    case EventKind::Childless: return plan_exit(state, false);
    case EventKind::Swept: return on_swept(state, event);
    case EventKind::Started:
    case EventKind::Quiet:
    case EventKind::Done: return;
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
  if (state.phase == Phase::Killing) sweep_again(state);
  return {.kind = ActionKind::Poll};
}

}  // namespace cardboard
