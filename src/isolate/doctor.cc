// SPDX-License-Identifier: MIT
//
// See doctor.h.
#include "isolate/doctor.h"

#include <errno.h>
#include <linux/mount.h>
#include <sys/utsname.h>

#include "base/byte_table.h"
#include "base/log.h"
#include "base/pages.h"
#include "base/sys.h"
#include "init/caller.h"
#include "isolate/host.h"
#include "isolate/isolate.h"
#include "isolate/obstacle.h"
#include "plan/diagnosis.h"
#include "plan/explain.h"

namespace cardboard {

namespace {

// In this order. Without the first one nothing works.
enum Trial : std::uint8_t { kContainer, kOverlay, kOwners, kLimit };

constexpr const char* kTrials[] = {
    "user namespaces, and in them an empty root, on Linux",
    "overlays, for a root without places to mount on, on Linux",
    "id-mapped mounts, of the file system that this program is on, on Linux",
    "limits of memory, processes and processors, by cgroups of version",
};

alignas(1) constexpr auto kTrialTable = make_table<[] {
  TableBuilder table;
  for (const char* trial : kTrials) table.add_phrase(trial);
  return table;
}>();

// More than a trial takes, and less than a container around us may have: of memory in bytes; of
// processes, and of processor time in microseconds of each 100 ms.
constexpr std::int64_t kSomeMemory = 64 << 20;
constexpr std::int64_t kSome = 10'000;

// This program, as the host's other files may lie beside mounts of another kind.
constexpr Step kMapped = {.kind = StepKind::Volume,
                          .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | kMapOwners,
                          .target = "/run/file",
                          .source = "/proc/self/exe"};

// What the trials are made with.
Options options;
Host host;
Plan the_plan;
utsname names;

bool tell(Phrase what, const Error* cause, const char* detail) {
  char buffer[1024];
  Writer writer(buffer);
  write_finding(writer, what, detail, cause);
  // Where that fails, so will the verdict.
  static_cast<void>(print(writer.view()).ok());
  return cause == nullptr;
}

template <typename T>
const Error* cause_of(const Result<T>& result) {
  return result.ok() ? nullptr : &result.error();
}

void choose_options(Trial trial) {
  options.has_limits = trial == kLimit;
  switch (trial) {
    case kContainer: break;
    case kOverlay:
      options.root = "/";
      host.lacks_mount_points = true;
      break;
    case kOwners: static_cast<void>(push_step(options.mounts, kMapped)); break;
    case kLimit:
      options.limits[static_cast<std::size_t>(Limit::Memory)] = kSomeMemory;
      options.limits[static_cast<std::size_t>(Limit::Pids)] = kSome;
      options.limits[static_cast<std::size_t>(Limit::Cpus)] = kSome;
  }
}

// Both the process outside and the init inside return.
Result<Container> make_container() {
  TRY(make_plan(options, host, the_plan));
  return isolate(the_plan);
}

// 0 where it exits with that, else 1.
int wait_for(pid_t pid) {
  int status = 1;
  sys_wait(pid, &status, 0);
  return status != 0;
}

// Returns the exit status. The last process to know tells how it went.
int tell_of_container(Phrase what) {
  Result<Container> made = make_container();
  const Error* cause = cause_of(made);
  if (const pid_t init = made.take().init) {
    const int status = wait_for(init);
    clean_up(the_plan, status);
    return status;
  }
  // The other process has the cause, and has told it.
  if (cause != nullptr && cause->op.empty()) return 1;
  return !tell(what, cause, !options.has_limits ? names.release : host.groups.unified ? "2" : "1");
}

// In a process of its own: with that, whatever was made ends. But not for limits: an ordinary user
// can set them only where all processes of our control group leave it, which are we alone.
Result<bool> try_out(Trial trial, Phrase what) {
  if (trial != kLimit) {
    if (const pid_t pid = TRY(checked(sys_fork(0), "fork"_p))) return wait_for(pid) == 0;
  }
  choose_options(trial);
  const int status = tell_of_container(what);
  // Outside.
  if (the_plan.groups.options != nullptr) return status == 0;
  sys_exit(status);
}

}  // namespace

Result<int> examine_host(const char** environment) {
  sys_uname(&names);
  options.isolate = true;
  options.tty = Tty::None;
  options.root = "/";
  options.has_limits = true;
  TRY(probe_caller(environment, host));
  TRY(probe_host(options, host));
  // COMMAND, which is never executed: a file that every host has.
  options.root = nullptr;
  host.command_file = "/dev/null";
  host.executable.kind = ExecutableKind::Static;

  bool works = true;
  Phrase what(kTrialTable.data());
  for (int trial = 0; works && trial <= kLimit; ++trial) {
    // What root alone may do.
    if (trial != kOwners || host.is_privileged) {
      const bool worked = TRY(try_out(static_cast<Trial>(trial), what));
      if (trial == kContainer) works = worked;
    }
    what = Phrase(behind(what.text()));
  }
  TRY(print(works ? "--isolate works here\n" : "--isolate does not work here\n"));
  return works ? 0 : 1;
}

Result<int> explain_plan(const Plan& plan) {
  // More than words and variables can be: execve(2). No page of it is there before it is written.
  constexpr std::size_t kMostText = 8 << 20;
  Writer writer({static_cast<char*>(TRY(get_memory(kMostText))), kMostText});
  write_plan(writer, plan);
  TRY(print(writer.view()));
  return 0;
}

}  // namespace cardboard
