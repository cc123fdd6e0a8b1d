// SPDX-License-Identifier: MIT
//
// See obstacle.h.
#include "isolate/obstacle.h"

#include <sys/prctl.h>

#include "base/byte_table.h"
#include "base/fd.h"
#include "base/sys.h"

namespace cardboard {

namespace {

Obstacles find_obstacles() {
  Obstacles found = 0;
  Obstacles bit = 1;
  for (const char* row = kSysctls; *row != '\0'; row = behind(row), bit <<= 1) {
    char value[1];
    if (read_file(AT_FDCWD, row + 1, value) == 1 && *value == *row) found |= bit;
  }
  // Not 0 in strict mode either, in which we would not be here.
  if (sys_prctl(PR_GET_SECCOMP, 0) > 0) found |= kFiltered;
  struct statx status;
  if (sys_statx(AT_FDCWD, "/", status) == 0 &&
      (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) == 0) {
    found |= kChroot;
  }
  return found;
}

}  // namespace

Result<int> permitted(int result, Need need, Phrase op, const char* object) {
  if (result >= 0) return result;
  const Failure failure = fail(result, op, object);
  return failure.hint(find_cure(need, -result, find_obstacles()));
}

}  // namespace cardboard
