// SPDX-License-Identifier: MIT
//
// Finds out what make_plan() has to know of the machine, beside what init/caller.h has found out.
// Changes nothing.
#pragma once

#include "base/error.h"
#include "cli/options.h"
#include "plan/plan.h"

namespace cardboard {

// Finds that out, and completes the plan of an init to that of a container.
Result<void> plan_container(const Options& options, Host& host, Plan& plan);

// Fails where COMMAND's file or --root cannot be read: with 126 or 127 for the one, 125 for the
// other.
Result<void> probe_host(const Options& options, Host& host);

}  // namespace cardboard
