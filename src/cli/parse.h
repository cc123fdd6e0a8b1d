// SPDX-License-Identifier: MIT
//
// From words to Options (DESIGN 2.1): options end at the first word that is not one, or at "--";
// words are never permuted, names never abbreviated. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "cli/option_table.h"

namespace cardboard {

enum class Problem : std::uint8_t {
  UnknownOption,       // word
  UnknownLetter,       // word, from the letter on
  MissingArgument,     // option
  UnexpectedArgument,  // option
  BadArgument,         // option, word
  NeedsIsolate,        // option: one of the container's, but no --isolate
  NotForVariable,      // option: one of the container's, in the environment variable
  NoCommand,
  NotAnOption,  // word: in the environment variable, where no COMMAND can be
  NoRoomForVariable,
};

struct UsageError {
  Problem problem = Problem::NoCommand;
  const OptionSpec* option = nullptr;
  const char* word = nullptr;
  bool in_variable = false;
};

// The environment variable that holds options of the init, split at blanks, for whoever cannot edit
// the command line. It is parsed before that, which so has the last word.
inline constexpr std::string_view kOptionsVariable = "CARDBOARD_OPTS";

// Fills `options` from `argv` and `environment`, which end with a null pointer; `argv` may be
// empty. A request for information ends the parsing at once. `options` must be all zero before.
std::optional<UsageError> parse_options(char** argv, const char* const* environment,
                                        Options& options);

// The message: one line, and the line that points to --help.
void write_usage_error(Writer& writer, const UsageError& error);

}  // namespace cardboard
