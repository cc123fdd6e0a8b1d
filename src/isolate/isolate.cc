// SPDX-License-Identifier: MIT
//
// See isolate.h. Read this file to see what a container is made of, and in which order privilege
// goes away.
#include "isolate/isolate.h"

#include <errno.h>
#include <unistd.h>

#include <cstring>

#include "base/fd.h"
#include "base/sys.h"
#include "init/lockdown.h"
#include "init/reporter.h"
#include "isolate/namespaces.h"
#include "isolate/network.h"
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

Failure fail_to_clone(int result) {
  const Failure failure = fail(result, "make namespaces"_p);
  switch (-result) {
    case EPERM:
      return failure.hint(
          "user namespaces are forbidden here: by the sysctl kernel.unprivileged_userns_clone or "
          "kernel.apparmor_restrict_unprivileged_userns, by a chroot, or by a container around us"_p);
    case ENOSPC:
    case EUSERS: return failure.hint("see the limits in /proc/sys/user, or nest less deep"_p);
    default: return failure;
  }
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
  sys_close(lifeline.outside);
  leave_report();
  TRY(await_admission(lifeline.inside));
  // User 0 of a new user namespace: all capabilities over the new namespaces, none over the host.
  TRY(become_undumpable());
  // Out of reach for the terminal's signals, which the process outside forwards, and for TIOCSTI.
  sys_setsid();
  const mode_t umask_of_caller = sys_umask(0);
  if (!plan.outside_takes_sources) TRY(take_sources(plan, sources));
  TRY(enter_root(plan, sources));
  // The host's files are gone, but for those that are open.
  TRY(find_user(plan.privileges));
  TRY(bring_loopback_up());
  TRY(check(sys_sethostname(plan.hostname, std::strlen(plan.hostname)), "set the host name"_p));
  sys_umask(umask_of_caller);
  TRY(drop_privileges(plan.privileges));
  // No capability, and none to be had, but what COMMAND is to keep and what it takes to become its
  // user; the latter until that is done.
  TRY(check(sys_close_range(STDERR_FILENO + 1, ~0u), "close descriptors"_p));
  // Nothing of the host is left but stdin, stdout and stderr.
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
  const Result<void> admitted = admit(plan, init, sources, lifeline.outside);
  give_back(sources);
  if (admitted.ok()) return Container{init};
  sys_close(lifeline.outside);
  sys_wait(init, nullptr, 0);
  return admitted.failure();
}

}  // namespace

Result<Container> isolate(Plan& plan) {
  if (!plan.isolate) return Container{};
  TRY(open_stdio());
  static Sources sources;
  if (plan.outside_takes_sources) TRY(take_sources(plan, sources));
  const Lifeline lifeline = TRY(make_lifeline());
  const pid_t init = sys_fork(plan.namespaces);
  if (init < 0) return fail_to_clone(init);
  return init == 0 ? enter(plan, sources, lifeline) : accompany(plan, init, sources, lifeline);
}

}  // namespace cardboard
