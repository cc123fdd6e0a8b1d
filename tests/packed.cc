// SPDX-License-Identifier: MIT
//
// In the unit tests nothing is packed: base/packed.h.
#include "base/packed.h"

namespace cardboard {

const char* readable(const char* text) { return text; }

Result<void> unpack_isolator() { return {}; }

}  // namespace cardboard
