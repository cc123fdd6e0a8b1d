# SPDX-License-Identifier: MIT
# The init at a terminal: who has the foreground, whom the keys reach, and what a shell's job control makes of it.
# Every test has a pseudo-terminal of its own, with integration/pty.c at the other end. There are three places:
# an ordinary process; PID 1 that leads the terminal's session, as in a container of Docker's; and, below a shell
# at the terminal, PID 1 whose process group is the shell's and so lies outside of its namespace ("unshared", as
# after `unshare --fork --pid`).

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

# ---- the terminal -----------------------------------------------------------------------------------------------

# Starts a program as the leader of a session at a terminal of its own. It finds cardboard, as the place has it, in
# $BOX. LOOSE=1: the terminal is not its session's.
at_terminal() {
  local LINE LAUNCH=("${LAUNCH[@]}")
  KEYS=$BATS_TEST_TMPDIR/keys
  SCREEN=$BATS_TEST_TMPDIR/screen
  rm -f "$KEYS" "$ROOM"/*
  mkfifo "$KEYS"
  : >"$SCREEN"
  [ "${LOOSE:-}" ] || LAUNCH+=(ctty=1)
  local BOX=$CARDBOARD
  [ "$PLACE" != unshared ] || BOX="env --ignore-signal=HUP,INT $PROBE launch pid1=$ROOM/pid $CARDBOARD"
  PLACE=${PLACE/unshared/plain} compose_line "PROBE=$PROBE" "BOX=${BEFORE:+$CARDBOARD }$BOX" "PS1=<shell> " PS2= HISTFILE=
  rm -f "$INIT_PID_FILE"
  run_in_background "$PTY" "$KEYS" "$SCREEN" "${LINE[@]}" "$@"
  wait_for has_child_or_ended "$JOB"
  LEADER=$(first_child_of "$JOB")
  if [ "$PLACE" = pid1 ]; then
    wait_for test -s "$INIT_PID_FILE"
    LEADER=$(<"$INIT_PID_FILE")
  fi
}

has_child_or_ended() {
  [ "$(first_child_of "$1")" ] || not_running "$1"
}

# The same with a shell that has job control.
at_shell() {
  at_terminal bash --norc --noprofile --noediting -i
  wait_for on_screen "<shell>"
}

each_place() {
  local promise=$1
  shift
  for PLACE in "$@"; do
    echo "-- $PLACE"
    "$promise"
  done
}

type_line() {
  printf '%s\n' "$1" >"$KEYS"
}

press() {
  case $1 in
    ^C) printf '\003' ;;
    ^D) printf '\004' ;;
    ^Z) printf '\032' ;;
    '^\') printf '\034' ;;
  esac >"$KEYS"
}

hang_up() {
  kill -USR1 "$JOB"
}

resize() {
  kill -WINCH "$JOB"
}

on_screen() {
  grep -qF -- "$1" "$SCREEN"
}

# has_line FILE LINE [COUNT]: so many of it, and not more.
has_line() {
  [ "$(grep -cxF -- "$2" "$1")" -eq "${3:-1}" ]
}

# ---- processes --------------------------------------------------------------------------------------------------

# One field of /proc/PID/stat, from 3 on; proc(5).
stat_field() {
  local stat fields
  stat=$(<"/proc/$1/stat")
  read -ra fields <<<"${stat##*) }"
  echo "${fields[$2 - 3]}"
}

# The pids of those processes at the terminal that run the program, parents first. Unlike find_tagged this does not
# look at all processes of the machine, and so can be polled.
pids_of() {
  local pids=("$JOB") name pid
  while [ ${#pids[@]} -gt 0 ]; do
    pid=${pids[0]}
    # shellcheck disable=SC2207 # numbers
    pids=("${pids[@]:1}" $(<"/proc/$pid/task/$pid/children")) || true
    read -r name <"/proc/$pid/comm" && [ "$name" != "$1" ] || echo "$pid"
  done 2>/dev/null
}

# There are so many of them.
runs() {
  [ "$(pids_of "$2" | wc -l)" -eq "$1" ]
}

# The innermost cardboard: the one that has been started last.
init_pid() {
  pids_of cardboard | tail -n 1
}

has_foreground() {
  [ "$(stat_field "$1" 5)" = "$(stat_field "$1" 8)" ]
}

# Looked up anew each time: what is found may be a child of COMMAND's that is about to end.
command_has_foreground() {
  has_foreground "$(first_child_of "$(init_pid)")"
}

# All these processes are, or are not, stopped.
are_stopped() {
  local pid
  for pid in "$@"; do [ "$(stat_field "$pid" 3)" = T ] || return 1; done
}

are_going() {
  local pid
  for pid in "$@"; do [[ $(stat_field "$pid" 3) == [RSD] ]] || return 1; done
}

# The shell is back: it has the foreground, and does what is typed.
assert_prompt() {
  wait_for has_foreground "$LEADER"
  rm -f typed
  type_line 'echo back >typed'
  wait_for has_line typed back
}

leave_shell() {
  assert_prompt
  type_line 'exit 0'
  finish
}

# The last signal that `probe signals` writes to the log, in the order in which an init forwards: what the terminal
# had sent before would have arrived before.
assert_received() {
  local expected
  kill -USR1 "$(init_pid)"
  wait_for has_line log 10
  expected=$(printf '%s\n' ready "$@" 10)
  assert_equal "$(<log)" "$expected"
}

end_command() {
  kill -KILL "$(first_child_of "$(init_pid)")"
}

# ---- the foreground ---------------------------------------------------------------------------------------------

@test "COMMAND has the foreground, and a caller without job control has it afterwards" {
  handed_over() {
    # shellcheck disable=SC2016 # the shell at the terminal expands it
    at_terminal sh -c '
      $BOX "$PROBE" foreground; echo "during $?" >>log
      for end in "exit 7" "kill 15" "-missing"; do
        $BOX -- "$PROBE" $end; echo "$end $?" >>log
        "$PROBE" foreground; echo "after $?" >>log
      done
      $BOX ./missing; echo "missing $?" >>log
      "$PROBE" foreground; echo "after $?" >>log'
    finish
    assert_equal "$(<log)" "$(printf '%s\n' "during 0" "exit 7 7" "after 0" "kill 15 143" "after 0" "-missing 99" \
      "after 0" "missing 127" "after 0")"
  }
  both_ways each_place handed_over plain unshared
  BEFORE=nested each_place handed_over plain
}

@test "with -g, too, COMMAND has the foreground, and a caller without job control has it afterwards" {
  at_terminal sh -c '$BOX -g "$PROBE" foreground; echo $? >>log; "$PROBE" foreground; echo $? >>log'
  finish
  assert_equal "$(<log)" $'0\n0'
}

@test "with all but the terminal itself redirected COMMAND has the foreground" {
  redirected() {
    at_terminal sh -c '$BOX sh -c "\"\$PROBE\" foreground </dev/tty; echo \$? >log" </dev/null >/dev/null 2>&1
      "$PROBE" foreground; echo $? >>log'
    finish
    assert_equal "$(<log)" $'0\n0'
  }
  both_ways redirected
}

@test "the foreground comes back when COMMAND dies and a job of its own has it" {
  at_terminal sh -c '$BOX bash --norc --noprofile --noediting -i; "$PROBE" foreground; echo $? >log'
  wait_for on_screen "<shell>"
  type_line "sleep $FOREVER"
  wait_for runs 1 sleep
  wait_for has_foreground "$(pids_of sleep)"
  end_command
  finish
  assert_equal "$(<log)" 0
}

@test "a start in the background leaves the foreground to the shell, and reading stops the job" {
  background() {
    at_shell
    type_line '$BOX sh -c '\''echo ready >log; read line; echo "got $line" >>log; exit 7'\'' &'
    wait_for has_line log ready
    wait_for are_stopped "$(first_child_of "$(init_pid)")"
    assert_prompt
    wait_for shell_says_stopped
    type_line 'fg; echo "status $?" >>log'
    wait_for command_has_foreground
    type_line hello
    wait_for has_line log "status 7"
    assert_equal "$(<log)" $'ready\ngot hello\nstatus 7'
    leave_shell
  }
  shell_says_stopped() {
    type_line 'jobs >jobs'
    grep -q Stopped jobs
  }
  each_place background plain unshared
  BEFORE=nested each_place background plain
}

@test "with -g and in a process group from outside the foreground of others is not taken" {
  PLACE=unshared
  at_shell
  type_line '$BOX -g "$PROBE" signals >log &'
  wait_for has_line log ready
  assert_prompt
  kill -KILL "$(init_pid)"
  leave_shell
}

@test "a script that starts it in the background keeps the foreground" {
  script_reads() {
    local init
    at_terminal sh -c '$BOX "$PROBE" signals >log & until grep -qsx ready log; do sleep 0.02; done
      "$PROBE" foreground && echo mine >>log
      read line; echo "script got $line" >>log'
    wait_for has_line log mine
    init=$(init_pid)
    type_line hello
    wait_for has_line log "script got hello"
    finish
    kill -KILL "$(first_child_of "$init")"
    wait_for nothing_tagged
  }
  each_place script_reads plain unshared
}

@test "after fg of what was running all the time COMMAND can read" {
  running() {
    at_shell
    type_line '$BOX sh -c '\''echo ready >log; until [ -e go ]; do sleep 0.02; done; read line; echo "got $line" >>log'\'' &'
    wait_for has_line log ready
    assert_prompt
    type_line fg
    wait_for has_foreground "$(pids_of cardboard | head -n 1)"
    touch go
    type_line hello
    wait_for has_line log "got hello"
    leave_shell
  }
  each_place running plain unshared
  BEFORE=nested each_place running plain
}

# ---- keys -------------------------------------------------------------------------------------------------------

@test "each key that sends a signal, and a new size, reach COMMAND once" {
  local option
  keys() {
    for option in --grace=5s -g; do
      if [ "$PLACE" = unshared ]; then
        at_terminal sh -c 'trap "" INT QUIT TSTP; $BOX "$0" "$PROBE" signals >log; exit' "$option"
      else
        at_terminal sh -c 'exec $BOX "$0" sh -c '\''exec "$PROBE" signals >log'\' "$option"
      fi
      wait_for has_line log ready
      press ^C
      wait_for has_line log 2
      press '^\'
      wait_for has_line log 3
      press ^Z
      wait_for has_line log 20
      resize
      wait_for has_line log 28
      assert_received 2 3 20 28
      end_command
      finish
      assert_status 137
    done
  }
  each_place keys plain pid1 unshared
  BEFORE=nested each_place keys plain
}

@test "after fg of what was running all the time a key reaches all of COMMAND's group once" {
  running() {
    at_shell
    type_line '$BOX --grace 0 sh -c '\''"$PROBE" signals >member & exec "$PROBE" signals >log'\'' &'
    wait_for has_line log ready
    wait_for has_line member ready
    assert_prompt
    type_line fg
    wait_for has_foreground "$(init_pid)"
    press ^C
    wait_for has_line log 2
    wait_for has_line member 2
    assert_received 2
    assert_equal "$(<member)" $'ready\n2'
    end_command
    leave_shell
  }
  each_place running plain unshared
}

# ---- job control ------------------------------------------------------------------------------------------------

# Two processes of one group.
two_sleep='sh -c '\''sleep "$0" & exec sleep "$0"'\'

@test "Ctrl-Z gives the outer shell its prompt back, and fg and bg resume all of COMMAND's group" {
  suspend() {
    local sleepers
    at_shell
    type_line "\$BOX $two_sleep $FOREVER; echo \$? >status"
    wait_for runs 2 sleep
    mapfile -t sleepers < <(pids_of sleep)
    wait_for has_foreground "${sleepers[0]}"
    press ^Z
    wait_for are_stopped "${sleepers[@]}"
    assert_prompt
    type_line fg
    wait_for are_going "${sleepers[@]}"
    wait_for has_foreground "${sleepers[0]}"
    press ^Z
    wait_for are_stopped "${sleepers[@]}"
    assert_prompt
    type_line bg
    wait_for are_going "${sleepers[@]}"
    assert_prompt
    are_going "${sleepers[@]}"
    type_line 'fg; echo $? >status'
    wait_for no_foreground "$LEADER"
    press ^C
    wait_for has_line status 130
    nothing_but_the_shell
    leave_shell
  }
  no_foreground() { ! has_foreground "$1"; }
  nothing_but_the_shell() { wait_for runs 0 sleep; }
  each_place suspend plain unshared
  BEFORE=nested each_place suspend plain
}

@test "what is suspended ends when the shell kills it" {
  kill_suspended() {
    at_shell
    type_line "\$BOX $two_sleep $FOREVER"
    wait_for runs 2 sleep
    wait_for has_foreground "$(pids_of sleep | head -n 1)"
    press ^Z
    assert_prompt
    type_line "kill %1"
    wait_for runs 0 sleep
    wait_for runs 0 cardboard
    leave_shell
  }
  each_place kill_suspended plain
  BEFORE=nested each_place kill_suspended plain
}

@test "an editor that suspends itself by SIGSTOP gives the outer shell its prompt back" {
  editor() {
    at_shell
    type_line '$BOX sh -c '\''kill -STOP 0; "$PROBE" foreground; echo "resumed $?" >log'\'
    wait_for runs 1 cardboard
    wait_for are_stopped "$(first_child_of "$(init_pid)")"
    assert_prompt
    type_line fg
    wait_for has_line log "resumed 0"
    leave_shell
  }
  each_place editor plain unshared
}

@test "a COMMAND without the terminal that somebody stops is held, and cardboard goes on" {
  at_shell
  type_line '$BOX "$PROBE" signals >log &'
  wait_for has_line log ready
  kill -STOP "$(first_child_of "$(init_pid)")"
  wait_for are_stopped "$(first_child_of "$(init_pid)")"
  assert_prompt
  are_going "$(init_pid)"
  end_command
  leave_shell
}

@test "Ctrl-Z does not wedge what no shell would continue: PID 1, and the leader of a session" {
  ctrl_z() {
    # shellcheck disable=SC2016 # the shell at the terminal expands it
    at_terminal "$CARDBOARD" sh -c 'trap "echo continued >>log" CONT; echo ready >log; while :; do sleep 0.05; done'
    wait_for has_line log ready
    press ^Z
    wait_for has_line log continued
    wait_for command_has_foreground
    press ^C
    finish
    assert_status 130
  }
  each_place ctrl_z plain pid1
}

@test "Ctrl-Z does not wedge what is in a script below no shell" {
  at_terminal sh -c '$BOX sh -c '\''trap "echo continued >>log" CONT; echo ready >log; while :; do sleep 0.05; done'\''; exit'
  wait_for has_line log ready
  press ^Z
  wait_for has_line log continued
  press ^C
  finish
  assert_status 130
}

@test "a shell inside has job control" {
  inner_shell() {
    at_terminal sh -c 'exec $BOX bash --norc --noprofile --noediting -i'
    wait_for on_screen "<shell>"
    type_line "sleep $FOREVER"
    wait_for runs 1 sleep
    wait_for has_foreground "$(pids_of sleep)"
    press ^Z
    wait_for are_stopped "$(pids_of sleep)"
    type_line 'jobs >jobs; fg'
    wait_for are_going "$(pids_of sleep)"
    assert_match "$(<jobs)" Stopped
    wait_for has_foreground "$(pids_of sleep)"
    press ^C
    wait_for runs 0 sleep
    type_line 'exit 7'
    finish
    assert_status 7
    assert_no_match "$(<"$SCREEN")" 'terminal process group|no job control'
  }
  each_place inner_shell plain pid1 unshared
  BEFORE=nested each_place inner_shell plain pid1
}

# ---- hang-up ----------------------------------------------------------------------------------------------------

@test "a hang-up reaches COMMAND once, as SIGHUP" {
  hung_up() {
    local init
    at_terminal sh -c "$1"
    wait_for has_line log ready
    init=$(init_pid)
    hang_up
    wait_for has_line log 1
    kill -USR1 "$init"
    wait_for has_line log 10
    # Behind it comes the kernel's SIGCONT, where cardboard leads the session.
    assert_equal "$(grep -vx 18 log)" $'ready\n1\n10'
    kill -KILL "$(first_child_of "$init")"
    finish
    wait_for nothing_tagged
  }
  leads() { hung_up 'exec $BOX sh -c '\''exec "$PROBE" signals >log'\'; }
  follows() { hung_up '$BOX "$PROBE" signals >log; exit'; }
  each_place leads plain pid1
  each_place follows plain unshared
}

@test "a hang-up ends COMMAND, and cardboard with its status" {
  ended() {
    at_terminal "$CARDBOARD" "$PROBE" wait
    wait_for on_screen ready
    hang_up
    finish
    assert_status 129
  }
  each_place ended plain pid1
}

# ---- bad terminals ----------------------------------------------------------------------------------------------

@test "a message from the background does not stop it, whatever stty tostop says" {
  tostop() {
    at_shell
    type_line 'stty tostop; $BOX -v "$PROBE" signals >log &'
    wait_for has_line log ready
    assert_prompt
    kill -USR2 "$(init_pid)"
    wait_for has_line log 12
    wait_for on_screen "forwarding SIGUSR2"
    are_going "$(init_pid)"
    end_command
    leave_shell
  }
  each_place tostop plain unshared
}

@test "a terminal that is not ours, or that was hung up, is as good as none" {
  bad_terminal() {
    at_terminal sh -c 'trap "" HUP; $BOX -v "$PROBE" exit 7; echo $? >>log
      read line; $BOX -v "$PROBE" exit 8; echo $? >>log
      $BOX -v sh -c "read line; exit 9"; echo $? >>log'
    wait_for has_line log 7
    hang_up
    finish
    assert_equal "$(<log)" $'7\n8\n9'
  }
  each_place bad_terminal plain unshared
  LOOSE=1 each_place bad_terminal plain pid1 unshared
}

@test "stdin from nowhere or a pipe, at a terminal, is read as without us" {
  other_stdin() {
    at_terminal sh -c '$BOX cat </dev/null >>log; echo $? >>log; echo hello | $BOX cat >>log
      $BOX "$PROBE" exit 7 <&-; echo $? >>log
      "$PROBE" foreground; echo $? >>log'
    finish
    assert_equal "$(<log)" $'0\nhello\n7\n0'
  }
  each_place other_stdin plain unshared
}

@test "a closed stdin, stdout or stderr stays closed, and no descriptor of ours takes its number" {
  closed() {
    local open ours
    for open in 1,2 0,2 0,1 2 1 0 ""; do
      LAUNCH=("only=$open")
      at_terminal "$CARDBOARD" -v -v sh -c '"$0" fds list; exec "$0" wait' "$PROBE"
      wait_for test -s list
      assert_equal "only=$open: $(<list)" "only=$open: ${open//,/ }"
      ours=$(find "/proc/$LEADER/fd" -printf '%f\n' | grep -x '[012]' | sort | paste -sd,) || true
      assert_equal "$ours" "$open"
      kill -TERM "$LEADER"
      finish
      assert_status 143
    done
  }
  each_place closed plain pid1
  LOOSE=1 each_place closed plain
}

@test "a COMMAND that was stopped obeys TERM" {
  stopped() {
    local command
    at_terminal "$CARDBOARD" sleep "$FOREVER"
    wait_for runs 1 sleep
    command=$(pids_of sleep)
    kill -STOP "$command"
    wait_for are_stopped "$command"
    kill -TERM "$LEADER"
    finish
    assert_status 143
  }
  each_place stopped plain pid1
}

# ---- a container's own terminal -----------------------------------------------------------------------------------

# Starts a container at the terminal, with a busybox shell that does SCRIPT: at_container SCRIPT [OPTION]...
at_container() {
  local script=$1
  shift
  at_terminal "$CARDBOARD" --isolate "$@" "$BUSYBOX" sh -c "$script"
}

@test "a container at a terminal has one of its own, and its session controls it" {
  own_terminal() {
    at_container 'tty; exec 3<>/dev/tty && echo opened; ls -1 /dev/pts; exit 7'
    finish
    assert_status 7
    assert_equal "$(tr -d '\r' <"$SCREEN")" "$(printf '%s\n' /dev/pts/0 opened 0 ptmx)"
  }
  both_ways own_terminal
}

@test "the container's terminal is not the caller's, and that one is out of reach" {
  apart() {
    # What is on the three descriptors, by device number; the caller's is of the host's devpts.
    at_container 'stat -L -c "%t:%T %D" /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /dev/pts/0; grep -c . /proc/1/fd/0'
    finish
    assert_equal "$(head -n 4 "$SCREEN" | sort -u | wc -l)" 1
    assert_equal "$(tr -d '\r' <"$SCREEN" | head -n 1 | cut -d' ' -f1)" 88:0
  }
  both_ways apart
}

@test "the container's terminal belongs to the user inside, who can open it by its name" {
  at_container 'stat -c "%u %g %a" /dev/pts/0; exec 3<>/dev/pts/0 && echo opened >&3' --user 1000:100
  finish
  assert_equal "$(tr -d '\r' <"$SCREEN")" $'1000 0 620\nopened'
}

@test "with --no-tty, or away from a terminal, there is none" {
  no_terminal() {
    at_container 'tty; echo x >/dev/tty || echo none; ls /dev/pts' --no-tty
    finish
    assert_equal "$(tr -d '\r' <"$SCREEN" | grep -v "can't create")" $'not a tty\nnone\nptmx'
    at_terminal sh -c '"$0" --isolate "$1" sh -c "ls /dev/pts" </dev/null; "$0" --isolate "$1" ls /dev/pts >out' \
      "$CARDBOARD" "$BUSYBOX"
    finish
    assert_equal "$(tr -d '\r' <"$SCREEN") $(<out)" "ptmx ptmx"
  }
  both_ways no_terminal
}

@test "what is typed reaches COMMAND as it was typed, and is echoed once" {
  typed() {
    at_container 'read -r line; echo "<$line>"; cat; echo "end"'
    type_line 'two  words	\ and more'
    wait_for on_screen '<two  words	\ and more>'
    type_line last
    press ^D
    finish
    assert_status 0
    # Echo, and what cat makes of it.
    assert_equal "$(tr -d '\r' <"$SCREEN" | tail -n 3)" $'last\nlast\nend'
  }
  both_ways typed
}

@test "Ctrl-C and Ctrl-\\ interrupt what is in COMMAND's foreground, and nothing else" {
  interrupted() {
    at_container 'trap "echo caught" INT; echo ready; while :; do sleep 1; done'
    wait_for on_screen ready
    press ^C
    wait_for on_screen caught
    kill -TERM "$LEADER"
    finish
    assert_status 143
    at_terminal "$CARDBOARD" --isolate --ulimit core=0 "$PROBE" wait
    wait_for on_screen ready
    press '^\'
    finish
    assert_status 131
  }
  both_ways interrupted
}

@test "Ctrl-Z is for job control inside, and stops nothing outside" {
  stops_inside() {
    at_container 'set -m; sleep 1000 & jobs; fg; jobs; echo "fg $?"; exit 5'
    wait_for on_screen sleep
    press ^Z
    wait_for on_screen Stopped
    finish
    assert_status 5
  }
  both_ways stops_inside
}

@test "the container's terminal takes the size of the caller's, and follows it" {
  resized() {
    # A signal that came twice would be told of twice.
    # shellcheck disable=SC2016 # the shell at the terminal expands it
    at_terminal sh -c 'stty rows 33 cols 77; exec "$0" --isolate "$1" sh -c "trap \"stty size\" WINCH; stty size
      echo ready; while :; do sleep 1000 & wait; done"' "$CARDBOARD" "$BUSYBOX"
    wait_for on_screen ready
    resize
    wait_for on_screen "25 80"
    resize
    wait_for on_screen "26 80"
    kill -TERM "$LEADER"
    finish
    assert_status 143
    assert_equal "$(tr -d '\r' <"$SCREEN" | paste -sd,)" "33 77,ready,25 80,26 80"
  }
  both_ways resized
}

@test "the modes of the caller's terminal are COMMAND's to begin with" {
  same_modes() {
    at_terminal sh -c 'stty erase x intr y -onlcr; "$0" --isolate "$1" stty -a >out; "$0" --isolate "$1" stty -a' \
      "$CARDBOARD" "$BUSYBOX"
    finish
    assert_match "$(<"$SCREEN")" "intr = y;"
    assert_match "$(<"$SCREEN")" "erase = x;"
    assert_match "$(<"$SCREEN")" "-onlcr"
  }
  both_ways same_modes
}

@test "the caller's terminal is as it was, however the container has ended" {
  restored() {
    local end
    # shellcheck disable=SC2016 # the shell at the terminal expands it
    at_terminal sh -c 'stty -a >before
      for end in "exit 3" "kill -KILL \$\$" "kill -TERM \$PPID; sleep 1000"; do
        "$0" --isolate "$1" sh -c "$end"; echo "$?" >>log; stty -a >after; cmp before after >>log
      done
      "$0" --isolate --workdir /nowhere "$1" true; echo "$?" >>log; stty -a >after; cmp before after >>log
      "$0" --isolate "$1" sleep 1000; echo "$?" >>log; stty -a >after; cmp before after >>log' "$CARDBOARD" "$BUSYBOX"
    wait_for has_line log 125
    wait_for runs 1 busybox
    # In the meantime it is not.
    wait_for is_raw
    kill -TERM "$(first_of cardboard)"
    finish
    assert_equal "$(<log)" $'3\n137\n143\n125\n143'
  }
  is_raw() {
    stty -a <"$(readlink "/proc/$(first_of cardboard)/fd/0")" | grep -q -- '-icanon'
  }
  first_of() {
    pids_of "$1" | head -n 1
  }
  both_ways restored
}

@test "no output is lost at the end, however much it is" {
  whole() {
    at_container 'seq 1 50000; echo "done" >&2; exit 4'
    finish
    assert_status 4
    cmp <({ seq 1 50000 && echo "done"; } | sed 's/$/\r/') "$SCREEN"
  }
  both_ways whole
}

@test "input and output that block each other elsewhere do not here" {
  # COMMAND writes and does not read, while more is typed than any buffer holds.
  both_full() {
    at_container 'stty raw -echo; echo ready; seq 1 20000 | tr "\n" " "; head -c 100000 | wc -c'
    wait_for on_screen ready
    head -c 100000 /dev/zero | tr '\0' x >"$KEYS"
    finish
    assert_status 0
    assert_match "$(tail -c 100 "$SCREEN")" "20000 100000"
  }
  both_ways both_full
}

@test "with --tty the ends of a pipe are as good as a terminal's" {
  piped() {
    try in_place sh -c 'printf "one\ntwo" | "$0" --isolate --tty "$1" cat | tr -d "\r"' "$CARDBOARD" "$BUSYBOX"
    assert_status 0
    # Echoed, and written: in which order is the line discipline's affair.
    assert_equal "$(grep -c one <<<"$output") $(grep -o two <<<"$output" | wc -l)" "2 2"
    # Who stops reading is as one who hangs up.
    try in_place sh -c '"$0" --isolate --tty "$1" yes </dev/null | head -n 1; echo "ended"' "$CARDBOARD" "$BUSYBOX"
    assert_match "$output" ended
  }
  both_ways piped
}

@test "started in the background it leaves the caller's terminal alone, until it is brought to the front" {
  in_background() {
    at_shell
    type_line 'stty -a >before; $BOX --isolate "$PROBE" exit 6 & wait; echo'
    wait_for shell_tells_of_stop
    type_line 'stty -a >after; cmp before after && echo same >>log'
    wait_for has_line log same
    type_line 'fg; echo "status $?" >>log'
    wait_for has_line log "status 6"
    leave_shell
  }
  shell_tells_of_stop() {
    type_line 'jobs >jobs'
    grep -q Stopped jobs
  }
  both_ways in_background
}

@test "when it is killed nothing that copies stays" {
  killed() {
    at_container 'echo ready; sleep 1000'
    wait_for on_screen ready
    assert_equal "$(pids_of cardboard | wc -l)" 4
    kill -KILL "$LEADER"
    finish
    assert_status 137
    wait_for nothing_tagged
  }
  both_ways killed
}
