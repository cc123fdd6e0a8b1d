// SPDX-License-Identifier: MIT
//
// Failures of the set-up of a container, with the cure that plan/diagnosis.h knows: the host is
// searched for what is in the way, once something has failed.
#pragma once

#include "base/error.h"
#include "plan/diagnosis.h"

namespace cardboard {

// As checked(), with a hint where there is one.
Result<int> permitted(int result, Need need, Phrase op, const char* object = nullptr);

}  // namespace cardboard
