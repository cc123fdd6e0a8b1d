// SPDX-License-Identifier: MIT
//
// Text without stdio: a bounded writer, and strict parsers for the numbers of the command line.
// Pure: no system call, no allocation, no locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/phrase.h"

namespace cardboard {

using Nanoseconds = std::int64_t;
inline constexpr Nanoseconds kMillisecond = 1'000'000;
inline constexpr Nanoseconds kSecond = 1'000 * kMillisecond;

// Appends pieces to a buffer of the caller's. What does not fit is cut off and overflowed() tells.
class Writer {
 public:
  explicit Writer(std::span<char> buffer);

  Writer& operator<<(std::string_view piece);
  Writer& operator<<(const char* piece);
  Writer& operator<<(char piece);
  Writer& operator<<(std::uint64_t number);
  Writer& operator<<(std::int64_t number);
  Writer& operator<<(std::uint32_t number);
  Writer& operator<<(int number);
  Writer& operator<<(Phrase phrase);

  // Appends spaces until the text is `column` characters long.
  Writer& pad_to(std::size_t column);

  // Appends a newline; in a full buffer it takes the place of the last character.
  void end_line();

  // The text as a C string. The terminator takes the place of the last character if need be.
  const char* c_str();

  std::string_view view() const { return {buffer_.data(), size_}; }
  bool overflowed() const { return overflowed_; }

 private:
  std::span<char> buffer_;
  std::size_t size_ = 0;
  bool overflowed_ = false;
};

// Decimal digits and nothing else: no sign, no blank, no overflow. kNoNumber where it is not that;
// nobody means 18446744073709551615.
inline constexpr std::uint64_t kNoNumber = ~std::uint64_t{0};
std::uint64_t parse_number(std::string_view text);

// TIME of DESIGN 2.1: digits with an optional ms, s, m or h; seconds if none.
std::optional<Nanoseconds> parse_duration(std::string_view text);

// SIZE of DESIGN 2.1, in bytes: digits with an optional k, m, g or t, binary and of either case.
std::optional<std::uint64_t> parse_size(std::string_view text);

// The string that ends with a zero at `text`. Each of string_view's own conversions takes more
// bytes than the call of this one.
std::string_view as_view(const char* text);

// string_view's starts_with() is not always inlined, and then wants the C++ runtime.
constexpr bool begins_with(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && std::string_view(text.data(), start.size()) == start;
}

// What follows `start` in `text`; null where `text` does not begin with it.
const char* skip(const char* text, const char* start);

// Whether `path` is `directory`, or lies in it.
bool lies_in(const char* path, const char* directory);
// With operator== of string_view each comparison is 50 bytes of the binary.
bool equals(const char* one, const char* other);

// The part after the last '/', or all of it.
std::string_view base_name(std::string_view path);

}  // namespace cardboard
