// SPDX-License-Identifier: MIT
//
// Ids of users and groups, in texts whose fields are separated by colons. Fields are not copied: a
// pointer to where one begins will do, in a text that ends with a zero. Pure.
#pragma once

#include <cstdint>

namespace cardboard {

// "As it was", to setresuid(2), and never an id.
inline constexpr std::uint32_t kNoId = 0xffffffff;

constexpr bool is_field_end(char c) { return c == ':' || c == '\n' || c == '\0'; }

const char* end_of_field(const char* field);

// kNoId where the field is no id. Decimal digits and nothing else.
std::uint32_t parse_id(const char* field);

}  // namespace cardboard
