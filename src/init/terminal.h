// SPDX-License-Identifier: MIT
//
// The foreground of our controlling terminal: handed to COMMAND only where it was ours, and handed
// back at the end. Nothing here can fail in a way that matters to anybody: without a terminal, or
// with one that was hung up, every call does nothing.
// Source: tcsetpgrp(3), ioctl_tty(2), credentials(7).
#pragma once

#include <sys/types.h>

#include "base/fd.h"
#include "init/core.h"

namespace cardboard {

class Terminal {
 public:
  // Finds the controlling terminal, among stdin, stdout and stderr first. Until then, there is
  // none. `own_group`: COMMAND must have a process group of its own, whatever that costs.
  void find(bool own_group);

  // There is a terminal, but our process group is one from outside of our pid namespace, as after
  // unshare(1): without a number here, and so nobody could hand the foreground back to it. COMMAND
  // is to stay in it, has the foreground whenever it has, and nothing is handed over.
  bool is_shared() const { return is_shared_; }

  // Which process group COMMAND is in.
  void set_command_group(pid_t group) { command_group_ = group; }

  Foreground foreground() const;

  // Makes COMMAND's group the foreground, if ours is. Like take_back(), wants SIGTTOU blocked.
  void hand_over() const;

  // Makes our group the foreground again, if COMMAND's is or one that has died.
  void take_back() const;

 private:
  int number_ = -1;
  bool is_shared_ = false;
  Fd owned_;
  pid_t our_group_ = 0;
  pid_t command_group_ = 0;
};

}  // namespace cardboard
