// SPDX-License-Identifier: MIT
//
// See executable.h. Every offset in the file is the file's own claim, and is checked.
#include "plan/executable.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/text.h"

namespace cardboard {

using namespace std::string_view_literals;

namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
#error "plan/executable.cc: name this machine's EM_ number"
#endif

// Copied out of the bytes, which have no alignment.
template <typename T>
std::optional<T> read_at(std::span<const char> head, std::uint64_t offset) {
  if (offset > head.size() || head.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, head.data() + offset, sizeof value);
  return value;
}

std::string_view string_at(std::span<const char> head, std::uint64_t offset, std::uint64_t size) {
  if (offset > head.size() || head.size() - offset < size) return {};
  const std::string_view text(head.data() + offset, static_cast<std::size_t>(size));
  return {text.data(), std::min(text.find('\0'), text.size())};
}

// "#! /bin/sh -e" gives "/bin/sh".
Executable inspect_script(std::string_view text) {
  text.remove_prefix(2);
  const std::size_t first = text.find_first_not_of(" \t"sv);
  if (first == std::string_view::npos) return {ExecutableKind::Script, {}};
  text.remove_prefix(first);
  const std::size_t end = text.find_first_of(" \t\n"sv);
  return {ExecutableKind::Script, {text.data(), end < text.size() ? end : text.size()}};
}

Executable inspect_elf(std::span<const char> head, const Elf64_Ehdr& header) {
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      header.e_machine != kMachine) {
    return {ExecutableKind::Foreign, {}};
  }
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN) return {};
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0) return {};
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = read_at<Elf64_Phdr>(head, header.e_phoff + i * sizeof(Elf64_Phdr));
    // Either the file breaks off within its headers, or, which is very rare, they lie past what
    // is seen here; that is left to the kernel.
    if (!segment && head.size() < kExecutableHead) return {};
    if (!segment) break;
    if (segment->p_type != PT_INTERP) continue;
    return {ExecutableKind::Dynamic, string_at(head, segment->p_offset, segment->p_filesz)};
  }
  return {ExecutableKind::Static, {}};
}

}  // namespace

Executable inspect_executable(std::span<const char> head) {
  const std::string_view text(head.data(), head.size());
  if (begins_with(text, "#!"sv)) return inspect_script(text);
  if (!begins_with(text, std::string_view(ELFMAG, SELFMAG))) return {};
  // The identification and the machine lie at the same place for both word sizes, and a 32-bit
  // program may be too short for the 64-bit header.
  if (text.size() > EI_CLASS && text[EI_CLASS] == ELFCLASS32) return {ExecutableKind::Foreign, {}};
  const auto header = read_at<Elf64_Ehdr>(head, 0);
  return header ? inspect_elf(head, *header) : Executable{};
}

}  // namespace cardboard
