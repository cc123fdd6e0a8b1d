// SPDX-License-Identifier: MIT
//
// See error.h.
#include "base/error.h"

namespace cardboard {

Error the_error;

namespace {

Failure set_out(const Error& error) {
  the_error = error;
  the_error.exit_status = kExitFailure;
  return {};
}

}  // namespace

Failure fail(int result, Phrase op, const char* object) {
  return set_out({.errnum = -result, .op = op, .object = object});
}

Failure refuse(Phrase op, const char* object, Phrase reason) {
  return set_out({.op = op, .object = object, .reason = reason});
}

Failure fail_silently() { return set_out({}); }

Result<void> check(int result, Phrase op, const char* object) {
  if (result < 0) return fail(result, op, object);
  return {};
}

Result<int> checked(int result, Phrase op, const char* object) {
  if (result < 0) return fail(result, op, object);
  return result;
}

}  // namespace cardboard
