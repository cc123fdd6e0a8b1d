// SPDX-License-Identifier: MIT
//
// See voice.h.
#include "cli/voice.h"

#include "base/log.h"
#include "base/sys.h"
#include "cli/help.h"

namespace cardboard {

namespace {

constexpr int kToStdout = 0x10;

}  // namespace

Result<void> Voice::recite(const char* words, Facts facts, bool with_options) const {
  facts.self = sys_getpid();
  facts.program = program_;
  if (options_.command != nullptr && *options_.command != nullptr)
    facts.command = *options_.command;
  char text[kMostText];
  Writer writer(text);
  write_words(writer, *options_.personality, words, facts);
  writer.end_line();
  if (with_options) write_options(writer, options_of(*options_.personality));
  if ((words[0] & kToStdout) != 0) return print(writer.view());
  log_text(writer.view());
  return {};
}

void Voice::say(Say what, const Facts& facts, int verbosity) const {
  const char* words = find_words(*options_.personality, what);
  if (words == nullptr || verbosity + 1 < (words[0] & ~kToStdout)) return;
  // That nobody hears it is no reason not to go on.
  static_cast<void>(recite(words, facts, false).ok());
}

void Voice::say(Say what, int a, int b, bool insists) const {
  say(what, {.a = a, .b = b}, options_.verbosity + (insists ? 1 : 0));
}

void Voice::say_of(Say what, const char* word) const { say(what, {.word = word}, 0); }

int Voice::inform() const {
  const Request request = options_.request;
  const Say what = request == Request::Help      ? Say::Help
                   : request == Request::Version ? Say::Version
                                                 : Say::License;
  const Result<void> printed =
      recite(find_words(*options_.personality, what), {}, request == Request::Help);
  if (printed.ok()) return 0;
  log_error(printed.error());
  return options_.personality->failure;
}

int Voice::conclude(Result<int> result) const {
  if (result.ok()) return result.take();
  log_error(result.error());
  const int status = result.error().exit_status;
  return status == kExitFailure ? options_.personality->failure : status;
}

int Voice::complain(const UsageError& error) const {
  say(error.problem,
      {.word = error.word, .option = &error.option, .in_variable = error.in_variable}, 0);
  return options_.personality->failure;
}

}  // namespace cardboard
