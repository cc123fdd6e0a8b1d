// SPDX-License-Identifier: MIT
//
// See limits.h.
#include "plan/limits.h"

#include "base/byte_table.h"

namespace cardboard {

namespace {

struct ControlRow {
  Use use;
  Limit limit;             // which this is, or comes with
  const char* controller;  // "" is that of the row before
  const char* unified;     // the file in version 2; "" for none
  const char* split;       // in version 1
};

// memory.memsw takes no less than memory.limit, which so comes first.
constexpr ControlRow kRows[] = {
    {Use::Memory, Limit::Memory, "memory", "max", "limit_in_bytes"},
    {Use::MemorySwap, Limit::Memory, "", "swap.max", "memsw.limit_in_bytes"},
    {Use::OomGroup, Limit::Memory, "", "oom.group", ""},
    {Use::MemoryPeak, Limit::Memory, "", "peak", "max_usage_in_bytes"},
    {Use::OomKills, Limit::Memory, "", "events", "oom_control"},
    {Use::Pids, Limit::Pids, "pids", "max", "max"},
    {Use::PidsPeak, Limit::Pids, "", "peak", "peak"},
    {Use::Cpus, Limit::Cpus, "cpu", "max", "cfs_quota_us"},
    {Use::CpuShares, Limit::CpuShares, "", "weight", "shares"},
    {Use::Cpuset, Limit::Cpuset, "cpuset", "cpus", "cpus"},
    {Use::Inherited, Limit::Cpuset, "", "", "mems"},
};

alignas(1) constexpr auto kTable = make_table<[] {
  TableBuilder table;
  for (const ControlRow& row : kRows) {
    // 0 is the end.
    table.add(static_cast<std::uint8_t>(static_cast<unsigned>(row.use) + 1));
    table.add(static_cast<std::uint8_t>(row.limit));
    table.add_string(row.controller);
    table.add_string(row.unified);
    table.add_string(row.split);
  }
  table.add(0);
  return table;
}>();

}  // namespace

const char* own_group(char* text, std::size_t size) {
  char* line = text + size - 1;
  *line = '\0';
  while (line > text && line[-1] != '\n') --line;
  // "0::/path"; where there is none, no path that could be one.
  return *line == '0' ? line + 3 : line;
}

void place_groups(const Options& options, bool is_privileged, const char* own, Groups& groups) {
  groups.options = &options;
  groups.parent = options.cgroup_parent;
  if (groups.parent != nullptr) return;
  // At the top of a machine also a group that has processes may give controllers, which the top of
  // a container may not. They look the same.
  const bool is_at_top = own[0] == '/' && own[1] == '\0';
  groups.parent = is_privileged ? "/" : own;
  groups.in_our_own = groups.unified && (is_at_top || !is_privileged);
}

void write_control(Writer& writer, Phrase words, const Groups& groups, const Control& control) {
  for (const char* next = words.text(); *next != '\0'; ++next) {
    switch (*next) {
      case gap('p'):
        writer << "/sys/fs/cgroup/";
        if (!groups.unified) writer << control.controller;
        writer << '/' << groups.parent;
        break;
      case gap('n'): writer << "cardboard-" << groups.pid << '-' << groups.now; break;
      case gap('c'): writer << control.controller; break;
      case gap('f'): writer << control.file; break;
      case gap('v'):
        if (control.text == nullptr) {
          writer << control.number;
        } else {
          writer << control.text;
        }
        break;
      default: writer << *next;
    }
  }
}

const char* first_control() { return kTable.data(); }

const char* read_control(const char* row, const Groups& groups, Control& control) {
  const auto limit_of = [&](int limit) { return groups.options->limits[limit]; };
  // Memory and swap, of which each is the other's where that is not given: then there is no swap.
  const std::int64_t both = limit_of(1) != 0 ? limit_of(1) : limit_of(0);
  const std::int64_t memory = limit_of(0) != 0 ? limit_of(0) : both;
  while (*row != '\0') {
    control.use = static_cast<Use>(*row++ - 1);
    std::int64_t number = limit_of(*row);
    if (*row == 0) number = memory;
    ++row;
    if (*row != '\0') control.controller = row;
    const char* unified = behind(row);
    const char* split = behind(unified);
    row = behind(split);
    control.file = groups.unified ? unified : split;
    if (number == 0 || *control.file == '\0') continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): it is the address of a word.
    control.text = control.use == Use::Cpuset ? reinterpret_cast<const char*>(number) : nullptr;
    control.is_optional = control.use == Use::MemorySwap && limit_of(1) == 0;
    // Less for both than for the one is below 0 here, and refused by either version.
    if (control.use == Use::MemorySwap) number = groups.unified ? both - memory : both;
    if (control.use == Use::OomGroup) number = 1;
    // The defaults are 1024 shares, and a weight of 100. Of what is too small, the least.
    if (control.use == Use::CpuShares && groups.unified)
      number = number * 25 / 256 + (number < 11 ? 1 : 0);
    control.number = number;
    return row;
  }
  return nullptr;
}

void write_limits(Writer& writer, const Groups& groups) {
  Control control;
  const char* separator = "";
  for (const char* row = first_control(); (row = read_control(row, groups, control)) != nullptr;) {
    if (control.use > Use::Cpuset) continue;
    writer << separator;
    write_control(writer, "\"%c.%f\":\"%v\""_p, groups, control);
    separator = ",";
  }
}

}  // namespace cardboard
