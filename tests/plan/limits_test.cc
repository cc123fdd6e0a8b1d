// SPDX-License-Identifier: MIT
//
// From --memory and so on to the files of control groups, of either version.
#include "plan/limits.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support.h"

using namespace cardboard;

namespace {

constexpr bool kUnified = true;
constexpr bool kSplit = false;

// Of an ordinary user in /user/session, or of who is privileged.
Groups groups_of(const CommandLine& line, bool unified, bool is_privileged = false,
                 const char* own = "/user/session") {
  REQUIRE(line.accepted());
  Groups groups = {.unified = unified, .pid = 42, .now = 1234567890123};
  place_groups(line.options, is_privileged, own, groups);
  return groups;
}

std::vector<Control> controls_of(const Groups& groups) {
  std::vector<Control> controls;
  Control control;
  for (const char* row = first_control(); (row = read_control(row, groups, control)) != nullptr;) {
    controls.push_back(control);
  }
  return controls;
}

std::string expand(Phrase words, const Groups& groups, const Control& control) {
  return written([&](Writer& writer) { write_control(writer, words, groups, control); });
}

// All files that are written, "memory.max=123 ", and those that are read, "memory.peak ".
std::string files_of(const CommandLine& line, bool unified) {
  const Groups groups = groups_of(line, unified);
  std::string files;
  for (const Control& control : controls_of(groups)) {
    const bool is_read = control.use >= Use::MemoryPeak || control.use == Use::Inherited;
    files += expand(is_read ? "%c.%f "_p : "%c.%f=%v "_p, groups, control);
  }
  return files;
}

std::string own_group_of(const std::string& text) {
  // Without room behind it.
  std::vector<char> copy(text.begin(), text.end());
  return own_group(copy.data(), copy.size());
}

}  // namespace

TEST_CASE("without a limit there is no file") {
  REQUIRE(files_of({"--isolate", "true"}, kUnified).empty());
  REQUIRE(files_of({"--isolate", "--cgroup-parent", "/x", "true"}, kSplit).empty());
}

TEST_CASE("memory comes with a limit of swap and with counters, and ends as a whole in version 2") {
  const CommandLine line{"--isolate", "--memory", "64m", "true"};
  REQUIRE(files_of(line, kUnified) ==
          "memory.max=67108864 memory.swap.max=0 memory.oom.group=1 memory.peak memory.events ");
  REQUIRE(files_of(line, kSplit) ==
          "memory.limit_in_bytes=67108864 memory.memsw.limit_in_bytes=67108864 "
          "memory.max_usage_in_bytes memory.oom_control ");
}

TEST_CASE("a kernel that knows no swap need not limit it, unless that was asked for") {
  for (const bool unified : {kUnified, kSplit}) {
    const CommandLine one{"--isolate", "--memory", "1g", "x"};
    for (const Control& control : controls_of(groups_of(one, unified))) {
      REQUIRE(control.is_optional == (control.use == Use::MemorySwap));
    }
    const CommandLine both{"--isolate", "--memory", "1g", "--memory-swap", "1g", "x"};
    for (const Control& control : controls_of(groups_of(both, unified))) {
      REQUIRE_FALSE(control.is_optional);
    }
  }
}

TEST_CASE("swap is given as the sum with memory, which version 2 has not") {
  const CommandLine line{"--isolate", "--memory=1m", "--memory-swap=1536k", "true"};
  REQUIRE_THAT(files_of(line, kUnified), Catch::Contains("memory.swap.max=524288 "));
  REQUIRE_THAT(files_of(line, kSplit), Catch::Contains("memory.memsw.limit_in_bytes=1572864 "));
}

TEST_CASE("swap alone is the limit of both, and so of memory") {
  const CommandLine line{"--isolate", "--memory-swap=1m", "x"};
  REQUIRE_THAT(files_of(line, kUnified),
               Catch::StartsWith("memory.max=1048576 memory.swap.max=0 memory.oom.group=1 "));
  REQUIRE_THAT(
      files_of(line, kSplit),
      Catch::StartsWith("memory.limit_in_bytes=1048576 memory.memsw.limit_in_bytes=1048576 "));
}

TEST_CASE("less for both than for the one is refused by the kernel") {
  const CommandLine line{"--isolate", "--memory=2m", "--memory-swap=1m", "x"};
  REQUIRE_THAT(files_of(line, kUnified), Catch::Contains("memory.swap.max=-1048576 "));
  REQUIRE_THAT(files_of(line, kSplit), Catch::Contains("memory.memsw.limit_in_bytes=1048576 "));
}

TEST_CASE("what counts who was killed tells the limit of memory, too") {
  for (const Control& control : controls_of(groups_of({"--isolate", "--memory=2m", "x"}, kSplit))) {
    if (control.use == Use::OomKills) REQUIRE(control.number == 2 << 20);
  }
}

TEST_CASE("processes are counted") {
  REQUIRE(files_of({"--isolate", "--pids-limit", "50", "x"}, kUnified) == "pids.max=50 pids.peak ");
  REQUIRE(files_of({"--isolate", "--pids-limit", "50", "x"}, kSplit) == "pids.max=50 pids.peak ");
}

TEST_CASE("processor time is a quota of 100 ms, and shares are a weight") {
  const CommandLine line{"--isolate", "--cpus", "1.5", "--cpu-shares", "1024", "x"};
  REQUIRE(files_of(line, kUnified) == "cpu.max=150000 cpu.weight=100 ");
  REQUIRE(files_of(line, kSplit) == "cpu.cfs_quota_us=150000 cpu.shares=1024 ");
}

TEST_CASE("shares of all sizes are a weight, as long as the kernel has one") {
  const auto weight_of = [](const char* shares) {
    return files_of({"--isolate", "--cpu-shares", shares, "x"}, kUnified);
  };
  REQUIRE(weight_of("1") == "cpu.weight=1 ");
  REQUIRE(weight_of("10") == "cpu.weight=1 ");
  REQUIRE(weight_of("11") == "cpu.weight=1 ");
  REQUIRE(weight_of("512") == "cpu.weight=50 ");
  REQUIRE(weight_of("102400") == "cpu.weight=10000 ");
  REQUIRE(weight_of("200000") == "cpu.weight=19531 ");
}

TEST_CASE("the list of processors is passed on, and version 1 wants the memory nodes, too") {
  const CommandLine line{"--isolate", "--cpuset-cpus", "0-2,4", "x"};
  REQUIRE(files_of(line, kUnified) == "cpuset.cpus=0-2,4 ");
  REQUIRE(files_of(line, kSplit) == "cpuset.cpus=0-2,4 cpuset.mems ");
}

TEST_CASE("all limits at once have room") {
  const CommandLine line{"--isolate", "--memory=1m",     "--memory-swap=1m", "--pids-limit=9",
                         "--cpus=1",  "--cpu-shares=99", "--cpuset-cpus=0",  "x"};
  REQUIRE_THAT(files_of(line, kUnified), Catch::EndsWith("cpuset.cpus=0 "));
  REQUIRE_THAT(files_of(line, kSplit), Catch::EndsWith("cpuset.cpus=0 cpuset.mems "));
}

TEST_CASE("a user's groups are made in the own one, root's at the top, or where it is said") {
  const CommandLine line{"--isolate", "--memory", "1m", "x"};
  const CommandLine told{"--isolate", "--memory", "1m", "--cgroup-parent", "/ci", "x"};
  const auto path_of = [](const Groups& groups) {
    return expand("%p/%n"_p, groups, controls_of(groups).at(0));
  };
  REQUIRE(path_of(groups_of(line, kUnified)) ==
          "/sys/fs/cgroup///user/session/cardboard-42-1234567890123");
  REQUIRE(path_of(groups_of(line, kUnified, true)) ==
          "/sys/fs/cgroup////cardboard-42-1234567890123");
  REQUIRE(path_of(groups_of(line, kSplit, true)) ==
          "/sys/fs/cgroup/memory///cardboard-42-1234567890123");
  for (const bool is_privileged : {false, true}) {
    REQUIRE(path_of(groups_of(told, kUnified, is_privileged)) ==
            "/sys/fs/cgroup///ci/cardboard-42-1234567890123");
  }
}

TEST_CASE("only a group of version 2 that we are in has to be left") {
  const CommandLine line{"--isolate", "--memory", "1m", "x"};
  const CommandLine told{"--isolate", "--memory", "1m", "--cgroup-parent", "/ci", "x"};
  REQUIRE(groups_of(line, kUnified).in_our_own);
  REQUIRE_FALSE(groups_of(line, kUnified, true).in_our_own);
  // The top of a container, or of a machine.
  REQUIRE(groups_of(line, kUnified, true, "/").in_our_own);
  REQUIRE_FALSE(groups_of(line, kSplit, true, "/").in_our_own);
  REQUIRE_FALSE(groups_of(told, kUnified).in_our_own);
  REQUIRE_FALSE(groups_of(told, kUnified, true, "/").in_our_own);
}

TEST_CASE("the own group of version 2 is that of the last line") {
  REQUIRE(own_group_of("0::/user.slice/x.scope\n") == "/user.slice/x.scope");
  REQUIRE(own_group_of("9:memory:/a\n1:net_cls:/\n0::/b/c\n") == "/b/c");
  REQUIRE(own_group_of("1:net_cls:/\n0::/b\\n0::/c\n") == "/b\\n0::/c");
  REQUIRE(own_group_of("0::/\n") == "/");
  // Where there is none, no path that could be one.
  REQUIRE(own_group_of("9:memory:/a\n") == "9:memory:/a");
  REQUIRE(own_group_of("\n").empty());
}

TEST_CASE("limits are told by the files that enforce them") {
  const CommandLine line{"--isolate", "--memory", "1m", "--cpuset-cpus", "0-1", "x"};
  Groups groups = {.unified = true};
  place_groups(line.options, true, "/", groups);
  REQUIRE(written([&](Writer& writer) { write_limits(writer, groups); }) ==
          "\"memory.max\":\"1048576\",\"memory.swap.max\":\"0\",\"cpuset.cpus\":\"0-1\"");
}
