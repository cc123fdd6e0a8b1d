// SPDX-License-Identifier: MIT
//
// What the options' arguments mean: each is parsed as its row in the table says, and stored. See
// option_table.h.
#include <signal.h>

#include <cstring>

#include "base/packed.h"
#include "cli/arguments.h"
#include "cli/personality.h"

namespace cardboard {

using namespace std::string_view_literals;

namespace {

// What only a container has is known to the isolator alone. That it cannot be unpacked is told when
// it is to make the container.
CARDBOARD_GATE bool apply_in_isolator(Options& options, const OptionSpec& option,
                                      const char* value) {
  return !unpack_isolator().ok() || apply_container_option(options, option, value);
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
  const std::uint64_t from = parse_number(pair.first);
  const std::uint64_t to = parse_number(as_view(pair.second));
  if (from < 1 || from > kHighest || to > kHighest) return false;
  rewrites.rewrite(static_cast<int>(from), static_cast<int>(to));
  return true;
}

bool add_remapping(StatusMap& remaps, const char* value) {
  constexpr std::uint64_t kHighest = 255;
  const Pair pair = split_at_colon(value);
  const std::uint64_t from = parse_number(pair.first);
  const std::uint64_t to = pair.second != nullptr ? parse_number(as_view(pair.second)) : 0;
  if (from > kHighest || to > kHighest) return false;
  remaps.remap(static_cast<std::uint8_t>(from), static_cast<std::uint8_t>(to));
  return true;
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

bool set_time(std::optional<Nanoseconds>& time, const char* value) {
  time = parse_duration(as_view(value));
  return time.has_value();
}

}  // namespace

Pair split_at_colon(const char* value) {
  const std::string_view text = as_view(value);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {text};
  return {{value, colon}, value + colon + 1};
}

int index_in(const char* words, const char* value) {
  int index = 0;
  for (; *words != '\0' && !equals(words, value); words = behind(words)) ++index;
  return index;
}

bool apply_option(Options& options, const OptionSpec& option, const char* value) {
  // The field's type is its row's to know.
  void* field = reinterpret_cast<char*>(&options) + option.field;
  switch (option.argument) {
    case Argument::None: std::memcpy(field, &option.value, 1); return true;
    case Argument::Counts: ++*static_cast<int*>(field); return true;
    case Argument::Time: return set_time(*static_cast<std::optional<Nanoseconds>*>(field), value);
    case Argument::SignalName:
      if (skip(value, "SIG") == nullptr) return false;
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
    case Argument::Name:
    case Argument::File:
    case Argument::User:
    case Argument::Directory: *static_cast<const char**>(field) = value; return value[0] != '\0';
    case Argument::Personality: return choose_personality(options, as_view(value));
    case Argument::Number: {
      const std::uint64_t number = parse_number(as_view(value));
      *static_cast<int*>(field) = number != kNoNumber ? static_cast<int>(number & 0xff) : 0;
      return true;
    }
    case Argument::Count:
    case Argument::Tmpfs:
    case Argument::Volume:
    case Argument::Device:
    case Argument::Capability:
    case Argument::Filter:
    case Argument::UserNamespace:
    case Argument::Mapping:
    case Argument::Variable:
    case Argument::Ulimit:
    case Argument::Size:
    case Argument::Amount:
    case Argument::Processors:
    case Argument::CpuList: return apply_in_isolator(options, option, value);
  }
  return false;
}

}  // namespace cardboard
