// SPDX-License-Identifier: MIT
//
// What a plain init never comes to lies packed in the file: the isolator, and all texts. Which
// those are is said in cardboard.ld. Both are unpacked to where they were linked to be: the texts
// by readable() of phrase.h when one is wanted, the isolator by whoever wants it.
#pragma once

#include "base/error.h"

namespace cardboard {

// Unpacks the isolator's code and constants, of which nothing may be touched before, and makes them
// executable: mprotect(2), which a service manager may forbid. Done once, however often called.
Result<void> unpack_isolator();

// In front of a function that goes from what is always there into the isolator: it has to know that
// this is unpacked. The linker lets no other do so.
#define CARDBOARD_GATE [[gnu::section(".gate"), gnu::noinline]]

}  // namespace cardboard
