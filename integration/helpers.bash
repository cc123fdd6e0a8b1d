# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the integration suites share: the workshop with the binaries under test, the callers (root, an ordinary
# user) and the places (an ordinary process, PID 1) that a promise is tried in, polling instead of sleeping,
# and the search for whatever was left behind. It knows nothing of what any single test is about.

bats_require_minimum_version 1.5.0

readonly USER_ID=12345 # an ordinary user; deliberately in no passwd file
readonly PUBLIC_PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin # the developer's own may lead into private places

# ---- the workshop: binaries where everybody may execute them, made once a run --------------------------------

readonly WORKSHOP=$BATS_RUN_TMPDIR/workshop
readonly CARDBOARD=$WORKSHOP/cardboard
readonly PROBE=$WORKSHOP/probe
readonly PTY=$WORKSHOP/pty
readonly ESCAPE=$WORKSHOP/escape
readonly HELLO=$WORKSHOP/hello
readonly BUSYBOX=$WORKSHOP/busybox

# Skips the test when a tool is missing; run-tests turns skips into failures on CI.
needs() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || skip "needs $tool"
  done
}

needs_root() {
  [ "$(id -u)" -eq 0 ] || skip "needs root"
}

build_hello() {
  printf '%s\n' '#include <unistd.h>' \
    'int main(void) { return write(1, "Hello, world!\n", 14) == 14 ? 0 : 1; }' >"$1.c"
  musl-gcc -static -O1 -s -o "$1" "$1.c"
}

# For setup_file. CARDBOARD_BINARY tries another binary than the one that was built.
open_workshop() {
  local repository binary
  repository=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
  binary=${CARDBOARD_BINARY:-$repository/build/cardboard}
  # bats makes its directory for its owner alone.
  chmod 711 "$BATS_RUN_TMPDIR"
  mkdir -p "$WORKSHOP"
  (
    flock 9 # suites may run side by side
    [ ! -e "$WORKSHOP/complete" ] || exit 0
    if [ ! -x "$binary" ]; then
      echo "no $binary: run make first"
      exit 1
    fi
    cp "$binary" "$CARDBOARD"
    cp "$(command -v busybox)" "$BUSYBOX"
    musl-gcc -static -O1 -s -o "$PROBE" "$BATS_TEST_DIRNAME/probe.c"
    musl-gcc -static -O1 -s -o "$PTY" "$BATS_TEST_DIRNAME/pty.c"
    musl-gcc -static -O1 -s -o "$ESCAPE" "$BATS_TEST_DIRNAME/escape.c"
    build_hello "$HELLO"
    chmod 755 "$WORKSHOP" "$CARDBOARD" "$BUSYBOX" "$PROBE" "$PTY" "$ESCAPE" "$HELLO"
    touch "$WORKSHOP/complete"
  ) 9>"$WORKSHOP.lock"
}

# A root directory with busybox and the probe in bin/ and, deliberately, no directory to mount anything on.
make_root_directory() {
  mkdir -p "$1/bin"
  cp "$BUSYBOX" "$PROBE" "$1/bin/"
  chmod -R a+rX "$1"
}

# ---- one test: a room to work in, a tag on every process -------------------------------------------------------

# For setup. The tag is a number so that it can be an argument of sleep; see find_tagged.
enter_room() {
  TAG=${EPOCHREALTIME/[.,]/}
  FOREVER=9$TAG # seconds to sleep: as good as for ever, found by the tag, and still within 64 bits
  ROOM=$BATS_TEST_TMPDIR/room
  mkdir "$ROOM"
  chmod 777 "$ROOM"
  printf '%s\n' "$TAG" >"$BATS_TEST_TMPDIR/tag"
  LAUNCH=()
  PLACE=plain
  INIT=
  be_caller "$([ "$(id -u)" -eq 0 ] && echo root || echo user)"
  cd "$ROOM" || return
}

# For teardown: the test failed to end what it started, or cardboard did; either is an error.
leave_room() {
  [ -n "${TAG:-}" ] || return 0
  if wait_for nothing_tagged; then return 0; fi
  echo "left behind:"
  local pid
  for pid in $(find_tagged); do
    { echo "$pid: $(tr '\0' ' ' <"/proc/$pid/cmdline")" && kill -KILL "$pid"; } 2>/dev/null || true
  done
  return 1
}

# The processes that carry the tag in their arguments or in their environment. The pattern is read from a file:
# as an argument it would make grep find itself.
find_tagged() {
  grep -lasF -f "$BATS_TEST_TMPDIR/tag" /proc/[0-9]*/cmdline /proc/[0-9]*/environ | cut -d/ -f3 | sort -nu || true
}

nothing_tagged() {
  [ -z "$(find_tagged)" ]
}

# How many of the tagged processes run the program of this name.
count_running() {
  local pid count=0
  for pid in $(find_tagged); do
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != "$1" ] || count=$((count + 1))
  done
  echo "$count"
}

are_running() {
  [ "$(count_running "$2")" -eq "$1" ]
}

# ---- callers and places -----------------------------------------------------------------------------------------

readonly -a AS_USER=(setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups)

as_user() {
  if [ "$(id -u)" -eq 0 ]; then "${AS_USER[@]}" "$@"; else "$@"; fi
}

# Sets who runs cardboard from here on: root or user.
be_caller() {
  CALLER=$1
  echo "-- as $CALLER, $PLACE"
}

# Sets LINE to what runs a program as the caller in the place, in the state that LAUNCH asks for. bats's own
# descriptors are closed, so that what a test sees open it opened itself. $@ is put in front of the launcher.
compose_line() {
  LINE=()
  if [ "$CALLER" = user ] && [ "$(id -u)" -eq 0 ]; then LINE+=("${AS_USER[@]}"); fi
  LINE+=(env "CARDBOARD_TAG=$TAG" "PATH=$PUBLIC_PATH" "HOME=$ROOM" "TMPDIR=$ROOM" "$@" "$PROBE" launch)
  [[ " ${LAUNCH[*]-} " == *" only="* ]] || LINE+=(only=0,1,2)
  INIT_PID_FILE=$ROOM/init.$CALLER.pid
  [ "$PLACE" = plain ] || LINE+=("pid1=$INIT_PID_FILE")
  LINE+=("${LAUNCH[@]}")
}

# Runs a program as the caller in the place, never longer than LIMIT seconds (then the status is 124).
in_place() {
  local LINE
  compose_line timeout --kill-after=2 "${LIMIT:-20}"
  "${LINE[@]}" "$@"
}

# As bats's run, with what is written to stdout in output and to stderr in stderr. It takes the way over files: a
# process that was left behind would keep a pipe open, and bats would wait for it. And 127 is a status like others.
try() {
  status=0
  "$@" >"$BATS_TEST_TMPDIR/try.out" 2>"$BATS_TEST_TMPDIR/try.err" || status=$?
  output=$(<"$BATS_TEST_TMPDIR/try.out")
  stderr=$(<"$BATS_TEST_TMPDIR/try.err")
}

cardboard() {
  in_place "$CARDBOARD" "$@"
}

isolate() {
  in_place "$CARDBOARD" --isolate "$@"
}

# Runs a program in the background: its pid in JOB and INIT, what it writes in the files OUT and ERR.
run_in_background() {
  OUT=$BATS_TEST_TMPDIR/out
  ERR=$BATS_TEST_TMPDIR/err
  # Emptied here: the background job may be slower than the first look at them.
  : >"$OUT"
  : >"$ERR"
  # exec: the job must be the program itself, or signals for it would go to a shell.
  (exec "$@" </dev/null >>"$OUT" 2>>"$ERR" 3>&- 4>&-) &
  JOB=$!
  INIT=$JOB
}

# Starts cardboard in the background; INIT is its pid as seen from here.
start() {
  start_program "$CARDBOARD" "$@"
}

# The same with another program in its place.
start_program() {
  local LINE
  compose_line
  rm -f "$INIT_PID_FILE"
  run_in_background "${LINE[@]}" "$@"
  if [ "$PLACE" = pid1 ]; then
    wait_for test -s "$INIT_PID_FILE"
    INIT=$(<"$INIT_PID_FILE")
  fi
}

# Waits for a line that COMMAND writes; with a number, for that many of it.
wait_for_line() {
  wait_for has_lines "$1" "${2:-1}"
}

has_lines() {
  [ "$(grep -cxF -- "$1" "$OUT")" -ge "$2" ]
}

# Waits until what start started has ended, its exit status in status.
finish() {
  if ! wait_for not_running "$JOB"; then
    echo "still running after ${PATIENCE:-10} s"
    kill -KILL "$INIT" "$JOB"
    return 1
  fi
  status=0
  wait "$JOB" || status=$?
  output=$(<"$OUT")
  stderr=$(<"$ERR")
}

not_running() {
  ! kill -0 "$1"
}

# Runs a promise as root and as an ordinary user.
both_ways() {
  local caller
  for caller in root user; do
    [ "$caller" = user ] || [ "$(id -u)" -eq 0 ] || continue
    be_caller "$caller"
    "$@"
  done
}

# Runs a promise as both, and for each as an ordinary process and as PID 1.
every_way() {
  for PLACE in plain pid1; do
    both_ways "$@"
  done
}

# ---- signals and the processes behind cardboard ----------------------------------------------------------------

children_of() {
  cat "/proc/$1/task/$1/children"
}

first_child_of() {
  local children
  read -ra children <<<"$(children_of "$1")"
  echo "${children[0]}"
}

# COMMAND's pid as seen from here; with --isolate the inner init is between.
command_pid() {
  if [ "${1-}" = isolated ]; then first_child_of "$(first_child_of "$INIT")"; else first_child_of "$INIT"; fi
}

# Ends a COMMAND that takes no other signal.
kill_command() {
  kill -KILL "$(command_pid "$@")"
  finish
  assert_status 137
}

# What hosts send to stop a container (DESIGN 2.4: SIGRTMIN+3 and its kin, SIGPWR); an init may pass them on as TERM.
is_host_stop_signal() {
  [[ " 30 37 38 39 40 47 48 49 50 " == *" $1 "* ]]
}

# Not one of these processes is woken in 2 s.
assert_not_woken() {
  local before
  # Settled: the clock of the measurement starts when the last message of the start is through.
  sleep 0.3
  before=$(switches_of "$@")
  sleep 2
  assert_equal "$(switches_of "$@")" "$before"
}

switches_of() {
  local pid
  for pid in "$@"; do grep ctxt_switches "/proc/$pid/status"; done
}

# After these a PID 1 that may reboots its namespace, which is what options.bats is about.
is_reboot_signal() {
  [[ " 39 40 49 50 " == *" $1 "* ]]
}

# Sends 1 to 64, but for KILL and STOP, to cardboard; COMMAND is `probe signals` and reports them to OUT.
assert_every_signal_arrives() {
  local n expected=ready received=1
  wait_for_line ready
  for n in {1..8} {10..18} {20..64}; do
    if [ "$PLACE" = pid1 ] && is_reboot_signal "$n"; then continue; fi
    kill "-$n" "$INIT"
    # One at a time: pending stop signals and CONT cancel each other.
    wait_for more_lines_than "$received" || { echo "lost: signal $n" && return 1; }
    received=$((received + 1))
    if is_host_stop_signal "$n" && [ "$(tail -n 1 "$OUT")" = 15 ]; then n=15; fi
    expected+=$'\n'$n
  done
  assert_equal "$(<"$OUT")" "$expected"
  kill_command "$@"
}

more_lines_than() {
  local lines
  mapfile -t lines <"$OUT"
  [ "${#lines[@]}" -gt "$1" ]
}

# ---- waiting and judging ------------------------------------------------------------------------------------------

# Polls until the command succeeds, PATIENCE (10) seconds at most.
wait_for() {
  local deadline=$((${EPOCHREALTIME/[.,]/} + ${PATIENCE:-10} * 1000000))
  until "$@" >/dev/null 2>&1; do
    [ "${EPOCHREALTIME/[.,]/}" -lt "$deadline" ] || {
      echo "waited in vain for: $*"
      return 1
    }
    sleep 0.01
  done
}

now_ms() {
  echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# took MIN MAX COMMAND... returns COMMAND's status, or 98 when it took fewer or more milliseconds.
took() {
  local least=$1 most=$2 began elapsed result=0
  shift 2
  began=$(now_ms)
  "$@" || result=$?
  elapsed=$(($(now_ms) - began))
  if [ "$elapsed" -lt "$least" ] || [ "$elapsed" -gt "$most" ]; then
    echo "took $elapsed ms, expected $least to $most, and ended with $result"
    return 98
  fi
  return "$result"
}

assert_status() {
  [ "$status" -eq "$1" ] || {
    echo "status $status, expected $1"
    echo "stdout: $output"
    echo "stderr: $stderr"
    return 1
  }
}

assert_equal() {
  [ "$1" = "$2" ] || {
    echo "got:      $1"
    echo "expected: $2"
    return 1
  }
}

assert_output() {
  assert_equal "$output" "$1" || {
    echo "stderr:   $stderr"
    return 1
  }
}

# assert_match TEXT REGEX
assert_match() {
  [[ $1 =~ $2 ]] || {
    echo "got:            $1"
    echo "does not match: $2"
    return 1
  }
}

# assert_no_match TEXT REGEX
assert_no_match() {
  ! [[ $1 =~ $2 ]] || {
    echo "got:     $1"
    echo "matches: $2"
    return 1
  }
}

# One message in the project's shape, and nothing else on stderr but a hint.
assert_one_message() {
  local lines
  lines=$(grep -c . <<<"$1")
  if [ "$lines" -ne 1 ] && ! { [ "$lines" -eq 2 ] && [[ $1 == *$'\n'"cardboard: hint: "* ]]; }; then
    echo "expected one message (and a hint at most), got: $1"
    return 1
  fi
  assert_match "$1" '^cardboard: [a-z]'
}

# One field of `probe report`: its lines are name=value, the kernel's name:<tab>value.
field() {
  sed -n "s/^$1[=:][[:blank:]]*//p" <<<"$output"
}
