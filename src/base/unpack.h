// SPDX-License-Identifier: MIT
//
// Takes apart what src/pack has packed: a Lempel-Ziv code that is read by few bytes of program.
// Pure, and without a check of its input, which is a part of the program itself.
//
// The code is a stream of bits, from the highest of a byte on. Until all is there, it says
//   0 LENGTH BYTE...         behind a match: so many literals, which stand for themselves
//   0 LENGTH                 behind literals: a match, at the distance of the last one
//   1 LENGTH-1 HIGH LOW      a match at the distance HIGH - 1, LOW in one, plus 1; LOW has 9 bits,
//                            6 for a match of two bytes, which is seldom far
// beginning as behind a match. LENGTH and HIGH are numbers from 1 on in Elias's gamma code: as many
// zeros as there are bits below the highest one, which follows with those.
#pragma once

#include <cstdint>
#include <span>

namespace cardboard {

// What is read beside the code, behind its end.
inline constexpr int kPackedTail = 8;

constexpr unsigned low_bits(unsigned length) { return length == 2 ? 6 : 9; }

// Fills `to`.
void unpack(const char* from, std::span<char> to);

// Calls and jumps in the machine code of x86_64 are packed better where they name their target
// instead of the way to it. `change(operand, end)` is told each one's operand, and where it ends.
template <typename Change>
void change_jumps(std::span<char> code, Change change) {
  std::uint32_t operand = 0;
  char* next = code.data();
  char* const last = next + code.size() - sizeof operand;
  while (next < last) {
    const char opcode = *next++;
    // call, jmp: E8, E9. jcc: 0F 80 to 0F 8F.
    const bool is_conditional = opcode == 0x0f && (*next & 0xf0) == 0x80;
    if (!is_conditional && (opcode & 0xfe) != 0xe8) continue;
    if (is_conditional && ++next > last) break;
    __builtin_memcpy(&operand, next, sizeof operand);
    operand = change(operand, next + sizeof operand);
    __builtin_memcpy(next, &operand, sizeof operand);
    next += sizeof operand;
  }
}

}  // namespace cardboard
