/*
 * What a log says: rate and its course, whether arrivals are Poisson, the law of the sizes, the
 * tail, and whether a model of independent arrivals and sizes would do it justice.
 *
 * One pass in constant memory (about 20 MB, however long the log), behind a look at its first tasks
 * that finds the step of its clock: times that are rounded to more than a thousandth of the mean
 * gap are spread evenly over that step (a Poisson process that was rounded down is one again; Kim
 * and Whitt 2014, section 3), by a stream of its own, so that the same log gives the same figures.
 * Sizes below ten of their own steps are spread over theirs, upwards and downwards, unless all
 * sizes are the same: for the laws and quantiles alone. Means, the load and the work of windows are
 * those of the sizes as they stand in the log, and laws are stretched to that mean.
 */
#ifndef FIT_H
#define FIT_H

#include "course.h"
#include "gaps.h"
#include "hill.h"
#include "laws.h"
#include "poisson.h"
#include "reader.h"
#include "replay.h"

enum { FIT_PIECES = 64 };

struct log_steps {
    double time, size; /* in seconds; 0: nothing is spread */
    double grain;      /* the step of times and sizes, whether they are spread or not */
};

/* A class of the tasks. */
struct fit_class {
    const char *name; /* as in a scenario */
    double tasks, work, mean;
    struct sample sizes;
    struct laws laws;
};

struct fit {
    struct reader *reader; /* owned; can be read again, from reader_rewind on */
    struct log_facts facts;
    long late, moved;        /* tasks left out, or put in order (order.h) */
    struct log_steps spread; /* over which times and small sizes were spread */
    struct course course;
    struct gaps gaps;
    struct sample sizes;
    struct poisson_test arrivals;
    struct laws size_laws, gap_laws; /* gap_laws: where the verdict is ARRIVALS_RENEWAL or OTHER */
    struct hill hill;
    struct replay replay;

    int n_classes; /* of those below; 0: all tasks are alike, or of too many classes */
    struct fit_class *classes[LOG_CLASSES];

    double span, rate;    /* seconds from the first arrival to the last; gaps over that */
    double work, squares; /* sums of all sizes, and of their squares */
    double mean, second;  /* of sizes, those of 0 counted in */
    double second_tasks;  /* how many equal tasks would know `second` as well: (sum x^2)^2 over
                             sum x^4 */
    double load;          /* rate * mean: consumers that would never be idle */
    double peak;          /* the highest rate of a coarse window */
    double correlation, correlation_p; /* of rate and mean size in coarse windows */
    double work_dispersion;            /* course.h; in coarse windows */
    double consumers;                  /* the fewest that are busy 80 % of the time at most */
    size_t pieces, ends[FIT_PIECES];   /* of constant rate, in coarse windows */
};

/* NULL with an error: the log holds fewer than two tasks, or too many lines of no use. The reader
 * is the fit's, whatever comes of it. `samples`: of the bootstrap, in logs that it does not take
 * long for; 0: none. */
struct fit *fit_reader(struct reader *reader, int samples, struct errors *errors);
/* Of a file; NULL, too, where it cannot be read. */
struct fit *fit_log(const char *file, const struct log_options *options, int samples,
                    struct errors *errors);
/* Of text in memory. */
struct fit *fit_text(const char *name, const char *text, size_t size,
                     const struct log_options *options, int samples, struct errors *errors);
void fit_free(struct fit *fit);

/* What speaks against a model with independent arrivals and sizes (bits). */
enum fit_doubt {
    DOUBT_DRIFT = 1,  /* rate and sizes move with or against each other */
    DOUBT_BURSTS = 2, /* arrivals are neither Poisson nor renewal */
    DOUBT_WORK = 4,   /* work comes in waves, more than chance and the rate explain */
    DOUBT_UNEVEN = 8  /* gaps so uneven that Poisson arrivals would be far off */
};
unsigned fit_doubts(const struct fit *fit);

/* Whether gaps depend on each other so that arrivals are steadier in the long run than independent
 * gaps would be (those of a timetable that is kept to more or less). */
bool fit_evens_out(const struct fit *fit);

/* The tasks of a reader in order of arrival, spread over the steps in which they are written; tasks
 * that
 * come too late for it are left out. */
typedef void log_visitor(void *context, const struct log_task *task);
void log_in_order(struct reader *reader, const struct log_steps *spread, log_visitor *visit,
                  void *context, long *late, long *moved);

#endif
