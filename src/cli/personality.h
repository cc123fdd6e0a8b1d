// SPDX-License-Identifier: MIT
//
// The programs that cardboard can stand in for, and cardboard itself: each a row of one constant
// table, with its options and variables, its habits and its words. Nothing else in the program asks
// which of them it is.
#pragma once

#include <cstdint>
#include <string_view>

#include "cli/option_table.h"

namespace cardboard {

// Everything that is ever said, but the errors of a set-up (base/error.h). The words are templates;
// write_words() says what the gaps are.
enum class Say : std::uint8_t {
  // A request for information.
  Help = 1,
  Version,
  License,
  Usage,  // the end of a usage error, for %u

  // A usage error.
  UnknownOption,
  UnknownLetter,
  MissingArgument,
  UnexpectedArgument,
  BadArgument,
  NeedsIsolate,
  NotForVariable,
  NoCommand,
  NotAnOption,
  NoRoomForVariable,

  // Start.
  NotReaping,      // neither PID 1 nor a subreaper
  Detached,        // from the controlling terminal; SIGHUP and SIGCONT will come of it
  NotDetached,     // %b why
  HandOff,         // %a such a signal came
  Started,         // %a pid
  StartedSession,  // %a pid
  ExecFailed,      // %a pid, %b why
  NoInterpreter,   // %w its name

  // Life.
  Received,       // %a signal
  ReceivedChild,  // the same, and it is SIGCHLD
  Rewritten,      // %a signal, %b to that
  Dropped,        // %a signal
  Forwarding,     // %a signal
  Forwarded,      // %a signal
  ForwardFailed,  // %a signal, %b why
  Suspending,

  // Death.
  OrphanExited,  // %a pid, %b status
  OrphanKilled,  // %a pid, %b signal
  OrphanReaped,  // %a pid, where --warn-reaped asks for it
  MainExited,    // %a pid, %b status
  MainKilled,    // %a pid, %b signal
  Sweeping,      // %a signal
  Leaving,       // %b status, after MainExited and MainKilled
  GivesUp,
};

// What a signal of job control makes of us, apart from being forwarded.
enum class JobControl : std::uint8_t {
  AsCommandDoes,  // we stop when COMMAND has stopped
  StopsUs,        // it stops COMMAND, by SIGSTOP where that has a session, and us
  Ignored,
};

// What becomes of those that COMMAND leaves behind, unless an option says.
enum class Leftovers : std::uint8_t {
  Ended,       // TERM, a time of grace, KILL
  Terminated,  // TERM, where signals go to COMMAND's group
  Left,
};

struct Personality {
  const char* names;    // of the program, each with a blank behind it; the first is for --compat
  OptionTable options;  // null: the native ones. NAME and NAME=VALUE are environment variables
  const char* says;     // of what it has something to say: rows for find_row(), Say and Level
  const char* words;    // what that is, in the same order: texts
  // The exit statuses for an execve(2) that failed: with ENOENT, ENOTDIR, EACCES, or another.
  std::uint8_t exec_not_found;
  std::uint8_t exec_no_directory;
  std::uint8_t exec_denied;
  std::uint8_t exec_failed;
  std::uint8_t failure;    // of our own: usage, set-up
  std::uint8_t verbosity;  // to begin with
  JobControl job_control;
  Leftovers leftovers;
  bool forwards_to_group;  // to begin with
  bool makes_session;      // for COMMAND, while signals go to its group
  bool is_subreaper;       // unasked
};

// Where something is said, and from which verbosity on.
enum class Level : std::uint8_t {
  Nowhere,
  Always,  // to stderr
  Verbose,
  Verbose2,
  Verbose3,
  Printed = 0x11,  // to stdout
  Printed2 = 0x13,
  Printed3,
};

// The native one.
const Personality& native_personality();

// Null where the name is of none. `name` is a program's, without its directory.
const Personality* find_personality(std::string_view name);

OptionTable options_of(const Personality& personality);

// Makes the options begin as the personality does; "none" is the native one. False where there is
// none of that name.
bool choose_personality(Options& options, std::string_view name);
void adopt(Options& options, const Personality& personality);

// Room for the longest text that is ever said: our help.
inline constexpr std::size_t kMostText = 8192;

// What fills the gaps of a template.
struct Facts {
  int a = 0;                 // %a as a number, %s as a signal's name
  int b = 0;                 // %b as a number, %z as a signal's name, %t as an errno's text
  int self = 0;              // %m our pid
  const char* program = "";  // %p argv[0], %q its last part
  const char* command = "";  // %c
  const char* word = "";     // %w what was typed, %x its first letter
  const OptionSpec* option = nullptr;  // %o its name, %l its letter, %e what it expects
  bool in_variable = false;            // %v "CARDBOARD_OPTS: "
};

// Where `personality` says something of it, and the template of that; null where it is nowhere.
Level level_of(const Personality& personality, Say what);
const char* find_words(const Personality& personality, Say what);

// The template filled in; nothing where there is none.
void write_words(Writer& writer, const Personality& personality, Say what, const Facts& facts);

}  // namespace cardboard
