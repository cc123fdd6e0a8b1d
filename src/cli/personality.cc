// SPDX-License-Identifier: MIT
//
// See personality.h. The words of the three others are theirs, byte for byte where their users'
// scripts or their own test-suites read them: tini 0.19, dumb-init 1.2.5, catatonit 0.2.
#include "cli/personality.h"

#include <cstring>

#include "base/errno_text.h"
#include "base/error.h"
#include "base/signals.h"

namespace cardboard {

namespace {

struct Words {
  Say say;
  Level level;
  const char* text;
};

constexpr std::size_t kSaySize = 3;

template <const auto& Rows>
consteval auto make_says() {
  return make_table<[] {
    TableBuilder table;
    for (const Words& row : Rows) {
      table.add(static_cast<std::uint8_t>(row.say));
      table.add(static_cast<std::uint8_t>(row.level));
      table.add(0);
    }
    table.add(0);
    return table;
  }>();
}

template <const auto& Rows>
consteval auto make_words() {
  return make_table<[] {
    TableBuilder table;
    for (const Words& row : Rows) table.add_phrase(row.text);
    return table;
  }>();
}

#define FIELD(name) offsetof(Options, name)

constexpr std::uint8_t request(Request wanted) { return static_cast<std::uint8_t>(wanted); }

// ---- cardboard ----

// CARDBOARD_VERSION is the Makefile's.
constexpr Words kNativeWords[] = {
    {Say::Help, Level::Printed,
     "Usage: cardboard [OPTION]... [--] COMMAND [ARG]...\n"
     "  or:  cardboard --isolate [OPTION]... [--] COMMAND [ARG]...\n"
     "\n"
     "Run COMMAND under an init that forwards signals, reaps zombies, returns COMMAND's\n"
     "exit status and leaves no process behind; with --isolate, in a container of its own."},
    {Say::Version, Level::Printed, "cardboard " CARDBOARD_VERSION},
    {Say::License, Level::Printed,
     "Copyright (c) 2026 The cardboard authors\n"
     "SPDX-License-Identifier: MIT\n"
     "Free to use, change and pass on, without any warranty: https://spdx.org/licenses/MIT"},
    {Say::Usage, Level::Always, "Try 'cardboard --help' for more information."},
    {Say::UnknownOption, Level::Always, "cardboard: %vunknown option '%w'\n%u"},
    {Say::UnknownLetter, Level::Always, "cardboard: %vunknown option '-%x'\n%u"},
    {Say::MissingArgument, Level::Always, "cardboard: %voption '--%o' expects %e\n%u"},
    {Say::UnexpectedArgument, Level::Always, "cardboard: %voption '--%o' expects %e\n%u"},
    {Say::BadArgument, Level::Always, "cardboard: %voption '--%o' expects %e, not '%w'\n%u"},
    {Say::NeedsIsolate, Level::Always,
     "cardboard: option '--%o' expects '--isolate' beside it\n%u"},
    {Say::NotForVariable, Level::Always,
     "cardboard: %voption '--%o' is for the command line alone\n%u"},
    {Say::NoCommand, Level::Always, "cardboard: expects a COMMAND to run\n%u"},
    {Say::NotAnOption, Level::Always, "cardboard: %vexpects options, not '%w'\n%u"},
    {Say::NoRoomForVariable, Level::Always, "cardboard: CARDBOARD_OPTS is too long\n%u"},
    {Say::ExecFailed, Level::Always, "cardboard: cannot execute %c: %t"},
    {Say::NoInterpreter, Level::Always,
     "cardboard: hint: its interpreter or loader is missing: %w"},
    {Say::Started, Level::Verbose, "cardboard: started %c, pid %a"},
    {Say::Forwarding, Level::Verbose, "cardboard: forwarding %s"},
    {Say::ForwardFailed, Level::Always, "cardboard: cannot forward %s: %t"},
    {Say::OrphanExited, Level::Verbose, "cardboard: orphan, pid %a, exited with status %b"},
    {Say::OrphanKilled, Level::Verbose, "cardboard: orphan, pid %a, was killed by %z"},
    {Say::MainExited, Level::Verbose, "cardboard: COMMAND, pid %a, exited with status %b"},
    {Say::MainKilled, Level::Verbose, "cardboard: COMMAND, pid %a, was killed by %z"},
    {Say::Sweeping, Level::Verbose, "cardboard: sending %s to all that is left"},
    {Say::GivesUp, Level::Always, "cardboard: cannot end all that COMMAND left behind"},
};

// ---- tini ----

#define TINI_VERSION "tini version 0.19.0 - git.de40ad0"

constexpr OptionRow kTiniOptions[] = {
    {"h", "", Argument::None, request(Request::Help), FIELD(request)},
    {"", "version", Argument::None, request(Request::Version), FIELD(request)},
    {"l", "", Argument::None, request(Request::License), FIELD(request)},
    {"s", "", Argument::None, 1, FIELD(subreaper)},
    {"p", "", Argument::SignalName, 0, FIELD(parent_death_signal)},
    {"v", "", Argument::Counts, 0, FIELD(verbosity)},
    {"w", "", Argument::None, 1, FIELD(warn_reaped)},
    {"g", "", Argument::None, 1, FIELD(group)},
    {"e", "", Argument::ExpectedStatus, 0, FIELD(remaps)},
    {"", "TINI_SUBREAPER", Argument::None, 1, FIELD(subreaper)},
    {"", "TINI_KILL_PROCESS_GROUP", Argument::None, 1, FIELD(group)},
    {"", "TINI_VERBOSITY", Argument::Number, 0, FIELD(verbosity)},
};

constexpr Words kTiniWords[] = {
    {Say::Help, Level::Printed, "%u"},
    {Say::Version, Level::Printed, TINI_VERSION},
    {Say::Usage, Level::Always,
     "%q (" TINI_VERSION ")\n"
     "Usage: %q [OPTIONS] PROGRAM -- [ARGS] | --version\n"
     "\n"
     "Execute a program under the supervision of a valid init process (%q)\n"
     "\n"
     "Command line options:\n"
     "\n"
     "  --version: Show version and exit.\n"
     "  -h: Show this help message and exit.\n"
     "  -s: Register as a process subreaper (requires Linux >= 3.4).\n"
     "  -p SIGNAL: Trigger SIGNAL when parent dies, e.g. \"-p SIGKILL\".\n"
     "  -v: Generate more verbose output. Repeat up to 3 times.\n"
     "  -w: Print a warning when processes are getting reaped.\n"
     "  -g: Send signals to the child's process group.\n"
     "  -e EXIT_CODE: Remap EXIT_CODE (from 0 to 255) to 0.\n"
     "  -l: Show license and exit.\n"
     "\n"
     "Environment variables:\n"
     "\n"
     "  TINI_SUBREAPER: Register as a process subreaper (requires Linux >= 3.4).\n"
     "  TINI_VERBOSITY: Set the verbosity level (default: 1).\n"
     "  TINI_KILL_PROCESS_GROUP: Send signals to the child's process group.\n"},
    {Say::UnknownOption, Level::Always, "%p: invalid option -- '-'\n%u"},
    {Say::UnknownLetter, Level::Always, "%p: invalid option -- '%x'\n%u"},
    {Say::MissingArgument, Level::Always, "%p: option requires an argument -- '%l'\n%u"},
    {Say::UnexpectedArgument, Level::Always, "%p: invalid option -- '-'\n%u"},
    {Say::BadArgument, Level::Always, "[FATAL tini (%m)] Not a valid option for -%l: %w"},
    {Say::NoCommand, Level::Always, "%u"},
    {Say::NotReaping, Level::Verbose,
     "[WARN  tini (%m)] Tini is not running as PID 1 and isn't registered as a child subreaper.\n"
     "Zombie processes will not be re-parented to Tini, so zombie reaping won't work.\n"
     "To fix the problem, use the -s option or set the environment variable TINI_SUBREAPER to "
     "register Tini as a child subreaper, or run Tini as PID 1."},
    {Say::Started, Level::Printed2, "[INFO  tini (%m)] Spawned child process '%c' with pid '%a'"},
    {Say::ExecFailed, Level::Always, "[FATAL tini (%a)] exec %c failed: %t"},
    {Say::ReceivedChild, Level::Printed3, "[DEBUG tini (%m)] Received SIGCHLD"},
    {Say::Forwarding, Level::Printed3, "[DEBUG tini (%m)] Passing signal: '%s'"},
    {Say::OrphanReaped, Level::Verbose, "[WARN  tini (%m)] Reaped zombie process with pid=%a"},
    {Say::MainExited, Level::Printed2,
     "[INFO  tini (%m)] Main child exited normally (with status '%b')"},
    {Say::MainKilled, Level::Printed2,
     "[INFO  tini (%m)] Main child exited with signal (with signal '%z')"},
};

// ---- dumb-init ----

constexpr OptionRow kDumbInitOptions[] = {
    {"c", "single-child", Argument::None, 0, FIELD(group)},
    {"r", "rewrite", Argument::NumericRewriting, 0, FIELD(rewrites)},
    {"v", "verbose", Argument::Counts, 0, FIELD(verbosity)},
    {"h", "help", Argument::None, request(Request::Help), FIELD(request)},
    {"V", "version", Argument::None, request(Request::Version), FIELD(request)},
    {"", "DUMB_INIT_DEBUG=1", Argument::Counts, 0, FIELD(verbosity)},
    {"", "DUMB_INIT_SETSID=0", Argument::None, 0, FIELD(group)},
};

#define DUMB "[dumb-init] "

constexpr Words kDumbInitWords[] = {
    {Say::Help, Level::Always,
     "dumb-init v1.2.5\n"
     "Usage: %p [option] command [[arg] ...]\n"
     "\n"
     "dumb-init is a simple process supervisor that forwards signals to children.\n"
     "It is designed to run as PID1 in minimal container environments.\n"
     "\n"
     "Optional arguments:\n"
     "   -c, --single-child   Run in single-child mode.\n"
     "                        In this mode, signals are only proxied to the\n"
     "                        direct child and not any of its descendants.\n"
     "   -r, --rewrite s:r    Rewrite received signal s to new signal r before proxying.\n"
     "                        To ignore (not proxy) a signal, rewrite it to 0.\n"
     "                        This option can be specified multiple times.\n"
     "   -v, --verbose        Print debugging information to stderr.\n"
     "   -h, --help           Print this help message and exit.\n"
     "   -V, --version        Print the current version and exit.\n"
     "\n"
     "Full help is available online at https://github.com/Yelp/dumb-init"},
    {Say::Version, Level::Always, "dumb-init v1.2.5"},
    {Say::Usage, Level::Always,
     "Usage: -r option takes <signum>:<signum>, where <signum> is between 1 and 31.\n"
     "This option can be specified multiple times.\n"
     "Use --help for full usage."},
    {Say::UnknownOption, Level::Always, "%p: unrecognized option '%w'"},
    {Say::UnknownLetter, Level::Always, "%p: invalid option -- '%x'"},
    {Say::MissingArgument, Level::Always, "%p: option requires an argument -- '%l'"},
    {Say::UnexpectedArgument, Level::Always, "%p: option '--%o' doesn't allow an argument"},
    {Say::BadArgument, Level::Always, "%u"},
    {Say::NoCommand, Level::Always,
     "Usage: %p [option] program [args]\nTry %p --help for full usage."},
    {Say::Detached, Level::Verbose,
     DUMB "Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive."},
    {Say::NotDetached, Level::Verbose, DUMB "Unable to detach from controlling tty (errno=%b %t)."},
    {Say::HandOff, Level::Verbose, DUMB "Ignoring tty hand-off signal %a."},
    {Say::Started, Level::Verbose, DUMB "Child spawned with PID %a."},
    {Say::StartedSession, Level::Verbose, DUMB "setsid complete."},
    {Say::ExecFailed, Level::Always, DUMB "%c: %t"},
    {Say::Received, Level::Verbose, DUMB "Received signal %a."},
    {Say::ReceivedChild, Level::Verbose, DUMB "Received signal %a."},
    {Say::Rewritten, Level::Verbose, DUMB "Translating signal %a to %b."},
    {Say::Dropped, Level::Verbose, DUMB "Not forwarding signal 0 to children (ignored)."},
    {Say::Forwarded, Level::Verbose, DUMB "Forwarded signal %a to children."},
    {Say::Suspending, Level::Verbose, DUMB "Suspending self due to TTY signal."},
    {Say::OrphanExited, Level::Verbose, DUMB "A child with PID %a exited with exit status %b."},
    {Say::OrphanKilled, Level::Verbose, DUMB "A child with PID %a was terminated by signal %b."},
    {Say::MainExited, Level::Verbose, DUMB "A child with PID %a exited with exit status %b."},
    {Say::MainKilled, Level::Verbose, DUMB "A child with PID %a was terminated by signal %b."},
    {Say::Leaving, Level::Verbose,
     DUMB "Forwarded signal 15 to children.\n" DUMB "Child exited with status %b. Goodbye."},
};

// ---- catatonit ----

constexpr OptionRow kCatatonitOptions[] = {
    {"g", "", Argument::None, 1, FIELD(group)},
    {"h", "", Argument::None, request(Request::Help), FIELD(request)},
    {"L", "", Argument::None, request(Request::License), FIELD(request)},
    {"P", "", Argument::None, 1, FIELD(pause)},
    {"V", "version", Argument::None, request(Request::Version), FIELD(request)},
    {"", "CATATONIT_DEBUG", Argument::Counts, 0, FIELD(verbosity)},
};

#define DEBUG "DEBUG (catatonit:%m): "

constexpr Words kCatatonitWords[] = {
    {Say::Help, Level::Always,
     "%u\n"
     "\n"
     "options:\n"
     "  -g              Forward signals to pid1's process group.\n"
     "  -h              Print this help page.\n"
     "  -L              Print license information.\n"
     "  -P              Run in pause mode (no program is run and quit on SIGINT).\n"
     "  -V, --version   Print version information.\n"
     "\n"
     "The source code can be found at <https://github.com/openSUSE/catatonit/>.\n"
     "For bug reporting instructions, please see: <https://bugs.opensuse.org/>."},
    {Say::Version, Level::Printed, "tini version 0.2.1_catatonit"},
    {Say::Usage, Level::Always, "usage: catatonit [-ghLPV] [--] <progname> [<arguments>...]"},
    {Say::UnknownOption, Level::Always, "%p: unrecognized option '%w'\n%u"},
    {Say::UnknownLetter, Level::Always, "%p: invalid option -- '%x'\n%u"},
    {Say::UnexpectedArgument, Level::Always, "%p: option '--%o' doesn't allow an argument\n%u"},
    {Say::NoCommand, Level::Always, "ERROR (catatonit:%m): missing program name\n%u"},
    {Say::ExecFailed, Level::Always, "ERROR (catatonit:%a): failed to exec pid1: %t"},
    {Say::Started, Level::Verbose, DEBUG "pid1 (%a) spawned: %c"},
    {Say::ForwardFailed, Level::Always, "WARN (catatonit:%m): forwarding of signal %a failed: %t"},
    {Say::OrphanExited, Level::Verbose, DEBUG "child process %a exited with code %b"},
    {Say::OrphanKilled, Level::Verbose, DEBUG "child process %a exited due to signal %b"},
};

#undef DEBUG

alignas(1) constexpr auto kNativeSays = make_says<kNativeWords>();
CARDBOARD_TEXTS constexpr auto kNativeBytes = make_words<kNativeWords>();
alignas(1) constexpr auto kTiniSays = make_says<kTiniWords>();
CARDBOARD_TEXTS constexpr auto kTiniBytes = make_words<kTiniWords>();
alignas(1) constexpr auto kTiniOptionBytes = make_option_table<kTiniOptions>();
alignas(1) constexpr auto kDumbInitSays = make_says<kDumbInitWords>();
CARDBOARD_TEXTS constexpr auto kDumbInitBytes = make_words<kDumbInitWords>();
alignas(1) constexpr auto kDumbInitOptionBytes = make_option_table<kDumbInitOptions>();
alignas(1) constexpr auto kCatatonitSays = make_says<kCatatonitWords>();
CARDBOARD_TEXTS constexpr auto kCatatonitBytes = make_words<kCatatonitWords>();
alignas(1) constexpr auto kCatatonitOptionBytes = make_option_table<kCatatonitOptions>();

constexpr Personality kPersonalities[] = {
    {.names = "none ",
     .options = OptionTable(nullptr),
     .says = kNativeSays.data(),
     .words = kNativeBytes.data(),
     .exec_not_found = kExitNotFound,
     .exec_no_directory = kExitNotFound,
     .exec_denied = kExitCannotExecute,
     .exec_failed = kExitCannotExecute,
     .failure = kExitFailure,
     .verbosity = 0,
     .job_control = JobControl::AsCommandDoes,
     .leftovers = Leftovers::Ended,
     .forwards_to_group = false,
     .makes_session = false,
     .is_subreaper = true},
    {.names = "tini tini-static docker-init ",
     .options = OptionTable(kTiniOptionBytes.data()),
     .says = kTiniSays.data(),
     .words = kTiniBytes.data(),
     .exec_not_found = kExitNotFound,
     .exec_no_directory = 1,
     .exec_denied = kExitCannotExecute,
     .exec_failed = 1,
     .failure = 1,
     .verbosity = 1,
     .job_control = JobControl::AsCommandDoes,
     .leftovers = Leftovers::Left,
     .forwards_to_group = false,
     .makes_session = false,
     .is_subreaper = false},
    {.names = "dumb-init ",
     .options = OptionTable(kDumbInitOptionBytes.data()),
     .says = kDumbInitSays.data(),
     .words = kDumbInitBytes.data(),
     .exec_not_found = 2,
     .exec_no_directory = 2,
     .exec_denied = 2,
     .exec_failed = 2,
     .failure = 1,
     .verbosity = 0,
     .job_control = JobControl::StopsUs,
     .leftovers = Leftovers::Terminated,
     .forwards_to_group = true,
     .makes_session = true,
     .is_subreaper = true},
    {.names = "catatonit podman-init ",
     .options = OptionTable(kCatatonitOptionBytes.data()),
     .says = kCatatonitSays.data(),
     .words = kCatatonitBytes.data(),
     .exec_not_found = 1,
     .exec_no_directory = 1,
     .exec_denied = 1,
     .exec_failed = 1,
     .failure = 1,
     .verbosity = 0,
     .job_control = JobControl::Ignored,
     .leftovers = Leftovers::Left,
     .forwards_to_group = false,
     .makes_session = false,
     .is_subreaper = true},
};

// Whatever it stands in for, the license is ours.
const Personality& teller_of(const Personality& personality, Say what) {
  return what == Say::License ? kPersonalities[0] : personality;
}

const char* find_say(const Personality& personality, Say what) {
  return find_row(personality.says, static_cast<char>(what));
}

void fill_gap(Writer& writer, char gap, const Personality& personality, const Facts& facts) {
  switch (gap | 0x60) {
    case 'a': writer << facts.a; break;
    case 's': write_signal(writer, facts.a); break;
    case 'b': writer << facts.b; break;
    case 'z': write_signal(writer, facts.b); break;
    case 't': write_errno(writer, facts.b); break;
    case 'm': writer << facts.self; break;
    case 'p': writer << facts.program; break;
    case 'q': writer << base_name(as_view(facts.program)); break;
    case 'c': writer << facts.command; break;
    case 'w': writer << facts.word; break;
    case 'x': writer << facts.word[0]; break;
    case 'o': writer << facts.option->name; break;
    case 'l': writer << facts.option->letters[0]; break;
    case 'e': writer << expectation_of(facts.option->argument); break;
    case 'v':
      if (facts.in_variable) writer << kOptionsVariable << ": ";
      break;
    case 'u': write_words(writer, personality, Say::Usage, facts); break;
  }
}

}  // namespace

const Personality& native_personality() { return kPersonalities[0]; }

const Personality* find_personality(std::string_view name) {
  for (const Personality& personality : kPersonalities) {
    std::string_view names = as_view(personality.names);
    while (!names.empty()) {
      const std::size_t blank = names.find(' ');
      if (name == std::string_view(names.data(), blank)) return &personality;
      names.remove_prefix(blank + 1);
    }
  }
  return nullptr;
}

OptionTable options_of(const Personality& personality) {
  return personality.options.bytes() != nullptr ? personality.options : native_options();
}

void adopt(Options& options, const Personality& personality) {
  options.personality = &personality;
  options.verbosity = personality.verbosity;
  options.group = personality.forwards_to_group;
}

bool choose_personality(Options& options, std::string_view name) {
  const Personality* personality = find_personality(name);
  if (personality != nullptr) adopt(options, *personality);
  return personality != nullptr;
}

Level level_of(const Personality& personality, Say what) {
  const char* row = find_say(teller_of(personality, what), what);
  return row != nullptr ? static_cast<Level>(*row) : Level::Nowhere;
}

const char* find_words(const Personality& personality, Say what) {
  const Personality& teller = teller_of(personality, what);
  const char* row = find_say(teller, what);
  if (row == nullptr) return nullptr;
  const auto index = static_cast<std::size_t>(row - teller.says) / kSaySize;
  return string_at(readable(teller.words), index);
}

void write_words(Writer& writer, const Personality& personality, Say what, const Facts& facts) {
  const char* next = find_words(personality, what);
  for (; next != nullptr && *next != '\0'; ++next) {
    if (is_gap(*next)) {
      fill_gap(writer, *next, personality, facts);
    } else {
      writer << *next;
    }
  }
}

}  // namespace cardboard
