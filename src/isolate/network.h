// SPDX-License-Identifier: MIT
//
// The container's own network namespace.
#pragma once

#include "base/error.h"

namespace cardboard {

// Sets the loopback interface up; the kernel then gives it 127.0.0.1 and ::1. netdevice(7).
Result<void> bring_loopback_up();

// Has this process, and what it forks, be in the network namespace that `file` stands for:
// /run/netns/NAME of ip-netns(8), /proc/PID/ns/net. Takes CAP_SYS_ADMIN over it and over our user
// namespace: setns(2).
Result<void> join_network(const char* file);

}  // namespace cardboard
