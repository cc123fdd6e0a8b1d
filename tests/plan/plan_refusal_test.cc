// SPDX-License-Identifier: MIT
//
// A COMMAND that cannot work in the empty root is refused with the reason, before anything is done
// (DESIGN 2.5).
#include <catch2/catch.hpp>
#include <string>

#include "plan/plan.h"
#include "plan/planning.h"
#include "support.h"

using namespace cardboard;

namespace {

// The error, which must be about COMMAND's file and end us with 126.
std::string refusal_of(Planning& planning) {
  planning.make();
  REQUIRE_FALSE(planning.result.ok());
  CHECK(planning.result.error().exit_status == 126);
  return message_of(planning.result.error());
}

}  // namespace

TEST_CASE("a dynamic COMMAND is refused, and its loader named") {
  const Case planning = container_with(ExecutableKind::Dynamic, "/lib/ld.so");
  CHECK(refusal_of(*planning) ==
        "cardboard: cannot run /opt/bin/hello: it is dynamically linked, and the empty root has no "
        "loader /lib/ld.so\n");
  CHECK(hint_of(planning->result.error()) ==
        "cardboard: hint: link it with -static, or give it a root with --root DIR\n");
}

TEST_CASE("a script is refused, and its interpreter named") {
  const Case planning = container_with(ExecutableKind::Script, "/bin/sh");
  CHECK(refusal_of(*planning) ==
        "cardboard: cannot run /opt/bin/hello: it is a script, and the empty root has no "
        "interpreter /bin/sh\n");
  CHECK(hint_of(planning->result.error()) == "cardboard: hint: give it a root with --root DIR\n");
}

TEST_CASE("a COMMAND of another machine, or of no known kind, is refused") {
  CHECK(refusal_of(*container_with(ExecutableKind::Foreign)) ==
        "cardboard: cannot run /opt/bin/hello: it is for another architecture\n");
  CHECK(refusal_of(*container_with(ExecutableKind::Unknown)) ==
        "cardboard: cannot run /opt/bin/hello: it is neither an ELF program nor a script\n");
}

// The bytes that were judged have no NUL behind the name.
TEST_CASE("the interpreter that is named ends where its name does") {
  const std::string_view bytes = "/bin/shell";
  const Case planning = container_with(ExecutableKind::Script, bytes.substr(0, 7));
  CHECK(refusal_of(*planning).find("interpreter /bin/sh\n") != std::string::npos);
}

TEST_CASE("an interpreter with an overlong name is named in part") {
  const std::string name = '/' + std::string(5000, 'x');
  const Case planning = container_with(ExecutableKind::Script, name);
  const std::string message = refusal_of(*planning);
  CHECK(message.find("interpreter /" + std::string(100, 'x')) != std::string::npos);
  CHECK(message.back() == '\n');
}

TEST_CASE("a refused COMMAND may still have a root of its own") {
  const ExecutableKind kind = GENERATE(ExecutableKind::Dynamic, ExecutableKind::Script,
                                       ExecutableKind::Foreign, ExecutableKind::Unknown);
  const Case planning = container_in("/srv");
  planning->host.executable.kind = kind;
  CHECK(planning->make().result.ok());
}

TEST_CASE("a COMMAND with the name of one of the empty root's directories is refused") {
  for (const std::string name : {"dev", "etc", "proc", "run", "sys", "tmp"}) {
    const std::string file = "./" + name;
    const Case planning = container();
    planning->host.command_file = file.c_str();
    REQUIRE(refusal_of(*planning) ==
            "cardboard: cannot run " + file + ": the empty root has a directory of that name\n");
    REQUIRE(hint_of(planning->result.error()) ==
            "cardboard: hint: rename the file, or give it a root with --root DIR\n");
  }
}

TEST_CASE("a COMMAND whose name only resembles a directory's is not refused") {
  const std::string name = GENERATE("device", "de", "etc2", "passwd", "tmp.run", "Dev");
  const Case planning = container();
  planning->host.command_file = name.c_str();
  CHECK(planning->make().result.ok());
}
