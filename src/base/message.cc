// SPDX-License-Identifier: MIT
//
// See message.h.
#include "base/message.h"

#include "base/errno_text.h"

namespace cardboard {

void write_cause(Writer& writer, const Error& error) {
  writer << "cannot "_p << error.op;
  if (error.object != nullptr) writer << ' ' << error.object;
  writer << ": ";
  if (!error.reason.empty()) {
    writer << error.reason;
    if (error.detail != nullptr) writer << ' ' << error.detail;
  } else {
    write_errno(writer, error.errnum);
  }
}

void write_error(Writer& writer, const Error& error) {
  writer << kMessagePrefix;
  write_cause(writer, error);
  writer.end_line();
}

void write_hint(Writer& writer, const Error& error) {
  writer << kMessagePrefix << "hint: "_p << error.hint;
  writer.end_line();
}

}  // namespace cardboard
