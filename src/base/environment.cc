// SPDX-License-Identifier: MIT
//
// See environment.h.
#include "base/environment.h"

#include "base/text.h"

namespace cardboard {

const char* const* find_entry(const char* const* environment, std::string_view name) {
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry = as_view(*environment);
    if (begins_with(entry, name) && entry.size() > name.size() && entry[name.size()] == '=') {
      return environment;
    }
  }
  return nullptr;
}

const char* find_variable(const char* const* environment, std::string_view name) {
  const char* const* entry = find_entry(environment, name);
  return entry != nullptr ? *entry + name.size() + 1 : nullptr;
}

}  // namespace cardboard
