# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# What process 1 of a machine owes to all that runs on it.

mounted_nothing() {
  equal "$mounted_at_first" ""
}

is_the_init() {
  equal "$(cat /proc/1/comm)" init
  equal "$PPID" 1
}

reaps_orphans() {
  ends 0 probe orphans 100 1
  says "orphans=100 adopted=100 left=0"
}

# In the words of the kernel: a machine that is reset at once, or an INT to process 1.
takes_ctrl_alt_del() {
  equal "$(cat /proc/sys/kernel/ctrl-alt-del)" 0
}

check "process 1 has mounted nothing by itself" mounted_nothing
check "process 1 is cardboard, and COMMAND's parent" is_the_init
check "process 1 adopts and reaps a hundred orphans" reaps_orphans
check "Ctrl-Alt-Del is left to process 1" takes_ctrl_alt_del
