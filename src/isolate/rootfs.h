// SPDX-License-Identifier: MIT
//
// The container's root file system: built beside the host's, entered by pivot_root(2), and the
// host's gone afterwards. Must run in a mount namespace of its own.
#pragma once

#include "base/error.h"
#include "plan/plan.h"

namespace cardboard {

// For each step a detached mount of what of the host's it mounts; 0 where that is nothing, as stdin
// is no mount.
using Sources = int[kMaxSteps];

// `sources` must be all zero. Needs CAP_SYS_ADMIN over the mount namespace that it is called in.
Result<void> take_sources(const Plan& plan, Sources& sources);

// Builds the root, walks plan.steps, and makes the result "/". Afterwards nothing of
// the old root can be reached, but through descriptors that are still open.
Result<void> enter_root(const Plan& plan, const Sources& sources);

}  // namespace cardboard
