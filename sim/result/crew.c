#include "crew.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

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

bool crew_thread(pthread_t *thread, void *(*start)(void *context), void *context)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    bool made = pthread_attr_setstacksize(&attributes, CREW_STACK) == 0 &&
                pthread_create(thread, &attributes, start, context) == 0;
    pthread_attr_destroy(&attributes);
    return made;
}

unsigned crew_size(unsigned jobs)
{
    long cores = jobs ? (long)jobs : sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 0 ? (unsigned)cores : 1;
}

void crew_each(unsigned threads, size_t n, void (*turn)(void *context, size_t i), void *context)
{
    struct crew crew = {.n = n, .turn = turn, .context = context};
    size_t most = threads < n ? threads : n, helpers = 0;
    pthread_t *helper = most > 1 ? xmalloc((most - 1) * sizeof *helper) : NULL;
    while (helpers + 1 < most && crew_thread(&helper[helpers], work, &crew))
        helpers++;
    work(&crew);
    for (size_t i = 0; i < helpers; i++)
        pthread_join(helper[i], NULL);
    free(helper);
}
