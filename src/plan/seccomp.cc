// SPDX-License-Identifier: MIT
//
// See seccomp.h. Only such instructions are used as the kernel can follow by itself (loads of the
// number and architecture, jumps, constant returns): it finds out once which numbers are allowed
// whatever their arguments, and runs the filter for the others alone (seccomp_is_const_allow, Linux
// 5.11).
#include "plan/seccomp.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

namespace cardboard {

namespace {

// ---- The table ----

// What happens to a call. Unknown ones, that is newer ones, get what an older kernel would say, so
// that programs fall back; what is known and denied is EPERM, as with Docker.
enum class Verdict : std::uint8_t {
  Allow,
  Eperm,
  Enosys,
  CheckIoctl,
  CheckSocket,
  CheckPersonality,
  CheckClone,
};

constexpr std::uint8_t kNoCapability = 63;

// The numbers from `first` to the next run's. Who keeps `unless` may make these calls whatever the
// verdict; CAP_SYS_ADMIN includes CAP_SYSLOG, CAP_PERFMON and CAP_BPF here.
struct Run {
  std::uint16_t first;
  Verdict verdict;
  std::uint8_t unless = kNoCapability;

  constexpr bool is_like(const Run& other) const {
    return verdict == other.verdict && unless == other.unless;
  }
};

#include "plan/seccomp_table.inc"

template <typename Machine>
constexpr const auto& kRuns = kAmd64Runs;
template <>
constexpr const auto& kRuns<Arm64> = kArm64Runs;

// ---- The table as a search tree, made by the compiler ----

// All that decide something, by the four bits that a leaf has for it.
constexpr std::uint8_t kDeciding[] = {
    kNoCapability,  CAP_DAC_READ_SEARCH, CAP_SYS_MODULE, CAP_SYS_RAWIO, CAP_SYS_CHROOT,
    CAP_SYS_PTRACE, CAP_SYS_PACCT,       CAP_SYS_ADMIN,  CAP_SYS_BOOT,  CAP_SYS_NICE,
    CAP_SYS_TIME,   CAP_SYS_TTY_CONFIG,  CAP_SYSLOG,     CAP_PERFMON,   CAP_BPF};

constexpr unsigned index_of(std::uint8_t capability) {
  unsigned i = 0;
  while (kDeciding[i] != capability) ++i;
  return i;
}

// To trap while compiling is an error, so a table that has outgrown its bits does not compile.
constexpr unsigned in_bits(unsigned value, unsigned width, unsigned position) {
  if (value >> width != 0) __builtin_trap();
  return value << position;
}

// A leaf is a byte: verdict and capability. A node is two: kNode, BPF_JGE or BPF_JEQ, and the nine
// bits of the number to compare with; then come the tree where that is false and the one where it
// is true.
constexpr unsigned kNode = 0x80;
constexpr unsigned kComparison = 0x30;

// Ranges cost a node for each run. So runs of one number between two that are alike are left out of
// the ranges and asked for when the range is found. That is a quarter of the nodes less, and of the
// time that the kernel needs to compile them; but with too many in a range the way gets long.
constexpr unsigned kSingles = 3;

template <typename Machine>
class Tree {
 public:
  constexpr Tree() {
    for (unsigned run = 0; run < kCount; run = end_of(run)) ranges_[range_count_++] = run;
    write_tree(0, range_count_);
  }

  unsigned nodes = 0;
  unsigned size = 0;
  std::uint8_t bytes[3 * std::size(kRuns<Machine>)] = {};

 private:
  static constexpr unsigned kCount = std::size(kRuns<Machine>);

  // Whether the run after `run` can be left out.
  static constexpr bool has_single(unsigned run) {
    return run + 2 < kCount && kRuns<Machine>[run].is_like(kRuns<Machine>[run + 2]) &&
           kRuns<Machine>[run + 2].first - kRuns<Machine>[run + 1].first == 1;
  }

  static constexpr unsigned singles_of(unsigned run) {
    unsigned count = 0;
    while (count < kSingles && has_single(run + 2 * count)) ++count;
    return count;
  }

  static constexpr unsigned end_of(unsigned run) { return run + 2 * singles_of(run) + 1; }

  constexpr void write_tree(unsigned begin, unsigned end) {
    if (end - begin == 1) return write_range(ranges_[begin]);
    const unsigned middle = begin + (end - begin) / 2;
    write_node(BPF_JGE, ranges_[middle]);
    write_tree(begin, middle);
    write_tree(middle, end);
  }

  constexpr void write_range(unsigned run) {
    const unsigned last = end_of(run) - 1;
    for (unsigned single = run + 1; single < last; single += 2) write_node(BPF_JEQ, single);
    write_leaf(run);
    for (unsigned single = last; single > run; single -= 2) write_leaf(single - 1);
  }

  constexpr void write_node(unsigned comparison, unsigned run) {
    const unsigned number = kRuns<Machine>[run].first;
    write(kNode | comparison | in_bits(number >> 8, 1, 0));
    write(number & 255);
    ++nodes;
  }

  constexpr void write_leaf(unsigned run) {
    write(in_bits(static_cast<unsigned>(kRuns<Machine>[run].verdict), 3, 0) |
          in_bits(index_of(kRuns<Machine>[run].unless), 4, 3));
  }

  constexpr void write(unsigned byte) { bytes[size++] = static_cast<std::uint8_t>(byte); }

  unsigned range_count_ = 0;
  unsigned ranges_[kCount] = {};
};

template <typename Machine>
constexpr auto kTree = [] {
  constexpr Tree<Machine> kWithRoom;
  std::array<std::uint8_t, kWithRoom.size> bytes = {};
  for (unsigned i = 0; i < kWithRoom.size; ++i) bytes[i] = kWithRoom.bytes[i];
  return bytes;
}();

// ---- Instructions ----

constexpr sock_filter load(std::size_t offset) {
  return {BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)};
}

// On both machines the low word is first. It alone is looked at: the rest is cut off by the kernel,
// too, and a comparison of 64 bits could be passed with anything in there.
constexpr sock_filter load_argument(unsigned index) {
  return load(offsetof(seccomp_data, args) + index * sizeof(std::uint64_t));
}

constexpr sock_filter jump(unsigned comparison, std::uint32_t value, unsigned yes, unsigned no) {
  return {static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K), static_cast<std::uint8_t>(yes),
          static_cast<std::uint8_t>(no), value};
}

constexpr sock_filter answer(std::uint32_t value) { return {BPF_RET | BPF_K, 0, 0, value}; }

// A program of another kind than the container's would understand no answer, and may try again for
// ever to exit: it is killed. The x32 calls of x86_64 come with numbers that are unknown here.
template <typename Machine>
constexpr sock_filter kHead[] = {
    load(offsetof(seccomp_data, arch)),
    jump(BPF_JEQ, Machine::kAudit, 1, 0),
    answer(SECCOMP_RET_KILL_PROCESS),
    load(offsetof(seccomp_data, nr)),
};

// The places in the tail where something begins.
constexpr unsigned kIoctl = 0;
constexpr unsigned kSocket = 3;
constexpr unsigned kPersonality = 6;
constexpr unsigned kClone = 9;
constexpr unsigned kAllow = 11;
constexpr unsigned kEperm = 12;
constexpr unsigned kEnosys = 13;

constexpr std::uint32_t kNewNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                         CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
constexpr std::uint32_t kHarmlessPersonality = 0x20008;  // UNAME26, PER_LINUX32
constexpr std::uint32_t kAskPersonality = 0xffffffff;

// The instruction at `place` of the tail, that goes on at one of two other places.
constexpr sock_filter branch(unsigned place, unsigned comparison, std::uint32_t value, unsigned yes,
                             unsigned no) {
  return jump(comparison, value, yes - place - 1, no - place - 1);
}

constexpr sock_filter kTail[] = {
    load_argument(1),  // ioctl
    branch(1, BPF_JEQ, TIOCSTI, kEperm, 2),
    branch(2, BPF_JEQ, TIOCLINUX, kEperm, kAllow),
    load_argument(0),  // socket
    branch(4, BPF_JEQ, AF_ALG, kEperm, 5),
    branch(5, BPF_JEQ, AF_VSOCK, kEperm, kAllow),
    load_argument(0),  // personality
    branch(7, BPF_JEQ, kAskPersonality, kAllow, 8),
    branch(8, BPF_JSET, ~kHarmlessPersonality, kEperm, kAllow),
    load_argument(0),  // clone
    branch(10, BPF_JSET, kNewNamespaces, kEperm, kAllow),
    answer(SECCOMP_RET_ALLOW),
    answer(SECCOMP_RET_ERRNO | EPERM),
    answer(SECCOMP_RET_ERRNO | ENOSYS),
};

// Where in the tail each verdict is found.
constexpr std::uint8_t kPlaces[] = {kAllow, kEperm, kEnosys, kIoctl, kSocket, kPersonality, kClone};

// Writes the nodes one after the other, each before what follows it in the tree.
class Emitter {
 public:
  constexpr Emitter(const std::uint8_t* tree, std::uint64_t kept, sock_filter* nodes, unsigned tail)
      : tree_(tree), kept_(kept), nodes_(nodes), tail_(tail) {}

  // The place of the tree that is next, or the one in the tail that a leaf stands for.
  unsigned emit() {
    const unsigned byte = *tree_++;
    if ((byte & kNode) == 0) {
      const bool is_kept = (kept_ >> kDeciding[byte >> 3] & 1) != 0;
      return tail_ + (is_kept ? kAllow : kPlaces[byte & 7]);
    }
    const unsigned place = next_++;
    sock_filter& node = nodes_[place];
    node = jump(byte & kComparison, (byte & 1) << 8 | *tree_++, 0, 0);
    node.jf = static_cast<std::uint8_t>(emit() - place - 1);
    node.jt = static_cast<std::uint8_t>(emit() - place - 1);
    return place;
  }

 private:
  const std::uint8_t* tree_;
  std::uint64_t kept_;
  sock_filter* nodes_;
  unsigned tail_;
  unsigned next_ = 0;
};

constexpr std::uint64_t bit(unsigned capability) { return std::uint64_t{1} << capability; }

}  // namespace

template <typename Machine>
std::span<const sock_filter> make_filter(std::uint64_t kept, SeccompFilter& room) {
  constexpr unsigned kNodes = Tree<Machine>().nodes;
  constexpr std::size_t kSize = std::size(kHead<Machine>) + kNodes + std::size(kTail);
  static_assert(kSize <= std::tuple_size_v<SeccompFilter>);
  static_assert(kSize <= 256, "no jump reaches further than 255 instructions");
  if ((kept & bit(CAP_SYS_ADMIN)) != 0) kept |= bit(CAP_SYSLOG) | bit(CAP_PERFMON) | bit(CAP_BPF);
  kept &= ~bit(kNoCapability);
  std::memcpy(room.data(), kHead<Machine>, sizeof kHead<Machine>);
  sock_filter* const nodes = room.data() + std::size(kHead<Machine>);
  Emitter(kTree<Machine>.data(), kept, nodes, kNodes).emit();
  std::memcpy(nodes + kNodes, kTail, sizeof kTail);
  return {room.data(), kSize};
}

template std::span<const sock_filter> make_filter<Amd64>(std::uint64_t, SeccompFilter&);
template std::span<const sock_filter> make_filter<Arm64>(std::uint64_t, SeccompFilter&);

Result<void> check_filter(std::span<const char> file, const char* name) {
  if (file.empty() || file.size() % sizeof(sock_filter) != 0 ||
      file.size() > BPF_MAXINSNS * sizeof(sock_filter)) {
    return refuse("use"_p, name, "not a compiled BPF program"_p);
  }
  return {};
}

}  // namespace cardboard
