// SPDX-License-Identifier: MIT
//
// See console.h.
#include "init/console.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/signals.h"
#include "base/sys.h"

namespace cardboard {

namespace {

// Two of the character that means the end of a file: one that ends a line that has begun, one that
// is read as an empty line, and so as the end.
constexpr char kEndOfInput[2] = {4, 4};

void set_modes(const termios& modes) {
  sys_ioctl(STDIN_FILENO, TCSETS, const_cast<termios*>(&modes));
}

[[noreturn]] void copy(int from, int to, pid_t parent) {
  sys_prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (sys_getppid() != parent) sys_exit(0);
  char buffer[4096];
  for (;;) {
    const int size = sys_read(from, buffer, sizeof buffer);
    if (size <= 0) break;
    for (int done = 0; done < size;) {
      const int written = sys_write(to, buffer + done, static_cast<std::size_t>(size - done));
      if (written < 0) {
        // Or COMMAND would wait for ever for somebody to read what it writes.
        sys_kill(parent, SIGHUP);
        break;
      }
      done += written;
    }
  }
  if (to != STDOUT_FILENO) sys_write(to, kEndOfInput, sizeof kEndOfInput);
  sys_exit(0);
}

[[gnu::noinline]] pid_t start_copying(int from, int to) {
  const pid_t parent = sys_getpid();
  const pid_t child = sys_fork_silently();
  if (child == 0) copy(from, to, parent);
  return child;
}

}  // namespace

void copy_window_size(int other) {
  winsize size;
  if (sys_ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0) sys_ioctl(other, TIOCSWINSZ, &size);
}

Result<void> Console::open(int master) {
  is_raw_ = sys_ioctl(STDIN_FILENO, TCGETS, &modes_) == 0;
  if (is_raw_) {
    termios raw = modes_;
    raw.c_iflag = raw.c_oflag = raw.c_lflag = 0;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    const SignalSet stop = SignalSet{}.with(SIGTTOU);
    sys_sigprocmask(SIG_UNBLOCK, &stop.bits, nullptr);
    set_modes(raw);
    sys_sigprocmask(SIG_BLOCK, &stop.bits, nullptr);
  }
  output_ = start_copying(master, STDOUT_FILENO);
  input_ = start_copying(STDIN_FILENO, master);
  return check(output_ < 0 ? output_ : input_, "fork a process for"_p, "the terminal");
}

void Console::close() const {
  sys_wait(output_, nullptr, static_cast<int>(__WCLONE));
  if (input_ > 0) sys_kill(input_, SIGKILL);
  sys_wait(input_, nullptr, static_cast<int>(__WCLONE));
  if (is_raw_) set_modes(modes_);
}

}  // namespace cardboard
