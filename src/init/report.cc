// SPDX-License-Identifier: MIT
//
// See report.h.
#include "init/report.h"

#include <sys/wait.h>

#include "init/supervise.h"

namespace cardboard {

namespace {

// %e is how it ended, each %n the next figure, and %l the limits.
constexpr Phrase kTemplate =
    "{\"ended\":\"%e\",\"status\":%n,\"signal\":%n,\"wall_us\":%n,\"user_us\":%n,\"system_us\":%n,"
    "\"memory_peak_bytes\":%n,\"oom_kills\":%n,\"pids_peak\":%n,\"reaped\":%n,\"limits\":{%l}}\n"_p;

}  // namespace

void note_end(Report& report, const Outcome& outcome) {
  const bool is_killed = WIFSIGNALED(outcome.wait_status);
  if (is_killed) report.set(Figure::Signal, WTERMSIG(outcome.wait_status));
  report.set_end(outcome.timed_out ? "timeout"
                 : outcome.stopped ? "stopped"
                 : is_killed       ? "signaled"
                                   : "exited");
}

void write_report(Writer& writer, const Report& report) {
  std::size_t figure = 0;
  for (const char* next = kTemplate.text(); *next != '\0'; ++next) {
    if (!is_gap(*next)) {
      writer << *next;
    } else if (*next == gap('e')) {
      writer << (report.end() != nullptr ? report.end() : "failed");
    } else if (*next == gap('l')) {
      if (report.limits() != nullptr) writer << report.limits();
    } else {
      if (report.knows(figure)) {
        writer << report.get(figure);
      } else {
        writer << "null";
      }
      ++figure;
    }
  }
}

}  // namespace cardboard
