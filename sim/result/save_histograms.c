/* histograms.csv (save.h). */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "save.h"
#include "save_csv.h"

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
                            uint32_t place, uint32_t class)
{
    struct text head = {0};
    text_put(&head, measure);
    text_char(&head, ',');
    csv_text(&head, result_place_name(result, place));
    text_char(&head, ',');
    csv_text(&head, result_class_name(result, class));
    csv_number(&head, result_place_row(result, column, place, class)->value);
    return head;
}

/* A row for counts that are in no bucket. */
static void put_rare(struct text *to, const struct text *head, const char *edges, uint64_t n)
{
    text_add(to, head->bytes, head->n);
    text_put(to, edges);
    csv_count(to, n);
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

/* The rows of one histogram: of number i by measure, column, place and class. */
static void put_histogram(struct text *to, const void *context, size_t i)
{
    const struct histograms *all = context;
    uint32_t classes = result_row_classes(all->result), places = all->result->places;
    uint32_t columns = all->result->columns, class = (uint32_t)(i % classes);
    uint32_t place = (uint32_t)(i / classes % places);
    uint32_t column = (uint32_t)(i / classes / places % columns);
    enum measure measure = (enum measure)(i / classes / places / columns);
    struct histogram h = {0};
    struct text head = row_head(all->result, measure == MEASURE_LATENCY ? "latency" : "wait",
                                column, place, class);
    result_place_histogram(all->result, column, place, class, measure, &h);
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
    csv_count(to, from);
    csv_count(to, end);
    csv_number(to, seconds);
    text_char(to, '\n');
}

/* The number waiting in a column: seconds for every number from `low` on and below `high`. */
static void put_queue(struct text *to, const void *context, size_t column)
{
    const struct result *result = context;
    struct queue_time q = {0};
    double scale = result_queue(result, (uint32_t)column, &q);
    struct text head =
        row_head(result, "queue", (uint32_t)column, result->whole, result_row_classes(result) - 1);
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
               (size_t)CELL_MEASURES * result->columns * result->places *
                   result_row_classes(result),
               put_histogram, &all);
    if (scenario_records_queue(&result->scenario))
        text_parts(file, result->threads, result->columns, put_queue, result);
    pthread_mutex_destroy(&all.edges->lock);
    free(all.edges);
}
