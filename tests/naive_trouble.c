/* What befalls stages: outages. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/distribution.h"
#include "../sim/scenario/trouble.h"
#include "naive_world.h"

static double draw_of(struct world *w, const struct outage *o, const struct law *law,
                      const char *key)
{
    const char *name = w->network->stages[o->stage].name;
    const char *path = internf("stages.%s.outages.%u.%s", name, o->index, key);
    double x;
    if (o->replica != NONE)
        path = internf("stages.%s.%u.outages.%u.%s", name, o->replica, o->index, key);
    else if (strcmp(name, "main") == 0)
        path = internf("outages.%u.%s", o->index, key);
    struct stream stream = stream_of(w->seed, w->replication, path);
    law_model(law)->fill(law->params, &stream, o->n, 1, &x);
    return x;
}

static const struct outage_spec *spec_of(const struct world *w, const struct outage *o)
{
    return &w->network->stages[o->stage].trouble->outages[o->index];
}

static void next_time(struct world *w, struct outage *o)
{
    const struct outage_spec *spec = spec_of(w, o);
    o->time = isnan(spec->at) ? w->now + draw_of(w, o, &spec->every, "every") : spec->at;
    o->mark = w->marks++;
}

void naive_trouble_begin(struct world *w)
{
    const struct network *n = w->network;
    for (uint32_t i = 0; i < n->n_stages; i++) {
        const struct trouble_spec *t = n->stages[i].trouble;
        for (uint32_t k = 0; t && k < (uint32_t)t->outages_count; k++) {
            bool each = t->outages[k].each == 1;
            for (uint32_t r = 0; r < (each ? n->stages[i].replicas : 1); r++) {
                w->outages = xrealloc(w->outages, (w->n_outages + 1) * sizeof *w->outages);
                w->outages[w->n_outages++] =
                    (struct outage){.stage = i, .index = k, .replica = each ? r : NONE};
            }
        }
    }
    for (size_t i = 0; i < w->n_outages; i++)
        next_time(w, &w->outages[i]);
}

static bool is_of(const struct outage *o, const struct station *x)
{
    return o->on && o->stage == x->stage && (o->replica == NONE || o->replica == x->replica);
}

bool naive_trouble_refuses(const struct world *w, const struct station *x, enum loss *why)
{
    const struct machine *m = naive_crash_machine(w, x);
    *why = m && m->down ? LOSS_CRASHED : LOSS_OUTAGE;
    if (m && m->down)
        return true;
    for (size_t i = 0; i < w->n_outages; i++)
        if (is_of(&w->outages[i], x) && spec_of(w, &w->outages[i])->effect == OUTAGE_REJECT)
            return true;
    return false;
}

double naive_trouble_pace(const struct world *w, const struct station *x)
{
    double pace = 1;
    for (size_t i = 0; i < w->n_outages; i++) {
        const struct outage_spec *spec = spec_of(w, &w->outages[i]);
        if (!is_of(&w->outages[i], x) || spec->effect == OUTAGE_REJECT)
            continue;
        pace *= spec->effect == OUTAGE_SLOW ? spec->speed : 0;
    }
    return pace;
}

/* Whether there is anything for consumers to go on with. */
static bool stands(struct world *w, const struct visit *v)
{
    const struct station *owner = owner_of(w, station_of(w, v));
    const struct machine *m = naive_crash_machine(w, station_of(w, v));
    if (m && m->down && !w->network->stages[m->stage].trouble->crash.restart.model)
        return false; /* for good */
    return owner->pace == 0 &&
           (v->spot == SPOT_SERVICE ||
            (v->spot == SPOT_BUFFER && (double)owner->service.n < owner->consumers));
}

/* Whether anything but outages ever happens again. */
bool naive_goes_on(struct world *w)
{
    if (w->agenda_n > 0 || naive_next_other(w) < INFINITY)
        return true;
    for (size_t i = 0; i < w->alive.n; i++)
        if (stands(w, &w->visits[w->alive.items[i]]))
            return true;
    return false;
}

void naive_trouble_turn(struct world *w, size_t number)
{
    struct outage *o = &w->outages[number];
    const struct outage_spec *spec = spec_of(w, o);
    o->on = !o->on;
    if (o->on) {
        o->time = w->now + draw_of(w, o, &spec->length, "for");
        o->mark = w->marks++;
        o->n++;
    } else {
        o->time = INFINITY;
    }
    for (uint32_t i = 0; i < w->network->n_stations; i++) {
        struct station *x = &w->stations[i];
        bool same =
            w->network->stages[x->stage].pool == o->stage; /* its own consumers, or crowds */
        if (!same || (o->replica != NONE && o->replica != x->replica))
            continue;
        const struct station *of = &w->stations[w->network->stages[o->stage].first_station];
        double pace = naive_trouble_pace(w, of + x->replica);
        const struct machine *m = naive_crash_machine(w, x);
        if (x->owner == i && pace != x->pace && !(m && m->down))
            naive_station_pace(w, x, pace);
    }
    if (!o->on && isnan(spec->at) && naive_goes_on(w))
        next_time(w, o);
}
