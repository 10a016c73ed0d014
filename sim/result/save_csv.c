/* The CSV files (save.h). */
#include "save_csv.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "precision.h"

const char *const note_names[NOTES] = {
    "capped",    "backlog",    "trace-ended",  "warmup-unsettled", "interrupted",
    "short-run", "few-cycles", "stands-still", "unrepresentative", "deadlock"};
const char *const stable_names[] = {
    [STABLE_NO] = "no", [STABLE_YES] = "yes", [STABLE_UNKNOWN] = "unknown"};
const char stage_name[] = "main";

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

static void put_count(struct text *to, uint64_t n)
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

/* The names of all columns; those of the number waiting where it is recorded. */
static void put_header(FILE *file, const struct result *result)
{
    fputs(columns_header, file);
    if (scenario_records_queue(&result->scenario))
        fputs(queue_header, file);
    fputs("\n", file);
}

static void put_row(struct text *to, const struct result *result, uint32_t class,
                    const struct row *row)
{
    text_put(to, stage_name);
    text_char(to, ',');
    csv_text(to, result_class_name(result, class));
    text_char(to, ',');
    csv_text(to, sweep_name(&result->scenario));
    csv_number(to, row->value);
    put_count(to, row->offered);
    put_count(to, row->completed);
    put_count(to, row->lost);
    put_count(to, row->unfinished);
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
    put_count(to, row->lost_by[LOSS_REJECTED]);
    put_count(to, row->lost_by[LOSS_DROPPED_NEWEST]);
    put_count(to, row->lost_by[LOSS_DROPPED_OLDEST]);
    csv_number(to, row->offered_utilization);
    csv_number(to, row->warmup_tasks);
    csv_number(to, row->effective_tasks);
    csv_number(to, row->largest_share);
    csv_number(to, row->time_low);
    csv_number(to, row->time_high);
    put_notes(to, row->notes);
    csv_number(to, row->loss_low);
    csv_number(to, row->loss_high);
    put_count(to, row->replications);
    csv_number(to, row->precision);
    text_char(to, ',');
    text_put(to, precision_names[row->precision_state]);
    put_count(to, row->lost_by[LOSS_TIMED_OUT]);
    csv_number(to, row->wait_q[P9999]);
    csv_number(to, row->latency_q[P9999]);
    csv_number(to, row->latency_low[P9999]);
    csv_number(to, row->latency_high[P9999]);
    for (int i = 0; i < QUANTILES && scenario_records_queue(&result->scenario); i++)
        csv_number(to, row->queue_q[i]);
    if (scenario_records_queue(&result->scenario))
        csv_number(to, row->queue_max);
    text_char(to, '\n');
}

/* The rows of one column of the sweep. */
static void put_column(struct text *to, const void *context, size_t column)
{
    const struct result *result = context;
    for (uint32_t class = 0; class < result_row_classes(result); class ++)
        put_row(to, result, class, result_row(result, (uint32_t)column, class));
}

void save_write_columns(FILE *file, const void *context)
{
    const struct result *result = context;
    put_header(file, result);
    text_parts(file, result->threads, result->columns, put_column, result);
}

/* ",low,high," of every bucket, an octave at a time when it is first asked for: there are far more
 * rows than buckets, and far more buckets than a run uses. */
struct edges {
    pthread_mutex_t lock; /* over `known` and texts that are not */
    bool known[HIST_OCTAVES];
    unsigned char length[HIST_BUCKETS];
    char text[HIST_BUCKETS][2 * NUMBER_TEXT];
};

static void know(struct edges *edges, int octave)
{
    pthread_mutex_lock(&edges->lock);
    char low[NUMBER_TEXT], high[NUMBER_TEXT];
    save_number(histogram_low(octave * HIST_SUB), low);
    for (int i = octave * HIST_SUB; !edges->known[octave] && i < (octave + 1) * HIST_SUB; i++) {
        save_number(histogram_high(i), high);
        int n = snprintf(edges->text[i], sizeof edges->text[i], ",%s,%s,", low, high);
        edges->length[i] = (unsigned char)n;
        memcpy(low, high, sizeof low);
    }
    edges->known[octave] = true;
    pthread_mutex_unlock(&edges->lock);
}

/* The start of every row of one histogram. */
static struct text row_head(const struct result *result, const char *measure, uint32_t column,
                            uint32_t class)
{
    struct text head = {0};
    text_put(&head, measure);
    text_char(&head, ',');
    text_put(&head, stage_name);
    text_char(&head, ',');
    csv_text(&head, result_class_name(result, class));
    csv_number(&head, result_row(result, column, class)->value);
    return head;
}

/* A row for counts that are in no bucket. */
static void put_rare(struct text *to, const struct text *head, const char *edges, uint64_t n)
{
    text_add(to, head->bytes, head->n);
    text_put(to, edges);
    put_count(to, n);
    text_char(to, '\n');
}

static void put_octave(struct text *to, const struct text *head, const struct edges *edges,
                       int octave, const uint64_t *page)
{
    char *at = text_room(to, HIST_SUB * (head->n + sizeof edges->text[0] + COUNT_TEXT + 1));
    char *begin = at;
    for (int i = 0; i < HIST_SUB; i++) {
        if (page[i] == 0)
            continue;
        int bucket = octave * HIST_SUB + i;
        memcpy(at, head->bytes, head->n);
        at += head->n;
        memcpy(at, edges->text[bucket], sizeof edges->text[bucket]); /* a fixed size is faster */
        at = text_digits(at + edges->length[bucket], page[i]);
        *at++ = '\n';
    }
    to->n += (size_t)(at - begin);
}

struct histograms {
    const struct result *result;
    struct edges *edges;
    char under[NUMBER_TEXT + 4], over[NUMBER_TEXT + 8]; /* ",0,low" and ",high,inf" */
};

/* The rows of one histogram: of number i by measure, column and class. */
static void put_histogram(struct text *to, const void *context, size_t i)
{
    const struct histograms *all = context;
    uint32_t classes = result_row_classes(all->result), columns = all->result->columns;
    enum measure measure = (enum measure)(i / classes / columns);
    uint32_t column = (uint32_t)(i / classes % columns), class = (uint32_t)(i % classes);
    struct histogram h = {0};
    struct text head =
        row_head(all->result, measure == MEASURE_LATENCY ? "latency" : "wait", column, class);
    result_histogram(all->result, column, class, measure, &h);
    put_rare(to, &head, ",0,0", h.zero);
    put_rare(to, &head, all->under, h.under);
    for (int octave = 0; octave < HIST_OCTAVES; octave++) {
        if (!h.page[octave])
            continue;
        know(all->edges, octave);
        put_octave(to, &head, all->edges, octave, h.page[octave]);
    }
    put_rare(to, &head, all->over, h.over);
    histogram_free(&h);
    free(head.bytes);
}

static void put_time(struct text *to, const struct text *head, uint64_t from, uint64_t end,
                     double seconds)
{
    text_add(to, head->bytes, head->n);
    put_count(to, from);
    put_count(to, end);
    csv_number(to, seconds);
    text_char(to, '\n');
}

/* The number waiting in a column: seconds for every number from `low` on and below `high`. */
static void put_queue(struct text *to, const void *context, size_t column)
{
    const struct result *result = context;
    struct queue_time q = {0};
    double scale = result_queue(result, (uint32_t)column, &q);
    struct text head = row_head(result, "queue", (uint32_t)column, result_row_classes(result) - 1);
    put_time(to, &head, 0, 1, scale > 0 ? (double)q.ticks.zero / scale : 0);
    for (int i = 0; i < HIST_BUCKETS; i++) {
        if (!q.ticks.page[i / HIST_SUB])
            i += HIST_SUB - 1;
        else if (histogram_count(&q.ticks, i) > 0)
            put_time(to, &head, queue_time_first(i), queue_time_last(i) + 1,
                     (double)histogram_count(&q.ticks, i) / scale);
    }
    queue_time_free(&q);
    free(head.bytes);
}

void save_write_histograms(FILE *file, const void *context)
{
    const struct result *result = context;
    struct histograms all = {.result = result, .edges = xcalloc(1, sizeof *all.edges)};
    pthread_mutex_init(&all.edges->lock, NULL);
    char edge[NUMBER_TEXT];
    save_number(histogram_low(0), edge);
    snprintf(all.under, sizeof all.under, ",0,%s", edge);
    save_number(histogram_high(HIST_BUCKETS - 1), edge);
    snprintf(all.over, sizeof all.over, ",%s,inf", edge);
    fputs("measure,stage,class,value,low,high,count\n", file);
    text_parts(file, result->threads,
               (size_t)CELL_MEASURES * result->columns * result_row_classes(result), put_histogram,
               &all);
    if (scenario_records_queue(&result->scenario))
        text_parts(file, result->threads, result->columns, put_queue, result);
    pthread_mutex_destroy(&all.edges->lock);
    free(all.edges);
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
};

/* One row of the sweep in one panel: number i by panel and column. */
static void put_compared(struct text *to, const void *context, size_t i)
{
    const struct comparison *c = context;
    size_t panel = 0;
    for (; i >= c->panels[panel]->columns; panel++)
        i -= c->panels[panel]->columns;
    const struct result *result = c->panels[panel];
    for (uint32_t class = 0; class < result_row_classes(result); class ++) {
        for (size_t k = 0; k < c->n_keys; k++) {
            csv_text(to, c->values[panel * c->n_keys + k]);
            text_char(to, ',');
        }
        put_row(to, result, class, result_row(result, (uint32_t)i, class));
    }
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
    put_header(file, c->panels[0]);
    for (size_t i = 0; i < c->n; i++)
        n += c->panels[i]->columns;
    text_parts(file, c->panels[0]->threads, n, put_compared, c);
}

char *save_comparison_text(const struct result *const *panels, size_t n, const char *const *keys,
                           size_t n_keys, const char *const *panel_values, size_t *size)
{
    struct comparison c = {panels, n, keys, n_keys, panel_values};
    return csv_whole(write_comparison, &c, size);
}
