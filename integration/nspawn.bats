# SPDX-License-Identifier: MIT
# Cardboard as the program that systemd-nspawn starts as PID 1 of its container: statuses, orphans, signals, and that
# nothing stays. The machine needs no running systemd for it.

load helpers

readonly TREE=$WORKSHOP/nspawn-tree

setup_file() {
  open_workshop
  [ "$(id -u)" -eq 0 ] || return 0
  make_root_directory "$TREE"
  # What nspawn takes for an operating system.
  mkdir -p "$TREE"/{usr,etc}
  echo 'ID=test' >"$TREE/etc/os-release"
  cp "$CARDBOARD" "$HELLO" "$TREE/bin/"
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
  leave_room
}

# Sets LINE to what runs the program that follows as PID 1 of a container.
compose_nspawn() {
  LINE=(systemd-nspawn --quiet --keep-unit --register=no --console=pipe --machine "$MACHINE"
    --directory "$TREE" --setenv "CARDBOARD_TAG=$TAG" "${OPTIONS[@]}")
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
  local LINE
  compose_nspawn
  run_in_background "${LINE[@]}" /bin/cardboard "$@"
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
