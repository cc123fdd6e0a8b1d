// SPDX-License-Identifier: MIT
//
// What lies packed in the binary: the tool of the build packs, the binary unpacks. Whatever the
// bytes are, they come back, and nothing beside them is written.
#include "base/unpack.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "pack/pack.h"

using namespace cardboard;

namespace {

std::string unpacked(const std::string& packed, std::size_t size) {
  // Behind its end is what a byte too many would change.
  std::string text(size + 1, '#');
  unpack(packed.data(), {text.data(), size});
  REQUIRE(text.back() == '#');
  text.pop_back();
  return text;
}

void check_round_trip(const std::string& text) {
  if (unpacked(pack(text), text.size()) != text) FAIL("lost in packing: " << text);
}

// Of so many bytes, each of so many values.
std::string random_text(std::mt19937& random, std::size_t size, int values) {
  std::uniform_int_distribution<int> some(0, values - 1);
  std::string text;
  while (text.size() < size) text += static_cast<char>(some(random) * 37);
  return text;
}

void name_targets(std::string& code) {
  change_jumps(code, [&](std::uint32_t way, const char* end) {
    return way + static_cast<std::uint32_t>(end - code.data());
  });
}

void name_ways(std::string& code) {
  change_jumps(code, [&](std::uint32_t target, const char* end) {
    return target - static_cast<std::uint32_t>(end - code.data());
  });
}

}  // namespace

TEST_CASE("nothing is packed as nothing") { CHECK(unpacked(pack(""), 0).empty()); }

TEST_CASE("every byte comes back, alone and repeated") {
  for (int byte = 0; byte < 256; ++byte) {
    for (const std::size_t length : {1u, 2u, 3u}) {
      check_round_trip(std::string(length, static_cast<char>(byte)));
    }
  }
  for (const std::size_t length : {63u, 64u, 65u, 500u}) check_round_trip(std::string(length, 'x'));
}

TEST_CASE("random bytes come back, however much they repeat themselves") {
  std::mt19937 random(1);
  for (const int values : {1, 2, 3, 7, 256}) {
    for (std::size_t size = 1; size < 400; size += 43) {
      check_round_trip(random_text(random, size, values));
    }
  }
}

TEST_CASE("what was long ago comes back, too") {
  std::mt19937 random(2);
  const std::string old = random_text(random, 40, 256);
  // Distances around those at which their number takes more bits.
  for (const std::size_t between : {215u, 216u, 217u, 470u, 472u, 474u, 4000u, 20000u}) {
    const std::string text = old + random_text(random, between, 256) + old;
    const std::string packed = pack(text);
    CHECK(unpacked(packed, text.size()) == text);
    // It was found.
    CHECK(packed.size() < text.size() + between / 32 + 16);
  }
}

TEST_CASE("pieces that repeat at one distance are packed in few bits") {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "cannot open " + std::to_string(i % 10) + ": No such file\n";
  const std::string packed = pack(text);
  CHECK(unpacked(packed, text.size()) == text);
  CHECK(packed.size() < 120);
}

TEST_CASE("calls and jumps come back, wherever they stand and whatever their operands are") {
  std::mt19937 random(3);
  const std::string kOpcodes = "\xe8\xe9\x0f\x84";
  for (std::size_t size = 4; size < 200; ++size) {
    std::string code = random_text(random, size, 256);
    for (std::size_t i = 0; i < size; i += 1 + random() % 9) code[i] = kOpcodes[random() % 4];
    std::string changed = code + '#';
    name_targets(changed);
    name_ways(changed);
    REQUIRE(changed == code + '#');
  }
}

TEST_CASE("calls of one function, and jumps to one place, become the same bytes") {
  // From behind 5, 15, 26 to 100.
  std::string code("\xe8\x5f\0\0\0.....\xe9\x55\0\0\0.....\x0f\x84\x4a\0\0\0.", 27);
  name_targets(code);
  CHECK(code == std::string("\xe8\x64\0\0\0.....\xe9\x64\0\0\0.....\x0f\x84\x64\0\0\0.", 27));
}
