// SPDX-License-Identifier: MIT
//
// The only place that prints. One write(2) a line; a reader that is slow, full or gone can delay
// PID 1 by 50 ms, once, and can never end it.
#pragma once

#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace cardboard {

// The cause on stderr, and the cure on a second line where the Error knows one.
void log_error(const Error& error);

// Whole lines, as they are, on stderr.
void log_text(std::string_view text);

// A line of its own, with the prefix: `LogLine line; line << "..."; log_line(line);`
class LogLine : public Writer {
 public:
  LogLine();

 private:
  // Less than PIPE_BUF: written in one piece, and a pipe that polls writable has room for it.
  char buffer_[512];
};

// Ends the line and writes it to stderr.
void log_line(LogLine& line);

// `text` on stdout. Fails with what write(2) fails with.
Result<void> print(std::string_view text);

}  // namespace cardboard
