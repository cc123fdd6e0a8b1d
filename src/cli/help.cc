// SPDX-License-Identifier: MIT
//
// See help.h.
#include "cli/help.h"

namespace cardboard {

namespace {

constexpr std::size_t kHelpColumn = 26;

void write_option_names(Writer& writer, const OptionSpec& option) {
  writer << "  ";
  if (option.letters[0] == '\0') writer << "    ";
  for (const char* letter = option.letters; *letter != '\0'; ++letter) {
    writer << '-' << *letter << ", ";
  }
  writer << "--" << option.name;
  if (has_argument(option)) writer << ' ' << placeholder_of(option.argument);
}

void write_option(Writer& writer, const OptionSpec& option, const char* help) {
  std::size_t line_start = writer.view().size();
  write_option_names(writer, option);
  if (writer.view().size() >= line_start + kHelpColumn) {
    writer << '\n';
    line_start = writer.view().size();
  }
  writer.pad_to(line_start + kHelpColumn);
  for (; *help != '\0'; ++help) {
    writer << *help;
    if (*help != '\n') continue;
    // The help goes on in its column.
    line_start = writer.view().size();
    writer.pad_to(line_start + kHelpColumn);
  }
  writer << '\n';
}

}  // namespace

void write_options(Writer& writer) {
  for (std::size_t i = 0; i < kSections; ++i) {
    const auto section = static_cast<Section>(i);
    writer << '\n' << section_title(section) << ":\n";
    OptionSpec option;
    const char* help = native_help_texts();
    const char* next = native_options().bytes();
    for (; (next = OptionTable::read(next, option)) != nullptr; help = behind(help)) {
      if (option.section == section) write_option(writer, option, help);
    }
  }
}

}  // namespace cardboard
