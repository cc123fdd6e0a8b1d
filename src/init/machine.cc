// SPDX-License-Identifier: MIT
//
// See machine.h.
#include "init/machine.h"

#include <sys/reboot.h>

#include "base/log.h"
#include "base/sys.h"

namespace cardboard {

// On a machine, process 2 is a kernel thread, which has no process group. In a container it is not
// there yet, or has one; and where it has not (its group is outside), the kernel refuses the call,
// which from within a pid namespace can do no more than end that. There may be no /proc to look at,
// and a container had better not be seen calling reboot(2) whenever it starts.
bool serve_machine() {
  return sys_getpid() == 1 && sys_getpgid(2) == 0 && sys_reboot(RB_DISABLE_CAD) == 0;
}

int end_machine(int status, bool reboots) {
  if (!serve_machine()) return status;
  LogLine line;
  line << "ended with status "_p << status;
  log_line(line);
  sys_sync();
  sys_reboot(reboots ? RB_AUTOBOOT : RB_POWER_OFF);
  return status;
}

}  // namespace cardboard
