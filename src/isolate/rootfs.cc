// SPDX-License-Identifier: MIT
//
// See rootfs.h. Everything is done through descriptors of mounts, never through a path that starts
// at a "/" of somebody else's: a root directory may be hostile.
#include "isolate/rootfs.h"

#include <errno.h>
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

constexpr const char* kSmallTmpfs = "mode=755,size=64k,nr_inodes=32";

// What Mask steps cover with; on the container's /dev until the last of them is done.
constexpr const char* kMaskFile = ".mask-file";
constexpr const char* kMaskDirectory = ".mask-directory";

class Builder {
 public:
  Builder(const Plan& plan, int source) : plan_(plan), source_(source) {}

  Result<void> build();
  Result<void> pivot() const;

 private:
  Result<int> make_root() const;
  Result<int> overlay_root() const;
  Result<void> perform(const Step& step);
  Result<void> make_directory(const Step& step) const;
  Result<int> open_new_file(const Step& step, int access) const;
  Result<void> make_file(const Step& step) const;
  Result<void> make_link(const Step& step) const;
  Result<void> mount_command(const Step& step) const;
  Result<int> mount_new(const Step& step, const char* type) const;
  Result<void> mount_dev(const Step& step);
  Result<void> mount_device(const Step& step) const;
  Result<void> make_read_only(const Step& step) const;
  Result<void> mask(const Step& step) const;
  Result<void> remove_masks() const;

  int base(const Step& step) const { return bases_[static_cast<std::size_t>(step.base)]; }
  int root() const { return bases_[static_cast<std::size_t>(Base::Root)]; }
  int dev() const { return bases_[static_cast<std::size_t>(Base::Dev)]; }
  void set_base(Base base, int mount) { bases_[static_cast<std::size_t>(base)] = mount; }
  // What to mount on, or a negated errno.
  int open_target(const Step& step) const;
  Result<int> open_if_there(const Step& step) const;
  Result<void> attach_to_target(int mount, const Step& step) const;

  const Plan& plan_;
  int source_;
  int bases_[3] = {-1, -1, -1};
};

// On top of "/", which exists everywhere. Paths are still looked up from the old root below it,
// until pivot_root(2).
Result<void> stack_on_old_root(int mount, const char* name) {
  const int old_root = TRY(checked(sys_open("/", O_PATH | O_DIRECTORY), "open"_p, "/"));
  return attach(mount, old_root, name);
}

int Builder::open_target(const Step& step) const {
  return sys_open_in_root(base(step), step.target, O_PATH);
}

// What the kernel may be built without: -1 where it has no such file.
Result<int> Builder::open_if_there(const Step& step) const {
  const int target = open_target(step);
  if (target == -ENOENT) return -1;
  return checked(target, "open"_p, step.target);
}

Result<void> Builder::attach_to_target(int mount, const Step& step) const {
  return attach(mount, TRY(checked(open_target(step), "open mount point"_p, step.target)),
                step.target);
}

Result<void> Builder::make_directory(const Step& step) const {
  return check(sys_mkdirat(base(step), step.target, 0755), "make directory"_p, step.target);
}

Result<int> Builder::open_new_file(const Step& step, int access) const {
  const int flags = step.kind == StepKind::Setting ? access : access | O_CREAT | O_EXCL;
  return checked(sys_openat(base(step), step.target, flags, 0644), "make file"_p, step.target);
}

Result<void> Builder::make_file(const Step& step) const {
  // Closed at once: a mount with a file open for writing cannot become read-only.
  const Fd file(TRY(open_new_file(step, O_WRONLY)));
  // The few bytes of these files are written whole or, on a full disk of memory, not at all.
  return check(sys_write(file.get(), step.source, std::strlen(step.source)), "write file"_p,
               step.target);
}

Result<void> Builder::make_link(const Step& step) const {
  return check(sys_symlinkat(step.source, base(step), step.target), "make link"_p, step.target);
}

Result<void> Builder::mount_command(const Step& step) const {
  return attach(source_, TRY(open_new_file(step, O_RDONLY)), step.target);
}

Result<int> Builder::mount_new(const Step& step, const char* type) const {
  const int mount = TRY(make_mount(type, step.source, step.attributes));
  TRY(attach_to_target(mount, step));
  return mount;
}

Result<void> Builder::mount_dev(const Step& step) {
  const int dev = TRY(mount_new(step, "tmpfs"));
  set_base(Base::Dev, dev);
  TRY(check(sys_openat(dev, kMaskFile, O_CREAT | O_EXCL, 0), "make file"_p, kMaskFile));
  return check(sys_mkdirat(dev, kMaskDirectory, 0), "make directory"_p, kMaskDirectory);
}

Result<void> Builder::mount_device(const Step& step) const {
  const int node = TRY(clone_mount(AT_FDCWD, step.source, Depth::Single, step.attributes));
  struct statx status;
  TRY(check(sys_statx(node, "", status), "look at device"_p, step.source));
  if (!S_ISCHR(status.stx_mode) || status.stx_rdev_major != step.device_major ||
      status.stx_rdev_minor != step.device_minor) {
    return refuse("use device"_p, step.source, "it is not what its name says"_p);
  }
  return attach(node, TRY(open_new_file(step, O_RDONLY)), step.target);
}

Result<void> Builder::make_read_only(const Step& step) const {
  const int target = TRY(open_if_there(step));
  if (target < 0) return {};
  const int mount = TRY(clone_mount(target, "", Depth::Single, step.attributes));
  return attach(mount, target, step.target);
}

Result<void> Builder::mask(const Step& step) const {
  const int target = TRY(open_if_there(step));
  if (target < 0) return {};
  struct statx status;
  TRY(check(sys_statx(target, "", status), "look at"_p, step.target));
  const char* cover = S_ISDIR(status.stx_mode) ? kMaskDirectory : kMaskFile;
  const int mount = TRY(clone_mount(dev(), cover, Depth::Single, kSealed | MOUNT_ATTR_NOEXEC));
  return attach(mount, target, step.target);
}

// The masks themselves stay: a mount keeps what it shows, whether it still has a name or not.
Result<void> Builder::remove_masks() const {
  TRY(check(sys_unlinkat(dev(), kMaskFile, 0), "remove"_p, kMaskFile));
  return check(sys_unlinkat(dev(), kMaskDirectory, AT_REMOVEDIR), "remove"_p, kMaskDirectory);
}

Result<void> Builder::perform(const Step& step) {
  switch (step.kind) {
    case StepKind::Directory: return make_directory(step);
    case StepKind::File:
    case StepKind::Setting: return make_file(step);
    case StepKind::Link: return make_link(step);
    case StepKind::Command: return mount_command(step);
    case StepKind::Dev: return mount_dev(step);
    case StepKind::Device: return mount_device(step);
    case StepKind::ReadOnly: return make_read_only(step);
    case StepKind::Mask: return mask(step);
    case StepKind::Tmpfs: TRY(mount_new(step, "tmpfs")); return {};
    case StepKind::Devpts: TRY(mount_new(step, "devpts")); return {};
    case StepKind::Proc: set_base(Base::Proc, TRY(mount_new(step, "proc"))); return {};
  }
  return {};
}

// What is on top of "/" is found through itself.
Result<void> take_off_old_root(int mount, const char* name) {
  TRY(check(sys_fchdir(mount), "enter"_p, name));
  return check(sys_umount(".", MNT_DETACH), "detach"_p, name);
}

// --root, and above it a layer with the mount points that it lacks. With two lower layers and no
// upper one an overlay is read-only; and it takes its layers only from where they are attached.
Result<int> Builder::overlay_root() const {
  const int points = TRY(make_mount("tmpfs", kSmallTmpfs, kHarmless));
  for (const Step& step : common_steps()) {
    if (step.base != Base::Root) continue;
    TRY(check(sys_mkdirat(points, step.target, 0755), "make directory"_p, step.target));
  }
  TRY(stack_on_old_root(points, "mount points"));
  TRY(stack_on_old_root(source_, plan_.source));

  char options[64];
  Writer writer(options);
  // Descriptors instead of names, which would need escaping.
  writer << "lowerdir=/proc/self/fd/" << points << ":/proc/self/fd/" << source_;
  Result<int> overlay = make_mount("overlay", writer.c_str(), kSealed);
  if (!overlay.ok()) {
    return overlay.failure().hint("make the directories dev, proc, run and tmp in the --root"_p);
  }
  TRY(take_off_old_root(source_, plan_.source));
  TRY(take_off_old_root(points, "mount points"));
  return overlay;
}

Result<int> Builder::make_root() const {
  switch (plan_.root) {
    case RootKind::Empty: return make_mount("tmpfs", kSmallTmpfs, kHarmless);
    case RootKind::Directory: return source_;
    case RootKind::Overlay: break;
  }
  return overlay_root();
}

Result<void> Builder::build() {
  set_base(Base::Root, TRY(make_root()));
  TRY(stack_on_old_root(root(), "/"));
  for (const Step& step : plan_.steps) TRY(perform(step));
  TRY(remove_masks());
  // Last, as nothing can be made on it any more. The other kinds of root are read-only already.
  if (plan_.root == RootKind::Empty) TRY(set_attributes(root(), "/", MOUNT_ATTR_RDONLY));
  return {};
}

Result<void> Builder::pivot() const {
  TRY(check(sys_fchdir(root()), "enter"_p, "the new root"));
  // The old root ends up on top of the new one, from where it is taken off: pivot_root(2), notes.
  TRY(check(sys_pivot_root(".", "."), "pivot to"_p, "the new root"));
  TRY(check(sys_umount(".", MNT_DETACH), "detach"_p, "the old root"));
  return check(sys_chdir("/"), "enter"_p, "/");
}

}  // namespace

Result<int> take_source(const Plan& plan) {
  const Depth depth = plan.root == RootKind::Empty ? Depth::Single : Depth::Recursive;
  return clone_mount(AT_FDCWD, plan.source, depth, kSealed);
}

Result<void> enter_root(const Plan& plan, int source) {
  Builder builder(plan, source);
  TRY(builder.build());
  return builder.pivot();
}

}  // namespace cardboard
