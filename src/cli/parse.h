// SPDX-License-Identifier: MIT
//
// From words to Options (DESIGN 2.1): options end at the first word that is not one, or at "--";
// words are never permuted, names never abbreviated. Pure.
#pragma once

#include "cli/personality.h"

namespace cardboard {

struct UsageError {
  Say problem = {};            // one of those
  OptionSpec option;           // where it is about one
  const char* word = nullptr;  // what was typed, where that was wrong
  bool in_variable = false;
};

// Fills `options` from `argv` and `environment`, which end with a null pointer; `argv` may be
// empty. The personality is that of argv[0]'s name, until an option chooses another. A request for
// information ends the parsing at once. `options` and `error` must be all zero before. False where
// there is something wrong, which is then in `error`.
bool parse_options(char** argv, const char* const* environment, Options& options,
                   UsageError& error);

}  // namespace cardboard
