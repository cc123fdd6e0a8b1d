// SPDX-License-Identifier: MIT
//
// The one list of options. The parser, the help, the manual's and the README's tests are all made
// from it: to add an option, add its field to Options, its row here, and what it does.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cli/options.h"

namespace cardboard {

// What an option expects behind it.
enum class Argument : std::uint8_t {
  None,
  Time,
  Signal,
  Rewriting,
  Remapping,
  NotifyMode,
  File,
  Directory
};

struct ArgumentKind {
  const char* placeholder;  // in the help: "--grace TIME"
  const char* expectation;  // in an error: "expects <expectation>"
};

// Which part of the program an option speaks to; the help has a heading for each.
enum class Section : std::uint8_t { Init, Isolate, Information };

inline constexpr std::size_t kSections = 3;

struct OptionSpec {
  const char* letters;  // "g", "lL"; "" where there is no short form
  const char* name;     // without the dashes
  Argument argument;
  Section section;
  // Stores `value` (null for Argument::None); false when it is not what the option expects.
  bool (*apply)(Options& options, const char* value);
  const char* help;
};

std::span<const OptionSpec> option_table();

const ArgumentKind& argument_kind(Argument argument);

const char* section_title(Section section);

}  // namespace cardboard
