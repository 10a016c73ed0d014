/* Lines that do not go one way: what is inside them, and the stretches that meet (answer.h). */
#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "search.h"

enum { INSIDE_LEVEL = 1 }; /* of the samples that look inside */
#define INSIDE_SHARE 8.0   /* of the budget, where these must be larger */

/* ---- inside ---- */

static int upwards(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* The value of a span that is nearest to x. */
static size_t nearest_index(const struct span *span, double x)
{
    size_t low = 0, high = span->n - 1;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (span_value(span, middle) <= x)
            low = middle;
        else
            high = middle;
    }
    return x - span_value(span, low) <= span_value(span, high) - x ? low : high;
}

/* Values between the ends, in equal ratios where they are far apart, and in equal steps; in order,
 * each once. */
static size_t inside_of(const struct span *span, size_t out[INSIDE])
{
    enum { RATIOS = 5 };
    double low = span_value(span, 0), high = span_value(span, span->n - 1);
    bool far = low > 0 && isfinite(high) && high > 4 * low;
    size_t n = 0, kept = 0;
    for (int i = 1; i <= RATIOS && far; i++)
        out[n++] = nearest_index(span, low * pow(high / low, (double)i / (RATIOS + 1)));
    size_t steps = INSIDE - n;
    for (size_t i = 1; i <= steps; i++)
        out[n++] = i * (span->n - 1) / (steps + 1);
    qsort(out, n, sizeof *out, upwards);
    for (size_t i = 0; i < n; i++)
        if (out[i] > (kept ? out[kept - 1] : 0) && out[i] + 1 < span->n)
            out[kept++] = out[i];
    return kept;
}

/* How often an objective changes between met and unmet along a line. */
static size_t changes(const struct answer *answer, const struct line *line, size_t objective)
{
    enum finding last = FINDING_UNDECIDED;
    size_t n = 0;
    for (size_t k = 0; k < answer->n_points; k++) {
        enum finding finding = answer->points[k]->findings[objective];
        if (!answer_on_line(answer, line, answer->points[k]) || finding == FINDING_UNDECIDED)
            continue;
        n += last != FINDING_UNDECIDED && finding != last;
        last = finding;
    }
    return n;
}

/* Whether what is in doubt looks as if it were not as the ends are. */
static bool suspect(const struct question *q, const struct point *point, const struct point *end)
{
    for (size_t i = 0; i < q->n_objectives; i++) {
        const struct estimate value = {point->estimates[i].value, point->estimates[i].value,
                                       point->estimates[i].value};
        enum finding seems = objective_judge(&q->objectives[i], &value);
        if (point->findings[i] == FINDING_UNDECIDED && seems != FINDING_UNDECIDED &&
            seems != end->findings[i] && end->findings[i] != FINDING_UNDECIDED)
            return true;
    }
    return false;
}

void search_inside(struct search *search, struct line *line)
{
    const struct question *q = &search->answer->question;
    const struct span *span = &q->spans[search->answer->longest];
    size_t index[INSIDE], n = inside_of(span, index);
    struct point *low = search_on_line(search, line, 0),
                 *high = search_on_line(search, line, span->n - 1);
    double least_tasks, most = search->answer->question.max_tasks / INSIDE_SHARE;
    for (size_t i = 0; i < n && !search->out; i++) {
        struct point *point = search_on_line(search, line, index[i]);
        int least = search_first_level(search, point, &least_tasks, LOOK_CYCLES);
        if (least > INSIDE_LEVEL && least_tasks * (double)(n - i) + search->answer->spent > most)
            continue;
        for (int level = 0; level <= INSIDE_LEVEL || level <= least; level++)
            search_decide(search, point, ALL_OBJECTIVES, level);
        line->inside += point->findings[0] != FINDING_UNDECIDED || point->looks > 0;
        for (int level = INSIDE_LEVEL + 1; level <= INSIDE_LEVEL + 3; level++)
            if (suspect(q, point, low) && suspect(q, point, high))
                search_decide(search, point, ALL_OBJECTIVES, level);
    }
    for (size_t i = 0; i < q->n_objectives; i++)
        line->stretched = line->stretched || changes(search->answer, line, i) > 1;
}

/* ---- stretches ---- */

size_t answer_stretches(const struct answer *answer, const struct line *line,
                        struct stretch out[STRETCHES])
{
    size_t n = 0;
    for (size_t k = 0; k < answer->n_points; k++) {
        const struct point *point = answer->points[k];
        if (!answer_on_line(answer, line, point) || point->finding == FINDING_UNDECIDED)
            continue;
        if (n > 0 && out[n - 1].finding == point->finding)
            out[n - 1].last = point;
        else if (n < STRETCHES)
            out[n++] = (struct stretch){point->finding, point, point};
    }
    return n;
}

static size_t stretches_now(struct search *search, const struct line *line,
                            struct stretch out[STRETCHES])
{
    struct answer *answer = search->answer;
    for (size_t k = 0; k < answer->n_points; k++)
        answer->points[k]->finding = point_finding(search, answer->points[k], ALL_OBJECTIVES);
    return answer_stretches(answer, line, out);
}

bool search_more_is_load(const struct search *search, const struct line *line)
{
    const struct answer *answer = search->answer;
    const struct question *q = &answer->question;
    const struct span *span = &q->spans[answer->longest];
    struct scenario *s = xmalloc(sizeof *s);
    double load[2];
    for (int high = 0; high < 2; high++) {
        *s = *q->scenario;
        for (size_t i = 0; i < q->n_spans; i++)
            span_put(&q->spans[i],
                     i != answer->longest ? line->index[i]
                     : high               ? span->n - 1
                                          : 0,
                     s);
        load[high] = scenario_utilization(s);
    }
    free(s);
    return load[1] > load[0] * (1 + 1e-9);
}

/* The best point: at the end of the first stretch that meets, or at its beginning. */
static void choose(struct search *search, struct line *line, const struct stretch *stretch,
                   size_t n)
{
    const struct answer *answer = search->answer;
    size_t i = 0;
    while (i < n && stretch[i].finding != FINDING_MET)
        i++;
    line->best = line->beside = NULL;
    line->finding = FINDING_UNDECIDED;
    if (i == n)
        return;
    bool last = i == 0 && !answer->question.costs && search_more_is_load(search, line);
    line->best = last ? stretch[i].last : stretch[i].first;
    if (last && i + 1 < n)
        line->beside = stretch[i + 1].first;
    if (!last && i > 0)
        line->beside = stretch[i - 1].last;
    if (!line->beside || search_beside(search, line, line->best, line->beside))
        line->finding = FINDING_MET;
}

void search_stretches(struct search *search, struct line *line, int level)
{
    struct stretch stretch[STRETCHES];
    size_t n = stretches_now(search, line, stretch), before;
    do {
        before = search->answer->n_points;
        for (size_t i = 0; i + 1 < n && !search->out; i++) {
            bool up = stretch[i].finding == FINDING_UNMET;
            search_gap(search, line, up ? stretch[i].last : stretch[i + 1].first,
                       up ? stretch[i + 1].first : stretch[i].last, level);
        }
        n = stretches_now(search, line, stretch);
    } while (search->answer->n_points > before && !search->out);
    choose(search, line, stretch, n);
}
