// SPDX-License-Identifier: MIT
//
// See status.h.
#include "init/status.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/error.h"
#include "base/signals.h"

namespace cardboard {

int exit_status_of(int wait_status) {
  if (WIFEXITED(wait_status)) return WEXITSTATUS(wait_status);
  if (WIFSIGNALED(wait_status)) return kSignalBase + WTERMSIG(wait_status);
  return kExitFailure;
}

int exit_status_of_exec(int errnum) {
  return errnum == ENOENT || errnum == ENOTDIR ? kExitNotFound : kExitCannotExecute;
}

void write_end(Writer& writer, int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    writer << "was killed by ";
    write_signal(writer, WTERMSIG(wait_status));
  } else {
    writer << "exited with status " << exit_status_of(wait_status);
  }
}

}  // namespace cardboard
