// SPDX-License-Identifier: MIT
//
// The exact bytes that users read when something fails (DESIGN 2.3).
#include "base/message.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <string>

#include "support.h"

using namespace cardboard;

TEST_CASE("an error says what was tried, on what, and errno's text") {
  CHECK(message_of({.errnum = ENOENT, .op = "execute"_p, .object = "hello"}) ==
        "cardboard: cannot execute hello: No such file or directory\n");
  CHECK(message_of({.errnum = EACCES, .op = "open"_p, .object = "/a file"}) ==
        "cardboard: cannot open /a file: Permission denied\n");
}

TEST_CASE("an error without an object leaves no gap") {
  CHECK(message_of({.errnum = EPERM, .op = "become a subreaper"_p}) ==
        "cardboard: cannot become a subreaper: Operation not permitted\n");
}

TEST_CASE("a reason stands in the place of errno's text") {
  CHECK(message_of(
            {.op = "run"_p, .object = "hello", .reason = "it is for another architecture"_p}) ==
        "cardboard: cannot run hello: it is for another architecture\n");
}

TEST_CASE("a detail follows the reason") {
  CHECK(message_of({.op = "run"_p, .object = "x", .reason = "it needs"_p, .detail = "/bin/sh"}) ==
        "cardboard: cannot run x: it needs /bin/sh\n");
}

TEST_CASE("a hint is a line of its own and no part of the error's") {
  const Error error = {
      .errnum = EPERM, .op = "make"_p, .object = "namespaces", .hint = "allow user namespaces"_p};
  CHECK(message_of(error) == "cardboard: cannot make namespaces: Operation not permitted\n");
  CHECK(hint_of(error) == "cardboard: hint: allow user namespaces\n");
}

TEST_CASE("an overlong object is cut off, and the line still ends") {
  const std::string object(10'000, 'x');
  const Error error = {.errnum = ENOENT, .op = "open"_p, .object = object.c_str()};
  const std::string line = written([&](Writer& writer) { write_error(writer, error); }, 64);
  CHECK(line == "cardboard: cannot open " + std::string(40, 'x') + '\n');
}

TEST_CASE("an overlong hint is cut off, and the line still ends") {
  const std::string hint(10'000, 'x');
  const Error error = {.op = "open"_p, .hint = Phrase(hint.c_str())};
  const std::string line = written([&](Writer& writer) { write_hint(writer, error); }, 64);
  CHECK(line == "cardboard: hint: " + std::string(46, 'x') + '\n');
}
