// SPDX-License-Identifier: MIT
//
// errno's texts, without libc's: strerror(3) brings 134 of them and the locale. Pure.
#pragma once

#include "base/text.h"

namespace cardboard {

// "No such file or directory"; "error 95" for one that no call of ours is known to fail with.
void write_errno(Writer& writer, int errnum);

}  // namespace cardboard
