// SPDX-License-Identifier: MIT
//
// See option_table.h.
#include "cli/option_table.h"

#include <signal.h>

#include <array>

namespace cardboard {

namespace {

template <auto Field>
bool set_flag(Options& options, const char*) {
  options.*Field = true;
  return true;
}

template <auto Field>
bool clear_flag(Options& options, const char*) {
  options.*Field = false;
  return true;
}

template <auto Field>
bool count(Options& options, const char*) {
  ++(options.*Field);
  return true;
}

template <auto Field>
bool set_time(Options& options, const char* value) {
  options.*Field = parse_duration(value);
  return (options.*Field).has_value();
}

template <auto Field>
bool set_signal(Options& options, const char* value) {
  options.*Field = parse_signal(value).value_or(0);
  return options.*Field != 0;
}

template <auto Field>
bool set_path(Options& options, const char* value) {
  options.*Field = value;
  return value[0] != '\0';
}

// "A:B" in two; `second` is null where there is no colon.
struct Pair {
  std::string_view first;
  const char* second = nullptr;
};

Pair split_at_colon(const char* value) {
  const std::string_view text = value;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text};
  return {{value, colon}, value + colon + 1};
}

bool add_rewriting(Options& options, const char* value) {
  const Pair pair = split_at_colon(value);
  if (pair.second == nullptr) return false;
  const std::optional<int> from = parse_signal(pair.first);
  const bool drops = std::string_view(pair.second) == "0";
  const std::optional<int> to = drops ? 0 : parse_signal(pair.second);
  if (!from || !to) return false;
  // Two that are never received, and so cannot be rewritten.
  if (*from == SIGKILL || *from == SIGSTOP) return false;
  options.rewrites.rewrite(*from, *to);
  return true;
}

bool add_remapping(Options& options, const char* value) {
  constexpr std::uint64_t kHighest = 255;
  const Pair pair = split_at_colon(value);
  const std::optional<std::uint64_t> from = parse_u64(pair.first);
  const std::optional<std::uint64_t> to = pair.second != nullptr ? parse_u64(pair.second) : 0;
  if (!from || !to || *from > kHighest || *to > kHighest) return false;
  options.remaps.remap(static_cast<std::uint8_t>(*from), static_cast<std::uint8_t>(*to));
  return true;
}

bool set_notify(Options& options, const char* value) {
  const std::string_view mode = value;
  if (mode == "exec") options.notify = Notify::Exec;
  if (mode == "relay") options.notify = Notify::Relay;
  return mode == "exec" || mode == "relay";
}

template <Request Wanted>
bool set_request(Options& options, const char*) {
  options.request = Wanted;
  return true;
}

// clang-format off
constexpr OptionSpec kOptions[] = {
    {"g", "group", Argument::None, Section::Init, set_flag<&Options::group>,
     "forward signals to COMMAND's process group"},
    {"c", "single-child", Argument::None, Section::Init, clear_flag<&Options::group>,
     "forward signals to COMMAND alone (default)"},
    {"r", "rewrite", Argument::Rewriting, Section::Init, add_rewriting,
     "on signal A, forward B, or nothing if B is 0"},
    {"p", "parent-death-signal", Argument::Signal, Section::Init,
     set_signal<&Options::parent_death_signal>,
     "be sent SIGNAL when our parent dies"},
    {"s", "subreaper", Argument::None, Section::Init, set_flag<&Options::subreaper>,
     "adopt orphans when not PID 1 (always on)"},
    {"e", "remap-exit", Argument::Remapping, Section::Init, add_remapping,
     "exit with M (0) where COMMAND does with N"},
    {"", "reraise", Argument::None, Section::Init, set_flag<&Options::reraise>,
     "die of the signal that killed COMMAND, if not\nPID 1"},
    {"", "grace", Argument::Time, Section::Init, set_time<&Options::grace>,
     "after COMMAND ends: TERM to all that is left,\nKILL after TIME (default 5s; 0: at once)"},
    {"", "wait", Argument::None, Section::Init, set_flag<&Options::wait>,
     "after COMMAND ends: wait for all that is left"},
    {"", "stop-signal", Argument::Signal, Section::Init, set_signal<&Options::stop_signal>,
     "what a request to stop sends (default TERM)"},
    {"", "stop-timeout", Argument::Time, Section::Init, set_time<&Options::stop_timeout>,
     "KILL everything TIME after a request to stop"},
    {"", "timeout", Argument::Time, Section::Init, set_time<&Options::timeout>,
     "stop after TIME, KILL after the grace; exit 124"},
    {"", "notify", Argument::NotifyMode, Section::Init, set_notify,
     "exec: READY=1 once COMMAND is executing;\nrelay: pass on what COMMAND itself notifies"},
    {"P", "pause", Argument::None, Section::Init, set_flag<&Options::pause>,
     "no COMMAND: only reap, until TERM or INT"},
    {"w", "warn-reaped", Argument::None, Section::Init, set_flag<&Options::warn_reaped>,
     "say so when an orphan is reaped"},
    {"v", "verbose", Argument::None, Section::Init, count<&Options::verbosity>,
     "say what is forwarded and reaped"},

    {"", "isolate", Argument::None, Section::Isolate, set_flag<&Options::isolate>,
     "run COMMAND in a container of its own"},
    {"", "root", Argument::Directory, Section::Isolate, set_path<&Options::root>,
     "its root file system, read-only (default: an\nempty root that holds COMMAND's file alone)"},

    {"h", "help", Argument::None, Section::Information, set_request<Request::Help>,
     "print this text"},
    {"V", "version", Argument::None, Section::Information, set_request<Request::Version>,
     "print the version"},
    {"lL", "license", Argument::None, Section::Information, set_request<Request::License>,
     "print the license"},
};

// Indexed by Argument.
constexpr ArgumentKind kArguments[] = {
    {"", "no argument"},
    {"TIME", "a time, such as 5, 500ms, 2m or 1h"},
    {"SIGNAL", "a signal, such as TERM, SIGUSR1, RTMIN+3 or 15"},
    {"A:B", "two signals, such as TERM:QUIT, or WINCH:0"},
    {"N[:M]", "exit statuses from 0 to 255, such as 143 or 3:0"},
    {"MODE", "exec or relay"},
    {"FILE", "a file"},
    {"DIR", "a directory"},
};

// Indexed by Section.
constexpr std::array<const char*, kSections> kTitles = {
    "The init", "The container, with --isolate", "Information",
};
// clang-format on

constexpr bool is_unambiguous(std::span<const OptionSpec> options) {
  bool seen[256] = {};
  for (std::size_t i = 0; i < options.size(); ++i) {
    for (const char letter : std::string_view(options[i].letters)) {
      bool& is_seen = seen[static_cast<unsigned char>(letter)];
      if (is_seen) return false;
      is_seen = true;
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (std::string_view(options[i].name) == options[j].name) return false;
    }
  }
  return true;
}
static_assert(is_unambiguous(kOptions));

}  // namespace

std::span<const OptionSpec> option_table() { return kOptions; }

const ArgumentKind& argument_kind(Argument argument) {
  return kArguments[static_cast<std::size_t>(argument)];
}

const char* section_title(Section section) { return kTitles[static_cast<std::size_t>(section)]; }

}  // namespace cardboard
