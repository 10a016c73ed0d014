#include "describe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/result/save.h"
#include "../sim/result/warnings.h"
#include "../sim/scenario/config.h"
#include "../sim/scenario/quantiles.h"
#include "measure.h"

#define DOT   "\xc2\xb7"
#define TIMES "\xc3\x97"

enum { WORDS = 48 };

static const char *human(enum unit unit, double value, int digits)
{
    char text[WORDS];
    unit_human(unit, value, digits, text, sizeof text);
    return intern(text);
}

static bool swept(const struct scenario *s, const char *path)
{
    return s->sweep.parameter && strcmp(s->sweep.parameter, path) == 0;
}

static bool is_latency(const struct scenario *s)
{
    return (enum picture_measure)s->picture.measure == PICTURE_LATENCY;
}

/* ---- pieces ---- */

void pieces_add(struct pieces *pieces, const char *piece)
{
    if (piece && *piece && pieces->n < PIECES)
        pieces->piece[pieces->n++] = piece;
}

const char *pieces_join(const struct pieces *pieces)
{
    const char *all = "";
    for (size_t i = 0; i < pieces->n; i++)
        all = internf("%s%s%s", all, i ? " " DOT " " : "", pieces->piece[i]);
    return all;
}

/* ---- models by their rows ---- */

static const char *row_text(const struct scenario *s, const struct param *row, const void *block,
                            const char *path)
{
    enum unit unit;
    switch ((int)row->kind) {
    case PARAM_NUMBER:
        unit = UNIT_NUMBER;
        break;
    case PARAM_COUNT:
        unit = UNIT_COUNT;
        break;
    case PARAM_DURATION:
        unit = UNIT_DURATION;
        break;
    case PARAM_RATE:
        unit = UNIT_RATE;
        break;
    case PARAM_SHARE:
        unit = UNIT_SHARE;
        break;
    default:
        return NULL;
    }
    double value;
    memcpy(&value, (const char *)block + row->offset, sizeof value);
    if (isnan(value) || swept(s, path))
        return NULL;
    return internf("%s %s", row->name, human(unit, value, 4));
}

static const char *file_text(const struct param *row, const void *block)
{
    const char *file;
    memcpy(&file, (const char *)block + row->offset, sizeof file);
    if (!file)
        return NULL;
    const char *slash = strrchr(file, '/');
    return slash ? slash + 1 : file;
}

static const char *law_text(const struct scenario *s, const struct law *law, const char *path);

/* "2 states", "6 pieces" of a list that has the model's own name, or the file in its place. */
static const char *list_text(const struct model *model, const struct param *row, const void *block)
{
    double n;
    for (const struct param *key = row->map; key && key->name; key++)
        if (key->kind == PARAM_FILE && file_text(key, block))
            return file_text(key, block);
    memcpy(&n, (const char *)block + row->count, sizeof n);
    const char *what =
        strcmp(row->name, model->name) == 0 ? n == 1 ? "piece" : "pieces" : row->name;
    return n > 0 ? internf("%.0f %s", n, what) : NULL;
}

/* "name (low 500 ms, high 100 s)" */
static const char *model_text(const struct scenario *s, const struct model *model,
                              const void *block, const char *path)
{
    const char *inside = "";
    bool by_quantiles = quantiles_given(model->rows, block);
    for (const struct param *row = model->rows; row && row->name; row++) {
        const char *own = internf("%s.%s", path, row->name), *text = NULL;
        if (by_quantiles && row->instead && !(row->flags & PARAM_QUANTILE))
            continue; /* what the quantiles make it */
        if (row->kind == PARAM_FILE)
            text = file_text(row, block);
        else if (row->kind == PARAM_LIST)
            text = list_text(model, row, block);
        else if (row->kind == PARAM_GROUP && row->rows == law_rows)
            text = law_text(s, (const void *)((const char *)block + row->offset), own);
        else
            text = row_text(s, row, block, own);
        if (text)
            inside = internf("%s%s%s", inside, *inside ? ", " : "", text);
    }
    return *inside ? internf("%s (%s)", model->name, inside) : model->name;
}

static const char *law_text(const struct scenario *s, const struct law *law, const char *path)
{
    return law->model ? model_text(s, law->model, law->params, path) : NULL;
}

/* ---- the pieces of a footer ---- */

static const char *counted(double n, const char *what)
{
    return internf("%s %s%s", human(UNIT_COUNT, n, 6), what, n == 1 ? "" : "s");
}

const char *describe_varied(const struct scenario *s, const char *path, const char *text)
{
    if (strcmp(path, "consumers.count") == 0)
        return counted(s->stage.consumers, "consumer");
    if (strcmp(path, "buffer.when_full") == 0)
        return internf("when full: %s", text);
    if (strcmp(path, "buffer.capacity") == 0)
        return isinf(s->stage.capacity) ? "unbounded buffer"
                                        : counted(s->stage.capacity, "waiting place");
    return internf("%s = %s", path, text);
}

static const char *consumers_piece(const struct scenario *s)
{
    if (s->stages_count > 0)
        return counted(s->stages_count, "stage");
    if (swept(s, "consumers.count"))
        return NULL;
    const char *count = counted(s->stage.consumers, "consumer");
    if (s->stage.speed == 1 || isnan(s->stage.speed) || swept(s, "consumers.speed"))
        return count;
    return internf("%s of speed %s", count, human(UNIT_NUMBER, s->stage.speed, 4));
}

static const char *arrivals_piece(const struct scenario *s)
{
    const struct arrivals *a = &s->arrivals;
    if (s->sources_count > 0)
        return counted(s->sources_count, "source");
    if (!a->process)
        return NULL;
    const char *text = internf("%s arrivals", model_text(s, a->process, a->params, "arrivals"));
    if (!isnan(a->rate) && !swept(s, "arrivals.rate"))
        text = internf("%s, %s", text, human(UNIT_RATE, a->rate, 4));
    if (!isnan(a->rate_per_consumer) && !swept(s, "arrivals.rate_per_consumer"))
        text = internf("%s, %s per consumer", text, human(UNIT_RATE, a->rate_per_consumer, 4));
    if (!isnan(a->utilization) && !swept(s, "arrivals.utilization"))
        text = internf("%s for utilization %s", text, human(UNIT_SHARE, a->utilization, 4));
    return text;
}

static const char *sizes_piece(const struct scenario *s)
{
    const char *text = law_text(s, &s->size, "tasks.size");
    if (text)
        text = internf("%s sizes", text);
    if (s->classes_count > 0)
        text = internf("%s%s%.0f classes", text ? text : "", text ? ", " : "", s->classes_count);
    return text;
}

static const char *patience_piece(const struct scenario *s)
{
    const char *text = law_text(s, &s->timeout, "tasks.timeout");
    return text ? internf("%s patience", text) : NULL;
}

static const char *buffer_piece(const struct scenario *s)
{
    const struct stage *stage = &s->stage;
    const char *order = stage->discipline ? internf("%s, ", stage->discipline->name) : "";
    const char *full = stage->when_full ? stage->when_full->name : "reject";
    const char *places;
    if (swept(s, "buffer.capacity"))
        places = internf("%s when full", full);
    else if (isinf(stage->capacity))
        return internf("%sunbounded buffer", order);
    else
        places = internf("%s, %s when full", counted(stage->capacity, "waiting place"), full);
    if (stage->resume_delay > 0)
        places =
            internf("%s, resumed after %s", places, human(UNIT_DURATION, stage->resume_delay, 4));
    return internf("%s%s", order, places);
}

static const struct row *whole_row(const struct result *result, uint32_t column)
{
    return result_row(result, column, result_row_classes(result) - 1);
}

const char *describe_tasks(const struct result *const *results, size_t n)
{
    double fewest = INFINITY, most = 0; /* means of panels */
    bool even = true, alike = true;
    for (size_t i = 0; i < n; i++) {
        const struct result *result = results[i];
        double sum = 0, replications = 0;
        alike &= result->replications == results[0]->replications;
        for (uint32_t c = 0; c < result->columns; c++) {
            const struct row *row = whole_row(result, c), *first = whole_row(results[0], 0);
            sum += (double)row->offered;
            replications += row->replications;
            even &= row->offered * first->replications == first->offered * row->replications;
        }
        double mean = replications > 0 ? round(sum / replications) : 0;
        fewest = fmin(fewest, mean);
        most = fmax(most, mean);
    }
    const char *about = even ? "" : "about ", *few = human(UNIT_COUNT, fewest, 3),
               *many = human(UNIT_COUNT, most, 3);
    const char *tasks =
        internf("%s%s%s%s task%s%s", about, few == many ? "" : few, few == many ? "" : " to ", many,
                most == 1 ? "" : "s", results[0]->columns > 1 ? " per column" : "");
    if (!alike)
        return tasks;
    const char *times = counted(results[0]->replications, "replication");
    return internf("%s " TIMES " %s%s", tasks, times,
                   scenario_seeks_precision(&results[0]->scenario) ? " or more" : "");
}

static const char *warmup_piece(const struct result *result)
{
    double sum = 0;
    for (uint32_t c = 0; c < result->columns; c++)
        sum += whole_row(result, c)->warmup_tasks;
    double mean = sum / result->columns;
    if (!(mean > 0))
        return "no warm-up";
    return internf("warm-up %s%s tasks cut",
                   result->scenario.run.warmup.kind == AMOUNT_AUTO ? "auto, " : "",
                   human(UNIT_COUNT, round(mean), 2));
}

/* Where the bands come from. */
static const char *bands_piece(const struct result *result)
{
    bool any = false;
    for (uint32_t c = 0; c < result->columns && is_latency(&result->scenario); c++)
        for (int q = 0; q < QUANTILES; q++)
            any |= !isnan(whole_row(result, c)->latency_low[q]);
    if (!any)
        return NULL;
    return result->batches > 1 ? "intervals from batches" : "intervals from replications";
}

/* What the run warns of, in the same words, without the advice. */
static void warning_pieces(const struct result *result, struct pieces *out)
{
    char *text = result_warnings(result), *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        pieces_add(out, warning_brief(line));
    free(text);
}

const char *describe_hash(const struct scenario *s)
{
    char *text = config_text(s);
    uint64_t hash = 0xcbf29ce484222325u;
    for (const char *p = text; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 0x100000001b3u;
    free(text);
    return internf("%08x", (unsigned)(hash >> 32 ^ hash));
}

void describe_pieces(const struct result *result, struct pieces *out)
{
    const struct scenario *s = &result->scenario;
    /* As simulated: a sweep takes away what it stands in the place of. */
    struct scenario *at = xmalloc(sizeof *at);
    sweep_scenario(s, 0, at);
    out->n = 0;
    pieces_add(out, consumers_piece(at));
    pieces_add(out, arrivals_piece(at));
    pieces_add(out, sizes_piece(at));
    pieces_add(out, patience_piece(at));
    pieces_add(out, s->stages_count > 0 ? NULL : buffer_piece(at));
    free(at);
    pieces_add(out, describe_tasks(&result, 1));
    pieces_add(out, warmup_piece(result));
    pieces_add(out, bands_piece(result));
    warning_pieces(result, out);
    pieces_add(out, internf("seed %.0f", s->seed));
    pieces_add(out, internf("queuescope %s", queuescope_version));
    pieces_add(out, internf("scenario %s", describe_hash(s)));
}

/* ---- title, subtitle, axis ---- */

static const char *leaf(const char *path)
{
    const char *dot = strrchr(path, '.');
    char words[WORDS];
    snprintf(words, sizeof words, "%s", dot ? dot + 1 : path);
    for (char *p = words; *p; p++)
        if (*p == '_')
            *p = ' ';
    return intern(words);
}

/* Better words than the key's own, for the keys that are swept most. */
static const struct {
    const char *path, *name, *brief;
} known_axes[] = {{"consumers.count", "number of consumers", "consumers"},
                  {"consumers.speed", "speed of a consumer", "speed"},
                  {"arrivals.rate", "arrival rate", "rate"},
                  {"arrivals.rate_per_consumer", "arrival rate per consumer", "rate per consumer"},
                  {"arrivals.utilization", "offered utilization", "utilization"},
                  {"tasks.size.alpha", "tail parameter alpha", "alpha"},
                  {"tasks.size.mean", "mean task size", "mean size"},
                  {"buffer.capacity", "waiting places", "places"},
                  {"buffer.resume_delay", "delay of resumption", "delay"}};
enum { KNOWN_AXES = sizeof known_axes / sizeof *known_axes };

const char *describe_axis(const struct scenario *s)
{
    const char *path = s->sweep.parameter;
    if (sweep_is_time(s))
        return "time";
    if (!path)
        return "";
    for (size_t i = 0; i < KNOWN_AXES; i++)
        if (strcmp(known_axes[i].path, path) == 0)
            return internf("%s (%s)", known_axes[i].name, path);
    return internf("%s (%s)", leaf(path), path);
}

const char *describe_parameter(const struct scenario *s)
{
    const char *path = s->sweep.parameter;
    if (sweep_is_time(s))
        return "time";
    if (!path)
        return "";
    for (size_t i = 0; i < KNOWN_AXES; i++)
        if (strcmp(known_axes[i].path, path) == 0)
            return known_axes[i].brief;
    return leaf(path);
}

static const char *sweep_text(const struct scenario *s)
{
    struct param_ref ref;
    enum unit unit = sweep_ref(s, &ref) ? param_unit(&ref) : UNIT_NUMBER;
    double first = s->sweep.from, last = s->sweep.to;
    if (s->sweep.values_count > 0) {
        first = s->sweep.values[0];
        last = s->sweep.values[(size_t)s->sweep.values_count - 1];
    }
    return internf("%s goes from %s to %s", describe_parameter(s), human(unit, first, 4),
                   human(unit, last, 4));
}

static const char *title_measure(const struct scenario *s)
{
    return measure_title((enum picture_measure)s->picture.measure);
}

const char *describe_title(const struct scenario *s)
{
    if (s->title && *s->title)
        return s->title;
    const char *who = consumers_piece(s),
               *of = internf("%s %s", title_measure(s), is_latency(s) ? "of" : "for");
    if (sweep_is_time(s))
        return internf("%s %s through %s", of, who ? who : "a queue",
                       human(UNIT_DURATION, s->run.duration, 3));
    if (!s->sweep.parameter)
        return internf("%s %s", of, who ? who : "a queue");
    return who ? internf("%s %s as %s", of, who, sweep_text(s)) : describe_several(s);
}

const char *describe_several(const struct scenario *s)
{
    return s->sweep.parameter ? internf("%s as %s", title_measure(s), sweep_text(s))
                              : describe_title(s);
}

const char *describe_run(const struct result *result)
{
    const struct scenario *s = &result->scenario;
    struct pieces pieces = {0};
    if (result->columns == 1) {
        const struct row *row = whole_row(result, 0);
        if (s->sweep.parameter)
            pieces_add(&pieces, internf("%s %s", describe_parameter(s),
                                        human(sweep_unit(s), row->value, 4)));
        if (!isnan(row->offered_utilization))
            pieces_add(&pieces, internf("offered utilization %s",
                                        human(UNIT_NUMBER, row->offered_utilization, 3)));
        if (row->lost > 0)
            pieces_add(&pieces,
                       internf("%s of the tasks lost", human(UNIT_SHARE, row->loss_fraction, 3)));
        if (row->stable == STABLE_NO)
            pieces_add(&pieces, "not stable: the picture depends on the length of the run");
    } else if (sweep_is_time(s)) {
        pieces_add(&pieces, internf("one run of %s, slice by slice: what waits at the end of one "
                                    "waits on in the next",
                                    human(UNIT_DURATION, s->run.duration, 3)));
        if (result->replications > 1)
            pieces_add(&pieces,
                       internf("%u replications laid over each other", result->replications));
    } else if (s->sweep.mode == MODE_DRIFT) {
        pieces_add(&pieces, internf("drift: one run of %s in which %s; the backlog carries over",
                                    human(UNIT_DURATION, s->run.duration, 3), sweep_text(s)));
        if (result->replications > 1)
            pieces_add(&pieces,
                       internf("%u replications laid over each other", result->replications));
    } else {
        pieces_add(&pieces, "independent columns: a run of its own for each value");
    }
    return pieces_join(&pieces);
}
