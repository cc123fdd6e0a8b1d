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

void write_option(Writer& writer, const OptionSpec& option) {
  std::size_t line_start = writer.view().size();
  write_option_names(writer, option);
  if (writer.view().size() >= line_start + kHelpColumn) {
    writer << '\n';
    line_start = writer.view().size();
  }
  writer.pad_to(line_start + kHelpColumn);
  for (const char* text = option.help.packed(); *text != '\0'; ++text) {
    writer.unpack(*text);
    if (*text != '\n') continue;
    // The help goes on in its column.
    line_start = writer.view().size();
    writer.pad_to(line_start + kHelpColumn);
  }
  writer << '\n';
}

}  // namespace

void write_options(Writer& writer, OptionTable table) {
  for (std::size_t i = 0; i < kSections; ++i) {
    const auto section = static_cast<Section>(i);
    bool is_first = true;
    OptionSpec option;
    const char* next = table.bytes();
    while ((next = OptionTable::read(next, option)) != nullptr) {
      if (option.section != section || *option.help.packed() == '\0') continue;
      if (is_first) writer << '\n' << section_title(section) << ":\n";
      is_first = false;
      write_option(writer, option);
    }
  }
}

}  // namespace cardboard
