/*
 * What a balancer sees (balancer.h), kept for each stage that has one: the requests at its
 * replicas, and where it goes by them a tree of its keys.
 */
#ifndef BALANCE_H
#define BALANCE_H

#include "../scenario/balancer.h"

struct balance {
    const struct balancer *model; /* NULL: one replica, or that of the machine */
    uint32_t *requests, *consumers;
    struct least tree;
    bool keyed; /* there is a tree */
    struct balancer_view view;
};

void balance_init(struct balance *b, const struct balancer *model, uint32_t replicas,
                  uint32_t choices);
void balance_free(struct balance *b);

/* So many requests are at a replica now. */
static inline void balance_set(struct balance *b, uint32_t replica, uint32_t requests)
{
    if (b->requests[replica] == requests)
        return;
    b->requests[replica] = requests;
    if (b->keyed)
        least_set(&b->tree, replica, b->model->key(requests, b->consumers[replica]));
}

#endif
