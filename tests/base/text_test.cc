// SPDX-License-Identifier: MIT
//
// The bounded writer and the number parsers: what fits, what is cut off, what is refused.
#include "base/text.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <string>

#include "support.h"

using namespace cardboard;

TEST_CASE("a Writer appends what it is given, in order") {
  CHECK(written([](Writer& writer) { writer << "pid " << 42 << ',' << ' ' << "gone"; }) ==
        "pid 42, gone");
}

TEST_CASE("a Writer writes the numbers at the limits of their types") {
  const auto number = [](auto value) { return written([&](Writer& writer) { writer << value; }); };
  CHECK(number(0) == "0");
  CHECK(number(-1) == "-1");
  CHECK(number(std::uint32_t{4294967295}) == "4294967295");
  CHECK(number(std::numeric_limits<int>::min()) == "-2147483648");
  CHECK(number(std::numeric_limits<std::int64_t>::max()) == "9223372036854775807");
  CHECK(number(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(number(std::uint64_t{0}) == "0");
  CHECK(number(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
}

TEST_CASE("a Writer is not overflowed by what just fits") {
  char buffer[5];
  Writer writer{std::span<char>(buffer)};
  writer << "12" << 345;
  CHECK(writer.view() == "12345");
  CHECK_FALSE(writer.overflowed());
  writer << "";
  CHECK_FALSE(writer.overflowed());
}

TEST_CASE("a Writer cuts off what does not fit, and tells") {
  char buffer[5];
  Writer writer{std::span<char>(buffer)};
  writer << "123"
         << "4567";
  CHECK(writer.view() == "12345");
  CHECK(writer.overflowed());
  writer << 'x';
  CHECK(writer.view() == "12345");
}

TEST_CASE("a Writer without any room writes nothing and tells") {
  Writer writer{std::span<char>()};
  writer << "x";
  writer.end_line();
  CHECK(writer.view().empty());
  CHECK(writer.overflowed());
  CHECK(std::string(writer.c_str()).empty());
}

TEST_CASE("a truncated line still ends with a newline") {
  const auto line = [](std::string_view text) {
    return written(
        [&](Writer& writer) {
          writer << text;
          writer.end_line();
        },
        4);
  };
  CHECK(line("") == "\n");
  CHECK(line("abc") == "abc\n");
  CHECK(line("abcd") == "abc\n");
  CHECK(line("abcdefgh") == "abc\n");
}

TEST_CASE("a newline that takes the place of a character counts as an overflow") {
  char buffer[4];
  Writer writer{std::span<char>(buffer)};
  writer << "abcd";
  writer.end_line();
  CHECK(writer.overflowed());
}

TEST_CASE("padding goes up to the column and never beyond") {
  CHECK(written([](Writer& writer) { (writer << "ab").pad_to(5) << 'c'; }) == "ab   c");
  CHECK(written([](Writer& writer) { (writer << "abcde").pad_to(5) << 'f'; }) == "abcdef");
  CHECK(written([](Writer& writer) { (writer << "abcdef").pad_to(5) << 'g'; }) == "abcdefg");
  CHECK(written([](Writer& writer) { (writer << "ab").pad_to(1'000'000); }, 4) == "ab  ");
}

TEST_CASE("a C string ends within the buffer") {
  char buffer[4];
  Writer writer{std::span<char>(buffer)};
  CHECK(std::string(writer.c_str()).empty());
  writer << "abc";
  CHECK(std::string(writer.c_str()) == "abc");
  CHECK_FALSE(writer.overflowed());
}

TEST_CASE("a C string without room for its end loses its last character, and tells") {
  char buffer[4];
  Writer writer{std::span<char>(buffer)};
  writer << "abcd";
  CHECK(std::string(writer.c_str()) == "abc");
  CHECK(writer.overflowed());
}

TEST_CASE("a number is decimal digits, up to the largest 64-bit one") {
  CHECK(parse_number("0") == 0u);
  CHECK(parse_number("7") == 7u);
  CHECK(parse_number("0042") == 42u);
  CHECK(parse_number("18446744073709551614") == kNoNumber - 1);
  CHECK(parse_number("18446744073709551615") == kNoNumber);
  CHECK(parse_number("000000000000000000000000000001") == 1u);
}

TEST_CASE("what is not a number of 64 bits is refused") {
  const std::string text =
      GENERATE("", "-1", "+1", " 1", "1 ", "1\n", "1.5", "0x10", "1e3", "1,000", "a", "/", ":",
               "18446744073709551616", "18446744073709551620", "99999999999999999999",
               "184467440737095516150", "340282366920938463463374607431768211456");
  CAPTURE(text);
  CHECK(parse_number(text) == kNoNumber);
}

TEST_CASE("a number ends at no NUL") {
  CHECK(parse_number(std::string_view("1\0", 2)) == kNoNumber);
  CHECK_FALSE(parse_duration(std::string_view("1\0s", 3)).has_value());
}

TEST_CASE("a TIME has a unit, and without one it is in seconds") {
  CHECK(parse_duration("5") == 5 * kSecond);
  CHECK(parse_duration("5s") == 5 * kSecond);
  CHECK(parse_duration("5ms") == 5'000'000);
  CHECK(parse_duration("5m") == 300 * kSecond);
  CHECK(parse_duration("5h") == 18'000 * kSecond);
  CHECK(parse_duration("0") == 0);
  CHECK(parse_duration("0ms") == 0);
  CHECK(parse_duration("007s") == 7 * kSecond);
}

TEST_CASE("the longest TIME is what fits into 64 bits of nanoseconds, whatever its unit") {
  const struct {
    const char* fits;
    const char* too_long;
    Nanoseconds duration;
  } rows[] = {
      {"9223372036854ms", "9223372036855ms", 9'223'372'036'854 * kMillisecond},
      {"9223372036", "9223372037", 9'223'372'036 * kSecond},
      {"9223372036s", "9223372037s", 9'223'372'036 * kSecond},
      {"153722867m", "153722868m", 153'722'867 * (60 * kSecond)},
      {"2562047h", "2562048h", 2'562'047 * (3600 * kSecond)},
  };
  for (const auto& row : rows) {
    CAPTURE(row.fits);
    REQUIRE(parse_duration(row.fits) == row.duration);
    REQUIRE_FALSE(parse_duration(row.too_long).has_value());
  }
}

TEST_CASE("what is not a TIME is refused") {
  const std::string text =
      GENERATE("", "ms", "s", "m", "h", "-1", "+1", " 1", "1 ", "1 s", "1s ", "1.5", "1.5s", "5x",
               "5d", "5S", "5MS", "5H", "5ss", "5sm", "5msm", "5mms", "5us", "s5", "0x5", "1e3",
               "1h30m", "infinity", "18446744073709551615", "18446744073709551616",
               "18446744073709551616ms", "99999999999999999999999999h");
  CAPTURE(text);
  CHECK_FALSE(parse_duration(text).has_value());
}

TEST_CASE("a SIZE has a binary unit of either case, and without one it is in bytes") {
  CHECK(parse_size("0") == 0);
  CHECK(parse_size("5") == 5);
  CHECK(parse_size("007") == 7);
  CHECK(parse_size("5k") == 5 * 1024);
  CHECK(parse_size("5K") == 5 * 1024);
  CHECK(parse_size("5m") == 5 * 1024 * 1024);
  CHECK(parse_size("5M") == 5 * 1024 * 1024);
  CHECK(parse_size("5g") == 5'368'709'120);
  CHECK(parse_size("5G") == 5'368'709'120);
  CHECK(parse_size("5t") == 5'497'558'138'880);
  CHECK(parse_size("5T") == 5'497'558'138'880);
}

TEST_CASE("the greatest SIZE is what fits into 64 bits, whatever its unit") {
  const struct {
    const char* fits;
    const char* too_great;
    std::uint64_t size;
  } rows[] = {
      {"18446744073709551614", "18446744073709551615", 18'446'744'073'709'551'614u},
      {"18014398509481983k", "18014398509481984k", 18'446'744'073'709'550'592u},
      {"17592186044415m", "17592186044416m", 18'446'744'073'708'503'040u},
      {"17179869183g", "17179869184g", 18'446'744'072'635'809'792u},
      {"16777215t", "16777216t", 18'446'742'974'197'923'840u},
  };
  for (const auto& row : rows) {
    CAPTURE(row.fits);
    REQUIRE(parse_size(row.fits) == row.size);
    REQUIRE_FALSE(parse_size(row.too_great).has_value());
  }
}

TEST_CASE("what is not a SIZE is refused") {
  const std::string text =
      GENERATE("", "k", "K", "kk", "1kk", "1kb", "1KiB", "-1", "+1", " 1", "1 ", "1 k", "1k ",
               "1.5g", "1p", "1e", "1b", "k1", "0x10", "1e3", "1\v", "1\x2b", "1-", "1\x14",
               "1\x0b", "99999999999999999999g", "18446744073709551616t");
  CAPTURE(text);
  CHECK_FALSE(parse_size(text).has_value());
  CHECK_FALSE(parse_size(std::string_view("1\0", 2)).has_value());
}

TEST_CASE("skip() finds what follows a start") {
  CHECK(skip("size=5", "size=") == std::string("5"));
  CHECK(skip("size=", "size=") == std::string(""));
  CHECK(skip("abc", "") == std::string("abc"));
  CHECK(skip("size", "size=") == nullptr);
  CHECK(skip("", "x") == nullptr);
  CHECK(skip("Size=5", "size=") == nullptr);
}

TEST_CASE("a path lies in a directory that it is, or that is on its way") {
  CHECK(lies_in("dev", "dev"));
  CHECK(lies_in("dev/null", "dev"));
  CHECK(lies_in("a/b/c", "a/b"));
  CHECK_FALSE(lies_in("device", "dev"));
  CHECK_FALSE(lies_in("de", "dev"));
  CHECK_FALSE(lies_in("a/bc", "a/b"));
  CHECK_FALSE(lies_in("", "a"));
}

TEST_CASE("the base name is what follows the last slash") {
  CHECK(base_name("/usr/bin/true") == "true");
  CHECK(base_name("./hello") == "hello");
  CHECK(base_name("hello") == "hello");
  CHECK(base_name("a//b") == "b");
  CHECK(base_name("/") == "");
  CHECK(base_name("bin/") == "");
  CHECK(base_name("") == "");
}
