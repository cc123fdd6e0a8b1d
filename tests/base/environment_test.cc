// SPDX-License-Identifier: MIT
//
// Environments, which hold what the caller wrote there: no name is unique and no entry complete.
#include "base/environment.h"

#include <catch2/catch.hpp>
#include <string>

#include "support.h"

using namespace cardboard;

TEST_CASE("a variable is found by its whole name") {
  Argv environment({"AB=1", "A=2", "ABC=3", "B=4"});
  CHECK(find_variable(environment.get(), "A") == std::string("2"));
  CHECK(find_variable(environment.get(), "AB") == std::string("1"));
  CHECK(find_variable(environment.get(), "ABC") == std::string("3"));
  CHECK(find_variable(environment.get(), "B") == std::string("4"));
  CHECK(find_variable(environment.get(), "C") == nullptr);
  CHECK(find_variable(environment.get(), "a") == nullptr);
  CHECK(find_variable(environment.get(), "ABCD") == nullptr);
}

TEST_CASE("a value may be empty, or hold anything") {
  Argv environment({"A=", "B==", "C=x=y z"});
  CHECK(find_variable(environment.get(), "A") == std::string(""));
  CHECK(find_variable(environment.get(), "B") == std::string("="));
  CHECK(find_variable(environment.get(), "C") == std::string("x=y z"));
}

TEST_CASE("the first of two entries counts, as for getenv") {
  Argv environment({"A=1", "A=2"});
  CHECK(find_variable(environment.get(), "A") == std::string("1"));
}

TEST_CASE("an entry without a value is no variable") {
  Argv environment({"", "A", "=A", "AB"});
  CHECK(find_variable(environment.get(), "A") == nullptr);
  CHECK(find_entry(environment.get(), "AB") == nullptr);
}

TEST_CASE("an empty environment has no variable") {
  Argv environment({});
  CHECK(find_variable(environment.get(), "A") == nullptr);
  CHECK(find_entry(environment.get(), "A") == nullptr);
}

TEST_CASE("an entry is found where it stands") {
  Argv environment({"A=1", "B=2", "C=3"});
  CHECK(find_entry(environment.get(), "B") == environment.get() + 1);
  CHECK(find_entry(environment.get(), "C") == environment.get() + 2);
}
