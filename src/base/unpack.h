// SPDX-License-Identifier: MIT
//
// Takes apart what src/pack has packed: a Lempel-Ziv code that is read by few bytes of program.
// Pure, and without a check of its input, which is a part of the program itself.
//
// The code is a stream of bits, from the highest of a byte on. Until all is there, it says
//   0 LENGTH BYTE...         behind a match: so many literals, which stand for themselves
//   0 LENGTH                 behind literals: a match, at the distance of the last one
//   1 HIGH LOW(8) LENGTH-1   a match at the distance (HIGH - 1) * 256 + LOW + 1
// beginning as behind a match. LENGTH and HIGH are numbers from 1 on in Elias's gamma code: as many
// zeros as there are bits below the highest one, which follows with those.
#pragma once

#include <cstdint>
#include <span>

namespace cardboard {

// What is read beside the code, behind its end.
inline constexpr int kPackedTail = 8;

// Fills `to`.
void unpack(const char* from, std::span<char> to);

// Calls in machine code are packed better where they name their target instead of the way to it.
// `change(operand, end)` is told each call's operand, and where the call ends.
template <typename Change>
void change_calls(std::span<char> code, Change change) {
  constexpr char kCall = '\xe8';  // of x86_64
  constexpr std::uint32_t kOperand = 4;
  for (std::uint32_t i = 0; i + kOperand < code.size(); ++i) {
    if (code[i] != kCall) continue;
    std::uint32_t operand = 0;
    __builtin_memcpy(&operand, &code[i + 1], kOperand);
    i += kOperand;
    operand = change(operand, i + 1);
    __builtin_memcpy(&code[i - kOperand + 1], &operand, kOperand);
  }
}

}  // namespace cardboard
