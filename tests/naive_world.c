#include "naive_world.h"

#include <stdlib.h>
#include <string.h>

#include "../sim/scenario/distribution.h"

static void *grown(void *items, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return items;
    *room = 2 * *room + 16;
    return xrealloc(items, *room * size);
}

void naive_list_add(struct list *list, uint32_t item)
{
    list->items = grown(list->items, list->n, &list->room, sizeof *list->items);
    list->items[list->n++] = item;
}

void naive_list_add_first(struct list *list, uint32_t item)
{
    naive_list_add(list, item);
    memmove(list->items + 1, list->items, (list->n - 1) * sizeof *list->items);
    list->items[0] = item;
}

uint32_t naive_list_take(struct list *list, size_t i)
{
    uint32_t item = list->items[i];
    memmove(&list->items[i], &list->items[i + 1], (--list->n - i) * sizeof *list->items);
    return item;
}

uint32_t naive_list_take_gap(struct list *list, size_t i)
{
    uint32_t item = list->items[i];
    list->items[i] = list->items[--list->n];
    return item;
}

size_t naive_list_find(const struct list *list, uint32_t item)
{
    size_t i = 0;
    while (i < list->n && list->items[i] != item)
        i++;
    return i;
}

struct stream naive_stream(struct world *w, uint32_t stage, const struct request *request,
                           enum draw what, uint32_t turn)
{
    static const char *const names[DRAWS] = {"size",     "timeout", "delay", "to",     "calls",
                                             "balancer", "error",   "drop",  "prefill"};
    const struct network *n = w->network;
    uint32_t class = what <= DRAW_TIMEOUT ? request->class : NETWORK_ANY;
    size_t at = (stage * (size_t)n->n_inlets + request->inlet) * n->n_classes + request->class;
    at = at * DRAWS + what;
    if (!w->streams[at]) {
        w->streams[at] = xmalloc(sizeof **w->streams);
        *w->streams[at] =
            stream_of(w->seed, w->replication,
                      network_stream_path(n, stage, request->inlet, class, names[what]));
    }
    return stream_turn(w->streams[at], turn);
}

double naive_law(struct world *w, const struct law *law, const struct visit *v, enum draw what)
{
    const struct request *r = &w->requests[v->request];
    struct stream stream = naive_stream(w, v->stage, r, what, v->turn);
    double x;
    law_model(law)->fill(law->params, &stream, r->draw, 1, &x);
    return x;
}

double naive_brought(struct world *w, const struct request *r)
{
    const struct scenario *s = w->network->scenario;
    const struct inlet *inlet = &w->network->inlets[r->inlet];
    const struct law *law = scenario_size(s, (int)r->class);
    const char *path = "tasks.size";
    if (law != &s->size && inlet->class == NETWORK_ANY)
        path = internf("tasks.classes.%s.size", scenario_class_name(s, (int)r->class));
    path = network_stream_path(w->network, NETWORK_EXIT, r->inlet, NETWORK_ANY, path);
    struct stream stream = stream_of(w->seed, w->replication, path);
    double x;
    law_model(law)->fill(law->params, &stream, r->draw, 1, &x);
    return x;
}

double naive_bytes(struct world *w, const struct request *r)
{
    const struct law *law = w->network->bytes;
    if (!law)
        return 0;
    struct stream stream = stream_of(
        w->seed, w->replication,
        network_stream_path(w->network, NETWORK_EXIT, r->inlet, NETWORK_ANY, "tasks.bytes"));
    double x;
    law_model(law)->fill(law->params, &stream, r->draw, 1, &x);
    return round(x);
}

/* tasks.key, from 0. */
uint32_t naive_key(struct world *w, uint32_t request)
{
    const struct request *r = &w->requests[request];
    const struct key_spec *key = &w->network->scenario->key;
    struct stream stream = stream_of(
        w->seed, w->replication,
        network_stream_path(w->network, NETWORK_EXIT, r->inlet, NETWORK_ANY, "tasks.key"));
    double u = stream_uniform(&stream, 0, r->draw), sum = 0, all = 0;
    if (key->law != KEYS_ZIPF)
        return (uint32_t)(u * key->of);
    for (int k = 1; k <= key->of; k++)
        all += pow(k, isnan(key->exponent) ? -1 : -key->exponent);
    uint32_t k = 0;
    while (k + 1 < key->of &&
           u >= (sum += pow(k + 1.0, isnan(key->exponent) ? -1 : -key->exponent)) / all)
        k++;
    return k;
}

double naive_uniform(struct world *w, const struct visit *v, enum draw what, uint32_t sub)
{
    const struct request *r = &w->requests[v->request];
    struct stream stream = naive_stream(w, v->stage, r, what, v->turn);
    return stream_uniform(&stream, sub, r->draw);
}

uint32_t naive_request(struct world *w, struct request request)
{
    size_t room = w->requests_room;
    w->requests = grown(w->requests, w->n_requests, &room, sizeof *w->requests);
    w->requests_room = (uint32_t)room;
    w->requests[w->n_requests] = request;
    return w->n_requests++;
}

/* Not alive yet. */
uint32_t naive_visit(struct world *w, uint32_t request, uint32_t stage)
{
    size_t room = w->visits_room;
    w->visits = grown(w->visits, w->n_visits, &room, sizeof *w->visits);
    w->visits_room = (uint32_t)room;
    w->visits[w->n_visits] = (struct visit){.request = request,
                                            .bytes = naive_bytes(w, &w->requests[request]),
                                            .stage = stage,
                                            .station = w->network->stages[stage].first_station,
                                            .from = NONE,
                                            .machine = NONE,
                                            .machines = NONE,
                                            .caller = NONE,
                                            .asked = NONE,
                                            .served = INFINITY,
                                            .copies = NONE,
                                            .group = NONE,
                                            .next = NONE,
                                            .carried = NAN,
                                            .size = NAN,
                                            .deadline = INFINITY,
                                            .done = NAN,
                                            .arrival = NAN,
                                            .start = NAN,
                                            .over = NAN};
    return w->n_visits++;
}

uint32_t naive_group(struct world *w, uint32_t request, uint32_t parent, uint32_t n)
{
    size_t room = w->groups_room;
    w->groups = grown(w->groups, w->n_groups, &room, sizeof *w->groups);
    w->groups_room = (uint32_t)room;
    w->groups[w->n_groups] = (struct group){.request = request,
                                            .parent = parent,
                                            .join_of = NETWORK_EXIT,
                                            .at = NETWORK_EXIT,
                                            .n = n,
                                            .asked = NONE,
                                            .caller = NONE};
    return w->n_groups++;
}

void naive_push(struct world *w, struct item item)
{
    w->agenda = grown(w->agenda, w->agenda_n, &w->agenda_room, sizeof *w->agenda);
    w->agenda[w->agenda_n++] = item;
}

void story_visit(void *to, const struct visit_record *visit)
{
    struct story *story = to;
    story->visits =
        grown(story->visits, story->n_visits, &story->visits_room, sizeof *story->visits);
    story->visits[story->n_visits++] = *visit;
}

void story_request(void *to, const struct request_record *request)
{
    struct story *story = to;
    story->requests =
        grown(story->requests, story->n_requests, &story->requests_room, sizeof *story->requests);
    story->requests[story->n_requests++] = *request;
}

void story_free(struct story *story)
{
    free(story->visits);
    free(story->requests);
    *story = (struct story){0};
}

void naive_record(struct world *w, const struct visit *v, uint32_t outcome)
{
    const struct request *r = &w->requests[v->request];
    naive_door_left(w, v, outcome);
    bool lost = outcome != TRACE_COMPLETED;
    naive_book(w, v, lost,
               outcome < TRACE_LOST ? LOSS_WITHDRAWN : (enum loss)(outcome - TRACE_LOST));
    story_visit(&w->story, &(struct visit_record){.inlet = r->inlet,
                                                  .request = r->number,
                                                  .stage = v->stage,
                                                  .turn = v->turn,
                                                  .station = v->station,
                                                  .class = r->class,
                                                  .outcome = outcome,
                                                  .arrival = v->arrival,
                                                  .start = v->start,
                                                  .done = v->over,
                                                  .left = w->now,
                                                  .wait = v->way});
}

void naive_record_request(struct world *w, const struct request *r, double wait)
{
    uint32_t outcome = r->left || r->loss == NONE ? TRACE_COMPLETED : TRACE_LOST + r->loss;
    struct ledger ledger = {0};
    uint32_t attempts = naive_ledger(w, (uint32_t)(r - w->requests), &ledger);
    story_request(&w->story, &(struct request_record){.attempts = attempts,
                                                      .ledger = ledger,
                                                      .inlet = r->inlet,
                                                      .request = r->number,
                                                      .class = r->class,
                                                      .outcome = outcome,
                                                      .arrival = r->arrival,
                                                      .reply = r->reply,
                                                      .end = w->now,
                                                      .wait = wait});
}
