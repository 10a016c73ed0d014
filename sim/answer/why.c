#include "why.h"

#include <math.h>
#include <stdlib.h>

#include "../engine/trace.h"
#include "../result/save_csv.h"
#include "traced.h"
#include "why_split.h"

const char *const why_part_names[WHY_PARTS] = {"work", "large",   "plain",   "held",
                                               "idle", "blocked", "stopped", "delay"};

/* Visits of a replication that are kept at the most. */
enum { VISITS_MOST = 4000000 };

struct finished {
    double arrival, latency;
    uint32_t inlet, request;
};

/* A replication as it is told. */
struct told {
    struct why_run run;
    struct finished *finished;
    size_t n, room;
    double from, until; /* arrivals that are asked about */
    bool replies, full;
};

static void take_visit(void *to, const struct visit_record *record)
{
    struct told *told = to;
    struct why_run *run = &told->run;
    if (run->n == VISITS_MOST) {
        told->full = true;
        return;
    }
    if (run->n == run->room) {
        run->room = run->room ? 2 * run->room : 1024;
        run->visits = xrealloc(run->visits, run->room * sizeof *run->visits);
    }
    run->visits[run->n++] = (struct why_visit){.arrival = record->arrival,
                                               .start = record->start,
                                               .done = record->done,
                                               .left = record->left,
                                               .work = record->work,
                                               .request = record->request,
                                               .station = record->station,
                                               .inlet = (uint16_t)record->inlet,
                                               .stage = (uint16_t)record->stage};
}

static void take_request(void *to, const struct request_record *record)
{
    struct told *told = to;
    double end = told->replies ? record->reply : record->end;
    if (record->outcome != TRACE_COMPLETED || isnan(end))
        return;
    if (told->n == told->room) {
        told->room = told->room ? 2 * told->room : 1024;
        told->finished = xrealloc(told->finished, told->room * sizeof *told->finished);
    }
    told->finished[told->n++] =
        (struct finished){record->arrival, end - record->arrival, record->inlet, record->request};
}

/* ---- running ---- */

/* How many of those that are asked about are over. */
static size_t seen(void *context, double from, double until)
{
    const struct told *told = context;
    size_t n = 0;
    for (size_t k = 0; k < told->n; k++)
        n += told->finished[k].arrival > from && told->finished[k].arrival <= until;
    return told->full ? SIZE_MAX : n;
}

static void run_it(struct told *told, const struct scenario *s, uint32_t replication,
                   atomic_bool *stop)
{
    struct network_trace trace = {told, take_visit, take_request};
    const struct traced_span span =
        traced_run(s, told->run.network, replication, &trace, seen, stop);
    told->from = span.from;
    told->until = span.until;
    told->run.end = span.end;
}

/* ---- the slowest ---- */

static int slowest_first(const void *a, const void *b)
{
    const struct finished *x = a, *y = b;
    if (x->latency != y->latency)
        return x->latency > y->latency ? -1 : 1;
    return (x->arrival > y->arrival) - (x->arrival < y->arrival);
}

static void split_all(struct told *told, double share, struct why *why)
{
    size_t n = 0;
    for (size_t i = 0; i < told->n; i++)
        if (told->finished[i].arrival > told->from && told->finished[i].arrival <= told->until)
            told->finished[n++] = told->finished[i];
    qsort(told->finished, n, sizeof *told->finished, slowest_first);
    size_t slowest = (size_t)ceil(share * (double)n);
    why->requests += n;
    why->slowest += slowest;
    for (size_t i = 0; i < slowest; i++) {
        const struct finished *f = &told->finished[i];
        double put =
            why_split(&told->run, f->inlet, f->request, f->arrival, f->arrival + f->latency);
        why->apart = fmax(why->apart, fabs(put - f->latency) / fmax(f->latency, 1));
        why->sum += f->latency;
        why->least = fmin(why->least, f->latency);
    }
}

/* Keeps the stretches in which they waited most. */
static void note_spells(const struct told *told, uint32_t replication, struct why *why)
{
    const struct network *network = told->run.network;
    for (uint32_t stage = 0; stage < network->n_stages; stage++) {
        const struct network_stage *s = &network->stages[stage];
        for (uint32_t r = 0; r < s->replicas && s->pool == stage; r++) {
            const struct why_pool *pool = &told->run.pools[s->first_station + r];
            for (size_t i = 0; i < pool->spells; i++) {
                size_t at = why->spells;
                while (at > 0 && why->spell[at - 1].waited < pool->waited[i])
                    at--;
                if (at == WHY_SPELLS || !(pool->waited[i] > 0))
                    continue;
                why->spells += why->spells < WHY_SPELLS;
                for (size_t k = why->spells - 1; k > at; k--)
                    why->spell[k] = why->spell[k - 1];
                why->spell[at] = (struct why_spell){stage,       replication,     pool->from[i],
                                                    pool->to[i], pool->waited[i], pool->largest[i]};
            }
        }
    }
}

static struct why *why_new(const struct network *network, double share)
{
    struct why *why = xcalloc(1, sizeof *why);
    why->n_stages = network->n_stages;
    why->stage = xcalloc(network->n_stages, sizeof *why->stage);
    for (uint32_t i = 0; i < network->n_stages; i++)
        why->stage[i] = intern(network->stages[i].name);
    why->seconds = xcalloc(network->n_stages, sizeof *why->seconds);
    why->share = share;
    why->least = INFINITY;
    why->replies = network->replies;
    return why;
}

/* A replication more; false with an error, where there is too much of it. */
static bool add(struct why *why, const struct scenario *s, const struct network *network,
                uint32_t replication, atomic_bool *stop, struct errors *errors)
{
    struct told told = {.run = {.network = network, .why = why}, .replies = network->replies};
    bool good = true;
    run_it(&told, s, replication, stop);
    if (told.full) {
        good = error_at(errors, (struct place){"run.tasks", 0, 0},
                        "more than %d visits in a replication cannot be kept one by one: make the "
                        "run shorter (--set run.tasks=N)",
                        VISITS_MOST);
    } else if (!stop || !atomic_load(stop)) {
        why_prepare(&told.run);
        split_all(&told, why->share, why);
        note_spells(&told, replication, why);
    }
    free(told.finished);
    why_run_free(&told.run);
    return good;
}

struct why *why_find(const struct scenario *s, double share, atomic_bool *stop,
                     struct errors *errors)
{
    struct scenario *own = xmalloc(sizeof *own);
    *own = *s;
    bool good = scenario_is_network(own) ||
                param_set(own, "replicas", "1", (struct place){0}, errors); /* of one stage */
    struct network *network = good ? network_of(own) : NULL;
    struct why *why = network ? why_new(network, share) : NULL;
    for (uint32_t r = 0; why && good && r < (uint32_t)s->run.replications; r++)
        good = add(why, own, network, r, stop, errors);
    network_free(network);
    free(own);
    for (uint32_t stage = 0; why && stage < why->n_stages; stage++)
        for (int part = 0; part < WHY_PARTS; part++)
            why->total[part] += why->seconds[stage][part];
    if (good && why && !(stop && atomic_load(stop)))
        return why;
    why_free(why);
    return NULL;
}

void why_free(struct why *why)
{
    if (!why)
        return;
    free(why->stage);
    free(why->seconds);
    free(why);
}

static void put_row(struct text *text, const struct why *why, const char *name,
                    const double seconds[WHY_PARTS])
{
    double sum = 0;
    csv_text(text, name);
    for (int part = 0; part < WHY_PARTS; part++) {
        csv_number(text, seconds[part] / (double)why->slowest);
        sum += seconds[part];
    }
    csv_number(text, sum / (double)why->slowest);
    text_char(text, '\n');
}

static void write_csv(FILE *file, const void *context)
{
    const struct why *why = context;
    struct text text = {0};
    text_put(&text, "stage");
    for (int part = 0; part < WHY_PARTS; part++) {
        text_char(&text, ',');
        text_put(&text, why_part_names[part]);
    }
    text_put(&text, ",latency\n");
    for (uint32_t stage = 0; stage < why->n_stages; stage++)
        put_row(&text, why, why->stage[stage], why->seconds[stage]);
    put_row(&text, why, "all", why->total);
    fwrite(text.bytes, 1, text.n, file);
    free(text.bytes);
}

char *why_csv(const struct why *why, size_t *size)
{
    return csv_whole(write_csv, why, size);
}
