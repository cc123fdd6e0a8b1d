// SPDX-License-Identifier: MIT
//
// See text.h. Written by hand because snprintf costs 15.9 KiB and strtol 3.3 KiB of the binary.
#include "base/text.h"

#include <cstring>

namespace cardboard {

// Not in the header, like the small ones below: each call would be larger than all of them.
Writer::Writer(std::span<char> buffer) : buffer_(buffer) {}

Writer& Writer::operator<<(std::string_view piece) {
  const std::size_t room = buffer_.size() - size_;
  const std::size_t length = piece.size() < room ? piece.size() : room;
  if (length < piece.size()) overflowed_ = true;
  if (length > 0) std::memcpy(buffer_.data() + size_, piece.data(), length);
  size_ += length;
  return *this;
}

Writer& Writer::operator<<(const char* piece) { return *this << as_view(piece); }

Writer& Writer::operator<<(char piece) { return *this << std::string_view(&piece, 1); }

Writer& Writer::operator<<(std::uint32_t number) { return *this << std::uint64_t{number}; }

Writer& Writer::operator<<(int number) { return *this << std::int64_t{number}; }

Writer& Writer::operator<<(std::uint64_t number) {
  char digits[20];
  std::size_t first = sizeof digits;
  do {
    digits[--first] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number > 0);
  return *this << std::string_view(digits + first, sizeof digits - first);
}

Writer& Writer::operator<<(std::int64_t number) {
  if (number >= 0) return *this << static_cast<std::uint64_t>(number);
  // Negated as unsigned: the lowest int64_t has no positive counterpart.
  return *this << '-' << (std::uint64_t{0} - static_cast<std::uint64_t>(number));
}

Writer& Writer::operator<<(Phrase phrase) { return *this << phrase.text(); }

Writer& Writer::pad_to(std::size_t column) {
  while (size_ < column && !overflowed_) *this << ' ';
  return *this;
}

void Writer::end_line() {
  if (size_ == buffer_.size() && size_ > 0) {
    overflowed_ = true;
    --size_;
  }
  *this << '\n';
}

const char* Writer::c_str() {
  if (buffer_.empty()) return "";
  if (size_ == buffer_.size()) {
    overflowed_ = true;
    --size_;
  }
  buffer_[size_] = '\0';
  return buffer_.data();
}

std::uint64_t parse_number(std::string_view text) {
  if (text.empty()) return kNoNumber;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return kNoNumber;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (__builtin_mul_overflow(number, std::uint64_t{10}, &number)) return kNoNumber;
    if (__builtin_add_overflow(number, digit, &number)) return kNoNumber;
  }
  return number;
}

std::optional<Nanoseconds> parse_duration(std::string_view text) {
  std::size_t size = text.size();
  const auto take_off = [&](char last) {
    const bool is_last = size > 0 && text[size - 1] == last;
    if (is_last) --size;
    return is_last;
  };
  Nanoseconds unit = kSecond;
  if (take_off('s')) {
    if (take_off('m')) unit = kMillisecond;
  } else if (take_off('m')) {
    unit = 60 * kSecond;
  } else if (take_off('h')) {
    unit = 3600 * kSecond;
  }
  // kNoNumber is far above what fits.
  Nanoseconds duration = 0;
  const std::uint64_t count = parse_number({text.data(), size});
  if (__builtin_mul_overflow(count, unit, &duration)) return std::nullopt;
  return duration;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  // In ASCII a letter is its capital with one more bit.
  const int unit = text.empty() ? 0 : text.back() | 0x20;
  const int shift = unit == 'k' ? 10 : unit == 'm' ? 20 : unit == 'g' ? 30 : unit == 't' ? 40 : 0;
  if (shift > 0) text.remove_suffix(1);
  const std::uint64_t count = parse_number(text);
  if (count == kNoNumber || count > UINT64_MAX >> shift) return std::nullopt;
  return count << shift;
}

const char* skip(const char* text, const char* start) {
  while (*start != '\0') {
    if (*text++ != *start++) return nullptr;
  }
  return text;
}

bool lies_in(const char* path, const char* directory) {
  const char* rest = skip(path, directory);
  return rest != nullptr && (*rest == '\0' || *rest == '/');
}

std::string_view as_view(const char* text) { return {text, std::strlen(text)}; }

bool equals(const char* one, const char* other) {
  while (*one == *other && *one != '\0') ++one, ++other;
  return *one == *other;
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return path;
}

}  // namespace cardboard
