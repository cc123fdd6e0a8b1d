# SPDX-License-Identifier: MIT
# --isolate under limits, with control groups of version 1, as this machine and hybrid ones have them: that each limit
# holds, that who is out of memory is told so, and that no group stays. Version 2 is tried in the virtual machine
# (vm/guest/limits.sh).

load helpers

readonly CGROUPS=/sys/fs/cgroup

setup_file() {
  needs jq
  open_workshop
}

setup() {
  needs_root
  [ -e "$CGROUPS/memory/memory.limit_in_bytes" ] || skip "needs control groups of version 1"
  enter_room
}

teardown() {
  leave_room
  [ -z "${PARENT:-}" ] || rmdir "$CGROUPS"/*/"$PARENT"
}

# Those of this room's: the name begins with the pid of the process outside.
groups_of() {
  compgen -G "$CGROUPS/*/${2:-}cardboard-$1-*"
}

no_groups_of() {
  ! groups_of "$@"
}

# Other cardboards may run meanwhile, and so only those groups count that have no process.
empty_groups() {
  local group
  for group in "$CGROUPS"/*/cardboard-[0-9]* "$CGROUPS"/*/*/cardboard-[0-9]*; do
    [ ! -e "$group/cgroup.procs" ] || [ -n "$(<"$group/cgroup.procs")" ] || echo "$group"
  done 2>/dev/null
}

no_empty_groups() {
  [ -z "$(empty_groups)" ]
}

# The pid of the container's init; the process outside has the remover of the groups for a child, too.
init_inside() {
  local pid
  for pid in $(children_of "$INIT"); do
    [ "$(readlink "/proc/$pid/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || { echo "$pid" && return; }
  done
  return 1
}

remover() {
  local pid
  for pid in $(children_of "$INIT"); do
    [ "$(readlink "/proc/$pid/ns/pid")" != "$(readlink /proc/self/ns/pid)" ] || { echo "$pid" && return; }
  done
  return 1
}

has_command() {
  [ -n "$(children_of "$(init_inside)")" ]
}

# Starts a COMMAND that waits, under limits.
start_limited() {
  start --isolate "$@" "$PROBE" wait
  wait_for init_inside
  wait_for has_command
}

stop_limited() {
  kill -TERM "$INIT"
  finish
  no_groups_of "$INIT"
}

# assert_set FILE VALUE: in the group of version 1 that has it.
assert_set() {
  assert_equal "$1 $(cat "$CGROUPS/${1%%.*}/cardboard-$INIT"-*/"$1")" "$1 $2"
}

report_of() {
  jq -c "$1" report
}

# ---- memory ----------------------------------------------------------------------------------------------------------

@test "who takes more than --memory is killed, and told so" {
  try isolate --memory 32m --report report "$PROBE" use 0 64
  assert_status 137
  assert_equal "$stderr" "cardboard: out of memory: the limit is 33554432 bytes"
  assert_equal "$(report_of '[.ended, .status, .signal, .oom_kills]')" '["oom",137,9,1]'
  assert_equal "$(report_of '.memory_peak_bytes')" 33554432
  assert_equal "$(report_of .limits)" \
    '{"memory.limit_in_bytes":"33554432","memory.memsw.limit_in_bytes":"33554432"}'
  wait_for no_empty_groups
}

@test "who takes less is not, and the peak is what the group has counted" {
  try isolate --memory 128m --report report "$BUSYBOX" true
  assert_status 0
  assert_equal "$stderr" ""
  try isolate --memory 128m --report report "$PROBE" use 0 64
  assert_status 0
  assert_equal "$stderr" ""
  assert_equal "$(report_of '[.ended, .oom_kills, .memory_peak_bytes >= 67108864, .memory_peak_bytes < 75497472]')" \
    '["exited",0,true,true]'
}

@test "a KILL that has nothing to do with memory is none for want of it" {
  try isolate --memory 32m --report report "$PROBE" kill 9
  assert_status 137
  assert_equal "$stderr" ""
  assert_equal "$(report_of '[.ended, .oom_kills]')" '["signaled",0]'
}

@test "where another than COMMAND was killed for memory it is said, and COMMAND goes on" {
  make_root_directory root
  try isolate --memory 32m --report report --root root /bin/busybox sh -c '/bin/probe use 0 64; echo $?'
  assert_status 0
  assert_output 137
  assert_equal "$(tail -n 1 <<<"$stderr")" "cardboard: out of memory: the limit is 33554432 bytes"
  assert_equal "$(report_of '[.ended, .oom_kills]')" '["exited",1]'
}

@test "--memory-swap is the limit of both, and either alone forbids swap" {
  start_limited --memory 32m --memory-swap 48m
  assert_set memory.limit_in_bytes 33554432
  assert_set memory.memsw.limit_in_bytes 50331648
  stop_limited
  start_limited --memory 1g
  assert_set memory.memsw.limit_in_bytes 1073741824
  stop_limited
  start_limited --memory-swap 1g
  assert_set memory.limit_in_bytes 1073741824
  assert_set memory.memsw.limit_in_bytes 1073741824
  stop_limited
}

# ---- processes and processors ----------------------------------------------------------------------------------------

@test "--pids-limit counts all processes of the container, the init and COMMAND among them" {
  try isolate --pids-limit 50 --report report "$PROBE" multiply 500
  assert_status 0
  assert_output "children=48"
  assert_equal "$(report_of '[.pids_peak, .limits]')" '[50,{"pids.max":"50"}]'
}

@test "--cpus 0.5 gives a busy loop half of a processor" {
  # 500 ms of time take a second; on a busy machine they may take more.
  try took 850 15000 isolate --cpus 0.5 --report report "$PROBE" use 500 0
  assert_status 0
  assert_equal "$(report_of '(.user_us + .system_us) / .wall_us | . > 0.05 and . < 0.6')" true
  start_limited --cpus 1.25
  assert_set cpu.cfs_quota_us 125000
  stop_limited
}

@test "--cpu-shares is the weight" {
  start_limited --cpu-shares 512
  assert_set cpu.shares 512
  stop_limited
}

@test "--cpuset-cpus leaves these processors alone" {
  local last
  last=$(grep -c ^processor /proc/cpuinfo)
  last=$((last - 1))
  try isolate --cpuset-cpus "$last" "$BUSYBOX" grep Cpus_allowed_list /proc/self/status
  assert_status 0
  assert_match "$output" "[[:blank:]]$last\$"
}

# ---- groups ----------------------------------------------------------------------------------------------------------

@test "limits of all kinds at once, and each is in the report" {
  try isolate --memory 64m --pids-limit 20 --cpus 2 --cpu-shares 100 --cpuset-cpus 0 --report report "$PROBE" exit 3
  assert_status 3
  assert_equal "$(report_of '.limits | keys_unsorted | join(" ")')" \
    "\"memory.limit_in_bytes memory.memsw.limit_in_bytes pids.max cpu.cfs_quota_us cpu.shares cpuset.cpus\""
}

@test "without a limit there is no group, and no further process" {
  start --isolate "$PROBE" wait
  wait_for init_inside
  no_groups_of "$INIT"
  assert_equal "$(children_of "$INIT" | wc -w)" 1
  kill -TERM "$INIT"
  finish
}

@test "the container sees its own group as the top" {
  try isolate --memory 64m --pids-limit 9 "$BUSYBOX" grep -E ':(memory|pids):' /proc/self/cgroup
  assert_status 0
  assert_equal "$(cut -d: -f3 <<<"$output")" $'/\n/'
}

@test "--cgroup-parent has the groups made there" {
  PARENT=cardboard-bats-$TAG
  mkdir "$CGROUPS/memory/$PARENT" "$CGROUPS/pids/$PARENT"
  start_limited --memory 64m --pids-limit 9 --cgroup-parent "/$PARENT"
  groups_of "$INIT" "$PARENT/"
  no_groups_of "$INIT"
  assert_equal "$(cat "$CGROUPS/pids/$PARENT/cardboard-$INIT"-*/pids.max)" 9
  kill -TERM "$INIT"
  finish
  no_groups_of "$INIT" "$PARENT/"
}

@test "a limit that cannot be had is an error that names the controller, and nothing is run or left" {
  refused() {
    try isolate "$@" "$BUSYBOX" echo ran
    assert_status 125
    assert_output ""
    assert_one_message "$stderr"
    wait_for no_empty_groups
  }
  refused --memory 64m --cpuset-cpus 4000
  assert_equal "$stderr" "cardboard: cannot limit cpuset: Numerical result out of range"
  # Less for both than for the one.
  refused --memory 64m --memory-swap 32m
  assert_equal "$stderr" "cardboard: cannot limit memory: Invalid argument"
  refused --pids-limit 9 --cgroup-parent /no-such-group
  assert_match "$stderr" "^cardboard: cannot limit pids: No such file or directory"
  be_caller user
  refused --memory 64m
  assert_match "$stderr" "^cardboard: cannot limit memory: Permission denied"
  assert_match "$stderr" "cardboard: hint: .*systemd-run --user --scope -p Delegate=yes"
}

@test "a limit that is none is a usage error" {
  local word
  for word in --memory={0,x,-1,1.5m} --memory-swap=0 --pids-limit={0,max} --cpus={0,.,1.2.3,0.123456,-1} \
    --cpu-shares=0 --cpuset-cpus=; do
    try isolate "$word" "$PROBE" exit 0
    assert_status 125
    assert_match "$stderr" "^cardboard: option '${word%%=*}' expects a"
  done
  try cardboard --memory 64m "$PROBE" exit 0
  assert_status 125
  assert_match "$stderr" "'--memory'.*--isolate"
}

@test "no group stays when COMMAND cannot be run" {
  try isolate --memory 64m "$ROOM"
  assert_status 126
  try isolate --memory 64m --root / /no/such/command
  assert_status 127
  wait_for no_empty_groups
}

@test "no group stays when cardboard is killed, whenever that is" {
  local delay
  start_limited --memory 64m --pids-limit 9
  kill -KILL "$INIT"
  wait_for no_groups_of "$INIT"
  finish
  for delay in 0 1 2 3 4 5 6 7 8 9; do
    start --isolate --memory 64m --pids-limit 9 "$PROBE" wait
    sleep "0.00$delay"
    kill -KILL "$INIT"
    finish
    wait_for no_groups_of "$INIT"
  done
}

@test "no group stays of a hundred containers at once" {
  local n failures=0 jobs=()
  for ((n = 0; n < 100; ++n)); do
    in_place "$CARDBOARD" --isolate --memory 64m --pids-limit 9 "$HELLO" >>greetings &
    jobs+=("$!")
  done
  for n in "${jobs[@]}"; do wait "$n" || failures=$((failures + 1)); done
  assert_equal "$failures failures, $(grep -cx 'Hello, world!' greetings) greetings" "0 failures, 100 greetings"
  wait_for no_empty_groups
}

has_no_descriptor() {
  [ -z "$(ls "/proc/$1/fd")" ]
}

@test "what removes the groups holds nothing of the caller's, and is moved by no signal of habit" {
  start_limited --memory 64m
  local pid
  pid=$(remover)
  wait_for has_no_descriptor "$pid"
  assert_equal "$(ps -o sid= -p "$pid" | tr -d ' ')" "$pid"
  kill -TERM "$pid"
  kill -HUP "$pid"
  kill -INT "$pid"
  sleep 0.1
  groups_of "$INIT"
  [ "$(remover)" = "$pid" ]
  stop_limited
  [ ! -e "/proc/$pid" ]
}
