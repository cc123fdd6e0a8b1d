// SPDX-License-Identifier: MIT
//
// The values of the init's options (DESIGN 2.4), and CARDBOARD_OPTS, where they may stand as well.
#include <signal.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "cli/parse.h"
#include "support.h"

using namespace cardboard;

namespace {

using Words = std::vector<std::string>;

// The first line of the message, without our name.
std::string complaint(const CommandLine& line) {
  const std::string prefix = "cardboard: ";
  const std::string message = line.message();
  REQUIRE(message.compare(0, prefix.size(), prefix) == 0);
  return message.substr(prefix.size(), message.find('\n') - prefix.size());
}

Environment options_in_variable(const std::string& value) {
  return {{"PATH=/bin", "CARDBOARD_OPTS=" + value, "TERM=xterm"}};
}

}  // namespace

// ---- Exit statuses ----

TEST_CASE("a map that is all zero remaps no status") {
  const StatusMap map;
  for (int status = 0; status <= 255; ++status) REQUIRE(map.target(status) == status);
}

TEST_CASE("a status is remapped, and no other is touched") {
  StatusMap map;
  map.remap(0, 255);
  map.remap(255, 0);
  map.remap(143, 143);
  CHECK(map.target(0) == 255);
  CHECK(map.target(255) == 0);
  for (int status = 1; status < 255; ++status) REQUIRE(map.target(status) == status);
}

TEST_CASE("the last of two remappings wins") {
  StatusMap map;
  map.remap(3, 4);
  map.remap(3, 0);
  CHECK(map.target(3) == 0);
}

TEST_CASE("--remap-exit takes N:M, and N alone for N:0; it adds up") {
  const CommandLine line{"-e", "143", "-e3:4", "--remap-exit=0:255", "--remap-exit", "255:0", "x"};
  REQUIRE(line.accepted());
  CHECK(line.options.remaps.target(143) == 0);
  CHECK(line.options.remaps.target(3) == 4);
  CHECK(line.options.remaps.target(4) == 4);
  CHECK(line.options.remaps.target(0) == 255);
  CHECK(line.options.remaps.target(255) == 0);
}

TEST_CASE("--remap-exit refuses what is no exit status") {
  const std::string value = GENERATE("", ":", "256", "3:256", "256:3", "-1", "3:", ":3", "3:-1",
                                     "3:4:5", "3,4", "x", "3:x", " 3", "18446744073709551616");
  CAPTURE(value);
  CHECK(complaint(CommandLine{"--remap-exit", value, "true"}) ==
        "option '--remap-exit' expects exit statuses from 0 to 255, such as 143 or 3:0, not '" +
            value + "'");
}

// ---- Rewriting ----

TEST_CASE("--rewrite takes A:B, in all of a signal's spellings, and adds up") {
  const CommandLine line{"-r", "TERM:QUIT", "-r1:SIGRTMIN+3", "--rewrite=RTMAX:32", "x"};
  REQUIRE(line.accepted());
  CHECK(line.options.rewrites.target(SIGTERM) == SIGQUIT);
  CHECK(line.options.rewrites.target(SIGHUP) == 37);
  CHECK(line.options.rewrites.target(64) == 32);
  CHECK_FALSE(line.options.rewrites.is_rewritten(SIGQUIT));
}

TEST_CASE("--rewrite to 0 drops the signal") {
  const CommandLine line{"-r", "WINCH:0", "x"};
  REQUIRE(line.accepted());
  CHECK(line.options.rewrites.is_rewritten(SIGWINCH));
  CHECK(line.options.rewrites.target(SIGWINCH) == 0);
}

TEST_CASE("rewritings swap, gather, and are not followed") {
  const CommandLine swap{"-r", "INT:TERM", "-r", "TERM:INT", "x"};
  REQUIRE(swap.accepted());
  CHECK(swap.options.rewrites.target(SIGINT) == SIGTERM);
  CHECK(swap.options.rewrites.target(SIGTERM) == SIGINT);

  const CommandLine gather{"-r", "INT:TERM", "-r", "QUIT:TERM", "x"};
  REQUIRE(gather.accepted());
  CHECK(gather.options.rewrites.target(SIGINT) == SIGTERM);
  CHECK(gather.options.rewrites.target(SIGQUIT) == SIGTERM);

  const CommandLine chain{"-r", "HUP:INT", "-r", "INT:0", "x"};
  REQUIRE(chain.accepted());
  CHECK(chain.options.rewrites.target(SIGHUP) == SIGINT);
}

TEST_CASE("the last of two rewritings of a signal wins") {
  const CommandLine line{"-r", "HUP:INT", "-r", "HUP:0", "-r", "HUP:TERM", "x"};
  REQUIRE(line.accepted());
  CHECK(line.options.rewrites.target(SIGHUP) == SIGTERM);
}

TEST_CASE("a signal may be rewritten to KILL or STOP, which cannot be received") {
  const CommandLine line{"-r", "TERM:KILL", "-r", "TSTP:STOP", "x"};
  REQUIRE(line.accepted());
  CHECK(line.options.rewrites.target(SIGTERM) == SIGKILL);
  CHECK(line.options.rewrites.target(SIGTSTP) == SIGSTOP);
}

TEST_CASE("--rewrite refuses what is no pair of signals") {
  const std::string value =
      GENERATE("", ":", "TERM", "15", "TERM:", ":TERM", "TERM:QUIT:INT", "TERM,QUIT", "TERM:00",
               "0:TERM", "0:0", "65:1", "1:65", "term:quit", "TERM: QUIT", "TERM:-1", "KILL:TERM",
               "STOP:TERM", "9:15", "SIGSTOP:0");
  CAPTURE(value);
  CHECK(complaint(CommandLine{"--rewrite", value, "true"}) ==
        "option '--rewrite' expects two signals, such as TERM:QUIT, or WINCH:0, not '" + value +
            "'");
}

// ---- Signals ----

TEST_CASE("the options that take a signal take all of its spellings") {
  const CommandLine line{"-pTERM", "--stop-signal=SIGRTMIN+3", "x"};
  REQUIRE(line.accepted());
  CHECK(line.options.parent_death_signal == SIGTERM);
  CHECK(line.options.stop_signal == 37);
  CHECK(CommandLine{"-p", "9", "x"}.options.parent_death_signal == SIGKILL);
  CHECK(CommandLine{"-p", "1", "--parent-death-signal=RTMAX", "x"}.options.parent_death_signal ==
        64);
}

TEST_CASE("the options that take a signal refuse what is none") {
  const std::string option = GENERATE("--parent-death-signal", "--stop-signal");
  const std::string value = GENERATE("", "0", "65", "term", "BOGUS", "RTMIN+31", "TERM:INT", "-g");
  CAPTURE(option, value);
  CHECK(complaint(CommandLine{option, value, "true"}) ==
        "option '" + option + "' expects a signal, such as TERM, SIGUSR1, RTMIN+3 or 15, not '" +
            value + "'");
}

// ---- Times, modes, flags ----

TEST_CASE("nothing of the init is asked for where nothing is said") {
  const CommandLine line{"true"};
  REQUIRE(line.accepted());
  CHECK(line.options.notify == Notify::None);
  CHECK_FALSE(line.options.subreaper);
  CHECK_FALSE(line.options.reraise);
  CHECK_FALSE(line.options.wait);
  CHECK_FALSE(line.options.pause);
  CHECK_FALSE(line.options.warn_reaped);
  CHECK(line.options.parent_death_signal == 0);
  CHECK(line.options.stop_signal == 0);
  CHECK_FALSE(line.options.stop_timeout.has_value());
  CHECK_FALSE(line.options.timeout.has_value());
  for (int signal = 1; signal <= kSignalMax; ++signal) {
    REQUIRE_FALSE(line.options.rewrites.is_rewritten(signal));
  }
  for (int status = 0; status <= 255; ++status) {
    REQUIRE(line.options.remaps.target(status) == status);
  }
}

TEST_CASE("the timers are apart, and 0 is something else than none given") {
  const CommandLine line{"--grace=1", "--stop-timeout=2m", "--timeout", "3ms", "x"};
  REQUIRE(line.accepted());
  CHECK(line.options.grace == kSecond);
  CHECK(line.options.stop_timeout == 120 * kSecond);
  CHECK(line.options.timeout == 3 * kMillisecond);
  CHECK(CommandLine{"--stop-timeout=0", "x"}.options.stop_timeout == Nanoseconds{0});
  CHECK(CommandLine{"--timeout=0", "x"}.options.timeout == Nanoseconds{0});
}

TEST_CASE("--stop-timeout and --timeout refuse what is no time") {
  const std::string option = GENERATE("--stop-timeout", "--timeout");
  const std::string value = GENERATE("", "5x", "-1", "soon", "99999999999h");
  CAPTURE(option, value);
  CHECK(complaint(CommandLine{option, value, "true"}) ==
        "option '" + option + "' expects a time, such as 5, 500ms, 2m or 1h, not '" + value + "'");
}

TEST_CASE("--notify takes its two modes, the last of which wins") {
  CHECK(CommandLine{"--notify=exec", "x"}.options.notify == Notify::Exec);
  CHECK(CommandLine{"--notify", "relay", "x"}.options.notify == Notify::Relay);
  CHECK(CommandLine{"--notify=relay", "--notify=exec", "x"}.options.notify == Notify::Exec);
  const std::string value = GENERATE("", "no", "Exec", "exec ", "relays", "execrelay");
  CAPTURE(value);
  CHECK(complaint(CommandLine{"--notify", value, "true"}) ==
        "option '--notify' expects exec or relay, not '" + value + "'");
}

TEST_CASE("the flags are apart") {
  CHECK(CommandLine{"-s", "x"}.options.subreaper);
  CHECK(CommandLine{"--reraise", "x"}.options.reraise);
  CHECK(CommandLine{"--wait", "x"}.options.wait);
  CHECK(CommandLine{"-w", "x"}.options.warn_reaped);
  const CommandLine line{"-sw", "x"};
  CHECK_FALSE(line.options.reraise);
  CHECK_FALSE(line.options.wait);
  CHECK_FALSE(line.options.pause);
}

TEST_CASE("--pause needs no COMMAND") {
  const CommandLine line{"-P"};
  CHECK(line.accepted());
  CHECK(line.options.pause);
  CHECK(line.command().empty());
  CHECK(CommandLine{"--pause", "-w", "--"}.accepted());
}

TEST_CASE("--pause in a container still needs what the container is made around") {
  CHECK(complaint(CommandLine{"--isolate", "--pause"}) == "expects a COMMAND to run");
}

TEST_CASE("the license is a request for information, by three names") {
  const char* word = GENERATE("-l", "-L", "--license");
  const CommandLine line{word};
  CHECK(line.accepted());
  CHECK(line.options.request == Request::License);
}

// ---- CARDBOARD_OPTS ----

TEST_CASE("the variable holds options, split at blanks") {
  const std::string value = GENERATE("-g -r TERM:QUIT --grace 7", "  -g  -r   TERM:QUIT --grace=7 ",
                                     "-grTERM:QUIT --grace=7", "-g -r TERM:QUIT --grace 7 --");
  CAPTURE(value);
  const CommandLine line(options_in_variable(value), {"true", "-v"});
  REQUIRE(line.accepted());
  CHECK(line.options.group);
  CHECK(line.options.rewrites.target(SIGTERM) == SIGQUIT);
  CHECK(line.options.grace == 7 * kSecond);
  CHECK(line.options.verbosity == 0);
  CHECK(line.command() == Words{"true", "-v"});
}

TEST_CASE("nothing is left of a variable that was parsed before") {
  const CommandLine longer(options_in_variable("-g -v -w --grace 7"), {"true"});
  const CommandLine shorter(options_in_variable("-w"), {"true"});
  REQUIRE(shorter.accepted());
  CHECK(shorter.options.warn_reaped);
  CHECK_FALSE(shorter.options.group);
  CHECK(shorter.options.verbosity == 0);
  CHECK_FALSE(shorter.options.grace.has_value());
}

TEST_CASE("a variable that is empty or blank holds nothing") {
  const std::string value = GENERATE("", " ", "    ");
  const CommandLine line(options_in_variable(value), {"true"});
  CHECK(line.accepted());
  CHECK_FALSE(line.options.group);
}

TEST_CASE("a variable with a similar name is not ours") {
  const Environment environment = {{"CARDBOARD_OPTS2=-g", "XCARDBOARD_OPTS=-g", "CARDBOARD_OPTS"}};
  const CommandLine line(environment, {"true"});
  REQUIRE(line.accepted());
  CHECK_FALSE(line.options.group);
}

TEST_CASE("the command line has the last word, and lists add up") {
  const CommandLine line(options_in_variable("-g --grace 7 -v -r HUP:INT -r USR1:0 -e 3"),
                         {"-c", "--grace=1", "-v", "-r", "HUP:TERM", "-e4", "true"});
  REQUIRE(line.accepted());
  CHECK_FALSE(line.options.group);
  CHECK(line.options.grace == kSecond);
  CHECK(line.options.verbosity == 2);
  CHECK(line.options.rewrites.target(SIGHUP) == SIGTERM);
  CHECK(line.options.rewrites.target(SIGUSR1) == 0);
  CHECK(line.options.remaps.target(3) == 0);
  CHECK(line.options.remaps.target(4) == 0);
}

TEST_CASE("the variable may ask to pause") {
  CHECK(CommandLine(options_in_variable("--pause"), {}).accepted());
}

TEST_CASE("the variable holds no option of the container's, whatever the command line says") {
  const CommandLine isolate(options_in_variable("-g --isolate"), {"true"});
  CHECK(complaint(isolate) == "CARDBOARD_OPTS: option '--isolate' is for the command line alone");
  const CommandLine root(options_in_variable("--root /srv"), {"--isolate", "true"});
  CHECK(complaint(root) == "CARDBOARD_OPTS: option '--root' is for the command line alone");
  const CommandLine both(options_in_variable("--isolate --root=/srv"), {"true"});
  REQUIRE(both.error);
  CHECK(both.error->problem == Say::NotForVariable);
}

TEST_CASE("the variable holds no COMMAND") {
  CHECK(complaint(CommandLine(options_in_variable("-g true"), {"true"})) ==
        "CARDBOARD_OPTS: expects options, not 'true'");
  CHECK(complaint(CommandLine(options_in_variable("-- -g"), {"true"})) ==
        "CARDBOARD_OPTS: expects options, not '-g'");
  CHECK(complaint(CommandLine(options_in_variable("-"), {"true"})) ==
        "CARDBOARD_OPTS: expects options, not '-'");
}

TEST_CASE("an error in the variable is told as such, before those of the command line") {
  CHECK(complaint(CommandLine(options_in_variable("--bogus"), {"--silly"})) ==
        "CARDBOARD_OPTS: unknown option '--bogus'");
  CHECK(complaint(CommandLine(options_in_variable("-gX"), {"true"})) ==
        "CARDBOARD_OPTS: unknown option '-X'");
  CHECK(complaint(CommandLine(options_in_variable("--notify never"), {"true"})) ==
        "CARDBOARD_OPTS: option '--notify' expects exec or relay, not 'never'");
  CHECK(complaint(CommandLine(options_in_variable("-g"), {"--silly"})) ==
        "unknown option '--silly'");
}

TEST_CASE("a value that is missing in the variable is not taken from the command line") {
  CHECK(complaint(CommandLine(options_in_variable("-g --grace"), {"7", "true"})) ==
        "CARDBOARD_OPTS: option '--grace' expects a time, such as 5, 500ms, 2m or 1h");
}

TEST_CASE("a request for information in the variable wins over all that follows") {
  CHECK(CommandLine(options_in_variable("--version"), {"true"}).options.request ==
        Request::Version);
  const CommandLine line(options_in_variable("--help --bogus -v"), {"--silly"});
  CHECK(line.message() == "");
  CHECK(line.options.request == Request::Help);
}

TEST_CASE("the variable has room for 64 words") {
  std::string words;
  for (int i = 0; i < 64; ++i) words += "-v ";
  const CommandLine line(options_in_variable(words), {"true"});
  REQUIRE(line.accepted());
  CHECK(line.options.verbosity == 64);

  const CommandLine too_many(options_in_variable(words + "-v"), {"true"});
  CHECK(complaint(too_many) == "CARDBOARD_OPTS is too long");
}

TEST_CASE("the variable has room for 1023 characters") {
  const std::string word = '-' + std::string(1022, 'v');
  const CommandLine line(options_in_variable("   " + word + "   "), {"true"});
  REQUIRE(line.accepted());
  CHECK(line.options.verbosity == 1022);

  const std::size_t more = GENERATE(std::size_t{1}, std::size_t{2}, std::size_t{100'000});
  const CommandLine too_long(options_in_variable(word + std::string(more, 'v')), {"true"});
  CHECK(complaint(too_long) == "CARDBOARD_OPTS is too long");
}
