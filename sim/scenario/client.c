#include "client.h"

#include <string.h>

const char *const outcome_names[] = {"timeout", "rejected", "error", NULL};

/* In a block that nobody has written to all is 0. */
bool backoff_is_sidekiq(const struct backoff_spec *b)
{
    return b->formula == 0 && isnan(b->initial);
}

bool backoff_says(const struct backoff_spec *b)
{
    return b->law.model || b->initial > 0 || backoff_is_sidekiq(b);
}

bool budget_says(const struct budget_spec *b)
{
    return b->ratio >= 0 && b->ratio < INFINITY;
}

bool breaker_says(const struct breaker_spec *b)
{
    return b->failure_rate > 0;
}

bool retry_says(const struct retry_spec *r)
{
    return r->on_count > 0 || r->max_attempts > 0 || backoff_says(&r->backoff) ||
           r->budget.ratio > 0;
}

bool client_says(const struct client_spec *c)
{
    return c->timeout > 0 || c->deadline > 0 || c->limit > 0 || c->hedge.delay > 0 ||
           retry_says(&c->retry) || breaker_says(&c->breaker);
}

unsigned retry_outcomes(const struct retry_spec *r)
{
    unsigned bits = 0;
    if (!retry_says(r))
        return 0;
    for (size_t i = 0; i < (size_t)r->on_count; i++)
        for (int k = 0; k < OUTCOMES; k++)
            if (r->on[i] && strcmp(r->on[i], outcome_names[k]) == 0)
                bits |= 1u << k;
    return r->on_count > 0 ? bits : (1u << OUTCOMES) - 1;
}

uint32_t retry_tries(const struct retry_spec *r)
{
    double most = r->max_attempts > 0 ? r->max_attempts : RETRY_ATTEMPTS;
    return most < UINT32_MAX ? (uint32_t)most : UINT32_MAX;
}

bool client_abandons(const struct client_spec *c)
{
    return c->timeout > 0 || c->deadline > 0 || c->hedge.delay > 0;
}
