# queuescope. `make help` lists the targets; `make V=1` shows the commands; CC, CPPFLAGS, CFLAGS and
# LDFLAGS are yours.
#
# A build kind has its own tree under build/: BUILD=release (default), debug, asan, tsan.
BUILD ?= release
V ?= 0
PREFIX ?= /usr/local
Q := $(if $(filter 1,$(V)),,@)
say = @$(if $(filter 1,$(V)),:,printf '  %-6s %s\n' $(1) $(2))

# All cores, unless the command line says otherwise.
cores := $(shell nproc 2>/dev/null || echo 1)
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(cores)
endif

version := 0.1.0
tree := build/$(BUILD)
packages := gsl libpng cairo yaml-0.1 jansson zlib

warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes \
            -Wstrict-prototypes -Wvla -Wswitch-enum -Wpointer-arith -Wwrite-strings
mode_release := -O2 -g
mode_debug := -O0 -g3
# Points-to analysis gains sanitized code nothing, and takes two thirds of compiling the event loops;
# what reads through NULL, or beyond what is allocated, the address sanitizer finds by itself.
mode_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
             -fno-sanitize=null,object-size -fno-omit-frame-pointer -fno-tree-pta
mode_tsan := -O1 -g -fsanitize=thread
mode_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
mode := $(mode_$(BUILD))
ifeq ($(mode),)
$(error BUILD=$(BUILD) is not one of release, debug, asan, tsan, fuzz)
endif

# pkg-config is asked when the first compiler starts, not before: `make test` installs it.
ask = $(eval $(1) := $$(shell pkg-config $(2) $(packages)))$($(1))
packages_cflags = $(call ask,packages_cflags,--cflags)
packages_libs = $(call ask,packages_libs,--libs)

# No contraction of a*b+c and no fast-math: the same bytes on every compiler and vector width.
compile = $(CC) -D_GNU_SOURCE -DQUEUESCOPE_VERSION='"$(version)"' $(packages_cflags) $(CPPFLAGS) \
          -std=gnu11 $(mode) -ffp-contract=off -pthread $(warnings) $(WERROR) $(CFLAGS)
# The loops over variates become vector code at -O3; errno and traps of sqrt and / are looked at by
# nobody, and would keep it from them. No value changes.
vector := -O3 -fno-math-errno -fno-trapping-math
ifeq ($(BUILD),release)
$(tree)/models/%.o $(tree)/sim/base/rng.o $(tree)/sim/base/vblock.o \
$(tree)/sim/engine/source.o $(tree)/sim/lanes/lanes_kernel.o $(tree)/sim/engine/histogram.o \
$(tree)/sim/engine/packed.o $(tree)/sim/lanes/lane_warm_up.o $(tree)/sim/chains/chain_count.o \
$(tree)/plots/deflate.o $(tree)/plots/canvas.o: private mode += $(vector)
endif
link = $(CC) $(mode) -pthread $(CFLAGS) $(LDFLAGS)
libs = $(packages_libs) -lm $(LDLIBS)

core := $(wildcard sim/*/*.c models/*.c plots/*.c)
main := tools/commands/main.c
commands := $(filter-out $(main),$(wildcard tools/shell/*.c tools/words/*.c tools/fit/*.c tools/commands/*.c))
benches := $(wildcard tools/bench/bench*.c)
bench_helpers := $(filter-out $(benches),$(wildcard tools/bench/*.c))
tests := $(wildcard tests/test_*.c)
surveys := $(wildcard tests/survey/*.c)
helpers := $(filter-out $(tests),$(wildcard tests/*.c))
fuzzers := $(wildcard tools/fuzz/*.c)
sources := $(core) tools/faults/inject.c $(commands) $(main) $(benches) $(bench_helpers) $(fuzzers) $(tests) $(helpers) $(surveys)
headers := $(wildcard sim/*/*.h models/*.h plots/*.h tools/*/*.h tests/*.h)
objects = $(patsubst %.c,$(tree)/%.o,$(1))
test_programs := $(tests:%.c=$(tree)/%)

# Under sanitizers everything takes five times as long. What is about figures, and goes through code
# that shorter tests go through as well, is left out there (make test-NAME BUILD=asan runs one).
long_asan := cliff hard_plans glance docs every_distribution binned oracles naive_network
run_here := $(filter-out $(long_$(BUILD):%=$(tree)/tests/test_%),$(test_programs))

.PHONY: all
all: build/queuescope ## build the program: build/queuescope (default)

# What a build needs is installed by the targets for newcomers, and only named by the others.
install_targets := demo pictures test check
# Goals that test nothing want no library for tests.
build_targets := all build/queuescope demo pictures bench instructions static install uninstall
setup_words := $(if $(filter $(install_targets),$(MAKECMDGOALS)),install,missing) \
    $(filter check,$(MAKECMDGOALS)) $(if $(filter-out $(build_targets),$(MAKECMDGOALS)),,build)
.PHONY: ready
ready:
	$(Q)tools/setup $(setup_words)

# Everything is built again when compiler or flags change.
.PHONY: always
$(tree)/flags: always | ready
	$(Q)mkdir -p $(@D) && printf '%s\n' $(call quote,$(compile) / $(link)) >$@.new
	$(Q)if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
quote = '$(subst ','\'',$(1))'

$(tree)/%.o: %.c $(tree)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(compile) -MMD -MP -c $< -o $@

$(tree)/libqueuescope.a: $(call objects,$(core) $(commands))
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(tree)/queuescope: $(tree)/tools/commands/main.o $(tree)/libqueuescope.a
	$(call say,LINK,$@)
	$(Q)$(link) -o $@ $^ $(libs)

build/queuescope: $(tree)/queuescope always
	$(Q)cmp -s $< $@ || { cp $< $@.new && mv $@.new $@; }

$(tree)/tests/test_%: $(tree)/tests/test_%.o $(call objects,$(helpers)) $(tree)/libqueuescope.a
	$(call say,LINK,$@)
	$(Q)$(link) -o $@ $^ -lcmocka $(libs)

# Objects of tests are kept.
.SECONDARY:

.PHONY: tests
tests: $(run_here) $(tree)/queuescope

# The program under test; what sanitizers find outside of it is not ours to mend.
test_environment = QUEUESCOPE=$(abspath $(tree))/queuescope \
    LSAN_OPTIONS=suppressions=$(abspath tests/leaks.txt):print_suppressions=0

.PHONY: test
test: tests ## install what is missing, build, run every test
	$(Q)$(test_environment) tools/run_tests $(run_here)

test-%: $(tree)/tests/test_% $(tree)/queuescope ## run one test program: make test-NAME
	$(Q)$(test_environment) $<

.PHONY: demo
demo: build/queuescope ## install what is missing, build, draw the three classic scenarios
	$(Q)tools/demo out/demo

.PHONY: pictures
pictures: demo ## draw the pictures of README.md again, into docs/
	$(Q)cp out/demo/open/spectrogram.png docs/open.png
	$(Q)cp out/demo/scaled/comparison.png docs/scaled.png
	$(Q)build/queuescope compare configs/closed-open.yaml configs/closed.yaml -o out/demo/closed
	$(Q)cp out/demo/closed/comparison.png docs/closed.png
	$(Q)build/queuescope run configs/open-independent.yaml --quiet -o out/open-independent >/dev/null 2>&1
	$(Q)cp out/open-independent/spectrogram.png docs/open-independent.png
	$(Q)build/queuescope run configs/nested-pools.yaml --quiet -o out/pools >/dev/null 2>&1
	$(Q)cp out/pools/topology.png docs/topology.png
	$(Q)build/queuescope storm configs/retry-storm.yaml --quiet -o out/storm
	$(Q)cp out/storm/storm.png docs/storm.png

.PHONY: bench
bench: $(benches:%.c=$(tree)/%) build/queuescope ## measure the speed, beside a reference loop
	$(Q)set -e; for program in $(benches:%.c=$(tree)/%); do QUEUESCOPE=build/queuescope $$program; done

# What the project's figures are measured with: minutes, on a machine with nothing else to do.
.PHONY: bench-whole bench-results
bench-whole: ## the whole program with 200 million tasks a line (minutes)
bench-results: ## the same, kept in tools/bench/results.tsv
bench-whole bench-results: $(tree)/tools/bench/bench_whole build/queuescope
	$(Q)QUEUESCOPE=build/queuescope $< 2e8 3 $(if $(filter bench-results,$@),tools/bench/results.tsv)

.PHONY: instructions
instructions: build/queuescope ## count instructions per task, the same on every run
	$(Q)tools/instructions $<

.PHONY: coverage differences precision verdicts families plans goldens days rare
precision: ## how often precision that was reached is there (a minute)
coverage: ## how often intervals of short runs hold the truth (minutes)
differences: ## how often differences of short runs are right (a minute)
verdicts: ## how often short runs are judged stable (minutes)
families: ## how often `fit` knows the law of a sample (minutes)
goldens: ## how often `verify` raises false alarms, and misses changes (minutes)
days: ## how much resampled days of a trace vary, beside real ones (a minute)
plans: ## how often `plan` finds the known answer (minutes)
rare: ## how often intervals of rare events hold the truth (half an hour)
coverage differences precision verdicts families plans goldens days rare: %: $(tree)/tests/survey/%
	$(Q)$<

$(tree)/tests/survey/%: $(tree)/tests/survey/%.o $(call objects,$(helpers)) $(tree)/libqueuescope.a
	$(call say,LINK,$@)
	$(Q)$(link) -o $@ $^ -lcmocka $(libs)

$(tree)/tools/bench/%: $(tree)/tools/bench/%.o $(call objects,$(bench_helpers)) $(tree)/libqueuescope.a
	$(call say,LINK,$@)
	$(Q)$(link) -o $@ $^ $(libs)

# A minute for each target, beginning from the configs and the pictures in the tree. What is found
# stays in build/fuzz/.
fuzz_seconds ?= 60
.PHONY: fuzz
fuzz: ## a minute of fuzzing for each target (clang)
	$(Q)$(MAKE) --no-print-directory BUILD=fuzz CC=clang \
	    $(fuzzers:tools/fuzz/fuzz_%.c=fuzz-%)

fuzz-%: $(tree)/tools/fuzz/fuzz_%
	$(Q)mkdir -p $<.corpus
	$(Q)LSAN_OPTIONS=suppressions=$(abspath tests/leaks.txt) $< -max_total_time=$(fuzz_seconds) \
	    -artifact_prefix=$<. -print_final_stats=1 -verbosity=0 $(fuzz_flags_$*) $<.corpus \
	    $(wildcard tools/fuzz/seeds/$*) configs docs
fuzz_flags_command := -close_fd_mask=3 -len_control=20
fuzz_flags_semantic := -max_len=80 -len_control=20

$(tree)/tools/fuzz/%: $(tree)/tools/fuzz/%.o $(tree)/libqueuescope.a
	$(call say,LINK,$@)
	$(Q)$(link) -fsanitize=fuzzer -o $@ $^ $(libs)

# Every call of the system fails once, beneath the program; and it is killed at random moments.
.PHONY: faults
faults: $(tree)/queuescope $(tree)/tools/faults/inject.so ## let calls of the system fail (minutes)
	$(Q)tools/faults/faults $^

$(tree)/tools/faults/inject.so: tools/faults/inject.c $(tree)/flags
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(compile) -fPIC -shared -o $@ $< -ldl

# Warnings as errors with both compilers, then the reviewers. clang's warnings are asked of clang-tidy,
# which is its front end; what tests or benches the user has built by gcc with WERROR=-Werror is not
# built again.
.PHONY: check check-gcc check-layers check-format check-tidy check-cppcheck
check: check-gcc check-layers check-format check-tidy check-cppcheck ## every static check
	@printf 'make check: all passed\n'

gcc_tree := build/$(if $(filter gcc-Werror,$(CC)$(WERROR)),release,check-gcc)
check-gcc: ready
	$(Q)$(MAKE) --no-print-directory tree=$(gcc_tree) CC=gcc WERROR=-Werror tests \
	    $(benches:%.c=$(gcc_tree)/%) $(surveys:%.c=$(gcc_tree)/%) $(fuzzers:%.c=$(gcc_tree)/%.o)

check-layers:
	$(call say,LAYERS,'sim models plots tools')
	$(Q)tools/layers

check-format: ready
	$(call say,FORMAT,'$(words $(sources) $(headers)) files')
	$(Q)clang-format --dry-run -Werror $(sources) $(headers)

tidy_flags = -D_GNU_SOURCE -DQUEUESCOPE_VERSION='"$(version)"' $(packages_cflags) -std=gnu11 $(warnings)
check-tidy: $(sources:%=build/tidy/%.ok)
build/tidy/%.ok: % .clang-tidy $(headers) | ready
	$(call say,TIDY,$<)
	$(Q)mkdir -p $(@D)
	$(Q)clang-tidy --quiet $< -- $(tidy_flags) >$@.log 2>&1 || { cat $@.log; exit 1; }
	$(Q)touch $@

# Initialisation is left to the compilers and clang's analyzer, which follow it better; rows address
# fields by their offset (invalidPointerCast); NULL is a pointer (POSIX), also as a last argument.
cppcheck_not := missingIncludeSystem uninitvar legacyUninitvar ctuuninitvar invalidPointerCast \
    varFuncNullUB
check-cppcheck: ready
	$(call say,CPPCHK,'$(words $(sources)) files')
	$(Q)mkdir -p build/cppcheck
	$(Q)cppcheck --quiet --error-exitcode=1 -j$(cores) --std=c11 --inline-suppr \
	    --enable=warning,performance,portability $(cppcheck_not:%=--suppress=%) \
	    --cppcheck-build-dir=build/cppcheck -D_GNU_SOURCE -DQUEUESCOPE_VERSION='"$(version)"' \
	    $(sources)

.PHONY: format
format: ready ## lay the sources out with clang-format
	$(Q)clang-format -i $(sources) $(headers)

# One program without libraries, with its fonts and examples beside it, for machines on which nothing
# can be installed: unpacked anywhere, bin/queuescope runs.
fonts ?= /usr/share/fonts/truetype/dejavu
bundle := queuescope-$(version)-$(shell uname -m)
static_libs = $(shell pkg-config --static --libs $(packages)) -lm $(LDLIBS)
# What the linker says of functions that look users and hosts up: X11, which cairo can draw on and we
# do not, has them.
$(tree)/queuescope-static: $(tree)/tools/commands/main.o $(tree)/libqueuescope.a
	$(call say,LINK,$@)
	$(Q)$(link) -static -o $@ $^ -Wl,--start-group $(static_libs) -Wl,--end-group 2>$@.log || \
	    { cat $@.log; exit 1; }

.PHONY: static
static: $(tree)/queuescope-static ## build/static/: one program for machines without root, as a .tar.gz
	$(Q)rm -rf build/static && mkdir -p build/static/$(bundle)
	$(Q)$(MAKE) --no-print-directory DESTDIR=build/static/$(bundle) PREFIX= \
	    program=$(tree)/queuescope-static layout
	$(Q)install -d build/static/$(bundle)/share/queuescope/fonts
	$(Q)install -m 644 tools/fonts.conf $(fonts)/DejaVuSans.ttf $(fonts)/DejaVuSans-Bold.ttf \
	    build/static/$(bundle)/share/queuescope/fonts
	$(Q)strip build/static/$(bundle)/bin/queuescope
	$(Q)tar -C build/static -czf build/static/$(bundle).tar.gz $(bundle)
	$(Q)env -i build/static/$(bundle)/bin/queuescope version

.PHONY: install layout uninstall
program := build/queuescope
share = $(DESTDIR)$(PREFIX)/share
install: build/queuescope layout ## install under PREFIX (/usr/local), below DESTDIR

# What stands where, of a program that has been built.
layout: | build/queuescope
	$(Q)install -d $(DESTDIR)$(PREFIX)/bin $(share)/queuescope/configs $(share)/doc/queuescope
	$(Q)install -m 755 $(program) $(DESTDIR)$(PREFIX)/bin/queuescope
	$(Q)install -m 644 configs/*.yaml $(share)/queuescope/configs
	$(Q)set -e; for folder in capacity logs; do \
	    install -d $(share)/queuescope/configs/$$folder; \
	    install -m 644 configs/$$folder/*.* $(share)/queuescope/configs/$$folder; done
	$(Q)install -d $(share)/queuescope/configs/logs $(share)/doc/queuescope/docs
	$(Q)install -m 644 configs/logs/*.* $(share)/queuescope/configs/logs
	$(Q)install -m 644 README.md CHANGELOG.md LICENSE $(share)/doc/queuescope
	$(Q)install -m 644 docs/*.* $(share)/doc/queuescope/docs

uninstall: ## take away what install put there
	$(Q)rm -f $(DESTDIR)$(PREFIX)/bin/queuescope
	$(Q)rm -rf $(share)/queuescope $(share)/doc/queuescope

.PHONY: clean
clean: ## remove build/
	$(Q)rm -rf build

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

-include $(wildcard $(tree)/*/*.d $(tree)/*/*/*.d)
