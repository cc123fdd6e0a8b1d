#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# cardboard under the names of tini, dumb-init and catatonit. Where equality byte for byte is meant the program itself
# runs beside it, from Debian's packages; what differs between two runs of one program, pids and versions, is blanked.

load helpers

readonly OURS=$WORKSHOP/ours # cardboard, under every name
readonly PEERS=$WORKSHOP/peers
readonly -a NAMES=(tini dumb-init catatonit)

setup_file() {
  open_workshop
  local name
  mkdir -p "$OURS" "$PEERS"
  for name in "${NAMES[@]}" tini-static docker-init podman-init; do cp "$CARDBOARD" "$OURS/$name"; done
  for name in "${NAMES[@]}"; do
    if command -v "$name" >/dev/null; then ln -s "$(command -v "$name")" "$PEERS/$name"; fi
  done
}

setup() {
  enter_room
}

teardown() {
  leave_room
}

# ours NAME ARG..., peer NAME ARG...: run by name, as argv[0] is part of what is said.
ours() {
  in_place env "PATH=$OURS:$PUBLIC_PATH" "$@"
}

peer() {
  in_place env "PATH=$PEERS:$PUBLIC_PATH" "$@"
}

start_ours() {
  start_program "$OURS/$1" "${@:2}"
}

# The newest of each program is what cardboard says that it is; Debian's may be older.
blank() {
  sed -E -e 's/(\((tini |catatonit:)?|tini \(|catatonit:|process |pid .?|pid=|PID |pid1 \()[0-9]+/\1N/g' \
    -e 's/(tini version )[0-9.]+( - git\.[0-9a-f]+)?/\1V/'
}

# What we do is what the program does: status, stdout, stderr.
assert_same() {
  local expected_status expected_output expected_stderr
  try peer "$@"
  expected_status=$status expected_output=$(blank <<<"$output") expected_stderr=$(blank <<<"$stderr")
  try ours "$@"
  echo "-- $*: status $status, of the program itself $expected_status"
  assert_equal "$(blank <<<"$output")" "$expected_output"
  assert_equal "$(blank <<<"$stderr")" "$expected_stderr"
  assert_status "$expected_status"
}

is_stopped() {
  grep -q '^State:.T' "/proc/$1/status"
}

is_not_stopped() {
  ! is_stopped "$1"
}

# ---- information ------------------------------------------------------------------------------------------------

@test "each name has the version of its program, on its stream" {
  local name
  for name in tini tini-static docker-init; do
    try ours "$name" --version
    assert_status 0
    assert_output "tini version 0.19.0 - git.de40ad0"
    assert_equal "$stderr" ""
  done
  for name in catatonit podman-init; do
    try ours "$name" --version
    assert_status 0
    assert_output "tini version 0.2.1_catatonit"
    assert_equal "$stderr" ""
  done
  try ours dumb-init --version
  assert_status 0
  assert_output ""
  assert_equal "$stderr" "dumb-init v1.2.5"
  try cardboard --version
  assert_match "$output" '^cardboard '
}

@test "help and version are those of the program, on the same stream" {
  needs "${NAMES[@]}"
  informed() {
    assert_same tini -h
    assert_same tini --version
    assert_same tini -gh --bogus
    assert_same dumb-init -h
    assert_same dumb-init --help
    assert_same dumb-init -V
    assert_same dumb-init --version
    assert_same dumb-init -cvh
    assert_same catatonit -h
    assert_same catatonit -V
    assert_same catatonit --version
  }
  both_ways informed
}

@test "the license is our own under every name" {
  local line
  for line in "tini -l" "catatonit -L"; do
    # shellcheck disable=SC2086 # the words of a line
    try ours $line
    assert_status 0
    assert_match "$output" 'SPDX-License-Identifier: MIT'
    assert_equal "$stderr" ""
  done
}

# ---- mistakes ---------------------------------------------------------------------------------------------------

@test "a mistake on the command line is met as the program meets it" {
  needs "${NAMES[@]}"
  local name
  for name in "${NAMES[@]}"; do
    assert_same "$name"
    assert_same "$name" --
    assert_same "$name" -z true
    assert_same "$name" --yolo true
    assert_same "$name" --yolo=1 true
    assert_same "$name" -vgz true
  done
  assert_same tini --help
  assert_same tini --version=1
  assert_same tini -p
  assert_same tini -ge
  assert_same tini -p TERM true
  assert_same tini -p 15 true
  assert_same tini -pSIGFOO true
  assert_same tini -e 256 true
  assert_same tini -e -1 true
  assert_same tini -e x true
  assert_same tini -e 1:2 true
  assert_same catatonit --version=1
  assert_same catatonit --help
  assert_same dumb-init --help=1
}

# The cases of dumb-init's own tests/cli_test.py.
@test "dumb-init's -r refuses what the program refuses" {
  needs dumb-init
  local value
  assert_same dumb-init -r
  for value in '' herp herp:derp 15 15::12 15:derp 0 1:32 0:1 32:1 -1:1 15: :15; do
    assert_same dumb-init -r "$value" echo oh, hi
    assert_same dumb-init -r 15:12 "--rewrite=$value" echo oh, hi
  done
  assert_same dumb-init -r 15:12 -r
  assert_same dumb-init -r 15:12 -r1:0 echo oh, hi
}

# ---- COMMAND that cannot be executed ----------------------------------------------------------------------------

@test "COMMAND that cannot be executed gives the status and the words of the program" {
  needs "${NAMES[@]}"
  : >plain
  mkdir directory
  printf '#!/nonexistent\n' >orphaned
  chmod 755 orphaned
  refused() {
    local name file
    for name in "${NAMES[@]}"; do
      for file in /nonexistent nonexistent ./plain ./directory ./plain/below ./orphaned; do
        assert_same "$name" "$file" an argument
      done
    done
  }
  every_way refused
}

@test "the statuses of a failed exec are the program's" {
  : >plain
  statuses() {
    local expected name
    while read -r name expected; do
      try ours "$name" ./nonexistent
      got=$status
      try ours "$name" ./plain
      got+=" $status"
      try ours "$name" ./plain/below
      got+=" $status"
      assert_equal "$name $got" "$name $expected"
    done <<<"tini 127 126 1
dumb-init 2 2 2
catatonit 1 1 1"
  }
  every_way statuses
}

# ---- what is said, and what is not ------------------------------------------------------------------------------

@test "where all is well the program's silence is kept" {
  silent() {
    local name
    for name in dumb-init catatonit "tini -s"; do
      # shellcheck disable=SC2086 # the words of a line
      try ours $name "$PROBE" orphans 3
      assert_status 0
      assert_output "orphans=3 adopted=3 left=0"
      assert_equal "$stderr" ""
      # shellcheck disable=SC2086
      try ours $name -- sh -c 'sleep 0.05 & kill $$'
      assert_status 143
      assert_equal "$output$stderr" ""
    done
  }
  every_way silent
}

@test "tini warns where it reaps nobody, as the program does, and -s or the variable makes it reap" {
  needs tini
  warned() {
    assert_same tini true
    if [ "$PLACE" = pid1 ]; then assert_equal "$stderr" ""; else assert_match "$stderr" "isn't registered as a"; fi
    assert_same tini -s true
    assert_equal "$stderr" ""
    assert_same env TINI_SUBREAPER= tini true
    assert_equal "$stderr" ""
    assert_same env TINI_VERBOSITY=0 tini true
    assert_equal "$stderr" ""
    assert_same env TINI_VERBOSITY=0 tini -vvv true
    assert_equal "$stderr" ""
  }
  every_way warned
}

@test "tini without -s leaves orphans to another, with it they are its own" {
  try ours tini "$PROBE" orphans 1
  assert_status 1
  assert_match "$output" 'adopted=0'
  try ours tini -s "$PROBE" orphans 1
  assert_status 0
}

@test "tini -v, -vvv and -w say what the program says, each on its stream" {
  needs tini
  talks() {
    assert_same tini -sv true
    assert_match "$output" "Spawned child process 'true' with pid '[0-9]+'"
    assert_same tini -sv "$PROBE" exit 7
    assert_same env TINI_VERBOSITY=2 tini -s true
    assert_same tini -sw "$PROBE" orphans 1
    assert_match "$stderr" 'Reaped zombie process with pid=[0-9]+$'
    try ours tini -svv true
    assert_match "$output" $'\n''\[DEBUG tini \([0-9]+\)\] Received SIGCHLD'
    assert_equal "$stderr" ""
  }
  every_way talks
}

# What dumb-init's own tests/cli_test.py looks for.
@test "dumb-init -v tells of a run as the program does" {
  local line end='\[dumb-init\] Child spawned with PID [0-9]+\.
(.*\[dumb-init\] setsid complete\.
)?\[dumb-init\] Received signal 17\.
\[dumb-init\] A child with PID [0-9]+ exited with exit status 0\.
\[dumb-init\] Forwarded signal 15 to children\.
\[dumb-init\] Child exited with status 0\. Goodbye\.$'
  told() {
    for line in -v --verbose "-v -c" "--verbose --single-child" "-vv"; do
      # shellcheck disable=SC2086 # the words of a line
      try ours dumb-init $line echo oh, hi
      assert_status 0
      assert_output "oh, hi"
      assert_match "$stderr" "$end"
    done
    try ours env DUMB_INIT_DEBUG=1 DUMB_INIT_SETSID=0 dumb-init echo oh, hi
    assert_match "$stderr" "^$end"
    assert_no_match "$stderr" setsid
    try ours env DUMB_INIT_DEBUG=2 dumb-init echo oh, hi
    assert_equal "$stderr" ""
  }
  every_way told
}

@test "dumb-init -c -v says all that the program says" {
  needs dumb-init
  assert_same dumb-init -cv true
  assert_same dumb-init -cv "$PROBE" exit 7
  assert_same dumb-init -cv "$PROBE" kill 9
}

@test "dumb-init -v tells of signals, rewritten and dropped ones" {
  start_ours dumb-init -v -r 1:10 -r 12:0 "$PROBE" signals
  wait_for_line ready
  kill -HUP "$INIT"
  wait_for_line 10
  kill -USR2 "$INIT"
  kill -TERM "$INIT"
  wait_for_line 15
  kill_command
  assert_equal "$output" $'ready\n10\n15'
  assert_equal "$(sed -n '/Received signal 1\./,/Forwarded signal 15/p' <<<"$stderr" | sed 's/\[dumb-init\] //')" \
    "Received signal 1.
Translating signal 1 to 10.
Forwarded signal 10 to children.
Received signal 12.
Translating signal 12 to 0.
Not forwarding signal 0 to children (ignored).
Received signal 15.
Forwarded signal 15 to children."
}

@test "catatonit's debugging messages name what the program names" {
  try ours env CATATONIT_DEBUG= catatonit "$PROBE" orphans 1
  assert_status 0
  assert_match "$stderr" 'DEBUG \(catatonit:[0-9]+\): pid1 \([0-9]+\) spawned: '
  assert_match "$stderr" 'DEBUG \(catatonit:[0-9]+\): child process [0-9]+ exited with code 0'
}

# ---- exit status ------------------------------------------------------------------------------------------------

@test "the exit status is COMMAND's under every name, and tini -e makes it 0" {
  ended() {
    local name
    for name in "${NAMES[@]}"; do
      try ours "$name" "$PROBE" exit 77
      assert_status 77
      try ours "$name" "$PROBE" kill 15
      assert_status 143
      try ours "$name" "$PROBE" kill 64
      assert_status 192
    done
    try ours tini -e 143 -e 3 "$PROBE" kill 15
    assert_status 0
    try ours tini -e 143 -e 3 "$PROBE" exit 3
    assert_status 0
    try ours tini -e 143 -e 3 "$PROBE" exit 4
    assert_status 4
  }
  every_way ended
}

# ---- signals ----------------------------------------------------------------------------------------------------

# A member of COMMAND's group that reports its signals to the file member, and COMMAND that reports to OUT.
start_group() {
  rm -f member
  # shellcheck disable=SC2016 # COMMAND's to expand
  start_ours "$@" sh -c '"$0" signals >>member & exec "$0" signals' "$PROBE"
  wait_for_line ready
  wait_for grep -qx ready member
}

@test "a signal is for COMMAND's group or for COMMAND alone, as under the program" {
  whole_group() {
    local line
    for line in dumb-init "tini -gs" "catatonit -g"; do
      # shellcheck disable=SC2086 # the words of a line
      start_group $line --
      kill -USR1 "$INIT"
      wait_for_line 10
      wait_for grep -qx 10 member
      kill -KILL "-$(command_pid)"
      finish
      assert_status 137
    done
  }
  alone() {
    local line
    for line in "dumb-init -c" "tini -s" catatonit; do
      # shellcheck disable=SC2086 # the words of a line
      start_group $line --
      kill -USR1 "$INIT"
      wait_for_line 10
      # What COMMAND got after it proves that the member would have got it by now.
      kill -USR2 "$INIT"
      wait_for_line 12
      assert_equal "$(cat member)" ready
      kill -KILL "-$(command_pid)"
      finish
      assert_status 137
    done
  }
  every_way whole_group
  every_way alone
}

@test "dumb-init gives COMMAND a session of its own, -c and the others do not" {
  local line leads
  # shellcheck disable=SC2016 # COMMAND's to expand
  leads='read -r pid _ _ _ group session _ </proc/$$/stat; echo $((pid == session))'
  for line in dumb-init "env DUMB_INIT_SETSID=1 dumb-init"; do
    # shellcheck disable=SC2086 # the words of a line
    try ours $line sh -c "$leads"
    assert_output 1
  done
  for line in "dumb-init -c" "env DUMB_INIT_SETSID=0 dumb-init" "tini -s" catatonit; do
    # shellcheck disable=SC2086 # the words of a line
    try ours $line -- sh -c "$leads"
    assert_output 0
  done
}

@test "dumb-init stops COMMAND and itself for job control, and both go on" {
  local signal option command
  for signal in TSTP TTIN TTOU; do
    start_ours dumb-init "$PROBE" signals
    wait_for_line ready
    command=$(command_pid)
    kill "-$signal" "$INIT"
    wait_for is_stopped "$INIT"
    wait_for is_stopped "$command"
    kill -CONT "$INIT"
    wait_for_line 18
    wait_for is_not_stopped "$INIT"
    kill_command
    # What stopped it was nothing that it could have seen.
    assert_equal "$output" $'ready\n18'
  done
  # Without a session it can catch the signal, and we stop all the same.
  for option in -c --single-child; do
    start_ours dumb-init "$option" "$PROBE" signals
    wait_for_line ready
    kill -TSTP "$INIT"
    wait_for_line 20
    wait_for is_stopped "$INIT"
    kill -CONT "$INIT"
    wait_for_line 18
    wait_for is_not_stopped "$INIT"
    kill_command
  done
}

@test "dumb-init as PID 1 cannot be wedged by job control" {
  PLACE=pid1
  wedged() {
    start_ours dumb-init "$PROBE" signals
    wait_for_line ready
    kill -TSTP "$INIT"
    kill -USR1 "$INIT"
    wait_for_line 10
    kill_command
  }
  both_ways wedged
}

@test "a shell sees when the terminal stops COMMAND, and has it go on, under every name" {
  needs script
  local line
  for line in "tini -s" "dumb-init -c" catatonit; do
    cat >job <<END
set -m
$OURS/$line -- sh -c 'kill -TSTP \$\$; exit 3'
echo "stopped=\$?"
fg >/dev/null
echo "ended=\$?"
END
    try in_place script -qec "bash job" /dev/null
    assert_match "$output" 'stopped=148'
    assert_match "$output" 'ended=3'
  done
}

@test "catatonit forwards all but the signals of job control, and -P ends by TERM or INT in silence" {
  local signal
  start_ours catatonit "$PROBE" signals
  wait_for_line ready
  for signal in TSTP TTIN TTOU; do kill "-$signal" "$INIT"; done
  kill -USR1 "$INIT"
  wait_for_line 10
  assert_equal "$(<"$OUT")" $'ready\n10'
  kill_command
  paused() {
    for signal in TERM INT; do
      start_ours catatonit -P
      wait_for is_up "$INIT"
      kill -HUP "$INIT"
      kill -TSTP "$INIT"
      kill "-$signal" "$INIT"
      finish
      assert_status 0
      assert_equal "$output$stderr" ""
    done
  }
  every_way paused
}

# The last step of the start.
is_up() {
  [ "$(cat "/proc/$1/comm") $(readlink "/proc/$1/cwd")" = "catatonit /" ]
}

# ---- the terminal -----------------------------------------------------------------------------------------------

@test "dumb-init leaves the terminal to COMMAND's session, with HUP and CONT for neither" {
  needs script
  try in_place script -qec "exec '$OURS/dumb-init' -v '$PROBE' foreground" /dev/null
  assert_status 0
  assert_match "$output" 'Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive\.'
  assert_match "$output" 'Ignoring tty hand-off signal 1\.'
  assert_match "$output" 'Ignoring tty hand-off signal 18\.'
  assert_no_match "$output" 'Forwarded signal 1 '
  # Under a shell the terminal is the shell's.
  try in_place script -qec "'$OURS/dumb-init' '$PROBE' exit 7; s=\$?; '$PROBE' foreground && exit \$s" /dev/null
  assert_status 7
}

# ---- what is left behind ----------------------------------------------------------------------------------------

end_rest() {
  local pid
  for pid in $(find_tagged); do kill -KILL "$pid" 2>/dev/null || true; done
}

@test "tini and catatonit leave alone what COMMAND leaves behind" {
  local line
  for line in tini "tini -sg" catatonit; do
    # shellcheck disable=SC2086 # the words of a line
    try took 0 3000 ours $line -- sh -c "sleep $FOREVER & exit 3"
    assert_status 3
    wait_for are_running 1 sleep
    end_rest
    wait_for nothing_tagged
  done
}

@test "dumb-init sends TERM to what COMMAND leaves behind, and does not wait for it" {
  try ours dumb-init sh -c "sleep $FOREVER & exit 3"
  assert_status 3
  wait_for nothing_tagged
  # shellcheck disable=SC2016 # COMMAND's to expand
  try took 0 3000 ours dumb-init sh -c '"$0" stubborn >up & until [ -s up ]; do sleep 0.01; done; exit 3' "$PROBE"
  assert_status 3
  are_running 1 probe
  end_rest
  wait_for nothing_tagged
  # Alone, COMMAND is the only one that gets any signal.
  try took 0 3000 ours dumb-init -c sh -c "sleep $FOREVER & exit 3"
  assert_status 3
  wait_for are_running 1 sleep
  end_rest
}

@test "as PID 1 none of them leaves anything, at once" {
  PLACE=pid1
  none_left() {
    local name
    for name in "${NAMES[@]}"; do
      try took 0 3000 ours "$name" -- sh -c "trap '' TERM; sleep $FOREVER & exit 3"
      assert_status 3
      wait_for nothing_tagged
    done
  }
  both_ways none_left
}

# ---- our own options under another name -------------------------------------------------------------------------

@test "CARDBOARD_OPTS is read under every name, and can give it back to us" {
  with_options() {
    local name
    for name in "${NAMES[@]}"; do
      try ours env "CARDBOARD_OPTS=--grace 100ms" "$name" -- sh -c "sleep $FOREVER & exit 3"
      assert_status 3
      nothing_tagged
      try ours env "CARDBOARD_OPTS=--compat none" "$name" --version
      assert_match "$output" '^cardboard '
      try ours env "CARDBOARD_OPTS=--compat none" "$name" nonexistent
      assert_status 127
      assert_equal "$stderr" "cardboard: cannot execute nonexistent: No such file or directory"
    done
  }
  every_way with_options
}

@test "what is wrong in CARDBOARD_OPTS is told in our own words under every name, and gives 125" {
  local name value
  for name in "${NAMES[@]}"; do
    for value in --bogus "--grace soon" --isolate true; do
      try ours env "CARDBOARD_OPTS=$value" "$name" true
      assert_status 125
      assert_match "$stderr" "^cardboard: CARDBOARD_OPTS: .*${value##* }"
    done
  done
}

@test "--compat behaves as the name does" {
  local name
  for name in "${NAMES[@]}"; do
    try ours "$name" --version
    local expected="$status $output $stderr"
    try cardboard --compat "$name" --version
    assert_equal "$status $output $stderr" "$expected"
    try ours "$name" ./nonexistent
    expected=$status
    try cardboard "--compat=$name" ./nonexistent
    assert_status "$expected"
  done
  try cardboard --compat none --version
  assert_match "$output" '^cardboard '
}
