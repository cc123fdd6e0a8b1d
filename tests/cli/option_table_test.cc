// SPDX-License-Identifier: MIT
//
// Walks the option table, so that a new row is tested from the day that it is added: the parser
// takes it in every spelling that it promises.
#include "cli/option_table.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "support.h"

using namespace cardboard;

namespace {

struct Sample {
  std::string good;
  std::string bad;
};

// Something that the option takes, and something that it does not.
Sample sample_of(Argument argument) {
  switch (argument) {
    case Argument::None:
    case Argument::Counts: break;
    case Argument::Time: return {"7", "soon"};
    case Argument::Signal: return {"RTMIN+3", "term"};
    case Argument::Rewriting: return {"TERM:QUIT", "TERM"};
    case Argument::Remapping: return {"143:0", "256"};
    case Argument::NotifyMode: return {"relay", "never"};
    case Argument::File: return {"/tmp/file", ""};
    case Argument::Directory: return {"/srv", ""};
    case Argument::Name: return {"box", ""};
    case Argument::Variable: return {"A=b", "=b"};
    case Argument::Ulimit: return {"nofile=64:128", "nofile"};
    case Argument::Count: return {"2", "two"};
    case Argument::Personality: return {"dumb-init", "dumb"};
    case Argument::User: return {"1000:100", ""};
    case Argument::UserNamespace: return {"host", "none"};
    case Argument::Mapping: return {"0:100000:65536", "0:100000"};
    case Argument::Capability: return {"NET_RAW", "NET_COOKED"};
    case Argument::Filter: return {"none", ""};
    case Argument::Tmpfs: return {"/x:size=1m,mode=700", "x"};
    case Argument::Volume: return {"/a:/b:ro", "/a:b"};
    case Argument::Device: return {"/dev/fuse", "/fuse"};
    case Argument::Size: return {"64m", "0"};
    case Argument::Amount: return {"50", "0"};
    case Argument::Processors: return {"1.5", "1.5.0"};
    case Argument::CpuList: return {"0-2,4", ""};
    case Argument::SignalName: return {"SIGTERM", "15"};
    case Argument::ExpectedStatus: return {"143", "143:0"};
    case Argument::NumericRewriting: return {"15:3", "TERM:3"};
    // Takes anything, and is no option of the command line.
    case Argument::Number: break;
  }
  return {};
}

using Words = std::vector<std::string>;

// All the ways to give `option` the value `value`.
std::vector<Words> spellings_of(const OptionSpec& option, const std::string& value) {
  const std::string name = std::string("--") + option.name;
  std::vector<Words> spellings;
  if (!has_argument(option)) {
    spellings.push_back({name});
  } else {
    spellings.push_back({name, value});
    spellings.push_back({name + '=' + value});
  }
  for (const char letter : std::string(option.letters)) {
    const std::string word = {'-', letter};
    if (!has_argument(option)) {
      spellings.push_back({word});
    } else {
      spellings.push_back({word, value});
      // An empty value cannot be attached to a letter.
      if (!value.empty()) spellings.push_back({word + value});
    }
  }
  return spellings;
}

// In front of a COMMAND, and where the option needs it beside --isolate.
std::vector<std::string_view> words_with(const OptionSpec& option, const Words& spelling) {
  std::vector<std::string_view> words(spelling.begin(), spelling.end());
  if (option.section == Section::Isolate) words.insert(words.begin(), "--isolate");
  words.insert(words.end(), {"COMMAND", "-x"});
  return words;
}

}  // namespace

TEST_CASE("every option is taken in all of its spellings, and leaves COMMAND alone") {
  for (const OptionSpec& option : rows_of(native_options())) {
    for (const Words& spelling : spellings_of(option, sample_of(option.argument).good)) {
      CAPTURE(spelling);
      const CommandLine line(words_with(option, spelling));
      REQUIRE(line.accepted());
      REQUIRE(line.command() == Words{"COMMAND", "-x"});
      const bool is_request = option.section == Section::Information;
      REQUIRE((line.options.request != Request::Run) == is_request);
    }
  }
}

TEST_CASE("every option with an argument refuses a bad one in all of its spellings") {
  for (const OptionSpec& option : rows_of(native_options())) {
    if (!has_argument(option)) continue;
    const std::string bad = sample_of(option.argument).bad;
    for (const Words& spelling : spellings_of(option, bad)) {
      CAPTURE(spelling);
      const CommandLine line(words_with(option, spelling));
      REQUIRE(line.error.has_value());
      REQUIRE(line.error->problem == Say::BadArgument);
      REQUIRE(std::string(line.error->option.name) == option.name);
      REQUIRE(line.error->word == bad);
    }
  }
}

TEST_CASE("every option of the container's, and no other, wants --isolate") {
  for (const OptionSpec& option : rows_of(native_options())) {
    CAPTURE(option.name);
    const Words spelling = spellings_of(option, sample_of(option.argument).good).front();
    std::vector<std::string_view> words(spelling.begin(), spelling.end());
    words.push_back("COMMAND");
    const CommandLine line(words);
    const bool wants = option.section == Section::Isolate && option.name != std::string("isolate");
    REQUIRE(line.error.has_value() == wants);
    if (wants) REQUIRE(line.error->problem == Say::NeedsIsolate);
  }
}

TEST_CASE("no two options share a name or a letter") {
  std::set<std::string> seen;
  for (const OptionSpec& option : rows_of(native_options())) {
    CAPTURE(option.name);
    REQUIRE(seen.insert(option.name).second);
    for (const char letter : std::string(option.letters)) {
      REQUIRE(seen.insert({'-', letter}).second);
    }
  }
}

TEST_CASE("names are lower case words joined by dashes, letters are letters") {
  for (const OptionSpec& option : rows_of(native_options())) {
    const std::string name = option.name;
    CAPTURE(name);
    REQUIRE(name.size() > 1);
    REQUIRE(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos);
    REQUIRE(name.front() != '-');
    REQUIRE(name.back() != '-');
    const bool only_letters =
        std::string(option.letters)
            .find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
        std::string::npos;
    REQUIRE(only_letters);
  }
}

TEST_CASE("the container's options have no letters, which tini's and dumb-init's have taken") {
  for (const OptionSpec& option : rows_of(native_options())) {
    CAPTURE(option.name);
    if (option.section == Section::Isolate) REQUIRE(std::string(option.letters).empty());
  }
}
