// SPDX-License-Identifier: MIT
//
// See option_table.h.
#include "cli/option_table.h"

#include <signal.h>

#include <cstring>

#include "base/id.h"
#include "cli/capability.h"
#include "cli/personality.h"

namespace cardboard {

using namespace std::string_view_literals;

namespace {

// More descriptors than this no process has by default: proc_sys_fs(5), nr_open.
constexpr std::uint64_t kMost = 1 << 20;

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

    {"h", "help", Argument::None, request(Request::Help), FIELD(request), Section::Information,
     "print this text"},
    {"V", "version", Argument::None, request(Request::Version), FIELD(request), Section::Information,
     "print the version"},
    {"lL", "license", Argument::None, request(Request::License), FIELD(request), Section::Information,
     "print the license"},
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

constexpr bool is_unambiguous() {
  bool seen[256] = {};
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    for (const char letter : std::string_view(kRows[i].letters)) {
      bool& is_seen = seen[static_cast<unsigned char>(letter)];
      if (is_seen) return false;
      is_seen = true;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (std::string_view(kRows[i].name) == kRows[j].name) return false;
    }
  }
  return true;
}
static_assert(is_unambiguous());

alignas(1) constexpr auto kTable = make_option_table<kRows>();

alignas(1) constexpr auto kArgumentTable = make_table<[] {
  TableBuilder table;
  for (const ArgumentRow& row : kArguments) {
    table.add_string(row.placeholder);
    table.add_phrase(row.expectation);
  }
  return table;
}>();

const char* argument_row(Argument argument) {
  const char* row = kArgumentTable.data();
  for (int i = 0; i < static_cast<int>(argument); ++i) row = behind(behind(row));
  return row;
}

// "A:B" in two; `second` is null where there is no colon.
struct Pair {
  std::string_view first;
  const char* second = nullptr;
};

Pair split_at_colon(const char* value) {
  const std::string_view text = as_view(value);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text};
  return {{value, colon}, value + colon + 1};
}

bool add_rewriting(SignalMap& rewrites, const char* value) {
  const Pair pair = split_at_colon(value);
  if (pair.second == nullptr) return false;
  const std::optional<int> from = parse_signal(pair.first);
  const bool drops = equals(pair.second, "0");
  const std::optional<int> to = drops ? 0 : parse_signal(as_view(pair.second));
  if (!from || !to) return false;
  // Two that are never received, and so cannot be rewritten.
  if (*from == SIGKILL || *from == SIGSTOP) return false;
  rewrites.rewrite(*from, *to);
  return true;
}

bool add_numeric_rewriting(SignalMap& rewrites, const char* value) {
  constexpr std::uint64_t kHighest = 31;
  const Pair pair = split_at_colon(value);
  if (pair.second == nullptr) return false;
  const std::uint64_t from = parse_u64(pair.first).value_or(0);
  const std::uint64_t to = parse_u64(as_view(pair.second)).value_or(kHighest + 1);
  if (from < 1 || from > kHighest || to > kHighest) return false;
  rewrites.rewrite(static_cast<int>(from), static_cast<int>(to));
  return true;
}

bool add_remapping(StatusMap& remaps, const char* value) {
  constexpr std::uint64_t kHighest = 255;
  const Pair pair = split_at_colon(value);
  const std::optional<std::uint64_t> from = parse_u64(pair.first);
  const std::optional<std::uint64_t> to =
      pair.second != nullptr ? parse_u64(as_view(pair.second)) : 0;
  if (!from || !to || *from > kHighest || *to > kHighest) return false;
  remaps.remap(static_cast<std::uint8_t>(*from), static_cast<std::uint8_t>(*to));
  return true;
}

bool set_notify(Notify& notify, const char* value) {
  notify = equals(value, "exec") ? Notify::Exec : Notify::Relay;
  return notify == Notify::Exec || equals(value, "relay");
}

bool set_signal(int& signal, std::string_view value) {
  signal = parse_signal(value).value_or(0);
  return signal != 0;
}

bool add_mount(Options& options, Argument argument, const char* value) {
  const int kind = static_cast<int>(argument) - static_cast<int>(Argument::Tmpfs);
  Step step;
  // It is a word of argv's, or of a copy of ours.
  if (!parse_mount(static_cast<StepKind>(kind), const_cast<char*>(value), step)) return false;
  // A list that is full is refused by make_plan(), whose own has no room for it.
  static_cast<void>(push_step(options.mounts, step));
  return true;
}

bool set_user_namespace(bool& is_host, const char* value) {
  const std::string_view mode = as_view(value);
  is_host = mode == "host"sv;
  return is_host || mode == "auto"sv;
}

// Reads the id at `text` and moves on, behind the `end` that must follow it.
bool read_id(const char*& text, std::uint32_t& id, char end) {
  id = parse_id(text);
  text = end_of_field(text);
  return id != kNoId && *text++ == end;
}

// Whether the ranges are there to be mapped, and do not overlap, is for the kernel to say.
bool add_mapping(IdMaps& maps, const char* value) {
  IdMap map;
  return read_id(value, map.inside, ':') && read_id(value, map.outside, ':') &&
         read_id(value, map.count, '\0') && maps.push(map);
}

bool change_capabilities(std::uint64_t& set, const char* name, bool adds) {
  const std::uint64_t named = parse_capability(name);
  set = adds ? set | named : set & ~named;
  return named != 0;
}

bool set_filter(const char*& file, const char* value) {
  const std::string_view word = as_view(value);
  file = word == "default"sv ? nullptr : word == "none"sv ? "" : value;
  return !word.empty();
}

// Microseconds in 100 ms. Up to five digits behind the point, and enough before it.
std::int64_t parse_processors(const char* text) {
  std::int64_t number = 0;
  int scale = 100'000;
  bool is_fraction = false;
  for (; *text != '\0'; ++text) {
    if (*text == '.' && !is_fraction) {
      is_fraction = true;
      continue;
    }
    const auto digit = static_cast<unsigned>(*text - '0');
    if (is_fraction) scale /= 10;
    if (digit > 9 || number > 1'000'000'000) return 0;
    number = number * 10 + digit;
  }
  return number * scale;
}

// 0, which would be no limit, is what cannot be one.
bool set_limit(Options& options, std::int64_t& limit, Argument argument, const char* value) {
  options.has_limits = true;
  limit = *value != '\0' ? reinterpret_cast<std::intptr_t>(value) : 0;
  if (argument == Argument::Processors) limit = parse_processors(value);
  if (argument <= Argument::Amount)
    limit = static_cast<std::int64_t>(parse_size(as_view(value)).value_or(0));
  return limit > 0;
}

bool set_time(std::optional<Nanoseconds>& time, const char* value) {
  time = parse_duration(as_view(value));
  return time.has_value();
}

// The names of setrlimit(2)'s limits in the order of their numbers.
constexpr const char* kUlimitNames =
    "cpu\0fsize\0data\0stack\0core\0rss\0nproc\0nofile\0memlock\0as\0locks\0sigpending\0"
    "msgqueue\0nice\0rtprio\0rttime\0";

std::optional<std::uint64_t> parse_ulimit(std::string_view text) {
  return text == "unlimited"sv ? ~std::uint64_t{0} : parse_u64(text);
}

bool set_ulimit(Ulimits& ulimits, const char* value) {
  std::size_t i = 0;
  const char* amount;
  while ((amount = skip(value, ulimit_name(i))) == nullptr || *amount != '=') {
    if (++i == kUlimits) return false;
  }
  const Pair pair = split_at_colon(amount + 1);
  const auto soft = parse_ulimit(pair.first);
  const auto hard = pair.second != nullptr ? parse_ulimit(as_view(pair.second)) : soft;
  if (!soft || !hard || *soft > *hard) return false;
  ulimits.is_set[i] = true;
  ulimits.values[i] = {*soft, *hard};
  return true;
}

using Words = decltype(Options::variables);

}  // namespace

const char* OptionTable::read(const char* bytes, OptionSpec& option) {
  if (bytes[0] == 0) return nullptr;
  option.argument = static_cast<Argument>(bytes[0] - 1);
  option.section = static_cast<Section>(bytes[1]);
  option.value = static_cast<std::uint8_t>(bytes[2]);
  std::memcpy(&option.field, bytes + 3, sizeof option.field);
  option.letters = bytes + 3 + sizeof option.field;
  option.name = behind(option.letters);
  option.help = Phrase(behind(option.name));
  return behind(option.help.packed());
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

bool apply_option(Options& options, const OptionSpec& option, const char* value) {
  // The field's type is its row's to know.
  void* field = reinterpret_cast<char*>(&options) + option.field;
  switch (option.argument) {
    case Argument::None: std::memcpy(field, &option.value, 1); return true;
    case Argument::Counts: ++*static_cast<int*>(field); return true;
    case Argument::Time: return set_time(*static_cast<std::optional<Nanoseconds>*>(field), value);
    case Argument::SignalName:
      if (!begins_with(as_view(value), "SIG"sv)) return false;
      [[fallthrough]];
    case Argument::Signal: return set_signal(*static_cast<int*>(field), as_view(value));
    case Argument::Rewriting: return add_rewriting(*static_cast<SignalMap*>(field), value);
    case Argument::NumericRewriting:
      return add_numeric_rewriting(*static_cast<SignalMap*>(field), value);
    case Argument::ExpectedStatus:
      if (split_at_colon(value).second != nullptr) return false;
      [[fallthrough]];
    case Argument::Remapping: return add_remapping(*static_cast<StatusMap*>(field), value);
    case Argument::NotifyMode: return set_notify(*static_cast<Notify*>(field), value);
    case Argument::Variable:
      return value[0] != '=' && value[0] != '\0' && static_cast<Words*>(field)->push(value);
    case Argument::Ulimit: return set_ulimit(*static_cast<Ulimits*>(field), value);
    case Argument::Size:
    case Argument::Amount:
    case Argument::Processors:
    case Argument::CpuList:
      return set_limit(options, *static_cast<std::int64_t*>(field), option.argument, value);
    case Argument::Name:
    case Argument::File:
    case Argument::User:
    case Argument::Directory: *static_cast<const char**>(field) = value; return value[0] != '\0';
    case Argument::Tmpfs:
    case Argument::Volume:
    case Argument::Device: return add_mount(options, option.argument, value);
    case Argument::Personality: return choose_personality(options, as_view(value));
    case Argument::UserNamespace: return set_user_namespace(*static_cast<bool*>(field), value);
    case Argument::Mapping: return add_mapping(*static_cast<IdMaps*>(field), value);
    case Argument::Capability:
      return change_capabilities(*static_cast<std::uint64_t*>(field), value, option.value != 0);
    case Argument::Filter: return set_filter(*static_cast<const char**>(field), value);
    case Argument::Count:
    case Argument::Number: {
      const std::uint64_t number = parse_u64(as_view(value)).value_or(kMost);
      const std::uint64_t mask = option.argument == Argument::Number ? 0xff : kMost - 1;
      *static_cast<int*>(field) = static_cast<int>(number & mask);
      return number < kMost;
    }
  }
  return false;
}

const char* ulimit_name(std::size_t number) {
  const char* name = kUlimitNames;
  for (; number > 0; --number) name = behind(name);
  return name;
}

const char* placeholder_of(Argument argument) { return argument_row(argument); }

Phrase expectation_of(Argument argument) {
  const char* placeholder = argument_row(argument);
  const char* expectation = behind(placeholder);
  // A placeholder is a phrase of which nothing has been packed.
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
