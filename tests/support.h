// SPDX-License-Identifier: MIT
//
// What the tests of more than one file need: words as execve(2) hands them over, what a function
// writes as a string, what the program says, and status words as wait4(2) returns them.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/message.h"
#include "cli/option_table.h"
#include "cli/parse.h"

namespace cardboard {

// A null-terminated argv. Each word is in memory of its own and the array has no room to spare, so
// that a step beyond an end is seen by the address sanitizer.
class Argv {
 public:
  explicit Argv(const std::vector<std::string_view>& words) {
    for (const std::string_view word : words) {
      words_.emplace_back(word.begin(), word.end()).push_back('\0');
    }
    for (std::vector<char>& word : words_) pointers_.push_back(word.data());
    pointers_.push_back(nullptr);
    pointers_.shrink_to_fit();
  }
  Argv(const Argv&) = delete;

  char** get() { return pointers_.data(); }

 private:
  std::vector<std::vector<char>> words_;
  std::vector<char*> pointers_;
};

inline std::vector<std::string> words_from(char** argv) {
  std::vector<std::string> words;
  for (; argv != nullptr && *argv != nullptr; ++argv) words.emplace_back(*argv);
  return words;
}

// What `write` writes, given a Writer with a buffer of `size`.
template <typename Write>
std::string written(Write write, std::size_t size = 16384) {
  std::vector<char> buffer(size);
  Writer writer{std::span<char>(buffer)};
  write(writer);
  return std::string(writer.view());
}

// "" for one that is not there.
inline std::string text_of(Phrase phrase) {
  if (phrase.empty()) return "";
  return written([&](Writer& writer) { writer << phrase; });
}

inline std::string message_of(const Error& error) {
  return written([&](Writer& writer) { write_error(writer, error); });
}

inline std::string hint_of(const Error& error) {
  return written([&](Writer& writer) { write_hint(writer, error); });
}

inline std::vector<OptionSpec> rows_of(OptionTable table) {
  std::vector<OptionSpec> rows;
  OptionSpec row;
  const char* next = table.bytes();
  while ((next = OptionTable::read(next, row)) != nullptr) rows.push_back(row);
  return rows;
}

// ---- What the program says, as Voice does ----

// What stands in the place of our pid.
inline constexpr int kSelf = 4711;

inline std::string filled(const Personality& personality, Say what, const Facts& facts,
                          std::size_t size = 16384) {
  const auto write = [&](Writer& writer) {
    write_words(writer, personality, what, facts);
    writer.end_line();
  };
  return written(write, size);
}

// "" where the personality says nothing.
inline std::string text_of(const Personality& personality, Say what, const Facts& facts) {
  return find_words(personality, what) != nullptr ? filled(personality, what, facts) : "";
}

// "NAME=VALUE" of the caller's.
struct Environment {
  std::vector<std::string> entries;
};

// `cardboard WORD...`, or as `program`, parsed, in an environment that is empty unless given.
class CommandLine {
 public:
  CommandLine(std::initializer_list<std::string_view> words)
      : CommandLine(std::vector<std::string_view>(words)) {}
  explicit CommandLine(const std::vector<std::string_view>& words)
      : CommandLine(Environment{}, words) {}
  CommandLine(const Environment& environment, const std::vector<std::string_view>& words,
              std::string_view program = "cardboard")
      : program_(program),
        argv_(after(program, words)),
        environment_({environment.entries.begin(), environment.entries.end()}) {
    UsageError met;
    if (!parse_options(argv_.get(), environment_.get(), options, met)) error = met;
  }
  CommandLine(const CommandLine&) = delete;

  bool accepted() const { return !error.has_value(); }
  std::vector<std::string> command() const { return words_from(options.command); }
  const Personality& personality() const { return *options.personality; }

  // What is wrong with it, cut off where it does not fit into `size`.
  std::string message(std::size_t size = 16384) const {
    if (!error) return "";
    const Facts facts = {.self = kSelf,
                         .program = program_.c_str(),
                         .word = error->word,
                         .option = &error->option,
                         .in_variable = error->in_variable};
    // All of it is for stderr, however little was asked for.
    if (level_of(*options.personality, error->problem) != Level::Always) return "";
    return filled(*options.personality, error->problem, facts, size);
  }

  Options options;
  std::optional<UsageError> error;

 private:
  static std::vector<std::string_view> after(std::string_view program,
                                             std::vector<std::string_view> words) {
    words.insert(words.begin(), program);
    return words;
  }

  std::string program_;
  Argv argv_;
  Argv environment_;
};

// How a child ended, in the encoding of wait4(2).
constexpr int exited(int status) { return status << 8; }
constexpr int killed_by(int signal) { return signal; }
constexpr int dumped_core_of(int signal) { return signal | 0x80; }

}  // namespace cardboard
