// SPDX-License-Identifier: MIT
//
// The wording of messages (DESIGN 2.3). Pure, so that tests can read what users will.
#pragma once

#include "base/error.h"
#include "base/text.h"

namespace cardboard {

inline constexpr Phrase kMessagePrefix = "cardboard: "_p;

// "cannot <op> <object>: <why>".
void write_cause(Writer& writer, const Error& error);

// "cardboard: cannot <op> <object>: <why>" and a newline, without the hint.
void write_error(Writer& writer, const Error& error);

// "cardboard: hint: <hint>" and a newline.
void write_hint(Writer& writer, const Error& error);

}  // namespace cardboard
