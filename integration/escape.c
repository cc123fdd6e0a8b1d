// SPDX-License-Identifier: MIT
// The attacker of the escape suite: `escape ATTACK [ARG]...` tries one way out of a container, or
// into the kernel, and says how it went: status 0 "succeeded", 1 "stopped: REASON", 2 "not tried:
// REASON". It goes no further than to show that it could: what would do harm to the machine (a
// setting, a device, a trigger) is opened for writing, and nothing is written. STAGES below the
// attacks set up on the host what an attack wants to reach.
//
// One static file that needs no other, like probe.c, as it also runs where nothing else is. System
// calls are made by number where the C library would check, translate or hide an argument.

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

// What an attack returns: an errno that stopped it, 0 if nothing did, and for what does not come so
// far as to be an attack kNotTried plus an errno.
enum { kNotTried = 1000 };

// Kernel interfaces that this musl's headers lack.
enum {
  kOpenTreeClone = 1,
  kSessionKeyring = -3,
  kKeyringId = 0,
  kKeyJoin = 1,
  kKeySearch = 10,
  kKeyRead = 11
};
static const uint64_t kHighBit = (uint64_t)1 << 32;

static int outcome(long result) { return result == -1 ? errno : 0; }

static int not_tried(void) { return kNotTried + errno; }

// ---- file systems and mounts ----

static int mount_tmpfs(char** args) { return outcome(mount("tmpfs", args[0], "tmpfs", 0, NULL)); }

static int mount_cgroup_v1(char** args) {
  if (mount("cgroup", args[0], "cgroup", 0, "memory") == -1) return errno;
  char path[256];
  snprintf(path, sizeof path, "%s/release_agent", args[0]);
  return outcome(open(path, O_WRONLY));
}

static int open_mount_context(char** args) { return outcome(syscall(SYS_fsopen, args[0], 0)); }

static int open_tree(char** args) {
  return outcome(syscall(SYS_open_tree, AT_FDCWD, args[0], kOpenTreeClone | AT_RECURSIVE));
}

// Makes the mount at a path writable and makes a file there.
static int remount(char** args) {
  if (mount(NULL, args[0], NULL, MS_REMOUNT | MS_BIND, NULL) == -1) return errno;
  char path[256];
  snprintf(path, sizeof path, "%s/remounted", args[0]);
  const int result = outcome(open(path, O_WRONLY | O_CREAT | O_EXCL, 0600));
  unlink(path);
  return result;
}

// Takes off what a path is covered with.
static int unmount(char** args) { return outcome(umount2(args[0], MNT_DETACH)); }

// make-node NODE c|b MAJOR MINOR: a device, and opens it.
static int make_node(char** args) {
  const mode_t type = args[1][0] == 'b' ? S_IFBLK : S_IFCHR;
  const dev_t device = makedev((unsigned)atoi(args[2]), (unsigned)atoi(args[3]));
  if (mknod(args[0], type | 0600, device) == -1) return errno;
  const int result = outcome(open(args[0], O_RDONLY));
  unlink(args[0]);
  return result;
}

static int read_file(char** args) {
  char text[8192];  // one of the kernel's messages, which it does not cut
  const int fd = open(args[0], O_RDONLY | O_NONBLOCK);
  if (fd == -1) return errno;
  const ssize_t size = read(fd, text, sizeof text);
  // A mask is an empty file.
  return size == 0 ? ENODATA : outcome(size);
}

static int write_file(char** args) { return outcome(open(args[0], O_WRONLY | O_NONBLOCK)); }

// ---- the host's files, by whatever may have been left open or behind ----

static int opens(const char* prefix, const char* path) {
  char whole[4096];
  snprintf(whole, sizeof whole, "%s%s", prefix, path);
  const int fd = open(whole, O_RDONLY | O_NONBLOCK);
  if (fd == -1) return 0;
  close(fd);
  dprintf(2, "by %s\n", whole);
  return 1;
}

static int opens_by_process(int pid, const char* path) {
  static const char* const kPlaces[] = {"root", "cwd", "task/%d/root", "task/%d/cwd"};
  char format[64], prefix[64];
  for (size_t i = 0; i < sizeof kPlaces / sizeof *kPlaces; ++i) {
    snprintf(format, sizeof format, "/proc/%%d/%s", kPlaces[i]);
    snprintf(prefix, sizeof prefix, format, pid, pid);
    if (opens(prefix, path)) return 1;
  }
  for (int fd = 0; fd < 64; ++fd) {
    snprintf(prefix, sizeof prefix, "/proc/%d/fd/%d", pid, fd);
    if (opens(prefix, path)) return 1;
  }
  return 0;
}

// reach PATH: of the host, from every directory that this or another process can have, and above.
static int reach(char** args) {
  static const char* const kPrefixes[] = {"", "/..", "..", "../../../../../../../..",
                                          "/proc/self/cwd/.."};
  for (size_t i = 0; i < sizeof kPrefixes / sizeof *kPrefixes; ++i)
    if (opens(kPrefixes[i], args[0])) return 0;
  for (int pid = 1; pid < 64; ++pid)
    if (opens_by_process(pid, args[0])) return 0;
  for (int fd = 0; fd < 1024; ++fd)
    if (openat(fd, args[0] + 1, O_RDONLY | O_NONBLOCK) != -1) return 0;
  return ENOENT;
}

// break-out JAIL PATH: the oldest way out of a chroot(2), by a second one below the first.
static int break_out(char** args) {
  const int root = open("/", O_RDONLY | O_DIRECTORY);
  if (mkdir(args[0], 0700) == -1) return not_tried();
  if (chroot(args[0]) == -1) return errno;
  if (fchdir(root) == -1) return errno;
  for (int i = 0; i < 64; ++i) (void)!chdir("..");
  if (chroot(".") == -1) return errno;
  return outcome(open(args[1], O_RDONLY));
}

struct handle {
  unsigned size;
  int type;
  unsigned char bytes[128];
};

// open-handle TYPE HEX: a file by the handle that `handle` printed for it, from the file system
// that our own program is on.
static int open_handle(char** args) {
  struct handle handle = {.type = atoi(args[0])};
  for (const char* hex = args[1]; hex[0] && hex[1]; hex += 2) {
    unsigned byte;
    sscanf(hex, "%2x", &byte);
    handle.bytes[handle.size++] = (unsigned char)byte;
  }
  const int mount = open("/proc/self/exe", O_RDONLY);
  if (mount == -1) return not_tried();
  return outcome(syscall(SYS_open_by_handle_at, mount, &handle, O_RDONLY));
}

static int copy_program(const char* to) {
  static char buffer[1 << 20];
  const int in = open("/proc/self/exe", O_RDONLY),
            out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0700);
  const ssize_t size = read(in, buffer, sizeof buffer);
  if (size <= 0 || write(out, buffer, (size_t)size) != size) return -1;
  close(in);
  return close(out);
}

// overwrite FILE COPY: the file that COMMAND was started from, which may be the host's own; from a
// copy, so that it is not busy.
static int overwrite(char** args) {
  if (args[1]) {
    if (copy_program(args[1]) == -1) return not_tried();
    execl(args[1], args[1], "overwrite", args[0], NULL);
    return not_tried();
  }
  const int fd = open(args[0], O_RDONLY);
  char again[32];
  snprintf(again, sizeof again, "/proc/self/fd/%d", fd);
  if (fd == -1) return not_tried();
  const int result = outcome(open(args[0], O_WRONLY));
  if (open(again, O_RDWR) != -1) return 0;
  if (chmod(args[0], 04777) == 0 || chown(args[0], 0, 0) == 0 || truncate(args[0], 0) == 0)
    return 0;
  if (rename(args[0], "/tmp/renamed") == 0 || unlink(args[0]) == 0) return 0;
  if (setxattr(args[0], "user.escape", "x", 1, 0) == 0) return 0;
  return result;
}

// ---- walks: whatever can be opened that should not be ----

typedef int judge(const char* path, const struct stat* status);

// 0 when the judge says yes to any file below a directory.
static int walk(const char* directory, int depth, judge* judge) {
  DIR* stream = opendir(directory);
  if (!stream) return errno;
  int result = EACCES;
  for (struct dirent* entry; result && (entry = readdir(stream));) {
    char path[4096];
    struct stat status;
    if (entry->d_name[0] == '.') continue;
    // Processes' own files are theirs to write.
    if (!strcmp(directory, "/proc") && strspn(entry->d_name, "0123456789")) continue;
    snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
    if (lstat(path, &status) == -1) continue;
    if (judge(path, &status)) {
      dprintf(2, "by %s\n", path);
      result = 0;
    } else if (S_ISDIR(status.st_mode) && depth > 0) {
      result = walk(path, depth - 1, judge) == 0 ? 0 : result;
    }
  }
  closedir(stream);
  return result;
}

static int can_write(const char* path, const struct stat* status) {
  if (!S_ISREG(status->st_mode)) return 0;
  // By which everybody may ask to be told of pressure, and nothing else: psi.rst of the kernel.
  if (!strncmp(path, "/proc/pressure/", 15)) return 0;
  const int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  if (fd != -1) close(fd);
  return fd != -1;
}

// Any device but null, zero, full, random, urandom, tty, ptmx and pseudo-terminals.
static int is_strange_device(const char* path, const struct stat* status) {
  const unsigned major = major(status->st_rdev), minor = minor(status->st_rdev);
  if (!S_ISCHR(status->st_mode) && !S_ISBLK(status->st_mode)) return 0;
  if (S_ISCHR(status->st_mode)) {
    if (major == 1 && (minor == 3 || minor == 5 || (minor >= 7 && minor <= 9))) return 0;
    if (major == 5 && (minor == 0 || minor == 2)) return 0;
    if (major >= 136 && major < 144) return 0;
  }
  const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (fd != -1) close(fd);
  return fd != -1;
}

// The file may be a mask, which is a device of no kind and not open to anybody.
static int write_any(char** args) { return walk(args[0], 12, can_write); }

static int open_any_device(char** args) { return walk(args[0], 3, is_strange_device); }

// ---- processes ----

static int trace(char** args) {
  const pid_t pid = atoi(args[0]);
  if (ptrace(PTRACE_ATTACH, pid, 0, 0) == -1 && ptrace(PTRACE_SEIZE, pid, 0, 0) == -1) return errno;
  waitpid(pid, NULL, __WALL);
  ptrace(PTRACE_DETACH, pid, 0, 0);
  return 0;
}

static int read_memory(char** args) {
  char byte;
  const struct iovec here = {&byte, 1}, there = {(void*)0x400000, 1};
  const int result = outcome(process_vm_readv(atoi(args[0]), &here, 1, &there, 1, 0));
  // There is nothing at this address, but it was looked at.
  return result == EFAULT ? 0 : result;
}

static int open_memory(char** args) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/mem", args[0]);
  return outcome(open(path, O_RDWR));
}

static int take_descriptor(char** args) {
  const long process = syscall(SYS_pidfd_open, atoi(args[0]), 0);
  if (process == -1) return not_tried();
  return outcome(syscall(SYS_pidfd_getfd, process, 0, 0));
}

// signal PID...: each by its number, as a group, and by a descriptor.
static int send_signal(char** args) {
  int result = 0;
  for (; *args; ++args) {
    const pid_t pid = atoi(*args);
    if (kill(pid, 0) == 0 || kill(-pid, 0) == 0) return 0;
    result = errno;
    if (syscall(SYS_pidfd_open, pid, 0) != -1) return 0;
  }
  return result;
}

// All that there are, but process 1, and ourselves.
static int signal_all(char** args) {
  (void)args;
  return outcome(kill(-1, 0));
}

static int limit_process(char** args) {
  return outcome(
      syscall(SYS_prlimit64, atoi(args[0]), 7 /* RLIMIT_NOFILE */, NULL, &(char[16]){0}));
}

// run FILE: a set-user-ID one, or one with capabilities; the same program as this.
static int run_file(char** args) {
  execl(args[0], args[0], "has-gained", NULL);
  return not_tried();
}

static int has_gained(char** args) {
  (void)args;
  const struct {
    unsigned version;
    int pid;
  } header = {0x20080522, 0};
  unsigned sets[6] = {0};
  if (syscall(SYS_capget, &header, sets) == -1) return not_tried();
  const int gained = geteuid() != getuid() || getegid() != getgid() || sets[0] || sets[1];
  return gained ? 0 : EPERM;
}

// ---- namespaces ----

static int unshare_all(char** args) {
  (void)args;
  static const int kKinds[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWNET,    CLONE_NEWPID,
                               CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP, 0x80};
  for (size_t i = 0; i < sizeof kKinds / sizeof *kKinds; ++i)
    if (unshare(kKinds[i]) == 0) return 0;
  return errno;
}

static int ended_well(long pid) {
  if (pid == 0) _exit(0);
  if (pid > 0) waitpid((pid_t)pid, NULL, 0);
  return outcome(pid);
}

static int clone_user(char** args) {
  (void)args;
  return ended_well(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

// The kernel looks at the lower half alone, and so must a filter.
static int clone_user_high(char** args) {
  (void)args;
  return ended_well(syscall(SYS_clone, kHighBit | CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

// Its flags are in memory, where no filter sees them.
static int clone3_user(char** args) {
  (void)args;
  const uint64_t arguments[8] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
  return ended_well(syscall(SYS_clone3, arguments, sizeof arguments));
}

static int enter_namespace(char** args) {
  const int fd = open(args[0], O_RDONLY);
  return fd == -1 ? errno : outcome(setns(fd, 0));
}

static int enter_all_of_process(char** args) {
  const long process = syscall(SYS_pidfd_open, atoi(args[0]), 0);
  if (process == -1) return not_tried();
  return outcome(setns((int)process, CLONE_NEWUTS));
}

// ---- the kernel's less trodden ways ----

// read-key NAME: what the caller has in the session keyring, which is inherited.
static int read_key(char** args) {
  char text[64];
  const long key = syscall(SYS_keyctl, kKeySearch, kSessionKeyring, "user", args[0], 0);
  if (key == -1) return errno;
  return outcome(syscall(SYS_keyctl, kKeyRead, key, text, sizeof text));
}

static int request_key(char** args) {
  return outcome(syscall(SYS_request_key, "user", args[0], NULL, 0));
}

static int add_key(char** args) {
  return outcome(syscall(SYS_add_key, "user", args[0], "x", 1, kSessionKeyring));
}

#if defined(__x86_64__)
// keyctl(2) by another entry to the kernel, where it has another number.
static int enter_as_i386(char** args) {
  (void)args;
  long result = 288;
  asm volatile("int $0x80"
               : "+a"(result)
               : "b"(kKeyringId), "c"(kSessionKeyring), "d"(1)
               : "memory", "r8", "r9", "r10", "r11");
  return result < 0 ? (int)-result : 0;
}

static int enter_as_x32(char** args) {
  (void)args;
  return outcome(syscall(0x40000000 | SYS_keyctl, kKeyringId, kSessionKeyring, 1));
}

static int gain_ports(char** args) {
  (void)args;
  return outcome(syscall(SYS_iopl, 3));
}
#else
static int enter_as_i386(char** args) {
  (void)args;
  return kNotTried + ENOSYS;
}
#define enter_as_x32 enter_as_i386
#define gain_ports enter_as_i386
#endif

// socket FAMILY TYPE PROTOCOL [high]
static int make_socket(char** args) {
  const uint64_t family = (args[3] ? kHighBit : 0) | (uint64_t)atoi(args[0]);
  const int result = outcome(syscall(SYS_socket, family, atoi(args[1]), atoi(args[2])));
  // The kernel has looked for it, and would have loaded a module.
  return result == EAFNOSUPPORT ? 0 : result;
}

static int make_ring(char** args) {
  (void)args;
  return outcome(syscall(SYS_io_uring_setup, 1, &(char[256]){0}));
}

// For faults in user mode only, which takes no privilege.
static int handle_faults(char** args) {
  (void)args;
  return outcome(syscall(SYS_userfaultfd, 1));
}

// An empty program's verdict is the kernel's, and it takes no privilege to get it.
static int load_bpf(char** args) {
  (void)args;
  const int result = outcome(syscall(SYS_bpf, 5, &(char[128]){0}, 128));
  return result == EINVAL || result == EFAULT || result == E2BIG ? 0 : result;
}

static int randomize_nothing(char** args) {
  return outcome(syscall(SYS_personality, (args[0] ? kHighBit : 0) | 0x0040000));
}

static int read_kernel_log(char** args) {
  (void)args;
  char text[64];
  return outcome(klogctl(3 /* SYSLOG_ACTION_READ_ALL */, text, sizeof text));
}

// With words that are not the magic ones; that they are not is only looked at after the right.
static int restart_machine(char** args) {
  (void)args;
  const int result = outcome(syscall(SYS_reboot, 1, 2, 3, NULL));
  return result == EINVAL ? 0 : result;
}

// Of no bytes; as above.
static int load_module(char** args) {
  (void)args;
  const int result = outcome(syscall(SYS_init_module, NULL, 0, NULL));
  return result == EPERM || result == ENOSYS ? result : 0;
}

// A path that is not there; as above.
static int swap_on(char** args) {
  (void)args;
  const int result = outcome(syscall(SYS_swapon, "/no/such/file", 0));
  return result == ENOENT ? 0 : result;
}

// ---- the terminal ----

// type-ahead [high]: a character into the caller's terminal, as if it had been typed.
static int type_ahead(char** args) {
  const uint64_t request = TIOCSTI | (args[0] ? kHighBit : 0);
  if (!isatty(0)) return not_tried();
  return outcome(syscall(SYS_ioctl, 0, request, "x"));
}

// TIOCLINUX: pastes a selection, on a console.
static int paste(char** args) {
  const uint64_t request = 0x541C | (args[0] ? kHighBit : 0);
  const int result = outcome(syscall(SYS_ioctl, 0, request, "\3"));
  // No console, but it was asked.
  return result == ENOTTY || result == EINVAL ? 0 : result;
}

static int open_terminal(char** args) {
  (void)args;
  return outcome(open("/dev/tty", O_RDWR));
}

// ---- the network and interprocess communication ----

static socklen_t abstract_address(const char* name, struct sockaddr_un* address) {
  address->sun_family = AF_UNIX;
  strncpy(address->sun_path + 1, name, sizeof address->sun_path - 2);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
}

static int connect_abstract(char** args) {
  struct sockaddr_un address = {0};
  const socklen_t length = abstract_address(args[0], &address);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return outcome(connect(fd, (struct sockaddr*)&address, length));
}

static int attach_memory(char** args) {
  const int id = shmget((key_t)strtol(args[0], NULL, 0), 0, 0);
  return id == -1 ? errno : outcome((long)shmat(id, NULL, SHM_RDONLY));
}

static int open_queue(char** args) { return outcome(mq_open(args[0], O_RDONLY)); }

static int bind_port(char** args) {
  const struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((uint16_t)atoi(args[0])),
                                      .sin_addr = {htonl(INADDR_LOOPBACK)}};
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  return outcome(bind(fd, (const struct sockaddr*)&address, sizeof address));
}

struct interface_request {
  char name[16];
  short flags;
  char rest[22];
};

// Takes the loopback interface down.
static int disable_interface(char** args) {
  struct interface_request request = {.name = "lo"};
  (void)args;
  return outcome(ioctl(socket(AF_INET, SOCK_DGRAM, 0), 0x8914 /* SIOCSIFFLAGS */, &request));
}

// ---- a root directory that lies about its mount points ----

static int has_type(const char* path, unsigned long type) {
  struct statfs status;
  if (statfs(path, &status) == 0 && (unsigned long)status.f_type == type) return 1;
  dprintf(2, "by %s\n", path);
  return 0;
}

// Are the container's own mounts where programs look for them?
static int displace(char** args) {
  (void)args;
  static const unsigned long kTmpfs = 0x01021994, kProc = 0x9fa0;
  struct stat null;
  if (!has_type("/dev", kTmpfs) || !has_type("/proc", kProc)) return 0;
  if (!has_type("/tmp", kTmpfs) || !has_type("/run", kTmpfs)) return 0;
  if (lstat("/dev/null", &null) == -1 || null.st_rdev != makedev(1, 3)) return 0;
  return EXDEV;
}

// ---- stages: what there is on the host to be reached ----

// handle PATH: its file handle, as open-handle wants it.
static int print_handle(char** args) {
  struct handle handle = {.size = sizeof handle.bytes};
  int mount;
  if (syscall(SYS_name_to_handle_at, AT_FDCWD, args[0], &handle, &mount, 0) == -1)
    return not_tried();
  printf("%d ", handle.type);
  for (unsigned i = 0; i < handle.size; ++i) printf("%02x", handle.bytes[i]);
  printf("\n");
  exit(0);
}

// with-key NAME COMMAND...: with a key of that name in a session keyring of its own.
static int with_key(char** args) {
  if (syscall(SYS_keyctl, kKeyJoin, NULL) == -1) return not_tried();
  if (syscall(SYS_add_key, "user", args[0], "secret", 6, kSessionKeyring) == -1) return not_tried();
  execvp(args[1], args + 1);
  return not_tried();
}

// at-terminal COMMAND...: with a new pseudo-terminal as its controlling one, and as its stdin.
static int at_terminal(char** args) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master == -1 || unlockpt(master) == -1) return not_tried();
  const pid_t pid = fork();
  if (pid == 0) {
    setsid();
    const int line = open(ptsname(master), O_RDWR);
    if (line == -1) return not_tried();
    dup2(line, 0);
    if (line > 0) close(line);
    execvp(args[0], args);
    return not_tried();
  }
  int status;
  waitpid(pid, &status, 0);
  exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

// offer NAME KEY: listens at an abstract address, and has a message queue and a segment of shared
// memory that everybody may read, until it is sent TERM.
static int offer(char** args) {
  char queue[64];
  struct sockaddr_un address = {0};
  sigset_t set;
  int number;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, NULL);
  umask(0);
  snprintf(queue, sizeof queue, "/%s", args[0]);
  const socklen_t length = abstract_address(args[0], &address);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr*)&address, length) == -1 || listen(fd, 64) == -1)
    return not_tried();
  const int segment = shmget((key_t)strtol(args[1], NULL, 0), 4096, IPC_CREAT | IPC_EXCL | 0666);
  if (segment == -1) return not_tried();
  const int failed = mq_open(queue, O_CREAT | O_EXCL | O_RDWR, 0666, NULL) == -1 ? errno : 0;
  if (!failed) {
    dprintf(1, "ready\n");
    sigwait(&set, &number);
  }
  mq_unlink(queue);
  shmctl(segment, IPC_RMID, NULL);
  errno = failed;
  return failed ? not_tried() : 0;
}

// exchange A B: swaps two names for as long as it is let.
static int exchange(char** args) {
  dprintf(1, "ready\n");
  for (;;)
    if (syscall(SYS_renameat2, AT_FDCWD, args[0], AT_FDCWD, args[1], 2) == -1) return not_tried();
}

// ---- main ----

static const struct {
  const char* name;
  int (*run)(char** args);
  int least;  // how many arguments it takes
} kAttacks[] = {
    {"mount", mount_tmpfs, 1},
    {"mount-cgroup-v1", mount_cgroup_v1, 1},
    {"open-mount-context", open_mount_context, 1},
    {"open-tree", open_tree, 1},
    {"remount", remount, 1},
    {"unmount", unmount, 1},
    {"make-node", make_node, 4},
    {"read", read_file, 1},
    {"write", write_file, 1},
    {"reach", reach, 1},
    {"break-out", break_out, 2},
    {"open-handle", open_handle, 2},
    {"overwrite", overwrite, 1},
    {"write-any", write_any, 1},
    {"open-any-device", open_any_device, 1},
    {"trace", trace, 1},
    {"read-memory", read_memory, 1},
    {"open-memory", open_memory, 1},
    {"take-descriptor", take_descriptor, 1},
    {"signal", send_signal, 1},
    {"signal-all", signal_all, 0},
    {"limit", limit_process, 1},
    {"run", run_file, 1},
    {"has-gained", has_gained, 0},
    {"unshare", unshare_all, 0},
    {"clone-user", clone_user, 0},
    {"clone-user-high", clone_user_high, 0},
    {"clone3-user", clone3_user, 0},
    {"enter-namespace", enter_namespace, 1},
    {"enter-all-of", enter_all_of_process, 1},
    {"read-key", read_key, 1},
    {"request-key", request_key, 1},
    {"add-key", add_key, 1},
    {"enter-as-i386", enter_as_i386, 0},
    {"enter-as-x32", enter_as_x32, 0},
    {"gain-ports", gain_ports, 0},
    {"socket", make_socket, 3},
    {"make-ring", make_ring, 0},
    {"handle-faults", handle_faults, 0},
    {"load-bpf", load_bpf, 0},
    {"randomize-nothing", randomize_nothing, 0},
    {"read-kernel-log", read_kernel_log, 0},
    {"restart-machine", restart_machine, 0},
    {"load-module", load_module, 0},
    {"swap-on", swap_on, 0},
    {"type-ahead", type_ahead, 0},
    {"paste", paste, 0},
    {"open-terminal", open_terminal, 0},
    {"connect-abstract", connect_abstract, 1},
    {"attach-memory", attach_memory, 1},
    {"open-queue", open_queue, 1},
    {"bind-port", bind_port, 1},
    {"disable-interface", disable_interface, 0},
    {"displace", displace, 0},
    // Stages.
    {"handle", print_handle, 1},
    {"with-key", with_key, 2},
    {"at-terminal", at_terminal, 1},
    {"offer", offer, 2},
    {"exchange", exchange, 2},
};

static int tell(int result) {
  if (result == 0) {
    dprintf(1, "succeeded\n");
    return 0;
  }
  const int tried = result < kNotTried;
  dprintf(1, "%s: %s\n", tried ? "stopped" : "not tried",
          strerror(tried ? result : result - kNotTried));
  return tried ? 1 : 2;
}

int main(int argc, char** argv) {
  for (size_t i = 0; argc > 1 && i < sizeof kAttacks / sizeof *kAttacks; ++i)
    if (!strcmp(argv[1], kAttacks[i].name) && argc - 2 >= kAttacks[i].least)
      return tell(kAttacks[i].run(argv + 2));
  dprintf(2, "escape: unknown attack, or too few arguments\n");
  return 2;
}
