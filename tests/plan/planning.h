// SPDX-License-Identifier: MIT
//
// Plans to be made, and what they are made from: to begin with, an ordinary user's wish to run a
// static program.
#pragma once

#include <memory>
#include <string_view>

#include "plan/native.h"
#include "support.h"

namespace cardboard {

inline const char* kCallersEnvironment[] = {"PATH=/opt/bin", "TERM=xterm", "SECRET=1", nullptr};

// A plan with all that it was made from, which it points into.
struct Planning {
  Argv words{{"hello", "world"}};
  Options options;
  Host host;
  Plan plan;
  Result<void> result;

  Planning() {
    options.command = words.get();
    host.uid = 1000;
    host.gid = 100;
    host.pid = 4711;
    host.path = "/opt/bin";
    host.environment = kCallersEnvironment;
    host.command_file = "/opt/bin/hello";
    host.executable.kind = ExecutableKind::Static;
  }

  Planning& make() {
    plan_init(options, host, plan);
    if (options.isolate) result = make_plan(options, host, plan);
    return *this;
  }
};

using Case = std::unique_ptr<Planning>;

inline Case native() { return std::make_unique<Planning>(); }

inline Case container() {
  Case planning = native();
  planning->options.isolate = true;
  return planning;
}

inline Case container_of_root(pid_t pid = 4711) {
  Case planning = container();
  planning->host.uid = 0;
  planning->host.gid = 0;
  planning->host.pid = pid;
  planning->host.is_privileged = true;
  return planning;
}

inline Case container_in(const char* root) {
  Case planning = container();
  planning->options.root = root;
  planning->host.command_file = nullptr;
  planning->host.executable = {};
  return planning;
}

inline Case container_with(ExecutableKind kind, std::string_view interpreter = {}) {
  Case planning = container();
  planning->host.executable = {kind, interpreter};
  return planning;
}

}  // namespace cardboard
