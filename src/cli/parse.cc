// SPDX-License-Identifier: MIT
//
// See parse.h.
#include "cli/parse.h"

#include "base/environment.h"
#include "base/message.h"

namespace cardboard {

namespace {

constexpr std::size_t kMaxWords = 64;

struct Words {
  char text[1024];
  char* argv[kMaxWords + 1];
};

const OptionSpec* find_name(std::string_view name) {
  for (const OptionSpec& option : option_table()) {
    if (name == option.name) return &option;
  }
  return nullptr;
}

const OptionSpec* find_letter(char letter) {
  for (const OptionSpec& option : option_table()) {
    if (std::string_view(option.letters).find(letter) != std::string_view::npos) return &option;
  }
  return nullptr;
}

// The parse_*() return false when they have met an error, which is then in error().
class Parser {
 public:
  Parser(char** argv, Options& options) : next_(argv), options_(options) {}

  bool parse();
  bool parse_variable();
  const UsageError& error() const { return error_; }

 private:
  bool parse_options();
  bool parse_long(const char* word);
  bool parse_cluster(const char* word);
  // `attached` is what stood behind "=" or behind the letter; null when nothing did.
  bool apply(const OptionSpec& option, const char* attached);
  bool check_whole();
  // In `error()`, and false.
  bool complain(Problem problem, const OptionSpec* option = nullptr, const char* word = nullptr);

  char** next_;
  Options& options_;
  // The first option that only makes sense with --isolate.
  const OptionSpec* container_option_ = nullptr;
  UsageError error_;
};

bool Parser::complain(Problem problem, const OptionSpec* option, const char* word) {
  error_.problem = problem;
  error_.option = option;
  error_.word = word;
  return false;
}

bool Parser::apply(const OptionSpec& option, const char* attached) {
  const char* value = attached;
  if (option.argument != Argument::None && value == nullptr) {
    if (*next_ == nullptr) return complain(Problem::MissingArgument, &option);
    value = *next_++;
  }
  if (!option.apply(options_, value)) return complain(Problem::BadArgument, &option, value);
  const bool is_for_container = option.section == Section::Isolate && !options_.isolate;
  if (is_for_container && container_option_ == nullptr) container_option_ = &option;
  return true;
}

bool Parser::parse_long(const char* word) {
  const std::string_view text = word + 2;
  const std::size_t equals = text.find('=');
  const bool has_value = equals != std::string_view::npos;
  const std::string_view name(text.data(), has_value ? equals : text.size());

  const OptionSpec* option = find_name(name);
  if (option == nullptr) return complain(Problem::UnknownOption, nullptr, word);
  if (option->argument == Argument::None && has_value) {
    return complain(Problem::UnexpectedArgument, option);
  }
  return apply(*option, has_value ? text.data() + equals + 1 : nullptr);
}

bool Parser::parse_cluster(const char* word) {
  for (const char* letter = word + 1; *letter != '\0'; ++letter) {
    const OptionSpec* option = find_letter(*letter);
    if (option == nullptr) return complain(Problem::UnknownLetter, nullptr, letter);
    const bool takes_rest = option->argument != Argument::None && letter[1] != '\0';
    if (!apply(*option, takes_rest ? letter + 1 : nullptr)) return false;
    if (takes_rest || options_.request != Request::Run) break;
  }
  return true;
}

bool Parser::check_whole() {
  if (options_.request != Request::Run) return true;
  if (container_option_ != nullptr && !options_.isolate) {
    return complain(Problem::NeedsIsolate, container_option_);
  }
  // An empty root is made around a COMMAND's file, even where none is to be run in it.
  const bool needs_command = !options_.pause || options_.isolate;
  return !needs_command || *options_.command != nullptr || complain(Problem::NoCommand);
}

bool Parser::parse_options() {
  while (*next_ != nullptr && options_.request == Request::Run) {
    const char* word = *next_;
    // "-" alone is a COMMAND like any other.
    if (word[0] != '-' || word[1] == '\0') break;
    ++next_;
    if (std::string_view(word) == "--") break;
    if (!(word[1] == '-' ? parse_long(word) : parse_cluster(word))) return false;
  }
  return true;
}

bool Parser::parse() {
  // Without words there is no argv[0] either, and no COMMAND.
  if (*next_ != nullptr) ++next_;
  if (!parse_options()) return false;
  options_.command = next_;
  return check_whole();
}

bool Parser::parse_variable() {
  error_.in_variable = true;
  if (!parse_options()) return false;
  if (options_.request != Request::Run) return true;
  if (*next_ != nullptr) return complain(Problem::NotAnOption, nullptr, *next_);
  if (options_.isolate) return complain(Problem::NotForVariable, find_name("isolate"));
  return container_option_ == nullptr || complain(Problem::NotForVariable, container_option_);
}

void write_option(Writer& writer, const OptionSpec& option) {
  writer << "option '--" << option.name << '\'';
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// False where there is no room for them all.
bool split_words(const char* value, Words& words) {
  std::size_t count = 0;
  Writer text(words.text);
  while (*value != '\0') {
    if (is_blank(*value)) {
      ++value;
      continue;
    }
    if (count == kMaxWords) return false;
    words.argv[count++] = words.text + text.view().size();
    while (*value != '\0' && !is_blank(*value)) text << *value++;
    text << '\0';
  }
  words.argv[count] = nullptr;
  return !text.overflowed();
}

}  // namespace

std::optional<UsageError> parse_options(char** argv, const char* const* environment,
                                        Options& options) {
  // The options point into it.
  static Words words;
  const char* variable = find_variable(environment, kOptionsVariable);
  if (variable != nullptr) {
    if (!split_words(variable, words)) return UsageError{.problem = Problem::NoRoomForVariable};
    Parser parser(words.argv, options);
    if (!parser.parse_variable()) return parser.error();
  }
  Parser parser(argv, options);
  if (parser.parse()) return std::nullopt;
  return parser.error();
}

void write_usage_error(Writer& writer, const UsageError& error) {
  writer << kMessagePrefix;
  if (error.in_variable) writer << kOptionsVariable << ": ";
  switch (error.problem) {
    case Problem::UnknownOption: writer << "unknown option '" << error.word << '\''; break;
    case Problem::UnknownLetter: writer << "unknown option '-" << error.word[0] << '\''; break;
    case Problem::MissingArgument:
    case Problem::UnexpectedArgument:
    case Problem::BadArgument:
      write_option(writer, *error.option);
      writer << " expects " << argument_kind(error.option->argument).expectation;
      if (error.word != nullptr) writer << ", not '" << error.word << '\'';
      break;
    case Problem::NeedsIsolate:
      write_option(writer, *error.option);
      writer << " expects '--isolate' beside it";
      break;
    case Problem::NotForVariable:
      write_option(writer, *error.option);
      writer << " is for the command line alone";
      break;
    case Problem::NoCommand: writer << "expects a COMMAND to run"; break;
    case Problem::NotAnOption: writer << "expects options, not '" << error.word << '\''; break;
    case Problem::NoRoomForVariable: writer << kOptionsVariable << " is too long"; break;
  }
  writer.end_line();
  writer << "Try 'cardboard --help' for more information.";
  writer.end_line();
}

}  // namespace cardboard
