// SPDX-License-Identifier: MIT
//
// See explain.h.
#include "plan/explain.h"

#include <linux/mount.h>
#include <linux/sched.h>

#include <bit>
#include <cstring>

#include "cli/capability.h"

namespace cardboard {

namespace {

// ---- Names of bits ----

struct Bit {
  unsigned long bit;
  const char* name;
};

constexpr Bit kNamespaces[] = {
    {CLONE_NEWUSER, "user"},     {CLONE_NEWNS, "mnt"},  {CLONE_NEWPID, "pid"},
    {CLONE_NEWNET, "net"},       {CLONE_NEWUTS, "uts"}, {CLONE_NEWIPC, "ipc"},
    {CLONE_NEWCGROUP, "cgroup"},
};

constexpr Bit kAttributes[] = {
    {MOUNT_ATTR_RDONLY, "ro"},     {MOUNT_ATTR_NOSUID, "nosuid"}, {MOUNT_ATTR_NODEV, "nodev"},
    {MOUNT_ATTR_NOEXEC, "noexec"}, {kMapOwners, "idmap"},
};

template <const auto& Bits>
consteval auto make_names() {
  return make_table<[] {
    TableBuilder table;
    for (const Bit& bit : Bits) {
      // 0 is the end.
      table.add(static_cast<std::uint8_t>(std::countr_zero(bit.bit) + 1));
      table.add_string(bit.name);
    }
    table.add(0);
    return table;
  }>();
}

alignas(1) constexpr auto kNamespaceTable = make_names<kNamespaces>();
alignas(1) constexpr auto kAttributeTable = make_names<kAttributes>();

// Both with a blank before it.
void write_word(Writer& writer, const char* word) { writer << ' ' << word; }
void write_number(Writer& writer, std::uint64_t number) { writer << ' ' << number; }

void write_names(Writer& writer, const char* names, unsigned long bits) {
  for (; *names != '\0'; names = behind(names)) {
    if ((bits >> (*names - 1) & 1) != 0) write_word(writer, names + 1);
  }
}

// ---- Steps ----

// Indexed by StepKind: %s is the source, %t the target, %a the attributes, each with a blank before
// it.
constexpr const char* kSteps[] = {
    "tmpfs on%t%a%s", "bind%s on%t%a",   "bind%s on%t%a",
    "bind%s on%t%a",  "bind%s on%t%a",   "overlay on%t, of memory above%s%a",
    "tmpfs on%t%a",   "tmpfs on%t%a%s",  "proc on%t%a",
    "sysfs on%t%a",   "devpts on%t%a%s", "file%t",
    "write%s to%t",   "link%t to%s",     "bind%t%a",
    "mask%t",
};
static_assert(std::size(kSteps) == static_cast<std::size_t>(StepKind::Mask) + 1);

// For find_row().
constexpr char key_of(std::size_t kind) { return static_cast<char>(kind + 1); }

alignas(1) constexpr auto kStepTable = make_table<[] {
  TableBuilder table;
  for (std::size_t i = 0; i < std::size(kSteps); ++i) {
    table.add(static_cast<std::uint8_t>(key_of(i)));
    table.add_phrase(kSteps[i]);
  }
  table.add(0);
  return table;
}>();

// Indexed by Base.
constexpr char kBases[][7] = {"/", "/dev/", "/proc/"};

void write_step(Writer& writer, const Plan& plan, const Step& step) {
  const char* words = find_row(kStepTable.data(), key_of(static_cast<std::size_t>(step.kind)));
  // Only what root takes outside has its owners mapped.
  const bool maps_owners = plan.outside_takes_sources && takes_source(step.kind);
  const unsigned attributes = step.attributes & (maps_owners ? ~0u : ~unsigned{kMapOwners});
  writer << "\n  ";
  for (; *words != '\0'; ++words) {
    switch (*words) {
      case gap('s'):
        if (step.source != nullptr) write_word(writer, step.source);
        break;
      case gap('t'):
        write_word(writer, kBases[static_cast<std::size_t>(step.base)]);
        writer << step.target + (*step.target == '/' ? 1 : 0);
        break;
      case gap('a'): write_names(writer, kAttributeTable.data(), attributes); break;
      default: writer << *words;
    }
  }
}

// ---- Facts ----

// Of what type the field is, and how it is written.
enum class Fact : std::uint8_t {
  Flag = 1,  // not at all where it is zero
  Text,      // nor where there is none
  Texts,
  Namespaces,
  IdMaps,
  Steps,
  Capabilities,
  Filter,
  Limits,
};

struct FactRow {
  Fact fact;
  std::uint16_t field;  // where in Plan: offsetof
  const char* label;
};

// A plan has a base, and so no layout by the standard; by our compilers it has.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
#define FIELD(name) offsetof(Plan, name)

constexpr FactRow kRows[] = {
    {Fact::Namespaces, FIELD(namespaces), "namespaces:"},
    {Fact::Text, FIELD(network), "network namespace of:"},
    {Fact::IdMaps, FIELD(uid_map), "user ids inside, outside, how many:"},
    {Fact::IdMaps, FIELD(gid_map), "group ids inside, outside, how many:"},
    {Fact::Flag, FIELD(maps_by_helper), "ids are mapped by newuidmap and newgidmap"},
    {Fact::Steps, FIELD(steps), "root file system:"},
    {Fact::Flag, FIELD(root_is_writable), "the root can be written to"},
    {Fact::Limits, FIELD(groups), "limits:"},
    {Fact::Text, FIELD(hostname), "host name:"},
    {Fact::Text, FIELD(pid_file), "pid file:"},
    {Fact::Flag, FIELD(kept_fds), "descriptors from 3 on are kept"},
    {Fact::Flag, FIELD(tty), "a terminal of its own"},
    {Fact::Text, FIELD(privileges.user), "user:"},
    {Fact::Capabilities, FIELD(privileges), "capabilities:"},
    {Fact::Filter, FIELD(privileges), "seccomp filter, instructions:"},
    {Fact::Text, FIELD(workdir), "working directory:"},
    {Fact::Texts, FIELD(environment), "environment:"},
    {Fact::Text, FIELD(command_path), "program:"},
    {Fact::Texts, FIELD(argv), "COMMAND:"},
};

alignas(1) constexpr auto kTable = make_table<[] {
  TableBuilder table;
  for (const FactRow& row : kRows) {
    table.add(static_cast<std::uint8_t>(row.fact));
    table.add_u16(row.field);
    table.add_phrase(row.label);
  }
  table.add(0);
  return table;
}>();

void write_limit_list(Writer& writer, const Groups& groups) {
  if (groups.options == nullptr) return;
  Control control;
  for (const char* row = first_control(); (row = read_control(row, groups, control)) != nullptr;) {
    if (control.use < Use::Inherited) {
      write_control(writer, "\n  %p/%n/%c.%f %v"_p, groups, control);
    }
  }
}

void write_maps(Writer& writer, std::span<const IdMap> maps) {
  for (const IdMap& map : maps) {
    write_number(writer, map.inside);
    write_number(writer, map.outside);
    write_number(writer, map.count);
  }
}

void write_texts(Writer& writer, const char* const* texts) {
  for (; *texts != nullptr; ++texts) write_word(writer << "\n "_p, *texts);
}

}  // namespace

void write_plan(Writer& writer, const Plan& plan) {
  for (const char* row = kTable.data(); *row != 0;) {
    const auto fact = static_cast<Fact>(*row);
    std::uint16_t offset;
    std::memcpy(&offset, row + 1, sizeof offset);
    const void* field = reinterpret_cast<const char*>(&plan) + offset;
    const Phrase label(row + 3);
    row = behind(label.text());
    if (fact == Fact::Flag && *static_cast<const char*>(field) == 0) continue;
    const auto* text = static_cast<const char* const*>(field);
    if (fact == Fact::Text && *text == nullptr) continue;
    writer << label;
    switch (fact) {
      case Fact::Flag: break;
      case Fact::Text: write_word(writer, *text); break;
      case Fact::Texts: write_texts(writer, *static_cast<const char* const* const*>(field)); break;
      case Fact::Namespaces:
        write_names(writer, kNamespaceTable.data(), plan.namespaces | CLONE_NEWCGROUP);
        break;
      case Fact::IdMaps:
        write_maps(writer, *static_cast<const std::span<const IdMap>*>(field));
        break;
      case Fact::Steps:
        for (const Step& step : plan.steps) write_step(writer, plan, step);
        break;
      case Fact::Capabilities: write_capabilities(writer, plan.privileges.capabilities); break;
      case Fact::Filter: write_number(writer, plan.privileges.filter.size()); break;
      case Fact::Limits: write_limit_list(writer, plan.groups); break;
    }
    writer << '\n';
  }
}

}  // namespace cardboard
