// SPDX-License-Identifier: MIT
//
// See id.h.
#include "base/id.h"

#include "base/text.h"

namespace cardboard {

const char* end_of_field(const char* field) {
  while (!is_field_end(*field)) ++field;
  return field;
}

std::uint32_t parse_id(const char* field) {
  const std::string_view text(field, static_cast<std::size_t>(end_of_field(field) - field));
  const std::uint64_t id = parse_number(text);
  return id < kNoId ? static_cast<std::uint32_t>(id) : kNoId;
}

}  // namespace cardboard
