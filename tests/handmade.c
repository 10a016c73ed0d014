#include "handmade.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../sim/result/result.h"

const char handmade_text[] = "tasks:\n"
                             "  size: {distribution: exponential, mean: 100ms}\n"
                             "  classes: [{name: gold, share: 25%}, {name: rest, share: 75%}]\n"
                             "arrivals: {process: poisson, rate: 4/s}\n"
                             "stages:\n"
                             "  web: {consumers: {count: 4}, calls: [db], reply: true}\n"
                             "  db: {consumers: {count: 2}}\n"
                             "run: {tasks: 400, replications: 8}\n";

double handmade_luck(uint32_t replication, uint32_t request)
{
    return 1 + 0.1 * sin(replication * 7 + request * 13);
}

/* Flows as of `time` after `requests`, as the laws want them. */
static void flows(struct flow out[PLACES], double time, uint64_t requests, double work)
{
    double n = (double)requests;
    struct flow none = {.time = time, .arrived = requests, .completed = requests};
    for (int i = 0; i < PLACES; i++)
        out[i] = none;
    for (int i = 0; i < ALL; i++) {
        out[i].queue_area = i == WEB ? 0.5 * work : 0.25 * work;
        out[i].service_sum = i == WEB ? work / 2 : work;
        out[i].held_area = i == WEB ? work : 0;
        out[i].busy_area = out[i].service_sum + out[i].held_area;
        out[i].sojourn_sum = out[i].queue_area + out[i].busy_area;
        out[i].available = i == WEB ? 4 : 2;
        out[i].available_area = out[i].available * time;
        out[i].arrival_gaps = out[i].departure_gaps = time;
        out[i].arrival_gap_square = 2 * time * time / n; /* as of a Poisson process */
        out[i].departure_gap_square = 1.5 * time * time / n;
        out[ALL].queue_area += out[i].queue_area;
        out[ALL].service_sum += out[i].service_sum;
        out[ALL].held_area += out[i].held_area;
        out[ALL].busy_area += out[i].busy_area;
        out[ALL].available_area += out[i].available_area;
    }
    out[ALL].alive_area = out[ALL].sojourn_sum = 3 * work;
    out[CLIENT].alive_area = out[CLIENT].sojourn_sum = 2.5 * work;
}

struct trial *handmade_trial(const struct scenario *s, uint32_t replication)
{
    struct trial *trial = trial_new(s, 0, replication);
    assert_int_equal(trial->places, PLACES);
    assert_int_equal(trial->whole, ALL);
    assert_int_equal(trial->classes, CLASSES);
    struct recorder r = {.cells = trial->cells, .classes = CLASSES, .places = PLACES};
    double work = 0;
    for (uint32_t i = 0; i < REQUESTS; i++) {
        uint32_t class = i % 4 == 0 ? GOLD : REST, request = recorder_request(&r, class);
        double length = handmade_luck(replication, i);
        work += length;
        recorder_arrive(&r, label_at(&r, request, ALL), 0.1);
        recorder_visit(&r, label_at(&r, request, CLIENT), 0.1);
        recorder_visit(&r, label_at(&r, request, WEB), 0.1);
        recorder_visit(&r, label_at(&r, request, DB), 0.1);
        recorder_visit_complete(&r, label_at(&r, request, DB), 0.25 * length, 1.25 * length);
        recorder_visit_complete(&r, label_at(&r, request, WEB), 0.5 * length, 2 * length);
        recorder_visit_complete(&r, label_at(&r, request, CLIENT), 0.75 * length, 2.5 * length);
        if (i % 100 == 99)
            recorder_lose(&r, label_at(&r, request, ALL), LOSS_FAILED);
        else
            recorder_complete(&r, label_at(&r, request, ALL), 0.75 * length, 3 * length);
    }
    assert_int_equal(r.outstanding, 0);
    struct flow close[PLACES];
    flows(close, 100, REQUESTS, work);
    trial->ends = xcalloc(PLACES, sizeof *trial->ends);
    for (int i = 0; i < PLACES; i++) {
        trial->windows[i].close = trial->ends[i] = close[i];
        trial->windows[i].available = close[i].available_area;
        trial->windows[i].backlog_first = trial->windows[i].backlog_last = 1;
    }
    trial->end = close[ALL];
    trial->emptied = true;
    return trial;
}

struct result *handmade_result(const struct scenario *s)
{
    struct result *result = result_new(s, &events_engine);
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct trial *trial = handmade_trial(s, r);
        result_add(result, trial);
        trial_free(trial);
    }
    result_finish(result);
    if (!audit_holds(&result->audit))
        fail_msg("%s\n%s", result->audit.text[0], result->audit.text[1]);
    return result;
}
