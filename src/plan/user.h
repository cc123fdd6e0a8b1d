// SPDX-License-Identifier: MIT
//
// Whom --user means. Pure: the users' names are those of the container's own root, passwd(5).
#pragma once

#include "plan/privileges.h"

namespace cardboard {

// Sets the ids of "UID", "UID:GID", "NAME" or "NAME:GID". Where no group is said, it is the one
// that `passwd` has for the user, or 0 for a number that it has not. False for an unknown name, and
// for what is no id.
bool find_ids(const char* user, const char* passwd, Privileges& ids);

}  // namespace cardboard
