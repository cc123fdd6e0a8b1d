// SPDX-License-Identifier: MIT
//
// The steps that make a container's root file system, as data: isolate/rootfs.cc walks the list,
// and whoever reads the list knows what a container looks like.
#pragma once

#include "base/byte_table.h"
#include "cli/mount_step.h"

namespace cardboard {

const char* read_row(const char* bytes, Step& step);

// What an empty root needs before the common steps, its COMMAND aside.
Rows<Step> empty_root_steps();

// What every container gets: /dev, /proc, /sys, /tmp, /run.
Rows<Step> common_steps();

// The targets in the root that these are: strings, one behind the other, and an empty one.
inline constexpr char kCommonPlaces[] = "dev\0proc\0sys\0tmp\0run\0";

}  // namespace cardboard
