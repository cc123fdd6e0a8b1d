// SPDX-License-Identifier: MIT
//
// Everything that will be done, decided before anything is done. make_plan() is pure: what it has
// to know of the machine is in Host, which isolate/host.cc finds out; what it decides is in Plan,
// which isolate/ and init/ carry out without a decision of their own.
#pragma once

#include <limits.h>
#include <sys/types.h>

#include <cstdint>

#include "base/error.h"
#include "base/fixed_list.h"
#include "cli/options.h"
#include "plan/executable.h"
#include "plan/limits.h"
#include "plan/privileges.h"
#include "plan/seccomp.h"
#include "plan/step.h"

namespace cardboard {

// Facts about the caller and the machine. What is pointed to lives as long as the process.
struct Host {
  uid_t uid = 0;
  gid_t gid = 0;
  pid_t pid = 0;
  bool is_pid_one = false;
  // Real root: may map any id and hand mounts to a namespace.
  bool is_privileged = false;
  bool at_terminal = false;    // stdin and stdout
  const char* path = nullptr;  // the value of PATH
  const char** environment = nullptr;

  // Of COMMAND's file, where it goes into an empty root.
  const char* command_file = nullptr;
  Executable executable;
  // --seccomp's file, where it names one.
  std::span<const char> filter;
  // Of --root: whether its own tree lacks a place to mount on.
  bool lacks_mount_points = false;

  // Where there is a limit: what is known of the control groups, and that of version 2 we are in.
  Groups groups;
  const char* own_group = nullptr;
};

// More variables than this no container can have.
inline constexpr std::size_t kMaxVariables = 4095;

// What is large in a Plan. First, so that the rest lies beside what else an init goes on to use.
struct PlanLists {
  StepList steps;  // the first one makes the root
  // What a Plan's pointers point to, where it is not the caller's or a constant.
  char command_name[NAME_MAX + 2] = {};
  char interpreter[256] = {};
  // One more than may be in it, for the null pointer at its end.
  FixedList<const char*, kMaxVariables + 1> variables;
  SeccompFilter filter = {};
  IdMap own_ids[2];
};

struct Plan : PlanLists {
  // The container; nothing of it where `isolate` is false.
  bool isolate = false;
  bool tty = false;              // COMMAND gets a terminal of its own
  unsigned long namespaces = 0;  // CLONE_NEW*
  // Empty without a user namespace of its own.
  std::span<const IdMap> uid_map;
  std::span<const IdMap> gid_map;
  bool denies_setgroups = false;
  // By newuidmap(1) and newgidmap(1), as an ordinary user may not write more than its own id.
  bool maps_by_helper = false;
  // The host's mounts are taken before the namespaces are made, by the process outside: with an id
  // map of the container's, and with root's right to go there.
  bool outside_takes_sources = false;
  bool root_is_writable = false;
  const char* hostname = nullptr;
  // The file of the network namespace to join; null: a new one, or none where `namespaces` lacks
  // it.
  const char* network = nullptr;
  const char* pid_file = nullptr;
  const char* workdir = nullptr;
  int kept_fds = 0;  // so many descriptors from 3 on are COMMAND's
  Groups groups;

  // COMMAND.
  const char* command_path = nullptr;  // null: search_path and argv decide
  const char* search_path = nullptr;
  char** argv = nullptr;
  const char** environment = nullptr;
  Privileges privileges;

  // The init.
  bool is_pid_one = false;  // of the pid namespace that COMMAND will be in
  // Whoever started us takes us for a machine's PID 1, and signals us like one.
  bool obeys_managers = false;
  Nanoseconds grace = 0;
};

// The three in an order, and at a place, that has what an idle init uses of them share a page.
struct Work {
  alignas(4096) char before[4096 - sizeof(PlanLists) % 4096] = {};
  Plan plan;
  Host host;
  Options options;
};

// Completes the plan of an init (native.h) to that of a container. Fails where COMMAND cannot work
// in an empty root (126). `plan` must stay where it is, since it points into itself.
Result<void> make_plan(const Options& options, const Host& host, Plan& plan);

}  // namespace cardboard
