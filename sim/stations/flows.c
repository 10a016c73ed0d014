/* What has flowed, by place (engine.h). */
#include <float.h>
#include <math.h>

#include "../engine/queue_time.h"
#include "../events/events.h"
#include "asks.h"

void net_pass_delays(struct tally *t, double now)
{
    t->delayed_area += (double)t->delayed * (now - t->clock);
    t->clock = now;
}

/* Integrals go on to now in copies: looking at them is no event, and changes no rounding. */
static void crowd_flow(const struct net *net, const struct crowd *crowd, struct flow *out)
{
    struct crowd copy = *crowd, *c = &copy;
    crowd_pass(c, net->now);
    double inside = (double)c->inside, serving = (double)(c->inside - c->kept);
    *out = (struct flow){
        .time = net->now,
        .busy_area = c->inside_area,
        .held_area = c->kept_area,
        .sojourn_sum = c->sojourn_sum + inside * net->now - c->arrivals,
        .service_sum = c->work_sum + serving * net->now - c->working,
        .seen_sum = c->seen,
        .rounding = (double)c->arrived * (inside + 1) * net->now * DBL_EPSILON,
        .arrived = c->arrived,
        .completed = c->completed,
        .lost = c->lost,
        .inside = c->inside,
    };
}

static void add(struct flow *to, const struct flow *f, bool limited)
{
    to->queue_area += f->queue_area;
    to->paused_area += f->paused_area;
    to->shared_area += f->shared_area;
    to->delayed_area += f->delayed_area;
    to->idle_area += f->idle_area;
    to->sojourn_sum += f->sojourn_sum;
    to->service_sum += f->service_sum;
    to->seen_sum += f->seen_sum;
    to->rounding += f->rounding;
    to->arrived += f->arrived;
    to->completed += f->completed;
    to->lost += f->lost;
    to->inside += f->inside;
    to->waiting += f->waiting;
    to->has |= f->has;
    to->pauses += f->pauses;
    to->retries += f->retries;
    to->good += f->good;
    for (int i = 0; i < TROUBLES; i++)
        to->trouble[i] += f->trouble[i];
    to->consumers_area += f->consumers_area;
    if (!limited)
        return;
    to->busy_area += f->busy_area;
    to->held_area += f->held_area;
    to->wasted_area += f->wasted_area;
    to->available_area += f->available_area;
    to->available += f->available;
}

/* The gaps and what waits for its delay, of a stage. */
static void add_tally(const struct net *net, uint32_t stage, struct flow *out)
{
    struct tally copy = net->state[stage].tally, *t = &copy;
    net_pass_delays(t, net->now);
    out->arrival_gaps = t->arrivals.sum;
    out->arrival_gap_square = t->arrivals.squares;
    out->departure_gaps = t->departures.sum;
    out->departure_gap_square = t->departures.squares;
    out->delayed_area = t->delayed_area;
    out->wasted_area = t->wasted;
    out->late = t->late;
    out->sojourn_sum += t->delay_sum + (double)t->delayed * net->now - t->delay_offers;
    out->rounding += t->delay_sum * DBL_EPSILON * (double)(t->delayed + 1);
    out->arrived += t->delayed + t->withdrawn - t->failed;
    out->lost += t->withdrawn - t->failed;
    out->retries += t->again;
    out->inside += t->delayed;
}

static void stage_flow(const struct net *net, uint32_t stage, struct flow *out)
{
    const struct network_stage *s = &net->stages[stage];
    *out = (struct flow){.time = net->now};
    if (net->state[stage].posts)
        posts_flow(net, stage, out);
    for (uint32_t i = 0; i < s->replicas && !net->state[stage].posts; i++) {
        uint32_t station = s->first_station + i;
        struct flow f;
        struct events *e = net->station[station];
        if (e) {
            station_flow(e, net->now, &f);
            if (!e->hands) {
                f.available = (double)(e->staff->consumers);
                f.available_area = f.available * net->now;
            }
        } else {
            crowd_flow(net, &net->crowd[station], &f);
        }
        add(out, &f, true);
    }
    add_tally(net, stage, out);
    fate_flow(net, stage, out);
    door_flow(net, stage, out);
    asking_flow(net, stage, out);
    out->pauses = net->marks ? net->marks->pauses[stage] : NAN;
    out->seen_area = flow_inside_area(out);
    out->trouble[TROUBLE_OUTAGE] = fate_outage_time(net, stage);
}

static void whole_flow(const struct net *net, struct flow *out)
{
    *out = (struct flow){.time = net->now};
    for (uint32_t stage = 0; stage < net->network->n_stages; stage++) {
        struct flow f;
        stage_flow(net, stage, &f);
        bool own = net->stages[stage].pool == stage;
        if (!own)
            f.available_area = f.available = 0;
        add(out, &f, f.available_area > 0 || !own);
    }
    fate_flow(net, net->all, out);
    double alive = (double)net->requests_alive;
    out->alive_area = net->alive_area + alive * (net->now - net->clock);
    out->arrived = net->arrived;
    out->completed = net->completed;
    out->lost = net->lost;
    out->late = net->late;
    out->inside = net->requests_alive;
    out->sojourn_sum = net->sojourn_sum + alive * net->now - net->arrivals;
    out->rounding += (double)net->arrived * (alive + 1) * net->now * DBL_EPSILON;
    out->seen_sum = net->seen;
    out->seen_area = out->alive_area;
}

static void client_flow(const struct net *net, struct flow *out)
{
    double open = (double)net->unanswered;
    *out = (struct flow){
        .time = net->now,
        .up_area = NAN,
        .crashes = NAN,
        .alive_area = net->unanswered_area + open * (net->now - net->clock),
        .sojourn_sum = net->answer_sum + open * net->now - net->arrivals_unanswered,
        .rounding = (double)net->arrived * (open + 1) * net->now * DBL_EPSILON,
        .arrived = net->arrived,
        .completed = net->answered,
        .lost = net->refused,
        .late = net->answered_late,
        .inside = net->unanswered,
    };
}

static uint64_t waiting_at(const struct net *net, uint32_t stage)
{
    const struct network_stage *s = &net->stages[stage];
    if (net->state[stage].posts)
        return (uint64_t)net->state[stage].posted.waiting;
    uint64_t waiting = door_waiting(net, stage);
    for (uint32_t i = s->first_station; i < s->first_station + s->replicas; i++)
        waiting += net->station[i] ? station_waiting(net->station[i]) : 0;
    return waiting;
}

void net_watch(struct net *net, double time)
{
    uint64_t waiting = 0;
    struct queue_watch *watch = net->recorder->watch;
    for (uint32_t stage = 0; stage < net->network->n_stages; stage++) {
        uint64_t here = waiting_at(net, stage);
        if (watch->most)
            queue_watch_most(watch, stage, time, here);
        waiting += here;
    }
    queue_watch_to(watch, time, waiting);
}

void net_flow_of(const void *state, uint32_t place, struct flow *out)
{
    const struct net *net = state;
    if (place == net->all)
        whole_flow(net, out);
    else if (place == net->client)
        client_flow(net, out);
    else if (place > net->all)
        net_token_flow(net, place, out);
    else
        stage_flow(net, place, out);
    if (place == net->all || place == net->client)
        asking_flow(net, place, out);
    out->bytes_most = net_bytes_most(net, place);
    out->bytes_peak = net_bytes_peak(net, place);
}
