/* The CSV files (save.h). */
#include "save_csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "further.h"
#include "precision.h"

const char *const note_names[NOTES] = {
    "capped",    "backlog",    "trace-ended",  "warmup-unsettled", "interrupted",
    "short-run", "few-cycles", "stands-still", "unrepresentative", "deadlock"};
const char *const stable_names[] = {
    [STABLE_NO] = "no", [STABLE_YES] = "yes", [STABLE_UNKNOWN] = "unknown"};

/* Up to six decimals and 15 digits, as most times are written: whole millionths that come to the
 * same double by one division (Clinger 1990) are what 15 digits of it say, and they are found in a
 * fraction of the time. False: it is no such number. */
static bool put_millionths(double x, char *out)
{
    const uint64_t million = 1000000;
    if (!(x >= 1e-4 && x < 1e9)) /* %g has an exponent below */
        return false;
    uint64_t n = (uint64_t)(x * (double)million + 0.5), part = n % million;
    if ((double)n / (double)million != x || n >= 1000000000000000)
        return false;
    char *end = text_digits(out, n / million);
    *end++ = '.';
    for (uint64_t ten = million / 10; part > 0; part %= ten, ten /= 10)
        *end++ = (char)('0' + part / ten);
    *end = '\0';
    return true;
}

void save_number(double x, char out[NUMBER_TEXT])
{
    out[0] = '\0';
    if (isnan(x))
        return;
    if (x >= 0 && x < 1e15 && x == floor(x) && !signbit(x)) { /* the same text, sooner */
        *text_digits(out, (uint64_t)x) = '\0';
        return;
    }
    if (put_millionths(x, out))
        return;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, NUMBER_TEXT, "%.*g", digits, x);
        if (strtod(out, NULL) == x)
            return;
    }
}

void csv_text(struct text *to, const char *text)
{
    if (!text)
        return;
    if (!strpbrk(text, ",\"\r\n")) {
        text_put(to, text);
        return;
    }
    text_char(to, '"');
    for (; *text; text++) {
        if (*text == '"')
            text_char(to, '"');
        text_char(to, *text);
    }
    text_char(to, '"');
}

void csv_number(struct text *to, double x)
{
    char text[NUMBER_TEXT];
    save_number(x, text);
    text_char(to, ',');
    text_put(to, text);
}

void csv_count(struct text *to, uint64_t n)
{
    text_char(to, ',');
    text_count(to, n);
}

static const char columns_header[] =
    "stage,class,parameter,value,offered,completed,lost,unfinished,duration,arrival_rate,"
    "throughput,utilization,loss_fraction,queue_mean,in_system_mean,wait_probability,wait_mean,"
    "wait_mean_ci95,wait_p50,wait_p90,wait_p99,wait_p999,latency_mean,latency_mean_ci95,"
    "latency_p50,latency_p90,latency_p99,latency_p999,latency_max,latency_p50_low95,"
    "latency_p50_high95,latency_p90_low95,latency_p90_high95,latency_p99_low95,"
    "latency_p99_high95,latency_p999_low95,latency_p999_high95,stable,lost_rejected,"
    "lost_dropped_newest,lost_dropped_oldest,offered_utilization,warmup_tasks,effective_tasks,"
    "largest_share,time_low,time_high,notes,"
    "loss_fraction_low95,loss_fraction_high95,replications,precision,precision_reached,"
    "lost_timed_out,wait_p9999,latency_p9999,latency_p9999_low95,latency_p9999_high95";
static const char queue_header[] =
    ",queue_p50,queue_p90,queue_p99,queue_p999,queue_p9999,queue_max";
/* Quantiles up to p99.9 have their places among the others; p99.99 came later, and stands behind.
 */
enum { EARLY_QUANTILES = 4, P9999 = 4 };

static void put_notes(struct text *to, unsigned notes)
{
    text_char(to, ',');
    const char *separator = "";
    for (int i = 0; i < NOTES; i++)
        if (notes & 1u << i) {
            text_put(to, separator);
            text_put(to, note_names[i]);
            separator = " ";
        }
}

/* The names of all columns; those of the number waiting where it is recorded, those of networks
 * where it is one. */
static void put_header(FILE *file, const struct result *result, bool network)
{
    fputs(columns_header, file);
    if (scenario_records_queue(&result->scenario))
        fputs(queue_header, file);
    const struct row none = {0};
    struct further further;
    for (size_t i = 0; network && further_column(i, &none, &further); i++)
        fprintf(file, ",%s", further.name);
    fputs("\n", file);
}

static void put_network(struct text *to, const struct row *row)
{
    struct further further;
    for (size_t i = 0; further_column(i, row, &further); i++)
        if (further.counts)
            csv_count(to, further.count);
        else
            csv_number(to, further.figure);
}

/* A row: of what, and the columns that it has. */
struct row_of {
    const struct result *result;
    uint32_t column, place, class;
    bool network; /* those of networks, too */
};

static void put_row(struct text *to, const struct row_of *of)
{
    const struct result *result = of->result;
    const struct row *row = result_place_row(result, of->column, of->place, of->class);
    csv_text(to, result_place_name(result, of->place));
    text_char(to, ',');
    csv_text(to, result_class_name(result, of->class));
    text_char(to, ',');
    csv_text(to, sweep_name(&result->scenario));
    csv_number(to, row->value);
    csv_count(to, row->offered);
    csv_count(to, row->completed);
    csv_count(to, row->lost);
    csv_count(to, row->unfinished);
    const double figures[] = {row->duration,          row->arrival_rate,     row->throughput,
                              row->utilization,       row->loss_fraction,    row->queue_mean,
                              row->in_system_mean,    row->wait_probability, row->wait_mean,
                              row->wait_mean_ci95,    row->wait_q[0],        row->wait_q[1],
                              row->wait_q[2],         row->wait_q[3],        row->latency_mean,
                              row->latency_mean_ci95, row->latency_q[0],     row->latency_q[1],
                              row->latency_q[2],      row->latency_q[3],     row->latency_max};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        csv_number(to, figures[i]);
    for (int i = 0; i < EARLY_QUANTILES; i++) {
        csv_number(to, row->latency_low[i]);
        csv_number(to, row->latency_high[i]);
    }
    text_char(to, ',');
    text_put(to, stable_names[row->stable]);
    csv_count(to, row->lost_by[LOSS_REJECTED]);
    csv_count(to, row->lost_by[LOSS_DROPPED_NEWEST]);
    csv_count(to, row->lost_by[LOSS_DROPPED_OLDEST]);
    csv_number(to, row->offered_utilization);
    csv_number(to, row->warmup_tasks);
    csv_number(to, row->effective_tasks);
    csv_number(to, row->largest_share);
    csv_number(to, row->time_low);
    csv_number(to, row->time_high);
    put_notes(to, row->notes);
    csv_number(to, row->loss_low);
    csv_number(to, row->loss_high);
    csv_count(to, row->replications);
    csv_number(to, row->precision);
    text_char(to, ',');
    text_put(to, precision_names[row->precision_state]);
    csv_count(to, row->lost_by[LOSS_TIMED_OUT]);
    csv_number(to, row->wait_q[P9999]);
    csv_number(to, row->latency_q[P9999]);
    csv_number(to, row->latency_low[P9999]);
    csv_number(to, row->latency_high[P9999]);
    for (int i = 0; i < QUANTILES && scenario_records_queue(&result->scenario); i++)
        csv_number(to, row->queue_q[i]);
    if (scenario_records_queue(&result->scenario))
        csv_number(to, row->queue_max);
    if (of->network)
        put_network(to, row);
    text_char(to, '\n');
}

/* The rows of one column of the sweep, each behind `before`. */
static void put_rows(struct text *to, const struct result *result, uint32_t column,
                     const struct text *before, bool network)
{
    struct row_of of = {.result = result, .column = column, .network = network};
    for (of.place = 0; of.place < result->places; of.place++)
        for (of.class = 0; of.class < result_row_classes(result); of.class ++) {
            if (before->n)
                text_add(to, before->bytes, before->n);
            put_row(to, &of);
        }
}

static void put_column(struct text *to, const void *context, size_t column)
{
    const struct result *result = context;
    put_rows(to, result, (uint32_t)column, &(struct text){0}, result->places > 1);
}

void save_write_columns(FILE *file, const void *context)
{
    const struct result *result = context;
    put_header(file, result, result->places > 1);
    text_parts(file, result->threads, result->columns, put_column, result);
}

char *csv_whole(save_writer *write, const void *context, size_t *size)
{
    char *text = NULL;
    FILE *file = xstream(&text, size);
    write(file, context);
    return xstream_end(file, &text);
}

char *save_columns_text(const struct result *result, size_t *size)
{
    return csv_whole(save_write_columns, result, size);
}

char *save_histograms_text(const struct result *result, size_t *size)
{
    return csv_whole(save_write_histograms, result, size);
}

/* What write_comparison needs. */
struct comparison {
    const struct result *const *panels;
    size_t n;
    const char *const *keys;
    size_t n_keys;
    const char *const *values;
    bool networks; /* some of the panels */
};

/* One row of the sweep in one panel: number i by panel and column. */
static void put_compared(struct text *to, const void *context, size_t i)
{
    const struct comparison *c = context;
    size_t panel = 0;
    for (; i >= c->panels[panel]->columns; panel++)
        i -= c->panels[panel]->columns;
    const struct result *result = c->panels[panel];
    struct text keys = {0};
    for (size_t k = 0; k < c->n_keys; k++) {
        csv_text(&keys, c->values[panel * c->n_keys + k]);
        text_char(&keys, ',');
    }
    put_rows(to, result, (uint32_t)i, &keys, c->networks);
    free(keys.bytes);
}

static void write_comparison(FILE *file, const void *context)
{
    const struct comparison *c = context;
    struct text head = {0};
    size_t n = 0;
    for (size_t k = 0; k < c->n_keys; k++) {
        csv_text(&head, c->keys[k]);
        text_char(&head, ',');
    }
    fwrite(head.bytes, 1, head.n, file);
    free(head.bytes);
    put_header(file, c->panels[0], c->networks);
    for (size_t i = 0; i < c->n; i++)
        n += c->panels[i]->columns;
    text_parts(file, c->panels[0]->threads, n, put_compared, c);
}

char *save_comparison_text(const struct result *const *panels, size_t n, const char *const *keys,
                           size_t n_keys, const char *const *panel_values, size_t *size)
{
    struct comparison c = {panels, n, keys, n_keys, panel_values, false};
    for (size_t i = 0; i < n; i++)
        c.networks = c.networks || panels[i]->places > 1;
    return csv_whole(write_comparison, &c, size);
}
