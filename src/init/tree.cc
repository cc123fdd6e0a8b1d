// SPDX-License-Identifier: MIT
//
// See tree.h. Descendants are found by asking every process in /proc for its parents. That works
// without a table of processes, and, unlike /proc/PID/task/TID/children, on every kernel.
#include "init/tree.h"

#include <dirent.h>
#include <errno.h>

#include "base/fd.h"
#include "base/sys.h"
#include "base/text.h"
#include "init/proc_stat.h"

namespace cardboard {

namespace {

pid_t parse_pid(std::string_view text) { return static_cast<pid_t>(parse_number(text)); }

// The parent of `pid`, or 0 when it has none that we can see or is gone itself.
pid_t parent_of(int proc, pid_t pid) {
  char path[32];
  Writer writer(path);
  writer << pid << "/stat";
  char stat[128];
  const int size = read_file(proc, writer.c_str(), stat);
  if (size <= 0) return 0;
  return parse_parent({stat, static_cast<std::size_t>(size)}).value_or(0);
}

// Deeper trees than this are not followed: a recursion needs a bound.
constexpr int kMaxDepth = 4096;

// The second look at the parent, after the chain above it was seen to lead to us, proves that the
// parent's number had not been recycled in between: a process never gets a parent that is younger
// than itself.
bool is_descendant(int proc, pid_t pid, int depth) {
  const pid_t parent = parent_of(proc, pid);
  if (parent == sys_getpid()) return true;
  if (parent <= 1 || depth == kMaxDepth) return false;
  return is_descendant(proc, parent, depth + 1) && parent_of(proc, pid) == parent;
}

struct Sweep {
  int signal;
  bool wakes;
  bool reached = false;
  bool denied = false;
};

// Through a pidfd that was opened before the process was judged, so that the one judged is the one
// that gets the signal. Before Linux 5.3 the number has to do.
int send(int pidfd, pid_t pid, int signal) {
  return pidfd >= 0 ? sys_pidfd_send_signal(pidfd, signal) : sys_kill(pid, signal);
}

void deliver(int pidfd, pid_t pid, Sweep& sweep) {
  const int result = send(pidfd, pid, sweep.signal);
  if (result == 0) sweep.reached = true;
  if (result == -EPERM) sweep.denied = true;
  if (sweep.wakes) send(pidfd, pid, SIGCONT);
}

void signal_if_ours(int proc, pid_t pid, Sweep& sweep) {
  const Fd pidfd(sys_pidfd_open(pid));
  if (pidfd.get() == -ESRCH || !is_descendant(proc, pid, 0)) return;
  deliver(pidfd.get(), pid, sweep);
}

// Without /proc: asks of every number there can be whether it is a child's (PID_MAX_LIMIT of Linux;
// a second for all four million). A child that was not reaped keeps its number, so that no stranger
// is hit. Its own children become ours when it ends, and are found by the sweep after that.
void signal_children(Sweep& sweep) {
  constexpr pid_t kMaxPid = 1 << 22;
  for (pid_t pid = 2; pid < kMaxPid; ++pid) {
    if (sys_is_child(pid)) deliver(-1, pid, sweep);
  }
}

// A /proc of another pid namespace would make us mistake strangers for descendants.
bool is_our_proc(int proc) {
  char self[16];
  const int size = sys_readlinkat(proc, "self", self, sizeof self);
  return size > 0 && parse_pid({self, static_cast<std::size_t>(size)}) == sys_getpid();
}

void signal_descendants(int proc, Sweep& sweep) {
  alignas(dirent) char entries[2048];
  for (;;) {
    const int size = sys_getdents(proc, entries, sizeof entries);
    if (size <= 0) return;
    for (int offset = 0; offset < size;) {
      const auto* entry = reinterpret_cast<const dirent*>(entries + offset);
      const pid_t pid = parse_pid(entry->d_name);
      if (pid > 1) signal_if_ours(proc, pid, sweep);
      offset += entry->d_reclen;
    }
  }
}

bool signal_tree(int signal, bool wakes) {
  Sweep sweep = {.signal = signal, .wakes = wakes};
  const Fd proc(sys_open("/proc", O_RDONLY | O_DIRECTORY));
  if (proc.valid() && is_our_proc(proc.get())) {
    signal_descendants(proc.get(), sweep);
  } else {
    signal_children(sweep);
  }
  return sweep.reached || !sweep.denied;
}

bool signal_namespace(int signal, bool wakes) {
  const int result = sys_kill(-1, signal);
  if (wakes) sys_kill(-1, SIGCONT);
  return result != -EPERM;
}

}  // namespace

bool signal_rest(int signal, bool wakes, bool is_pid_one) {
  return is_pid_one ? signal_namespace(signal, wakes) : signal_tree(signal, wakes);
}

}  // namespace cardboard
