// SPDX-License-Identifier: MIT
//
// What --volume, --tmpfs and --device take, and what it becomes.
#include "cli/mount_step.h"

#include <linux/mount.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support.h"

using namespace cardboard;

namespace {

constexpr int kVolume = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

// A word with the step that points into it.
struct Parsed {
  Parsed(StepKind kind, std::string_view word) : argv({word}) {
    is_good = parse_mount(kind, argv.get()[0], step);
  }
  std::string source() const { return step.source == nullptr ? "(none)" : step.source; }
  std::string target() const { return step.target; }

  std::string word() { return argv.get()[0]; }

  Argv argv;
  Step step;
  bool is_good;
};

}  // namespace

TEST_CASE("a volume is SRC at DST, read-write, nosuid, nodev and noexec") {
  const Parsed volume(StepKind::Volume, "./data:/srv/data");
  REQUIRE(volume.is_good);
  CHECK(volume.source() == "./data");
  CHECK(volume.target() == "/srv/data");
  CHECK(volume.step.kind == StepKind::Volume);
  CHECK(volume.step.base == Base::Root);
  CHECK(volume.step.attributes == kVolume);
}

TEST_CASE("a volume without a DST has the place that it has outside") {
  const Parsed volume(StepKind::Volume, "/srv/data/");
  REQUIRE(volume.is_good);
  CHECK(volume.source() == "/srv/data");
  CHECK(volume.target() == "/srv/data");
}

TEST_CASE("the words of a volume change what they name, and the last one wins") {
  const struct {
    const char* words;
    int attributes;
  } rows[] = {
      {"ro", kVolume | MOUNT_ATTR_RDONLY},
      {"rw", kVolume},
      {"exec", kVolume & ~MOUNT_ATTR_NOEXEC},
      {"dev", kVolume & ~MOUNT_ATTR_NODEV},
      {"idmap", kVolume | kMapOwners},
      {"ro,rw", kVolume},
      {"rw,ro", kVolume | MOUNT_ATTR_RDONLY},
      {"ro,ro", kVolume | MOUNT_ATTR_RDONLY},
      {"idmap,dev,exec,ro", MOUNT_ATTR_NOSUID | MOUNT_ATTR_RDONLY | kMapOwners},
  };
  for (const auto& row : rows) {
    CAPTURE(row.words);
    const Parsed volume(StepKind::Volume, std::string("a:/b:") + row.words);
    REQUIRE(volume.is_good);
    REQUIRE(volume.step.attributes == row.attributes);
    REQUIRE(volume.source() == "a");
    REQUIRE(volume.target() == "/b");
  }
}

TEST_CASE("a tmpfs is a DST, with what the kernel takes as its options") {
  const Parsed plain(StepKind::Tmpfs, "/x");
  REQUIRE(plain.is_good);
  CHECK(plain.target() == "/x");
  CHECK(plain.step.source == nullptr);
  CHECK(plain.step.attributes == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
  const std::string words =
      GENERATE("size=1", "size=64K", "size=18446744073709551614", "size=16777215t", "mode=0",
               "mode=1777", "mode=0755", "mode=700,size=1g", "size=1m,mode=7,size=2m");
  CAPTURE(words);
  const Parsed tmpfs(StepKind::Tmpfs, "/x:" + words);
  REQUIRE(tmpfs.is_good);
  CHECK(tmpfs.source() == words);
}

TEST_CASE("a device has the place that it has outside, and may be one there") {
  const Parsed device(StepKind::Device, "/dev/snd/timer");
  REQUIRE(device.is_good);
  CHECK(device.source() == "/dev/snd/timer");
  CHECK(device.target() == "/dev/snd/timer");
  CHECK(device.step.attributes == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));
  CHECK(device.step.device_major == 0);
}

TEST_CASE("slashes at the end of a DST are dropped, and a dot in a name is no matter") {
  const struct {
    const char* typed;
    const char* target;
  } rows[] = {{"/a/", "/a"},        {"/a/b//", "/a/b"},     {"/.a", "/.a"},
              {"/..a", "/..a"},     {"/...", "/..."},       {"/a./b", "/a./b"},
              {"/a../b", "/a../b"}, {"/a/.b/c", "/a/.b/c"}, {"/a b", "/a b"}};
  for (const auto& row : rows) {
    CAPTURE(row.typed);
    const Parsed tmpfs(StepKind::Tmpfs, row.typed);
    REQUIRE(tmpfs.is_good);
    REQUIRE(tmpfs.target() == row.target);
  }
}

TEST_CASE("what is no volume is refused, and whole in the message") {
  const std::string word = GENERATE(
      "", ":", "::", "a", "./a", "a:", "a:b", ":/b", "/", "a:/", "a:/:ro", "/a:/b:", "/a:/b:ro,",
      "/a:/b:,ro", "/a:/b:ro,,rw", "/a:/b:r", "/a:/b:rox", "/a:/b:RO", "/a:/b:ro:rw", "/a:/b:z",
      "/a:/b:suid", "/a:/b:noexec", "/a:/b:exec,z", "/a:/b:size=1", "a:/..", "a:/.", "a:/b/../c",
      "a:/b/..", "a:/./b", "a:/b//c", "a:///b", "../a", "/a/../b", "/a:ro");
  CAPTURE(word);
  Parsed volume(StepKind::Volume, word);
  CHECK_FALSE(volume.is_good);
  CHECK(volume.word() == word);
}

TEST_CASE("what is no tmpfs is refused, and whole in the message") {
  const std::string word = GENERATE(
      "", "/", "x", "/x:", "/x:size", "/x:size=", "/x:size=0", "/x:size=01", "/x:size=1x",
      "/x:size=-1", "/x:size=1.5m", "/x:size=50%", "/x:size=18446744073709551616",
      "/x:size=16777216t", "/x:mode", "/x:mode=", "/x:mode=8", "/x:mode=78", "/x:mode=17770",
      "/x:mode=-1", "/x:mode=0x1", "/x:mode=u+x", "/x:size=1,", "/x:,size=1", "/x:size=1:mode=7",
      "/x:uid=0", "/x:ro", "/x:exec", "/x:nr_inodes=1", "/x/../y", "/x/.:size=1");
  CAPTURE(word);
  Parsed tmpfs(StepKind::Tmpfs, word);
  CHECK_FALSE(tmpfs.is_good);
  CHECK(tmpfs.word() == word);
}

TEST_CASE("what is no device is refused, and whole in the message") {
  const std::string word =
      GENERATE("", "/", "null", "dev/null", "/device", "/etc/passwd", "/dev/../etc/passwd",
               "/dev/./null", "/dev//null", "/dev/null:ro", "/dev/null:", "/dev/null:/dev/null",
               "/dev/null:size=1", "./dev/null");
  CAPTURE(word);
  Parsed device(StepKind::Device, word);
  CHECK_FALSE(device.is_good);
  CHECK(device.word() == word);
}
