// SPDX-License-Identifier: MIT
//
// Whom --user means, by a passwd that may be hostile.
#include "plan/user.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cardboard;

namespace {

constexpr const char* kPasswd =
    "root:x:0:0::/root:/bin/sh\n"
    "\n"
    "comment\n"
    "bob:x:77:88:Bob:/home/bob:/bin/sh\n"
    "bob:x:1:1::/:\n"
    "bobby:x:78:89::/:\n"
    "1000:x:0:0::/:\n"
    "negative:x:-1:0::/:\n"
    "huge:x:4294967295:0::/:\n"
    "longer:x:18446744073709551617:0::/:\n"
    "no-group:x:79::/:\n"
    "bad-group:x:81:x:/:\n"
    "short:x:82\n"
    ":x:83:83::/:\n"
    "last:x:90:91";

// "UID GID", or "none".
std::string ids_of(const std::string& user, const std::string& passwd = kPasswd) {
  Privileges ids;
  if (!find_ids(user.c_str(), passwd.c_str(), ids)) return "none";
  return std::to_string(ids.uid) + ' ' + std::to_string(ids.gid);
}

}  // namespace

TEST_CASE("a number is that user, whose group is the passwd's or 0", "[user]") {
  CHECK(ids_of("0") == "0 0");
  CHECK(ids_of("77") == "77 88");
  CHECK(ids_of("90") == "90 91");
  CHECK(ids_of("5") == "5 0");
  CHECK(ids_of("4294967294") == "4294967294 0");
  CHECK(ids_of("5", "") == "5 0");
}

TEST_CASE("a group that is said holds against the passwd", "[user]") {
  CHECK(ids_of("77:5") == "77 5");
  CHECK(ids_of("bob:5") == "77 5");
  CHECK(ids_of("no-group:5") == "79 5");
  CHECK(ids_of("5:4294967294") == "5 4294967294");
}

TEST_CASE("a name is the first user of exactly that name", "[user]") {
  CHECK(ids_of("root") == "0 0");
  CHECK(ids_of("bob") == "77 88");
  CHECK(ids_of("bobby") == "78 89");
  CHECK(ids_of("last") == "90 91");
  for (const char* name : {"bo", "bobb", "Bob", "x", "comment", "alice", " bob", "bob "}) {
    CAPTURE(name);
    CHECK(ids_of(name) == "none");
  }
  CHECK(ids_of("bob", "") == "none");
}

TEST_CASE("a number never means the user who is called so", "[user]") {
  CHECK(ids_of("1000") == "1000 0");
  CHECK(ids_of("1000:5") == "1000 5");
}

TEST_CASE("an entry without an id of its own is nobody", "[user]") {
  for (const char* name :
       {"negative", "huge", "longer", "no-group", "bad-group", "short", "comment"}) {
    CAPTURE(name);
    CHECK(ids_of(name) == "none");
  }
}

TEST_CASE("what is neither a number nor a name is nobody", "[user]") {
  for (const char* user : {"-1",         "+1",           " 1",
                           "1 ",         "0x1",          "1.0",
                           "4294967295", "4294967296",   "18446744073709551616",
                           "5:",         "5:-1",         "5:x",
                           "5:bob",      "5:4294967295", "5:6:7",
                           "5:6:",       "bob:",         "5\n",
                           "5:6\n",      "bob\n",        "77\nbob",
                           "bob\n:5"}) {
    CAPTURE(user);
    CHECK(ids_of(user) == "none");
  }
}

TEST_CASE("a passwd is never read beyond its end", "[user]") {
  const std::string passwd = kPasswd;
  for (std::size_t length = 0; length <= passwd.size(); ++length) {
    // In memory of its own, so that the sanitizer sees a step too far.
    const std::string part(passwd.data(), length);
    for (const char* user : {"bob", "90", "last", "no-such"}) ids_of(user, part.c_str());
  }
  SUCCEED();
}
