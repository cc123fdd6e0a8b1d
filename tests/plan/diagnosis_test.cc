// SPDX-License-Identifier: MIT
//
// Who is named for what fails, and the doctor's lines.
#include "plan/diagnosis.h"

#include <errno.h>

#include <catch2/catch.hpp>
#include <string>

#include "support.h"

using namespace cardboard;

namespace {

std::string cure(Need need, int errnum, Obstacles obstacles) {
  return text_of(find_cure(need, errnum, obstacles));
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

std::string finding(const char* detail, const Result<void>& result) {
  const Error* cause = result.ok() ? nullptr : &result.error();
  return written([&](Writer& writer) { write_finding(writer, "a thing"_p, detail, cause); });
}

}  // namespace

TEST_CASE("of user namespaces that are not permitted, whoever forbids them is named") {
  CHECK(has(cure(Need::Namespaces, EPERM, kNoClone), "kernel.unprivileged_userns_clone=1"));
  CHECK(has(cure(Need::Namespaces, EPERM, kChroot), "chroot"));
  CHECK(has(cure(Need::Namespaces, EPERM, kFiltered), "seccomp=unconfined"));
  CHECK(has(cure(Need::Namespaces, EPERM, 0), "security module"));
  CHECK(has(cure(Need::Namespaces, ENOSPC, kNoNamespaces), "user.max_user_namespaces="));
}

TEST_CASE("what is there but does not explain the error is not blamed") {
  constexpr Obstacles kAll = ~0u;
  CHECK(cure(Need::Namespaces, EPERM, kNoNamespaces | kAppArmor) ==
        cure(Need::Namespaces, EPERM, 0));
  CHECK(cure(Need::Namespaces, ENOSPC, kAll & ~kNoNamespaces) == cure(Need::Namespaces, ENOSPC, 0));
  CHECK(cure(Need::Namespaces, ENOMEM, kAll) == "");
  CHECK(cure(Need::Mounts, EINVAL, kAll) == "");
  CHECK(cure(Need::Mounts, EPERM, kNoClone | kNoNamespaces) == "");
  CHECK(cure(Need::Place, EPERM, kAll) == "");
}

TEST_CASE("the sysctl comes before the chroot, and that before the filter") {
  CHECK(has(cure(Need::Namespaces, EPERM, kNoClone | kChroot | kFiltered), "sysctl"));
  CHECK(has(cure(Need::Namespaces, EPERM, kChroot | kFiltered), "chroot"));
}

TEST_CASE("a depth that is used up is told from a limit of none") {
  CHECK(has(cure(Need::Namespaces, EUSERS, 0), "nest less deep"));
  CHECK(has(cure(Need::Namespaces, ENOSPC, 0), "nest less deep"));
}

TEST_CASE("of mounts that are not permitted, whoever forbids them is named") {
  CHECK(has(cure(Need::Mounts, EPERM, kAppArmor | kFiltered), "apparmor_restrict"));
  CHECK(has(cure(Need::Mounts, EPERM, kFiltered), "seccomp"));
  CHECK(has(cure(Need::Mounts, ENOSYS, 0), "Linux 5.14"));
  CHECK(has(cure(Need::NewMount, EPERM, 0), "systempaths=unconfined"));
  CHECK(has(cure(Need::Place, EACCES, 0), "apparmor=unconfined"));
}

TEST_CASE("the sysctls are those of the first obstacles, in their order") {
  std::string sysctls[3];
  const char* row = kSysctls;
  for (std::string& sysctl : sysctls) {
    sysctl = row;
    row = behind(row);
  }
  CHECK(*row == '\0');
  CHECK(sysctls[0] == "0/proc/sys/kernel/unprivileged_userns_clone");
  CHECK(sysctls[1] == "0/proc/sys/user/max_user_namespaces");
  CHECK(sysctls[2] == "1/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
  CHECK(kNoClone == 1 << 0);
  CHECK(kNoNamespaces == 1 << 1);
  CHECK(kAppArmor == 1 << 2);
}

TEST_CASE("a finding is one line where all is well") {
  CHECK(finding("6.1", {}) == "ok  a thing 6.1\n");
}

TEST_CASE("a finding that is none has the cause, and the hint below") {
  const Result<void> plain = fail(-EPERM, "make"_p, "one");
  CHECK(finding("1", plain) == "no  a thing 1: cannot make one: Operation not permitted\n");
  const Result<void> hinted = fail(-EPERM, "make"_p).hint("do this"_p);
  CHECK(finding("6.1", hinted) ==
        "no  a thing 6.1: cannot make: Operation not permitted\n    hint: do this\n");
}
