// SPDX-License-Identifier: MIT
//
// See user.h.
#include "plan/user.h"

#include "base/id.h"

namespace cardboard {

namespace {

// At the end of a line, the empty one there.
const char* field_behind(const char* field) {
  const char* end = end_of_field(field);
  return *end == ':' ? end + 1 : end;
}

bool is_same(const char* field, const char* other) {
  while (*field == *other && !is_field_end(*field)) ++field, ++other;
  return is_field_end(*field) && is_field_end(*other);
}

}  // namespace

bool find_ids(const char* user, const char* passwd, Privileges& ids) {
  const char* uid = user;
  const char* gid = *end_of_field(user) == ':' ? field_behind(user) : nullptr;
  if (*end_of_field(gid != nullptr ? gid : user) != '\0') return false;
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
