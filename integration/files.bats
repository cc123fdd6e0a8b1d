# SPDX-License-Identifier: MIT
# The container's file systems: volumes, tmpfs and devices, roots that can be written to, the host's own tree as a
# root, mount points that are missing, and root directories that try to lead a mount astray.

load helpers

setup_file() {
  open_workshop
  make_root_directory "$WORKSHOP/bare-root"
}

setup() {
  enter_room
  mkdir -m 777 data
  echo hello >data/file
  chmod 666 data/file
  HOST_MOUNTS=$(</proc/self/mountinfo)
}

teardown() {
  # Nothing is ever mounted outside.
  [ -z "${HOST_MOUNTS-}" ] || assert_equal "$(cat /proc/self/mountinfo)" "$HOST_MOUNTS"
  leave_room
}

# A directory as a root, in the room, with all that is mounted on.
make_box() {
  make_root_directory box
  mkdir -p box/{dev,proc,run,sys,tmp,etc,srv}
  chmod -R a+rwX box
  give_to_caller box
}

# The ids of others are none in the container, and what is theirs cannot be copied to memory.
give_to_caller() {
  if [ "$(id -u)" -eq 0 ] && [ "$CALLER" = user ]; then chown -R "$USER_ID:$USER_ID" "$@"; fi
}

# Everything about a directory that a container could have changed.
listing() {
  find "$1" -printf '%p %y %m %U %s %T@ %l\n' | sort
}

# The flags of the mount at $1, out of a mountinfo in output, between commas.
flags_at() {
  awk -v place="$1" '$5 == place { flags = $6 } END { print "," flags "," }' <<<"$output"
}

# assert_refused STATUS REGEX ARG...: cardboard --isolate ARG... fails with one message.
assert_refused() {
  local expected=$1 message=$2
  shift 2
  try isolate "$@"
  assert_status "$expected"
  assert_output ""
  assert_one_message "$stderr"
  assert_match "$stderr" "$message"
}

# ---- volumes ---------------------------------------------------------------------------------------------------------

@test "a volume is at DST, with what the host has there, and can be written to" {
  shared() {
    rm -f data/new
    try isolate --volume ./data:/srv/data "$BUSYBOX" sh -c 'cat /srv/data/file; echo from inside >/srv/data/new'
    assert_status 0
    assert_output hello
    assert_equal "$(<data/new)" "from inside"
    # Of a file; and in the place that it has outside.
    try isolate --volume data/file:/etc/file "$BUSYBOX" cat /etc/file
    assert_output hello
    try isolate --volume="$ROOM/data/" "$BUSYBOX" cat "$ROOM/data/file"
    assert_output hello
  }
  both_ways shared
}

@test "a volume is nosuid, nodev and noexec, and rw, unless its words say otherwise" {
  flags() {
    local words flags
    while read -r words flags; do
      try isolate --volume "data:/v${words#-}" "$BUSYBOX" cat /proc/self/mountinfo
      assert_status 0
      assert_equal "$words $(flags_at /v | grep -oE 'ro|rw|nosuid|nodev|noexec' | paste -sd,)" "$words $flags"
    done <<-'END'
	- rw,nosuid,nodev,noexec
	:rw rw,nosuid,nodev,noexec
	:ro ro,nosuid,nodev,noexec
	:exec rw,nosuid,nodev
	:dev rw,nosuid,noexec
	:ro,exec,dev ro,nosuid
	:ro,rw rw,nosuid,nodev,noexec
	END
  }
  both_ways flags
}

@test "what is read-only cannot be written to, what is noexec cannot be executed" {
  cp "$HELLO" data/hello
  chmod 755 data/hello
  enforced() {
    try isolate --volume data:/v:ro "$BUSYBOX" sh -c 'echo x >/v/file; echo x >/v/new'
    [ "$(grep -c "Read-only file system" <<<"$stderr")" -eq 2 ]
    assert_equal "$(<data/file)" hello
    try isolate --volume data:/v "$BUSYBOX" sh -c /v/hello
    assert_match "$stderr" "Permission denied"
    try isolate --volume data:/v:exec "$BUSYBOX" /bin/sh -c true
    try isolate --volume data:/v:exec "$BUSYBOX" sh -c /v/hello
    assert_output "Hello, world!"
  }
  both_ways enforced
}

@test "a device in a volume is one only where the volume may have devices" {
  needs_root
  mknod data/zero c 1 5
  chmod 666 data/zero
  devices() {
    try isolate --volume data:/v "$BUSYBOX" head -c 1 /v/zero
    [ "$status" -ne 0 ]
    assert_match "$stderr" "Permission denied"
    try isolate --volume data:/v:dev "$BUSYBOX" sh -c 'head -c 3 /v/zero | od -An -tx1'
    assert_output " 00 00 00"
  }
  both_ways devices
}

@test "what is mounted in a volume comes with it, and is as read-only" {
  needs_root
  # In a mount namespace of the test's own: the host's mounts stay as they are.
  inner() {
    mkdir -p data/inner
    try in_place unshare --mount sh -c 'mount -t tmpfs -o mode=777 none data/inner && echo deep >data/inner/file &&
      exec setpriv --reuid "$3" --regid "$3" --clear-groups "$1" --isolate --volume data:/v:ro "$2" \
        sh -c "cat /v/inner/file; echo x >/v/inner/new"' sh "$CARDBOARD" "$BUSYBOX" "$1"
    assert_output deep
    assert_match "$stderr" "Read-only file system"
  }
  be_caller root
  inner 0
  inner "$USER_ID"
}

@test "idmap gives root's files to user 0 of the container, and what that makes to host root" {
  needs_root
  [[ $(stat -f -c %T "$ROOM") != overlayfs ]] || skip "needs a file system whose owners can be mapped"
  be_caller root
  echo secret >data/private
  chmod 600 data/private
  try isolate --volume data:/v "$BUSYBOX" cat /v/private
  assert_match "$stderr" "Permission denied"
  try isolate --volume data:/v:idmap "$BUSYBOX" sh -c 'cat /v/private && stat -c %u /v/private && touch /v/new'
  assert_status 0
  assert_output $'secret\n0'
  assert_equal "$(stat -c %u:%g data/new)" 0:0
  # Asked for, it is done or it is an error: /proc's owners cannot be mapped.
  assert_refused 125 "cannot map the owners of /proc/sys: Invalid argument" \
    --volume /proc/sys:/v:idmap "$BUSYBOX" true
  be_caller user
  assert_refused 125 "cannot map the owners of data: only root may" --volume data:/v:idmap "$BUSYBOX" true
}

@test "root may mount what only root can reach, an ordinary user may not" {
  needs_root
  mkdir -m 700 private
  mkdir -m 755 private/data
  echo hidden >private/data/file
  be_caller root
  try isolate --volume private/data:/v "$BUSYBOX" cat /v/file
  assert_output hidden
  be_caller user
  assert_refused 125 "private/data: Permission denied" --volume private/data:/v "$BUSYBOX" cat /v/file
}

@test "300 volumes are mounted, in about three times the time of 100" {
  # Where one descriptor would stay open for each of them beside the first, there would be too many.
  ulimit -Sn 512
  many_volumes() {
    local count i words least=() began elapsed try
    for count in 100 300; do
      words=()
      for ((i = 0; i < count; ++i)); do words+=(--volume "data:/a/$i"); done
      # Of five tries the fastest: others use the machine, too.
      for try in 1 2 3 4 5; do
        began=${EPOCHREALTIME/[.,]/}
        isolate "${words[@]}" "$BUSYBOX" grep -c ' /a/[0-9]* ' /proc/self/mountinfo >count
        elapsed=$((${EPOCHREALTIME/[.,]/} - began))
        assert_equal "$(<count)" "$count"
        if [ -z "${least[count]-}" ] || [ "$elapsed" -lt "${least[count]}" ]; then least[count]=$elapsed; fi
      done
    done
    echo "100: ${least[100]} us, 300: ${least[300]} us"
    [ "${least[300]}" -le $((least[100] * 5)) ]
    try isolate "${words[@]}" "$BUSYBOX" cat /a/0/file /a/299/file
    assert_output $'hello\nhello'
  }
  both_ways many_volumes
}

@test "more mounts than there is room for are refused" {
  local i words=()
  for ((i = 0; i < 600; ++i)); do words+=(--tmpfs "/a/$i"); done
  too_many() { assert_refused 125 "too many mounts" "${words[@]}" "$BUSYBOX" true; }
  both_ways too_many
}

# ---- tmpfs, devices, /sys ----------------------------------------------------------------------------------------------

@test "a tmpfs is empty, has the size and the mode that were asked for, and is nosuid and nodev" {
  memory() {
    try isolate --tmpfs /a/b:size=64k,mode=750 --tmpfs /c "$BUSYBOX" sh -c \
      'ls -A /a/b /c; stat -c %a /a/b /c; dd if=/dev/zero of=/a/b/f bs=1k count=100 2>&1 | grep -o "No space left"
       stat -c %s /a/b/f; echo x >/c/f; cat /c/f'
    assert_output $'/a/b:\n\n/c:\n750\n1777\nNo space left\n65536\nx'
    try isolate --tmpfs /a:size=1g "$BUSYBOX" cat /proc/self/mountinfo
    assert_match "$(flags_at /a)" ",rw,nosuid,nodev,"
    assert_match "$output" "size=1048576k"
    # In the place of our own.
    try isolate --tmpfs /tmp:size=8k "$BUSYBOX" cat /proc/self/mountinfo
    assert_match "$(grep ' /tmp ' <<<"$output" | tail -n 1)" "size=8k"
  }
  both_ways memory
}

@test "a device of the host has its place and its number, and nothing else comes with it" {
  local device
  # Some device that no container has by itself.
  device=$(find /dev -maxdepth 2 -type c ! -path '/dev/pts/*' ! -name tty ! -name ptmx ! -name null ! -name zero \
    ! -name full ! -name random ! -name urandom | sort | head -n 1)
  [ "$device" ] || skip "needs a device"
  one_device() {
    try isolate --device "$device" "$BUSYBOX" stat -c '%F %t:%T' "$device"
    assert_output "character special file $(stat -c %t:%T "$device")"
    try isolate --device "$device" "$BUSYBOX" cat /proc/self/mountinfo
    assert_match "$(flags_at "$device")" ",nosuid,noexec,"
    assert_no_match "$(flags_at "$device")" ",nodev,"
    try isolate --root "$WORKSHOP/bare-root" --device "$device" /bin/busybox test -c "$device"
    assert_status 0
    assert_refused 125 "cannot use device /dev/shm: it is not what its name says" --device /dev/shm "$BUSYBOX" true
    assert_refused 125 "/dev/nowhere: No such file" --device /dev/nowhere "$BUSYBOX" true
  }
  both_ways one_device
}

@test "/sys is read-only, and knows the container's own network devices alone" {
  sysfs() {
    try isolate "$BUSYBOX" ls /sys/class/net
    assert_output lo
    try isolate "$BUSYBOX" sh -c 'mkdir /sys/new; cat /proc/self/mountinfo'
    assert_match "$stderr" "Read-only file system|Operation not permitted"
    assert_match "$(flags_at /sys)" ",ro,nosuid,nodev,noexec,"
  }
  both_ways sysfs
}

@test "/sys is empty where the network is not the container's own" {
  foreign_network() {
    try isolate --network host "$@" "$BUSYBOX" sh -c 'ls -A /sys; cat /proc/self/mountinfo'
    assert_status 0
    assert_match "$(flags_at /sys)" ",ro,nosuid,nodev,noexec,"
    assert_match "$(grep '/sys ' <<<"$output")" " - tmpfs "
  }
  both_ways foreign_network
  # As host root it could mount the host's.
  [ "$(id -u)" -ne 0 ] || { be_caller root && foreign_network --userns host; }
}

@test "where the kernel refuses a sysfs, /sys is empty, and the container starts" {
  needs_root
  be_caller root
  try in_place unshare --mount sh -c 'umount -l /sys && exec "$@"' sh "$CARDBOARD" --isolate "$BUSYBOX" \
    sh -c 'ls -A /sys; cat /proc/self/mountinfo'
  assert_status 0
  assert_match "$(flags_at /sys)" ",ro,nosuid,nodev,noexec,"
  assert_match "$(grep ' /sys ' <<<"$output")" " - tmpfs "
}

# ---- roots that can be written to ------------------------------------------------------------------------------------------

@test "an ephemeral empty root can be written to, but for COMMAND's file" {
  ephemeral() {
    try isolate --ephemeral "$BUSYBOX" sh -c 'echo x >/new && mkdir /dir && cat /new && rm /etc/passwd && ls /etc
      echo x >/busybox'
    assert_output $'x\ngroup\nhosts'
    assert_match "$stderr" "Read-only file system|Text file busy"
    cmp "$BUSYBOX" "$(command -v busybox)"
  }
  both_ways ephemeral
}

@test "--ephemeral keeps writes in memory, and leaves the directory as it was" {
  ephemeral() {
    local before
    rm -rf box
    make_box
    mkdir -m 777 box/srv/old
    echo old >box/srv/old/file
    give_to_caller box
    before=$(listing box)
    try isolate --ephemeral --root box /bin/busybox sh -c '
      echo new >/srv/old/file && echo new >/srv/new && mkdir /made && rm /bin/probe && rm -r /srv/old && mkdir /srv/old &&
      ls -A /srv /srv/old /bin; touch /made/x && ls /made'
    assert_status 0
    assert_output $'/bin:\nbusybox\n\n/srv:\nnew\nold\n\n/srv/old:\nx'
    assert_equal "$(listing box)" "$before"
  }
  both_ways ephemeral
}

@test "--writable writes to the directory, as its owner" {
  writable() {
    rm -rf box
    make_box
    try isolate --writable --root box /bin/busybox sh -c 'echo x >/srv/new && rm /bin/probe && ls -ldn /srv/new'
    assert_status 0
    assert_match "$output" "^-rw-r--r-- +1 0 +0 "
    assert_equal "$(<box/srv/new)" x
    assert_equal "$(stat -c %u box/srv/new)" "$(stat -c %u box)"
    [ ! -e box/bin/probe ]
    # Set-user-ID bits and devices have no effect there either.
    try isolate --writable --root box /bin/busybox cat /proc/self/mountinfo
    assert_match "$(flags_at /)" ",rw,nosuid,nodev,"
  }
  [ "$(id -u)" -ne 0 ] || [[ $(stat -f -c %T "$ROOM") != overlayfs ]] ||
    skip "needs a file system whose owners can be mapped"
  both_ways writable
}

@test "--writable needs a --root, and no --ephemeral" {
  needless() {
    assert_refused 125 "cannot use --writable: it wants a --root, and no --ephemeral" --writable "$BUSYBOX" true
    assert_refused 125 "cannot use --writable" --writable --ephemeral --root "$WORKSHOP/bare-root" /bin/busybox true
  }
  both_ways needless
}

# ---- mount points ------------------------------------------------------------------------------------------------------------

@test "missing mount points are made: in memory, unless the directory is to be written to" {
  made() {
    local before kind
    rm -rf box
    make_box
    rmdir box/{dev,proc,run,sys,tmp}
    before=$(listing box)
    for kind in "" --ephemeral; do
      try isolate $kind --root box --volume data:/srv/a/b --volume data/file:/etc/new --tmpfs /top --volume data:/tmp/x \
        /bin/busybox cat /srv/a/b/file /etc/new /tmp/x/file
      assert_status 0
      assert_output $'hello\nhello\nhello'
      assert_equal "$(listing box)" "$before"
    done
    try isolate --root box --volume data:/srv/a/b /bin/busybox touch /srv/a/new
    assert_match "$stderr" "Read-only file system"
    try isolate --writable --root box --volume data:/srv/a/b --volume data/file:/etc/new \
      /bin/busybox cat /srv/a/b/file /etc/new
    assert_output $'hello\nhello'
    [ -d box/srv/a/b ] && [ -f box/etc/new ] && [ -d box/proc ] && [ ! -e box/srv/a/b/file ] && [ ! -s box/etc/new ]
  }
  both_ways made
}

@test "a volume in a directory's top is mounted though the directory is somebody else's" {
  foreign() {
    try isolate --root "$WORKSHOP/bare-root" --volume data:/top /bin/busybox cat /top/file
    assert_output hello
  }
  both_ways foreign
}

@test "links inside the root are followed inside it" {
  linked() {
    rm -rf box
    make_box
    mkdir -p box/var box/srv/real
    ln -s /run box/var/run
    ln -s ../srv/real box/var/data
    ln -s /srv/nowhere box/etc/resolv.conf
    ln -s /../../../srv box/up
    try isolate --root box --volume data:/var/run/x --volume data:/var/data --volume data/file:/etc/resolv.conf \
      --volume data:/up/made /bin/busybox cat /run/x/file /srv/real/file /etc/resolv.conf /srv/made/file
    assert_status 0
    assert_output $'hello\nhello\nhello\nhello'
    try isolate --root box --volume data:/var/run/x /bin/busybox sh -c 'readlink /var/run; ls /run'
    assert_output $'/run\nx'
    [ -L box/etc/resolv.conf ] && [ ! -e box/srv/nowhere ] && [ ! -e box/srv/made ]
  }
  both_ways linked
}

@test "DST cannot be what the container needs, and nothing on the way to it may be a file" {
  vital() {
    local place
    for place in /dev /proc /busybox /proc/; do
      assert_refused 125 "cannot mount on ${place%/}: the container needs what is there" \
        --volume "data:$place" "$BUSYBOX" true
    done
    assert_refused 125 "cannot make mount point /etc/passwd/x: Not a directory" --tmpfs /etc/passwd/x "$BUSYBOX" true
    assert_refused 125 "cannot mount /etc/passwd: (Not a directory|Invalid argument)" --volume data:/etc/passwd "$BUSYBOX" true
    assert_refused 125 "cannot make mount point /proc/new: [A-Z]" --volume data:/proc/new "$BUSYBOX" true
    assert_refused 125 "cannot make mount point /v/new: Read-only file system" \
      --volume data:/v:ro --volume data:/v/new "$BUSYBOX" true
    try isolate --volume data/file:/proc/cpuinfo "$BUSYBOX" cat /proc/cpuinfo
    assert_output hello
  }
  both_ways vital
}

@test "a path that is too long for the kernel is refused and not cut" {
  local name deep=
  printf -v name '%0200d' 0
  while [ "${#deep}" -lt 4200 ]; do deep+=/$name; done
  # The message ends where its line does, before the reason.
  too_long() { assert_refused 125 "cannot make mount point /0+/0" --tmpfs "$deep" "$BUSYBOX" true; }
  both_ways too_long
}

@test "a volume of nothing, or one that may not be entered, is refused by its name" {
  missing() {
    assert_refused 125 "cannot clone the mount of ./nowhere: No such file or directory" \
      --volume ./nowhere:/v "$BUSYBOX" true
    assert_refused 125 "cannot clone the mount of data/file/x: Not a directory" \
      --volume data/file/x:/v "$BUSYBOX" true
    try isolate --volume relative "$BUSYBOX" true
    assert_status 125
    assert_match "$stderr" "option '--volume' expects SRC\[:DST\[.*, not 'relative'"
  }
  both_ways missing
}

# ---- hostile roots ---------------------------------------------------------------------------------------------------------------

# Whatever $1 is in a root directory: the container starts and has its own mounts, or there is one message; and the
# host's files, of which the directory's links speak, are not touched.
survives() {
  local kind before
  before=$(listing outside)
  for kind in "" --ephemeral --writable; do
    echo "-- $1 ${kind:-read-only}"
    try isolate $kind --root box --volume data:/srv/v /bin/busybox sh -c \
      'test -e /proc/self/exe && test -c /dev/null && touch /tmp/x && echo fine; echo bad >/srv/v/../../outside.file'
    case $status in
      125) assert_one_message "$stderr" ;;
      *) assert_match "$output" "^fine" ;;
    esac || return 1
    # Only where links lead in circles, or where they must be left as they are, is it impossible.
    [ "$kind" = --writable ] || [[ $1 == *loop* ]] || assert_match "$output$stderr" "^fine"
    assert_equal "$(listing outside)" "$before"
  done
}

@test "a root whose dev, proc, sys, tmp or run is a link or a file leads no mount astray" {
  astray() {
    local name
    mkdir -p outside/{dev,proc,sys,tmp,run}
    for name in dev proc sys tmp run; do
      for target in "$ROOM/outside/$name" ../../outside/$name /../../../../..$ROOM/outside/$name /proc/self/root$ROOM/outside \
        /proc/1/cwd /nowhere; do
        rm -rf box
        make_box
        rmdir "box/$name"
        ln -s "$target" "box/$name"
        survives "$name -> $target"
      done
    done
    for name in dev proc sys tmp run; do
      rm -rf box
      make_box
      rmdir "box/$name"
      : >"box/$name"
      survives "$name is a file"
      rm "box/$name"
      ln -s "$name" "box/$name"
      survives "$name is a loop"
    done
    rm -rf box outside
  }
  both_ways astray
}

@test "a root whose links lead out of it gives DST no way out" {
  way_out() {
    local link target
    mkdir -p -m 777 outside/deep
    chmod 777 outside
    local before
    before=$(listing outside)
    for target in "$ROOM/outside" ../../outside ../../../../../../../../..$ROOM/outside /proc/self/root/$ROOM/outside; do
      rm -rf box
      make_box
      ln -s "$target" box/link
      ln -s link box/link2
      for link in link link/deep link/new link2/new/er; do
        # Inside there is no such place, and no directory is made of a link.
        try isolate --ephemeral --root box --volume "data:/$link" --volume "data/file:/$link/f" /bin/busybox true
        [ "$status" -eq 125 ]
        assert_one_message "$stderr"
        assert_equal "$(listing outside)" "$before"
      done
    done
    rm -rf box outside
  }
  both_ways way_out
}

# ---- the host's own tree ----------------------------------------------------------------------------------------------------------

@test "--root / is the host's tree, read-only, with /proc, /sys and /dev of the container" {
  host_tree() {
    # Not the workshop's, which lies in the host's /tmp.
    try isolate --root / busybox sh -c 'ls -A / | sort; echo --; ls -A /sys/class/net; ls /proc | grep -c "^[0-9]"
      touch /new /usr/new /home/new /var/tmp/new /sys/new'
    assert_equal "$(sed '/^--$/,$d' <<<"$output")" "$(ls -A / | sort)"
    assert_equal "$(sed '1,/^--$/d' <<<"$output")" $'lo\n4'
    # Each of the five, for one reason or another.
    [ "$(grep -cE 'Read-only file system|Permission denied|No such file|not permitted' <<<"$stderr")" -eq 5 ]
    try isolate --root / busybox cat /proc/self/mountinfo
    # Of the host's own mounts all are read-only, and so is what covers them.
    assert_equal "$(awk '$5 !~ "^/(dev|proc|tmp|run)(/|$)" && $6 !~ "^ro," { print $5 }' <<<"$output")" ""
    [ ! -e /new ] && [ ! -e /var/tmp/new ]
  }
  both_ways host_tree
}

@test "with --root / the host's programs work: gcc compiles, in /tmp of the container" {
  needs gcc
  compiles() {
    try isolate --root / sh -c 'cd /tmp && echo "int main(void) { return 42; }" >a.c && gcc -o a a.c && ./a'
    assert_status 42
  }
  both_ways compiles
}

@test "--ephemeral --root / lets root write to the tree, and gcc compile there, and the host sees nothing of it" {
  needs_root
  needs gcc
  [[ $(stat -f -c %T /usr) != overlayfs ]] || skip "needs a file system whose owners can be mapped"
  be_caller root
  local name=cardboard-$TAG
  try isolate --ephemeral --root / sh -c "mkdir /$name && cd /$name && echo 'int main(void) { return 42; }' >a.c &&
    gcc -o /usr/local/bin/$name a.c && rm -rf /etc/apt && /usr/local/bin/$name"
  assert_status 42
  [ ! -e "/$name" ] && [ ! -e "/usr/local/bin/$name" ] && [ -d /etc/apt ]
}

@test "--ephemeral --root / lets an ordinary user write to the tree, too, and to nothing of anybody else" {
  needs gcc
  be_caller user
  local name=cardboard-$TAG
  # Links stay links, and directories with the host's mounts in them are read-only.
  try isolate --ephemeral --root / sh -c "mkdir /$name /usr/$name && cd /$name &&
    echo 'int main(void) { return 42; }' >a.c && gcc -o /usr/$name/a a.c && readlink /bin; /usr/$name/a"
  assert_status 42
  assert_output "$(readlink /bin)"
  [ ! -e "/$name" ] && [ ! -e "/usr/$name" ]
  try isolate --ephemeral --root / sh -c 'cat /etc/shadow; ls /root; grep -c root /etc/passwd; echo x >>/etc/passwd'
  assert_equal "$(grep -c 'Permission denied\|too large' <<<"$stderr")" 3
  assert_equal "$output" "$(grep -c root /etc/passwd)"
}

@test "a mount point that the host's tree lacks is made over it in memory, and the rest stays read-only" {
  lacking() {
    try isolate --root / --volume "$ROOM/data:/cardboard-$TAG" busybox sh -c "cat /cardboard-$TAG/file; readlink /bin
      touch /new-$TAG /var/tmp/new-$TAG /usr/new-$TAG"
    assert_output "hello
$(readlink /bin)"
    assert_equal "$(grep -c 'Read-only file system\|Permission denied\|too large' <<<"$stderr")" 3
    [ ! -e "/cardboard-$TAG" ]
  }
  both_ways lacking
}

# ---- ends --------------------------------------------------------------------------------------------------------------------------

@test "the process outside keeps nothing of the host's mounts" {
  outside() {
    local without
    start --isolate "$PROBE" wait
    wait_for_line ready
    without=$(ls "/proc/$INIT/fd" | wc -l)
    kill -TERM "$INIT"
    finish
    start --isolate --volume data:/v --tmpfs /w --root "$WORKSHOP/bare-root" /bin/probe wait
    wait_for_line ready
    assert_equal "$(ls "/proc/$INIT/fd" | wc -l)" "$without"
    kill -TERM "$INIT"
    finish
  }
  both_ways outside
}

@test "a set-up that fails on the way leaves nothing, and names what it was about" {
  needs strace
  local call hits=0
  failing() {
    rm -rf box
    make_box
    rmdir box/tmp
    for call in open_tree:when=3 mount_setattr:when=9 statx:when=5 mkdirat:when=2 move_mount:when=2 fsmount:when=2 fchdir; do
      try in_place strace -f -o /dev/null -e "trace=${call%:*}" -e "inject=${call%:*}:error=EXDEV${call/#${call%:*}}" \
        "$CARDBOARD" --isolate --root box --volume data:/a/b /bin/probe exit 7
      [ "$status" -ne 7 ] || continue
      hits=$((hits + 1))
      assert_status 125
      assert_one_message "$stderr"
      assert_match "$stderr" "^cardboard: cannot [a-z]+ [^:]*[^: ]: Invalid cross-device link"
    done
    [ ! -e box/a ] && [ ! -e box/tmp ]
  }
  both_ways failing
  [ "$hits" -ge 10 ]
}
