# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# cardboard --isolate on a machine of its own, where a container that is not one can do real harm: each test is done as
# root and as an ordinary user, and check() looks after what it leaves behind.

greets() {
  ends 0 isolate /bin/hello
  says "Hello, world!"
}

passes_statuses_on() {
  ends 3 isolate /bin/probe exit 3
  ends 137 isolate /bin/probe kill 9
  ends 127 isolate /bin/no-such-command
}

has_an_empty_root() {
  ends 0 isolate /bin/busybox ls -A /
  says "busybox dev etc proc run sys tmp"
}

# Of one process in the container, by its own report.
field() {
  echo "$report" | sed -n "s/^$1[=:][[:blank:]]*//p"
}

has_no_privilege() {
  report=$(isolate /bin/probe report)
  equal "$(field pid) $(field ppid) $(field uid) $(field gid)" "2 1 0 0"
  for set in CapInh CapPrm CapEff CapBnd CapAmb; do equal "$set $(field $set)" "$set 0000000000000000"; done
  equal "$(field NoNewPrivs)" 1
}

has_namespaces_of_its_own() {
  report=$(isolate /bin/probe report)
  for kind in user mnt pid net uts ipc cgroup; do
    outside=$(readlink "/proc/self/ns/$kind")
    [ "$(field "ns_$kind")" ] && [ "$(field "ns_$kind")" != "$outside" ] || fail "has the $kind namespace of the host"
  done
}

# Host root is nobody inside.
maps_ids() {
  ends 0 isolate /bin/busybox cat /proc/self/uid_map /proc/self/gid_map
  set -- $output
  if [ "$caller" = root ]; then
    equal "$1 $3 $4 $6" "0 65536 0 65536"
    [ "$2" -ge 65536 ] && [ "$5" -ge 65536 ]
  else
    equal "$*" "0 1000 1 0 1000 1"
  fi
}

writes_nowhere_but_in_memory() {
  before=$(md5sum /bin/busybox)
  for place in /new /etc/new /busybox /proc/sys/kernel/hostname; do
    ends 1 isolate /bin/busybox sh -c "echo x >$place"
  done
  ends 0 isolate /bin/busybox sh -c 'for place in /tmp /run /dev/shm; do echo x >$place/new || exit; done'
  equal "$(md5sum /bin/busybox)" "$before"
}

# Each of these would be felt: a machine that is reset, a program that host root runs, a clock that is wrong.
cannot_harm_the_machine() {
  before=$(cat /proc/sys/kernel/core_pattern)
  ends 1 isolate /bin/busybox sh -c 'echo b >/proc/sysrq-trigger'
  ends 1 isolate /bin/busybox sh -c 'echo "|/tmp/evil" >/proc/sys/kernel/core_pattern'
  equal "$(cat /proc/sys/kernel/core_pattern)" "$before"
  ends 1 isolate /bin/busybox reboot -f
  isolate /bin/busybox date -s 2040-01-01 || true
  [ "$(date +%Y)" -lt 2040 ] || fail "the machine's clock was set"
  ends 1 isolate /bin/busybox mknod /tmp/disk b 259 0
  ends 1 isolate /bin/busybox mount -t tmpfs tmpfs /tmp
}

has_loopback_alone() {
  ends 0 isolate /bin/probe loopback
  says "interface=lo connected"
}

is_the_root_of_its_cgroups() {
  ends 0 isolate /bin/busybox cat /proc/self/cgroup
  says "0::/"
}

# The user's control groups are delegated here.
is_found_to_work() {
  ends 0 as_caller cardboard --doctor
  echo "$output"
  echo "$output" | grep -qx 'ok  limits of .*, by cgroups of version 2'
  echo "$output" | tail -n 1 | grep -qx -- '--isolate works here'
  ! echo "$output" | grep '^no'
}

# ---- its end ----------------------------------------------------------------------------------------------------

# kill_outside SIGNAL STATUS: sends the process outside a signal, of which COMMAND ends with 7 if it is TERM.
kill_outside() {
  isolate /bin/probe linger 0 7 >out &
  wait_for grep -q ready out
  # The first of two, as the init inside is younger.
  kill "-$1" "$(grep -lx cardboard /proc/[0-9]*/comm | cut -d / -f 3 | sort -n | head -n 1)"
  ended=0
  wait $! || ended=$?
  equal "$ended" "$2"
}

passes_signals_on() {
  kill_outside TERM 7
}

ends_when_killed() {
  kill_outside KILL 137
}

check_both "hello says hello, exits 0 and leaves nothing" greets
check_both "statuses are passed on" passes_statuses_on
check_both "the root holds COMMAND's file alone" has_an_empty_root
check_both "no capability, no new privileges, user 0, process 2" has_no_privilege
check_both "all namespaces are new" has_namespaces_of_its_own
check_both "host root is nobody inside" maps_ids
check_both "only memory can be written to" writes_nowhere_but_in_memory
check_both "the machine cannot be harmed" cannot_harm_the_machine
check_both "the network is loopback" has_loopback_alone
check_both "the control group is the root of what can be seen" is_the_root_of_its_cgroups
check_both "the doctor finds that all works" is_found_to_work
check_both "a signal is passed on" passes_signals_on
check_both "KILL to the process outside ends all" ends_when_killed
