# SPDX-License-Identifier: MIT
# Where the inits that people use today fall short (tini, dumb-init and catatonit as Debian 12 has them, and others of
# which it is known), cardboard does what is right: a test for each row of KERNEL.md's table and each defect of
# its list. What is a matter of cost is measured beside those three in the same run. Terminals, which a good part of
# the table is about, are in terminal.bats.

load helpers

setup_file() {
  open_workshop
  musl-gcc -static -O1 -s -o "$BATS_FILE_TMPDIR/edge" "$BATS_TEST_DIRNAME/edge.c"
  chmod 755 "$BATS_FILE_TMPDIR/edge"
  chmod 711 "$BATS_FILE_TMPDIR"
}

setup() {
  EDGE=$BATS_FILE_TMPDIR/edge
  enter_room
}

teardown() {
  leave_room
}

# Each of the three as it would be run in the place where cardboard is: tini adopts only when it is told to.
declare -grA PEERS=([tini]="tini -s --" [tini-static]="tini-static -s --" [dumb-init]=dumb-init [catatonit]=catatonit)

needs_peers() {
  needs "${!PEERS[@]}"
}

# ---- signals at start ----------------------------------------------------------------------------------------------

# The peers lose 8 (tini -g), 20 (dumb-init) and 2 (catatonit -g) of 40.
lost_at_start() {
  # shellcheck disable=SC2086 # no place is no word
  LIMIT=55 try in_place "$PROBE" storm 200 $1 "$CARDBOARD" "$2" sleep "$FOREVER"
  assert_output "tries=200 lost=0 wrong=0"
}

@test "of 200 signals in the moment that the child appears none is lost" {
  lost_at_start "" -c
}

@test "of 200 signals in the moment that the child appears none is lost, with -g" {
  lost_at_start "" -g
}

@test "of 200 signals in the moment that the child appears none is lost, as PID 1" {
  lost_at_start pid1 -c
}

@test "of 200 signals in the moment that the child appears none is lost, as PID 1 with -g" {
  lost_at_start pid1 -g
}

# ---- the table -----------------------------------------------------------------------------------------------------

@test "started with SIGCHLD ignored it returns COMMAND's status, where tini and catatonit hang" {
  LAUNCH=(ignore=10000)
  ignoring() {
    LIMIT=5 try cardboard sh -c 'exit 7'
    assert_status 7
  }
  every_way ignoring
}

@test "started without stdin it returns COMMAND's status, where tini fails" {
  LAUNCH=(only=1,2)
  closed() {
    LIMIT=5 try cardboard sh -c 'exit 7'
    assert_status 7
    assert_equal "$stderr" ""
  }
  every_way closed
}

@test "COMMAND's mask and ignored signals are the caller's, where dumb-init and catatonit change them" {
  # USR1, 34 and 40; HUP.
  LAUNCH=(block=0000008200000200 ignore=0000000000000001)
  kept() {
    local option
    for option in -c -g; do
      try cardboard "$option" "$PROBE" report
      assert_equal "$(field SigBlk) $(field SigIgn)" "0000008200000200 0000000000000001"
    done
  }
  every_way kept
}

@test "what cannot be executed gives 126, what is not there 127, where each peer has its own idea" {
  statuses() {
    local pair
    for pair in /nonexistent:127 /etc:126 /etc/passwd:126 /etc/passwd/x:127; do
      try cardboard "${pair%:*}"
      assert_status "${pair#*:}"
      assert_one_message "$stderr"
    done
  }
  every_way statuses
}

@test "a script without #! runs, as under each of the peers" {
  printf 'exit 9\n' >script
  chmod 755 script
  plain_script() {
    try cardboard ./script
    assert_status 9
  }
  every_way plain_script
}

@test "COMMAND dies of what is sent to cardboard, and cardboard of nothing, whichever signal it is" {
  # Of 32 each peer dies, and of ABRT and SEGV tini and catatonit.
  each_dies() {
    local n
    for n in 32 33 34 6 11 45 64; do
      start sh -c 'ulimit -c 0; echo ready; exec sleep "$0"' "$FOREVER"
      wait_for_line ready
      wait_for are_running 1 sleep
      kill "-$n" "$INIT"
      finish
      # Of the caller's being killed a shell would say the same: it is COMMAND that was, and nothing is left.
      assert_status $((128 + n))
      nothing_tagged
    done
  }
  every_way each_dies
}

@test "idle as PID 1 it makes no system call in ten seconds, where tini makes two each second" {
  needs strace
  needs_root
  PLACE=pid1
  start "$PROBE" signals
  wait_for_line ready
  strace -o calls -p "$INIT" 2>/dev/null 3>&- 4>&- &
  local tracer=$!
  wait_for grep -qE "^TracerPid:[[:blank:]]+[1-9]" "/proc/$INIT/status"
  sleep 10
  # The call that it has been in all the time has no result yet.
  assert_equal "$(grep -c ' = ' calls)" 0
  # It was looked at, indeed.
  kill -USR1 "$INIT"
  wait_for grep -q 'kill(2, SIGUSR1) *= 0' calls
  kill -INT "$tracer"
  wait "$tracer" || true
  kill_command
}

# ---- the list of defects -------------------------------------------------------------------------------------------

@test "the first HUP and CONT are forwarded like all others, where dumb-init may swallow them" {
  first_ones() {
    local option
    for option in -c -g; do
      start "$option" "$PROBE" signals
      wait_for_line ready
      kill -HUP "$INIT"
      wait_for_line 1
      kill -CONT "$INIT"
      wait_for_line 18
      kill -HUP "$INIT"
      wait_for_line 1 2
      assert_equal "$(<"$OUT")" $'ready\n1\n18\n1'
      kill_command
    done
  }
  every_way first_ones
}

@test "whatever it has to say, nothing of it is on stdout, where tini writes there" {
  talkative() {
    try cardboard -v -v -v -w "$PROBE" exit 7
    assert_output ""
    assert_match "$stderr" "^cardboard: "
    try cardboard ./missing
    assert_output ""
  }
  every_way talkative
}

@test "a COMMAND that was killed is no success, and 133 is 133, where my_init and nspawn's own init differ" {
  killed() {
    local n
    for n in 9 11 15 5; do
      try cardboard "$PROBE" kill "$n"
      assert_status $((128 + n))
    done
    try cardboard "$PROBE" exit 133
    assert_status 133
  }
  every_way killed
}

@test "all of the tree gets TERM before KILL, where pid1-rs and nspawn's own init leave it to KILL" {
  : >log
  chmod 666 log
  both_clean() {
    : >log
    start sh -c 'setsid "$0" linger 50 >>log & "$0" linger 50 >>log & "$0" linger 0 3' "$PROBE"
    wait_for_line ready
    wait_for eval '[ "$(grep -c ready log)" = 2 ]'
    kill -TERM "$INIT"
    finish
    assert_equal "$(grep -c cleaned log)" 2
    nothing_tagged
  }
  every_way both_clean
}

# ---- budgets, beside the peers -------------------------------------------------------------------------------------

# compare MEASURE PEER...: fills COST with what `MEASURE INIT-COMMAND...` prints for these peers, and MINE with it for
# cardboard.
declare -gA COST
compare() {
  local measure=$1 peer
  shift
  for peer in "$@"; do
    # shellcheck disable=SC2086 # several words
    COST[$peer]=$("$measure" ${PEERS[$peer]})
  done
  MINE=$("$measure" "$CARDBOARD")
  echo "# $measure: cardboard $MINE$(for peer in "$@"; do printf ', %s %s' "$peer" "${COST[$peer]}"; done)" >&3
}

calls_for_orphans() {
  strace -c -o calls "$@" "$EDGE" mass 20000 100
  awk '$NF == "total" { print $4 }' calls
}

@test "20,000 orphans cost at most 1.7 system calls each, and at most half as many again as the best peer's" {
  needs strace
  needs_peers
  # dumb-init adopts nobody unless it is PID 1.
  local adopters=(tini-static catatonit) peer
  compare calls_for_orphans "${adopters[@]}"
  [ "$MINE" -ge 20000 ]
  [ "$MINE" -le 34000 ]
  # How many die between two looks is chance's, too.
  for peer in "${adopters[@]}"; do [ $((MINE * 2)) -le $((COST[$peer] * 3)) ]; done
}

calls_of_a_run() {
  strace -o calls "$@" "$PROBE" exit 0
  grep -c '(' calls
}

@test "from start to exit it makes fewer system calls than any peer" {
  needs strace
  needs_peers
  local peer
  compare calls_of_a_run "${!PEERS[@]}"
  for peer in "${!PEERS[@]}"; do [ "$MINE" -lt "${COST[$peer]}" ]; done
  [ "$MINE" -le 24 ]
}

# field_of_idle FILE FIELD INIT-COMMAND...: of /proc/PID/FILE, once COMMAND is running.
field_of_idle() {
  local file=$1 name=$2
  shift 2
  env "CARDBOARD_TAG=$TAG" "$@" "$PROBE" wait >ready 2>/dev/null 3>&- 4>&- &
  wait_for grep -qx ready ready
  # The child reports before its parent has come to rest.
  wait_for grep -qE '^State:[[:blank:]]S' "/proc/$!/status"
  sed -n "s/^$name:[[:blank:]]*\([0-9]*\) kB/\1/p" "/proc/$!/$file"
  kill "$!"
  wait "$!" || true
  : >ready
}

resident_kb() {
  field_of_idle status VmRSS "$@"
}

# Not Private_Dirty, which counts what of a new file has not been written to the disk yet. The least of five, as the
# kernel begins the stack at a random place, and it so lies on a page more or less.
private_kb() {
  for _ in {1..5}; do field_of_idle smaps_rollup Anonymous "$@"; done | sort -n | head -n 1
}

@test "it has at most 80 KB of memory, a quarter of what the leanest peer has" {
  needs_peers
  local peer
  compare resident_kb "${!PEERS[@]}"
  for peer in "${!PEERS[@]}"; do [ $((MINE * 4)) -le "${COST[$peer]}" ]; done
  [ "$MINE" -le 80 ]
}

@test "at most 12 KB of it are its own, a third of what the leanest peer has" {
  needs_peers
  local peer
  compare private_kb "${!PEERS[@]}"
  for peer in "${!PEERS[@]}"; do [ $((MINE * 3)) -le "${COST[$peer]}" ]; done
  [ "$MINE" -le 12 ]
}

@test "its file is the smallest" {
  needs_peers
  local peer size
  size=$(stat -c %s "$CARDBOARD")
  for peer in tini-static catatonit; do [ "$size" -lt "$(stat -Lc %s "$(command -v "$peer")")" ]; done
}
