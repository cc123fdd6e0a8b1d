# SPDX-License-Identifier: MIT
# The init's options with the real binary on the real kernel, each in every way that it has a meaning in: as an
# ordinary process and as PID 1 of a fresh pid namespace, as root and as an ordinary user. What the init does
# without being asked to is in init.bats; that its options are understood at all, in the unit tests.

load helpers

setup_file() {
  open_workshop
}

setup() {
  enter_room
}

teardown() {
  # Where the test failed it still listens, and nobody is to wait for it.
  [ -z "${LISTENER:-}" ] || kill "$LISTENER" 2>/dev/null || true
  leave_room
}

# ---- shared by the tests below --------------------------------------------------------------------------------------

# assert_usage_error OPTION EXPECTED ARG...: 125, nothing run, one message that names the option and says what it
# expects, and the line that points to --help.
assert_usage_error() {
  local option=$1 expected=$2 lines
  shift 2
  try cardboard "$@" echo ran
  echo "arguments: $*"
  assert_status 125
  assert_output ""
  mapfile -t lines <<<"$stderr"
  assert_equal "${#lines[@]}" 2
  assert_match "${lines[0]}" "^cardboard: .*'$option' expects .*$expected"
  assert_equal "${lines[1]}" "Try 'cardboard --help' for more information."
}

# Sends signals to a started cardboard whose COMMAND is `probe signals`. Each PAIR is what is sent and what COMMAND
# gets, such as 15:10; 15: is dropped, which the arrival of a later one proves.
assert_passed_on() {
  local pair expected=ready received=1
  wait_for_line ready
  for pair in "$@"; do
    kill "-${pair%:*}" "$INIT"
    [ -n "${pair#*:}" ] || continue
    wait_for more_lines_than "$received" || { echo "lost: $pair" && return 1; }
    received=$((received + 1))
    expected+=$'\n'${pair#*:}
  done
  assert_equal "$(<"$OUT")" "$expected"
}

# As start, but by a shell that runs SCRIPT with cardboard's line in "$@".
start_by_shell() {
  local script=$1 LINE
  shift
  compose_line
  rm -f "$INIT_PID_FILE"
  run_in_background "${LINE[@]}" sh -c "$script" sh "$CARDBOARD" "$@"
  if [ "$PLACE" = pid1 ]; then
    wait_for test -s "$INIT_PID_FILE"
    INIT=$(<"$INIT_PID_FILE")
  fi
}

has_cwd() {
  [ "$(readlink "/proc/$1/cwd")" = "$2" ]
}

# Cardboard, and past its start: it blocks signals first, and leaves the working directory last.
is_up() {
  [ "$(cat "/proc/$1/comm")" = cardboard ] && has_cwd "$1" /
}

# Runs a promise that takes its time as an ordinary process and as PID 1, each for one of the callers.
each_place() {
  PLACE=plain
  be_caller user
  "$@"
  PLACE=pid1
  [ "$(id -u)" -ne 0 ] || be_caller root
  "$@"
}

has_state() {
  grep -q "^State:[[:blank:]]$2" "/proc/$1/status"
}

# COMMAND and a child of it, neither of which ends but by KILL; "ready" once each.
two_stubborn='"$0" stubborn & exec "$0" stubborn'

# ---- -r, --rewrite ----------------------------------------------------------------------------------------------------

@test "-r TERM:USR1 has COMMAND get USR1 for TERM, and all else as it is" {
  rewritten() {
    start -r TERM:USR1 "$PROBE" signals
    assert_passed_on 15:10 10:10 1:1 2:2 15:10
    kill_command
  }
  every_way rewritten
}

@test "-r with 0 drops the signal" {
  dropped() {
    start --rewrite=WINCH:0 -rTERM:0 --rewrite 40:0 "$PROBE" signals
    assert_passed_on 28: 15: 40: 10:10 28: 12:12
    kill_command
  }
  every_way dropped
}

@test "-r rewrites in a single step, so that two signals can be swapped" {
  swapped() {
    start -r USR1:USR2 -r USR2:USR1 "$PROBE" signals
    assert_passed_on 10:12 12:10 1:1
    kill_command
  }
  every_way swapped
}

@test "-r rewrites many signals to one, the last for a signal counts" {
  many() {
    start -r HUP:QUIT -r SIGINT:SIGQUIT -r 15:3 -r USR1:HUP -r USR1:WINCH "$PROBE" signals
    assert_passed_on 1:3 2:3 15:3 3:3 10:28
    kill_command
  }
  every_way many
}

@test "-r counts real-time signals from 34 to 64, and takes 32 and 33 by number" {
  real_time() {
    start -r RTMIN+6:HUP -r SIGRTMIN:RTMAX -r RTMAX-1:RTMIN -r 32:33 -r USR2:SIGRTMAX-14 "$PROBE" signals
    assert_passed_on 40:1 34:64 63:34 32:33 33:33 12:50
    kill_command
  }
  every_way real_time
}

@test "-r can make a signal KILL" {
  to_kill() {
    start -r TERM:KILL "$PROBE" stubborn
    wait_for_line ready
    kill -TERM "$INIT"
    finish
    assert_status 137
  }
  every_way to_kill
}

@test "-r for signals from outside leaves the TERM of the grace alone" {
  own_signals() {
    rm -f log
    try cardboard -r TERM:0 --grace 1h \
      sh -c '"$0" linger 0 >>log & until grep -qsx ready log; do sleep 0.02; done; exit 3' "$PROBE"
    assert_status 3
    assert_equal "$(cat log)" $'ready\nterminating\ncleaned'
  }
  every_way own_signals
}

# ---- -g, -c and -s ----------------------------------------------------------------------------------------------------

@test "-c undoes -g, and the last of them counts" {
  group_or_not() {
    local options
    for options in "-g -c" "--single-child -g" -cg; do
      rm -f member
      # shellcheck disable=SC2086 # several words
      start $options --grace 0 sh -c '"$0" signals >>member & exec "$0" signals' "$PROBE"
      wait_for_line ready
      wait_for grep -qsx ready member
      kill -USR1 "$INIT"
      wait_for_line 10
      kill -USR2 "$INIT"
      wait_for_line 12
      case $options in
        "-g -c") assert_equal "$(cat member)" ready ;;
        *) wait_for grep -qx 12 member ;;
      esac
      kill_command
    done
  }
  each_place group_or_not
}

@test "-s is taken in silence" {
  subreaper() {
    local option
    for option in -s --subreaper; do
      try cardboard "$option" "$PROBE" orphans 10
      assert_output "orphans=10 adopted=10 left=0"
      assert_equal "$stderr" ""
    done
  }
  every_way subreaper
}

# ---- -e, --remap-exit -------------------------------------------------------------------------------------------------

@test "-e N makes N a success, -e N:M another status, and leaves the others" {
  remapped() {
    local pair
    for pair in 3:0 4:9 0:1 255:254 1:2 2:2 5:5; do
      try cardboard -e 3 --remap-exit=4:9 -e0:1 --remap-exit 255:254 -e 1:2 "$PROBE" exit "${pair%:*}"
      assert_status "${pair#*:}"
    done
    assert_equal "$stderr" ""
  }
  every_way remapped
}

@test "-e 143 makes the end by TERM a success" {
  ended_by_term() {
    start -e 143 "$PROBE" wait
    wait_for_line ready
    kill -TERM "$INIT"
    finish
    assert_status 0
    try cardboard -e 143 "$PROBE" kill 9
    assert_status 137
  }
  every_way ended_by_term
}

@test "-e does not hide that COMMAND could not be executed" {
  not_executed() {
    try cardboard -e 127 -e 126 -e 125 ./missing
    assert_status 127
    assert_one_message "$stderr"
    try cardboard -e 127 -e 126 -e 125 /etc
    assert_status 126
  }
  every_way not_executed
}

# ---- --reraise --------------------------------------------------------------------------------------------------------

@test "--reraise has the parent see the signal that COMMAND died of" {
  reraised() {
    local n
    for n in 1 6 9 15 33 64; do
      try in_place "$PROBE" status "$CARDBOARD" --reraise "$PROBE" kill "$n"
      assert_output "signaled $n"
    done
    try in_place "$PROBE" status "$CARDBOARD" "$PROBE" kill 15
    assert_output "exited 143"
    try in_place "$PROBE" status "$CARDBOARD" --reraise "$PROBE" exit 143
    assert_output "exited 143"
    try in_place "$PROBE" status "$CARDBOARD" --reraise -e 143:7 "$PROBE" kill 15
    assert_output "exited 7"
  }
  every_way reraised
}

@test "--reraise dies of a signal that the caller ignored and blocked" {
  against_the_caller() {
    LAUNCH=(block=fffffffffffbfeff ignore=4000)
    try in_place "$PROBE" status "$CARDBOARD" --reraise "$PROBE" kill 15
    assert_output "signaled 15"
    LAUNCH=()
  }
  both_ways against_the_caller
}

@test "--reraise after TERM from outside, and once all the rest has ended" {
  after_the_rest() {
    rm -f log
    run_in_background env "CARDBOARD_TAG=$TAG" "$PROBE" status "$CARDBOARD" --reraise --grace 1h \
      sh -c '"$0" linger 200 >>log & until grep -qsx ready log; do sleep 0.02; done; exec "$0" wait' "$PROBE"
    wait_for_line ready
    kill -TERM "$(first_child_of "$JOB")"
    finish
    assert_output $'ready\nsignaled 15'
    assert_equal "$(cat log)" $'ready\nterminating\ncleaned'
  }
  after_the_rest
}

@test "--reraise dumps no core" {
  local unlimited='ulimit -c "$(ulimit -Hc)"; '
  be_caller root
  needs_root
  try in_place "$PROBE" status sh -c "$unlimited"'kill -QUIT $$'
  [ "$output" = "signaled 3 core" ] || skip "no core is dumped here: $output"
  local n
  for n in 3 6 11; do
    try in_place "$PROBE" status sh -c "$unlimited"'exec "$@"' sh "$CARDBOARD" --reraise "$PROBE" kill "$n"
    assert_output "signaled $n"
  done
}

@test "--reraise as PID 1 exits with 128+N" {
  needs unshare
  as_pid_1() {
    local n
    for n in 1 9 11 15 64; do
      try in_place "$PROBE" status unshare --user --map-root-user --pid --fork --kill-child --mount-proc \
        "$CARDBOARD" --reraise "$PROBE" kill "$n"
      assert_output "exited $((128 + n))"
    done
  }
  both_ways as_pid_1
}

# ---- --wait -----------------------------------------------------------------------------------------------------------

@test "--wait leaves what remains in peace until it has ended, and returns COMMAND's status" {
  awaited() {
    rm -f log
    try took 500 5000 cardboard --wait --grace 0 \
      sh -c '(trap "echo signalled >>log" TERM HUP CONT; sleep 0.5; echo done >>log) & exit 3'
    assert_status 3
    assert_equal "$(cat log)" done
    try took 0 3000 cardboard --wait "$PROBE" exit 7
    assert_status 7
  }
  each_place awaited
}

@test "--wait ends by TERM, through the grace" {
  no_longer() {
    start --wait sh -c '"$0" linger 0 & exit 3' "$PROBE"
    wait_for_line ready
    sleep 0.1
    kill -0 "$INIT"
    kill -TERM "$INIT"
    finish
    assert_status 3
    assert_output $'ready\nterminating\ncleaned'
  }
  every_way no_longer
}

# ---- --stop-signal and --stop-timeout ---------------------------------------------------------------------------------

@test "--stop-signal is what COMMAND gets for TERM, and changes no other" {
  stop_signal() {
    start --stop-signal USR1 "$PROBE" signals
    assert_passed_on 15:10 1:1 10:10 12:12 15:10
    kill_command
    start --stop-signal=SIGTERM --stop-signal RTMIN+3 "$PROBE" signals
    assert_passed_on 15:37
    kill_command
  }
  each_place stop_signal
}

@test "--stop-timeout kills COMMAND that ignores TERM, and its children, when the time is up" {
  killed() {
    local signal
    for signal in TERM INT QUIT; do
      start --stop-timeout 300ms --grace 1h sh -c "$two_stubborn" "$PROBE"
      wait_for_line ready 2
      kill "-$signal" "$INIT"
      took 250 5000 finish
      assert_status 137
      nothing_tagged
    done
  }
  each_place killed
}

@test "--stop-timeout leaves COMMAND the time that it has" {
  in_time() {
    start --stop-timeout 10s "$PROBE" linger 400 7
    wait_for_line ready
    kill -TERM "$INIT"
    took 350 5000 finish
    assert_status 7
    assert_output $'ready\nterminating\ncleaned'
  }
  each_place in_time
}

@test "--stop-timeout runs from the first request on" {
  from_the_first() {
    local began n
    start --stop-timeout 600ms "$PROBE" stubborn
    wait_for_line ready
    began=$(now_ms)
    for n in {1..5}; do
      kill -TERM "$INIT"
      sleep 0.1
    done
    finish
    assert_status 137
    [ $(($(now_ms) - began)) -lt 1000 ] || { echo "took $(($(now_ms) - began)) ms" && return 1; }
  }
  each_place from_the_first
}

@test "--stop-timeout does not run without a request: HUP is none" {
  no_request() {
    start --stop-timeout 100ms "$PROBE" signals
    assert_passed_on 1:1 10:10 28:28
    sleep 0.3
    assert_passed_on 12:12
    kill_command
  }
  # The lines that have been there already count too.
  assert_passed_on() {
    local pair
    wait_for_line ready
    for pair in "$@"; do
      kill "-${pair%:*}" "$INIT"
      wait_for_line "${pair#*:}"
    done
  }
  each_place no_request
}

@test "COMMAND that is stopped dies by TERM" {
  stopped() {
    start --grace 1h "$PROBE" wait
    wait_for_line ready
    kill -STOP "$(command_pid)"
    wait_for has_state "$(command_pid)" T
    kill -TERM "$INIT"
    finish
    assert_status 143
  }
  each_place stopped
}

# ---- --timeout --------------------------------------------------------------------------------------------------------

@test "--timeout ends COMMAND and gives 124" {
  too_long() {
    try took 300 4000 cardboard --timeout 300ms --grace 1h sleep "$FOREVER"
    assert_status 124
    assert_output ""
    nothing_tagged
  }
  each_place too_long
}

@test "--timeout gives 124 whatever COMMAND makes of TERM" {
  handled() {
    try took 400 4000 cardboard --timeout 200ms --grace 1h "$PROBE" linger 200 0
    assert_status 124
    assert_output $'ready\nterminating\ncleaned'
  }
  each_place handled
}

@test "--timeout kills COMMAND that ignores TERM, and its children, after the grace" {
  ignored() {
    try took 500 4000 cardboard --timeout 200ms --grace 300ms sh -c "$two_stubborn" "$PROBE"
    assert_status 124
    nothing_tagged
  }
  each_place ignored
}

@test "--timeout ends COMMAND's children too" {
  children() {
    try took 200 4000 cardboard --timeout 200ms --grace 1h sh -c 'setsid sleep "$0" & sleep "$0" & wait' "$FOREVER"
    assert_status 124
    nothing_tagged
  }
  each_place children
}

@test "--timeout sends the stop signal" {
  stop_signal() {
    try cardboard --timeout 100ms --grace 200ms --stop-signal USR2 "$PROBE" signals
    assert_status 124
    assert_output $'ready\n12'
  }
  each_place stop_signal
}

@test "--timeout ends COMMAND that is stopped" {
  stopped() {
    try took 300 4000 cardboard --timeout 300ms --grace 1h sh -c 'kill -STOP $$; exec sleep "$0"' "$FOREVER"
    assert_status 124
  }
  each_place stopped
}

@test "--timeout changes nothing where COMMAND is in time" {
  in_time() {
    try took 0 3000 cardboard --timeout 1h "$PROBE" exit 7
    assert_status 7
    try cardboard --timeout 1h "$PROBE" kill 15
    assert_status 143
    # It is COMMAND's time: what COMMAND leaves behind has the grace.
    rm -f log
    try cardboard --timeout 300ms --grace 600ms \
      sh -c '"$0" stubborn >>log & until grep -qsx ready log; do sleep 0.02; done; exit 3' "$PROBE"
    assert_status 3
  }
  each_place in_time
}

# ---- --notify ---------------------------------------------------------------------------------------------------------

# A service manager's socket from here on: what arrives there is in the file heard.
listen_at() {
  export NOTIFY_SOCKET=$1
  : >heard
  env "CARDBOARD_TAG=$TAG" "$PROBE" hear "$1" >>heard 3>&- 4>&- &
  LISTENER=$!
  wait_for grep -qx listening heard
}

stop_listening() {
  kill "$LISTENER"
  wait_for not_running "$LISTENER"
  [[ $NOTIFY_SOCKET == @* ]] || rm "$NOTIFY_SOCKET"
  unset NOTIFY_SOCKET
}

# All that has arrived, and not a word more: our own arrives behind whatever was sent before it.
assert_heard() {
  "$PROBE" tell "$NOTIFY_SOCKET" END
  wait_for grep -q " END\$" heard
  assert_equal "$(sed '1d; / END$/d' heard)" "$1"
}

# Runs a promise with a socket on a path and with one on an abstract name.
at_both_sockets() {
  local socket
  for socket in "$ROOM/notify" "@cardboard-$TAG"; do
    echo "-- socket $socket"
    listen_at "$socket"
    "$@"
    stop_listening
  done
}

@test "--notify exec tells the manager READY=1, once, from the init's own pid" {
  ready_on_exec() {
    start --notify exec "$PROBE" wait
    wait_for_line ready
    wait_for grep -q READY heard
    kill -TERM "$INIT"
    finish
    assert_status 143
    assert_heard "$INIT READY=1"
  }
  every_way at_both_sockets ready_on_exec
}

@test "--notify exec tells nothing where COMMAND cannot be executed" {
  no_exec() {
    try cardboard --notify exec ./missing
    assert_status 127
    try cardboard --notify exec /etc
    assert_status 126
    assert_heard ""
  }
  every_way at_both_sockets no_exec
}

@test "--notify exec leaves COMMAND the manager's socket, without --notify nothing is told" {
  left_alone() {
    try cardboard --notify=exec sh -c 'echo "$NOTIFY_SOCKET"'
    assert_output "$NOTIFY_SOCKET"
    assert_match "$(sed 1d heard)" '^[0-9]+ READY=1$'
    : >heard
    echo listening >>heard
    try cardboard sh -c 'echo "$NOTIFY_SOCKET"'
    assert_output "$NOTIFY_SOCKET"
    assert_heard ""
  }
  every_way at_both_sockets left_alone
}

@test "--notify without a manager, or with one that is gone, changes nothing" {
  no_manager() {
    local mode
    for mode in exec relay; do
      try cardboard --notify "$mode" "$PROBE" exit 7
      assert_status 7
      assert_equal "$stderr" ""
      NOTIFY_SOCKET=$ROOM/gone try cardboard --notify "$mode" "$PROBE" exit 7
      assert_status 7
      NOTIFY_SOCKET=@cardboard-gone-$TAG try cardboard --notify "$mode" "$PROBE" exit 7
      assert_status 7
    done
    try cardboard --notify relay sh -c 'echo "${NOTIFY_SOCKET-unset}"'
    assert_output unset
  }
  every_way no_manager
}

@test "--notify relay passes on what COMMAND and its children tell, from the init's own pid" {
  relayed() {
    start --notify relay sh -c '"$0" tell "$NOTIFY_SOCKET" STATUS=loading "READY=1
STATUS=up" && (setsid "$0" tell "$NOTIFY_SOCKET" WATCHDOG=1) && echo told && exec sleep "$1"' "$PROBE" "$FOREVER"
    wait_for_line told
    wait_for grep -q WATCHDOG heard
    kill -TERM "$INIT"
    finish
    assert_status 143
    assert_heard "$INIT STATUS=loading
$INIT READY=1|STATUS=up
$INIT WATCHDOG=1"
  }
  every_way at_both_sockets relayed
}

@test "--notify relay gives COMMAND one socket, which is not the manager's, and tells nothing by itself" {
  own_socket() {
    try cardboard --notify relay env
    assert_match "$(grep -c ^NOTIFY_SOCKET= <<<"$output")" '^1$'
    assert_no_match "$(grep ^NOTIFY_SOCKET= <<<"$output")" "=$NOTIFY_SOCKET\$"
    assert_heard ""
    try cardboard --notify relay "$PROBE" fds
    assert_output "0 1 2"
  }
  every_way at_both_sockets own_socket
}

@test "--notify relay passes on COMMAND's last words" {
  last_words() {
    local main
    rm -f go
    start --notify relay sh -c 'echo ready; until [ -e go ]; do sleep 0.02; done; exec "$0" tell "$NOTIFY_SOCKET" STOPPING=1' "$PROBE"
    wait_for_line ready
    main=$(command_pid)
    # The init is held, so that it finds the message and the end of COMMAND at once.
    kill -STOP "$INIT"
    wait_for has_state "$INIT" T
    touch go
    wait_for has_state "$main" Z
    kill -CONT "$INIT"
    finish
    assert_status 0
    assert_heard "$INIT STOPPING=1"
  }
  every_way at_both_sockets last_words
}

@test "--notify relay still forwards IO that somebody sends" {
  sent_io() {
    start --notify relay sh -c '"$0" tell "$NOTIFY_SOCKET" STATUS=one && exec "$0" signals' "$PROBE"
    assert_passed_on 29:29 10:10
    assert_heard "$INIT STATUS=one"
    kill_command
  }
  listen_at "$ROOM/notify"
  every_way sent_io_afresh
  stop_listening
}

sent_io_afresh() {
  echo listening >heard
  sent_io
}

# ---- -P, --pause ------------------------------------------------------------------------------------------------------

childless() {
  [ -z "$(children_of "$1")" ]
}

@test "-P runs without COMMAND until TERM or INT, and gives 0" {
  paused() {
    local option signal
    for option in -P --pause; do
      for signal in TERM INT; do
        start "$option"
        wait_for is_up "$INIT"
        kill -HUP "$INIT"
        kill -USR1 "$INIT"
        kill -45 "$INIT"
        sleep 0.05
        kill -0 "$INIT" || { echo "ended too early" && return 1; }
        kill "-$signal" "$INIT"
        finish
        assert_status 0
        assert_output ""
        assert_equal "$stderr" ""
      done
    done
  }
  each_place paused
}

@test "-P reaps the children that it was given" {
  given() {
    # One is dead before cardboard is there, the others die afterwards.
    start_by_shell 'sleep 0.3 & sleep 0.3 & true & sleep 0.1; exec "$@"' -P
    wait_for is_up "$INIT"
    wait_for childless "$INIT"
    kill -TERM "$INIT"
    finish
    assert_status 0
  }
  each_place given
}

@test "-P reaps a child that had died before it came" {
  dead_on_arrival() {
    start_by_shell 'true & sleep 0.1; exec "$@"' -P
    wait_for is_up "$INIT"
    PATIENCE=3 wait_for childless "$INIT" || { kill -KILL "$INIT" && return 1; }
    kill -TERM "$INIT"
    finish
    assert_status 0
  }
  every_way dead_on_arrival
}

@test "-P as PID 1 reaps the orphans of its namespace" {
  needs_root
  needs nsenter
  PLACE=pid1
  orphanage() {
    start -P
    wait_for is_up "$INIT"
    try env "CARDBOARD_TAG=$TAG" nsenter --target "$INIT" --pid "$PROBE" orphans 200 1
    assert_output "orphans=200 adopted=200 left=0"
    wait_for childless "$INIT"
    kill -TERM "$INIT"
    finish
    assert_status 0
  }
  both_ways orphanage
}

# ---- -w, --warn-reaped ------------------------------------------------------------------------------------------------

@test "-w says so for each orphan that is reaped, and of COMMAND nothing" {
  warned() {
    local option lines line
    for option in -w --warn-reaped; do
      try cardboard "$option" "$PROBE" orphans 3
      assert_status 0
      assert_output "orphans=3 adopted=3 left=0"
      mapfile -t lines <<<"$stderr"
      assert_equal "${#lines[@]}" 3
      for line in "${lines[@]}"; do assert_match "$line" '^cardboard: .*orphan.* [0-9]+'; done
      try cardboard "$option" "$PROBE" exit 7
      assert_status 7
      assert_equal "$stderr" ""
    done
    try cardboard "$PROBE" orphans 3
    assert_equal "$stderr" ""
  }
  every_way warned
}

# ---- CARDBOARD_OPTS ---------------------------------------------------------------------------------------------------

@test "CARDBOARD_OPTS holds options, split at blanks" {
  from_environment() {
    CARDBOARD_OPTS='-e 3:7' try cardboard "$PROBE" exit 3
    assert_status 7
    CARDBOARD_OPTS='  -e   3:7 --remap-exit=4:8  -g ' try cardboard -e 5:9 "$PROBE" exit 4
    assert_status 8
    # Lists add up.
    CARDBOARD_OPTS='-e 3:7' try cardboard -e 5:9 "$PROBE" exit 5
    assert_status 9
    CARDBOARD_OPTS='-w' try cardboard "$PROBE" orphans 1
    assert_match "$stderr" orphan
    CARDBOARD_OPTS='--timeout 100ms' try cardboard sleep "$FOREVER"
    assert_status 124
    for CARDBOARD_OPTS in "" "  " "--" "-g --"; do
      try in_place env "CARDBOARD_OPTS=$CARDBOARD_OPTS" "$CARDBOARD" "$PROBE" exit 7
      assert_status 7
      assert_equal "$stderr" ""
    done
  }
  each_place from_environment
}

@test "CARDBOARD_OPTS is split at tabs too" {
  CARDBOARD_OPTS=$'-e\t3:7 \t-g' try cardboard "$PROBE" exit 3
  assert_status 7
}

@test "the command line wins over CARDBOARD_OPTS" {
  command_line() {
    export CARDBOARD_OPTS="--stop-signal USR1 -r HUP:WINCH"
    start --stop-signal USR2 "$PROBE" signals
    assert_passed_on 15:12 1:28
    kill_command
    CARDBOARD_OPTS="--timeout 100ms" try cardboard --timeout 1h sh -c 'sleep 0.3; exit 7'
    assert_status 7
    unset CARDBOARD_OPTS
  }
  each_place command_line
}

@test "CARDBOARD_OPTS that holds what is not an init option is refused with one clear message" {
  refused() {
    local value
    for value in --isolate "-g --isolate" "--root /" --root=/ "--isolate --root /" true "-g true" "-- true" \
      "-g -- true" - --no-such-option -Z "--grace soon" --grace "-e 256" "$(printf '%2000s' "" | tr ' ' x)"; do
      CARDBOARD_OPTS=$value try cardboard echo ran
      echo "value: ${value:0:40}"
      assert_status 125
      assert_output ""
      assert_equal "$(grep -c ^cardboard: <<<"$stderr")" 1
      assert_match "$stderr" "^cardboard: CARDBOARD_OPTS[: ]"
      CARDBOARD_OPTS=$value try cardboard --isolate "$HELLO"
      assert_status 125
      assert_output ""
    done
    CARDBOARD_OPTS="-g --root /" try cardboard echo ran
    assert_match "$stderr" "'--root'"
    CARDBOARD_OPTS="-g --isolate" try cardboard echo ran
    assert_match "$stderr" "'--isolate'"
    CARDBOARD_OPTS="-g mischief" try cardboard echo ran
    assert_match "$stderr" "'mischief'"
  }
  refused
}

# ---- -p, --parent-death-signal ----------------------------------------------------------------------------------------

# Starts cardboard as the child of JOB, which a test may kill: as PID 1 that is the launcher, else a shell.
start_with_parent() {
  if [ "$PLACE" = pid1 ]; then
    start "$@"
  else
    rm -f parent.pid
    start_by_shell '"$@" & echo $! >init.pid; mv init.pid parent.pid; wait' "$@"
    wait_for test -s parent.pid
    INIT=$(<parent.pid)
  fi
}

kill_parent() {
  kill -KILL "$JOB"
  # Said here, or bash says it in the midst of something else.
  wait "$JOB" 2>/dev/null || true
}

@test "-p has COMMAND get the signal when the parent dies" {
  parent_dies() {
    local option
    for option in -p10 --parent-death-signal=SIGUSR1; do
      # shellcheck disable=SC2086 # several words
      start_with_parent $option "$PROBE" signals
      wait_for_line ready
      assert_equal "$(<"$OUT")" ready
      kill_parent
      wait_for_line 10
      assert_passed_on_later
    done
  }
  # Cardboard lives on; its COMMAND ends only by KILL.
  assert_passed_on_later() {
    kill -USR2 "$INIT"
    wait_for_line 12
    kill -KILL "$(command_pid)"
    wait_for nothing_tagged
  }
  every_way parent_dies
}

@test "-p TERM ends all when the parent dies" {
  all_ends() {
    start_with_parent -p TERM sh -c 'setsid sleep "$0" & sleep "$0"' "$FOREVER"
    wait_for are_running 2 sleep
    kill_parent
    wait_for nothing_tagged
  }
  every_way all_ends
}

@test "-e is about COMMAND's own status, and leaves that of --timeout alone" {
  timed_out() {
    try in_place "$CARDBOARD" -e 124 --timeout 100ms sleep "$FOREVER"
    assert_status 124
    try in_place "$CARDBOARD" -e 124 sh -c 'exit 124'
    assert_status 0
  }
  both_ways timed_out
}

no_probe_runs() {
  ! pgrep -f "^$PROBE signals" >/dev/null
}

@test "-p with --isolate is about our parent, and the container still ends with us" {
  in_container() {
    PLACE=plain
    start_with_parent -p USR1 --isolate "$PROBE" signals
    wait_for_line ready
    assert_equal "$(<"$OUT")" ready
    kill_parent
    wait_for_line 10
    kill -KILL "$INIT"
    wait_for no_probe_runs
  }
  both_ways in_container
}

@test "a manager's signal goes into a container as it is, when we are no PID 1 ourselves" {
  in_container() {
    PLACE=plain
    start --isolate "$PROBE" signals
    wait_for_line ready
    kill -37 "$INIT"
    wait_for_line 37
    kill -KILL "$INIT"
    wait_for no_probe_runs
  }
  both_ways in_container
}

@test "without -p the parent's death changes nothing" {
  PLACE=plain
  not_told() {
    start_with_parent "$PROBE" signals
    wait_for_line ready
    kill_parent
    kill -USR2 "$INIT"
    wait_for_line 12
    assert_equal "$(<"$OUT")" $'ready\n12'
    kill -KILL "$(command_pid)"
    wait_for nothing_tagged
  }
  both_ways not_told
}

@test "-p counts a parent that died before it was watched" {
  needs strace
  died_early() {
    rm -f trace init.pid
    # strace, as the grandchild that -D makes of it, holds cardboard in front of its request to be told.
    start_by_shell 'strace -D -o trace -e trace=prctl -e inject=prctl:delay_enter=500000:when=1 "$@" &
      echo $! >init.pid; wait' -p TERM "$PROBE" wait
    wait_for grep -qs PDEATHSIG trace || wait_for test -s init.pid
    INIT=$(<init.pid)
    kill_parent
    wait_for nothing_tagged
  }
  both_ways died_early
}

# ---- what managers of containers send to PID 1 ------------------------------------------------------------------------

@test "as PID 1 the managers' stop signals reach COMMAND as TERM, or as the stop signal" {
  PLACE=pid1
  asked_to_stop() {
    start "$PROBE" signals
    assert_passed_on 37:15 38:15 47:15 48:15 30:15 1:1 36:36 46:46
    kill_command
    start --stop-signal USR1 -r RTMIN+4:HUP "$PROBE" signals
    assert_passed_on 37:10 30:10 38:1
    kill_command
    start "$PROBE" wait
    wait_for_line ready
    kill -37 "$INIT"
    finish
    assert_status 143
  }
  both_ways asked_to_stop
}

@test "as PID 1 the managers' stop signals start --stop-timeout" {
  PLACE=pid1
  in_vain() {
    start --stop-timeout 200ms --grace 1h sh -c "$two_stubborn" "$PROBE"
    wait_for_line ready 2
    kill -37 "$INIT"
    took 150 5000 finish
    assert_status 137
  }
  both_ways in_vain
}

@test "as PID 1 the managers' reboot signals stop COMMAND, then reboot, where permitted" {
  needs unshare
  rebooted() {
    local n
    for n in 39 40 49 50; do
      rm -f log
      # In a user namespace of its own it may reboot its pid namespace, of which HUP tells: reboot(2).
      try in_place "$PROBE" status unshare --user --map-root-user --pid --fork --kill-child --mount-proc \
        "$CARDBOARD" sh -c '(until grep -qsx ready log; do sleep 0.02; done; kill "-$1" 1) &
          exec "$0" linger 0 7 >>log' "$PROBE" "$n"
      assert_output "signaled 1"
      assert_equal "$(cat log)" $'ready\nterminating\ncleaned'
    done
    # Not permitted: COMMAND's status.
    PLACE=pid1
    be_caller user
    start "$PROBE" linger 0 7
    wait_for_line ready
    kill -39 "$INIT"
    finish
    assert_status 7
  }
  rebooted
}

@test "as PID 1 of a container it takes no process 2 for the kernel's" {
  needs unshare
  mistaken() {
    # What a shell leaves behind by exec: a process 2 whose group is outside, 0 as seen from here, as is a kernel thread's.
    # May reboot its pid namespace, which would end us by INT.
    try in_place unshare --user --map-root-user --pid --fork --kill-child \
      sh -c '"$0" sleep 5 & exec "$@"' "$BUSYBOX" "$CARDBOARD" /bin/missing
    assert_status 127
    assert_one_message "$stderr"
  }
  both_ways mistaken
}

@test "when not PID 1 the managers' signals are forwarded as they are" {
  PLACE=plain
  as_they_are() {
    start --stop-signal USR1 --stop-timeout 100ms "$PROBE" signals
    assert_passed_on 37:37 38:38 39:39 40:40 47:47 48:48 49:49 50:50 30:30
    kill_command
  }
  both_ways as_they_are
}

# ---- the init's working directory -------------------------------------------------------------------------------------

@test "the init leaves the working directory, COMMAND keeps it" {
  directories() {
    start "$PROBE" wait
    wait_for_line ready
    # Between the start of COMMAND and the init's leaving there is a moment.
    wait_for has_cwd "$INIT" /
    has_cwd "$(command_pid)" "$ROOM"
    kill -TERM "$INIT"
    finish
    start -P
    wait_for has_cwd "$INIT" /
    kill -TERM "$INIT"
    finish
    assert_status 0
  }
  every_way directories
}

# ---- usage errors -----------------------------------------------------------------------------------------------------

@test "a bad argument is a usage error that names the option and what it expects" {
  local bad option
  for bad in "" TERM TERM: :TERM NOPE:TERM TERM:NOPE 0:1 65:1 1:65 -1:1 KILL:TERM 19:TERM RTMIN+31:TERM TERM:HUP:INT; do
    assert_usage_error --rewrite signals --rewrite "$bad"
  done
  assert_usage_error --rewrite signals -r nonsense
  for bad in "" 0 65 -1 NOPE SIG SIGSIGTERM RTMIN+31 RTMIN+ RTMAX+1 TERM:INT "TERM "; do
    assert_usage_error --parent-death-signal signal -p "$bad"
    assert_usage_error --stop-signal signal "--stop-signal=$bad"
  done
  for bad in "" 256 -1 x 3: :3 3:256 3:x 3:4:5 3,4; do
    assert_usage_error --remap-exit "exit status" -e "$bad"
  done
  for option in --stop-timeout --timeout; do
    for bad in "" soon -1 1x 1.5s; do
      assert_usage_error "$option" time "$option" "$bad"
    done
  done
  for bad in "" child EXEC exec,relay; do
    assert_usage_error --notify "exec or relay" --notify "$bad"
  done
}

@test "a missing argument is a usage error, and so is one that is not expected" {
  local pair option
  for pair in "--rewrite signals" "--parent-death-signal signal" "--remap-exit exit" "--stop-signal signal" \
    "--stop-timeout time" "--timeout time" "--notify exec"; do
    option=${pair% *}
    try cardboard "$option"
    assert_status 125
    assert_output ""
    assert_match "$stderr" "^cardboard: .*'$option' expects .*${pair#* }.*"$'\n'"Try 'cardboard --help'[^"$'\n'"]*\$"
  done
  for option in --single-child --subreaper --reraise --wait --pause --warn-reaped; do
    assert_usage_error "$option" "no argument" "$option=yes"
  done
}
