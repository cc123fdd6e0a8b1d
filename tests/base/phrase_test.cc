// SPDX-License-Identifier: MIT
//
// Texts packed by the compiler: none of them may lose or change a byte, whatever pairs the table
// has been trained to. What the compiler does is done here by the same function, at run time.
#include "base/phrase.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "support.h"

using namespace cardboard;

namespace {

// All that may stand in a phrase as it is.
std::string characters() {
  std::string all = "\n";
  for (char c = ' '; c <= '~'; ++c) {
    if (c != '%') all += c;
  }
  return all;
}

// "j" is none: its control character is the newline.
constexpr std::string_view kGapLetters = "abcdefghiklmnopqrstuvwxyz";

std::string packed(std::string text) {
  text.resize(pack_phrase(text.data(), text.size()));
  return text;
}

std::string unpacked(const std::string& phrase) {
  std::string text;
  for (const char byte : phrase) {
    if (is_gap(byte)) {
      text += {'%', static_cast<char>(byte | 0x60)};
    } else {
      text += written([&](Writer& writer) { writer.unpack(byte); });
    }
  }
  return text;
}

void check_round_trip(const std::string& text) {
  const std::string phrase = packed(text);
  if (unpacked(phrase) != text) FAIL("lost in packing: " << text);
  if (phrase.size() > text.size()) FAIL("longer when packed: " << text);
  if (phrase.find('\0') != std::string::npos) FAIL("cut off: " << text);
}

// What a byte stands for that is not a pair's.
bool is_plain(unsigned char byte) { return byte >= ' ' && byte <= '~'; }

}  // namespace

TEST_CASE("every two characters survive packing") {
  const std::string all = characters();
  for (const char first : all) {
    check_round_trip({first});
    for (const char second : all) check_round_trip({first, second});
  }
}

TEST_CASE("every gap survives packing, beside every character") {
  for (const char letter : kGapLetters) {
    const std::string gap = {'%', letter};
    check_round_trip(gap + gap);
    for (const char c : characters()) check_round_trip(c + gap + c);
  }
}

TEST_CASE("long texts of the most frequent pairs survive packing") {
  // Pieces that the table's pairs consist of, so that pairs of pairs meet at all their borders.
  std::vector<std::string> pieces = {"\n", "%a", "%z", "~"};
  for (std::size_t rank = 0; rank < std::size(kPhrasePairs); ++rank) {
    pieces.push_back(unpacked({static_cast<char>(kFirstPairByte + rank)}));
    pieces.push_back(pieces.back().substr(1));
  }
  std::mt19937 random(1);
  std::uniform_int_distribution<std::size_t> some(0, pieces.size() - 1);
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (int piece = 0; piece < 12; ++piece) text += pieces[some(random)];
    check_round_trip(text);
  }
}

TEST_CASE("the compiler packs as the function does, and what it packs is shorter") {
  const std::string text = "No such file or directory";
  const Phrase phrase = "No such file or directory"_p;
  CHECK(phrase.packed() == packed(text));
  CHECK(std::string(phrase.packed()).size() < text.size());
  CHECK(text_of(phrase) == text);
  CHECK(text_of("a\nb"_p) == "a\nb");
  CHECK(text_of(""_p).empty());
  CHECK_FALSE(""_p.empty());
  CHECK(Phrase().empty());
}

TEST_CASE("a pair is made of printable characters and of pairs before it") {
  CHECK(std::size(kPhrasePairs) <= 0x100u - kFirstPairByte);
  for (std::size_t rank = 0; rank < std::size(kPhrasePairs); ++rank) {
    CAPTURE(rank);
    for (const unsigned char part : {kPhrasePairs[rank].first, kPhrasePairs[rank].second}) {
      const bool is_earlier = part >= kFirstPairByte && part < kFirstPairByte + rank;
      REQUIRE((is_plain(part) || is_earlier));
    }
  }
}

TEST_CASE("no pair holds a newline or a gap, which are looked for in packed texts") {
  for (std::size_t rank = 0; rank < std::size(kPhrasePairs); ++rank) {
    const std::string text =
        written([&](Writer& writer) { writer.unpack(static_cast<char>(kFirstPairByte + rank)); });
    CAPTURE(rank, text);
    REQUIRE(text.size() >= 2);
    for (const char c : text) REQUIRE(is_plain(static_cast<unsigned char>(c)));
  }
}

TEST_CASE("a gap is a control character that is neither the end nor a newline") {
  for (int byte = 0; byte < 0x100; ++byte) {
    CAPTURE(byte);
    const bool expected = byte > 0 && byte < ' ' && byte != '\n';
    REQUIRE(is_gap(static_cast<char>(byte)) == expected);
  }
  for (const char letter : kGapLetters) {
    CAPTURE(letter);
    REQUIRE(is_gap(gap(letter)));
    REQUIRE((gap(letter) | 0x60) == letter);
  }
  CHECK_FALSE(is_gap(gap('j')));
}
