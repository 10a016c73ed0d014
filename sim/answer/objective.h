/*
 * An objective: what a figure of a system must keep to, `p99 <= 250ms`.
 *
 *   [STAGE.][CLASS.]MEASURE <= VALUE [at COLUMN]      or >=
 *
 * STAGE and CLASS are as in columns.csv: `main.p99`, `gold.p99`, `main.gold.p99`, `all.p99`; of a
 * network `db.p99`, `db.gold.loss`, `client.p99`, and `all.p99`, which is what is meant where no
 * stage is named (a class of the name of a stage: `all.NAME.p99`). Requests up to their answer
 * (`client`) have no utilization and no queue_mean.
 * MEASURE is a column of columns.csv, with any quantile from p50 to p99.99 (`wait_p95`; `p99.9` and
 * `p999` are the same), or `goodput`, completed tasks per second. `p99` alone is latency_p99,
 * `mean` latency_mean, `loss` loss_fraction. VALUE has the units of scenario files; a duration and
 * a rate need theirs (`p99 <= 250` is an error), a share without % is read as a fraction, and
 * `doubt` says so. What cannot fail (`loss <= 100%`, `goodput >= 0/s`) is an error. COLUMN is a
 * value of the swept parameter: the objective is of that column alone. A strict < or > is read as
 * <= or >=: no interval can tell them apart.
 */
#ifndef OBJECTIVE_H
#define OBJECTIVE_H

#include "../result/estimate.h"

enum { OBJECTIVES = MAX_OBJECTIVES }; /* at most, of one scenario or plan */

struct objective {
    const char *text; /* as one would write it: "gold.latency_p99 <= 250ms"; interned */
    const char *name; /* "gold.p99", "loss": for people; of a network with its stage */
    struct figure_wanted figure;
    enum unit unit;
    bool at_least; /* >= */
    double limit;
    double at;         /* the column; NAN: every one */
    const char *doubt; /* a sentence on how its value was read; NULL: there is no other way */
};

enum finding { FINDING_UNDECIDED, FINDING_MET, FINDING_UNMET };

/* "undecided", "met", "unmet". */
extern const char *const finding_names[3];

/* Reads one; an error at `at` names the nearest measure, class or unit. */
bool objective_parse(const struct scenario *s, const char *text, struct place at,
                     struct objective *out, struct errors *errors);

/* Those of the scenario itself (`objectives`); errors at their places. */
struct places;
bool objectives_of(const struct scenario *s, const struct places *places,
                   struct objective out[OBJECTIVES], size_t *n, struct errors *errors);

/* Whether all of them can be judged, the columns that they name included; `s` is sound. */
bool objectives_check(const struct scenario *s, const struct places *places, struct errors *errors);

/* Whether it is of that column. */
bool objective_holds_at(const struct objective *objective, double value);

/* Met or unmet where the whole interval lies on one side of the limit. */
enum finding objective_judge(const struct objective *objective, const struct estimate *estimate);

/* The smallest number of measured tasks with which its figure can have an interval at all. */
double objective_needs(const struct objective *objective);

#endif
