// SPDX-License-Identifier: MIT
//
// See namespaces.h.
#include "isolate/namespaces.h"

#include <errno.h>
#include <linux/mount.h>
#include <sys/prctl.h>

#include <span>

#include "base/fd.h"
#include "base/sys.h"
#include "base/text.h"
#include "isolate/cgroup.h"

namespace cardboard {

namespace {

// /proc/PID/<name>, for what the parent sets up for its child. Valid until the next call.
const char* proc_path(pid_t pid, const char* name) {
  static char path[64];
  Writer writer(path);
  writer << "/proc/" << pid << '/' << name;
  return writer.c_str();
}

// In one piece: the kernel takes a map from the first write(2), and no second.
Result<void> write_proc(pid_t pid, const char* name, std::string_view text, Phrase op) {
  return check(write_file(proc_path(pid, name), text), op);
}

// A set-user-ID program, which knows what the caller may map (subuid(5)), and says what it may not.
// `words` are its arguments, each with a blank or a newline behind it.
Result<void> run_helper(const char* path, std::span<char> words) {
  char* argv[1 + 1 + 3 * kMaxIdMaps + 1] = {const_cast<char*>(path)};
  char* word = words.data();
  std::size_t count = 0;
  for (char& letter : words) {
    if (letter > ' ') continue;
    letter = '\0';
    argv[++count] = word;
    word = &letter + 1;
  }
  const pid_t helper = sys_fork(0);
  if (helper == 0) {
    const char* const environment[] = {nullptr};
    sys_execve(path, argv, environment);
    sys_exit(kExitNotFound);
  }
  int status = -1;
  sys_wait(helper, &status, 0);
  if (status == 0) return {};
  return refuse("map ids by"_p, path, "it is not there, or has refused"_p)
      .hint(
          "see what is yours in /etc/subuid and /etc/subgid; newuidmap is of the package uidmap"_p);
}

Result<void> map_ids(const Plan& plan, pid_t init, const char* name, const char* helper,
                     std::span<const IdMap> maps, Phrase op) {
  char text[40 * (1 + kMaxIdMaps)];
  Writer writer(text);
  if (plan.maps_by_helper) writer << init << ' ';
  for (const IdMap& map : maps) {
    writer << map.inside << ' ' << map.outside << ' ' << map.count << '\n';
  }
  if (plan.maps_by_helper) return run_helper(helper, {text, writer.view().size()});
  return write_proc(init, name, writer.view(), op);
}

int map_owners(int mount, int userns, unsigned flags) {
  mount_attr change = {};
  change.attr_set = MOUNT_ATTR_IDMAP;
  change.userns_fd = static_cast<std::uint64_t>(userns);
  return sys_mount_setattr(mount, flags, change);
}

// Host root's files then belong to user 0 inside. Not every file system can do it, for a root that
// is the host's own /proc, for one: there, the files stay nobody's, and can be read as far as
// anybody can read them; but where it was asked for, it has to be done.
Result<void> map_sources(const Plan& plan, pid_t init, const Sources& sources) {
  const Fd userns(
      TRY(checked(sys_open(proc_path(init, "ns/user"), O_RDONLY), "open the user namespace"_p)));
  const int* source = sources;
  for (const Step& step : plan.steps) {
    const int mount = *source++;
    if (mount == 0 || (step.attributes & kMapOwners) == 0) continue;
    const int result = map_owners(mount, userns.get(), AT_RECURSIVE);
    const bool is_wish = result == -EINVAL && step.kind != StepKind::Volume;
    if (is_wish) {
      map_owners(mount, userns.get(), 0);
    } else {
      TRY(check(result, "map the owners of"_p, step.source));
    }
  }
  return {};
}

}  // namespace

Result<Lifeline> make_lifeline() {
  int ends[2];
  TRY(check(sys_socketpair(ends), "open a socket"_p));
  return Lifeline{ends[0], ends[1]};
}

Result<void> admit(const Plan& plan, pid_t init, const Sources& sources, int lifeline) {
  TRY(join_groups(init));
  if (plan.denies_setgroups) TRY(write_proc(init, "setgroups", "deny", "deny setgroups"_p));
  if (!plan.uid_map.empty()) {
    TRY(map_ids(plan, init, "gid_map", "/usr/bin/newgidmap", plan.gid_map, "map group ids"_p));
    TRY(map_ids(plan, init, "uid_map", "/usr/bin/newuidmap", plan.uid_map, "map user ids"_p));
  }
  if (plan.outside_takes_sources) TRY(map_sources(plan, init, sources));
  return check(sys_write(lifeline, "", 1), "start the init inside"_p);
}

Result<void> await_admission(int lifeline) {
  char byte;
  // End of file: the process outside has failed, and says so, or has died.
  if (sys_read(lifeline, &byte, 1) != 1) return fail_silently();
  // EPERM is the rule where setgroups is denied: the groups of an ordinary user are kept.
  const int dropped = sys_drop_groups();
  TRY(check(dropped == -EPERM ? 0 : dropped, "drop supplementary groups"_p));
  int became = sys_setresgid(0);
  if (became == 0) became = sys_setresuid(0);
  if (became < 0) {
    return fail(became, "become user 0 of the container"_p)
        .hint("the ids of --uidmap and --gidmap must have 0 among them"_p);
  }
  // After the change of ids, which clears it.
  TRY(check(sys_prctl(PR_SET_PDEATHSIG, SIGKILL), "bind to the process outside"_p));
  // It may have died before it could be bound to. getppid(2) is 0 here and cannot tell.
  pollfd outside = {lifeline, 0, 0};
  if (sys_poll(outside, 0) == 1) return fail_silently();
  return {};
}

}  // namespace cardboard
