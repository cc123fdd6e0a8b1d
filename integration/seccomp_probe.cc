// SPDX-License-Identifier: MIT
//
// The filter of src/plan/seccomp.cc in the real kernel. KEPT is a set of capabilities, in base 16.
//   judge KEPT        asks for every call, with the oracle's arguments; counts the wrong answers
//   run KEPT COMMAND  executes COMMAND under the filter
//   foreign           makes a call of i386, without the filter and then under it
//   cost              what the filter costs a call that it allows, beside other filters
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "init/lockdown.h"
#include "plan/seccomp.h"
#include "plan/seccomp_oracle.h"

using namespace cardboard;

namespace {

using Program = std::vector<sock_filter>;

// What a call has as its last argument when it is really to be made.
constexpr std::uint32_t kReally = 0x5afe5afe;

// The errno of calls that the filter would allow; the kernel has none of this number.
constexpr std::uint32_t kAllowed = 2222;

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(125);
}

void install(const Program& program) {
  const sock_fprog description = {static_cast<unsigned short>(program.size()),
                                  const_cast<sock_filter*>(program.data())};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 && errno != kAllowed) give_up("no_new_privs");
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &description, 0, 0, kReally) != 0) {
    give_up("seccomp");
  }
}

Program filter_keeping(std::uint64_t kept) {
  SeccompFilter room;
  const std::span<const sock_filter> filter = make_filter<ThisMachine>(kept, room);
  return Program(filter.begin(), filter.end());
}

// ---- judge ----

struct Trial {
  std::uint32_t number;
  Arguments arguments;
  std::uint32_t expected;
  std::uint32_t got;
};

std::vector<Trial> all_trials(const SeccompOracle& oracle, std::uint64_t kept) {
  std::vector<Trial> trials;
  for (std::uint32_t i = 0; i < 2048; ++i) {
    const std::uint32_t number = i < 1024 ? i : 0x40000000 | (i - 1024);  // x32's
    // The kernel's own trampolines make these: from 6.14 and 6.18 on they pass by all filters.
    const std::string& name = oracle.name_of(number);
    if (name == "uretprobe" || name == "uprobe") continue;
    for (const Arguments& arguments : oracle.trials(number)) {
      const std::uint32_t answer = oracle.answer(number, arguments, kept);
      const bool allows = answer == SECCOMP_RET_ALLOW;
      trials.push_back({number, arguments, allows ? kAllowed : answer & SECCOMP_RET_DATA, 0});
    }
  }
  return trials;
}

// Below the filter is another one, which fails what the filter allows, so no call is really made.
// Where both fail a call, the upper one has its way. From there on this process can do nothing that
// it does not ask for with the last argument, so all memory is there before.
int judge(std::uint64_t kept) {
  const SeccompOracle oracle(kThisMachine);
  std::vector<Trial> trials = all_trials(oracle, kept);
  const Program filter = filter_keeping(kept);
  install({{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, args) + 40},
           {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, kReally},
           {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
           {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | kAllowed}});
  install(filter);
  unsigned wrong = 0;
  for (Trial& trial : trials) {
    const Arguments& a = trial.arguments;
    const long result = syscall(trial.number, a[0], a[1], a[2], a[3], a[4], a[5]);
    trial.got = result == -1 ? static_cast<std::uint32_t>(errno) : 0;
    wrong += trial.got == trial.expected ? 0 : 1;
  }
  char text[256];
  const auto first = std::find_if(trials.begin(), trials.end(),
                                  [](const Trial& trial) { return trial.got != trial.expected; });
  int length = std::snprintf(text, sizeof text, "%zu asked, %u wrong\n", trials.size(), wrong);
  if (first != trials.end()) {
    length += std::snprintf(text + length, sizeof text - static_cast<std::size_t>(length),
                            "first: call %u, errno %u, not %u\n", first->number, first->got,
                            first->expected);
  }
  syscall(SYS_write, 1, text, length, 0, 0, kReally);
  syscall(SYS_exit_group, wrong == 0 ? 0 : 1, 0, 0, 0, 0, kReally);
  __builtin_trap();
}

// ---- foreign ----

// getpid(2) as a program of i386 makes it; 0 is an answer that no process gets.
long call_i386() {
#if defined(__x86_64__)
  long result = 20;
  asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
  return result;
#else
  return 0;
#endif
}

int make_foreign_call() {
  if (call_i386() != getpid()) give_up("no calls of i386");
  install(filter_keeping(0));
  call_i386();
  return 0;
}

// ---- cost ----

// Many short turns, of which the best counts: what disturbs one of them is not in all.
constexpr int kCalls = 1'000;
constexpr int kRounds = 1'000;

void stay_on_this_processor() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(sched_getcpu(), &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) give_up("sched_setaffinity");
}

using Time = std::chrono::steady_clock::time_point;

// Nanoseconds, divided.
void tell_time_since(Time begin, double divisor, int pipe) {
  const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - begin;
  const double result = taken.count() / divisor;
  if (write(pipe, &result, sizeof result) != sizeof result) _exit(1);
}

// A process under a filter that measures when it is told to: as the four take turns, what else the
// machine does meets all of them.
struct Subject {
  const char* name;
  Program program;
  int ask[2] = {};
  int tell[2] = {};
  double best = 1e9;
};

double told_by(const Subject& subject) {
  double taken = 0;
  if (read(subject.tell[0], &taken, sizeof taken) != sizeof taken) give_up("read");
  return taken;
}

void start(Subject& subject) {
  if (pipe(subject.ask) != 0 || pipe(subject.tell) != 0) give_up("pipe");
  const pid_t pid = fork();
  if (pid < 0) give_up("fork");
  if (pid > 0) {
    close(subject.ask[0]);
    close(subject.tell[1]);
    return;
  }
  close(subject.ask[1]);
  if (!subject.program.empty()) install(subject.program);
  for (char byte; read(subject.ask[0], &byte, 1) == 1;) {
    const auto batch = std::chrono::steady_clock::now();
    for (int i = 0; i < kCalls; ++i) syscall(SYS_getppid);
    tell_time_since(batch, kCalls, subject.tell[1]);
  }
  _exit(0);
}

// The best of many: what the kernel needs to check, compile and try the filter.
double microseconds_to_install(const Program& program) {
  double best = 1e9;
  for (int i = 0; i < 100; ++i) {
    Subject subject = {.name = "", .program = {}};
    if (pipe(subject.tell) != 0) give_up("pipe");
    if (fork() == 0) {
      const auto begin = std::chrono::steady_clock::now();
      install(program);
      tell_time_since(begin, 1000, subject.tell[1]);
      _exit(0);
    }
    close(subject.tell[1]);
    best = std::min(best, told_by(subject));
    close(subject.tell[0]);
    wait(nullptr);
  }
  return best;
}

void measure_once(Subject& subject) {
  if (write(subject.ask[1], "?", 1) != 1) give_up("write");
  subject.best = std::min(subject.best, told_by(subject));
}

int measure_cost() {
  // Ours, but the kernel cannot follow a load of an argument and so has to run it for each call.
  Program followed_by_none = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, args)}};
  const Program ours = filter_keeping(0);
  followed_by_none.insert(followed_by_none.end(), ours.begin(), ours.end());
  Subject subjects[] = {
      {.name = "none", .program = {}},
      {.name = "least", .program = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}}},
      {.name = "ours", .program = ours},
      {.name = "uncached", .program = followed_by_none},
  };
  stay_on_this_processor();
  for (const Subject& subject : subjects) {
    if (subject.program.empty()) continue;
    std::printf("%s size=%zu made_us=%.0f\n", subject.name, subject.program.size(),
                microseconds_to_install(subject.program));
  }
  std::fflush(stdout);
  for (Subject& subject : subjects) start(subject);
  for (int round = 0; round < kRounds; ++round) {
    for (Subject& subject : subjects) measure_once(subject);
  }
  for (const Subject& subject : subjects) {
    std::printf("%s ns=%.1f of_none=%.3f of_least=%.3f\n", subject.name, subject.best,
                subject.best / subjects[0].best, subject.best / subjects[1].best);
    close(subject.ask[1]);
  }
  while (wait(nullptr) > 0) {
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const std::uint64_t kept = argc > 2 ? std::strtoull(argv[2], nullptr, 16) : 0;
  if (what == "judge" && argc == 3) return judge(kept);
  if (what == "foreign" && argc == 2) return make_foreign_call();
  if (what == "cost" && argc == 2) return measure_cost();
  if (what == "run" && argc > 3) {
    // As cardboard does it. Without no_new_privs it takes a capability.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up("no_new_privs");
    const Result<void> applied = apply_filter(filter_keeping(kept));
    if (!applied.ok()) give_up("apply_filter");
    execvp(argv[3], argv + 3);
    give_up(argv[3]);
  }
  std::fprintf(stderr, "usage: seccomp_probe judge KEPT | run KEPT COMMAND | foreign | cost\n");
  return 125;
}
