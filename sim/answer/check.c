/* Whether a simulation bears out what theory says (answer.h). */
#include <math.h>

#include "../result/timescale.h"
#include "search.h"

/* A quantile is known to a bucket of the histogram. */
#define BUCKET 0.01

/* Losses come in few bursts, of which a run may have met none: it must be off by more than luck
 * with these. */
#define BURSTS 3.0

static enum agreement compare(double exact, const struct estimate *e, bool loss)
{
    double slack = loss ? BURSTS : 1 + BUCKET;
    if (isnan(e->low) || isnan(e->high) || (loss && e->value == 0 && exact > 0))
        return CHECK_TOO_SHORT;
    return exact >= e->low / slack && exact <= e->high * slack ? CHECK_AGREES : CHECK_DISAGREES;
}

void point_check(struct point *point, const struct question *q, const struct result *result)
{
    double measured = (double)result_row(result, 0, result_row_classes(result) - 1)->offered;
    bool enough = measured >= timescale_tasks(&result->scenario, LOOK_CYCLES);
    for (size_t i = 0; i < q->n_objectives; i++) {
        if (!(point->exact & 1u << i))
            continue;
        point->simulated[i] = estimate_of(result, 0, &q->objectives[i].figure, CHECK_RISK);
        bool loss = q->objectives[i].figure.kind == FIGURE_LOSS_FRACTION;
        enum agreement found = CHECK_TOO_SHORT;
        if (enough)
            found = compare(point->estimates[i].value, &point->simulated[i], loss);
        point->check = found > point->check ? found : point->check;
    }
}

void search_check(struct search *search, struct point *point)
{
    const struct question *q = &search->answer->question;
    double tasks;
    if (!point || !point->exact || point->looks > 0 || search->answer->interrupted)
        return;
    int level = search_first_level(search, point, &tasks, LOOK_CYCLES);
    struct result *result = search_run(search, point, level, CHECK_TASKS);
    point->check = result ? NOT_CHECKED : CHECK_TOO_SHORT;
    point->needs = point->needs_surely = tasks;
    if (result) {
        point->tasks = (double)result_row(result, 0, result_row_classes(result) - 1)->offered;
        point_check(point, q, result);
        result_free(result);
    }
}
