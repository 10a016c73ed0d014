/* Networks that are a line of stages with small buffers (theory_network.h, line.h). */
#include "../scenario/discipline.h"
#include "../scenario/distribution.h"
#include "../scenario/policy.h"
#include "../scenario/process.h"
#include "line.h"
#include "service.h"
#include "theory_network.h"

/* The only stage that `route` leads to, for certain; NETWORK_EXIT: out; else false. */
static bool leads_to(const struct network *n, const struct route *route, uint32_t *stage)
{
    *stage = route->n == 0 ? NETWORK_EXIT : n->legs[route->first].stage;
    return route->n == 0 || (route->n == 1 && route->way != WAY_COPIES &&
                             (route->way == WAY_RULES ? n->legs[route->first].class == NETWORK_ANY
                                                      : n->legs[route->first].share == 1));
}

static enum verdict verdict_of(const struct network *n, uint32_t stage)
{
    return ((const struct policy *)n->stages[stage].stage->when_full)->verdict;
}

/* Whether a stage is such as a line has; its law goes to `out`. */
static bool is_station(const struct network *n, uint32_t stage, struct line_station *out)
{
    const struct network_stage *s = &n->stages[stage];
    const struct discipline *d = stage_discipline(s->stage);
    const struct law *law = pool_law(n, stage, 0);
    bool delayed = s->delay && s->delay->model,
         leaves = s->timeout && s->timeout[0] && s->timeout[0]->model;
    struct service service;
    if (!law || s->steps > 0 || s->join || s->copies || s->replicas > 1 || s->pool != stage ||
        delayed || leaves || d->before || d->shares || d->order != ORDER_BLIND ||
        s->stage->resume_delay > 0 || !(s->stage->consumers <= 64) || !law_model(law)->service ||
        !law_model(law)->service(law->params, &service))
        return false;
    int phases = service.kind == SERVICE_EXPONENTIAL                          ? 1
                 : service.kind == SERVICE_ERLANG && s->stage->consumers == 1 ? (int)service.b
                                                                              : 0;
    *out = (struct line_station){.mu = s->stage->speed / law_mean(law),
                                 .consumers = (int)s->stage->consumers,
                                 .phases = phases,
                                 .room = floor(s->stage->capacity) + floor(s->stage->consumers),
                                 .before = s->blocks_before};
    return phases >= 1 && phases <= 16 && (!s->blocks_before || s->stage->consumers == 1);
}

/* The line that a network is; false where it is none, or none of its buffers has an end. */
static bool line_of(const struct network_view *v, struct line *line, uint32_t *order)
{
    const struct network *n = v->n;
    const struct inlet *in = &n->inlets[0];
    const struct arrival_process *p = (const struct arrival_process *)in->arrivals->process;
    uint32_t stage;
    bool ends = false;
    *line = (struct line){.lambda = v->t->requests[0]};
    if (n->n_inlets != 1 || n->n_classes != 1 || n->n_stages > LINE_STATIONS || !p->poisson ||
        p->batches || !p->stationary || !leads_to(n, &in->to, &stage))
        return false;
    while (stage != NETWORK_EXIT) {
        struct line_station *s = &line->station[line->n];
        if (line->n == n->n_stages || !is_station(n, stage, s))
            return false;
        bool first = line->n == 0, finite = isfinite(s->room);
        if ((!first && !finite) || (finite && verdict_of(n, stage) == VERDICT_LOSE_OLDEST))
            return false;
        if (first && finite && verdict_of(n, stage) == VERDICT_PAUSE)
            s->room = INFINITY; /* who finds it full waits outside */
        if (!first)
            line->station[line->n - 1].loses_next = verdict_of(n, stage) != VERDICT_PAUSE;
        ends = ends || !first;
        order[line->n++] = stage;
        if (!leads_to(n, &n->stages[stage].to, &stage))
            return false;
    }
    return ends && line->n == n->n_stages;
}

/* What a line can do where places or consumers are no whole number (a root is looked for): in
 * proportion between the whole ones. */
static double capacity_of(const struct network_view *v, const struct line *line,
                          const uint32_t *order)
{
    double can = line_capacity(line, v->most_cost), more = 0;
    for (size_t i = 0; i < line->n; i++) {
        const struct stage *s = v->n->stages[order[i]].stage;
        double places = isfinite(s->capacity) ? s->capacity - floor(s->capacity) : 0;
        double consumers = s->consumers - floor(s->consumers);
        struct line next = *line;
        if (places > 0) {
            next.station[i].room++;
            more += places * (line_capacity(&next, v->most_cost) - can);
        }
        next = *line;
        if (consumers > 0) {
            next.station[i].room++;
            next.station[i].consumers++;
            more += consumers * (line_capacity(&next, v->most_cost) - can);
        }
    }
    return can + more;
}

bool network_is_line(const struct network_view *v, double *capacity)
{
    struct line line;
    uint32_t order[LINE_STATIONS];
    if (!line_of(v, &line, order))
        return false;
    *capacity = isinf(line.station[0].room) ? capacity_of(v, &line, order) : INFINITY;
    return true;
}

bool theory_of_line(const struct network_view *v)
{
    static const char source[] = "Hunt 1956; Perros 1994, by its chain";
    struct line line;
    struct line_means m;
    uint32_t order[LINE_STATIONS], all = v->n->n_stages;
    if (!line_of(v, &line, order) || !line_solve(&line, v->most_cost, &m))
        return false;
    double waits = 0, kept = 1;
    for (size_t i = 0; i < line.n; i++) {
        uint32_t stage = order[i];
        double c = line.station[i].consumers;
        bool loses = i == 0 ? isfinite(line.station[0].room) : line.station[i - 1].loses_next;
        /* Who holds a consumer before its service begins still waits. */
        double held = line.station[i].before ? 0 : m.blocked[i];
        double waiting = (m.number[i] - m.working[i] - held) / m.rate[i];
        waits += waiting * m.rate[i];
        kept *= 1 - m.lost[i];
        network_add(v, stage, THEORY_ALL, THEORY_WAIT_MEAN, NAN, waiting, source, false);
        network_add(v, stage, THEORY_ALL, THEORY_LATENCY_MEAN, NAN, m.number[i] / m.rate[i], source,
                    false);
        network_add(v, stage, THEORY_ALL, THEORY_UTILIZATION, NAN,
                    (m.working[i] + m.blocked[i]) / c, source, false);
        if (loses)
            network_add(v, stage, THEORY_ALL, THEORY_LOSS, NAN, m.lost[i], source, false);
    }
    network_add(v, all, THEORY_ALL, THEORY_WAIT_MEAN, NAN,
                isnan(m.response) ? NAN : waits / m.throughput, source, false);
    network_add(v, all, THEORY_ALL, THEORY_LATENCY_MEAN, NAN, m.response, source, false);
    if (kept < 1)
        network_add(v, all, THEORY_ALL, THEORY_LOSS, NAN, 1 - kept, source, false);
    network_add(v, all, THEORY_ALL, THEORY_THROUGHPUT, NAN, m.throughput, source, false);
    return true;
}
