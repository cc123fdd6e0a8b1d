// SPDX-License-Identifier: MIT
// The unit tests' main: Catch2's own, and beside its reporter a listener that prints a line of TAP
// for each test case. So integration/run-tests counts unit and integration tests in the same way,
// and a crash leaves on record what had passed before it.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <cstdio>

namespace {

struct TapListener : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    const char* verdict = stats.totals.testCases.failed == 0 ? "ok" : "not ok";
    std::printf("%s %u %s\n", verdict, ++count_, stats.testInfo.name.c_str());
    std::fflush(stdout);  // what is still buffered would be lost in a sanitizer's abort
  }

 private:
  unsigned count_ = 0;
};

CATCH_REGISTER_LISTENER(TapListener)

}  // namespace
