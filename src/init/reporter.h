// SPDX-License-Identifier: MIT
//
// Gathers what --report tells, and writes it when all is over. The report lies in memory that the
// process outside a container shares with the init inside: that one knows how COMMAND ended, and
// cannot reach the file; this one can, and outlives it, however it ends.
#pragma once

#include "base/error.h"
#include "cli/options.h"
#include "init/report.h"

namespace cardboard {

// Opens the file, which is empty until the end, and starts the clock. Does nothing unless a report
// is wanted.
Result<void> open_report(const Options& options);

// To be filled in, wanted or not.
Report& the_report();

// Inside a container: the file is left to the process outside.
void leave_report();

// Adds what the kernel has counted, and writes the report, once. That this fails is said, and does
// not matter otherwise. Returns `status`.
int close_report(int status);

}  // namespace cardboard
