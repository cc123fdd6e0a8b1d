// SPDX-License-Identifier: MIT
//
// See interpreter.h.
#include "init/interpreter.h"

#include <limits.h>

#include "base/fd.h"
#include "init/path_search.h"
#include "plan/executable.h"

namespace cardboard {

const char* find_interpreter(const Command& command) {
  static char interpreter[PATH_MAX];
  char buffer[PATH_MAX];
  char head[kExecutableHead];
  PathSearch search(command.path != nullptr ? command.path : command.argv[0], command.search_path,
                    buffer);
  while (const char* candidate = search.next()) {
    const int size = read_file(AT_FDCWD, candidate, head);
    if (size <= 0) continue;
    const auto needed = inspect_executable({head, static_cast<std::size_t>(size)}).interpreter;
    if (needed.empty()) continue;
    Writer writer(interpreter);
    writer << needed;
    return writer.c_str();
  }
  return nullptr;
}

}  // namespace cardboard
