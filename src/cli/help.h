// SPDX-License-Identifier: MIT
//
// The part of --help that is made from the option table. Pure; a part of the isolator.
#pragma once

#include "cli/option_table.h"

namespace cardboard {

// Our own options, each section below its title. The personalities' help is part of their words.
void write_options(Writer& writer);

}  // namespace cardboard
