# SPDX-License-Identifier: MIT
# What --explain prints, that it is what a container then has, and that nothing is done for it.

load helpers

setup_file() {
  open_workshop
  make_root_directory "$WORKSHOP/bare-root"
}

setup() {
  enter_room
}

teardown() {
  leave_room
}

explain() {
  try isolate --explain "$@"
  assert_status 0
  assert_equal "$stderr" ""
}

# said LABEL: the rest of the line. listed LABEL: the lines below it.
said() {
  sed -n "s/^$1: //p" <<<"$explained"
}

listed() {
  awk -v label="$1:" '$0 == label { on = 1; next } /^[^ ]/ { on = 0 } on { sub(/^  /, ""); print }' <<<"$explained"
}

# Words in one line, sorted.
sorted() {
  tr ' ' '\n' | sort | paste -sd ' '
}

# ---- the text ----------------------------------------------------------------------------------------------------------

@test "all that is known of a plain container of a user's is printed" {
  local gid uid
  be_caller user
  uid=$(as_user id -u) gid=$(as_user id -g)
  try in_place env -u TERM "$CARDBOARD" --isolate --explain "$HELLO" "two words"
  assert_status 0
  diff <(sed -E '/^seccomp/s/[0-9]+$/N/; /^  mask /d' <<<"$output") - <<END
namespaces: user mnt pid net uts ipc cgroup
user ids inside, outside, how many: 0 $uid 1
group ids inside, outside, how many: 0 $gid 1
root file system:
  tmpfs on / ro nosuid nodev
  tmpfs on /dev nosuid noexec mode=755,size=64k,nr_inodes=1024
  bind /dev/null on /dev/null nosuid noexec
  bind /dev/zero on /dev/zero nosuid noexec
  bind /dev/full on /dev/full nosuid noexec
  bind /dev/random on /dev/random nosuid noexec
  bind /dev/urandom on /dev/urandom nosuid noexec
  bind /dev/tty on /dev/tty nosuid noexec
  link /dev/fd to /proc/self/fd
  link /dev/stdin to /proc/self/fd/0
  link /dev/stdout to /proc/self/fd/1
  link /dev/stderr to /proc/self/fd/2
  link /dev/ptmx to pts/ptmx
  devpts on /dev/pts nosuid noexec ptmxmode=0666,mode=0620
  tmpfs on /dev/shm nosuid nodev noexec mode=1777
  proc on /proc nosuid nodev noexec
  write 0 to /proc/sys/user/max_user_namespaces
  bind /proc/bus ro nosuid nodev noexec
  bind /proc/fs ro nosuid nodev noexec
  bind /proc/irq ro nosuid nodev noexec
  bind /proc/sys ro nosuid nodev noexec
  bind /proc/sysrq-trigger ro nosuid nodev noexec
  sysfs on /sys ro nosuid nodev noexec
  tmpfs on /tmp nosuid nodev mode=1777
  tmpfs on /run nosuid nodev mode=755
  file /etc/passwd
  file /etc/group
  file /etc/hosts
  bind $HELLO on /hello ro nosuid nodev
limits:
host name: cardboard
capabilities:
seccomp filter, instructions: N
working directory: /
environment:
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  container=cardboard
  HOME=/
program: /hello
COMMAND:
  $HELLO
  two words
END
}

@test "what is asked for is printed" {
  asked() {
    explain --root "$WORKSHOP/bare-root" --ephemeral --network /proc/self/ns/net --hostname box --workdir /bin --user 7:8 \
      --pid-file "$ROOM/pid" --tty --preserve-fds 2 --env A=1 --volume "$ROOM:/data:ro" \
      --tmpfs /memory:size=1m --cap-add NET_RAW --cap-add KILL --seccomp none nobody -x
    for line in "network namespace of: /proc/self/ns/net" "  overlay on /, of memory above $WORKSHOP/bare-root *" \
      "the root can be written to" "host name: box" "working directory: /bin" "user: 7:8" "pid file: $ROOM/pid" \
      "a terminal of its own" "descriptors from 3 on are kept" "  A=1" \
      "  bind $ROOM on /data ro nosuid nodev noexec" "  tmpfs on /memory nosuid nodev size=1m" \
      "capabilities: KILL NET_RAW" "seccomp filter, instructions: 0" "  nobody" "  -x"; do
      grep -q -x -e "${line/\*/.*}" <<<"$output" || { echo "not printed: $line" && echo "$output" && return 1; }
    done
    assert_no_match "$output" $'\nprogram: '
    assert_no_match "$(head -n 1 <<<"$output")" ' net'
  }
  both_ways asked
}

@test "a great environment is printed whole" {
  local big
  big=$(printf 'x%.0s' {1..100000})
  try in_place env B1="$big" B2="$big" B3="$big" LAST=1 "$CARDBOARD" --isolate --env-host --explain "$HELLO"
  assert_status 0
  grep -qx "  B3=$big" <<<"$output"
  grep -qx "  LAST=1" <<<"$output"
}

@test "without --isolate there is nothing to explain" {
  try cardboard --explain "$HELLO"
  assert_status 125
  assert_match "$stderr" "^cardboard: option '--explain' expects '--isolate' beside it"
}

# ---- nothing is done -----------------------------------------------------------------------------------------------------

@test "nothing is made, started or written to" {
  needs strace
  idle() {
    local trace=$ROOM/trace.$CALLER calls
    : >"$trace"
    chmod 666 "$trace"
    try in_place strace -f -qq -o "$trace" "$CARDBOARD" --isolate --explain --report report --pid-file pid \
      --memory 64m --volume "$ROOM:/data" "$BUSYBOX" touch /tmp/x
    assert_status 0
    grep -q "^  touch$" <<<"$output"
    [ ! -e report ] && [ ! -e pid ]
    # Whatever else it calls only reads, or is about itself alone.
    calls=$(sed -E 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/' "$trace" | sort -u |
      grep -vxE 'execve|[0-9]+ .*|rt_sigprocmask|rt_sigaction|prctl|getpid|getppid|geteuid|getegid|capget|ioctl|mmap|mprotect|close|read|statx|faccessat2?|clock_gettime|exit_group|exit|write|openat|openat2|arch_prctl|set_tid_address' || true)
    assert_equal "$calls" ""
    assert_equal "$(grep 'write(' "$trace" | grep -v 'write(1, ')" ""
    assert_equal "$(grep -E 'O_(WRONLY|RDWR|CREAT|TRUNC)' "$trace")" ""
  }
  both_ways idle
}

@test "where planning fails it fails with the same words and status" {
  printf '#!/bin/sh\n' >script
  chmod 755 script
  : >filter
  same() {
    local expected
    for words in "./missing" "./script" "/" "--root /nowhere $HELLO" "--writable $HELLO" "--seccomp filter $HELLO" \
      "--volume $ROOM:/proc $HELLO" "--userns host --uidmap 0:1:1 $HELLO"; do
      # shellcheck disable=SC2086 # words
      try isolate $words
      expected="$status $stderr"
      # shellcheck disable=SC2086 # words
      try isolate --explain $words
      assert_output ""
      assert_equal "$status $stderr" "$expected"
      assert_match "$stderr" "^cardboard: "
    done
  }
  both_ways same
}

@test "what cannot be written is an error" {
  try in_place sh -c '"$0" --isolate --explain "$1" >/dev/full' "$CARDBOARD" "$HELLO"
  assert_status 125
  assert_equal "$stderr" "cardboard: cannot write standard output: No space left on device"
}

# ---- and it is true ------------------------------------------------------------------------------------------------------

# compare OPTION...: explains a container in explained, and has its `probe report` in output.
compare() {
  explain "$@" "$PROBE" report
  explained=$output
  try isolate "$@" "$PROBE" report
  assert_status 0
}

@test "the namespaces are those that the container does not share" {
  true_namespaces() {
    local kind own
    for network in none host; do
      compare --network "$network"
      own=
      for kind in user mnt pid net uts ipc cgroup; do
        [ "$(field "ns_$kind")" = "$(readlink "/proc/self/ns/$kind")" ] || own+=" $kind"
      done
      assert_equal " $(said namespaces)" "$own"
    done
  }
  both_ways true_namespaces
}

@test "the capabilities and the filter are those of COMMAND" {
  true_privileges() {
    compare
    assert_equal "$(grep -c '^capabilities:$' <<<"$explained") $(field CapEff)" "1 0000000000000000"
    assert_equal "$(field Seccomp)" 2
    compare --cap-add NET_RAW --seccomp none
    assert_equal "$(said capabilities) $(field CapEff)" "NET_RAW 0000000000002000"
    assert_equal "$(said 'seccomp filter, instructions') $(field Seccomp)" "0 0"
    compare --cap-add all --cap-drop CHOWN
    assert_equal "$(said capabilities | wc -w) $(field CapEff)" "40 000001fffffffffe"
    assert_match "$(said capabilities)" "^DAC_OVERRIDE .* CHECKPOINT_RESTORE\$"
  }
  both_ways true_privileges
}

@test "the ids are those of the maps" {
  true_ids() {
    local map name
    explain "$BUSYBOX" true
    explained=$output
    for name in user group; do
      map=$(said "$name ids inside, outside, how many")
      try isolate "$BUSYBOX" cat "/proc/self/${name:0:1}id_map"
      if [ "$CALLER" = root ]; then
        # Root's range is another one each time.
        assert_equal "$(awk '{ print $1, $3 }' <<<"$map")" "$(awk '{ print $1, $3 }' <<<"$output")"
        [ "$(awk '{ print $2 }' <<<"$map")" -ge 65536 ]
      else
        assert_equal "$map" "$(awk '{ print $1, $2, $3 }' <<<"$output")"
      fi
    done
  }
  both_ways true_ids
}

@test "several id maps are printed one behind the other" {
  needs_root
  be_caller root
  explain --uidmap 0:100000:10 --uidmap 20:200000:5 "$BUSYBOX" true
  explained=$output
  try isolate --uidmap 0:100000:10 --uidmap 20:200000:5 "$BUSYBOX" cat /proc/self/uid_map
  assert_equal "$(said 'user ids inside, outside, how many')" "$(xargs <<<"$output")"
}

# The mounts that are claimed, a line each: kind, target, attributes.
claimed() {
  listed "root file system" | sed -nE '
    s/^(tmpfs|devpts|proc|sysfs) on ([^ ]+)(( (ro|nosuid|nodev|noexec|idmap))*).*/\1 \2\3/p
    s/^bind ([^ ]+) on ([^ ]+)(.*)/bind \2\3/p
    s/^bind ([^ ]+)(( (ro|nosuid|nodev|noexec))+)$/bind \1\2/p
    s/^mask ([^ ]+)$/mask \1/p'
}

@test "the mounts are those of the container, with the attributes, and what is new is made in that order" {
  true_mounts() {
    local claims mounts kind target attributes attribute real
    set -- --volume "$ROOM:/data:ro" --tmpfs /memory "$BUSYBOX" cat /proc/self/mountinfo
    explain "$@"
    explained=$output
    claims=$(claimed)
    try isolate "$@"
    assert_status 0
    mounts=$(awk '{ for (i = 7; i < NF && $i != "-"; ++i); print $(i + 1), $5, $6 }' <<<"$output")
    # Each claim is kept, where the kernel has the file at all.
    while read -r kind target attributes; do
      real=$(awk -v target="$target" '$2 == target { print $3 }' <<<"$mounts")
      if [ ! "$real" ]; then
        [ ! -e "$target" ] || { echo "not mounted: $target" && return 1; }
        [[ $target == /proc/* ]]
        continue
      fi
      for attribute in $attributes; do
        # The kernel shows no id map of some file systems that root's mounts are of; it may have refused that.
        [ "$attribute" = idmap ] || [[ ,$real, == *,$attribute,* ]] || { echo "$target is not $attribute: $real" && return 1; }
      done
      # The other way round, for what is new.
      [ "$kind" != tmpfs ] || [[ ,$real, != *,ro,* ]] || [[ " $attributes " == *" ro "* ]]
    done <<<"$claims"
    # And nothing is mounted that is not claimed.
    assert_equal "$(comm -13 <(awk '{ print $2 }' <<<"$claims" | sort) <(awk '{ print $2 }' <<<"$mounts" | sort))" ""
    assert_equal "$(awk '$1 !~ "bind|mask" && $2 != "/" { print $2 }' <<<"$claims")" \
      "$(awk '$1 ~ "^(tmpfs|devpts|proc|sysfs)$" { print $2 }' <<<"$mounts" | grep -xF "$(awk '$1 !~ "bind|mask" && $2 != "/" { print $2 }' <<<"$claims")")"
  }
  both_ways true_mounts
}

@test "the environment and COMMAND are those of COMMAND" {
  true_words() {
    set -- --env A=1 --env "B=two words" "$BUSYBOX" sh -c 'env; echo "$0" "$@"' x "y z"
    explain "$@"
    explained=$output
    try isolate "$@"
    assert_equal "$(listed environment | sort)" "$(sed '$d' <<<"$output" | grep -vE '^(PWD|SHLVL|_)=' | sort)"
    assert_equal "$(listed COMMAND)" "$BUSYBOX"$'\nsh\n-c\nenv; echo "$0" "$@"\nx\ny z'
  }
  both_ways true_words
}

@test "the limits are those of the control groups" {
  needs_root
  be_caller root
  explain --pids-limit 77 "$PROBE" wait
  explained=$output
  assert_match "$(listed limits)" $'^/sys/fs/cgroup/.*/cardboard-[0-9]+-[0-9]+/pids.max 77$'
  start --isolate --pids-limit 77 "$PROBE" wait
  wait_for_line ready
  local file
  file=$(listed limits | sed -nE "s|cardboard-[0-9]+-[0-9]+|cardboard-$INIT-*|; s|/pids.max 77||p")
  # The name of the group has our pid and a time.
  assert_equal "$(cat $file/pids.max)" 77
  kill -TERM "$INIT"
  finish
  assert_status 143
}
