// SPDX-License-Identifier: MIT
//
// Who we are taken for: by argv[0]'s name, by --compat, and what follows from it before any option
// is read. The options are in personality_options_test.cc, the words in personality_words_test.cc.
#include "cli/personality.h"

#include <signal.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "cli/parse.h"
#include "support.h"

using namespace cardboard;

namespace {

// The name for --compat, which is the first.
std::string first_name(const Personality& personality) {
  const std::string names = personality.names;
  return names.substr(0, names.find(' '));
}

std::string personality_of(std::string_view program) {
  return first_name(CommandLine(Environment{}, {"true"}, program).personality());
}

Environment options_in_variable(const std::string& value) { return {{"CARDBOARD_OPTS=" + value}}; }

const std::string kNames[] = {"none", "tini", "dumb-init", "catatonit"};

}  // namespace

TEST_CASE("the name of the program chooses the personality, wherever the program lies") {
  const std::string directory = GENERATE("", "/", "/sbin/", "./", "/opt/dumb-init/", "../tini/");
  CAPTURE(directory);
  CHECK(personality_of(directory + "tini") == "tini");
  CHECK(personality_of(directory + "tini-static") == "tini");
  CHECK(personality_of(directory + "docker-init") == "tini");
  CHECK(personality_of(directory + "dumb-init") == "dumb-init");
  CHECK(personality_of(directory + "catatonit") == "catatonit");
  CHECK(personality_of(directory + "podman-init") == "catatonit");
  CHECK(personality_of(directory + "cardboard") == "none");
}

TEST_CASE("any other name is a native one") {
  const std::string name =
      GENERATE("init", "", " ", "/", "tini/", "Tini", "tin", "tinis", "tini ", "-tini", "tini-stat",
               "tini tini-static", "tini-amd64", "dumb", "dumb_init", "docker", "podman",
               "catatonit2", "init-dumb", "tini-static docker-init", "none ");
  CAPTURE(name);
  CHECK(personality_of(name) == "none");
}

TEST_CASE("who is executed without a name of its own is native") {
  Argv argv({});
  Argv environment({});
  Options options;
  UsageError error;
  parse_options(argv.get(), environment.get(), options, error);
  CHECK(options.personality == &native_personality());
}

TEST_CASE("--compat chooses the personality, and what follows are its options") {
  for (const std::string& name : kNames) {
    CAPTURE(name);
    CHECK(first_name(CommandLine{"--compat", name, "true"}.personality()) == name);
    CHECK(first_name(CommandLine{"--compat=" + name, "true"}.personality()) == name);
  }
  // -s is tini's, -r is not; and with --grace neither has it.
  CHECK(CommandLine{"--compat", "tini", "-s", "true"}.options.subreaper);
  CHECK_FALSE(CommandLine{"--compat", "tini", "-r", "1:2", "true"}.accepted());
  CHECK_FALSE(CommandLine{"--compat", "dumb-init", "--grace", "1", "true"}.accepted());
  CHECK(CommandLine{"--compat", "dumb-init", "-r", "1:2", "true"}.accepted());
  CHECK_FALSE(CommandLine{"--compat", "dumb-init", "-r", "HUP:2", "true"}.accepted());
  CHECK(CommandLine{"--compat", "none", "-r", "HUP:2", "true"}.accepted());
}

TEST_CASE("--compat takes the other names of the programs as well") {
  CHECK(first_name(CommandLine{"--compat=docker-init", "true"}.personality()) == "tini");
  CHECK(first_name(CommandLine{"--compat=podman-init", "true"}.personality()) == "catatonit");
}

TEST_CASE("what --compat does not know is refused") {
  const std::string value = GENERATE("", "native", "Tini", "dumb", "cardboard", "/sbin/tini");
  CAPTURE(value);
  const CommandLine line{"--compat", value, "true"};
  CHECK(line.message() ==
        "cardboard: option '--compat' expects tini, dumb-init, catatonit or none, not '" + value +
            "'\nTry 'cardboard --help' for more information.\n");
}

TEST_CASE("no program that we stand in for has --compat") {
  const std::string program = GENERATE("tini", "dumb-init", "catatonit");
  CAPTURE(program);
  const CommandLine line(Environment{}, {"--compat", "none", "true"}, program);
  REQUIRE(line.error.has_value());
  CHECK(line.error->problem == Say::UnknownOption);
  CHECK(first_name(line.personality()) == program);
}

TEST_CASE("each begins with the verbosity and the target of signals that are its habit") {
  const CommandLine native{"true"};
  CHECK(native.options.verbosity == 0);
  CHECK_FALSE(native.options.group);
  const CommandLine tini(Environment{}, {"true"}, "tini");
  CHECK(tini.options.verbosity == 1);
  CHECK_FALSE(tini.options.group);
  const CommandLine dumb_init(Environment{}, {"true"}, "dumb-init");
  CHECK(dumb_init.options.verbosity == 0);
  CHECK(dumb_init.options.group);
  const CommandLine catatonit(Environment{}, {"true"}, "catatonit");
  CHECK(catatonit.options.verbosity == 0);
  CHECK_FALSE(catatonit.options.group);
}

TEST_CASE("the habits of another do not outlast --compat") {
  const CommandLine line(options_in_variable("--compat none"), {"true"}, "dumb-init");
  CHECK_FALSE(line.options.group);
  const CommandLine quiet(options_in_variable("--compat none"), {"true"}, "tini");
  CHECK(quiet.options.verbosity == 0);
}

// ---- CARDBOARD_OPTS, under every name ----

TEST_CASE("the variable holds our own options, whatever our name") {
  for (const std::string& name : kNames) {
    CAPTURE(name);
    const CommandLine line(options_in_variable("--grace 7 --rewrite HUP:INT -e 3:4 --timeout=1m"),
                           {"true"}, name);
    REQUIRE(line.accepted());
    CHECK(first_name(line.personality()) == name);
    CHECK(line.options.grace == 7 * kSecond);
    CHECK(line.options.timeout == 60 * kSecond);
    CHECK(line.options.rewrites.target(SIGHUP) == SIGINT);
    CHECK(line.options.remaps.target(3) == 4);
  }
}

TEST_CASE("the variable can choose another personality than the name does") {
  for (const std::string& name : kNames) {
    for (const std::string& chosen : kNames) {
      CAPTURE(name, chosen);
      const CommandLine line(options_in_variable("--compat " + chosen), {"true"}, name);
      REQUIRE(line.accepted());
      CHECK(first_name(line.personality()) == chosen);
    }
  }
  // The command line then has that one's options.
  CHECK(CommandLine(options_in_variable("--compat none"), {"--grace", "1", "true"}, "tini")
            .accepted());
  CHECK_FALSE(
      CommandLine(options_in_variable("--compat tini"), {"--grace", "1", "true"}).accepted());
}

TEST_CASE("what is wrong in the variable is told in our own words under every name") {
  struct Case {
    std::string value;
    std::string complaint;
  };
  const Case wrong = GENERATE(values<Case>({
      {"--bogus", "CARDBOARD_OPTS: unknown option '--bogus'"},
      {"-gX", "CARDBOARD_OPTS: unknown option '-X'"},
      {"--grace soon",
       "CARDBOARD_OPTS: option '--grace' expects a time, such as 5, 500ms, 2m or 1h, not 'soon'"},
      {"--grace", "CARDBOARD_OPTS: option '--grace' expects a time, such as 5, 500ms, 2m or 1h"},
      {"-e x",
       "CARDBOARD_OPTS: option '--remap-exit' expects exit statuses from 0 to 255, such as "
       "143 or 3:0, not 'x'"},
      {"--wait=yes", "CARDBOARD_OPTS: option '--wait' expects no argument"},
      {"--isolate", "CARDBOARD_OPTS: option '--isolate' is for the command line alone"},
      {"true", "CARDBOARD_OPTS: expects options, not 'true'"},
      {std::string(2000, '-'), "CARDBOARD_OPTS is too long"},
  }));
  for (const std::string& name : kNames) {
    CAPTURE(name, wrong.value);
    const CommandLine line(options_in_variable(wrong.value), {"true"}, name);
    CHECK(line.message() ==
          "cardboard: " + wrong.complaint + "\nTry 'cardboard --help' for more information.\n");
    CHECK(line.personality().failure == 125);
  }
}

TEST_CASE("what is wrong with our own options before --compat is told in our own words") {
  const std::string name = GENERATE("tini", "dumb-init", "catatonit");
  CAPTURE(name);
  const CommandLine line{"--root=/srv", "--compat", name, "true"};
  CHECK(line.message() ==
        "cardboard: option '--root' expects '--isolate' beside it\n"
        "Try 'cardboard --help' for more information.\n");
  CHECK(line.personality().failure == 125);
}
