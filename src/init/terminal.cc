// SPDX-License-Identifier: MIT
//
// See terminal.h.
#include "init/terminal.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/sys.h"

namespace cardboard {

namespace {

// Fails with ENOTTY for what is not our controlling terminal.
pid_t foreground_of(int terminal) {
  pid_t group = 0;
  const int result = sys_ioctl(terminal, TIOCGPGRP, &group);
  return result < 0 ? result : group;
}

void set_foreground(int terminal, pid_t group) { sys_ioctl(terminal, TIOCSPGRP, &group); }

}  // namespace

void Terminal::find() {
  our_group_ = sys_getpgid(0);
  for (number_ = STDIN_FILENO; number_ <= STDERR_FILENO; ++number_) {
    if (foreground_of(number_) >= 0) return;
  }
  // All three may be redirected and COMMAND still ask for a password on /dev/tty. O_NONBLOCK
  // because a terminal line without a carrier would make open(2) wait.
  owned_.reset(above_stdio(sys_open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK)));
  number_ = owned_.get();
}

void Terminal::hand_over() const {
  if (number_ >= 0 && foreground_of(number_) == our_group_) set_foreground(number_, command_group_);
}

void Terminal::take_back() const {
  const pid_t foreground = number_ >= 0 ? foreground_of(number_) : 0;
  if (foreground <= 0) return;
  const bool deserted = sys_kill(-foreground, 0) == -ESRCH;
  if (foreground == command_group_ || deserted) set_foreground(number_, our_group_);
}

}  // namespace cardboard
