// SPDX-License-Identifier: MIT
//
// See network.h.
#include "isolate/network.h"

#include <linux/sched.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/sys.h"

namespace cardboard {

Result<void> bring_loopback_up() {
  const int control = TRY(checked(sys_socket(AF_INET, SOCK_DGRAM), "open a socket"_p));
  ifreq request = {};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP;
  return check(sys_ioctl(control, SIOCSIFFLAGS, &request), "bring loopback up"_p);
}

Result<void> join_network(const char* file) {
  int result = sys_open(file, O_RDONLY);
  if (result >= 0) result = sys_setns(result, CLONE_NEWNET);
  return check(result, "join network"_p, file);
}

}  // namespace cardboard
