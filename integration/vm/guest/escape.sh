# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# Ways out of a container that another machine may not have, or that are better not tried on it; escape.bats has the
# others. Each is stopped inside, on either network, by default and with every capability that a container can have, and
# is then made outside by host root, for whom it works.

readonly denied="Operation not permitted"
readonly denied_by_mode="Permission denied"
readonly sealed="Read-only file system"

# stopped_with OPTION REASON ATTACK [ARG]...
stopped_with() {
  option=$1
  reason=$2
  shift 2
  for network in none host; do
    ends 1 isolate --network $network $option /bin/escape "$@"
    echo "$output" | grep -qxE "stopped: ($reason)" || fail "$network $option $*: $output, expected $reason"
  done
}

succeeds_outside() {
  output=$(escape "$@" 2>/dev/null)
  says succeeded
}

# Opened and not written to, which would reset the machine.
sysrq() {
  stopped_with "" "$sealed|$denied_by_mode" write /proc/sysrq-trigger
  stopped_with --cap-add=all "$sealed|$denied_by_mode" write /proc/sysrq-trigger
  succeeds_outside write /proc/sysrq-trigger
}

core_pattern() {
  for setting in core_pattern modprobe; do
    stopped_with "" "$sealed|$denied_by_mode" write "/proc/sys/kernel/$setting"
    stopped_with --cap-add=all "$sealed|$denied_by_mode" write "/proc/sys/kernel/$setting"
    succeeds_outside write "/proc/sys/kernel/$setting"
  done
}

# Covered by a mask, which is empty.
kernel_memory() {
  stopped_with "" "No data available" read /proc/kcore
  stopped_with --cap-add=all "No data available" read /proc/kcore
  succeeds_outside read /proc/kcore
}

memory_device() {
  stopped_with "" "$denied" make-node /tmp/mem c 1 1
  stopped_with --cap-add=all "$denied" make-node /tmp/mem c 1 1
  succeeds_outside make-node /run/room/mem c 1 1
}

disk() {
  number=$(stat -c '$((0x%t)) $((0x%T))' /dev/nvme0n1)
  eval "number=\"$number\""
  stopped_with "" "$denied" make-node /tmp/disk b $number
  stopped_with --cap-add=all "$denied" make-node /tmp/disk b $number
  succeeds_outside make-node /run/room/disk b $number
}

modules() {
  stopped_with "" "$denied" load-module
  stopped_with --cap-add=all "$denied" load-module
  succeeds_outside load-module
}

ports() {
  stopped_with "" "$denied" gain-ports
  stopped_with --cap-add=all "$denied" gain-ports
  succeeds_outside gain-ports
}

kernel_log() {
  stopped_with "" "$denied" read-kernel-log
  stopped_with --cap-add=all "$denied" read-kernel-log
  succeeds_outside read-kernel-log
}

all_settings() {
  stopped_with "" "$denied_by_mode" write-any /proc
  succeeds_outside write-any /proc
  stopped_with "" "$denied_by_mode|No such file or directory" write-any /sys
  succeeds_outside write-any /sys
}

check_both "sysrq cannot be triggered" sysrq
check_both "the programs that the kernel starts cannot be set" core_pattern
check_both "the kernel's memory cannot be read" kernel_memory
check_both "the machine's memory is no device inside" memory_device
check_both "the machine's disk is no device inside" disk
check_both "no module can be loaded" modules
check_both "no ports can be had" ports
check_both "the kernel's log cannot be read" kernel_log
check_both "no setting of the machine can be written" all_settings
