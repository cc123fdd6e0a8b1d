// SPDX-License-Identifier: MIT
//
// The container's own network namespace.
#pragma once

#include "base/error.h"

namespace cardboard {

// Sets the loopback interface up; the kernel then gives it 127.0.0.1 and ::1. netdevice(7).
Result<void> bring_loopback_up();

}  // namespace cardboard
