# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# cardboard --isolate --root DIR on ext4, as root and as an ordinary user.

# make_box [DIR...]: a root directory of the caller's with a private file, and DIRs to mount on.
make_box() {
  for directory in bin private "$@"; do mkdir -p "box/$directory"; done
  cp /bin/busybox box/bin/
  echo secret >box/private/file
  chmod 600 box/private/file
  chmod 700 box/private
  [ "$caller" = root ] || chown -R user:user box
}

in_box() {
  isolate --root box /bin/busybox "$@"
}

# What the owner of the directory keeps private is private to user 0 inside: root's by the id map of the mount.
reads_private_files() {
  ends 0 in_box stat -c '%u %g %a' / /private /private/file
  says "0 0 755 0 0 700 0 0 600"
  ends 0 in_box cat /private/file
  says secret
}

is_read_only() {
  for place in /new /private/file /bin/busybox; do
    ends 1 in_box sh -c "echo x >$place"
    case $output in
      *"Read-only file system"*) ;;
      *) fail "$output" ;;
    esac
  done
  ends 0 in_box sh -c 'echo x >/tmp/new && cat /tmp/new'
}

full_root() {
  make_box dev proc run tmp
  reads_private_files
  is_read_only
}

# Laid over in memory: overlayfs, whose lower layer has mapped ids.
bare_root() {
  make_box
  reads_private_files
  is_read_only
  ends 0 ls box
  says "bin private"
}

# The host's other users stay strangers.
hides_the_files_of_others() {
  make_box dev proc run tmp
  if [ "$caller" = root ]; then chown -R 1000:1000 box/private; else chown -R 0:0 box/private; fi
  ends 1 in_box cat /private/file
  ends 0 in_box stat -c '%u %g' /private
  if [ "$caller" = root ]; then says "1000 1000"; else equal "$output" "65534 65534"; fi
}

check_both "private files are the owner's, and nothing can be written" full_root
check_both "the same without places to mount on" bare_root
check_both "the files of others stay theirs" hides_the_files_of_others
