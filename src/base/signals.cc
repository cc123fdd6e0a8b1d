// SPDX-License-Identifier: MIT
//
// See signals.h.
#include "base/signals.h"

#include "base/text.h"

namespace cardboard {

using namespace std::string_view_literals;

namespace {

// Seven characters a name, by number from 1 on: the numbers are those of x86 and ARM alike, and
// one string costs half of what an array of pointers would.
constexpr std::string_view kNames =
    "HUP    INT    QUIT   ILL    TRAP   ABRT   BUS    FPE    KILL   USR1   SEGV   "
    "USR2   PIPE   ALRM   TERM   STKFLT CHLD   CONT   STOP   TSTP   TTIN   TTOU   "
    "URG    XCPU   XFSZ   VTALRM PROF   WINCH  IO     PWR    SYS    ";
constexpr std::size_t kNameWidth = 7;
constexpr int kLastNamed = 31;
static_assert(kNames.size() == kNameWidth * kLastNamed);

std::string_view standard_name(int signal) {
  const char* first = kNames.data() + kNameWidth * static_cast<std::size_t>(signal - 1);
  const std::string_view padded(first, kNameWidth);
  return {first, padded.find(' ')};
}

// "", "+3" or "-3" behind the name of a bound of the real-time signals, which is left out of
// `text`.
std::optional<int> parse_offset(int bound, std::string_view text) {
  if (text.empty()) return bound;
  const std::uint64_t offset = parse_number({text.data() + 1, text.size() - 1});
  if (offset > kSignalMax - kSignalRtMin) return std::nullopt;
  const int distance = static_cast<int>(offset);
  if (bound == kSignalRtMin && text[0] == '+') return bound + distance;
  if (bound == kSignalMax && text[0] == '-') return bound - distance;
  return std::nullopt;
}

std::optional<int> parse_name(std::string_view name) {
  for (int signal = 1; signal <= kLastNamed; ++signal) {
    if (standard_name(signal) == name) return signal;
  }
  return std::nullopt;
}

}  // namespace

std::optional<int> parse_signal(std::string_view text) {
  const std::uint64_t number = parse_number(text);
  if (number != kNoNumber) {
    if (number < 1 || number > kSignalMax) return std::nullopt;
    return static_cast<int>(number);
  }
  if (begins_with(text, "SIG"sv)) text.remove_prefix(3);
  constexpr std::size_t kBoundLength = 5;
  const bool is_min = begins_with(text, "RTMIN"sv);
  if (!is_min && !begins_with(text, "RTMAX"sv)) return parse_name(text);
  text.remove_prefix(kBoundLength);
  return parse_offset(is_min ? kSignalRtMin : kSignalMax, text);
}

void write_signal(Writer& writer, int signal) {
  if (signal >= 1 && signal <= kLastNamed) {
    writer << "SIG" << standard_name(signal);
  } else if (signal >= kSignalRtMin && signal <= kSignalMax) {
    writer << "SIGRTMIN";
    if (signal > kSignalRtMin) writer << '+' << (signal - kSignalRtMin);
  } else {
    writer << signal;
  }
}

}  // namespace cardboard
