# SPDX-License-Identifier: MIT
# Builds cardboard, static and without the C++ runtime, and the unit tests with the host's own toolchain.
CXX_UNIT   ?= g++
PREFIX     ?= /usr/local
VERSION    := 0.1.0
SIZE_LIMIT = $(if $(filter aarch64,$(ARCH)),48128,40960)# there every instruction has four bytes
Q := $(if $(V),,@)# `make V=1` shows the commands

include src/files.mk
TESTS := $(sort $(filter-out tests/fuzz/%,$(wildcard tests/*.cc tests/*/*.cc)))
OBJS  := $(patsubst %.cc,build/box/%.o,$(filter-out $(ISOLATOR),$(SRCS))) build/isolator.o
UNIT_OBJS := $(patsubst %.cc,build/unit/%.o,$(PURE) $(TESTS))

# ---- Where musl is --------------------------------------------------------------------------------------
# On Alpine the compiler's own target is musl and it knows all by itself. Elsewhere the compiler is made for
# glibc and is told everything: Debian's musl-gcc.specs know neither C++ nor a cross compiler, and clang has
# no specs. Asking it for its own search path serves g++, clang++ and aarch64-linux-gnu-g++ alike.
ask      = $(shell LC_ALL=C $(CXX) $(1) 2>/dev/null)
MACHINE := $(call ask,-dumpmachine)
ARCH    := $(firstword $(subst -, ,$(MACHINE)))
KERNEL_LINKS := build/kernel-headers-$(MACHINE)
ifneq (,$(findstring musl,$(MACHINE)))
MUSL_LIB := $(patsubst %/libc.a,%,$(call ask,-print-file-name=libc.a))
else
MUSL_LIB := /usr/lib/$(ARCH)-linux-musl
PATHS := $(shell LC_ALL=C $(CXX) -xc++ -E -v /dev/null 2>&1 | sed -n '/search starts/,/^End/s/^ \//\//p')
KERNEL_DIRS := $(foreach d,linux asm asm-generic,$(firstword $(wildcard $(addsuffix /$(d),$(PATHS)))))
# libstdc++'s configuration asks which glibc it is on: none. The kernel's headers lie among glibc's, so they
# are named by links, and last.
MUSL_HEADERS := -nostdinc -nostdinc++ '-D__GLIBC_PREREQ(a,b)=0' \
  $(patsubst %,-isystem %,$(foreach p,$(PATHS),$(if $(findstring /c++,$(p)),$(p))) \
    /usr/include/$(ARCH)-linux-musl $(call ask,-print-file-name=include)) -idirafter $(KERNEL_LINKS)
endif

# ---- Flags ----------------------------------------------------------------------------------------------
COMMON := -std=c++20 -Isrc '-DCARDBOARD_VERSION="$(VERSION)"' \
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow $(if $(CI),-Werror)
# Some distributions' compilers have these on, and so make other bytes. Off are PIE (0.6 KB, relocations at
# each start), the stack protector (2 KB; all that is written here is written through bounds-checked types)
# and CET (0.3 KB). -Oz is 0.5 KB less than -Os and no slower; -flto would be 0.4 KB more.
# clang computes too little while compiling unless told; g++ is told which optimizations cost bytes, 0.6 KB.
STEPS := -fconstexpr-steps=100000000
TUNING := $(if $(findstring clang,$(call ask,--version)),$(STEPS) -Wno-unknown-pragmas,$(addprefix -fno-,forward-propagate \
  move-loop-invariants ivopts shrink-wrap caller-saves expensive-optimizations cse-follow-jumps schedule-insns2 gcse if-conversion optimize-sibling-calls \
  tree-tail-merge tree-slsr))
BOX_FLAGS = $(COMMON) $(MUSL_HEADERS) -fno-pie -fno-stack-protector -fcf-protection=none -Oz -g \
  -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-asynchronous-unwind-tables -fno-unwind-tables \
  $(TUNING) -ffunction-sections -fdata-sections -fomit-frame-pointer -fno-jump-tables -ffile-prefix-map=$(CURDIR)=.
CC_BOX = $(CXX) $(BOX_FLAGS) $(CXXFLAGS)
# nostdlib: libc and libgcc are named at the end and the C++ runtime is not, so what needs it does not link; nor
# is libc's start-up, of which base/start.cc takes the place. Not the linker makes the file in the end: src/pack.
LINK = -static -no-pie -nostdlib -Wl,--gc-sections,--build-id=none,-z,norelro,-z,noseparate-code $(LDFLAGS) -o $@
LIBC = $(MUSL_LIB)/libc.a $(call ask,-print-libgcc-file-name)
CHECKED = -O1 -g -D_GLIBCXX_ASSERTIONS -fsanitize=address,undefined -fno-sanitize-recover=all
CC_UNIT = $(CXX_UNIT) $(COMMON) $(if $(findstring clang,$(CXX_UNIT)),$(STEPS)) -Itests $(CHECKED) $(CXXFLAGS)

# ---- The binary -----------------------------------------------------------------------------------------
WITHIN_LIMIT = [ $$(wc -c <build/cardboard) -le $(SIZE_LIMIT) ] || \
  { echo "build/cardboard: $$(wc -c <build/cardboard) bytes, the limit is $(SIZE_LIMIT)" >&2; exit 1; }
all: build/cardboard ## Build build/cardboard; fails when it is larger than SIZE_LIMIT
	@$(WITHIN_LIMIT)
build/cardboard: build/cardboard.debug build/pack
	$(Q)build/pack $< $@
build/cardboard.debug: src/cardboard.ld $(OBJS)
	@echo "  LINK  $@"
	$(Q)$(CXX) $(CXXFLAGS) $(LINK) -Wl,-T,$^ $(LIBC)
build/isolator.o: $(ISOLATOR:%.cc=build/box/%.o)
	$(Q)$(CXX) -nostdlib -r -o $@ $^
build/pack: $(wildcard src/pack/*) src/base/unpack.cc src/base/unpack.h
	@mkdir -p $(@D) && echo "  CXX   $@"
	$(Q)$(CXX_UNIT) $(COMMON) -O2 -o $@ $(filter %.cc,$^)

build/hello: docker/hello/hello.cc build/box.flags | $(KERNEL_LINKS)
	@echo "  CXX   $<"
	$(Q)$(CC_BOX) -s $(LINK) $(MUSL_LIB)/crt1.o $(MUSL_LIB)/crti.o $< $(LIBC) $(MUSL_LIB)/crtn.o

build/box/%.o: %.cc build/box.flags | $(KERNEL_LINKS)
	@mkdir -p $(@D) && echo "  CXX   $<"
	$(Q)$(CC_BOX) -MMD -MP -c -o $@ $<

# The first that any compilation against musl needs, and so the place to say what this machine lacks.
$(KERNEL_LINKS):
	@need() { echo "cannot build cardboard: no $$1 (on Debian: apt-get install $$2)" >&2; exit 1; }; \
	[ '$(MACHINE)' ] || need "compiler '$(CXX)'" g++; \
	[ -e $(MUSL_LIB)/libc.a ] || need "musl: $(MUSL_LIB)/libc.a is missing" musl-tools
	@mkdir -p $@ $(if $(KERNEL_DIRS),&& ln -sfn $(KERNEL_DIRS) $@/)

# They change when the flags do, so that objects of two kinds are never mixed.
build/box.flags:  export STAMP = $(CC_BOX) $(LINK)
build/unit.flags: export STAMP = $(CC_UNIT)
build/%.flags: FORCE
	@mkdir -p $(@D) && echo "$$STAMP" | cmp -s - $@ || echo "$$STAMP" >$@

# ---- Tests ----------------------------------------------------------------------------------------------
build/unit-tests: $(UNIT_OBJS)
	$(Q)$(CC_UNIT) -o $@ $^
# Nothing but Catch2 is in there, which would take a minute with sanitizers.
build/unit/tests/main.o: private CHECKED = -O0
build/unit/%.o: %.cc build/unit.flags
	@mkdir -p $(@D) && echo "  UNIT  $<"
	$(Q)$(CC_UNIT) -MMD -MP -c -o $@ $<

SUBMAKE = @$(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$$(nproc))
run: ## Install what is missing, build, and run a hello world in three ways
	@integration/install-packages build
	$(SUBMAKE) all build/hello
	@docker/demo
test: ## Install what is missing, and run all tests
	@integration/install-packages build test
	$(SUBMAKE) all build/unit-tests
	@integration/run-tests unit integration
unit: build/unit-tests ## Run the unit tests (CXX_UNIT=clang++ builds them with clang)
	@integration/run-tests unit
integration: all ## Run the integration tests (ONLY=docker: integration/docker.bats alone)
	@integration/run-tests integration
vm: all ## Run those that boot a virtual machine, whose process 1 is cardboard
	@ONLY=vm integration/run-tests integration

# clang reads all: what is in the binary with musl's headers, what is in the unit tests with the host's.
lint: $(KERNEL_LINKS) ## Check the format, clang's and clang-tidy's warnings, the scripts, the manual
	@clang-format --dry-run -Werror $(SRCS) $(TESTS) $(wildcard src/pack/* src/*/*.h tests/*/*.h docker/*/*.cc integration/*.c*)
	@printf '%s\n' $(SRCS) | xargs -P$$(nproc) -I{} clang-tidy --quiet {} -- $(filter-out $(TUNING),$(BOX_FLAGS)) $(STEPS) 2>/dev/null
	@printf '%s\n' $(PURE) $(TESTS) integration/*.cc | xargs -P$$(nproc) -I{} clang++ $(COMMON) $(STEPS) -Itests -Werror -fsyntax-only {}
	shellcheck .ci/run docker/demo integration/install-packages integration/run-tests integration/vm/b*
	shellcheck -S error integration/*.*sh integration/*.bats integration/vm/*.sh integration/vm/*/*.sh
	mandoc -T lint -W warning src/cardboard.8

# ---- The rest ----
size: build/cardboard ## Print the sections and the twenty largest symbols; fail above SIZE_LIMIT
	@size -A -d $<.debug | grep '^\.' | grep -vE '^\.(debug|comment)'
	@nm -S -C -td --size-sort -r $<.debug | head -n 20 | awk '{ $$1 = ""; $$2 += 0; print }'
	@echo "$$(wc -c <$<) bytes of $(SIZE_LIMIT)"; $(WITHIN_LIMIT)
install: all ## Install the binary and the manual under $(DESTDIR)$(PREFIX)
	install -D -m 755 build/cardboard $(DESTDIR)$(PREFIX)/bin/cardboard
	install -D -m 644 src/cardboard.8 $(DESTDIR)$(PREFIX)/share/man/man8/cardboard.8
uninstall: ## Remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/cardboard $(DESTDIR)$(PREFIX)/share/man/man8/cardboard.8
dist: ## Make a tar.gz of the last commit in build/
	@mkdir -p build
	git archive --prefix=cardboard-$(VERSION)/ -o build/cardboard-$(VERSION).tar.gz HEAD
clean: ## Remove build/
	rm -rf build
help: ## Print this
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.DELETE_ON_ERROR:
.PHONY: all run test unit integration vm lint size install uninstall dist clean help FORCE
-include $(SRCS:%.cc=build/box/%.d) $(UNIT_OBJS:.o=.d)
