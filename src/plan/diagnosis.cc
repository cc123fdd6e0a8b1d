// SPDX-License-Identifier: MIT
//
// See diagnosis.h. Source: user_namespaces(7), KERNEL.md 7.11.
#include "plan/diagnosis.h"

#include <errno.h>

#include "base/byte_table.h"
#include "base/message.h"

namespace cardboard {

namespace {

struct Cure {
  Need need;
  std::uint8_t errnum;
  std::uint8_t obstacles;  // one of these must be there; 0: none need be
  const char* hint;
};

// The first that fits is given.
constexpr Cure kCures[] = {
    {Need::Namespaces, EPERM, kNoClone,
     "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1"},
    {Need::Namespaces, EPERM, kChroot,
     "no user namespace can be made in a chroot: use pivot_root(8), or start it outside"},
    {Need::Namespaces, EPERM, kFiltered,
     "a seccomp filter forbids it, as of a container around us: in Docker's and Podman's, "
     "--security-opt seccomp=unconfined"},
    {Need::Namespaces, EPERM, 0,
     "user namespaces are forbidden here, by a security module or a container around us"},
    {Need::Namespaces, ENOSPC, kNoNamespaces,
     "allow user namespaces: sysctl user.max_user_namespaces=10000, or start it outside of the "
     "container that forbids them"},
    {Need::Namespaces, ENOSPC, 0, "see the limits in /proc/sys/user, or nest less deep"},
    {Need::Namespaces, EUSERS, 0, "see the limits in /proc/sys/user, or nest less deep"},
    {Need::Namespaces, EINVAL, 0, "the kernel lacks a kind of namespace: see /proc/self/ns"},
    {Need::Mounts, EPERM, kAppArmor,
     "AppArmor takes the capabilities in user namespaces away: sysctl "
     "kernel.apparmor_restrict_unprivileged_userns=0, or a profile that allows userns"},
    {Need::Mounts, EPERM, kFiltered,
     "a seccomp filter forbids it, as of a container around us: in Docker's and Podman's, "
     "--security-opt seccomp=unconfined"},
    {Need::Mounts, ENOSYS, 0, "it needs Linux 5.14, and around it no seccomp filter that is older"},
    {Need::NewMount, EPERM, 0,
     "parts of /proc or /sys are covered here: in Docker's containers, --security-opt "
     "systempaths=unconfined, in Podman's, unmask=ALL"},
    {Need::Place, EACCES, 0,
     "a security module forbids it: in Docker's containers, --security-opt apparmor=unconfined"},
};

alignas(1) constexpr auto kTable = make_table<[] {
  TableBuilder table;
  for (const Cure& cure : kCures) {
    // 0 is the end.
    table.add(cure.errnum);
    table.add(static_cast<std::uint8_t>(cure.need));
    table.add(cure.obstacles);
    table.add_phrase(cure.hint);
  }
  table.add(0);
  return table;
}>();

}  // namespace

Phrase find_cure(Need need, int errnum, Obstacles obstacles) {
  for (const char* row = kTable.data(); *row != 0; row = behind(row + 3)) {
    const auto in_the_way = static_cast<unsigned char>(row[2]);
    if (row[0] == errnum && row[1] == static_cast<char>(need) &&
        (in_the_way == 0 || (in_the_way & obstacles) != 0)) {
      return Phrase(row + 3);
    }
  }
  return {};
}

void write_finding(Writer& writer, Phrase what, const char* detail, const Error* cause) {
  writer << (cause == nullptr ? "ok  "_p : "no  "_p) << what << ' ' << detail;
  if (cause != nullptr) {
    writer << ": ";
    write_cause(writer, *cause);
    if (!cause->hint.empty()) writer << "\n    hint: "_p << cause->hint;
  }
  writer.end_line();
}

}  // namespace cardboard
