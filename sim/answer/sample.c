/* Points, and the samples that decide them (answer.h). */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../engine/relaxation.h"
#include "../result/run.h"
#include "../result/timescale.h"
#include "../scenario/process.h"
#include "exact.h"
#include "search.h"

#define FIRST_TASKS 1000.0 /* of a replication */
#define CAUTION     0.25   /* about a standard error, of the side of an interval */
#define FORESIGHT   16.0   /* how far what an interval needs is foreseen, in its tasks */

enum {
    SMALLER = 2,          /* a new point begins with samples so many times smaller by half */
    FEW_REPLICATIONS = 8, /* of a run whose length is given */
    MOST_DOUBLINGS = 13   /* of these: 32768 results of runs are some 100 MB */
};

/* Replications of a sample at level 0. The length of a run is part of the question where the
 * arrivals move with time: then it is the number of replications that grows. */
static double first_replications(const struct scenario *s)
{
    return process_is_stationary(s) ? SAMPLE_REPLICATIONS : FEW_REPLICATIONS;
}

double search_sample(const struct search *search, int level)
{
    return ldexp(first_replications(search->answer->question.scenario) * search->first, level);
}

/* A sample's length and replications, and the tasks that it costs. */
static double set_sample(const struct search *search, int level, struct scenario *s)
{
    s->run.replications = first_replications(s);
    if (process_is_stationary(s)) {
        s->run.tasks = ldexp(search->first, level);
        s->run.duration = NAN;
    } else {
        s->run.replications = ldexp(s->run.replications, level);
    }
    return s->run.replications * trial_cost(s, 0);
}

/* Tasks of a warm-up that is given as a number or a time: nothing shorter is worth it. */
static double given_warm_up(const struct scenario *s)
{
    const struct amount *warmup = &s->run.warmup;
    enum amount_kind kind = (enum amount_kind)warmup->kind;
    double tasks = kind == AMOUNT_COUNT      ? warmup->value
                   : kind == AMOUNT_DURATION ? warmup->value * scenario_likely_rate(s)
                                             : 0;
    return isfinite(tasks) ? ceil(tasks) : 0;
}

void search_begin(struct search *search, struct answer *answer)
{
    const struct question *q = &answer->question;
    const struct scenario *s = q->scenario;
    bool whole_log;
    *search = (struct search){.answer = answer, .first = fmax(FIRST_TASKS, given_warm_up(s))};
    for (size_t i = 0; i < q->n_objectives; i++)
        search->first =
            fmax(search->first, ceil(objective_needs(&q->objectives[i]) / SAMPLE_REPLICATIONS));
    if (!process_is_stationary(s))
        search->first = isnan(s->run.tasks) ? s->run.duration * scenario_likely_rate(s)
                                            : scenario_tasks(s, &whole_log);
    if (!(search->first >= 1))
        search->first = FIRST_TASKS;
    double most = q->max_tasks / search_sample(search, 0);
    search->levels = most >= 1 ? (int)floor(log2(most)) + 1 : 1;
    search->limited = !process_is_stationary(s) && search->levels >= MOST_DOUBLINGS;
    if (search->limited)
        search->levels = MOST_DOUBLINGS;
    double along = ceil(log2((double)q->spans[answer->longest].n + 1)) + 4 +
                   (answer->n_lines == 1 ? INSIDE : 0);
    search->counted_on = (double)answer->n_lines * along;
}

/* What may go wrong at a point, of all that may: three quarters in equal shares for those that were
 * counted on; those beyond them share the rest as 1, 1/4, 1/9, ..., whose sum is pi^2 / 6. */
static double share_of_risk(const struct search *search)
{
    double beyond = (double)search->answer->n_points + 1 - search->counted_on;
    if (beyond <= 0)
        return 0.75 / search->counted_on;
    return fmin(0.75 / search->counted_on, 0.25 * 6 / (M_PI * M_PI * beyond * beyond));
}

static int by_index(const size_t a[SPANS], const size_t b[SPANS])
{
    for (int i = 0; i < SPANS; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static void put_values(const struct question *q, const size_t index[SPANS], struct scenario *s)
{
    *s = *q->scenario;
    for (size_t i = 0; i < q->n_spans; i++)
        span_put(&q->spans[i], index[i], s);
}

struct scenario *search_scenario(const struct search *search, const struct point *point)
{
    struct scenario *s = xmalloc(sizeof *s);
    put_values(&search->answer->question, point->index, s);
    return s;
}

/* A queue that grows without limit needs no look; but where some of its tasks lose patience, how
 * many do is not known. Nor does what theory knows exactly. */
static void judge_by_theory(const struct question *q, struct point *point)
{
    struct scenario *s = xmalloc(sizeof *s);
    struct exact exact = {.model = NULL};
    put_values(q, point->index, s);
    bool grows =
        process_is_stationary(s) && stability_theory(s) == STABLE_NO && !scenario_impatient(s);
    if (!grows && process_is_stationary(s) && !q->simulate && !q->without_theory)
        exact_figures(s, q->objectives, q->n_objectives, &exact);
    for (size_t i = 0; i < q->n_objectives; i++) {
        const struct estimate unknown = {NAN, NAN, NAN};
        double value = exact.model ? exact.value[i] : NAN;
        point->simulated[i] = unknown;
        point->estimates[i] = grows ? estimate_of_growth(q->objectives[i].figure.kind)
                                    : (struct estimate){value, value, value};
        point->findings[i] = objective_judge(&q->objectives[i], &point->estimates[i]);
        point->exact |= isnan(value) ? 0 : 1u << i;
        point->grown |= grows && point->findings[i] != FINDING_UNDECIDED ? 1u << i : 0;
    }
    point->model = point->exact ? exact.model : NULL;
    free(s);
}

struct point *search_point(struct search *search, const size_t index[SPANS])
{
    struct answer *answer = search->answer;
    const struct question *q = &answer->question;
    size_t at = 0;
    while (at < answer->n_points && by_index(answer->points[at]->index, index) < 0)
        at++;
    if (at < answer->n_points && by_index(answer->points[at]->index, index) == 0)
        return answer->points[at];
    struct point *point = xcalloc(1, sizeof *point);
    memcpy(point->index, index, sizeof point->index);
    for (size_t i = 0; i < q->n_spans; i++) {
        point->value[i] = span_value(&q->spans[i], index[i]);
        point->cost += q->spans[i].cost > 0 ? q->spans[i].cost * point->value[i] : 0;
    }
    point->level = point->aside = -1;
    point->needs = point->needs_surely = NAN;
    double looks = (double)search->levels * (double)q->n_objectives;
    point->risk = (1 - q->confidence) * share_of_risk(search) / looks;
    judge_by_theory(q, point);
    point_methods(search, point);
    point->theory = point_finding(search, point, ALL_OBJECTIVES) != FINDING_UNDECIDED;
    answer->points = xrealloc(answer->points, (answer->n_points + 1) * sizeof *answer->points);
    memmove(&answer->points[at + 1], &answer->points[at],
            (answer->n_points - at) * sizeof *answer->points);
    answer->points[at] = point;
    answer->n_points++;
    return point;
}

enum finding point_finding(const struct search *search, const struct point *point,
                           objective_set set)
{
    enum finding finding = FINDING_MET;
    for (size_t i = 0; i < search->answer->question.n_objectives; i++) {
        if (!(set & 1u << i))
            continue;
        if (point->findings[i] == FINDING_UNMET)
            return FINDING_UNMET;
        if (point->findings[i] == FINDING_UNDECIDED)
            finding = FINDING_UNDECIDED;
    }
    return finding;
}

/* ---- looks ---- */

struct watch {
    const struct question *question;
    const char *doing;
    double spent, seconds;
};

static void show(void *context, double share, uint64_t tasks, double seconds)
{
    (void)share;
    const struct watch *watch = context;
    watch->question->progress(watch->question->context, watch->doing,
                              (uint64_t)watch->spent + tasks, watch->seconds + seconds);
}

const char *search_doing(const struct search *search, const struct point *point)
{
    const struct question *q = &search->answer->question;
    const char *text = "trying";
    for (size_t i = 0; i < q->n_spans; i++)
        text = internf("%s%s %s = %s", text, i ? "," : "", q->spans[i].path,
                       span_text(&q->spans[i], point->value[i]));
    return text;
}

/* Measured tasks after which the interval would be clear of the limit, if it went on shrinking with
 * their square root; and if the value itself comes nearer to the limit by `caution` of the
 * interval's side. */
static double needs(const struct objective *objective, const struct estimate *e, double tasks,
                    double caution)
{
    double side = e->value > objective->limit ? e->value - e->low : e->high - e->value;
    double room = fabs(e->value - objective->limit);
    room = fmax(room - caution * side, room / 4);
    if (isnan(side)) /* no interval yet */
        return 4 * tasks;
    double ratio = room > 0 ? side / room : INFINITY;
    return fmin(tasks * fmax(2, 1.2 * ratio * ratio), 1e15);
}

void point_take(const struct search *search, struct point *point, size_t objective,
                const struct estimate *estimate, double tasks)
{
    const struct objective *o = &search->answer->question.objectives[objective];
    point->estimates[objective] = *estimate;
    enum finding finding = objective_judge(o, estimate);
    if (finding != FINDING_UNDECIDED)
        point->findings[objective] = finding;
    if (point->findings[objective] != FINDING_UNDECIDED)
        return;
    point->needs = fmax(point->needs, needs(o, estimate, tasks, 0));
    point->needs_surely = fmax(point->needs_surely, needs(o, estimate, tasks, CAUTION));
}

static void judge(const struct search *search, struct point *point, const struct result *result)
{
    const struct question *q = &search->answer->question;
    point->tasks = (double)result_row(result, 0, result_row_classes(result) - 1)->offered;
    point_check(point, q, result);
    for (size_t i = 0; i < q->n_objectives; i++) {
        if (point->exact & 1u << i || point->method[i] != GLANCE_PLAINLY)
            continue;
        struct estimate e = estimate_look(result, 0, &q->objectives[i].figure, point->risk);
        point_doubt(search, point, i, &e);
        point_take(search, point, i, &e, point->tasks);
    }
}

struct result *search_run(struct search *search, struct point *point, int level, double most)
{
    struct answer *answer = search->answer;
    const struct question *q = &answer->question;
    struct scenario *s = search_scenario(search, point);
    double cost = set_sample(search, level, s);
    if (cost > most || level >= search->levels || answer->spent + cost > q->max_tasks) {
        search->out = search->out || cost <= most;
        free(s);
        return NULL;
    }
    struct watch watch = {q, search_doing(search, point), answer->spent, answer->seconds};
    const struct run_options options = {.engine = q->engine ? q->engine : engine_for(s),
                                        .jobs = q->jobs,
                                        .stop = q->stop,
                                        .progress = q->progress ? show : NULL,
                                        .context = &watch};
    struct result *result = run_scenario(s, &options);
    bool complete = result && !result->interrupted;
    if (result) {
        answer->spent += (double)result->simulated;
        answer->seconds += result->wall_seconds;
        point->spent += (double)result->simulated;
    }
    if (!complete) {
        answer->interrupted = search->out = true;
        result_free(result);
        result = NULL;
    }
    free(s);
    return result;
}

/* Whether an objective is in doubt that only plain simulation can judge. */
static bool plainly(const struct search *search, const struct point *point)
{
    for (size_t i = 0; i < search->answer->question.n_objectives; i++)
        if (point->findings[i] == FINDING_UNDECIDED && point->method[i] == GLANCE_PLAINLY)
            return true;
    return false;
}

/* One sample; false if there is none. */
static bool look(struct search *search, struct point *point, int level)
{
    if (plainly(search, point)) {
        struct result *result = search_run(search, point, level, INFINITY);
        if (!result)
            return false;
        point->needs = point->needs_surely = 0;
        judge(search, point, result);
        result_free(result);
    } else {
        point->needs = point->needs_surely = 0;
    }
    if (!point_glance(search, point, level))
        return false;
    point->level = level;
    point->looks++;
    return true;
}

int search_first_level(const struct search *search, const struct point *point, double *tasks,
                       double cycles)
{
    struct scenario *s = search_scenario(search, point);
    double relaxation = process_is_stationary(s) ? relaxation_tasks(s) : NAN,
           wanted = timescale_tasks(s, cycles);
    free(s);
    int level = 0;
    wanted = fmax(wanted, point_glance_least(search, point));
    *tasks = wanted > 0 ? wanted : NAN;
    while (search_sample(search, level) < wanted && level < search->levels)
        level++;
    if (!isfinite(relaxation))
        return level;
    *tasks = fmax(*tasks, SAMPLE_REPLICATIONS * RELAXATION_WANTED * relaxation);
    while (ldexp(search->first, level) < RELAXATION_NEEDED * relaxation && level < search->levels)
        level++;
    return level;
}

/* Whether a sample of this level would leave a point in doubt, by what its latest look says of it:
 * which is believed as far as to sixteen times the tasks, but for what must be met. */
static bool hopeless(const struct search *search, const struct point *point, int level)
{
    double foreseen = fmin(point->needs, FORESIGHT * point->tasks);
    return fmax(point->least, foreseen) > 2 * search_sample(search, level) ||
           point->least > search->answer->question.max_tasks;
}

enum finding search_decide(struct search *search, struct point *point, objective_set set, int level)
{
    enum finding finding = point_finding(search, point, set);
    double tasks;
    int next = point->level + 1;
    if (finding != FINDING_UNDECIDED)
        return finding;
    if (point->level < 0) {
        int least = search_first_level(search, point, &tasks, LOOK_CYCLES);
        point->needs = point->needs_surely = tasks;
        next = least > level - SMALLER ? least : level - SMALLER;
    }
    for (; finding == FINDING_UNDECIDED && next <= level; next++) {
        if (point->level >= 0 && hopeless(search, point, level))
            break;
        if (!look(search, point, next))
            return finding;
        finding = point_finding(search, point, set);
    }
    if (finding == FINDING_UNDECIDED)
        point->aside = level;
    return finding;
}
