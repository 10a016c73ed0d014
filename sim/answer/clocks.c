#include "clocks.h"

#include <math.h>
#include <stdlib.h>

#include "../result/save_csv.h"
#include "traced.h"

const char *const clock_names[] = {"meant", "admitted", "tester", NULL};

/* Requests of a replication that are kept at the most. */
enum { REQUESTS_MOST = 20000000 };

struct seen_request {
    double arrival, end;
    bool completed;
    uint32_t inlet, request;
};

/* A replication as it is told. */
struct told {
    struct seen_request *over;
    size_t n, room;
    struct admitted {
        double *at; /* by request: when it was let in first; NAN: not yet */
        size_t n, room;
    } * admitted; /* by inlet */
    bool replies, full;
};

static void take_visit(void *to, const struct visit_record *record)
{
    struct told *told = to;
    struct admitted *a = &told->admitted[record->inlet];
    if (isnan(record->admitted) || record->request >= REQUESTS_MOST)
        return;
    if (record->request >= a->room) {
        a->room = 2 * (size_t)record->request + 1024;
        a->at = xrealloc(a->at, a->room * sizeof *a->at);
    }
    while (a->n <= record->request)
        a->at[a->n++] = NAN;
    a->at[record->request] = fmin(a->at[record->request], record->admitted);
}

static void take_request(void *to, const struct request_record *record)
{
    struct told *told = to;
    double end = told->replies && !isnan(record->reply) ? record->reply : record->end;
    if (told->n == REQUESTS_MOST) {
        told->full = true;
        return;
    }
    if (told->n == told->room) {
        told->room = told->room ? 2 * told->room : 1024;
        told->over = xrealloc(told->over, told->room * sizeof *told->over);
    }
    told->over[told->n++] = (struct seen_request){
        record->arrival, end, record->outcome == TRACE_COMPLETED, record->inlet, record->request};
}

static size_t seen(void *to, double from, double until)
{
    const struct told *told = to;
    size_t n = 0;
    for (size_t i = 0; i < told->n; i++)
        n += told->over[i].arrival > from && told->over[i].arrival <= until;
    return told->full ? SIZE_MAX : n;
}

static int by_arrival(const void *a, const void *b)
{
    const struct seen_request *x = a, *y = b;
    if (x->arrival != y->arrival)
        return x->arrival < y->arrival ? -1 : 1;
    if (x->inlet != y->inlet)
        return x->inlet < y->inlet ? -1 : 1;
    return (x->request > y->request) - (x->request < y->request);
}

static void add(struct clock_view *view, double latency)
{
    if (view->n == view->room) {
        view->room = view->room ? 2 * view->room : 1024;
        view->latency = xrealloc(view->latency, view->room * sizeof *view->latency);
    }
    view->latency[view->n++] = latency;
}

static void look(const struct told *told, const struct traced_span *span, struct clocks *clocks)
{
    double busy = 0; /* the tester's connection, until then */
    if (told->n > 0)
        qsort(told->over, told->n, sizeof *told->over, by_arrival);
    for (size_t i = 0; i < told->n; i++) {
        const struct seen_request *r = &told->over[i];
        const struct admitted *a = &told->admitted[r->inlet];
        if (!(r->arrival > span->from) || r->arrival > span->until)
            continue;
        const bool asks = r->arrival >= busy;
        busy = asks ? r->end : busy;
        if (!r->completed)
            continue;
        add(&clocks->view[CLOCK_MEANT], r->end - r->arrival);
        if (r->request < a->n && !isnan(a->at[r->request]))
            add(&clocks->view[CLOCK_ADMITTED], fmax(0, r->end - a->at[r->request]));
        if (asks)
            add(&clocks->view[CLOCK_TESTER], r->end - r->arrival);
    }
}

static bool add_replication(struct clocks *clocks, const struct scenario *s,
                            const struct network *network, uint32_t replication, atomic_bool *stop,
                            struct errors *errors)
{
    struct told told = {.replies = network->replies};
    told.admitted = xcalloc(network->n_inlets, sizeof *told.admitted);
    struct network_trace trace = {&told, take_visit, take_request};
    const struct traced_span span = traced_run(s, network, replication, &trace, seen, stop);
    bool good = !told.full || error_at(errors, (struct place){"run.tasks", 0, 0},
                                       "more than %d requests in a replication cannot be kept one "
                                       "by one: make the run shorter (--set run.tasks=N)",
                                       REQUESTS_MOST);
    if (good && !(stop && atomic_load(stop)))
        look(&told, &span, clocks);
    for (uint32_t i = 0; i < network->n_inlets; i++)
        free(told.admitted[i].at);
    free(told.admitted);
    free(told.over);
    return good;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct clocks *clocks_find(const struct scenario *s, atomic_bool *stop, struct errors *errors)
{
    struct scenario *own = xmalloc(sizeof *own);
    *own = *s;
    bool good = scenario_is_network(own) ||
                param_set(own, "replicas", "1", (struct place){0}, errors); /* of one stage */
    struct network *network = good ? network_of(own) : NULL;
    struct clocks *clocks = network ? xcalloc(1, sizeof *clocks) : NULL;
    for (uint32_t r = 0; clocks && good && r < (uint32_t)s->run.replications; r++)
        good = add_replication(clocks, own, network, r, stop, errors);
    network_free(network);
    free(own);
    for (int k = 0; clocks && k < CLOCK_KINDS; k++)
        if (clocks->view[k].n > 0)
            qsort(clocks->view[k].latency, clocks->view[k].n, sizeof(double), by_size);
    if (good && clocks && !(stop && atomic_load(stop)))
        return clocks;
    clocks_free(clocks);
    return NULL;
}

void clocks_free(struct clocks *clocks)
{
    for (int k = 0; clocks && k < CLOCK_KINDS; k++)
        free(clocks->view[k].latency);
    free(clocks);
}

double clock_mean(const struct clock_view *view)
{
    double sum = 0;
    for (size_t i = 0; i < view->n; i++)
        sum += view->latency[i];
    return view->n > 0 ? sum / (double)view->n : NAN;
}

double clock_quantile(const struct clock_view *view, double p)
{
    if (view->n == 0)
        return NAN;
    size_t rank = (size_t)ceil(p * (double)view->n);
    return view->latency[rank > 0 ? rank - 1 : 0];
}

static void write_csv(FILE *file, const void *context)
{
    static const double quantiles[] = {0.5, 0.9, 0.99, 0.999, 0.9999, 1};
    const struct clocks *clocks = context;
    struct text text = {0};
    text_put(&text, "clock,requests,mean,p50,p90,p99,p999,p9999,max\n");
    for (int k = 0; k < CLOCK_KINDS; k++) {
        const struct clock_view *view = &clocks->view[k];
        csv_text(&text, clock_names[k]);
        csv_number(&text, (double)view->n);
        csv_number(&text, clock_mean(view));
        for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
            csv_number(&text, clock_quantile(view, quantiles[i]));
        text_char(&text, '\n');
    }
    fwrite(text.bytes, 1, text.n, file);
    free(text.bytes);
}

char *clocks_csv(const struct clocks *clocks, size_t *size)
{
    return csv_whole(write_csv, clocks, size);
}
