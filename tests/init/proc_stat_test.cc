// SPDX-License-Identifier: MIT
//
// The parent in a line of /proc/PID/stat, whatever name the process has given itself.
#include "init/proc_stat.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace cardboard;

namespace {

constexpr pid_t kParent = 4021;

// As the kernel writes it, with more fields behind the parent's.
std::string line_of(const std::string& name) {
  return "4711 (" + name + ") S 4021 4711 4021 34816 4711 4194304 91 0 0 0 0 0\n";
}

// In memory of its own, so that a step beyond its end is seen by the address sanitizer.
std::optional<pid_t> parse_exactly(std::string_view text) {
  const std::vector<char> copy(text.begin(), text.end());
  return parse_parent({copy.data(), copy.size()});
}

}  // namespace

TEST_CASE("the parent is the fourth field") {
  CHECK(parse_exactly(line_of("sh")) == kParent);
  CHECK(parse_exactly("2 (kthreadd) S 0 0 0 0 -1\n") == 0);
  CHECK(parse_exactly("9 (a) Z 4194304 9 9\n") == 4194304);
}

TEST_CASE("a process may have any name") {
  const std::string name =
      GENERATE("", " ", ")", "(", "a b", ") S 1 2 3", "x) R 1 (y", "((", "))", ")))) Z 99 ",
               "1 2 3 4", "\n", "a\n7 (b) S 1 1 1\n", "\x01\xff", "a\\n");
  CAPTURE(name);
  CHECK(parse_exactly(line_of(name)) == kParent);
}

TEST_CASE("a process may be in any state") {
  for (const char state : std::string("RSDZTtWXxKPI")) {
    REQUIRE(parse_exactly("5 (a) " + std::string(1, state) + " 17 5\n") == 17);
  }
}

TEST_CASE("of a line that breaks off, no half of a number is taken for the parent") {
  const std::string line = line_of("a b");
  for (std::size_t length = 0; length < line.size(); ++length) {
    const auto parent = parse_exactly(line.substr(0, length));
    CAPTURE(length);
    if (parent) REQUIRE(*parent == kParent);
  }
}

TEST_CASE("a line that has no parent gives none") {
  const std::string line = GENERATE("", ")", ") S", ") S ", "4711", "4711 (sh", "4711 sh S 4021 ",
                                    "4711 (sh) S", "4711 (sh) S ", "4711 (sh) S  4021 ",
                                    "4711 (sh) S x ", "4711 (sh) S -1 ", "4711 (sh) S 1x ");
  CAPTURE(line);
  CHECK_FALSE(parse_exactly(line).has_value());
}
