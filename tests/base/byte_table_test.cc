// SPDX-License-Identifier: MIT
//
// Tables as bytes: what the compiler lays out is what is found again.
#include "base/byte_table.h"

#include <catch2/catch.hpp>
#include <string>

#include "support.h"

using namespace cardboard;

namespace {

constexpr std::uint8_t kHighKey = 0xfe;

constexpr auto kRows = make_table<[] {
  TableBuilder table;
  table.add('a');
  table.add_string("bc");
  table.add('d');
  table.add_string("");
  table.add(kHighKey);
  table.add_phrase("Permission denied");
  table.add('a');
  table.add_string("the second of its key");
  table.add(0);
  return table;
}>();

constexpr auto kNumbers = make_table<[] {
  TableBuilder table;
  table.add(7);
  table.add_u16(0x1234);
  table.add_u16(0xff);
  table.add_string("x");
  return table;
}>();

const char* find(int key) { return find_row(kRows.data(), static_cast<char>(key)); }

}  // namespace

TEST_CASE("a row is found by its key, and begins behind it") {
  REQUIRE(find('a') != nullptr);
  CHECK(find('a') == std::string("bc"));
  REQUIRE(find('d') != nullptr);
  CHECK(find('d') == std::string());
}

TEST_CASE("a key above 127 is found as well, and its phrase with it") {
  REQUIRE(find(kHighKey) != nullptr);
  CHECK(text_of(Phrase(find(kHighKey))) == "Permission denied");
}

TEST_CASE("what is no row's key is not found, though it may stand in a row") {
  const int key = GENERATE('b', 'c', 't', 'P', 0x80, 0xff);
  CAPTURE(key);
  CHECK(find(key) == nullptr);
}

TEST_CASE("the end of a table is no row") {
  CHECK(find('\0') == nullptr);
  CHECK(find_row("", 'a') == nullptr);
  CHECK(find_row("", '\0') == nullptr);
}

TEST_CASE("numbers of two bytes are laid out with the lower one first, without padding") {
  const std::string bytes(kNumbers.begin(), kNumbers.end());
  CHECK(bytes == std::string("\x07\x34\x12\xff\x00x\0", 7));
}

TEST_CASE("a string keeps its bytes, and a phrase has its gaps, each with its end") {
  constexpr auto kTexts = make_table<[] {
    TableBuilder table;
    table.add_string("the %e");
    table.add_phrase("the %e");
    return table;
  }>();
  const std::string bytes(kTexts.begin(), kTexts.end());
  CHECK(bytes == std::string("the %e\0the \x05\0", 13));
}

TEST_CASE("of strings one behind the other each is found by its index") {
  constexpr const char* kStrings = "a\0\0bc";
  CHECK(string_at(kStrings, 0) == std::string("a"));
  CHECK(string_at(kStrings, 1) == std::string());
  CHECK(string_at(kStrings, 2) == std::string("bc"));
}
