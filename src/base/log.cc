// SPDX-License-Identifier: MIT
//
// See log.h.
#include "base/log.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/message.h"
#include "base/sys.h"

namespace cardboard {

namespace {

constexpr Nanoseconds kStderrPatience = 50 * kMillisecond;

// A full pipe would block PID 1 for ever; its message is worth less than its service. Whoever did
// not read in time once is not waited for again until he reads.
bool is_stderr_read() {
  static bool is_stuck = false;
  pollfd stderr_fd = {STDERR_FILENO, POLLOUT, 0};
  const int ready = sys_poll(stderr_fd, is_stuck ? 0 : kStderrPatience);
  is_stuck = ready != 1 || (stderr_fd.revents & POLLOUT) == 0;
  return !is_stuck;
}

bool is_pipe(int fd) {
  struct statx status;
  return sys_statx(fd, "", status) == 0 && S_ISFIFO(status.stx_mode);
}

}  // namespace

void log_text(std::string_view text) {
  if (!is_stderr_read()) return;
  const int written = sys_write_now(STDERR_FILENO, text.data(), text.size());
  // COMMAND, which has the same stderr, may have filled the pipe since we looked.
  if (written >= 0 || (written == -EAGAIN && is_pipe(STDERR_FILENO))) return;
  // A failed write has nowhere to be reported.
  sys_write(STDERR_FILENO, text.data(), text.size());
}

LogLine::LogLine() : Writer(std::span<char>(buffer_, sizeof buffer_)) { *this << kMessagePrefix; }

void log_line(LogLine& line) {
  line.end_line();
  log_text(line.view());
}

void log_error(const Error& error) {
  if (error.op.empty()) return;
  char buffer[4096];
  Writer line(buffer);
  write_error(line, error);
  log_text(line.view());
  if (error.hint.empty()) return;
  Writer hint(buffer);
  write_hint(hint, error);
  log_text(hint.view());
}

Result<void> print(std::string_view text) {
  while (!text.empty()) {
    const int written = sys_write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0) return fail(written, "write"_p, "standard output");
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

}  // namespace cardboard
