// SPDX-License-Identifier: MIT
//
// What a command line means, and the wording of what is wrong with it (DESIGN 2.1).
#include "cli/parse.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support.h"

using namespace cardboard;

namespace {

using Words = std::vector<std::string>;

// The message without its first word and its second line, which are always the same.
std::string complaint(const CommandLine& line) {
  const std::string prefix = "cardboard: ";
  const std::string suffix = "\nTry 'cardboard --help' for more information.\n";
  const std::string message = line.message();
  REQUIRE(message.size() > prefix.size() + suffix.size());
  CHECK(message.compare(0, prefix.size(), prefix) == 0);
  CHECK(message.compare(message.size() - suffix.size(), suffix.size(), suffix) == 0);
  return message.substr(prefix.size(), message.size() - prefix.size() - suffix.size());
}

}  // namespace

TEST_CASE("COMMAND and its arguments are the rest of argv") {
  const CommandLine line{"echo", "a", "", "b"};
  REQUIRE(line.accepted());
  CHECK(line.command() == Words{"echo", "a", "", "b"});
}

TEST_CASE("nothing is asked for where nothing is said") {
  const CommandLine line{"true"};
  REQUIRE(line.accepted());
  CHECK(line.options.request == Request::Run);
  CHECK_FALSE(line.options.group);
  CHECK_FALSE(line.options.isolate);
  CHECK(line.options.verbosity == 0);
  CHECK_FALSE(line.options.grace.has_value());
  CHECK(line.options.root == nullptr);
}

TEST_CASE("words behind COMMAND are its own, whatever they look like") {
  const CommandLine line{"-g", "sh", "-c", "x", "--grace", "--", "--help", "-v"};
  REQUIRE(line.accepted());
  CHECK(line.options.group);
  CHECK(line.options.request == Request::Run);
  CHECK(line.options.verbosity == 0);
  CHECK(line.command() == Words{"sh", "-c", "x", "--grace", "--", "--help", "-v"});
}

TEST_CASE("options end at --, which is no part of COMMAND") {
  const CommandLine line{"-v", "--", "-g", "--", "x"};
  REQUIRE(line.accepted());
  CHECK(line.options.verbosity == 1);
  CHECK_FALSE(line.options.group);
  CHECK(line.command() == Words{"-g", "--", "x"});
}

TEST_CASE("a dash alone is a COMMAND like any other") {
  const CommandLine line{"-g", "-", "-v"};
  REQUIRE(line.accepted());
  CHECK(line.command() == Words{"-", "-v"});
  CHECK(line.options.verbosity == 0);
}

TEST_CASE("an empty word is a COMMAND, which is then not found") {
  const CommandLine line{"", "-g"};
  REQUIRE(line.accepted());
  CHECK(line.command() == Words{"", "-g"});
  CHECK_FALSE(line.options.group);
}

TEST_CASE("short options cluster") {
  const CommandLine line{"-gvv", "-v", "true"};
  REQUIRE(line.accepted());
  CHECK(line.options.group);
  CHECK(line.options.verbosity == 3);
}

TEST_CASE("a value stands in the next word or behind an equals sign") {
  const CommandLine apart{"--isolate", "--grace", "500ms", "--root", "/srv", "true"};
  REQUIRE(apart.accepted());
  CHECK(apart.options.grace == 500 * kMillisecond);
  CHECK(apart.options.root == std::string("/srv"));
  CHECK(apart.command() == Words{"true"});

  const CommandLine attached{"--isolate", "--grace=500ms", "--root=/srv", "true"};
  REQUIRE(attached.accepted());
  CHECK(attached.options.grace == 500 * kMillisecond);
  CHECK(attached.options.root == std::string("/srv"));
}

TEST_CASE("a value begins at the first equals sign") {
  const CommandLine line{"--isolate", "--root=/srv/a=b=", "true"};
  REQUIRE(line.accepted());
  CHECK(line.options.root == std::string("/srv/a=b="));
}

TEST_CASE("a value may look like an option, like -- or like COMMAND") {
  const std::string value = GENERATE("-g", "--help", "--", "-", "true", "=");
  CAPTURE(value);
  const CommandLine line{"--isolate", "--root", value, "true"};
  REQUIRE(line.accepted());
  CHECK(line.options.root == value);
  CHECK_FALSE(line.options.group);
  CHECK(line.options.request == Request::Run);
  CHECK(line.command() == Words{"true"});
}

TEST_CASE("the last of two scalars wins") {
  const CommandLine line{"--isolate", "--grace=1", "--root=/a", "--grace",
                         "2",         "--root",    "/b",        "x"};
  REQUIRE(line.accepted());
  CHECK(line.options.grace == 2 * kSecond);
  CHECK(line.options.root == std::string("/b"));

  CHECK_FALSE(CommandLine{"-g", "-c", "x"}.options.group);
  CHECK(CommandLine{"-c", "-g", "x"}.options.group);
  CHECK_FALSE(CommandLine{"--group", "--single-child", "x"}.options.group);
}

TEST_CASE("a grace of 0 is something else than none given") {
  CHECK(CommandLine{"--grace=0", "true"}.options.grace == Nanoseconds{0});
}

TEST_CASE("a time or a directory that is none is named, with what is expected") {
  const std::string time = GENERATE("", "5x", "-1", "soon", "99999999999h", "-g", "--");
  CAPTURE(time);
  const std::string expected =
      "option '--grace' expects a time, such as 5, 500ms, 2m or 1h, not '" + time + "'";
  CHECK(complaint(CommandLine{"--grace", time, "true"}) == expected);
  CHECK(complaint(CommandLine{"--grace=" + time, "true"}) == expected);
}

TEST_CASE("an empty directory is refused") {
  const std::string expected = "option '--root' expects a directory, not ''";
  CHECK(complaint(CommandLine{"--isolate", "--root", "", "true"}) == expected);
  CHECK(complaint(CommandLine{"--isolate", "--root=", "true"}) == expected);
}

TEST_CASE("a value that is missing at the end is asked for") {
  CHECK(complaint(CommandLine{"--grace"}) ==
        "option '--grace' expects a time, such as 5, 500ms, 2m or 1h");
  CHECK(complaint(CommandLine{"--isolate", "--root"}) == "option '--root' expects a directory");
}

TEST_CASE("a flag takes no value") {
  CHECK(complaint(CommandLine{"--group=yes", "true"}) == "option '--group' expects no argument");
  CHECK(complaint(CommandLine{"--isolate=", "true"}) == "option '--isolate' expects no argument");
  CHECK(complaint(CommandLine{"--help=all"}) == "option '--help' expects no argument");
}

TEST_CASE("an unknown long option is named as it was typed") {
  const std::string word = GENERATE("--bogus", "--bogus=5", "--Group", "--grace-", "---",
                                    "--=", "--=5", "--group ", "--\xff");
  CAPTURE(word);
  CHECK(complaint(CommandLine{word, "true"}) == "unknown option '" + word + "'");
}

TEST_CASE("names are never abbreviated") {
  const std::string word = GENERATE("--g", "--grou", "--gr", "--grac=5", "--isol", "--roo=/", "--v",
                                    "--versio", "--single_child");
  CAPTURE(word);
  CHECK(complaint(CommandLine{word, "true"}) == "unknown option '" + word + "'");
}

TEST_CASE("an unknown letter is named alone, wherever it stands in its cluster") {
  CHECK(complaint(CommandLine{"-X", "true"}) == "unknown option '-X'");
  CHECK(complaint(CommandLine{"-Xg", "true"}) == "unknown option '-X'");
  CHECK(complaint(CommandLine{"-gX", "true"}) == "unknown option '-X'");
  CHECK(complaint(CommandLine{"-g=v", "true"}) == "unknown option '-='");
  CHECK(complaint(CommandLine{"-g-v", "true"}) == "unknown option '--'");
  CHECK(complaint(CommandLine{"-G", "true"}) == "unknown option '-G'");
}

TEST_CASE("the first error is the one that is told") {
  CHECK(complaint(CommandLine{"--bogus", "--grace=x", "--root=/"}) == "unknown option '--bogus'");
  CHECK(complaint(CommandLine{"--grace=x", "--bogus"}) ==
        "option '--grace' expects a time, such as 5, 500ms, 2m or 1h, not 'x'");
}

TEST_CASE("without a COMMAND there is nothing to run") {
  CHECK(complaint(CommandLine{}) == "expects a COMMAND to run");
  CHECK(complaint(CommandLine{"-g"}) == "expects a COMMAND to run");
  CHECK(complaint(CommandLine{"--isolate", "--root", "/srv"}) == "expects a COMMAND to run");
  CHECK(complaint(CommandLine{"-g", "--"}) == "expects a COMMAND to run");
}

TEST_CASE("an argv without any word, even our own name, has no COMMAND") {
  Argv argv({});
  Argv environment({});
  Options options;
  UsageError error;
  REQUIRE_FALSE(parse_options(argv.get(), environment.get(), options, error));
  CHECK(error.problem == Say::NoCommand);
  CHECK(words_from(options.command).empty());
}

TEST_CASE("our own name is no option, whatever it is") {
  Argv argv({"--help", "true"});
  Argv environment({});
  Options options;
  UsageError error;
  CHECK(parse_options(argv.get(), environment.get(), options, error));
  CHECK(options.request == Request::Run);
  CHECK(words_from(options.command) == Words{"true"});
}

TEST_CASE("an option of the container's is refused without --isolate") {
  const std::string expected = "option '--root' expects '--isolate' beside it";
  CHECK(complaint(CommandLine{"--root", "/srv", "true"}) == expected);
  CHECK(complaint(CommandLine{"--root=/srv", "-g", "true"}) == expected);
  CHECK(complaint(CommandLine{"--root=/srv", "--", "--isolate"}) == expected);
  CHECK(complaint(CommandLine{"--root=/srv"}) == expected);
}

TEST_CASE("--isolate may stand before and behind the container's options") {
  CHECK(CommandLine{"--isolate", "--root=/srv", "true"}.accepted());
  CHECK(CommandLine{"--root=/srv", "--isolate", "true"}.accepted());
  CHECK(CommandLine{"--root=/srv", "-v", "--isolate", "--grace", "1", "true"}.accepted());
}

TEST_CASE("a request for information wins over all that follows") {
  CHECK(CommandLine{"--help"}.options.request == Request::Help);
  CHECK(CommandLine{"-h"}.options.request == Request::Help);
  CHECK(CommandLine{"--version"}.options.request == Request::Version);
  CHECK(CommandLine{"-V"}.options.request == Request::Version);

  const CommandLine line{"--help", "--bogus", "--version", "--grace"};
  CHECK(line.accepted());
  CHECK(line.options.request == Request::Help);
}

TEST_CASE("a request for information needs neither COMMAND nor --isolate") {
  const CommandLine line{"-g", "--root=/srv", "-vh"};
  CHECK(line.accepted());
  CHECK(line.options.request == Request::Help);
}

TEST_CASE("a request for information wins over the rest of its own cluster") {
  const CommandLine line{"-hX"};
  CHECK(line.accepted());
  CHECK(line.options.request == Request::Help);
  CHECK(CommandLine{"-hV"}.options.request == Request::Help);
}

TEST_CASE("an error before a request for information is told") {
  CHECK(complaint(CommandLine{"--bogus", "--help"}) == "unknown option '--bogus'");
}

TEST_CASE("a usage error is two lines, the second of which points to the help") {
  CHECK(CommandLine{"--bogus"}.message() ==
        "cardboard: unknown option '--bogus'\n"
        "Try 'cardboard --help' for more information.\n");
}

TEST_CASE("a usage error about an overlong word still ends with a newline") {
  const std::string word = "--" + std::string(10'000, 'x');
  const CommandLine line{word};
  REQUIRE(line.error);
  const std::string message = line.message(1024);
  CHECK(message.size() == 1024);
  CHECK(message.back() == '\n');
}
