# SPDX-License-Identifier: MIT
# The seccomp filter in the real kernel, by itself: what it answers to every call, that ordinary programs run under
# it, what it costs; and that the table it is made from is the one that Docker's rules make. That it is right for
# other machines and capabilities is for the unit tests to say.

bats_require_minimum_version 1.5.0

readonly NONE=0
readonly SYS_CHROOT=40000
readonly SYS_ADMIN=200000
readonly DOCKERS=a80425fb
readonly ALL=1ffffffffff

setup_file() {
  cd "$BATS_TEST_DIRNAME/.." || return
  "${CXX_UNIT:-g++}" -std=c++20 -O1 -Isrc -Itests -o "$BATS_FILE_TMPDIR/probe" integration/seccomp_probe.cc \
    src/plan/seccomp.cc src/init/lockdown.cc src/base/error.cc src/base/ulimit.cc src/base/byte_table.cc
}

setup() {
  PROBE=$BATS_FILE_TMPDIR/probe
  FACTS=$BATS_TEST_DIRNAME/../tests/plan/seccomp_facts.inc
  TABLE=$BATS_TEST_DIRNAME/../src/plan/seccomp_table.inc
  cd "$BATS_TEST_TMPDIR" || return
  ulimit -c 0 # where a core would be written is the machine's choice
}

make_table() {
  "$BATS_TEST_DIRNAME/../tests/plan/make-seccomp-table" table
}

# refuses SED-SCRIPT MESSAGE: of facts that are changed so.
refuses() {
  sed "$1" "$FACTS" >facts
  run ! cmp -s facts "$FACTS"
  run ! make_table <facts
  [[ $output == *"make-seccomp-table: "*"$2"* ]]
}

@test "the kernel answers each of two thousand calls as Docker's rules say" {
  local kept
  for kept in "$NONE" "$SYS_ADMIN" "$DOCKERS" "$ALL"; do
    echo "keeping $kept"
    run -0 "$PROBE" judge "$kept"
    [[ $output =~ ^[0-9]{4}\ asked,\ 0\ wrong$ ]]
  done
}

@test "a call of another architecture kills" {
  [ "$(uname -m)" = x86_64 ] || skip "needs an x86_64"
  run "$PROBE" foreign
  [ "$status" != 125 ] && [ "$status" != 139 ] || skip "needs a kernel with the calls of i386"
  [ "$status" -eq $((128 + 31)) ]
}

@test "ordinary programs run under the filter: a pipeline, a thread, a file" {
  run -0 "$PROBE" run "$NONE" sh -c 'mkdir d && echo one >d/f && cat d/f | sort && rm -r d'
  [ "$output" = one ]
  run -0 "$PROBE" run "$NONE" python3 -c '
import socket, threading
one, other = socket.socketpair()
thread = threading.Thread(target=one.send, args=(b"sent",))
thread.start()
thread.join()
print(other.recv(9), socket.socket(socket.AF_INET).family.name)'
  [ "$output" = "b'sent' AF_INET" ]
}

@test "namespaces, sockets to the hypervisor and of the kernel's cryptography are denied" {
  run -1 "$PROBE" run "$DOCKERS" unshare --user true
  [[ $output == *"Operation not permitted"* ]]
  run -0 "$PROBE" run "$DOCKERS" python3 -c '
import socket
for family in socket.AF_VSOCK, socket.AF_ALG:
  try: socket.socket(family, socket.SOCK_STREAM)
  except OSError as error: print(error.strerror)'
  [ "$output" = "Operation not permitted"$'\n'"Operation not permitted" ]
}

@test "a kept capability opens its calls" {
  [ "$(id -u)" = 0 ] || skip "needs root"
  run -125 "$PROBE" run "$NONE" chroot / true
  [[ $output == *"Operation not permitted"* ]]
  run -0 "$PROBE" run "$SYS_CHROOT" chroot / true
}

# Any filter costs something: the kernel leaves its short way in and out (a quarter more for the shortest call of all
# on the development machine). On top of that an allowed call is free, while a filter that the kernel cannot follow
# costs a tenth.
@test "an allowed call costs at most 1.05 of one under the shortest filter that there can be" {
  run -0 "$PROBE" cost
  echo "$output"
  echo "$output" | sed 's/^/# /' >&3
  of_least=$(sed -n 's/^ours ns=.* of_least=//p' <<<"$output")
  awk -v ratio="$of_least" 'BEGIN { exit !(ratio > 0.5 && ratio <= 1.05) }'
}

@test "the committed table is what the script makes from the facts" {
  run -0 --separate-stderr make_table <"$FACTS"
  diff <(printf '%s\n' "$output") "$TABLE"
}

@test "the script refuses rules that the filter has no instructions for" {
  refuses 's/^rule allow CAP_BPF: bpf/rule allow CAP_NET_ADMIN: bpf/' 'bpf depends on'
  refuses 's/^rule allow arg0:EQ:39: socket/rule allow arg0:EQ:40: socket/' 'the rules for socket'
  refuses 's/^rule allow CAP_SYS_BOOT: reboot/rule allow arg0:EQ:0: reboot/' 'reboot has rules'
  refuses 's/^rule allow CAP_SYSLOG: syslog/rule allow CAP_SYSLOG: syslog vhangup/' 'vhangup depends on'
}
