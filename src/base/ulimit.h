// SPDX-License-Identifier: MIT
//
// Resource limits that were asked for: setrlimit(2).
#pragma once

#include <cstddef>
#include <cstdint>

namespace cardboard {

// As the kernel takes it.
struct Ulimit {
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
};

inline constexpr std::size_t kUlimits = 16;

// Indexed by RLIMIT_*.
struct Ulimits {
  bool is_set[kUlimits] = {};
  Ulimit values[kUlimits] = {};
};

// The name of RLIMIT_* `number`, as --ulimit takes it.
const char* ulimit_name(std::size_t number);

}  // namespace cardboard
