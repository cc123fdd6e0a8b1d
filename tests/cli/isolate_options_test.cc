// SPDX-License-Identifier: MIT
//
// The values of the container's options, each with what it is not.
#include <catch2/catch.hpp>

#include "cli/option_table.h"
#include "support.h"

using namespace cardboard;

namespace {

constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

// As RLIMIT_* of asm-generic/resource.h.
constexpr const char* kNames[] = {"cpu",      "fsize",  "data",    "stack", "core",  "rss",
                                  "nproc",    "nofile", "memlock", "as",    "locks", "sigpending",
                                  "msgqueue", "nice",   "rtprio",  "rttime"};

}  // namespace

TEST_CASE("every resource limit has the kernel's number") {
  REQUIRE(std::size(kNames) == kUlimits);
  for (std::size_t i = 0; i < kUlimits; ++i) {
    const std::string value = std::string(kNames[i]) + "=1:2";
    CAPTURE(value);
    const CommandLine line({"--isolate", "--ulimit", value, "COMMAND"});
    REQUIRE(line.accepted());
    REQUIRE(ulimit_name(i) == std::string(kNames[i]));
    for (std::size_t j = 0; j < kUlimits; ++j) REQUIRE(line.options.ulimits.is_set[j] == (i == j));
    REQUIRE(line.options.ulimits.values[i].soft == 1);
    REQUIRE(line.options.ulimits.values[i].hard == 2);
  }
}

TEST_CASE("a resource limit is one number or two, or unlimited") {
  const struct {
    const char* value;
    std::uint64_t soft;
    std::uint64_t hard;
  } rows[] = {{"core=0", 0, 0},
              {"core=7", 7, 7},
              {"core=7:7", 7, 7},
              {"core=0:unlimited", 0, kUnlimited},
              {"core=unlimited", kUnlimited, kUnlimited},
              {"core=unlimited:unlimited", kUnlimited, kUnlimited},
              {"core=1:18446744073709551614", 1, kUnlimited - 1}};
  for (const auto& row : rows) {
    CAPTURE(row.value);
    const CommandLine line({"--isolate", "--ulimit", row.value, "COMMAND"});
    REQUIRE(line.accepted());
    REQUIRE(line.options.ulimits.values[4].soft == row.soft);
    REQUIRE(line.options.ulimits.values[4].hard == row.hard);
  }
}

TEST_CASE("what is no resource limit is refused") {
  for (const char* value : {"",
                            "=",
                            "core",
                            "core=",
                            "core=:",
                            "core=1:",
                            "core=:1",
                            "core=2:1",
                            "core=unlimited:1",
                            "core=-1",
                            "core=1:2:3",
                            "core=1k",
                            "core=18446744073709551616",
                            "cor=1",
                            "cores=1",
                            "=1",
                            "CORE=1",
                            "core =1",
                            "RLIMIT_CORE=1",
                            "core=unlimitedly",
                            "core=unlimited:"}) {
    CAPTURE(value);
    CHECK_FALSE(CommandLine({"--isolate", "--ulimit", value, "COMMAND"}).accepted());
  }
}

TEST_CASE("a resource limit that is set again is changed, and others stay") {
  const CommandLine line(
      {"--isolate", "--ulimit", "core=1:2", "--ulimit", "cpu=9", "--ulimit", "core=5", "COMMAND"});
  REQUIRE(line.accepted());
  CHECK(line.options.ulimits.values[4].soft == 5);
  CHECK(line.options.ulimits.values[4].hard == 5);
  CHECK(line.options.ulimits.values[0].soft == 9);
}

TEST_CASE("variables are kept in their order, as typed") {
  const CommandLine line(
      {"--isolate", "--env", "A=1", "--env=B", "--env", "A=", "--env", "C=x=y", "COMMAND"});
  REQUIRE(line.accepted());
  const auto& variables = line.options.variables;
  CHECK(std::vector<std::string>(variables.begin(), variables.end()) ==
        std::vector<std::string>{"A=1", "B", "A=", "C=x=y"});
  CHECK_FALSE(CommandLine({"--isolate", "--env", "", "COMMAND"}).accepted());
  CHECK_FALSE(CommandLine({"--isolate", "--env", "=x", "COMMAND"}).accepted());
}

TEST_CASE("a count is a number, and none that would overflow anything") {
  const CommandLine line({"--isolate", "--preserve-fds", "1048575", "COMMAND"});
  REQUIRE(line.accepted());
  CHECK(line.options.preserved_fds == 1048575);
  for (const char* value : {"", "-1", "x", "1048576", "4294967297", "18446744073709551615", "1 "}) {
    CAPTURE(value);
    CHECK_FALSE(CommandLine({"--isolate", "--preserve-fds", value, "COMMAND"}).accepted());
  }
}

TEST_CASE("of --tty and --no-tty the last one counts") {
  CHECK(CommandLine({"--isolate", "COMMAND"}).options.tty == Tty::Default);
  CHECK(CommandLine({"--isolate", "--no-tty", "--tty", "COMMAND"}).options.tty == Tty::Own);
  CHECK(CommandLine({"--isolate", "--tty", "--no-tty", "COMMAND"}).options.tty == Tty::None);
}
