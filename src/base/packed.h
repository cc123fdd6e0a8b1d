// SPDX-License-Identifier: MIT
//
// What a plain init never comes to lies packed in the file: the isolator, and all texts. Which
// those are is said in cardboard.ld. Both are unpacked to where they were linked to be: the texts
// by readable() of phrase.h when one is wanted, the isolator by whoever wants it.
#pragma once

#include "base/error.h"

namespace cardboard {

// Unpacks the code and the constants of isolate/ and plan/, of which nothing may be touched before,
// and makes them executable: mprotect(2), which a service manager may forbid.
Result<void> unpack_isolator();

}  // namespace cardboard
