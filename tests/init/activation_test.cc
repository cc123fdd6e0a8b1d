// SPDX-License-Identifier: MIT
//
// Socket activation: LISTEN_PID follows COMMAND where it named us, and nothing else is touched.
#include "init/activation.h"

#include <catch2/catch.hpp>
#include <climits>
#include <string>
#include <vector>

#include "support.h"

using namespace cardboard;

using Entries = std::vector<std::string>;

// What is left of the environment where we are 17 and COMMAND is `to`.
static Entries readdressed(const std::vector<std::string_view>& given, pid_t to = 18) {
  Argv environment(given);
  // A buffer of its own on the heap, so that a byte too many is seen.
  std::vector<char> buffer(kListenPidSize);
  readdress_sockets(const_cast<const char**>(environment.get()), 17, to,
                    std::span<char, kListenPidSize>(buffer));
  return words_from(environment.get());
}

TEST_CASE("LISTEN_PID becomes COMMAND's where it was ours") {
  CHECK(readdressed({"LISTEN_PID=17"}) == Entries{"LISTEN_PID=18"});
  CHECK(readdressed({"A=1", "LISTEN_FDS=2", "LISTEN_PID=17", "B=2"}) ==
        Entries{"A=1", "LISTEN_FDS=2", "LISTEN_PID=18", "B=2"});
  CHECK(readdressed({"LISTEN_PID=17"}, INT_MAX) == Entries{"LISTEN_PID=2147483647"});
}

TEST_CASE("LISTEN_PIDFDID goes with it, wherever it stands") {
  CHECK(readdressed({"LISTEN_PIDFDID=9", "LISTEN_PID=17", "A=1"}) ==
        Entries{"LISTEN_PID=18", "A=1"});
  CHECK(readdressed({"LISTEN_PID=17", "LISTEN_PIDFDID=9", "A=1", "B=2"}) ==
        Entries{"LISTEN_PID=18", "A=1", "B=2"});
  CHECK(readdressed({"LISTEN_PID=17", "LISTEN_PIDFDID="}) == Entries{"LISTEN_PID=18"});
}

TEST_CASE("what is for somebody else, or for nobody, stays as it is") {
  for (const char* other : {"LISTEN_PID=1", "LISTEN_PID=170", "LISTEN_PID=117", "LISTEN_PID=",
                            "LISTEN_PID=17 ", "LISTEN_PID=x", "LISTEN_PID", "LISTEN_PIDS=17"}) {
    CHECK(readdressed({other, "LISTEN_PIDFDID=9"}) == Entries{other, "LISTEN_PIDFDID=9"});
  }
  CHECK(readdressed({"LISTEN_PIDFDID=9"}) == Entries{"LISTEN_PIDFDID=9"});
  CHECK(readdressed({}) == Entries{});
}
