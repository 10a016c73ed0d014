#include "observed.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../base/lines.h"
#include "../base/places.h"
#include "../metrics/exposition.h"
#include "sweep.h"

const double observed_quantiles[OBSERVED_QUANTILES] = {0.5, 0.9, 0.99};
const char *const observed_quantile_names[OBSERVED_QUANTILES] = {"p50", "p90", "p99"};

/* What was read so far: a list that only grows at its head, so that finding needs no lock. */
struct node {
    struct observed observed;
    struct node *next;
};
static _Atomic(struct node *) loaded;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

static const struct observed *find(const char *file, const char *metric)
{
    for (struct node *node = atomic_load(&loaded); node; node = node->next)
        if (node->observed.file == file && node->observed.metric == metric)
            return &node->observed;
    return NULL;
}

/* ---- low,high,count ---- */

enum field { MEASURE, VALUE, CLASS, LOW, HIGH, COUNT, FIELDS };
static const char *const field_names[FIELDS] = {"measure", "value", "class",
                                                "low",     "high",  "count"};
enum { MOST_FIELDS = 16 };

struct csv {
    const char *file;
    int column[FIELDS]; /* -1: not there */
    char *value;        /* of the first row; owned */
    double high;        /* of the last bin */
    size_t room;
    struct bins *bins;
    struct errors *errors;
};

static int cut(char *text, char *fields[MOST_FIELDS])
{
    int n = 0;
    for (char *next; text; text = next, n++) {
        next = strchr(text, ',');
        if (next)
            *next++ = '\0';
        if (n < MOST_FIELDS)
            fields[n] = text;
    }
    return n;
}

static bool is_field(char *const fields[], int n, int column, const char *text)
{
    return column < 0 || (column < n && strcmp(fields[column], text) == 0);
}

static bool number_in(char *const fields[], int n, int column, double *value)
{
    return column < n && exposition_number(fields[column], value);
}

static bool take_row(struct csv *csv, char *const fields[], int n, int line)
{
    struct place at = {csv->file, line, 1};
    struct bin bin;
    if (!is_field(fields, n, csv->column[MEASURE], "latency") ||
        !is_field(fields, n, csv->column[CLASS], "all"))
        return true;
    if (csv->column[VALUE] >= 0 && csv->column[VALUE] < n) {
        const char *value = fields[csv->column[VALUE]];
        if (csv->value && strcmp(csv->value, value) != 0)
            return error_at(csv->errors, at,
                            "holds several columns of a sweep: what was observed is one");
        if (!csv->value)
            csv->value = memcpy(xmalloc(strlen(value) + 1), value, strlen(value) + 1);
    }
    if (!number_in(fields, n, csv->column[LOW], &bin.low) ||
        !number_in(fields, n, csv->column[HIGH], &bin.high) ||
        !number_in(fields, n, csv->column[COUNT], &bin.count))
        return error_at(csv->errors, at, "low, high and count must be numbers");
    if (!(bin.low >= csv->high && bin.high >= bin.low && bin.count >= 0 && bin.count < 0x1p53 &&
          isfinite(bin.low)))
        return error_at(csv->errors, at,
                        "low must be from the high of the row above up, high from low up, count "
                        "from 0 up");
    if (csv->bins->n == csv->room) {
        csv->room = csv->room ? 2 * csv->room : 256;
        csv->bins->bin = xrealloc(csv->bins->bin, csv->room * sizeof *csv->bins->bin);
    }
    csv->high = bin.high;
    csv->bins->bin[csv->bins->n++] = bin;
    return true;
}

/* The header: which columns; false where it is none. */
static bool take_header(struct csv *csv, char *const fields[], int n)
{
    for (int f = 0; f < FIELDS; f++) {
        csv->column[f] = -1;
        for (int i = 0; i < n && i < MOST_FIELDS; i++)
            if (strcmp(fields[i], field_names[f]) == 0)
                csv->column[f] = i;
    }
    return csv->column[LOW] >= 0 && csv->column[HIGH] >= 0 && csv->column[COUNT] >= 0;
}

/* What was said of the file, said at the key that names it. */
static bool say_at(struct place at, const char *file, const struct errors *inside, const char *more,
                   struct errors *errors)
{
    const char *text = inside->text[0], *colon = strstr(text, "error: ");
    return error_at(errors, at, "%s: %s%s", file, colon ? colon + 7 : text, more);
}

static bool read_csv(const char *file, struct place at, struct observed *out, struct errors *errors)
{
    struct errors inside = {0};
    struct lines *lines = lines_open(file, at, &inside);
    if (!lines)
        return say_at(at, file, &inside, "", errors);
    struct csv csv = {.file = file, .bins = &out->scraped.bins, .errors = errors};
    const char *why;
    bool good = true, headed = false;
    for (char *text; good && (text = lines_next(lines, &why));) {
        char *fields[MOST_FIELDS];
        int line = (int)lines_number(lines), n = why ? 0 : cut(text, fields);
        n = n < MOST_FIELDS ? n : MOST_FIELDS;
        if (why)
            good = error_at(errors, (struct place){file, line, 1}, "%s", why);
        else if (headed)
            good = take_row(&csv, fields, n, line);
        else if (!(headed = take_header(&csv, fields, n)))
            good = error_at(errors, (struct place){file, line, 1},
                            "is neither metrics as text (Prometheus, OpenMetrics) nor a CSV with "
                            "the columns low, high and count");
    }
    if (good && lines_damage(lines))
        good = error_at(errors, at, "%s: cannot be read: %s", file, lines_damage(lines));
    lines_close(lines);
    free(csv.value);
    csv.bins->sum = NAN;
    bins_make(csv.bins);
    out->name = "latency";
    return good && (csv.bins->n > 0 || error_at(errors, at, "%s: holds no latencies", file));
}

/* ---- reading ---- */

static bool read_metrics(const char *file, const char *metric, struct place at,
                         struct observed *out, struct errors *errors)
{
    struct metrics *metrics = metrics_new();
    struct errors inside = {0}; /* says of the file what is then said at the key */
    const struct metrics_choice choice = {.metric = metric};
    bool good = metrics_read(metrics, file, at, errors);
    if (good && !metrics_choose(metrics, &choice, (struct place){0}, &out->scraped, &inside)) {
        /* Names are those of histograms, or not quoted: the file may be anything. */
        if (strstr(inside.text[0], "choose one"))
            good = say_at(at, file, &inside, " (picture.observed_metric chooses)", errors);
        else
            good =
                error_at(errors, at,
                         "%s: holds no histogram that can be used (queuescope fit says why)", file);
    }
    metrics_free(metrics);
    out->name = out->scraped.metric;
    return good;
}

static struct node *read_observed(const char *file, const char *metric, struct place at,
                                  struct errors *errors)
{
    struct node *node = xcalloc(1, sizeof *node);
    struct observed *o = &node->observed;
    o->file = file;
    o->metric = metric;
    bool good = metrics_is_likely(file) ? read_metrics(file, metric, at, o, errors)
                                        : read_csv(file, at, o, errors);
    if (!good) {
        scraped_free(&o->scraped);
        free(node);
        return NULL;
    }
    for (int q = 0; q < OBSERVED_QUANTILES; q++)
        o->quantile[q] = bins_quantile(&o->scraped.bins, observed_quantiles[q]);
    return node;
}

static bool load(const struct picture *picture, struct place at, struct errors *errors)
{
    pthread_mutex_lock(&loading);
    bool there = find(picture->observed, picture->observed_metric) != NULL;
    if (!there) {
        struct node *node = read_observed(picture->observed, picture->observed_metric, at, errors);
        if (node) {
            node->next = atomic_load(&loaded);
            atomic_store(&loaded, node);
            there = true;
        }
    }
    pthread_mutex_unlock(&loading);
    return there;
}

/* ---- by the scenario ---- */

bool observed_check(const struct scenario *s, const struct places *places, struct errors *errors)
{
    const struct picture *p = &s->picture;
    uint32_t column;
    if (places_spoilt(places, "picture.observed") || places_unsure(places, "picture.observed"))
        return true;
    if (!p->observed)
        return !(p->observed_metric || !isnan(p->observed_at)) ||
               error_at(errors,
                        places_find(places, p->observed_metric ? "picture.observed_metric"
                                                               : "picture.observed_at"),
                        "picture.observed is missing: the file of what was observed");
    if (!isnan(p->observed_at) && !places_spoilt(places, "sweep") && !observed_column(s, &column))
        error_at(errors, places_find(places, "picture.observed_at"),
                 sweep_name(s)
                     ? "picture.observed_at: %g is not within the sweep of %s"
                     : "picture.observed_at: %g is a place in a sweep, and there is none%s",
                 p->observed_at, sweep_name(s) ? sweep_name(s) : "");
    return load(p, places_find(places, "picture.observed"), errors);
}

const struct observed *observed_of(const struct scenario *s)
{
    return s->picture.observed ? find(s->picture.observed, s->picture.observed_metric) : NULL;
}

bool observed_column(const struct scenario *s, uint32_t *column)
{
    struct param_ref ref;
    *column = 0;
    if (sweep_is_time(s)) { /* in the slice of that time */
        double slice = floor(s->picture.observed_at / s->run.duration * sweep_columns(s));
        bool inside = slice >= 0 && slice < sweep_columns(s);
        *column = inside ? (uint32_t)slice : 0;
        return inside;
    }
    if (!s->sweep.parameter)
        return isnan(s->picture.observed_at);
    if (!sweep_ref(s, &ref))
        return false;
    double at = isnan(s->picture.observed_at) ? param_get(s, &ref) : s->picture.observed_at;
    double low = INFINITY, high = -INFINITY, nearest = INFINITY;
    bool list = s->sweep.values_count > 0, drift = sweep_drifts(s) && !list;
    bool log_scale = s->sweep.scale == SCALE_LOG && !list && at > 0;
    for (uint32_t c = 0; c < sweep_columns(s); c++) {
        double value = sweep_value(s, c);
        double distance = log_scale ? fabs(log(value / at)) : fabs(value - at);
        low = fmin(low, value);
        high = fmax(high, value);
        if (distance < nearest) {
            nearest = distance;
            *column = c;
        }
    }
    if (drift) {
        low = fmin(s->sweep.from, s->sweep.to);
        high = fmax(s->sweep.from, s->sweep.to);
    }
    double slack = 1e-9 * fabs(at);
    return at >= low - slack && at <= high + slack;
}
