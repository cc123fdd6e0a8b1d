// SPDX-License-Identifier: MIT
//
// See isolate.h. Read this file to see what a container is made of, and in which order privilege
// goes away.
#include "isolate/isolate.h"

#include <errno.h>
#include <linux/sched.h>
#include <unistd.h>

#include <cstring>

#include "base/fd.h"
#include "base/sys.h"
#include "init/caller.h"
#include "init/lockdown.h"
#include "init/reporter.h"
#include "isolate/cgroup.h"
#include "isolate/mounts.h"
#include "isolate/namespaces.h"
#include "isolate/network.h"
#include "isolate/obstacle.h"
#include "isolate/pty.h"
#include "isolate/rootfs.h"
#include "plan/user.h"

namespace cardboard {

namespace {

// A closed stdin, stdout or stderr would be filled by the first file that COMMAND opens.
Result<void> open_stdio() {
  int number = 0;
  while (number <= STDERR_FILENO) {
    number = TRY(checked(sys_open("/dev/null", O_RDWR), "open"_p, "/dev/null"));
    // Unlike all other descriptors of ours, these are for COMMAND.
    if (number <= STDERR_FILENO) sys_fcntl(number, F_SETFD, 0);
  }
  sys_close(number);
  return {};
}

// What is to be kept must be the caller's, and there: else COMMAND would get a descriptor of ours
// that has the number, or will have it. Ours close on exec; what we were given does not.
Result<void> check_kept(int count) {
  for (int i = 0; i < count; ++i) {
    if (sys_fcntl(STDERR_FILENO + 1 + i, F_GETFD, 0) != 0) {
      return fail(-EBADF, "keep descriptors from 3 on"_p);
    }
  }
  return {};
}

bool pid_file_made = false;

// With the init's pid, as it is seen out here. What is removed in the end must be what was made
// here, or could have been: no symbolic link, and no device, as those cannot be truncated.
Result<void> write_pid_file(const char* path, pid_t init) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
  char text[16];
  Writer writer(text);
  writer << init << '\n';
  const Fd file(sys_openat(AT_FDCWD, path, kFlags, 0644));
  int result = file.get();
  if (result >= 0) result = sys_truncate(file.get());
  if (result >= 0) {
    pid_file_made = true;
    result = sys_write(file.get(), text, writer.view().size());
  }
  return check(result, "write pid file"_p, path);
}

// In the new root, by its own passwd: which may be anything, as the root may be hostile.
Result<void> find_user(Privileges& privileges) {
  if (privileges.user == nullptr) return {};
  // All zero, and so an end behind what is read, or no text where nothing can be.
  static char passwd[0x10000];
  const Fd file(sys_open_in_root(AT_FDCWD, "etc/passwd", O_RDONLY | O_NONBLOCK));
  sys_read(file.get(), passwd, sizeof passwd - 1);
  if (find_ids(privileges.user, passwd, privileges)) return {};
  return refuse("become user"_p, privileges.user, "neither an id nor a name in etc/passwd"_p);
}

// The init inside, from its first line to the last before COMMAND.
Result<Container> enter(Plan& plan, Sources& sources, const Lifeline& lifeline) {
  // Those are for the process outside.
  plan.groups.options = nullptr;
  sys_close(lifeline.outside);
  leave_report();
  TRY(await_admission(lifeline.inside));
  TRY(check(sys_unshare(CLONE_NEWCGROUP), "make namespaces"_p));
  // User 0 of a new user namespace: all capabilities over the new namespaces, none over the host.
  // Or, with --userns host, root.
  TRY(become_undumpable());
  // Out of reach for the terminal's signals, which the process outside forwards, and for TIOCSTI.
  sys_setsid();
  const mode_t umask_of_caller = sys_umask(0);
  if (plan.uid_map.empty()) TRY(part_mounts());
  if (!plan.outside_takes_sources) TRY(take_sources(plan, sources));
  TRY(enter_root(plan, sources));
  // The host's files are gone, but for those that are open.
  TRY(find_user(plan.privileges));
  if ((plan.namespaces & CLONE_NEWNET) != 0) TRY(bring_loopback_up());
  TRY(check(sys_sethostname(plan.hostname, std::strlen(plan.hostname)), "set host name"_p,
            plan.hostname));
  sys_umask(umask_of_caller);
  if (plan.tty) TRY(enter_terminal(lifeline.inside, plan.privileges.uid));
  TRY(drop_privileges(plan.privileges));
  // No capability, and none to be had, but what COMMAND is to keep and what it takes to become its
  // user; the latter until that is done.
  const auto first = static_cast<unsigned>(STDERR_FILENO + 1 + plan.kept_fds);
  TRY(check(sys_close_range(first, ~0u), "close descriptors"_p));
  // Nothing of the host is left but stdin, stdout, stderr and what was to be kept. So there is
  // nothing that a link to /proc/self/fd in a hostile root could lead to.
  TRY(check(sys_chdir(plan.workdir), "enter"_p, plan.workdir));
  return Container{};
}

// Those of ours; the container has its own of them.
void give_back(const Sources& sources) {
  for (const int source : sources) {
    if (source > 0) sys_close(source);
  }
}

// The process outside. It keeps lifeline.outside open: when it ends, so does the container.
Result<Container> accompany(const Plan& plan, pid_t init, const Sources& sources,
                            const Lifeline& lifeline) {
  sys_close(lifeline.inside);
  Result<void> admitted;
  if (plan.pid_file != nullptr) admitted = write_pid_file(plan.pid_file, init);
  if (admitted.ok()) admitted = admit(plan, init, sources, lifeline.outside);
  give_back(sources);
  if (admitted.ok()) {
    return Container{init, plan.tty ? receive_terminal(lifeline.outside) : 0};
  }
  sys_close(lifeline.outside);
  sys_wait(init, nullptr, 0);
  clean_up(plan, 0);
  return admitted.failure();
}

}  // namespace

Result<Container> isolate(Plan& plan) {
  TRY(check_kept(plan.kept_fds));
  TRY(open_stdio());
  if (plan.network != nullptr) TRY(join_network(plan.network));
  static Sources sources;
  if (plan.outside_takes_sources) TRY(take_sources(plan, sources));
  const Lifeline lifeline = TRY(make_lifeline());
  TRY(make_groups(plan));
  const pid_t init =
      TRY(permitted(sys_fork(plan.namespaces), Need::Namespaces, "make namespaces"_p));
  return init == 0 ? enter(plan, sources, lifeline) : accompany(plan, init, sources, lifeline);
}

void clean_up(const Plan& plan, int status) {
  end_groups(status);
  if (pid_file_made) sys_unlinkat(AT_FDCWD, plan.pid_file, 0);
}

}  // namespace cardboard
