# queuescope. `make help` lists the targets.
#
# A build kind has its own tree: BUILD=release (default), debug, asan, tsan. `make V=1` shows the
# commands.
BUILD ?= release
CC ?= cc
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = @$(if $(filter 1,$(V)),:,printf '  %-6s %s\n' $(1) $(2))

version := 0.1.0
tree := build/$(BUILD)
packages := gsl libpng cairo yaml-0.1 jansson

warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes \
            -Wstrict-prototypes -Wvla -Wswitch-enum -Wpointer-arith -Wwrite-strings
mode_release := -O2 -g
mode_debug := -O0 -g3
mode_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
mode_tsan := -O1 -g -fsanitize=thread
# No contraction of a*b+c and no fast-math: the same bytes on every compiler and vector width.
CFLAGS += -std=gnu11 $(mode_$(BUILD)) -ffp-contract=off -pthread $(warnings) $(WERROR)
CPPFLAGS += -D_GNU_SOURCE -DQUEUESCOPE_VERSION='"$(version)"' $(shell pkg-config --cflags $(packages))
LDFLAGS += $(mode_$(BUILD)) -pthread
LDLIBS += $(shell pkg-config --libs $(packages)) -lm

core := $(wildcard sim/*.c models/*.c plots/*.c)
commands := $(filter-out tools/main.c,$(wildcard tools/*.c))
tests := $(wildcard tests/test_*.c)
helpers := $(filter-out $(tests),$(wildcard tests/*.c))
objects = $(patsubst %.c,$(tree)/%.o,$(1))

.PHONY: all
all: build/queuescope

$(tree)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(tree)/libqueuescope.a: $(call objects,$(core) $(commands))
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(tree)/queuescope: $(tree)/tools/main.o $(tree)/libqueuescope.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

build/queuescope: $(tree)/queuescope
	$(Q)cp $< $@.new && mv $@.new $@

$(tree)/tests/test_%: $(tree)/tests/test_%.o $(call objects,$(helpers)) $(tree)/libqueuescope.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

# One test program: make test-NAME
.PHONY: test-%
test-%: $(tree)/tests/test_% build/queuescope
	$(Q)QUEUESCOPE=$(tree)/queuescope $<

-include $(wildcard $(tree)/*/*.d)
