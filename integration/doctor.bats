# SPDX-License-Identifier: MIT
# What --doctor says of a host, and that it is true: in each place where a container can be made, and in each where one
# cannot, its verdict is what a run comes to, and its cure is the run's.

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

doctor() {
  try in_place "$@" "$CARDBOARD" --doctor
}

# hint_of TEXT
hint_of() {
  sed -n 's/.*hint: //p' <<<"$1" | head -n 1
}

# refuses_alike REGEX [LAUNCHER...]: where the launcher leads, the doctor says no, and a run fails with the same words.
# INSIDE is our own path there, where it is not the one that it has here.
refuses_alike() {
  local expected=$1 verdict cause
  shift
  doctor "$@"
  assert_status 1
  assert_equal "$stderr" ""
  assert_equal "$(tail -n 1 <<<"$output")" "--isolate does not work here"
  verdict=$(hint_of "$output")
  assert_match "$verdict" "$expected"
  try in_place "$@" "$CARDBOARD" --isolate "${INSIDE:-$CARDBOARD}" --version
  assert_status 125
  assert_output ""
  assert_one_message "$stderr"
  assert_equal "$(hint_of "$stderr")" "$verdict"
}

# ---- where it works --------------------------------------------------------------------------------------------------

@test "where containers can be made the doctor says so, and exits 0" {
  healthy() {
    doctor
    assert_status 0
    assert_equal "$stderr" ""
    assert_equal "$(tail -n 1 <<<"$output")" "--isolate works here"
    assert_equal "$(head -n 1 <<<"$output")" "ok  user namespaces, and in them an empty root, on Linux $(uname -r)"
    # A finding a line, and nothing else.
    assert_equal "$(sed '$d' <<<"$output" | grep -cvE '^(ok|no)  [a-z]|^    hint: ')" 0
    # And it is true.
    try isolate "$HELLO"
    assert_status 0
  }
  every_way healthy
}

# agrees REGEX OPTION...: what the doctor says in the line that matches is what a run with the options comes to.
agrees() {
  local line hint
  doctor
  assert_status 0
  line=$(grep -E "^(ok|no)  $1" <<<"$output")
  hint=$(grep -F -A 1 -- "$line" <<<"$output" | sed -n 's/^    hint: //p')
  shift
  try isolate "$@" "$HELLO"
  if [[ $line == "ok  "* ]]; then
    assert_status 0
  else
    assert_status 125
    # "no  limits: cannot limit memory: Permission denied", and the run's words after "cardboard: ".
    assert_match "$line" "^no  .*: $(head -n 1 <<<"${stderr#cardboard: }")\$"
    assert_equal "$(hint_of "$stderr")" "$hint"
  fi
}

@test "of limits the doctor says what a run with limits comes to, and by which version of control groups" {
  limits() {
    agrees "limits of memory, processes and processors, by cgroups of version $version" \
      --memory 64m --pids-limit 1000 --cpus 0.1
  }
  local version=1
  [ ! -e /sys/fs/cgroup/cgroup.procs ] || version=2
  both_ways limits
}

@test "of a root without places to mount on the doctor says what a run with one comes to" {
  make_root_directory bare
  over() {
    local line
    doctor
    line=$(grep -E '^(ok|no)  overlay' <<<"$output")
    try isolate --root bare /bin/busybox true
    assert_equal "${line%% *}" "$([ "$status" = 0 ] && echo ok || echo no)"
  }
  both_ways over
}

@test "of id-mapped mounts the doctor says to root what a run with one comes to, and nothing to others" {
  needs_root
  be_caller root
  agrees 'id-mapped mounts' --volume "$CARDBOARD:/run/file:idmap"
  be_caller user
  doctor
  assert_no_match "$output" id-mapped
}

@test "at a terminal the doctor says the same" {
  local expected
  doctor
  expected=$output
  mkfifo keys
  : >screen
  try in_place "$PTY" keys screen "$CARDBOARD" --doctor
  assert_status 0
  assert_equal "$(tr -d '\r' <screen)" "$expected"
}

state() {
  cat /proc/self/mountinfo
  find "$ROOM" "$WORKSHOP" ! -name trace -printf '%p %m %u %C@\n' | sort
  find /sys/fs/cgroup -type d -name 'cardboard*[0-9]*' 2>/dev/null
}

@test "the doctor leaves nothing behind, and writes to no file of the host's" {
  needs strace
  harmless() {
    local before trace=$ROOM/trace
    : >"$trace"
    chmod 666 "$trace"
    before=$(state)
    try in_place strace -f -qq -o "$trace" -e trace=open,openat,creat,unlink,rename,mknod,truncate,chmod,chown \
      "$CARDBOARD" --doctor
    assert_status 0
    # What is opened to be written to: the maps of the trials, their control groups, and files of their own mounts.
    assert_equal "$(grep -E 'O_(WRONLY|RDWR|CREAT)' "$trace" |
      grep -vE 'openat\([0-9]+|"/proc/[0-9]+/(uid_map|gid_map|setgroups)"|"/dev/null"|"/sys/fs/cgroup/.*cardboard-[0-9]+-')" ""
    assert_equal "$(grep -cE ' (creat|unlink|rename|mknod|truncate|chmod|chown)\(' "$trace")" 0
    wait_for nothing_tagged
    assert_equal "$(state)" "$before"
  }
  both_ways harmless
}

@test "a doctor who cannot be heard says so" {
  unheard() {
    try in_place sh -c '"$0" --doctor >/dev/full' "$CARDBOARD"
    assert_status 125
    assert_equal "$stderr" "cardboard: cannot write standard output: No space left on device"
  }
  both_ways unheard
}

# ---- where it does not -------------------------------------------------------------------------------------------------

@test "where the sysctl allows no user namespace it is named" {
  no_namespaces() {
    refuses_alike '^allow user namespaces: sysctl user\.max_user_namespaces=' unshare --user --map-root-user \
      sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$0" "$@"'
  }
  both_ways no_namespaces
}

@test "in a chroot that is named" {
  local jail=$ROOM/jail
  mkdir -p "$jail$WORKSHOP" "$jail/dev" "$jail/proc"
  cp "$CARDBOARD" "$jail$WORKSHOP/"
  in_chroot() {
    refuses_alike 'chroot' unshare --user --map-root-user --mount \
      sh -c 'mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"' "$jail"
  }
  both_ways in_chroot
}

@test "in a container of our own, the filter is named, or the sysctl where there is none" {
  nested() {
    local INSIDE=/cardboard
    refuses_alike 'seccomp' "$CARDBOARD" --isolate
    refuses_alike 'sysctl user\.max_user_namespaces=' "$CARDBOARD" --isolate --seccomp none
  }
  both_ways nested
}

@test "where /proc is partly covered, as in Docker, that is named" {
  covered() {
    refuses_alike 'systempaths=unconfined' unshare --user --map-root-user --mount \
      sh -c 'mount --bind /dev/null /proc/meminfo && exec "$0" "$@"'
  }
  both_ways covered
}

@test "the cure is that of the call that fails, and of its errno" {
  needs strace
  injected() {
    doctor strace -f -qq -o /dev/null -e trace=fsopen -e inject=fsopen:error=ENOSYS
    assert_status 1
    assert_match "$(hint_of "$output")" "Linux 5.14"
    doctor strace -f -qq -o /dev/null -e trace=move_mount -e inject=move_mount:error=EACCES
    assert_status 1
    assert_match "$(hint_of "$output")" "apparmor=unconfined"
    # What is not known is not guessed.
    doctor strace -f -qq -o /dev/null -e trace=fsopen -e inject=fsopen:error=EXDEV
    assert_status 1
    assert_equal "$(hint_of "$output")" ""
    grep -qx 'no  user namespaces, and in them an empty root, on Linux [^ ]*: cannot open file system [a-z]*: Invalid cross-device link' <<<"$output"
  }
  both_ways injected
}
