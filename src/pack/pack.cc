// SPDX-License-Identifier: MIT
//
// See pack.h. Dynamic programming over the ways to come to each byte: all of them would be too
// many, as they differ in the distance that may be repeated, so that only the cheapest go on.
#include "pack/pack.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "base/unpack.h"

namespace cardboard {

namespace {

constexpr std::size_t kWays = 12;
// Of a longer match this length is tried, and all of it; longer literals grow out of shorter ones.
constexpr std::size_t kLongEnough = 64;

int highest_bit(std::size_t number) { return static_cast<int>(std::bit_width(number)) - 1; }

class BitWriter {
 public:
  void add(std::size_t number, int bits) {
    while (bits-- > 0) {
      if (room_ == 0) {
        bytes_ += '\0';
        room_ = 8;
      }
      const auto bit = static_cast<unsigned char>((number >> bits & 1) << --room_);
      bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) | bit);
    }
  }
  void add_number(std::size_t number) { add(number, 2 * highest_bit(number) + 1); }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  int room_ = 0;  // in the last byte
};

unsigned bits_of(std::size_t number) { return static_cast<unsigned>(2 * highest_bit(number) + 1); }

std::size_t high_of(std::size_t distance, std::size_t length) {
  return ((distance - 1) >> low_bits(static_cast<unsigned>(length))) + 1;
}

enum class Kind : std::uint8_t { Literals, Repeat, Match };

// A way to come to a byte: by this token from that way to an earlier one.
struct Way {
  unsigned bits = 0;
  Kind kind = Kind::Match;
  std::size_t length = 0;
  std::size_t distance = 0;
  const Way* from = nullptr;
};

// The cheapest ways to a byte, cheapest first, each with another distance to repeat. Ways go on
// only from bytes that all ways have come to, so that they stay where they are once in use.
class Ways {
 public:
  void add(const Way& way) {
    const auto same = std::find_if(ways_.begin(), ways_.end(), [&](const Way& other) {
      return other.distance == way.distance;
    });
    if (same != ways_.end()) {
      if (same->bits <= way.bits) return;
      ways_.erase(same);
    }
    const auto behind = std::find_if(ways_.begin(), ways_.end(),
                                     [&](const Way& other) { return other.bits > way.bits; });
    ways_.insert(behind, way);
    if (ways_.size() > kWays) ways_.pop_back();
  }

  const std::vector<Way>& all() const { return ways_; }

 private:
  std::vector<Way> ways_;
};

class Packer {
 public:
  explicit Packer(std::string_view text)
      : text_(text), by_literals_(text.size() + 1), by_match_(text.size() + 1) {
    by_match_[0].add({});
  }

  std::string pack();

 private:
  void go_on_by_literals(std::size_t at);
  void go_on_by_repeats(std::size_t at);
  void go_on_by_matches(std::size_t at);
  void add_matches(std::size_t at, Way way, std::size_t shortest, std::size_t longest);
  const Way& cheapest(std::size_t at) const;
  std::string write(const Way& last) const;

  // How much of what stands at `at` stands `distance` before it, too.
  std::size_t common_length(std::size_t at, std::size_t distance) const {
    std::size_t length = 0;
    while (at + length < text_.size() && text_[at + length] == text_[at + length - distance]) {
      ++length;
    }
    return length;
  }

  std::string_view text_;
  std::vector<Ways> by_literals_;  // to each byte, and to the end
  std::vector<Ways> by_match_;
};

const Way& Packer::cheapest(std::size_t at) const {
  const auto& literals = by_literals_[at].all();
  const auto& matches = by_match_[at].all();
  if (literals.empty()) return matches.front();
  if (matches.empty() || literals.front().bits < matches.front().bits) return literals.front();
  return matches.front();
}

void Packer::go_on_by_literals(std::size_t at) {
  const auto add = [&](const Way& from, std::size_t start, std::size_t length) {
    const unsigned bits = from.bits + 1 + bits_of(length) + static_cast<unsigned>(8 * length);
    by_literals_[start + length].add({bits, Kind::Literals, length, from.distance, &from});
  };
  const std::size_t longest = std::min(text_.size() - at, kLongEnough);
  for (const Way& from : by_match_[at].all()) {
    for (std::size_t length = 1; length <= longest; ++length) add(from, at, length);
  }
  for (const Way& way : by_literals_[at].all()) {
    if (way.length >= kLongEnough && longest > 0) add(*way.from, at - way.length, way.length + 1);
  }
}

// `way` has the bits of all but its length and distance.
void Packer::add_matches(std::size_t at, Way way, std::size_t shortest, std::size_t longest) {
  const unsigned bits = way.bits;
  for (std::size_t length = shortest; length <= longest; ++length) {
    if (length > kLongEnough) length = longest;
    way.length = length;
    way.bits = bits + bits_of(length);
    if (way.kind == Kind::Match) {
      way.bits = bits + bits_of(length - 1) + bits_of(high_of(way.distance, length)) +
                 low_bits(static_cast<unsigned>(length));
    }
    by_match_[at + length].add(way);
  }
}

void Packer::go_on_by_repeats(std::size_t at) {
  for (const Way& from : by_literals_[at].all()) {
    if (from.distance == 0) continue;
    const Way way = {from.bits + 1, Kind::Repeat, 0, from.distance, &from};
    add_matches(at, way, 1, common_length(at, from.distance));
  }
}

// Of two matches of a length the nearer one is never the longer code.
void Packer::go_on_by_matches(std::size_t at) {
  const Way& from = cheapest(at);
  std::size_t longest = 1;
  for (std::size_t distance = 1; distance <= at; ++distance) {
    const std::size_t length = common_length(at, distance);
    if (length <= longest) continue;
    const Way way = {from.bits + 1, Kind::Match, 0, distance, &from};
    add_matches(at, way, longest + 1, length);
    longest = length;
  }
}

std::string Packer::write(const Way& last) const {
  std::vector<const Way*> ways;
  for (const Way* way = &last; way->from != nullptr; way = way->from) ways.push_back(way);
  BitWriter out;
  std::size_t at = 0;
  for (auto next = ways.rbegin(); next != ways.rend(); ++next) {
    const Way& way = **next;
    const bool is_match = way.kind == Kind::Match;
    out.add(is_match ? 1 : 0, 1);
    out.add_number(is_match ? way.length - 1 : way.length);
    if (is_match) {
      out.add_number(high_of(way.distance, way.length));
      out.add(way.distance - 1, static_cast<int>(low_bits(static_cast<unsigned>(way.length))));
    }
    for (std::size_t i = 0; way.kind == Kind::Literals && i < way.length; ++i) {
      out.add(static_cast<unsigned char>(text_[at + i]), 8);
    }
    at += way.length;
  }
  return out.take() + std::string(kPackedTail, '\0');
}

std::string Packer::pack() {
  for (std::size_t at = 0; at < text_.size(); ++at) {
    go_on_by_literals(at);
    go_on_by_repeats(at);
    go_on_by_matches(at);
  }
  return write(cheapest(text_.size()));
}

}  // namespace

std::string pack(std::string_view text) { return Packer(text).pack(); }

}  // namespace cardboard
