// SPDX-License-Identifier: MIT
//
// What ends a run before it begins: a request for information, or a command line that is wrong.
// Both return the exit status.
#pragma once

#include "cli/parse.h"

namespace cardboard {

// Prints what was asked for to stdout.
int inform(Request request);

// Prints what is wrong to stderr.
int complain(const UsageError& error);

}  // namespace cardboard
