// SPDX-License-Identifier: MIT
//
// See fd.h.
#include "base/fd.h"

#include <unistd.h>

#include "base/sys.h"

namespace cardboard {

void Fd::close_if_valid(int number) {
  if (number >= 0) sys_close(number);
}

int above_stdio(int number) {
  if (number < 0 || number > STDERR_FILENO) return number;
  const int moved = sys_fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  sys_close(number);
  return moved;
}

}  // namespace cardboard
