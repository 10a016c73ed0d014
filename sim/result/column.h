/*
 * A column at one place, or as a whole: what holds of all its classes alike, and which figures of
 * it can have an honest interval (result.h). For those who compute figures: row.c and estimate.c.
 */
#ifndef COLUMN_H
#define COLUMN_H

#include "../network/facts.h"
#include "foreseen.h"
#include "giants.h"
#include "grid.h"
#include "interval.h"
#include "timescale.h"

/* Largest share of unfinished tasks that a mean's interval bears; and a quantile's, of 1 - p. And
 * what the work must rest on, for means. */
#define UNFINISHED_MEAN     0.001
#define UNFINISHED_QUANTILE 0.1
#define EFFECTIVE_TASKS     50

/* What is known of a column beforehand, for all its places: asked once, for of many stages it takes
 * long. */
struct column_known {
    struct scenario scenario;    /* with the column's value */
    struct network_facts *facts; /* NULL: one stage in the short form */
    struct timescale slowest;    /* of a network's input, if `slow` */
    bool slow;
};

struct column {
    struct scenario scenario;
    uint32_t place;
    const struct column_known *known;
    const struct network_facts *facts; /* NULL: one stage in the short form */
    struct window *windows;            /* of the replications present; owned */
    size_t present, unsettled;
    double duration, warmup_tasks, time_low, time_high;
    double relaxation; /* relaxation_tasks; NAN: unknown or without a limit */
    double arrived;    /* in all windows */
    double requests;   /* the same of all of it: of one stage no other number */
    double cycles; /* of the slowest time scale of the input that the run has met, in all windows
                      (of a drift: in all its time); INFINITY: no time scale counts */
    double spells; /* chances that the run had to meet what it has met none of: `cycles`, where
                      these are a matter of chance; of a timetable each period meets all of it */
    bool look;     /* it is asked again with more tasks until it tells (estimate_look) */
    int off;       /* enum known_mean that the run is off by (controls.h), -1: none; */
    double off_by; /* and by how much, relative to it */
    struct giants giants; /* of this scenario */
    struct foreseen foreseen;
    enum borne { BORNE_UNKNOWN, BORNE, BORNE_NOT } bears[QUANTILES]; /* column_bears_quantile */
    double *load;          /* of each group present (struct groups); owned; NULL: none */
    bool drifts, hopeless; /* hopeless: a run too short to say anything of a queue at rest */
    unsigned notes;
    enum verdict_stable stable;
};

struct column_known *column_known_of(const struct result *result, uint32_t index);
void column_known_free(struct column_known *known);

/* `known` lives as long. */
void column_gather(struct column *c, const struct result *result, uint32_t index, uint32_t place,
                   const struct column_known *known);
void column_free(struct column *c);

/* The verdict of its place in a network; of places that are no stages the worst of all stages. */
enum verdict_stable place_stable(const struct result *result, uint32_t index,
                                 const struct column *c);

/* What the replications (or batches) present measured of a class (`classes`: of all), and all of
 * it together. The waits of all groups are in `all`; the latencies of batches of one class stay
 * packed (of batches only ranks are asked for). */
struct measured {
    struct cell *cells; /* owned */
    size_t n;
    struct cell all;
};
void measured_gather(struct measured *m, const struct result *result, uint32_t index,
                     uint32_t place, uint32_t class);
void measured_free(struct measured *m);

/* The groups of it, at a risk (stats.h); and interval_dependence with what theory says. */
struct groups measured_groups(const struct measured *m, const struct result *result,
                              const struct column *c, double risk);
double measured_dependence(const struct measured *m, const struct groups *groups,
                           const struct column *c);

/* Whether any interval of this column can be honest, whatever it is of. */
bool column_honest(const struct result *result, const struct column *c);

/* Whether an interval of a mean wait, latency or number can be: not where the backlog may have no
 * limit (of a drift what happens in it is all there is), nor where the laws leave the mean no
 * variance, what decides it has not been met, or too much spread is foreseen; in a look, by states
 * of the input alone, which the run may not have met: what chance in the queue leaves its own
 * spread tells. (Where that decided in every case, `plan` found 760 of 760 known answers; foreseen
 * in every case it took up to 2.5 times the tasks for them.) */
bool column_bears_mean(const struct column *c, bool wait, double widen);

/* Likewise one of a quantile (by its number), as far as single sizes are concerned; worked out when
 * it is first asked for. */
bool column_bears_quantile(struct column *c, int quantile);

/* And one of the quantile at p of a class, as far as the spread is concerned. Where none is
 * foreseen the measured dependence decides. */
bool column_foresees_quantile(const struct column *c, const struct measured *m,
                              const struct groups *groups, double dependence, double p);

/* Relative standard error that the mean of n waits has at least, where the waiting room is
 * unbounded and theory has something to say: waits of a busy queue are nearly exponential, and it
 * takes 2 U of them to tell what one independent wait would (Whitt 1989, section 3). Three quarters
 * of that, so that this is a floor under luck and the measured spread decides elsewhere. */
double column_least_error(const struct column *c, double dependence, double n);

/* What the load takes out of a mean of so much, of a quantile at p, or of a loss. */
struct slope column_slope_of_mean(const struct column *c, bool wait, double mean,
                                  double dependence);
struct slope column_slope_of_quantile(const struct column *c, bool wait, double p,
                                      double dependence);
struct slope column_slope_of_loss(const struct column *c, double loss, double dependence);

/* Tasks, of those that are `offered`, for each of the spells; 0: the input has no time scale. */
double column_cycle(const struct column *c, double offered);

/* Whether means rest on enough work. (Of the requests of a network it is not counted: their stages
 * say it.) */
bool column_has_work(const struct column *c, double effective_tasks);

/* Whether anything can be lost here; whether tasks are turned away, or leave, where too many wait.
 */
bool column_can_lose(const struct column *c);
bool column_sheds(const struct column *c);

static inline double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

#endif
