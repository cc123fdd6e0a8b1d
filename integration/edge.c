// SPDX-License-Identifier: MIT
// What the tests of the edge cases need beside probe.c: callers that start a program in a state
// which is rare (noargs, deny, ...), and COMMANDs that behave badly (bomb, die, ...). Like the
// probe it makes the kernel's signal calls itself, and needs no file but itself.

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// linux/filter.h and linux/seccomp.h, which are not among musl's headers.
struct instruction {
  uint16_t code;
  uint8_t if_true, if_false;
  uint32_t value;
};
struct program {
  uint16_t length;
  struct instruction* code;
};
enum { kLoadNumber = 0x20, kJumpIfEqual = 0x15, kReturn = 0x06, kFilterMode = 2 };
static const uint32_t kAllow = 0x7fff0000, kFailWith = 0x00050000;

enum { kEdgeFailed = 98, kSetSize = 8 };

static int fail(const char* what) {
  dprintf(2, "edge: %s: %s\n", what, strerror(errno));
  return kEdgeFailed;
}

static int run(char** command) {
  if (!command[0]) return fail("no command");
  execvp(command[0], command);
  return fail(command[0]);
}

static void block_all(void) {
  const uint64_t all = ~(uint64_t)0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, kSetSize);
}

// ---- callers: each starts the rest of its words as a program ----

// Without any argument, not even its own name.
static int noargs(char** argv) {
  char* const none[] = {NULL};
  execve(argv[0], none, environ);
  return fail(argv[0]);
}

// Under a caller's timer, which an exec leaves running.
static int with_alarm(char** argv) {
  const long ms = atol(argv[0]);
  const struct itimerval timer = {.it_value = {ms / 1000, ms % 1000 * 1000}};
  setitimer(ITIMER_REAL, &timer, NULL);
  return run(argv + 1);
}

// With SIGCHLD set so that the kernel reaps, though it is not ignored.
static int nocldwait(char** argv) {
  struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT | SA_NOCLDSTOP};
  sigaction(SIGCHLD, &action, NULL);
  return run(argv);
}

// As nobody but root, saved id and all: for a set-user-ID copy of this program.
static int be_root(char** argv) {
  if (setresuid(0, 0, 0) == -1) return fail("setresuid");
  return run(argv);
}

static const struct {
  const char* name;
  int number;
} kCalls[] = {
    {"close_range", SYS_close_range},
    {"faccessat2", SYS_faccessat2},
    {"pidfd_open", SYS_pidfd_open},
    {"pidfd_send_signal", SYS_pidfd_send_signal},
    {"ppoll", SYS_ppoll},
    {"prctl", SYS_prctl},
    {"pwritev2", SYS_pwritev2},
    {"rt_sigqueueinfo", SYS_rt_sigqueueinfo},
    {"signalfd4", SYS_signalfd4},
    {"statx", SYS_statx},
    {"waitid", SYS_waitid},
};

// The calls of the list get one verdict, all others the other one.
static int apply_filter(const int* numbers, size_t count, uint32_t listed, uint32_t others) {
  struct instruction code[64] = {{kLoadNumber, 0, 0, 0}};
  uint16_t length = 1;
  for (size_t i = 0; i < count; ++i) {
    code[length++] = (struct instruction){kJumpIfEqual, 0, 1, (uint32_t)numbers[i]};
    code[length++] = (struct instruction){kReturn, 0, 0, listed};
  }
  code[length++] = (struct instruction){kReturn, 0, 0, others};
  const struct program program = {length, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1) return fail("no_new_privs");
  if (prctl(PR_SET_SECCOMP, kFilterMode, &program) == -1) return fail("seccomp");
  return 0;
}

// `deny ERRNO call,call... COMMAND`: these calls fail so, as under an engine's old profile.
static int deny(char** argv) {
  int numbers[sizeof kCalls / sizeof *kCalls];
  size_t count = 0;
  for (char* name = strtok(argv[1], ","); name; name = strtok(NULL, ",")) {
    size_t i = 0;
    while (i < sizeof kCalls / sizeof *kCalls && strcmp(kCalls[i].name, name)) ++i;
    if (i == sizeof kCalls / sizeof *kCalls) return fail(name);
    numbers[count++] = kCalls[i].number;
  }
  const int failed = apply_filter(numbers, count, kFailWith | (uint32_t)atoi(argv[0]), kAllow);
  return failed ? failed : run(argv + 2);
}

// `allow ERRNO COMMAND`: all calls fail so but those that an init cannot do without, and the two
// that a static program of musl starts with.
static int allow_only_needed(char** argv) {
  static const int kNeeded[] = {
#ifdef SYS_arch_prctl
      SYS_arch_prctl,
#endif
      SYS_execve,     SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_rt_sigtimedwait,
      SYS_pipe2,      SYS_clone,          SYS_read,         SYS_write,
      SYS_close,      SYS_wait4,          SYS_exit_group,   SYS_set_tid_address};
  const int failed = apply_filter(kNeeded, sizeof kNeeded / sizeof *kNeeded, kAllow,
                                  kFailWith | (uint32_t)atoi(argv[0]));
  return failed ? failed : run(argv + 1);
}

// ---- signals that carry a value ----

// `queue PID SIGNAL VALUE...`
static int queue(char** argv) {
  for (char** value = argv + 2; *value; ++value) {
    siginfo_t info = {0};
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_int = atoi(*value);
    const int number = atoi(argv[1]);
    if (syscall(SYS_rt_sigqueueinfo, atoi(argv[0]), number, &info) == -1) return fail("queue");
  }
  return 0;
}

// "ready", then a line for each signal: its number, and what came with it.
static int values(char** argv) {
  (void)argv;
  const uint64_t all = ~(uint64_t)0;
  block_all();
  dprintf(1, "ready\n");
  for (;;) {
    siginfo_t info;
    const long number = syscall(SYS_rt_sigtimedwait, &all, &info, NULL, kSetSize);
    if (number <= 0) continue;
    if (info.si_code == SI_QUEUE)
      dprintf(1, "%ld value %d\n", number, info.si_value.sival_int);
    else
      dprintf(1, "%ld\n", number);
  }
  return kEdgeFailed;
}

// ---- COMMANDs that behave badly ----

// `bomb KIND COUNT STATUS`: COUNT processes in sessions of their own that take no signal but KILL
// and fork without end, at most `nproc` of the user; "ready", and exits. "tree": all live on;
// "rabbit": each dies as soon as it has a child, so that its pid is never the one just seen;
// "churn": the children die, and are nobody's but the adopter's.
static int bomb(char** argv) {
  const char kind = argv[0][0];
  block_all();
  for (int i = 0; i < atoi(argv[1]); ++i) {
    if (fork() != 0) continue;
    setsid();
    while (kind == 'c') {
      const pid_t child = fork();
      if (child == 0) {
        (void)!fork();
        _exit(0);
      }
      if (child > 0) waitpid(child, NULL, 0);
    }
    while (kind == 'r')
      if (fork() > 0) _exit(0);
    for (;;) (void)!fork();
  }
  // So that it is under way.
  usleep(200000);
  dprintf(1, "ready\n");
  return atoi(argv[2]);
}

// `mass N BATCH`: N orphans, of which BATCH at a time die in one moment.
static int mass(char** argv) {
  const int count = atoi(argv[0]), batch = atoi(argv[1]);
  for (int made = 0; made < count; made += batch) {
    int gate[2];
    if (pipe(gate) == -1) return fail("pipe");
    const pid_t parent = fork();
    if (parent == 0) {
      char byte;
      close(gate[1]);
      for (int i = 0; i < batch; ++i)
        if (fork() == 0) _exit((int)read(gate[0], &byte, 1));
      _exit(0);
    }
    waitpid(parent, NULL, 0);
    close(gate[0]);
    close(gate[1]);
  }
  return 0;
}

// `die N first|last STATUS`: N children and this process die together, this one first or last.
static int die(char** argv) {
  const int is_last = !strcmp(argv[1], "last");
  int gate[2];
  if (pipe(gate) == -1) return fail("pipe");
  for (int i = 0; i < atoi(argv[0]); ++i) {
    if (fork() != 0) continue;
    char byte;
    close(gate[1]);
    _exit((int)read(gate[0], &byte, 1));
  }
  close(gate[0]);
  if (is_last) {
    close(gate[1]);
    usleep(100000);
  }
  return atoi(argv[2]);
}

// Stops in a way that only a tracer sees, which its parent becomes by that.
static int traceme(char** argv) {
  (void)argv;
  ptrace(PTRACE_TRACEME, 0, NULL, NULL);
  dprintf(1, "ready\n");
  raise(SIGUSR1);
  return kEdgeFailed;
}

// A fault of the processor's own making, not somebody's kill(2).
static int crash(char** argv) {
  (void)argv;
  volatile int* volatile nowhere = NULL;
  return *nowhere;
}

// What is not handed down: "parent death signal N, pending N".
static int heritage(char** argv) {
  (void)argv;
  int signal = -1;
  uint64_t pending = 0;
  prctl(PR_GET_PDEATHSIG, &signal);
  syscall(SYS_rt_sigpending, &pending, kSetSize);
  printf("parent death signal %d, pending %llx\n", signal, (unsigned long long)pending);
  return 0;
}

// `deaf PATH`: a manager's socket whose queue is full and that nobody reads: "listening".
static int deaf(char** argv) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, argv[0], sizeof address.sun_path - 1);
  const int socket_fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  const int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  if (bind(socket_fd, (struct sockaddr*)&address, sizeof address) == -1) return fail("bind");
  while (sendto(sender, "x", 1, 0, (struct sockaddr*)&address, sizeof address) == 1) {
  }
  if (errno != EAGAIN) return fail("sendto");
  dprintf(1, "listening\n");
  for (;;) pause();
}

static const struct {
  const char* name;
  int (*run)(char** argv);
  int words;  // at least
} kModes[] = {
    {"noargs", noargs, 1}, {"alarm", with_alarm, 2},  {"nocldwait", nocldwait, 1},
    {"root", be_root, 1},  {"deny", deny, 3},         {"allow", allow_only_needed, 2},
    {"queue", queue, 3},   {"values", values, 0},     {"bomb", bomb, 3},
    {"mass", mass, 2},     {"die", die, 3},           {"traceme", traceme, 0},
    {"crash", crash, 0},   {"heritage", heritage, 0}, {"deaf", deaf, 1},
};

int main(int argc, char** argv) {
  for (size_t i = 0; argc > 1 && i < sizeof kModes / sizeof *kModes; ++i)
    if (!strcmp(argv[1], kModes[i].name) && argc - 2 >= kModes[i].words)
      return kModes[i].run(argv + 2);
  dprintf(2, "edge: unknown mode, or too few words\n");
  return kEdgeFailed;
}
