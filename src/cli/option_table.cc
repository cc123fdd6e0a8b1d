// SPDX-License-Identifier: MIT
//
// See option_table.h.
#include "cli/option_table.h"

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
bool set_path(Options& options, const char* value) {
  options.*Field = value;
  return value[0] != '\0';
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
    {"", "grace", Argument::Time, Section::Init, set_time<&Options::grace>,
     "after COMMAND ends: TERM to all that is left,\nKILL after TIME (default 5s; 0: at once)"},
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
};

// Indexed by Argument.
constexpr ArgumentKind kArguments[] = {
    {"", "no argument"},
    {"TIME", "a time, such as 5, 500ms, 2m or 1h"},
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
