#include "replay.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../base/rng.h"

void replay_init(struct replay *replay)
{
    *replay = (struct replay){.stride = 1};
    replay->arrival = xmalloc(REPLAY_TASKS * sizeof *replay->arrival);
    replay->size = xmalloc(REPLAY_TASKS * sizeof *replay->size);
}

void replay_free(struct replay *replay)
{
    free(replay->arrival);
    free(replay->size);
    *replay = (struct replay){0};
}

/* Counts where gaps are shorter than sizes: beside them, and beside that of a task long ago. */
static void compare(struct replay *r, double gap, double size, double grain)
{
    double slack = 2 * grain + 1e-9 * size, before = r->ago[(r->seen - 1) % REPLAY_AGO];
    r->at_end += gap < size - slack;
    r->at_beginning += gap < before - slack;
    if (r->seen >= REPLAY_AGO)
        r->elsewhere += gap < r->ago[r->seen % REPLAY_AGO] - slack;
}

static void keep_every_second(double *x)
{
    for (size_t from = 0; from < REPLAY_TASKS / 2; from += REPLAY_STRETCH)
        memmove(x + from, x + 2 * from, REPLAY_STRETCH * sizeof *x);
}

void replay_add(struct replay *r, double arrival, double size, double grain)
{
    if (r->seen > 0)
        compare(r, arrival - r->last, size, grain);
    r->last = arrival;
    r->ago[r->seen % REPLAY_AGO] = size;
    size_t stretch = r->seen++ / REPLAY_STRETCH;
    if (stretch % r->stride != 0)
        return;
    if (r->n == REPLAY_TASKS) {
        keep_every_second(r->arrival);
        keep_every_second(r->size);
        r->n /= 2;
        r->stride *= 2;
        if (stretch % r->stride != 0)
            return;
    }
    r->arrival[r->n] = arrival;
    r->size[r->n++] = size;
}

void replay_finish(struct replay *r)
{
    r->length = r->stride == 1 ? r->n : REPLAY_STRETCH;
    r->n -= r->length > 0 ? r->n % r->length : 0;
}

size_t replay_stretches(const struct replay *r)
{
    return r->length > 0 ? r->n / r->length : 0;
}

double replay_from(const struct replay *r, size_t stretch)
{
    return r->arrival[stretch * r->length];
}

enum replay_times replay_times(const struct replay *r)
{
    const double enough = 50, hardly = 0.01;
    if (r->elsewhere < enough)
        return TIMES_ARRIVAL;
    return r->at_end <= hardly * r->elsewhere         ? TIMES_COMPLETION
           : r->at_beginning <= hardly * r->elsewhere ? TIMES_START
                                                      : TIMES_ARRIVAL;
}

/* ---- waits ---- */

/* The first of the times at which servers fall free becomes `later` (Williams 1964). */
static void put_back(double *heap, size_t n, double later)
{
    size_t at = 0, child;
    for (; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= later)
            break;
        heap[at] = heap[child];
    }
    heap[at] = later;
}

/* The wait of each task into `wait`, NULL: none; their sum. */
static double wait_of(const double *arrival, const double *size, size_t n, double *heap,
                      size_t servers, double *wait)
{
    double sum = 0;
    for (size_t i = 0; i < servers; i++)
        heap[i] = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double start = fmax(arrival[i], heap[0]);
        sum += start - arrival[i];
        if (wait)
            wait[i] = start - arrival[i];
        put_back(heap, servers, start + size[i]);
    }
    return sum;
}

/* The sizes in another order (Fisher and Yates 1938; Durstenfeld 1964). */
static double *dealt_out(const struct replay *r, unsigned shuffle)
{
    struct stream stream = stream_of(1, shuffle, "fit.shuffle");
    double *size = xmalloc((r->n + 1) * sizeof *size);
    memcpy(size, r->size, r->n * sizeof *size);
    for (size_t i = r->n; i > 1; i--) {
        size_t other = (size_t)(stream_uniform(&stream, 0, i) * (double)i);
        double keep = size[i - 1];
        size[i - 1] = size[other];
        size[other] = keep;
    }
    return size;
}

double replay_wait(const struct replay *r, double consumers, unsigned shuffle)
{
    double sum = 0, *dealt = shuffle > 0 ? dealt_out(r, shuffle) : NULL;
    const double *size = dealt ? dealt : r->size;
    size_t servers = consumers < (double)r->length ? (size_t)consumers : r->length;
    double *heap = xmalloc((servers + 1) * sizeof *heap);
    for (size_t from = 0; servers > 0 && from < r->n; from += r->length)
        sum += wait_of(r->arrival + from, size + from, r->length, heap, servers, NULL);
    free(heap);
    free(dealt);
    return r->n > 0 ? sum / (double)r->n : NAN;
}

const double replay_p[REPLAY_FIGURES] = {NAN, 0.9, 0.99};

bool replay_has(enum replay_figure figure, size_t tasks)
{
    return figure == REPLAY_MEAN
               ? tasks > 0
               : (double)tasks * (1 - replay_p[figure]) >= REPLAY_BEYOND * (1 - 1e-9);
}

void replay_waits(const struct replay *r, double consumers, double out[REPLAY_FIGURES])
{
    size_t servers = consumers < (double)r->length ? (size_t)consumers : r->length, n = r->length;
    double *heap = xmalloc((servers + 1) * sizeof *heap), *wait = xmalloc((n + 1) * sizeof *wait);
    double stretches = (double)replay_stretches(r);
    for (int i = 0; i < REPLAY_FIGURES; i++)
        out[i] = servers > 0 && replay_has((enum replay_figure)i, n) ? 0 : NAN;
    for (size_t from = 0; servers > 0 && from < r->n; from += n) {
        double sum = wait_of(r->arrival + from, r->size + from, n, heap, servers, wait);
        out[REPLAY_MEAN] += sum / (double)n / stretches;
        for (int i = REPLAY_P90; i < REPLAY_FIGURES; i++)
            out[i] +=
                gsl_stats_select(wait, 1, n, (size_t)(replay_p[i] * (double)(n - 1))) / stretches;
    }
    free(heap);
    free(wait);
}
