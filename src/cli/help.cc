// SPDX-License-Identifier: MIT
//
// See help.h.
#include "cli/help.h"

#include "cli/option_table.h"

namespace cardboard {

namespace {

// CARDBOARD_VERSION is the Makefile's.
constexpr std::string_view kVersion = "cardboard " CARDBOARD_VERSION "\n";

constexpr std::string_view kUsage =
    "Usage: cardboard [OPTION]... [--] COMMAND [ARG]...\n"
    "  or:  cardboard --isolate [OPTION]... [--] COMMAND [ARG]...\n"
    "\n"
    "Run COMMAND under an init that forwards signals, reaps zombies, returns COMMAND's\n"
    "exit status and leaves no process behind; with --isolate, in a container of its own.\n";

constexpr std::string_view kLicense =
    "Copyright (c) 2026 The cardboard authors\n"
    "SPDX-License-Identifier: MIT\n"
    "Free to use, change and pass on, without any warranty: https://spdx.org/licenses/MIT\n";

constexpr std::size_t kHelpColumn = 26;

void write_option_names(Writer& writer, const OptionSpec& option) {
  writer << "  ";
  if (option.letters[0] == '\0') writer << "    ";
  for (const char* letter = option.letters; *letter != '\0'; ++letter) {
    writer << '-' << *letter << ", ";
  }
  writer << "--" << option.name;
  if (option.argument != Argument::None) {
    writer << ' ' << argument_kind(option.argument).placeholder;
  }
}

void write_option(Writer& writer, const OptionSpec& option) {
  std::size_t line_start = writer.view().size();
  write_option_names(writer, option);
  if (writer.view().size() >= line_start + kHelpColumn) {
    writer << '\n';
    line_start = writer.view().size();
  }
  writer.pad_to(line_start + kHelpColumn);
  for (const char* text = option.help; *text != '\0'; ++text) {
    writer << *text;
    if (*text != '\n') continue;
    // The help goes on in its column.
    line_start = writer.view().size();
    writer.pad_to(line_start + kHelpColumn);
  }
  writer << '\n';
}

void write_help(Writer& writer) {
  writer << kUsage;
  for (std::size_t i = 0; i < kSections; ++i) {
    const auto section = static_cast<Section>(i);
    writer << '\n' << section_title(section) << ":\n";
    for (const OptionSpec& option : option_table()) {
      if (option.section == section) write_option(writer, option);
    }
  }
}

}  // namespace

void write_information(Writer& writer, Request request) {
  switch (request) {
    case Request::Run: break;
    case Request::License: writer << kLicense; break;
    case Request::Help: write_help(writer); break;
    case Request::Version: writer << kVersion; break;
  }
}

}  // namespace cardboard
