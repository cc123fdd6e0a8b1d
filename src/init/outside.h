// SPDX-License-Identifier: MIT
//
// The other life of the loop: as the process outside of a container. A part of the isolator.
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "cli/voice.h"

namespace cardboard {

// Forwards to `init`, whose end is the container's, and serves `terminal` (0 or less: there is
// none), the master side of the container's.
Result<int> run_outside(pid_t init, int terminal, const Voice& voice);

}  // namespace cardboard
