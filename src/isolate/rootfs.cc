// SPDX-License-Identifier: MIT
//
// See rootfs.h. Everything is done through descriptors of mounts, never through a path that starts
// at a "/" of somebody else's: a root directory may be hostile.
#include "isolate/rootfs.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/mount.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cstring>

#include "base/fd.h"
#include "base/sys.h"
#include "isolate/mounts.h"

namespace cardboard {

namespace {

constexpr std::uint32_t kHarmless = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
constexpr std::uint32_t kSealed = kHarmless | MOUNT_ATTR_RDONLY;
constexpr std::uint32_t kAttributes = kSealed | MOUNT_ATTR_NOEXEC;

// What Mask steps cover with; on the container's /dev until the last of them is done.
constexpr const char* kMaskFile = ".mask-file";
constexpr const char* kMaskDirectory = ".mask-directory";

// Opens `path` in `root`, made where it is missing: its directories, and its last part as what is
// asked for; a new file can be written to. Or a negated errno. Links are followed inside `root`,
// and never made or replaced.
int open_or_make(int root, char* path, bool is_file) {
  int place = open_in_root(root, path, 0);
  // A link that leads nowhere is as good a place as what it may once have led to.
  if (place == -ENOENT) place = open_in_root(root, path, O_NOFOLLOW);
  if (place != -ENOENT) return place;

  Fd parent;
  int directory = root;
  char* name = path + std::string_view(path).rfind('/') + 1;
  if (name - path > 1) {
    name[-1] = '\0';
    parent.reset(open_or_make(root, path, false));
    name[-1] = '/';
    directory = parent.get();
  }
  if (directory < 0) return directory;
  if (is_file) return sys_openat(directory, name, O_CREAT | O_EXCL | O_RDWR, 0644);
  const int made = sys_mkdirat(directory, name, 0755);
  return made < 0 ? made : sys_openat(directory, name, O_PATH | O_NOFOLLOW);
}

Result<int> open_made(int root, const char* target, bool is_file) {
  static char path[PATH_MAX];
  Writer writer(path);
  writer << target;
  writer.c_str();
  const int place = writer.overflowed() ? -ENAMETOOLONG : open_or_make(root, path, is_file);
  return checked(place, "make mount point"_p, target);
}

Result<void> look_at(int file, const char* name, struct statx& status) {
  return check(sys_statx(file, "", status), "look at"_p, name);
}

class Builder {
 public:
  Builder(const Plan& plan, const Sources& sources) : plan_(plan), sources_(sources) {}

  Result<void> build();
  Result<void> pivot() const;

 private:
  Result<int> mount_overlay(const char* name, int lower) const;
  Result<void> mount_root(const Step& step, int source);
  Result<void> perform(const Step& step, int source);
  Result<void> make_file(const Step& step) const;
  Result<void> make_link(const Step& step) const;
  Result<int> mount_new(const Step& step, const char* type) const;
  Result<int> mount_sys(const Step& step) const;
  Result<void> mount_dev(const Step& step);
  Result<void> mount_source(const Step& step, int source) const;
  Result<void> make_read_only(const Step& step) const;
  Result<void> mask(const Step& step) const;
  Result<void> remove_masks() const;

  int base(const Step& step) const { return bases_[static_cast<std::size_t>(step.base)]; }
  int root() const { return bases_[static_cast<std::size_t>(Base::Root)]; }
  int dev() const { return bases_[static_cast<std::size_t>(Base::Dev)]; }
  void set_base(Base base, int mount) { bases_[static_cast<std::size_t>(base)] = mount; }
  Result<int> open_if_there(const Step& step) const;
  Result<int> open_target(const Step& step, bool is_file) const {
    return open_made(base(step), step.target, is_file);
  }

  const Plan& plan_;
  const Sources& sources_;
  int bases_[3] = {-1, -1, -1};
};

// What the kernel may be built without: -1 where it has no such file.
Result<int> Builder::open_if_there(const Step& step) const {
  const int target = open_in_root(base(step), step.target, 0);
  if (target == -ENOENT) return -1;
  return checked(target, "open"_p, step.target);
}

Result<void> Builder::make_file(const Step& step) const {
  // Closed at once: a mount with a file open for writing cannot become read-only.
  const bool is_there = step.kind == StepKind::Setting;
  const Fd file(
      TRY(is_there ? checked(sys_openat(base(step), step.target, O_WRONLY), "open"_p, step.target)
                   : open_target(step, true)));
  // The few bytes of these files are written whole or, on a full disk of memory, not at all.
  return check(sys_write(file.get(), step.source, std::strlen(step.source)), "write file"_p,
               step.target);
}

Result<void> Builder::make_link(const Step& step) const {
  return check(sys_symlinkat(step.source, base(step), step.target), "make link"_p, step.target);
}

Result<int> Builder::mount_new(const Step& step, const char* type) const {
  const int mount = TRY(make_mount(type, step.source, step.attributes));
  const Fd place(TRY(open_target(step, false)));
  TRY(attach(mount, place.get(), step.target));
  return mount;
}

// The kernel has it for who owns the network namespace and sees a whole one outside. Empty, it
// still hides the host's, where the root is the host's own.
Result<int> Builder::mount_sys(const Step& step) const {
  const Result<int> mount = mount_new(step, "sysfs");
  return mount.ok() ? mount : mount_new(step, "tmpfs");
}

Result<void> Builder::mount_dev(const Step& step) {
  const int dev = TRY(mount_new(step, "tmpfs"));
  set_base(Base::Dev, dev);
  TRY(open_made(dev, kMaskFile, true));
  TRY(open_made(dev, kMaskDirectory, false));
  return {};
}

bool is_device(const Step& step, const struct statx& status) {
  if (step.device_major == 0) return status.stx_rdev_major != 0;
  return S_ISCHR(status.stx_mode) && status.stx_rdev_major == step.device_major &&
         status.stx_rdev_minor == step.device_minor;
}

// There may be hundreds, so that none but the first descriptor of each stays open.
Result<void> Builder::mount_source(const Step& step, int source) const {
  struct statx status;
  TRY(look_at(source, step.source, status));
  if (step.kind == StepKind::Device && !is_device(step, status)) {
    return refuse("use device"_p, step.source, "it is not what its name says"_p);
  }
  const Fd place(TRY(open_target(step, !S_ISDIR(status.stx_mode))));
  return attach(source, place.get(), step.target);
}

Result<void> Builder::make_read_only(const Step& step) const {
  const int target = TRY(open_if_there(step));
  if (target < 0) return {};
  const int mount = TRY(clone_mount(base(step), step.target, Depth::Single, step.attributes));
  return attach(mount, target, step.target);
}

Result<void> Builder::mask(const Step& step) const {
  const int target = TRY(open_if_there(step));
  if (target < 0) return {};
  struct statx status;
  TRY(look_at(target, step.target, status));
  const char* cover = S_ISDIR(status.stx_mode) ? kMaskDirectory : kMaskFile;
  const int mount = TRY(clone_mount(dev(), cover, Depth::Single, kSealed | MOUNT_ATTR_NOEXEC));
  return attach(mount, target, step.target);
}

// The masks themselves stay: a mount keeps what it shows, whether it still has a name or not.
Result<void> Builder::remove_masks() const {
  TRY(check(sys_unlinkat(dev(), kMaskFile, 0), "remove"_p, kMaskFile));
  return check(sys_unlinkat(dev(), kMaskDirectory, AT_REMOVEDIR), "remove"_p, kMaskDirectory);
}

// On top of "/", which exists everywhere. Paths are still looked up from the old root below it,
// until pivot_root(2).
Result<void> stack_on_old_root(int mount, const char* name) {
  const int old_root = TRY(checked(sys_open("/", O_PATH | O_DIRECTORY), "open"_p, "/"));
  return attach(mount, old_root, name);
}

// Of the layers in the directory that we are in, or of what has that name in each of them.
Result<int> make_overlay(const char* name, std::uint32_t attributes) {
  char options[1024];
  Writer writer(options);
  writer << "userxattr,lowerdir=lower/" << name << ",upperdir=upper/" << name << ",workdir=work/"
         << name;
  return make_mount("overlay", writer.c_str(), attributes);
}

// To an ordinary user the kernel does not show what lies under the host's mounts, and so makes no
// overlay of a tree that has some. Each directory in it gets one of its own instead, or else stays
// as it is, read-only. Files beside them are left out.
Result<void> mount_part(int tree, int work, int root, const dirent& entry,
                        std::uint32_t attributes) {
  const char* name = entry.d_name;
  if (entry.d_type == DT_LNK) {
    // One that is cut off would lead nowhere, too.
    char link[PATH_MAX] = {};
    sys_readlinkat(tree, name, link, sizeof link - 1);
    sys_symlinkat(link, root, name);
    return {};
  }
  // Neither "." nor "..", nor what is there already because it is mounted anew.
  if (entry.d_type != DT_DIR || sys_mkdirat(root, name, 0755) < 0) return {};
  sys_mkdirat(work, name, 0755);
  Result<int> part = make_overlay(name, attributes);
  if (!part.ok()) part = clone_mount(tree, name, Depth::Recursive, kSealed);
  const int mount = TRY(part);
  const int place = TRY(open_made(root, name, false));
  return attach(mount, place, name);
}

Result<int> mount_parts(int tree, int work, int upper, std::uint32_t attributes) {
  const int root = TRY(clone_mount(upper, "", Depth::Single, kHarmless));
  // Before anything is mounted on it, which Linux allows to detached mounts from 6.15 on.
  TRY(stack_on_old_root(root, "/"));
  // Where it fails, reading it does.
  const int list = sys_openat(tree, ".", O_RDONLY | O_DIRECTORY);
  alignas(dirent) char entries[2048];
  for (;;) {
    const int size = sys_getdents(list, entries, sizeof entries);
    if (size < 0) return fail(size, "read the directory"_p, "/");
    if (size == 0) return root;
    for (int offset = 0; offset < size;) {
      const auto* entry = reinterpret_cast<const dirent*>(entries + offset);
      TRY(mount_part(tree, work, root, *entry, attributes));
      offset += entry->d_reclen;
    }
  }
}

// --root, and above it a layer in memory; attached. An overlay takes its layers only from where
// they are attached; they are named from the directory that we are in, as names would need
// escaping. They stay where they are until pivot().
Result<int> Builder::mount_overlay(const char* name, int lower) const {
  const int memory = TRY(make_mount("tmpfs", "mode=755", kHarmless));
  TRY(stack_on_old_root(memory, "memory"));
  const int place = TRY(open_made(memory, "lower", false));
  TRY(attach(lower, place, name));
  const int work = TRY(open_made(memory, "work", false));
  const int upper = TRY(open_made(memory, "upper", false));
  // Whatever has these names in --root, be it a file, makes room.
  for (const char* common = kCommonPlaces; *common != '\0'; common = behind(common)) {
    TRY(open_made(upper, common, false));
  }
  TRY(check(sys_fchdir(memory), "enter"_p, "memory"));
  Result<int> overlay = make_overlay("", kHarmless);
  if (overlay.ok()) {
    TRY(stack_on_old_root(overlay.take(), name));
  } else if (!plan_.outside_takes_sources) {
    const std::uint32_t attributes = plan_.root_is_writable ? kHarmless : kSealed;
    overlay = mount_parts(lower, work, upper, attributes);
  }
  if (!overlay.ok()) {
    return overlay.failure().hint(
        "make the directories dev, proc, run, sys and tmp in the --root"_p);
  }
  return overlay;
}

Result<void> Builder::mount_root(const Step& step, int source) {
  int root = source;
  if (step.kind == StepKind::EmptyRoot) root = TRY(make_mount("tmpfs", "mode=755", kHarmless));
  if (step.kind == StepKind::Overlay) root = TRY(mount_overlay(step.source, source));
  set_base(Base::Root, root);
  return step.kind == StepKind::Overlay ? Result<void>() : stack_on_old_root(root, step.target);
}

Result<void> Builder::perform(const Step& step, int source) {
  switch (step.kind) {
    case StepKind::Tmpfs: TRY(mount_new(step, "tmpfs")); return {};
    case StepKind::Volume:
    case StepKind::Device:
    case StepKind::Command: return mount_source(step, source);
    case StepKind::Directory:
    case StepKind::Overlay:
    case StepKind::EmptyRoot: return mount_root(step, source);
    case StepKind::Dev: return mount_dev(step);
    case StepKind::Proc: set_base(Base::Proc, TRY(mount_new(step, "proc"))); return {};
    case StepKind::Sys: TRY(mount_sys(step)); return {};
    case StepKind::Devpts: TRY(mount_new(step, "devpts")); return {};
    case StepKind::File:
    case StepKind::Setting: return make_file(step);
    case StepKind::Link: return make_link(step);
    case StepKind::ReadOnly: return make_read_only(step);
    case StepKind::Mask: return mask(step);
  }
  return {};
}

Result<void> Builder::build() {
  const int* source = sources_;
  for (const Step& step : plan_.steps) TRY(perform(step, *source++));
  TRY(remove_masks());
  // Last, as nothing can be made on it any more.
  return plan_.root_is_writable ? Result<void>() : set_attributes(root(), "/", MOUNT_ATTR_RDONLY);
}

Result<void> Builder::pivot() const {
  TRY(check(sys_fchdir(root()), "enter"_p, "the new root"));
  // The old root ends up on top of the new one, from where it is taken off: pivot_root(2), notes.
  // And on top of that are the layers of an overlay, which had them beneath.
  TRY(check(sys_pivot_root(".", "."), "pivot to"_p, "the new root"));
  if (plan_.steps[0].kind == StepKind::Overlay) {
    TRY(check(sys_umount(".", MNT_DETACH), "detach"_p, "memory"));
  }
  TRY(check(sys_umount(".", MNT_DETACH), "detach"_p, "the old root"));
  return check(sys_chdir("/"), "enter"_p, "/");
}

}  // namespace

Result<void> take_sources(const Plan& plan, Sources& sources) {
  int* next = sources;
  for (const Step& step : plan.steps) {
    int& source = *next++;
    if (!takes_source(step.kind)) continue;
    // Of what is mounted below an overlay shows nothing; but only root can leave it out.
    const bool is_bare = step.kind == StepKind::Overlay && plan.outside_takes_sources;
    const Depth depth = is_bare ? Depth::Single : Depth::Recursive;
    source = TRY(clone_mount(AT_FDCWD, step.source, depth, step.attributes & kAttributes));
  }
  return {};
}

Result<void> enter_root(const Plan& plan, const Sources& sources) {
  Builder builder(plan, sources);
  TRY(builder.build());
  return builder.pivot();
}

}  // namespace cardboard
