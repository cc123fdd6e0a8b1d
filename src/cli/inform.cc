// SPDX-License-Identifier: MIT
//
// See inform.h.
#include "cli/inform.h"

#include "base/log.h"
#include "cli/help.h"

namespace cardboard {

int inform(Request request) {
  char text[kInformationSize];
  Writer writer(text);
  write_information(writer, request);
  const Result<void> printed = print(writer.view());
  if (printed.ok()) return 0;
  log_error(printed.error());
  return printed.error().exit_status;
}

int complain(const UsageError& error) {
  char text[1024];
  Writer writer(text);
  write_usage_error(writer, error);
  log_text(writer.view());
  return kExitFailure;
}

}  // namespace cardboard
