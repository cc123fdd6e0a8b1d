// SPDX-License-Identifier: MIT
//
// Who forbids what a container needs, and what can be done about it: the hints of a set-up that
// fails and the lines of --doctor, which tries the same set-up. Pure.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "base/text.h"

namespace cardboard {

// What failed.
enum class Need : std::uint8_t {
  Namespaces,  // clone(2)
  Mounts,      // what takes CAP_SYS_ADMIN over a new mount namespace
  NewMount,    // the same, of a file system that is to be as visible as the host's
  Place,       // move_mount(2)
};

// What the host may have in our way: bits. The first ones are of kSysctls, in its order.
using Obstacles = unsigned;
inline constexpr Obstacles kNoClone = 1 << 0;
inline constexpr Obstacles kNoNamespaces = 1 << 1;
inline constexpr Obstacles kAppArmor = 1 << 2;
inline constexpr Obstacles kFiltered = 1 << 3;  // our system calls are
inline constexpr Obstacles kChroot = 1 << 4;    // "/" is not the top of a mount

// Strings one behind the other, and an empty one: the value that is an obstacle, and its file.
inline constexpr char kSysctls[] =
    "0/proc/sys/kernel/unprivileged_userns_clone\0"
    "0/proc/sys/user/max_user_namespaces\0"
    "1/proc/sys/kernel/apparmor_restrict_unprivileged_userns\0";

// Empty where errno says it all.
Phrase find_cure(Need need, int errnum, Obstacles obstacles);

// A line of the doctor's, "ok  <what> <detail>" or "no  <what> <detail>: <cause>", and below it the
// hint. `cause` is null where all is well.
void write_finding(Writer& writer, Phrase what, const char* detail, const Error* cause);

}  // namespace cardboard
