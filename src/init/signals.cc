// SPDX-License-Identifier: MIT
//
// See signals.h.
#include "init/signals.h"

namespace cardboard {

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

}  // namespace

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
