#include "plan_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/err.h"
#include "describe.h"

enum { DIGITS = 3 };

static const char *human(enum unit unit, double value, int digits)
{
    char text[64];
    unit_human(unit, value, digits, text, sizeof text);
    return intern(text);
}

const char *plan_point(const struct answer *answer, const struct point *point)
{
    const struct question *q = &answer->question;
    const char *all = "";
    struct scenario *s = xmalloc(sizeof *s);
    *s = *q->scenario;
    for (size_t i = 0; i < q->n_spans; i++) {
        const struct span *span = &q->spans[i];
        span_put(span, point->index[i], s);
        all = internf("%s%s%s", all, i ? ", " : "",
                      describe_varied(s, span->path, span_text(span, point->value[i])));
    }
    free(s);
    return all;
}

const char *plan_objective(const struct objective *objective)
{
    return internf("%s %s %s", objective->name,
                   objective->at_least ? ">=" : "<=", human(objective->unit, objective->limit, 6));
}

const char *plan_value(const struct objective *objective, double value)
{
    if (isnan(value))
        return "-";
    return isinf(value) ? "no limit" : human(objective->unit, value, DIGITS);
}

/* An end of an interval: with as many digits as it takes to tell it from the limit. */
static const char *end_text(const struct objective *objective, double end)
{
    int digits = DIGITS;
    while (digits < 8 && end != objective->limit &&
           human(objective->unit, end, digits) == human(objective->unit, objective->limit, digits))
        digits++;
    return human(objective->unit, end, digits);
}

const char *plan_interval(const struct objective *objective, const struct estimate *estimate)
{
    if (isnan(estimate->low) || isnan(estimate->high))
        return "-";
    if (isinf(estimate->low))
        return "no limit";
    if (estimate->low == estimate->high)
        return internf("%s exactly", end_text(objective, estimate->low));
    if (isinf(estimate->high) || (objective->unit == UNIT_SHARE && estimate->high == 1))
        return internf("%s or more", end_text(objective, estimate->low));
    return internf("%s to %s", end_text(objective, estimate->low),
                   end_text(objective, estimate->high));
}

/* Whether a name stands for several: "8 consumers". */
static bool plural(const struct answer *answer, const struct point *point)
{
    const struct question *q = &answer->question;
    const char *path = q->spans[0].path;
    bool counted = strcmp(path, "consumers.count") == 0 ||
                   (strcmp(path, "buffer.capacity") == 0 && isfinite(point->value[0]));
    return q->n_spans > 1 || (counted && point->value[0] != 1);
}

/* Whether an estimate is a value that theory knows. */
static bool is_exact(const struct point *point, size_t i)
{
    return point->exact & 1u << i;
}

/* "p99 <= 250 ms (212 to 231 ms) and loss <= 0.1 % (0 to 0.04 %)" */
static const char *objectives(const struct answer *answer, const struct point *point)
{
    const struct question *q = &answer->question;
    const char *text = "";
    bool said = false;
    for (size_t i = 0; i < q->n_objectives; i++) {
        const char *joint = i == 0 ? "" : i + 1 == q->n_objectives ? " and " : ", ";
        bool sure = !point || said || is_exact(point, i);
        text = internf("%s%s%s", text, joint, plan_objective(&q->objectives[i]));
        if (point)
            text =
                internf("%s (%s%s)", text, plan_interval(&q->objectives[i], &point->estimates[i]),
                        sure ? "" : internf(" at %s", human(UNIT_SHARE, q->confidence, 4)));
        said = said || !sure;
    }
    return text;
}

/* Why a point does not meet all: "p99 280 to 310 ms", of the objectives that it misses. */
static const char *misses(const struct answer *answer, const struct point *point)
{
    const struct question *q = &answer->question;
    const char *text = "";
    for (size_t i = 0; i < q->n_objectives; i++) {
        const struct estimate *e = &point->estimates[i];
        if (point->findings[i] != FINDING_UNMET)
            continue;
        const char *how = isinf(e->low) ? internf("%s grows without limit", q->objectives[i].name)
                                        : internf("%s %s", q->objectives[i].name,
                                                  plan_interval(&q->objectives[i], e));
        text = internf("%s%s%s", text, *text ? ", " : "", how);
    }
    return text;
}

/* "7 do not (p99 280 to 310 ms)": the neighbour is told by its number alone where it can be. */
static const char *neighbour(const struct answer *answer, const struct point *point)
{
    const struct question *q = &answer->question;
    const char *name =
        q->n_spans > 1 ? plan_point(answer, point) : span_text(&q->spans[0], point->value[0]);
    return internf("%s %s not (%s)", name, plural(answer, point) ? "do" : "does",
                   misses(answer, point));
}

static const char *met(const struct answer *answer)
{
    const struct line *line = answer->best;
    const struct question *q = &answer->question;
    const char *text =
        internf("%s %s %s", plan_point(answer, line->best),
                plural(answer, line->best) ? "meet" : "meets", objectives(answer, line->best));
    if (q->costs)
        text = internf("%s at a cost of %s", text, human(UNIT_NUMBER, line->best->cost, 6));
    if (line->beside)
        return internf("%s; %s", text, neighbour(answer, line->beside));
    return internf("%s, the %s value of the range", text,
                   line->best->index[answer->longest] == 0 ? "lowest" : "highest");
}

/* How far a point is from meeting all objectives: the largest of the ratios of value and limit, as
 * a logarithm. */
static double distance(const struct question *q, const struct point *point)
{
    double most = 0;
    for (size_t i = 0; i < q->n_objectives; i++)
        if (point->findings[i] == FINDING_UNMET)
            most = fmax(most, fabs(log(point->estimates[i].value / q->objectives[i].limit)));
    return most;
}

/* What stands in the way where there are several combinations: an objective that all of them miss,
 * if there is one; and the combination that comes nearest. */
static const char *obstacle(const struct answer *answer)
{
    const struct question *q = &answer->question;
    const struct point *nearest = NULL;
    objective_set missed = ~0U;
    for (size_t l = 0; l < answer->n_lines; l++) {
        const struct point *point = answer->lines[l].beside;
        if (!point)
            continue;
        for (size_t i = 0; i < q->n_objectives; i++)
            if (point->findings[i] != FINDING_UNMET)
                missed &= ~(1U << i);
        if (!nearest || distance(q, point) < distance(q, nearest))
            nearest = point;
    }
    if (!nearest)
        return "";
    const char *which = "";
    for (size_t i = q->n_objectives; i-- > 0 && q->n_objectives > 1;)
        if (missed & 1U << i)
            which = internf(", for none meets %s", plan_objective(&q->objectives[i]));
    return internf("%s: %s give %s", which, plan_point(answer, nearest), misses(answer, nearest));
}

/* The point of the only line that comes nearest: beside which nothing better was found. */
static const char *unmet(const struct answer *answer)
{
    const struct question *q = &answer->question;
    const struct line *line = &answer->lines[0];
    if (q->n_spans > 1)
        return internf("No combination in these ranges meets %s%s", objectives(answer, NULL),
                       obstacle(answer));
    const struct span *span = &q->spans[0];
    const char *text =
        internf("No %s from %s to %s meets %s", span->path, span_text(span, span->low),
                span_text(span, span->high), objectives(answer, NULL));
    if (!line->beside)
        return text;
    return internf("%s: %s give%s %s", text, plan_point(answer, line->beside),
                   plural(answer, line->beside) ? "" : "s", misses(answer, line->beside));
}

/* "p99 240 to 260 ms", of the objectives that nothing is known of. */
static const char *in_doubt(const struct answer *answer, const struct point *point)
{
    const struct question *q = &answer->question;
    const char *text = "";
    for (size_t i = 0; i < q->n_objectives; i++)
        if (point->findings[i] == FINDING_UNDECIDED)
            text = internf("%s%s%s %s", text, *text ? ", " : "", q->objectives[i].name,
                           plan_interval(&q->objectives[i], &point->estimates[i]));
    return text;
}

/* "7 or 8"; "7, 8 or 9 consumers" with the name of the last. NULL: nothing so short is known. */
static const char *candidates(const struct answer *answer)
{
    enum { MOST = 3 };
    const struct point *points[MOST];
    size_t n = answer_candidates(answer, points, MOST);
    const struct span *span = &answer->question.spans[0];
    const char *text = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *name =
            i + 1 == n ? plan_point(answer, points[i]) : span_text(span, points[i]->value[0]);
        const char *joint = i + 1 == n ? " or " : ", ";
        text = text ? internf("%s%s%s", text, joint, name) : name;
    }
    return n > 1 ? text : NULL;
}

/* What is known of either side, and what is not. */
static const char *sides(const struct answer *answer, const struct line *line, const char *text)
{
    if (line->best)
        text = internf("%s; %s surely %s%s", text, plan_point(answer, line->best),
                       plural(answer, line->best) ? "do" : "does",
                       answer->question.costs
                           ? internf(", at a cost of %s", human(UNIT_NUMBER, line->best->cost, 6))
                           : "");
    if (line->beside)
        text = internf("%s; %s", text, neighbour(answer, line->beside));
    const struct point *point = answer_doubt(answer, line);
    if (point && point->looks > 0)
        text = internf("%s; %s may or may not (%s%s)", text, plan_point(answer, point),
                       in_doubt(answer, point),
                       answer->question.costs
                           ? internf(", at a cost of %s", human(UNIT_NUMBER, point->cost, 6))
                           : "");
    return text;
}

static const char *undecided(const struct answer *answer)
{
    const struct line *line = answer->best           ? answer->best
                              : answer->n_lines == 1 ? &answer->lines[0]
                                                     : NULL;
    const char *between = candidates(answer);
    const char *text = internf("Undecided%s%s: %s", between ? ", " : "", between ? between : "",
                               objectives(answer, NULL));
    if (answer->disagrees)
        return internf("%s; theory and simulation do not agree, and one of them is wrong", text);
    if (line)
        text = sides(answer, line, text);
    if (answer->needed > 1e12)
        return internf("%s. No number of tasks that could be run would decide it", text);
    if (isnan(answer->needed) && !answer->interrupted)
        return internf("%s. It is too close to the limit to be decided", text);
    if (!isnan(answer->needed))
        text = internf("%s. About %s tasks would decide it: --max-tasks %gM", text,
                       human(UNIT_COUNT, answer->needed, 2), 1e-6 * answer->needed);
    return text;
}

/* "from 2 /s to 3.1 /s and from 21 /s to 200 /s" */
static const char *stretches(const struct answer *answer, enum finding finding)
{
    const struct line *line = &answer->lines[0];
    const struct span *span = &answer->question.spans[0];
    struct stretch stretch[STRETCHES];
    size_t n = answer_stretches(answer, line, stretch);
    const char *text = NULL;
    for (size_t i = 0; i < n; i++) {
        double first = stretch[i].first->value[0], last = stretch[i].last->value[0];
        if (stretch[i].finding != finding)
            continue;
        const char *one =
            first == last ? internf("at %s", span_text(span, first))
                          : internf("from %s to %s", span_text(span, first), span_text(span, last));
        text = text ? internf("%s and %s", text, one) : one;
    }
    return text ? text : "nowhere";
}

const char *plan_sentence(const struct answer *answer)
{
    const char *text = answer->finding == FINDING_MET     ? met(answer)
                       : answer->finding == FINDING_UNMET ? unmet(answer)
                                                          : undecided(answer);
    return internf("%s.", text);
}

/* What a line that does not go one way is like. */
static const char *no_direction(const struct answer *answer)
{
    return internf("%s does not work one way: the objectives are met %s, and missed %s.",
                   answer->question.spans[0].path, stretches(answer, FINDING_MET),
                   stretches(answer, FINDING_UNMET));
}

/* What theory says of the answer, and simulation of that. */
static const char *by_theory(const struct answer *answer)
{
    const struct line *line = answer->best ? answer->best : &answer->lines[0];
    const struct point *point = line->best ? line->best : line->beside;
    if (!point || !point->exact)
        return "";
    const char *text =
        internf("%s by theory (%s)", point->theory ? "Exact" : "What is exact is so", point->model);
    for (size_t i = 0; i < answer->question.n_objectives; i++)
        if (point->check == CHECK_DISAGREES && is_exact(point, i))
            text = internf("%s; but a simulation of %s tasks finds %s %s", text,
                           human(UNIT_COUNT, point->tasks, 2), answer->question.objectives[i].name,
                           plan_interval(&answer->question.objectives[i], &point->simulated[i]));
    if (point->check == CHECK_AGREES)
        return internf("%s; a simulation of %s tasks agrees.", text,
                       human(UNIT_COUNT, point->tasks, 2));
    if (point->check == CHECK_TOO_SHORT && point->needs > 0)
        return internf("%s; to check it by simulation would take about %s tasks.", text,
                       human(UNIT_COUNT, point->needs, 2));
    return internf("%s.", text);
}

/* Whether it is by plain simulation that a line is known. */
static bool plainly(const struct answer *answer, const struct line *line)
{
    for (size_t i = 0; line->best && i < answer->question.n_objectives; i++)
        if (line->best->theory || line->best->method[i] != GLANCE_PLAINLY)
            return false;
    return true;
}

/* Which way the key works, by what was simulated. */
static const char *direction(const struct answer *answer)
{
    static const char *const words[] = {"no difference to", "better", "worse"};
    const struct question *q = &answer->question;
    const struct line *line = answer->best ? answer->best : &answer->lines[0];
    const char *text = "";
    if (line->stretched)
        return no_direction(answer);
    if (!(answer->spent > 0)) /* nothing was simulated, and nothing is known of directions */
        return text;
    for (size_t i = 0; i < q->n_objectives; i++) {
        enum direction d = line->directions[i];
        text =
            internf("%s%s%s%s%s", text, i ? "; " : "",
                    d == MORE_IS_THE_SAME ? "makes no difference to " : "makes ",
                    q->objectives[i].name, d == MORE_IS_THE_SAME ? "" : internf(" %s", words[d]));
    }
    return internf("More of %s %s, as %s at both ends%s.", q->spans[answer->longest].path, text,
                   plainly(answer, line) ? "simulated" : "known",
                   line->inside > 0 ? " and in between" : "");
}

/* What stands in the way of an open answer. */
static const char *counted(const struct answer *answer, const struct objective *o)
{
    if (answer->question.simulate)
        return internf(" What is as rare as %s takes less without --method simulated.",
                       plan_objective(o));
    return internf(" What is as rare as %s had to be counted: splitting follows one class of "
                   "tasks in order of arrival (docs/rare.md).",
                   plan_objective(o));
}

/* By what rare figures of the answer are known. */
static const char *by_rare(const struct answer *answer)
{
    const struct question *q = &answer->question;
    const struct line *line = answer->best ? answer->best : &answer->lines[0];
    const struct point *point = line->best ? line->best : line->beside;
    const char *text = "";
    for (size_t i = 0; point && i < q->n_objectives; i++) {
        const struct objective *o = &q->objectives[i];
        const struct estimate *e = &point->estimates[i];
        bool known = (point->exact | point->grown) & 1u << i;
        if (!known && point->method[i] == GLANCE_CONDITIONAL)
            text = internf("%s %s is known by conditional Monte Carlo on the formula of Pollaczek "
                           "and Khinchine, whatever sizes a run would have met.",
                           text, o->name);
        else if (!known && point->method[i] == GLANCE_SPLITTING)
            text = internf("%s %s is known by splitting%s.", text, o->name,
                           isnan(e->value) && e->low == 0
                               ? ", which was followed no further than to where it is surely below "
                                 "the limit"
                               : "");
        else if (!known && answer->finding == FINDING_UNDECIDED && answer_is_rare(o))
            text = internf("%s%s", text, counted(answer, o));
    }
    return text;
}

const char *plan_remarks(const struct answer *answer)
{
    const struct question *q = &answer->question;
    const struct span *span = &q->spans[answer->longest];
    const char *theory = by_theory(answer), *text = direction(answer);
    text = internf("%s%s%s", theory, *theory && *text ? " " : "", text);
    if (span->resolution > 0 && answer->best && answer->best->beside)
        text = internf("%s The value is to within %s; a larger --max-tasks or a narrower range "
                       "makes it finer.",
                       text,
                       span_text(span, fabs(answer->best->best->value[answer->longest] -
                                            answer->best->beside->value[answer->longest])));
    if (answer->contradicted && !answer->lines[0].stretched)
        text = internf("%s But it does not go one way all along: other values than the answer may "
                       "meet the objectives, too.",
                       text);
    text = internf("%s%s", text, by_rare(answer));
    return *text == ' ' ? text + 1 : text;
}
