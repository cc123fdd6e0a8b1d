// SPDX-License-Identifier: MIT
//
// Files that COMMAND may be, whole, damaged and hostile. All are built in memory and judged in
// memory of their exact size, so that a read beyond the end is seen by the address sanitizer.
#include "plan/executable.h"

#include <elf.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <string>
#include <vector>

using namespace cardboard;

namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kHere = EM_X86_64;
constexpr Elf64_Half kElsewhere = EM_AARCH64;
#else
constexpr Elf64_Half kHere = EM_AARCH64;
constexpr Elf64_Half kElsewhere = EM_X86_64;
#endif

constexpr char kLoader[] = "/lib64/ld-linux-x86-64.so.2";
constexpr std::uint64_t kHugeOffsets[] = {UINT64_MAX,
                                          UINT64_MAX - 1,
                                          UINT64_MAX - sizeof(Elf64_Phdr),
                                          UINT64_MAX - sizeof(Elf64_Ehdr),
                                          UINT64_MAX / 2,
                                          1ull << 63,
                                          1ull << 32,
                                          UINT32_MAX,
                                          UINT64_MAX - 63,
                                          UINT64_MAX - 111};

// An ELF program whose parts lie one behind the other: header, segments, the loader's name.
struct Elf {
  Elf64_Ehdr header = {};
  std::vector<Elf64_Phdr> segments;
  std::string tail;

  explicit Elf(Elf64_Half type) {
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = type;
    header.e_machine = kHere;
    header.e_version = EV_CURRENT;
    header.e_phoff = sizeof header;
    header.e_ehsize = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    add(PT_LOAD);
    add(PT_GNU_STACK);
  }

  Elf64_Phdr& add(Elf64_Word type) {
    segments.push_back({});
    segments.back().p_type = type;
    header.e_phnum = static_cast<Elf64_Half>(segments.size());
    return segments.back();
  }

  // Behind the segments that are there by now; so, the last one to be added.
  Elf& with_loader(const std::string& name) {
    Elf64_Phdr& segment = add(PT_INTERP);
    segment.p_offset = sizeof header + segments.size() * sizeof(Elf64_Phdr);
    segment.p_filesz = name.size();
    tail = name;
    return *this;
  }

  std::string bytes() const {
    std::string all(reinterpret_cast<const char*>(&header), sizeof header);
    for (const Elf64_Phdr& segment : segments) {
      all.append(reinterpret_cast<const char*>(&segment), sizeof segment);
    }
    return all + tail;
  }
};

// What the judge said; the interpreter copied, after a check that it lies within what was judged.
struct Verdict {
  ExecutableKind kind;
  std::string interpreter;
};

Verdict judge(std::string_view bytes) {
  const std::vector<char> head(bytes.begin(), bytes.end());
  const Executable executable = inspect_executable(head);
  const std::string_view interpreter = executable.interpreter;
  if (!interpreter.empty()) {
    REQUIRE(interpreter.data() >= head.data());
    REQUIRE(interpreter.data() + interpreter.size() <= head.data() + head.size());
  }
  return {executable.kind, std::string(interpreter)};
}

Verdict judge(const Elf& elf) { return judge(elf.bytes()); }

// The name of a loader as it stands in a file, with the NUL that ends it.
std::string c_string(const char* text) { return std::string(text) + '\0'; }

}  // namespace

// ---- ELF programs ----

TEST_CASE("a program without a loader is static, at a fixed place or position-independent") {
  CHECK(judge(Elf(ET_EXEC)).kind == ExecutableKind::Static);
  CHECK(judge(Elf(ET_DYN)).kind == ExecutableKind::Static);
}

TEST_CASE("a static-pie program has a dynamic section and yet no loader") {
  Elf elf(ET_DYN);
  elf.add(PT_DYNAMIC);
  CHECK(judge(elf).kind == ExecutableKind::Static);
}

TEST_CASE("a program with a loader is dynamic and names it") {
  const Elf64_Half type = GENERATE(as<Elf64_Half>(), ET_EXEC, ET_DYN);
  const Verdict verdict = judge(Elf(type).with_loader(c_string(kLoader)));
  CHECK(verdict.kind == ExecutableKind::Dynamic);
  CHECK(verdict.interpreter == kLoader);
}

TEST_CASE("the loader's name ends at its NUL or at its segment's end") {
  CHECK(judge(Elf(ET_DYN).with_loader(c_string("/ld") + "rubbish")).interpreter == "/ld");
  CHECK(judge(Elf(ET_DYN).with_loader("/ld")).interpreter == "/ld");
  CHECK(judge(Elf(ET_DYN).with_loader("")).interpreter == "");
  CHECK(judge(Elf(ET_DYN).with_loader(std::string(9, '\0'))).interpreter == "");
}

TEST_CASE("the segments may lie anywhere in what is judged") {
  Elf elf(ET_DYN);
  elf.with_loader(c_string(kLoader));
  const std::string table = elf.bytes().substr(sizeof(Elf64_Ehdr));
  const std::size_t offset = 2001;  // of no alignment
  elf.header.e_phoff = offset;
  elf.segments.back().p_offset = offset + elf.segments.size() * sizeof(Elf64_Phdr);
  const std::string bytes = elf.bytes();
  const std::string header = bytes.substr(0, sizeof(Elf64_Ehdr));
  const std::string moved =
      header + std::string(offset - header.size(), '\0') + bytes.substr(header.size());
  CHECK(judge(moved).kind == ExecutableKind::Dynamic);
  CHECK(judge(moved).interpreter == kLoader);
}

TEST_CASE("a program is not refused because its segments lie beyond what is judged") {
  Elf elf(ET_EXEC);
  elf.header.e_phoff = 1 << 20;
  std::string head = elf.bytes();
  head.resize(kExecutableHead);
  CHECK(judge(head).kind == ExecutableKind::Static);
}

TEST_CASE("a loader's name that lies beyond what is judged is left empty") {
  Elf elf(ET_DYN);
  elf.with_loader(c_string(kLoader));
  elf.segments.back().p_offset = kExecutableHead + 1;
  const Verdict verdict = judge(elf);
  CHECK(verdict.kind == ExecutableKind::Dynamic);
  CHECK(verdict.interpreter.empty());
}

TEST_CASE("a program of another machine, word size or byte order is foreign") {
  Elf machine(ET_EXEC);
  machine.header.e_machine = kElsewhere;
  CHECK(judge(machine).kind == ExecutableKind::Foreign);

  Elf narrow(ET_EXEC);
  narrow.header.e_ident[EI_CLASS] = ELFCLASS32;
  CHECK(judge(narrow).kind == ExecutableKind::Foreign);

  Elf big_endian(ET_EXEC);
  big_endian.header.e_ident[EI_DATA] = ELFDATA2MSB;
  CHECK(judge(big_endian).kind == ExecutableKind::Foreign);
}

TEST_CASE("a foreign program is foreign even where it has a loader") {
  Elf elf(ET_DYN);
  elf.with_loader(c_string(kLoader));
  elf.header.e_machine = kElsewhere;
  CHECK(judge(elf).kind == ExecutableKind::Foreign);
}

TEST_CASE("a 32-bit program may be shorter than a 64-bit header") {
  const std::string bytes = Elf(ET_EXEC).bytes();
  std::string narrow = bytes.substr(0, sizeof(Elf32_Ehdr));
  narrow[EI_CLASS] = ELFCLASS32;
  CHECK(judge(narrow).kind == ExecutableKind::Foreign);
}

TEST_CASE("an object file or a core dump is no program") {
  const Elf64_Half type = GENERATE(as<Elf64_Half>(), ET_NONE, ET_REL, ET_CORE, 0xffff);
  CHECK(judge(Elf(type)).kind == ExecutableKind::Unknown);
}

TEST_CASE("a program without segments, or with segments of a strange size, is damaged") {
  Elf none(ET_EXEC);
  none.header.e_phnum = 0;
  CHECK(judge(none).kind == ExecutableKind::Unknown);

  const Elf64_Half size = GENERATE(as<Elf64_Half>(), 0, 1, 32, 55, 57, 112, 0xffff);
  Elf strange(ET_EXEC);
  strange.header.e_phentsize = size;
  CHECK(judge(strange).kind == ExecutableKind::Unknown);
}

// ---- ELF programs that break off ----

TEST_CASE("a program that breaks off within its headers is never taken for a static one") {
  const Elf elf = GENERATE(Elf(ET_EXEC), Elf(ET_DYN));
  const std::string whole = elf.bytes();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    REQUIRE(judge(whole.substr(0, length)).kind != ExecutableKind::Static);
  }
}

TEST_CASE("a dynamic program that breaks off is never taken for a static one") {
  const std::string whole = Elf(ET_DYN).with_loader(c_string(kLoader)).bytes();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    const Verdict verdict = judge(whole.substr(0, length));
    REQUIRE(verdict.kind != ExecutableKind::Static);
    REQUIRE(std::string_view(kLoader).starts_with(verdict.interpreter));
  }
}

TEST_CASE("a program that breaks off within its header is unknown") {
  const std::string whole = Elf(ET_EXEC).bytes();
  for (std::size_t length = 0; length < sizeof(Elf64_Ehdr); ++length) {
    CAPTURE(length);
    REQUIRE(judge(whole.substr(0, length)).kind == ExecutableKind::Unknown);
  }
}

// ---- Hostile ELF programs ----

TEST_CASE("segments that lie beyond the end of a short file are damage") {
  for (const std::uint64_t offset : kHugeOffsets) {
    Elf elf(ET_EXEC);
    elf.header.e_phoff = offset;
    CAPTURE(offset);
    REQUIRE(judge(elf).kind == ExecutableKind::Unknown);
  }
}

TEST_CASE("more segments than a short file has room for are damage") {
  const Elf64_Half count = GENERATE(as<Elf64_Half>(), 3, 100, 0xffff);
  Elf elf(ET_EXEC);
  elf.header.e_phnum = count;
  CHECK(judge(elf).kind == ExecutableKind::Unknown);
}

TEST_CASE("a loader's name at a hostile place makes a program no less dynamic") {
  for (const std::uint64_t number : kHugeOffsets) {
    CAPTURE(number);
    Elf far(ET_DYN);
    far.with_loader(c_string(kLoader));
    far.segments.back().p_offset = number;
    REQUIRE(judge(far).kind == ExecutableKind::Dynamic);
    REQUIRE(judge(far).interpreter.empty());

    Elf endless(ET_DYN);
    endless.with_loader(c_string(kLoader));
    endless.segments.back().p_filesz = number;
    REQUIRE(judge(endless).kind == ExecutableKind::Dynamic);
    REQUIRE(judge(endless).interpreter.empty());
  }
}

TEST_CASE("no byte of a header can be set so that it leads out of the file") {
  const std::string whole = Elf(ET_DYN).with_loader(c_string(kLoader)).bytes();
  for (std::size_t place = 0; place < whole.size(); ++place) {
    for (const int value : {0x00, 0x01, 0x40, 0x7f, 0x80, 0xff}) {
      std::string bytes = whole;
      bytes[place] = static_cast<char>(value);
      judge(bytes);
      // Eight bytes are a whole offset.
      bytes.replace(place, 8, std::string(8, static_cast<char>(value)));
      judge(bytes);
    }
  }
  SUCCEED("judge() has checked them all");
}

// ---- Scripts ----

TEST_CASE("a script names its interpreter") {
  const struct {
    const char* text;
    const char* interpreter;
  } rows[] = {
      {"#!/bin/sh\necho\n", "/bin/sh"},
      {"#! /bin/sh\n", "/bin/sh"},
      {"#! \t /bin/sh \t -e\n", "/bin/sh"},
      {"#!\t/bin/sh\t-e\n", "/bin/sh"},
      {"#!/usr/bin/env python3\n", "/usr/bin/env"},
      {"#!/bin/sh -e x\ny z\n", "/bin/sh"},
      {"#!/bin/sh", "/bin/sh"},
      {"#!sh\n", "sh"},
      {"#!/bin/sh # x\n#!/bin/bash\n", "/bin/sh"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    REQUIRE(judge(row.text).kind == ExecutableKind::Script);
    REQUIRE(judge(row.text).interpreter == row.interpreter);
  }
}

TEST_CASE("a script may leave out its interpreter") {
  const std::string text =
      GENERATE("#!", "#! ", "#! \t", "#!\n", "#! \n", "#!\n/bin/sh\n", "#! \t\n");
  CAPTURE(text);
  CHECK(judge(text).kind == ExecutableKind::Script);
  CHECK(judge(text).interpreter.empty());
}

TEST_CASE("an interpreter's name may fill all that is judged") {
  const std::string text = "#!" + std::string(kExecutableHead - 2, 'x');
  CHECK(judge(text).interpreter == text.substr(2));
}

// ---- Everything else ----

TEST_CASE("what is neither a program nor a script is unknown") {
  const std::string text =
      GENERATE("", "#", "# !/bin/sh\n", " #!/bin/sh\n", "!#", "echo hello\n", "\n", "\x7f",
               "\x7f"
               "EL",
               "\x7f"
               "ELf",
               "\x7f"
               "elf",
               "MZ", "\xfe\xff");
  CAPTURE(text);
  CHECK(judge(text).kind == ExecutableKind::Unknown);
  CHECK(judge(text).interpreter.empty());
}

TEST_CASE("zeroes are unknown, however many") {
  CHECK(judge(std::string(kExecutableHead, '\0')).kind == ExecutableKind::Unknown);
}
