/*
 * What deadlock.c keeps: which stages are watched, who may be in a deadlock, what each visit waits
 * for. Private to deadlock.c and watched.c.
 *
 * Of what is looked at a number says what it is by its lowest bit. A list of what a visit waits for
 * may have things in it that it waits for no more: whoever reads it looks.
 */
#ifndef WATCHED_H
#define WATCHED_H

#include "deadlock.h"
#include "net.h"

struct waits {
    uint32_t *items;
    uint32_t n, room;
};

enum { WAITS_FOR_GROUP = 1 };

struct watched {
    bool *stage;            /* by stage: it is in a cycle */
    struct waits *of;       /* by visit: those it has called or copied, twice the number */
    uint32_t *of_visit;     /* marks: epoch: looked at; epoch + 1: can move */
    uint32_t visits;        /* room of both */
    uint32_t *of_station;   /* likewise */
    uint32_t epoch;         /* even */
    struct waits suspects;  /* since the last look */
    struct waits looked_at; /* in this one */
};

/* What a visit waits for: a station where its `visit` is (a call), or one that has no place. */
struct wait_for {
    uint32_t station, visit;
};

void watched_add(struct waits *list, uint32_t item);
void watched_begin(struct net *net); /* another look: nothing is marked */
const struct waits *watched_waits(struct watched *watched, uint32_t visit);

#endif
