/* The CSV files (save.h). */
#include "save_csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"

const char *const note_names[NOTES] = {"capped",           "backlog",     "trace-ended",
                                       "warmup-unsettled", "interrupted", "short-run"};
const char *const stable_names[] = {
    [STABLE_NO] = "no", [STABLE_YES] = "yes", [STABLE_UNKNOWN] = "unknown"};
const char stage_name[] = "main";

void save_number(double x, char out[NUMBER_TEXT])
{
    out[0] = '\0';
    if (isnan(x))
        return;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, NUMBER_TEXT, "%.*g", digits, x);
        if (strtod(out, NULL) == x)
            return;
    }
}

static void put_text(FILE *file, const char *text)
{
    if (!text)
        return;
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

static void put_number(FILE *file, double x)
{
    char text[NUMBER_TEXT];
    save_number(x, text);
    fputc(',', file);
    fputs(text, file);
}

static void put_count(FILE *file, uint64_t n)
{
    fprintf(file, ",%" PRIu64, n);
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
    "loss_fraction_low95,loss_fraction_high95\n";

static void put_notes(FILE *file, unsigned notes)
{
    fputc(',', file);
    const char *separator = "";
    for (int i = 0; i < NOTES; i++)
        if (notes & 1u << i) {
            fprintf(file, "%s%s", separator, note_names[i]);
            separator = " ";
        }
}

static void put_row(FILE *file, const struct result *result, uint32_t class, const struct row *row)
{
    fputs(stage_name, file);
    fputc(',', file);
    put_text(file, result_class_name(result, class));
    fputc(',', file);
    put_text(file, result->scenario.sweep.parameter);
    put_number(file, row->value);
    put_count(file, row->offered);
    put_count(file, row->completed);
    put_count(file, row->lost);
    put_count(file, row->unfinished);
    const double figures[] = {row->duration,          row->arrival_rate,     row->throughput,
                              row->utilization,       row->loss_fraction,    row->queue_mean,
                              row->in_system_mean,    row->wait_probability, row->wait_mean,
                              row->wait_mean_ci95,    row->wait_q[0],        row->wait_q[1],
                              row->wait_q[2],         row->wait_q[3],        row->latency_mean,
                              row->latency_mean_ci95, row->latency_q[0],     row->latency_q[1],
                              row->latency_q[2],      row->latency_q[3],     row->latency_max};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        put_number(file, figures[i]);
    for (int i = 0; i < QUANTILES; i++) {
        put_number(file, row->latency_low[i]);
        put_number(file, row->latency_high[i]);
    }
    fprintf(file, ",%s", stable_names[row->stable]);
    for (int i = 0; i < LOSS_KINDS; i++)
        put_count(file, row->lost_by[i]);
    put_number(file, row->offered_utilization);
    put_number(file, row->warmup_tasks);
    put_number(file, row->effective_tasks);
    put_number(file, row->largest_share);
    put_number(file, row->time_low);
    put_number(file, row->time_high);
    put_notes(file, row->notes);
    put_number(file, row->loss_low);
    put_number(file, row->loss_high);
    fputc('\n', file);
}

void save_write_columns(FILE *file, const void *context)
{
    const struct result *result = context;
    fputs(columns_header, file);
    for (uint32_t column = 0; column < result->columns; column++)
        for (uint32_t class = 0; class < result_row_classes(result); class ++)
            put_row(file, result, class, result_row(result, column, class));
}

/* The edges as text, once: there are as many as buckets, and far more rows. */
struct edges {
    char text[HIST_BUCKETS + 1][NUMBER_TEXT];
};

static struct edges *edges_new(void)
{
    struct edges *edges = xmalloc(sizeof *edges);
    for (int i = 0; i < HIST_BUCKETS; i++)
        save_number(histogram_low(i), edges->text[i]);
    save_number(histogram_high(HIST_BUCKETS - 1), edges->text[HIST_BUCKETS]);
    return edges;
}

/* The start of every row of one histogram, xmalloc'ed. */
static char *row_head(const struct result *result, enum measure measure, uint32_t column,
                      uint32_t class)
{
    char *head = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&head, &size);
    if (!file)
        return xcalloc(1, 1);
    fprintf(file, "%s,%s,", measure == MEASURE_LATENCY ? "latency" : "wait", stage_name);
    put_text(file, result_class_name(result, class));
    put_number(file, result_row(result, column, class)->value);
    fclose(file);
    return head;
}

static void put_histogram(FILE *file, const char *head, const struct histogram *h,
                          const struct edges *edges)
{
    const char *lowest = edges->text[0], *highest = edges->text[HIST_BUCKETS];
    fprintf(file, "%s,0,0,%" PRIu64 "\n", head, h->zero);
    fprintf(file, "%s,0,%s,%" PRIu64 "\n", head, lowest, h->under);
    for (int i = 0; i < HIST_BUCKETS; i++) {
        uint64_t n = histogram_count(h, i);
        if (n > 0)
            fprintf(file, "%s,%s,%s,%" PRIu64 "\n", head, edges->text[i], edges->text[i + 1], n);
    }
    fprintf(file, "%s,%s,inf,%" PRIu64 "\n", head, highest, h->over);
}

void save_write_histograms(FILE *file, const void *context)
{
    const struct result *result = context;
    struct edges *edges = edges_new();
    fputs("measure,stage,class,value,low,high,count\n", file);
    for (int measure = MEASURE_LATENCY; measure <= MEASURE_WAIT; measure++)
        for (uint32_t column = 0; column < result->columns; column++)
            for (uint32_t class = 0; class < result_row_classes(result); class ++) {
                struct histogram h = {0};
                char *head = row_head(result, (enum measure)measure, column, class);
                result_histogram(result, column, class, (enum measure)measure, &h);
                put_histogram(file, head, &h, edges);
                histogram_free(&h);
                free(head);
            }
    free(edges);
}

static char *text_of(save_writer *write, const void *context, size_t *size)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    if (!file)
        return xcalloc(1, 1);
    write(file, context);
    fclose(file);
    return text;
}

char *save_columns_text(const struct result *result, size_t *size)
{
    return text_of(save_write_columns, result, size);
}

char *save_histograms_text(const struct result *result, size_t *size)
{
    return text_of(save_write_histograms, result, size);
}

/* What write_comparison needs. */
struct comparison {
    const struct result *const *panels;
    size_t n;
    const char *const *keys;
    size_t n_keys;
    const char *const *values;
};

static void write_comparison(FILE *file, const void *context)
{
    const struct comparison *c = context;
    for (size_t k = 0; k < c->n_keys; k++) {
        put_text(file, c->keys[k]);
        fputc(',', file);
    }
    fputs(columns_header, file);
    for (size_t i = 0; i < c->n; i++)
        for (uint32_t column = 0; column < c->panels[i]->columns; column++)
            for (uint32_t class = 0; class < result_row_classes(c->panels[i]); class ++) {
                for (size_t k = 0; k < c->n_keys; k++) {
                    put_text(file, c->values[i * c->n_keys + k]);
                    fputc(',', file);
                }
                put_row(file, c->panels[i], class, result_row(c->panels[i], column, class));
            }
}

char *save_comparison_text(const struct result *const *panels, size_t n, const char *const *keys,
                           size_t n_keys, const char *const *panel_values, size_t *size)
{
    struct comparison c = {panels, n, keys, n_keys, panel_values};
    return text_of(write_comparison, &c, size);
}
