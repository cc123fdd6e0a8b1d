// SPDX-License-Identifier: MIT
//
// The two sides of a user namespace: the parent writes the id maps, the child waits for them.
// Source: user_namespaces(7), KERNEL.md 7.2 to 7.5.
#pragma once

#include <sys/types.h>

#include "base/error.h"
#include "isolate/rootfs.h"
#include "plan/plan.h"

namespace cardboard {

// A stream from the process outside to the init inside, which sends its terminal the other way. One
// byte says that the namespace is ready; end of file, at any time, that the process outside is
// gone.
struct Lifeline {
  int inside = -1;
  int outside = -1;
};

Result<Lifeline> make_lifeline();

// Outside: puts `init` under its limits, maps ids, gives the container's id map to those of the
// sources that are to have it, and lets `init` go on.
Result<void> admit(const Plan& plan, pid_t init, const Sources& sources, int lifeline);

// Inside: waits for admit(), becomes user 0 of the namespace, and from then on dies with the
// process outside.
Result<void> await_admission(int lifeline);

}  // namespace cardboard
