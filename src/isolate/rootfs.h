// SPDX-License-Identifier: MIT
//
// The container's root file system: built beside the host's, entered by pivot_root(2), and the
// host's gone afterwards. Must run in a mount namespace of its own.
#pragma once

#include "base/error.h"
#include "plan/plan.h"

namespace cardboard {

// A detached mount of plan.source, read-only. Needs CAP_SYS_ADMIN over the mount namespace that
// it is called in.
Result<int> take_source(const Plan& plan);

// Builds the root from `source`, walks plan.steps, and makes the result "/". Afterwards nothing of
// the old root can be reached, but through descriptors that are still open.
Result<void> enter_root(const Plan& plan, int source);

}  // namespace cardboard
