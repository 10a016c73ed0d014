/* The rules of clients: of sources, of the top level, and of entries of `calls`. */
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "rules.h"
#include "stage_graph.h"

static void check_outcomes(const struct checking *c, const struct retry_spec *r, const char *path)
{
    for (size_t i = 0; i < (size_t)r->on_count; i++) {
        const char *name = r->on[i] ? r->on[i] : "", *at = internf("%s.on.%zu", path, i);
        bool known = false, twice = false;
        for (const char *const *o = outcome_names; *o; o++)
            known |= strcmp(*o, name) == 0;
        for (size_t k = 0; k < i; k++)
            twice |= r->on[k] && strcmp(r->on[k], name) == 0;
        if (known && twice)
            broken(c, at, "%s.on: '%s' is named twice", path, name);
        if (known)
            continue;
        const char *near = nearest(name, outcome_names);
        char words[100];
        list_words(words, sizeof words, outcome_names);
        if (near)
            broken(c, at, "%s.on: unknown outcome '%.60s' (did you mean '%s'?)", path, name, near);
        else
            broken(c, at, "%s.on: unknown outcome '%.60s'; known: %s", path, name, words);
    }
}

static void check_backoff(const struct checking *c, const struct backoff_spec *b, size_t offset,
                          const char *path)
{
    bool shaped = !isnan(b->multiplier) || !isnan(b->max) || !isnan(b->jitter);
    rules_law(c, &b->law, offset + offsetof(struct backoff_spec, law), path);
    if (shaped && isnan(b->initial) && !rules_excused(c, internf("%s.initial", path)))
        broken(c, path, "%s: 'initial' is missing: how long before the second attempt", path);
    if (b->max < b->initial)
        broken(c, internf("%s.max", path), "%s.max is shorter than 'initial'", path);
}

/* Whoever tries again after an outcome can come to it. */
static void check_retry(const struct checking *c, const struct client_spec *client, size_t offset,
                        const char *path)
{
    const struct retry_spec *r = &client->retry;
    const char *retry = internf("%s.retry", path);
    rules_retry(c, r, offset + offsetof(struct client_spec, retry), retry);
    for (size_t i = 0; i < (size_t)r->on_count; i++)
        if (r->on[i] && strcmp(r->on[i], outcome_names[OUTCOME_TIMEOUT]) == 0 &&
            isnan(client->timeout) && !rules_excused(c, internf("%s.timeout", path)))
            broken(c, internf("%s.on.%zu", retry, i),
                   "%s.on: no attempt ever times out: give '%s.timeout', or leave 'timeout' out of "
                   "the list",
                   retry, path);
}

void rules_retry(const struct checking *c, const struct retry_spec *r, size_t offset,
                 const char *retry)
{
    check_outcomes(c, r, retry);
    check_backoff(c, &r->backoff, offset + offsetof(struct retry_spec, backoff),
                  internf("%s.backoff", retry));
    if (isnan(r->budget.ratio) && (!isnan(r->budget.min_rate) || !isnan(r->budget.interval)) &&
        !rules_excused(c, internf("%s.budget.ratio", retry)))
        broken(c, internf("%s.budget", retry),
               "%s.budget: 'ratio' is missing: so many retries for each first attempt", retry);
    if (isinf(r->max_attempts) && !backoff_says(&r->backoff) && !budget_says(&r->budget) &&
        retry_outcomes(r) != 1u << OUTCOME_TIMEOUT &&
        !rules_excused(c, internf("%s.backoff", retry)))
        broken(c, internf("%s.max_attempts", retry),
               "%s.max_attempts: without end, and at once: who is refused would try again at the "
               "same moment for ever; give 'backoff', a 'budget' or a number of attempts",
               retry);
    if (!isnan(r->budget.ratio) && r->max_attempts == 1)
        broken(c, internf("%s.budget", retry), "%s.budget: max_attempts: 1 never tries again",
               retry);
}

static void check_breaker(const struct checking *c, const struct breaker_spec *b, const char *path)
{
    const char *breaker = internf("%s.circuit_breaker", path);
    const char *window = internf("%s.window", breaker);
    bool any =
        !isnan(b->window.kind) || !isnan(b->min_calls) || !isnan(b->open_for) || !isnan(b->probes);
    if (isnan(b->failure_rate) && any && !rules_excused(c, internf("%s.failure_rate", breaker)))
        broken(c, breaker,
               "%s: 'failure_rate' is missing: it opens when so much of the calls has failed",
               breaker);
    if (isnan(b->window.kind))
        return;
    enum amount_kind kind = (enum amount_kind)b->window.kind;
    if ((kind != AMOUNT_COUNT && kind != AMOUNT_DURATION) || !(b->window.value > 0))
        broken(c, window, "%s: give a number of calls such as 100, or a duration such as 10s",
               window);
    else if (kind == AMOUNT_COUNT && b->window.value > BREAKER_WINDOW_MOST)
        broken(c, window, "%s: more than %d calls", window, BREAKER_WINDOW_MOST);
    else if (kind == AMOUNT_COUNT && b->min_calls > b->window.value)
        broken(c, internf("%s.min_calls", breaker),
               "%s.min_calls: the window never holds so many calls", breaker);
}

void rules_client(const struct checking *c, const struct client_spec *client, size_t offset,
                  const char *path)
{
    const struct hedge_spec *hedge = &client->hedge;
    check_retry(c, client, offset, path);
    check_breaker(c, &client->breaker, path);
    if (isnan(hedge->delay) && !isnan(hedge->max_attempts) &&
        !rules_excused(c, internf("%s.hedge.delay", path)))
        broken(c, internf("%s.hedge", path),
               "%s.hedge: 'delay' is missing: how long before another attempt is made", path);
    if (!isnan(client->cancel) && !client_abandons(client) &&
        !rules_excused(c, internf("%s.timeout", path)))
        broken(c, internf("%s.cancel", path),
               "%s.cancel is of attempts that nobody waits for any more, and there are none: give "
               "'timeout', 'deadline' or 'hedge'",
               path);
    if (client->deadline < client->timeout)
        broken(c, internf("%s.deadline", path),
               "%s.deadline is of all attempts, and shorter than 'timeout', which is of one", path);
}

/* ---- breakers where nothing fails ---- */

/* What befalls the machines of a stage. */
static bool machines_fall(const struct scenario *s, size_t i)
{
    for (int k = 0; k < 2 && i != SPEC_MAIN; k++) { /* of its pool, which is on those of another */
        const struct stage_core *core = stage_core(s, i);
        const char *on = core->stage.pool ? core->stage.pool : core->machines;
        size_t other = on ? stage_find(s, on) : SIZE_MAX;
        i = other == SIZE_MAX ? i : other;
    }
    return crash_is_given(&stage_trouble(s, i)->crash);
}

/* Whether the stage's own visits may be lost, whatever it calls. */
static bool stage_loses(const struct scenario *s, size_t i)
{
    const struct stage *stage = i == SPEC_MAIN ? &s->stage : &stage_core(s, i)->stage;
    const struct policy *policy = (const struct policy *)stage->when_full;
    bool bounded = stage_is_bounded(stage) && isfinite(stage->consumers);
    bool patient = !(i != SPEC_MAIN && stage_core(s, i)->timeout.model) && !scenario_impatient(s);
    const struct staff_spec *staff = stage_staff(s, i);
    return (bounded && policy && policy->verdict != VERDICT_PAUSE) || !patient ||
           (staff && (staff->error_rate > 0 || staff->failed == FAILED_IS_LOST)) ||
           trouble_loses(stage_trouble(s, i)) || machines_fall(s, i);
}

struct search {
    const struct stage_graph *g;
    bool fails;
};

static bool see_losses(void *context, uint32_t stage, uint32_t depth)
{
    struct search *f = context;
    (void)depth;
    f->fails |= stage_loses(f->g->s, f->g->s->stages_count > 0 ? stage : SPEC_MAIN);
    return !f->fails;
}

static void check_edge(const struct checking *c, const struct stage_graph *g,
                       const struct client_spec *client, uint32_t node, const char *path)
{
    struct search f = {g, client->timeout > 0 || client->deadline > 0};
    if (!breaker_says(&client->breaker) || f.fails)
        return;
    if (node < g->n)
        see_losses(&f, node, 0);
    stage_graph_walk(g, node, 0, true, see_losses, &f);
    if (!f.fails)
        broken(c, internf("%s.circuit_breaker", path),
               "%s.circuit_breaker: nothing that is asked here ever fails: no 'timeout', and no "
               "stage on the way loses a task",
               path);
}

static void check_entry(const struct checking *c, const struct stage_graph *g,
                        const struct call_spec *call, const char *path)
{
    size_t called = call->stage ? stage_find(c->s, call->stage) : SIZE_MAX;
    if (called != SIZE_MAX)
        check_edge(c, g, &call->client, (uint32_t)called, path);
}

static void check_source(const struct checking *c, const struct stage_graph *g, size_t source,
                         const char *path)
{
    check_edge(c, g, scenario_client(c->s, source), (uint32_t)(g->n + source), path);
    uint32_t join = stage_batch_join_of(g, (uint32_t)source);
    if (join != GRAPH_EXIT)
        broken(
            c, path,
            "%s: the tasks of a batch that is joined (stages.%s.join) cannot be asked for one by "
            "one: leave out 'client', or 'join'",
            path, stage_core(c->s, join)->name);
}

void rules_breakers(const struct checking *c, const struct stage_graph *g)
{
    const struct scenario *s = c->s;
    for (size_t i = 0; i == 0 || i < (size_t)s->sources_count; i++)
        if (scenario_client(s, i))
            check_source(c, g, i,
                         s->sources_count > 0
                             ? internf("sources.%s.client", source_core(s, i)->name)
                             : "client");
    for (size_t i = 0; i < (size_t)s->stages_count; i++) {
        const struct calls_spec *calls = stage_calls(s, i);
        const char *path = internf("stages.%s.calls", stage_core(s, i)->name);
        for (size_t k = 0; k < (size_t)calls->n; k++) {
            check_entry(c, g, &calls->steps[k].call, internf("%s.%zu", path, k));
            for (size_t b = 0; b < (size_t)calls->steps[k].branches; b++)
                check_entry(c, g, &calls->steps[k].of[b], internf("%s.%zu.of.%zu", path, k, b));
        }
    }
}
