// SPDX-License-Identifier: MIT
//
// See errno_text.h. The texts are glibc's, which are the ones that people search for.
#include "base/errno_text.h"

#include <errno.h>

#include "base/byte_table.h"

namespace cardboard {

namespace {

struct Text {
  std::uint8_t errnum;
  const char* text;
};

constexpr Text kTexts[] = {
    {EPERM, "Operation not permitted"},
    {ENOENT, "No such file or directory"},
    {ESRCH, "No such process"},
    {EINTR, "Interrupted system call"},
    {EIO, "Input/output error"},
    {ENXIO, "No such device or address"},
    {E2BIG, "Argument list too long"},
    {ENOEXEC, "Exec format error"},
    {EBADF, "Bad file descriptor"},
    {ECHILD, "No child processes"},
    {EAGAIN, "Resource temporarily unavailable"},
    {ENOMEM, "Cannot allocate memory"},
    {EACCES, "Permission denied"},
    {EFAULT, "Bad address"},
    {EBUSY, "Device or resource busy"},
    {EEXIST, "File exists"},
    {EXDEV, "Invalid cross-device link"},
    {ENODEV, "No such device"},
    {ENOTDIR, "Not a directory"},
    {EISDIR, "Is a directory"},
    {EINVAL, "Invalid argument"},
    {ENFILE, "Too many open files in system"},
    {EMFILE, "Too many open files"},
    {ENOTTY, "Inappropriate ioctl for device"},
    {ETXTBSY, "Text file busy"},
    {EFBIG, "File too large"},
    {ENOSPC, "No space left on device"},
    {EROFS, "Read-only file system"},
    {EMLINK, "Too many links"},
    {EPIPE, "Broken pipe"},
    {ERANGE, "Numerical result out of range"},
    {EDEADLOCK, "Resource deadlock avoided"},
    {ENAMETOOLONG, "File name too long"},
    {ENOSYS, "Function not implemented"},
    {ENOTEMPTY, "Directory not empty"},
    {ELOOP, "Too many levels of symbolic links"},
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

CARDBOARD_TEXTS constexpr auto kTable = make_table<[] {
  TableBuilder table;
  for (const Text& text : kTexts) {
    table.add(text.errnum);
    table.add_phrase(text.text);
  }
  table.add(0);
  return table;
}>();

}  // namespace

void write_errno(Writer& writer, int errnum) {
  const char* text = find_row(readable(kTable.data()), static_cast<char>(errnum));
  if (text != nullptr) {
    writer << Phrase(text);
  } else {
    writer << "error "_p << errnum;
  }
}

}  // namespace cardboard
