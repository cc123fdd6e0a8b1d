// SPDX-License-Identifier: MIT
//
// The filter, run as the kernel runs it, against Docker's rules: each number on each machine with
// each capability, and arguments that try to get around the comparisons. Both machines' filters are
// judged on any machine.
#include "plan/seccomp.h"

#include <sys/syscall.h>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "plan/bpf.h"
#include "plan/seccomp_oracle.h"
#include "support.h"

using namespace cardboard;

namespace {

constexpr std::uint64_t kAllCapabilities = (std::uint64_t{1} << 41) - 1;

// CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT
// MKNOD AUDIT_WRITE SETFCAP
constexpr std::uint64_t kDockersCapabilities = 0xa80425fb;

constexpr std::uint32_t kX32 = 0x40000000;

std::vector<std::uint64_t> capability_sets() {
  std::vector<std::uint64_t> sets = {0, kDockersCapabilities, kAllCapabilities, ~std::uint64_t{0}};
  for (unsigned i = 0; i < 64; ++i) sets.push_back(std::uint64_t{1} << i);
  return sets;
}

// 0 to 1023, the same in x32, and the ends of the range.
std::vector<std::uint32_t> numbers() {
  std::vector<std::uint32_t> numbers = {0x3fffffff, 0x7fffffff, 0x80000000, 0xffffffff};
  for (std::uint32_t i = 0; i < 1024; ++i) {
    numbers.push_back(i);
    numbers.push_back(kX32 | i);
  }
  return numbers;
}

seccomp_data call_of(std::uint32_t number, std::uint32_t machine, const Arguments& arguments) {
  seccomp_data data = {static_cast<int>(number), machine, 0x401234, {}};
  for (std::size_t i = 0; i < arguments.size(); ++i) data.args[i] = arguments[i];
  return data;
}

// In memory of its own, so that a step beyond its end is seen by the address sanitizer.
template <typename Machine>
std::vector<sock_filter> filter_for(std::uint64_t kept) {
  SeccompFilter room;
  room.fill({0xffff, 0xff, 0xff, 0xffffffff});  // what is left of this is found to be invalid
  const std::span<const sock_filter> filter = make_filter<Machine>(kept, room);
  return {filter.begin(), filter.end()};
}

template <typename Machine>
std::uint32_t answer_to(std::uint32_t number, const Arguments& arguments = {},
                        std::uint64_t kept = 0) {
  return run_bpf(filter_for<Machine>(kept), call_of(number, Machine::kAudit, arguments)).action;
}

std::string name_of(Amd64) { return "x86_64"; }
std::string name_of(Arm64) { return "aarch64"; }

// The first call that the filter answers otherwise than the oracle, or empty.
template <typename Machine>
std::string disagreement(const SeccompOracle& oracle, std::uint64_t kept) {
  const std::vector<sock_filter> filter = filter_for<Machine>(kept);
  for (const std::uint32_t number : numbers()) {
    for (const Arguments& arguments : oracle.trials(number)) {
      const std::uint32_t expected = oracle.answer(number, arguments, kept);
      const std::uint32_t got = run_bpf(filter, call_of(number, Machine::kAudit, arguments)).action;
      if (got != expected) {
        return std::to_string(number) + " " + oracle.name_of(number) + ": " + std::to_string(got) +
               ", not " + std::to_string(expected);
      }
    }
  }
  return "";
}

// The first number that the kernel takes for always allowed and should not, or the other way round.
template <typename Machine>
std::string wrongly_cached(const SeccompOracle& oracle, std::uint64_t kept) {
  const std::vector<sock_filter> filter = filter_for<Machine>(kept);
  for (const std::uint32_t number : numbers()) {
    const bool expected = oracle.answer(number, {}, kept) == SECCOMP_RET_ALLOW &&
                          !oracle.looks_at_arguments(number, kept);
    if (is_always_allowed(filter, static_cast<int>(number), Machine::kAudit) != expected) {
      return std::to_string(number) + " " + oracle.name_of(number);
    }
  }
  return "";
}

template <typename Machine>
bool kills_each_call_of(std::uint32_t machine, std::uint64_t kept) {
  const std::vector<sock_filter> filter = filter_for<Machine>(kept);
  for (const std::uint32_t number : numbers()) {
    const BpfRun run = run_bpf(filter, call_of(number, machine, {}));
    if (run.action != SECCOMP_RET_KILL_PROCESS) return false;
  }
  return true;
}

template <typename Machine>
unsigned longest_run(std::uint64_t kept) {
  const SeccompOracle oracle(name_of(Machine{}));
  const std::vector<sock_filter> filter = filter_for<Machine>(kept);
  unsigned longest = 0;
  for (const std::uint32_t number : numbers()) {
    for (const Arguments& arguments : oracle.trials(number)) {
      longest =
          std::max(longest, run_bpf(filter, call_of(number, Machine::kAudit, arguments)).length);
    }
  }
  return longest;
}

}  // namespace

TEMPLATE_TEST_CASE("the kernel would accept the filter", "[seccomp]", Amd64, Arm64) {
  for (const std::uint64_t kept : capability_sets()) {
    CAPTURE(kept);
    REQUIRE(invalid_in(filter_for<TestType>(kept)) == "");
  }
}

TEMPLATE_TEST_CASE("each number is answered as Docker's rules say, with each capability",
                   "[seccomp]", Amd64, Arm64) {
  const SeccompOracle oracle(name_of(TestType{}));
  for (const std::uint64_t kept : capability_sets()) {
    CAPTURE(kept);
    REQUIRE(disagreement<TestType>(oracle, kept) == "");
  }
}

TEMPLATE_TEST_CASE("a program of another architecture is killed at its first call", "[seccomp]",
                   Amd64, Arm64) {
  constexpr bool kIsX86 = TestType::kAudit == AUDIT_ARCH_X86_64;
  const std::vector<std::uint32_t> others = {
      AUDIT_ARCH_I386, AUDIT_ARCH_ARM, kIsX86 ? AUDIT_ARCH_AARCH64 : AUDIT_ARCH_X86_64, 0, ~0u};
  for (const std::uint64_t kept : capability_sets()) {
    for (const std::uint32_t machine : others) {
      CAPTURE(kept, machine);
      REQUIRE(kills_each_call_of<TestType>(machine, kept));
    }
  }
}

TEMPLATE_TEST_CASE("the kernel need not run the filter for what is allowed whatever its arguments",
                   "[seccomp]", Amd64, Arm64) {
  const SeccompOracle oracle(name_of(TestType{}));
  for (const std::uint64_t kept : capability_sets()) {
    CAPTURE(kept);
    REQUIRE(wrongly_cached<TestType>(oracle, kept) == "");
  }
}

TEMPLATE_TEST_CASE("the filter is short, and what it runs is shorter", "[seccomp]", Amd64, Arm64) {
  for (const std::uint64_t kept : {std::uint64_t{0}, kDockersCapabilities, kAllCapabilities}) {
    REQUIRE(filter_for<TestType>(kept).size() <= 82);
    REQUIRE(longest_run<TestType>(kept) <= 14);
  }
}

// What the facts and the oracle are held to, lest both agree in nothing but a mistake. The counts
// are KERNEL.md's for Docker's profile, and uprobe, which is newer; ioctl is conditional here.
TEST_CASE("the facts are those that were found by hand", "[seccomp]") {
  const SeccompOracle oracle("x86_64");
  REQUIRE(oracle.known() == 385);
  unsigned allowed = 0;
  unsigned conditional = 0;
  unsigned with_dockers = 0;
  for (std::uint32_t number = 0; number < 1024; ++number) {
    const bool always = oracle.answer(number, {}, 0) == SECCOMP_RET_ALLOW;
    const bool looks = oracle.looks_at_arguments(number, 0);
    allowed += always && !looks ? 1 : 0;
    conditional += looks ? 1 : 0;
    const bool more = oracle.answer(number, {}, kDockersCapabilities) == SECCOMP_RET_ALLOW;
    with_dockers += more && !always ? 1 : 0;
    if (more && !always) REQUIRE(oracle.name_of(number) == "chroot");
  }
  REQUIRE(allowed == 304);
  REQUIRE(conditional == 4);
  REQUIRE(with_dockers == 1);
}

TEST_CASE("the facts have the numbers that this machine's headers have", "[seccomp]") {
  const SeccompOracle oracle(kThisMachine);
  REQUIRE(oracle.number_of("read") == SYS_read);
  REQUIRE(oracle.number_of("ioctl") == SYS_ioctl);
  REQUIRE(oracle.number_of("mount") == SYS_mount);
  REQUIRE(oracle.number_of("clone3") == SYS_clone3);
  REQUIRE(oracle.number_of("socket") == SYS_socket);
  REQUIRE(oracle.number_of("exit_group") == SYS_exit_group);
  REQUIRE(oracle.number_of("newfstatat") == SYS_newfstatat);
  REQUIRE(oracle.number_of("futex_waitv") == SYS_futex_waitv);
}

// By number, as a reader of the issue would try them.
TEST_CASE("well-known calls on x86_64", "[seccomp]") {
  const auto answer = [](std::uint32_t number, const Arguments& arguments = {}) {
    return answer_to<Amd64>(number, arguments);
  };
  REQUIRE(answer(0) == SECCOMP_RET_ALLOW);                          // read
  REQUIRE(answer(59) == SECCOMP_RET_ALLOW);                         // execve
  REQUIRE(answer(101) == SECCOMP_RET_ALLOW);                        // ptrace
  REQUIRE(answer(165) == kAnswerEperm);                             // mount
  REQUIRE(answer(425) == kAnswerEperm);                             // io_uring_setup
  REQUIRE(answer(435) == kAnswerEnosys);                            // clone3
  REQUIRE(answer(472) == kAnswerEnosys);                            // not yet
  REQUIRE(answer(kX32 | 0) == kAnswerEnosys);                       // x32's read
  REQUIRE(answer(16, {0, 0x5401}) == SECCOMP_RET_ALLOW);            // TCGETS
  REQUIRE(answer(16, {0, 0x5412}) == kAnswerEperm);                 // TIOCSTI
  REQUIRE(answer(16, {0, 0x100005412}) == kAnswerEperm);            // the same to the kernel
  REQUIRE(answer(16, {0, 0x541c}) == kAnswerEperm);                 // TIOCLINUX
  REQUIRE(answer(41, {2}) == SECCOMP_RET_ALLOW);                    // AF_INET
  REQUIRE(answer(41, {38}) == kAnswerEperm);                        // AF_ALG
  REQUIRE(answer(41, {40}) == kAnswerEperm);                        // AF_VSOCK
  REQUIRE(answer(41, {0x100000028}) == kAnswerEperm);               // the same to the kernel
  REQUIRE(answer(56, {0x003d0f00}) == SECCOMP_RET_ALLOW);           // a thread
  REQUIRE(answer(56, {0x10000011}) == kAnswerEperm);                // CLONE_NEWUSER
  REQUIRE(answer(135, {0x40000}) == kAnswerEperm);                  // ADDR_NO_RANDOMIZE
  REQUIRE(answer(135, {0xffffffff}) == SECCOMP_RET_ALLOW);          // which is it?
  REQUIRE(answer(135, {0xffffffffffffffff}) == SECCOMP_RET_ALLOW);  // as glibc asks
}

TEST_CASE("well-known calls on aarch64", "[seccomp]") {
  const auto answer = [](std::uint32_t number, const Arguments& arguments = {}) {
    return answer_to<Arm64>(number, arguments);
  };
  REQUIRE(answer(63) == SECCOMP_RET_ALLOW);               // read
  REQUIRE(answer(221) == SECCOMP_RET_ALLOW);              // execve
  REQUIRE(answer(40) == kAnswerEperm);                    // mount
  REQUIRE(answer(29, {0, 0x5401}) == SECCOMP_RET_ALLOW);  // TCGETS
  REQUIRE(answer(29, {0, 0x5412}) == kAnswerEperm);       // TIOCSTI
  REQUIRE(answer(198, {40}) == kAnswerEperm);             // AF_VSOCK
  REQUIRE(answer(220, {0x10000011}) == kAnswerEperm);     // CLONE_NEWUSER
  REQUIRE(answer(435) == kAnswerEnosys);                  // clone3
  REQUIRE(answer(472) == kAnswerEnosys);                  // not yet
}

TEST_CASE("terminals are not typed into, whatever is kept", "[seccomp]") {
  for (const std::uint64_t kept : capability_sets()) {
    REQUIRE(answer_to<Amd64>(16, {0, 0x5412}, kept) == kAnswerEperm);
    REQUIRE(answer_to<Arm64>(29, {0, 0x541c}, kept) == kAnswerEperm);
  }
}

TEST_CASE("a file that can be a compiled program is taken", "[seccomp]") {
  const std::vector<char> bytes(4096 * 8 + 8);
  const auto accepts = [&](std::size_t size) {
    return check_filter(std::span(bytes).first(size), "rules.bpf").ok();
  };
  REQUIRE(accepts(8));
  REQUIRE(accepts(4096 * 8));
  REQUIRE_FALSE(accepts(0));
  REQUIRE_FALSE(accepts(7));
  REQUIRE_FALSE(accepts(12));
  REQUIRE_FALSE(accepts(4096 * 8 + 8));
}

TEST_CASE("a file that cannot be one is refused by its name", "[seccomp]") {
  const char text[] = "allow everything\n";
  const Result<void> result = check_filter(text, "rules.txt");
  REQUIRE_FALSE(result.ok());
  REQUIRE(message_of(result.error()) ==
          "cardboard: cannot use rules.txt: not a compiled BPF program\n");
}
