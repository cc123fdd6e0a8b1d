// SPDX-License-Identifier: MIT
//
// The few functions of <cstring> that the program, or the compiler behind its back, calls. libc's
// are made for speed and take 900 bytes more; what is copied and searched here is short.
#include <cstddef>

// Or the compiler sees what a loop does, and has the function call itself. Clang sees the name,
// too.
#ifndef __clang__
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

extern "C" {

void* memcpy(void* __restrict to, const void* __restrict from, std::size_t size) {
  auto* out = static_cast<char*>(to);
  const auto* in = static_cast<const char*>(from);
  for (std::size_t i = 0; i < size; ++i) out[i] = in[i];
  return to;
}

void* memset(void* to, int byte, std::size_t size) {
  auto* out = static_cast<char*>(to);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(byte);
  return to;
}

int memcmp(const void* one, const void* other, std::size_t size) {
  const auto* a = static_cast<const unsigned char*>(one);
  const auto* b = static_cast<const unsigned char*>(other);
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return a[i] - b[i];
  }
  return 0;
}

void* memchr(const void* text, int byte, std::size_t size) {
  const auto* in = static_cast<const char*>(text);
  for (std::size_t i = 0; i < size; ++i) {
    if (in[i] == static_cast<char>(byte)) return const_cast<char*>(in + i);
  }
  return nullptr;
}

std::size_t strlen(const char* text) {
  std::size_t size = 0;
  while (text[size] != '\0') ++size;
  return size;
}

}  // extern "C"
