// SPDX-License-Identifier: MIT
//
// See option_table.h.
#include "cli/option_table.h"

#include <cstring>

namespace cardboard {

using namespace std::string_view_literals;

namespace {

#define FIELD(name) offsetof(Options, name)
#define LIMIT(name) (FIELD(limits) + static_cast<unsigned>(Limit::name) * sizeof Options::limits[0])

constexpr std::uint8_t request(Request wanted) { return static_cast<std::uint8_t>(wanted); }

// clang-format off
constexpr OptionRow kRows[] = {
    {"g", "group", Argument::None, 1, FIELD(group), Section::Init,
     "forward signals to COMMAND's process group"},
    {"c", "single-child", Argument::None, 0, FIELD(group), Section::Init,
     "forward signals to COMMAND alone (default)"},
    {"r", "rewrite", Argument::Rewriting, 0, FIELD(rewrites), Section::Init,
     "on signal A, forward B, or nothing if B is 0"},
    {"p", "parent-death-signal", Argument::Signal, 0, FIELD(parent_death_signal), Section::Init,
     "be sent SIGNAL when our parent dies"},
    {"s", "subreaper", Argument::None, 1, FIELD(subreaper), Section::Init,
     "adopt orphans when not PID 1 (always on)"},
    {"e", "remap-exit", Argument::Remapping, 0, FIELD(remaps), Section::Init,
     "exit with M (0) where COMMAND does with N"},
    {"", "reraise", Argument::None, 1, FIELD(reraise), Section::Init,
     "die of the signal that killed COMMAND, if not\nPID 1"},
    {"", "grace", Argument::Time, 0, FIELD(grace), Section::Init,
     "after COMMAND ends: TERM to all that is left,\nKILL after TIME (default 5s; 0: at once)"},
    {"", "wait", Argument::None, 1, FIELD(wait), Section::Init,
     "after COMMAND ends: wait for all that is left"},
    {"", "stop-signal", Argument::Signal, 0, FIELD(stop_signal), Section::Init,
     "what a request to stop sends (default TERM)"},
    {"", "stop-timeout", Argument::Time, 0, FIELD(stop_timeout), Section::Init,
     "KILL everything TIME after a request to stop"},
    {"", "timeout", Argument::Time, 0, FIELD(timeout), Section::Init,
     "stop after TIME, KILL after the grace; exit 124"},
    {"", "notify", Argument::NotifyMode, 0, FIELD(notify), Section::Init,
     "exec: READY=1 once COMMAND is executing;\nrelay: pass on what COMMAND itself notifies"},
    {"P", "pause", Argument::None, 1, FIELD(pause), Section::Init,
     "no COMMAND: only reap, until TERM or INT"},
    {"", "report", Argument::File, 0, FIELD(report), Section::Init,
     "write a line of JSON to FILE in the end: how it\nended, and what was used"},
    {"w", "warn-reaped", Argument::None, 1, FIELD(warn_reaped), Section::Init,
     "say so when an orphan is reaped"},
    {"v", "verbose", Argument::Counts, 0, FIELD(verbosity), Section::Init,
     "say what is forwarded and reaped"},
    {"", "compat", Argument::Personality, 0, FIELD(personality), Section::Init,
     "behave like tini, dumb-init or catatonit, as\nunder these names; none: like cardboard"},

    {"", "isolate", Argument::None, 1, FIELD(isolate), Section::Isolate,
     "run COMMAND in a container of its own"},

    {"", "doctor", Argument::None, request(Request::Doctor), FIELD(request), Section::Information,
     "print what this host allows, and what to change;\nexit 0 if --isolate works here"},
    {"h", "help", Argument::None, request(Request::Help), FIELD(request), Section::Information,
     "print this text"},
    {"V", "version", Argument::None, request(Request::Version), FIELD(request), Section::Information,
     "print the version"},
    {"lL", "license", Argument::None, request(Request::License), FIELD(request), Section::Information,
     "print the license"},
};

// What only a container has; unlike those above, no init has to look through them.
constexpr OptionRow kContainerRows[] = {
    {"", "root", Argument::Directory, 0, FIELD(root), Section::Isolate,
     "its root file system, read-only (default: an\nempty root that holds COMMAND's file alone)"},
    {"", "ephemeral", Argument::None, 1, FIELD(ephemeral), Section::Isolate,
     "keep writes to the root in memory"},
    {"", "writable", Argument::None, 1, FIELD(writable), Section::Isolate,
     "write to DIR itself"},
    {"", "volume", Argument::Volume, 0, FIELD(mounts), Section::Isolate,
     "mount SRC at DST (default: rw, no exec, no dev)"},
    {"", "tmpfs", Argument::Tmpfs, 0, FIELD(mounts), Section::Isolate,
     "mount memory at DST"},
    {"", "device", Argument::Device, 0, FIELD(mounts), Section::Isolate,
     "add a device of the host"},
    {"", "user", Argument::User, 0, FIELD(user), Section::Isolate,
     "run it as this user of the root's (default 0)"},
    {"", "userns", Argument::UserNamespace, 0, FIELD(host_userns), Section::Isolate,
     "host: no user namespace, as root (default auto)"},
    {"", "uidmap", Argument::Mapping, 0, FIELD(uid_maps), Section::Isolate,
     "map COUNT user ids; without --gidmap, group ids"},
    {"", "gidmap", Argument::Mapping, 0, FIELD(gid_maps), Section::Isolate,
     "map COUNT group ids"},
    {"", "cap-add", Argument::Capability, 1, FIELD(capabilities), Section::Isolate,
     "let COMMAND keep CAP; docker: Docker's 14, all: all"},
    {"", "cap-drop", Argument::Capability, 0, FIELD(capabilities), Section::Isolate,
     "take CAP back from those before it"},
    {"", "seccomp", Argument::Filter, 0, FIELD(seccomp), Section::Isolate,
     "filter system calls by FILE, compiled BPF; none,\nor default: as Docker"},
    {"", "hostname", Argument::Name, 0, FIELD(hostname), Section::Isolate,
     "its host name"},
    {"", "env", Argument::Variable, 0, FIELD(variables), Section::Isolate,
     "set a variable, or pass on ours"},
    {"", "env-host", Argument::None, 1, FIELD(env_host), Section::Isolate,
     "pass on all of our variables"},
    {"", "workdir", Argument::Directory, 0, FIELD(workdir), Section::Isolate,
     "where COMMAND starts, inside"},
    {"", "network", Argument::File, 0, FIELD(network), Section::Isolate,
     "none (default), host, or a namespace's file"},
    {"", "ulimit", Argument::Ulimit, 0, FIELD(ulimits), Section::Isolate,
     "set a resource limit"},
    {"", "tty", Argument::None, 1, FIELD(tty), Section::Isolate,
     "a terminal of its own (default, at a terminal)"},
    {"", "no-tty", Argument::None, 2, FIELD(tty), Section::Isolate,
     "no terminal of its own"},
    {"", "pid-file", Argument::File, 0, FIELD(pid_file), Section::Isolate,
     "holds the pid of the init inside"},
    {"", "preserve-fds", Argument::Count, 0, FIELD(preserved_fds), Section::Isolate,
     "keep descriptors 3 to 2+N"},
    {"", "memory", Argument::Size, 0, LIMIT(Memory), Section::Isolate,
     "most memory; who takes more is killed"},
    {"", "memory-swap", Argument::Size, 0, LIMIT(MemorySwap), Section::Isolate,
     "most memory and swap (default: no swap)"},
    {"", "pids-limit", Argument::Amount, 0, LIMIT(Pids), Section::Isolate,
     "most processes, the init included"},
    {"", "cpus", Argument::Processors, 0, LIMIT(Cpus), Section::Isolate,
     "most processor time: that of so many"},
    {"", "cpu-shares", Argument::Amount, 0, LIMIT(CpuShares), Section::Isolate,
     "weight where time is short (of others: 1024)"},
    {"", "cpuset-cpus", Argument::CpuList, 0, LIMIT(Cpuset), Section::Isolate,
     "these processors alone"},
    {"", "cgroup-parent", Argument::Directory, 0, FIELD(cgroup_parent), Section::Isolate,
     "where the control group for these is made"},
    {"", "explain", Argument::None, 1, FIELD(explain), Section::Isolate,
     "print what would be done, and do nothing"},
};

// Indexed by Argument. Where there is no expectation, it is the placeholder that is expected; what
// only a personality takes has a text of the personality's.
struct ArgumentRow {
  const char* placeholder;
  const char* expectation;
};

constexpr ArgumentRow kArguments[] = {
    {"", "no argument"},
    {"", "no argument"},
    {"TIME", "a time, such as 5, 500ms, 2m or 1h"},
    {"SIGNAL", "a signal, such as TERM, SIGUSR1, RTMIN+3 or 15"},
    {"A:B", "two signals, such as TERM:QUIT, or WINCH:0"},
    {"N[:M]", "exit statuses from 0 to 255, such as 143 or 3:0"},
    {"MODE", "exec or relay"},
    {"FILE", "a file"},
    {"DIR", "a directory"},
    {"UID[:GID]", "a user"},
    {"MODE", "auto or host"},
    {"IN:OUT:COUNT", "three numbers"},
    {"NAME", "a name"},
    {"NAME[=VALUE]", "a variable"},
    {"NAME=SOFT[:HARD]", "a limit, such as nofile=64:128 or core=unlimited"},
    {"N", "a number"},
    {"NAME", "tini, dumb-init, catatonit or none"},
    {"CAP", "a capability, docker or all"},
    {"FILE", "default, none or a file"},
    {"DST[:size=SIZE,mode=MODE]", ""},
    {"SRC[:DST[:ro,rw,exec,dev,idmap]]", ""},
    {"/dev/NAME", ""},
    {"SIZE", "a size, such as 64m or 2g"},
    {"N", "a number"},
    {"N.N", "a number, such as 0.5"},
    {"LIST", "a list, such as 0-2,4"},
};
// clang-format on

constexpr const OptionRow& row_at(std::size_t i) {
  return i < std::size(kRows) ? kRows[i] : kContainerRows[i - std::size(kRows)];
}

constexpr bool is_unambiguous() {
  bool seen[256] = {};
  for (std::size_t i = 0; i < std::size(kRows) + std::size(kContainerRows); ++i) {
    for (const char letter : std::string_view(row_at(i).letters)) {
      bool& is_seen = seen[static_cast<unsigned char>(letter)];
      if (is_seen) return false;
      is_seen = true;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (std::string_view(row_at(i).name) == row_at(j).name) return false;
    }
  }
  return true;
}
static_assert(is_unambiguous());

alignas(1) constexpr auto kTable = make_option_table<kRows, kTableGoesOn>();
CARDBOARD_TEXTS constexpr auto kContainerTable = make_option_table<kContainerRows>();

// What the help says of them, in the same order.
CARDBOARD_TEXTS constexpr auto kHelpTexts = make_table<[] {
  TableBuilder table;
  for (const OptionRow& row : kRows) table.add_phrase(row.help);
  for (const OptionRow& row : kContainerRows) table.add_phrase(row.help);
  return table;
}>();

CARDBOARD_TEXTS constexpr auto kArgumentTable = make_table<[] {
  TableBuilder table;
  for (const ArgumentRow& row : kArguments) {
    table.add_string(row.placeholder);
    table.add_phrase(row.expectation);
  }
  return table;
}>();

const char* argument_row(Argument argument) {
  return string_at(readable(kArgumentTable.data()), 2 * static_cast<std::size_t>(argument));
}

}  // namespace

const char* OptionTable::read(const char* bytes, OptionSpec& option) {
  if (*bytes == kTableGoesOn) bytes = readable(kContainerTable.data());
  if (*bytes == 0) return nullptr;
  option.argument = static_cast<Argument>(bytes[0] - 1);
  option.section = static_cast<Section>(bytes[1]);
  option.value = static_cast<std::uint8_t>(bytes[2]);
  std::memcpy(&option.field, bytes + 3, sizeof option.field);
  option.letters = bytes + 3 + sizeof option.field;
  option.name = behind(option.letters);
  return behind(option.name);
}

bool OptionTable::find_name(std::string_view name, OptionSpec& option) const {
  if (name.empty() || is_variable(name[0])) return false;
  const char* next = bytes_;
  while ((next = read(next, option)) != nullptr) {
    if (name == as_view(option.name)) return true;
  }
  return false;
}

bool OptionTable::find_letter(char letter, OptionSpec& option) const {
  const char* next = bytes_;
  while ((next = read(next, option)) != nullptr) {
    if (as_view(option.letters).find(letter) != std::string_view::npos) return true;
  }
  return false;
}

OptionTable native_options() { return OptionTable(kTable.data()); }

const char* native_help_texts() { return readable(kHelpTexts.data()); }

const char* placeholder_of(Argument argument) { return argument_row(argument); }

Phrase expectation_of(Argument argument) {
  const char* placeholder = argument_row(argument);
  const char* expectation = behind(placeholder);
  return Phrase(*expectation != '\0' ? expectation : placeholder);
}

Phrase section_title(Section section) {
  switch (section) {
    case Section::Init: return "The init"_p;
    case Section::Isolate: return "The container, with --isolate"_p;
    case Section::Information: break;
  }
  return "Information"_p;
}

}  // namespace cardboard
