# SPDX-License-Identifier: MIT
# A real PID 1 of a real kernel: a machine, emulated by QEMU, whose /init is cardboard. What is tested from outside is
# here; what is tested in the machine is in vm/guest/, a file for each group of tests.

load helpers

readonly VM=$BATS_TEST_DIRNAME/vm

setup_file() {
  needs qemu-system-x86_64 mke2fs apt-get dpkg
  [ "$(uname -m)" = x86_64 ] || skip "needs a cardboard for x86_64"
  open_workshop
  "$VM/build-image" "$WORKSHOP" "$WORKSHOP/image"
}

setup() {
  enter_room
}

teardown() {
  leave_room
}

# machine initramfs|disk WORD...: boots it, in a directory of that name, and says what it said if that ends badly.
machine() {
  mkdir -p "$1"
  # The tag is in QEMU's environment, so that teardown finds one that is left.
  (cd "$1" && CARDBOARD_TAG=$TAG "$VM/boot" "$WORKSHOP/image" "$@" 3>&-) || {
    echo "boot ended with $? after:"
    cat "$1/console" "$1/results"
    return 1
  }
}

# assert_console ROOT LINE...: all that was written to the console, without the kernel's time stamps.
assert_console() {
  assert_equal "$(sed 's/^\[ *[0-9.]*\] //' "$1/console")" "$(printf '%s\n' "${@:2}")"
}

# Runs a group of the guest's tests; each has to say that it is fine, and a last line that all were run.
run_group() {
  machine disk sh /tests/guest.sh "$1" </dev/null
  assert_equal "$(grep -v '^ok ' disk/results)" "done"
  grep -q '^ok ' disk/results
  grep -x 'cardboard: ended with status 0' disk/console
}

# ---- the end of a machine --------------------------------------------------------------------------------------------

# ends_with STATUS WORD...: on the console is nothing but that, and that the machine is off.
ends_with() {
  machine initramfs "${@:2}" </dev/null
  assert_console initramfs "cardboard: ended with status $1" "reboot: Power down"
}

# One machine a test: where the host has much else to do, one may take half a minute.

@test "when COMMAND has succeeded the machine says so and is off" {
  ends_with 0 /bin/probe exit 0
}

@test "when COMMAND has failed the machine says its status and is off" {
  ends_with 3 /bin/probe exit 3
}

@test "when COMMAND was killed the machine says 128+N and is off" {
  ends_with 137 /bin/probe kill 9
}

@test "when COMMAND cannot be executed the machine says why and is off" {
  machine initramfs /bin/missing </dev/null
  assert_console initramfs "cardboard: cannot execute /bin/missing: No such file or directory" \
    "cardboard: ended with status 127" "reboot: Power down"
}

@test "what COMMAND leaves behind is killed when the grace is over, and the machine is off" {
  export VM_ENVIRONMENT=CARDBOARD_OPTS=--grace=200ms
  ends_with 5 sh /tests/command.sh leave
}

# ---- requests to stop ------------------------------------------------------------------------------------------------

@test "a request to stop stops COMMAND, and the machine is off" {
  ends_with 15 sh /tests/command.sh stop TERM
}

@test "SIGRTMIN+5 stops COMMAND, and the machine reboots" {
  machine initramfs sh /tests/command.sh stop 39 </dev/null
  assert_console initramfs "cardboard: ended with status 15" "reboot: Restarting system"
}

@test "Ctrl-Alt-Del stops COMMAND by INT, and the machine is off" {
  press_when_ready() {
    PATIENCE=40 wait_for grep -q ready initramfs/console
    echo sendkey ctrl-alt-delete
  }
  press_when_ready | machine initramfs sh /tests/command.sh stop
  assert_console initramfs ready "cardboard: ended with status 2" "reboot: Power down"
}

# ---- in the machine --------------------------------------------------------------------------------------------------

@test "in the machine: process 1" {
  run_group process1
}

@test "in the machine: --isolate" {
  run_group isolate
}

@test "in the machine: --isolate --root" {
  run_group root
}

@test "in the machine: limits" {
  run_group limits
}

@test "in the machine: ways out of a container" {
  run_group escape
}

@test "every group of tests for the machine is run" {
  local group
  for group in "$VM"/guest/*.sh; do
    grep -qx "  run_group $(basename "$group" .sh)" "$BATS_TEST_FILENAME" || {
      echo "nobody runs $group"
      return 1
    }
  done
}
