// SPDX-License-Identifier: MIT
//
// The list without a heap: its bound, and that all zero is empty.
#include "base/fixed_list.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <vector>

using namespace cardboard;

TEST_CASE("a list is empty at first") {
  const FixedList<int, 3> list;
  CHECK(list.empty());
  CHECK(list.size() == 0);
  CHECK(list.begin() == list.end());
}

TEST_CASE("a list holds its elements in the order in which they came") {
  FixedList<int, 3> list;
  REQUIRE(list.push(7));
  REQUIRE(list.push(5));
  CHECK_FALSE(list.empty());
  CHECK(std::vector<int>(list.begin(), list.end()) == std::vector<int>{7, 5});
  CHECK(list[0] == 7);
  CHECK(list[1] == 5);
  CHECK(list.data()[1] == 5);
}

TEST_CASE("a full list takes no more and keeps what it has") {
  FixedList<int, 2> list;
  REQUIRE(list.push(1));
  REQUIRE(list.push(2));
  CHECK_FALSE(list.push(3));
  CHECK(std::vector<int>(list.begin(), list.end()) == std::vector<int>{1, 2});
}

TEST_CASE("a cleared list is empty and can be filled again") {
  FixedList<std::string, 2> list;
  REQUIRE(list.push("a"));
  REQUIRE(list.push("b"));
  list.clear();
  CHECK(list.empty());
  REQUIRE(list.push("c"));
  CHECK(std::vector<std::string>(list.begin(), list.end()) == std::vector<std::string>{"c"});
}

// So that a list costs no byte of the file and no page before it is used.
TEST_CASE("an empty list is all zero") {
  static const FixedList<long, 4> list;
  const char zeroes[sizeof list] = {};
  CHECK(std::memcmp(static_cast<const void*>(&list), zeroes, sizeof list) == 0);
}
