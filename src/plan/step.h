// SPDX-License-Identifier: MIT
//
// The steps that make a container's root file system, as data: isolate/rootfs.cc walks the list,
// and whoever reads the list knows what a container looks like.
#pragma once

#include <cstdint>

#include "base/byte_table.h"

namespace cardboard {

// Where a step's target is looked up: from a descriptor of that mount's root, so that nothing that
// a hostile root directory holds can lead a step astray.
enum class Base : std::uint8_t { Root, Dev, Proc };

enum class StepKind : std::uint8_t {
  Directory,  // make it, mode 0755
  File,       // make it, with `source` as its text, mode 0644
  Link,       // make a symbolic link to `source`
  Command,    // mount COMMAND's file there
  Tmpfs,      // mount a new one, with `source` as its options
  Dev,        // the same, and from then on it is Base::Dev
  Devpts,     // mount a new one, with `source` as its options
  Proc,       // mount a new one; from then on it is Base::Proc
  Device,     // mount the host's node of the name `source`, which must have that device number
  Setting,    // write `source` to it
  ReadOnly,   // make it read-only, where the kernel has it
  Mask,       // hide it behind an empty file or directory, where the kernel has it
};

struct Step {
  StepKind kind = StepKind::Directory;
  Base base = Base::Root;
  // As in Linux's Documentation/admin-guide/devices.txt.
  std::uint8_t device_major = 0;
  std::uint8_t device_minor = 0;
  std::uint8_t attributes = 0;  // MOUNT_ATTR_* of mount_setattr(2), of which we use the low ones
  const char* target = nullptr;
  const char* source = nullptr;
};

const char* read_row(const char* bytes, Step& step);

// What an empty root needs before the common steps, its COMMAND aside.
Rows<Step> empty_root_steps();

// What every container gets: /dev, /proc, /tmp, /run.
Rows<Step> common_steps();

}  // namespace cardboard
