// SPDX-License-Identifier: MIT
//
// See user.h.
#include "plan/user.h"

#include <string_view>

#include "base/text.h"

namespace cardboard {

namespace {

// "As it was", to setresuid(2).
constexpr std::uint32_t kNoId = 0xffffffff;

// Fields lie in texts that end with a zero, and need no copy: a pointer to where one begins will
// do.
bool is_end(char c) { return c == ':' || c == '\n' || c == '\0'; }

const char* end_of(const char* field) {
  while (!is_end(*field)) ++field;
  return field;
}

// At the end of a line, the empty one there.
const char* field_behind(const char* field) {
  const char* end = end_of(field);
  return *end == ':' ? end + 1 : end;
}

bool is_same(const char* field, const char* other) {
  while (*field == *other && !is_end(*field)) ++field, ++other;
  return is_end(*field) && is_end(*other);
}

std::uint32_t parse_id(const char* field) {
  const std::string_view text(field, static_cast<std::size_t>(end_of(field) - field));
  const std::uint64_t id = parse_u64(text).value_or(kNoId);
  return id < kNoId ? static_cast<std::uint32_t>(id) : kNoId;
}

}  // namespace

bool find_ids(const char* user, const char* passwd, Privileges& ids) {
  const char* uid = user;
  const char* gid = *end_of(user) == ':' ? field_behind(user) : nullptr;
  if (*end_of(gid != nullptr ? gid : user) != '\0') return false;
  // A number is never taken for the name of a user, who may have another one.
  const bool is_number = *user >= '0' && *user <= '9';
  for (const char* line = passwd; *line != '\0';) {
    const char* entry = field_behind(field_behind(line));
    if (is_same(user, is_number ? entry : line)) {
      uid = entry;
      if (gid == nullptr) gid = field_behind(entry);
      break;
    }
    while (*line != '\0' && *line++ != '\n') continue;
  }
  ids.uid = parse_id(uid);
  ids.gid = gid != nullptr ? parse_id(gid) : 0;
  return ids.uid != kNoId && ids.gid != kNoId;
}

}  // namespace cardboard
