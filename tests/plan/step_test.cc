// SPDX-License-Identifier: MIT
//
// The tables of what a container's root is made of: that the steps can be done in their order, and
// that what they make is as closed as DESIGN 2.5 and Docker's conventions (KERNEL.md 6.2, 6.3) say.
#include "plan/step.h"

#include <linux/mount.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace cardboard;

namespace {

// An empty root's steps, in the order in which they are done.
std::vector<Step> all_steps() {
  std::vector<Step> steps;
  for (const Step& step : common_steps()) steps.push_back(step);
  for (const Step& step : empty_root_steps()) steps.push_back(step);
  return steps;
}

std::vector<Step> steps_of(StepKind kind) {
  std::vector<Step> found;
  for (const Step& step : all_steps()) {
    if (step.kind == kind) found.push_back(step);
  }
  return found;
}

std::set<std::string> targets_of(StepKind kind) {
  std::set<std::string> targets;
  for (const Step& step : steps_of(kind)) targets.insert(step.target);
  return targets;
}

// "root:etc/passwd": a place, whatever is mounted there.
std::string place_of(Base base, const std::string& target) {
  constexpr const char* kBases[] = {"root:", "dev:", "proc:"};
  return kBases[static_cast<int>(base)] + target;
}

bool is_mount(const Step& step) {
  switch (step.kind) {
    case StepKind::Command:
    case StepKind::Tmpfs:
    case StepKind::Dev:
    case StepKind::Devpts:
    case StepKind::Proc:
    case StepKind::Sys:
    case StepKind::Device:
    case StepKind::Volume:
    case StepKind::ReadOnly: return true;
    // A mask is not mounted with flags of its own, but with those that seal all masks.
    case StepKind::Mask:
    case StepKind::Directory:
    case StepKind::Overlay:
    case StepKind::EmptyRoot:
    case StepKind::File:
    case StepKind::Link:
    case StepKind::Setting: return false;
  }
  return false;
}

// The kernel makes what is in /proc.
bool makes_its_target(const Step& step) { return step.base != Base::Proc; }

}  // namespace

TEST_CASE("what a step builds on has been mounted before") {
  bool has_dev = false;
  bool has_proc = false;
  for (const Step& step : all_steps()) {
    CAPTURE(step.target);
    if (step.base == Base::Dev) REQUIRE(has_dev);
    if (step.base == Base::Proc) REQUIRE(has_proc);
    // What covers a masked place is kept on the container's /dev.
    if (step.kind == StepKind::Mask) REQUIRE(has_dev);
    has_dev = has_dev || step.kind == StepKind::Dev;
    has_proc = has_proc || step.kind == StepKind::Proc;
  }
  CHECK(has_dev);
  CHECK(has_proc);
}

TEST_CASE("/dev and /proc are mounted once, in the root") {
  REQUIRE(steps_of(StepKind::Dev).size() == 1);
  REQUIRE(steps_of(StepKind::Proc).size() == 1);
  CHECK(steps_of(StepKind::Dev)[0].base == Base::Root);
  CHECK(steps_of(StepKind::Proc)[0].base == Base::Root);
  CHECK(targets_of(StepKind::Dev) == std::set<std::string>{"dev"});
  CHECK(targets_of(StepKind::Proc) == std::set<std::string>{"proc"});
}

TEST_CASE("nothing is made or mounted twice in the same place") {
  std::set<std::string> places;
  for (const Step& step : all_steps()) {
    const std::string place = place_of(step.base, step.target);
    CAPTURE(place);
    REQUIRE(places.insert(place).second);
  }
}

// isolate/ makes a directory for each of them where a --root lacks it.
TEST_CASE("the common steps mount on directories of the root, and make nothing in it") {
  std::set<std::string> places;
  for (const Step& step : common_steps()) {
    if (step.base != Base::Root) continue;
    CAPTURE(step.target);
    REQUIRE(is_mount(step));
    REQUIRE(std::string(step.target).find('/') == std::string::npos);
    places.insert(step.target);
  }
  CHECK(places == std::set<std::string>{"dev", "proc", "run", "sys", "tmp"});
}

TEST_CASE("no target can lead out of its base") {
  for (const Step& step : all_steps()) {
    const std::string target = step.target;
    CAPTURE(target);
    REQUIRE_FALSE(target.empty());
    REQUIRE(target.front() != '/');
    REQUIRE(target.find("..") == std::string::npos);
  }
}

TEST_CASE("no mount honours set-user-ID bits") {
  for (const Step& step : all_steps()) {
    CAPTURE(step.target);
    if (is_mount(step)) REQUIRE((step.attributes & MOUNT_ATTR_NOSUID) != 0);
  }
}

TEST_CASE("only /dev and what is in it may be devices") {
  for (const Step& step : all_steps()) {
    const bool is_for_devices = step.kind == StepKind::Dev || step.kind == StepKind::Devpts ||
                                step.kind == StepKind::Device;
    CAPTURE(step.target);
    if (is_mount(step) && !is_for_devices) REQUIRE((step.attributes & MOUNT_ATTR_NODEV) != 0);
    // A node on a mount that forbids devices cannot be opened.
    if (step.kind == StepKind::Device) REQUIRE((step.attributes & MOUNT_ATTR_NODEV) == 0);
  }
}

TEST_CASE("nothing can be executed in /dev and /proc") {
  for (const Step& step : all_steps()) {
    const std::string target = step.target;
    const bool may_execute = step.base == Base::Root && (target == "tmp" || target == "run");
    CAPTURE(target);
    if (is_mount(step) && !may_execute) REQUIRE((step.attributes & MOUNT_ATTR_NOEXEC) != 0);
  }
}

TEST_CASE("the paths that Docker makes read-only are read-only") {
  CHECK(targets_of(StepKind::ReadOnly) ==
        std::set<std::string>{"bus", "fs", "irq", "sys", "sysrq-trigger"});
  for (const Step& step : steps_of(StepKind::ReadOnly)) {
    CAPTURE(step.target);
    REQUIRE(step.base == Base::Proc);
    REQUIRE((step.attributes & MOUNT_ATTR_RDONLY) != 0);
  }
}

TEST_CASE("the paths of /proc that Docker masks are masked") {
  CHECK(targets_of(StepKind::Mask) == std::set<std::string>{"acpi", "asound", "interrupts", "kcore",
                                                            "keys", "latency_stats", "sched_debug",
                                                            "scsi", "timer_list", "timer_stats"});
  for (const Step& step : steps_of(StepKind::Mask)) REQUIRE(step.base == Base::Proc);
}

TEST_CASE("the devices are those that every container has, by the kernel's numbers") {
  using Numbers = std::pair<int, int>;
  const std::map<std::string, Numbers> expected = {
      {"/dev/null", {1, 3}},   {"/dev/zero", {1, 5}},    {"/dev/full", {1, 7}},
      {"/dev/random", {1, 8}}, {"/dev/urandom", {1, 9}}, {"/dev/tty", {5, 0}},
  };
  std::map<std::string, Numbers> devices;
  for (const Step& step : steps_of(StepKind::Device)) {
    devices[step.source] = {step.device_major, step.device_minor};
    REQUIRE(step.base == Base::Dev);
    REQUIRE(std::string("/dev/") + step.target == step.source);
  }
  CHECK(devices == expected);
}

TEST_CASE("/dev has the links that programs rely on") {
  std::map<std::string, std::string> links;
  for (const Step& step : steps_of(StepKind::Link)) {
    REQUIRE(step.base == Base::Dev);
    links[step.target] = step.source;
  }
  CHECK(links == std::map<std::string, std::string>{{"fd", "/proc/self/fd"},
                                                    {"stdin", "/proc/self/fd/0"},
                                                    {"stdout", "/proc/self/fd/1"},
                                                    {"stderr", "/proc/self/fd/2"},
                                                    {"ptmx", "pts/ptmx"}});
}

TEST_CASE("what all users write to is sticky") {
  std::set<std::string> sticky;
  for (const Step& step : steps_of(StepKind::Tmpfs)) {
    if (std::string(step.source).find("mode=1777") == 0) sticky.insert(step.target);
  }
  CHECK(sticky == std::set<std::string>{"shm", "tmp"});
}

TEST_CASE("/dev has room for all that is made on it") {
  const Step dev = steps_of(StepKind::Dev).at(0);
  const std::string options = dev.source;
  const std::size_t place = options.find("nr_inodes=");
  REQUIRE(place != std::string::npos);
  int inodes = 1 + 2;  // its own root, and what masks are made from
  for (const Step& step : all_steps()) inodes += step.base == Base::Dev && makes_its_target(step);
  CHECK(std::stoi(options.substr(place + std::string("nr_inodes=").size())) >= inodes);
}

TEST_CASE("the empty root knows root, nobody and localhost") {
  std::map<std::string, std::string> files;
  for (const Step& step : steps_of(StepKind::File)) files[step.target] = step.source;
  REQUIRE(files.size() == 3);
  CHECK(files["etc/passwd"].find("root:x:0:0:") == 0);
  CHECK(files["etc/passwd"].find("\nnobody:x:65534:65534:") != std::string::npos);
  CHECK(files["etc/group"].find("root:x:0:\n") == 0);
  CHECK(files["etc/hosts"].find("127.0.0.1\tlocalhost\n") == 0);
  for (const auto& [name, text] : files) {
    CAPTURE(name);
    REQUIRE(text.back() == '\n');
  }
}
