/* The state of a group of lanes (lane.h), from one group to the next. */
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "lane.h"

/* Of each thread, one that is not in use: it has 3 MB, and the kernel takes longer to find that
 * many pages than a short group of lanes runs. */
static pthread_key_t spare;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool kept; /* there are such keys */

static void make_key(void)
{
    kept = pthread_key_create(&spare, free) == 0;
}

struct lanes_state *lanes_state_take(void)
{
    pthread_once(&once, make_key);
    struct lanes_state *state = kept ? pthread_getspecific(spare) : NULL;
    if (!state)
        return xaligned(sizeof *state);
    pthread_setspecific(spare, NULL);
    /* But for the ring, the larger half: of it only tasks are read that have been put there. */
    memset(&state->work, 0, sizeof state->work);
    memset(&state->earlier, 0, sizeof *state - offsetof(struct lanes_state, earlier));
    return state;
}

void lanes_state_give(struct lanes_state *state)
{
    if (!kept || pthread_getspecific(spare) || pthread_setspecific(spare, state) != 0)
        free(state);
}

/* What the lanes in use have of n rows. */
static void keep_rows(double (*to)[LANES], const double (*from)[LANES], size_t n, int lanes)
{
    for (size_t i = 0; i < n && lanes <= LANES / 4; i++)
        memcpy(to[i], from[i], LANES / 4 * sizeof *to[i]);
    for (size_t i = 0; i < n && lanes > LANES / 4 && lanes <= LANES / 2; i++)
        memcpy(to[i], from[i], LANES / 2 * sizeof *to[i]);
    if (lanes > LANES / 2)
        memcpy(to, from, n * sizeof *to);
}

void lanes_keep(struct lanes_state *state, uint64_t k, size_t n, int lanes)
{
    const struct lanes_chunk *chunk = &state->work.chunk;
    struct lanes_ring *ring = &state->ring;
    size_t row = k % RING; /* a chunk never crosses a multiple of its length */
    keep_rows(ring->arrival + row, (const double(*)[LANES])chunk->arrival, n, lanes);
    keep_rows(ring->service + row, lanes_services(&state->work), n, lanes);
    keep_rows(ring->start + row, (const double(*)[LANES])chunk->start, n, lanes);
}
