#include "tournament.h"

#include <math.h>
#include <stdlib.h>

#include "../base/err.h"
#include "../result/in_time.h"
#include "../result/save_csv.h"
#include "../result/stats.h"

const char *const waiting_names[WAITINGS] = {"buffer", "producer", "retries", "lost"};

/* What was waited in the window, all replications together, and by how many. */
struct waited {
    double buffer, producer, tasks;
};

static struct waited waited_of(const struct result *result)
{
    struct waited w = {0, 0, 0};
    for (uint32_t r = 0; r < result->replications; r++) {
        const struct window *window = result_window(result, 0, r);
        if (!window)
            continue;
        const struct flow *open = &window->open, *close = &window->close;
        w.buffer += close->queue_area - open->queue_area;
        w.producer += close->paused_area - open->paused_area;
        w.tasks += (double)(close->arrived - open->arrived);
    }
    return w;
}

/* The place at which requests are answered. */
static uint32_t place_of(const struct result *result)
{
    return result->places > result->whole + 1 ? result->whole + 1 : result->whole;
}

static void judge(struct contestant *c, const struct waited *unbounded, double limit)
{
    const struct result *result = c->result;
    uint32_t place = place_of(result), all = result_row_classes(result) - 1;
    const struct row *row = result_place_row(result, 0, place, all);
    const struct row *whole = result_row(result, 0, all);
    struct in_time in_time = result_in_time(result, place, limit);
    struct waited waited = waited_of(result);
    size_t degrees = result->replications > 1 ? result->replications - 1 : 1;
    c->goodput = in_time.rate;
    c->goodput_half = in_time.error * stats_t(0.05, degrees);
    c->in_time = in_time.share;
    c->p99 = row->latency_q[2];
    c->p99_low = row->latency_low[2];
    c->p99_high = row->latency_high[2];
    c->loss = whole->loss_fraction;
    c->unfinished = (double)whole->unfinished / (double)whole->offered;
    c->grows = whole->stable == STABLE_NO;
    c->waiting[WAITING_BUFFER] = waited.buffer / waited.tasks;
    c->waiting[WAITING_PRODUCER] = waited.producer / waited.tasks;
    c->waiting[WAITING_RETRIES] = 0;
    double sum = c->waiting[WAITING_BUFFER] + c->waiting[WAITING_PRODUCER];
    double other = (unbounded->buffer + unbounded->producer) / unbounded->tasks;
    bool loses = whole->lost > 0;
    c->waiting[WAITING_LOST] = loses ? fmax(other - sum, 0) : 0;
}

static bool beats(const struct contestant *a, const struct contestant *b)
{
    if (isnan(a->p99) || isnan(b->p99))
        return !isnan(a->p99) && a->goodput >= b->goodput;
    return a->goodput >= b->goodput && a->p99 <= b->p99 &&
           (a->goodput > b->goodput || a->p99 < b->p99);
}

void tournament_judge(struct contestant *contestants, size_t n, const struct result *unbounded,
                      double limit)
{
    struct waited other = waited_of(unbounded);
    for (size_t i = 0; i < n; i++)
        judge(&contestants[i], &other, limit);
    for (size_t i = 0; i < n; i++) {
        contestants[i].front = !isnan(contestants[i].p99);
        for (size_t k = 0; k < n; k++)
            if (beats(&contestants[k], &contestants[i]))
                contestants[i].front = false;
    }
}

size_t tournament_most(const struct contestant *contestants, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        const struct contestant *a = &contestants[i], *b = &contestants[best];
        if (a->goodput > b->goodput || (a->goodput == b->goodput && a->p99 < b->p99))
            best = i;
    }
    return best;
}

size_t tournament_fastest(const struct contestant *contestants, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++) {
        const struct contestant *a = &contestants[i], *b = &contestants[best];
        if (a->p99 < b->p99 || (isnan(b->p99) && !isnan(a->p99)) ||
            (a->p99 == b->p99 && a->goodput > b->goodput))
            best = i;
    }
    return best;
}

static const char *human(enum unit unit, double x)
{
    char text[64];
    unit_human(unit, x, 3, text, sizeof text);
    return intern(text);
}

const char *tournament_sentence(const struct contestant *contestants, size_t n, double limit)
{
    const struct contestant *most = &contestants[tournament_most(contestants, n)];
    const struct contestant *fastest = &contestants[tournament_fastest(contestants, n)];
    const char *verb = isinf(limit) ? "serves most" : "answers most in time";
    if (most == fastest)
        return internf("%s is best at both: it %s (%s), with a p99 of %s", most->name, verb,
                       human(UNIT_RATE, most->goodput), human(UNIT_DURATION, most->p99));
    const struct contestant *pair[2] = {most, fastest};
    const char *p99[2];
    for (int i = 0; i < 2; i++)
        p99[i] =
            isnan(pair[i]->p99) ? "no p99" : internf("p99 %s", human(UNIT_DURATION, pair[i]->p99));
    return internf("%s %s (%s, %s), %s is fastest (%s, %s)", most->name, verb,
                   human(UNIT_RATE, most->goodput), p99[0], fastest->name, p99[1],
                   human(UNIT_RATE, fastest->goodput));
}

static void write_csv(FILE *file, const void *context)
{
    const struct contestant *c = context;
    struct text text = {0};
    text_put(&text, "policy,goodput,goodput_ci95,in_time_fraction,latency_p99,latency_p99_low95,"
                    "latency_p99_high95,loss_fraction,unfinished_fraction,wait_buffer,wait_"
                    "producer,wait_retries,"
                    "wait_lost,front,stable\n");
    for (; c->name; c++) {
        const struct row *row = result_row(c->result, 0, result_row_classes(c->result) - 1);
        csv_text(&text, c->name);
        const double figures[] = {c->goodput, c->goodput_half, c->in_time, c->p99,
                                  c->p99_low, c->p99_high,     c->loss,    c->unfinished};
        for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
            csv_number(&text, figures[i]);
        for (int i = 0; i < WAITINGS; i++)
            csv_number(&text, c->waiting[i]);
        text_put(&text, c->front ? ",yes," : ",no,");
        text_put(&text, stable_names[row->stable]);
        text_char(&text, '\n');
    }
    fwrite(text.bytes, 1, text.n, file);
    free(text.bytes);
}

char *tournament_csv(const struct contestant *contestants, size_t n, size_t *size)
{
    struct contestant *ended = xcalloc(n + 1, sizeof *ended); /* the last has no name */
    for (size_t i = 0; i < n; i++)
        ended[i] = contestants[i];
    char *csv = csv_whole(write_csv, ended, size);
    free(ended);
    return csv;
}
