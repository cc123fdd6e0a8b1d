// SPDX-License-Identifier: MIT
//
// Socket activation, sd_listen_fds(3): descriptors from 3 on are for the process that LISTEN_PID
// names, and for nobody else. Managers name us, as it is us whom they start; COMMAND is meant.
// Pure.
#pragma once

#include <sys/types.h>

#include <span>

namespace cardboard {

// "LISTEN_PID=", the digits of a pid_t and the null character.
inline constexpr std::size_t kListenPidSize = 11 + 10 + 1;

// Where LISTEN_PID is `from`, has it be `to`; the new entry stands in `buffer`, which must live as
// long as `environment`. LISTEN_PIDFDID, which names the same process in another way, goes: a
// receiver checks it only where it is there.
void readdress_sockets(const char** environment, pid_t from, pid_t to,
                       std::span<char, kListenPidSize> buffer);

}  // namespace cardboard
