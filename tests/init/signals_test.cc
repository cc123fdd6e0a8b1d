// SPDX-License-Identifier: MIT
//
// Names and sets of all 64 signals, the two without a name and the real-time ones included.
#include "init/signals.h"

#include <signal.h>

#include <catch2/catch.hpp>
#include <string>

#include "support.h"

using namespace cardboard;

namespace {

std::string name_of(int signal) {
  return written([&](Writer& writer) { write_signal(writer, signal); });
}

}  // namespace

TEST_CASE("the standard signals have the names of signal(7)") {
  const struct {
    int number;
    const char* name;
  } rows[] = {
      {SIGHUP, "SIGHUP"},     {SIGINT, "SIGINT"},       {SIGQUIT, "SIGQUIT"},
      {SIGILL, "SIGILL"},     {SIGTRAP, "SIGTRAP"},     {SIGABRT, "SIGABRT"},
      {SIGBUS, "SIGBUS"},     {SIGFPE, "SIGFPE"},       {SIGKILL, "SIGKILL"},
      {SIGUSR1, "SIGUSR1"},   {SIGSEGV, "SIGSEGV"},     {SIGUSR2, "SIGUSR2"},
      {SIGPIPE, "SIGPIPE"},   {SIGALRM, "SIGALRM"},     {SIGTERM, "SIGTERM"},
      {SIGCHLD, "SIGCHLD"},   {SIGSTKFLT, "SIGSTKFLT"}, {SIGCONT, "SIGCONT"},
      {SIGSTOP, "SIGSTOP"},   {SIGTSTP, "SIGTSTP"},     {SIGTTIN, "SIGTTIN"},
      {SIGTTOU, "SIGTTOU"},   {SIGURG, "SIGURG"},       {SIGXCPU, "SIGXCPU"},
      {SIGXFSZ, "SIGXFSZ"},   {SIGVTALRM, "SIGVTALRM"}, {SIGPROF, "SIGPROF"},
      {SIGWINCH, "SIGWINCH"}, {SIGIO, "SIGIO"},         {SIGPWR, "SIGPWR"},
      {SIGSYS, "SIGSYS"},
  };
  CHECK(std::size(rows) == 31);
  for (const auto& row : rows) REQUIRE(name_of(row.number) == row.name);
}

TEST_CASE("the real-time signals are counted from 34, as glibc, systemd and podman do") {
  CHECK(name_of(34) == "SIGRTMIN");
  CHECK(name_of(35) == "SIGRTMIN+1");
  CHECK(name_of(37) == "SIGRTMIN+3");
  CHECK(name_of(47) == "SIGRTMIN+13");
  CHECK(name_of(64) == "SIGRTMIN+30");
}

TEST_CASE("a signal without a name is written as its number") {
  CHECK(name_of(32) == "32");
  CHECK(name_of(33) == "33");
}

// A weird number must not reach beyond the table of names.
TEST_CASE("what is no signal is written as its number") {
  CHECK(name_of(0) == "0");
  CHECK(name_of(-1) == "-1");
  CHECK(name_of(65) == "65");
  CHECK(name_of(128) == "128");
}

TEST_CASE("the empty set holds no signal and the full one all 64") {
  CHECK(SignalSet{}.bits == 0);
  CHECK(SignalSet::all().bits == 0xffff'ffff'ffff'ffff);
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    CAPTURE(signal);
    REQUIRE_FALSE(SignalSet{}.contains(signal));
    REQUIRE(SignalSet::all().contains(signal));
  }
}

TEST_CASE("bit N-1 stands for signal N, from the first to the last") {
  CHECK(SignalSet{}.with(1).bits == 1);
  CHECK(SignalSet{}.with(SIGTERM).bits == 0x4000);
  CHECK(SignalSet{}.with(32).bits == 0x8000'0000);
  CHECK(SignalSet{}.with(33).bits == 0x1'0000'0000);
  CHECK(SignalSet{}.with(64).bits == 0x8000'0000'0000'0000);
}

TEST_CASE("a signal is put into a set and taken out of it, and no other is touched") {
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    const SignalSet alone = SignalSet{}.with(signal);
    const SignalSet others = SignalSet::all().without(signal);
    for (int other = 1; other <= kSignalMax; ++other) {
      CAPTURE(signal, other);
      REQUIRE(alone.contains(other) == (other == signal));
      REQUIRE(others.contains(other) == (other != signal));
    }
    REQUIRE(alone.with(signal).bits == alone.bits);
    REQUIRE(alone.without(signal).bits == 0);
    REQUIRE(others.without(signal).bits == others.bits);
    REQUIRE(others.with(signal).bits == SignalSet::all().bits);
  }
}
