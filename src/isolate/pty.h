// SPDX-License-Identifier: MIT
//
// The container's own pseudo-terminal: made inside, served outside (init/console.h), so that
// COMMAND has a terminal by a name that is known inside, and never the caller's.
// Source: pty(7), ioctl_tty(2), unix(7).
#pragma once

#include <cstdint>

#include "base/error.h"

namespace cardboard {

// Inside, in the new root: makes the terminal, with the modes and the size of the one on stdin, has
// it be stdin, stdout and stderr, and sends its other end through `lifeline`. It belongs to the
// user `owner`, who could not open it by its name otherwise.
Result<void> enter_terminal(int lifeline, std::uint32_t owner);

// Outside: that other end; 0 or less where the init inside has ended without sending it.
int receive_terminal(int lifeline);

}  // namespace cardboard
