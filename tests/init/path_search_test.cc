// SPDX-License-Identifier: MIT
//
// Where COMMAND is looked for: what glibc's execvp(3) would try, in its order.
#include "init/path_search.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace cardboard;

namespace {

using Candidates = std::vector<std::string>;

Candidates candidates(const char* name, const char* path, std::size_t room = 4096) {
  std::vector<char> buffer(room);
  PathSearch search(name, path, buffer);
  Candidates found;
  while (const char* candidate = search.next()) found.emplace_back(candidate);
  CHECK(search.next() == nullptr);
  return found;
}

}  // namespace

TEST_CASE("the elements of PATH are tried in their order") {
  CHECK(candidates("ls", "/a:/b/c:d") == Candidates{"/a/ls", "/b/c/ls", "d/ls"});
  CHECK(candidates("ls", "/bin") == Candidates{"/bin/ls"});
}

TEST_CASE("without a PATH the system's default is tried") {
  CHECK(candidates("ls", nullptr) == Candidates{"/bin/ls", "/usr/bin/ls"});
}

TEST_CASE("an empty PATH is the working directory") {
  CHECK(candidates("ls", "") == Candidates{"ls"});
}

TEST_CASE("an empty element of PATH is the working directory, wherever it stands") {
  CHECK(candidates("ls", ":/a") == Candidates{"ls", "/a/ls"});
  CHECK(candidates("ls", "/a:") == Candidates{"/a/ls", "ls"});
  CHECK(candidates("ls", "/a::/b") == Candidates{"/a/ls", "ls", "/b/ls"});
  CHECK(candidates("ls", ":") == Candidates{"ls", "ls"});
}

TEST_CASE("a name with a slash is tried as it is, and nothing else") {
  CHECK(candidates("./ls", "/a:/b") == Candidates{"./ls"});
  CHECK(candidates("/bin/ls", "/a:/b") == Candidates{"/bin/ls"});
  CHECK(candidates("bin/ls", nullptr) == Candidates{"bin/ls"});
  CHECK(candidates("ls/", "/a") == Candidates{"ls/"});
  CHECK(candidates("/", "/a") == Candidates{"/"});
}

TEST_CASE("an empty name is found nowhere") {
  CHECK(candidates("", "/a:/b").empty());
  CHECK(candidates("", "").empty());
  CHECK(candidates("", nullptr).empty());
}

TEST_CASE("names that only look odd are looked for like others") {
  CHECK(candidates("-x", "/a") == Candidates{"/a/-x"});
  CHECK(candidates(".", "/a") == Candidates{"/a/."});
  CHECK(candidates("a:b", "/a") == Candidates{"/a/a:b"});
  CHECK(candidates("a b", "/x y") == Candidates{"/x y/a b"});
}

TEST_CASE("a candidate that is too long is left out and the search goes on") {
  CHECK(candidates("ls", "/123456789:/a:/123456789", 6) == Candidates{"/a/ls"});
  CHECK(candidates("ls", "/123456789", 6).empty());
}

TEST_CASE("a candidate that just fits is tried") {
  CHECK(candidates("ls", "/ab", 7) == Candidates{"/ab/ls"});
  CHECK(candidates("ls", "/abc", 7).empty());
  CHECK(candidates("./ls", nullptr, 5) == Candidates{"./ls"});
  CHECK(candidates("./ls", nullptr, 4).empty());
}

TEST_CASE("a name that is too long by itself is found nowhere") {
  const std::string name(5000, 'x');
  CHECK(candidates(name.c_str(), "/a::/b").empty());
  CHECK(candidates(("/" + name).c_str(), "/a").empty());
}
