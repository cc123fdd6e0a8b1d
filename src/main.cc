// SPDX-License-Identifier: MIT
//
// The straight line: parse -> plan -> isolate -> supervise -> exit. Nothing else belongs here.
#include "base/packed.h"
#include "init/caller.h"
#include "init/init.h"
#include "init/machine.h"
#include "init/outside.h"
#include "isolate/doctor.h"
#include "isolate/host.h"
#include "isolate/isolate.h"
#include "plan/native.h"

namespace cardboard {

static Result<int> run(Work& work, const char** environment, const Caller& caller,
                       const Voice& voice) {
  auto& [gap, plan, host, options] = work;
  if (needs_isolator(options)) TRY(unpack_isolator());
  if (options.request == Request::Doctor) return examine_host(environment);
  TRY(begin_report(options));
  TRY(probe_caller(environment, host));
  plan_init(options, host, plan);
  if (options.isolate) TRY(plan_container(options, host, plan));
  if (options.explain) return explain_plan(plan);
  TRY(watch_parent(options, caller));
  const Container container = options.isolate ? TRY(isolate(plan)) : Container{};
  if (container.init == 0) return run_init(options, plan, caller, voice);
  Result<int> status = run_outside(container.init, container.terminal, voice);
  clean_up(plan, status.take());
  return status;
}

static int answer(char** argv, const char** environment) {
  const Caller caller = take_over();
  static Work work;
  const Voice voice(work.options, argv[0]);
  UsageError error;
  if (!parse_options(argv, environment, work.options, error)) return voice.complain(error);
  if (work.options.request > Request::Doctor) return voice.inform();
  return end_report(work.options, voice.conclude(run(work, environment, caller, voice)));
}

}  // namespace cardboard

int main(int, char** argv, const char** environment) {
  return cardboard::end_machine(cardboard::answer(argv, environment), false);
}
