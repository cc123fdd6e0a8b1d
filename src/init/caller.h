// SPDX-License-Identifier: MIT
//
// What every start has to know of its caller, container or not.
#pragma once

#include "plan/plan.h"

namespace cardboard {

// Refuses to run set-user-ID.
Result<void> probe_caller(const char** environment, Host& host);

}  // namespace cardboard
