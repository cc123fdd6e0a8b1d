# SPDX-License-Identifier: MIT
# Cardboard in a real Docker engine: as the ENTRYPOINT of a scratch image, as the engine's own init (--init) for an
# image that knows nothing of it, and as the wrapper of one command in a container that has another PID 1. The suite
# starts a dockerd of its own, on a private socket and in namespaces of its own, so that it can neither use nor
# disturb the machine's engine, and so that everything the engine made ends with it.

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
    exec dockerd --config-file "$0/daemon.json" --bridge=none --iptables=false --ip6tables=false --data-root "$0/data" --exec-root "$0/exec" \
      --pidfile "$0/pid" --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "$@" -H "unix://$0/docker.sock"' \
    "$ENGINE" "/$CGROUP" "$@" </dev/null >"$ENGINE/log" 2>&1 3>&- &
  echo $! >"$ENGINE/unshare.pid"
  PATIENCE=15 wait_for engine_answers || {
    kill -KILL "$(<"$ENGINE/unshare.pid")"
    return 1
  }
}

# scratch-image, whose ENTRYPOINT is cardboard, and plain-image, which has none, and a shell at /bin/sh.
make_images() {
  mkdir -p "$ENGINE/image/bin"
  cp "$CARDBOARD" "$PROBE" "$BUSYBOX" "$HELLO" "$ENGINE/image"
  : >"$ENGINE/image/not-executable"
  tar -C "$ENGINE/image" -c . | docker import --change 'ENTRYPOINT ["/cardboard"]' - scratch-image
  ln -s /busybox "$ENGINE/image/bin/sh"
  printf 'echo "$0 $# $2"\nexit 9\n' >"$ENGINE/image/bin/script"
  chmod 755 "$ENGINE/image/bin/script"
  tar -C "$ENGINE/image" -c . | docker import - plain-image
}

setup_file() {
  engine_is_possible || return 0
  open_workshop
  mkdir -p "$ENGINE/data"
  # What a user writes into /etc/docker/daemon.json; by the program's name dockerd knows how to ask for its version.
  cp "$CARDBOARD" "$ENGINE/docker-init"
  echo "{\"init-path\": \"$ENGINE/docker-init\"}" >"$ENGINE/daemon.json"
  export DOCKER_HOST=unix://$ENGINE/docker.sock DOCKER_CONFIG=$ENGINE
  # dockerd chooses the storage driver; vfs works where its choice does not (an overlay on an overlay).
  launch_engine || launch_engine --storage-driver vfs || {
    tail -n 20 "$ENGINE/log"
    return 1
  }
  make_images
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
  IMAGE=scratch-image
}

teardown() {
  [ -n "${TAG:-}" ] || return 0
  docker ps -aq | xargs -r docker rm -f >/dev/null
  leave_room
}

# docker_run ARG...: a container of IMAGE whose CMD are the arguments.
docker_run() {
  timeout 30 docker run --network none -e "CARDBOARD_TAG=$TAG" "${OPTIONS[@]}" "$IMAGE" "$@"
}

# From here on containers have the engine's init, which is cardboard, and no ENTRYPOINT.
use_init() {
  OPTIONS=(--init "$@")
  IMAGE=plain-image
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
  assert_signals_arrive
}

assert_signals_arrive() {
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

# ---- --init: cardboard is the engine's own init, /sbin/docker-init ---------------------------------------------------

@test "--init: PID 1 is cardboard, COMMAND is its child" {
  use_init
  # Not by /proc/1/exe, which an undumpable process does not let anybody open.
  try docker_run /busybox sh -c '/busybox sha256sum "$(/busybox tr "\0" "\n" </proc/1/cmdline | /busybox head -n 1)"'
  assert_equal "${output%% *}" "$(sha256sum <"$CARDBOARD" | cut -d' ' -f1)"
  try docker_run /probe report
  assert_equal "$(field ppid)" 1
}

@test "--init: dockerd asks the init for its version, and understands the answer" {
  try docker info --format '{{.InitBinary}} {{.InitCommit.ID}}'
  # The commit may be missing; what dockerd did not understand is N/A.
  assert_match "$output" "^$ENGINE/docker-init [0-9a-f]*\$"
  try docker version --format '{{range .Server.Components}}{{.Name}} {{.Version}}{{"\n"}}{{end}}'
  assert_match "$output" $'(^|\n)docker-init [0-9.]+(\n|$)'
  assert_equal "$(grep -E 'failed to (retrieve|parse) .*docker-init version' "$ENGINE/log")" ""
}

@test "--init: docker run returns COMMAND's own status, 128+N, 126 and 127" {
  local n
  use_init
  for n in 0 7 255; do
    try docker_run /probe exit "$n"
    assert_status "$n"
    assert_equal "$stderr" ""
  done
  for n in 9 34; do
    try docker_run /probe kill "$n"
    assert_status $((128 + n))
  done
  try docker_run missing
  assert_status 127
  assert_match "$stderr" "missing.*: No such file or directory"
  try docker_run /not-executable
  assert_status 126
  assert_match "$stderr" "not-executable.*: Permission denied"
}

@test "--init: words of COMMAND's that look like options are COMMAND's" {
  use_init
  try docker_run /busybox echo -g --isolate -- -s
  assert_output "-g --isolate -- -s"
  try docker_run --version
  assert_status 127
}

@test "--init: a thousand orphans are reaped" {
  use_init
  try docker_run /probe orphans 1000 1
  assert_output "orphans=1000 adopted=1000 left=0"
  assert_status 0
}

@test "--init: docker stop ends it well under ten seconds with COMMAND's own exit code" {
  use_init
  docker_start /probe linger 0 7
  wait_for has_logged ready
  assert_stops 5000 7
  # A COMMAND that does nothing about TERM, which as PID 1 would not even notice.
  docker_start /probe wait
  wait_for has_logged ready
  assert_stops 5000 143
}

@test "--init: docker stop ends COMMAND and its background children" {
  use_init
  docker_start /busybox sh -c '/busybox setsid /probe wait & exec /probe wait'
  wait_for has_twice ready
  assert_stops 5000 143
  nothing_tagged
}

has_twice() {
  [ "$(docker logs "$CONTAINER" | grep -cxF -- "$1")" -eq 2 ]
}

@test "--init: docker kill --signal reaches COMMAND, real-time signals included" {
  use_init
  assert_signals_arrive
}

@test "--init: a script without #! runs under /bin/sh" {
  use_init
  local script
  for script in /bin/script script; do
    try docker_run "$script" one two
    assert_status 9
    assert_output "/bin/script 2 two"
  done
}

@test "--init works for a non-root user on a read-only root, without capabilities and with no-new-privileges" {
  use_init --user 1234 --read-only --cap-drop ALL --security-opt no-new-privileges
  try docker_run /probe orphans 100 1
  assert_output "orphans=100 adopted=100 left=0"
  docker_start /probe linger 0 7
  wait_for has_logged ready
  assert_stops 5000 7
}

@test "--init: with a terminal COMMAND is in the foreground" {
  use_init -t
  try docker_run /probe foreground
  assert_status 0
}

@test "--init around an ENTRYPOINT that is cardboard too: the inner one serves COMMAND" {
  OPTIONS=(--init)
  try docker_run /probe exit 7
  assert_status 7
  try docker_run /probe kill 9
  assert_status 137
  assert_equal "$stderr" ""
  # The nearest of the two adopts.
  try docker_run /probe orphans 100
  assert_output "orphans=100 adopted=100 left=0"
  docker_start /busybox sh -c '/busybox setsid /probe linger 300 & exec /probe linger 0 7'
  wait_for has_twice ready
  assert_stops 5000 7
  has_twice cleaned
}

# ---- a wrapper, where PID 1 is another's ------------------------------------------------------------------------------

# A container whose PID 1 serves nobody but itself, and a bystander in it.
start_foreign_container() {
  IMAGE=plain-image
  docker_start /probe wait
  wait_for has_logged ready
  docker exec -d "$CONTAINER" /probe stubborn
  wait_for bystander_runs
}

bystander_runs() {
  docker top "$CONTAINER" | grep -q "/probe stubborn"
}

# exec_wrapped ARG...: by docker exec, cardboard with these arguments.
exec_wrapped() {
  timeout 30 docker exec "$CONTAINER" /cardboard "$@"
}

@test "docker exec: as a wrapper it returns COMMAND's status and adopts COMMAND's orphans" {
  start_foreign_container
  try exec_wrapped /probe exit 7
  assert_status 7
  try exec_wrapped /probe kill 9
  assert_status 137
  try exec_wrapped /missing
  assert_status 127
  assert_one_message "$stderr"
  # A PID 1 that reaps nothing would keep them all as zombies.
  try exec_wrapped /probe orphans 100
  assert_output "orphans=100 adopted=100 left=0"
  try docker exec "$CONTAINER" /busybox ps -o stat,comm
  assert_equal "$(awk '$1 ~ /Z/' <<<"$output")" ""
}

@test "docker exec: as a wrapper it ends what COMMAND leaves behind, and nothing else" {
  start_foreign_container
  try took 0 10000 exec_wrapped --grace 200ms /busybox sh -c \
    '/busybox setsid /probe stubborn >/log & until /busybox grep -q ready /log; do /busybox sleep 0.02; done; exit 3'
  assert_status 3
  assert_equal "$(docker top "$CONTAINER" | grep -c /probe)" 2
  bystander_runs
}

@test "docker exec into a container of its own: two of it in one namespace do not meddle" {
  docker_start --grace 200ms /busybox sh -c '/probe stubborn & exec /probe linger 0 7'
  wait_for has_logged ready
  try exec_wrapped /probe orphans 100
  assert_output "orphans=100 adopted=100 left=0"
  try exec_wrapped --grace 0 /busybox sh -c '/busybox setsid /probe wait & exit 3'
  assert_status 3
  bystander_runs
  docker kill --signal TERM "$CONTAINER"
  assert_equal "$(docker wait "$CONTAINER")" 7
}

@test "--pid=container: cardboard is not PID 1, and its end is its own" {
  local host
  start_foreign_container
  host=$CONTAINER
  IMAGE=scratch-image OPTIONS=("--pid=container:$host")
  try docker_run /probe exit 7
  assert_status 7
  try docker_run /probe report
  assert_no_match "$(field ppid)" '^[01]$'
  try docker_run /probe orphans 100
  assert_output "orphans=100 adopted=100 left=0"
  # Its PID 1 is another's, so that only the init itself can end what is left.
  docker_start --grace 200ms /busybox sh -c '/busybox setsid /probe stubborn & exec /probe linger 0 7'
  wait_for has_twice ready
  assert_stops 5000 7
  CONTAINER=$host
  assert_equal "$(docker top "$host" | grep -c /probe)" 2
  bystander_runs
}
