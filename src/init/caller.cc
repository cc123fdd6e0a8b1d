// SPDX-License-Identifier: MIT
//
// See caller.h.
#include "init/caller.h"

#include <elf.h>
#include <sys/prctl.h>

#include "base/environment.h"
#include "base/sys.h"

namespace cardboard {

namespace {

// The auxiliary vector lies behind the environment: getauxval(3).
bool is_set_user_id(const char** environment) {
  while (*environment != nullptr) ++environment;
  auto* entry = reinterpret_cast<const Elf64_auxv_t*>(environment + 1);
  for (; entry->a_type != AT_NULL; ++entry) {
    if (entry->a_type == AT_SECURE) return entry->a_un.a_val != 0;
  }
  return false;
}

}  // namespace

Result<void> probe_caller(const char** environment, Host& host) {
  if (is_set_user_id(environment)) {
    return refuse("run"_p, nullptr, "set-user-ID, it would lend its rights to anybody"_p);
  }
  host.path = find_variable(environment, "PATH");
  host.environment = environment;
  host.pid = sys_getpid();
  host.is_pid_one = host.pid == 1;
  return {};
}

Result<void> become_undumpable() {
  return check(sys_prctl(PR_SET_DUMPABLE, 0), "become undumpable"_p);
}

}  // namespace cardboard
