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

// Every group from outside of our pid namespace has the number 0. Whether the foreground's is ours
// is what the kernel checks before a read, SIGTTIN being blocked; nothing is read.
bool is_in_foreground(int terminal, pid_t group) {
  return group != 0 || sys_read(terminal, nullptr, 0) == 0;
}

void set_foreground(int terminal, pid_t group) { sys_ioctl(terminal, TIOCSPGRP, &group); }

}  // namespace

void Terminal::find(bool own_group) {
  our_group_ = sys_getpgid(0);
  for (number_ = STDIN_FILENO; number_ <= STDERR_FILENO; ++number_) {
    if (foreground_of(number_) >= 0) break;
  }
  if (number_ > STDERR_FILENO) {
    // All three may be redirected and COMMAND still ask for a password on /dev/tty. O_NONBLOCK
    // because a terminal line without a carrier would make open(2) wait.
    owned_.reset(above_stdio(sys_open("/dev/tty", O_RDWR | O_NOCTTY | O_NONBLOCK)));
    number_ = owned_.get();
  }
  is_shared_ = number_ >= 0 && our_group_ == 0 && !own_group;
  if (is_shared_) number_ = -1;
}

Foreground Terminal::foreground() const {
  const pid_t group = number_ >= 0 ? foreground_of(number_) : -1;
  if (group == our_group_ && is_in_foreground(number_, group)) return Foreground::Ours;
  return group == command_group_ ? Foreground::Commands : Foreground::Elsewhere;
}

void Terminal::hand_over() const {
  if (foreground() == Foreground::Ours) set_foreground(number_, command_group_);
}

void Terminal::take_back() const {
  const pid_t foreground = number_ >= 0 ? foreground_of(number_) : 0;
  if (foreground <= 0) return;
  const bool deserted = sys_kill(-foreground, 0) == -ESRCH;
  if (foreground == command_group_ || deserted) set_foreground(number_, our_group_);
}

}  // namespace cardboard
