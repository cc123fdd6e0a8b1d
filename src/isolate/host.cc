// SPDX-License-Identifier: MIT
//
// See host.h.
#include "isolate/host.h"

#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <sys/stat.h>

#include <termios.h>
#include <unistd.h>
#include <cstring>

#include "base/environment.h"
#include "base/fd.h"
#include "base/sys.h"
#include "init/path_search.h"
#include "init/status.h"
#include "isolate/mounts.h"

namespace cardboard {

namespace {

bool has_capabilities(std::uint32_t wanted) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  return sys_capget(&header, data) == 0 && (data[0].effective & wanted) == wanted;
}

// Real root owns all ids; root of a user namespace has a map with fewer, and root of a Docker
// container has not the capabilities.
bool is_real_root() {
  constexpr std::uint32_t kWanted = 1u << CAP_SYS_ADMIN | 1u << CAP_SETUID | 1u << CAP_SETGID;
  if (sys_geteuid() != 0 || !has_capabilities(kWanted)) return false;
  constexpr char kAllIds[] = " 4294967295\n";
  char text[64];
  const int size = read_file(AT_FDCWD, "/proc/self/uid_map", text);
  // With any other line there is no room for so many.
  constexpr int kLength = sizeof kAllIds - 1;
  return size >= kLength && std::memcmp(text + size - kLength, kAllIds, kLength) == 0;
}

Failure fail_to_execute(int result, const char* name) {
  return fail(result, "execute"_p, name).status(exit_status_of_exec(-result));
}

bool is_terminal(int fd) {
  termios modes;
  return sys_ioctl(fd, TCGETS, &modes) == 0;
}

// 0 or a negated errno, as execve(2) would have it; a directory gets the errno that says so.
int try_to_execute(const char* path) {
  struct statx status;
  const int result = sys_statx(AT_FDCWD, path, status);
  if (result < 0) return result;
  if (S_ISDIR(status.stx_mode)) return -EISDIR;
  if (!S_ISREG(status.stx_mode)) return -EACCES;
  return sys_may_execute(AT_FDCWD, path);
}

// Judged by the file's first bytes.
Result<void> inspect_command(const char* path, Host& host) {
  static char head[kExecutableHead];
  const int size = read_file(AT_FDCWD, path, head);
  if (size < 0) return fail_to_execute(size, path);
  host.command_file = path;
  host.executable = inspect_executable({head, static_cast<std::size_t>(size)});
  return {};
}

// COMMAND is looked up outside, as it has no place inside yet.
Result<void> find_command(const char* name, Host& host) {
  static char path[PATH_MAX];
  PathSearch search(name, host.path, path);
  int verdict = -ENOENT;
  while (const char* candidate = search.next()) {
    const int result = try_to_execute(candidate);
    if (result == 0) return inspect_command(candidate, host);
    if (verdict == -ENOENT) verdict = result;
  }
  return fail_to_execute(verdict, name);
}

// Also from a pipe, which comes in pieces.
Result<void> read_filter(const char* path, Host& host) {
  // With room for one byte too many, so that a file that is too long can be told.
  alignas(sock_filter) static char filter[BPF_MAXINSNS * sizeof(sock_filter) + 1];
  const Fd file(TRY(checked(sys_open(path, O_RDONLY), "open"_p, path)));
  std::size_t filled = 0;
  // What cannot be read, like a directory, is no program.
  while (true) {
    const int size = sys_read(file.get(), filter + filled, sizeof filter - filled);
    if (size <= 0) break;
    filled += static_cast<std::size_t>(size);
  }
  host.filter = {filter, filled};
  return {};
}

// Where something is mounted anew, mount points can be made.
bool lies_in_common(const char* path) {
  const char* place = kCommonPlaces;
  while (*place != '\0' && !lies_in(path + 1, place)) place = behind(place);
  return *place != '\0';
}

bool has_mount_points(const Options& options, int root) {
  for (const char* name = kCommonPlaces; *name != '\0'; name = behind(name)) {
    const Fd place(open_in_root(root, name, O_DIRECTORY));
    if (!place.valid()) return false;
  }
  for (const Step& mount : options.mounts) {
    const Fd place(open_in_root(root, mount.target, 0));
    if (!place.valid() && !lies_in_common(mount.target)) return false;
  }
  return true;
}

Result<void> probe_root(const Options& options, Host& host) {
  const char* path = options.root;
  const Fd root(TRY(checked(sys_open(path, O_PATH | O_DIRECTORY), "use root directory"_p, path)));
  TRY(check(sys_may_execute(root.get(), "."), "use root directory"_p, path));
  host.lacks_mount_points = !has_mount_points(options, root.get());
  return {};
}

void probe_groups(Host& host) {
  struct statx status;
  host.groups.unified = sys_statx(AT_FDCWD, "/sys/fs/cgroup/cgroup.procs", status) == 0;
  host.groups.pid = host.pid;
  host.groups.now = sys_monotonic_now();
  static char text[PATH_MAX];
  const int size = read_file(AT_FDCWD, "/proc/self/cgroup", text);
  host.own_group = size > 0 ? own_group(text, static_cast<std::size_t>(size)) : "";
}

}  // namespace

Result<void> probe_host(const Options& options, Host& host) {
  if (options.seccomp != nullptr && *options.seccomp != '\0') {
    TRY(read_filter(options.seccomp, host));
  }
  host.at_terminal = is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO);
  host.uid = sys_geteuid();
  host.gid = sys_getegid();
  host.is_privileged = is_real_root();
  if (options.has_limits) probe_groups(host);
  return options.root != nullptr ? probe_root(options, host) : find_command(*options.command, host);
}

Result<void> plan_container(const Options& options, Host& host, Plan& plan) {
  TRY(probe_host(options, host));
  return make_plan(options, host, plan);
}

}  // namespace cardboard
