// SPDX-License-Identifier: MIT
//
// An owned file descriptor, closed at the end of its scope.
#pragma once

#include <span>
#include <string_view>

namespace cardboard {

class Fd {
 public:
  constexpr Fd() = default;
  constexpr explicit Fd(int number) : number_(number) {}
  constexpr Fd(Fd&& other) : number_(other.release()) {}
  Fd& operator=(Fd&& other) {
    if (this != &other) reset(other.release());
    return *this;
  }
  ~Fd() { reset(); }

  // A negative number is no descriptor but the negated errno of why there is none.
  constexpr int get() const { return number_; }
  constexpr bool valid() const { return number_ >= 0; }

  constexpr int release() {
    const int number = number_;
    number_ = -1;
    return number;
  }

  void reset(int number = -1) {
    close_if_valid(number_);
    number_ = number;
  }

 private:
  static void close_if_valid(int number);

  int number_ = -1;
};

// Takes over `number`, moved above 2 where the caller had closed stdin, stdout or stderr and it got
// one of their numbers: what is written to stderr must not end up in a pipe of ours. Keeps
// close-on-exec. A negative number is passed through.
int above_stdio(int number);

// Reads the beginning of a file, as much as fits, and returns its size or a negated errno. Waits
// for nobody to write to a FIFO.
int read_file(int directory, const char* path, std::span<char> text);

// Writes all of `text` with one write(2) to a file that is there, and returns a negated errno if
// that fails.
int write_file(const char* path, std::string_view text);

}  // namespace cardboard
