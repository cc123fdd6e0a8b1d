// SPDX-License-Identifier: MIT
//
// See step.h. Where Docker has a convention (masked and read-only paths, flags, modes), it is
// followed: KERNEL.md 6.2, 6.3.
#include "plan/step.h"

#include <linux/mount.h>

#include <string_view>

namespace cardboard {

namespace {

constexpr std::uint8_t kNoSuid = MOUNT_ATTR_NOSUID;
constexpr std::uint8_t kNoDev = MOUNT_ATTR_NODEV;
constexpr std::uint8_t kNoExec = MOUNT_ATTR_NOEXEC;

constexpr Step file(const char* target, const char* text) {
  return {.kind = StepKind::File, .target = target, .source = text};
}

constexpr Step dev_link(const char* target, const char* source) {
  return {.kind = StepKind::Link, .base = Base::Dev, .target = target, .source = source};
}

constexpr Step device(const char* source, std::uint8_t major, std::uint8_t minor) {
  return {.kind = StepKind::Device,
          .base = Base::Dev,
          .device_major = major,
          .device_minor = minor,
          .attributes = kNoSuid | kNoExec,
          .target = source + sizeof "/dev/" - 1,
          .source = source};
}

constexpr Step tmpfs(Base base, const char* target, const char* options, std::uint8_t attributes) {
  return {.kind = StepKind::Tmpfs,
          .base = base,
          .attributes = attributes,
          .target = target,
          .source = options};
}

constexpr Step read_only(const char* target) {
  return {.kind = StepKind::ReadOnly,
          .base = Base::Proc,
          .attributes = kNoSuid | kNoDev | kNoExec | MOUNT_ATTR_RDONLY,
          .target = target};
}

constexpr Step mask(const char* target) {
  return {.kind = StepKind::Mask, .base = Base::Proc, .target = target};
}

constexpr Step kEmptyRoot[] = {
    file("etc/passwd",
         "root:x:0:0:root:/:/sbin/nologin\n"
         "nobody:x:65534:65534:nobody:/:/sbin/nologin\n"),
    file("etc/group", "root:x:0:\nnogroup:x:65534:\n"),
    file("etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost\n"),
};

constexpr Step kCommon[] = {
    {.kind = StepKind::Dev,
     .attributes = kNoSuid | kNoExec,
     .target = "dev",
     .source = "mode=755,size=64k,nr_inodes=1024"},
    device("/dev/null", 1, 3),
    device("/dev/zero", 1, 5),
    device("/dev/full", 1, 7),
    device("/dev/random", 1, 8),
    device("/dev/urandom", 1, 9),
    device("/dev/tty", 5, 0),
    dev_link("fd", "/proc/self/fd"),
    dev_link("stdin", "/proc/self/fd/0"),
    dev_link("stdout", "/proc/self/fd/1"),
    dev_link("stderr", "/proc/self/fd/2"),
    dev_link("ptmx", "pts/ptmx"),
    {.kind = StepKind::Devpts,
     .base = Base::Dev,
     .attributes = kNoSuid | kNoExec,
     .target = "pts",
     .source = "ptmxmode=0666,mode=0620"},
    tmpfs(Base::Dev, "shm", "mode=1777", kNoSuid | kNoDev | kNoExec),

    {.kind = StepKind::Proc, .attributes = kNoSuid | kNoDev | kNoExec, .target = "proc"},
    // Nor can who keeps CAP_SYS_ADMIN get more by a user namespace inside.
    {.kind = StepKind::Setting,
     .base = Base::Proc,
     .target = "sys/user/max_user_namespaces",
     .source = "0"},
    read_only("bus"),
    read_only("fs"),
    read_only("irq"),
    read_only("sys"),
    read_only("sysrq-trigger"),
    mask("acpi"),
    mask("asound"),
    mask("interrupts"),
    mask("kcore"),
    mask("keys"),
    mask("latency_stats"),
    mask("sched_debug"),
    mask("scsi"),
    mask("timer_list"),
    mask("timer_stats"),

    {.kind = StepKind::Sys,
     .attributes = kNoSuid | kNoDev | kNoExec | MOUNT_ATTR_RDONLY,
     .target = "sys"},
    tmpfs(Base::Root, "tmp", "mode=1777", kNoSuid | kNoDev),
    tmpfs(Base::Root, "run", "mode=755", kNoSuid | kNoDev),
};

constexpr bool are_common_places() {
  const char* place = kCommonPlaces;
  for (const Step& step : kCommon) {
    if (step.base != Base::Root) continue;
    const std::string_view target = step.target;
    if (target != place) return false;
    place += target.size() + 1;
  }
  return *place == '\0';
}
static_assert(are_common_places());

// A step's kind and base share a byte.
constexpr int kBaseShift = 5;

template <const auto& Steps>
consteval auto make_steps() {
  return make_table<[] {
    TableBuilder table;
    for (const Step& step : Steps) {
      // 0 is the end.
      const unsigned kind = static_cast<unsigned>(step.kind) + 1;
      table.add(static_cast<std::uint8_t>(kind | static_cast<unsigned>(step.base) << kBaseShift));
      table.add(step.attributes);
      if (step.kind == StepKind::Device) {
        table.add(step.device_major);
        table.add(step.device_minor);
      }
      table.add_string(step.target);
      table.add_string(step.source != nullptr ? step.source : "");
    }
    table.add(0);
    return table;
  }>();
}

alignas(1) constexpr auto kEmptyRootTable = make_steps<kEmptyRoot>();
alignas(1) constexpr auto kCommonTable = make_steps<kCommon>();

}  // namespace

const char* read_row(const char* bytes, Step& step) {
  const unsigned first = static_cast<unsigned char>(*bytes++);
  if (first == 0) return nullptr;
  step.kind = static_cast<StepKind>((first & ((1u << kBaseShift) - 1)) - 1);
  step.base = static_cast<Base>(first >> kBaseShift);
  step.attributes = static_cast<std::uint8_t>(*bytes++);
  if (step.kind == StepKind::Device) {
    step.device_major = static_cast<std::uint8_t>(*bytes++);
    step.device_minor = static_cast<std::uint8_t>(*bytes++);
  }
  step.target = bytes;
  const char* source = behind(step.target);
  step.source = *source != '\0' ? source : nullptr;
  return behind(source);
}

Rows<Step> empty_root_steps() { return Rows<Step>(kEmptyRootTable.data()); }

Rows<Step> common_steps() { return Rows<Step>(kCommonTable.data()); }

}  // namespace cardboard
