// SPDX-License-Identifier: MIT
//
// What kind of file COMMAND is, judged by its first bytes: in an empty root there is no loader and
// no interpreter, and the kernel's own "No such file or directory" would name neither. Pure.
// Source: elf(5), execve(2).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cardboard {

enum class ExecutableKind : std::uint8_t {
  Unknown,  // none of the following, a damaged ELF file included
  Static,   // an ELF program of this machine that needs nothing but the kernel
  Dynamic,  // ... that needs `interpreter`, the loader, and its libraries
  Script,   // begins with "#!": needs `interpreter`
  Foreign,  // an ELF program of another machine, or of another word size
};

struct Executable {
  ExecutableKind kind = ExecutableKind::Unknown;
  // A part of the bytes that were judged; empty where they did not reach that far.
  std::string_view interpreter;
};

// So much of the file's beginning should be given; less is fine where the file is shorter.
inline constexpr std::size_t kExecutableHead = 4096;

Executable inspect_executable(std::span<const char> head);

}  // namespace cardboard
