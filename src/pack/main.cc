// SPDX-License-Identifier: MIT
//
// pack LINKED BINARY: makes the binary of what the linker has linked by cardboard.ld: headers, what
// is resident, and the isolator and the texts, packed. No symbols and, as the kernel reads none of
// them, no section headers. Runs on the machine that builds; both are little-endian. elf(5)
#include <elf.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/unpack.h"
#include "pack/pack.h"

namespace {

using namespace cardboard;

[[noreturn]] void stop(const std::string& why) {
  std::cerr << "pack: " << why << '\n';
  std::exit(1);
}

std::string read_file(const char* name) {
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) stop(std::string("cannot read ") + name);
  return text.str();
}

template <typename T>
T read_at(const std::string& bytes, std::size_t place) {
  if (bytes.size() < place + sizeof(T)) stop("the file is cut off");
  T value;
  std::memcpy(&value, bytes.data() + place, sizeof value);
  return value;
}

class Linked {
 public:
  explicit Linked(std::string bytes)
      : bytes_(std::move(bytes)), header_(read_at<Elf64_Ehdr>(bytes_, 0)) {}

  const Elf64_Ehdr& header() const { return header_; }

  Elf64_Shdr section(const std::string& name) const {
    const auto names = section_at(header_.e_shstrndx);
    for (std::size_t i = 0; i < header_.e_shnum; ++i) {
      const auto section = section_at(i);
      if (bytes_.data() + names.sh_offset + section.sh_name == name) return section;
    }
    stop("there is no section " + name);
  }

  std::string content(const std::string& name) const {
    const auto found = section(name);
    return bytes_.substr(found.sh_offset, found.sh_size);
  }

 private:
  Elf64_Shdr section_at(std::size_t index) const {
    return read_at<Elf64_Shdr>(bytes_, header_.e_shoff + index * sizeof(Elf64_Shdr));
  }

  std::string bytes_;
  Elf64_Ehdr header_;
};

template <typename T>
void put(std::string& bytes, std::size_t place, const T& value) {
  if (bytes.size() < place + sizeof value) bytes.resize(place + sizeof value);
  std::memcpy(bytes.data() + place, &value, sizeof value);
}

std::string packed_parts(const Linked& linked) {
  std::string isolator = linked.content(".isolator");
  if (linked.header().e_machine == EM_X86_64) {
    const auto place = static_cast<std::uint32_t>(linked.section(".isolator").sh_addr);
    change_jumps(isolator, [&](std::uint32_t way, const char* end) {
      return way + place + static_cast<std::uint32_t>(end - isolator.data());
    });
  }
  const std::string packed = pack(isolator);
  std::string parts;
  put(parts, 0, static_cast<std::uint32_t>(packed.size()));
  return parts + packed + pack(linked.content(".texts"));
}

Elf64_Phdr segment(Elf64_Word type, Elf64_Word flags, Elf64_Addr place, std::size_t in_file,
                   std::size_t in_memory) {
  Elf64_Phdr header = {};
  header.p_type = type;
  header.p_flags = flags;
  header.p_vaddr = header.p_paddr = place;
  header.p_filesz = in_file;
  header.p_memsz = in_memory;
  header.p_align = 0x1000;
  return header;
}

std::string make_binary(const Linked& linked) {
  constexpr std::size_t kSegments = 3;
  constexpr const char* kResident[] = {".gate", ".text", ".rodata"};
  const auto texts = linked.section(".texts");
  const auto zeros = linked.section(".bss");
  const Elf64_Addr start =
      linked.section(kResident[0]).sh_addr - sizeof(Elf64_Ehdr) - kSegments * sizeof(Elf64_Phdr);

  std::string binary;
  for (const char* name : kResident) {
    binary.resize(linked.section(name).sh_addr - start);
    binary += linked.content(name);
  }
  binary += packed_parts(linked);
  if (start + binary.size() > texts.sh_addr) stop("what is resident reaches into the texts");

  Elf64_Ehdr header = linked.header();
  header.e_phoff = sizeof header;
  header.e_phnum = kSegments;
  header.e_shoff = 0;
  header.e_shentsize = header.e_shnum = header.e_shstrndx = 0;
  put(binary, 0, header);
  const Elf64_Phdr segments[kSegments] = {
      segment(PT_LOAD, PF_R | PF_X, start, binary.size(), binary.size()),
      segment(PT_LOAD, PF_R | PF_W, texts.sh_addr, 0,
              zeros.sh_addr + zeros.sh_size - texts.sh_addr),
      segment(PT_GNU_STACK, PF_R | PF_W, 0, 0, 0),
  };
  put(binary, sizeof header, segments);
  return binary;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) stop("expects the name of a linked file and of the binary to make");
  const std::string binary = make_binary(Linked(read_file(argv[1])));
  std::ofstream file(argv[2], std::ios::binary);
  file << binary;
  file.close();
  if (!file) stop(std::string("cannot write ") + argv[2]);
  std::filesystem::permissions(argv[2], std::filesystem::perms(0755));
}
