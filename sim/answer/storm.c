#include "storm.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../network/offered.h"
#include "../result/grid.h"
#include "../result/save.h"
#include "../result/save_csv.h"
#include "../scenario/distribution.h"
#include "../scenario/stages.h"
#include "../scenario/sweep.h"

/* ---- what hits it ---- */

/* No run gets there: the longest time that a key takes, seconds. */
#define NEVER 1e12

struct storm_trigger storm_trigger_at(const struct scenario *s, const char *path)
{
    const char *dot = strrchr(path, '.');
    const char *when = dot ? internf("%.*s.at", (int)(dot - path), path) : NULL;
    struct param_ref ref;
    bool timed = when && param_find(s, when, (struct place){0}, &ref, NULL) &&
                 param_is_numeric(&ref) && !isnan(param_get(s, &ref));
    return (struct storm_trigger){intern(path), timed ? when : NULL};
}

struct storm_trigger storm_trigger_of(const struct scenario *s)
{
    for (size_t i = 0; i == 0 || i < (size_t)s->sources_count; i++)
        if (burst_is_given(scenario_burst(s, i)))
            return storm_trigger_at(
                s, s->sources_count > 0 ? internf("sources.%s.trigger.for", source_core(s, i)->name)
                                        : "arrivals.trigger.for");
    for (size_t i = 0; i == 0 || i < (size_t)s->stages_count; i++) {
        const struct trouble_spec *t = stage_trouble(s, s->stages_count > 0 ? i : SPEC_MAIN);
        for (size_t k = 0; k < (size_t)t->outages_count; k++)
            if (!isnan(t->outages[k].at))
                return storm_trigger_at(
                    s, s->stages_count > 0
                           ? internf("stages.%s.outages.%zu.for", stage_core(s, i)->name, k)
                           : internf("outages.%zu.for", k));
    }
    return (struct storm_trigger){0};
}

/* ---- what is run ---- */

/* When all that hits it once is over; of a law its mean. */
static double over_at(const struct scenario *s)
{
    double last = 0;
    for (size_t i = 0; i == 0 || i < (size_t)s->sources_count; i++) {
        const struct burst_spec *b = scenario_burst(s, i);
        if (burst_is_given(b) && b->at < NEVER)
            last = fmax(last, b->at + b->length);
    }
    for (size_t i = 0; i == 0 || i < (size_t)s->stages_count; i++) {
        const struct trouble_spec *t = stage_trouble(s, s->stages_count > 0 ? i : SPEC_MAIN);
        for (size_t k = 0; k < (size_t)t->outages_count; k++)
            if (!isnan(t->outages[k].at) && t->outages[k].at < NEVER)
                last = fmax(last, t->outages[k].at + law_mean(&t->outages[k].length));
    }
    return last;
}

/* From time 0 to the end. */
static double whole_run(const struct scenario *s)
{
    const struct run *run = &s->run;
    enum amount_kind kind = (enum amount_kind)run->warmup.kind;
    double before = kind == AMOUNT_DURATION ? run->warmup.value
                    : kind == AMOUNT_SHARE  ? run->warmup.value * run->duration
                                            : 0;
    return run->duration + before;
}

static bool put(struct scenario *s, const char *path, double value, struct place at,
                struct errors *errors)
{
    struct param_ref ref;
    if (!param_find(s, path, at, &ref, errors))
        return false;
    if (!param_in_range(&ref, value)) {
        char range[128], text[64];
        param_range(&ref, range, sizeof range);
        unit_human(param_unit(&ref), value, 6, text, sizeof text);
        return error_at(errors, at, "%s: %s is out of range: must be %s", path, text, range);
    }
    param_put(s, &ref, value);
    return true;
}

static void take_loads(struct storm *storm, struct scenario *s)
{
    s->sweep = (struct sweep){.parameter = storm->load_path,
                              .from = NAN,
                              .to = NAN,
                              .steps = NAN,
                              .scale = SCALE_LINEAR,
                              .mode = MODE_INDEPENDENT,
                              .values_count = (double)storm->n_loads};
    memcpy(s->sweep.values, storm->load, storm->n_loads * sizeof *storm->load);
    if (storm->n_loads == 1) { /* a list has two values at least */
        s->sweep.values_count = 0;
        s->sweep.from = s->sweep.to = storm->load[0];
        s->sweep.steps = 1;
    }
}

static bool make_part(struct storm *storm, size_t i, double end, struct place at,
                      struct errors *errors)
{
    struct scenario *part = storm->part[i] = xmalloc(sizeof *part);
    *part = storm->s;
    const double late = STORM_LATE * end;
    bool none = isnan(storm->size[i]);
    if (!put(part, none ? storm->trigger.when : storm->trigger.path, none ? NEVER : storm->size[i],
             at, errors))
        return false;
    if (over_at(part) > end - late) {
        char over[64], begins[64], whole[64];
        unit_human(UNIT_DURATION, over_at(part), 3, over, sizeof over);
        unit_human(UNIT_DURATION, end - late, 3, begins, sizeof begins);
        unit_human(UNIT_DURATION, end, 3, whole, sizeof whole);
        return error_at(errors, at,
                        "what hits it is over at %s only: whether it has come back is looked at "
                        "from %s on, in the last quarter of the run (%s): run longer "
                        "(run.duration)",
                        over, begins, whole);
    }
    part->run.warmup = (struct amount){AMOUNT_DURATION, end - late};
    part->run.duration = late;
    part->run.tasks = NAN;
    part->run.at_end = END_CENSOR;
    return true;
}

bool storm_plan(struct storm *storm, struct place at, struct errors *errors)
{
    struct scenario *s = &storm->s;
    const double end = whole_run(s);
    struct param_ref ref;
    if (isnan(end))
        return error_at(errors, at,
                        "how long has it to come back? Give run.duration: the last quarter of the "
                        "run is looked at");
    if (!param_find(s, storm->load_path, at, &ref, errors))
        return false;
    for (size_t k = 0; k < storm->n_loads; k++) {
        struct scenario *one = xmalloc(sizeof *one);
        *one = *s;
        bool fits = put(one, storm->load_path, storm->load[k], at, errors);
        storm->utilization[k] = fits ? offered_of(one).utilization : NAN;
        free(one);
        if (!fits)
            return false;
    }
    take_loads(storm, s);
    for (size_t i = 0; i < storm->n_triggers; i++)
        if (!make_part(storm, i, end, at, errors))
            return false;
    return true;
}

void storm_free(struct storm *storm)
{
    for (size_t i = 0; i < storm->n_triggers; i++)
        free(storm->part[i]);
}

/* ---- what became of it ---- */

/* Work that a request makes of which every attempt is given up, over that of one attempt; NAN where
 * that is not known. */
static double attempts_of(const struct client_spec *c)
{
    if (!c)
        return 1;
    const struct retry_spec *r = &c->retry;
    if (c->cancel > CLIENT_NEVER || c->hedge.delay > 0 || breaker_says(&c->breaker) || c->limit > 0)
        return NAN;
    if (!retry_says(r) || !(retry_outcomes(r) & 1u << OUTCOME_TIMEOUT) || !(c->timeout > 0))
        return 1;
    double most = r->max_attempts > 0 ? r->max_attempts : RETRY_ATTEMPTS;
    if (budget_says(&r->budget) && r->budget.min_rate > 0)
        return NAN;
    return budget_says(&r->budget) ? fmin(most, 1 + r->budget.ratio) : most;
}

static double storm_attempts(const struct scenario *s)
{
    double all = NAN;
    for (size_t i = 0; i == 0 || i < (size_t)s->sources_count; i++) {
        double here = attempts_of(scenario_client(s, i));
        if (i > 0 && here != all)
            return NAN; /* of each another */
        all = here;
    }
    for (size_t i = 0; i < (size_t)s->stages_count; i++) /* whoever calls may try again, too */
        if (stage_calls(s, i)->n > 0)
            return NAN;
    return all;
}

static uint32_t place_of(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    const uint32_t last = result->grid->places - 1;
    const char *name = last > 0 ? scenario_place_name(s, (int)last) : NULL;
    return name && strcmp(name, "client") == 0 ? last : (uint32_t)trial_whole(s);
}

/* Of a replication: what was over, and in time. */
static void count(const struct result *result, uint32_t column, uint32_t r, double limit,
                  double *over, double *answered)
{
    struct grid_at at = {.column = column, .group = r, .place = place_of(result)};
    *over = *answered = 0;
    for (at.class = 0; at.class < result->grid->classes; at.class ++) {
        const struct packed_cell *cell = grid_cell(result->grid, at);
        double done = (double)cell->completed;
        *over += done;
        for (int k = 0; k < LOSS_KINDS; k++)
            *over += (double)cell->lost[k];
        *answered += isinf(limit) || done == 0
                         ? done
                         : histogram_rank_packed(cell->bytes[MEASURE_LATENCY], limit);
    }
}

static void judge(const struct storm *storm, const struct result *result, uint32_t column,
                  struct storm_cell *cell)
{
    double all = 0, answered = 0;
    *cell = (struct storm_cell){0};
    for (uint32_t r = 0; r < result->replications; r++) {
        const struct replica *replica = grid_replica(result->grid, column, r);
        double over, in_time;
        if (!replica->present)
            continue;
        count(result, column, r, storm->limit, &over, &in_time);
        cell->n++;
        cell->down += (replica->notes & NOTE_BACKLOG) || in_time < storm->goal * over;
        all += over;
        answered += in_time;
    }
    cell->answered = all > 0 ? answered / all : NAN;
}

static void find_interval(struct storm_cell *cell)
{
    const double k = cell->down, n = cell->n;
    cell->low = k > 0 ? gsl_cdf_beta_Pinv(0.025, k, n - k + 1) : 0;
    cell->high = k < n ? gsl_cdf_beta_Pinv(0.975, k + 1, n - k) : 1;
}

/* Of a load: pools neighbours until no bigger trigger is better. */
static void make_monotone(struct storm *storm, size_t load)
{
    double value[STORM_TRIGGERS], weight[STORM_TRIGGERS];
    size_t length[STORM_TRIGGERS], blocks = 0;
    for (size_t i = 0; i < storm->n_triggers; i++) {
        const struct storm_cell *cell = &storm->cell[i][load];
        value[blocks] = cell->n > 0 ? (double)cell->down / cell->n : 0;
        weight[blocks] = cell->n;
        length[blocks++] = 1;
        while (blocks > 1 && value[blocks - 2] > value[blocks - 1]) {
            double w = weight[blocks - 2] + weight[blocks - 1];
            value[blocks - 2] =
                (value[blocks - 2] * weight[blocks - 2] + value[blocks - 1] * weight[blocks - 1]) /
                w;
            weight[blocks - 2] = w;
            length[blocks - 2] += length[blocks - 1];
            blocks--;
        }
    }
    for (size_t b = 0, i = 0; b < blocks; b++)
        for (size_t k = 0; k < length[b]; k++, i++) {
            struct storm_cell *cell = &storm->cell[i][load];
            cell->fit = value[b];
            storm->bumpy |= cell->fit < cell->low || cell->fit > cell->high;
        }
}

void storm_fit(struct storm *storm)
{
    storm->bumpy = false;
    for (size_t k = 0; k < storm->n_loads; k++) {
        for (size_t i = 0; i < storm->n_triggers; i++)
            find_interval(&storm->cell[i][k]);
        make_monotone(storm, k);
    }
}

void storm_judge(struct storm *storm)
{
    storm->attempts = storm_attempts(&storm->s);
    for (size_t i = 0; i < storm->n_triggers; i++)
        for (size_t k = 0; k < storm->n_loads; k++)
            judge(storm, storm->result[i], (uint32_t)k, &storm->cell[i][k]);
    storm_fit(storm);
}

/* Where a sequence first reaches a value, between its elements. */
static double crossing(const double *y, size_t n, double value)
{
    for (size_t k = 0; k + 1 < n; k++)
        if (y[k] < value && y[k + 1] >= value)
            return (double)k + (value - y[k]) / (y[k + 1] - y[k]);
    return NAN;
}

double storm_place(const struct storm *storm, double utilization)
{
    return crossing(storm->utilization, storm->n_loads, utilization);
}

double storm_edge(const struct storm *storm, size_t trigger)
{
    double fit[STORM_LOADS];
    for (size_t k = 0; k < storm->n_loads; k++)
        fit[k] = storm->cell[trigger][k].fit;
    return crossing(fit, storm->n_loads, 0.5);
}

/* ---- words ---- */

const char *storm_value(const struct storm *storm, const char *path, double value)
{
    char text[64];
    struct param_ref ref;
    if (!param_find(&storm->s, path, (struct place){0}, &ref, NULL))
        return "";
    unit_human(param_unit(&ref), value, 4, text, sizeof text);
    return intern(text);
}

const char *storm_sentence(const struct storm *storm)
{
    const size_t last = storm->n_triggers - 1;
    size_t safe = 0, hit = 0;
    while (safe < storm->n_loads && storm->cell[last][safe].down == 0)
        safe++;
    for (size_t i = 0; i < storm->n_triggers; i++)
        for (size_t k = 0; k < storm->n_loads; k++)
            hit += storm->cell[i][k].down > 0;
    const char *size = storm_value(storm, storm->trigger.path, storm->size[last]);
    if (hit == 0)
        return internf("It came back every time, from everything up to %s = %s",
                       storm->trigger.path, size);
    if (safe == 0)
        return internf("It does not always come back, at any of these loads, from %s = %s",
                       storm->trigger.path, size);
    const char *load = storm_value(storm, storm->load_path, storm->load[safe - 1]);
    if (safe == storm->n_loads)
        return internf("It came back every time from %s = %s, but not from less",
                       storm->trigger.path, size);
    return internf("Up to %s = %s it came back every time, even from %s = %s; at %s it did not in "
                   "%u of %u",
                   storm->load_path, load, storm->trigger.path, size,
                   storm_value(storm, storm->load_path, storm->load[safe]),
                   storm->cell[last][safe].down, storm->cell[last][safe].n);
}

static void write_csv(FILE *file, const void *context)
{
    const struct storm *storm = context;
    struct text text = {0};
    text_put(&text, "load,trigger,replications,not_back,not_back_fraction,not_back_low95,"
                    "not_back_high95,not_back_monotone,answered_fraction,utilization\n");
    for (size_t i = 0; i < storm->n_triggers; i++)
        for (size_t k = 0; k < storm->n_loads; k++) {
            const struct storm_cell *c = &storm->cell[i][k];
            const double figures[] = {c->n > 0 ? (double)c->down / c->n : NAN,
                                      c->low,
                                      c->high,
                                      c->fit,
                                      c->answered,
                                      storm->utilization[k]};
            char load[NUMBER_TEXT];
            save_number(storm->load[k], load);
            text_put(&text, load);
            csv_number(&text, storm->size[i]);
            csv_count(&text, c->n);
            csv_count(&text, c->down);
            for (size_t f = 0; f < sizeof figures / sizeof *figures; f++)
                csv_number(&text, figures[f]);
            text_char(&text, '\n');
        }
    fwrite(text.bytes, 1, text.n, file);
    free(text.bytes);
}

char *storm_csv(const struct storm *storm, size_t *size)
{
    return csv_whole(write_csv, storm, size);
}
