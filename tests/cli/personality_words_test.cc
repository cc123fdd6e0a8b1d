// SPDX-License-Identifier: MIT
//
// What is said under each name, byte for byte where the programs' users or their own test-suites
// read it (KERNEL.md 4), to which stream, and when nothing is. The texts here were compared with
// what tini 0.19, dumb-init 1.2.5 and catatonit themselves print; integration/personalities.bats
// does so again wherever they are installed.
#include <errno.h>
#include <signal.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support.h"

using namespace cardboard;

namespace {

using Views = std::vector<std::string_view>;

const Personality& kNative = native_personality();
const Personality& kTini = *find_personality("tini");
const Personality& kDumbInit = *find_personality("dumb-init");
const Personality& kCatatonit = *find_personality("catatonit");
const Personality* const kAll[] = {&kNative, &kTini, &kDumbInit, &kCatatonit};

constexpr Say kFirst = Say::Help;
constexpr Say kLast = Say::GivesUp;

std::vector<Say> all_that_is_said() {
  std::vector<Say> all;
  for (int what = static_cast<int>(kFirst); what <= static_cast<int>(kLast); ++what) {
    all.push_back(static_cast<Say>(what));
  }
  return all;
}

// The letters of all gaps that come to be filled, those of the Usage that a text ends with too.
std::set<char> gaps_of(const Personality& personality, Say what) {
  std::set<char> gaps;
  const char* words = find_words(personality, what);
  if (words == nullptr) return gaps;
  for (const char* next = words; *next != '\0'; ++next) {
    if (is_gap(*next)) gaps.insert(static_cast<char>(*next | 0x60));
  }
  if (gaps.erase('u') != 0 && what != Say::Usage) gaps.merge(gaps_of(personality, Say::Usage));
  return gaps;
}

std::set<char> letters(const std::string& text) { return {text.begin(), text.end()}; }

// What whoever says it knows: parse.cc, voice.cc, init.cc and supervise.cc.
std::set<char> known_for(Say what) {
  switch (what) {
    case Say::Help:
    case Say::Version:
    case Say::License: return letters("pq");
    case Say::Usage: return letters("mpq");
    case Say::UnknownOption: return letters("mpqvw");
    case Say::UnknownLetter: return letters("mpqvwx");
    case Say::MissingArgument:
    case Say::UnexpectedArgument: return letters("mpqvole");
    case Say::BadArgument: return letters("mpqvolew");
    case Say::NeedsIsolate:
    case Say::NotForVariable: return letters("mpqvo");
    case Say::NotAnOption: return letters("mpqvw");
    case Say::NoCommand:
    case Say::NoRoomForVariable: return letters("mpqv");
    case Say::NotReaping:
    case Say::Detached:
    case Say::Suspending:
    case Say::GivesUp: return letters("mpq");
    case Say::NotDetached: return letters("mpqbt");
    case Say::Started: return letters("mpqac");
    case Say::StartedSession:
    case Say::OrphanReaped: return letters("mpqa");
    case Say::ExecFailed: return letters("mpqacbt");
    case Say::NoInterpreter: return letters("w");
    case Say::HandOff:
    case Say::Received:
    case Say::ReceivedChild:
    case Say::Dropped:
    case Say::Forwarding:
    case Say::Forwarded:
    case Say::Sweeping: return letters("mpqas");
    case Say::Rewritten: return letters("mpqasbz");
    case Say::ForwardFailed: return letters("mpqasbt");
    case Say::OrphanExited:
    case Say::MainExited:
    case Say::Leaving: return letters("mpqab");
    case Say::OrphanKilled:
    case Say::MainKilled: return letters("mpqabz");
  }
  return {};
}

// What is wrong with the words, called as `program`.
std::string complaint(std::string_view program, const Views& words) {
  return CommandLine(Environment{}, words, program).message();
}

Facts facts(int a, int b = 0) {
  return {.a = a, .b = b, .self = kSelf, .program = "/sbin/x", .command = "sleep"};
}

bool is_silent(const Personality& personality, Say what) {
  return find_words(personality, what) == nullptr;
}

Level level(const Personality& personality, Say what) { return level_of(personality, what); }

std::string tini_usage(const std::string& name) {
  return name +
         " (tini version 0.19.0 - git.de40ad0)\n"
         "Usage: " +
         name +
         " [OPTIONS] PROGRAM -- [ARGS] | --version\n"
         "\n"
         "Execute a program under the supervision of a valid init process (" +
         name +
         ")\n"
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
         "  TINI_KILL_PROCESS_GROUP: Send signals to the child's process group.\n"
         "\n";
}

const std::string kCatatonitUsage = "usage: catatonit [-ghLPV] [--] <progname> [<arguments>...]\n";

}  // namespace

// ---- Of all ----

TEST_CASE("every text uses only the gaps that are filled where it is said") {
  for (const Personality* personality : kAll) {
    for (const Say what : all_that_is_said()) {
      CAPTURE(personality->names, static_cast<int>(what));
      const std::set<char> known = known_for(what);
      for (const char gap : gaps_of(*personality, what)) {
        CAPTURE(gap);
        REQUIRE(known.count(gap) == 1);
      }
    }
  }
}

TEST_CASE("whatever is asked for is said under every name, and so is whatever is wrong") {
  for (const Personality* personality : kAll) {
    CAPTURE(personality->names);
    for (const Say what : {Say::Help, Say::Version, Say::License, Say::ExecFailed}) {
      CHECK_FALSE(is_silent(*personality, what));
    }
  }
  for (int what = static_cast<int>(Say::UnknownOption);
       what <= static_cast<int>(Say::NoRoomForVariable); ++what) {
    CAPTURE(what);
    CHECK(level(kNative, static_cast<Say>(what)) == Level::Always);
  }
}

TEST_CASE("every mistake on a command line is told, under every name") {
  const Views words = GENERATE(values<Views>({{"-X", "x"},
                                              {"--bogus", "x"},
                                              {"--version=1", "x"},
                                              {"-p"},
                                              {"-e", "x", "x"},
                                              {"-r", "x", "x"},
                                              {"-r"},
                                              {}}));
  for (const char* program : {"cardboard", "tini", "dumb-init", "catatonit"}) {
    CAPTURE(program, words);
    const std::string message = complaint(program, words);
    CHECK(message.size() > 10);
    CHECK(message.back() == '\n');
  }
}

TEST_CASE("a mistake ends us with 1 as it ends the others, and with 125 under our own name") {
  CHECK(kNative.failure == 125);
  CHECK(kTini.failure == 1);
  CHECK(kDumbInit.failure == 1);
  CHECK(kCatatonit.failure == 1);
}

TEST_CASE("the license is ours under every name") {
  for (const Personality* personality : kAll) {
    const std::string license = text_of(*personality, Say::License, {.program = "x"});
    CHECK(license.find("SPDX-License-Identifier: MIT\n") != std::string::npos);
    CHECK(level(*personality, Say::License) == Level::Printed);
  }
}

// ---- cardboard ----

TEST_CASE("under our own name an end is told in words") {
  CHECK(text_of(kNative, Say::MainExited, facts(7, 255)) ==
        "cardboard: COMMAND, pid 7, exited with status 255\n");
  CHECK(text_of(kNative, Say::MainKilled, facts(7, SIGTERM)) ==
        "cardboard: COMMAND, pid 7, was killed by SIGTERM\n");
  CHECK(text_of(kNative, Say::MainKilled, facts(7, 37)) ==
        "cardboard: COMMAND, pid 7, was killed by SIGRTMIN+3\n");
  CHECK(text_of(kNative, Say::OrphanExited, facts(8, 0)) ==
        "cardboard: orphan, pid 8, exited with status 0\n");
  CHECK(text_of(kNative, Say::OrphanKilled, facts(8, SIGSEGV)) ==
        "cardboard: orphan, pid 8, was killed by SIGSEGV\n");
}

TEST_CASE("under our own name the rest is told as DESIGN 2.3 has it") {
  CHECK(text_of(kNative, Say::ExecFailed, facts(7, ENOENT)) ==
        "cardboard: cannot execute sleep: No such file or directory\n");
  CHECK(text_of(kNative, Say::Started, facts(7)) == "cardboard: started sleep, pid 7\n");
  CHECK(text_of(kNative, Say::Forwarding, facts(SIGHUP)) == "cardboard: forwarding SIGHUP\n");
  CHECK(text_of(kNative, Say::ForwardFailed, facts(SIGHUP, EPERM)) ==
        "cardboard: cannot forward SIGHUP: Operation not permitted\n");
  CHECK(text_of(kNative, Say::Sweeping, facts(SIGKILL)) ==
        "cardboard: sending SIGKILL to all that is left\n");
  CHECK(text_of(kNative, Say::GivesUp, facts(0)) ==
        "cardboard: cannot end all that COMMAND left behind\n");
}

TEST_CASE("under our own name all but a failure waits for --verbose") {
  for (const Say what : {Say::Started, Say::Forwarding, Say::OrphanExited, Say::OrphanKilled,
                         Say::MainExited, Say::MainKilled, Say::Sweeping}) {
    CAPTURE(static_cast<int>(what));
    CHECK(level(kNative, what) == Level::Verbose);
  }
  for (const Say what : {Say::ExecFailed, Say::ForwardFailed, Say::GivesUp}) {
    CAPTURE(static_cast<int>(what));
    CHECK(level(kNative, what) == Level::Always);
  }
}

// ---- tini ----

TEST_CASE("tini's version is one that dockerd can read, on stdout") {
  CHECK(text_of(kTini, Say::Version, {}) == "tini version 0.19.0 - git.de40ad0\n");
  CHECK(level(kTini, Say::Version) == Level::Printed);
}

TEST_CASE("tini's help is its usage, on stdout, and names the program without its directory") {
  CHECK(text_of(kTini, Say::Help, {.program = "/usr/bin/tini"}) == tini_usage("tini"));
  CHECK(text_of(kTini, Say::Help, {.program = "docker-init"}) == tini_usage("docker-init"));
  CHECK(level(kTini, Say::Help) == Level::Printed);
}

TEST_CASE("tini's usage errors") {
  CHECK(complaint("tini", {}) == tini_usage("tini"));
  CHECK(complaint("/sbin/tini", {"-z", "x"}) ==
        "/sbin/tini: invalid option -- 'z'\n" + tini_usage("tini"));
  CHECK(complaint("tini", {"-gz", "x"}) == "tini: invalid option -- 'z'\n" + tini_usage("tini"));
  CHECK(complaint("tini", {"--foo"}) == "tini: invalid option -- '-'\n" + tini_usage("tini"));
  CHECK(complaint("tini", {"--version=1"}) == "tini: invalid option -- '-'\n" + tini_usage("tini"));
  CHECK(complaint("tini", {"-p"}) ==
        "tini: option requires an argument -- 'p'\n" + tini_usage("tini"));
  CHECK(complaint("tini", {"-ge"}) ==
        "tini: option requires an argument -- 'e'\n" + tini_usage("tini"));
  CHECK(complaint("tini", {"-p", "X", "x"}) ==
        "[FATAL tini (4711)] Not a valid option for -p: X\n");
}

TEST_CASE("tini's messages") {
  CHECK(text_of(kTini, Say::NotReaping, facts(0)) ==
        "[WARN  tini (4711)] Tini is not running as PID 1 and isn't registered as a child "
        "subreaper.\n"
        "Zombie processes will not be re-parented to Tini, so zombie reaping won't work.\n"
        "To fix the problem, use the -s option or set the environment variable TINI_SUBREAPER to "
        "register Tini as a child subreaper, or run Tini as PID 1.\n");
  CHECK(text_of(kTini, Say::Started, facts(7)) ==
        "[INFO  tini (4711)] Spawned child process 'sleep' with pid '7'\n");
  // It is the child that finds out, and says so.
  CHECK(text_of(kTini, Say::ExecFailed, facts(7, ENOENT)) ==
        "[FATAL tini (7)] exec sleep failed: No such file or directory\n");
  CHECK(text_of(kTini, Say::ReceivedChild, facts(SIGCHLD)) ==
        "[DEBUG tini (4711)] Received SIGCHLD\n");
  CHECK(text_of(kTini, Say::OrphanReaped, facts(8)) ==
        "[WARN  tini (4711)] Reaped zombie process with pid=8\n");
  CHECK(text_of(kTini, Say::MainExited, facts(7, 3)) ==
        "[INFO  tini (4711)] Main child exited normally (with status '3')\n");
  CHECK(text_of(kTini, Say::MainKilled, facts(7, SIGTERM)).find("exited with signal (with sig") !=
        std::string::npos);
}

TEST_CASE("tini warns by itself, informs after -v on stdout, and debugs after -vv") {
  CHECK(level(kTini, Say::NotReaping) == Level::Verbose);
  CHECK(level(kTini, Say::OrphanReaped) == Level::Verbose);
  for (const Say what : {Say::Started, Say::MainExited, Say::MainKilled}) {
    CHECK(level(kTini, what) == Level::Printed2);
  }
  for (const Say what : {Say::ReceivedChild, Say::Forwarding}) {
    CHECK(level(kTini, what) == Level::Printed3);
  }
}

// ---- dumb-init ----

// From dumb-init's own tests/cli_test.py.
TEST_CASE("dumb-init's help and version are those of its test-suite, on stderr") {
  CHECK(text_of(kDumbInit, Say::Help, {.program = "dumb-init"}) ==
        "dumb-init v1.2.5\n"
        "Usage: dumb-init [option] command [[arg] ...]\n"
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
        "Full help is available online at https://github.com/Yelp/dumb-init\n");
  CHECK(text_of(kDumbInit, Say::Version, {}) == "dumb-init v1.2.5\n");
  CHECK(level(kDumbInit, Say::Help) == Level::Always);
  CHECK(level(kDumbInit, Say::Version) == Level::Always);
}

TEST_CASE("dumb-init's usage errors") {
  CHECK(complaint("dumb-init", {}) ==
        "Usage: dumb-init [option] program [args]\n"
        "Try dumb-init --help for full usage.\n");
  CHECK(complaint("/bin/dumb-init", {"-v"}) ==
        "Usage: /bin/dumb-init [option] program [args]\n"
        "Try /bin/dumb-init --help for full usage.\n");
  CHECK(complaint("dumb-init", {"--yolo", "/bin/true"}) ==
        "dumb-init: unrecognized option '--yolo'\n");
  CHECK(complaint("dumb-init", {"-vz"}) == "dumb-init: invalid option -- 'z'\n");
  CHECK(complaint("dumb-init", {"-r"}) == "dumb-init: option requires an argument -- 'r'\n");
  CHECK(complaint("dumb-init", {"--help=1"}) ==
        "dumb-init: option '--help' doesn't allow an argument\n");
}

TEST_CASE("dumb-init's messages") {
  const std::map<Say, std::pair<Facts, std::string>> texts = {
      {Say::Detached,
       {facts(0),
        "Detached from controlling tty, ignoring the first SIGHUP and SIGCONT we receive."}},
      {Say::NotDetached,
       {facts(0, ENOTTY),
        "Unable to detach from controlling tty (errno=25 Inappropriate ioctl for device)."}},
      {Say::HandOff, {facts(SIGHUP), "Ignoring tty hand-off signal 1."}},
      {Say::Started, {facts(7), "Child spawned with PID 7."}},
      {Say::StartedSession, {facts(7), "setsid complete."}},
      {Say::ExecFailed, {facts(7, ENOENT), "sleep: No such file or directory"}},
      {Say::Received, {facts(SIGTERM), "Received signal 15."}},
      {Say::ReceivedChild, {facts(SIGCHLD), "Received signal 17."}},
      {Say::Rewritten, {facts(SIGTERM, SIGQUIT), "Translating signal 15 to 3."}},
      {Say::Dropped, {facts(SIGTERM), "Not forwarding signal 0 to children (ignored)."}},
      {Say::Forwarded, {facts(SIGTERM), "Forwarded signal 15 to children."}},
      {Say::Suspending, {facts(0), "Suspending self due to TTY signal."}},
      {Say::OrphanExited, {facts(8, 0), "A child with PID 8 exited with exit status 0."}},
      {Say::OrphanKilled, {facts(8, SIGKILL), "A child with PID 8 was terminated by signal 9."}},
      {Say::MainExited, {facts(7, 3), "A child with PID 7 exited with exit status 3."}},
      {Say::MainKilled, {facts(7, SIGTERM), "A child with PID 7 was terminated by signal 15."}},
      {Say::Leaving,
       {facts(7, 143),
        "Forwarded signal 15 to children.\n[dumb-init] Child exited with status 143. Goodbye."}},
  };
  for (const auto& [what, said] : texts) {
    CHECK(text_of(kDumbInit, what, said.first) == "[dumb-init] " + said.second + "\n");
    CHECK(level(kDumbInit, what) == (what == Say::ExecFailed ? Level::Always : Level::Verbose));
  }
}

// ---- catatonit ----

TEST_CASE("catatonit's version looks like tini's, as dockerd wants it, on stdout") {
  CHECK(text_of(kCatatonit, Say::Version, {}) == "tini version 0.2.1_catatonit\n");
  CHECK(level(kCatatonit, Say::Version) == Level::Printed);
}

TEST_CASE("catatonit's help is on stderr") {
  CHECK(text_of(kCatatonit, Say::Help, {.program = "x"}) ==
        kCatatonitUsage +
            "\n"
            "options:\n"
            "  -g              Forward signals to pid1's process group.\n"
            "  -h              Print this help page.\n"
            "  -L              Print license information.\n"
            "  -P              Run in pause mode (no program is run and quit on SIGINT).\n"
            "  -V, --version   Print version information.\n"
            "\n"
            "The source code can be found at <https://github.com/openSUSE/catatonit/>.\n"
            "For bug reporting instructions, please see: <https://bugs.opensuse.org/>.\n");
  CHECK(level(kCatatonit, Say::Help) == Level::Always);
}

TEST_CASE("catatonit's usage errors") {
  CHECK(complaint("catatonit", {}) ==
        "ERROR (catatonit:4711): missing program name\n" + kCatatonitUsage);
  CHECK(complaint("/bin/podman-init", {"-z"}) ==
        "/bin/podman-init: invalid option -- 'z'\n" + kCatatonitUsage);
  CHECK(complaint("catatonit", {"--yolo", "x"}) ==
        "catatonit: unrecognized option '--yolo'\n" + kCatatonitUsage);
  CHECK(complaint("catatonit", {"--version=1"}) ==
        "catatonit: option '--version' doesn't allow an argument\n" + kCatatonitUsage);
}

TEST_CASE("catatonit's messages") {
  CHECK(text_of(kCatatonit, Say::ExecFailed, facts(7, EACCES)) ==
        "ERROR (catatonit:7): failed to exec pid1: Permission denied\n");
  CHECK(text_of(kCatatonit, Say::Started, facts(7)) ==
        "DEBUG (catatonit:4711): pid1 (7) spawned: sleep\n");
  CHECK(text_of(kCatatonit, Say::OrphanExited, facts(8, 3)) ==
        "DEBUG (catatonit:4711): child process 8 exited with code 3\n");
  CHECK(text_of(kCatatonit, Say::OrphanKilled, facts(8, SIGKILL)) ==
        "DEBUG (catatonit:4711): child process 8 exited due to signal 9\n");
  CHECK(level(kCatatonit, Say::Started) == Level::Verbose);
  CHECK(level(kCatatonit, Say::OrphanExited) == Level::Verbose);
}

// ---- Silence ----

TEST_CASE("nothing is said where the program says nothing") {
  for (const Say what : {Say::Received, Say::Rewritten, Say::Dropped, Say::Forwarded,
                         Say::Suspending, Say::OrphanExited, Say::OrphanKilled, Say::Sweeping,
                         Say::Leaving, Say::Detached, Say::StartedSession}) {
    CAPTURE(static_cast<int>(what));
    CHECK(is_silent(kTini, what));
  }
  for (const Say what :
       {Say::NotReaping, Say::Forwarding, Say::OrphanReaped, Say::Sweeping, Say::ForwardFailed}) {
    CAPTURE(static_cast<int>(what));
    CHECK(is_silent(kDumbInit, what));
  }
  for (const Say what : {Say::NotReaping, Say::Received, Say::ReceivedChild, Say::Forwarding,
                         Say::Forwarded, Say::MainExited, Say::MainKilled, Say::OrphanReaped,
                         Say::Sweeping, Say::Leaving, Say::Suspending}) {
    CAPTURE(static_cast<int>(what));
    CHECK(is_silent(kCatatonit, what));
  }
  for (const Say what : {Say::NotReaping, Say::Received, Say::Detached, Say::OrphanReaped}) {
    CAPTURE(static_cast<int>(what));
    CHECK(is_silent(kNative, what));
  }
}
