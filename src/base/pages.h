// SPDX-License-Identifier: MIT
//
// Memory for what is rarely wanted, or wanted by several processes.
#pragma once

#include <cstddef>

#include "base/error.h"

namespace cardboard {

// Zeroed memory that is ours and that of all our children, for good. No page of it is there before
// it is used.
Result<void*> get_memory(std::size_t size);

}  // namespace cardboard
