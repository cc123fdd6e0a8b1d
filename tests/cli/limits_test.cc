// SPDX-License-Identifier: MIT
//
// The numbers of --memory, --cpus and so on.
#include <catch2/catch.hpp>

#include "support.h"

using namespace cardboard;

namespace {

// 0 where it is refused.
std::int64_t limit_of(Limit limit, const char* name, const std::string& value) {
  const CommandLine line(std::vector<std::string_view>{"--isolate", name, value, "x"});
  REQUIRE(line.accepted() == (line.options.limits[static_cast<std::size_t>(limit)] > 0));
  return line.accepted() ? line.options.limits[static_cast<std::size_t>(limit)] : 0;
}

std::int64_t cpus(const std::string& value) { return limit_of(Limit::Cpus, "--cpus", value); }

std::int64_t memory(const std::string& value) { return limit_of(Limit::Memory, "--memory", value); }

}  // namespace

TEST_CASE("processors are microseconds of each 100 ms") {
  REQUIRE(cpus("1") == 100'000);
  REQUIRE(cpus("0.5") == 50'000);
  REQUIRE(cpus(".5") == 50'000);
  REQUIRE(cpus("2.") == 200'000);
  REQUIRE(cpus("1.25") == 125'000);
  REQUIRE(cpus("0.00001") == 1);
  REQUIRE(cpus("4096") == 409'600'000);
  REQUIRE(cpus("1.00000") == 100'000);
}

TEST_CASE("what is no number of processors, is too fine or none is refused") {
  for (const char* value : {"", ".", "0", "0.0", "0.000001", "1.000001", "1.2.3", "-1", "1,5",
                            "1e3", "max", " 1", "99999999999", "99999999999999999999999"}) {
    CAPTURE(value);
    REQUIRE(cpus(value) == 0);
  }
}

TEST_CASE("sizes are of one byte at least, and no more than the kernel counts") {
  REQUIRE(memory("1") == 1);
  REQUIRE(memory("64m") == 64 << 20);
  REQUIRE(memory("8388607t") == std::int64_t{8388607} << 40);
  REQUIRE(memory("8388608t") == 0);
  REQUIRE(memory("0") == 0);
  REQUIRE(memory("") == 0);
}

TEST_CASE("only a limit asks for a look at control groups") {
  REQUIRE(CommandLine({"--isolate", "--pids-limit", "9", "x"}).options.has_limits);
  REQUIRE(CommandLine({"--isolate", "--cpuset-cpus", "0", "x"}).options.has_limits);
  REQUIRE_FALSE(CommandLine({"--isolate", "--cgroup-parent", "/x", "y"}).options.has_limits);
}
