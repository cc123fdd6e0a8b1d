// SPDX-License-Identifier: MIT
//
// Texts with gaps: what the compiler makes of a literal, by the same function at run time.
#include "base/phrase.h"

#include <catch2/catch.hpp>
#include <string>

#include "support.h"

using namespace cardboard;

namespace {

std::string with_gaps(std::string text) {
  text.resize(make_gaps(text.data(), text.size()));
  return text;
}

}  // namespace

TEST_CASE("a text without gaps stays as it is") {
  std::string all = "\n";
  for (char c = ' '; c <= '~'; ++c) {
    if (c != '%') all += c;
  }
  CHECK(with_gaps(all) == all);
  for (const char c : all) CHECK_FALSE(is_gap(c));
}

TEST_CASE("each letter's gap is a character of its own") {
  // "j" is none: its control character is the newline.
  for (const char letter : std::string("abcdefghiklmnopqrstuvwxyz")) {
    CAPTURE(letter);
    const std::string text = with_gaps(std::string("<%") + letter + ">");
    REQUIRE(text.size() == 3);
    REQUIRE(is_gap(text[1]));
    REQUIRE(text[1] == gap(letter));
    REQUIRE((text[1] | 0x60) == letter);
  }
}

TEST_CASE("the compiler makes the same of a literal") {
  CHECK(text_of("No such file or directory"_p) == "No such file or directory");
  CHECK(text_of("%a, %b\n"_p) == with_gaps("%a, %b\n"));
  CHECK(text_of(""_p).empty());
  CHECK_FALSE(""_p.empty());
  CHECK(Phrase().empty());
}
