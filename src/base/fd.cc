// SPDX-License-Identifier: MIT
//
// See fd.h.
#include "base/fd.h"

#include <unistd.h>

#include "base/sys.h"

namespace cardboard {

void Fd::close_if_valid(int number) {
  if (number >= 0) sys_close(number);
}

int read_file(int directory, const char* path, std::span<char> text) {
  const Fd file(sys_openat(directory, path, O_RDONLY | O_NONBLOCK));
  return file.valid() ? sys_read(file.get(), text.data(), text.size()) : file.get();
}

int write_file(const char* path, std::string_view text) {
  const Fd file(sys_open(path, O_WRONLY));
  return file.valid() ? sys_write(file.get(), text.data(), text.size()) : file.get();
}

int above_stdio(int number) {
  if (number < 0 || number > STDERR_FILENO) return number;
  const int moved = sys_fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  sys_close(number);
  return moved;
}

}  // namespace cardboard
