// SPDX-License-Identifier: MIT
//
// See reporter.h.
#include "init/reporter.h"

#include <sys/resource.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/pages.h"
#include "base/sys.h"

namespace cardboard {

namespace {

// All zero at first: what is not would have a page of memory of its own.
int file;
Report unshared;
Report* shared;
Nanoseconds began;

std::int64_t microseconds(const timeval& time) { return time.tv_sec * 1'000'000 + time.tv_usec; }

// All that was reaped, and whatever that had reaped.
void add_usage() {
  constexpr std::int64_t kKilobyte = 1024;
  rusage usage;
  sys_getrusage(RUSAGE_CHILDREN, usage);
  Report& report = the_report();
  report.set(Figure::WallTime, (sys_monotonic_now() - began) / 1000);
  report.set(Figure::UserTime, microseconds(usage.ru_utime));
  report.set(Figure::SystemTime, microseconds(usage.ru_stime));
  // That of the largest process; a control group has counted all of them together. The kernel
  // counts in batches, which few pages do not fill.
  if (report.knows(static_cast<std::size_t>(Figure::MemoryPeak)) || usage.ru_maxrss == 0) return;
  report.set(Figure::MemoryPeak, usage.ru_maxrss * kKilobyte);
}

}  // namespace

Result<void> open_report(const Options& options) {
  // O_NONBLOCK: a FIFO that nobody reads is an error now, and one that nobody empties is one at the
  // end; neither is to hold us up.
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY | O_NONBLOCK;
  const char* name = options.report;
  if (name == nullptr) return {};
  began = sys_monotonic_now();
  file = TRY(checked(above_stdio(sys_openat(AT_FDCWD, name, kFlags, 0666)), "open"_p, name));
  shared = static_cast<Report*>(TRY(get_memory(sizeof(Report))));
  return {};
}

Report& the_report() { return shared != nullptr ? *shared : unshared; }

void leave_report() { file = 0; }

int close_report(int status) {
  if (file == 0) return status;
  the_report().set(Figure::Status, status);
  add_usage();
  char buffer[4096];
  Writer text(buffer);
  write_report(text, the_report());
  // Less than a page: all of it is written, or nothing.
  const Result<void> written =
      check(sys_write(file, text.view().data(), text.view().size()), "write the report"_p);
  file = 0;
  if (!written.ok()) log_error(written.error());
  return status;
}

}  // namespace cardboard
