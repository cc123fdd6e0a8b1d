# SPDX-License-Identifier: MIT
# The edge cases of an init that few callers meet and that each cost somebody a night, with the real binary on the
# real kernel. The number is the case's in the list that the project keeps (KERNEL.md, section 5); those that
# other suites are about are tested there: terminals in terminal.bats, engines in docker.bats and its like.

load helpers

setup_file() {
  open_workshop
  build_edge "$BATS_FILE_TMPDIR/edge"
  chmod 711 "$BATS_FILE_TMPDIR"
}

setup() {
  EDGE=$BATS_FILE_TMPDIR/edge
  enter_room
}

teardown() {
  [ -z "${BOMBER:-}" ] || end_bombs
  [ -z "${LISTENER:-}" ] || kill "$LISTENER" 2>/dev/null || true
  [ -z "${MOUNTED:-}" ] || umount -l "$MOUNTED" 2>/dev/null || true
  leave_room
}

build_edge() {
  musl-gcc -static -O1 -s -o "$1" "$BATS_TEST_DIRNAME/edge.c"
  chmod 755 "$1"
}

has_state() {
  grep -q "^State:[[:blank:]]$2" "/proc/$1/status"
}

# Starts cardboard as start does, but by the caller's words in BY, which end in a program that starts what it is
# given; INIT is found below it.
start_by() {
  local LINE
  compose_line
  rm -f "$INIT_PID_FILE"
  run_in_background "${LINE[@]}" "${BY[@]}" "$CARDBOARD" "$@"
}

# As start, under strace with these options, its output in `trace`.
start_traced() {
  local options=$1
  shift
  rm -f trace
  # shellcheck disable=SC2206 # several words
  BY=(strace -o trace $options)
  start_by "$@"
  wait_for found_traced
}

found_traced() {
  INIT=$(first_child_of "$JOB")
  [ "$(cat "/proc/$INIT/comm")" = cardboard ]
}

children_at_least() {
  [ "$(children_of "$1" | wc -w)" -ge "$2" ]
}

# Blocked by the caller: all but CONT, which strace sends to what it starts.
all_but_cont=block=fffffffffffdffff

# ---- start-up ------------------------------------------------------------------------------------------------------

@test "1, 2: signals that arrive before the fork reach COMMAND exactly once, and are not inherited as pending" {
  needs strace
  before_the_fork() {
    local option
    for option in --grace=5s -g; do
      LAUNCH=("$all_but_cont")
      start_traced "-e trace=clone -e inject=clone:delay_enter=300000" "$option" "$PROBE" signals
      # Real-time ones, of which the kernel would deliver as many as there are.
      kill -40 "$INIT"
      kill -40 "$INIT"
      kill -USR1 "$INIT"
      wait_for_line 40 2
      kill -41 "$INIT"
      wait_for_line 41
      assert_equal "$(<"$OUT")" $'ready\n10\n40\n40\n41'
      kill_command
    done
  }
  PLACE=plain
  both_ways before_the_fork
}

@test "1: a signal in the moment that COMMAND's process is there reaches it exactly once, with -g and without" {
  in_the_moment() {
    local option i
    LAUNCH=(block=ffffffffffffffff)
    for option in --grace=5s -g; do
      for i in {1..10}; do
        start "$option" "$PROBE" signals
        wait_for children_at_least "$INIT" 1
        kill -44 "$INIT"
        wait_for_line 44
        kill -45 "$INIT"
        wait_for_line 45
        assert_equal "$(<"$OUT")" $'ready\n44\n45'
        kill_command
      done
    done
  }
  every_way in_the_moment
}

@test "2: nothing is pending in COMMAND at its start" {
  needs strace
  nothing_pending() {
    LAUNCH=("$all_but_cont")
    # The signal waits in the init while it forks, and the exec waits for nobody.
    start_traced "-e trace=clone,kill -e inject=clone:delay_enter=200000 -e inject=kill:delay_enter=300000" \
      "$EDGE" heritage
    kill -USR1 "$INIT"
    finish
    assert_status 0
    assert_output "parent death signal 0, pending 0"
    grep -q 'kill(.*SIGUSR1' trace
  }
  PLACE=plain
  both_ways nothing_pending
}

@test "5: a caller's SIGCHLD with SA_NOCLDWAIT does not hide COMMAND's status" {
  nocldwait() {
    LIMIT=5 try in_place "$EDGE" nocldwait "$CARDBOARD" "$PROBE" exit 7
    assert_status 7
  }
  every_way nocldwait
}

@test "5: a caller's timer goes off for COMMAND, as it would have without cardboard" {
  timer() {
    BY=("$EDGE" alarm 300)
    start_by "$PROBE" signals
    wait_for_line ready
    wait_for_line 14
    PLACE=plain INIT=$JOB kill_command
  }
  PLACE=plain
  both_ways timer
}

@test "8: without any argument, its own name included, there is a usage error and no crash" {
  no_words() {
    try in_place "$EDGE" noargs "$CARDBOARD"
    assert_status 125
    assert_output ""
    assert_match "$stderr" "^cardboard: expects a COMMAND"
  }
  every_way no_words
}

@test "8: a very long command line reaches COMMAND whole" {
  long_line() {
    local words=()
    mapfile -t words < <(seq 20000)
    try cardboard sh -c 'echo $# ${20000}' sh "${words[@]}"
    assert_output "20000 20000"
    try cardboard sh -c 'echo ${#1}' sh "$(printf '%100000s' '')"
    assert_output 100000
  }
  every_way long_line
}

@test "8, 9: odd names of COMMAND give 126 or 127 and one message" {
  local long
  long=$(printf '%300s' '' | tr ' ' x)
  odd_names() {
    local name expected
    while read -r expected name; do
      try cardboard "$name"
      echo "name: ${name:0:40}"
      assert_status "$expected"
      assert_output ""
      assert_one_message "$stderr"
    done <<END
126 .
126 ..
126 /
126 ./
127 //nowhere//x
126 /$long
126 $(printf 'x/%.0s' {1..2100})
126 /$(printf 'x/%.0s' {1..2100})
END
    try in_place env "PATH=$ROOM" "$CARDBOARD" .
    assert_status 126
    try cardboard "$long"
    assert_status 126
    assert_match "$stderr" ": File name too long\$"
    # Of which not even the message has room.
    try cardboard "$(printf '%5000s' '' | tr ' ' x)"
    assert_status 126
    assert_one_message "$stderr"
  }
  every_way odd_names
}

@test "9: an interpreter or loader that is missing is named" {
  mkdir jail
  cp "$CARDBOARD" jail/cardboard
  cp /bin/true jail/dynamic
  printf '#!/nowhere/interpreter -x\nexit 0\n' >jail/lost
  chmod -R a+rX jail
  chmod 755 jail/lost
  named() {
    try cardboard ./jail/lost
    assert_status 127
    assert_match "$stderr" $'^cardboard: cannot execute ./jail/lost: No such file or directory\ncardboard: hint: .*: /nowhere/interpreter$'
    try in_place env "PATH=/nowhere:$ROOM/jail" "$CARDBOARD" lost
    assert_status 127
    assert_match "$stderr" $'cannot execute lost: .*\n.*: /nowhere/interpreter$'
    # What is not there at all has no hint.
    try cardboard ./jail/missing
    assert_status 127
    assert_no_match "$stderr" hint
  }
  every_way named
  try in_place unshare --user --map-root-user chroot jail /cardboard /dynamic
  assert_status 127
  assert_match "$stderr" $'cannot execute /dynamic: .*\ncardboard: hint: .*: /lib[^ ]*ld-linux[^ ]*$'
}

@test "9: a file on a file system that is mounted noexec gives 126" {
  needs_root
  mkdir noexec
  MOUNTED=$ROOM/noexec
  mount -t tmpfs -o noexec,mode=755 tmpfs noexec
  cp "$PROBE" noexec/probe
  both_ways not_there
  umount noexec
  MOUNTED=
}

not_there() {
  try cardboard ./noexec/probe exit 0
  assert_status 126
  assert_one_message "$stderr"
  assert_match "$stderr" "noexec/probe: Permission denied"
}

@test "9: whatever the kernel has against an exec, the status is 126 and the message its reason" {
  needs strace
  refused() {
    local name text
    while read -r name text; do
      # -P: the exec of this file alone, which is made by the child.
      try in_place strace -f -o /dev/null -P "$PROBE" -e trace=execve -e "inject=execve:error=$name" \
        "$CARDBOARD" "$PROBE" exit 0
      assert_status 126
      assert_equal "$stderr" "cardboard: cannot execute $PROBE: $text"
    done <<END
E2BIG Argument list too long
ENOMEM Cannot allocate memory
EPERM Operation not permitted
EIO Input/output error
ETXTBSY Text file busy
ELOOP Too many levels of symbolic links
END
  }
  PLACE=plain
  # An ordinary user's strace cannot read the names that an undumpable process hands to the kernel.
  needs_root
  refused
}

@test "10, 46: a fork that fails for want of memory or processes gives 125 and the reason" {
  needs strace
  no_fork() {
    local name text
    while read -r name text; do
      try in_place strace -o /dev/null -e trace=clone -e "inject=clone:error=$name" "$CARDBOARD" "$PROBE" exit 0
      assert_status 125
      assert_equal "$stderr" "cardboard: cannot fork a process for $PROBE: $text"
    done <<END
EAGAIN Resource temporarily unavailable
ENOMEM Cannot allocate memory
END
  }
  PLACE=plain
  both_ways no_fork
}

# All of an init's work in one: a signal, an orphan in a session of its own, the status, the end of all.
whole_life() {
  start_by "$@" sh -c 'setsid "$0" "$1" & setsid -f "$0" "$1"; trap "exit 5" USR1; echo ready
    while :; do "$0" 0.02; done' sleep "$FOREVER"
  wait_for_line ready
  kill -USR1 "$JOB"
  finish
  assert_status 5
  nothing_tagged
}

@test "11: calls that a seccomp profile forbids, with EPERM or ENOSYS, are done without" {
  forbidden() {
    local errno
    for errno in 1 38; do
      BY=("$EDGE" deny "$errno" close_range,faccessat2,pidfd_open,pidfd_send_signal,pwritev2,rt_sigqueueinfo,signalfd4,statx,waitid)
      whole_life
      assert_equal "$stderr" ""
      whole_life -v
      assert_match "$stderr" "^cardboard: started sh"
    done
  }
  PLACE=plain
  both_ways forbidden
}

@test "11: where it may not be a subreaper it says so, and serves COMMAND" {
  no_subreaper() {
    LAUNCH=()
    try in_place "$EDGE" deny 1 prctl "$CARDBOARD" sh -c 'exit 7'
    assert_status 7
    assert_equal "$stderr" "cardboard: cannot become a subreaper: Operation not permitted"
    BY=("$EDGE" deny 1 prctl)
    start_by "$PROBE" linger 0 4
    wait_for_line ready
    kill -TERM "$INIT"
    finish
    assert_status 4
  }
  PLACE=plain
  both_ways no_subreaper
}

@test "11, 47: eleven system calls are all that it cannot do without" {
  strict() {
    local errno
    for errno in 1 38; do
      LIMIT=5 try in_place "$EDGE" allow "$errno" "$CARDBOARD" "$PROBE" exit 7
      assert_status 7
      LIMIT=5 try in_place "$EDGE" allow "$errno" "$CARDBOARD" "$PROBE" missing
      assert_status 99
      LIMIT=5 try in_place "$EDGE" allow "$errno" "$CARDBOARD" ./missing
      assert_status 127
    done
  }
  PLACE=plain
  both_ways strict
}

# In a jail without /proc: what is left are children of COMMAND in sessions of their own, one of which takes no TERM,
# and a grandchild.
leave_three='/busybox setsid /probe stubborn >>log & /busybox setsid /probe linger 0 >>log &
  /busybox sh -c "/busybox setsid /probe stubborn; :" >>log &
  until [ "$(/busybox grep -c ready log)" = 3 ]; do /busybox sleep 0.02; done; exit 3'

@test "11: without /proc, and not PID 1, all that is left is ended even so, and a bystander is not" {
  needs unshare
  mkdir -p jail/dev
  cp "$CARDBOARD" "$PROBE" "$BUSYBOX" jail
  chmod -R a+rX jail
  chmod 777 jail
  # What a shell runs in the background reads from there; any file will do.
  : >jail/dev/null
  sleep 987654 3>&- 4>&- &
  local bystander=$!
  be_caller user
  # Each look at all numbers that a process may have takes a second or two.
  LIMIT=50 try took 200 40000 in_place unshare --user --map-root-user chroot jail /cardboard --grace 200ms \
    /busybox sh -c "$leave_three"
  assert_status 3
  assert_equal "$stderr" ""
  assert_match "$(cat jail/log)" terminating
  nothing_tagged
  kill -0 "$bystander"
  kill "$bystander"
}

@test "11: a /proc of another pid namespace is not taken for ours" {
  needs_root
  needs unshare
  sleep 987654 3>&- 4>&- &
  local bystander=$!
  # The shell is PID 1 there, so that cardboard is not, nor 2, the parent of all kernel threads in the /proc of outside.
  LIMIT=50 try took 200 40000 in_place unshare --pid --fork sh -c '(:) & (:) & (:) & wait; "$@"; exit $?' sh "$CARDBOARD" --grace 200ms \
    sh -c 'setsid "$0" stubborn >>log & until grep -qsx ready log; do sleep 0.02; done; exit 3' "$PROBE"
  assert_status 3
  assert_equal "$stderr" ""
  nothing_tagged
  kill -0 "$bystander"
  kill "$bystander"
}

@test "12, 47: a read-only root with nothing in it but cardboard and COMMAND will do, for nobody without rights" {
  needs_root
  needs unshare
  mkdir scratch
  cp "$CARDBOARD" "$PROBE" scratch
  chmod -R a+rX scratch
  # The capabilities go with the change of uid, and no_new_privs keeps them away.
  as_nobody() {
    LIMIT=10 try in_place setpriv --no-new-privs unshare --mount "${NAMESPACES[@]}" \
      sh -c 'mount --bind scratch scratch && mount -o remount,bind,ro scratch &&
        exec chroot --userspec=65534:65534 --groups= scratch "$@"' sh "$@"
  }
  local NAMESPACES=()
  as_nobody /cardboard -v /probe exit 7
  assert_status 7
  as_nobody /cardboard /probe orphans 100
  assert_status 0
  assert_output "orphans=100 adopted=100 left=0"
  as_nobody /cardboard -g /probe kill 15
  assert_status 143
  as_nobody /cardboard /missing
  assert_status 127
  assert_one_message "$stderr"
  NAMESPACES=(--pid --fork --kill-child)
  as_nobody /cardboard /probe orphans 100 1
  assert_status 0
}

@test "13: COMMAND's process shares no memory with the init, and each message is written once" {
  needs strace
  no_vfork() {
    try in_place strace -f -o trace "$CARDBOARD" -v ./missing
    assert_status 127
    assert_equal "$(grep -c 'clone(' trace)" 1
    grep -q 'clone(.*flags=SIGCHLD)' trace
    assert_equal "$(grep -c 'pwritev2(2' trace)" 1
    rm trace
  }
  PLACE=plain
  needs_root
  no_vfork
}

# ---- running -------------------------------------------------------------------------------------------------------

@test "14: of a thousand processes that die at once with COMMAND none hides its status, which comes first or last" {
  all_at_once() {
    local order
    for order in first last; do
      try cardboard "$EDGE" die 1000 "$order" 7
      assert_status 7
      # The init is held until all of them are zombies, COMMAND among them.
      rm -f go
      start sh -c 'echo ready; until [ -e go ]; do sleep 0.02; done; exec "$0" die 300 "$1" 9' "$EDGE" "$order"
      wait_for_line ready
      kill -STOP "$INIT"
      touch go
      wait_for children_at_least "$INIT" 301
      kill -CONT "$INIT"
      finish
      assert_status 9
    done
  }
  every_way all_at_once
}

@test "15: ten thousand orphans are adopted and reaped, the last of them soon" {
  PLACE=pid1
  LIMIT=30 try cardboard "$PROBE" orphans 10000
  assert_output "orphans=10000 adopted=10000 left=0"
}

@test "15: with a thousand zombies waiting, each signal gets its turn after 64 of them at most" {
  needs strace
  needs_root
  PLACE=plain
  start_traced "-e trace=wait4,kill" \
    sh -c 'echo ready; until [ -e go ]; do :; done; "$0" mass 1000 1000; exec "$1" signals' "$EDGE" "$PROBE"
  wait_for_line ready
  kill -STOP "$INIT"
  touch go
  wait_for children_at_least "$INIT" 1001
  # Higher than CHLD, which therefore comes first, and than CONT, which has the turn before.
  kill -44 "$INIT"
  kill -CONT "$INIT"
  wait_for_line 44
  local reaped
  reaped=$(sed '/kill(.*SIGRT_12)/q' trace | grep -c 'wait4(.*WIFEXITED')
  echo "$reaped zombies before the signal"
  [ "$reaped" -ge 1 ] && [ "$reaped" -le 128 ]
  wait_for has_children "$INIT" 1
  PLACE=plain kill_command
}

has_children() {
  [ "$(children_of "$1" | wc -w)" -eq "$2" ]
}

@test "15: while processes are born and die without end, each of thirty signals is through in a second" {
  be_bomber
  PLACE=plain
  start sh -c '"$0" bomb churn 3 0; exec "$1" signals' "$EDGE" "$PROBE"
  wait_for_line ready 2
  local i began
  for i in {1..30}; do
    began=$(now_ms)
    kill -USR1 "$INIT"
    wait_for more_lines_than $((i + 1))
    [ $(($(now_ms) - began)) -lt 1000 ] || { echo "signal $i took $(($(now_ms) - began)) ms" && return 1; }
  done
  end_bombs
  kill_command
}

# Bombs are laid by a user whom nobody else is, so that a limit to his processes limits nobody else's.
readonly BOMBER_ID=23456

be_bomber() {
  needs_root
  needs prlimit
  BOMBER=$BOMBER_ID
  echo "-- as a bomber"
  compose_line() {
    LINE=(prlimit "--nproc=${LIMIT_OF_PROCESSES:-300}" setpriv --reuid "$BOMBER" --regid "$BOMBER" --clear-groups
      env "CARDBOARD_TAG=$TAG" "PATH=$PUBLIC_PATH" "$@" "$PROBE" launch only=0,1,2)
  }
}

# All that is this user's, however fast it forks: what is stopped forks no more.
end_bombs() {
  local i
  for i in {1..100}; do
    pkill -STOP -u "$BOMBER" -x edge || break
    [ "$i" -lt 5 ] || pkill -KILL -u "$BOMBER" -x edge
  done
}

no_bombs() {
  ! pgrep -u "$BOMBER" -x edge
}

@test "16: a stopped, a continued and a traced COMMAND has not ended" {
  not_ended() {
    local main
    start "$PROBE" linger 0 7
    wait_for_line ready
    main=$(command_pid)
    kill -STOP "$main"
    wait_for has_state "$main" T
    kill -CONT "$main"
    wait_for has_state "$main" S
    kill -0 "$INIT"
    kill -TERM "$INIT"
    finish
    assert_status 7
    # Its tracer is the init, which never asked to be one.
    start "$EDGE" traceme
    wait_for_line ready
    main=$(command_pid)
    wait_for has_state "$main" t
    sleep 0.05
    kill -0 "$INIT"
    kill -KILL "$main"
    finish
    assert_status 137
  }
  every_way not_ended
}

@test "17: once COMMAND has been reaped, its pid is never signalled, whatever comes" {
  needs strace
  never_again() {
    local option main
    for option in --grace=1h -g; do
      start_traced "-e trace=kill,tkill,wait4,rt_sigqueueinfo,pidfd_send_signal,rt_sigtimedwait" "$option" \
        sh -c 'setsid "$0" stubborn & echo started; read line <go' "$PROBE"
      wait_for_line ready
      main=$(command_pid)
      # Held, so that the signals and the end of COMMAND are there in one moment: those below CHLD in number are
      # taken before, those above after it.
      kill -STOP "$INIT"
      wait_for has_state "$INIT" "[Tt]"
      echo >go
      wait_for has_state "$main" Z
      kill -USR1 "$INIT"
      kill -44 "$INIT"
      "$EDGE" queue "$INIT" 45 1 2 3
      kill -CONT "$INIT"
      wait_for grep -q "wait4(.*) = $main\$" trace
      kill -45 "$INIT"
      kill -HUP "$INIT"
      kill -TERM "$INIT"
      wait_for grep -q '^rt_sigtimedwait.* = 15 ' trace
      kill -TERM "$INIT"
      finish
      assert_status 0
      grep -q "wait4(.*) = $main\$" trace
      # What was sent after the reaping, by number or by group.
      sed "1,/wait4(.*) = $main\$/d" trace | grep -E "(kill|rt_sigqueueinfo)\(-?$main," && return 1
      # And before it there was something to send.
      grep -qE "kill\(-?$main, SIGUSR1" trace
      # To all processes there are: never, when not PID 1.
      ! grep -q 'kill(-1,' trace
    done
  }
  PLACE=plain
  mkfifo -m 666 go
  both_ways never_again
}

@test "18: queued real-time signals reach COMMAND all, in order, with their values" {
  with_values() {
    local n expected=ready
    start "$EDGE" values
    wait_for_line ready
    for n in 32 33 34 35 36 41 44 64 10; do
      "$EDGE" queue "$INIT" "$n" 7
      expected+=$'\n'"$n value 7"
      wait_for_line "$n value 7"
    done
    # As many as were sent, though they are the same.
    kill -STOP "$INIT"
    "$EDGE" queue "$INIT" 44 1 2 3 3 2 1
    kill -44 "$INIT"
    kill -CONT "$INIT"
    expected+=$'\n18'
    for n in 1 2 3 3 2 1; do expected+=$'\n'"44 value $n"; done
    wait_for_line 44
    assert_equal "$(<"$OUT")" "$expected"$'\n44'
    kill_command
  }
  every_way with_values
}

@test "18: values reach COMMAND in a container, too" {
  in_container() {
    start --isolate "$EDGE" values
    wait_for_line ready
    "$EDGE" queue "$INIT" 44 5 6
    wait_for_line "44 value 6"
    assert_equal "$(<"$OUT")" $'ready\n44 value 5\n44 value 6'
    kill_command isolated
  }
  PLACE=plain
  both_ways in_container
}

@test "18: a value goes with its own signal alone: not to a group, not where the signal is rewritten" {
  no_value() {
    start -g "$EDGE" values
    wait_for_line ready
    "$EDGE" queue "$INIT" 44 5
    wait_for_line 44
    kill_command
    start -r 44:45 --stop-signal USR1 "$EDGE" values
    wait_for_line ready
    "$EDGE" queue "$INIT" 44 5
    wait_for_line 45
    "$EDGE" queue "$INIT" 15 5
    wait_for_line 10
    "$EDGE" queue "$INIT" 46 6
    wait_for_line "46 value 6"
    kill_command
  }
  every_way no_value
}

@test "18: where a value cannot be sent on, the signal is sent without it" {
  needs prlimit
  valueless() {
    BY=("$EDGE" deny 1 rt_sigqueueinfo)
    start_by "$EDGE" values
    wait_for_line ready
    "$EDGE" queue "$INIT" 44 5
    wait_for_line 44
    kill_command
    assert_equal "$stderr" ""
  }
  PLACE=plain
  both_ways valueless
}

@test "19: a COMMAND that nobody may signal costs a warning, and its status is returned" {
  needs_root
  copy_set_user_id
  be_caller user
  PLACE=plain
  start ./edge-of-root root sh -c 'echo ready; until [ -e go ]; do sleep 0.02; done; exit 7'
  wait_for_line ready
  kill -USR1 "$INIT"
  "$EDGE" queue "$INIT" 44 5
  wait_for grep -q RTMIN "$ERR"
  touch go
  finish
  assert_status 7
  assert_equal "$stderr" "cardboard: cannot forward SIGUSR1: Operation not permitted
cardboard: cannot forward SIGRTMIN+10: Operation not permitted"
}

copy_set_user_id() {
  [[ $(findmnt -no OPTIONS -T "$ROOM") != *nosuid* ]] || skip "needs a directory that is not mounted nosuid"
  cp "$EDGE" edge-of-root
  chmod 4755 edge-of-root
}

@test "19: that COMMAND has just gone is no reason to say anything" {
  needs strace
  gone() {
    start_traced "-e trace=kill -e inject=kill:error=ESRCH" sh -c 'echo ready; until [ -e go ]; do sleep 0.02; done; exit 7'
    wait_for_line ready
    kill -USR1 "$INIT"
    wait_for grep -q INJECTED trace
    touch go
    finish
    rm go
    assert_status 7
    assert_equal "$stderr" ""
  }
  PLACE=plain
  both_ways gone
}

@test "22: the SIGPIPE of a message that nobody reads is not COMMAND's" {
  no_echo() {
    LAUNCH=(stderr=broken)
    start -v "$PROBE" signals
    wait_for_line ready
    kill -USR1 "$INIT"
    wait_for_line 10
    kill -USR2 "$INIT"
    wait_for_line 12
    assert_equal "$(<"$OUT")" $'ready\n10\n12'
    # Somebody else's is.
    kill -PIPE "$INIT"
    wait_for_line 13
    kill_command
  }
  every_way no_echo
}

@test "25: a debugger comes and goes, the init is stopped and continued, and no signal is lost" {
  needs strace
  observed() {
    local i expected=ready tracer
    start "$PROBE" signals
    wait_for_line ready
    for i in 1 2 3; do
      strace -o trace -p "$INIT" 2>/dev/null 3>&- 4>&- &
      tracer=$!
      wait_for grep -qE "^TracerPid:[[:blank:]]+[1-9]" "/proc/$INIT/status"
      kill -USR1 "$INIT"
      expected+=$'\n10'
      wait_for more_lines_than $((i * 3 - 2))
      kill "$tracer"
      wait "$tracer" || true
      kill -STOP "$INIT"
      wait_for has_state "$INIT" T
      kill -44 "$INIT"
      kill -CONT "$INIT"
      expected+=$'\n18\n44'
      wait_for more_lines_than $((i * 3))
    done
    assert_equal "$(<"$OUT")" "$expected"
    kill_command
  }
  every_way observed
}

@test "25: no timer asks for the date, which somebody may set" {
  needs strace
  monotonic() {
    try in_place strace -o trace "$CARDBOARD" --timeout 100ms --grace 100ms "$PROBE" stubborn
    assert_status 124
    grep -q 'clock_gettime(CLOCK_MONOTONIC' trace
    assert_equal "$(grep -cE 'REALTIME|BOOTTIME|gettimeofday|time\(NULL' trace)" 0
    rm trace
  }
  PLACE=plain
  both_ways monotonic
}

# ---- the end -------------------------------------------------------------------------------------------------------

@test "33: what forks without end is ended all the same, when not PID 1" {
  local kind count
  be_bomber
  PLACE=plain
  while read -r kind count LIMIT_OF_PROCESSES; do
    LIMIT=30 try took 0 20000 cardboard --grace 0 "$EDGE" bomb "$kind" "$count" 5
    assert_status 5
    assert_equal "$stderr" ""
    no_bombs
  done <<END
tree 1 300
tree 4 1500
rabbit 1 300
rabbit 30 300
churn 10 300
END
}

@test "33: what forks without end is ended all the same, as PID 1" {
  needs_root
  be_bomber
  local kind
  for kind in tree rabbit churn; do
    try took 0 15000 prlimit --nproc=300 setpriv --reuid "$BOMBER" --regid "$BOMBER" --clear-groups \
      env "CARDBOARD_TAG=$TAG" "$PROBE" launch "pid1=$ROOM/pid" only=0,1,2 "$CARDBOARD" --grace 0 "$EDGE" bomb "$kind" 4 5
    assert_status 5
    no_bombs
  done
}

@test "33: descendants that may not be signalled are waited for as long as the grace, and then left with a message" {
  needs_root
  copy_set_user_id
  be_caller user
  PLACE=plain
  try took 300 5000 cardboard --grace 300ms sh -c 'setsid ./edge-of-root root sleep 3 & setsid sleep "$0" &
    until [ "$(pgrep -c -u 0 -f "^sleep 3$")" -ge 1 ]; do sleep 0.02; done; exit 6' "$FOREVER"
  assert_status 6
  assert_equal "$stderr" "cardboard: cannot end all that COMMAND left behind"
  # Those that may be are ended.
  assert_equal "$(find_tagged | xargs -r ps -o args= -p)" "sleep 3"
  # And where such a one ends by itself within the grace, all is well.
  try took 0 5000 cardboard --grace 10s sh -c './edge-of-root root sleep 0.3 & sleep 0.1; exit 6'
  assert_status 6
  assert_equal "$stderr" ""
}

@test "34: neither dying children nor signals put off a timer" {
  needs strace
  be_bomber
  PLACE=plain
  try took 400 6000 cardboard --grace 400ms "$EDGE" bomb churn 2 5
  assert_status 5
  try took 400 6000 cardboard --timeout 400ms --grace 0 sh -c '"$0" bomb churn 2 0; exec "$1" stubborn' "$EDGE" "$PROBE"
  assert_status 124
  no_bombs
  # Where they die faster than they are reaped, there is no pause in which to look at the time.
  try took 400 10000 in_place strace -o /dev/null -e trace=wait4 -e inject=wait4:delay_enter=3000 \
    "$CARDBOARD" --grace 400ms "$EDGE" bomb churn 3 5
  assert_status 5
  no_bombs
  start --timeout 500ms --grace 0 "$PROBE" stubborn
  wait_for_line ready
  local deadline=$(($(now_ms) + 8000))
  while kill -USR1 "$INIT" 2>/dev/null && kill -44 "$INIT" 2>/dev/null; do
    [ "$(now_ms)" -lt "$deadline" ] || { echo "still there" && return 1; }
  done
  finish
  assert_status 124
}

@test "36: a COMMAND that crashes gives 128+N, whether it leaves a core or not" {
  crashed() {
    ulimit -c "$1"
    try cardboard "$EDGE" crash
    ulimit -c 0 2>/dev/null || true
    rm -f core core.*
    assert_status 139
  }
  every_way crashed 0
  every_way crashed "$(ulimit -Hc)"
}

@test "36: only the low eight bits of COMMAND's status count, as everywhere" {
  wrapped() {
    local n
    for n in 256:0 257:1 -1:255 511:255; do
      try cardboard "$PROBE" exit "${n%:*}"
      assert_status "${n#*:}"
    done
  }
  every_way wrapped
}

@test "38: as PID 1, KILL of the init ends all of the namespace, and the parent sees just that" {
  killed() {
    start sh -c 'setsid "$0" "$1" & setsid -f "$0" "$1"; exec "$0" "$1"' sleep "$FOREVER"
    wait_for are_running 3 sleep
    kill -KILL "$INIT"
    finish
    assert_status 137
    nothing_tagged
  }
  PLACE=pid1
  both_ways killed
}

@test "38: as PID 1 it exits after all others, without grace too" {
  last_one() {
    # Whoever is left when PID 1 exits is killed by the kernel before its parent is told.
    try cardboard --grace 0 sh -c 'for i in 1 2 3 4 5 6 7 8; do setsid "$0" "$1" & done; exit 4' sleep "$FOREVER"
    assert_equal "$(find_tagged)" ""
    assert_status 4
  }
  every_way last_one
}

@test "41: the caller's parent death signal is not COMMAND's, and neither is that of -p" {
  not_inherited() {
    try in_place setpriv --pdeathsig USR1 "$CARDBOARD" "$EDGE" heritage
    assert_output "parent death signal 0, pending 0"
    try cardboard -p TERM "$EDGE" heritage
    assert_output "parent death signal 0, pending 0"
  }
  every_way not_inherited
}

# ---- surroundings --------------------------------------------------------------------------------------------------

@test "43: a manager that does not read does not make COMMAND wait" {
  local mode
  run_in_background "$EDGE" deaf "$ROOM/notify"
  LISTENER=$JOB
  wait_for_line listening
  chmod 777 notify
  unread() {
    for mode in exec relay; do
      NOTIFY_SOCKET=$ROOM/notify LIMIT=5 try cardboard --notify "$mode" sh -c 'sleep 0.1; exit 7'
      assert_status 7
      assert_equal "$stderr" ""
    done
  }
  every_way unread
  kill "$LISTENER"
  wait "$LISTENER" || true
  LISTENER=
}

@test "43: a NOTIFY_SOCKET that is no address gives 125, or is nobody's business without --notify" {
  bad_address() {
    local address
    for address in notify "" "vsock:2:1" "/$(printf '%200s' '' | tr ' ' x)"; do
      NOTIFY_SOCKET=$address try cardboard --notify exec "$PROBE" exit 7
      assert_status 125
      assert_one_message "$stderr"
      NOTIFY_SOCKET=$address try cardboard "$PROBE" exit 7
      assert_status 7
    done
  }
  every_way bad_address
}

@test "44: the init keeps no file system busy that it was started on" {
  needs_root
  mkdir mounted
  unmounted() {
    mount -t tmpfs -o mode=777 tmpfs "$ROOM/mounted"
    MOUNTED=$ROOM/mounted
    cd mounted
    start sh -c 'cd /; echo ready; exec sleep "$0"' "$FOREVER"
    cd ..
    wait_for_line ready
    # In the namespace of PID 1 it has a copy of the mount, which counts for nothing out here.
    wait_for umount "$ROOM/mounted"
    MOUNTED=
    kill -TERM "$INIT"
    finish
    assert_status 143
  }
  PLACE=plain
  both_ways unmounted
}

@test "44: a working directory that was removed is no hindrance" {
  removed() {
    mkdir gone
    chmod 777 gone
    cd gone
    rmdir ../gone
    try cardboard "$PROBE" report
    cd "$ROOM"
    assert_status 0
    assert_match "$(field cwd)" "gone \(deleted\)\$"
  }
  every_way removed
}

@test "46: the init and COMMAND keep the caller's standing with the out-of-memory killer" {
  own_score() {
    try in_place sh -c 'echo 321 >/proc/self/oom_score_adj; exec "$@"' sh "$CARDBOARD" \
      sh -c 'cat /proc/self/oom_score_adj "/proc/$PPID/oom_score_adj"'
    assert_output $'321\n321'
  }
  every_way own_score
}

@test "47: an ordinary user without capabilities, in a user namespace or not, with no_new_privs" {
  needs unshare
  needs setpriv
  unprivileged() {
    local -a how
    for how in "setpriv --no-new-privs" "unshare --user" "unshare --user --map-root-user" \
      "setpriv --no-new-privs unshare --user --pid --fork --kill-child"; do
      # shellcheck disable=SC2206 # several words
      BY=($how)
      try in_place "${BY[@]}" "$CARDBOARD" sh -c 'setsid sleep "$0" & exit 7' "$FOREVER"
      assert_status 7
      assert_equal "$stderr" ""
      nothing_tagged
    done
  }
  PLACE=plain
  be_caller user
  unprivileged
}
