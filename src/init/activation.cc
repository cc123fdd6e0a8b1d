// SPDX-License-Identifier: MIT
//
// See activation.h.
#include "init/activation.h"

#include "base/environment.h"
#include "base/text.h"

namespace cardboard {

constexpr std::string_view kPrefix = "LISTEN_PID=";

void readdress_sockets(const char** environment, pid_t from, pid_t to,
                       std::span<char, kListenPidSize> buffer) {
  const char* const* entry = find_entry(environment, "LISTEN_PID");
  if (entry == nullptr || parse_number(*entry + kPrefix.size()) != static_cast<std::uint64_t>(from))
    return;
  environment[entry - environment] = (Writer(buffer) << kPrefix << to).c_str();

  entry = find_entry(environment, "LISTEN_PIDFDID");
  if (entry == nullptr) return;
  // All that follow it move up, the null pointer at the end included.
  const char** place = environment + (entry - environment);
  do place[0] = place[1];
  while (*place++ != nullptr);
}

}  // namespace cardboard
