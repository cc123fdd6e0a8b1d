// SPDX-License-Identifier: MIT
//
// The kernel's calls without libc between: each returns what the kernel returns, a result or a
// negated errno. musl lacks some and narrows others (it keeps signals 32 to 34 to itself: KERNEL.md
// 1.1, 1.2), and inline they cost half the bytes of a call to libc. None retries after EINTR: no
// signal here has a handler.
// Source: the manual page of the same name in section 2, where a line says no more.
#pragma once

#include <fcntl.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <linux/time_types.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "base/kernel_call.h"
#include "base/ulimit.h"

namespace cardboard {

namespace detail {

// To the kernel an int is 32 bits. Not to fill the other half with its sign saves an instruction
// where it is a variable, and costs one where it is not.
template <typename T>
inline long argument(T value) {
  if (sizeof(T) > sizeof(int) || __builtin_constant_p(value)) return static_cast<long>(value);
  return static_cast<long>(static_cast<unsigned>(value));
}

template <typename T>
inline long argument(T* pointer) {
  return reinterpret_cast<long>(pointer);
}

inline long argument(decltype(nullptr)) { return 0; }

inline int call(long number, auto... arguments) {
  return static_cast<int>(kernel_call(number, argument(arguments)...));
}

}  // namespace detail

// ---- Files ----

[[gnu::noinline]] inline int sys_openat(int directory, const char* path, int flags,
                                        mode_t mode = 0) {
  return detail::call(SYS_openat, directory, path, flags | O_CLOEXEC, mode);
}

inline int sys_open(const char* path, int flags) { return sys_openat(AT_FDCWD, path, flags); }

// openat2(2) that resolves `path` as if `root` were "/", and follows no magic link.
[[gnu::noinline]] inline int sys_open_in_root(int root, const char* path, uint64_t flags) {
  const open_how how = {flags | O_CLOEXEC, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
  return detail::call(SYS_openat2, root, path, &how, sizeof how);
}

inline int sys_read(int fd, void* buffer, size_t size) {
  return detail::call(SYS_read, fd, buffer, size);
}

inline int sys_write(int fd, const void* buffer, size_t size) {
  return detail::call(SYS_write, fd, buffer, size);
}

// write(2) that fails with EAGAIN where it would have to wait: pwritev2(2), RWF_NOWAIT. Works with
// pipes from Linux 6.4 on; what cannot do it fails in other ways.
inline int sys_write_now(int fd, const void* buffer, size_t size) {
  constexpr int kNoWait = 8;
  const iovec part = {const_cast<void*>(buffer), size};
  return detail::call(SYS_pwritev2, fd, &part, 1, -1, -1, kNoWait);
}

inline int sys_close(int fd) { return detail::call(SYS_close, fd); }

inline int sys_close_range(unsigned first, unsigned last) {
  return detail::call(SYS_close_range, first, last, 0);
}

inline int sys_fcntl(int fd, int command, long argument) {
  return detail::call(SYS_fcntl, fd, command, argument);
}

inline int sys_ioctl(int fd, unsigned request, void* argument) {
  return detail::call(SYS_ioctl, fd, request, argument);
}

inline int sys_dup(int from, int to) { return detail::call(SYS_dup3, from, to, 0); }

// The other side of the pseudo-terminal `master`: ioctl_tty(2), TIOCGPTPEER.
inline int sys_open_peer(int master, int flags) {
  return detail::call(SYS_ioctl, master, TIOCGPTPEER, flags);
}

// Both ends close on exec.
inline int sys_pipe(int (&ends)[2]) { return detail::call(SYS_pipe2, ends, O_CLOEXEC); }

inline int sys_poll(pollfd& fd, int64_t timeout_ns) {
  const __kernel_timespec timeout = {0, timeout_ns};
  return detail::call(SYS_ppoll, &fd, 1, &timeout, nullptr, 0);
}

inline int sys_getdents(int directory, void* buffer, size_t size) {
  return detail::call(SYS_getdents64, directory, buffer, size);
}

inline int sys_readlinkat(int directory, const char* path, char* buffer, size_t size) {
  return detail::call(SYS_readlinkat, directory, path, buffer, size);
}

// An empty `path` means `directory` itself. Type and device numbers are all that is asked for.
[[gnu::noinline]] inline int sys_statx(int directory, const char* path, struct statx& status) {
  return detail::call(SYS_statx, directory, path, AT_EMPTY_PATH, STATX_TYPE, &status);
}

// 0 where the effective ids may execute the file or enter the directory: faccessat2(2).
inline int sys_may_execute(int directory, const char* path) {
  constexpr int kExecute = 1;
  return detail::call(SYS_faccessat2, directory, path, kExecute, AT_EACCESS);
}

inline int sys_mkdirat(int directory, const char* path, mode_t mode) {
  return detail::call(SYS_mkdirat, directory, path, mode);
}

inline int sys_symlinkat(const char* target, int directory, const char* path) {
  return detail::call(SYS_symlinkat, target, directory, path);
}

// To nothing. Fails with EINVAL where it is no regular file.
inline int sys_truncate(int file) { return detail::call(SYS_ftruncate, file, 0); }

// The group stays as it is.
inline int sys_set_owner(int file, uid_t owner) {
  return detail::call(SYS_fchown, file, owner, -1);
}

inline int sys_unlinkat(int directory, const char* path, int flags) {
  return detail::call(SYS_unlinkat, directory, path, flags);
}

inline mode_t sys_umask(mode_t mask) { return static_cast<mode_t>(detail::call(SYS_umask, mask)); }

inline int sys_uname(void* names) { return detail::call(SYS_uname, names); }

inline void sys_sync() { detail::call(SYS_sync); }

inline int sys_chdir(const char* path) { return detail::call(SYS_chdir, path); }

inline int sys_fchdir(int directory) { return detail::call(SYS_fchdir, directory); }

inline int sys_socket(int family, int type) {
  return detail::call(SYS_socket, family, type | SOCK_CLOEXEC, 0);
}

inline int sys_bind(int socket, const void* address, unsigned length) {
  return detail::call(SYS_bind, socket, address, length);
}

inline int sys_getsockname(int socket, void* address, unsigned* length) {
  return detail::call(SYS_getsockname, socket, address, length);
}

// Of level SOL_SOCKET.
inline int sys_setsockopt(int socket, int option, const void* value, unsigned length) {
  return detail::call(SYS_setsockopt, socket, SOL_SOCKET, option, value, length);
}

inline int sys_sendto(int socket, const void* text, size_t size, int flags, const void* address,
                      unsigned length) {
  return detail::call(SYS_sendto, socket, text, size, flags, address, length);
}

// A pair of connected streams that close on exec.
inline int sys_socketpair(int (&ends)[2]) {
  return detail::call(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

// `number` is SYS_sendmsg or SYS_recvmsg.
inline int sys_exchange_message(long number, int socket, msghdr* message) {
  return detail::call(number, socket, message, 0);
}

inline int sys_recvmsg(int socket, msghdr* message) {
  return detail::call(SYS_recvmsg, socket, message, 0);
}

// ---- Processes ----

// fork(2), into new namespaces if `flags` has CLONE_NEW*. Without a stack of its own the child goes
// on with a copy of ours; and as all further arguments are zero, it does not matter that
// architectures differ in their order.
inline pid_t sys_fork(unsigned long flags) {
  return detail::call(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

// fork(2), of a child of whose end there is no signal, and that only a wait with __WCLONE or __WALL
// finds: clone(2).
inline pid_t sys_fork_silently() { return detail::call(SYS_clone, 0, 0, 0, 0, 0); }

// CLONE_NEW*.
inline int sys_unshare(unsigned long flags) { return detail::call(SYS_unshare, flags); }

inline int sys_execve(const char* path, char* const* argv, const char* const* environment) {
  return detail::call(SYS_execve, path, argv, environment);
}

[[noreturn]] inline void sys_exit(int status) {
  for (;;) detail::call(SYS_exit_group, status);
}

inline pid_t sys_wait(pid_t pid, int* status, int flags) {
  return detail::call(SYS_wait4, pid, status, flags, nullptr);
}

// Whether `pid` is a child of ours that has not been reaped: waitid(2).
inline bool sys_is_child(pid_t pid) {
  constexpr int kOnlyLook = WEXITED | WNOHANG | WNOWAIT;
  return detail::call(SYS_waitid, P_PID, pid, nullptr, kOnlyLook, nullptr) == 0;
}

inline int sys_getrusage(int who, rusage& usage) {
  return detail::call(SYS_getrusage, who, &usage);
}

inline pid_t sys_getpid() { return detail::call(SYS_getpid); }

inline pid_t sys_getppid() { return detail::call(SYS_getppid); }

// Of ourselves where `pid` is 0.
inline pid_t sys_getpgid(pid_t pid) { return detail::call(SYS_getpgid, pid); }

inline int sys_setpgid(pid_t pid, pid_t group) { return detail::call(SYS_setpgid, pid, group); }

inline pid_t sys_getsid() { return detail::call(SYS_getsid, 0); }

inline int sys_setsid() { return detail::call(SYS_setsid); }

inline uid_t sys_geteuid() { return static_cast<uid_t>(detail::call(SYS_geteuid)); }

inline gid_t sys_getegid() { return static_cast<gid_t>(detail::call(SYS_getegid)); }

inline int sys_drop_groups() { return detail::call(SYS_setgroups, 0, nullptr); }

inline int sys_setresgid(gid_t gid) { return detail::call(SYS_setresgid, gid, gid, gid); }

inline int sys_setresuid(uid_t uid) { return detail::call(SYS_setresuid, uid, uid, uid); }

inline int sys_setrlimit(std::size_t resource, const Ulimit& limit) {
  return detail::call(SYS_prlimit64, 0, resource, &limit, nullptr);
}

inline int sys_setns(int fd, int type) { return detail::call(SYS_setns, fd, type); }

// Called from many places with few arguments: as a function it saves 50 bytes.
[[gnu::noinline]] inline int sys_prctl(int option, unsigned long argument) {
  return detail::call(SYS_prctl, option, argument, 0, 0, 0);
}

inline int sys_capget(void* header, void* data) { return detail::call(SYS_capget, header, data); }

inline int sys_capset(void* header, const void* data) {
  return detail::call(SYS_capset, header, data);
}

inline int sys_seccomp(unsigned operation, const void* argument) {
  return detail::call(SYS_seccomp, operation, 0, argument);
}

// `command` is RB_AUTOBOOT and so on: reboot(2). What ends the machine does not return.
inline int sys_reboot(unsigned command) {
  constexpr unsigned kMagic1 = 0xfee1dead;
  constexpr unsigned kMagic2 = 672274793;
  return detail::call(SYS_reboot, kMagic1, kMagic2, command, nullptr);
}

inline int sys_sethostname(const char* name, size_t length) {
  return detail::call(SYS_sethostname, name, length);
}

// The address of zeroed memory that is ours and that of all our children: mmap(2).
inline long sys_map_shared(size_t size) {
  return detail::kernel_call(SYS_mmap, 0, detail::argument(size), PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

inline int sys_mprotect(void* start, size_t size, int protection) {
  return detail::call(SYS_mprotect, start, size, protection);
}

// CLOCK_MONOTONIC in nanoseconds. Cannot fail: every kernel has it.
inline int64_t sys_monotonic_now() {
  constexpr int kMonotonic = 1;
  __kernel_timespec time = {};
  detail::call(SYS_clock_gettime, kMonotonic, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

// ---- Signals: sets are of 64 bits, as the kernel has them ----

struct KernelSigaction {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)();
  uint64_t mask;
};

inline int sys_sigprocmask(int how, const uint64_t* set, uint64_t* old) {
  return detail::call(SYS_rt_sigprocmask, how, set, old, sizeof *set);
}

inline int sys_sigaction(int signal, const KernelSigaction* action, KernelSigaction* old) {
  return detail::call(SYS_rt_sigaction, signal, action, old, sizeof action->mask);
}

// No timeout means for ever.
inline int sys_sigtimedwait(uint64_t set, siginfo_t* info, const __kernel_timespec* timeout) {
  return detail::call(SYS_rt_sigtimedwait, &set, info, timeout, sizeof set);
}

inline int sys_kill(pid_t pid, int signal) { return detail::call(SYS_kill, pid, signal); }

// The signal that `info` tells of: rt_sigqueueinfo(2).
inline int sys_sigqueue(pid_t pid, const siginfo_t& info) {
  return detail::call(SYS_rt_sigqueueinfo, pid, info.si_signo, &info);
}

// raise(3) of a signal that is blocked: it takes its effect here, and is blocked again afterwards.
inline void sys_raise(int signal) {
  sys_kill(sys_getpid(), signal);
  const uint64_t set = uint64_t{1} << (signal - 1);
  sys_sigprocmask(SIG_UNBLOCK, &set, nullptr);
  sys_sigprocmask(SIG_BLOCK, &set, nullptr);
}

inline int sys_pidfd_open(pid_t pid) { return detail::call(SYS_pidfd_open, pid, 0); }

inline int sys_pidfd_send_signal(int pidfd, int signal) {
  return detail::call(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0);
}

// ---- Mounts: Documentation/filesystems/mount_api.rst; open_tree(2) and move_mount(2) have manual
// pages from Linux man-pages 6.16 on ----

inline int sys_open_tree(int directory, const char* path, unsigned flags) {
  return detail::call(SYS_open_tree, directory, path, flags | OPEN_TREE_CLOEXEC);
}

// From what `mount` is to what `place` is open on.
inline int sys_move_mount(int mount, int place) {
  constexpr unsigned kFlags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
  return detail::call(SYS_move_mount, mount, "", place, "", kFlags);
}

inline int sys_fsopen(const char* type) { return detail::call(SYS_fsopen, type, FSOPEN_CLOEXEC); }

inline int sys_fsconfig(int context, unsigned command, const char* key, const void* value) {
  return detail::call(SYS_fsconfig, context, command, key, value, 0);
}

inline int sys_fsmount(int context, unsigned attributes) {
  return detail::call(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes);
}

// Of what `mount` is open on; `flags` is AT_RECURSIVE or 0.
inline int sys_mount_setattr(int mount, unsigned flags, const mount_attr& attributes) {
  return detail::call(SYS_mount_setattr, mount, "", AT_EMPTY_PATH | flags, &attributes,
                      sizeof attributes);
}

inline int sys_pivot_root(const char* new_root, const char* put_old) {
  return detail::call(SYS_pivot_root, new_root, put_old);
}

inline int sys_umount(const char* path, int flags) {
  return detail::call(SYS_umount2, path, flags);
}

}  // namespace cardboard
