// SPDX-License-Identifier: MIT
//
// Errors as values. Whoever meets a failure says what was tried and on what; the text for people
// is made in one place (base/message) and printed in one place (base/log). Nothing here prints or
// exits, and nothing owns memory: the strings must outlive the Error (literals, argv, .bss).
#pragma once

#include "base/phrase.h"

namespace cardboard {

// Exit statuses with a meaning of their own (DESIGN 2.2; the same numbers as env(1), docker run).
inline constexpr int kExitTimeout = 124;
inline constexpr int kExitFailure = 125;
inline constexpr int kExitCannotExecute = 126;
inline constexpr int kExitNotFound = 127;

// Printed as "cannot <op> <object>: <errno's text>", or with `reason` and `detail` in the place
// of errno's text where no system call failed; `hint` makes a second line. Without an `op` nothing
// is printed: another process has the cause, and tells it.
struct Error {
  int errnum = 0;
  int exit_status = 0;
  Phrase op = {};
  const char* object = nullptr;
  Phrase reason = {};
  const char* detail = nullptr;
  Phrase hint = {};
};

// The Error that is under way to main(): there is one thread and the first error ends the set-up,
// so one is enough, and it is kept in one place. A new failure overwrites it.
// NOLINTNEXTLINE(bugprone-dynamic-static-initializers): it is all zero.
extern Error the_error;

// That there is one: passing it on costs a register and a test.
class [[nodiscard]] Failure {
 public:
  Failure hint(Phrase text) const {
    the_error.hint = text;
    return *this;
  }
  Failure detail(const char* text) const {
    the_error.detail = text;
    return *this;
  }
  Failure status(int exit_status) const {
    the_error.exit_status = exit_status;
    return *this;
  }
};

// A system call failed: `result` is what sys.h returned, a negated errno.
Failure fail(int result, Phrase op, const char* object = nullptr);

// Nothing failed, but it cannot be done, for this reason.
Failure refuse(Phrase op, const char* object, Phrase reason);

// There is nothing to say, but it ends here.
Failure fail_silently();

// A value or the Failure that stood in its way. T must be cheap to default-construct.
template <typename T>
class [[nodiscard]] Result {
 public:
  constexpr Result(T value) : value_(static_cast<T&&>(value)) {}
  constexpr Result(Failure) : failed_(1) {}

  constexpr bool ok() const { return failed_ == 0; }
  constexpr T take() { return static_cast<T&&>(value_); }
  constexpr Failure failure() const { return {}; }
  const Error& error() const { return the_error; }

 private:
  T value_{};
  int failed_ = 0;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  constexpr Result() = default;
  constexpr Result(Failure) : failed_(1) {}

  constexpr bool ok() const { return failed_ == 0; }
  constexpr void take() const {}
  constexpr Failure failure() const { return {}; }
  const Error& error() const { return the_error; }

 private:
  int failed_ = 0;
};

// In one register. A descriptor, a pid or a status, or -1 for the lack of one; nothing below.
template <>
class [[nodiscard]] Result<int> {
 public:
  constexpr Result(int value) : value_(value) {}
  constexpr Result(Failure) : value_(kFailed) {}

  constexpr bool ok() const { return value_ > kFailed; }
  constexpr int take() const { return value_; }
  constexpr Failure failure() const { return {}; }
  const Error& error() const { return the_error; }

 private:
  static constexpr int kFailed = -2;
  int value_;
};

// What sys.h returned, or the Failure that a negative one means.
Result<void> check(int result, Phrase op, const char* object = nullptr);
Result<int> checked(int result, Phrase op, const char* object = nullptr);

}  // namespace cardboard

// The value of `expression`, or a return of its Failure from the enclosing function.
#define TRY(expression)                                \
  __extension__({                                      \
    auto try_result = (expression);                    \
    if (!try_result.ok()) return try_result.failure(); \
    try_result.take();                                 \
  })
