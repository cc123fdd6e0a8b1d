# SPDX-License-Identifier: MIT
# The container with the real binary on the real kernel: what COMMAND sees inside, what it may do, how it ends, what
# is refused, and that nothing stays. both_ways runs a promise as root and as an ordinary user.

load helpers

setup_file() {
  open_workshop
  make_root_directory "$WORKSHOP/bare-root"
  make_root_directory "$WORKSHOP/full-root"
  mkdir "$WORKSHOP"/full-root/{dev,etc,proc,run,sys,tmp}
}

setup() {
  enter_room
}

teardown() {
  leave_room
}

# What a container could leave on the host, but processes: those leave_room finds. In places that are shared with the
# machine's other programs, only what a container would own or name counts, and only control groups that are empty.
host_state() {
  cat /proc/self/mountinfo
  empty_cgroups
  find "$ROOM" "$WORKSHOP" -printf '%p %m %u %C@\n' | sort
  find /tmp /run /dev/shm /var/tmp -maxdepth 2 \( -name '*cardboard*' -o -uid "$USER_ID" -o -uid +65535 \) \
    ! -path '/tmp/bats-run-*' 2>/dev/null | sort
}

# Without those that Docker and nspawn, which other suites and other users run meanwhile, make and keep.
empty_cgroups() {
  local procs first
  find /sys/fs/cgroup -regextype egrep -name cgroup.procs \
    ! -regex '.*/(docker|cardboard-bats-[^/]*|payload|supervisor)/.*' 2>/dev/null | sort | while read -r procs; do
    first=
    read -r first 2>/dev/null <"$procs" || true
    [ -n "$first" ] || echo "$procs"
  done
}

# What is there and was not before. What has gone since is no concern: other programs of the machine end, too.
new_since() {
  comm -13 <(sort <<<"$1") <(host_state | sort)
}

nothing_is_new_since() {
  [ -z "$(new_since "$1")" ]
}

# assert_nothing_stays BEFORE: what host_state said before.
assert_nothing_stays() {
  wait_for nothing_tagged
  # Polled: other programs of the machine may come and go in the same moment.
  wait_for nothing_is_new_since "$1" >/dev/null || {
    echo "left behind:"
    new_since "$1"
    return 1
  }
}

# Where the file system cannot map ids, root's private files are nobody's inside: DESIGN 2.5.
needs_id_mapped_mounts() {
  [[ $(stat -f -c %T "$ROOM") != overlayfs ]] || skip "needs a file system whose owners can be mapped"
}

# In busybox's sh inside: waits for a background `probe` to have blocked its signals, which comes before "ready".
until_blocked='until grep -q "^SigBlk:.*fffb" /proc/$!/status; do sleep 0.02; done'

# ---- the issue's first sentence ------------------------------------------------------------------------------------

@test "hello prints its greeting, exits 0 and leaves nothing behind" {
  greeting() {
    local before
    before=$(host_state)
    try isolate "$HELLO"
    assert_status 0
    assert_output "Hello, world!"
    assert_equal "$stderr" ""
    assert_nothing_stays "$before"
  }
  both_ways greeting
}

@test "the root holds COMMAND's file and what the container made, and nothing else" {
  cd "$WORKSHOP"
  empty_root() {
    try isolate ./busybox ls -A /
    assert_status 0
    assert_output $'busybox\ndev\netc\nproc\nrun\nsys\ntmp'
    try isolate ./busybox ls -A / /.. /tmp /run
    assert_equal "$output" $'/:\nbusybox\ndev\netc\nproc\nrun\nsys\ntmp\n\n/..:\nbusybox\ndev\netc\nproc\nrun\nsys\ntmp\n\n/run:\n\n/tmp:'
  }
  both_ways empty_root
}

@test "COMMAND may be a symbolic link, have an odd name, or come from PATH" {
  local long
  long=$(printf 'n%.0s' {1..200})
  ln -s "$HELLO" greet
  ln -s "$BUSYBOX" ls
  cp "$HELLO" "two words"
  cp "$HELLO" "$long"
  names() {
    try isolate ./greet
    assert_output "Hello, world!"
    try isolate ./ls /
    assert_output $'dev\netc\nls\nproc\nrun\nsys\ntmp'
    try isolate "./two words"
    assert_output "Hello, world!"
    try isolate "./$long"
    assert_output "Hello, world!"
    try in_place env "PATH=/nowhere:$WORKSHOP" "$CARDBOARD" --isolate hello
    assert_output "Hello, world!"
  }
  both_ways names
}

# ---- file systems ----------------------------------------------------------------------------------------------------

@test "the root is read-only, /tmp, /run and /dev/shm are writable" {
  writable() {
    local path
    for path in /new /etc/new /proc/new /busybox; do
      try isolate "$BUSYBOX" sh -c "echo x >$path"
      [ "$status" -ne 0 ] || { echo "could write $path" && return 1; }
    done
    try isolate "$BUSYBOX" touch /new
    assert_match "$stderr" "Read-only file system"
    for path in /tmp /run /dev/shm; do
      try isolate "$BUSYBOX" sh -c "echo x >$path/new && cat $path/new"
      assert_status 0
      assert_output x
    done
    try isolate "$BUSYBOX" stat -c '%a' /tmp
    assert_output 1777
  }
  both_ways writable
  # COMMAND's own file was never opened for writing.
  cmp "$BUSYBOX" "$(command -v busybox)"
}

# The container's mounts, a line each: mount point, options, file system type.
mount_lines() {
  try isolate "$@" cat /proc/self/mountinfo
  assert_status 0
  awk '{ for (i = 7; i < NF && $i != "-"; ++i); print $5, $6, $(i + 1) }' <<<"$output"
}

@test "nothing of the host is mounted but COMMAND's file and the device nodes" {
  mounts() {
    local strange
    strange=$(mount_lines "$BUSYBOX" | awk '
      $1 == "/busybox" { next }
      $1 ~ "^/dev/(null|zero|full|random|urandom|tty)$" { next }
      $1 ~ "^/(dev|dev/shm|dev/pts|proc|tmp|run|etc)?$" && $3 ~ "^(tmpfs|devpts|proc|ramfs)$" { next }
      $1 ~ "^/proc/" && $3 ~ "^(tmpfs|proc|ramfs)$" { next }
      $1 == "/sys" && $2 ~ "^ro," && $3 ~ "^(sysfs|tmpfs)$" { next }
      { print }')
    assert_equal "$strange" ""
    # The test's own directory is as good a sign of the host as any.
    try isolate "$BUSYBOX" grep -v ' /busybox ' /proc/self/mountinfo
    assert_status 0
    assert_no_match "$output" "$BATS_RUN_TMPDIR"
  }
  both_ways mounts
}

@test "every mount is nosuid, and nodev unless it is of /dev" {
  flags() {
    local mounts lax
    mounts=$(mount_lines "$BUSYBOX")
    lax=$(awk '("," $2 ",") !~ ",nosuid," { print }' <<<"$mounts")
    assert_equal "$lax" ""
    lax=$(awk '$1 !~ "^/dev(/|$)" && ("," $2 ",") !~ ",nodev," { print }' <<<"$mounts")
    assert_equal "$lax" ""
    lax=$(awk '($1 == "/" || $1 == "/busybox") && $2 !~ "^ro(,|$)" { print }' <<<"$mounts")
    assert_equal "$lax" ""
  }
  both_ways flags
}

@test "/proc is fresh: it knows the container's processes only" {
  fresh_proc() {
    try isolate "$BUSYBOX" ls /proc
    assert_equal "$(grep -x '[0-9]*' <<<"$output")" $'1\n2'
    try isolate "$BUSYBOX" cat /proc/1/comm
    assert_output cardboard
  }
  both_ways fresh_proc
}

@test "Docker's masked paths of /proc are masked" {
  masked() {
    local name mounts
    mounts=$(mount_lines "$BUSYBOX")
    for name in acpi asound interrupts kcore keys latency_stats sched_debug scsi timer_list timer_stats; do
      [ -e "/proc/$name" ] || continue
      assert_match "$mounts" $'(^|\n)'"/proc/$name "
      # A file is empty or may not be opened, a directory is empty.
      try isolate "$BUSYBOX" sh -c "if [ -d /proc/$name ]; then ls -A /proc/$name; else cat /proc/$name; fi"
      assert_output ""
    done
  }
  both_ways masked
}

@test "Docker's read-only paths of /proc are read-only" {
  read_only() {
    local name mounts
    mounts=$(mount_lines "$BUSYBOX")
    for name in bus fs irq sys sysrq-trigger; do
      [ -e "/proc/$name" ] || continue
      assert_match "$mounts" $'(^|\n)'"/proc/$name ro[, ]"
    done
    for name in sys/kernel/domainname sys/kernel/core_pattern sys/net/ipv4/ip_forward sysrq-trigger; do
      [ -e "/proc/$name" ] || continue
      try isolate "$BUSYBOX" sh -c "echo 0 >/proc/$name"
      [ "$status" -ne 0 ] || { echo "could write /proc/$name" && return 1; }
    done
  }
  both_ways read_only
}

@test "/dev has the harmless devices, and they work" {
  devices() {
    try isolate "$BUSYBOX" ls -A /dev
    assert_output "$(printf '%s\n' fd full null ptmx pts random shm stderr stdin stdout tty urandom zero)"
    try isolate "$BUSYBOX" sh -c 'echo x >/dev/null && cat /dev/null && head -c 3 /dev/zero | od -An -tx1'
    assert_status 0
    assert_output " 00 00 00"
    try isolate "$BUSYBOX" sh -c 'head -c 8 /dev/random | wc -c; head -c 8 /dev/urandom | wc -c'
    assert_output $'8\n8'
    try isolate "$BUSYBOX" sh -c 'echo x >/dev/full'
    assert_match "$stderr" "No space left on device"
    try isolate "$BUSYBOX" sh -c 'exec 3<>/dev/ptmx && ls /dev/pts'
    assert_match "$output" "^0"
    try isolate "$BUSYBOX" sh -c 'for i in fd stdin stdout stderr; do readlink /dev/$i; done'
    assert_output $'/proc/self/fd\n/proc/self/fd/0\n/proc/self/fd/1\n/proc/self/fd/2'
  }
  both_ways devices
}

# ---- namespaces, ids, privilege ------------------------------------------------------------------------------------

@test "every namespace is its own, COMMAND is process 2 in a session of its own, init is 1" {
  namespaces() {
    local kind inside
    try isolate "$PROBE" report
    assert_status 0
    assert_equal "$(field pid) $(field ppid)" "2 1"
    assert_equal "$(field sid) $(field pgid)" "2 2"
    for kind in user mnt pid net uts ipc cgroup; do
      inside=$(field "ns_$kind")
      assert_match "$inside" "^$kind:\[[0-9]+\]\$"
      [ "$inside" != "$(readlink "/proc/self/ns/$kind")" ] || { echo "shares $kind" && return 1; }
    done
  }
  both_ways namespaces
}

@test "COMMAND has no capability in any set, and can gain none" {
  capabilities() {
    local set
    try isolate "$PROBE" report
    for set in CapInh CapPrm CapEff CapBnd CapAmb; do
      assert_equal "$set $(field "$set")" "$set 0000000000000000"
    done
    assert_equal "$(field NoNewPrivs)" 1
  }
  both_ways capabilities
}

@test "host uid 0 is nobody inside, an ordinary user has one id" {
  id_maps() {
    local map
    for map in uid_map gid_map; do
      try isolate "$BUSYBOX" cat "/proc/self/$map"
      assert_status 0
      if [ "$CALLER" = root ]; then
        # Columns: id inside, id outside, how many.
        assert_equal "$(awk '$2 == 0' <<<"$output")" ""
        assert_equal "$(awk '{ n += $3 } END { print n }' <<<"$output")" 65536
      else
        assert_equal "$(awk '{ print $2, $3 }' <<<"$output")" "$(as_user id -u) 1"
      fi
    done
  }
  both_ways id_maps
}

@test "root's supplementary groups are dropped" {
  needs_root
  be_caller root
  try in_place setpriv --groups 4,27 "$CARDBOARD" --isolate "$PROBE" report
  assert_status 0
  assert_equal "$(field Groups)" ""
}

@test "seen from the host, no process of the container but the outer one belongs to root" {
  needs_root
  host_ids() {
    local pid
    start --isolate "$PROBE" wait
    wait_for_line ready
    pid=$(command_pid isolated)
    [ "$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")" -ne 0 ]
    pid=$(first_child_of "$INIT")
    [ "$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")" -ne 0 ]
    kill -TERM "$INIT"
    finish
    assert_status 143
  }
  both_ways host_ids
}

@test "the environment is PATH, HOME, TERM and container=cardboard" {
  environment() {
    try in_place env TERM=dumb SECRET=hunter2 "$CARDBOARD" --isolate "$BUSYBOX" env
    assert_equal "$(cut -d= -f1 <<<"$output" | sort | tr '\n' ' ')" "HOME PATH TERM container "
    assert_match "$output" "(^|"$'\n'")container=cardboard($|"$'\n'")"
    assert_match "$output" "(^|"$'\n'")TERM=dumb($|"$'\n'")"
  }
  both_ways environment
}

@test "the host's environment and command line cannot be read from the inner init" {
  init_environment() {
    try in_place env SECRET=hunter2 "$CARDBOARD" --isolate "$BUSYBOX" cat /proc/1/environ
    [[ $output != *hunter2* ]]
    local link
    for link in root cwd exe fd/0; do
      try isolate "$BUSYBOX" ls "/proc/1/$link/"
      [ "$status" -ne 0 ] || { echo "could follow /proc/1/$link: $output" && return 1; }
    done
  }
  both_ways init_environment
}

@test "the host's descriptors are closed inside" {
  exec 7</etc/hostname 9</
  descriptors() {
    LAUNCH=(only=0,1,2,7,9)
    try isolate "$PROBE" fds
    assert_output "0 1 2"
  }
  both_ways descriptors
  exec 7<&- 9<&-
}

@test "there is a working loopback and no other interface" {
  network() {
    try isolate "$PROBE" loopback
    assert_output $'interface=lo\nconnected'
    assert_status 0
  }
  both_ways network
}

@test "arguments and umask reach COMMAND as they were given, its working directory is /" {
  as_given() {
    try isolate "$PROBE" report "two words" "" 'a\b'
    assert_equal "$(field argument)" $'two words\n\na\\b'
    assert_equal "$(field cwd)" /
    umask 027
    try isolate "$BUSYBOX" sh -c umask
    umask 022
    assert_output 0027
  }
  both_ways as_given
}

@test "the caller's mask and dispositions reach COMMAND bit for bit" {
  local some=8000000380011201 none=0000000000000000
  bit_exact() {
    local block ignore
    for block in "$none" "$some"; do
      for ignore in "$none" "$some"; do
        LAUNCH=("block=$block" "ignore=$ignore")
        LIMIT=5 try isolate "$PROBE" report
        assert_status 0
        assert_equal "$(field SigBlk) $(field SigIgn) $(field SigCgt)" "$block $ignore $none"
      done
    done
  }
  both_ways bit_exact
}

# ---- status, signals, input and output -----------------------------------------------------------------------------

@test "the exit status is COMMAND's own, or 128+N" {
  own_status() {
    local n
    for n in 0 1 7 124 125 126 127 128 255; do
      try isolate "$PROBE" exit "$n"
      assert_status "$n"
    done
    for n in 1 6 9 11 15 31 32 34 64; do
      try isolate "$PROBE" kill "$n"
      assert_status $((128 + n))
    done
  }
  both_ways own_status
}

@test "the status is known although the caller ignored SIGCHLD or closed the standard descriptors" {
  bad_caller() {
    local state
    for state in ignore=10000 only=1,2 only=0,2 only=0,1 only=; do
      LAUNCH=("$state")
      LIMIT=5 try isolate "$PROBE" exit 7
      assert_status 7
    done
    # Left closed, they would be filled by the first files that COMMAND opens.
    LAUNCH=(only=1)
    LIMIT=5 try isolate "$PROBE" fds
    assert_output "0 1 2"
  }
  both_ways bad_caller
}

@test "each signal from 1 to 64 but KILL and STOP reaches COMMAND, once" {
  all_forwarded() {
    start --isolate "$PROBE" signals
    assert_every_signal_arrives isolated
  }
  both_ways all_forwarded
}

@test "TERM reaches COMMAND, whose own exit status is returned" {
  handled() {
    start --isolate "$BUSYBOX" sh -c 'trap "exit 7" TERM; echo ready; while :; do sleep 0.02; done'
    wait_for_line ready
    kill -TERM "$INIT"
    finish
    assert_status 7
  }
  both_ways handled
}

@test "-g forwards to COMMAND's whole group inside" {
  group_target() {
    start --isolate -g --grace 0 --root "$WORKSHOP/bare-root" \
      /bin/busybox sh -c '/bin/probe signals & exec /bin/probe signals'
    wait_for_line ready 2
    kill -USR1 "$INIT"
    wait_for_line 10 2
    kill_command isolated
  }
  both_ways group_target
}

@test "a second TERM during the grace ends it" {
  impatient() {
    local main
    start --isolate --grace 1h --root "$WORKSHOP/bare-root" \
      /bin/busybox sh -c 'trap "exit 3" TERM; /bin/probe stubborn & echo ready; while :; do sleep 0.02; done'
    # COMMAND's line and the stubborn one's.
    wait_for_line ready 2
    main=$(command_pid isolated)
    kill -TERM "$INIT"
    wait_for not_running "$main"
    not_running "$INIT" && { echo "no grace at all" && return 1; }
    kill -TERM "$INIT"
    finish
    assert_status 3
  }
  both_ways impatient
}

@test "TERM at any moment of the set-up ends everything with 143" {
  storm() {
    local moment
    for moment in "" sweep=50; do
      # shellcheck disable=SC2086 # no moment is no word
      LIMIT=60 try in_place "$PROBE" storm 60 $moment "$CARDBOARD" --isolate "$BUSYBOX" sleep "$FOREVER"
      assert_output "tries=60 lost=0 wrong=0"
    done
  }
  both_ways storm
}

@test "input and output pass through" {
  head -c 300000 /dev/urandom >data
  chmod 644 data
  pass_through() {
    isolate "$BUSYBOX" cat <data >"copy.$CALLER"
    cmp data "copy.$CALLER"
    head -c 100000 data | isolate "$BUSYBOX" cat | cmp -n 100000 - data
    try isolate "$BUSYBOX" sh -c 'echo out; echo err >&2'
    assert_output out
    assert_equal "$stderr" err
  }
  both_ways pass_through
}

@test "neither of the two inits wakes while nothing happens" {
  local watched=() inits=() jobs=() job
  spin_up() {
    start --isolate "$PROBE" wait
    wait_for_line ready
    watched+=("$INIT" "$(first_child_of "$INIT")")
    inits+=("$INIT")
    jobs+=("$JOB")
  }
  both_ways spin_up
  assert_not_woken "${watched[@]}"
  kill -TERM "${inits[@]}"
  for job in "${jobs[@]}"; do wait_for not_running "$job"; done
}

# ---- the end -----------------------------------------------------------------------------------------------------------

@test "a thousand orphans are adopted and reaped inside" {
  orphans() {
    try isolate "$PROBE" orphans 1000
    assert_output "orphans=1000 adopted=1000 left=0"
    assert_status 0
  }
  both_ways orphans
}

@test "a grandchild that traps TERM finishes its clean-up of a second, and the status is COMMAND's" {
  clean_up() {
    try took 1000 4500 isolate --root "$WORKSHOP/bare-root" \
      /bin/busybox sh -c "/bin/probe linger 1000 & $until_blocked; exit 3"
    assert_status 3
    assert_output $'ready\nterminating\ncleaned'
  }
  both_ways clean_up
}

@test "--grace works inside: 0 ends the rest at once, 300ms after 300 ms" {
  grace() {
    try took 300 4000 isolate --root "$WORKSHOP/bare-root" --grace 300ms \
      /bin/busybox sh -c "/bin/probe stubborn & $until_blocked; exit 3"
    assert_status 3
    try took 0 4000 isolate --root "$WORKSHOP/bare-root" --grace 0 \
      /bin/busybox sh -c "/bin/probe stubborn & $until_blocked; exit 3"
    assert_status 3
  }
  both_ways grace
}

@test "TERM ends COMMAND and its background children" {
  whole_tree() {
    local before
    before=$(host_state)
    start --isolate "$BUSYBOX" sh -c 'sleep "$0" & sleep "$0"' "$FOREVER"
    wait_for are_running 2 sleep
    kill -TERM "$INIT"
    finish
    assert_status 143
    assert_nothing_stays "$before"
  }
  both_ways whole_tree
}

@test "KILL of the outer process ends everything inside and leaves nothing" {
  killed_outside() {
    local before
    before=$(host_state)
    start --isolate "$BUSYBOX" sh -c 'trap "" TERM; sleep "$0" & sleep "$0"' "$FOREVER"
    wait_for are_running 2 sleep
    kill -KILL "$INIT"
    assert_nothing_stays "$before"
  }
  both_ways killed_outside
}

@test "KILL of the outer process at any moment of the set-up leaves nothing" {
  killed_early() {
    local i before
    before=$(host_state)
    for i in {0..40}; do
      start --isolate "$BUSYBOX" sleep "$FOREVER"
      # 0 to 8 ms after the fork of the shell: before, during and after the set-up.
      sleep "0.00$((i / 5))"
      kill -KILL "$INIT"
    done
    assert_nothing_stays "$before"
  }
  both_ways killed_early
}

@test "KILL of the inner init is reported as 137 and leaves nothing" {
  killed_inside() {
    local before
    before=$(host_state)
    start --isolate "$PROBE" wait
    wait_for_line ready
    kill -KILL "$(first_child_of "$INIT")"
    finish
    assert_status 137
    assert_nothing_stays "$before"
  }
  both_ways killed_inside
}

@test "twenty containers at once all succeed, and nothing stays" {
  at_once() {
    local i before jobs=()
    before=$(host_state)
    for i in {1..20}; do
      isolate "$HELLO" >"$BATS_TEST_TMPDIR/hello.$i" 2>&1 3>&- &
      jobs+=($!)
    done
    for i in "${jobs[@]}"; do wait "$i"; done
    assert_equal "$(sort "$BATS_TEST_TMPDIR"/hello.* | uniq -c | tr -s ' ')" " 20 Hello, world!"
    assert_nothing_stays "$before"
  }
  both_ways at_once
}

# ---- what is refused ---------------------------------------------------------------------------------------------------

# assert_refused STATUS REGEX COMMAND [ARG]...
assert_refused() {
  local expected=$1 regex=$2
  shift 2
  echo "refused: $*"
  LIMIT=5 try isolate "$@"
  assert_status "$expected"
  assert_output ""
  assert_one_message "$stderr"
  assert_match "$stderr" "$regex"
}

# patched NAME OFFSET BYTES: a copy of hello with bytes overwritten.
patched() {
  cp "$HELLO" "$1"
  # shellcheck disable=SC2059 # the bytes are given as an escape sequence
  printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
  chmod 755 "$1"
}

@test "a missing COMMAND gives 127" {
  missing() {
    assert_refused 127 "^cardboard: cannot [a-z]+ .*cardboard-no-such.*: No such file or directory" cardboard-no-such
    assert_refused 127 "^cardboard: cannot [a-z]+ \./missing: No such file or directory" ./missing
    : >file
    assert_refused 127 "^cardboard: cannot [a-z]+ \./file/below: Not a directory" ./file/below
  }
  both_ways missing
}

@test "a directory, and a file that may not be executed or read, give 126" {
  mkdir directory private
  : >not-executable
  cp "$HELLO" secret
  cp "$HELLO" private/hello
  chmod 000 secret
  mkfifo -m 777 fifo
  [ "$(id -u)" -ne 0 ] || chmod 700 private
  not_executable() {
    # Must not be opened before it is known what it is: nobody writes to it.
    assert_refused 126 "\./fifo" ./fifo
    assert_refused 126 "\./directory" ./directory
    assert_refused 126 "\./not-executable.*: Permission denied" ./not-executable
    assert_refused 126 "\./secret.*: Permission denied" ./secret
    if [ "$CALLER" = user ] && [ "$(id -u)" -eq 0 ]; then
      assert_refused 126 "private/hello.*: Permission denied" ./private/hello
    fi
  }
  both_ways not_executable
}

@test "root's private file is run, although the container's ids could not open it" {
  needs_root
  needs_id_mapped_mounts
  be_caller root
  mkdir -m 700 private
  cp "$HELLO" private/hello
  chmod 700 private/hello
  try isolate private/hello
  assert_status 0
  assert_output "Hello, world!"
}

@test "a dynamically linked COMMAND is refused, and the message names the loader" {
  dynamic() {
    assert_refused 126 "$BASH.*/ld-[^ ]*\.so" "$BASH" -c true
  }
  both_ways dynamic
}

@test "a script is refused, and the message names the interpreter" {
  printf '#!/opt/special/sh -e\necho hello\n' >script
  printf 'echo hello\n' >bare-script
  chmod 755 script bare-script
  script() {
    assert_refused 126 "\./script.* /opt/special/sh" ./script
    assert_refused 126 "\./bare-script" ./bare-script
  }
  both_ways script
}

@test "a program for another architecture is refused with the reason" {
  # e_machine, 2 bytes at 18: EM_AARCH64 is 183, EM_X86_64 is 62.
  local other='\267\000'
  [ "$(uname -m)" = x86_64 ] || other='\076\000'
  patched foreign 18 "$other"
  patched big-endian 5 '\002'
  foreign() {
    assert_refused 126 "\./foreign.*(architecture|aarch64|x86|machine)" ./foreign
    assert_refused 126 "\./big-endian" ./big-endian
  }
  both_ways foreign
}

@test "a 32-bit, a truncated and an impossible ELF file are refused" {
  patched narrow 4 '\001'
  # e_phoff, 8 bytes at 32, far behind the end of the file; and with an overflow of what follows.
  patched beyond 32 '\000\000\000\000\000\001\000\000'
  patched overflow 32 '\377\377\377\377\377\377\377\177'
  local size
  for size in 1 4 17 63 64 100; do
    head -c "$size" "$HELLO" >"cut-$size"
    chmod 755 "cut-$size"
  done
  : >empty
  chmod 755 empty
  malformed() {
    local name
    for name in narrow beyond overflow empty cut-1 cut-4 cut-17 cut-63 cut-64 cut-100; do
      assert_refused 126 "\./$name" "./$name"
    done
  }
  both_ways malformed
}

@test "a COMMAND that is named like a directory of the container is refused" {
  local name
  for name in dev etc proc run sys tmp; do cp "$HELLO" "$name"; done
  name_clash() {
    for name in dev etc proc run sys tmp; do
      assert_refused 126 "\./$name" "./$name"
    done
  }
  both_ways name_clash
}

@test "whatever is refused, nothing stays" {
  printf '#!/bin/sh\n' >script
  chmod 755 script
  refusals() {
    local before
    before=$(host_state)
    assert_refused 127 missing ./missing
    assert_refused 126 script ./script
    assert_refused 126 / /
    assert_refused 125 nowhere --root /nowhere "$HELLO"
    assert_refused 127 missing --root "$WORKSHOP/bare-root" /missing
    assert_refused 126 bin --root "$WORKSHOP/full-root" /bin
    assert_nothing_stays "$before"
  }
  both_ways refusals
}

@test "a host that forbids user namespaces gives 125 and one message" {
  forbidden() {
    # Forbidden in a user namespace of our own, as the host's setting is everybody's.
    try in_place unshare --user --map-root-user sh -c \
      'echo 0 >/proc/sys/user/max_user_namespaces; exec "$0" --isolate "$1"' "$CARDBOARD" "$HELLO"
    assert_status 125
    assert_output ""
    assert_one_message "$stderr"
  }
  both_ways forbidden
}

@test "a set-up that fails at any step gives 125 and one message with the kernel's reason, and leaves nothing" {
  needs strace
  failing_step() {
    local before call hits=0
    before=$(host_state)
    for call in pipe2 clone fsopen fsconfig fsmount:when=3 open_tree move_mount:when=4 mount_setattr \
      openat2 openat2:when=5 openat2:when=12 mkdirat symlinkat pivot_root umount2 sethostname socket setresuid prctl capset; do
      echo "failing: $call"
      LIMIT=5 try in_place strace -f -o /dev/null -e "trace=${call%:*}" -e "inject=${call%:*}:error=EXDEV${call/#${call%:*}}" \
        "$CARDBOARD" --isolate "$PROBE" exit 7
      # COMMAND ran: a version of cardboard that does not make this call.
      [ "$status" -ne 7 ] || continue
      hits=$((hits + 1))
      assert_status 125
      assert_one_message "$stderr"
      assert_match "$stderr" "^cardboard: cannot [a-z]+ [^:]*[^: ]: Invalid cross-device link"
    done
    echo "$hits calls failed"
    [ "$hits" -ge 15 ]
    assert_nothing_stays "$before"
  }
  both_ways failing_step
}

# ---- --root --------------------------------------------------------------------------------------------------------------

each_root() {
  local root
  for root in "$WORKSHOP/bare-root" "$WORKSHOP/full-root"; do
    echo "-- in $root"
    "$1" "$root"
  done
}

@test "--root gives the directory's files, read-only, and the container's own mounts" {
  contents() {
    local name
    try isolate --root "$1" /bin/busybox ls /
    assert_status 0
    assert_equal "$(grep -xcE 'bin|dev|proc|run|tmp' <<<"$output")" 5
    try isolate --root "$1" /bin/busybox ls /bin
    assert_output $'busybox\nprobe'
    for name in /new /bin/new; do
      try isolate --root "$1" /bin/busybox touch "$name"
      assert_status 1
      assert_match "$stderr" "Read-only file system"
    done
    try isolate --root "$1" /bin/busybox sh -c 'touch /tmp/new /run/new && ls /proc >/tmp/list && grep -c "^[0-9]*$" /tmp/list'
    assert_status 0
    # The init, the shell and ls.
    assert_output 3
    try isolate --root "$1" /bin/probe report
    assert_equal "$(field pid) $(field CapEff) $(field CapBnd)" "2 0000000000000000 0000000000000000"
  }
  roots() { each_root contents; }
  both_ways roots
}

@test "--root shows nothing of the host but the directory" {
  host_mounts() {
    local strange
    # The root itself and directories of it may be the host's; nothing else, and nothing above it.
    strange=$(mount_lines --root "$1" /bin/busybox | awk '
      $1 ~ "^/(bin|etc)?$" { next }
      $1 == "/sys" && $2 ~ "^ro," && $3 ~ "^(sysfs|tmpfs)$" { next }
      $1 ~ "^/dev/(null|zero|full|random|urandom|tty)$" { next }
      $3 ~ "^(tmpfs|devpts|proc|ramfs)$" { next }
      { print }')
    assert_equal "$strange" ""
    try isolate --root "$1" /bin/busybox ls /..
    assert_no_match "$output" workshop
  }
  roots() { each_root host_mounts; }
  both_ways roots
}

@test "--root creates and changes nothing in the directory" {
  unchanged() {
    local before
    before=$(find "$1" -printf '%p %y %m %u %s %T@ %C@\n')
    try isolate --root "$1" /bin/busybox sh -c 'echo x >/x; mkdir /d; rm /bin/probe; echo x >/bin/busybox; touch /tmp/x'
    assert_equal "$(find "$1" -printf '%p %y %m %u %s %T@ %C@\n')" "$before"
  }
  roots() { each_root unchanged; }
  both_ways roots
}

@test "--root takes a relative path, and COMMAND is found inside, by PATH too" {
  cp -r "$WORKSHOP/full-root" box
  ln -s busybox box/bin/sh
  printf '#!/bin/busybox sh\nexit 8\n' >box/bin/script
  printf 'exit 9\n' >box/bin/bare-script
  chmod 755 box/bin/*
  command_inside() {
    try isolate --root box /bin/probe exit 5
    assert_status 5
    try isolate --root=./box busybox sh -c 'exit 6'
    assert_status 6
    # The PATH that counts is the container's.
    try in_place env PATH=/nowhere "$CARDBOARD" --isolate --root box busybox sh -c 'exit 7'
    assert_status 7
    cd box
    try isolate --root . script
    cd ..
    assert_status 8
    try isolate --root box /bin/bare-script
    assert_status 9
  }
  both_ways command_inside
}

@test "under --root a missing COMMAND gives 127, a directory 126" {
  inside() {
    assert_refused 127 "/missing.*: No such file or directory" --root "$1" /missing
    assert_refused 127 "cardboard-no-such.*: No such file or directory" --root "$1" cardboard-no-such
    # It exists on the host, and that must not count.
    assert_refused 127 "$HELLO.*: No such file or directory" --root "$1" "$HELLO"
    assert_refused 126 "/bin.*: [A-Z]" --root "$1" /bin
  }
  roots() { each_root inside; }
  both_ways roots
}

@test "a --root that is missing, no directory or not accessible gives 125 and one message that names it" {
  : >file
  mkdir private
  cp -r "$WORKSHOP/bare-root" private/box
  [ "$(id -u)" -ne 0 ] || chmod 700 private
  bad_root() {
    assert_refused 125 "/nowhere/box.*: No such file or directory" --root /nowhere/box /bin/busybox
    assert_refused 125 "\./file.*: Not a directory" --root ./file /bin/busybox
    try isolate --root "" /bin/busybox
    assert_status 125
    assert_match "$stderr" "^cardboard: .*--root"
    if [ "$CALLER" = user ] && [ "$(id -u)" -eq 0 ]; then
      assert_refused 125 "private/box.*: Permission denied" --root private/box /bin/busybox
      assert_refused 125 "private.*: Permission denied" --root private /bin/busybox
    fi
  }
  both_ways bad_root
}

@test "a private --root of host root is usable by root" {
  needs_root
  needs_id_mapped_mounts
  be_caller root
  mkdir -m 700 private
  cp -r "$WORKSHOP/bare-root" private/box
  chmod 700 private/box private/box/bin
  try isolate --root private/box /bin/busybox true
  assert_status 0
}
