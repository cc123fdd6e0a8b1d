// SPDX-License-Identifier: MIT
//
// See cgroup.h. What is done to a group is done by a function that takes a control, and returns 0
// or a negated errno; each() has it done for all.
#include "isolate/cgroup.h"

#include <errno.h>
#include <sys/prctl.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/sys.h"
#include "init/reporter.h"
#include "init/status.h"

namespace cardboard {

namespace {

// What the remover waits for; nobody sends it by habit.
constexpr int kRelease = SIGURG;

const Groups* groups;
pid_t remover;
pid_t newcomer;   // to the container's groups
int exit_status;  // ours

// Of a template for write_control(); valid until the next call. What is too long for the kernel is
// not cut off before it.
const char* path_of(const Control& control, Phrase words) {
  static char buffer[PATH_MAX + 1];
  Writer path(buffer);
  write_control(path, words, *groups, control);
  return path.c_str();
}

int remove_directory(const Control& control, Phrase path) {
  return sys_unlinkat(AT_FDCWD, path_of(control, path), AT_REMOVEDIR);
}

int write_to(const Control& control, Phrase path, Phrase words) {
  char buffer[1024];
  Writer text(buffer);
  write_control(text, words, *groups, control);
  if (text.overflowed()) return -E2BIG;
  return write_file(path_of(control, path), text.view());
}

// Its beginning; valid until the next call.
const char* read_from(const Control& control, Phrase path) {
  static char text[1024];
  const int size = read_file(AT_FDCWD, path_of(control, path), {text, sizeof text - 1});
  text[size > 0 ? size : 0] = '\0';
  return text;
}

Result<void> each(int (*act)(Control& control)) {
  Control control;
  for (const char* row = first_control(); (row = read_control(row, *groups, control)) != nullptr;) {
    const int result = act(control);
    if (result >= 0) continue;
    const Failure failure = fail(result, "limit"_p, control.controller);
    // From there on, the kernel says what is wrong with the value.
    if (result <= -EINVAL) return failure;
    return failure.hint(
        "have root do it, or systemd-run --user --scope -p Delegate=yes cardboard ..."_p);
  }
  return {};
}

int give_controller(Control& control) {
  return write_to(control, "%p/cgroup.subtree_control"_p, "+%c"_p);
}

int take_controller(Control& control) {
  return write_to(control, "%p/cgroup.subtree_control"_p, "-%c"_p);
}

int set_control(Control& control) {
  const int made = sys_mkdirat(AT_FDCWD, path_of(control, "%p/%n"_p), 0755);
  // Made for the limit before.
  if (made < 0 && made != -EEXIST) return made;
  if (control.use >= Use::MemoryPeak) return 0;
  if (control.use == Use::Inherited) control.text = read_from(control, "%p/%c.%f"_p);
  const int result = write_to(control, "%p/%n/%c.%f"_p, "%v"_p);
  return control.is_optional && result == -ENOENT ? 0 : result;
}

int take_in(Control& control) {
  control.text = nullptr;
  control.number = newcomer;
  return write_to(control, "%p/%n/cgroup.procs"_p, "%v"_p);
}

// One that is gone already is as good.
int remove_group(Control& control) {
  const int result = remove_directory(control, "%p/%n"_p);
  return result == -EBUSY ? result : 0;
}

// A group that has processes can give its children no controllers. If these are ours alone, they go
// elsewhere.
void leave_parent() {
  const Control any;
  sys_mkdirat(AT_FDCWD, path_of(any, "%p/%n.outside"_p), 0755);
  write_to(any, "%p/%n.outside/cgroup.procs"_p, "0"_p);
}

// To be done by all who have left it; the last succeeds.
void return_to_parent() {
  if (!groups->in_our_own) return;
  const Control any;
  static_cast<void>(each(take_controller).ok());
  write_to(any, "%p/cgroup.procs"_p, "0"_p);
  remove_directory(any, "%p/%n.outside"_p);
}

[[noreturn]] void be_remover(pid_t outside) {
  // Holds nothing of the caller's, and gets no signal for its group.
  sys_setsid();
  sys_close_range(0, ~0u);
  sys_prctl(PR_SET_PDEATHSIG, kRelease);
  const __kernel_timespec pause = {0, 10 * kMillisecond};
  const __kernel_timespec* patience = sys_getppid() == outside ? nullptr : &pause;
  // What has been killed may take its time to end.
  do {
    siginfo_t info;
    sys_sigtimedwait(SignalSet{}.with(kRelease).bits, &info, patience);
    patience = &pause;
  } while (!each(remove_group).ok());
  return_to_parent();
  sys_exit(0);
}

// For want of a counter nothing fails.
int report_count(Control& control) {
  if (control.use < Use::MemoryPeak) return 0;
  const char* text = read_from(control, "%p/%n/%c.%f"_p);
  const bool counts_kills = control.use == Use::OomKills;
  // Behind "oom_kill", which is the first line that has a word with that end.
  if (counts_kills) {
    while (*text != '\0' && (text[0] != 'l' || text[1] != ' ')) ++text;
    if (*text != '\0') text += 2;
  }
  if (*text == '\0') return 0;
  std::int64_t count = 0;
  while (*text >= '0' && *text <= '9') count = count * 10 + (*text++ - '0');
  constexpr int kFirst = static_cast<int>(Figure::MemoryPeak) - static_cast<int>(Use::MemoryPeak);
  the_report().set(static_cast<Figure>(static_cast<int>(control.use) + kFirst), count);
  if (!counts_kills || count == 0) return 0;
  if (exit_status == kSignalBase + SIGKILL) the_report().set_end("oom");
  LogLine line;
  write_control(line, "out of memory: the limit is %v bytes"_p, *groups, control);
  log_line(line);
  return 0;
}

}  // namespace

Result<void> make_groups(const Plan& plan) {
  if (plan.groups.options == nullptr) return {};
  groups = &plan.groups;
  if (groups->in_our_own) leave_parent();
  const pid_t outside = sys_getpid();
  // Not a child that is waited for with the others.
  remover = sys_fork_silently();
  if (remover == 0) be_remover(outside);
  TRY(check(remover, "fork"_p));
  if (groups->unified) TRY(each(give_controller));
  static char limits[1024];
  Writer text(limits);
  write_limits(text, *groups);
  the_report().set_limits(text.c_str());
  return each(set_control);
}

Result<void> join_groups(pid_t init) {
  if (groups == nullptr) return {};
  newcomer = init;
  return each(take_in);
}

void end_groups(int status) {
  if (groups == nullptr) return;
  exit_status = status;
  static_cast<void>(each(report_count).ok());
  sys_kill(remover, kRelease);
  sys_wait(remover, nullptr, __WALL);
  return_to_parent();
}

}  // namespace cardboard
