// SPDX-License-Identifier: MIT
//
// Names, sets and rewritings of all 64 signals, the two without a name and the real-time ones
// included.
#include "base/signals.h"

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

// ---- Words for signals ----

TEST_CASE("a signal is a number, from 1 to 64") {
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    REQUIRE(parse_signal(std::to_string(signal)) == signal);
  }
}

TEST_CASE("every name is read back, with SIG and without") {
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    const std::string name = name_of(signal);
    CAPTURE(name);
    REQUIRE(parse_signal(name) == signal);
    if (name.compare(0, 3, "SIG") == 0) REQUIRE(parse_signal(name.substr(3)) == signal);
  }
}

TEST_CASE("real-time signals are counted from either end") {
  CHECK(parse_signal("RTMIN") == 34);
  CHECK(parse_signal("RTMIN+0") == 34);
  CHECK(parse_signal("RTMIN+3") == 37);
  CHECK(parse_signal("SIGRTMIN+30") == 64);
  CHECK(parse_signal("RTMAX") == 64);
  CHECK(parse_signal("RTMAX-0") == 64);
  CHECK(parse_signal("SIGRTMAX-1") == 63);
  CHECK(parse_signal("RTMAX-30") == 34);
}

TEST_CASE("real-time signals end where the others begin") {
  const char* word =
      GENERATE("RTMIN+31", "RTMAX-31", "SIGRTMIN+31", "RTMIN-1", "RTMAX+1",
               "RTMIN+18446744073709551615", "RTMIN+18446744073709551616", "RTMIN+4294967296");
  CAPTURE(word);
  CHECK_FALSE(parse_signal(word).has_value());
}

TEST_CASE("what is no signal is no signal") {
  const std::string word = GENERATE(
      "", "0", "00", "65", "128", "-1", "+15", "15 ", " 15", "0x0f", "1.5", "18446744073709551631",
      "4294967311", "SIG", "SIG15", "SIGSIGTERM", "SIG TERM", "term", "Term", "sigterm", "SIGterm",
      "TER", "TERMS", "TERM ", " TERM", "HUP    INT", "       ", "BOGUS", "RTMIN+", "RTMAX-",
      "RTMIN3", "RTMIN 3", "RTMIN+ 3", "RTMIN++3", "RTMIN+-3", "RTMINX3", "rtmin", "RTMI", "RT");
  CAPTURE(word);
  CHECK_FALSE(parse_signal(word).has_value());
}

TEST_CASE("nothing behind a word is read") {
  const std::string_view text = "TERM+3:15";
  CHECK(parse_signal(text.substr(0, 4)) == SIGTERM);
  CHECK(parse_signal(text.substr(7, 1)) == SIGHUP);
  const std::string_view real_time = "RTMIN+12";
  CHECK(parse_signal(real_time.substr(0, 5)) == 34);
  CHECK(parse_signal(real_time.substr(0, 7)) == 35);
}

// ---- Rewriting ----

TEST_CASE("a map that is all zero rewrites nothing") {
  const SignalMap map;
  for (int signal = 1; signal <= kSignalMax; ++signal) REQUIRE_FALSE(map.is_rewritten(signal));
}

TEST_CASE("a signal is rewritten, and no other is touched") {
  SignalMap map;
  map.rewrite(64, 1);
  map.rewrite(1, 64);
  CHECK(map.target(64) == 1);
  CHECK(map.target(1) == 64);
  for (int signal = 2; signal < kSignalMax; ++signal) REQUIRE_FALSE(map.is_rewritten(signal));
}

TEST_CASE("a signal that is dropped is rewritten to 0") {
  SignalMap map;
  map.rewrite(SIGHUP, 0);
  CHECK(map.is_rewritten(SIGHUP));
  CHECK(map.target(SIGHUP) == 0);
}

TEST_CASE("many signals may be rewritten to one, and one to itself") {
  SignalMap map;
  for (int signal = 1; signal <= kSignalMax; ++signal) map.rewrite(signal, SIGTERM);
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    REQUIRE(map.is_rewritten(signal));
    REQUIRE(map.target(signal) == SIGTERM);
  }
}

TEST_CASE("the last of two rewritings wins") {
  SignalMap map;
  map.rewrite(SIGHUP, 0);
  map.rewrite(SIGHUP, SIGINT);
  CHECK(map.target(SIGHUP) == SIGINT);
  map.rewrite(SIGHUP, 0);
  CHECK(map.target(SIGHUP) == 0);
}
