# SPDX-License-Identifier: MIT
# What COMMAND finds in its container, and what is told of it outside: names, variables, the working directory, the
# network, resource limits, descriptors, the pid file. both_ways runs a promise as root and as an ordinary user. The
# terminal is in terminal.bats.

load helpers

setup_file() {
  open_workshop
  make_root_directory "$WORKSHOP/rest-root"
  mkdir -p "$WORKSHOP/rest-root/srv/data" "$WORKSHOP/rest-root/secret"
  ln -s /proc/self/fd/7 "$WORKSHOP/rest-root/way-out"
}

setup() {
  enter_room
}

teardown() {
  leave_room
  [ ! -e "/run/netns/$NETWORK" ] || ip netns del "$NETWORK"
}

NETWORK=cardboard-bats-$BASHPID

# assert_refused TEXT ARG...: 125, nothing run, one message with that text.
assert_refused() {
  local text=$1
  shift
  try isolate "$@"
  assert_status 125
  assert_output ""
  assert_match "$stderr" "$text"
}

# ---- the host name ------------------------------------------------------------------------------------------------

@test "--hostname names the container, and nothing else" {
  hostname() {
    local before long
    before=$(uname -n)
    long=$(printf 'x%.0s' {1..64})
    try isolate "$BUSYBOX" hostname
    assert_output cardboard
    try isolate --hostname box "$BUSYBOX" hostname
    assert_output box
    try isolate --hostname "$long" "$BUSYBOX" hostname
    assert_output "$long"
    assert_refused "^cardboard: cannot set host name ${long}x: Invalid argument" --hostname "${long}x" "$HELLO"
    assert_equal "$(uname -n)" "$before"
  }
  both_ways hostname
}

# ---- variables ------------------------------------------------------------------------------------------------------

@test "--env sets a variable or passes the caller's on, and the last one counts" {
  variables() {
    try in_place env SECRET=1 MINE=ours "$CARDBOARD" --isolate --env A=1 --env MINE --env NOT_THERE --env A=2 \
      --env "B=two words" --env HOME=/home "$BUSYBOX" env
    assert_status 0
    assert_equal "$(grep -v '^PATH=\|^TERM=' <<<"$output" | sort)" \
      $'A=2\nB=two words\nHOME=/home\nMINE=ours\ncontainer=cardboard'
  }
  both_ways variables
}

@test "--env-host passes on all, but the container's own variables stay" {
  host_variables() {
    try in_place env container=docker HOME=/home/me PATH="$PUBLIC_PATH:/mine" X=1 Y=2 "$CARDBOARD" --isolate --env-host \
      --env Y=3 "$BUSYBOX" env
    assert_status 0
    assert_equal "$(grep -c "^CARDBOARD_TAG=$TAG$" <<<"$output")" 1
    assert_equal "$(grep -E '^(container|HOME|X|Y)=' <<<"$output" | sort)" $'HOME=/\nX=1\nY=3\ncontainer=cardboard'
    assert_no_match "$output" "/mine"
    assert_equal "$(cut -d= -f1 <<<"$output" | sort | uniq -d)" ""
  }
  both_ways host_variables
}

@test "COMMAND is looked for in the PATH that it gets" {
  both_ways in_path
}

in_path() {
  try isolate --root "$WORKSHOP/rest-root" --env PATH=/nowhere busybox true
  assert_status 127
  try isolate --root "$WORKSHOP/rest-root" --env PATH=/nowhere:/bin busybox true
  assert_status 0
}

# ---- the working directory ------------------------------------------------------------------------------------------

@test "--workdir is where COMMAND starts, and must exist inside" {
  workdir() {
    try isolate "$BUSYBOX" pwd
    assert_output /
    try isolate --workdir /tmp "$BUSYBOX" pwd
    assert_output /tmp
    try isolate --root "$WORKSHOP/rest-root" --workdir srv/data busybox pwd
    assert_output /srv/data
    assert_refused "^cardboard: cannot enter /srv/data: No such file or directory" --workdir /srv/data "$HELLO"
    assert_refused "^cardboard: cannot enter /etc/passwd: Not a directory" --workdir /etc/passwd "$HELLO"
    assert_refused "^cardboard: cannot enter $ROOM: No such file" --workdir "$ROOM" "$HELLO"
  }
  both_ways workdir
}

@test "a link to a descriptor in a hostile root leads --workdir nowhere" {
  # As in CVE-2024-21626: a descriptor of the host's that is still open when the directory is entered.
  hostile() {
    local number
    for number in 3 4 5 6 7 8 9 10 11 12 15 20 30; do
      assert_refused "^cardboard: cannot enter /proc/self/fd/$number: No such file" \
        --workdir "/proc/self/fd/$number" "$HELLO"
    done
    assert_refused "^cardboard: cannot enter /way-out: No such file" --root "$WORKSHOP/rest-root" --workdir /way-out \
      busybox true
    LAUNCH=(only=0,1,2,7)
    assert_refused "^cardboard: cannot enter /way-out: No such file" --root "$WORKSHOP/rest-root" --workdir /way-out \
      busybox true 7</
  }
  both_ways hostile
}

# ---- the network ----------------------------------------------------------------------------------------------------

@test "--network host is the caller's, none is the container's own" {
  host_network() {
    try isolate --network host "$BUSYBOX" readlink /proc/self/ns/net
    assert_output "$(readlink /proc/self/ns/net)"
    try isolate --network host "$BUSYBOX" readlink /proc/self/ns/uts
    [ "$output" != "$(readlink /proc/self/ns/uts)" ]
    try isolate --network none "$PROBE" loopback
    assert_status 0
    assert_output $'interface=lo\nconnected'
    try isolate --network none "$BUSYBOX" readlink /proc/self/ns/net
    [ "$output" != "$(readlink /proc/self/ns/net)" ]
  }
  both_ways host_network
}

@test "--network joins the namespace of a file, and leaves its loopback as it is" {
  needs_root
  needs ip
  be_caller root
  ip netns add "$NETWORK"
  try isolate --network "/run/netns/$NETWORK" "$BUSYBOX" readlink /proc/self/ns/net
  assert_status 0
  assert_output "net:[$(stat -L -c %i "/run/netns/$NETWORK")]"
  # It is down, and nobody asked for it to be set up.
  try isolate --network "/run/netns/$NETWORK" "$PROBE" loopback
  assert_match "$stderr" "connect: "
  # An ordinary user has no right to it.
  be_caller user
  assert_refused "^cardboard: cannot join network /run/netns/$NETWORK: Operation not permitted" \
    --network "/run/netns/$NETWORK" "$HELLO"
}

@test "what is no network namespace is refused by its name" {
  no_network() {
    assert_refused "^cardboard: cannot join network nonet: No such file or directory" --network nonet "$HELLO"
    assert_refused "^cardboard: cannot join network /proc/self/ns/uts: (Invalid argument|Operation not permitted)" \
      --network /proc/self/ns/uts "$HELLO"
  }
  both_ways no_network
}

# ---- resource limits --------------------------------------------------------------------------------------------------

@test "--ulimit is in force for COMMAND, soft and hard, and not for the init" {
  limits() {
    # shellcheck disable=SC2016 # the shell inside expands it
    try isolate --ulimit nofile=64:128 --ulimit core=0 --ulimit cpu=1000 --ulimit cpu=2000 "$BUSYBOX" sh -c \
      'ulimit -Sn; ulimit -Hn; ulimit -Sc; ulimit -Ht; grep -c "^Max cpu time *unlimited" /proc/1/limits'
    assert_output $'64\n128\n0\n2000\n1'
    try isolate --ulimit nofile=64:128 "$BUSYBOX" grep "Max open files" /proc/self/limits
    assert_match "$output" "64 +128 +files"
    start --isolate --ulimit nofile=64:128 "$PROBE" wait
    wait_for_line ready
    assert_match "$(grep "Max open files" "/proc/$(first_child_of "$INIT")/limits")" \
      "files +$(ulimit -Sn) +$(ulimit -Hn) +files"
    kill -TERM "$INIT"
    finish
  }
  both_ways limits
}

@test "--ulimit cpu ends a COMMAND that goes on" {
  LIMIT=20 try isolate --ulimit cpu=1 "$BUSYBOX" sh -c 'while :; do :; done'
  # By XCPU at the soft limit or by KILL at the hard one.
  [ "$status" -eq 152 ] || assert_status 137
}

@test "a limit above the caller's hard limit is an error that names it" {
  too_high() {
    local hard
    hard=$(ulimit -Hn)
    # As root with CAP_SYS_RESOURCE outside, too: nobody inside has it.
    assert_refused "^cardboard: cannot set limit nofile: Operation not permitted" --ulimit "nofile=$((hard + 1))" "$HELLO"
    try isolate --ulimit "nofile=$hard" "$HELLO"
    assert_status 0
  }
  both_ways too_high
}

@test "what is no limit is a usage error" {
  local value
  for value in nofile nofile= nofiles=1 nofile=2:1 nofile=x nofile=1:; do
    assert_refused "^cardboard: option '--ulimit' expects a limit, .*, not '$value'" --ulimit "$value" "$HELLO"
  done
}

# ---- descriptors ------------------------------------------------------------------------------------------------------

@test "--preserve-fds keeps so many descriptors, and no other" {
  kept() {
    LAUNCH=(only=0,1,2,3,4,5,9)
    try isolate --preserve-fds 2 "$PROBE" fds 3</dev/null 4</dev/null 5</dev/null 9</dev/null
    assert_output "0 1 2 3 4"
    try isolate "$PROBE" fds 3</dev/null 4</dev/null
    assert_output "0 1 2"
    echo content >kept
    # shellcheck disable=SC2094 # read by the caller's own right
    try isolate --preserve-fds 1 "$BUSYBOX" sh -c 'cat <&3' 3<kept
    assert_output content
  }
  both_ways kept
}

@test "a descriptor that is to be kept must be open" {
  not_open() {
    LAUNCH=(only=0,1,2,3,5)
    assert_refused "^cardboard: cannot keep descriptors from 3 on: Bad file descriptor" --preserve-fds 3 "$HELLO" \
      3</dev/null 5</dev/null
    LAUNCH=(only=0,1,2)
    # Nor is one of ours, which has the number, as good.
    assert_refused "^cardboard: cannot keep descriptors from 3 on: Bad file descriptor" --report "$ROOM/report" \
      --preserve-fds 1 "$HELLO"
    rm "$ROOM/report"
    assert_refused "^cardboard: cannot keep descriptors from 3 on: Bad file descriptor" --preserve-fds 1 "$HELLO"
  }
  both_ways not_open
}

@test "sockets that a manager hands to us are COMMAND's, and it is told so" {
  needs systemd-socket-activate
  sockets() {
    local LINE
    rm -f socket
    compose_line
    run_in_background "${LINE[@]}" systemd-socket-activate --datagram --listen "$ROOM/socket" --fdname web \
      --setenv CARDBOARD_TAG "$CARDBOARD" --isolate "$PROBE" activated
    wait_for test -S socket
    "$PROBE" tell socket "some words"
    finish
    assert_status 0
    assert_output "some words"
  }
  both_ways sockets
}

@test "variables of sockets that are for somebody else are not COMMAND's" {
  LAUNCH=(only=0,1,2,3)
  try in_place env LISTEN_FDS=1 LISTEN_FDNAMES=web LISTEN_PID=1 "$CARDBOARD" --isolate "$BUSYBOX" env 3</dev/null
  assert_status 0
  assert_no_match "$output" LISTEN
}

# ---- the pid file ---------------------------------------------------------------------------------------------------

@test "--pid-file holds the init's pid while the container lives, and is gone afterwards" {
  pid_file() {
    echo stale-and-longer-than-a-pid >pid
    chmod 666 pid
    start --isolate --pid-file pid "$PROBE" wait
    wait_for_line ready
    # Before COMMAND runs, so it is there already.
    assert_equal "$(<pid)" "$(first_child_of "$INIT")"
    assert_equal "$(wc -l <pid)" 1
    kill -TERM "$INIT"
    finish
    assert_status 143
    [ ! -e pid ]
    try isolate --pid-file pid "$HELLO"
    assert_status 0
    [ ! -e pid ]
    # The set-up fails inside.
    assert_refused "cannot enter" --pid-file pid --workdir /nowhere "$HELLO"
    [ ! -e pid ]
  }
  both_ways pid_file
}

@test "a pid file is never a link or a device, which it would remove" {
  no_file() {
    echo precious >precious
    ln -sf precious link
    mkfifo fifo
    assert_refused "^cardboard: cannot write pid file link: Too many levels of symbolic links" --pid-file link "$HELLO"
    assert_refused "^cardboard: cannot write pid file fifo: " --pid-file fifo "$HELLO"
    assert_refused "^cardboard: cannot write pid file /dev/null: Invalid argument" --pid-file /dev/null "$HELLO"
    assert_refused "^cardboard: cannot write pid file nowhere/pid: No such file" --pid-file nowhere/pid "$HELLO"
    [ -L link ] && [ -p fifo ] && [ -c /dev/null ]
    assert_equal "$(<precious)" precious
    rm fifo link precious
  }
  both_ways no_file
}
