// SPDX-License-Identifier: MIT
//
// --help against the option table: all that is there is in the help, once, and fits a terminal.
#include "cli/help.h"

#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cli/option_table.h"
#include "support.h"

using namespace cardboard;

namespace {

std::string help() {
  const Personality& native = native_personality();
  return text_of(native, Say::Help, {}) + written([](Writer& writer) { write_options(writer); });
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool starts_with(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

// "  -g, --group" or "      --grace TIME": what the help has to say of an option's names.
std::string names_of(const OptionSpec& option) {
  std::string names = *option.letters == '\0' ? "      " : "  ";
  for (const char letter : std::string(option.letters)) names += std::string{'-', letter, ',', ' '};
  names += std::string("--") + option.name;
  if (has_argument(option)) names += std::string(" ") + placeholder_of(option.argument);
  return names;
}

// The lines that begin with an option, each under the heading that it stands below.
std::multimap<std::string, std::string> entries() {
  std::multimap<std::string, std::string> found;
  std::string heading;
  for (const std::string& line : lines_of(help())) {
    const std::size_t first = line.find_first_not_of(' ');
    if (first == 0 && line.back() == ':') heading = line;
    if (first != std::string::npos && first > 0 && line[first] == '-') {
      found.emplace(heading, line);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("every option is in the help exactly once, below its section's heading") {
  const auto found = entries();
  CHECK(found.size() == rows_of(native_options()).size());
  for (const OptionSpec& option : rows_of(native_options())) {
    CAPTURE(option.name);
    int count = 0;
    for (const auto& [heading, line] : found) {
      if (!starts_with(line + ' ', names_of(option) + ' ')) continue;
      ++count;
      REQUIRE(heading == text_of(section_title(option.section)) + ':');
    }
    REQUIRE(count == 1);
  }
}

TEST_CASE("every option's text stands in a column, beside its names or, if they are long, below") {
  const auto column_of = [](const std::string& line, std::size_t from) {
    return line.find_first_not_of(' ', from);
  };
  const std::vector<std::string> lines = lines_of(help());
  std::size_t column = 0;
  for (const OptionSpec& option : rows_of(native_options())) {
    CAPTURE(option.name);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!starts_with(lines[i] + ' ', names_of(option) + ' ')) continue;
      const std::size_t end = names_of(option).size();
      const bool is_beside = column_of(lines[i], end) != std::string::npos;
      const std::size_t found = is_beside ? column_of(lines[i], end) : column_of(lines[i + 1], 0);
      if (column == 0) column = found;
      REQUIRE(found == column);
      REQUIRE(is_beside == (end < column));
    }
  }
}

TEST_CASE("all of every option's text is in the help") {
  const std::string text = help();
  const char* help = native_help_texts();
  for (const OptionSpec& option : rows_of(native_options())) {
    CAPTURE(option.name);
    REQUIRE(*help != '\0');
    for (const std::string& line : lines_of(help)) {
      REQUIRE(text.find(' ' + line + '\n') != std::string::npos);
    }
    help = behind(help);
  }
}

TEST_CASE("no line of the help is wider than 100 columns or ends with a blank") {
  for (const std::string& line : lines_of(help())) {
    CAPTURE(line);
    REQUIRE(line.size() <= 100);
    REQUIRE((line.empty() || line.back() != ' '));
    REQUIRE(line.find('\t') == std::string::npos);
  }
}

TEST_CASE("the help begins with how to call us and ends with a newline") {
  const std::string text = help();
  CHECK(starts_with(text,
                    "Usage: cardboard [OPTION]... [--] COMMAND [ARG]...\n"
                    "  or:  cardboard --isolate [OPTION]... [--] COMMAND [ARG]...\n"));
  CHECK(text.back() == '\n');
}

TEST_CASE("the help fits into the room that is kept for it") { CHECK(help().size() < kMostText); }

TEST_CASE("the version is the one that the Makefile has") {
  CHECK(text_of(native_personality(), Say::Version, {}) == "cardboard " CARDBOARD_VERSION "\n");
}
