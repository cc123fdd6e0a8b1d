# SPDX-License-Identifier: MIT
# Cardboard as the ENTRYPOINT of a scratch image in a real Docker engine. The suite starts a dockerd of its own, on a
# private socket and in namespaces of its own, so that it can neither use nor disturb the machine's engine, and so
# that everything the engine made ends with it.

load helpers

readonly ENGINE=$BATS_FILE_TMPDIR/engine
readonly CGROUP=cardboard-bats-$(basename "$BATS_RUN_TMPDIR" | tr -cd '[:alnum:]')

engine_is_possible() {
  [ "$(id -u)" -eq 0 ] && command -v docker dockerd unshare >/dev/null
}

engine_answers() {
  docker version
}

# In a process namespace, so that the engine's helpers end with it; in a mount namespace with a /run and a data
# directory in memory, so that there is nothing to unmount or to remove. $@ are more options for dockerd.
launch_engine() {
  unshare --mount --pid --fork --kill-child --mount-proc sh -c '
    mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs "$0/data" &&
    exec dockerd --bridge=none --iptables=false --ip6tables=false --data-root "$0/data" --exec-root "$0/exec" \
      --pidfile "$0/pid" --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "$@" -H "unix://$0/docker.sock"' \
    "$ENGINE" "/$CGROUP" "$@" </dev/null >"$ENGINE/log" 2>&1 3>&- &
  echo $! >"$ENGINE/unshare.pid"
  PATIENCE=15 wait_for engine_answers || {
    kill -KILL "$(<"$ENGINE/unshare.pid")"
    return 1
  }
}

make_image() {
  mkdir "$ENGINE/image"
  cp "$CARDBOARD" "$PROBE" "$BUSYBOX" "$HELLO" "$ENGINE/image"
  : >"$ENGINE/image/not-executable"
  tar -C "$ENGINE/image" -c . | docker import --change 'ENTRYPOINT ["/cardboard"]' - scratch-image
}

setup_file() {
  engine_is_possible || return 0
  open_workshop
  mkdir -p "$ENGINE/data"
  export DOCKER_HOST=unix://$ENGINE/docker.sock DOCKER_CONFIG=$ENGINE
  # dockerd chooses the storage driver; vfs works where its choice does not (an overlay on an overlay).
  launch_engine || launch_engine --storage-driver vfs || {
    tail -n 20 "$ENGINE/log"
    return 1
  }
  make_image
}

engine_has_ended() {
  not_running "$(<"$ENGINE/unshare.pid")"
}

teardown_file() {
  engine_is_possible || return 0
  # First as it likes it; then whatever is left ends with its process namespace.
  kill -TERM "$(first_child_of "$(<"$ENGINE/unshare.pid")")" || true
  PATIENCE=10 wait_for engine_has_ended || kill -KILL "$(<"$ENGINE/unshare.pid")" || true
  find /sys/fs/cgroup -depth -type d -path "*/$CGROUP*" -exec rmdir {} + || true
  rm -rf "$ENGINE"
}

setup() {
  needs_root
  needs docker dockerd unshare
  enter_room
  OPTIONS=()
}

teardown() {
  [ -n "${TAG:-}" ] || return 0
  docker ps -aq | xargs -r docker rm -f >/dev/null
  leave_room
}

# docker_run ARG...: a container whose ENTRYPOINT is cardboard and whose CMD are the arguments.
docker_run() {
  timeout 30 docker run --network none -e "CARDBOARD_TAG=$TAG" "${OPTIONS[@]}" scratch-image "$@"
}

# docker_start ARG...: the same in the background; its id in CONTAINER.
docker_start() {
  CONTAINER=$(OPTIONS+=(-d) && docker_run "$@")
}

has_logged() {
  docker logs "$CONTAINER" | grep -qxF -- "$1"
}

# Stops CONTAINER as its user would, within MS milliseconds, and checks its status.
assert_stops() {
  local ms=$1 expected=$2
  try took 0 "$ms" docker stop "$CONTAINER"
  assert_status 0
  assert_equal "$(docker wait "$CONTAINER")" "$expected"
}

@test "hello prints its greeting" {
  try docker_run /hello
  assert_status 0
  assert_output "Hello, world!"
  assert_equal "$stderr" ""
}

@test "docker run returns COMMAND's own status, 128+N, 126 and 127" {
  local n
  for n in 0 1 7 255; do
    try docker_run /probe exit "$n"
    assert_status "$n"
  done
  for n in 6 9 15 34; do
    try docker_run /probe kill "$n"
    assert_status $((128 + n))
  done
  try docker_run /missing
  assert_status 127
  assert_one_message "$stderr"
  try docker_run missing
  assert_status 127
  for n in / /not-executable; do
    try docker_run "$n"
    assert_status 126
    assert_one_message "$stderr"
  done
  try docker_run --no-such-option /hello
  assert_status 125
  assert_match "$stderr" "^cardboard: .*--no-such-option"
}

@test "COMMAND's parent is PID 1" {
  try docker_run /probe report
  assert_equal "$(field ppid)" 1
}

@test "a thousand orphans are reaped, and no zombie is there while it runs" {
  docker_start /busybox sh -c '/probe orphans 1000 1 && exec /probe wait'
  wait_for has_logged ready
  assert_equal "$(docker logs "$CONTAINER" | head -n 1)" "orphans=1000 adopted=1000 left=0"
  try docker exec "$CONTAINER" /busybox ps -o pid,stat,comm
  assert_status 0
  assert_match "$output" "cardboard"
  assert_equal "$(awk '$2 ~ /Z/' <<<"$output")" ""
  assert_stops 5000 143
}

@test "docker stop ends it well under ten seconds with COMMAND's own exit code" {
  docker_start /probe linger 0 7
  wait_for has_logged ready
  assert_stops 5000 7
}

@test "docker stop ends COMMAND and its background children" {
  docker_start /busybox sh -c '/busybox sleep 1000 & echo ready; /busybox sleep 1000'
  wait_for has_logged ready
  assert_stops 5000 143
}

@test "docker kill --signal reaches COMMAND, real-time signals included" {
  local n expected=ready
  docker_start /probe signals
  wait_for has_logged ready
  for n in 1 2 3 10 12 15 28 34 35 64; do
    docker kill --signal "$n" "$CONTAINER"
    wait_for has_logged "$n"
    expected+=$'\n'$n
  done
  assert_equal "$(docker logs "$CONTAINER")" "$expected"
}

@test "a grandchild finishes its clean-up of a second, and the status is COMMAND's" {
  try took 1000 15000 docker_run /busybox sh -c \
    '/probe linger 1000 & until /busybox grep -q "^SigBlk:.*fffb" /proc/$!/status; do /busybox sleep 0.02; done; exit 3'
  assert_status 3
  assert_output $'ready\nterminating\ncleaned'
}

@test "it works on a read-only root" {
  OPTIONS=(--read-only)
  try docker_run /probe exit 7
  assert_status 7
}

@test "it works for a non-root user without capabilities and with no-new-privileges" {
  OPTIONS=(--user 1234 --read-only --cap-drop ALL --security-opt no-new-privileges)
  try docker_run /probe orphans 100
  assert_output "orphans=100 adopted=100 left=0"
  try docker_run /probe report
  assert_equal "$(field uid) $(field CapBnd) $(field NoNewPrivs)" "1234 0000000000000000 1"
  docker_start /probe linger 0 7
  wait_for has_logged ready
  assert_stops 5000 7
}

@test "standard input reaches COMMAND" {
  OPTIONS=(-i)
  try docker_run /busybox cat <<<"some input"
  assert_status 0
  assert_output "some input"
}

@test "with a terminal COMMAND is in the foreground" {
  OPTIONS=(-t)
  try docker_run /probe foreground
  assert_status 0
}

@test "--isolate, which this engine forbids, gives 125 and one message" {
  try docker_run --isolate /hello
  assert_status 125
  assert_output ""
  assert_one_message "$stderr"
}

@test "a container leaves no process" {
  docker_start /busybox sh -c 'setsid /probe stubborn & setsid /probe wait & exec /probe wait'
  wait_for has_logged ready
  docker rm -f "$CONTAINER"
  nothing_tagged
}
