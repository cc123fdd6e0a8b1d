// SPDX-License-Identifier: MIT
//
// Constant tables as plain bytes: rows are written with types and names in the source, and laid out
// by the compiler one behind the other, with neither pointers nor padding. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/phrase.h"

namespace cardboard {

// Built at compile time only; a table that is too large does not compile.
class TableBuilder {
 public:
  constexpr void add(std::uint8_t byte) { bytes_[size_++] = static_cast<char>(byte); }

  constexpr void add_u16(std::size_t number) {
    add(static_cast<std::uint8_t>(number & 0xff));
    add(static_cast<std::uint8_t>(number >> 8));
  }

  // With the zero at its end.
  constexpr void add_string(const char* string) {
    while (*string != '\0') add(static_cast<std::uint8_t>(*string++));
    add(0);
  }

  // A phrase's text, with the zero at its end: for a table among the texts.
  constexpr void add_phrase(const char* text) {
    const std::size_t start = size_;
    add_string(text);
    size_ = start + make_gaps(bytes_ + start, size_ - start - 1);
    add(0);
  }

  constexpr std::size_t size() const { return size_; }
  constexpr char operator[](std::size_t index) const { return bytes_[index]; }

 private:
  char bytes_[8192] = {};
  std::size_t size_ = 0;
};

// In front of a table of texts: it lies packed, and is read by way of readable().
#define CARDBOARD_TEXTS alignas(1) [[gnu::section(".texts")]]

// What `Build`, a function that returns a TableBuilder, has built.
template <auto Build>
consteval auto make_table() {
  constexpr std::size_t kSize = Build().size();
  const TableBuilder built = Build();
  std::array<char, kSize> table = {};
  for (std::size_t i = 0; i < kSize; ++i) table[i] = built[i];
  return table;
}

// The rows of a table, read one after the other by
//     const char* read_row(const char* bytes, Row& row);
// which returns where the next one begins, and null at the end of the table.
template <typename Row>
class Rows {
 public:
  struct End {};

  class Iterator {
   public:
    explicit Iterator(const char* bytes) { next_ = read_row(bytes, row_); }
    const Row& operator*() const { return row_; }
    Iterator& operator++() {
      next_ = read_row(next_, row_);
      return *this;
    }
    bool operator!=(End) const { return next_ != nullptr; }

   private:
    Row row_;
    const char* next_;
  };

  constexpr explicit Rows(const char* bytes) : bytes_(bytes) {}
  Iterator begin() const { return Iterator(bytes_); }
  End end() const { return {}; }

 private:
  const char* bytes_;
};

// Behind the end of a string.
const char* behind(const char* string);

// In a table of rows that are strings, and of which the last is empty: the row that begins with
// `key`, from behind the key on, or null.
const char* find_row(const char* table, char key);

// Of strings one behind the other, the one of that index.
const char* string_at(const char* strings, std::size_t index);

}  // namespace cardboard
