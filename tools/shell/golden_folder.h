/*
 * A folder of scenarios with golden results (sim/golden/golden.h): beside NAME.yaml stand
 * NAME.golden.csv, the results that were blessed, and NAME.golden.png, their picture.
 */
#ifndef GOLDEN_FOLDER_H
#define GOLDEN_FOLDER_H

#include "../../plots/png.h"
#include "../../sim/answer/objective.h"
#include "../../sim/golden/golden.h"
#include "options.h"

/* An objective of a scenario in one of its columns. */
struct golden_promise {
    struct objective objective;
    uint32_t column;
    double at; /* value of the swept parameter; NAN without a sweep */
    struct estimate estimate;
    enum finding finding;
};

/* One scenario, with what was blessed and what was run today. */
struct golden_item {
    const char *name, *file; /* NAME and its scenario file; interned */
    struct scenario *scenario;
    bool blessed; /* there is a golden result */
    struct golden before, after;
    struct golden_pairs pairs;
    const char *changes; /* golden_changes; NULL: none */
    const char *audit;   /* what the run's own audit found broken; NULL: nothing */
    struct golden_promise *promises;
    size_t n_promises;
    struct bytes picture; /* of today's run, where it may be wanted */
};

struct golden_folder {
    const char *path;
    struct golden_item *items; /* by name */
    size_t n;
};

/* Reads scenarios and golden results; false, with all errors, where one is not sound, or where
 * there is no scenario. */
bool golden_folder_read(const struct options *o, struct golden_folder *out, struct errors *errors);
void golden_folder_free(struct golden_folder *folder);

/* Names of the files beside NAME.yaml: NAME.golden.csv and NAME.golden.png. Interned. */
const char *golden_csv(const struct golden_item *item);
const char *golden_png(const struct golden_item *item);

/* The whole of a file; false without an error if there is none. */
bool file_read(const char *path, struct bytes *out, struct errors *errors);

/* How many objectives there are to judge, column by column. */
size_t golden_promises(const struct golden_item *item);

/* Judges them by a result, each wrongly with probability `risk`. */
void golden_keep(struct golden_item *item, const struct result *result, double risk);

/* Counts of an item's pairs. */
struct golden_count {
    size_t compared, same, differ, open, came_or_went;
    double smallest;    /* p-value; NAN: none */
    size_t findings[3]; /* of its objectives, by enum finding */
};
struct golden_count golden_counted(const struct golden_item *item);

/* Whether blessing would write it: it has no golden result, or not of this scenario, or one that
 * differs. What holds within luck stays as it is, so that results cannot creep away. */
bool golden_stale(const struct golden_item *item);

/* Whether there is something to tell of it: stale, or broken. */
bool golden_told(const struct golden_item *item);

#endif
