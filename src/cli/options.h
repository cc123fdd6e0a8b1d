// SPDX-License-Identifier: MIT
//
// What the user asked for, as typed; what follows from it is decided in plan/. All zero means that
// nothing was asked for, so that Options can live in .bss.
#pragma once

#include <cstdint>
#include <optional>

#include "base/text.h"

namespace cardboard {

enum class Request : std::uint8_t { Run, Help, Version };

struct Options {
  Request request = Request::Run;
  bool group = false;
  bool isolate = false;
  int verbosity = 0;
  std::optional<Nanoseconds> grace;
  const char* root = nullptr;
  // COMMAND and its arguments: the rest of argv, which ends with a null pointer.
  char** command = nullptr;
};

}  // namespace cardboard
