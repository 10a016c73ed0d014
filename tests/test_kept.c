/*
 * The bytes that scenarios of a single stage had before there were networks: of every scenario in
 * configs/, cut down, as the program made them then. Whoever changes what a run gives on purpose
 * makes new numbers (the failing test says them), and says so in CHANGELOG.md.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "program.h"

static const struct kept {
    const char *command, *scenario, *set, *file;
    uint64_t hash;
} all_kept[] = {
    {"run", "answers", "run.tasks=2k", "columns.csv", 0xad629cdcb665bae7},
    {"compare", "answers", "run.tasks=2k", "comparison.csv", 0x86430022a2612535},
    {"run", "checkout", "run.tasks=2k", "columns.csv", 0x4c750ded7f037f0f},
    {"run", "closed-open", "run.tasks=2k", "columns.csv", 0x8af3f12ff0fda9da},
    {"run", "closed", "run.tasks=2k", "columns.csv", 0x575d43288000c46e},
    {"run", "consumers", "run.duration=20000s", "columns.csv", 0x239f205880ce2300},
    {"compare", "consumers", "run.duration=20000s", "comparison.csv", 0x64c4e04b333fcd4f},
    {"run", "disciplines", "run.tasks=2k", "columns.csv", 0x13dda29af9571c67},
    {"compare", "disciplines", "run.tasks=2k", "comparison.csv", 0x750a4dfcb6bbb166},
    {"run", "handoff", "run.tasks=2k", "columns.csv", 0x909940856cccec1b},
    {"compare", "handoff", "run.tasks=2k", "comparison.csv", 0xd4f2cad913d4ff0f},
    {"run", "impatience", "run.tasks=2k", "columns.csv", 0xf3b3ee28286cb4fe},
    {"compare", "impatience", "run.tasks=2k", "comparison.csv", 0xa5138d93a998523f},
    {"run", "open-independent", "run.tasks=2k", "columns.csv", 0xcba9e7b6bfb0fd3c},
    {"run", "open", "run.duration=20000s", "columns.csv", 0x239f205880ce2300},
    {"run", "rare", "run.tasks=2k", "columns.csv", 0xc5e4b7129963761c},
    {"run", "scaled", "run.duration=20000s", "columns.csv", 0x239f205880ce2300},
    {"compare", "scaled", "run.duration=20000s", "comparison.csv", 0x1a2eaff001771436},
    {"run", "timetable", "run.duration=24h", "columns.csv", 0x968eec0bd65b9ad0},
};

static const char *root; /* where configs/ is */

/* FNV-1a (Fowler, Noll, Vo 1991). */
static uint64_t hash(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return h;
}

static void test_single_stages_keep_their_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all_kept / sizeof *all_kept; i++) {
        const struct kept *kept = &all_kept[i];
        assert_status(internf("%s %s/configs/%s.yaml --set %s --set run.replications=2 -q -o %s-%s",
                              kept->command, root, kept->scenario, kept->set, kept->command,
                              kept->scenario),
                      0);
        const char *file = internf("%s-%s/%s", kept->command, kept->scenario, kept->file);
        uint64_t now = hash(file_text(file));
        if (now != kept->hash)
            fail_msg("%s of %s: 0x%016" PRIx64, kept->file, kept->scenario, now);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_single_stages_keep_their_bytes, program_setup,
                                        program_teardown),
    };
    char here[4096];
    if (!getcwd(here, sizeof here))
        return 1;
    root = intern(here);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
