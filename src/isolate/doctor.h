// SPDX-License-Identifier: MIT
//
// What this host allows, on stdout: containers are made for a trial, of each kind that may need
// more than the one before, by the same code as any other; so what is said is what happens, and the
// cures are those of a failed run. Nothing of them stays.
#pragma once

#include "base/error.h"
#include "plan/plan.h"

namespace cardboard {

// 0 where --isolate works here, else 1.
Result<int> examine_host(const char** environment);

// What would be done, on stdout. Nothing is.
Result<int> explain_plan(const Plan& plan);

}  // namespace cardboard
