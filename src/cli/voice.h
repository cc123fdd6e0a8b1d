// SPDX-License-Identifier: MIT
//
// What the program says in the words of its personality, and on which stream.
#pragma once

#include "base/error.h"
#include "cli/parse.h"

namespace cardboard {

class Voice {
 public:
  // `program` is argv[0], or null. Both must outlive the voice.
  Voice(const Options& options, const char* program)
      : options_(options), program_(program != nullptr ? program : "") {}

  // On stderr or, where tini does that, on stdout; or nothing, when nobody asked to hear of it.
  // `insists`: already where one level less of verbosity was asked for.
  void say(Say what) const;
  void say(Say what, int a, int b = 0, bool insists = false) const;

  void say_of(Say what, const char* word) const;

  // What ends a run before it begins. Both return the exit status.
  int inform() const;
  int complain(const UsageError& error) const;

  // The exit status of the run. What went wrong with it, if anything, is printed.
  int conclude(Result<int> result) const;

 private:
  void say(Say what, const Facts& facts, int verbosity) const;
  Result<void> recite(Say what, Facts facts) const;

  const Options& options_;
  const char* program_;
};

}  // namespace cardboard
