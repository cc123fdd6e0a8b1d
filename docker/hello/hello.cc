// SPDX-License-Identifier: MIT
// The program of the examples: static, so that a root which holds nothing else is enough for it.
#include <cstdio>

int main() { return std::puts("Hello, world!") < 0 ? 1 : 0; }
