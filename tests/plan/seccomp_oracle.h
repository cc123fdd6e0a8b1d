// SPDX-License-Identifier: MIT
//
// What seccomp has to answer, found in the facts (Docker's rules and the kernel's numbers) for each
// call anew. It shares nothing with the filter but these facts: neither the table nor the script
// that makes it.
#pragma once

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace cardboard {

inline constexpr const char* kSeccompFacts =
#include "plan/seccomp_facts.inc"
    ;

#if defined(__x86_64__)
inline constexpr const char* kThisMachine = "x86_64";
#else
inline constexpr const char* kThisMachine = "aarch64";
#endif

using Arguments = std::array<std::uint64_t, 6>;

inline constexpr std::uint32_t kAnswerEperm = SECCOMP_RET_ERRNO | EPERM;
inline constexpr std::uint32_t kAnswerEnosys = SECCOMP_RET_ERRNO | ENOSYS;

// The names of capabilities that the rules speak of.
inline unsigned capability_number(const std::string& name) {
  static const std::map<std::string, unsigned> kNumbers = {
      {"CAP_DAC_READ_SEARCH", 2}, {"CAP_SYS_MODULE", 16}, {"CAP_SYS_RAWIO", 17},
      {"CAP_SYS_CHROOT", 18},     {"CAP_SYS_PTRACE", 19}, {"CAP_SYS_PACCT", 20},
      {"CAP_SYS_ADMIN", 21},      {"CAP_SYS_BOOT", 22},   {"CAP_SYS_NICE", 23},
      {"CAP_SYS_TIME", 25},       {"CAP_SYSLOG", 34},     {"CAP_SYS_TTY_CONFIG", 26},
      {"CAP_PERFMON", 38},        {"CAP_BPF", 39}};
  return kNumbers.at(name);
}

class SeccompOracle {
 public:
  // `machine` as the facts name it.
  explicit SeccompOracle(const std::string& machine) {
    std::istringstream facts(kSeccompFacts);
    for (std::string line; std::getline(facts, line);) {
      std::istringstream words(line);
      std::string kind;
      words >> kind;
      if (kind == "call") read_call(words, machine);
      if (kind == "rule") read_rule(words, machine);
    }
    if (names_.empty() || rules_.empty()) throw std::runtime_error("no facts for " + machine);
  }

  std::uint32_t answer(std::uint32_t number, const Arguments& arguments, std::uint64_t kept) const {
    const auto name = names_.find(number);
    if (name == names_.end()) return kAnswerEnosys;
    if (name->second == "ioctl" && types_into_terminal(arguments)) return kAnswerEperm;
    const auto rules = rules_.find(name->second);
    std::uint32_t answer = kAnswerEperm;
    if (rules == rules_.end()) return answer;
    for (const Rule& rule : rules->second) {
      if (!holds(rule, arguments, kept)) continue;
      if (rule.answer == SECCOMP_RET_ALLOW) return rule.answer;
      answer = rule.answer;
    }
    return answer;
  }

  // Whether the answer is the same for all arguments.
  bool looks_at_arguments(std::uint32_t number, std::uint64_t kept) const {
    const std::string& name = name_of(number);
    if (name == "ioctl") return true;
    const auto rules = rules_.find(name);
    if (rules == rules_.end()) return false;
    bool looks = false;
    for (const Rule& rule : rules->second) {
      if (rule.answer == SECCOMP_RET_ALLOW && rule.comparisons.empty() && holds(rule, {}, kept)) {
        return false;
      }
      looks = looks || !rule.comparisons.empty();
    }
    return looks;
  }

  // Arguments worth trying: for all calls some with nothing in common, for those with rules all
  // that the rules name, their neighbours, each bit, and each with garbage in the high word.
  std::vector<Arguments> trials(std::uint32_t number) const {
    constexpr std::uint64_t kGarbage = 0xdeadbeef00000000;
    std::vector<Arguments> trials = {{}, {~0ull, ~0ull, ~0ull, ~0ull, ~0ull, ~0ull}};
    for (const auto& [index, value] : values_for(name_of(number))) {
      for (const std::uint64_t near : {value - 1, value, value + 1}) {
        for (const std::uint64_t high : {std::uint64_t{0}, kGarbage}) {
          Arguments arguments = {0x5412, 0x5412, 0x5412, 0x5412, 0x5412, 0x5412};
          arguments[index] = (near & 0xffffffff) | high;
          trials.push_back(arguments);
        }
      }
    }
    return trials;
  }

  const std::string& name_of(std::uint32_t number) const {
    static const std::string kUnknown;
    const auto name = names_.find(number);
    return name == names_.end() ? kUnknown : name->second;
  }

  // -1 where the machine has no such call.
  int number_of(const std::string& wanted) const {
    for (const auto& [number, name] : names_) {
      if (name == wanted) return static_cast<int>(number);
    }
    return -1;
  }

  std::size_t known() const { return names_.size(); }

 private:
  struct Comparison {
    std::size_t index;
    std::string operation;
    std::uint64_t value;
  };

  struct Rule {
    std::uint32_t answer;
    std::vector<unsigned> with;
    std::vector<unsigned> without;
    std::vector<Comparison> comparisons;
  };

  void read_call(std::istringstream& words, const std::string& machine) {
    std::string name;
    std::string x86_64;
    std::string aarch64;
    words >> name >> x86_64 >> aarch64;
    const std::string& number = machine == "x86_64" ? x86_64 : aarch64;
    if (number != "-") names_[static_cast<std::uint32_t>(std::stoul(number))] = name;
  }

  // "ACTION CONDITION...: NAME..."
  void read_rule(std::istringstream& words, const std::string& machine) {
    Rule rule = {};
    bool is_ours = true;
    bool in_names = false;
    std::string word;
    for (bool first = true; words >> word; first = false) {
      if (in_names) {
        if (is_ours) rules_[word].push_back(rule);
        continue;
      }
      in_names = word.back() == ':';
      if (in_names) word.pop_back();
      if (first) {
        rule.answer = action_of(word);
      } else if (word == "x86_64" || word == "aarch64") {
        is_ours = word == machine;
      } else {
        read_condition(word, rule);
      }
    }
  }

  static std::uint32_t action_of(const std::string& word) {
    if (word == "allow") return SECCOMP_RET_ALLOW;
    if (word == "ENOSYS") return kAnswerEnosys;
    throw std::runtime_error("unknown action " + word);
  }

  static void read_condition(const std::string& word, Rule& rule) {
    if (word.starts_with("CAP_")) {
      rule.with.push_back(capability_number(word));
    } else if (word.starts_with("!")) {
      rule.without.push_back(capability_number(word.substr(1)));
    } else if (word.starts_with("arg")) {
      const std::size_t colon = word.rfind(':');
      rule.comparisons.push_back({std::stoul(word.substr(3, 1)), word.substr(5, colon - 5),
                                  std::stoull(word.substr(colon + 1))});
    } else {
      throw std::runtime_error("unknown condition " + word);
    }
  }

  static bool is_kept(std::uint64_t kept, unsigned capability) {
    return (kept >> capability & 1) != 0;
  }

  static bool holds(const Rule& rule, const Arguments& arguments, std::uint64_t kept) {
    for (const unsigned capability : rule.with) {
      if (!is_kept(kept, capability)) return false;
    }
    for (const unsigned capability : rule.without) {
      if (is_kept(kept, capability)) return false;
    }
    for (const Comparison& comparison : rule.comparisons) {
      if (!holds(comparison, arguments)) return false;
    }
    return true;
  }

  // All arguments that are looked at are of 32 bits: the kernel does not see what is above.
  static bool holds(const Comparison& comparison, const Arguments& arguments) {
    const std::uint64_t value = arguments[comparison.index] & 0xffffffff;
    if (comparison.operation == "EQ") return value == comparison.value;
    if (comparison.operation == "LT") return value < comparison.value;
    if (comparison.operation == "GT") return value > comparison.value;
    if (comparison.operation == "MASKED_EQ") return (value & comparison.value) == 0;
    throw std::runtime_error("unknown operation " + comparison.operation);
  }

  // Ours, not Docker's.
  static bool types_into_terminal(const Arguments& arguments) {
    const std::uint64_t request = arguments[1] & 0xffffffff;
    return request == 0x5412 || request == 0x541c;  // TIOCSTI, TIOCLINUX
  }

  std::vector<std::pair<std::size_t, std::uint64_t>> values_for(const std::string& name) const {
    std::vector<std::pair<std::size_t, std::uint64_t>> values;
    if (name == "ioctl") values = {{1, 0x5412}, {1, 0x541c}};
    const auto rules = rules_.find(name);
    if (rules != rules_.end()) {
      for (const Rule& rule : rules->second) {
        for (const Comparison& at : rule.comparisons) values.emplace_back(at.index, at.value);
      }
    }
    const std::size_t asked = values.size();
    for (std::size_t i = 0; i < asked; ++i) {
      for (unsigned bit = 0; bit < 32; ++bit) {
        values.emplace_back(values[i].first, std::uint64_t{1} << bit);
      }
    }
    return values;
  }

  std::map<std::uint32_t, std::string> names_;
  std::map<std::string, std::vector<Rule>> rules_;
};

}  // namespace cardboard
