// SPDX-License-Identifier: MIT
//
// The system calls that a container may make, as a program for seccomp(2): what Docker's default
// profile allows with the same capabilities, less TIOCSTI and TIOCLINUX, with which a process types
// into its terminal. Pure: a filter is an array that the caller owns.
// Source: KERNEL.md 6.4 and 7.7; Documentation/userspace-api/seccomp_filter.rst.
#pragma once

#include <linux/audit.h>
#include <linux/filter.h>

#include <array>
#include <cstdint>
#include <span>

#include "base/error.h"

namespace cardboard {

// The machines whose numbers are known; the unit tests judge the filters of all.
struct Amd64 {
  static constexpr std::uint32_t kAudit = AUDIT_ARCH_X86_64;
};

struct Arm64 {
  static constexpr std::uint32_t kAudit = AUDIT_ARCH_AARCH64;
};

#if defined(__x86_64__)
using ThisMachine = Amd64;
#elif defined(__aarch64__)
using ThisMachine = Arm64;
#endif

// Room for the filter of any machine.
using SeccompFilter = std::array<sock_filter, 88>;

// The filter, a part of `room`. `kept`: a bit for each capability that the container keeps, by its
// number in linux/capability.h.
template <typename Machine>
std::span<const sock_filter> make_filter(std::uint64_t kept, SeccompFilter& room);

// Refuses a file that cannot be a compiled program, `name` by its user: seccomp(2) would only say
// "Invalid argument". Whether its instructions are sound is for the kernel to judge.
Result<void> check_filter(std::span<const char> file, const char* name);

}  // namespace cardboard
