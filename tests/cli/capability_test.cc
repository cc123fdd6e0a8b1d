// SPDX-License-Identifier: MIT
//
// The names of capabilities, against those of the kernel's header.
#include "cli/capability.h"

#include <linux/capability.h>

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "support.h"

using namespace cardboard;

namespace {

constexpr std::uint64_t bit(unsigned capability) { return std::uint64_t{1} << capability; }

struct Named {
  const char* name;
  unsigned number;
};

#define NAMED(name) \
  { #name, name }
constexpr Named kKernels[] = {
    NAMED(CAP_CHOWN),
    NAMED(CAP_DAC_OVERRIDE),
    NAMED(CAP_DAC_READ_SEARCH),
    NAMED(CAP_FOWNER),
    NAMED(CAP_FSETID),
    NAMED(CAP_KILL),
    NAMED(CAP_SETGID),
    NAMED(CAP_SETUID),
    NAMED(CAP_SETPCAP),
    NAMED(CAP_LINUX_IMMUTABLE),
    NAMED(CAP_NET_BIND_SERVICE),
    NAMED(CAP_NET_BROADCAST),
    NAMED(CAP_NET_ADMIN),
    NAMED(CAP_NET_RAW),
    NAMED(CAP_IPC_LOCK),
    NAMED(CAP_IPC_OWNER),
    NAMED(CAP_SYS_MODULE),
    NAMED(CAP_SYS_RAWIO),
    NAMED(CAP_SYS_CHROOT),
    NAMED(CAP_SYS_PTRACE),
    NAMED(CAP_SYS_PACCT),
    NAMED(CAP_SYS_ADMIN),
    NAMED(CAP_SYS_BOOT),
    NAMED(CAP_SYS_NICE),
    NAMED(CAP_SYS_RESOURCE),
    NAMED(CAP_SYS_TIME),
    NAMED(CAP_SYS_TTY_CONFIG),
    NAMED(CAP_MKNOD),
    NAMED(CAP_LEASE),
    NAMED(CAP_AUDIT_WRITE),
    NAMED(CAP_AUDIT_CONTROL),
    NAMED(CAP_SETFCAP),
    NAMED(CAP_MAC_OVERRIDE),
    NAMED(CAP_MAC_ADMIN),
    NAMED(CAP_SYSLOG),
    NAMED(CAP_WAKE_ALARM),
    NAMED(CAP_BLOCK_SUSPEND),
    NAMED(CAP_AUDIT_READ),
    NAMED(CAP_PERFMON),
    NAMED(CAP_BPF),
    NAMED(CAP_CHECKPOINT_RESTORE),
};
#undef NAMED

std::uint64_t parse(const std::string& name) { return parse_capability(name.c_str()); }

}  // namespace

TEST_CASE("every capability of the kernel's is known, with its prefix and without",
          "[capability]") {
  std::uint64_t all = 0;
  for (const Named& row : kKernels) {
    const std::string name = row.name;
    CAPTURE(name);
    CHECK(parse(name) == bit(row.number));
    CHECK(parse(name.substr(4)) == bit(row.number));
    all |= bit(row.number);
  }
  CHECK(all == bit(41) - 1);
  CHECK(parse("all") == all);
}

TEST_CASE("Docker's set is the 14 of its sources", "[capability]") {
  std::uint64_t expected = 0;
  for (const char* name :
       {"CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID",
        "SETFCAP", "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"}) {
    expected |= parse(name);
  }
  CHECK(__builtin_popcountll(expected) == 14);
  CHECK(parse("docker") == expected);
}

TEST_CASE("a name with one character changed, too many or too few is unknown", "[capability]") {
  std::set<std::string> names;
  for (const Named& row : kKernels) names.insert(row.name + 4);
  const auto check_unknown = [&](const std::string& name) {
    // DAC_OVERRIDE and MAC_OVERRIDE are neighbours.
    if (names.count(name) == 0 && parse(name) != 0) FAIL(name);
  };
  for (const std::string& name : names) {
    for (std::size_t i = 0; i <= name.size(); ++i) {
      for (int c = 1; c < 256; ++c) {
        const char other = static_cast<char>(c);
        check_unknown(std::string(name).insert(i, 1, other));
        if (i < name.size()) check_unknown(std::string(name).replace(i, 1, 1, other));
      }
      if (i < name.size()) check_unknown(std::string(name).erase(i, 1));
    }
  }
}

TEST_CASE("what is no name in the kernel's spelling is unknown", "[capability]") {
  const std::string name = GENERATE("", "CAP_", "chown", "cap_chown", "CAP_CAP_CHOWN", "ALL",
                                    "Docker", "dockers", "al", "0", "CHOWN,KILL", "CHOWN KILL");
  CAPTURE(name);
  CHECK(parse(name) == 0);
}

TEST_CASE("the names of a set are written, each with a blank before it, in the kernel's order") {
  const auto names_of = [](std::uint64_t set) {
    return written([&](Writer& writer) { write_capabilities(writer, set); });
  };
  std::string all;
  for (const Named& named : kKernels) {
    CAPTURE(named.name);
    const std::string name = std::string(named.name).replace(0, 4, " ");
    CHECK(names_of(bit(named.number)) == name);
    all += name;
  }
  CHECK(names_of(parse_capability("all")) == all);
  CHECK(names_of(0).empty());
}
