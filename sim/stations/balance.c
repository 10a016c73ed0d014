#include "balance.h"

#include <stdlib.h>

void balance_init(struct balance *b, const struct balancer *model, uint32_t replicas,
                  uint32_t choices)
{
    *b = (struct balance){.model = model};
    if (!model)
        return;
    b->requests = xcalloc(replicas, sizeof *b->requests);
    b->consumers = xcalloc(replicas, sizeof *b->consumers);
    b->keyed = model->key && choices == 0;
    if (b->keyed)
        least_init(&b->tree, replicas);
    b->view = (struct balancer_view){.n = replicas,
                                     .choices = choices,
                                     .requests = b->requests,
                                     .consumers = b->consumers,
                                     .tree = b->keyed ? &b->tree : NULL};
}

void balance_free(struct balance *b)
{
    free(b->requests);
    free(b->consumers);
    if (b->keyed)
        least_free(&b->tree);
}
