// SPDX-License-Identifier: MIT
//
// What --report tells of a run (DESIGN 2.6): what the figures are, and how they are written down.
// Pure; reporter.h gathers them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace cardboard {

struct Outcome;

// In the order in which they are written.
enum class Figure : std::uint8_t {
  Status,  // our own exit status
  Signal,  // that killed COMMAND
  WallTime,
  UserTime,
  SystemTime,
  MemoryPeak,
  OomKills,
  PidsPeak,
  Reaped,  // processes but COMMAND
};
inline constexpr std::size_t kFigures = 9;

// All zero: it failed, and nothing else is known. Times in microseconds, memory in bytes.
class Report {
 public:
  constexpr void set(Figure figure, std::int64_t value) {
    figures_[static_cast<std::size_t>(figure)] = ~value;
  }
  // `word` must be a constant: its address is shared with the report.
  constexpr void set_end(const char* word) { end_ = word; }

  // The inside of a JSON object, which must be there when the report is written.
  constexpr void set_limits(const char* limits) { limits_ = limits; }

  // Null where it is not known.
  constexpr const char* end() const { return end_; }
  constexpr const char* limits() const { return limits_; }
  constexpr bool knows(std::size_t figure) const { return figures_[figure] != 0; }
  constexpr std::int64_t get(std::size_t figure) const { return ~figures_[figure]; }

 private:
  const char* end_ = nullptr;
  const char* limits_ = nullptr;
  // Complements, as no figure is -1: so 0 is what is not known.
  std::int64_t figures_[kFigures] = {};
};

// How COMMAND ended, and by which signal.
void note_end(Report& report, const Outcome& outcome);

// One JSON object and a newline.
void write_report(Writer& writer, const Report& report);

}  // namespace cardboard
