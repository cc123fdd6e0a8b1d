# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# cardboard --isolate under limits, with control groups of version 2: by root in a group at the top, by an ordinary user
# in one below that which was delegated to it. check() looks whether a group stays.

# Of the report's, by sed.
reported() {
  sed -n "s/.*\"$1\":\([^,}]*\).*/\1/p" report
}

# Where the container's group is.
parent() {
  if [ "$caller" = root ]; then echo /sys/fs/cgroup; else echo /sys/fs/cgroup/user/session; fi
}

kills_who_takes_too_much() {
  ends 137 isolate --memory 32m --report report /bin/probe use 0 48
  says "cardboard: out of memory: the limit is 33554432 bytes"
  equal "$(reported ended) $(reported status) $(reported memory.max)" '"oom" 137 "33554432"'
  equal "$(reported memory.swap.max) $(($(reported oom_kills) > 0))" '"0" 1'
}

# The group's own count, with the pages of the init; as far as the kernel has memory.peak, from Linux 5.19 on.
spares_who_takes_less() {
  ends 0 isolate --memory 64m --report report /bin/probe use 0 32
  says ""
  equal "$(reported ended) $(reported oom_kills)" '"exited" 0'
  [ "$(reported memory_peak_bytes)" -ge 33554432 ] && [ "$(reported memory_peak_bytes)" -le 41943040 ]
}

# The whole container: with version 2 no part of it goes on without the rest.
kills_the_whole_container() {
  ends 137 isolate --memory 32m --root / --report report /bin/sh -c '/bin/probe use 0 48; echo survived'
  says "cardboard: out of memory: the limit is 33554432 bytes"
  equal "$(reported ended)" '"oom"'
}

counts_processes() {
  ends 0 isolate --pids-limit 20 --report report /bin/probe multiply 100
  says "children=18"
  equal "$(reported pids.max)" '"20"'
}

# Half a second of processor time takes a whole one.
slows_down() {
  ends 0 isolate --cpus 0.5 --report report /bin/probe use 500 0
  [ "$(reported wall_us)" -ge 850000 ]
}

# set_to FILE VALUE, in the group of the container that runs.
set_to() {
  equal "$1 $(cat "$(parent)"/cardboard-*[0-9]/"$1")" "$1 $2"
}

# The process outside is the oldest.
outside() {
  grep -lx cardboard /proc/[0-9]*/comm | cut -d / -f 3 | sort -n | head -n 1
}

# Starts a container under limits that waits for TERM.
start_limited() {
  isolate "$@" /bin/probe linger 0 7 >out &
  wait_for grep -q ready out
}

# stop_limited SIGNAL STATUS
stop_limited() {
  kill "-$1" "$(outside)"
  ended=0
  wait $! || ended=$?
  equal "$ended" "$2"
}

sets_all() {
  start_limited --memory 32m --memory-swap 48m --pids-limit 9 --cpus 1.5 --cpu-shares 512
  set_to memory.max 33554432
  set_to memory.swap.max 16777216
  set_to memory.oom.group 1
  set_to pids.max 9
  set_to cpu.max "150000 100000"
  set_to cpu.weight 50
  # The process outside, and the one that removes the groups.
  equal "$(cat "$(parent)"/cardboard-*.outside/cgroup.procs 2>/dev/null | wc -l)" 2
  stop_limited TERM 7
}

leaves_nothing_when_killed() {
  start_limited --memory 32m --pids-limit 9
  stop_limited KILL 137
}

# What the group above gives no longer, it can have again: nothing was left switched on.
gives_the_group_back() {
  ends 0 isolate --memory 32m --pids-limit 9 /bin/hello
  [ "$caller" = root ] || equal "controllers: $(cat "$(parent)/cgroup.subtree_control")" "controllers: "
}

sees_the_top() {
  ends 0 isolate --memory 32m /bin/busybox cat /proc/self/cgroup
  says "0::/"
}

# Root has all controllers, the user those that were delegated.
limits_processors() {
  if [ "$caller" = user ]; then
    ends 125 isolate --cpuset-cpus 0 /bin/hello
    equal "$(echo "$output" | head -n 1)" "cardboard: cannot limit cpuset: No such file or directory"
    return
  fi
  ends 0 isolate --cpuset-cpus 0 /bin/busybox grep Cpus_allowed_list /proc/self/status
  says "Cpus_allowed_list: 0"
}

# In a group that others are in, too, nobody but root can be limited.
needs_a_group_of_its_own() {
  [ "$caller" = user ] || return 0
  sleep 1000 &
  echo $! >/sys/fs/cgroup/user/session/cgroup.procs
  ends 125 isolate --memory 32m /bin/hello
  equal "$(echo "$output" | head -n 1)" "cardboard: cannot limit memory: Device or resource busy"
  echo "$output" | grep -q "systemd-run --user --scope -p Delegate=yes"
  kill $!
  wait $! || true
}

makes_groups_where_it_is_told() {
  mkdir /sys/fs/cgroup/elsewhere
  chown user:user /sys/fs/cgroup/elsewhere /sys/fs/cgroup/elsewhere/*
  if [ "$caller" = root ]; then
    ends 0 isolate --memory 32m --cgroup-parent /elsewhere --report report /bin/hello
    grep -q memory /sys/fs/cgroup/elsewhere/cgroup.subtree_control
  else
    # There to make groups in, but to take processes there is not the user's right.
    ends 125 isolate --memory 32m --cgroup-parent /elsewhere /bin/hello
  fi
  wait_for rmdir /sys/fs/cgroup/elsewhere
}

check_both "who takes more memory than there is, is killed" kills_who_takes_too_much
check_both "who takes less is spared" spares_who_takes_less
check_both "out of memory, the container ends whole" kills_the_whole_container
check_both "processes are counted" counts_processes
check_both "a busy loop gets half of a processor" slows_down
check_both "each limit is where the kernel looks for it" sets_all
check_both "no group stays when the process outside is killed" leaves_nothing_when_killed
check_both "the group that it was in is as it was" gives_the_group_back
check_both "the container sees its own group as the top" sees_the_top
check_both "processors can be chosen where that is delegated" limits_processors
check_both "an ordinary user needs a group of its own" needs_a_group_of_its_own
check_both "--cgroup-parent has the group made there" makes_groups_where_it_is_told
