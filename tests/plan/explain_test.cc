// SPDX-License-Identifier: MIT
//
// What --explain says of a plan; that it is true is what integration/explain.bats tries.
#include "plan/explain.h"

#include <linux/mount.h>
#include <linux/sched.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "plan/planning.h"
#include "support.h"

using namespace cardboard;

namespace {

std::string explained(const Planning& planning, std::size_t size = 1 << 16) {
  return written([&](Writer& writer) { write_plan(writer, planning.plan); }, size);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool has_line(const std::string& text, const std::string& line) {
  for (const std::string& each : lines_of(text)) {
    if (each == line) return true;
  }
  return false;
}

// The line of a plan that has this step and no other.
std::string line_of(const Step& step, bool outside_takes_sources = false) {
  const auto planning = std::make_unique<Planning>();
  planning->plan.environment = kCallersEnvironment;
  planning->plan.argv = planning->words.get();
  planning->plan.outside_takes_sources = outside_takes_sources;
  REQUIRE(push_step(planning->plan.steps, step));
  const std::vector<std::string> lines = lines_of(explained(*planning));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] == "root file system:") return lines.at(i + 1);
  }
  return "";
}

}  // namespace

TEST_CASE("each kind of step has a line of its own, with what it is about") {
  constexpr std::uint8_t kFlags = MOUNT_ATTR_NOSUID | MOUNT_ATTR_RDONLY;
  const auto step = [](StepKind kind, Base base, const char* target, const char* source) {
    return Step{
        .kind = kind, .base = base, .attributes = kFlags, .target = target, .source = source};
  };
  using Kind = StepKind;
  CHECK(line_of(step(Kind::Tmpfs, Base::Root, "/x", "size=1m")) ==
        "  tmpfs on /x ro nosuid size=1m");
  CHECK(line_of(step(Kind::Tmpfs, Base::Dev, "shm", nullptr)) == "  tmpfs on /dev/shm ro nosuid");
  CHECK(line_of(step(Kind::Volume, Base::Root, "/x", "y")) == "  bind y on /x ro nosuid");
  CHECK(line_of(step(Kind::Device, Base::Dev, "null", "/dev/null")) ==
        "  bind /dev/null on /dev/null ro nosuid");
  CHECK(line_of(step(Kind::Command, Base::Root, "x", "./x")) == "  bind ./x on /x ro nosuid");
  CHECK(line_of(step(Kind::Directory, Base::Root, "/", "box")) == "  bind box on / ro nosuid");
  CHECK(line_of(step(Kind::Overlay, Base::Root, "/", "box")) ==
        "  overlay on /, of memory above box ro nosuid");
  CHECK(line_of(step(Kind::EmptyRoot, Base::Root, "/", nullptr)) == "  tmpfs on / ro nosuid");
  CHECK(line_of(step(Kind::Dev, Base::Root, "dev", "mode=755")) ==
        "  tmpfs on /dev ro nosuid mode=755");
  CHECK(line_of(step(Kind::Proc, Base::Root, "proc", nullptr)) == "  proc on /proc ro nosuid");
  CHECK(line_of(step(Kind::Sys, Base::Root, "sys", nullptr)) == "  sysfs on /sys ro nosuid");
  CHECK(line_of(step(Kind::Devpts, Base::Dev, "pts", "mode=0620")) ==
        "  devpts on /dev/pts ro nosuid mode=0620");
  CHECK(line_of(step(Kind::File, Base::Root, "etc/hosts", "127.0.0.1\n")) == "  file /etc/hosts");
  CHECK(line_of(step(Kind::Setting, Base::Proc, "sys/x", "0")) == "  write 0 to /proc/sys/x");
  CHECK(line_of(step(Kind::Link, Base::Dev, "fd", "/proc/self/fd")) ==
        "  link /dev/fd to /proc/self/fd");
  CHECK(line_of(step(Kind::ReadOnly, Base::Proc, "sys", nullptr)) == "  bind /proc/sys ro nosuid");
  CHECK(line_of(step(Kind::Mask, Base::Proc, "kcore", nullptr)) == "  mask /proc/kcore");
}

TEST_CASE("each attribute has its name") {
  const auto with = [](unsigned attributes) {
    return line_of({.kind = StepKind::Proc,
                    .attributes = static_cast<std::uint8_t>(attributes),
                    .target = "proc"});
  };
  CHECK(with(0) == "  proc on /proc");
  CHECK(with(MOUNT_ATTR_RDONLY) == "  proc on /proc ro");
  CHECK(with(MOUNT_ATTR_NOSUID) == "  proc on /proc nosuid");
  CHECK(with(MOUNT_ATTR_NODEV) == "  proc on /proc nodev");
  CHECK(with(MOUNT_ATTR_NOEXEC) == "  proc on /proc noexec");
}

TEST_CASE("owners are mapped where root takes something of the host's, and nowhere else") {
  const Step volume = {
      .kind = StepKind::Volume, .attributes = kMapOwners, .target = "/x", .source = "y"};
  CHECK(line_of(volume, true) == "  bind y on /x idmap");
  CHECK(line_of(volume, false) == "  bind y on /x");
  const Step root = {.kind = StepKind::EmptyRoot, .attributes = kMapOwners, .target = "/"};
  CHECK(line_of(root, true) == "  tmpfs on /");
}

TEST_CASE("the ids of a user, and of root, are those of the plan") {
  const Case user = container();
  REQUIRE(user->make().result.ok());
  CHECK(has_line(explained(*user), "user ids inside, outside, how many: 0 1000 1"));
  CHECK(has_line(explained(*user), "group ids inside, outside, how many: 0 100 1"));
  const Case root = container();
  REQUIRE(root->options.uid_maps.push({0, 100000, 10}));
  REQUIRE(root->options.uid_maps.push({10, 4294967290, 4}));
  root->host.is_privileged = true;
  REQUIRE(root->make().result.ok());
  CHECK(has_line(explained(*root),
                 "user ids inside, outside, how many: 0 100000 10 10 4294967290 4"));
}

TEST_CASE("namespaces are named, and only those that are new") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  CHECK(lines_of(explained(*planning))[0] == "namespaces: user mnt pid net uts ipc cgroup");
  planning->plan.namespaces &= ~(1ul * CLONE_NEWNET | CLONE_NEWUSER);
  CHECK(lines_of(explained(*planning))[0] == "namespaces: mnt pid uts ipc cgroup");
}

TEST_CASE("what is not there has no line") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  const std::string text = explained(*planning);
  for (const char* label : {"network namespace of", "ids are mapped", "can be written", "pid file",
                            "descriptors", "terminal", "\nuser:"}) {
    CAPTURE(label);
    CHECK(text.find(label) == std::string::npos);
  }
}

TEST_CASE("limits are the files and what is written to them") {
  const Case planning = container();
  planning->options.has_limits = true;
  planning->options.limits[static_cast<std::size_t>(Limit::Memory)] = 1 << 20;
  planning->options.limits[static_cast<std::size_t>(Limit::Pids)] = 7;
  planning->options.cgroup_parent = "a/b";
  planning->host.groups.unified = true;
  planning->host.groups.pid = 12;
  planning->host.groups.now = 34;
  REQUIRE(planning->make().result.ok());
  const std::string text = explained(*planning);
  CHECK(has_line(text, "  /sys/fs/cgroup//a/b/cardboard-12-34/memory.max 1048576"));
  CHECK(has_line(text, "  /sys/fs/cgroup//a/b/cardboard-12-34/memory.oom.group 1"));
  CHECK(has_line(text, "  /sys/fs/cgroup//a/b/cardboard-12-34/pids.max 7"));
  // What is only read is none.
  CHECK(text.find("memory.peak") == std::string::npos);
  CHECK(text.find("memory.events") == std::string::npos);
}

TEST_CASE("a list of processors is a limit as it was typed, what it takes from its parent is not") {
  const Case planning = container();
  const char* list = "0-1";
  planning->options.has_limits = true;
  std::memcpy(&planning->options.limits[static_cast<std::size_t>(Limit::Cpuset)], &list,
              sizeof list);
  planning->options.cgroup_parent = "a";
  planning->host.groups.unified = false;
  REQUIRE(planning->make().result.ok());
  const std::string text = explained(*planning);
  CHECK(text.find("/cpuset.cpus 0-1\n") != std::string::npos);
  CHECK(text.find("cpuset.mems") == std::string::npos);
}

TEST_CASE("privileges are named") {
  const Case planning = container();
  planning->options.capabilities = 1 << 13 | 1 << 0;
  planning->options.seccomp = "";
  planning->options.user = "me";
  REQUIRE(planning->make().result.ok());
  CHECK(has_line(explained(*planning), "capabilities: CHOWN NET_RAW"));
  CHECK(has_line(explained(*planning), "seccomp filter, instructions: 0"));
  CHECK(has_line(explained(*planning), "user: me"));
}

TEST_CASE("the environment and COMMAND are last, a word a line") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  const std::string text = explained(*planning);
  const std::string end =
      "environment:\n"
      "  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
      "  container=cardboard\n"
      "  TERM=xterm\n"
      "  HOME=/\n"
      "program: /hello\n"
      "COMMAND:\n"
      "  hello\n"
      "  world\n";
  REQUIRE(text.size() > end.size());
  CHECK(text.substr(text.size() - end.size()) == end);
}

TEST_CASE("what does not fit is cut off") {
  const Case planning = container();
  REQUIRE(planning->make().result.ok());
  CHECK(explained(*planning, 100) == explained(*planning).substr(0, 100));
}
