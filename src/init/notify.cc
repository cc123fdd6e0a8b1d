// SPDX-License-Identifier: MIT
//
// See notify.h. The relay's socket tells of messages by a signal, so that the loop has one thing
// to wait for and not two: fcntl(2), F_SETSIG.
#include "init/notify.h"

#include <errno.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstring>

#include "base/sys.h"
#include "base/text.h"

namespace cardboard {

namespace {

constexpr unsigned kPathOffset = offsetof(sockaddr_un, sun_path);

}  // namespace

Result<void> Notifier::open(const char* address) {
  const std::string_view name = address;
  if ((name[0] != '/' && name[0] != '@') || name.size() >= sizeof address_.sun_path) {
    return refuse("use NOTIFY_SOCKET"_p, address, "it is neither a path nor an abstract name"_p);
  }
  address_.sun_family = AF_UNIX;
  std::memcpy(address_.sun_path, name.data(), name.size());
  if (name[0] == '@') address_.sun_path[0] = '\0';
  length_ = kPathOffset + static_cast<unsigned>(name.size());
  const int socket = TRY(checked(sys_socket(AF_UNIX, SOCK_DGRAM), "open a socket"_p));
  socket_.reset(above_stdio(socket));
  return {};
}

void Notifier::send(std::string_view message) const {
  sys_sendto(socket_.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL, &address_,
             length_);
}

Result<void> Relay::open(const Notifier& notifier, const char*& variable) {
  notifier_ = &notifier;
  const int socket =
      TRY(checked(sys_socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK), "open a socket"_p));
  socket_.reset(above_stdio(socket));
  // An address of the family alone has the kernel choose a free abstract name: unix(7), autobind.
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  unsigned length = kPathOffset;
  TRY(check(sys_bind(socket_.get(), &address, length), "name a socket"_p));
  length = sizeof address;
  TRY(check(sys_getsockname(socket_.get(), &address, &length), "name a socket"_p));
  const int yes = 1;
  TRY(check(sys_setsockopt(socket_.get(), SO_PASSCRED, &yes, sizeof yes), "watch a socket"_p));
  TRY(check(sys_fcntl(socket_.get(), F_SETOWN, sys_getpid()), "watch a socket"_p));
  TRY(check(sys_fcntl(socket_.get(), F_SETSIG, SIGIO), "watch a socket"_p));
  TRY(check(sys_fcntl(socket_.get(), F_SETFL, O_ASYNC | O_NONBLOCK), "watch a socket"_p));

  Writer writer(variable_);
  writer << kNotifyVariable << "=@"
         << std::string_view(address.sun_path + 1, length - kPathOffset - 1);
  variable = writer.c_str();
  return {};
}

bool Relay::is_ready(const siginfo_t& info) const {
  return info.si_signo == SIGIO && info.si_code > 0 && info.si_fd == socket_.get();
}

void Relay::pass_on() const {
  char text[4096];
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
  iovec part = {text, sizeof text};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  for (;;) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const int size = sys_recvmsg(socket_.get(), &message);
    if (size < 0) return;
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    ucred sender = {};
    if (header != nullptr && header->cmsg_type == SCM_CREDENTIALS) {
      std::memcpy(&sender, CMSG_DATA(header), sizeof sender);
    }
    // Our namespace has no number for a process outside of it.
    if (sender.pid != 0) notifier_->send({text, static_cast<std::size_t>(size)});
  }
}

}  // namespace cardboard
