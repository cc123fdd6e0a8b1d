// SPDX-License-Identifier: MIT
//
// Signal numbers, names and sets as the kernel has them: 1 to 64, real-time ones from 34 on
// whatever the libc keeps for itself (KERNEL.md 1.1). Pure.
// Source: signal(7).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace cardboard {

inline constexpr int kSignalMax = 64;
// SIGRTMIN as glibc, systemd and podman count; musl's own constant is 35.
inline constexpr int kSignalRtMin = 34;

// The kernel's sigset_t: bit N-1 stands for signal N.
struct SignalSet {
  std::uint64_t bits = 0;

  static constexpr SignalSet all() { return {~std::uint64_t{0}}; }

  constexpr bool contains(int signal) const { return (bits >> (signal - 1) & 1) != 0; }
  constexpr SignalSet with(int signal) const { return {bits | std::uint64_t{1} << (signal - 1)}; }
  constexpr SignalSet without(int signal) const {
    return {bits & ~(std::uint64_t{1} << (signal - 1))};
  }
};

// What is sent in the place of what was received. All zero: everything is sent as it came.
class SignalMap {
 public:
  constexpr void rewrite(int from, int to) {
    targets_[from] = to == 0 ? kDropped : static_cast<std::uint8_t>(to);
  }
  constexpr bool is_rewritten(int signal) const { return targets_[signal] != 0; }
  // 0: it is dropped.
  constexpr int target(int signal) const {
    return targets_[signal] == kDropped ? 0 : targets_[signal];
  }

 private:
  static constexpr std::uint8_t kDropped = 0xff;
  std::uint8_t targets_[kSignalMax + 1] = {};
};

// SIGNAL of DESIGN 2.1: "15", "TERM", "SIGTERM", "RTMIN+3", "SIGRTMAX-1"; capitals only.
std::optional<int> parse_signal(std::string_view text);

// "SIGTERM", "SIGRTMIN+3"; for 32 and 33, which have no name, the number.
void write_signal(Writer& writer, int signal);

}  // namespace cardboard
