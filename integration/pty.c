// SPDX-License-Identifier: MIT
// The other end of a terminal: pty KEYS SCREEN PROGRAM [ARG]... runs PROGRAM with the line side of
// a new pseudo-terminal as its stdin, stdout and stderr (in our own session: whose controlling
// terminal it becomes is up to PROGRAM, see `probe launch ctty=1`), types what is written to the
// fifo KEYS, and appends what comes out to the file SCREEN. WINCH resizes the terminal, USR1 hangs
// it up. Exits with PROGRAM's status.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

// A status that no test expects from PROGRAM: the driver itself could not do its part.
enum { kPtyFailed = 99 };
enum { kSignals, kKeys, kMaster, kSources };

static int fail(const char* what) {
  dprintf(2, "pty: %s: %s\n", what, strerror(errno));
  return kPtyFailed;
}

static int catch_signals(sigset_t* before) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGWINCH);
  sigprocmask(SIG_BLOCK, &set, before);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

static void resize(int master) {
  static unsigned short rows = 24;
  const struct winsize size = {.ws_row = ++rows, .ws_col = 80};
  ioctl(master, TIOCSWINSZ, &size);
}

static void copy(int from, int to) {
  char buffer[4096];
  const ssize_t length = read(from, buffer, sizeof buffer);
  if (length > 0) (void)!write(to, buffer, (size_t)length);
  // Nobody has the line side open just now; somebody may open it again.
  if (length < 0) poll(NULL, 0, 5);
}

// What PROGRAM wrote last: the kernel hands it on in its own time, and others may still write.
static void drain(struct pollfd* master, int screen) {
  while (poll(master, 1, 50) > 0 && (master->revents & POLLIN)) copy(master->fd, screen);
}

// Returns PROGRAM's status.
static int serve(pid_t program, struct pollfd* sources, int screen) {
  for (;;) {
    if (poll(sources, kSources, -1) < 0) return fail("poll");
    struct pollfd* master = &sources[kMaster];
    const struct pollfd* keys = &sources[kKeys];
    if (master->revents) copy(master->fd, screen);
    if (keys->revents) copy(keys->fd, master->fd);
    if (!sources[kSignals].revents) continue;
    struct signalfd_siginfo info;
    if (read(sources[kSignals].fd, &info, sizeof info) != sizeof info) return fail("signals");
    int wait_status;
    if (info.ssi_signo == SIGWINCH) resize(master->fd);
    if (info.ssi_signo == SIGUSR1) {
      close(master->fd);
      master->fd = -1;
    }
    if (info.ssi_signo == SIGCHLD && waitpid(program, &wait_status, WNOHANG) == program) {
      drain(master, screen);
      return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
    }
  }
}

static void run_program(int line, const sigset_t* mask, char** argv) {
  sigprocmask(SIG_SETMASK, mask, NULL);
  for (int fd = 0; fd <= 2; ++fd) dup2(line, fd);
  execvp(argv[0], argv);
  _exit(fail(argv[0]));
}

int main(int argc, char** argv) {
  if (argc < 4) return fail("usage");
  const int keys = open(argv[1], O_RDWR | O_CLOEXEC);
  if (keys == -1) return fail(argv[1]);
  const int screen = open(argv[2], O_WRONLY | O_APPEND | O_CLOEXEC);
  if (screen == -1) return fail(argv[2]);
  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master == -1 || grantpt(master) || unlockpt(master)) return fail("posix_openpt");
  const int line = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (line == -1) return fail("open the line side");
  sigset_t mask;
  const int signals = catch_signals(&mask);
  const pid_t program = fork();
  if (program == 0) run_program(line, &mask, argv + 3);
  close(line);
  struct pollfd sources[] = {{signals, POLLIN, 0}, {keys, POLLIN, 0}, {master, POLLIN, 0}};
  return serve(program, sources, screen);
}
