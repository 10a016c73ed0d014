/* Objectives of a point that are judged by splitting or conditional Monte Carlo (answer.h). */
#include <math.h>
#include <stdlib.h>

#include "../base/elapsed.h"
#include "../base/err.h"
#include "../scenario/process.h"
#include "search.h"

#define COUNTABLE 300.0 /* losses that a plain simulation must be able to meet */

const char *answer_method(const struct point *point, size_t objective)
{
    bool theory = (point->exact | point->grown) & 1u << objective;
    return theory ? "theory" : glance_methods[point->method[objective]];
}

/* The figure of an objective; false: it is of none that there is a glance for. */
static bool figure_of(const struct objective *o, struct glance *out)
{
    bool loss = o->figure.kind == FIGURE_LOSS_FRACTION,
         latency = o->figure.kind == FIGURE_LATENCY_QUANTILE;
    out->p = o->figure.p;
    out->limit = o->limit;
    out->measure = loss ? RARE_LOSS : latency ? RARE_LATENCY : RARE_WAIT;
    return loss || latency || o->figure.kind == FIGURE_WAIT_QUANTILE;
}

bool answer_is_rare(const struct objective *objective)
{
    struct glance glance = {0};
    return figure_of(objective, &glance) && glance_is_rare(&glance);
}

static bool glance_of(const struct search *search, const struct scenario *s,
                      const struct point *point, size_t i, struct glance *out)
{
    const struct question *q = &search->answer->question;
    *out = (struct glance){.column = s, .risk = point->risk, .jobs = q->jobs, .stop = q->stop};
    return figure_of(&q->objectives[i], out);
}

/* What is decided needs no method, and what theory knows has one. */
void point_methods(const struct search *search, struct point *point)
{
    const struct question *q = &search->answer->question;
    struct scenario *s = search_scenario(search, point);
    bool at_rest = process_is_stationary(s);
    for (size_t i = 0; i < q->n_objectives; i++) {
        struct glance glance;
        bool known = (point->exact | point->grown) & 1u << i;
        point->method[i] = GLANCE_PLAINLY;
        if (!known && at_rest && !q->simulate && glance_of(search, s, point, i, &glance))
            point->method[i] = glance_method_for(&glance);
        if (point->method[i] != GLANCE_PLAINLY && !(glance_least(&glance) <= q->max_tasks / 2))
            point->method[i] = GLANCE_PLAINLY;
    }
    free(s);
}

void point_doubt(const struct search *search, struct point *point, size_t objective,
                 struct estimate *estimate)
{
    struct glance glance;
    struct scenario *s = search_scenario(search, point);
    if (glance_of(search, s, point, objective, &glance) && glance_is_rare(&glance)) {
        double needed = glance_tasks_needed(&glance);
        if (point->tasks < needed) {
            bool loss = glance.measure == RARE_LOSS;
            estimate->high = isnan(estimate->high) ? NAN : loss ? 1 : INFINITY;
            point->least = fmax(point->least, needed);
        }
    }
    free(s);
}

static bool doubtful(const struct point *point, size_t i)
{
    return point->findings[i] == FINDING_UNDECIDED && point->method[i] != GLANCE_PLAINLY;
}

double point_glance_least(const struct search *search, const struct point *point)
{
    struct scenario *s = search_scenario(search, point);
    double least = 0;
    for (size_t i = 0; i < search->answer->question.n_objectives; i++) {
        struct glance glance;
        if (doubtful(point, i) && glance_of(search, s, point, i, &glance))
            least = fmax(least, glance_least(&glance));
    }
    free(s);
    return least;
}

/* One objective; false if stopped. */
static bool take_glance(struct search *search, struct point *point, size_t i, struct glance *glance)
{
    struct answer *answer = search->answer;
    const struct question *q = &answer->question;
    struct glance_seen seen;
    double began = elapsed_seconds();
    if (q->progress)
        q->progress(q->context, search_doing(search, point), (uint64_t)answer->spent,
                    answer->seconds);
    glance_at(glance, &seen);
    answer->spent += seen.spent;
    answer->seconds += elapsed_seconds() - began;
    point->spent += seen.spent;
    point->tasks = fmax(point->tasks, seen.spent);
    point->method[i] = seen.method;
    bool countable = q->objectives[i].figure.kind != FIGURE_LOSS_FRACTION ||
                     q->objectives[i].limit * q->max_tasks > COUNTABLE;
    if (seen.costly && point->costly++ > 0 && countable) /* giants jump over all levels */
        point->method[i] = GLANCE_PLAINLY;
    if (seen.stopped) {
        answer->interrupted = search->out = true;
        return false;
    }
    const struct estimate e = {seen.value, seen.low, seen.high};
    if (isnan(seen.low) && point->findings[i] == FINDING_UNDECIDED) {
        point->estimates[i] = e;
        point->needs = fmax(point->needs, isnan(seen.needs) ? 4 * glance->most : seen.needs);
        point->needs_surely = fmax(point->needs_surely, point->needs);
        return true;
    }
    point_take(search, point, i, &e, glance->most);
    if (point->findings[i] != FINDING_UNDECIDED)
        return true;
    point->least = fmax(point->least, seen.needs);
    point->needs = fmax(point->needs, seen.needs);
    point->needs_surely = fmax(point->needs_surely, seen.needs);
    return true;
}

bool point_glance(struct search *search, struct point *point, int level)
{
    const struct question *q = &search->answer->question;
    struct scenario *s = search_scenario(search, point);
    double most = search_sample(search, level);
    bool going = true;
    for (size_t i = 0; i < q->n_objectives && going; i++) {
        struct glance glance;
        if (!doubtful(point, i) || !glance_of(search, s, point, i, &glance) ||
            point_finding(search, point, ALL_OBJECTIVES) == FINDING_UNMET)
            continue;
        glance.most = most;
        search->out =
            search->out || level >= search->levels || search->answer->spent + most > q->max_tasks;
        going = !search->out && take_glance(search, point, i, &glance);
    }
    free(s);
    return going;
}
