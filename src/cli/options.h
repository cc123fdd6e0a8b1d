// SPDX-License-Identifier: MIT
//
// What the user asked for, as typed; what follows from it is decided in plan/. All zero means that
// nothing was asked for, so that Options can live in .bss.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/fixed_list.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/ulimit.h"
#include "cli/mount_step.h"

namespace cardboard {

enum class Request : std::uint8_t { Run, Doctor, Help, Version, License };

enum class Notify : std::uint8_t { None, Exec, Relay };

enum class Tty : std::uint8_t { Default, Own, None };

// Which exit statuses are turned into which. All zero: none.
class StatusMap {
 public:
  constexpr void remap(std::uint8_t from, std::uint8_t to) {
    targets_[from] = static_cast<std::uint16_t>(kRemapped | to);
  }
  constexpr int target(int status) const {
    const std::uint16_t target = targets_[status];
    return target == 0 ? status : target & ~kRemapped;
  }

 private:
  static constexpr int kRemapped = 0x100;
  std::uint16_t targets_[256] = {};
};

enum class Limit : std::uint8_t { Memory, MemorySwap, Pids, Cpus, CpuShares, Cpuset };
inline constexpr std::size_t kLimits = 6;
// A line of uid_map or gid_map: the first id inside, the first outside, how many.
// user_namespaces(7)
struct IdMap {
  std::uint32_t inside = 0;
  std::uint32_t outside = 0;
  std::uint32_t count = 0;
};

inline constexpr std::size_t kMaxIdMaps = 16;

using IdMaps = FixedList<IdMap, kMaxIdMaps>;

struct Personality;

// The environment variable that holds options of the init, split at blanks, for whoever cannot edit
// the command line. It is parsed before that, which so has the last word.
inline constexpr std::string_view kOptionsVariable = "CARDBOARD_OPTS";

struct Options {
  // Whose words and habits: not null once they are parsed.
  const Personality* personality = nullptr;
  Request request = Request::Run;
  Notify notify = Notify::None;
  bool group = false;
  bool subreaper = false;
  bool reraise = false;
  bool wait = false;
  bool pause = false;
  bool warn_reaped = false;
  bool isolate = false;
  bool explain = false;
  bool ephemeral = false;
  bool writable = false;
  bool env_host = false;
  Tty tty = Tty::Default;
  bool has_limits = false;
  int verbosity = 0;
  int parent_death_signal = 0;
  int stop_signal = 0;
  std::optional<Nanoseconds> grace;
  std::optional<Nanoseconds> stop_timeout;
  std::optional<Nanoseconds> timeout;
  const char* report = nullptr;
  const char* root = nullptr;
  const char* user = nullptr;
  bool host_userns = false;
  // A bit for each that COMMAND keeps, by its number in linux/capability.h.
  std::uint64_t capabilities = 0;
  // The file of a filter; null: the built-in one; empty: none.
  const char* seccomp = nullptr;
  const char* hostname = nullptr;
  const char* workdir = nullptr;
  const char* network = nullptr;
  const char* pid_file = nullptr;
  int preserved_fds = 0;
  // Indexed by Limit, in bytes, processes, microseconds of each 100 ms, and shares; and the address
  // of the list of processors. 0: none.
  std::int64_t limits[kLimits] = {};
  const char* cgroup_parent = nullptr;
  // COMMAND and its arguments: the rest of argv, which ends with a null pointer.
  char** command = nullptr;
  // Last what is large: what lies behind it takes longer instructions to get at.
  SignalMap rewrites;
  StatusMap remaps;
  Ulimits ulimits;
  IdMaps uid_maps;
  IdMaps gid_maps;
  StepList mounts;
  // --env, as typed: NAME=VALUE, or NAME.
  FixedList<const char*, 512> variables;
};

}  // namespace cardboard
