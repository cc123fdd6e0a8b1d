// SPDX-License-Identifier: MIT
//
// See capability.h.
#include "cli/capability.h"

#include "base/text.h"
#include "cli/arguments.h"

namespace cardboard {

namespace {

constexpr unsigned kCount = 41;
constexpr std::uint64_t kAll = (std::uint64_t{1} << kCount) - 1;
// daemon/pkg/oci/caps/defaults.go of Moby.
constexpr std::uint64_t kDockers = 0xa80425fb;

// Each by its number, and behind them the names of sets.
constexpr char kNames[] =
    "CHOWN\0DAC_OVERRIDE\0DAC_READ_SEARCH\0FOWNER\0FSETID\0KILL\0SETGID\0SETUID\0SETPCAP\0"
    "LINUX_IMMUTABLE\0NET_BIND_SERVICE\0NET_BROADCAST\0NET_ADMIN\0NET_RAW\0IPC_LOCK\0"
    "IPC_OWNER\0SYS_MODULE\0SYS_RAWIO\0SYS_CHROOT\0SYS_PTRACE\0SYS_PACCT\0SYS_ADMIN\0SYS_BOOT\0"
    "SYS_NICE\0SYS_RESOURCE\0SYS_TIME\0SYS_TTY_CONFIG\0MKNOD\0LEASE\0AUDIT_WRITE\0"
    "AUDIT_CONTROL\0SETFCAP\0MAC_OVERRIDE\0MAC_ADMIN\0SYSLOG\0WAKE_ALARM\0BLOCK_SUSPEND\0"
    "AUDIT_READ\0PERFMON\0BPF\0CHECKPOINT_RESTORE\0docker\0all\0";

}  // namespace

std::uint64_t parse_capability(const char* name) {
  const char* behind_prefix = skip(name, "CAP_");
  if (behind_prefix != nullptr) name = behind_prefix;
  const auto index = static_cast<unsigned>(index_in(kNames, name));
  if (index < kCount) return std::uint64_t{1} << index;
  return index == kCount ? kDockers : index == kCount + 1 ? kAll : 0;
}

void write_capabilities(Writer& writer, std::uint64_t set) {
  for (const char* name = kNames; set != 0; set >>= 1, name = behind(name)) {
    if ((set & 1) != 0) writer << ' ' << name;
  }
}

}  // namespace cardboard
