// SPDX-License-Identifier: MIT
//
// See byte_table.h.
#include "base/byte_table.h"

#include <cstring>

namespace cardboard {

const char* behind(const char* string) { return string + std::strlen(string) + 1; }

const char* string_at(const char* strings, std::size_t index) {
  while (index-- > 0) strings = behind(strings);
  return strings;
}

const char* find_row(const char* table, char key) {
  for (; *table != '\0'; table = behind(table)) {
    if (*table == key) return table + 1;
  }
  return nullptr;
}

}  // namespace cardboard
