// SPDX-License-Identifier: MIT
//
// Texts of our own, packed by the compiler: the most frequent pairs of characters, and pairs of
// pairs, have a byte of their own (byte-pair encoding), so that the words of the program take a
// little more than half of the room. Write "make a pipe"_p and print it with a Writer. Pure.
//
// In a template "%x" is a gap, which whoever prints it fills: a single control character. Beside
// gaps a phrase holds printable ASCII and newlines, which is checked at compile time.
#pragma once

#include <array>
#include <cstddef>

#include "base/phrase_pairs.h"

namespace cardboard {

class Phrase {
 public:
  constexpr Phrase() = default;
  // `packed` ends with a zero, and must outlive the phrase.
  constexpr explicit Phrase(const char* packed) : packed_(packed) {}

  constexpr bool empty() const { return packed_ == nullptr; }
  constexpr const char* packed() const { return packed_; }

 private:
  const char* packed_ = nullptr;
};

// Bytes from here on stand for a pair of kPhrasePairs; so long as that has room.
inline constexpr unsigned char kFirstPairByte = 0x80;

constexpr bool is_gap(char packed) { return packed > 0 && packed < ' ' && packed != '\n'; }

// What stands in a phrase for the gap "%<letter>".
constexpr char gap(char letter) { return static_cast<char>(letter & 0x1f); }

// Not constexpr: where the compiler comes to a call of it, it stops with an error.
inline void not_for_a_phrase() {}

// Packs the `size` characters at `text` in place, and returns how many bytes are left.
constexpr std::size_t pack_phrase(char* text, std::size_t size) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const bool is_letter = text[i] != '%';
    if (!is_letter) ++i;
    text[end++] = is_letter ? text[i] : gap(text[i]);
    const bool is_good = is_letter ? text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~')
                                   : text[i] >= 'a' && text[i] <= 'z' && is_gap(gap(text[i]));
    if (!is_good) not_for_a_phrase();
  }
  for (std::size_t rank = 0; rank < std::size(kPhrasePairs); ++rank) {
    const char first = static_cast<char>(kPhrasePairs[rank].first);
    const char second = static_cast<char>(kPhrasePairs[rank].second);
    const auto is_pair_at = [&](std::size_t i) {
      return text[i] == first && i + 1 < end && text[i + 1] == second;
    };
    // Most texts do not have most pairs, and clang allows a million statements at compile time.
    std::size_t packed = 0;
    while (packed < end && !(text[packed] == first && is_pair_at(packed))) ++packed;
    for (std::size_t i = packed; i < end; ++i) {
      const bool is_pair = is_pair_at(i);
      text[packed++] = is_pair ? static_cast<char>(kFirstPairByte + rank) : text[i];
      if (is_pair) ++i;
    }
    end = packed;
  }
  return end;
}

namespace detail {

template <std::size_t Size>
struct Literal {
  // NOLINTNEXTLINE(google-explicit-constructor): a literal's operator wants the conversion.
  consteval Literal(const char (&literal)[Size]) {
    for (std::size_t i = 0; i < Size; ++i) text[i] = literal[i];
  }
  constexpr std::size_t pack() { return pack_phrase(text, Size - 1); }
  char text[Size] = {};
};

template <Literal Text>
consteval std::size_t packed_size() {
  auto copy = Text;
  return copy.pack();
}

template <Literal Text>
consteval auto packed_bytes() {
  auto copy = Text;
  std::array<char, packed_size<Text>() + 1> bytes = {};
  const std::size_t size = copy.pack();
  for (std::size_t i = 0; i < size; ++i) bytes[i] = copy.text[i];
  return bytes;
}

template <Literal Text>
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers): it cannot be, as it is constexpr.
alignas(1) inline constexpr auto kPacked = packed_bytes<Text>();

}  // namespace detail

inline namespace literals {

template <detail::Literal Text>
constexpr Phrase operator""_p() {
  return Phrase(detail::kPacked<Text>.data());
}

}  // namespace literals

}  // namespace cardboard
