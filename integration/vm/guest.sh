#!/bin/sh
# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# guest.sh GROUP...: COMMAND in the machine, under the cardboard that is its process 1. Sets up what a machine needs,
# as that mounts nothing, and runs the groups of tests that are beside it. A line for each goes to the second serial
# line, "ok NAME" or "not ok NAME: WHY" and what the test had to say behind "#", and at the end "done".
#
# A group is a list of `check NAME FUNCTION`. The function has a directory of its own to work in, and fails with the
# first command in it that does, and where it leaves anything behind.

set_up() {
  /bin/busybox --install -s /bin
  # Who made the image need not have been root.
  chown -hR 0:0 /bin /etc /home /init /root /run /tests /tmp
  chmod 1777 /tmp
  mount -t proc proc /proc
  mount -t sysfs sysfs /sys
  mount -t devtmpfs devtmpfs /dev
  insmod /tests/overlay.ko
  exec 3>/dev/ttyS1
  # No newline is to become two characters.
  stty raw <&3
  echo user:x:1000:1000::/tmp:/bin/sh >/etc/passwd
  echo user:x:1000: >/etc/group
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  delegate_cgroup
}

# The ordinary user's control groups are as systemd makes them: one that is all the user's, and in that one for what
# the user runs. That one has the controllers.
delegate_cgroup() {
  echo +cpu +memory +pids >/sys/fs/cgroup/cgroup.subtree_control
  mkdir -p /sys/fs/cgroup/user/session
  echo +cpu +memory +pids >/sys/fs/cgroup/user/cgroup.subtree_control
  chown user:user /sys/fs/cgroup/user/session /sys/fs/cgroup/user/session/cgroup.* \
    /sys/fs/cgroup/user /sys/fs/cgroup/user/cgroup.procs /sys/fs/cgroup/user/cgroup.subtree_control
}

# ---- one test ---------------------------------------------------------------------------------------------------

failures=0

check() {
  name=$1
  shift
  # On the console: the place where it hangs, if it does.
  echo "checking: $name"
  mkdir /run/room
  chmod 777 /run/room
  (
    set -e
    cd /run/room
    "$@"
  ) >/run/log 2>&1 </dev/null
  status=$?
  rm -r /run/room
  if [ "$status" = 0 ] && wait_for nothing_left >>/run/log; then
    echo "ok $name" >&3
  else
    failures=$((failures + 1))
    echo "not ok $name: $(tail -n 1 /run/log)" >&3
    sed 's/^/# /' /run/log >&3
    state >/run/before
  fi
}

# All that a test could leave on a machine which is its own: mounts, files outside of its room, control groups,
# processes.
state() {
  cat /proc/self/mountinfo
  find / -xdev -path /run -prune -o -print
  find /sys/fs/cgroup /dev/shm -type d 2>/dev/null
  # Not in a pipe, where there would be more than this shell, and without the kernel's own.
  ps -o pid,ppid,comm >/run/ps
  awk '$1 != 2 && $2 != 2 && $3 != "ps" { print "process", $1, $3 }' /run/ps
}

nothing_left() {
  state >/run/after
  cmp -s /run/before /run/after || {
    diff /run/before /run/after | sed -n 's/^[-+][^-+]/something is left, or gone: &/p'
    return 1
  }
}

# Polls until the command succeeds, ten seconds at most. Shows the last failure.
wait_for() {
  deadline=$(($(date +%s) + 10))
  until "$@" >/run/tried 2>&1; do
    [ "$(date +%s)" -lt "$deadline" ] || {
      echo "waited in vain for: $*"
      cat /run/tried
      return 1
    }
    usleep 50000
  done
}

fail() {
  echo "$*"
  return 1
}

equal() {
  [ "$1" = "$2" ] || fail "got '$1', expected '$2'"
}

# ends STATUS COMMAND...: runs it. What it writes, to either stdout or stderr, is in output then.
ends() {
  expected=$1
  shift
  ended=0
  output=$("$@" 2>&1) || ended=$?
  [ "$ended" = "$expected" ] || {
    echo "$output"
    fail "ended with status $ended, expected $expected"
  }
}

# says WORDS: that they are the output, whatever blanks and newlines are between them.
says() {
  equal "$(echo $output)" "$1"
}

# ---- callers ----------------------------------------------------------------------------------------------------

# Runs a command as the caller: root or user.
as_caller() {
  if [ "$caller" = root ]; then
    "$@"
  else
    (
      echo 0 >/sys/fs/cgroup/user/session/cgroup.procs
      exec su -- user -c 'exec "$@"' sh "$@"
    )
  fi
}

isolate() {
  as_caller cardboard --isolate "$@"
}

# check_both NAME FUNCTION: as root and as an ordinary user.
check_both() {
  for caller in root user; do check "$1, by $caller" "$2"; done
}

PATH=/bin
export PATH
mounted_at_first=$([ -e /proc/self ] && echo proc)
set_up
state >/run/before
for group in "$@"; do . "/tests/$group.sh"; done
echo done >&3
exit $((failures > 0))
