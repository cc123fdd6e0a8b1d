// SPDX-License-Identifier: MIT
//
// Errors on their way up: nothing of the cause is lost between fail() and main().
#include "base/error.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <string>

#include "support.h"

using namespace cardboard;

namespace {

Result<void> pass_on(const Result<void>& result, int& lines_run) {
  ++lines_run;
  TRY(result);
  ++lines_run;
  return {};
}

Result<int> double_of(const Result<int>& result) {
  const int value = TRY(result);
  return 2 * value;
}

// As move-only as a descriptor.
struct Owner {
  Owner() = default;
  explicit Owner(int number_to_own) : number(number_to_own) {}
  Owner(Owner&& other) noexcept : number(other.number) { other.number = -1; }
  Owner& operator=(Owner&&) = delete;

  int number = -1;
};

Result<Owner> hand_through(Result<Owner> result) {
  Owner owner = TRY(static_cast<Result<Owner>&&>(result));
  return owner;
}

}  // namespace

TEST_CASE("a failed system call is remembered with its errno, and ends us with 125") {
  const Result<int> result = fail(-EACCES, "open"_p, "/etc/shadow");
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().errnum == EACCES);
  CHECK(result.error().exit_status == 125);
  CHECK(text_of(result.error().op) == "open");
  CHECK(result.error().object == std::string("/etc/shadow"));
  CHECK(result.error().reason.empty());
  CHECK(result.error().detail == nullptr);
  CHECK(result.error().hint.empty());
}

TEST_CASE("a refusal has a reason instead of an errno") {
  const Result<void> result = refuse("run"_p, "hello", "it is a script"_p);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().errnum == 0);
  CHECK(result.error().exit_status == 125);
  CHECK(text_of(result.error().reason) == "it is a script");
}

TEST_CASE("a failure can be given a hint, a detail and an exit status of its own") {
  const Result<void> result =
      refuse("run"_p, "hello", "it needs"_p).detail("/bin/sh").hint("do without"_p).status(126);
  CHECK(result.error().detail == std::string("/bin/sh"));
  CHECK(text_of(result.error().hint) == "do without");
  CHECK(result.error().exit_status == 126);
  CHECK(text_of(result.error().op) == "run");
}

TEST_CASE("a silent failure has nothing to say and ends us with 125") {
  const Result<void> result = fail_silently();
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().op.empty());
  CHECK(result.error().exit_status == 125);
}

TEST_CASE("nothing of an older failure is left in a newer one") {
  [[maybe_unused]] const Failure older =
      refuse("run"_p, "hello", "it needs"_p).detail("/bin/sh").hint("do without"_p).status(126);
  const Result<void> result = fail(-ENOENT, "enter"_p);
  CHECK(result.error().exit_status == 125);
  CHECK(result.error().object == nullptr);
  CHECK(result.error().reason.empty());
  CHECK(result.error().detail == nullptr);
  CHECK(result.error().hint.empty());
}

TEST_CASE("TRY gives the value where there is one") {
  const Result<int> result = double_of(21);
  REQUIRE(result.ok());
  CHECK(Result<int>(result).take() == 42);
}

TEST_CASE("TRY hands on a failure unchanged") {
  const Result<int> result = double_of(fail(-EPERM, "mount"_p, "proc").hint("unmask it"_p));
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().errnum == EPERM);
  CHECK(result.error().object == std::string("proc"));
  CHECK(text_of(result.error().hint) == "unmask it");
}

TEST_CASE("TRY ends the function at a failure and only there") {
  int lines_run = 0;
  CHECK(pass_on({}, lines_run).ok());
  CHECK(lines_run == 2);
  CHECK_FALSE(pass_on(fail_silently(), lines_run).ok());
  CHECK(lines_run == 3);
}

TEST_CASE("what can only be moved comes through a Result") {
  Result<Owner> result = hand_through(Owner(7));
  REQUIRE(result.ok());
  CHECK(result.take().number == 7);
}

TEST_CASE("what the kernel returns is a value, or a failure where it is negative") {
  Result<int> opened = checked(3, "open"_p, "/dev/null");
  REQUIRE(opened.ok());
  CHECK(opened.take() == 3);
  CHECK(checked(0, "open"_p, "/dev/null").ok());
  CHECK(check(0, "enter"_p, "/srv").ok());
  CHECK(check(7, "write"_p, "/srv").ok());

  const Result<int> missing = checked(-ENOENT, "open"_p, "/srv");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().errnum == ENOENT);
  const Result<void> denied = check(-EPERM, "enter"_p, "/srv");
  REQUIRE_FALSE(denied.ok());
  CHECK(denied.error().errnum == EPERM);
  CHECK(text_of(denied.error().op) == "enter");
  CHECK(denied.error().object == std::string("/srv"));
}
