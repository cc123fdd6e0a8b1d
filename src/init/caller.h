// SPDX-License-Identifier: MIT
//
// What every start has to know of its caller, and to do about it, container or not.
#pragma once

#include "plan/plan.h"

namespace cardboard {

// Refuses to run set-user-ID.
Result<void> probe_caller(const char** environment, Host& host);

// Hides this process's memory and /proc entries from all who could otherwise trace it: through
// /proc/1/exe a container could open, and overwrite, this program's file (CVE-2019-5736).
Result<void> become_undumpable();

}  // namespace cardboard
