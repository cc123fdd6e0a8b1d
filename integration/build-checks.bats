# SPDX-License-Identifier: MIT
# What the build promises, tried on two copies of the tree that an ordinary user builds in two directories: the
# same small static bytes without a warning, nothing written elsewhere, and the make targets doing as they say.

bats_require_minimum_version 1.5.0

# Nothing of the caller's: not the make that may be running this, nor CI, nor compilers of its own.
clean_env() {
  env -i HOME=/nonexistent LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin "$@"
}

as_user() {
  if [ "$(id -u)" = 0 ]; then
    clean_env setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
  else
    clean_env "$@"
  fi
}

# copy_tree DIR: what a clone of the working tree has, the user's own.
copy_tree() {
  mkdir -p "$1"
  tar -C "$BATS_TEST_DIRNAME/.." --exclude=./build --exclude=./.git -cf - . | tar -C "$1" -xf -
  [ "$(id -u)" != 0 ] || chown -R 65534:65534 "$1"
}

setup_file() {
  # Not below bats' own directory, which an ordinary user cannot enter.
  ROOM=$(mktemp -d "${TMPDIR:-/tmp}/cardboard-build.XXXXXX")
  ONE=$ROOM/one
  TWO=$ROOM/two/in/another/place
  export ROOM ONE TWO
  chmod 755 "$ROOM"
  copy_tree "$ONE"
  copy_tree "$TWO"
  touch "$ROOM/before"
  # What fails here is the first test's to report.
  as_user make -C "$ONE" -j2 CI=true >"$ROOM/one.out" 2>"$ROOM/one.err" || true
  (umask 077 && as_user make -C "$TWO") >"$ROOM/two.out" 2>&1 || true
}

teardown_file() {
  rm -rf "$ROOM"
}

program_headers() {
  LC_ALL=C readelf -lW "$ONE/build/cardboard"
}

@test "make as an ordinary user builds the binary and has nothing to warn of" {
  cat "$ROOM/one.err"
  [ -x "$ONE/build/cardboard" ]
  [ ! -s "$ROOM/one.err" ]
  run ! grep -iE 'warning|error:' "$ROOM/one.out"
}

@test "two builds in two directories give the same bytes" {
  cmp "$ONE/build/cardboard" "$TWO/build/cardboard"
}

@test "clang++ builds it, too, though larger than g++" {
  copy_tree "$ROOM/clang"
  as_user make -C "$ROOM/clang" -j2 CXX=clang++ SIZE_LIMIT=45056 all build/hello
  # What is packed is unpacked as well.
  [ "$("$ROOM/clang/build/cardboard" --isolate "$ROOM/clang/build/hello")" = "Hello, world!" ]
  "$ROOM/clang/build/cardboard" sh -c 'exit 7' && return 1
  [ $? = 7 ]
}

@test "the build writes into build/ and nowhere else" {
  run find "$ONE" -path "$ONE/build" -prune -o -newer "$ROOM/before" ! -path "$ONE" -print
  [ "$output" = "" ]
}

@test "the binary has at most 40,960 bytes" {
  [ "$(stat -c %s "$ONE/build/cardboard")" -le 40960 ]
}

@test "the binary is static: no interpreter, nothing to load, no address to fix" {
  run -0 program_headers
  [[ $output == *LOAD* ]]
  [[ $output != *INTERP* ]]
  [[ $output != *DYNAMIC* ]]
  LC_ALL=C readelf -d "$ONE/build/cardboard" | grep 'no dynamic section'
  LC_ALL=C readelf -r "$ONE/build/cardboard" | grep 'no relocations'
}

@test "no segment is writable and executable, and the stack is not executable" {
  program_headers | awk '
    $1 == "LOAD" || $1 == "GNU_STACK" { flags = ""; for (i = 7; i < NF; ++i) flags = flags $i; seen[$1] = 1
      if (flags ~ /W/ && flags ~ /E/) bad = 1
      if ($1 == "GNU_STACK" && flags ~ /E/) bad = 1 }
    END { exit bad || !seen["LOAD"] || !seen["GNU_STACK"] }'
}

@test "the binary has no symbols left, no build id and no compiler's name" {
  run -0 env LC_ALL=C readelf -SW "$ONE/build/cardboard"
  [[ $output != *.symtab* ]]
  [[ $output != *.note* ]]
  [[ $output != *.comment* ]]
}

# An undefined symbol would not link; what is here is what some line of the source pulled in.
@test "there is no heap, no stdio, no C++ runtime and no destructor at exit in it" {
  nm -C "$ONE/build/cardboard.debug" >"$ROOM/symbols"
  grep -q ' T main$' "$ROOM/symbols"
  run ! grep -E ' [TtDdBbRrWw] (_*(libc_)?(malloc|calloc|realloc|free)|_*brk|sbrk|v?[sdfna]*printf(_core)?|fwrite|fputs|puts|(__)?fopen|__stdio_.*write|_*(stdin|stdout|stderr)(_FILE)?|atexit|__cxa_.*|__gxx_.*|_Unwind_.*|std::__throw.*|operator (new|delete).*|getopt(_long)?|strto(l|ul|ll|ull)|getpw(nam|uid))$' "$ROOM/symbols"
}

@test "make a second time builds nothing, and a changed header what includes it" {
  run -0 as_user make -C "$ONE" CI=true
  [[ $output != *CXX* ]]
  as_user touch "$ONE/src/base/signals.h"
  run -0 as_user make -C "$ONE" CI=true
  [[ $output == *"CXX   src/base/signals.cc"* ]]
  [[ $output != *"CXX   src/base/text.cc"* ]]
  cmp "$ONE/build/cardboard" "$TWO/build/cardboard"
}

@test "make fails above the limit, and says by how much" {
  run -2 as_user make -C "$TWO" SIZE_LIMIT=10000
  [[ $output == *"build/cardboard: "*" bytes, the limit is 10000"* ]]
}

@test "make size prints the sections and twenty symbols, and fails above the limit too" {
  run -0 as_user make -C "$ONE" CI=true size
  [[ $output == *.text* && $output == *.bss* ]]
  [ "$(grep -cE '^ [0-9]+ [A-Za-z] ' <<<"$output")" = 20 ]
  [[ $output == *" bytes of 40960"* ]]
  run -2 as_user make -C "$ONE" CI=true size SIZE_LIMIT=10000
}

@test "where the compiler or musl is missing, make names the package in one line" {
  copy_tree "$ROOM/bare"
  run -2 --separate-stderr as_user make -C "$ROOM/bare" CXX=/nonexistent/g++
  [ "$(grep -v '^make: ' <<<"$stderr")" = \
    "cannot build cardboard: no compiler '/nonexistent/g++' (on Debian: apt-get install g++)" ]
  run -2 --separate-stderr as_user make -C "$ROOM/bare" MUSL_LIB=/nonexistent
  [ "$(grep -v '^make: ' <<<"$stderr")" = \
    "cannot build cardboard: no musl: /nonexistent/libc.a is missing (on Debian: apt-get install musl-tools)" ]
}

@test "make install puts two files where DESTDIR and PREFIX say, and make uninstall removes them" {
  as_user mkdir "$ONE/build/stage"
  as_user make -C "$ONE" CI=true DESTDIR="$ONE/build/stage" PREFIX=/opt install
  run -0 find "$ONE/build/stage" -type f -printf '%P %m\n'
  [ "$(sort <<<"$output")" = $'opt/bin/cardboard 755\nopt/share/man/man8/cardboard.8 644' ]
  cmp "$ONE/build/stage/opt/bin/cardboard" "$ONE/build/cardboard"
  as_user make -C "$ONE" DESTDIR="$ONE/build/stage" PREFIX=/opt uninstall
  run -0 find "$ONE/build/stage" -type f
  [ "$output" = "" ]
}

@test "make help names every target, and make clean removes all that was built" {
  run -0 as_user make -C "$ONE" help
  grep -o '^[a-z]*:' "$ONE/Makefile" | while read -r target; do
    grep -qE "^  make ${target%:} +[A-Z]" <<<"$output"
  done
  as_user make -C "$TWO" clean
  [ ! -e "$TWO/build" ]
}

@test "install-packages asks for nothing that is there, and names what it cannot install" {
  local bare=$ROOM/bin tool
  mkdir "$bare"
  for tool in bash cat grep id ldd make uname; do ln -s "$(command -v $tool)" "$bare"; done
  run -0 as_user "$ONE/integration/install-packages"
  [ "$output" = "" ]
  # Its own additions to PATH, where merged /usr has all of it, have to go too.
  sed 's/^PATH=.*//' "$ONE/integration/install-packages" >"$ROOM/install-packages"
  run -1 as_user env PATH="$bare" bash "$ROOM/install-packages" build
  [[ $output == *"this machine lacks g++"* ]]
  [[ $output == *"apt-get install"*"g++"* ]]
  [[ $output != *"lacks make"* ]]
}

@test "the summary counts what passed, failed and was skipped; on CI a skip is a failure" {
  local script=$TWO/integration/run-tests
  rm "$TWO"/integration/*.bats
  printf '%s\n' '@test "a" { true; }' '@test "b" { false; }' '@test "c" { skip "so"; }' '@test "d" { true; }' \
    >"$TWO/integration/four.bats"
  run -1 clean_env "$script" integration
  [ "${lines[-1]}" = "2 passed, 1 failed, 1 skipped" ]
  run -1 clean_env CI=true "$script" integration
  [ "${lines[-1]}" = "2 passed, 2 failed, 0 skipped" ]
  run -1 clean_env ONLY=missing "$script" integration
  [ "${lines[-1]}" = "0 passed, 1 failed, 0 skipped" ]
  sed -i '/"[bc]"/d' "$TWO/integration/four.bats"
  run -0 clean_env CI=true ONLY=four "$script" integration
  [ "${lines[-1]}" = "2 passed, 0 failed, 0 skipped" ]
}

@test "a test that hangs is ended and fails, and so does a run that breaks off" {
  local script=$TWO/integration/run-tests
  printf '%s\n' '@test "hangs" { run sleep 300; }' '@test "passes" { true; }' >"$TWO/integration/four.bats"
  run -1 clean_env TEST_TIMEOUT=1 "$script" integration
  [ "${lines[-1]}" = "1 passed, 1 failed, 0 skipped" ]
  mkdir -p "$TWO/build"
  printf '%s\n' '#!/bin/sh' 'echo "ok 1 a"' 'kill -SEGV $$' >"$TWO/build/unit-tests"
  chmod +x "$TWO/build/unit-tests"
  run -1 clean_env "$script" unit
  [ "${lines[-1]}" = "1 passed, 1 failed, 0 skipped" ]
}
