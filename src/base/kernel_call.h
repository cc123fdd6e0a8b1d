// SPDX-License-Identifier: MIT
//
// One instruction: the call of the kernel, with up to six arguments. Everything else goes through
// sys.h. Source: syscall(2), "Architecture calling conventions".
#pragma once

namespace cardboard::detail {

#if defined(__x86_64__)

inline long kernel_call(long number) {
  asm volatile("syscall" : "+a"(number) : : "rcx", "r11", "memory");
  return number;
}

inline long kernel_call(long number, long a) {
  asm volatile("syscall" : "+a"(number) : "D"(a) : "rcx", "r11", "memory");
  return number;
}

inline long kernel_call(long number, long a, long b) {
  asm volatile("syscall" : "+a"(number) : "D"(a), "S"(b) : "rcx", "r11", "memory");
  return number;
}

inline long kernel_call(long number, long a, long b, long c) {
  asm volatile("syscall" : "+a"(number) : "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
  return number;
}

inline long kernel_call(long number, long a, long b, long c, long d) {
  register long r10 asm("r10") = d;
  asm volatile("syscall"
               : "+a"(number)
               : "D"(a), "S"(b), "d"(c), "r"(r10)
               : "rcx", "r11", "memory");
  return number;
}

inline long kernel_call(long number, long a, long b, long c, long d, long e) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  asm volatile("syscall"
               : "+a"(number)
               : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
               : "rcx", "r11", "memory");
  return number;
}

inline long kernel_call(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "+a"(number)
               : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return number;
}

#elif defined(__aarch64__)

// What a call does not take is zero, which costs an instruction each.
inline long kernel_call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                        long f = 0) {
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc 0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory");
  return x0;
}

#else
#error "base/kernel_call.h: say how this machine calls its kernel"
#endif

}  // namespace cardboard::detail
