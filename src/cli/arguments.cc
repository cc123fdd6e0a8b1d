// SPDX-License-Identifier: MIT
//
// What the options' arguments mean: each is parsed as its row in the table says, and stored. See
// option_table.h.
#include <signal.h>

#include <cstring>

#include "base/id.h"
#include "cli/capability.h"
#include "cli/option_table.h"
#include "cli/personality.h"

namespace cardboard {

using namespace std::string_view_literals;

namespace {

// More descriptors than this no process has by default: proc_sys_fs(5), nr_open.
constexpr std::uint64_t kMost = 1 << 20;

// "A:B" in two; `second` is null where there is no colon.
struct Pair {
  std::string_view first;
  const char* second = nullptr;
};

Pair split_at_colon(const char* value) {
  const std::string_view text = as_view(value);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text};
  return {{value, colon}, value + colon + 1};
}

bool add_rewriting(SignalMap& rewrites, const char* value) {
  const Pair pair = split_at_colon(value);
  if (pair.second == nullptr) return false;
  const std::optional<int> from = parse_signal(pair.first);
  const bool drops = equals(pair.second, "0");
  const std::optional<int> to = drops ? 0 : parse_signal(as_view(pair.second));
  if (!from || !to) return false;
  // Two that are never received, and so cannot be rewritten.
  if (*from == SIGKILL || *from == SIGSTOP) return false;
  rewrites.rewrite(*from, *to);
  return true;
}

bool add_numeric_rewriting(SignalMap& rewrites, const char* value) {
  constexpr std::uint64_t kHighest = 31;
  const Pair pair = split_at_colon(value);
  if (pair.second == nullptr) return false;
  const std::uint64_t from = parse_u64(pair.first).value_or(0);
  const std::uint64_t to = parse_u64(as_view(pair.second)).value_or(kHighest + 1);
  if (from < 1 || from > kHighest || to > kHighest) return false;
  rewrites.rewrite(static_cast<int>(from), static_cast<int>(to));
  return true;
}

bool add_remapping(StatusMap& remaps, const char* value) {
  constexpr std::uint64_t kHighest = 255;
  const Pair pair = split_at_colon(value);
  const std::optional<std::uint64_t> from = parse_u64(pair.first);
  const std::optional<std::uint64_t> to =
      pair.second != nullptr ? parse_u64(as_view(pair.second)) : 0;
  if (!from || !to || *from > kHighest || *to > kHighest) return false;
  remaps.remap(static_cast<std::uint8_t>(*from), static_cast<std::uint8_t>(*to));
  return true;
}

// Which of `words`, that end with an empty one, `value` is; behind the last, if it is none.
int index_in(const char* words, const char* value) {
  int index = 0;
  for (; *words != '\0' && !equals(words, value); words = behind(words)) ++index;
  return index;
}

bool set_notify(Notify& notify, const char* value) {
  const int mode = index_in("exec\0relay\0", value);
  notify = static_cast<Notify>(mode + 1);
  return mode < 2;
}

bool set_signal(int& signal, std::string_view value) {
  signal = parse_signal(value).value_or(0);
  return signal != 0;
}

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

bool set_time(std::optional<Nanoseconds>& time, const char* value) {
  time = parse_duration(as_view(value));
  return time.has_value();
}

// The names of setrlimit(2)'s limits in the order of their numbers.
constexpr const char* kUlimitNames =
    "cpu\0fsize\0data\0stack\0core\0rss\0nproc\0nofile\0memlock\0as\0locks\0sigpending\0"
    "msgqueue\0nice\0rtprio\0rttime\0";

std::optional<std::uint64_t> parse_ulimit(std::string_view text) {
  return text == "unlimited"sv ? ~std::uint64_t{0} : parse_u64(text);
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

using Words = decltype(Options::variables);

}  // namespace

bool apply_option(Options& options, const OptionSpec& option, const char* value) {
  // The field's type is its row's to know.
  void* field = reinterpret_cast<char*>(&options) + option.field;
  switch (option.argument) {
    case Argument::None: std::memcpy(field, &option.value, 1); return true;
    case Argument::Counts: ++*static_cast<int*>(field); return true;
    case Argument::Time: return set_time(*static_cast<std::optional<Nanoseconds>*>(field), value);
    case Argument::SignalName:
      if (!begins_with(as_view(value), "SIG"sv)) return false;
      [[fallthrough]];
    case Argument::Signal: return set_signal(*static_cast<int*>(field), as_view(value));
    case Argument::Rewriting: return add_rewriting(*static_cast<SignalMap*>(field), value);
    case Argument::NumericRewriting:
      return add_numeric_rewriting(*static_cast<SignalMap*>(field), value);
    case Argument::ExpectedStatus:
      if (split_at_colon(value).second != nullptr) return false;
      [[fallthrough]];
    case Argument::Remapping: return add_remapping(*static_cast<StatusMap*>(field), value);
    case Argument::NotifyMode: return set_notify(*static_cast<Notify*>(field), value);
    case Argument::Variable:
      return value[0] != '=' && value[0] != '\0' && static_cast<Words*>(field)->push(value);
    case Argument::Ulimit: return set_ulimit(*static_cast<Ulimits*>(field), value);
    case Argument::Size:
    case Argument::Amount:
    case Argument::Processors:
    case Argument::CpuList:
      return set_limit(options, *static_cast<std::int64_t*>(field), option.argument, value);
    case Argument::Name:
    case Argument::File:
    case Argument::User:
    case Argument::Directory: *static_cast<const char**>(field) = value; return value[0] != '\0';
    case Argument::Tmpfs:
    case Argument::Volume:
    case Argument::Device: return add_mount(options, option.argument, value);
    case Argument::Personality: return choose_personality(options, as_view(value));
    case Argument::UserNamespace: return set_user_namespace(*static_cast<bool*>(field), value);
    case Argument::Mapping: return add_mapping(*static_cast<IdMaps*>(field), value);
    case Argument::Capability:
      return change_capabilities(*static_cast<std::uint64_t*>(field), value, option.value != 0);
    case Argument::Filter: return set_filter(*static_cast<const char**>(field), value);
    case Argument::Count:
    case Argument::Number: {
      const std::uint64_t number = parse_u64(as_view(value)).value_or(kMost);
      const std::uint64_t mask = option.argument == Argument::Number ? 0xff : kMost - 1;
      *static_cast<int*>(field) = static_cast<int>(number & mask);
      return option.argument == Argument::Number || number < kMost;
    }
  }
  return false;
}

const char* ulimit_name(std::size_t number) {
  const char* name = kUlimitNames;
  for (; number > 0; --number) name = behind(name);
  return name;
}

}  // namespace cardboard
