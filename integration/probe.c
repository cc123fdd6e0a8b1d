// SPDX-License-Identifier: MIT
// The eyes of the integration tests: one static program that starts a process in an exactly known
// state (launch, storm) and that, as COMMAND, tells what state it is in (report, fds, signals,
// ...). It makes the kernel's signal calls itself, because musl hides the signals 32 to 34 and
// renumbers the real-time ones. It must stay free of any file but itself: it also runs in a root
// that holds nothing else.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// A status that no test expects from COMMAND: the probe itself could not do its part.
enum { kProbeFailed = 99, kSignals = 64, kSetSize = 8, kMaxFd = 1024 };

// ---- the kernel's signal interface, without the C library between ----

// Large enough for struct sigaction of every Linux architecture; only its first word, the handler,
// is used.
struct kernel_action {
  uintptr_t handler;
  uintptr_t rest[7];
};

static uint64_t bit_of(int signal_number) { return (uint64_t)1 << (signal_number - 1); }

static void set_mask(uint64_t mask) {
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, kSetSize);
}

static void set_disposition(int signal_number, void (*handler)(int)) {
  struct kernel_action action = {.handler = (uintptr_t)handler};
  syscall(SYS_rt_sigaction, signal_number, &action, NULL, kSetSize);
}

static int wait_for_signal(uint64_t set) {
  for (;;) {
    siginfo_t info;
    const long number = syscall(SYS_rt_sigtimedwait, &set, &info, NULL, kSetSize);
    if (number > 0) return (int)number;
  }
}

// ---- small things ----

static int fail(const char* what) {
  dprintf(2, "probe: %s: %s\n", what, strerror(errno));
  return kProbeFailed;
}

static void sleep_ms(long ms) {
  struct timespec left = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&left, &left) == -1 && errno == EINTR) {
  }
}

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int write_file(const char* path, const char* text) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd == -1) return -1;
  // One write: the kernel takes the whole of an id map at once or not at all.
  const ssize_t written = write(fd, text, strlen(text));
  close(fd);
  return written == (ssize_t)strlen(text) ? 0 : -1;
}

// ---- launch: COMMAND in an exactly known state ----

struct start {
  uint64_t block;         // the mask that COMMAND gets
  uint64_t ignore;        // the signals that it gets ignored
  const char* only;       // the descriptors that stay open, "0,1,9"; NULL: all
  const char* pid1_file;  // make COMMAND PID 1 of a new namespace; its pid outside is written here
  int ctty;  // COMMAND leads a new session, whose controlling terminal is the one on its stdin
  const char*
      stderr_pipe;  // stderr becomes a pipe: "broken", "unread", "full"; NULL: stays as it is
};

static void close_all_but(const char* list) {
  char keep[kMaxFd] = {0};
  while (*list) {
    char* end;
    const long fd = strtol(list, &end, 10);
    if (end == list) break;
    if (fd >= 0 && fd < kMaxFd) keep[fd] = 1;
    list = *end == ',' ? end + 1 : end;
  }
  for (int fd = 0; fd < kMaxFd; ++fd)
    if (!keep[fd]) close(fd);
}

static void fill(int pipe) {
  char block[4096] = {0};
  fcntl(pipe, F_SETFL, O_NONBLOCK);
  while (write(pipe, block, sizeof block) > 0) {
  }
  fcntl(pipe, F_SETFL, 0);
}

static void put_pipe_at_stderr(const char* kind) {
  int ends[2];
  if (pipe(ends) == -1) return;
  // The reading end stays open, far away and unread: without it the writer would see EPIPE.
  if (strcmp(kind, "broken")) fcntl(ends[0], F_DUPFD, 700);
  close(ends[0]);
  if (!strcmp(kind, "full")) fill(ends[1]);
  dup2(ends[1], 2);
  if (ends[1] != 2) close(ends[1]);
}

static int exec_in_state(const struct start* start, char** command) {
  if (start->ctty && (setsid() == -1 || ioctl(0, TIOCSCTTY, 0) == -1)) return fail("ctty");
  // The pipe last: to close all other descriptors would break it.
  if (start->only) close_all_but(start->only);
  if (start->stderr_pipe) put_pipe_at_stderr(start->stderr_pipe);
  for (int number = 1; number <= kSignals; ++number)
    set_disposition(number, start->ignore & bit_of(number) ? SIG_IGN : SIG_DFL);
  set_mask(start->block);
  execvp(command[0], command);
  return fail(command[0]);
}

// An ordinary user needs a user namespace to make the others; one id is mapped, to itself, so that
// COMMAND is as unprivileged inside as outside: its capabilities end with the exec, as its uid is
// not 0.
static int map_own_ids(pid_t pid) {
  char path[64], map[64];
  snprintf(path, sizeof path, "/proc/%d/setgroups", pid);
  if (write_file(path, "deny") == -1) return -1;
  snprintf(path, sizeof path, "/proc/%d/gid_map", pid);
  snprintf(map, sizeof map, "%u %u 1", getegid(), getegid());
  if (write_file(path, map) == -1) return -1;
  snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
  snprintf(map, sizeof map, "%u %u 1", geteuid(), geteuid());
  return write_file(path, map);
}

static int enter_as_pid_1(int go, const struct start* start, char** command) {
  char byte;
  // The namespace must not outlive the launcher, which a test may kill.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (read(go, &byte, 1) != 1) _exit(kProbeFailed);
  close(go);
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1) _exit(fail("private mounts"));
  if (mount("proc", "/proc", "proc", 0, NULL) == -1) _exit(fail("/proc"));
  _exit(exec_in_state(start, command));
}

static pid_t spawn_as_pid_1(const struct start* start, char** command) {
  int go[2];
  const int user = geteuid() != 0;
  if (pipe2(go, O_CLOEXEC) == -1) return -1;
  const unsigned long flags = SIGCHLD | CLONE_NEWPID | CLONE_NEWNS | (user ? CLONE_NEWUSER : 0);
  const pid_t pid = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
  if (pid == 0) {
    close(go[1]);
    enter_as_pid_1(go[0], start, command);
  }
  close(go[0]);
  if (pid > 0) {
    if (!user || map_own_ids(pid) == 0)
      (void)!write(go[1], "", 1);
    else
      fail("id map");
  }
  close(go[1]);
  return pid;
}

static int status_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

static int parse_start(char** argv, struct start* start) {
  int used = 0;
  for (; argv[used] && strchr(argv[used], '='); ++used) {
    const char* value = strchr(argv[used], '=') + 1;
    const size_t length = (size_t)(value - argv[used]);
    if (!strncmp(argv[used], "block=", length))
      start->block = strtoull(value, NULL, 16);
    else if (!strncmp(argv[used], "ignore=", length))
      start->ignore = strtoull(value, NULL, 16);
    else if (!strncmp(argv[used], "only=", length))
      start->only = value;
    else if (!strncmp(argv[used], "pid1=", length))
      start->pid1_file = value;
    else if (!strncmp(argv[used], "ctty=", length))
      start->ctty = 1;
    else if (!strncmp(argv[used], "stderr=", length))
      start->stderr_pipe = value;
    else
      break;
  }
  return used;
}

static int launch(char** argv) {
  struct start start = {0};
  char** command = argv + parse_start(argv, &start);
  if (!command[0]) return fail("launch: no command");
  if (!start.pid1_file) return exec_in_state(&start, command);

  // The caller may ignore SIGCHLD, and then there would be no status to wait for.
  set_disposition(SIGCHLD, SIG_DFL);
  const pid_t pid = spawn_as_pid_1(&start, command);
  if (pid == -1) return fail("clone");
  char text[32];
  snprintf(text, sizeof text, "%d\n", pid);
  if (write_file(start.pid1_file, text) == -1) return fail(start.pid1_file);
  int wait_status;
  while (waitpid(pid, &wait_status, 0) == -1 && errno == EINTR) {
  }
  return status_of(wait_status);
}

// ---- storm: a signal in the very moments of the start ----

struct storm {
  int as_pid_1;  // cardboard is PID 1 of a new namespace
  long sweep;  // microseconds: send after 1, 2, 3 ... times as many, not when the first child shows
               // up
};

static pid_t first_child_of(pid_t pid) {
  char path[64], text[32] = {0};
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd == -1) return 0;
  if (read(fd, text, sizeof text - 1) < 0) text[0] = 0;
  close(fd);
  return atoi(text);
}

// Returns 0 when the process ended before it had a child.
static int await_moment(const struct storm* storm, int try_number, pid_t pid, int* wait_status) {
  struct timespec start, now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  do {
    if (!storm->sweep && first_child_of(pid)) return 1;
    if (waitpid(pid, wait_status, WNOHANG) == pid) return 0;
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while (!storm->sweep ||
           (now.tv_sec - start.tv_sec) * 1000000 + (now.tv_nsec - start.tv_nsec) / 1000 <
               storm->sweep * try_number);
  return 1;
}

static int ended_within(pid_t pid, long ms, int* wait_status) {
  for (const long deadline = now_ms() + ms; now_ms() < deadline; sleep_ms(1))
    if (waitpid(pid, wait_status, WNOHANG) == pid) return 1;
  return 0;
}

// One try: 0 when COMMAND ended of TERM as it should, 1 when the signal was lost, 2 when the status
// is wrong.
static int storm_once(const struct storm* storm, int try_number, char** command) {
  const struct start start = {0};
  const pid_t pid = storm->as_pid_1 ? spawn_as_pid_1(&start, command) : fork();
  if (pid == 0) _exit(exec_in_state(&start, command));
  int wait_status = 0;
  const int alive = await_moment(storm, try_number, pid, &wait_status);
  if (alive) kill(pid, SIGTERM);
  if (!alive || ended_within(pid, 3000, &wait_status)) {
    if (status_of(wait_status) == 128 + SIGTERM) return 0;
    dprintf(2, "probe: try %d ended with status %d\n", try_number, status_of(wait_status));
    return 2;
  }
  const pid_t child = first_child_of(pid);
  if (child > 0) kill(child, SIGKILL);
  kill(pid, SIGKILL);
  waitpid(pid, &wait_status, 0);
  return 1;
}

static int storm(char** argv) {
  if (!argv[0]) return fail("storm: no count");
  const int tries = atoi(*argv++);
  struct storm storm = {0};
  for (; *argv; ++argv) {
    if (!strcmp(*argv, "pid1"))
      storm.as_pid_1 = 1;
    else if (!strncmp(*argv, "sweep=", 6))
      storm.sweep = atol(*argv + 6);
    else
      break;
  }
  int results[3] = {0};
  // A lost signal costs three seconds; three of them are proof enough.
  for (int i = 0; i < tries && results[1] < 3; ++i) ++results[storm_once(&storm, i, argv)];
  printf("tries=%d lost=%d wrong=%d\n", tries, results[1], results[2]);
  return results[0] == tries ? 0 : 1;
}

// ---- what COMMAND sees ----

static void print_link(const char* key, const char* path) {
  char target[256];
  const ssize_t length = readlink(path, target, sizeof target - 1);
  printf("%s=%.*s\n", key, length < 0 ? 0 : (int)length, target);
}

// Ids, namespaces and the kernel's own account of this process (/proc/self/status), a line each.
static int report(char** argv) {
  static const char* const kNamespaces[] = {"user", "mnt", "pid",    "net",
                                            "uts",  "ipc", "cgroup", NULL};
  printf("pid=%d\nppid=%d\npgid=%d\nsid=%d\nuid=%u\ngid=%u\n", getpid(), getppid(), getpgrp(),
         getsid(0), getuid(), getgid());
  print_link("cwd", "/proc/self/cwd");
  for (int i = 0; kNamespaces[i]; ++i) {
    char key[32], path[64];
    snprintf(key, sizeof key, "ns_%s", kNamespaces[i]);
    snprintf(path, sizeof path, "/proc/self/ns/%s", kNamespaces[i]);
    print_link(key, path);
  }
  for (int i = 0; argv[i]; ++i) printf("argument=%s\n", argv[i]);
  FILE* status = fopen("/proc/self/status", "re");
  if (!status) return fail("/proc/self/status");
  for (char line[4096]; fgets(line, sizeof line, status);) fputs(line, stdout);
  return 0;
}

// The open descriptors, in one line, on stdout or in FILE (for when stdout is one of those that are
// closed).
static int fds(char** argv) {
  char list[kMaxFd * 5] = "";
  size_t length = 0;
  for (int fd = 0; fd < kMaxFd; ++fd)
    if (fcntl(fd, F_GETFD) != -1)
      length +=
          (size_t)snprintf(list + length, sizeof list - length, "%s%d", length ? " " : "", fd);
  snprintf(list + length, sizeof list - length, "\n");
  if (argv[0]) return write_file(argv[0], list) == -1 ? kProbeFailed : 0;
  return write(1, list, strlen(list)) < 0 ? kProbeFailed : 0;
}

// "ready", then the number of each signal that comes, a line each. It ends only by KILL.
static int signals(char** argv) {
  (void)argv;
  set_mask(~(uint64_t)0);
  dprintf(1, "ready\n");
  for (;;) dprintf(1, "%d\n", wait_for_signal(~(uint64_t)0));
  return kProbeFailed;
}

// ---- what COMMAND does ----

static int exit_with(char** argv) { return argv[0] ? atoi(argv[0]) : 0; }

// Dies of signal N. No core file: it would be left in the working directory.
static int kill_self(char** argv) {
  const int number = argv[0] ? atoi(argv[0]) : SIGKILL;
  const struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (number != SIGKILL && number != SIGSTOP) set_disposition(number, SIG_DFL);
  set_mask(0);
  kill(getpid(), number);
  return kProbeFailed;
}

// "ready", then waits for whatever ends it.
static int wait_forever(char** argv) {
  (void)argv;
  dprintf(1, "ready\n");
  for (;;) pause();
  return kProbeFailed;
}

// Ends only by KILL: "ready", then no signal has any effect.
static int stubborn(char** argv) {
  (void)argv;
  set_mask(~(uint64_t)0);
  dprintf(1, "ready\n");
  for (;;) pause();
  return kProbeFailed;
}

// "ready"; on TERM cleans up for MS milliseconds, says "cleaned", exits with STATUS.
static int linger(char** argv) {
  set_mask(~(uint64_t)0);
  dprintf(1, "ready\n");
  // For TERM alone: what is waited for does not count as blocked in /proc, where tests look for it.
  wait_for_signal(bit_of(SIGTERM));
  dprintf(1, "terminating\n");
  sleep_ms(argv[0] ? atol(argv[0]) : 0);
  dprintf(1, "cleaned\n");
  return argv[0] && argv[1] ? atoi(argv[1]) : 0;
}

struct orphanage {
  int adopted;  // how many found the one they should as their new parent
  pid_t pids[];
};

static void be_orphan(struct orphanage* shared, int index, pid_t first_parent, pid_t adopter) {
  shared->pids[index] = getpid();
  while (getppid() == first_parent) sched_yield();
  if (getppid() == adopter) __atomic_add_fetch(&shared->adopted, 1, __ATOMIC_SEQ_CST);
  _exit(0);
}

static int count_existing(const pid_t* pids, int count) {
  int existing = 0;
  // A zombie still exists for kill(2); this needs no /proc, which a scratch image may lack. One
  // that has not told its pid yet is on its way.
  for (int i = 0; i < count; ++i) existing += !pids[i] || kill(pids[i], 0) == 0;
  return existing;
}

// Leaves N orphans, one after the other; succeeds when ADOPTER (else the parent) adopted and reaped
// every one.
static int orphans(char** argv) {
  const int count = argv[0] ? atoi(argv[0]) : 1;
  const pid_t adopter = argv[0] && argv[1] ? atoi(argv[1]) : getppid();
  const size_t size = sizeof(struct orphanage) + (size_t)count * sizeof(pid_t);
  struct orphanage* shared =
      mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return fail("mmap");
  for (int i = 0; i < count; ++i) {
    const pid_t child = fork();
    if (child == -1) return fail("fork");
    if (child == 0) {
      const pid_t self = getpid();
      if (fork() == 0) be_orphan(shared, i, self, adopter);
      _exit(0);
    }
    waitpid(child, NULL, 0);
  }
  int left = count;
  for (const long deadline = now_ms() + 10000; left && now_ms() < deadline; sleep_ms(10))
    left = count_existing(shared->pids, count);
  const int adopted = __atomic_load_n(&shared->adopted, __ATOMIC_SEQ_CST);
  printf("orphans=%d adopted=%d left=%d\n", count, adopted, left);
  return adopted == count && left == 0 ? 0 : 1;
}

// The network interfaces by name, then a connection to itself through 127.0.0.1.
static int loopback(char** argv) {
  (void)argv;
  struct if_nameindex* list = if_nameindex();
  for (struct if_nameindex* entry = list; entry && entry->if_index; ++entry)
    printf("interface=%s\n", entry->if_name);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(server, (struct sockaddr*)&address, length) == -1) return fail("bind");
  if (listen(server, 1) == -1) return fail("listen");
  if (getsockname(server, (struct sockaddr*)&address, &length) == -1) return fail("getsockname");
  if (connect(client, (struct sockaddr*)&address, length) == -1) return fail("connect");
  printf("connected\n");
  return 0;
}

// Succeeds when the terminal on stdin has this process's group in the foreground. The numbers alone
// do not tell: in a pid namespace all groups from outside are 0. The kernel knows, and lets only
// the foreground read.
static int foreground(char** argv) {
  (void)argv;
  set_mask(bit_of(SIGTTIN));
  return tcgetpgrp(0) == getpgrp() && read(0, NULL, 0) == 0 ? 0 : 1;
}

// ---- what a parent sees ----

// "exited N" or "signaled N", with " core" behind it where a core was dumped: a shell makes 128+N
// of both.
static int status(char** argv) {
  int wait_status;
  if (fork() == 0) _exit(execvp(argv[0], argv));
  wait(&wait_status);
  if (WIFEXITED(wait_status)) printf("exited %d\n", WEXITSTATUS(wait_status));
  if (WIFSIGNALED(wait_status))
    printf("signaled %d%s\n", WTERMSIG(wait_status), WCOREDUMP(wait_status) ? " core" : "");
  return 0;
}

// ---- datagrams: a service manager, and services that talk to it ----

// A path, or '@' and an abstract name: unix(7).
static socklen_t address_of(const char* name, struct sockaddr_un* address) {
  const size_t length = strnlen(name, sizeof address->sun_path - 1);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, name, length);
  if (name[0] == '@') address->sun_path[0] = 0;
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

// Sends each WORD to ADDRESS, then is gone at once.
static int tell(char** argv) {
  if (!argv[0]) return fail("tell: no address");
  struct sockaddr_un address = {0};
  const socklen_t length = address_of(argv[0], &address);
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  for (char** word = argv + 1; *word; ++word)
    if (sendto(fd, *word, strlen(*word), 0, (struct sockaddr*)&address, length) < 0)
      return fail(argv[0]);
  return 0;
}

// Text that came in one message, on one line, '|' for each line feed in it.
static void print_message(const char* before, char* text, ssize_t size) {
  text[size] = 0;
  for (char* feed; (feed = strchr(text, '\n'));) *feed = '|';
  dprintf(1, "%s%s\n", before, text);
}

// "listening" at ADDRESS, then a line for each datagram: the sender's pid and the text.
static int hear(char** argv) {
  if (!argv[0]) return fail("hear: no address");
  struct sockaddr_un address = {0};
  const socklen_t length = address_of(argv[0], &address);
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes);
  umask(0);
  if (bind(fd, (struct sockaddr*)&address, length) == -1) return fail(argv[0]);
  dprintf(1, "listening\n");
  for (;;) {
    char text[4096], control[CMSG_SPACE(sizeof(struct ucred))] __attribute__((aligned(8)));
    struct iovec part = {text, sizeof text - 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    const ssize_t size = recvmsg(fd, &message, 0);
    if (size < 0) return fail("recvmsg");
    struct ucred sender;
    memcpy(&sender, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof sender);
    char before[16];
    snprintf(before, sizeof before, "%d ", sender.pid);
    print_message(before, text, size);
  }
}

static uint64_t own_pidfd_id(void) {
  struct stat status = {0};
  const int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
  if (fd == -1 || fstat(fd, &status) == -1) return 0;
  close(fd);
  return status.st_ino;
}

// Takes descriptor 3 as sd_listen_fds(3) does, and prints what is there to be received.
static int activated(char** argv) {
  (void)argv;
  const char* pid = getenv("LISTEN_PID");
  const char* pidfd_id = getenv("LISTEN_PIDFDID");
  const char* count = getenv("LISTEN_FDS");
  char text[4096];
  if (!pid || atoi(pid) != getpid()) return fail("activated: not this process");
  if (pidfd_id && strtoull(pidfd_id, NULL, 10) != own_pidfd_id())
    return fail("activated: not this pidfd");
  if (!count || atoi(count) != 1) return fail("activated: not one descriptor");
  const ssize_t size = recv(3, text, sizeof text - 1, MSG_DONTWAIT);
  if (size < 0) return fail("activated: recv");
  print_message("", text, size);
  return 0;
}

// ---- using things up ----

// Uses MS of processor time, and touches MB of memory.
static int use(char** argv) {
  const clock_t end = clock() + atol(argv[0]) * (CLOCKS_PER_SEC / 1000);
  const size_t size = (size_t)atol(argv[1]) << 20;
  char* memory = mmap(NULL, size + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return fail("use");
  memset(memory, 1, size);
  while (clock() < end) {
  }
  return 0;
}

// Forks until it cannot, or LIMIT times, and says how often it could.
static int multiply(char** argv) {
  int count = 0;
  const int limit = atoi(argv[0]);
  while (count < limit) {
    const pid_t child = fork();
    if (child == -1) break;
    if (child == 0) pause();
    ++count;
  }
  printf("children=%d\n", count);
  return 0;
}

// ---- main ----

static const struct {
  const char* name;
  int (*run)(char** argv);
} kModes[] = {
    {"launch", launch},
    {"storm", storm},
    {"report", report},
    {"fds", fds},
    {"signals", signals},
    {"exit", exit_with},
    {"kill", kill_self},
    {"wait", wait_forever},
    {"stubborn", stubborn},
    {"linger", linger},
    {"orphans", orphans},
    {"loopback", loopback},
    {"foreground", foreground},
    {"tell", tell},
    {"hear", hear},
    {"activated", activated},
    {"status", status},
    {"use", use},
    {"multiply", multiply},
};

int main(int argc, char** argv) {
  for (size_t i = 0; argc > 1 && i < sizeof kModes / sizeof *kModes; ++i)
    if (!strcmp(argv[1], kModes[i].name)) return kModes[i].run(argv + 2);
  dprintf(2, "probe: unknown mode\n");
  return kProbeFailed;
}
