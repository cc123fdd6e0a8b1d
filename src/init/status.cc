// SPDX-License-Identifier: MIT
//
// See status.h.
#include "init/status.h"

#include <errno.h>
#include <sys/wait.h>

#include "base/error.h"

namespace cardboard {

int exit_status_of(int wait_status) {
  if (WIFEXITED(wait_status)) return WEXITSTATUS(wait_status);
  if (WIFSIGNALED(wait_status)) return kSignalBase + WTERMSIG(wait_status);
  return kExitFailure;
}

int exit_status_of_exec(int errnum) {
  return errnum == ENOENT || errnum == ENOTDIR ? kExitNotFound : kExitCannotExecute;
}

}  // namespace cardboard
