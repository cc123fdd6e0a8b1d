// SPDX-License-Identifier: MIT
//
// The foreground of our controlling terminal: handed to COMMAND only where it was ours, and handed
// back at the end. Nothing here can fail in a way that matters to anybody: without a terminal, or
// with one that was hung up, every call does nothing.
// Source: tcsetpgrp(3), ioctl_tty(2).
#pragma once

#include <sys/types.h>

#include "base/fd.h"

namespace cardboard {

class Terminal {
 public:
  // Finds the controlling terminal, among stdin, stdout and stderr first. Until then, there is
  // none.
  void find();

  // Which process group COMMAND is in.
  void set_command_group(pid_t group) { command_group_ = group; }

  // Makes COMMAND's group the foreground, if ours is. Like take_back(), wants SIGTTOU blocked.
  void hand_over() const;

  // Makes our group the foreground again, if COMMAND's is or one that has died.
  void take_back() const;

 private:
  int number_ = -1;
  Fd owned_;
  pid_t our_group_ = 0;
  pid_t command_group_ = 0;
};

}  // namespace cardboard
