// SPDX-License-Identifier: MIT
//
// See path_search.h.
#include "init/path_search.h"

#include "base/text.h"

namespace cardboard {

namespace {

// _CS_PATH of glibc. musl would put /usr/local/bin before it.
constexpr std::string_view kDefaultPath = "/bin:/usr/bin";

}  // namespace

PathSearch::PathSearch(const char* name, const char* path, std::span<char> buffer)
    : name_(name),
      rest_(path != nullptr ? std::string_view(path) : kDefaultPath),
      ended_(name_.empty()),
      buffer_(buffer) {
  // A name with a slash is a path already, and is tried as it is.
  if (name_.find('/') != std::string_view::npos) rest_ = "";
}

const char* PathSearch::next() {
  while (!ended_) {
    const std::size_t colon = rest_.find(':');
    const std::string_view directory(rest_.data(), colon < rest_.size() ? colon : rest_.size());
    ended_ = colon == std::string_view::npos;
    if (!ended_) rest_.remove_prefix(colon + 1);

    Writer writer(buffer_);
    writer << directory;
    // An empty element of PATH is the working directory.
    if (!directory.empty()) writer << '/';
    writer << name_;
    const char* candidate = writer.c_str();
    if (!writer.overflowed()) return candidate;
  }
  return nullptr;
}

}  // namespace cardboard
