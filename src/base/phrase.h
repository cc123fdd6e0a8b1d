// SPDX-License-Identifier: MIT
//
// Texts of our own. They lie packed in the file (cardboard.ld), since most of them are never read:
// write "make a pipe"_p and print it with a Writer, which sees to it that they are unpacked. Pure.
//
// In a template "%x" is a gap, which whoever prints it fills: a single control character. Beside
// gaps a phrase holds printable ASCII and newlines, which is checked at compile time.
#pragma once

#include <array>
#include <cstddef>

namespace cardboard {

// The same address; from then on the text may be read. Once it has to unpack all texts, and never
// makes a system call.
const char* readable(const char* text);

class Phrase {
 public:
  constexpr Phrase() = default;
  // `text` ends with a zero, and must outlive the phrase.
  constexpr explicit Phrase(const char* text) : text_(text) {}

  constexpr bool empty() const { return text_ == nullptr; }
  const char* text() const { return readable(text_); }

 private:
  const char* text_ = nullptr;
};

constexpr bool is_gap(char c) { return c > 0 && c < ' ' && c != '\n'; }

// What stands in a phrase for the gap "%<letter>".
constexpr char gap(char letter) { return static_cast<char>(letter & 0x1f); }

// Not constexpr: where the compiler comes to a call of it, it stops with an error.
inline void not_for_a_phrase() {}

// Makes the gaps of the `size` characters at `text`, in place, and returns how many are left.
constexpr std::size_t make_gaps(char* text, std::size_t size) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const bool is_letter = text[i] != '%';
    if (!is_letter) ++i;
    text[end++] = is_letter ? text[i] : gap(text[i]);
    const bool is_good = is_letter ? text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~')
                                   : text[i] >= 'a' && text[i] <= 'z' && is_gap(gap(text[i]));
    if (!is_good) not_for_a_phrase();
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
  char text[Size] = {};
};

template <Literal Text>
consteval auto with_gaps() {
  constexpr std::size_t kSize = [] {
    auto copy = Text;
    return make_gaps(copy.text, sizeof copy.text - 1);
  }();
  auto copy = Text;
  make_gaps(copy.text, sizeof copy.text - 1);
  std::array<char, kSize + 1> bytes = {};
  for (std::size_t i = 0; i < kSize; ++i) bytes[i] = copy.text[i];
  return bytes;
}

template <Literal Text>
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers): it cannot be, as it is constexpr.
alignas(1) inline constexpr auto kText = with_gaps<Text>();

}  // namespace detail

inline namespace literals {

template <detail::Literal Text>
constexpr Phrase operator""_p() {
  return Phrase(detail::kText<Text>.data());
}

}  // namespace literals

}  // namespace cardboard
