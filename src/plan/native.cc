// SPDX-License-Identifier: MIT
//
// See native.h.
#include "plan/native.h"

namespace cardboard {

namespace {

constexpr Nanoseconds kDefaultGrace = 5 * kSecond;

}  // namespace

void plan_init(const Options& options, const Host& host, Plan& plan) {
  plan.argv = options.command;
  plan.is_pid_one = plan.obeys_managers = host.is_pid_one;
  plan.grace = options.grace.value_or(kDefaultGrace);
  plan.search_path = host.path;
  plan.environment = host.environment;
}

}  // namespace cardboard
