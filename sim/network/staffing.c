/* What consumers can do that are not always as many, or not always as fast (scenario/staff.h). */
#include "staffing.h"

#include "../base/err.h"
#include "../scenario/discipline.h"
#include "../scenario/distribution.h"

static double given(double x)
{
    return isnan(x) ? 0 : x;
}

/* n consumers that slow each other down, in consumers that do not. */
static double worth(const struct staff_spec *s, double n)
{
    return n / (1 + given(s->contention) * (n - 1) + given(s->coherency) * n * (n - 1));
}

/* Consumers there are in the long run, while there is enough to do. */
static double staff_count(const struct staff_spec *s, double count)
{
    double sum = 0, from = 0;
    if (s->shifts > 0 && s->repeat != 1)
        return s->shift[(size_t)s->shifts - 1].count;
    for (size_t k = 0; k < (size_t)s->shifts; k++) {
        sum += s->shift[k].count * (s->shift[k].until - from);
        from = s->shift[k].until;
    }
    if (from > 0)
        return sum / from;
    if (s->time_to_failure.model) {
        double up = law_mean(&s->time_to_failure);
        return count * up / (up + law_mean(&s->repair_time));
    }
    return fmax(count, given(s->max));
}

/* How long a full batch takes for a second of the size of each of its tasks. */
static double iteration(const struct staff_spec *s)
{
    return staff_steps(s) ? staff_iteration(s, s->batch_max) : 1;
}

/* Seconds of prefill for a second of size, as the classes have it on average. */
static double prefill(const struct network *n, uint32_t stage)
{
    const struct network_stage *at = &n->stages[stage];
    double size = 0;
    for (uint32_t class = 0; class < n->n_classes && at->size; class ++)
        size += law_mean(at->size[class]) / n->n_classes;
    return n->prefill && staff_steps(at->staff) && size > 0 ? law_mean(n->prefill) / size : 0;
}

double staffing_power(const struct network *n, uint32_t stage, uint32_t replica)
{
    const struct network_stage *at = &n->stages[stage];
    const struct staff_spec *s = at->staff;
    double c = network_station(n, stage, replica).consumers;
    if (!s || isinf(c))
        return c;
    if (s->batch_max > 0)
        return c * s->batch_max / (iteration(s) + s->batch_max * prefill(n, stage));
    c = staff_count(s, c);
    double best = worth(s, c), peak = sqrt((1 - given(s->contention)) / given(s->coherency));
    if (!stage_discipline(at->stage)->shares || !(peak >= 1 && peak < c))
        return best;
    return fmax(best, fmax(worth(s, floor(peak)), worth(s, fmin(c, ceil(peak)))));
}

bool staffing_collapses(const struct network *n, uint32_t stage)
{
    const struct network_stage *at = &n->stages[stage];
    return at->staff && stage_discipline(at->stage)->shares && isinf(at->stage->capacity) &&
           (at->staff->contention > 0 || at->staff->coherency > 0);
}

bool staffing_fails(const struct network *n, uint32_t stage)
{
    const struct staff_spec *s = n->stages[stage].staff;
    return s && (s->error_rate > 0 || (s->time_to_failure.model && s->failed == FAILED_IS_LOST));
}

bool staffing_refuses(const struct network *n, uint32_t stage)
{
    const struct staff_spec *s = n->stages[stage].staff;
    return s && s->step_memory > 0;
}

const char *staffing_said(const struct network *n)
{
    for (uint32_t i = 0; i < n->n_stages; i++)
        if (n->stages[i].staff)
            return n->stages[i].name;
    return NULL;
}
