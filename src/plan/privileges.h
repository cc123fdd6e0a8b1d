// SPDX-License-Identifier: MIT
//
// What a container's COMMAND is left with. All zero: user 0 of the container with no capability.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <span>

namespace cardboard {

struct Privileges {
  // A bit for each that is kept, by its number in linux/capability.h. As user 0 COMMAND has them;
  // as any other it could only have them by the set-user-ID files that no_new_privs disarms.
  std::uint64_t capabilities = 0;
  // --user as it was typed, or null. Its ids are found inside, where the passwd is.
  const char* user = nullptr;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  // Empty: every system call may be made.
  std::span<const sock_filter> filter;
};

}  // namespace cardboard
