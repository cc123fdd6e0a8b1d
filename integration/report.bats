# SPDX-License-Identifier: MIT
# --report with the real binary: what it says of how COMMAND ended, that its figures are those of time(1), and that it
# comes whatever happens and does no harm where it cannot.

load helpers

setup_file() {
  needs jq
  open_workshop
}

setup() {
  enter_room
}

teardown() {
  leave_room
}

# try cardboard with a report. What is asked of it is in REPORT then.
reported() {
  rm -f report
  try cardboard --report report "$@"
  read_report
}

# Exactly one line, an object with exactly these keys in this order.
read_report() {
  REPORT=$(<"${1:-report}")
  assert_equal "$(grep -c '' "${1:-report}")" 1
  assert_equal "$(jq -r 'keys_unsorted | join(" ")' <<<"$REPORT")" \
    "ended status signal wall_us user_us system_us memory_peak_bytes oom_kills pids_peak reaped limits"
}

# assert_report 'JQ-FILTER' EXPECTED
assert_report() {
  assert_equal "$1: $(jq -c "$1" <<<"$REPORT")" "$1: $2" || {
    echo "$REPORT"
    return 1
  }
}

how='[.ended, .status, .signal]'

# Runs a promise for the init, and for the one in a container.
with_and_without_container() {
  local -a CONTAINER
  for CONTAINER in "" --isolate; do
    echo "-- ${CONTAINER:-no container}"
    [ -n "$CONTAINER" ] || CONTAINER=()
    both_ways "$@"
  done
}

# ---- how it ended ----------------------------------------------------------------------------------------------------

@test "a COMMAND that exits is reported with its status" {
  exits() {
    reported "${CONTAINER[@]}" "$PROBE" exit 3
    assert_status 3
    assert_equal "$stderr" ""
    assert_report "$how" '["exited",3,null]'
    assert_report '[.oom_kills, .pids_peak, .reaped, .limits]' '[null,null,0,{}]'
  }
  with_and_without_container exits
}

@test "a COMMAND that is killed is reported with the signal" {
  killed() {
    reported "${CONTAINER[@]}" "$PROBE" kill 9
    assert_status 137
    assert_report "$how" '["signaled",137,9]'
  }
  with_and_without_container killed
}

@test "--timeout is reported, and by what COMMAND died" {
  timed_out() {
    reported "${CONTAINER[@]}" --timeout 100ms "$BUSYBOX" sleep "$FOREVER"
    assert_status 124
    assert_report "$how" '["timeout",124,15]'
    assert_report '.wall_us >= 100000' true
    reported "${CONTAINER[@]}" --timeout 50ms --grace 50ms "$PROBE" stubborn
    assert_report "$how" '["timeout",124,9]'
  }
  with_and_without_container timed_out
}

@test "a request to stop is reported" {
  stopped() {
    rm -f report
    start --report report "${CONTAINER[@]}" "$PROBE" signals
    wait_for_line ready
    assert_equal "$(<report)" ""
    kill -TERM "$INIT"
    wait_for_line 15
    kill_command "${CONTAINER:+isolated}"
    read_report
    assert_report "$how" '["stopped",137,9]'
  }
  with_and_without_container stopped
}

@test "a request to stop after COMMAND's own end is none for the report" {
  start --report report --grace 500ms "$BUSYBOX" sh -c "trap '' TERM; $PROBE stubborn & sleep 0.3; exit 4"
  wait_for are_running 1 probe
  wait_for are_running 0 busybox
  kill -TERM "$INIT"
  finish
  assert_status 4
  read_report
  assert_report "$how" '["exited",4,null]'
}

@test "a COMMAND that cannot be run is reported as a failure" {
  failed() {
    reported "${CONTAINER[@]}" /no/such/command
    assert_status 127
    assert_report "$how" '["failed",127,null]'
    assert_report .reaped null
    reported "${CONTAINER[@]}" "$ROOM"
    assert_status 126
    assert_report "$how" '["failed",126,null]'
  }
  with_and_without_container failed
}

@test "an init inside that is killed is reported as killed" {
  start --report report --isolate "$PROBE" wait
  wait_for command_pid isolated
  kill -KILL "$(first_child_of "$INIT")"
  finish
  assert_status 137
  read_report
  assert_report "$how" '["signaled",137,9]'
  assert_report .reaped null
}

@test "the status is the one that cardboard exits with, and the signal COMMAND's" {
  reported -e 3:4 "$PROBE" exit 3
  assert_status 4
  assert_report "$how" '["exited",4,null]'
  reported --reraise "$PROBE" kill 15
  assert_status 143
  assert_report "$how" '["signaled",143,15]'
}

@test "without COMMAND the end is a request to stop" {
  start --report report --pause
  wait_for test -e report
  kill -TERM "$INIT"
  finish
  assert_status 0
  read_report
  assert_report "$how" '["stopped",0,null]'
}

@test "the orphans that were reaped are counted" {
  orphans() {
    reported "${CONTAINER[@]}" "$BUSYBOX" sh -c 'for n in 1 2 3; do (sleep 0.05 & ) ; done'
    assert_status 0
    assert_report .reaped 3
  }
  with_and_without_container orphans
}

# ---- figures ---------------------------------------------------------------------------------------------------------

# within PERCENT A B, as integers.
within() {
  awk -v percent="$1" -v a="$2" -v b="$3" \
    'BEGIN { d = a > b ? a - b : b - a; if (d * 100 > b * percent) { print a " is not within " percent " % of " b; exit 1 } }'
}

# The same work, in a child of COMMAND's child: 0.4 s of processor time, which time(1) tells in hundredths, and 48 MB.
work='%s sh -c "%s use 400 48; exit 0"; exit 0'

@test "times and memory are those of time(1)" {
  local script
  needs /usr/bin/time
  # shellcheck disable=SC2059
  script=$(printf "$work" "$BUSYBOX" "$PROBE")
  agrees() {
    try in_place /usr/bin/time -q -f '%U %S %M' "$BUSYBOX" sh -c "$script"
    assert_status 0
    read -r user system kilobytes <<<"$stderr"
    reported "$@"
    assert_status 0
    within 5 "$(jq '.user_us + .system_us' <<<"$REPORT")" "$(awk "BEGIN { print int(($user + $system) * 1000000) }")"
    within 5 "$(jq .memory_peak_bytes <<<"$REPORT")" $((kilobytes * 1024))
    assert_report '.wall_us >= 400000' true
  }
  both_ways agrees "$BUSYBOX" sh -c "$script"
  make_root_directory root
  # In the container the files have other names.
  # shellcheck disable=SC2059
  agrees --isolate --root root /bin/busybox sh -c "$(printf "$work" /bin/busybox /bin/probe)"
}

@test "the wall time is that of a clock beside it" {
  local began elapsed
  began=${EPOCHREALTIME/[.,]/}
  reported "$BUSYBOX" sleep 0.5
  elapsed=$((${EPOCHREALTIME/[.,]/} - began))
  assert_report ".wall_us >= 500000 and .wall_us <= $elapsed" true
}

# ---- the file --------------------------------------------------------------------------------------------------------

@test "the file is made with the caller's umask, or emptied before COMMAND starts" {
  both() {
    rm -f report
    try in_place "$BUSYBOX" sh -c "umask 027; exec $CARDBOARD --report report $CONTAINER $PROBE exit 0"
    assert_equal "$(stat -c %a report)" 640
    printf '%02000d' 0 >report
    try cardboard --report report "${CONTAINER[@]}" "$PROBE" exit 0
    read_report
  }
  with_and_without_container both
  try cardboard --report report "$BUSYBOX" cat report
  assert_output ""
}

@test "a file that cannot be opened is an error before COMMAND starts" {
  refused() {
    try cardboard --report "$1" "${CONTAINER[@]}" "$BUSYBOX" touch ran
    assert_status 125
    assert_one_message "$stderr"
    assert_match "$stderr" "^cardboard: cannot open $1: "
    [ ! -e ran ]
  }
  mkfifo fifo
  for name in /no/such/directory/file "$ROOM" fifo; do with_and_without_container refused "$name"; done
}

@test "a full disk and a reader that is gone change no status, and are said" {
  unwritable() {
    try cardboard --report /dev/full "${CONTAINER[@]}" "$PROBE" exit 5
    assert_status 5
    assert_equal "$stderr" "cardboard: cannot write the report: No space left on device"
  }
  with_and_without_container unwritable
  # shellcheck disable=SC2016
  try in_place bash -c 'exec 3> >(:); wait $!; exec "$@"' bash "$CARDBOARD" --report /dev/fd/3 "$PROBE" exit 5
  assert_status 5
  assert_equal "$stderr" "cardboard: cannot write the report: Broken pipe"
}

@test "the reader of a FIFO gets the report" {
  mkfifo fifo
  cat fifo >copy &
  wait_for try cardboard --report fifo "$PROBE" exit 3
  assert_status 3
  wait "$!"
  read_report copy
  assert_report .status 3
}

@test "closed standard descriptors get in nobody's way" {
  closed() {
    rm -f report
    LAUNCH=(only=)
    try cardboard --report report "${CONTAINER[@]}" "$PROBE" exit 3
    assert_status 3
    read_report
    assert_report "$how" '["exited",3,null]'
  }
  with_and_without_container closed
}

@test "COMMAND gets no descriptor of the report's" {
  private() {
    try cardboard "${CONTAINER[@]}" "$PROBE" fds
    local without=$output
    rm -f report
    try cardboard --report report "${CONTAINER[@]}" "$PROBE" fds
    assert_output "$without"
  }
  with_and_without_container private
}

@test "CARDBOARD_OPTS can ask for a report" {
  LINE=() LAUNCH=()
  try in_place env CARDBOARD_OPTS="--report report" "$CARDBOARD" "$PROBE" exit 3
  assert_status 3
  read_report
  assert_report "$how" '["exited",3,null]'
}
