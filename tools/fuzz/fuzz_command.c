/*
 * Fuzz target (libFuzzer): any bytes as a command line, its words on lines of their own. The first
 * byte chooses what kind of command. Whatever is asked is understood or refused, with a sentence,
 * and what is understood makes a scenario, panels, or a question that passes every rule.
 *
 * The scenario is always the same one; others that the words name are not opened.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../plots/plot.h"
#include "../../sim/answer/objective.h"
#include "../shell/panels.h"
#include "../shell/question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS = 12, LONGEST_WORD = 200 };

static const char scenario[] =
    "arrivals: {process: poisson, rate: 8/s}\n"
    "tasks: {size: {distribution: exponential, mean: 100ms}, classes: [{name: gold, share: 1}, "
    "{name: rest, share: 3}]}\n"
    "consumers: {count: 2}\n"
    "sweep: {parameter: arrivals.rate, from: 4/s, to: 9/s, steps: 3}\n";

enum kind { RUN, COMPARE, PLAN, REST, KINDS };
static const unsigned accepted[KINDS] = {
    OPTION_OUT | OPTION_SET | OPTION_SEED | OPTION_JOBS | OPTION_ENGINE | OPTION_RESUME |
        OPTION_QUIET,
    OPTION_OUT | OPTION_SET | OPTION_VARY | OPTION_SEED | OPTION_JOBS | OPTION_ENGINE |
        OPTION_QUIET,
    OPTION_OUT | OPTION_SLO | OPTION_SPAN | OPTION_COST | OPTION_CONFIDENCE | OPTION_MAX_TASKS |
        OPTION_SET | OPTION_SEED | OPTION_QUIET,
    OPTION_LOG | OPTION_METRICS | OPTION_GOLDEN | OPTION_RARE | OPTION_METHOD | OPTION_QUIET};

static const char *scenario_file(void)
{
    static const char *file;
    if (file)
        return file;
    int fd = memfd_create("scenario", 0);
    bool written = fd >= 0 && write(fd, scenario, sizeof scenario - 1) == sizeof scenario - 1;
    assert(written);
    return file = internf("/proc/self/fd/%d", fd);
}

/* Files that a word would have read, and runs that it would make too large to check. */
static bool is_harmless(const char *word)
{
    return !strstr(word, "file") && !strstr(word, "observed") && !strstr(word, "process");
}

static void understand(enum kind kind, struct options *o)
{
    static struct scenario s;
    struct errors errors = {0};
    struct places places = {0};
    struct panels panels = {0};
    struct question question = {0};
    const char *note = NULL;
    o->scenarios[0] = scenario_file();
    o->n_scenarios = 1;
    bool good = true;
    if (kind == COMPARE) {
        good = panels_make(o, PLOT_PANELS, &panels, &errors);
        panels_free(&panels);
    } else if (kind == PLAN) {
        good = question_make(o, &s, &question, &note, &errors);
        question_free(&question);
    } else {
        good = options_load(o, o->scenarios[0], &s, &places, &errors) &&
               objectives_check(&s, &places, &errors);
        places_free(&places);
    }
    assert(good || errors.n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char words[WORDS + 1][LONGEST_WORD];
    char *argv[WORDS + 2];
    int argc = 1;
    if (size == 0)
        return 0;
    const enum kind kind = (enum kind)(data[0] % KINDS);
    const struct command command = {
        .name = "fuzz", .usage = "SCENARIO", .help = "", .options = accepted[kind]};
    argv[0] = strcpy(words[0], "fuzz");
    for (size_t i = 1; i < size && argc <= WORDS;) {
        size_t n = 0;
        while (i + n < size && data[i + n] != '\n' && data[i + n] != '\0')
            n++;
        size_t kept = n < LONGEST_WORD - 1 ? n : LONGEST_WORD - 1;
        memcpy(words[argc], data + i, kept);
        words[argc][kept] = '\0';
        if (!is_harmless(words[argc]))
            return 0;
        argv[argc] = words[argc];
        argc++;
        i += n + 1;
    }
    argv[argc] = NULL;
    struct options o;
    if (options_parse(&o, &command, OPTIONS_MANY, argc, argv) && kind != REST)
        understand(kind, &o);
    return 0;
}
