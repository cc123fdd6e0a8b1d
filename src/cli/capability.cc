// SPDX-License-Identifier: MIT
//
// See capability.h.
#include "cli/capability.h"

#include <array>
#include <cstring>

#include "base/text.h"

using namespace std::string_view_literals;

namespace cardboard {

namespace {

constexpr unsigned kCount = 41;
constexpr std::uint64_t kAll = (std::uint64_t{1} << kCount) - 1;
// daemon/pkg/oci/caps/defaults.go of Moby.
constexpr std::uint64_t kDockers = 0xa80425fb;

// clang-format off
// Each by its number, and behind them the names of sets.
constexpr const char* kNames[] = {
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
    "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW",
    "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT",
    "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD",
    "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG",
    "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    "docker", "all"};
// clang-format on
static_assert(std::size(kNames) == kCount + 2);

// A letter or '_' in five bits, the lower ones of its code, and zero for the end of a name: the
// names so take less room than as phrases.
constexpr unsigned kWidth = 5;
constexpr unsigned kMask = (1u << kWidth) - 1;

class BitWriter {
 public:
  constexpr void add(char c) {
    const unsigned code = static_cast<unsigned char>(c) & kMask;
    for (unsigned i = 0; i < kWidth; ++i, ++size)
      bytes[size / 8] = static_cast<std::uint8_t>(bytes[size / 8] | (code >> i & 1) << size % 8);
  }

  unsigned size = 0;
  std::uint8_t bytes[512] = {};
};

constexpr BitWriter pack_names() {
  BitWriter packed;
  for (const char* name : kNames) {
    do packed.add(*name);
    while (*name++ != '\0');
  }
  return packed;
}

// The last code is read with a byte behind it.
alignas(1) constexpr auto kPacked = [] {
  constexpr BitWriter kWithRoom = pack_names();
  std::array<std::uint8_t, kWithRoom.size / 8 + 2> bytes = {};
  for (unsigned i = 0; i < bytes.size(); ++i) bytes[i] = kWithRoom.bytes[i];
  return bytes;
}();

}  // namespace

std::uint64_t parse_capability(const char* name) {
  if (begins_with(as_view(name), "CAP_"sv)) name += 4;
  unsigned position = 0;
  for (unsigned i = 0; i < std::size(kNames); ++i) {
    const unsigned letters = i < kCount ? 0x40 : 0x60;
    const char* rest = name;
    unsigned difference = 0;
    unsigned code = 0;
    do {
      // All machines that we know have the lower byte first.
      std::uint16_t bits = 0;
      std::memcpy(&bits, kPacked.data() + position / 8, sizeof bits);
      code = static_cast<unsigned>(bits >> position % 8) & kMask;
      position += kWidth;
      difference |= static_cast<unsigned char>(*rest) ^ (code != 0 ? letters | code : 0);
      // Not beyond the end of the name.
      if (difference == 0) ++rest;
    } while (code != 0);
    if (difference == 0) return i < kCount ? std::uint64_t{1} << i : i == kCount ? kDockers : kAll;
  }
  return 0;
}

}  // namespace cardboard
