# SPDX-License-Identifier: MIT
# Which source is what. Sorted, because the order of the objects is the order of the bytes.
SRCS := $(sort $(filter-out src/pack/%,$(wildcard src/*.cc src/*/*.cc)))

# What a plain init never comes to, and so lies packed in the file: see src/cardboard.ld.
ISOLATOR := $(filter src/isolate/% $(filter-out src/plan/native.cc,$(wildcard src/plan/*.cc)) $(addprefix src/,$(addsuffix .cc,\
  base/ulimit cli/capability cli/container_arguments cli/help cli/mount_step \
  init/console init/interpreter init/lockdown init/notify init/outside init/report init/reporter)),$(SRCS))

# What makes system calls stays out of the unit tests; all else must compile, and be tested, on the host.
IMPURE := src/main.cc $(wildcard src/isolate/*.cc) $(addprefix src/,$(addsuffix .cc,\
  base/fd base/log base/memory base/packed base/pages base/start cli/voice \
  init/caller init/console init/init init/interpreter init/lockdown init/machine init/notify init/outside \
  init/reporter init/spawn init/supervise init/terminal init/tree))
PURE := $(filter-out $(IMPURE),$(SRCS)) src/pack/pack.cc
