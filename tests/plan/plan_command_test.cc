// SPDX-License-Identifier: MIT
//
// What COMMAND finds in its container: variables, sockets, a network, a terminal (DESIGN 2.5).
#include <linux/sched.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "plan/planning.h"

using namespace cardboard;

namespace {

using Words = std::vector<std::string>;

constexpr const char* kPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// In their order, so that one that is there twice is seen.
Words environment_of(const Plan& plan) {
  Words words;
  for (const char* const* variable = plan.environment; *variable != nullptr; ++variable) {
    words.emplace_back(*variable);
  }
  return words;
}

Case container_with_variables(std::vector<const char*> words) {
  Case planning = container();
  for (const char* word : words) REQUIRE(planning->options.variables.push(word));
  return planning;
}

Words variables(std::vector<const char*> words) {
  const Case planning = container_with_variables(words);
  REQUIRE(planning->make().result.ok());
  return environment_of(planning->plan);
}

const char* kActivated[] = {"LISTEN_FDNAMES=web", "LISTEN_FDS=2", "LISTEN_PID=4711",
                            "LISTEN_PIDFDID=5", nullptr};

}  // namespace

TEST_CASE("a variable is set, or passed on") {
  const Words defaults = {kPath, "container=cardboard", "TERM=xterm", "HOME=/"};
  CHECK(variables({}) == defaults);
  Words expected = defaults;
  expected.insert(expected.end(), {"A=1", "SECRET=1", "B="});
  CHECK(variables({"A=1", "SECRET", "B="}) == expected);
}

TEST_CASE("a variable that the caller has not is not passed on, nor one whose name it begins") {
  CHECK(variables({"NOTHING", "SECRE", "SECRETS"}) == variables({}));
}

TEST_CASE("the last word on a variable counts, over the defaults, too") {
  CHECK(variables({"A=1", "A=2", "HOME=/home", "TERM=dumb", "container=x", "PATH", "A=3"}) ==
        Words{"PATH=/opt/bin", "container=x", "TERM=dumb", "HOME=/home", "A=3"});
}

TEST_CASE("COMMAND is looked for where its own PATH says") {
  const Case planning = container_with_variables({"PATH=/a:/b"});
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.search_path == std::string("/a:/b"));
}

TEST_CASE("with all of the caller's variables the container's have the last word") {
  const char* callers[] = {
      "A=1", "PATH=/opt/bin", "container=podman", "HOME=/home/me", "TERM=x", "no value", nullptr};
  const Case planning = container_with_variables({"A=2", "B=3"});
  planning->options.env_host = true;
  planning->host.environment = callers;
  REQUIRE(planning->make().result.ok());
  CHECK(environment_of(planning->plan) ==
        Words{"A=2", kPath, "container=cardboard", "HOME=/", "TERM=x", "B=3"});
}

TEST_CASE("more variables than there is room for are refused") {
  for (const std::size_t count : {kMaxVariables - 3, kMaxVariables - 2}) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < count; ++i) words.push_back("V" + std::to_string(i) + "=");
    std::vector<const char*> callers;
    for (const std::string& word : words) callers.push_back(word.c_str());
    callers.push_back(nullptr);
    const Case planning = container();
    planning->options.env_host = true;
    planning->host.environment = callers.data();
    // PATH, HOME and container come in addition.
    REQUIRE(planning->make().result.ok() == (count + 3 <= kMaxVariables));
    if (planning->result.ok()) CHECK(environment_of(planning->plan).size() == kMaxVariables);
  }
}

TEST_CASE("sockets for us are for COMMAND, with their names") {
  const Case planning = container();
  planning->host.environment = kActivated;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.kept_fds == 2);
  // The init inside, which is process 1, makes it COMMAND's: activation_test.cc.
  CHECK(environment_of(planning->plan) == Words{kPath, "container=cardboard", "HOME=/",
                                                "LISTEN_FDS=2", "LISTEN_FDNAMES=web",
                                                "LISTEN_PID=1"});
}

TEST_CASE("sockets for somebody else are not COMMAND's") {
  const Case planning = container();
  planning->host.environment = kActivated;
  planning->host.pid = 4712;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.kept_fds == 0);
  CHECK(environment_of(planning->plan) == Words{kPath, "container=cardboard", "HOME=/"});
}

TEST_CASE("the larger number of descriptors is kept") {
  for (const int wanted : {0, 1, 3}) {
    const Case planning = container();
    planning->host.environment = kActivated;
    planning->options.preserved_fds = wanted;
    REQUIRE(planning->make().result.ok());
    CHECK(planning->plan.kept_fds == (wanted > 2 ? wanted : 2));
  }
}

TEST_CASE("the network is its own, the host's, or that of a file") {
  const struct {
    const char* network;
    bool is_new;
    bool has_file;
  } rows[] = {{nullptr, true, false},
              {"none", true, false},
              {"host", false, false},
              {"hosts", false, true},
              {"/run/netns/x", false, true}};
  for (const auto& row : rows) {
    const Case planning = container();
    planning->options.network = row.network;
    REQUIRE(planning->make().result.ok());
    CHECK(((planning->plan.namespaces & CLONE_NEWNET) != 0) == row.is_new);
    CHECK(planning->plan.network == (row.has_file ? row.network : nullptr));
    // Whatever it is, the other six are new.
    CHECK((planning->plan.namespaces | CLONE_NEWNET) == container()->make().plan.namespaces);
  }
}

TEST_CASE("host name and working directory have their defaults") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.hostname == std::string("cardboard"));
  CHECK(planning->plan.workdir == std::string("/"));
  CHECK(planning->plan.pid_file == nullptr);
  const Case other = container();
  other->options.hostname = "box";
  other->options.workdir = "/tmp";
  other->options.pid_file = "pid";
  REQUIRE(other->make().result.ok());
  CHECK(other->plan.hostname == std::string("box"));
  CHECK(other->plan.workdir == std::string("/tmp"));
  CHECK(other->plan.pid_file == std::string("pid"));
}

TEST_CASE("a terminal of its own is for a COMMAND at a terminal, or as one likes") {
  const struct {
    Tty tty;
    bool at_terminal;
    bool pauses;
    bool expected;
  } rows[] = {{Tty::Default, true, false, true}, {Tty::Default, false, false, false},
              {Tty::Default, true, true, false}, {Tty::Own, false, false, true},
              {Tty::Own, true, true, true},      {Tty::None, true, false, false}};
  for (const auto& row : rows) {
    const Case planning = container();
    planning->options.tty = row.tty;
    planning->options.pause = row.pauses;
    planning->host.at_terminal = row.at_terminal;
    REQUIRE(planning->make().result.ok());
    CHECK(planning->plan.tty == row.expected);
  }
  const Case bare = native();
  bare->host.at_terminal = true;
  REQUIRE(bare->make().result.ok());
  CHECK_FALSE(bare->plan.tty);
}
