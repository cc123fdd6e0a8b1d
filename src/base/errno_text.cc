// SPDX-License-Identifier: MIT
//
// See errno_text.h. The texts are glibc's, which are the ones that people search for.
#include "base/errno_text.h"

#include <errno.h>

namespace cardboard {

namespace {

// In the order of the numbers from 1 on; where two bars meet, a number has no text here.
constexpr std::string_view kTexts =
    "Operation not permitted|No such file or directory|No such process|Interrupted system call|"
    "Input/output error|No such device or address|Argument list too long|Exec format error|"
    "Bad file descriptor|No child processes|Resource temporarily unavailable|"
    "Cannot allocate memory|Permission denied|Bad address||Device or resource busy|File exists|"
    "Invalid cross-device link|No such device|Not a directory|Is a directory|Invalid argument|"
    "Too many open files in system|Too many open files|Inappropriate ioctl for device|"
    "Text file busy|File too large|No space left on device||Read-only file system|Too many links|"
    "Broken pipe|||Resource deadlock avoided|File name too long||Function not implemented|"
    "Directory not empty|Too many levels of symbolic links|";

struct Text {
  int errnum;
  const char* text;
};

constexpr Text kFurtherTexts[] = {
    {EOVERFLOW, "Value too large for defined data type"},
    {EUSERS, "Too many users"},
    {EOPNOTSUPP, "Operation not supported"},
    {EADDRINUSE, "Address already in use"},
    {ETIMEDOUT, "Connection timed out"},
    {ECONNREFUSED, "Connection refused"},
    {ESTALE, "Stale file handle"},
    {EDQUOT, "Disk quota exceeded"},
    {ELIBBAD, "Accessing a corrupted shared library"},
};

std::string_view find_text(int errnum) {
  for (const Text& further : kFurtherTexts) {
    if (further.errnum == errnum) return further.text;
  }
  std::string_view rest = kTexts;
  for (int i = 1; !rest.empty(); ++i) {
    const std::size_t bar = rest.find('|');
    if (i == errnum) return {rest.data(), bar};
    rest.remove_prefix(bar + 1);
  }
  return {};
}

}  // namespace

void write_errno(Writer& writer, int errnum) {
  const std::string_view text = find_text(errnum);
  if (text.empty()) {
    writer << "error " << errnum;
  } else {
    writer << text;
  }
}

}  // namespace cardboard
