# SPDX-License-Identifier: MIT
# Cardboard as the program that systemd-nspawn starts as PID 1 of its container, as the /sbin/init that it boots, and
# as PID 2 under its stub: statuses, orphans, signals, notifications, sockets, and that nothing stays. The machine
# needs no running systemd for it.

load helpers

readonly TREE=$WORKSHOP/nspawn-tree

setup_file() {
  open_workshop
  [ "$(id -u)" -eq 0 ] || return 0
  make_root_directory "$TREE"
  # What nspawn takes for an operating system.
  mkdir -p "$TREE"/{usr,etc,sbin}
  echo 'ID=test' >"$TREE/etc/os-release"
  cp "$CARDBOARD" "$HELLO" "$TREE/bin/"
  cp "$CARDBOARD" "$TREE/sbin/init"
  : >"$TREE/bin/not-executable"
}

teardown_file() {
  # nspawn makes it for every machine and does not remove it.
  rmdir /run/systemd/nspawn/propagate/cardboard-* 2>/dev/null || true
}

setup() {
  needs_root
  needs systemd-nspawn
  enter_room
  MACHINE=cardboard-$TAG
  OPTIONS=()
}

teardown() {
  [ -z "${LISTENER:-}" ] || kill "$LISTENER" 2>/dev/null || true
  leave_room
}

# Sets LINE to what runs the program that follows as PID 1 of a container, or has the /sbin/init that --boot finds
# take the words that follow.
compose_nspawn() {
  LINE=(systemd-nspawn --quiet --keep-unit --register=no --console=pipe --machine "$MACHINE"
    --directory "$TREE" --setenv "CARDBOARD_TAG=$TAG" "${OPTIONS[@]}" --)
}

nspawn() {
  local LINE
  compose_nspawn
  timeout --kill-after=2 30 "${LINE[@]}" "$@" </dev/null 3>&- 4>&-
}

# A container whose PID 1 is cardboard.
boxed() {
  nspawn /bin/cardboard "$@"
}

# Starts one in the background, as start does for an ordinary cardboard.
start_boxed() {
  start_nspawn /bin/cardboard "$@"
}

start_nspawn() {
  local LINE
  compose_nspawn
  run_in_background "${LINE[@]}" "$@"
}

# The pid, as seen from here, of the container's PID 1.
container_init() {
  local pid
  for pid in $(find_tagged); do
    if [[ $(awk '/^NSpid:/ { print $NF }' "/proc/$pid/status") == 1 ]]; then
      echo "$pid"
      return
    fi
  done
}

# What cardboard itself said; nspawn may add lines of its own.
own_messages() {
  grep '^cardboard: ' <<<"$stderr"
}

@test "hello prints its greeting" {
  try boxed /bin/hello
  assert_status 0
  assert_output "Hello, world!"
}

@test "nspawn returns COMMAND's own status, 128+N, 126 and 127" {
  local n
  # Not 133: that one nspawn keeps to itself.
  for n in 0 1 7 255; do
    try boxed /bin/probe exit "$n"
    assert_status "$n"
  done
  for n in 6 9 15 34; do
    try boxed /bin/probe kill "$n"
    assert_status $((128 + n))
  done
  for n in /missing missing /bin/hello/below; do
    try boxed "$n"
    assert_status 127
    assert_one_message "$(own_messages)"
  done
  for n in / /bin/not-executable; do
    try boxed "$n"
    assert_status 126
    assert_one_message "$(own_messages)"
  done
}

@test "COMMAND's parent is PID 1, and it has what nspawn gives to a program that it starts itself" {
  local given set
  try nspawn /bin/probe report
  given=$(report_of_surroundings)
  try boxed /bin/probe report
  assert_equal "$(field ppid)" 1
  assert_equal "$(report_of_surroundings)" "$given"
}

# Of `probe report`: what an init must hand on as it got it.
report_of_surroundings() {
  grep -E '^(uid|gid|cwd)=|^(Groups|SigBlk|SigIgn|SigCgt|Cap...|NoNewPrivs|Seccomp):' <<<"$output"
}

@test "a thousand orphans are reaped" {
  try boxed /bin/probe orphans 1000
  assert_output "orphans=1000 adopted=1000 left=0"
  assert_status 0
}

@test "a signal to PID 1 reaches COMMAND, whose own status is returned" {
  start_boxed /bin/probe linger 0 7
  wait_for_line ready
  kill -TERM "$(container_init)"
  finish
  assert_status 7
}

@test "nspawn with --kill-signal=SIGTERM stops it with COMMAND's own status" {
  OPTIONS=(--kill-signal=SIGTERM)
  start_boxed /bin/probe linger 0 7
  wait_for_line ready
  kill -TERM "$JOB"
  finish
  assert_status 7
}

@test "stopping it ends COMMAND and its background children" {
  OPTIONS=(--kill-signal=SIGTERM)
  start_boxed /bin/busybox sh -c '/bin/busybox sleep 1000 & echo ready; /bin/busybox sleep 1000'
  wait_for_line ready
  kill -TERM "$JOB"
  finish
  assert_status 143
  nothing_tagged
}

@test "a grandchild finishes its clean-up of a second, and the status is COMMAND's" {
  try took 1000 10000 boxed /bin/busybox sh -c \
    '/bin/probe linger 1000 & until /bin/busybox grep -q "^SigBlk:.*fffb" /proc/$!/status; do /bin/busybox sleep 0.02; done; exit 3'
  assert_status 3
  assert_output $'ready\nterminating\ncleaned'
}

@test "without a word to PID 1 the container ends at once, and leaves nothing" {
  local mounts
  mounts=$(</proc/self/mountinfo)
  start_boxed /bin/busybox sh -c '/bin/probe stubborn & exec /bin/probe wait'
  wait_for_line ready 2
  # Without --kill-signal nspawn sends KILL.
  kill -TERM "$JOB"
  finish
  wait_for nothing_tagged
  assert_equal "$(</proc/self/mountinfo)" "$mounts"
}

# ---- --boot: cardboard is /sbin/init --------------------------------------------------------------------------------

@test "--boot starts it as /sbin/init, and the words for the init are options and COMMAND" {
  local n
  OPTIONS=(--boot)
  try nspawn /bin/busybox cat /proc/1/cmdline
  assert_equal "$(tr '\0' ' ' <"$BATS_TEST_TMPDIR/try.out")" "/sbin/init /bin/busybox cat /proc/1/cmdline "
  for n in 0 7 255; do
    try nspawn /bin/probe exit "$n"
    assert_status "$n"
  done
  try nspawn /bin/probe kill 9
  assert_status 137
  try nspawn --remap-exit 7:8 -- /bin/probe exit 7
  assert_status 8
  try nspawn /bin/probe orphans 100
  assert_output "orphans=100 adopted=100 left=0"
}

@test "--boot without a COMMAND is refused with one clear message" {
  OPTIONS=(--boot)
  try nspawn
  assert_status 125
  assert_match "$(own_messages)" '^cardboard: expects a COMMAND'
}

@test "--boot without a COMMAND, with --pause in CARDBOARD_OPTS, runs until it is stopped" {
  OPTIONS=(--boot "--setenv=CARDBOARD_OPTS=--pause --notify exec")
  listen
  start_nspawn
  wait_for is_ready
  kill -TERM "$JOB"
  finish
  assert_status 0
}

@test "--boot with a .nspawn file takes COMMAND from its Parameters" {
  # What machinectl start does, which has no place for a COMMAND.
  printf '[Exec]\nBoot=yes\nParameters=/bin/probe exit 6\n' >"$WORKSHOP/$MACHINE.nspawn"
  try nspawn
  rm "$WORKSHOP/$MACHINE.nspawn"
  assert_status 6
}

@test "--boot: stopping it ends COMMAND as TERM does, with COMMAND's own status" {
  local signal
  # What nspawn sends of itself, SIGRTMIN+3; what machinectl poweroff sends; and what else hosts ask for.
  for signal in "" SIGRTMIN+4 SIGRTMIN+13 SIGRTMIN+14 SIGPWR; do
    echo "-- ${signal:-default}"
    OPTIONS=(--boot ${signal:+"--kill-signal=$signal"})
    start_nspawn /bin/probe linger 0 7
    wait_for_line ready
    kill -TERM "$JOB"
    finish
    assert_output $'ready\nterminating\ncleaned'
    assert_status 7
  done
}

@test "--boot: the managers' reboot signals stop COMMAND, and nspawn is told to start it again" {
  local n
  OPTIONS=(--boot)
  for n in 39 40 49 50; do
    start_nspawn /bin/probe linger 0 7
    wait_for_line ready
    kill "-$n" "$(container_init)"
    finish
    assert_output $'ready\nterminating\ncleaned'
    # With --keep-unit that is nspawn's word for it to the unit that runs it: RestartForceExitStatus=133.
    assert_status 133
  done
}

# ---- --as-pid2: cardboard under nspawn's stub -----------------------------------------------------------------------

@test "--as-pid2: COMMAND's status, also of a signal, which the stub alone would hide" {
  local n
  OPTIONS=(--as-pid2)
  try boxed /bin/probe report
  assert_equal "$(field ppid)" 2
  for n in 0 7 255; do
    try boxed /bin/probe exit "$n"
    assert_status "$n"
  done
  try boxed /bin/probe kill 9
  assert_status 137
  try boxed /bin/probe orphans 1000
  assert_output "orphans=1000 adopted=1000 left=0"
}

@test "--as-pid2: stopping it ends COMMAND, and gives what it leaves behind the time to clean up" {
  OPTIONS=(--as-pid2 --kill-signal=SIGRTMIN+3)
  start_boxed /bin/busybox sh -c '/bin/busybox setsid /bin/probe linger 500 & exec /bin/probe linger 0 7'
  wait_for_line ready 2
  kill -TERM "$JOB"
  finish
  # The status is no longer COMMAND's: the stub powers its namespace off. But it waits for us until then, and so
  # for the one that has left the session.
  assert_equal "$(grep -c cleaned <<<"$output")" 2
}

# ---- --notify-ready: nspawn hears PID 1 alone -----------------------------------------------------------------------

# nspawn tells a manager of its own of what it hears; that is us: what arrives is in the file heard.
listen() {
  OPTIONS+=(--notify-ready=yes)
  export NOTIFY_SOCKET=$ROOM/notify
  rm -f notify
  : >heard
  env "CARDBOARD_TAG=$TAG" "$PROBE" hear notify >>heard 3>&- 4>&- &
  LISTENER=$!
  wait_for grep -qx listening heard
}

has_heard() {
  grep -q "^[0-9]* $1" heard
}

is_ready() {
  has_heard 'READY=1'
}

# What nspawn tells last has come, and with it all before it.
wait_for_goodbye() {
  wait_for has_heard STOPPING=1
}

@test "--notify exec makes the container ready when COMMAND executes, with --boot too" {
  listen
  start_boxed --notify exec /bin/probe wait
  wait_for is_ready
  wait_for_line ready
  kill -KILL "$(command_of_container)"
  finish
  assert_status 137
  wait_for_goodbye
  assert_equal "$(grep -c READY=1 heard)" 1
  kill "$LISTENER"

  OPTIONS=(--boot)
  listen
  try nspawn --notify exec -- /bin/probe exit 7
  assert_status 7
  wait_for_goodbye
  is_ready
}

command_of_container() {
  first_child_of "$(container_init)"
}

@test "--notify exec never makes the container ready where COMMAND cannot be executed" {
  listen
  try boxed --notify exec /missing
  assert_status 127
  wait_for_goodbye
  assert_no_match "$(<heard)" READY
}

@test "--notify relay makes the container ready when COMMAND says so, and no sooner" {
  listen
  start_boxed --notify relay /bin/busybox sh -c "$tell_in_steps"
  # One socket, one order: what the init had told by itself would be here before this.
  wait_for has_heard "STATUS=.*loading"
  assert_no_match "$(<heard)" READY
  touch "$TREE/go"
  wait_for is_ready
  kill -KILL "$(command_of_container)"
  finish
}

# COMMAND that tells its state, waits for leave, and is ready.
tell_in_steps='/bin/probe tell "$NOTIFY_SOCKET" STATUS=loading; echo "$NOTIFY_SOCKET"
  until [ -e /go ]; do /bin/busybox sleep 0.02; done
  /bin/busybox rm /go; /bin/probe tell "$NOTIFY_SOCKET" STATUS=loaded READY=1; exec /bin/probe wait'

@test "without --notify COMMAND's own word is not heard, and the init says nothing" {
  listen
  try boxed /bin/busybox sh -c '/bin/probe tell "$NOTIFY_SOCKET" READY=1 && echo told'
  assert_output told
  wait_for_goodbye
  assert_no_match "$(<heard)" READY
}

@test "--notify relay passes on nothing from outside of the container, although the network is the host's" {
  listen
  start_boxed --notify relay /bin/busybox sh -c "$tell_in_steps"
  wait_for grep -q ^@ "$OUT"
  "$PROBE" tell "$(grep ^@ "$OUT")" STATUS=forged
  touch "$TREE/go"
  wait_for is_ready
  kill -KILL "$(command_of_container)"
  finish
  has_heard "STATUS=.*loaded"
  assert_no_match "$(<heard)" forged
}

# ---- socket activation ----------------------------------------------------------------------------------------------

@test "a socket that nspawn was activated by is COMMAND's" {
  needs systemd-socket-activate
  local LINE
  compose_nspawn
  run_in_background env "CARDBOARD_TAG=$TAG" systemd-socket-activate --datagram --listen "$ROOM/socket" \
    "${LINE[@]}" /bin/cardboard /bin/probe activated
  wait_for test -S socket
  "$PROBE" tell socket "some words"
  finish
  assert_output "some words"
  assert_status 0
}
