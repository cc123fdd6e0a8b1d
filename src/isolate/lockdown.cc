// SPDX-License-Identifier: MIT
//
// See lockdown.h.
#include "isolate/lockdown.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "base/sys.h"

namespace cardboard {

namespace {

// How many capabilities there are is the kernel's to say: it refuses the first that it has not.
Result<void> empty_bounding_set() {
  int result = 0;
  for (unsigned long i = 0; result == 0; ++i) result = sys_prctl(PR_CAPBSET_DROP, i);
  if (result != -EINVAL) return fail(result, "empty the bounding set"_p);
  return {};
}

Result<void> empty_process_sets() {
  TRY(check(sys_prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL), "empty the ambient set"_p));
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2] = {};
  return check(sys_capset(&header, none), "drop capabilities"_p);
}

}  // namespace

Result<void> become_undumpable() {
  return check(sys_prctl(PR_SET_DUMPABLE, 0), "become undumpable"_p);
}

Result<void> drop_privileges() {
  TRY(check(sys_prctl(PR_SET_NO_NEW_PRIVS, 1), "set no_new_privs"_p));
  // The bounding set first: to empty it takes a capability.
  TRY(empty_bounding_set());
  return empty_process_sets();
}

Result<void> apply_filter(std::span<const sock_filter> program) {
  const sock_fprog description = {static_cast<unsigned short>(program.size()),
                                  const_cast<sock_filter*>(program.data())};
  return check(sys_seccomp(SECCOMP_SET_MODE_FILTER, &description), "apply the seccomp filter"_p);
}

}  // namespace cardboard
