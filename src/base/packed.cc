// SPDX-License-Identifier: MIT
//
// See packed.h. The names are the linker's, from cardboard.ld.
#include "base/packed.h"

#include <cstring>

#include "base/sys.h"
#include "base/unpack.h"

extern "C" {
extern const char packed_start[];
extern char isolator_start[];
extern char isolator_end[];
extern char texts_start[];
extern char texts_end[];
}

namespace cardboard {

namespace {

// In front of both: how long the isolator's is.
std::uint32_t packed_isolator_size() {
  std::uint32_t size = 0;
  std::memcpy(&size, packed_start, sizeof size);
  return size;
}

const char* packed_isolator() { return packed_start + sizeof(std::uint32_t); }

}  // namespace

const char* readable(const char* text) {
  static bool is_unpacked = false;
  if (!is_unpacked) {
    unpack(packed_isolator() + packed_isolator_size(), {texts_start, texts_end});
    is_unpacked = true;
  }
  return text;
}

Result<void> unpack_isolator() {
  static bool is_unpacked = false;
  if (is_unpacked) return {};
  const std::span<char> isolator(isolator_start, isolator_end);
  unpack(packed_isolator(), isolator);
#if defined(__x86_64__)
  change_jumps(isolator, [](std::uint32_t target, const char* end) {
    return target - static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(end));
  });
#endif
  // What was written as data is to be executed.
  __builtin___clear_cache(isolator_start, isolator_end);
  const Result<void> result =
      check(sys_mprotect(isolator.data(), isolator.size(), PROT_READ | PROT_EXEC),
            "execute the isolator"_p);
  is_unpacked = result.ok();
  if (is_unpacked) return result;
  return result.failure().hint("a service manager may forbid it: MemoryDenyWriteExecute"_p);
}

}  // namespace cardboard
