// SPDX-License-Identifier: MIT
//
// sd_notify(3): telling a service manager that COMMAND is ready, and passing on what COMMAND itself
// tells. systemd-nspawn hears only PID 1, so that COMMAND, which is not, needs this
// (KERNEL.md 1.6).
#pragma once

#include <signal.h>
#include <sys/un.h>

#include <string_view>

#include "base/error.h"
#include "base/fd.h"

namespace cardboard {

inline constexpr std::string_view kNotifyVariable = "NOTIFY_SOCKET";

// Where messages go: the value of NOTIFY_SOCKET, a path, or '@' and an abstract name.
class Notifier {
 public:
  // Fails where the name is too long, or is neither of the two.
  Result<void> open(const char* address);

  // Nothing comes of a failure: a manager that does not listen is no reason not to serve.
  void send(std::string_view message) const;

 private:
  Fd socket_;
  sockaddr_un address_ = {};
  unsigned length_ = 0;
};

// A socket for COMMAND, whose messages go on to the Notifier.
class Relay {
 public:
  // Opens the socket, and puts its name in the place of NOTIFY_SOCKET's value in `variable`, an
  // entry of the environment that COMMAND will have. Messages are announced by SIGIO.
  Result<void> open(const Notifier& notifier, const char*& variable);

  // Whether this SIGIO announces messages, and was not sent by somebody.
  bool is_ready(const siginfo_t& info) const;

  // Passes on all that has come. The socket is abstract, and any process of the network namespace
  // can write to it; what comes from outside our own pid namespace is dropped.
  void pass_on() const;

 private:
  const Notifier* notifier_ = nullptr;
  Fd socket_;
  char variable_[32] = {};
};

}  // namespace cardboard
