// SPDX-License-Identifier: MIT
//
// What a container's root is made of, in which order, and what is refused (DESIGN 2.5).
#include <linux/mount.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/planning.h"
#include "support.h"

using namespace cardboard;

namespace {

std::vector<std::string> targets_of(const Plan& plan) {
  std::vector<std::string> targets;
  for (const Step& step : plan.steps) targets.emplace_back(step.target);
  return targets;
}

std::vector<std::string> targets_of(Rows<Step> rows) {
  std::vector<std::string> targets;
  for (const Step& step : rows) targets.emplace_back(step.target);
  return targets;
}

std::vector<std::string> operator+(std::vector<std::string> some, std::vector<std::string> more) {
  some.insert(some.end(), more.begin(), more.end());
  return some;
}

Step volume(const char* source, const char* target, std::uint8_t attributes = 0) {
  return {.kind = StepKind::Volume, .attributes = attributes, .target = target, .source = source};
}

std::string refusal_of(Planning& planning) {
  planning.make();
  REQUIRE_FALSE(planning.result.ok());
  CHECK(planning.result.error().exit_status == 125);
  return message_of(planning.result.error());
}

}  // namespace

TEST_CASE("a root directory is taken as it is, read-only, unless it lacks mount points") {
  const bool lacks = GENERATE(true, false);
  const Case planning = container_in("/srv");
  planning->host.lacks_mount_points = lacks;
  REQUIRE(planning->make().result.ok());
  const Step& root = planning->plan.steps[0];
  CHECK(root.kind == (lacks ? StepKind::Overlay : StepKind::Directory));
  CHECK(root.source == std::string("/srv"));
  CHECK(root.attributes == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY | kMapOwners));
  CHECK_FALSE(planning->plan.root_is_writable);
}

TEST_CASE("an ephemeral root directory has memory laid over it, and is itself read-only") {
  const Case planning = container_in("/srv");
  planning->options.ephemeral = true;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.steps[0].kind == StepKind::Overlay);
  CHECK((planning->plan.steps[0].attributes & MOUNT_ATTR_RDONLY) != 0);
  CHECK(planning->plan.root_is_writable);
}

TEST_CASE("an ephemeral empty root is one that stays writable") {
  const Case planning = container();
  planning->options.ephemeral = true;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.steps[0].kind == StepKind::EmptyRoot);
  CHECK(planning->plan.root_is_writable);
}

TEST_CASE("a writable root directory is taken as it is, though it lacks mount points") {
  const Case planning = container_in("/srv");
  planning->options.writable = true;
  planning->host.lacks_mount_points = true;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.steps[0].kind == StepKind::Directory);
  CHECK(planning->plan.steps[0].attributes == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | kMapOwners));
  CHECK(planning->plan.root_is_writable);
}

TEST_CASE("--writable wants a --root, and no --ephemeral") {
  const Case empty = container();
  empty->options.writable = true;
  const Case both = container_in("/srv");
  both->options.writable = both->options.ephemeral = true;
  const char* message = "cardboard: cannot use --writable: it wants a --root, and no --ephemeral\n";
  CHECK(refusal_of(*empty) == message);
  CHECK(refusal_of(*both) == message);
}

TEST_CASE("/sys shows the devices of no other network than the container's own") {
  struct Row {
    const char* network;
    StepKind kind;
  };
  for (const Row& row : {Row{nullptr, StepKind::Sys}, Row{"none", StepKind::Sys},
                         Row{"host", StepKind::Tmpfs}, Row{"/run/netns/x", StepKind::Tmpfs}}) {
    const Case planning = container();
    planning->options.network = row.network;
    REQUIRE(planning->make().result.ok());
    const StepList& steps = planning->plan.steps;
    const auto is_sys = [](const Step& step) {
      return step.base == Base::Root && step.target == std::string("sys");
    };
    const auto* sys = std::find_if(steps.begin(), steps.end(), is_sys);
    REQUIRE(sys != steps.end());
    REQUIRE(sys->kind == row.kind);
    REQUIRE((sys->attributes & MOUNT_ATTR_RDONLY) != 0);
  }
}

TEST_CASE("into a root directory nothing is put but the common mounts") {
  const Case planning = container_in("/srv");
  REQUIRE(planning->make().result.ok());
  CHECK(targets_of(planning->plan) == std::vector<std::string>{"/"} + targets_of(common_steps()));
}

TEST_CASE("an empty root gets the common mounts, its files, and COMMAND") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  CHECK(targets_of(planning->plan) == std::vector<std::string>{"/"} + targets_of(common_steps()) +
                                          targets_of(empty_root_steps()) +
                                          std::vector<std::string>{"hello"});
}

TEST_CASE("what was asked for is mounted last, in the order of the command line") {
  const Case planning = container();
  REQUIRE(push_step(planning->options.mounts, volume("/srv", "/b", MOUNT_ATTR_NOSUID)));
  REQUIRE(push_step(planning->options.mounts, {.target = "/a", .source = "size=1k"}));
  REQUIRE(push_step(planning->options.mounts,
                    {.kind = StepKind::Device, .target = "/dev/x", .source = "/dev/x"}));
  REQUIRE(planning->make().result.ok());
  const StepList& steps = planning->plan.steps;
  const std::size_t first = steps.size() - 3;
  CHECK(steps[first].kind == StepKind::Volume);
  CHECK(steps[first].source == std::string("/srv"));
  CHECK(steps[first].attributes == MOUNT_ATTR_NOSUID);
  CHECK(steps[first + 1].kind == StepKind::Tmpfs);
  CHECK(steps[first + 1].source == std::string("size=1k"));
  CHECK(steps[first + 2].target == std::string("/dev/x"));
}

TEST_CASE("nothing takes the place of /dev, /proc or COMMAND") {
  const std::string target = GENERATE("/dev", "/proc", "/hello");
  const StepKind kind = GENERATE(StepKind::Volume, StepKind::Tmpfs);
  const Case planning = container();
  REQUIRE(push_step(planning->options.mounts, {.kind = kind, .target = target.c_str()}));
  CHECK(refusal_of(*planning) ==
        "cardboard: cannot mount on " + target + ": the container needs what is there\n");
}

TEST_CASE("the place of all else can be taken") {
  const std::string target = GENERATE("/sys", "/tmp", "/run", "/etc", "/etc/passwd", "/dev/shm",
                                      "/proc/cpuinfo", "/device", "/hell", "/hello2", "/x/proc");
  const Case planning = container();
  REQUIRE(push_step(planning->options.mounts, volume("/srv", target.c_str())));
  CHECK(planning->make().result.ok());
}

TEST_CASE("in a root directory there is no COMMAND's file whose place could be taken") {
  const Case planning = container_in("/srv");
  REQUIRE(push_step(planning->options.mounts, volume("/srv", "/hello")));
  CHECK(planning->make().result.ok());
}

TEST_CASE("owners are mapped for root alone") {
  const Case root = container_of_root();
  REQUIRE(push_step(root->options.mounts, volume("/srv", "/srv", kMapOwners)));
  CHECK(root->make().result.ok());
  const Case user = container();
  REQUIRE(push_step(user->options.mounts, volume("/srv", "/srv", kMapOwners)));
  CHECK(refusal_of(*user) == "cardboard: cannot map the owners of /srv: only root may\n");
}

TEST_CASE("there may be 512 mounts, and a list that is full is refused") {
  std::deque<std::string> targets;
  const Case planning = container();
  const auto add = [&] {
    targets.push_back("/" + std::to_string(targets.size()));
    return push_step(planning->options.mounts, volume("/srv", targets.back().c_str()));
  };
  for (int i = 0; i < 512; ++i) REQUIRE(add());
  REQUIRE(planning->make().result.ok());
  while (add()) continue;
  planning->plan = {};
  CHECK(refusal_of(*planning) == "cardboard: cannot plan: too many mounts\n");
}
