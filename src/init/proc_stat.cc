// SPDX-License-Identifier: MIT
//
// See proc_stat.h.
#include "init/proc_stat.h"

#include "base/text.h"

namespace cardboard {

std::optional<pid_t> parse_parent(std::string_view stat) {
  // ") S 123 ": the state is one letter.
  constexpr std::size_t kStateWidth = 4;
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || stat.size() - name_end < kStateWidth) {
    return std::nullopt;
  }
  stat.remove_prefix(name_end + kStateWidth);
  const std::size_t blank = stat.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const std::uint64_t parent = parse_number({stat.data(), blank});
  if (parent == kNoNumber) return std::nullopt;
  return static_cast<pid_t>(parent);
}

}  // namespace cardboard
