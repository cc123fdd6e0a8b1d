// SPDX-License-Identifier: MIT
//
// What /proc/PID/stat says. Pure.
// Source: proc_pid_stat(5).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

namespace cardboard {

// The fourth field. The second, the program's name in parentheses, may hold anything, blanks and
// parentheses included, so the fields are counted from the last ')' on.
std::optional<pid_t> parse_parent(std::string_view stat);

}  // namespace cardboard
