#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The help is made from the table of options; the manual and the README are written by hand. Here they are
# held to the help, so that none of the three tells of an option, or of a spelling, that the others do not.

setup() {
  cd "$BATS_TEST_DIRNAME/.."
}

# A line an option, of its spellings: "-g --group". Sorted.
spellings() { grep -oE -- '(^|[ ,`])--?[a-zA-Z][a-z-]*' | tr -d ' ,`' | paste -sd ' '; }

options_of_help() {
  build/cardboard --help | sed -nE 's/^  +(-.*)/\1/p' | sed -E 's/   .*//' | while read -r line; do
    spellings <<<"$line"
  done | sort
}

options_of_manual() {
  grep -E '^\.It Fl ' src/cardboard.8 | sed -E 's/^\.It Fl //; s/ (Ar|Cm|Ns|Oo) .*//; s/ , /,/g' | while read -r line; do
    sed -E 's/(^|,)/\1-/g; s/,/, /g' <<<"$line" | spellings
  done | sort
}

options_of_readme() {
  sed -nE 's/^\| (`-[^|]*`) \|.*/\1/p' README.md | while read -r line; do spellings <<<"$line"; done | sort
}

@test "the help names options at all" {
  [ "$(options_of_help | wc -l)" -ge 8 ]
  options_of_help | grep -qx -- '-g --group'
  options_of_help | grep -qx -- '--isolate'
}

@test "the manual has the options of the help and no others" {
  diff <(options_of_help) <(options_of_manual)
}

@test "the README has the options of the help and no others" {
  diff <(options_of_help) <(options_of_readme)
}

@test "the manual and the README have a line for each exit status of our own" {
  for status in $(sed -nE 's/^inline constexpr int kExit[A-Za-z]+ = ([0-9]+);/\1/p' src/base/error.h); do
    [ "$status" != 124 ] || build/cardboard --help | grep -q -- --timeout || continue
    grep -qE "^\.It .*$status" src/cardboard.8
    grep -qE "^\| .*$status.* \|" README.md
  done
}
