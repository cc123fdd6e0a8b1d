// SPDX-License-Identifier: MIT
//
// See parse.h.
#include "cli/parse.h"

#include "base/environment.h"

namespace cardboard {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t kMaxWords = 64;

struct Words {
  char text[1024];
  char* argv[kMaxWords + 1];
};

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

// The parse_*() return false when they have met an error.
class Parser {
 public:
  Parser(char** argv, Options& options, UsageError& error)
      : next_(argv), options_(options), error_(error) {}

  bool parse(const char* const* environment);
  // `value` is what the variable holds.
  bool parse_variable(const char* value);

 private:
  bool parse_options(OptionTable table);
  bool parse_long(OptionTable table, const char* word);
  bool parse_cluster(OptionTable table, const char* word);
  // `attached` is what stood behind "=" or behind the letter; null when nothing did.
  bool apply(const char* attached);
  void apply_variables(const char* const* environment);
  bool check_whole();
  // Returns false. About the option that was read last, or about `option`, one of our own.
  bool complain(Say problem, const char* word = nullptr);
  bool complain_of(const char* option, Say problem);

  char** next_;
  Options& options_;
  // The name of the first option that only makes sense with --isolate, or null.
  const char* container_option_ = nullptr;
  UsageError& error_;
};

bool Parser::complain(Say problem, const char* word) {
  // Of what the others do not know of, our variable and our own options, we speak ourselves.
  if (error_.in_variable || level_of(*options_.personality, problem) == Level::Nowhere) {
    adopt(options_, native_personality());
  }
  error_.problem = problem;
  error_.word = word;
  return false;
}

bool Parser::complain_of(const char* option, Say problem) {
  native_options().find_name(as_view(option), error_.option);
  return complain(problem);
}

bool Parser::apply(const char* attached) {
  const OptionSpec& option = error_.option;
  const char* value = attached;
  if (has_argument(option) && value == nullptr) {
    if (*next_ == nullptr) return complain(Say::MissingArgument);
    value = *next_++;
  }
  if (!apply_option(options_, option, value)) return complain(Say::BadArgument, value);
  const bool is_for_container = option.section == Section::Isolate && !options_.isolate;
  if (is_for_container && container_option_ == nullptr) container_option_ = option.name;
  return true;
}

bool Parser::parse_long(OptionTable table, const char* word) {
  const std::string_view text = as_view(word + 2);
  const std::size_t equals = text.find('=');
  const bool has_value = equals != std::string_view::npos;
  const std::string_view name(text.data(), has_value ? equals : text.size());

  if (!table.find_name(name, error_.option)) return complain(Say::UnknownOption, word);
  if (!has_argument(error_.option) && has_value) return complain(Say::UnexpectedArgument);
  return apply(has_value ? text.data() + equals + 1 : nullptr);
}

bool Parser::parse_cluster(OptionTable table, const char* word) {
  for (const char* letter = word + 1; *letter != '\0'; ++letter) {
    if (!table.find_letter(*letter, error_.option)) return complain(Say::UnknownLetter, letter);
    const bool takes_rest = has_argument(error_.option) && letter[1] != '\0';
    if (!apply(takes_rest ? letter + 1 : nullptr)) return false;
    if (takes_rest || options_.request != Request::Run) break;
  }
  return true;
}

bool Parser::check_whole() {
  if (options_.request != Request::Run) return true;
  if (container_option_ != nullptr && !options_.isolate) {
    return complain_of(container_option_, Say::NeedsIsolate);
  }
  // An empty root is made around a COMMAND's file, even where none is to be run in it.
  const bool needs_command = !options_.pause || options_.isolate;
  return !needs_command || *options_.command != nullptr || complain(Say::NoCommand);
}

bool Parser::parse_options(OptionTable table) {
  while (*next_ != nullptr && options_.request == Request::Run) {
    const char* word = *next_;
    // "-" alone is a COMMAND like any other.
    if (word[0] != '-' || word[1] == '\0') break;
    ++next_;
    if (equals(word, "--")) break;
    const Personality* before = options_.personality;
    if (!(word[1] == '-' ? parse_long(table, word) : parse_cluster(table, word))) return false;
    // Chosen just now: what follows are its options.
    if (options_.personality != before) table = options_of(*options_.personality);
  }
  return true;
}

// What they say holds even against the command line, as with the programs that have them.
void Parser::apply_variables(const char* const* environment) {
  // We have none but the one that holds options.
  const char* next = options_.personality->options.bytes();
  if (next == nullptr) return;
  OptionSpec option;
  while ((next = OptionTable::read(next, option)) != nullptr) {
    const std::string_view name = as_view(option.name);
    if (!is_variable(option.name[0])) continue;
    const std::size_t end = std::min(name.find('='), name.size());
    const char* value = find_variable(environment, {name.data(), end});
    if (value == nullptr) continue;
    // What it must be, if that is said.
    if (end == name.size() || equals(option.name + end + 1, value)) {
      apply_option(options_, option, value);
    }
  }
}

bool Parser::parse(const char* const* environment) {
  // Without words there is no argv[0] either, and no COMMAND.
  if (*next_ != nullptr) ++next_;
  if (!parse_options(options_of(*options_.personality))) return false;
  if (options_.request == Request::Run) apply_variables(environment);
  options_.command = next_;
  return check_whole();
}

bool Parser::parse_variable(const char* value) {
  error_.in_variable = true;
  // The options point into it.
  static Words words;
  if (!split_words(value, words)) return complain(Say::NoRoomForVariable);
  next_ = words.argv;
  if (!parse_options(native_options())) return false;
  if (options_.request != Request::Run) return true;
  if (*next_ != nullptr) return complain(Say::NotAnOption, *next_);
  if (options_.isolate) container_option_ = "isolate";
  return container_option_ == nullptr || complain_of(container_option_, Say::NotForVariable);
}

}  // namespace

bool parse_options(char** argv, const char* const* environment, Options& options,
                   UsageError& error) {
  const Personality* named =
      *argv != nullptr ? find_personality(base_name(as_view(*argv))) : nullptr;
  adopt(options, named != nullptr ? *named : native_personality());
  const char* variable = find_variable(environment, kOptionsVariable);
  if (variable != nullptr) {
    if (!Parser(argv, options, error).parse_variable(variable)) return false;
    error.in_variable = false;
  }
  return Parser(argv, options, error).parse(environment);
}

}  // namespace cardboard
