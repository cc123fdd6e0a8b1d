// SPDX-License-Identifier: MIT
//
// See pages.h.
#include "base/pages.h"

#include "base/sys.h"

namespace cardboard {

Result<void*> get_memory(std::size_t size) {
  const long memory = sys_map_shared(size);
  // An address is no int: only what has failed is handed on as one.
  if (memory < 0) return fail(static_cast<int>(memory), "get memory"_p);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): it comes as a number from the kernel.
  return reinterpret_cast<void*>(memory);
}

}  // namespace cardboard
