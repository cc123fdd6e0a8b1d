// SPDX-License-Identifier: MIT
//
// The mount calls that rootfs.cc is written in, with errors as values. A mount is made detached,
// gets its attributes, and is attached when nothing about it will change any more.
//
// The descriptors that are returned are the caller's, and close on exec. The init inside does not
// close them one by one: close_range(2) ends them all at once before COMMAND is started, which
// saves half a hundred system calls, and with a failed set-up the process ends anyway.
// Source: Documentation/filesystems/mount_api.rst, mount_setattr(2); open_tree(2) and move_mount(2)
// have manual pages from Linux man-pages 6.16 on.
#pragma once

#include <cstdint>

#include "base/error.h"

namespace cardboard {

// A new file system of `type`; `options` is "key=value,flag,..." or null.
Result<int> make_mount(const char* type, const char* options, std::uint32_t attributes);

enum class Depth : std::uint8_t { Single, Recursive };

// A detached copy of the mount that holds `path`, with `path` as its root, and, if recursive, of
// all that is mounted below. Private: what is mounted on the original later does not show up in it.
Result<int> clone_mount(int directory, const char* path, Depth depth, std::uint32_t attributes);

// Sets `attributes`; never clears any, which a user namespace may not do for mounts of its parent.
Result<void> set_attributes(int mount, const char* name, std::uint32_t attributes);

// openat2(2) that resolves `path` as if `root` were "/", and follows no magic link: a descriptor
// with O_PATH and the `flags`, or a negated errno.
int open_in_root(int root, const char* path, unsigned flags);

// Cuts all mounts of this namespace off from those that they are copies of: without a user
// namespace of its own they still are shared, and the host would see what is mounted here.
Result<void> part_mounts();

// Attaches the detached `mount` to what `place` is open on. `name` is for the error alone.
Result<void> attach(int mount, int place, const char* name);

}  // namespace cardboard
