// SPDX-License-Identifier: MIT
//
// From how COMMAND ended to how we do (DESIGN 2.2).
#include "init/status.h"

#include <errno.h>
#include <signal.h>

#include <catch2/catch.hpp>
#include <string>

#include "support.h"

using namespace cardboard;

TEST_CASE("COMMAND's own exit status is ours") {
  for (int status = 0; status <= 255; ++status) REQUIRE(exit_status_of(exited(status)) == status);
}

TEST_CASE("a COMMAND that signal N has killed makes 128+N, with and without a core dump") {
  for (int signal = 1; signal <= 64; ++signal) {
    CAPTURE(signal);
    REQUIRE(exit_status_of(killed_by(signal)) == 128 + signal);
    REQUIRE(exit_status_of(dumped_core_of(signal)) == 128 + signal);
  }
}

TEST_CASE("a status word that tells of no end counts as a failure of ours") {
  const int stopped_by_tstp = 0x147f;
  const int continued = 0xffff;
  CHECK(exit_status_of(stopped_by_tstp) == 125);
  CHECK(exit_status_of(continued) == 125);
}

TEST_CASE("an exec that failed makes 127 where nothing was found, else 126") {
  for (int errnum = 1; errnum <= 133; ++errnum) {
    CAPTURE(errnum);
    const bool not_found = errnum == ENOENT || errnum == ENOTDIR;
    REQUIRE(exit_status_of_exec(errnum) == (not_found ? 127 : 126));
  }
}
