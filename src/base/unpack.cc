// SPDX-License-Identifier: MIT
//
// See unpack.h.
#include "base/unpack.h"

#include <bit>
#include <cstring>

namespace cardboard {

namespace {

// By one load of more bits than any number has: without a branch, which the processor could not
// foresee.
class BitReader {
 public:
  explicit BitReader(const char* bytes) : bytes_(bytes) {}

  // Of up to 32 bits.
  unsigned take(unsigned bits) {
    const std::uint64_t next = peek();
    position_ += bits;
    return static_cast<unsigned>(next >> (64 - bits));
  }

  unsigned take_number() {
    const auto zeros = static_cast<unsigned>(std::countl_zero(peek()));
    return take(2 * zeros + 1);
  }

 private:
  std::uint64_t peek() const {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, bytes_ + position_ / 8, sizeof bytes);
    return __builtin_bswap64(bytes) << position_ % 8;
  }

  const char* bytes_;
  unsigned position_ = 0;  // in bits
};

}  // namespace

void unpack(const char* from, std::span<char> to) {
  BitReader in(from);
  char* out = to.data();
  char* const end = out + to.size();
  unsigned distance = 0;
  bool is_behind_match = true;
  while (out < end) {
    const unsigned is_new = in.take(1);
    unsigned length = in.take_number() + is_new;
    if (is_new != 0) {
      const unsigned bits = low_bits(length);
      distance = (in.take_number() - 1) << bits;
      distance += in.take(bits) + 1;
    }
    is_behind_match = is_new != 0 || !is_behind_match;
    if (is_behind_match) {
      do *out = *(out - distance);
      while (++out, --length != 0);
    } else {
      do *out++ = static_cast<char>(in.take(8));
      while (--length != 0);
    }
  }
}

}  // namespace cardboard
