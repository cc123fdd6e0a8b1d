// SPDX-License-Identifier: MIT
//
// What --help and --version print. Pure; the help is made from the option table.
#pragma once

#include "cli/options.h"

namespace cardboard {

// Room for the longest of them.
inline constexpr std::size_t kInformationSize = 8192;

// Request::Run writes nothing.
void write_information(Writer& writer, Request request);

}  // namespace cardboard
