// SPDX-License-Identifier: MIT
//
// What the arguments of options are made of, and those that only a container has. Pure.
#pragma once

#include "cli/option_table.h"

namespace cardboard {

// "A:B" in two; `second` is null where there is no colon.
struct Pair {
  std::string_view first;
  const char* second = nullptr;
};
Pair split_at_colon(const char* value);

// Which of `words`, that end with an empty one, `value` is; behind the last, if it is none.
int index_in(const char* words, const char* value);

// apply_option() for the arguments that only options of the container have: a part of the isolator.
bool apply_container_option(Options& options, const OptionSpec& option, const char* value);

}  // namespace cardboard
