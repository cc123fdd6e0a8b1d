// SPDX-License-Identifier: MIT
//
// The other half of base/unpack.h: finds the shortest code, near enough, for some bytes. A part of
// the build and not of the binary, so it may use what it likes.
#pragma once

#include <string>
#include <string_view>

namespace cardboard {

std::string pack(std::string_view text);

}  // namespace cardboard
