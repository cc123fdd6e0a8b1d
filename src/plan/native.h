// SPDX-License-Identifier: MIT
//
// The part of a plan that is for the init, and all of it where there is no container. Beside
// executable.h the only thing in this directory that is there before the isolator is unpacked.
#pragma once

#include "plan/plan.h"

namespace cardboard {

// `plan` must be all zero before. Of the host only what init/caller.h finds out is wanted.
void plan_init(const Options& options, const Host& host, Plan& plan);

}  // namespace cardboard
