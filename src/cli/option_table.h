// SPDX-License-Identifier: MIT
//
// The one list of options. The parser, the help, the manual's and the README's tests are all made
// from it: to add an option, add its field to Options, its row here, and what it does.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_table.h"
#include "cli/options.h"

namespace cardboard {

// What an option expects behind it, and what it does with that to its field of Options.
enum class Argument : std::uint8_t {
  None,    // stores the row's value in a field of one byte
  Counts,  // none either: adds 1 to an int
  Time,
  Signal,
  Rewriting,
  Remapping,
  NotifyMode,
  File,
  Directory,
  User,
  UserNamespace,
  Mapping,
  Name,
  Variable,  // adds to a list of words
  Ulimit,
  Count,
  Personality,
  Capability,  // adds to a set where the row's value is 1, else takes out of it
  Filter,
  Tmpfs,  // from here on as StepKind has them
  Volume,
  Device,
  Size,
  Amount,
  Processors,
  CpuList,
  // For the personalities, which take less than we do.
  SignalName,        // tini's -p: by name alone
  ExpectedStatus,    // tini's -e: one status, which becomes 0
  NumericRewriting,  // dumb-init's -r: numbers up to 31
  Number,            // tini's verbosity in the environment: whatever it is
};

// Which part of the program an option speaks to; the help has a heading for each.
enum class Section : std::uint8_t { Init, Isolate, Information };

inline constexpr std::size_t kSections = 3;

// A row as it is written.
struct OptionRow {
  const char* letters;  // "g", "lL"; "" where there is no short form
  const char* name;     // without the dashes; "" where there is no long form
  Argument argument;
  std::uint8_t value;   // for Argument::None
  std::uint16_t field;  // where in Options: offsetof
  Section section = Section::Init;
  const char* help = "";
};

// A row as it is read.
struct OptionSpec {
  const char* letters = nullptr;
  const char* name = nullptr;
  Argument argument = Argument::None;
  Section section = Section::Init;
  std::uint8_t value = 0;
  std::uint16_t field = 0;
};

// A list of rows in bytes, one behind the other.
class OptionTable {
 public:
  constexpr explicit OptionTable(const char* bytes) : bytes_(bytes) {}

  // Reads the row at `bytes` into `option` and returns where the next one begins; null at the end.
  static const char* read(const char* bytes, OptionSpec& option);

  constexpr const char* bytes() const { return bytes_; }
  // False where there is none of that name, or with that letter.
  bool find_name(std::string_view name, OptionSpec& option) const;
  bool find_letter(char letter, OptionSpec& option) const;

 private:
  const char* bytes_;
};

// At the end of our own table: what only a container has lies among the texts.
inline constexpr char kTableGoesOn = '\xff';

// Lays out the rows that `Rows` is an array of.
template <const auto& Rows, char End = '\0'>
consteval auto make_option_table() {
  return make_table<[] {
    TableBuilder table;
    for (const OptionRow& row : Rows) {
      // 0, or kTableGoesOn, is the end.
      table.add(static_cast<std::uint8_t>(static_cast<unsigned>(row.argument) + 1));
      table.add(static_cast<std::uint8_t>(row.section));
      table.add(row.value);
      table.add_u16(row.field);
      table.add_string(row.letters);
      table.add_string(row.name);
    }
    table.add(static_cast<std::uint8_t>(End));
    return table;
  }>();
}

// Beside options a table has variables, whose names begin with a capital.
constexpr bool is_variable(char first_of_name) {
  return first_of_name >= 'A' && first_of_name <= 'Z';
}

// Our own, and what the help says of each, in their order.
OptionTable native_options();
const char* native_help_texts();

// Stores `value` (null where the option has no argument) as `option` says; false when it is not
// what the option expects.
bool apply_option(Options& options, const OptionSpec& option, const char* value);

constexpr bool has_argument(const OptionSpec& option) { return option.argument > Argument::Counts; }

// In the help: "--grace TIME".
const char* placeholder_of(Argument argument);

// In an error: "expects <expectation>".
Phrase expectation_of(Argument argument);

Phrase section_title(Section section);

}  // namespace cardboard
