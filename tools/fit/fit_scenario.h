/*
 * What a log asks for, as scenario files that are ready to run.
 */
#ifndef FIT_SCENARIO_H
#define FIT_SCENARIO_H

#include "../../sim/fit/fit.h"

enum fit_sizes { FIT_SIZES_AUTO, FIT_SIZES_LAW, FIT_SIZES_EMPIRICAL };
extern const char *const fit_sizes_names[];

/* What the scenarios are to be like. */
struct fit_wish {
    enum fit_sizes sizes; /* auto: the law where one is near (laws_near), else the log's own */
    const char *beside;   /* what names of files beside the scenario begin with: "" or "NAME-" */
    const char *open;     /* a folder: files of sizes are named as they lie in its open set of files
                             (save_set_part); NULL: as they are called once that is saved */
    const char *trace;    /* the file that is replayed, as a scenario says it; NULL: none */
    const char *replay;   /* path of the scenario that does; NULL: none */
    bool own_sizes;       /* auto: the log's own all the same */
    bool scheduled;       /* the rate of each piece of the log, though gaps are of one law */
    double from;          /* a schedule begins there, seconds after the first arrival */
    double tasks;         /* run.tasks; 0: the default */
};

/* Whether sizes of a class (-1: of all tasks) are drawn from a file of the log's own, and what that
 * is called: "sizes.csv", "sizes-gold.csv". Where there are classes each has its own sizes. */
bool fit_is_empirical(const struct fit *fit, const struct fit_wish *wish, int class);
const char *fit_sizes_file(const struct fit *fit, const struct fit_wish *wish, int class);

/* The YAML, with remarks on where its figures are from. xmalloc'ed. It is sound: queuescope check
 * passes it, once the files beside it are there. */
char *fit_scenario_text(const struct fit *fit, const struct fit_wish *wish);

/* The same of a scenario that replays the tasks of wish->trace as they were. */
char *fit_replay_text(const struct fit *fit, const struct fit_wish *wish);

/* Whether the rate is that of pieces of the log (it has several then), one after the other. */
bool fit_is_scheduled(const struct fit *fit, const struct fit_wish *wish);

/* A law as a scenario has it: {distribution: lognormal, mean: 150 ms, cv2: 2}. Interned. */
const char *fit_law_text(const struct law *law);

#endif
