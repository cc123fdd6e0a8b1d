// SPDX-License-Identifier: MIT
//
// Finds out what make_plan() has to know of the caller and the machine. Changes nothing.
#pragma once

#include "base/error.h"
#include "cli/options.h"
#include "plan/plan.h"

namespace cardboard {

// What is only of interest to a container is only looked up for one. Fails where COMMAND's file or
// --root cannot be read: with 126 or 127 for the one, 125 for the other.
Result<void> probe_host(const Options& options, const char** environment, Host& host);

}  // namespace cardboard
