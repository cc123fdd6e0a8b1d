# SPDX-License-Identifier: MIT
# Ways out of a container, tried from inside by integration/escape.c: as root and as an ordinary user, on each network.
# None may succeed, and each is stopped for the reason that is named. Then the same attack is shown to succeed where
# that defence is missing, with as little as possible taken away: an option is given that relaxes it (relaxed), or the
# attack is made outside of any container (succeeds), in namespaces for itself where it would change anything. What
# would do harm is opened for writing, and nothing is written.
#
# More of it elsewhere: all of the filter in seccomp.bats; cardboard's own file, hostile passwd files and nested user
# namespaces in privilege.bats; descriptors, environment and mount flags in isolate.bats; what only a machine of its own
# has (sysrq, /proc/kcore, modules, the machine's memory and ports) in vm/guest/escape.sh.

load helpers

readonly NETWORKS=(none host)
# Namespaces for an attack by root that is to succeed.
readonly SACRIFICE=(unshare --mount --uts --ipc --net --pid --fork --kill-child --mount-proc)

setup_file() {
  open_workshop
  make_root_directory "$WORKSHOP/escape-root"
  cp "$ESCAPE" "$WORKSHOP/escape-root/bin/"
  mkdir "$WORKSHOP"/escape-root/{dev,etc,proc,run,sys,tmp}
  chmod -R a+rX "$WORKSHOP/escape-root"
}

setup() {
  enter_room
  OPTIONS=()
  PROGRAM=$ESCAPE
  echo secret >secret
  chmod 644 secret
}

teardown() {
  [ ! -s "$BATS_TEST_TMPDIR/offer" ] || kill "$(<"$BATS_TEST_TMPDIR/offer")" 2>/dev/null || true
  leave_room
}

# ---- settings and verdicts -------------------------------------------------------------------------------------------

# In each of the settings; NETWORK is which network.
each_setting() {
  for NETWORK in "${NETWORKS[@]}"; do
    echo "-- network $NETWORK"
    both_ways "$@"
  done
}

attack() {
  try isolate --network "$NETWORK" "${OPTIONS[@]}" "$PROGRAM" "$@"
}

# stopped REASON ATTACK [ARG]...: in each setting, and for this reason, which is a regular expression.
stopped() {
  each_setting stopped_here "$@"
}

stopped_here() {
  echo "attack: ${*:2}"
  attack "${@:2}"
  assert_status 1
  assert_match "$output" "^stopped: ($1)\$"
}

# relaxed OPTION VALUE ATTACK [ARG]...: it succeeds once the option is given, for both callers.
relaxed() {
  both_ways relaxed_here "$@"
}

relaxed_here() {
  NETWORK=none
  local OPTIONS=("${OPTIONS[@]}" "$1" "$2")
  attack "${@:3}"
  assert_succeeded
}

# succeeds COMMAND...: which makes the attack in no container.
succeeds() {
  try in_place "$@"
  assert_succeeded
}

# The same by host root, and so in namespaces for itself.
succeeds_for_root() {
  needs_root
  be_caller root
  succeeds "${SACRIFICE[@]}" "$@"
}

assert_succeeded() {
  assert_status 0
  assert_equal "$output" succeeded
}

readonly DENIED="Operation not permitted"

# ---- mounts ----------------------------------------------------------------------------------------------------------

@test "a file system cannot be mounted" {
  stopped "$DENIED" mount /tmp
  relaxed --cap-add SYS_ADMIN mount /tmp
}

@test "nor by the calls that take descriptors" {
  stopped "$DENIED" open-mount-context tmpfs
  stopped "$DENIED" open-mount-context proc
  relaxed --cap-add SYS_ADMIN open-mount-context tmpfs
}

@test "no tree of mounts can be copied" {
  stopped "$DENIED" open-tree /
  relaxed --cap-add SYS_ADMIN open-tree /
}

@test "the root cannot be remounted to be writable" {
  stopped "$DENIED" remount /
  relaxed --cap-add SYS_ADMIN remount /
}

@test "a mask of /proc cannot be taken off" {
  stopped "$DENIED" unmount /proc/keys
  relaxed --cap-add SYS_ADMIN unmount /proc/keys
}

@test "control groups of version 1, with their release_agent, cannot be mounted" {
  stopped "$DENIED" mount-cgroup-v1 /tmp
  # By a right over the container it would not be host root's either, who runs the agent.
  OPTIONS=(--cap-add all)
  stopped "$DENIED|Permission denied|No such file or directory|Device or resource busy" mount-cgroup-v1 /tmp
  mkdir cgroup
  succeeds_for_root "$ESCAPE" mount-cgroup-v1 "$ROOM/cgroup"
}

# ---- the host's files ------------------------------------------------------------------------------------------------

@test "no directory or descriptor that may have been left leads to the host's files" {
  leaks() {
    # As a caller who has left the host's root open, and stands in a directory of the host's.
    LAUNCH=(only=0,1,2,7,9)
    stopped_here "No such file or directory" reach "$ROOM/secret"
    OPTIONS=(--root "$WORKSHOP/escape-root") PROGRAM=/bin/escape
    stopped_here "No such file or directory" reach "$ROOM/secret"
    OPTIONS=() PROGRAM=$ESCAPE
  }
  exec 7</ 9<"$ROOM"
  each_setting leaks
  # The same descriptor, left open for who is in nothing but another root.
  needs_root
  be_caller root
  LAUNCH=(only=0,1,2,7)
  succeeds chroot "$WORKSHOP/escape-root" /bin/escape reach "$ROOM/secret"
  # And without it that fails: it is the descriptor that leads there.
  LAUNCH=(only=0,1,2)
  try in_place chroot "$WORKSHOP/escape-root" /bin/escape reach "$ROOM/secret"
  assert_status 1
  exec 7<&- 9<&-
}

@test "chroot(2) does not break out of the root, also if it is allowed" {
  stopped "$DENIED" break-out /tmp/jail "$ROOM/secret"
  OPTIONS=(--cap-add SYS_CHROOT)
  stopped "No such file or directory" break-out /tmp/jail "$ROOM/secret"
  needs_root
  be_caller root
  cp -r "$WORKSHOP/escape-root" root
  succeeds chroot root /bin/escape break-out /tmp/jail "$ROOM/secret"
}

@test "a file of the host cannot be opened by its handle" {
  local type bytes
  # The container has the file system in it: our own program's.
  read -r type bytes < <("$ESCAPE" handle "$ROOM/secret")
  stopped "$DENIED" open-handle "$type" "$bytes"
  OPTIONS=(--cap-add DAC_READ_SEARCH)
  stopped "$DENIED|Stale file handle" open-handle "$type" "$bytes"
  OPTIONS=(--cap-add all)
  stopped "$DENIED|Stale file handle" open-handle "$type" "$bytes"
  succeeds_for_root "$ESCAPE" open-handle "$type" "$bytes"
}

@test "COMMAND's file, which is the host's, cannot be changed" {
  overwriting() {
    cp "$ESCAPE" "own.$CALLER"
    [ "$CALLER" = root ] || [ "$(id -u)" -ne 0 ] || chown "$USER_ID" "own.$CALLER"
    local PROGRAM=$ROOM/own.$CALLER
    stopped_here "Read-only file system" overwrite "/own.$CALLER" /tmp/copy
    cmp "$ESCAPE" "own.$CALLER"
    # Its owner's own right to do it, which the mount takes away.
    [ "$NETWORK" != none ] || succeeds "$PROGRAM" overwrite "$ROOM/own.$CALLER" "$ROOM/copy.$CALLER"
  }
  each_setting overwriting
}

@test "a file of --root that only host root may read is not readable for an ordinary user's container" {
  needs_root
  cp -r "$WORKSHOP/escape-root" root
  echo secret >root/private
  chmod 600 root/private
  for NETWORK in "${NETWORKS[@]}"; do
    be_caller user
    OPTIONS=(--root root) PROGRAM=/bin/escape
    stopped_here "Permission denied" read /private
  done
  succeeds_for_root "$ESCAPE" read root/private
}

# ---- devices and privileged files ------------------------------------------------------------------------------------

@test "no device can be made, also with the capability for it" {
  local major minor
  # The disk of the root file system where there is one, as any other file system has an invented number.
  major=$(stat -c %Hd /) minor=$(stat -c %Ld /)
  for OPTIONS in "" "--cap-add=MKNOD"; do
    [ "$OPTIONS" ] || OPTIONS=()
    stopped "$DENIED" make-node /tmp/disk b "$major" "$minor"
    stopped "$DENIED" make-node /tmp/memory c 1 1
    stopped "$DENIED" make-node /dev/shm/null c 1 3
  done
  # The harmless one: a disk may be none of the machine's.
  succeeds_for_root "$ESCAPE" make-node "$ROOM/null" c 1 3
}

@test "a device in the --root cannot be opened" {
  needs_root
  cp -r "$WORKSHOP/escape-root" root
  mknod -m 666 root/null c 1 3
  mknod -m 666 root/terminal c 5 0
  OPTIONS=(--root root) PROGRAM=/bin/escape
  stopped "Permission denied" read /null
  stopped "Permission denied" write /null
  stopped "Permission denied" read /terminal
  both_ways succeeds "$ESCAPE" write root/null
}

@test "there is no device but the harmless ones" {
  stopped "Permission denied" open-any-device /dev
  OPTIONS=(--root "$WORKSHOP/escape-root") PROGRAM=/bin/escape
  stopped "Permission denied" open-any-device /dev
  succeeds_for_root "$ESCAPE" open-any-device /dev
}

@test "a set-user-ID file, and one with capabilities, give nothing" {
  needs_root
  cp -r "$WORKSHOP/escape-root" root
  cp "$ESCAPE" root/bin/set-id
  cp "$ESCAPE" root/bin/capable
  chmod 6755 root/bin/set-id
  setcap cap_sys_admin,cap_setuid+ep root/bin/capable
  OPTIONS=(--root root) PROGRAM=/bin/escape
  stopped "$DENIED" run /bin/set-id
  stopped "$DENIED" run /bin/capable
  # Here the file's owner is another than COMMAND's user, and one of the container's.
  be_caller root
  OPTIONS+=(--user 1000)
  stopped_here "$DENIED" run /bin/set-id
  be_caller user
  succeeds "$ESCAPE" run root/bin/set-id
  succeeds "$ESCAPE" run root/bin/capable
}

# ---- /proc and /sys --------------------------------------------------------------------------------------------------

@test "nothing of /proc but a process's own can be opened for writing" {
  stopped "Permission denied" write-any /proc
  succeeds_for_root "$ESCAPE" write-any /proc
  # Root of namespaces alone is let by the kernel, too, but for the read-only mounts.
  both_ways succeeds unshare --user --map-root-user --net --ipc --pid --fork --mount-proc "$ESCAPE" write-any /proc/sys
}

@test "the program that is given a core, and the one that loads modules, cannot be set" {
  local setting
  for setting in core_pattern modprobe; do
    [ -e "/proc/sys/kernel/$setting" ] || continue # without modules
    stopped "Read-only file system|Permission denied" write "/proc/sys/kernel/$setting"
    OPTIONS=(--cap-add all --cap-drop SYS_ADMIN)
    stopped "Read-only file system|Permission denied" write "/proc/sys/kernel/$setting"
    OPTIONS=()
  done
  succeeds_for_root "$ESCAPE" write /proc/sys/kernel/core_pattern
}

@test "nothing of /sys can be opened for writing" {
  stopped "Permission denied|No such file or directory" write-any /sys
  OPTIONS=(--root "$WORKSHOP/escape-root") PROGRAM=/bin/escape
  stopped "Permission denied|No such file or directory" write-any /sys
  succeeds_for_root "$ESCAPE" write-any /sys
}

@test "the kernel's log cannot be read" {
  stopped "$DENIED" read-kernel-log
  stopped "No such file or directory" read /dev/kmsg
  # There, but not root's to the kernel.
  stopped "No such file or directory|Permission denied|$DENIED" read /proc/kmsg
  succeeds_for_root "$ESCAPE" read-kernel-log
  succeeds "$ESCAPE" read /dev/kmsg
}

# ---- processes -------------------------------------------------------------------------------------------------------

# As process 2 to a shell that is process 1, of the same user.
beside_init() {
  needs_root
  be_caller root
  succeeds "${SACRIFICE[@]}" sh -c '"$@"; exit $?' sh "$ESCAPE" "$@"
}

@test "the init cannot be traced" {
  stopped "$DENIED" trace 1
  OPTIONS=(--cap-add all --seccomp none)
  stopped "$DENIED" trace 1
  beside_init trace 1
}

@test "nor can its memory be read, by two ways" {
  stopped "$DENIED" read-memory 1
  stopped "Permission denied" open-memory 1
  OPTIONS=(--cap-add all --seccomp none)
  stopped "$DENIED" read-memory 1
  stopped "Permission denied" open-memory 1
  beside_init read-memory 1
  beside_init open-memory 1
}

@test "nor can a descriptor be taken from it" {
  stopped "$DENIED" take-descriptor 1
  OPTIONS=(--cap-add all --seccomp none)
  stopped "$DENIED" take-descriptor 1
  beside_init take-descriptor 1
}

@test "a process of the host, also of the same user, cannot be signalled or limited" {
  bystander() {
    local pid
    start_program sleep "$FOREVER"
    pid=$JOB
    stopped_here "No such process" signal "$pid" "$$" "$PPID"
    stopped_here "No such process" limit "$pid"
    # All that COMMAND could reach is nobody.
    stopped_here "No such process" signal-all
    succeeds "$ESCAPE" signal "$pid"
    succeeds "$ESCAPE" limit "$pid"
    kill -KILL "$pid"
    finish || true
  }
  each_setting bystander
  beside_another() {
    needs_root
    be_caller root
    succeeds "${SACRIFICE[@]}" sh -c 'sleep 9 & "$@"; exit $?' sh "$ESCAPE" signal-all
  }
  beside_another
}

# ---- namespaces ------------------------------------------------------------------------------------------------------

@test "no namespace can be made, by none of the calls for it" {
  local how
  stopped "$DENIED" unshare
  stopped "$DENIED" clone-user
  stopped "$DENIED" clone-user-high
  stopped "Function not implemented" clone3-user
  # The filter is one defence, the limit on user namespaces the other; outside there is neither.
  OPTIONS=(--seccomp none)
  for how in unshare clone-user clone-user-high clone3-user; do
    stopped "No space left on device|$DENIED" "$how"
    [ "$CALLER" != user ] || succeeds "$ESCAPE" "$how"
  done
}

@test "no namespace can be entered" {
  stopped "Permission denied" enter-namespace /proc/1/ns/net
  stopped "$DENIED" enter-namespace /proc/self/ns/uts
  stopped "$DENIED" enter-all-of 1
  OPTIONS=(--cap-add all)
  stopped "Permission denied" enter-namespace /proc/1/ns/mnt
  OPTIONS=()
  beside_init enter-namespace /proc/1/ns/uts
  beside_init enter-all-of 1
  # What the init being undumpable has no part in.
  relaxed --cap-add SYS_ADMIN enter-namespace /proc/self/ns/uts
}

# ---- the kernel's less trodden ways ----------------------------------------------------------------------------------

@test "the caller's keys cannot be read, nor others made" {
  keys() {
    try in_place "$ESCAPE" with-key "box$TAG" "$CARDBOARD" --isolate --network "$NETWORK" "$ESCAPE" read-key "box$TAG"
    assert_status 1
    assert_output "stopped: $DENIED"
    stopped_here "$DENIED" request-key "box$TAG"
    stopped_here "$DENIED" add-key "box$TAG"
    succeeds "$ESCAPE" with-key "box$TAG" "$CARDBOARD" --isolate --seccomp none --network "$NETWORK" "$ESCAPE" read-key "box$TAG"
  }
  each_setting keys
  relaxed --seccomp none add-key "box$TAG"
}

@test "the entry for programs of i386 is no way around the filter" {
  [ "$(uname -m)" = x86_64 ] || skip "needs an x86_64"
  i386() {
    attack enter-as-i386
    assert_status $((128 + 31))
    assert_equal "$output" ""
  }
  each_setting i386
  relaxed --seccomp none enter-as-i386
}

# Debian's kernels have no such entry, and ENOSYS is their own answer, too. That the filter gives it before the kernel
# can is shown in seccomp.bats, which has all of these numbers judged.
@test "nor is the one for x32" {
  [ "$(uname -m)" = x86_64 ] || skip "needs an x86_64"
  stopped "Function not implemented" enter-as-x32
}

@test "a socket to the hypervisor, or of the kernel's cryptography, cannot be made" {
  local family
  for family in 40 38; do
    stopped "$DENIED" socket "$family" 1 0
    stopped "$DENIED" socket "$family" 1 0 high
    stopped "$DENIED" socket "$family" 5 0
    relaxed --seccomp none socket "$family" 1 0
    relaxed --seccomp none socket "$family" 1 0 high
  done
}

@test "rings of requests, faults in user mode and programs for the kernel cannot be had" {
  stopped "$DENIED" make-ring
  stopped "$DENIED" handle-faults
  stopped "$DENIED" load-bpf
  relaxed --seccomp none make-ring
  relaxed --seccomp none handle-faults
  succeeds_for_root "$ESCAPE" load-bpf
}

@test "addresses cannot be made predictable" {
  stopped "$DENIED" randomize-nothing
  stopped "$DENIED" randomize-nothing high
  relaxed --seccomp none randomize-nothing
  relaxed --seccomp none randomize-nothing high
}

@test "the machine cannot be restarted, or given swap" {
  stopped "$DENIED" restart-machine
  stopped "$DENIED" swap-on
  # A capability over the container is none over the machine.
  OPTIONS=(--cap-add all)
  stopped "$DENIED" swap-on
  succeeds_for_root "$ESCAPE" restart-machine
  succeeds "${SACRIFICE[@]}" "$ESCAPE" swap-on
}

# A kernel may be without either, so that they succeed is shown in vm/guest/escape.sh.
@test "nor can it be given a module, or COMMAND its ports" {
  stopped "$DENIED" load-module
  [ "$(uname -m)" != x86_64 ] || stopped "$DENIED" gain-ports
}

# ---- the caller's terminal -------------------------------------------------------------------------------------------

@test "nothing can be typed into the caller's terminal" {
  terminal() {
    local high
    for high in "" high; do
      # shellcheck disable=SC2086 # none is no word
      try in_place "$ESCAPE" at-terminal "$CARDBOARD" --isolate --network "$NETWORK" "$ESCAPE" type-ahead $high
      assert_status 1
      assert_output "stopped: $DENIED"
      # shellcheck disable=SC2086
      try in_place "$ESCAPE" at-terminal "$CARDBOARD" --isolate --network "$NETWORK" "$ESCAPE" paste $high
      assert_status 1
      assert_output "stopped: $DENIED"
      # The second defence: a session without that terminal.
      # shellcheck disable=SC2086
      try in_place "$ESCAPE" at-terminal "$CARDBOARD" --isolate --seccomp none --network "$NETWORK" "$ESCAPE" type-ahead $high
      assert_status 1
      assert_output "stopped: $DENIED"
      # shellcheck disable=SC2086
      succeeds "$ESCAPE" at-terminal "$ESCAPE" type-ahead $high
      # shellcheck disable=SC2086
      succeeds "$ESCAPE" at-terminal "$CARDBOARD" --isolate --seccomp none --network "$NETWORK" "$ESCAPE" paste $high
    done
  }
  each_setting terminal
}

@test "the caller's terminal is not COMMAND's" {
  terminal() {
    try in_place "$ESCAPE" at-terminal "$CARDBOARD" --isolate --network "$NETWORK" "$ESCAPE" open-terminal
    assert_status 1
    assert_output "stopped: No such device or address"
    succeeds "$ESCAPE" at-terminal "$ESCAPE" open-terminal
  }
  each_setting terminal
}

# ---- the network and interprocess communication ----------------------------------------------------------------------

# Starts what offers the host's things to everybody; OFFER is its name, and its key.
offer() {
  OFFER=box$TAG
  KEY=0x$(printf '%x' $((TAG % 0x7fffffff)))
  start_program "$ESCAPE" offer "$OFFER" "$KEY"
  echo "$JOB" >"$BATS_TEST_TMPDIR/offer"
  wait_for_line ready
}

@test "the host's shared memory and message queues are not the container's" {
  apart() {
    offer
    stopped_here "No such file or directory" attach-memory "$KEY"
    stopped_here "No such file or directory" open-queue "/$OFFER"
    succeeds "$ESCAPE" attach-memory "$KEY"
    succeeds "$ESCAPE" open-queue "/$OFFER"
    kill "$JOB"
    finish
  }
  each_setting apart
}

# With the host's network they are reached, as in Docker: abstract addresses are a network namespace's.
@test "the host's abstract sockets are not the container's, if the network is not the host's" {
  apart() {
    offer
    NETWORK=none stopped_here "Connection refused" connect-abstract "$OFFER"
    succeeds "$ESCAPE" connect-abstract "$OFFER"
    kill "$JOB"
    finish
  }
  both_ways apart
}

@test "raw packets cannot be sent, nor can an interface be changed" {
  stopped "$DENIED" socket 17 3 0
  stopped "$DENIED" socket 2 3 1
  stopped "$DENIED" disable-interface
  relaxed --cap-add NET_RAW socket 17 3 0
  relaxed --cap-add NET_ADMIN disable-interface
}

@test "a port for services of the system cannot be had" {
  stopped "Permission denied" bind-port 81
  relaxed --cap-add NET_BIND_SERVICE bind-port 81
}

# ---- host root itself ------------------------------------------------------------------------------------------------

# A line: why it is stopped, where all that is inside belongs to host root; and the attack.
host_root_attacks() {
  cat <<END
$DENIED|mount /tmp
$DENIED|mount-cgroup-v1 /tmp
$DENIED|open-mount-context proc
$DENIED|open-tree /
$DENIED|remount /
$DENIED|unmount /proc/keys
No such file or directory|reach $ROOM/secret
$DENIED|break-out /tmp/jail $ROOM/secret
$DENIED|open-handle $1
Read-only file system|overwrite /escape /tmp/copy
$DENIED|make-node /tmp/memory c 1 1
$DENIED|make-node /tmp/null c 1 3
Permission denied|open-any-device /dev
Permission denied|write-any /proc
Permission denied|write-any /sys
Read-only file system|write /proc/sys/kernel/core_pattern
$DENIED|read-kernel-log
$DENIED|trace 1
$DENIED|read-memory 1
Permission denied|open-memory 1
$DENIED|take-descriptor 1
No such process|signal-all
$DENIED|unshare
$DENIED|clone-user-high
Function not implemented|clone3-user
Permission denied|enter-namespace /proc/1/ns/mnt
$DENIED|enter-namespace /proc/self/ns/uts
$DENIED|add-key box
$DENIED|restart-machine
$DENIED|swap-on
$DENIED|load-module
$DENIED|socket 17 3 0
$DENIED|disable-interface
END
}

@test "host root without a user namespace of its own is stopped by all the other defences" {
  needs_root
  be_caller root
  local reason words handle
  handle=$("$ESCAPE" handle "$ROOM/secret")
  OPTIONS=(--userns host)
  for NETWORK in "${NETWORKS[@]}"; do
    while IFS='|' read -r reason words <&4; do
      # shellcheck disable=SC2086 # its arguments
      stopped_here "$reason" $words
    done 4< <(host_root_attacks "$handle")
  done
  # To the kernel it is host root, which has all that it is given: the worst of them works then.
  # shellcheck disable=SC2086
  relaxed_here --cap-add DAC_READ_SEARCH open-handle $handle
  # Not so a device: there are two defences.
  OPTIONS+=(--cap-add MKNOD)
  stopped_here "Permission denied" make-node /tmp/null c 1 3
}

# ---- hostile root directories ----------------------------------------------------------------------------------------

# mount_points_that KIND: a root directory "hostile" whose mount points are all of this kind, and beside it what they
# are to lead to.
mount_points_that() {
  local name target
  rm -rf hostile victim
  mkdir -p victim/{pts,shm,bin}
  : >victim/mark
  chmod -R a+rwX victim
  mkdir hostile
  cp -r "$WORKSHOP/escape-root/bin" hostile/
  for name in dev proc run sys tmp; do
    case $1 in
      climb) target=../../../../../../../../../..$ROOM/victim ;;
      absolute) target=$ROOM/victim ;;
      magic) target=/proc/self/root$ROOM/victim ;;
      directory) target=/proc/self/cwd/victim ;;
      descriptor) target=/proc/self/fd/7/victim ;;
      init) target=/proc/1/root$ROOM/victim ;;
      loop) target=$name ;;
      dangling) target=nowhere ;;
      inside)
        target=real/$name
        mkdir -p "hostile/$target"
        ;;
      file)
        : >"hostile/$name"
        continue
        ;;
      fifo)
        mkfifo "hostile/$name"
        continue
        ;;
    esac
    ln -s "$target" "hostile/$name"
  done
  chmod -R a+rX hostile
}

victim_state() {
  find victim hostile -printf '%p %y %m %u %s %T@ %C@\n' | sort
}

readonly LEADING_OUT="climb absolute magic directory descriptor init"

@test "mount points in the --root that lead out of it, or are none, lead nowhere" {
  local kind
  hostile() {
    local before
    before=$(victim_state)
    LIMIT=5 try isolate --network "$NETWORK" --root hostile /bin/escape displace
    # Either it has mounts of its own in the right places, or it is refused.
    if [ "$status" = 125 ]; then
      assert_one_message "$stderr"
    else
      assert_status 1
      assert_match "$output" "^stopped: "
      LIMIT=5 try isolate --network "$NETWORK" --root hostile /bin/escape reach "$ROOM/victim/mark"
      assert_status 1
      assert_output "stopped: No such file or directory"
    fi
    assert_equal "$(victim_state)" "$before"
  }
  exec 7<"$ROOM"
  LAUNCH=(only=0,1,2,7)
  for kind in $LEADING_OUT loop dangling inside file fifo; do
    echo "mount points: $kind"
    mount_points_that "$kind"
    each_setting hostile
  done
  # What mounts by path is led out by each of them.
  needs_root
  be_caller root
  for kind in $LEADING_OUT; do
    echo "led out: $kind"
    mount_points_that "$kind"
    try in_place "${SACRIFICE[@]}" sh -c \
      'mount -t tmpfs tmpfs hostile/dev && grep -c " $0/victim " /proc/self/mountinfo' "$ROOM"
    assert_status 0
    assert_output 1
  done
  exec 7<&-
}

@test "mount points that change while the container is set up lead nowhere" {
  mount_points_that absolute
  mkdir hostile/other
  rm hostile/tmp hostile/run hostile/dev
  mkdir hostile/{tmp,run,dev}
  ln -s "$ROOM/victim" hostile/link
  chmod -R a+rwX hostile
  racing() {
    local before i name good=0
    before=$(find victim -printf '%p %y %m %u %s %T@ %C@\n')
    for name in dev tmp proc; do
      start_program "$ESCAPE" exchange "hostile/$name" hostile/link
      wait_for_line ready
      for i in {1..10}; do
        LIMIT=5 try isolate --root hostile /bin/escape displace
        if [ "$status" = 125 ]; then
          assert_one_message "$stderr"
        elif [ "$status" != 126 ] && [ "$status" != 127 ]; then
          assert_status 1
          good=$((good + 1))
        fi
      done
      kill -KILL "$JOB"
      finish || true
    done
    echo "$good set up"
    assert_equal "$(find victim -printf '%p %y %m %u %s %T@ %C@\n')" "$before"
  }
  both_ways racing
}
