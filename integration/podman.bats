# SPDX-License-Identifier: MIT
# Cardboard in Podman with runc: as the engine's own init (--init) for an image that knows nothing of it, as the
# /sbin/init of an image, which podman then takes for systemd and stops by SIGRTMIN+3, and as an ENTRYPOINT. Podman has
# no daemon; here it runs in namespaces that end with the suite, and with them all that it made.

load helpers

readonly ENGINE=$BATS_FILE_TMPDIR/engine
readonly CGROUP=cardboard-bats-$(basename "$BATS_RUN_TMPDIR" | tr -cd '[:alnum:]')

engine_is_possible() {
  [ "$(id -u)" -eq 0 ] && command -v podman runc conmon nsenter unshare >/dev/null
}

# PID 1 of a process namespace, so that containers and their monitors end with it; in a mount namespace where
# everything that podman writes to, its lock in /dev/shm too, is in memory.
open_engine_room() {
  unshare --mount --pid --fork --kill-child --mount-proc sh -c '
    for place in /run /dev/shm /var/lib "$0"; do mount -t tmpfs tmpfs "$place" || exit; done
    echo open && exec sleep infinity' "$ENGINE/data" </dev/null >"$ENGINE/log" 2>&1 3>&- &
  echo $! >"$ENGINE/unshare.pid"
  wait_for grep -qx open "$ENGINE/log"
  first_child_of "$(<"$ENGINE/unshare.pid")" >"$ENGINE/pid"
}

# In the engine room.
podman() {
  timeout 30 nsenter --target "$(<"$ENGINE/pid")" --mount --pid podman --root "$ENGINE/data/root" \
    --runroot "$ENGINE/data/run" --tmpdir "$ENGINE/data/tmp" --storage-driver vfs --runtime runc \
    --cgroup-manager cgroupfs --events-backend file "$@" </dev/null 3>&- 4>&-
}

# plain-image, which has a shell at /bin/sh and cardboard as its /sbin/init.
make_image() {
  mkdir -p "$ENGINE"/image/{bin,sbin}
  cp "$CARDBOARD" "$PROBE" "$BUSYBOX" "$ENGINE/image"
  cp "$CARDBOARD" "$ENGINE/image/sbin/init"
  ln -s /busybox "$ENGINE/image/bin/sh"
  printf 'echo "$0 $# $2"\nexit 9\n' >"$ENGINE/image/bin/script"
  chmod 755 "$ENGINE/image/bin/script"
  tar -C "$ENGINE/image" -cf "$ENGINE/image.tar" .
  podman import "$ENGINE/image.tar" plain-image
}

setup_file() {
  engine_is_possible || return 0
  open_workshop
  mkdir -p "$ENGINE/data"
  open_engine_room
  make_image
}

room_is_closed() {
  not_running "$(<"$ENGINE/unshare.pid")"
}

teardown_file() {
  engine_is_possible || return 0
  # With it the namespace, all that is in it, and its mounts.
  kill -KILL "$(<"$ENGINE/pid")" || true
  wait_for room_is_closed
  find /sys/fs/cgroup -depth -type d -path "*/$CGROUP*" -exec rmdir {} + || true
  rm -rf "$ENGINE"
}

setup() {
  needs_root
  needs podman runc conmon nsenter unshare
  enter_room
  OPTIONS=()
}

teardown() {
  [ -n "${TAG:-}" ] || return 0
  podman rm --force --all --time 0 >/dev/null
  leave_room
}

podman_run() {
  podman run --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --cgroup-parent "/$CGROUP" \
    --env "CARDBOARD_TAG=$TAG" "${OPTIONS[@]}" plain-image "$@"
}

# The same in the background; its id in CONTAINER.
podman_start() {
  CONTAINER=$(OPTIONS+=(--detach) && podman_run "$@")
}

has_logged() {
  podman logs "$CONTAINER" | grep -qxF -- "$1"
}

has_twice() {
  [ "$(podman logs "$CONTAINER" | grep -cxF -- "$1")" -eq 2 ]
}

# Stops CONTAINER as its user would, who gives it 20 s; within 10, that is without KILL, and checks its status.
assert_stops() {
  try took 0 10000 podman stop --time 20 "$CONTAINER"
  assert_status 0
  assert_equal "$(podman wait "$CONTAINER")" "$1"
}

# From here on containers have the engine's init, which is cardboard.
use_init() {
  OPTIONS=(--init --init-path "$CARDBOARD" "$@")
}

stop_signal() {
  podman inspect --format '{{.Config.StopSignal}}' "$CONTAINER"
}

# ---- --init: cardboard is the engine's own init, /run/podman-init ----------------------------------------------------

@test "--init: PID 1 is cardboard, COMMAND is its child" {
  use_init
  # Not by /proc/1/exe, which an undumpable process does not let anybody open.
  try podman_run /busybox sh -c '/busybox sha256sum "$(/busybox tr "\0" "\n" </proc/1/cmdline | /busybox head -n 1)"'
  assert_equal "${output%% *}" "$(sha256sum <"$CARDBOARD" | cut -d' ' -f1)"
  try podman_run /probe report
  assert_equal "$(field ppid)" 1
}

@test "--init: podman run returns COMMAND's own status, and 128+N" {
  local n
  use_init
  for n in 0 7 255; do
    try podman_run /probe exit "$n"
    assert_status "$n"
    assert_equal "$stderr" ""
  done
  for n in 9 34; do
    try podman_run /probe kill "$n"
    assert_status $((128 + n))
  done
  try podman_run /missing
  [ "$status" -ne 0 ]
  assert_match "$stderr" ": No such file or directory"
}

@test "--init: a thousand orphans are reaped" {
  use_init
  try podman_run /probe orphans 1000 1
  assert_output "orphans=1000 adopted=1000 left=0"
  assert_status 0
}

@test "--init: podman stop ends it with COMMAND's own exit code" {
  use_init
  podman_start /probe linger 0 7
  wait_for has_logged ready
  assert_stops 7
  podman_start /busybox sh -c '/busybox setsid /probe wait & exec /probe wait'
  wait_for has_twice ready
  assert_stops 143
  wait_for nothing_tagged
}

@test "--init: podman kill --signal reaches COMMAND, real-time signals included" {
  local n expected=ready
  use_init
  podman_start /probe signals
  wait_for has_logged ready
  for n in 1 2 3 10 12 15 28 34 35 64; do
    podman kill --signal "$n" "$CONTAINER"
    wait_for has_logged "$n"
    expected+=$'\n'$n
  done
  assert_equal "$(podman logs "$CONTAINER")" "$expected"
}

@test "--init: a script without #! runs under /bin/sh" {
  local script
  use_init
  for script in /bin/script script; do
    try podman_run "$script" one two
    assert_status 9
    assert_output "/bin/script 2 two"
  done
}

@test "--init works for a non-root user on a read-only root, without capabilities and with no-new-privileges" {
  use_init --user 1234 --read-only --cap-drop ALL --security-opt no-new-privileges
  try podman_run /probe orphans 100 1
  assert_output "orphans=100 adopted=100 left=0"
  podman_start /probe linger 0 7
  wait_for has_logged ready
  assert_stops 7
}

@test "--init around an ENTRYPOINT that is cardboard too: the inner one serves COMMAND" {
  use_init --entrypoint /cardboard
  try podman_run /probe kill 9
  assert_status 137
  podman_start /busybox sh -c '/busybox setsid /probe linger 300 & exec /probe linger 0 7'
  wait_for has_twice ready
  assert_stops 7
  has_twice cleaned
}

# ---- /sbin/init: podman takes cardboard for systemd ------------------------------------------------------------------

@test "an image whose command is /sbin/init stops by SIGRTMIN+3 with COMMAND's own status" {
  local systemd
  # By itself podman looks at the name; always, at nothing.
  for systemd in true always; do
    OPTIONS=("--systemd=$systemd")
    podman_start /sbin/init /probe linger 0 7
    wait_for has_logged ready
    assert_equal "$(stop_signal)" 37
    assert_stops 7
    assert_equal "$(podman logs "$CONTAINER")" $'ready\nterminating\ncleaned'
  done
}

@test "--systemd=always with cardboard by another name: SIGRTMIN+3 is a request to stop all the same" {
  OPTIONS=(--systemd=always --entrypoint '["/cardboard","--stop-signal=USR1"]')
  podman_start /probe signals
  wait_for has_logged ready
  podman kill --signal RTMIN+3 "$CONTAINER"
  wait_for has_logged 10
  OPTIONS=(--systemd=always --entrypoint '["/cardboard","--stop-timeout=300ms","--grace=0"]')
  podman_start /busybox sh -c '/busybox setsid /probe stubborn & exec /probe stubborn'
  wait_for has_twice ready
  assert_equal "$(stop_signal)" 37
  assert_stops 137
}

@test "/sbin/init without a COMMAND, with --pause in CARDBOARD_OPTS, runs until podman stops it" {
  OPTIONS=(--systemd=always --env "CARDBOARD_OPTS=--pause")
  podman_start /sbin/init
  try podman exec "$CONTAINER" /probe exit 5
  assert_status 5
  assert_stops 0
}

# ---- an ENTRYPOINT, a wrapper -----------------------------------------------------------------------------------------

@test "as the ENTRYPOINT: COMMAND's own status, 126 and 127, orphans, and a graceful stop" {
  OPTIONS=(--entrypoint /cardboard)
  try podman_run /probe exit 7
  assert_status 7
  try podman_run /missing
  assert_status 127
  assert_one_message "$stderr"
  try podman_run /proc
  assert_status 126
  try podman_run /probe orphans 100 1
  assert_output "orphans=100 adopted=100 left=0"
  podman_start /probe linger 0 7
  wait_for has_logged ready
  assert_stops 7
}
