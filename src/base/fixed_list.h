// SPDX-License-Identifier: MIT
//
// A list with room for Capacity elements and no heap. A zeroed FixedList is an empty one, so that
// lists in .bss cost no bytes in the file and no page until they are used.
#pragma once

#include <cstddef>
#include <span>

namespace cardboard {

template <typename T, std::size_t Capacity>
class FixedList {
 public:
  // False when the list is full; nothing is stored then.
  [[nodiscard]] constexpr bool push(const T& element) {
    if (size_ == Capacity) return false;
    elements_[size_++] = element;
    return true;
  }

  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T* begin() const { return elements_; }
  constexpr const T* end() const { return elements_ + size_; }
  constexpr T* data() { return elements_; }
  constexpr const T& operator[](std::size_t index) const { return elements_[index]; }
  constexpr void clear() { size_ = 0; }

 private:
  std::size_t size_ = 0;
  T elements_[Capacity] = {};
};

}  // namespace cardboard
