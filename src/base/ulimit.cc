// SPDX-License-Identifier: MIT
//
// See ulimit.h.
#include "base/ulimit.h"

#include "base/byte_table.h"

namespace cardboard {

namespace {

// The names of setrlimit(2)'s limits in the order of their numbers.
constexpr const char* kUlimitNames =
    "cpu\0fsize\0data\0stack\0core\0rss\0nproc\0nofile\0memlock\0as\0locks\0sigpending\0"
    "msgqueue\0nice\0rtprio\0rttime\0";

}  // namespace

const char* ulimit_name(std::size_t number) { return string_at(kUlimitNames, number); }

}  // namespace cardboard
