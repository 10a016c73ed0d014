/* Open networks pool by pool: between what comes to each (theory_open.c), what is known of it by
 * itself (theory_single.c), and what follows from end to end (theory_whole.c). */
#ifndef THEORY_OPEN_H
#define THEORY_OPEN_H

#include "theory_network.h"

/* What comes to a pool. */
enum input {
    INPUT_UNKNOWN,
    INPUT_POISSON,
    INPUT_SOURCE, /* all of a source, and nothing else */
    INPUT_OTHER   /* known by its variation */
};

/* What is known of a pool. */
struct pool {
    bool decided, loops;
    enum pool_kind kind;
    enum input input;
    uint32_t inlet; /* of INPUT_SOURCE */
    double cv2;     /* of the gaps of what comes: 1 of Poisson */
    bool poisson;   /* what leaves is Poisson */
    bool batched;   /* some of what comes does in batches, straight from a source */
    bool copied;   /* copies of the same tasks go elsewhere: two such streams are not independent */
    double leaves; /* cv2 of what leaves; NAN: not known */
    double wait, latency, probability; /* of a visit; NAN: not known */
    double spacing;                    /* no two that leave are nearer together, seconds */
    bool approximate;
    const char *source;
};

struct open {
    const struct network_view *v;
    double *flow; /* [from * stages + to], visits per second, with answers to callers */
    struct pool *pool;
    bool *reached; /* [pool * stages + pool]: the second from the first */
    double *own;   /* seconds of a visit without its calls, [class * stages + stage] */
    double *waits;
};

static inline uint32_t pool_of(const struct open *o, uint32_t stage)
{
    return o->v->n->stages[stage].pool;
}

/* Visits that a source starts at a stage, of one of its tasks (over classes). */
double open_starts(const struct network *n, uint32_t inlet, uint32_t stage);

/* Fills in what is known of a pool whose input is known. */
void open_single(struct open *o, uint32_t pool);

/* The mean time of the only group of a network, from the copies to the task that its join starts,
 * how many are made per second, and which stages it goes through (`branch`, by stage: set to true);
 * NAN where there is another number of groups, or it is not known. */
double open_group(const struct open *o, bool *branch, double *rate, const char **source);

/* Figures of the stages, and from end to end; false where there are none of the latter. */
bool open_whole(struct open *o);

#endif
