#include "hand.h"

#include <stdlib.h>

#include "../sim/base/err.h"
#include "setting.h"

enum { STAGES = 64, LEGS = 512, CALLS = 64, SOURCES = 16 };

/* Where the legs of a stage are kept until the network is asked for. */
struct routes {
    enum way way;
    uint32_t n;
    struct leg leg[STAGES];
};
struct hand {
    struct network network;
    struct scenario *scenario, *of_stage[STAGES], *of_source[SOURCES];
    struct network_stage stages[STAGES];
    struct inlet inlets[SOURCES];
    struct leg legs[LEGS];
    struct call calls[CALLS];
    struct call_step steps[CALLS];
    struct routes route[STAGES];
    uint32_t start[SOURCES], join_of[STAGES], copies_join_of[STAGES];
};

static struct scenario *scenario_by(const char *rate, const char *settings)
{
    struct scenario *s = xmalloc(sizeof *s);
    const char *size = "tasks.size.distribution=exponential;tasks.size.mean=1s;";
    setting_apply(s, internf("%s%s%s", rate, size, settings));
    return s;
}

struct hand *hand_begin(const char *settings)
{
    struct hand *h = xcalloc(1, sizeof *h);
    h->scenario = scenario_by("arrivals.rate=1/s;", settings);
    h->network = (struct network){.scenario = h->scenario,
                                  .n_classes = (uint32_t)scenario_classes(h->scenario),
                                  .stages = h->stages,
                                  .inlets = h->inlets,
                                  .legs = h->legs,
                                  .calls = h->calls,
                                  .steps = h->steps,
                                  .join_of = h->join_of,
                                  .copies_join_of = h->copies_join_of};
    return h;
}

uint32_t hand_stage(struct hand *h, const char *name, const char *settings)
{
    uint32_t i = h->network.n_stages++, classes = h->network.n_classes;
    struct scenario *s = h->of_stage[i] = scenario_by("arrivals.rate=1/s;", settings);
    struct network_stage *stage = &h->stages[i];
    *stage = (struct network_stage){.name = name,
                                    .stage = &s->stage,
                                    .size = xcalloc(classes, sizeof *stage->size),
                                    .timeout = xcalloc(classes, sizeof *stage->timeout),
                                    .weight = 1,
                                    .pool = i,
                                    .machines = i,
                                    .letter = NETWORK_EXIT,
                                    .first_station = h->network.n_stations++,
                                    .replicas = 1};
    for (uint32_t c = 0; c < classes; c++) {
        int own = s->classes_count > 0 ? (int)c : 0;
        stage->size[c] = scenario_size(s, own);
        stage->timeout[c] = scenario_timeout(s, own);
    }
    h->join_of[i] = h->copies_join_of[i] = NETWORK_EXIT;
    return i;
}

static void add_leg(struct hand *h, uint32_t from, enum way way, struct leg leg)
{
    struct routes *r = &h->route[from];
    r->way = way;
    r->leg[r->n++] = leg;
}

void hand_to(struct hand *h, uint32_t from, uint32_t to, double share)
{
    add_leg(h, from, WAY_ONE, (struct leg){to, NETWORK_ANY, share, 0});
}

void hand_class_to(struct hand *h, uint32_t from, uint32_t class, uint32_t to)
{
    add_leg(h, from, WAY_RULES, (struct leg){to, class, 1, 1});
}

void hand_copy_to(struct hand *h, uint32_t from, uint32_t to, uint32_t join_at)
{
    add_leg(h, from, WAY_COPIES, (struct leg){to, NETWORK_ANY, 1, 1});
    h->join_of[from] = join_at;
}

void hand_call(struct hand *h, uint32_t from, uint32_t to, uint32_t count, double share,
               bool beside)
{
    struct network_stage *stage = &h->stages[from];
    uint32_t i = h->network.n_calls++;
    h->calls[i] = (struct call){to, count, share, false, NULL};
    if (beside) {
        struct call_step *last = &h->steps[h->network.n_steps - 1];
        last->need = ++last->n;
        return;
    }
    if (stage->steps++ == 0)
        stage->first_step = h->network.n_steps;
    h->steps[h->network.n_steps++] = (struct call_step){i, 1, 1};
}

void hand_source(struct hand *h, const char *settings, uint32_t class, uint32_t to)
{
    uint32_t i = h->network.n_inlets++;
    h->of_source[i] = scenario_by("", settings);
    h->inlets[i] = (struct inlet){.join_of = NETWORK_EXIT,
                                  .batch_join_of = NETWORK_EXIT,
                                  .name = internf("source%u", i),
                                  .arrivals = &h->of_source[i]->arrivals,
                                  .class = class};
    h->start[i] = to;
}

struct network *hand_network(struct hand *h)
{
    struct network *n = &h->network;
    n->n_legs = 0;
    for (uint32_t i = 0; i < n->n_stages; i++) {
        const struct routes *r = &h->route[i];
        double until = 0;
        h->stages[i].to = (struct route){r->way, n->n_legs, r->n};
        for (uint32_t k = 0; k < r->n; k++) {
            struct leg leg = r->leg[k];
            leg.until = until += leg.share;
            h->legs[n->n_legs++] = leg;
        }
    }
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        h->inlets[i].to = (struct route){WAY_ONE, n->n_legs, 1};
        h->legs[n->n_legs++] = (struct leg){h->start[i], NETWORK_ANY, 1, 1};
    }
    return n;
}

void hand_free(struct hand *h)
{
    for (uint32_t i = 0; i < h->network.n_stages; i++) {
        free(h->stages[i].size);
        free(h->stages[i].timeout);
        free(h->of_stage[i]);
    }
    for (uint32_t i = 0; i < h->network.n_inlets; i++)
        free(h->of_source[i]);
    free(h->scenario);
    free(h);
}

struct hand *hand_jackson(void)
{
    static const char exponential[] = "tasks.size.distribution=exponential;tasks.size.mean=";
    struct hand *h = hand_begin("");
    uint32_t a = hand_stage(h, "a", internf("%s1s;consumers.count=2", exponential)),
             b = hand_stage(h, "b", internf("%s0.5s", exponential)),
             c = hand_stage(h, "c", internf("%s1.25s;consumers.count=3", exponential));
    hand_to(h, a, b, 0.7);
    hand_to(h, a, c, 0.2);
    hand_to(h, b, a, 0.1);
    hand_to(h, b, c, 0.5);
    hand_to(h, c, c, 0.2);
    hand_source(h, "arrivals.rate=1/s", NETWORK_ANY, a);
    hand_source(h, "arrivals.rate=0.5/s", NETWORK_ANY, c);
    return h;
}
