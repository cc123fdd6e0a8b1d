// SPDX-License-Identifier: MIT
//
// See spawn.h. Between fork and exec the child changes nothing but itself, and tells what went
// wrong through a close-on-exec pipe: end of file means that COMMAND is executing.
#include "init/spawn.h"

#include <errno.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/packed.h"
#include "init/activation.h"
#include "init/lockdown.h"
#include "init/path_search.h"
#include "init/status.h"

namespace cardboard {

namespace {

constexpr const char* kShell = "/bin/sh";

// Returns only where the file cannot be executed, with the errno.
int execute(const char* path, const Command& command) {
  const int result = sys_execve(path, command.argv, command.environment);
  if (result != -ENOEXEC) return -result;
  // A script without "#!": the shell runs it, as after execvp(3). argv[-1] is ours to overwrite,
  // since the child works on its own copy of all memory.
  char** shell_argv = command.argv - 1;
  shell_argv[0] = const_cast<char*>(kShell);
  shell_argv[1] = const_cast<char*>(path);
  sys_execve(kShell, shell_argv, command.environment);
  return ENOEXEC;
}

// Which errno of one place of PATH does not end the search in the others.
bool is_elsewhere(int errnum) {
  return errnum == ENOENT || errnum == ENOTDIR || errnum == EACCES || errnum == ESTALE ||
         errnum == ENODEV || errnum == ETIMEDOUT;
}

// Returns only where COMMAND cannot be executed, with the reason.
int execute_anywhere(const Command& command) {
  if (command.path != nullptr) return execute(command.path, command);
  // What is too long is never tried.
  int verdict = command.argv[0][0] != '\0' ? ENAMETOOLONG : ENOENT;
  char buffer[PATH_MAX];
  PathSearch search(command.argv[0], command.search_path, buffer);
  while (const char* candidate = search.next()) {
    const int errnum = execute(candidate, command);
    if (!is_elsewhere(errnum)) return errnum;
    // "Permission denied" somewhere says more than "not found" everywhere else.
    if (verdict != EACCES) verdict = errnum;
  }
  return verdict;
}

void restore_signals(const Caller& caller) {
  sys_sigaction(SIGCHLD, &caller.child_action, nullptr);
  sys_sigprocmask(SIG_SETMASK, &caller.mask.bits, nullptr);
}

// A shell without job control leaves what it starts with "&" in its own process group, and has it
// ignore SIGINT: POSIX, Shell Command Language, 2.11.
bool is_in_background() {
  KernelSigaction interrupt = {};
  sys_sigaction(SIGINT, nullptr, &interrupt);
  return interrupt.handler == SIG_IGN;
}

// Only a container confines.
CARDBOARD_GATE Result<void> enter_confinement(const Command& command) {
  if (command.privileges == nullptr) return {};
  TRY(set_ulimits(*command.ulimits));
  return confine(*command.privileges);
}

// Returns only where there is no COMMAND to be: with the set-up that failed, or with nothing but
// the errno of the attempt to execute it.
Failure become_command(const Command& command) {
  const Result<void> prepared = enter_confinement(command);
  return prepared.ok() ? fail(-execute_anywhere(command), {}) : prepared.failure();
}

[[noreturn]] void run_child(const Command& command, const Caller& caller, Terminal& terminal,
                            int report) {
  // Neither can fail for a child that was just forked.
  if (command.new_session) {
    sys_setsid();
    if (command.claims_terminal) sys_ioctl(STDIN_FILENO, TIOCSCTTY, nullptr);
  } else if (!terminal.is_shared()) {
    sys_setpgid(0, 0);
  }
  const pid_t self = sys_getpid();
  terminal.set_command_group(self);
  if (!is_in_background()) terminal.hand_over();
  char listen_pid[kListenPidSize];
  readdress_sockets(command.environment, sys_getppid(), self, listen_pid);
  restore_signals(caller);
  const Result<void> became = become_command(command);
  const Error& cause = became.error();
  // The parent reads all of it or sees our end; a write to it cannot fail in a way that matters.
  // Its memory is a copy of what the parent has, so the texts are where the parent has them, too.
  sys_write(report, &cause, sizeof cause);
  sys_exit(exit_status_of_exec(cause.errnum));
}

}  // namespace

Caller take_over() {
  Caller caller = {};
  // Neither call can fail: all arguments are constants that every kernel knows.
  const SignalSet all = SignalSet::all();
  sys_sigprocmask(SIG_SETMASK, &all.bits, &caller.mask.bits);
  const KernelSigaction default_action = {};
  sys_sigaction(SIGCHLD, &default_action, &caller.child_action);
  caller.parent = sys_getppid();
  return caller;
}

Result<Spawned> spawn(const Command& command, const Caller& caller, Terminal& terminal) {
  int ends[2];
  const int piped = sys_pipe(ends);
  if (piped < 0) return fail(piped, "make a pipe"_p);
  const Fd read_end(above_stdio(ends[0]));
  Fd write_end(above_stdio(ends[1]));
  const pid_t child = sys_fork(0);
  if (child < 0) return fail(child, "fork a process for"_p, command.argv[0]);
  if (child == 0) run_child(command, caller, terminal, write_end.get());

  terminal.set_command_group(child);
  write_end.reset();
  // Nothing to read is good news: the child has executed COMMAND, or was killed before it could.
  if (sys_read(read_end.get(), &the_error, sizeof the_error) <= 0) return Spawned{child};
  sys_wait(child, nullptr, 0);
  terminal.take_back();
  if (!the_error.op.empty()) return Failure();
  return Spawned{child, the_error.errnum};
}

}  // namespace cardboard
