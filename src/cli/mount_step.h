// SPDX-License-Identifier: MIT
//
// A step in making a container's root file system, and how --volume, --tmpfs and --device ask for
// one. Pure.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/fixed_list.h"

namespace cardboard {

// Where a step's target is looked up: from a descriptor of that mount's root, so that nothing that
// a hostile root directory holds can lead a step astray.
enum class Base : std::uint8_t { Root, Dev, Proc };

// Where something is mounted or written, what is missing of the way there is made.
enum class StepKind : std::uint8_t {
  Tmpfs,      // mount a new one, with `source` as its options
  Volume,     // mount the host's file or directory `source`
  Device,     // the same, a device node, which must have that number unless it is 0:0
  Command,    // the same, COMMAND's file
  Directory,  // the same, --root; it becomes the container's root and Base::Root
  Overlay,    // the same, with memory laid over it for what is written and for missing mount points
  EmptyRoot,  // a new tmpfs in their place
  Dev,        // mount a new tmpfs; from then on it is Base::Dev
  Proc,       // mount a new one; from then on it is Base::Proc
  Sys,        // mount a new sysfs, or where the kernel refuses that, something empty
  Devpts,     // mount a new one, with `source` as its options
  File,       // make it, with `source` as its text, mode 0644
  Setting,    // write `source` to it
  Link,       // make a symbolic link to `source`
  ReadOnly,   // make it read-only, where the kernel has it
  Mask,       // hide it behind an empty file or directory, where the kernel has it
};

// Whether something of the host's is mounted, which is taken before the host's tree is left.
constexpr bool takes_source(StepKind kind) {
  return kind >= StepKind::Volume && kind <= StepKind::Overlay;
}

// Beside MOUNT_ATTR_*, in the place of one that we do not use: with the owners' ids mapped as those
// of the container.
inline constexpr std::uint8_t kMapOwners = 0x80;

struct Step {
  StepKind kind = StepKind::Tmpfs;
  Base base = Base::Root;
  // As in Linux's Documentation/admin-guide/devices.txt.
  std::uint8_t device_major = 0;
  std::uint8_t device_minor = 0;
  std::uint8_t attributes = 0;  // MOUNT_ATTR_*, of which we use the low ones, and kMapOwners
  const char* target = nullptr;
  const char* source = nullptr;
};

// Room for the most that are ever planned.
inline constexpr std::size_t kMaxSteps = 576;
using StepList = FixedList<Step, kMaxSteps>;

[[nodiscard]] bool push_step(StepList& steps, const Step& step);

// Cuts `word` in pieces, which `step` then points to: SRC[:DST[:ro,rw,exec,dev,idmap]] for a
// Volume, DST[:size=SIZE,mode=MODE] for a Tmpfs, a path below /dev for a Device. The target is an
// absolute path without "..", "." and needless slashes, and not "/". False where `word` is not
// that; it is then whole again, but for slashes at the end of a path.
bool parse_mount(StepKind kind, char* word, Step& step);

}  // namespace cardboard
