#include "answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "search.h"

/* What a search spends, at the most, to get to a sample of so many tasks: the smaller ones before
 * it, and a size that is a power of two. */
#define DOUBLINGS 4.0

static size_t longest_of(const struct question *q)
{
    size_t longest = 0;
    for (size_t i = 1; i < q->n_spans; i++)
        if (q->spans[i].n > q->spans[longest].n)
            longest = i;
    return longest;
}

/* Every combination of the spans but the longest, the first of them moving slowest. */
static void make_lines(struct answer *answer)
{
    const struct question *q = &answer->question;
    answer->n_lines = 1;
    for (size_t i = 0; i < q->n_spans; i++)
        answer->n_lines *= i == answer->longest ? 1 : q->spans[i].n;
    answer->lines = xcalloc(answer->n_lines, sizeof *answer->lines);
    for (size_t k = 0; k < answer->n_lines; k++) {
        size_t left = k;
        for (size_t i = q->n_spans; i-- > 0;) {
            if (i == answer->longest)
                continue;
            answer->lines[k].index[i] = left % q->spans[i].n;
            left /= q->spans[i].n;
        }
    }
}

/* No more of any key that costs something. */
static bool no_more(const struct question *q, const size_t a[SPANS], const size_t b[SPANS])
{
    for (size_t i = 0; i < q->n_spans; i++)
        if (q->spans[i].cost > 0 && a[i] > b[i])
            return false;
    return true;
}

/* Whether even the first point of a line has as much of everything as a point that meets all. */
static bool dominated(const struct answer *answer, const struct line *line)
{
    for (size_t k = 0; answer->question.costs && k < answer->n_lines; k++) {
        const struct line *other = &answer->lines[k];
        if (other != line && other->best &&
            no_more(&answer->question, other->best->index, line->index))
            return true;
    }
    return false;
}

bool answer_on_frontier(const struct answer *answer, const struct line *line)
{
    if (!line->best)
        return false;
    for (size_t k = 0; k < answer->n_lines; k++) {
        const struct line *other = &answer->lines[k];
        if (other == line || !other->best ||
            !no_more(&answer->question, other->best->index, line->best->index))
            continue;
        bool same = no_more(&answer->question, line->best->index, other->best->index);
        if (!same || other < line)
            return false;
    }
    return true;
}

/* ---- what came of it ---- */

bool answer_on_line(const struct answer *answer, const struct line *line, const struct point *point)
{
    for (size_t i = 0; i < answer->question.n_spans; i++)
        if (i != answer->longest && point->index[i] != line->index[i])
            return false;
    return true;
}

/* The least that the answer of a line in doubt could still cost. */
static double least_cost(const struct answer *answer, const struct line *line)
{
    const struct question *q = &answer->question;
    size_t at = line->begun && !line->mirrored ? (size_t)(line->bad + 1) : 0;
    if (at >= q->spans[answer->longest].n)
        return INFINITY;
    double cost = 0;
    for (size_t i = 0; i < q->n_spans; i++) {
        size_t index = i == answer->longest ? at : line->index[i];
        cost += q->spans[i].cost > 0 ? q->spans[i].cost * span_value(&q->spans[i], index) : 0;
    }
    return cost;
}

/* The cheapest point known to meet all objectives. */
static void choose_best(struct answer *answer)
{
    for (size_t k = 0; k < answer->n_lines; k++) {
        const struct line *line = &answer->lines[k];
        if (line->best &&
            (!answer->best || !answer->best->best || line->best->cost < answer->best->best->cost))
            answer->best = line;
    }
}

/* Whether a line may still change the answer. */
static bool in_doubt(const struct answer *answer, const struct line *line)
{
    return !line->skipped && line->finding == FINDING_UNDECIDED &&
           (!answer->best || answer->n_lines == 1 ||
            least_cost(answer, line) < answer->best->best->cost);
}

/* What lies between the best that is known to meet all and what is known not to: indices of the
 * longest span. */
struct gap {
    size_t first, last;
};

static struct gap gap_of(const struct answer *answer, const struct line *line)
{
    size_t n = answer->question.spans[answer->longest].n;
    size_t beside = line->beside ? line->beside->index[answer->longest] : 0;
    size_t best = line->best ? line->best->index[answer->longest] : n - 1;
    return beside < best ? (struct gap){beside, best} : (struct gap){best, beside};
}

const struct point *answer_doubt(const struct answer *answer, const struct line *line)
{
    struct gap gap = gap_of(answer, line);
    const struct point *most = NULL;
    for (size_t k = 0; k < answer->n_points; k++) {
        const struct point *point = answer->points[k];
        size_t i = point->index[answer->longest];
        if (point->finding == FINDING_UNDECIDED && answer_on_line(answer, line, point) &&
            i >= gap.first && i <= gap.last && (!most || point->tasks > most->tasks))
            most = point;
    }
    return most;
}

/* Tasks for two samples, of a range that has a resolution: there the interval must shrink until it
 * is as wide as what the figure changes by over three eighths of the resolution. NAN: unknown. */
static double needed_for_resolution(const struct answer *answer, const struct line *line)
{
    const struct point *doubt = answer_doubt(answer, line);
    struct gap gap = gap_of(answer, line);
    double most = NAN;
    if (!doubt || !line->best || !line->beside)
        return NAN;
    for (size_t o = 0; o < answer->question.n_objectives; o++) {
        const struct estimate *e = &doubt->estimates[o];
        double change = fabs(line->best->estimates[o].value - line->beside->estimates[o].value);
        double room = change / (double)(gap.last - gap.first) * SPAN_STEPS * 3 / 8;
        double ratio = (e->high - e->low) / 2 / room;
        if (doubt->findings[o] == FINDING_UNDECIDED && isfinite(ratio))
            most = fmax(ratio * ratio * doubt->tasks, doubt->tasks);
    }
    return 2 * most;
}

/* Tasks that would decide what is in doubt on a line. */
static double needed(const struct answer *answer, const struct line *line)
{
    struct gap gap = gap_of(answer, line);
    double sum = NAN;
    if (answer->question.spans[answer->longest].resolution > 0)
        sum = needed_for_resolution(answer, line);
    if (!isnan(sum))
        return sum;
    sum = 0;
    for (size_t k = 0; k < answer->n_points; k++) {
        const struct point *point = answer->points[k];
        size_t i = point->index[answer->longest];
        if (point->finding == FINDING_UNDECIDED && answer_on_line(answer, line, point) &&
            i >= gap.first && i <= gap.last)
            sum += isnan(point->needs_surely) ? 4 * fmax(point->tasks, 1e6) : point->needs_surely;
    }
    return sum;
}

size_t answer_candidates(const struct answer *answer, const struct point **out, size_t most)
{
    const struct line *line = answer->lines;
    size_t n = 0;
    if (answer->n_lines > 1 || !line->best || line->stretched)
        return 0;
    struct gap gap = gap_of(answer, line);
    const struct span *span = &answer->question.spans[answer->longest];
    size_t values = gap.last - gap.first + (line->beside ? 0 : 1);
    if (span->resolution > 0 || values > most)
        return 0;
    for (size_t k = 0; k < answer->n_points; k++) {
        size_t i = answer->points[k]->index[answer->longest];
        if (i >= gap.first && i <= gap.last && answer->points[k] != line->beside)
            out[n++] = answer->points[k];
    }
    return n == values ? n : 0;
}

/* Up to two digits. */
static double round_up(double x)
{
    double unit = pow(10, floor(log10(x)) - 1);
    return ceil(x / unit) * unit;
}

static void conclude(struct answer *answer, bool limited)
{
    bool doubt = false;
    double sum = 0;
    for (size_t k = 0; k < answer->n_lines; k++)
        if (in_doubt(answer, &answer->lines[k])) {
            doubt = true;
            sum += needed(answer, &answer->lines[k]);
        }
    answer->finding = doubt || answer->interrupted || answer->disagrees ? FINDING_UNDECIDED
                      : answer->best                                    ? FINDING_MET
                                                                        : FINDING_UNMET;
    answer->needed = NAN;
    if (doubt && !answer->interrupted && !limited)
        answer->needed =
            round_up(fmax(answer->spent + DOUBLINGS * sum, 2 * answer->question.max_tasks));
    if (isinf(sum)) /* no number of tasks shows enough */
        answer->needed = NAN;
}

/* What the roots of formulas are not good for. */
#define ROUNDING 1e-6

/* Whether two points of a line, the second with more of the key, contradict a direction. */
static bool contradicts(const struct objective *objective, enum direction direction,
                        const struct estimate *less, const struct estimate *more)
{
    bool rises = (direction == MORE_HELPS) == objective->at_least;
    return rises ? more->high < less->low * (1 - ROUNDING)
                 : more->low > less->high * (1 + ROUNDING);
}

static bool contradicted(const struct answer *answer, const struct line *line)
{
    const struct question *q = &answer->question;
    for (size_t i = 0; i < answer->n_points; i++)
        for (size_t k = i + 1; k < answer->n_points; k++) {
            const struct point *less = answer->points[i], *more = answer->points[k];
            if (!answer_on_line(answer, line, less) || !answer_on_line(answer, line, more))
                continue;
            for (size_t o = 0; o < q->n_objectives; o++)
                if (line->directions[o] != MORE_IS_THE_SAME &&
                    contradicts(&q->objectives[o], line->directions[o], &less->estimates[o],
                                &more->estimates[o]))
                    return true;
        }
    return false;
}

/* ---- the search ---- */

static void go_on(struct search *search, struct line *line, int level)
{
    if (!line->begun)
        search_line_begin(search, line);
    line->begun = true;
    search_line(search, line, level);
    choose_best(search->answer);
}

/* Levels beyond those that can be paid for, until what is foreseen of a point no longer keeps it
 * from being looked at with what is left. */
enum { FORESEEN = 8 };

/* Larger and larger samples for the lines that may hold the answer. */
static void find_cheapest(struct search *search)
{
    struct answer *answer = search->answer;
    bool doubt = true;
    for (int level = 0; doubt && !search->out && level < search->levels + FORESEEN; level++) {
        doubt = false;
        for (size_t k = 0; k < answer->n_lines && !search->out; k++) {
            struct line *line = &answer->lines[k];
            if (line->skipped || !in_doubt(answer, line))
                continue;
            line->skipped = dominated(answer, line);
            if (!line->skipped)
                go_on(search, line, level);
            doubt = doubt || in_doubt(answer, line);
        }
        search->level = level;
    }
}

/* The other lines, with samples of the sizes that the answer took. */
static void find_frontier(struct search *search)
{
    struct answer *answer = search->answer;
    search->out = false;
    for (int level = 0; level <= search->level; level++)
        for (size_t k = 0; k < answer->n_lines && !search->out; k++) {
            struct line *line = &answer->lines[k];
            line->skipped = line->skipped || dominated(answer, line);
            if (!line->skipped && line->finding == FINDING_UNDECIDED)
                go_on(search, line, level);
        }
}

/* Simulates what decides the answer by theory. */
static void check_all(struct search *search)
{
    struct answer *answer = search->answer;
    const struct line *line = answer->best ? answer->best : answer->lines;
    for (size_t k = 0; k < answer->n_points; k++) {
        struct point *point = answer->points[k];
        if (point == line->best || point == line->beside)
            search_check(search, point);
        answer->disagrees = answer->disagrees || point->check == CHECK_DISAGREES;
    }
}

struct answer *answer_find(const struct question *question)
{
    struct answer *answer = xcalloc(1, sizeof *answer);
    struct search search;
    answer->question = *question;
    answer->longest = longest_of(question);
    make_lines(answer);
    search_begin(&search, answer);
    find_cheapest(&search);
    if (answer->n_lines > 1 && !answer->interrupted)
        find_frontier(&search);
    check_all(&search);
    for (size_t k = 0; k < answer->n_points; k++)
        answer->points[k]->finding = point_finding(&search, answer->points[k], ALL_OBJECTIVES);
    conclude(answer, search.limited);
    for (size_t k = 0; k < answer->n_lines; k++)
        answer->contradicted = answer->contradicted || contradicted(answer, &answer->lines[k]);
    return answer;
}

void answer_free(struct answer *answer)
{
    if (!answer)
        return;
    for (size_t k = 0; k < answer->n_points; k++)
        free(answer->points[k]);
    free(answer->points);
    free(answer->lines);
    free(answer);
}
