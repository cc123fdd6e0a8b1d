// SPDX-License-Identifier: MIT
//
// The caller's terminal while COMMAND has one of its own: what is typed goes there as it is, what
// comes from there is shown, until the container has ended and all of it has been shown.
// Source: termios(3), ioctl_tty(2), pty(7).
#pragma once

#include <sys/types.h>
#include <termios.h>

#include "base/error.h"

namespace cardboard {

// Gives the terminal `other` the size of the one on stdin, if that is one.
void copy_window_size(int other);

class Console {
 public:
  // Has the caller's terminal pass on every key (raw mode), and starts two processes that copy, one
  // for each direction: neither can keep the other from its work, nor us from ours. In the
  // background it first waits, stopped, to be brought to the foreground. After a failure, too,
  // close() has to follow.
  Result<void> open(int master);

  // When the container has ended, and so nobody has the other side open any more: returns when all
  // output is through, with the caller's terminal as it was.
  void close() const;

 private:
  bool is_raw_ = false;
  termios modes_;
  pid_t input_ = 0;
  pid_t output_ = 0;
};

}  // namespace cardboard
