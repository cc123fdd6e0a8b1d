// SPDX-License-Identifier: MIT
//
// See lockdown.h.
#include "init/lockdown.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "base/sys.h"

namespace cardboard {

namespace {

constexpr std::uint64_t bit(unsigned capability) { return std::uint64_t{1} << capability; }

// How many capabilities there are is the kernel's to say: it refuses the first that it has not.
Result<void> limit_bounding_set(std::uint64_t kept) {
  int result = 0;
  for (unsigned i = 0; result == 0; ++i) {
    if ((kept & bit(i)) == 0) result = sys_prctl(PR_CAPBSET_DROP, i);
  }
  if (result != -EINVAL) return fail(result, "limit the bounding set"_p);
  return {};
}

// Permitted and effective. With the inheritable set the kernel empties the ambient one.
Result<void> set_capabilities(std::uint64_t kept) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const auto low = static_cast<std::uint32_t>(kept);
  const auto high = static_cast<std::uint32_t>(kept >> 32);
  const __user_cap_data_struct data[2] = {{low, low, 0}, {high, high, 0}};
  return check(sys_capset(&header, data), "drop capabilities"_p);
}

// Whether COMMAND is, or can become, somebody whom the init may not signal without a capability.
bool is_plain(const Privileges& kept) { return (kept.capabilities | kept.uid | kept.gid) == 0; }

}  // namespace

Result<void> set_ulimits(const Ulimits& ulimits) {
  for (std::size_t i = 0; i < kUlimits; ++i) {
    if (!ulimits.is_set[i]) continue;
    TRY(check(sys_setrlimit(i, ulimits.values[i]), "set limit"_p, ulimit_name(i)));
  }
  return {};
}

Result<void> drop_privileges(const Privileges& kept) {
  TRY(check(sys_prctl(PR_SET_NO_NEW_PRIVS, 1), "set no_new_privs"_p));
  // The bounding set first: to change it takes a capability.
  TRY(limit_bounding_set(kept.capabilities));
  constexpr std::uint64_t kForConfine = bit(CAP_SETUID) | bit(CAP_SETGID) | bit(CAP_KILL);
  return set_capabilities(is_plain(kept) ? 0 : kept.capabilities | kForConfine);
}

Result<void> confine(const Privileges& kept) {
  if (!is_plain(kept)) {
    int result = sys_setresgid(kept.gid);
    // Whoever stops being user 0 loses all capabilities by that.
    if (result == 0) result = sys_setresuid(kept.uid);
    if (result == -EINVAL) {
      return refuse("become user"_p, kept.user, "the container has no such id"_p);
    }
    TRY(check(result, "become user"_p, kept.user));
    TRY(set_capabilities(kept.uid == 0 ? kept.capabilities : 0));
  }
  if (!kept.filter.empty()) TRY(apply_filter(kept.filter));
  return {};
}

Result<void> retire(const Privileges& kept) {
  if (is_plain(kept)) return {};
  return set_capabilities(bit(CAP_KILL));
}

Result<void> apply_filter(std::span<const sock_filter> program) {
  const sock_fprog description = {static_cast<unsigned short>(program.size()),
                                  const_cast<sock_filter*>(program.data())};
  return check(sys_seccomp(SECCOMP_SET_MODE_FILTER, &description), "apply the seccomp filter"_p);
}

}  // namespace cardboard
