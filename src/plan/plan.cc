// SPDX-License-Identifier: MIT
//
// See plan.h.
#include "plan/plan.h"

#include <linux/mount.h>
#include <linux/sched.h>

#include <cstring>

namespace cardboard {

namespace {

constexpr unsigned long kNamespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                                      CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP;

// The ids that systemd sets aside for containers (systemd's docs/UIDS-GIDS.md), in ranges of 16
// bits, so that a range can be told by the upper half of an id.
constexpr std::uint32_t kRangeSize = 0x10000;
constexpr std::uint32_t kFirstRange = 0x00080000;
constexpr std::uint32_t kLastRange = 0x6FFF0000;
constexpr std::uint32_t kRanges = (kLastRange - kFirstRange) / kRangeSize + 1;

// Two containers share a range only if their pids are a multiple of 28,664 apart.
std::uint32_t private_range(pid_t pid) {
  return kFirstRange + static_cast<std::uint32_t>(pid) % kRanges * kRangeSize;
}

void plan_ids(const Host& host, Plan& plan) {
  if (host.is_privileged) {
    const std::uint32_t first = private_range(host.pid);
    plan.uid_map = plan.gid_map = {0, first, kRangeSize};
    return;
  }
  plan.uid_map = {0, host.uid, 1};
  plan.gid_map = {0, host.gid, 1};
  // The price of mapping a group without privilege: user_namespaces(7).
  plan.denies_setgroups = true;
}

Failure refuse_command(const Host& host, Phrase reason) {
  return refuse("run"_p, host.command_file, reason).status(kExitCannotExecute);
}

// Names the interpreter, whose text lies in the bytes that were judged and has no end of its own.
Failure refuse_needy(const Host& host, Plan& plan, Phrase reason, Phrase hint) {
  Writer writer(plan.interpreter);
  writer << host.executable.interpreter;
  return refuse_command(host, reason).detail(writer.c_str()).hint(hint);
}

Result<void> check_executable(const Host& host, Plan& plan) {
  switch (host.executable.kind) {
    case ExecutableKind::Static: return {};
    case ExecutableKind::Dynamic:
      return refuse_needy(host, plan,
                          "it is dynamically linked, and the empty root has no loader"_p,
                          "link it with -static, or give it a root with --root DIR"_p);
    case ExecutableKind::Script:
      return refuse_needy(host, plan, "it is a script, and the empty root has no interpreter"_p,
                          "give it a root with --root DIR"_p);
    case ExecutableKind::Foreign: return refuse_command(host, "it is for another architecture"_p);
    case ExecutableKind::Unknown: break;
  }
  return refuse_command(host, "it is neither an ELF program nor a script"_p);
}

Result<void> add_step(Plan& plan, const Step& step) {
  if (!plan.steps.push(step)) return refuse("plan"_p, nullptr, "too many mounts"_p);
  return {};
}

Result<void> add_steps(Plan& plan, Rows<Step> steps) {
  for (const Step& step : steps) TRY(add_step(plan, step));
  return {};
}

Result<void> plan_empty_root(const Host& host, Plan& plan) {
  TRY(check_executable(host, plan));
  plan.root = RootKind::Empty;
  plan.source = host.command_file;
  Writer name(plan.command_name);
  name << '/' << base_name(host.command_file);
  plan.command_path = name.c_str();
  const char* target = plan.command_path + 1;
  for (const Step& step : empty_root_steps()) {
    if (std::string_view(step.target) == target) {
      return refuse_command(host, "the empty root has a directory of that name"_p)
          .hint("rename the file, or give it a root with --root DIR"_p);
    }
  }
  TRY(add_steps(plan, empty_root_steps()));
  const Step command = {.kind = StepKind::Command,
                        .attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY,
                        .target = target};
  return add_step(plan, command);
}

Result<void> plan_root(const Options& options, const Host& host, Plan& plan) {
  plan.outside_takes_source = host.is_privileged;
  if (options.root == nullptr) {
    TRY(plan_empty_root(host, plan));
  } else {
    plan.root = host.lacks_mount_points ? RootKind::Overlay : RootKind::Directory;
    plan.source = options.root;
  }
  return add_steps(plan, common_steps());
}

constexpr const char* kPathVariable =
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

Result<void> plan_environment(const Host& host, Plan& plan) {
  plan.search_path = kPathVariable + std::strlen("PATH=");
  // Only user 0 may enter /root.
  const bool has_home = plan.root != RootKind::Empty && plan.privileges.user == nullptr;
  const char* home = has_home ? "HOME=/root" : "HOME=/";
  for (const char* variable : {kPathVariable, home, "container=cardboard", host.term}) {
    if (variable != nullptr && !plan.variables.push(variable)) {
      return refuse("plan"_p, nullptr, "too many variables"_p);
    }
  }
  // The list beyond its end is zero, which is the null pointer that ends an environment.
  plan.environment = plan.variables.data();
  return {};
}

Result<void> plan_filter(const Options& options, const Host& host, Plan& plan) {
  Privileges& privileges = plan.privileges;
  if (options.seccomp == nullptr) {
    privileges.filter = make_filter<ThisMachine>(privileges.capabilities, plan.filter);
  } else if (*options.seccomp != '\0') {
    TRY(check_filter({host.filter, host.filter_size}, options.seccomp));
    privileges.filter = {reinterpret_cast<const sock_filter*>(host.filter),
                         host.filter_size / sizeof(sock_filter)};
  }
  return {};
}

}  // namespace

Result<void> make_plan(const Options& options, const Host& host, Plan& plan) {
  plan.isolate = true;
  plan.namespaces = kNamespaces;
  plan.is_pid_one = true;
  plan.hostname = "cardboard";
  plan_ids(host, plan);
  plan.privileges.capabilities = options.capabilities;
  plan.privileges.user = options.user;
  TRY(plan_filter(options, host, plan));
  TRY(plan_root(options, host, plan));
  return plan_environment(host, plan);
}

}  // namespace cardboard
