#include "fates.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/engine/engine.h"
#include "scene.h"

extern _Thread_local struct network_trace *networks_trace;

struct story fates_of(const char *text, uint64_t requests)
{
    struct scenario *s = scene_text(text, "");
    struct story story = {0};
    struct network_trace trace = {&story, story_visit, story_request};
    struct recorder recorder = {.classes = (uint32_t)scenario_classes(s),
                                .places = (uint32_t)scenario_places(s),
                                .slot = UNMEASURED};
    const struct engine_limits limits = {.until_time = 1000, .until_tasks = requests};
    const struct engine_limits rest = {.until_time = 1000, .until_tasks = UINT64_MAX};
    networks_trace = &trace;
    void *state = networks_engine.begin(s, NULL, &recorder, 1, 0);
    networks_trace = NULL;
    networks_engine.advance(state, &limits);
    networks_engine.advance(state, &rest);
    networks_engine.end(state);
    free(s);
    return story;
}

const struct visit_record *fates_visit(const struct story *story, uint32_t request, uint32_t stage)
{
    for (size_t i = 0; i < story->n_visits; i++)
        if (story->visits[i].request == request && story->visits[i].stage == stage)
            return &story->visits[i];
    fail_msg("no visit of request %u", request);
    return NULL;
}

void fates_served(const char *text, size_t n, const double (*times)[2])
{
    struct story s = fates_of(text, n);
    for (uint32_t i = 0; i < n; i++) {
        const struct visit_record *v = fates_visit(&s, i, 0);
        if (isnan(times[i][1])) {
            assert_int_equal(v->outcome, TRACE_LOST + LOSS_ERROR);
            continue;
        }
        assert_int_equal(v->outcome, TRACE_COMPLETED);
        scene_near(v->start, times[i][0], 1e-9);
        scene_near(v->done, times[i][1], 1e-9);
    }
    story_free(&s);
}
