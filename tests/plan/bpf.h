// SPDX-License-Identifier: MIT
//
// The part of classic BPF that seccomp filters are written in here, as the kernel checks and runs
// it (bpf_check_classic, seccomp_check_filter), and the kernel's search for what it need not run
// (seccomp_is_const_allow). What other programs may use besides counts as invalid.
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace cardboard {

using BpfProgram = std::span<const sock_filter>;

namespace bpf {

inline bool is_load(const sock_filter& instruction) {
  return instruction.code == (BPF_LD | BPF_W | BPF_ABS);
}

inline bool is_return(const sock_filter& instruction) {
  return instruction.code == (BPF_RET | BPF_K);
}

inline bool is_and(const sock_filter& instruction) {
  return instruction.code == (BPF_ALU | BPF_AND | BPF_K);
}

inline bool is_jump(const sock_filter& instruction) {
  switch (instruction.code) {
    case BPF_JMP | BPF_JEQ | BPF_K:
    case BPF_JMP | BPF_JGT | BPF_K:
    case BPF_JMP | BPF_JGE | BPF_K:
    case BPF_JMP | BPF_JSET | BPF_K: return true;
    default: return false;
  }
}

// How far beyond the next instruction.
inline unsigned distance(const sock_filter& jump, std::uint32_t value) {
  const auto is_taken = [&] {
    switch (BPF_OP(jump.code)) {
      case BPF_JEQ: return value == jump.k;
      case BPF_JGT: return value > jump.k;
      case BPF_JGE: return value >= jump.k;
      default: return (value & jump.k) != 0;
    }
  };
  return is_taken() ? jump.jt : jump.jf;
}

}  // namespace bpf

// Why the kernel would refuse the program, or empty.
inline std::string invalid_in(BpfProgram program) {
  if (program.empty() || program.size() > BPF_MAXINSNS) return "its size";
  for (std::size_t i = 0; i < program.size(); ++i) {
    const sock_filter& at = program[i];
    const std::string where = "instruction " + std::to_string(i);
    if (bpf::is_jump(at)) {
      const std::size_t room = program.size() - i - 1;
      if (at.jt >= room || at.jf >= room) return where + " jumps out";
    } else if (bpf::is_load(at)) {
      if (at.k % 4 != 0 || at.k >= sizeof(seccomp_data)) return where + " loads from outside";
    } else if (!bpf::is_return(at) && !bpf::is_and(at)) {
      return where + " is not one of ours";
    }
  }
  return bpf::is_return(program.back()) ? "" : "its end";
}

struct BpfRun {
  std::uint32_t action;
  unsigned length;  // instructions
};

// The program has to be a valid one.
inline BpfRun run_bpf(BpfProgram program, const seccomp_data& data) {
  std::uint32_t accumulator = 0;
  unsigned length = 0;
  for (std::size_t i = 0;; ++i) {
    const sock_filter& at = program[i];
    ++length;
    if (bpf::is_return(at)) return {at.k, length};
    if (bpf::is_load(at)) {
      std::memcpy(&accumulator, reinterpret_cast<const char*>(&data) + at.k, sizeof accumulator);
    } else if (bpf::is_and(at)) {
      accumulator &= at.k;
    } else {
      i += bpf::distance(at, accumulator);
    }
  }
}

// Whether the kernel finds out that this number is allowed whatever its arguments, and so does not
// run the program for it.
inline bool is_always_allowed(BpfProgram program, int number, std::uint32_t machine) {
  std::uint32_t accumulator = 0;
  for (std::size_t i = 0; i < program.size(); ++i) {
    const sock_filter& at = program[i];
    if (bpf::is_return(at)) return at.k == SECCOMP_RET_ALLOW;
    if (bpf::is_load(at)) {
      if (at.k == offsetof(seccomp_data, nr)) {
        accumulator = static_cast<std::uint32_t>(number);
      } else if (at.k == offsetof(seccomp_data, arch)) {
        accumulator = machine;
      } else {
        return false;
      }
    } else if (bpf::is_jump(at)) {
      i += bpf::distance(at, accumulator);
    } else if (bpf::is_and(at)) {
      accumulator &= at.k;
    } else {
      return false;
    }
  }
  return false;
}

}  // namespace cardboard
