// SPDX-License-Identifier: MIT
//
// The entry point. libc's own start-up prepares threads, locales, stdio and exit handlers, none of
// which is used here: it would cost 2 KiB, two system calls and a page of memory in every init. In
// return nothing here may use what libc keeps per thread, errno first of all (see sys.h).
// Source: elf(5), and the System V ABI on what the kernel leaves on the stack: argc, argv, a null
// pointer, the environment, a null pointer, the auxiliary vector.

#if defined(__x86_64__)

asm(".global _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov (%rsp), %edi\n"
    "  lea 8(%rsp), %rsi\n"
    "  lea 8(%rsi, %rdi, 8), %rdx\n"
    "  and $-16, %rsp\n"
    "  call main\n"
    "  mov %eax, %edi\n"
    "  mov $231, %eax\n"  // exit_group
    "  syscall\n");

#elif defined(__aarch64__)

asm(".global _start\n"
    "_start:\n"
    "  mov x29, #0\n"
    "  mov x30, #0\n"
    "  ldr x0, [sp]\n"
    "  add x1, sp, #8\n"
    "  add x2, x1, x0, lsl #3\n"
    "  add x2, x2, #8\n"
    "  bl main\n"
    "  mov x8, #94\n"  // exit_group
    "  svc #0\n");

#else
#error "base/start.cc: say how this machine enters a program"
#endif
