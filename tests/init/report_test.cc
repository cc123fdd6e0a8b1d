// SPDX-License-Identifier: MIT
//
// The words and the figures of --report (DESIGN 2.6).
#include "init/report.h"

#include <signal.h>

#include <catch2/catch.hpp>
#include <string>

#include "init/supervise.h"
#include "support.h"

using namespace cardboard;

namespace {

std::string text_of(const Report& report) {
  return written([&](Writer& writer) { write_report(writer, report); });
}

std::string text_of(const Outcome& outcome) {
  Report report;
  note_end(report, outcome);
  return text_of(report);
}

// From "ended" to "signal".
std::string end_of(const Outcome& outcome) {
  const std::string text = text_of(outcome);
  return text.substr(0, text.find(",\"wall_us\""));
}

}  // namespace

TEST_CASE("of what nothing is known, the report says that it failed") {
  REQUIRE(text_of(Report{}) ==
          "{\"ended\":\"failed\",\"status\":null,\"signal\":null,\"wall_us\":null,\"user_us\":null,"
          "\"system_us\":null,\"memory_peak_bytes\":null,\"oom_kills\":null,\"pids_peak\":null,"
          "\"reaped\":null,\"limits\":{}}\n");
}

TEST_CASE("each figure stands behind its name, a zero and the largest too") {
  Report report;
  report.set_end("exited");
  report.set(Figure::Status, 0);
  report.set(Figure::Signal, 2);
  report.set(Figure::WallTime, 3);
  report.set(Figure::UserTime, 4);
  report.set(Figure::SystemTime, 5);
  report.set(Figure::MemoryPeak, INT64_MAX);
  report.set(Figure::OomKills, 7);
  report.set(Figure::PidsPeak, 8);
  report.set(Figure::Reaped, 9);
  REQUIRE(text_of(report) ==
          "{\"ended\":\"exited\",\"status\":0,\"signal\":2,\"wall_us\":3,\"user_us\":4,"
          "\"system_us\":5,\"memory_peak_bytes\":9223372036854775807,\"oom_kills\":7,"
          "\"pids_peak\":8,\"reaped\":9,\"limits\":{}}\n");
}

TEST_CASE("how COMMAND ended") {
  REQUIRE(end_of({.wait_status = exited(3)}) ==
          "{\"ended\":\"exited\",\"status\":null,\"signal\":null");
  REQUIRE(end_of({.wait_status = killed_by(SIGTERM)}) ==
          "{\"ended\":\"signaled\",\"status\":null,\"signal\":15");
  REQUIRE(end_of({.wait_status = dumped_core_of(SIGSEGV)}) ==
          "{\"ended\":\"signaled\",\"status\":null,\"signal\":11");
}

TEST_CASE("a request to stop, and before that the time, is why it ended, whatever COMMAND says") {
  REQUIRE(end_of({.wait_status = exited(0), .stopped = true}) ==
          "{\"ended\":\"stopped\",\"status\":null,\"signal\":null");
  REQUIRE(end_of({.wait_status = killed_by(SIGTERM), .stopped = true}) ==
          "{\"ended\":\"stopped\",\"status\":null,\"signal\":15");
  REQUIRE(end_of({.wait_status = killed_by(SIGKILL), .timed_out = true, .stopped = true}) ==
          "{\"ended\":\"timeout\",\"status\":null,\"signal\":9");
}

TEST_CASE("the limits are told as they were handed over") {
  Report report;
  report.set_limits("\"memory.max\":\"1048576\"");
  REQUIRE_THAT(text_of(report), Catch::EndsWith("\"limits\":{\"memory.max\":\"1048576\"}}\n"));
}
