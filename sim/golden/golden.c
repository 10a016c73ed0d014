/* What is kept of a result, and what of the scenario has changed since (golden.h). */
#include "golden.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../result/estimate.h"
#include "../result/quantity.h"
#include "../result/save.h"
#include "../scenario/process.h"
#include "../scenario/sweep.h"

/* Of the batches of a single replication: the fewest that an interval is made of, less one. */
#define BATCH_DEGREES 7
#define RISK          0.05

const struct golden_kind golden_kinds[GOLDEN_FIGURES + 1] = {
    {"latency_mean", "mean latency", UNIT_DURATION}, {"latency_p50", "p50", UNIT_DURATION},
    {"latency_p90", "p90", UNIT_DURATION},           {"latency_p99", "p99", UNIT_DURATION},
    {"latency_p999", "p99.9", UNIT_DURATION},        {"wait_mean", "mean wait", UNIT_DURATION},
    {"loss_fraction", "loss", UNIT_SHARE},           {"throughput", "throughput", UNIT_RATE},
    {"utilization", "utilization", UNIT_SHARE},      {"stable", "stable", UNIT_NUMBER},
};

/* What each is to estimate.h, and to a row; of single classes only the first so many are known. */
enum { OF_CLASS = 7 };
static const struct {
    enum figure_kind kind;
    double p;
} wanted[GOLDEN_FIGURES] = {
    {FIGURE_LATENCY_MEAN, 0},         {FIGURE_LATENCY_QUANTILE, 0.5},
    {FIGURE_LATENCY_QUANTILE, 0.9},   {FIGURE_LATENCY_QUANTILE, 0.99},
    {FIGURE_LATENCY_QUANTILE, 0.999}, {FIGURE_WAIT_MEAN, 0},
    {FIGURE_LOSS_FRACTION, 0},        {FIGURE_THROUGHPUT, 0},
    {FIGURE_UTILIZATION, 0},
};

static double of_row(const struct row *row, int figure)
{
    return wanted[figure].kind == FIGURE_UTILIZATION ? row->utilization
                                                     : quantity_value(row, (enum quantity)figure);
}

struct golden_line *golden_add(struct golden *golden)
{
    if ((golden->n & (golden->n - 1)) == 0)
        golden->lines =
            xrealloc(golden->lines, (golden->n ? 2 * golden->n : 1) * sizeof *golden->lines);
    return &golden->lines[golden->n++];
}

/* Why a figure of a row has no interval. */
static const char *reason(const struct result *result, const struct row *row, int figure)
{
    if (scenario_repeats(&result->scenario))
        return "a recorded trace has no luck to tell from change";
    if (row->stable == STABLE_NO && !sweep_drifts(&result->scenario))
        return "the queue grows, and figures tell how long the run was";
    if (row->replications == 1 && figure >= OF_CLASS) /* no batches of those */
        return "one replication is too few for an interval";
    if (row->notes & NOTE_FEW_CYCLES)
        return "the run has seen too little of its input for an honest interval";
    return "the run is too short for an honest interval";
}

/* Figures of a queue that grows are a matter of how long one looks: they have no interval. */
static void add_figure(struct golden *golden, struct estimator *estimator,
                       const struct result *result, uint32_t column, uint32_t place, uint32_t class,
                       int figure)
{
    const struct row *row = result_place_row(result, column, place, class);
    const struct figure_wanted want = {wanted[figure].kind, wanted[figure].p, class, place + 1};
    struct estimate e = estimator_of(estimator, &want, RISK);
    if (!isfinite(e.value) || !isfinite(e.low) || !isfinite(e.high))
        e = (struct estimate){of_row(row, figure), NAN, NAN};
    bool known = isfinite(e.low);
    *golden_add(golden) = (struct golden_line){
        .at = row->value,
        .class = result_row_label(result, place, class),
        .figure = figure,
        .value = e.value,
        .low = e.low,
        .high = e.high,
        .degrees = !known                  ? NAN
                   : row->replications > 1 ? row->replications - 1.0
                                           : BATCH_DEGREES,
        .why = known ? NULL : reason(result, row, figure),
    };
}

static void add_place(struct golden *golden, struct estimator *estimator,
                      const struct result *result, uint32_t column, uint32_t place)
{
    uint32_t classes = result_row_classes(result);
    for (uint32_t class = 0; class < classes; class ++)
        for (int f = 0; f < (class + 1 < classes ? OF_CLASS : GOLDEN_FIGURES); f++)
            if (wanted[f].kind != FIGURE_UTILIZATION ||
                place <= result->whole) /* client has none */
                add_figure(golden, estimator, result, column, place, class, f);
    const struct row *row = result_place_row(result, column, place, classes - 1);
    if (!sweep_drifts(&result->scenario))
        *golden_add(golden) =
            (struct golden_line){.at = row->value,
                                 .class = result_row_label(result, place, classes - 1),
                                 .figure = GOLDEN_STABLE,
                                 .value = row->stable,
                                 .low = NAN,
                                 .high = NAN,
                                 .degrees = NAN};
}

static void add_column(struct golden *golden, const struct result *result, uint32_t column)
{
    struct estimator *estimator = estimator_begin(result, column);
    for (uint32_t place = 0; place < result->places; place++)
        add_place(golden, estimator, result, column, place);
    estimator_end(estimator);
}

static void add_key(void *context, const char *path, const struct param *row, const char *text)
{
    struct golden *golden = context;
    if (strcmp(path, "seed") == 0)
        return;
    const char *slash = row->kind == PARAM_FILE ? strrchr(text, '/') : NULL;
    golden->keys = xrealloc(golden->keys, (golden->n_keys + 1) * sizeof *golden->keys);
    golden->keys[golden->n_keys++] =
        (struct golden_key){.path = intern(path), .text = intern(slash ? slash + 1 : text)};
}

static const char *key_text(const struct golden *golden, const char *path)
{
    for (size_t i = 0; i < golden->n_keys; i++)
        if (golden->keys[i].path == path)
            return golden->keys[i].text;
    return NULL;
}

/* A later version has keys that an earlier one did not know: at their usual values they change
 * nothing. */
static void mark_usual(struct golden *golden)
{
    struct scenario *defaults = xmalloc(sizeof *defaults);
    struct golden usual = {0};
    param_defaults(defaults);
    param_each(defaults, add_key, &usual);
    for (size_t i = 0; i < golden->n_keys; i++)
        golden->keys[i].usual = key_text(&usual, golden->keys[i].path) == golden->keys[i].text;
    golden_free(&usual);
    free(defaults);
}

void golden_of(const struct result *result, struct golden *out)
{
    const struct scenario *s = &result->scenario;
    *out = (struct golden){
        .version = intern(queuescope_version),
        .seed = s->seed,
        .tasks = (double)result->simulated,
        .parameter = sweep_name(s),
        .recorded = scenario_repeats(s),
    };
    param_each(s, add_key, out);
    mark_usual(out);
    for (uint32_t column = 0; column < result->columns; column++)
        add_column(out, result, column);
}

void golden_free(struct golden *golden)
{
    free(golden->keys);
    free(golden->lines);
    *golden = (struct golden){0};
}

static const char *change(const char *list, const char *path, const char *from, const char *to)
{
    return internf("%s%s%s: %s -> %s", list ? list : "", list ? "\n" : "", path,
                   from ? from : "not given", to ? to : "not given");
}

const char *golden_changes(const struct golden *before, const struct golden *after)
{
    const char *list = NULL;
    for (size_t i = 0; i < before->n_keys; i++) {
        const struct golden_key *key = &before->keys[i];
        const char *now = key_text(after, key->path);
        if (now != key->text)
            list = change(list, key->path, key->text, now);
    }
    for (size_t i = 0; i < after->n_keys; i++)
        if (!after->keys[i].usual && !key_text(before, after->keys[i].path))
            list = change(list, after->keys[i].path, NULL, after->keys[i].text);
    return list;
}
