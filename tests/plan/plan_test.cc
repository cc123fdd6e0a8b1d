// SPDX-License-Identifier: MIT
//
// What is decided before anything is done, for each kind of caller (DESIGN 2.5). What is refused is
// in plan_refusal_test.cc.
#include "plan/plan.h"

#include <linux/mount.h>
#include <linux/sched.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <climits>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "plan/planning.h"
#include "support.h"

using namespace cardboard;

namespace {

constexpr const char* kContainersPath =
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::set<std::string> environment_of(const Plan& plan) {
  std::set<std::string> variables;
  for (const char* const* variable = plan.environment; *variable != nullptr; ++variable) {
    REQUIRE(variables.insert(*variable).second);
  }
  return variables;
}

bool is_command(const Step& step) { return step.kind == StepKind::Command; }

}  // namespace

// ---- Native: an init for what somebody else has made ----

TEST_CASE("without --isolate nothing is set apart") {
  const Case planning = native();
  REQUIRE(planning->make().result.ok());
  CHECK_FALSE(planning->plan.isolate);
  CHECK(planning->plan.namespaces == 0);
  CHECK(planning->plan.steps.empty());
  CHECK(planning->plan.hostname == nullptr);
  CHECK_FALSE(planning->plan.outside_takes_sources);
}

TEST_CASE("without --isolate COMMAND has the caller's environment and PATH") {
  const Case planning = native();
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.environment == kCallersEnvironment);
  CHECK(planning->plan.search_path == planning->host.path);
  CHECK(planning->plan.command_path == nullptr);
  CHECK(planning->plan.argv == planning->options.command);
}

TEST_CASE("without a PATH the system's default is left to the search") {
  const Case planning = native();
  planning->host.path = nullptr;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.search_path == nullptr);
}

TEST_CASE("without --isolate we are PID 1 only where we are") {
  const bool is_pid_one = GENERATE(true, false);
  const Case planning = native();
  planning->host.is_pid_one = is_pid_one;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.is_pid_one == is_pid_one);
  CHECK(planning->plan.obeys_managers == is_pid_one);
}

TEST_CASE("without --isolate no COMMAND is judged") {
  const Case planning = native();
  planning->host.executable = {};
  planning->host.command_file = nullptr;
  CHECK(planning->make().result.ok());
}

// ---- The init, in both cases ----

TEST_CASE("what is asked of the init is planned, with a container and without") {
  const bool isolate = GENERATE(false, true);
  const Case planning = native();
  planning->options.isolate = isolate;
  planning->options.grace = 250 * kMillisecond;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.isolate == isolate);
  CHECK(planning->plan.grace == 250 * kMillisecond);
  CHECK(planning->plan.argv == planning->options.command);
}

TEST_CASE("the grace is 5 seconds unless said otherwise") {
  const bool isolate = GENERATE(false, true);
  const Case planning = native();
  planning->options.isolate = isolate;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.grace == 5 * kSecond);
}

TEST_CASE("a grace of 0 is no grace") {
  const Case planning = native();
  planning->options.grace = 0;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.grace == 0);
}

// ---- A container: who is who ----

TEST_CASE("a container has all seven namespaces, for a user and for root alike") {
  const Case planning = GENERATE(0, 1) == 0 ? container() : container_of_root();
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.isolate);
  CHECK(planning->plan.namespaces ==
        static_cast<unsigned long>(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                                   CLONE_NEWUTS | CLONE_NEWIPC));
}

TEST_CASE("the init inside is PID 1, whoever we are outside") {
  const bool is_pid_one = GENERATE(true, false);
  const Case planning = container();
  planning->host.is_pid_one = is_pid_one;
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.is_pid_one);
  // The managers are those of who started us: the init inside has none of its own.
  CHECK(planning->plan.obeys_managers == is_pid_one);
}

TEST_CASE("a container has a name of its own") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.hostname == std::string("cardboard"));
}

TEST_CASE("a user is root inside and has nobody else there") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.uid_map[0].inside == 0);
  CHECK(planning->plan.uid_map[0].outside == 1000);
  CHECK(planning->plan.uid_map[0].count == 1);
  CHECK(planning->plan.gid_map[0].inside == 0);
  CHECK(planning->plan.gid_map[0].outside == 100);
  CHECK(planning->plan.gid_map[0].count == 1);
}

TEST_CASE("only a user has to give up setgroups, and takes the mount from inside") {
  const Case user = container();
  REQUIRE(user->make().result.ok());
  CHECK(user->plan.denies_setgroups);
  CHECK_FALSE(user->plan.outside_takes_sources);

  const Case root = container_of_root();
  REQUIRE(root->make().result.ok());
  CHECK_FALSE(root->plan.denies_setgroups);
  CHECK(root->plan.outside_takes_sources);
}

// 0x80000 to 0x6FFFFFFF is what systemd sets aside for containers; host root is not among them.
TEST_CASE("root's container has 65,536 ids of those that are set aside for containers") {
  const pid_t pid =
      GENERATE(0, 1, 2, 300, 4711, 28'663, 28'664, 32'768, 4'194'304, INT_MAX - 1, INT_MAX);
  const Case planning = container_of_root(pid);
  REQUIRE(planning->make().result.ok());
  for (const IdMap& map : {planning->plan.uid_map[0], planning->plan.gid_map[0]}) {
    CAPTURE(pid, map.outside);
    REQUIRE(map.inside == 0);
    REQUIRE(map.count == 65'536);
    REQUIRE(map.outside >= 0x0008'0000);
    REQUIRE(std::uint64_t{map.outside} + map.count - 1 <= 0x6fff'ffff);
    REQUIRE(map.outside % 0x1'0000 == 0);
  }
}

TEST_CASE("root's containers share no ids before all ranges are in use") {
  std::set<std::uint32_t> ranges;
  for (pid_t pid = 1; pid <= 28'664; ++pid) {
    ranges.insert(container_of_root(pid)->make().plan.uid_map[0].outside);
  }
  CHECK(ranges.size() == 28'664);
  CHECK(*ranges.begin() == 0x0008'0000);
  CHECK(*ranges.rbegin() == 0x6fff'0000);
}

TEST_CASE("maps that are asked for take the place of ours, by a helper unless we are root") {
  const bool is_root = GENERATE(true, false);
  const Case planning = is_root ? container_of_root() : container();
  REQUIRE(planning->options.uid_maps.push({0, 1000, 1}));
  REQUIRE(planning->options.uid_maps.push({1, 100'000, 5}));
  const bool has_groups = GENERATE(true, false);
  if (has_groups) REQUIRE(planning->options.gid_maps.push({0, 7, 1}));
  REQUIRE(planning->make().result.ok());
  const Plan& plan = planning->plan;
  REQUIRE(plan.uid_map.size() == 2);
  CHECK(plan.uid_map[1].outside == 100'000);
  REQUIRE(plan.gid_map.size() == (has_groups ? 1 : 2));
  CHECK(plan.gid_map[0].outside == (has_groups ? 7 : 1000));
  CHECK(plan.maps_by_helper == !is_root);
  // So that supplementary groups can be dropped.
  CHECK_FALSE(plan.denies_setgroups);
}

TEST_CASE("group ids that are mapped alone map user ids in the same way") {
  const Case planning = container();
  REQUIRE(planning->options.gid_maps.push({0, 100, 1}));
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.uid_map[0].outside == 100);
}

TEST_CASE("in the host's user namespace nothing is mapped, nor set") {
  const Case planning = container_of_root();
  planning->options.host_userns = true;
  REQUIRE(planning->make().result.ok());
  CHECK((planning->plan.namespaces & CLONE_NEWUSER) == 0);
  CHECK((planning->plan.namespaces & CLONE_NEWNS) != 0);
  CHECK(planning->plan.uid_map.empty());
  CHECK(planning->plan.gid_map.empty());
  CHECK_FALSE(planning->plan.outside_takes_sources);
  for (const Step& step : planning->plan.steps) REQUIRE(step.kind != StepKind::Setting);
}

TEST_CASE("the host's user namespace is refused to a user, and with maps") {
  const Case user = container();
  user->options.host_userns = true;
  REQUIRE_FALSE(user->make().result.ok());
  CHECK(user->result.error().exit_status == 125);
  const Case mapped = container_of_root();
  mapped->options.host_userns = true;
  REQUIRE(mapped->options.gid_maps.push({0, 0, 1}));
  CHECK_FALSE(mapped->make().result.ok());
}

TEST_CASE("inside a user namespace of its own there are no others") {
  const Case planning = GENERATE(0, 1) == 0 ? container() : container_of_root();
  REQUIRE(planning->make().result.ok());
  const auto setting =
      std::find_if(planning->plan.steps.begin(), planning->plan.steps.end(),
                   [](const Step& step) { return step.kind == StepKind::Setting; });
  REQUIRE(setting != planning->plan.steps.end());
  CHECK(setting->base == Base::Proc);
  CHECK(setting->target == std::string("sys/user/max_user_namespaces"));
  CHECK(setting->source == std::string("0"));
}

// ---- A container: what COMMAND may do ----

TEST_CASE("by default COMMAND keeps nothing and is filtered") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  const Privileges& left = planning->plan.privileges;
  CHECK(left.capabilities == 0);
  CHECK(left.user == nullptr);
  CHECK(left.filter.data() == planning->plan.filter.data());
  SeccompFilter room;
  const auto expected = make_filter<ThisMachine>(0, room);
  REQUIRE(left.filter.size_bytes() == expected.size_bytes());
  CHECK(std::memcmp(left.filter.data(), expected.data(), expected.size_bytes()) == 0);
}

TEST_CASE("the filter is that of the capabilities that are kept") {
  const Case planning = container();
  planning->options.capabilities = std::uint64_t{1} << 18;  // CAP_SYS_CHROOT
  REQUIRE(planning->make().result.ok());
  const Privileges& left = planning->plan.privileges;
  CHECK(left.capabilities == planning->options.capabilities);
  SeccompFilter room;
  const auto expected = make_filter<ThisMachine>(left.capabilities, room);
  REQUIRE(left.filter.size_bytes() == expected.size_bytes());
  CHECK(std::memcmp(left.filter.data(), expected.data(), expected.size_bytes()) == 0);
}

TEST_CASE("there is no filter where none is asked for, and without --isolate") {
  const Case unfiltered = container();
  unfiltered->options.seccomp = "";
  REQUIRE(unfiltered->make().result.ok());
  CHECK(unfiltered->plan.privileges.filter.empty());
  const Case unisolated = native();
  REQUIRE(unisolated->make().result.ok());
  CHECK(unisolated->plan.privileges.filter.empty());
}

TEST_CASE("a filter of the user's is taken as it is, unless it cannot be one") {
  alignas(sock_filter) static const char filter[BPF_MAXINSNS * sizeof(sock_filter) + 1] = {};
  const Case planning = container();
  planning->options.seccomp = "filter.bpf";
  planning->host.filter = {filter, 3 * sizeof(sock_filter)};
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.privileges.filter.size() == 3);
  CHECK(static_cast<const void*>(planning->plan.privileges.filter.data()) == filter);
  for (const std::size_t size : {std::size_t{0}, std::size_t{12}, sizeof filter}) {
    const Case other = container();
    other->options.seccomp = "filter.bpf";
    other->host.filter = {filter, size};
    REQUIRE_FALSE(other->make().result.ok());
    REQUIRE(message_of(other->result.error()) ==
            "cardboard: cannot use filter.bpf: not a compiled BPF program\n");
  }
}

// ---- A container: COMMAND ----

TEST_CASE("the environment is exactly PATH, HOME, TERM and container") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  CHECK(environment_of(planning->plan) ==
        std::set<std::string>{kContainersPath, "HOME=/", "TERM=xterm", "container=cardboard"});
}

TEST_CASE("without a terminal's name outside there is none inside") {
  const Case planning = container();
  const char* nothing[] = {nullptr};
  planning->host.environment = nothing;
  REQUIRE(planning->make().result.ok());
  CHECK(environment_of(planning->plan) ==
        std::set<std::string>{kContainersPath, "HOME=/", "container=cardboard"});
}

TEST_CASE("in a root of its own root's home is /root") {
  const Case planning = container_in("/srv");
  REQUIRE(planning->make().result.ok());
  CHECK(environment_of(planning->plan).count("HOME=/root") == 1);
  CHECK(environment_of(planning->plan).count("HOME=/") == 0);
}

TEST_CASE("an empty root holds COMMAND's file, read-only, and it is executed by its name there") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.steps[0].kind == StepKind::EmptyRoot);
  CHECK(planning->plan.command_path == std::string("/hello"));

  const auto command =
      std::find_if(planning->plan.steps.begin(), planning->plan.steps.end(), is_command);
  REQUIRE(command != planning->plan.steps.end());
  CHECK(command->base == Base::Root);
  CHECK(command->target == std::string("hello"));
  CHECK(command->source == std::string("/opt/bin/hello"));
  const std::uint32_t sealed = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY;
  CHECK((command->attributes & sealed) == sealed);
  CHECK((command->attributes & MOUNT_ATTR_NOEXEC) == 0);
}

TEST_CASE("COMMAND may have been found anywhere") {
  const struct {
    const char* file;
    const char* inside;
  } rows[] = {{"hello", "/hello"}, {"./hello", "/hello"}, {"a b/c d", "/c d"}, {"/-x", "/-x"}};
  for (const auto& row : rows) {
    const Case planning = container();
    planning->host.command_file = row.file;
    REQUIRE(planning->make().result.ok());
    REQUIRE(planning->plan.command_path == std::string(row.inside));
    const auto command =
        std::find_if(planning->plan.steps.begin(), planning->plan.steps.end(), is_command);
    REQUIRE(command->source == std::string(row.file));
  }
}

TEST_CASE("COMMAND may have the longest name that a file can have") {
  const std::string name(NAME_MAX, 'x');
  const std::string file = "/opt/" + name;
  const Case planning = container();
  planning->host.command_file = file.c_str();
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.command_path == '/' + name);
}

TEST_CASE("in a root of its own COMMAND is looked for by the container's PATH") {
  const Case planning = container_in("/srv");
  REQUIRE(planning->make().result.ok());
  CHECK(planning->plan.command_path == nullptr);
  CHECK(std::string("PATH=") + planning->plan.search_path == kContainersPath);
}
