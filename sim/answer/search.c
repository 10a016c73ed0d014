/* One line: directions from its ends, then bisection with the doubt put aside (answer.h). */
#include "search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { END_LEVELS = 2 }; /* how often an end is looked at again, to see which way things go */

static size_t length(const struct search *search)
{
    const struct answer *answer = search->answer;
    return answer->question.spans[answer->longest].n;
}

struct point *search_on_line(struct search *search, const struct line *line, size_t i)
{
    size_t index[SPANS];
    memcpy(index, line->index, sizeof index);
    index[search->answer->longest] = i;
    return search_point(search, index);
}

/* ---- directions ---- */

/* An end with an estimate of everything, as far as a few looks give one: one at least, however
 * large it must be. */
static void look_at_end(struct search *search, struct point *end)
{
    double tasks;
    int least = search_first_level(search, end, &tasks, LOOK_CYCLES);
    for (int level = 0; (level <= END_LEVELS || level <= least) && !search->out; level++)
        search_decide(search, end, ALL_OBJECTIVES, level);
}

/* What a figure is; the worst where all that is known is that there is none: too slow a queue. */
static double known(const struct objective *objective, const struct estimate *e)
{
    double worst = objective->at_least ? -INFINITY : INFINITY;
    return isnan(e->value) ? worst : e->value;
}

static enum direction direction_of(const struct objective *objective, size_t i, bool more_is_load,
                                   const struct point *low, const struct point *high)
{
    const struct estimate *a = &low->estimates[i], *b = &high->estimates[i];
    double from = known(objective, a), to = known(objective, b);
    enum direction up = objective->at_least ? MORE_HELPS : MORE_HURTS;
    enum direction down = objective->at_least ? MORE_HURTS : MORE_HELPS;
    if (low->findings[i] == FINDING_UNMET && high->findings[i] == FINDING_MET)
        return MORE_HELPS;
    if (low->findings[i] == FINDING_MET && high->findings[i] == FINDING_UNMET)
        return MORE_HURTS;
    /* Where both ends are alike, only what is beyond doubt is a direction. */
    bool apart = a->high < b->low || b->high < a->low;
    if (!apart && low->findings[i] == high->findings[i] && low->findings[i] != FINDING_UNDECIDED)
        return MORE_IS_THE_SAME;
    if (isnan(a->value) || isnan(b->value)) /* what is likely: more load is worse, else better */
        return !more_is_load != objective->at_least ? MORE_HELPS : MORE_HURTS;
    if (from != to)
        return from < to ? up : down;
    /* An end of which nothing is known may be better: the one that is unmet does not answer for it.
     */
    return low->findings[i] == FINDING_UNMET && high->findings[i] == FINDING_UNDECIDED ? MORE_HELPS
           : low->findings[i] == FINDING_UNDECIDED && high->findings[i] == FINDING_UNMET
               ? MORE_HURTS
               : MORE_IS_THE_SAME;
}

static objective_set set_of(const struct search *search, const struct line *line,
                            enum direction direction)
{
    objective_set set = 0;
    for (size_t i = 0; i < search->answer->question.n_objectives; i++)
        if (line->directions[i] == direction)
            set |= 1u << i;
    return set;
}

/* ---- bisection ---- */

/* A line that is searched. Its bracket is on places, which count from the end at which its set of
 * objectives is worst (struct line). */
struct bracket {
    struct search *search;
    struct line *line;
    long n;
};

static size_t index_at(const struct bracket *b, long place)
{
    return (size_t)(b->line->mirrored ? b->n - 1 - place : place);
}

static struct point *at_place(const struct bracket *b, long place)
{
    return search_on_line(b->search, b->line, index_at(b, place));
}

static void take(struct bracket *b, long place, enum finding finding)
{
    if (finding == FINDING_MET && place < b->line->good)
        b->line->good = place;
    if (finding == FINDING_UNMET && place > b->line->bad)
        b->line->bad = place;
}

/* Places that a bracket may still hold: of whole numbers one; of a range that has a resolution as
 * many as lie in it, and in twice, four, eight times as much when an eighth, a quarter, a half of
 * the budget is spent. */
static long wide_enough(const struct bracket *b)
{
    const struct answer *answer = b->search->answer;
    bool fine = answer->question.spans[answer->longest].resolution > 0;
    if (!fine || b->line->bad < 0 || b->line->good >= b->n)
        return 1;
    double share = answer->spent / answer->question.max_tasks;
    int times = share < 1.0 / 8 ? 1 : share < 1.0 / 4 ? 2 : share < 1.0 / 2 ? 4 : 8;
    return times * SPAN_STEPS;
}

static bool narrow(const struct bracket *b)
{
    return b->line->good - b->line->bad <= wide_enough(b);
}

/* The first and the last place in the bracket that `level` left undecided; false: there is none. */
static bool asides(const struct bracket *b, int level, long *first, long *last)
{
    const struct answer *answer = b->search->answer;
    *first = b->line->good;
    *last = b->line->bad;
    for (size_t k = 0; k < answer->n_points; k++) {
        const struct point *point = answer->points[k];
        long i = (long)point->index[answer->longest], place = b->line->mirrored ? b->n - 1 - i : i;
        if (place <= b->line->bad || place >= b->line->good || point->aside < level ||
            !answer_on_line(answer, b->line, point))
            continue;
        *first = place < *first ? place : *first;
        *last = place > *last ? place : *last;
    }
    return *first < b->line->good;
}

/* Where to look next with samples of one level: in the middle; where that is in doubt, in the
 * middle of what is left between the doubt and the ends, as long as that is more than an eighth of
 * the bracket. -1: nowhere; what lies between two places in doubt would be, too. */
static long next_place(const struct bracket *b, int level)
{
    long step = (b->line->good - b->line->bad) / 8 > 1 ? (b->line->good - b->line->bad) / 8 : 1,
         first, last;
    if (!asides(b, level, &first, &last))
        return (b->line->bad + b->line->good) / 2;
    if (first - b->line->bad > step)
        return (b->line->bad + first) / 2;
    return b->line->good - last > step ? (last + b->line->good) / 2 : -1;
}

static void bisect(struct bracket *b, int level)
{
    while (!narrow(b) && !b->search->out) {
        long place = next_place(b, level);
        if (place < 0)
            return;
        take(b, place, search_decide(b->search, at_place(b, place), b->line->set, level));
    }
}

/* ---- the line ---- */

void search_line_begin(struct search *search, struct line *line)
{
    const struct answer *answer = search->answer;
    const struct question *q = &answer->question;
    struct bracket b = {search, line, (long)length(search)};
    struct point *low = search_on_line(search, line, 0),
                 *high = search_on_line(search, line, length(search) - 1);
    line->finding = FINDING_UNDECIDED;
    look_at_end(search, low);
    look_at_end(search, high);
    bool more_is_load = search_more_is_load(search, line);
    for (size_t i = 0; i < q->n_objectives; i++)
        line->directions[i] = direction_of(&q->objectives[i], i, more_is_load, low, high);
    objective_set helped = set_of(search, line, MORE_HELPS);
    objective_set hurt = set_of(search, line, MORE_HURTS);
    line->mirrored = hurt && !helped && !q->costs;
    line->set = line->mirrored ? hurt : helped;
    line->bad = -1;
    line->good = b.n;
    take(&b, 0, point_finding(search, at_place(&b, 0), line->set));
    take(&b, b.n - 1, point_finding(search, at_place(&b, b.n - 1), line->set));
    if (answer->n_lines == 1)
        search_inside(search, line);
    for (size_t k = 0; k < answer->n_points && !line->stretched; k++) {
        long i = (long)answer->points[k]->index[answer->longest];
        if (answer_on_line(answer, line, answer->points[k]))
            take(&b, line->mirrored ? b.n - 1 - i : i,
                 point_finding(search, answer->points[k], line->set));
    }
}

bool search_beside(const struct search *search, const struct line *line, const struct point *a,
                   const struct point *b)
{
    const struct answer *answer = search->answer;
    const struct bracket bracket = {(struct search *)search, (struct line *)line,
                                    (long)length(search)};
    long apart = (long)a->index[answer->longest] - (long)b->index[answer->longest];
    return labs(apart) <= wide_enough(&bracket);
}

void search_gap(struct search *search, struct line *line, const struct point *unmet,
                const struct point *met, int level)
{
    size_t longest = search->answer->longest;
    struct bracket b = {search, line, (long)length(search)};
    long bad = (long)unmet->index[longest], good = (long)met->index[longest];
    line->mirrored = good < bad;
    line->set = ALL_OBJECTIVES;
    line->bad = line->mirrored ? b.n - 1 - bad : bad;
    line->good = line->mirrored ? b.n - 1 - good : good;
    bisect(&b, level);
}

void search_line(struct search *search, struct line *line, int level)
{
    struct bracket b = {search, line, (long)length(search)};
    if (line->stretched) {
        search_stretches(search, line, level);
        return;
    }
    bisect(&b, level);
    if (line->bad >= 0)
        line->beside = at_place(&b, line->bad);
    if (line->good >= b.n) {
        line->finding = narrow(&b) ? FINDING_UNMET : FINDING_UNDECIDED;
        return;
    }
    /* The best of the bracket is to meet the other objectives, too. */
    struct point *point = at_place(&b, line->good);
    enum finding rest = search_decide(search, point, ALL_OBJECTIVES, level);
    line->best = rest == FINDING_MET ? point : NULL;
    if (rest == FINDING_UNMET)
        line->beside = point;
    line->finding = rest == FINDING_UNMET || narrow(&b) ? rest : FINDING_UNDECIDED;
}
