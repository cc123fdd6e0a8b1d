// SPDX-License-Identifier: MIT
//
// The options and environment variables of the programs that we stand in for: all that they take,
// and nothing that they do not.
#include <signal.h>

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "cli/parse.h"
#include "support.h"

using namespace cardboard;

namespace {

using Words = std::vector<std::string>;
using Views = std::vector<std::string_view>;

struct As : CommandLine {
  As(std::string_view program, const Views& words, const Environment& environment = {})
      : CommandLine(environment, words, program) {}
};

// A problem that is none.
constexpr Say kNoProblem = Say::Help;

Say problem_of(const CommandLine& line) { return line.error ? line.error->problem : kNoProblem; }

std::string names_of(const Personality& personality) {
  std::string names;
  for (const OptionSpec& option : rows_of(options_of(personality))) {
    for (const char letter : std::string(option.letters)) names += std::string{'-', letter, ' '};
    const std::string dashes = is_variable(option.name[0]) ? "" : "--";
    if (*option.name != '\0') names += dashes + option.name + ' ';
  }
  return names;
}

}  // namespace

TEST_CASE("each program has its options and no others") {
  CHECK(names_of(*find_personality("tini")) ==
        "-h --version -l -s -p -v -w -g -e "
        "TINI_SUBREAPER TINI_KILL_PROCESS_GROUP TINI_VERBOSITY ");
  CHECK(names_of(*find_personality("dumb-init")) ==
        "-c --single-child -r --rewrite -v --verbose -h --help -V --version "
        "DUMB_INIT_DEBUG=1 DUMB_INIT_SETSID=0 ");
  CHECK(names_of(*find_personality("catatonit")) == "-g -h -L -P -V --version CATATONIT_DEBUG ");
}

TEST_CASE("what is read from the environment alone is no option of the command line") {
  CHECK(problem_of(As("tini", {"--TINI_SUBREAPER", "x"})) == Say::UnknownOption);
  CHECK(problem_of(As("tini", {"--TINI_VERBOSITY=3", "x"})) == Say::UnknownOption);
  CHECK(problem_of(As("dumb-init", {"--DUMB_INIT_SETSID=0", "x"})) == Say::UnknownOption);
  CHECK(problem_of(As("catatonit", {"--CATATONIT_DEBUG", "x"})) == Say::UnknownOption);
}

TEST_CASE("an option that has no long name is not found by an empty one") {
  for (const char* program : {"tini", "dumb-init", "catatonit"}) {
    CAPTURE(program);
    CHECK(problem_of(As(program, {"--=1", "x"})) == Say::UnknownOption);
    CHECK(problem_of(As(program, {"--=", "x"})) == Say::UnknownOption);
  }
}

TEST_CASE("options of all programs end at the first other word, or at --") {
  for (const char* program : {"tini", "dumb-init", "catatonit"}) {
    CAPTURE(program);
    const As plain(program, {"ls", "-g", "-v", "--help"});
    REQUIRE(plain.accepted());
    CHECK(plain.command() == Words{"ls", "-g", "-v", "--help"});
    const As dashes(program, {"--", "-h", "--", "x"});
    REQUIRE(dashes.accepted());
    CHECK(dashes.options.request == Request::Run);
    CHECK(dashes.command() == Words{"-h", "--", "x"});
    CHECK(problem_of(As(program, {})) == Say::NoCommand);
    CHECK(problem_of(As(program, {"--"})) == Say::NoCommand);
  }
}

// ---- tini ----

TEST_CASE("tini's flags set what ours do") {
  CHECK(As("tini", {"-s", "x"}).options.subreaper);
  CHECK(As("tini", {"-w", "x"}).options.warn_reaped);
  CHECK(As("tini", {"-g", "x"}).options.group);
  CHECK(As("tini", {"-h"}).options.request == Request::Help);
  CHECK(As("tini", {"-l"}).options.request == Request::License);
  CHECK(As("tini", {"--version"}).options.request == Request::Version);
  const As line("tini", {"-gsw", "x"});
  CHECK(line.options.group);
  CHECK(line.options.subreaper);
  CHECK(line.options.warn_reaped);
  CHECK(problem_of(As("tini", {"--group", "x"})) == Say::UnknownOption);
  CHECK(problem_of(As("tini", {"--help"})) == Say::UnknownOption);
  CHECK(problem_of(As("tini", {"-V"})) == Say::UnknownLetter);
  CHECK(problem_of(As("tini", {"--version=1"})) == Say::UnexpectedArgument);
}

TEST_CASE("tini's verbosity begins at 1 and grows with each -v") {
  CHECK(As("tini", {"-v", "x"}).options.verbosity == 2);
  CHECK(As("tini", {"-vvv", "x"}).options.verbosity == 4);
  CHECK(As("tini", {"-v", "-vg", "-v", "x"}).options.verbosity == 4);
}

TEST_CASE("tini's -p takes a signal by its name with SIG alone, behind it or in the next word") {
  CHECK(As("tini", {"-p", "SIGTERM", "x"}).options.parent_death_signal == SIGTERM);
  CHECK(As("tini", {"-pSIGKILL", "x"}).options.parent_death_signal == SIGKILL);
  CHECK(As("tini", {"-gpSIGUSR1", "x"}).options.parent_death_signal == SIGUSR1);
  CHECK(As("tini", {"-p", "SIGTERM", "-p", "SIGINT", "x"}).options.parent_death_signal == SIGINT);
  const std::string bad =
      GENERATE("", "TERM", "15", "SIG", "SIGFOO", "sigterm", "SIGTERM ", "SIG15", "SIGSIGTERM");
  CAPTURE(bad);
  const As line("tini", {"-p", bad, "x"});
  CHECK(problem_of(line) == Say::BadArgument);
  CHECK(line.message() == "[FATAL tini (4711)] Not a valid option for -p: " + bad + "\n");
}

TEST_CASE("tini's -e takes one status, which becomes 0") {
  const As line("tini", {"-e", "143", "-e0", "-se255", "x"});
  REQUIRE(line.accepted());
  CHECK(line.options.remaps.target(143) == 0);
  CHECK(line.options.remaps.target(255) == 0);
  CHECK(line.options.remaps.target(142) == 142);
  const std::string bad =
      GENERATE("-1", "256", "x", "143x", "0x8f", "143:0", "143:", ":", "1,2", "99999999999");
  CAPTURE(bad);
  const As refused("tini", {"-e", bad, "x"});
  CHECK(problem_of(refused) == Say::BadArgument);
  CHECK(refused.message() == "[FATAL tini (4711)] Not a valid option for -e: " + bad + "\n");
}

TEST_CASE("tini's variables count by being there, and the verbosity by its number") {
  CHECK(As("tini", {"x"}, {{"TINI_SUBREAPER="}}).options.subreaper);
  CHECK(As("tini", {"x"}, {{"TINI_SUBREAPER=0"}}).options.subreaper);
  CHECK(As("tini", {"x"}, {{"TINI_KILL_PROCESS_GROUP="}}).options.group);
  CHECK(As("tini", {"x"}, {{"TINI_VERBOSITY=3"}}).options.verbosity == 3);
  CHECK(As("tini", {"x"}, {{"TINI_VERBOSITY=0"}}).options.verbosity == 0);
  // Read last by tini, and so the last word.
  CHECK(As("tini", {"-vvv", "x"}, {{"TINI_VERBOSITY=1"}}).options.verbosity == 1);
  CHECK(As("tini", {"x"}, {{"TINI_VERBOSITY=loud"}}).options.verbosity == 0);
  const As none("tini", {"x"}, {{"XTINI_SUBREAPER=1", "TINI_SUBREAPE=1", "TINI_SUBREAPER"}});
  CHECK_FALSE(none.options.subreaper);
  CHECK(none.options.verbosity == 1);
}

// ---- dumb-init ----

TEST_CASE("dumb-init's flags set what ours do, by both names") {
  for (const char* word : {"-c", "--single-child"}) {
    CHECK_FALSE(As("dumb-init", {word, "x"}).options.group);
  }
  for (const char* word : {"-v", "--verbose"}) {
    CHECK(As("dumb-init", {word, "x"}).options.verbosity == 1);
  }
  for (const char* word : {"-h", "--help"}) {
    CHECK(As("dumb-init", {word}).options.request == Request::Help);
  }
  for (const char* word : {"-V", "--version"}) {
    CHECK(As("dumb-init", {word}).options.request == Request::Version);
  }
  CHECK(problem_of(As("dumb-init", {"-g", "x"})) == Say::UnknownLetter);
  CHECK(problem_of(As("dumb-init", {"--yolo", "x"})) == Say::UnknownOption);
  CHECK(problem_of(As("dumb-init", {"--help=1"})) == Say::UnexpectedArgument);
}

TEST_CASE("dumb-init's -r takes numbers of signals from 1 to 31, and 0 to drop") {
  const As line("dumb-init", {"-r", "15:3", "-r1:0", "--rewrite", "31:1", "--rewrite=2:31", "-cr",
                              "10:12", "x"});
  REQUIRE(line.accepted());
  CHECK(line.options.rewrites.target(SIGTERM) == SIGQUIT);
  CHECK(line.options.rewrites.is_rewritten(SIGHUP));
  CHECK(line.options.rewrites.target(SIGHUP) == 0);
  CHECK(line.options.rewrites.target(31) == SIGHUP);
  CHECK(line.options.rewrites.target(SIGINT) == 31);
  CHECK(line.options.rewrites.target(SIGUSR1) == SIGUSR2);
  CHECK_FALSE(line.options.group);
}

// The cases of dumb-init's own tests/cli_test.py, and more of their kind.
TEST_CASE("dumb-init's -r refuses all else with one text") {
  const Views words = GENERATE(values<Views>({
      {"-r", ""},
      {"-r", "herp"},
      {"-r", "herp:derp"},
      {"-r", "15"},
      {"-r", "15::12"},
      {"-r", "15:derp"},
      {"-r", "15:12", "-r", "0"},
      {"-r", "15:12", "-r", "1:32"},
      {"-r", "0:1"},
      {"-r", "32:1"},
      {"-r", "-1:1"},
      {"-r", "1:-1"},
      {"-r", "15:"},
      {"-r", ":15"},
      {"-r", "TERM:QUIT"},
      {"-r4294967297:1"},
      {"--rewrite="},
      {"--rewrite", "15"},
  }));
  Views all = words;
  all.insert(all.end(), {"echo", "oh,", "hi"});
  const As line("dumb-init", all);
  CHECK(problem_of(line) == Say::BadArgument);
  CHECK(line.message() ==
        "Usage: -r option takes <signum>:<signum>, where <signum> is between 1 and 31.\n"
        "This option can be specified multiple times.\n"
        "Use --help for full usage.\n");
}

TEST_CASE(
    "dumb-init's -r takes the next word whatever it is, and asks for it where it is missing") {
  CHECK(problem_of(As("dumb-init", {"-r", "echo", "oh,", "hi"})) == Say::BadArgument);
  CHECK(problem_of(As("dumb-init", {"-r", "15:12", "-r"})) == Say::MissingArgument);
}

TEST_CASE("dumb-init's variables count with one value alone, and have the last word") {
  CHECK(As("dumb-init", {"x"}, {{"DUMB_INIT_DEBUG=1"}}).options.verbosity == 1);
  CHECK(As("dumb-init", {"x"}, {{"DUMB_INIT_DEBUG=2"}}).options.verbosity == 0);
  CHECK(As("dumb-init", {"x"}, {{"DUMB_INIT_DEBUG=11"}}).options.verbosity == 0);
  CHECK(As("dumb-init", {"x"}, {{"DUMB_INIT_DEBUG="}}).options.verbosity == 0);
  CHECK_FALSE(As("dumb-init", {"x"}, {{"DUMB_INIT_SETSID=0"}}).options.group);
  CHECK(As("dumb-init", {"x"}, {{"DUMB_INIT_SETSID=1"}}).options.group);
  CHECK(As("dumb-init", {"x"}, {{"DUMB_INIT_SETSID="}}).options.group);
  const As both("dumb-init", {"x"}, {{"DUMB_INIT_SETSID=0", "DUMB_INIT_DEBUG=1"}});
  CHECK_FALSE(both.options.group);
  CHECK(both.options.verbosity == 1);
}

// ---- catatonit ----

TEST_CASE("catatonit's flags set what ours do") {
  CHECK(As("catatonit", {"-g", "x"}).options.group);
  CHECK(As("catatonit", {"-h"}).options.request == Request::Help);
  CHECK(As("catatonit", {"-L"}).options.request == Request::License);
  CHECK(As("catatonit", {"-V"}).options.request == Request::Version);
  CHECK(As("catatonit", {"--version"}).options.request == Request::Version);
  CHECK(problem_of(As("catatonit", {"-v", "x"})) == Say::UnknownLetter);
  CHECK(problem_of(As("catatonit", {"-l"})) == Say::UnknownLetter);
  CHECK(problem_of(As("catatonit", {"--help"})) == Say::UnknownOption);
  CHECK(problem_of(As("catatonit", {"--version=1"})) == Say::UnexpectedArgument);
}

TEST_CASE("catatonit pauses without a COMMAND") {
  const As line("catatonit", {"-P"});
  CHECK(line.accepted());
  CHECK(line.options.pause);
  CHECK(As("podman-init", {"-gP"}).options.pause);
}

TEST_CASE("catatonit's variable counts by being there") {
  CHECK(As("catatonit", {"x"}, {{"CATATONIT_DEBUG="}}).options.verbosity == 1);
  CHECK(As("catatonit", {"x"}, {{"CATATONIT_DEBUGS=1"}}).options.verbosity == 0);
}

// ---- Each for itself ----

TEST_CASE("the variables of one program mean nothing to another, nor to us") {
  const Environment all = {{"TINI_SUBREAPER=1", "TINI_KILL_PROCESS_GROUP=1", "TINI_VERBOSITY=3",
                            "DUMB_INIT_DEBUG=1", "DUMB_INIT_SETSID=0", "CATATONIT_DEBUG=1"}};
  const As native("cardboard", {"x"}, all);
  CHECK_FALSE(native.options.subreaper);
  CHECK_FALSE(native.options.group);
  CHECK(native.options.verbosity == 0);
  const As tini("tini", {"x"}, all);
  CHECK(tini.options.subreaper);
  CHECK(tini.options.group);
  CHECK(tini.options.verbosity == 3);
  const As dumb_init("dumb-init", {"x"}, all);
  CHECK_FALSE(dumb_init.options.subreaper);
  CHECK_FALSE(dumb_init.options.group);
  CHECK(dumb_init.options.verbosity == 1);
  const As catatonit("catatonit", {"x"}, all);
  CHECK_FALSE(catatonit.options.group);
  CHECK(catatonit.options.verbosity == 1);
}

TEST_CASE("the environment says nothing where only information is asked for") {
  const As line("dumb-init", {"-h"}, {{"DUMB_INIT_DEBUG=1"}});
  CHECK(line.options.request == Request::Help);
  CHECK(line.options.verbosity == 0);
}
