// SPDX-License-Identifier: MIT
//
// Which files of control groups --memory and so on come to, and what is written there: one table
// for both versions of them. Pure; isolate/cgroup.cc does it. Source:
// Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/*.rst.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "cli/options.h"

namespace cardboard {

enum class Use : std::uint8_t {
  Memory,  // from here on as Limit has them
  MemorySwap,
  Pids,
  Cpus,
  CpuShares,
  Cpuset,
  // What comes with them.
  OomGroup,   // who is out of memory is killed as a whole
  Inherited,  // of the parent's, where that gives its children nothing
  // What is counted.
  MemoryPeak,
  OomKills,
  PidsPeak,
};

// A file of a group's, "<controller>.<file>".
struct Control {
  Use use = Use::Memory;
  // That there is no such file is as good.
  bool is_optional = false;
  const char* controller = nullptr;
  const char* file = nullptr;
  // What is written: the text or, without one, the number.
  const char* text = nullptr;
  std::int64_t number = 0;
};

// The groups of a container: one of version 2, or of version 1 one for each controller. None where
// there is no limit.
struct Groups {
  const Options* options = nullptr;
  // Whether all controllers are of version 2.
  bool unified = false;
  // The parent is of version 2, and we are in it ourselves, so that it can give no controllers.
  bool in_our_own = false;
  // As seen in the groups' own file system.
  const char* parent = nullptr;
  // Ours, and the time by some clock, of which the groups have their name: no two cardboards have
  // the same, though each pid namespace has a process 1.
  pid_t pid = 0;
  Nanoseconds now = 0;
};

// The path of our own group of version 2 in /proc/self/cgroup, of which the last line is about
// that. `text` has `size` characters, at least one, and loses its last.
const char* own_group(char* text, std::size_t size);

// Decides on the parent, where none is asked for: the top, for who is privileged; `own`, which we
// are in, for others.
void place_groups(const Options& options, bool is_privileged, const char* own, Groups& groups);

// What has to be set, in this order, and can be read: for (const char* row = first_control(); (row
// = read_control(row, groups, control)) != nullptr;). What makes no sense is the kernel's to
// refuse.
const char* first_control();
const char* read_control(const char* row, const Groups& groups, Control& control);

// Fills in a template: %p is the parent's path, %n the name of the group in it, %c the controller,
// %f the file, %v what is written there.
void write_control(Writer& writer, Phrase words, const Groups& groups, const Control& control);

// What the report tells of the limits: the inside of a JSON object.
void write_limits(Writer& writer, const Groups& groups);

}  // namespace cardboard
