// SPDX-License-Identifier: MIT
//
// The names of capabilities. Pure. Source: capabilities(7).
#pragma once

#include <cstdint>

#include "base/text.h"

namespace cardboard {

// The bit of the capability of that name, by its number in linux/capability.h: "NET_RAW" or
// "CAP_NET_RAW". "docker" is all that Docker's containers have by default, "all" all that there
// are. 0 where there is none of that name.
std::uint64_t parse_capability(const char* name);

// The names of those that are in `set`, in the order of their numbers, each with a blank before it.
void write_capabilities(Writer& writer, std::uint64_t set);

}  // namespace cardboard
