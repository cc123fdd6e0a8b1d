// SPDX-License-Identifier: MIT
//
// From a plan to a container: the sequence, a line a phase.
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "plan/plan.h"

namespace cardboard {

struct Container {
  // The init inside, for the process outside; 0 in every process that is to run COMMAND itself.
  pid_t init = 0;
  // The master side of COMMAND's own terminal; 0: it has none.
  int terminal = 0;
};

// Returns twice, like fork(2): in the caller with `init` set, and inside, as PID 1 of a container
// in which COMMAND only needs to be spawned.
// After an error nothing is left; inside, the caller has to print it and exit.
// Only inside the plan is changed: it has no control groups, and, as that cannot be known outside,
// it is completed by who --user is.
Result<Container> isolate(Plan& plan);

// Outside, when the container has ended: removes what isolate() has made on the host, and reports
// what was counted there. `status` is what we exit with.
void clean_up(const Plan& plan, int status);

}  // namespace cardboard
