// SPDX-License-Identifier: MIT
//
// See plan.h.
#include "plan/plan.h"

#include <linux/mount.h>
#include <linux/sched.h>

#include "base/environment.h"

namespace cardboard {

using namespace std::string_view_literals;

namespace {

// A cgroup namespace, too; but its root is the group that it is made in, and the init is only there
// when it was put there.
constexpr unsigned long kNamespaces =
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC;

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

std::span<const IdMap> as_span(const IdMaps& maps) { return {maps.begin(), maps.size()}; }

Result<void> plan_ids(const Options& options, const Host& host, Plan& plan) {
  plan.uid_map = as_span(options.uid_maps);
  plan.gid_map = as_span(options.gid_maps);
  if (plan.uid_map.empty()) plan.uid_map = plan.gid_map;
  if (plan.gid_map.empty()) plan.gid_map = plan.uid_map;
  if (options.host_userns) {
    if (!host.is_privileged || !plan.uid_map.empty()) {
      return refuse("use"_p, "--userns host", "it is for root alone, and maps no ids"_p);
    }
    plan.namespaces &= ~static_cast<unsigned long>(CLONE_NEWUSER);
    return {};
  }
  plan.maps_by_helper = !host.is_privileged;
  if (!plan.uid_map.empty()) return {};
  const std::uint32_t range = private_range(host.pid);
  plan.own_ids[0] = host.is_privileged ? IdMap{0, range, kRangeSize} : IdMap{0, host.uid, 1};
  plan.own_ids[1] = host.is_privileged ? IdMap{0, range, kRangeSize} : IdMap{0, host.gid, 1};
  plan.uid_map = {&plan.own_ids[0], 1};
  plan.gid_map = {&plan.own_ids[1], 1};
  // The price of mapping a group without privilege: user_namespaces(7).
  plan.denies_setgroups = plan.maps_by_helper;
  plan.maps_by_helper = false;
  return {};
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
  if (!push_step(plan.steps, step)) return refuse("plan"_p, nullptr, "too many mounts"_p);
  return {};
}

Result<void> add_steps(Plan& plan, Rows<Step> steps) {
  for (Step step : steps) {
    // What is set would be the host's.
    if (step.kind == StepKind::Setting && plan.uid_map.empty()) continue;
    // It would show the devices of a network that is not the container's own.
    if (step.kind == StepKind::Sys && (plan.namespaces & CLONE_NEWNET) == 0) {
      step.kind = StepKind::Tmpfs;
    }
    TRY(add_step(plan, step));
  }
  return {};
}

constexpr std::uint8_t kSealed = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY;

Result<void> plan_command(const Host& host, Plan& plan) {
  TRY(check_executable(host, plan));
  Writer name(plan.command_name);
  name << '/' << base_name(host.command_file);
  plan.command_path = name.c_str();
  TRY(add_steps(plan, empty_root_steps()));
  const char* target = plan.command_path + 1;
  for (const Step& step : plan.steps) {
    if (step.base == Base::Root && lies_in(step.target, target)) {
      return refuse_command(host, "the empty root has a directory of that name"_p)
          .hint("rename the file, or give it a root with --root DIR"_p);
    }
  }
  return add_step(plan, {.kind = StepKind::Command,
                         .attributes = kSealed | kMapOwners,
                         .target = target,
                         .source = host.command_file});
}

// Nothing may take the place of what COMMAND cannot do without.
bool is_vital(const Step& step) {
  return step.kind >= StepKind::Command && step.kind <= StepKind::Proc;
}

Result<void> plan_mounts(const Options& options, const Host& host, Plan& plan) {
  const std::size_t own_steps = plan.steps.size();
  for (const Step& mount : options.mounts) {
    for (std::size_t i = 0; i < own_steps; ++i) {
      if (is_vital(plan.steps[i]) && lies_in(plan.steps[i].target, mount.target + 1)) {
        return refuse("mount on"_p, mount.target, "the container needs what is there"_p);
      }
    }
    if ((mount.attributes & kMapOwners) != 0 && !host.is_privileged) {
      return refuse("map the owners of"_p, mount.source, "only root may"_p);
    }
    TRY(add_step(plan, mount));
  }
  return {};
}

StepKind root_kind(const Options& options, const Host& host) {
  if (options.root == nullptr) return StepKind::EmptyRoot;
  if (options.ephemeral) return StepKind::Overlay;
  return host.lacks_mount_points && !options.writable ? StepKind::Overlay : StepKind::Directory;
}

Result<void> plan_root(const Options& options, const Host& host, Plan& plan) {
  if (options.writable && (options.root == nullptr || options.ephemeral)) {
    return refuse("use"_p, "--writable", "it wants a --root, and no --ephemeral"_p);
  }
  plan.outside_takes_sources = host.is_privileged && !plan.uid_map.empty();
  plan.root_is_writable = options.writable || options.ephemeral;
  Step root = {.kind = root_kind(options, host),
               .attributes = kSealed | kMapOwners,
               .target = "/",
               .source = options.root};
  if (options.writable) root.attributes &= static_cast<std::uint8_t>(~MOUNT_ATTR_RDONLY);
  TRY(add_step(plan, root));
  TRY(add_steps(plan, common_steps()));
  if (options.root == nullptr) TRY(plan_command(host, plan));
  return plan_mounts(options, host, plan);
}

// `word` is NAME=VALUE, or the NAME of a variable of the caller's. It takes the place of one of the
// same name.
void add_variable(const Host& host, Plan& plan, const char* word) {
  std::size_t size = 0;
  while (word[size] != '=' && word[size] != '\0') ++size;
  const std::string_view name(word, size);
  const char* const* entry = word[size] != '\0' ? &word : find_entry(host.environment, name);
  if (entry == nullptr) return;
  const char** variables = plan.variables.data();
  const char* const* old = find_entry(variables, name);
  if (old != nullptr) {
    variables[old - variables] = *entry;
  } else {
    // Of one that does not fit plan_environment() tells.
    static_cast<void>(plan.variables.push(*entry));
  }
}

// The words end with an empty one.
void add_variables(const Host& host, Plan& plan, const char* words) {
  for (; *words != '\0'; words = behind(words)) add_variable(host, plan, words);
}

constexpr const char* kDefaults =
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\0"
    "container=cardboard\0"
    "TERM\0";

std::uint64_t number_in(const char* const* environment, std::string_view name) {
  const char* value = find_variable(environment, name);
  const std::uint64_t number = value != nullptr ? parse_number(as_view(value)) : 0;
  return number != kNoNumber ? number : 0;
}

// Those that are for us (init/activation.h) are for COMMAND. The init inside is process 1, and so
// what it finds is addressed to it as to any init.
void plan_sockets(const Host& host, Plan& plan) {
  if (number_in(host.environment, "LISTEN_PID"sv) != static_cast<std::uint64_t>(host.pid)) return;
  const auto sockets = static_cast<int>(number_in(host.environment, "LISTEN_FDS"sv));
  if (plan.kept_fds < sockets) plan.kept_fds = sockets;
  add_variables(host, plan, "LISTEN_FDS\0LISTEN_FDNAMES\0LISTEN_PID=1\0");
}

Result<void> plan_environment(const Options& options, const Host& host, Plan& plan) {
  if (options.env_host) {
    for (const char** entry = host.environment; *entry != nullptr; ++entry) {
      add_variable(host, plan, *entry);
    }
  }
  add_variables(host, plan, kDefaults);
  // Only user 0 may enter /root.
  const bool has_home = plan.command_path == nullptr && plan.privileges.user == nullptr;
  add_variable(host, plan, has_home ? "HOME=/root" : "HOME=/");
  for (const char* word : options.variables) add_variable(host, plan, word);
  plan.kept_fds = options.preserved_fds;
  plan_sockets(host, plan);
  // The place behind the last one is zero, which is the null pointer that ends an environment.
  if (plan.variables.size() > kMaxVariables)
    return refuse("plan"_p, nullptr, "too many variables"_p);
  plan.environment = plan.variables.data();
  plan.search_path = find_variable(plan.environment, "PATH"sv);
  return {};
}

Result<void> plan_filter(const Options& options, const Host& host, Plan& plan) {
  Privileges& privileges = plan.privileges;
  if (options.seccomp == nullptr) {
    privileges.filter = make_filter<ThisMachine>(privileges.capabilities, plan.filter);
  } else if (*options.seccomp != '\0') {
    TRY(check_filter(host.filter, options.seccomp));
    privileges.filter = {reinterpret_cast<const sock_filter*>(host.filter.data()),
                         host.filter.size() / sizeof(sock_filter)};
  }
  return {};
}

void plan_network(const char* network, Plan& plan) {
  if (network == nullptr || equals(network, "none")) return;
  plan.namespaces &= ~static_cast<unsigned long>(CLONE_NEWNET);
  if (!equals(network, "host")) plan.network = network;
}

}  // namespace

Result<void> make_plan(const Options& options, const Host& host, Plan& plan) {
  plan.isolate = true;
  plan.namespaces = kNamespaces;
  plan.is_pid_one = true;
  plan.hostname = options.hostname != nullptr ? options.hostname : "cardboard";
  plan.workdir = options.workdir != nullptr ? options.workdir : "/";
  plan.pid_file = options.pid_file;
  // --pause has nobody whom a key could interrupt.
  const bool at_terminal = host.at_terminal && !options.pause;
  plan.tty = options.tty == Tty::Default ? at_terminal : options.tty == Tty::Own;
  plan_network(options.network, plan);
  TRY(plan_ids(options, host, plan));
  plan.privileges.capabilities = options.capabilities;
  plan.privileges.user = options.user;
  TRY(plan_filter(options, host, plan));
  plan.groups = host.groups;
  if (options.has_limits) place_groups(options, host.is_privileged, host.own_group, plan.groups);
  TRY(plan_root(options, host, plan));
  return plan_environment(options, host, plan);
}

}  // namespace cardboard
