// SPDX-License-Identifier: MIT
//
// The part of --help that is made from the option table. Pure.
#pragma once

#include "cli/option_table.h"

namespace cardboard {

// The options that have a text for the help, each section below its title. The personalities'
// have none, as their help is part of their words.
void write_options(Writer& writer, OptionTable table);

}  // namespace cardboard
