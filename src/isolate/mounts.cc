// SPDX-License-Identifier: MIT
//
// See mounts.h.
#include "isolate/mounts.h"

#include <errno.h>
#include <linux/mount.h>
#include <sys/mount.h>

#include "base/fd.h"
#include "base/sys.h"
#include "base/text.h"
#include "isolate/obstacle.h"

namespace cardboard {

namespace {

// One option of a list: "key=value" as a string, "key" as a flag.
int configure(int context, std::string_view option) {
  char text[64];
  Writer writer(text);
  writer << option;
  writer.c_str();
  if (writer.overflowed()) return -ENAMETOOLONG;
  const std::size_t equals = option.find('=');
  if (equals == std::string_view::npos) {
    return sys_fsconfig(context, FSCONFIG_SET_FLAG, text, nullptr);
  }
  text[equals] = '\0';
  return sys_fsconfig(context, FSCONFIG_SET_STRING, text, text + equals + 1);
}

int configure_all(int context, std::string_view options) {
  while (!options.empty()) {
    const std::size_t comma = options.find(',');
    const std::size_t length = comma < options.size() ? comma : options.size();
    const int result = configure(context, {options.data(), length});
    if (result < 0) return result;
    options.remove_prefix(comma < options.size() ? length + 1 : length);
  }
  return sys_fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr);
}

Result<void> change(int mount, const char* name, unsigned flags, std::uint64_t attributes,
                    std::uint64_t propagation) {
  mount_attr change = {};
  change.attr_set = attributes;
  change.propagation = propagation;
  return check(sys_mount_setattr(mount, flags, change), "restrict the mount of"_p, name);
}

}  // namespace

Result<int> make_mount(const char* type, const char* options, std::uint32_t attributes) {
  const int context = TRY(permitted(sys_fsopen(type), Need::Mounts, "open file system"_p, type));
  TRY(check(configure_all(context, options != nullptr ? options : ""), "configure"_p, type));
  return permitted(sys_fsmount(context, attributes), Need::NewMount, "make a mount of"_p, type);
}

Result<void> set_attributes(int mount, const char* name, std::uint32_t attributes) {
  return change(mount, name, 0, attributes, 0);
}

Result<int> clone_mount(int directory, const char* path, Depth depth, std::uint32_t attributes) {
  const unsigned recursive = depth == Depth::Recursive ? AT_RECURSIVE : 0;
  const unsigned flags = OPEN_TREE_CLONE | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | recursive;
  const int mount = TRY(
      permitted(sys_open_tree(directory, path, flags), Need::Mounts, "clone the mount of"_p, path));
  TRY(change(mount, path, recursive, attributes, MS_PRIVATE));
  return mount;
}

int open_in_root(int root, const char* path, unsigned flags) {
  return sys_open_in_root(root, path, flags | O_PATH);
}

Result<void> part_mounts() {
  const Fd root(TRY(checked(sys_open("/", O_PATH), "open"_p, "/")));
  return change(root.get(), "/", AT_RECURSIVE, 0, MS_PRIVATE);
}

Result<void> attach(int mount, int place, const char* name) {
  TRY(permitted(sys_move_mount(mount, place), Need::Place, "mount"_p, name));
  return {};
}

}  // namespace cardboard
