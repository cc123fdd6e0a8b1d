// SPDX-License-Identifier: MIT
//
// The straight line: parse -> plan -> isolate -> supervise -> exit. Nothing else belongs here.
#include "base/packed.h"
#include "init/caller.h"
#include "init/init.h"
#include "init/machine.h"
#include "init/outside.h"
#include "init/reporter.h"
#include "isolate/doctor.h"
#include "isolate/host.h"
#include "isolate/isolate.h"
#include "plan/native.h"

namespace cardboard {

static Result<void> plan_container(const Options& options, Host& host, Plan& plan) {
  TRY(unpack_isolator());
  TRY(probe_host(options, host));
  return make_plan(options, host, plan);
}

static Result<int> examine(const char** environment) {
  TRY(unpack_isolator());
  return examine_host(environment);
}

static Result<void> prepare_report(const Options& options) {
  TRY(unpack_isolator());
  return open_report(options);
}

static Result<int> run(Work& work, const char** environment, const Caller& caller,
                       const Voice& voice) {
  auto& [gap, plan, host, options] = work;
  if (options.request == Request::Doctor) return examine(environment);
  if (options.report != nullptr) TRY(prepare_report(options));
  TRY(probe_caller(environment, host));
  plan_init(options, host, plan);
  if (options.isolate) TRY(plan_container(options, host, plan));
  TRY(watch_parent(options, caller));
  const Container container = plan.isolate ? TRY(isolate(plan)) : Container{};
  if (container.init == 0) return run_init(options, plan, caller, voice);
  Result<int> status = run_outside(container.init, container.terminal, voice);
  clean_up(plan, status.take());
  return status;
}

static int answer(char** argv, const char** environment) {
  const Caller caller = take_over();
  static Work work;
  const Voice voice(work.options, argv[0]);
  const auto error = parse_options(argv, environment, work.options);
  if (error) return voice.complain(*error);
  if (work.options.request > Request::Doctor) return voice.inform();
  const int status = voice.conclude(run(work, environment, caller, voice));
  const bool reports = work.options.report != nullptr && unpack_isolator().ok();
  return reports ? close_report(status) : status;
}

}  // namespace cardboard

int main(int, char** argv, const char** environment) {
  return cardboard::end_machine(cardboard::answer(argv, environment), false);
}
