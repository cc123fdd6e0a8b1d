// SPDX-License-Identifier: MIT
//
// See arguments.h. All that is typed for a container: parsed in the isolator, as an init has no use
// for it.
#include <cstring>

#include "base/id.h"
#include "cli/arguments.h"
#include "cli/capability.h"

namespace cardboard {

using namespace std::string_view_literals;

namespace {

bool add_mount(Options& options, Argument argument, const char* value) {
  const int kind = static_cast<int>(argument) - static_cast<int>(Argument::Tmpfs);
  Step step;
  // It is a word of argv's, or of a copy of ours.
  if (!parse_mount(static_cast<StepKind>(kind), const_cast<char*>(value), step)) return false;
  // A list that is full is refused by make_plan(), whose own has no room for it.
  static_cast<void>(push_step(options.mounts, step));
  return true;
}

bool set_user_namespace(bool& is_host, const char* value) {
  const int mode = index_in("auto\0host\0", value);
  is_host = mode == 1;
  return mode < 2;
}

// Reads the id at `text` and moves on, behind the `end` that must follow it.
bool read_id(const char*& text, std::uint32_t& id, char end) {
  id = parse_id(text);
  text = end_of_field(text);
  return id != kNoId && *text++ == end;
}

// Whether the ranges are there to be mapped, and do not overlap, is for the kernel to say.
bool add_mapping(IdMaps& maps, const char* value) {
  IdMap map;
  return read_id(value, map.inside, ':') && read_id(value, map.outside, ':') &&
         read_id(value, map.count, '\0') && maps.push(map);
}

bool change_capabilities(std::uint64_t& set, const char* name, bool adds) {
  const std::uint64_t named = parse_capability(name);
  set = adds ? set | named : set & ~named;
  return named != 0;
}

bool set_filter(const char*& file, const char* value) {
  const int mode = index_in("default\0none\0", value);
  file = mode == 0 ? nullptr : mode == 1 ? "" : value;
  return *value != '\0';
}

// Microseconds in 100 ms. Up to five digits behind the point, and enough before it.
std::int64_t parse_processors(const char* text) {
  std::int64_t number = 0;
  int scale = 100'000;
  bool is_fraction = false;
  for (; *text != '\0'; ++text) {
    if (*text == '.' && !is_fraction) {
      is_fraction = true;
      continue;
    }
    const auto digit = static_cast<unsigned>(*text - '0');
    if (is_fraction) scale /= 10;
    if (digit > 9 || number > 1'000'000'000) return 0;
    number = number * 10 + digit;
  }
  return number * scale;
}

// 0, which would be no limit, is what cannot be one.
bool set_limit(Options& options, std::int64_t& limit, Argument argument, const char* value) {
  options.has_limits = true;
  limit = *value != '\0' ? reinterpret_cast<std::intptr_t>(value) : 0;
  if (argument == Argument::Processors) limit = parse_processors(value);
  if (argument <= Argument::Amount)
    limit = static_cast<std::int64_t>(parse_size(as_view(value)).value_or(0));
  return limit > 0;
}

std::optional<std::uint64_t> parse_ulimit(std::string_view text) {
  if (text == "unlimited"sv) return ~std::uint64_t{0};
  const std::uint64_t number = parse_number(text);
  if (number == kNoNumber) return std::nullopt;
  return number;
}

bool set_ulimit(Ulimits& ulimits, const char* value) {
  std::size_t i = 0;
  const char* amount;
  while ((amount = skip(value, ulimit_name(i))) == nullptr || *amount != '=') {
    if (++i == kUlimits) return false;
  }
  const Pair pair = split_at_colon(amount + 1);
  const auto soft = parse_ulimit(pair.first);
  const auto hard = pair.second != nullptr ? parse_ulimit(as_view(pair.second)) : soft;
  if (!soft || !hard || *soft > *hard) return false;
  ulimits.is_set[i] = true;
  ulimits.values[i] = {*soft, *hard};
  return true;
}

// Of descriptors: more than this no process has by default: proc_sys_fs(5), nr_open.
constexpr std::uint64_t kMost = 1 << 20;

bool set_count(int& count, const char* value) {
  const std::uint64_t number = parse_number(as_view(value));
  count = static_cast<int>(number & (kMost - 1));
  return number < kMost;
}

using Words = decltype(Options::variables);

}  // namespace

bool apply_container_option(Options& options, const OptionSpec& option, const char* value) {
  void* field = reinterpret_cast<char*>(&options) + option.field;
  switch (option.argument) {
    case Argument::Variable:
      return value[0] != '=' && value[0] != '\0' && static_cast<Words*>(field)->push(value);
    case Argument::Count: return set_count(*static_cast<int*>(field), value);
    case Argument::Ulimit: return set_ulimit(*static_cast<Ulimits*>(field), value);
    case Argument::Size:
    case Argument::Amount:
    case Argument::Processors:
    case Argument::CpuList:
      return set_limit(options, *static_cast<std::int64_t*>(field), option.argument, value);
    case Argument::Tmpfs:
    case Argument::Volume:
    case Argument::Device: return add_mount(options, option.argument, value);
    case Argument::UserNamespace: return set_user_namespace(*static_cast<bool*>(field), value);
    case Argument::Mapping: return add_mapping(*static_cast<IdMaps*>(field), value);
    case Argument::Capability:
      return change_capabilities(*static_cast<std::uint64_t*>(field), value, option.value != 0);
    case Argument::Filter: return set_filter(*static_cast<const char**>(field), value);
    case Argument::None:
    case Argument::Counts:
    case Argument::Time:
    case Argument::Signal:
    case Argument::Rewriting:
    case Argument::Remapping:
    case Argument::NotifyMode:
    case Argument::Name:
    case Argument::File:
    case Argument::Directory:
    case Argument::User:
    case Argument::Personality:
    case Argument::SignalName:
    case Argument::ExpectedStatus:
    case Argument::NumericRewriting:
    case Argument::Number: break;
  }
  return false;
}

}  // namespace cardboard
