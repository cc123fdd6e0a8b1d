# SPDX-License-Identifier: MIT
# The init with the real binary on the real kernel: as an ordinary process and as PID 1 of a fresh pid namespace,
# as root and as an ordinary user. every_way runs a promise in all four; a test that says less runs it in less.

load helpers

setup_file() {
  open_workshop
}

setup() {
  enter_room
}

teardown() {
  leave_room
}

# ---- exit status ------------------------------------------------------------------------------------------------

@test "the exit status is COMMAND's own" {
  own_status() {
    local n
    for n in 0 1 7 99 124 125 126 127 128 137 255; do
      try cardboard "$PROBE" exit "$n"
      assert_status "$n"
      assert_output ""
    done
  }
  every_way own_status
}

@test "a COMMAND killed by signal N gives 128+N, real-time signals included" {
  signal_status() {
    local n
    for n in 1 2 3 6 9 11 13 15 31 32 33 34 35 64; do
      try cardboard "$PROBE" kill "$n"
      assert_status $((128 + n))
    done
  }
  every_way signal_status
}

@test "a COMMAND that is not there gives 127 and one message that names it" {
  : >plain-file
  printf '#!/nowhere/interpreter\n' >lost-interpreter
  chmod 755 lost-interpreter
  not_found() {
    local missing
    for missing in cardboard-no-such-command /nowhere/command ./missing plain-file/below ./lost-interpreter; do
      try cardboard "$missing"
      assert_status 127
      assert_output ""
      assert_one_message "$stderr"
      assert_match "$stderr" "^cardboard: cannot [a-z]+ .*$missing.*: (No such file or directory|Not a directory)"
    done
  }
  every_way not_found
}

@test "an empty COMMAND gives 127" {
  empty_command() {
    try cardboard ""
    assert_status 127
    assert_one_message "$stderr"
  }
  every_way empty_command
}

@test "a COMMAND that cannot be executed gives 126 and one message that names it and the reason" {
  mkdir directory
  : >not-executable
  ln -s loop loop
  mkfifo -m 777 fifo
  not_executable() {
    local bad
    for bad in ./directory /etc ./not-executable ./loop ./fifo; do
      try cardboard "$bad"
      assert_status 126
      assert_output ""
      assert_one_message "$stderr"
      assert_match "$stderr" "^cardboard: cannot [a-z]+ .*$bad.*: [A-Z]"
    done
  }
  every_way not_executable
}

@test "a COMMAND whose file is open for writing gives 126" {
  cp "$PROBE" busy
  chmod 777 busy
  busy_file() {
    exec 8>>busy
    try cardboard ./busy exit 0
    exec 8>&-
    assert_status 126
    assert_match "$stderr" "Text file busy"
  }
  every_way busy_file
}

@test "a file of unknown format gives 126 where there is no /bin/sh to try" {
  mkdir jail
  cp "$CARDBOARD" jail/cardboard
  printf 'exit 9\n' >jail/script
  chmod 755 jail jail/*
  try in_place unshare --user --map-root-user chroot jail /cardboard /script
  assert_status 126
  assert_one_message "$stderr"
  assert_match "$stderr" "/script.*: Exec format error"
}

@test "a fork that is refused gives 125 and leaves nothing" {
  needs prlimit
  be_caller user
  # The limit counts cardboard itself, so its child is one too many.
  try in_place prlimit --nproc=1 "$CARDBOARD" "$PROBE" exit 0
  assert_status 125
  assert_one_message "$stderr"
  assert_match "$stderr" ": Resource temporarily unavailable"
}

# ---- the command line ---------------------------------------------------------------------------------------------

# assert_usage_error WORD ARG...: one message that contains WORD, the line that points to --help, 125, no output.
assert_usage_error() {
  local word=$1 lines
  shift
  try cardboard "$@"
  echo "arguments: $*"
  assert_status 125
  assert_output ""
  mapfile -t lines <<<"$stderr"
  assert_equal "${#lines[@]}" 2
  assert_match "${lines[0]}" "^cardboard: [a-z-]"
  [[ ${lines[0]} == *"$word"* ]] || { echo "no '$word' in: ${lines[0]}" && return 1; }
  assert_equal "${lines[1]}" "Try 'cardboard --help' for more information."
}

@test "a missing COMMAND is a usage error" {
  no_command() {
    assert_usage_error COMMAND
    assert_usage_error COMMAND --
    assert_usage_error COMMAND -g
    assert_usage_error COMMAND --grace 1s
    assert_usage_error COMMAND --isolate
  }
  every_way no_command
}

@test "an unknown option is a usage error that names it" {
  unknown_option() {
    assert_usage_error "--no-such-option" --no-such-option "$PROBE" exit 0
    assert_usage_error "--no-such-option" --no-such-option=1 "$PROBE" exit 0
    assert_usage_error "-Z" -Z "$PROBE" exit 0
    assert_usage_error "-Z" -gZ "$PROBE" exit 0
    # No abbreviations.
    assert_usage_error "--gra" --gra 1s "$PROBE" exit 0
    assert_usage_error "--isolat" --isolat "$HELLO"
  }
  both_ways unknown_option
}

@test "an option without its argument is a usage error that names it" {
  missing_argument() {
    assert_usage_error "--grace" --grace
    assert_usage_error "--root" --isolate --root
    assert_usage_error "--group" --group=yes "$PROBE" exit 0
  }
  both_ways missing_argument
}

@test "a bad TIME is a usage error that names the option and what it got" {
  local bad
  for bad in "" soon -1 +1 1x "1 s" 0x10 1.5s ms 1ss 99999999999999999999 99999999999999999999h; do
    assert_usage_error "--grace" --grace "$bad" "$PROBE" exit 0
    [ -z "$bad" ] || assert_usage_error "$bad" "--grace=$bad" "$PROBE" exit 0
  done
}

@test "every form of TIME is understood" {
  local good
  for good in 0 5 0ms 300ms 2s 1m 1h; do
    try cardboard --grace "$good" "$PROBE" exit 7
    assert_status 7
    try cardboard "--grace=$good" "$PROBE" exit 7
    assert_status 7
  done
}

@test "options end at COMMAND or at --, and short ones cluster" {
  try cardboard "$PROBE" report -g --grace --isolate -- -V
  assert_status 0
  assert_equal "$(field argument | tr '\n' ' ')" "-g --grace --isolate -- -V "
  try cardboard -g -- "$PROBE" report -- -V
  assert_equal "$(field argument | tr '\n' ' ')" "-- -V "
  try cardboard -gv "$PROBE" exit 7
  assert_status 7
  try cardboard --group --verbose -v "$PROBE" exit 7
  assert_status 7
  assert_output ""
}

@test "help goes to stdout and names every option of the first release" {
  local option
  try cardboard --help
  assert_status 0
  assert_equal "$stderr" ""
  for option in -g --group --grace -v --verbose -h --help -V --version --isolate --root; do
    grep -qE -- "(^|[ ,])$option([ ,=]|\$)" <<<"$output" || { echo "help lacks $option" && return 1; }
  done
  local long=$output
  try cardboard -h
  assert_status 0
  assert_output "$long"
}

@test "-V and --version print the name and the version on stdout" {
  local option
  for option in -V --version; do
    try cardboard "$option"
    assert_status 0
    assert_equal "$stderr" ""
    assert_match "$output" '^cardboard [0-9]+\.[0-9]+[^[:space:]]*$'
  done
}

@test "a set-user-ID or set-group-ID copy refuses to run" {
  needs_root
  [[ $(findmnt -no OPTIONS -T "$ROOM") != *nosuid* ]] || skip "needs a directory that is not mounted nosuid"
  local mode
  for mode in 4755 2755; do
    cp "$CARDBOARD" "privileged-$mode"
    chmod "$mode" "privileged-$mode"
    try as_user "./privileged-$mode" "$PROBE" exit 0
    assert_status 125
    assert_output ""
    assert_one_message "$stderr"
    try as_user "./privileged-$mode" --isolate "$HELLO"
    assert_status 125
    assert_output ""
  done
}

# ---- what COMMAND is given ------------------------------------------------------------------------------------------

@test "COMMAND gets arguments, environment, working directory and umask as they were given" {
  as_given() {
    try cardboard "$PROBE" report "two words" "" 'a\b'
    assert_equal "$(field argument)" $'two words\n\na\\b'
    assert_equal "$(field cwd)" "$ROOM"
    try in_place env -i "ONE=1" "EMPTY=" "PATH=/usr/bin:/bin" "$CARDBOARD" env
    assert_output $'ONE=1\nEMPTY=\nPATH=/usr/bin:/bin'
    umask 027
    try cardboard sh -c umask
    umask 022
    assert_output 0027
  }
  every_way as_given
}

@test "the caller's signal mask and dispositions reach COMMAND bit for bit, 32 to 34 and 64 included" {
  # HUP, USR1, PIPE, CHLD, 32, 33, 34, 64; and everything but KILL and STOP, which the kernel strips.
  local some=8000000380011201 everything=fffffffffffbfeff none=0000000000000000
  bit_exact() {
    local pair option
    for option in --grace=5s -g; do
      for pair in "$none $none" "$some $none" "$none $some" "$everything $everything"; do
        LAUNCH=("block=${pair% *}" "ignore=${pair#* }")
        try cardboard "$option" "$PROBE" report
        assert_status 0
        assert_equal "$(field SigBlk) $(field SigIgn)" "$pair"
        assert_equal "$(field SigCgt) $(field SigPnd) $(field ShdPnd)" "$none $none $none"
      done
    done
  }
  every_way bit_exact
}

@test "COMMAND's status is known although the caller ignored or blocked SIGCHLD" {
  child_signal() {
    for LAUNCH in ignore=10000 block=10000; do
      LIMIT=5 try cardboard "$PROBE" exit 7
      assert_status 7
      LIMIT=5 try cardboard "$PROBE" kill 11
      assert_status 139
    done
  }
  every_way child_signal
}

@test "COMMAND gets the caller's descriptors, and none of cardboard's" {
  : >file
  chmod 666 file
  exec 5<file 7<file 9>>file
  open_descriptors() {
    LAUNCH=(only=0,1,2)
    try cardboard "$PROBE" fds
    assert_output "0 1 2"
    LAUNCH=(only=0,1,2,7,9)
    try cardboard -g "$PROBE" fds
    assert_output "0 1 2 7 9"
    # Closed on exec or not, the init must not take the numbers that lie between.
    LAUNCH=(only=0,1,2,5)
    try cardboard "$PROBE" fds
    assert_output "0 1 2 5"
  }
  every_way open_descriptors
  exec 5<&- 7<&- 9>&-
}

@test "LISTEN_PID follows COMMAND where it named the init, LISTEN_PIDFDID goes, and nothing else changes" {
  readdressed() {
    # The manager's child, which will be the init, is told its own pid.
    try in_place env -i LISTEN_FDS=1 LISTEN_PIDFDID=5 A=1 sh -c 'LISTEN_PID=$$ exec "$@"' sh \
      "$CARDBOARD" sh -c 'echo "$(($$ - LISTEN_PID)) ${LISTEN_PIDFDID-none} $LISTEN_FDS $A"'
    assert_output "0 none 1 1"
    # What is for another process is not ours to change.
    try in_place env -i LISTEN_PID=987654321 LISTEN_PIDFDID=5 LISTEN_FDS=1 "$CARDBOARD" "$BUSYBOX" env
    assert_output $'LISTEN_PID=987654321\nLISTEN_PIDFDID=5\nLISTEN_FDS=1'
  }
  every_way readdressed
}

@test "a socket of systemd-socket-activate is COMMAND's" {
  needs systemd-socket-activate
  from_socket() {
    local LINE
    rm -f socket
    compose_line
    run_in_background "${LINE[@]}" systemd-socket-activate --datagram --listen "$ROOM/socket" \
      --setenv CARDBOARD_TAG "$CARDBOARD" "$PROBE" activated
    wait_for test -S socket
    "$PROBE" tell socket "some words"
    finish
    assert_status 0
    assert_output "some words"
  }
  every_way from_socket
}

@test "closed standard descriptors stay closed for COMMAND, and its status is returned" {
  closed_descriptors() {
    local open
    for open in 1,2 0,2 0,1 2 ""; do
      LAUNCH=("only=$open")
      rm -f list
      LIMIT=5 try cardboard "$PROBE" fds "$ROOM/list"
      assert_status 0
      assert_equal "only=$open -> $(cat list)" "only=$open -> ${open//,/ }"
      LIMIT=5 try cardboard "$PROBE" exit 7
      assert_status 7
    done
    LIMIT=5 try cardboard ./missing
    assert_status 127
  }
  every_way closed_descriptors
}

@test "a script without #! runs under /bin/sh, by path and from PATH" {
  printf 'echo "$0 $# $2"\nexit 9\n' >script
  chmod 755 script
  plain_script() {
    try cardboard ./script one two
    assert_status 9
    assert_output "./script 2 two"
    try in_place env "PATH=$ROOM:$PUBLIC_PATH" "$CARDBOARD" script one two
    assert_status 9
    assert_output "$ROOM/script 2 two"
  }
  every_way plain_script
}

@test "COMMAND is searched in PATH as execvp does" {
  mkdir first second
  printf '#!/bin/sh\nexit 3\n' >first/tool
  printf '#!/bin/sh\nexit 4\n' >second/tool
  printf '#!/bin/sh\nexit 5\n' >here
  chmod 755 second/tool here
  path_search() {
    chmod 755 first/tool
    try in_place env "PATH=/nowhere:$ROOM/first:$ROOM/second" "$CARDBOARD" tool
    assert_status 3
    # One that may not be executed is passed over, and only remembered for the error.
    chmod 644 first/tool
    try in_place env "PATH=$ROOM/first:$ROOM/second" "$CARDBOARD" tool
    assert_status 4
    try in_place env "PATH=$ROOM/first:/nowhere" "$CARDBOARD" tool
    assert_status 126
    # An empty element is the working directory; an unset PATH is glibc's /bin:/usr/bin.
    try in_place env "PATH=/nowhere:" "$CARDBOARD" here
    assert_status 5
    try in_place env -u PATH "$CARDBOARD" sh -c 'exit 6'
    assert_status 6
    try in_place env -u PATH "$CARDBOARD" here
    assert_status 127
  }
  every_way path_search
}

# ---- signals ------------------------------------------------------------------------------------------------------

@test "each signal from 1 to 64 but KILL and STOP reaches COMMAND, once" {
  all_forwarded() {
    start "$PROBE" signals
    assert_every_signal_arrives
  }
  every_way all_forwarded
}

@test "the kernel's SIGCHLD for an orphan is not forwarded" {
  orphan_ends() {
    start sh -c '(sleep 0.2 & sleep 0.2 &) ; exec "$0" signals' "$PROBE"
    wait_for_line ready
    wait_for one_child
    kill -USR1 "$INIT"
    wait_for_line 10
    assert_equal "$(cat "$OUT")" $'ready\n10'
    kill_command
  }
  one_child() {
    [ "$(children_of "$INIT" | wc -w)" -eq 1 ]
  }
  every_way orphan_ends
}

@test "-g forwards to COMMAND's whole group, without it COMMAND alone is told" {
  group_target() {
    local option
    for option in -g --grace=0; do
      rm -f member
      start "$option" --grace 0 sh -c '"$0" signals >>member & exec "$0" signals' "$PROBE"
      wait_for_line ready
      wait_for grep -qx ready member
      kill -USR1 "$INIT"
      wait_for_line 10
      if [ "$option" = -g ]; then
        wait_for grep -qx 10 member
      else
        # What COMMAND got after it proves that the member would have got it by now.
        kill -USR2 "$INIT"
        wait_for_line 12
        assert_equal "$(cat member)" ready
      fi
      kill_command
    done
  }
  every_way group_target
}

@test "TERM in the moment that the first child shows up is never lost" {
  storm() {
    local option place
    for place in "" pid1; do
      for option in --grace=5s -g; do
        # shellcheck disable=SC2086 # an empty place is no word
        LIMIT=60 try in_place "$PROBE" storm 40 $place "$CARDBOARD" "$option" sleep "$FOREVER"
        assert_output "tries=40 lost=0 wrong=0"
      done
    done
  }
  both_ways storm
}

@test "TERM at any moment of the start ends cardboard and COMMAND with 143" {
  sweep() {
    local option
    for option in --grace=5s -g; do
      LIMIT=60 try in_place "$PROBE" storm 100 sweep=5 "$CARDBOARD" "$option" sleep "$FOREVER"
      assert_output "tries=100 lost=0 wrong=0"
    done
  }
  both_ways sweep
}

@test "the init does not wake while nothing happens" {
  local inits=() jobs=() i
  spin_up() {
    start "$PROBE" wait
    wait_for_line ready
    inits+=("$INIT")
    jobs+=("$JOB")
  }
  every_way spin_up
  assert_not_woken "${inits[@]}"
  kill -TERM "${inits[@]}"
  for i in "${jobs[@]}"; do wait_for not_running "$i"; done
}

# ---- orphans ------------------------------------------------------------------------------------------------------

@test "a thousand orphans are adopted and reaped" {
  orphans() {
    try cardboard "$PROBE" orphans 1000
    assert_output "orphans=1000 adopted=1000 left=0"
    assert_status 0
  }
  every_way orphans
}

@test "two hundred children that die at once after COMMAND do not hide its status" {
  mass_death() {
    try cardboard --grace 0 sh -c 'i=0; while [ $i -lt 200 ]; do "$0" wait >/dev/null 2>&1 & i=$((i + 1)); done; exit 7' "$PROBE"
    assert_status 7
  }
  every_way mass_death
}

# ---- the end ------------------------------------------------------------------------------------------------------

# COMMAND for the tests of the end: starts a background process from $1..., waits for it, exits with 3.
exit_3_beside='"$0" "$@" >>log 2>&1 & until grep -qx ready log; do sleep 0.02; done; exit 3'

@test "a grandchild that traps TERM finishes its clean-up of a second, and the status is COMMAND's" {
  clean_up() {
    : >log
    chmod 666 log
    try took 1000 4500 cardboard sh -c "$exit_3_beside" "$PROBE" linger 1000
    assert_status 3
    assert_equal "$(cat log)" $'ready\nterminating\ncleaned'
    nothing_tagged
  }
  every_way clean_up
}

@test "--grace 0 ends the rest at once" {
  no_grace() {
    : >log
    chmod 666 log
    try took 0 5000 cardboard --grace 0 sh -c "$exit_3_beside" "$PROBE" linger 15000
    assert_status 3
    assert_no_match "$(cat log)" cleaned
    nothing_tagged
  }
  every_way no_grace
}

@test "--grace 300ms kills what ignores TERM after 300 ms" {
  short_grace() {
    : >log
    chmod 666 log
    try took 300 4000 cardboard --grace 300ms sh -c "$exit_3_beside" "$PROBE" stubborn
    assert_status 3
    nothing_tagged
  }
  every_way short_grace
}

@test "without --grace what ignores TERM is killed after five seconds" {
  : >log
  chmod 666 log
  try took 4900 9000 cardboard sh -c "$exit_3_beside" "$PROBE" stubborn
  assert_status 3
}

@test "the grace ends as soon as nothing is left" {
  quick_end() {
    : >log
    chmod 666 log
    try took 0 5000 cardboard --grace 1h sh -c "$exit_3_beside" "$PROBE" wait
    assert_status 3
    : >log
    try took 0 5000 cardboard --grace 1h "$PROBE" exit 3
    assert_status 3
  }
  every_way quick_end
}

@test "a stopped process is continued, so that TERM can end it within the grace" {
  stopped() {
    : >log
    chmod 666 log
    try took 0 5000 cardboard --grace 1h \
      sh -c '"$0" wait >>log & until grep -qx ready log; do sleep 0.02; done; kill -STOP $!; exit 3' "$PROBE"
    assert_status 3
  }
  every_way stopped
}

@test "a process deep in the tree gets its TERM too" {
  deep() {
    : >log
    chmod 666 log
    # The shell waits for its child, and so stays between it and COMMAND until TERM comes.
    try took 0 5000 cardboard --grace 1h sh -c "$exit_3_beside" sh -c '"$0" linger 0; true' "$PROBE"
    assert_status 3
    assert_equal "$(cat log)" $'ready\nterminating\ncleaned'
  }
  every_way deep
}

@test "TERM to cardboard ends COMMAND and its background children, as PID 1 and not" {
  whole_tree() {
    start sh -c 'sleep "$0" & sleep "$0"' "$FOREVER"
    wait_for are_running 2 sleep
    kill -TERM "$INIT"
    finish
    assert_status 143
    nothing_tagged
  }
  every_way whole_tree
}

@test "COMMAND's own status is returned when it handles TERM" {
  handled() {
    start "$PROBE" linger 0 7
    wait_for_line ready
    kill -TERM "$INIT"
    finish
    assert_status 7
  }
  every_way handled
}

@test "a second TERM during the grace ends it" {
  impatient() {
    local main
    rm -f log
    start --grace 1h sh -c 'trap "exit 3" TERM; "$0" stubborn >>log &
      until grep -qsx ready log; do sleep 0.02; done; echo ready; while :; do sleep 0.02; done' "$PROBE"
    wait_for_line ready
    main=$(command_pid)
    kill -TERM "$INIT"
    wait_for not_running "$main"
    not_running "$INIT" && { echo "no grace at all" && return 1; }
    kill -TERM "$INIT"
    finish
    assert_status 3
    nothing_tagged
  }
  every_way impatient
}

@test "when not PID 1, descendants that left the session are found, and a bystander survives" {
  local bystander
  runaway() {
    sleep 987654 3>&- 4>&- &
    bystander=$!
    start sh -c 'setsid "$0" "$1" & setsid -f "$0" "$1"; (setsid "$0" "$1" &); exec "$0" "$1"' sleep "$FOREVER"
    wait_for are_running 4 sleep
    kill -TERM "$INIT"
    finish
    assert_status 143
    nothing_tagged
    kill -0 "$bystander"
    kill "$bystander"
  }
  both_ways runaway
}

@test "processes that ignore TERM in sessions of their own are killed after the grace" {
  stubborn_runaway() {
    : >log
    chmod 666 log
    try took 300 4000 cardboard --grace 300ms \
      sh -c 'setsid -f "$0" stubborn >>log; until grep -qx ready log; do sleep 0.02; done; exit 3' "$PROBE"
    assert_status 3
    nothing_tagged
  }
  every_way stubborn_runaway
}

# ---- bad surroundings -----------------------------------------------------------------------------------------------

@test "a closed, broken or full stderr neither ends nor hangs it" {
  bad_stderr() {
    local stderr_state
    for stderr_state in only=0,1 stderr=broken stderr=full; do
      LAUNCH=("$stderr_state")
      LIMIT=5 try cardboard -v -v -v "$PROBE" exit 7
      assert_status 7
      LIMIT=5 try cardboard -v -v -v "$PROBE" orphans 10
      assert_status 0
      LIMIT=5 try cardboard ./missing
      assert_status 127
      LIMIT=5 try cardboard --no-such-option
      assert_status 125
    done
  }
  every_way bad_stderr
}

@test "COMMAND that fills stderr between the init's look and its write does not hang it" {
  needs strace
  contended_stderr() {
    LAUNCH=(stderr=unread)
    # strace holds each write of the init, and of nobody else, back for longer than COMMAND takes to fill the pipe.
    # The first one is that COMMAND was started, for which the init looks while COMMAND still sleeps.
    LIMIT=5 try in_place strace -o /dev/null -e trace=write,pwritev2 -e inject=write,pwritev2:delay_enter=400000 \
      "$CARDBOARD" -v sh -c 'sleep 0.2; yes >&2 & sleep 0.3; exit 7'
    assert_status 7
  }
  both_ways contended_stderr
}

# Starts cardboard as start does, but under strace, which makes system calls fail as `inject` says.
start_injected() {
  local inject=$1 LINE
  shift
  compose_line
  run_in_background "${LINE[@]}" strace -o /dev/null -e "trace=${inject%%:*}" -e "inject=$inject" "$CARDBOARD" "$@"
  wait_for_line ready
  INIT=$(first_child_of "$JOB")
}

@test "a signal that may not be sent is warned about, and ends nothing" {
  needs strace
  forbidden_signal() {
    start_injected kill:error=EPERM sh -c 'echo ready; until [ -e go ]; do sleep 0.02; done; exit 7'
    kill -USR1 "$INIT"
    wait_for grep -q . "$ERR"
    touch go
    finish
    rm go
    assert_status 7
    assert_match "$stderr" "^cardboard: cannot [a-z]+ SIGUSR1.*: Operation not permitted\$"
  }
  both_ways forbidden_signal
}

@test "a kernel without pidfd_open does not keep the tree from being ended" {
  needs strace
  old_kernel() {
    start_injected pidfd_open:error=ENOSYS sh -c 'setsid "$0" "$1" & echo ready; exec "$0" "$1"' sleep "$FOREVER"
    wait_for are_running 2 sleep
    kill -TERM "$INIT"
    finish
    assert_status 143
    nothing_tagged
  }
  both_ways old_kernel
}

@test "a verbose init says nothing on stdout" {
  verbose() {
    try cardboard -v -v -v "$PROBE" exit 7
    assert_status 7
    assert_output ""
    # Quiet without it: silence means that all is well.
    try cardboard "$PROBE" exit 7
    assert_equal "$stderr" ""
  }
  every_way verbose
}
