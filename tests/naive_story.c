#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "naive_network.h"

static int by_number(const uint32_t *a, const uint32_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int visit_order(const void *a, const void *b)
{
    const struct visit_record *x = a, *y = b;
    const uint32_t of_x[] = {x->inlet, x->request, x->stage, x->turn};
    const uint32_t of_y[] = {y->inlet, y->request, y->stage, y->turn};
    return by_number(of_x, of_y, 4);
}

static int request_order(const void *a, const void *b)
{
    const struct request_record *x = a, *y = b;
    const uint32_t of_x[] = {x->inlet, x->request}, of_y[] = {y->inlet, y->request};
    return by_number(of_x, of_y, 2);
}

static bool same_time(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * (1 + fabs(a));
}

static bool same_visit(const struct visit_record *a, const struct visit_record *b)
{
    bool completed = a->outcome == TRACE_COMPLETED; /* what else had come to is nobody's business */
    bool withdrawn = a->outcome == TRACE_WITHDRAWN ||
                     (a->outcome == TRACE_LOST + LOSS_CANCELLED && isnan(a->arrival));
    return visit_order(a, b) == 0 && a->class == b->class && a->outcome == b->outcome &&
           same_time(a->left, b->left) &&
           (withdrawn || (a->station == b->station && same_time(a->arrival, b->arrival))) &&
           (!completed || (same_time(a->start, b->start) && same_time(a->done, b->done) &&
                           same_time(a->wait, b->wait)));
}

static bool same_ledger(const struct ledger *a, const struct ledger *b)
{
    return same_time(a->useful, b->useful) && same_time(a->wasted, b->wasted) &&
           same_time(a->cancelled, b->cancelled) && same_time(a->denied, b->denied);
}

static bool same_request(const struct request_record *a, const struct request_record *b)
{
    return request_order(a, b) == 0 && a->class == b->class && a->outcome == b->outcome &&
           same_time(a->arrival, b->arrival) && same_time(a->reply, b->reply) &&
           same_time(a->end, b->end) && same_time(a->wait, b->wait) && a->attempts == b->attempts &&
           same_ledger(&a->ledger, &b->ledger);
}

static const char *outcome_name(uint32_t outcome)
{
    return outcome == TRACE_COMPLETED   ? "completed"
           : outcome == TRACE_WITHDRAWN ? "withdrawn"
                                        : loss_names[outcome - TRACE_LOST];
}

static void print_visit(FILE *out, const struct network *n, const char *who,
                        const struct visit_record *v)
{
    fprintf(out,
            "  %s: %s %u at %s (turn %u, station %u, class %u) %s: arrival %.17g, start %.17g, "
            "done %.17g, left %.17g, wait %.17g\n",
            who, n->inlets[v->inlet].name, v->request, n->stages[v->stage].name, v->turn,
            v->station, v->class, outcome_name(v->outcome), v->arrival, v->start, v->done, v->left,
            v->wait);
}

static void print_request(FILE *out, const struct network *n, const char *who,
                          const struct request_record *r)
{
    const struct ledger *l = &r->ledger;
    fprintf(out,
            "  %s: %s %u (class %u) %s: arrival %.17g, reply %.17g, end %.17g, wait %.17g, "
            "%u attempts, useful %.10g, wasted %.10g, cancelled %.10g, denied %.10g\n",
            who, n->inlets[r->inlet].name, r->request, r->class, outcome_name(r->outcome),
            r->arrival, r->reply, r->end, r->wait, r->attempts, l->useful, l->wasted, l->cancelled,
            l->denied);
}

/* The visit that differs and ended first, of two sorted lists. */
static bool visits_agree(FILE *out, const struct network *n, const struct story *a,
                         const struct story *b)
{
    const struct visit_record *first[2] = {NULL, NULL};
    double when = INFINITY;
    for (size_t i = 0, j = 0; i < a->n_visits || j < b->n_visits;) {
        const struct visit_record *x = i < a->n_visits ? &a->visits[i] : NULL;
        const struct visit_record *y = j < b->n_visits ? &b->visits[j] : NULL;
        int order = !x ? 1 : !y ? -1 : visit_order(x, y);
        x = order <= 0 ? x : NULL, y = order >= 0 ? y : NULL;
        double left = fmin(x ? x->left : INFINITY, y ? y->left : INFINITY);
        if (left < when && !(x && y && same_visit(x, y)))
            first[0] = x, first[1] = y, when = left;
        i += x != NULL, j += y != NULL;
    }
    for (int i = 0; i < 2 && out && when < INFINITY; i++)
        if (first[i])
            print_visit(out, n, i == 0 ? "one" : "other", first[i]);
        else
            fprintf(out, "  %s: knows nothing of it\n", i == 0 ? "one" : "other");
    return when == INFINITY;
}

static bool requests_agree(FILE *out, const struct network *n, const struct story *a,
                           const struct story *b)
{
    for (size_t i = 0; i < a->n_requests || i < b->n_requests; i++) {
        const struct request_record *x = i < a->n_requests ? &a->requests[i] : NULL;
        const struct request_record *y = i < b->n_requests ? &b->requests[i] : NULL;
        if (x && y && same_request(x, y))
            continue;
        if (x && out)
            print_request(out, n, "one", x);
        if (y && out)
            print_request(out, n, "other", y);
        return false;
    }
    return true;
}

/* Where nothing goes on the engine may look at timeouts once more that nobody needs. */
static bool same_end(const struct network *network, const struct story *a, const struct story *b)
{
    return same_time(a->end, b->end) || (network->asks && b->end > a->end);
}

bool stories_agree(const struct network *network, struct story *a, struct story *b, FILE *out)
{
    struct story *both[] = {a, b};
    for (int i = 0; i < 2; i++) {
        if (both[i]->n_visits > 0)
            qsort(both[i]->visits, both[i]->n_visits, sizeof *a->visits, visit_order);
        if (both[i]->n_requests > 0)
            qsort(both[i]->requests, both[i]->n_requests, sizeof *a->requests, request_order);
    }
    if (out && (a->arrived != b->arrived || !same_end(network, a, b)))
        fprintf(out, "  %llu requests until %.17g; %llu until %.17g\n",
                (unsigned long long)a->arrived, a->end, (unsigned long long)b->arrived, b->end);
    if (out && !a->deadlock != !b->deadlock)
        fprintf(out, "  deadlock: %s; %s\n", a->deadlock ? a->deadlock : "none",
                b->deadlock ? b->deadlock : "none");
    return visits_agree(out, network, a, b) && requests_agree(out, network, a, b) &&
           a->arrived == b->arrived && same_end(network, a, b) && !a->deadlock == !b->deadlock;
}
