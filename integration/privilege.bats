# SPDX-License-Identifier: MIT
# What COMMAND may do inside, and as whom, with the real binary on the real kernel: --seccomp, --cap-add and
# --cap-drop, --user; what the init keeps; and that nobody inside comes to cardboard's own file.

load helpers

readonly KILL_ONLY=0000000000000020
readonly NO_CAPABILITY=0000000000000000

setup_file() {
  open_workshop
  make_root_directory "$WORKSHOP/named-root"
  mkdir "$WORKSHOP"/named-root/{dev,etc,proc,run,tmp}
  printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'bad:x:-1:0::/:' 'huge:x:4294967295:0::/:' 'bob:x:77:88::/:' \
    'no-group:x:79:::/:' '1000:x:0:0::/:' 'last:x:80:81' >"$WORKSHOP/named-root/etc/passwd"
  chmod -R a+rX "$WORKSHOP/named-root"
}

setup() {
  enter_room
}

teardown() {
  leave_room
}

# refused REGEX [OPTION]...: 125, one message, and COMMAND never ran.
refused() {
  local regex=$1
  shift
  echo "refused: $*"
  LIMIT=5 try isolate "$@" "$PROBE" exit 7
  assert_status 125
  assert_output ""
  assert_match "$stderr" "$regex"
}

# ---- seccomp ---------------------------------------------------------------------------------------------------------

# insn CODE JT JF K: a struct sock_filter, on a little-endian machine.
insn() {
  local k=$4
  # shellcheck disable=SC2059 # the format is made here
  printf "$(printf '\\x%02x' $(($1 & 255)) $(($1 >> 8)) "$2" "$3" \
    $((k & 255)) $((k >> 8 & 255)) $((k >> 16 & 255)) $((k >> 24 & 255)))"
}

# denies NUMBER ERRNO: a program that allows all other calls.
denies() {
  insn 0x20 0 0 0        # load the number
  insn 0x15 0 1 "$1"     # if it is this one:
  insn 0x06 0 0 $((0x50000 | $2)) # SECCOMP_RET_ERRNO
  insn 0x06 0 0 $((0x7fff0000))   # SECCOMP_RET_ALLOW
}

number_of() {
  case $(uname -m).$1 in
    x86_64.sethostname) echo 170 ;;
    x86_64.execve) echo 59 ;;
    aarch64.sethostname) echo 161 ;;
    aarch64.execve) echo 221 ;;
  esac
}

@test "COMMAND is under one filter by default, the init under none" {
  default_filter() {
    local option
    for option in "" --seccomp=default "--seccomp none --seccomp default"; do
      # shellcheck disable=SC2086 # no option is no word
      try isolate $option "$BUSYBOX" grep Seccomp: /proc/self/status /proc/1/status
      assert_output "$(printf '/proc/self/status:Seccomp:\t2\n/proc/1/status:Seccomp:\t0')"
    done
    try isolate --seccomp none "$BUSYBOX" grep Seccomp: /proc/self/status /proc/1/status
    assert_output "$(printf '/proc/self/status:Seccomp:\t0\n/proc/1/status:Seccomp:\t0')"
  }
  both_ways default_filter
}

@test "user namespaces are denied twice: by the filter, and by a limit that only SYS_RESOURCE can lift" {
  nested() {
    try isolate "$BUSYBOX" unshare -U true
    assert_match "$stderr" "Operation not permitted"
    try isolate --seccomp none "$BUSYBOX" unshare -U true
    assert_match "$stderr" "No space left on device"
    try isolate --seccomp none --cap-add all --cap-drop SYS_RESOURCE "$BUSYBOX" sh -c \
      'mount -o remount,bind,rw /proc/sys && ! echo 9 >/proc/sys/user/max_user_namespaces && unshare -U true'
    assert_match "$stderr" "Permission denied.*No space left on device"
  }
  both_ways nested
  # Ours was set, and not the host's.
  [ "$(cat /proc/sys/user/max_user_namespaces)" -gt 0 ]
}

@test "--seccomp FILE takes the place of the filter, from a file and from a pipe that is slow" {
  # Denied with a mark: EXDEV. What the built-in one would deny is allowed.
  denies "$(number_of sethostname)" 18 >filter
  chmod 644 filter
  mkfifo -m 666 fifo
  custom() {
    try isolate --seccomp filter "$BUSYBOX" hostname new
    assert_match "$stderr" "Invalid cross-device link"
    try isolate --seccomp filter "$BUSYBOX" unshare -U true
    assert_match "$stderr" "No space left on device"
    (head -c 9 filter && sleep 0.1 && tail -c +10 filter) >fifo &
    try isolate --seccomp fifo "$BUSYBOX" hostname new
    assert_match "$stderr" "Invalid cross-device link"
  }
  both_ways custom
}

@test "the longest filter that the kernel takes is taken, a longer one is refused" {
  local i
  for i in {1..64}; do insn 0x06 0 0 $((0x7fff0000)); done >allow64
  for i in {1..64}; do cat allow64; done >longest
  { cat longest && insn 0x06 0 0 $((0x7fff0000)); } >longer
  chmod 644 longest longer
  longest() {
    try isolate --seccomp longest "$PROBE" exit 7
    assert_status 7
    refused "^cardboard: cannot use longer: not a compiled BPF program$" --seccomp longer
  }
  both_ways longest
}

@test "a FILE that is missing, unreadable, no program or an unsound one gives 125 and one message" {
  : >empty
  head -c 12 /dev/zero >odd
  head -c 16 /dev/zero >unsound
  mkdir directory
  denies 1 1 >secret
  chmod 000 secret
  bad_file() {
    refused "^cardboard: cannot open missing: No such file or directory$" --seccomp missing
    refused "^cardboard: cannot use empty: not a compiled BPF program$" --seccomp empty
    refused "^cardboard: cannot use odd: not a compiled BPF program$" --seccomp odd
    refused "^cardboard: cannot use directory: not a compiled BPF program$" --seccomp directory
    refused "^cardboard: cannot apply the seccomp filter: Invalid argument$" --seccomp unsound
    refused "^cardboard: option '--seccomp' expects " --seccomp ""
    [ "$CALLER" = root ] || refused "^cardboard: cannot open secret: Permission denied$" --seccomp secret
  }
  both_ways bad_file
}

@test "a filter that denies execve(2) is told as what COMMAND could not be executed for" {
  denies "$(number_of execve)" 13 >filter
  chmod 644 filter
  no_exec() {
    try isolate --seccomp filter "$PROBE" exit 7
    assert_status 126
    assert_one_message "$stderr"
    assert_match "$stderr" "Permission denied"
  }
  both_ways no_exec
}

@test "a kernel that refuses filters gives 125, and COMMAND does not run without" {
  needs strace
  no_filters() {
    try in_place strace -f -o /dev/null -e trace=seccomp -e inject=seccomp:error=ENOSYS \
      "$CARDBOARD" --isolate "$PROBE" exit 7
    assert_status 125
    assert_equal "$stderr" "cardboard: cannot apply the seccomp filter: Function not implemented"
  }
  both_ways no_filters
}

# ---- capabilities ----------------------------------------------------------------------------------------------------

# kept MASK [OPTION]...: in permitted, effective and bounding; the other two sets are empty.
kept() {
  local mask=$1 set
  shift
  try isolate "$@" "$PROBE" report
  assert_status 0
  for set in CapPrm CapEff CapBnd; do assert_equal "$* $set $(field "$set")" "$* $set $mask"; done
  for set in CapInh CapAmb; do assert_equal "$set $(field "$set")" "$set $NO_CAPABILITY"; done
  assert_equal "$(field NoNewPrivs) $(field Seccomp)" "1 2"
}

@test "--cap-add and --cap-drop add up in their order" {
  sets() {
    kept "$NO_CAPABILITY"
    kept 0000000000000001 --cap-add CHOWN
    kept 0000010000000001 --cap-add CAP_CHOWN --cap-add=CHECKPOINT_RESTORE
    kept 00000000a80425fb --cap-add docker
    kept 00000000a80405fb --cap-add docker --cap-drop NET_RAW
    kept 00000000a80425fb --cap-drop NET_RAW --cap-add docker
    kept 000001ffffffffff --cap-add all
    kept 000001ffffdfffff --cap-add all --cap-drop SYS_ADMIN
    kept 0000000000200000 --cap-add docker --cap-drop all --cap-add SYS_ADMIN
  }
  both_ways sets
}

@test "what is no capability's name is a usage error" {
  unknown() {
    local name
    for name in chown CAP_ KIL KILL_ "KILL " ALL "" 5; do
      refused "^cardboard: option '--cap-add' expects .*, not '$name'"$'\n' --cap-add "$name"
      refused "^cardboard: option '--cap-drop' expects .*, not '$name'"$'\n' --cap-drop "$name"
    done
  }
  both_ways unknown
}

@test "a kept capability works inside, and the filter lets its calls through" {
  works() {
    try isolate --root "$WORKSHOP/named-root" /bin/busybox chroot / /bin/busybox true
    assert_match "$stderr" "Operation not permitted"
    try isolate --root "$WORKSHOP/named-root" --cap-add SYS_CHROOT /bin/busybox chroot / /bin/busybox true
    assert_status 0
    # It is one over the container, and not over the host.
    try isolate --cap-add all "$BUSYBOX" date -s @0
    assert_match "$stderr" "Operation not permitted"
  }
  both_ways works
}

@test "the init inside keeps nothing, or the right to signal where COMMAND may have another user" {
  init_sets() {
    local expected=$1
    shift
    start --isolate "$@" "$PROBE" wait
    wait_for_line ready
    local init
    init=$(first_child_of "$INIT")
    # COMMAND may be faster than the init's last step of the start.
    wait_for grep -q "^CapPrm:[[:blank:]]*$expected" "/proc/$init/status"
    assert_equal "$(awk '/^Cap(Inh|Prm|Eff|Amb)/ { print $2 }' "/proc/$init/status" | tr '\n' ' ')" \
      "$NO_CAPABILITY $expected $expected $NO_CAPABILITY "
    kill -TERM "$INIT"
    finish
    assert_status 143
  }
  by_default() {
    init_sets "$NO_CAPABILITY"
    init_sets "$KILL_ONLY" --cap-add SETUID
  }
  both_ways by_default
  [ "$(id -u)" -ne 0 ] || be_caller root
  [ "$(id -u)" -ne 0 ] || init_sets "$KILL_ONLY" --user 1000
}

# ---- --user ----------------------------------------------------------------------------------------------------------

# runs_as UID GID [OPTION]...
runs_as() {
  local uid=$1 gid=$2
  shift 2
  try isolate "$@" "$PROBE" report
  assert_status 0
  assert_equal "$(field Uid)" "$(printf '%s\t%s\t%s\t%s' "$uid" "$uid" "$uid" "$uid")"
  assert_equal "$(field Gid)" "$(printf '%s\t%s\t%s\t%s' "$gid" "$gid" "$gid" "$gid")"
  assert_equal "$(field CapPrm) $(field CapEff) $(field CapAmb)" "$NO_CAPABILITY $NO_CAPABILITY $NO_CAPABILITY"
}

@test "--user takes a number, with a group or without" {
  needs_root
  be_caller root
  runs_as 0 0
  runs_as 0 0 --user 0
  runs_as 1000 0 --user 1000
  runs_as 1000 100 --user 1000:100
  runs_as 0 7 --user 0:7
  runs_as 65535 65535 --user 1 --user 65535:65535
  assert_equal "$(field Groups)" ""
}

@test "--user takes a name of the root's own passwd, and its group, also for a number" {
  needs_root
  be_caller root
  named() {
    local options=(--root "$WORKSHOP/named-root" --user "$3")
    try isolate "${options[@]}" /bin/probe report
    assert_equal "$3 $(field Uid | cut -f 1) $(field Gid | cut -f 1)" "$3 $1 $2"
  }
  named 0 0 root
  named 77 88 bob
  named 77 9 bob:9
  named 77 88 77
  named 80 81 last
  # A number is never a name: who is called so here is root.
  named 1000 0 1000
  # The container's own, where there is no root.
  runs_as 65534 65534 --user nobody
}

@test "a user has the home that it may enter" {
  needs_root
  be_caller root
  try isolate --root "$WORKSHOP/named-root" --user bob /bin/busybox env
  assert_match "$output" $'(^|\n)HOME=/(\n|$)'
}

@test "what is no user, or none of the container's, gives 125 and one message" {
  no_user() {
    local user
    for user in -1 +1 4294967295 4294967296 18446744073709551617 5: :5 5:x 5:-1 5:4294967295 5:6:7 $'5\n' nobody: someone; do
      refused "^cardboard: cannot become user .*: neither an id nor a name in etc/passwd$" --user "$user"
    done
    refused "^cardboard: option '--user' expects " --user ""
    for user in 65536 0:65536 4294967294; do
      refused "^cardboard: cannot become user $user: the container has no such id$" --user "$user"
    done
    for user in bad huge no-group no-such; do
      LIMIT=5 try isolate --root "$WORKSHOP/named-root" --user "$user" /bin/probe exit 7
      assert_status 125
      assert_equal "$stderr" "cardboard: cannot become user $user: neither an id nor a name in etc/passwd"
    done
  }
  both_ways no_user
}

@test "an ordinary user is user 0 inside, by number and by name, and nobody else" {
  be_caller user
  runs_as 0 0 --user 0
  runs_as 0 0 --user root
  refused "^cardboard: cannot become user 1: the container has no such id$" --user 1
  refused "^cardboard: cannot become user 0:1: the container has no such id$" --user 0:1
}

@test "a passwd that is a FIFO, a directory, a link to the host's or away does no harm" {
  needs_root
  local kind
  be_caller root
  for kind in fifo directory host proc none; do
    echo "passwd: $kind"
    cp -r "$WORKSHOP/named-root" "$kind"
    rm "$kind/etc/passwd"
    case $kind in
      fifo) mkfifo "$kind/etc/passwd" ;;
      directory) mkdir "$kind/etc/passwd" ;;
      host) ln -s /../../../../../../etc/passwd "$kind/etc/passwd" ;;
      proc) ln -s /proc/self/fd/0 "$kind/etc/passwd" ;;
    esac
    try isolate --root "$kind" --user 5 /bin/probe exit 7
    assert_status 7
    # On the host there is one of that name.
    try isolate --root "$kind" --user daemon /bin/probe exit 7 < <(echo daemon:x:1:1)
    assert_status 125
  done
}

@test "the init forwards to, and in the end ends, processes of another user" {
  needs_root
  be_caller root
  start --isolate --user 1000 "$PROBE" signals
  assert_every_signal_arrives isolated
  try took 300 4000 isolate --root "$WORKSHOP/named-root" --user bob --grace 300ms /bin/busybox sh -c \
    '/bin/probe stubborn & until grep -q "^SigBlk:.*fffb" /proc/$!/status; do sleep 0.02; done; exit 3'
  assert_status 3
  # Ended by TERM, and not only with the namespace.
  try isolate --root "$WORKSHOP/named-root" --user bob /bin/busybox sh -c \
    '/bin/probe linger 100 & until grep -q "^SigBlk:.*fffb" /proc/$!/status; do sleep 0.02; done; exit 3'
  assert_output $'ready\nterminating\ncleaned'
}

# ---- --uidmap, --gidmap, --userns --------------------------------------------------------------------------------------

maps='cat /proc/self/uid_map; echo; cat /proc/self/gid_map'

@test "root maps what it says, and group ids as user ids unless it says" {
  needs_root
  be_caller root
  maps_of() {
    try isolate "$@" "$BUSYBOX" sh -c "$maps"
    tr -s ' ' <<<"$output"
  }
  assert_equal "$(maps_of --uidmap 0:700000:1000 --uidmap=5000:800000:5)" \
    $' 0 700000 1000\n 5000 800000 5\n\n 0 700000 1000\n 5000 800000 5'
  assert_equal "$(maps_of --uidmap 0:700000:10 --gidmap 0:900000:20)" $' 0 700000 10\n\n 0 900000 20'
  assert_equal "$(maps_of --gidmap 0:900000:20)" $' 0 900000 20\n\n 0 900000 20'
  runs_as 5004 3 --uidmap 0:700000:1000 --uidmap 5000:800000:5 --user 5004:3
  refused "^cardboard: cannot become user 5005: the container has no such id$" \
    --uidmap 0:700000:1000 --uidmap 5000:800000:5 --user 5005
  # Sixteen lines are taken, one more is refused.
  local i sixteen=()
  for i in {0..15}; do sixteen+=(--uidmap "$i:$((700000 + 2 * i)):1"); done
  assert_equal "$(maps_of "${sixteen[@]}" | wc -l)" 33
  refused "^cardboard: option '--uidmap' expects " "${sixteen[@]}" --uidmap 16:1:1
}

@test "what is no map is a usage error, and what the kernel does not take is one of the set-up" {
  bad_map() {
    local map
    for map in "" 0 0:1 0:1: 0:1:2:3 :1:2 0::2 -1:0:1 0:-1:1 0:0:-1 a:0:1 4294967295:0:1 0:4294967296:1 "0:1:1 " $'0:1:1\n'; do
      refused "^cardboard: option '--uidmap' expects three numbers, not " --uidmap "$map"
      refused "^cardboard: option '--gidmap' expects three numbers, not " --gidmap "$map"
    done
  }
  both_ways bad_map
  needs_root
  be_caller root
  refused "^cardboard: cannot map group ids: Invalid argument$" --uidmap 0:1:0
  refused "^cardboard: cannot map group ids: Invalid argument$" --uidmap 0:700000:10 --uidmap 5:800000:10
  local without_root=$'^cardboard: cannot become user 0 of the container: Invalid argument\ncardboard: hint: the ids of --uidmap'
  refused "$without_root" --uidmap 1:700000:10
  refused "$without_root" --uidmap 0:700000:10 --gidmap 1:700000:10
  refused "$without_root" --uidmap 1:700000:10 --gidmap 0:700000:10
}

# in_known_user: as the ordinary user, where passwd(5), subuid(5) and subgid(5) know it.
in_known_user() {
  { cat /etc/passwd && echo "bats:x:$USER_ID:$USER_ID::/:/bin/sh"; } >passwd
  echo "bats:600000:65536" | tee subuid >subgid
  chmod 644 passwd subuid subgid
  local file
  # shellcheck disable=SC2016 # it is for the inner shell
  unshare --mount --propagation private bash -c 'for file in passwd subuid subgid; do
    [ -e /etc/$file ] || touch /etc/$file; mount --bind $file /etc/$file; done; exec "$@"' - \
    setpriv --reuid "$USER_ID" --regid "$USER_ID" --groups 4 timeout --kill-after=2 20 "$@"
}

@test "an ordinary user maps the ranges that it may, by newuidmap and newgidmap" {
  needs newuidmap newgidmap
  needs_root
  local own="$USER_ID:1" range="600000:65536"
  try in_known_user "$CARDBOARD" --isolate --uidmap "0:$own" --uidmap "1:$range" "$BUSYBOX" sh -c "$maps"
  assert_equal "$stderr" ""
  assert_equal "$(tr -s ' ' <<<"$output")" $' 0 12345 1\n 1 600000 65536\n\n 0 12345 1\n 1 600000 65536'
  try in_known_user "$CARDBOARD" --isolate --uidmap "0:$own" --uidmap "1:$range" --user 1000:100 "$PROBE" report
  assert_status 0
  assert_equal "$(field Uid | cut -f 1) $(field Gid | cut -f 1) $(field Groups)" "1000 100 "
  # With more than one group there are no supplementary ones.
  try in_known_user "$CARDBOARD" --isolate --uidmap "0:$range" "$PROBE" report
  assert_equal "$(field Uid | cut -f 1) $(field Groups)" "0 "
  try in_known_user "$CARDBOARD" --isolate --uidmap "0:0:1" "$PROBE" exit 7
  assert_status 125
  assert_match "$stderr" $'^newgidmap: .*\ncardboard: cannot map ids by /usr/bin/newgidmap: it is not there, or has refused\ncardboard: hint: see what is yours in /etc/subuid'
}

@test "--userns host: no user namespace, and still no capability, no way out of the masks, nothing on the host" {
  needs_root
  be_caller root
  local before limit
  before=$(cat /proc/self/mountinfo)
  limit=$(cat /proc/sys/user/max_user_namespaces)
  try isolate --userns host "$PROBE" report
  assert_status 0
  assert_equal "$(field ns_user)" "$(readlink /proc/self/ns/user)"
  local kind
  for kind in mnt pid net uts ipc cgroup; do
    [ "$(field "ns_$kind")" != "$(readlink "/proc/self/ns/$kind")" ] || { echo "shares $kind" && return 1; }
  done
  kept "$NO_CAPABILITY" --userns host
  kept 0000000000000001 --userns host --cap-add CHOWN
  # The caller's inheritable and ambient capabilities go, too.
  try in_place capsh --inh=cap_sys_admin --addamb=cap_sys_admin -- -c '"$0" --isolate --userns host "$1" report' \
    "$CARDBOARD" "$PROBE"
  assert_equal "$(field CapInh) $(field CapEff) $(field CapAmb)" "$NO_CAPABILITY $NO_CAPABILITY $NO_CAPABILITY"
  # As host root is owner of them, nothing but the mount stands before it.
  try isolate --userns host "$BUSYBOX" sh -c 'cd /proc/sys/kernel && value=$(cat core_uses_pid) && echo "$value" >core_uses_pid'
  assert_match "$stderr" "Read-only file system"
  try isolate --userns host --root "$WORKSHOP/named-root" --user 1000:5 /bin/probe report
  assert_equal "$(field Uid | cut -f 1) $(field Gid | cut -f 1)" "1000 5"
  assert_equal "$(cat /proc/self/mountinfo)" "$before"
  # Nor where mounts are shared, as systemd has them.
  # shellcheck disable=SC2016 # it is for the inner shell
  try in_place unshare --mount --propagation shared bash -c 'before=$(</proc/self/mountinfo) && "$@" &&
    [ "$(</proc/self/mountinfo)" = "$before" ]' - "$CARDBOARD" --isolate --userns host "$BUSYBOX" true
  assert_equal "$stderr" ""
  assert_status 0
  assert_equal "$(cat /proc/sys/user/max_user_namespaces)" "$limit"
}

@test "--userns host is refused to an ordinary user, and with maps; auto is the default" {
  be_caller user
  refused "^cardboard: cannot use --userns host: " --userns host
  both() {
    refused "^cardboard: cannot use --userns host: " --userns host --uidmap 0:0:1
    refused "^cardboard: option '--userns' expects auto or host, not 'keep'" --userns keep
    try isolate --userns host --userns auto "$PROBE" report
    assert_status 0
    [ "$(field ns_user)" != "$(readlink /proc/self/ns/user)" ]
  }
  both_ways both
}

# ---- cardboard's own file --------------------------------------------------------------------------------------------

# tries FILE: what a container may try with it. Prints what works.
tries='for file; do
  head -c 1 $file >/dev/null 2>&1 && echo read $file
  chmod 777 $file 2>/dev/null && echo chmod $file
  (: >>$file) 2>/dev/null && echo opened $file
done; echo tried'

@test "nobody inside comes to cardboard's file, though it is the caller's own, by /proc/PID/exe" {
  overwrite() {
    # As the caller's, an ordinary user's is user 0's inside.
    cp "$CARDBOARD" "own.$CALLER"
    chmod 755 "own.$CALLER"
    [ "$CALLER" = root ] || [ "$(id -u)" -ne 0 ] || chown "$USER_ID" "own.$CALLER"
    local before state
    state="stat -c %a.%u.%s.%Y own.$CALLER"
    before=$($state)
    try in_place "./own.$CALLER" --isolate "$BUSYBOX" sh -c "$tries" sh /proc/1/exe
    assert_output tried
    # With all capabilities over the container the init is still another's.
    try in_place "./own.$CALLER" --isolate --cap-add all --seccomp none "$BUSYBOX" sh -c "$tries" sh /proc/1/exe
    assert_output tried
    # A root that makes us execute ourselves inside, where the same file then is process 2 and its child 3.
    rm -rf hostile
    cp -r "$WORKSHOP/named-root" hostile
    ln -s /proc/self/exe hostile/bin/server
    try in_place "./own.$CALLER" --isolate --root hostile /bin/server /bin/busybox sh -c "$tries" sh /proc/1/exe /proc/2/exe
    assert_status 0
    assert_output tried
    [ "$CALLER" = user ] || {
      try in_place "./own.$CALLER" --isolate --userns host "$BUSYBOX" sh -c "$tries" sh /proc/1/exe
      assert_output tried
      try in_place "./own.$CALLER" --isolate --userns host --root hostile /bin/server \
        /bin/busybox sh -c "$tries" sh /proc/1/exe /proc/2/exe
      assert_output tried
    }
    assert_equal "$($state)" "$before"
    cmp "own.$CALLER" "$CARDBOARD"
  }
  both_ways overwrite
}
