/* Whether a simulation bears out what theory says (answer.h). */
#include <math.h>

#include "../result/timescale.h"
#include "search.h"

/* A quantile is known to a bucket of the histogram. */
#define BUCKET 0.01

/* So many cycles of the slowest time scale (timescale.h) are to be met, where it is a matter of
 * chance: of ten, two replications may have seen all there was, and their spread says little. */
#define CYCLES 3.0 /* times as many as an interval takes */

static enum agreement compare(double exact, const struct estimate *e)
{
    if (isnan(e->low) || isnan(e->high))
        return CHECK_TOO_SHORT;
    return exact >= e->low * (1 - BUCKET) && exact <= e->high * (1 + BUCKET) ? CHECK_AGREES
                                                                             : CHECK_DISAGREES;
}

void point_check(struct point *point, const struct question *q, const struct result *result)
{
    double measured = (double)result_row(result, 0, result_row_classes(result) - 1)->offered;
    bool enough = measured >= CYCLES * timescale_wanted(&result->scenario);
    for (size_t i = 0; i < q->n_objectives; i++) {
        if (!(point->exact & 1u << i))
            continue;
        point->simulated[i] = estimate_of(result, 0, &q->objectives[i].figure, CHECK_RISK);
        enum agreement found =
            enough ? compare(point->estimates[i].value, &point->simulated[i]) : CHECK_TOO_SHORT;
        point->check = found > point->check ? found : point->check;
    }
}

void search_check(struct search *search, struct point *point)
{
    const struct question *q = &search->answer->question;
    double tasks;
    if (!point || !point->exact || point->looks > 0 || search->answer->interrupted)
        return;
    int level = search_first_level(search, point, &tasks, CYCLES);
    struct result *result = search_run(search, point, level, CHECK_TASKS);
    point->check = result ? NOT_CHECKED : CHECK_TOO_SHORT;
    point->needs = point->needs_surely = tasks;
    if (result) {
        point->tasks = (double)result_row(result, 0, result_row_classes(result) - 1)->offered;
        point_check(point, q, result);
        result_free(result);
    }
}
