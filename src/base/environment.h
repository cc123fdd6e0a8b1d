// SPDX-License-Identifier: MIT
//
// Environments: arrays of "NAME=VALUE" that end with a null pointer. environ(7). Pure.
#pragma once

#include <string_view>

namespace cardboard {

// The entry of `name`, or null.
const char* const* find_entry(const char* const* environment, std::string_view name);

// Its value, or null.
const char* find_variable(const char* const* environment, std::string_view name);

}  // namespace cardboard
