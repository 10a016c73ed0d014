#include "crew.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "../base/err.h"

struct crew {
    atomic_size_t next;
    size_t n;
    void (*turn)(void *context, size_t i);
    void *context;
};

static void *work(void *argument)
{
    struct crew *crew = argument;
    for (size_t i; (i = atomic_fetch_add(&crew->next, 1)) < crew->n;)
        crew->turn(crew->context, i);
    return NULL;
}

void crew_each(unsigned threads, size_t n, void (*turn)(void *context, size_t i), void *context)
{
    struct crew crew = {.n = n, .turn = turn, .context = context};
    size_t most = threads < n ? threads : n, helpers = 0;
    pthread_t *helper = most > 1 ? xmalloc((most - 1) * sizeof *helper) : NULL;
    while (helpers + 1 < most && pthread_create(&helper[helpers], NULL, work, &crew) == 0)
        helpers++;
    work(&crew);
    for (size_t i = 0; i < helpers; i++)
        pthread_join(helper[i], NULL);
    free(helper);
}
