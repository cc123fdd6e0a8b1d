// SPDX-License-Identifier: MIT
//
// See voice.h.
#include "cli/voice.h"

#include "base/log.h"
#include "base/packed.h"
#include "base/sys.h"
#include "cli/help.h"

namespace cardboard {

namespace {

constexpr int kToStdout = 0x10;

CARDBOARD_GATE Result<void> add_options(Writer& writer) {
  TRY(unpack_isolator());
  write_options(writer);
  return {};
}

}  // namespace

Result<void> Voice::recite(Say what, Facts facts) const {
  facts.self = sys_getpid();
  facts.program = program_;
  if (options_.command != nullptr && *options_.command != nullptr)
    facts.command = *options_.command;
  char text[kMostText];
  Writer writer(text);
  const Personality& personality = *options_.personality;
  write_words(writer, personality, what, facts);
  writer.end_line();
  if (what == Say::Help && &personality == &native_personality()) TRY(add_options(writer));
  if ((static_cast<int>(level_of(personality, what)) & kToStdout) != 0) {
    return print(writer.view());
  }
  log_text(writer.view());
  return {};
}

void Voice::say(Say what, const Facts& facts, int verbosity) const {
  const int level = static_cast<int>(level_of(*options_.personality, what));
  if (level == 0 || verbosity + 1 < (level & ~kToStdout)) return;
  // That nobody hears it is no reason not to go on.
  static_cast<void>(recite(what, facts).ok());
}

void Voice::say(Say what, int a, int b, bool insists) const {
  say(what, {.a = a, .b = b}, options_.verbosity + (insists ? 1 : 0));
}

void Voice::say(Say what) const { say(what, 0); }

void Voice::say_of(Say what, const char* word) const { say(what, {.word = word}, 0); }

int Voice::inform() const {
  const Request request = options_.request;
  const Say what = request == Request::Help      ? Say::Help
                   : request == Request::Version ? Say::Version
                                                 : Say::License;
  const Result<void> printed = recite(what, {});
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
