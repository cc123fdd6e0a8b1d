// SPDX-License-Identifier: MIT
//
// Where a COMMAND without a slash may be, in the order and with the rules of glibc's execvp(3)
// (musl's differ: KERNEL.md 1.3). Pure: it makes the names, the caller tries them.
#pragma once

#include <span>
#include <string_view>

namespace cardboard {

class PathSearch {
 public:
  // `path` is the value of PATH; null means the system's default. All must outlive the search.
  PathSearch(const char* name, const char* path, std::span<char> buffer);

  // The next file to try, in `buffer` until the next call; null when there is none left. What does
  // not fit into `buffer` is left out.
  const char* next();

 private:
  std::string_view name_;
  std::string_view rest_;
  bool ended_ = false;
  std::span<char> buffer_;
};

}  // namespace cardboard
