// SPDX-License-Identifier: MIT
//
// A part of the isolator, to explain why a COMMAND could not be executed.
#pragma once

#include "init/spawn.h"

namespace cardboard {

// The interpreter or loader that COMMAND's file names, or null: "no such file" about a file that is
// there is about that one, which errno cannot say. Valid until the next call.
const char* find_interpreter(const Command& command);

}  // namespace cardboard
