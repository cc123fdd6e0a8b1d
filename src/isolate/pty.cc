// SPDX-License-Identifier: MIT
//
// See pty.h.
#include "isolate/pty.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/sys.h"
#include "init/console.h"

namespace cardboard {

namespace {

// Sends `fd` by sendmsg(2), with the byte that a message must have, or gets one by recvmsg(2): the
// message is the same. Returns the descriptor, `fd` where none came, or a negated errno.
int exchange_descriptor(long call, int socket, int fd) {
  struct {
    cmsghdr header;
    int fd;
  } control = {};
  control.header.cmsg_len = CMSG_LEN(sizeof fd);
  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  control.fd = fd;
  char byte = 0;
  iovec part = {&byte, sizeof byte};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = &control;
  message.msg_controllen = sizeof control;
  const int result = sys_exchange_message(call, socket, &message);
  return result < 0 ? result : control.fd;
}

}  // namespace

Result<void> enter_terminal(int lifeline, std::uint32_t owner) {
  constexpr const char* kMultiplexer = "/dev/pts/ptmx";
  const int master = sys_open(kMultiplexer, O_RDWR | O_NOCTTY);
  int result = master;
  if (result >= 0) {
    int is_locked = 0;
    sys_ioctl(master, TIOCSPTLCK, &is_locked);
    result = sys_open_peer(master, O_RDWR | O_NOCTTY);
  }
  if (result >= 0) {
    const int line = result;
    termios modes;
    // Without a terminal on stdin, the new one's own modes will do.
    if (sys_ioctl(STDIN_FILENO, TCGETS, &modes) == 0) sys_ioctl(line, TCSETS, &modes);
    copy_window_size(line);
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) sys_dup(line, number);
    result = sys_set_owner(line, owner);
  }
  if (result >= 0) result = exchange_descriptor(SYS_sendmsg, lifeline, master);
  return check(result, "make a terminal by"_p, kMultiplexer);
}

int receive_terminal(int lifeline) { return exchange_descriptor(SYS_recvmsg, lifeline, 0); }

}  // namespace cardboard
