// SPDX-License-Identifier: MIT
//
// A plan for people to read: --explain. Pure.
#pragma once

#include "base/text.h"
#include "plan/plan.h"

namespace cardboard {

// All that isolate() and the init inside would carry out, a line a fact; what is a list has a line
// for each element, in order and indented. `plan` is of a container.
void write_plan(Writer& writer, const Plan& plan);

}  // namespace cardboard
