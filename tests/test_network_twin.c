/* The engine of networks against the naive simulator, visit by visit, on random networks; a network
 * on which they differ is made smaller and printed. QUEUESCOPE_NETWORKS=FIRST,COUNT runs others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sim/engine/engine.h"
#include "../sim/scenario/config.h"
#include "naive_network.h"
#include "random_network.h"

enum { NETWORKS = 3000, REPORTS = 5 };

extern _Thread_local struct network_trace *networks_trace;

/* What the two did on a plan. */
enum outcome { AGREE, DIFFER, REFUSED, SINGLE };

static struct story engine_story(const struct scenario *s, const struct network *n, uint64_t seed,
                                 uint64_t requests)
{
    struct story story = {0};
    struct network_trace trace = {&story, story_visit, story_request};
    struct recorder recorder = {
        .classes = n->n_classes, .places = (uint32_t)scenario_places(s), .slot = UNMEASURED};
    const struct engine_limits limits = {.until_time = INFINITY, .until_tasks = requests};
    networks_trace = &trace;
    void *state = networks_engine.begin(s, NULL, &recorder, seed, 0);
    networks_trace = NULL;
    enum engine_stop stop = networks_engine.advance(state, &limits);
    struct flow flow;
    networks_engine.flow(state, &flow);
    story.arrived = networks_engine.arrived(state);
    story.end = flow.time;
    story.deadlock = stop == STOP_DEADLOCK ? "yes" : NULL;
    networks_engine.end(state);
    return story;
}

static enum outcome compare_here(const struct plan *plan, bool tell)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    struct errors errors = {0};
    struct places places = {0};
    char *text = plan_text(plan);
    enum outcome outcome = REFUSED;
    if (tell)
        printf("%s", text), fflush(stdout);
    param_defaults(s);
    if (config_read("plan", text, strlen(text), s, &places, &errors) &&
        scenario_check(s, NULL, &errors)) {
        struct network *n = network_of(s);
        outcome = SINGLE;
        if (n) {
            uint64_t requests = (uint64_t)plan->requests;
            struct story twin = naive_network(n, 1, 0, requests);
            struct story engine = engine_story(s, n, 1, requests);
            FILE *quiet = tell ? stdout : NULL;
            outcome = stories_agree(n, &twin, &engine, quiet) ? AGREE : DIFFER;
            story_free(&twin);
            story_free(&engine);
        }
        network_free(n);
    } else if (tell) {
        printf("%s\n", errors.text[0]);
    }
    free(text);
    places_free(&places);
    free(s);
    return outcome;
}

/* In a process of its own, so that what crashes, or does not end, is made smaller as well. */
static enum outcome compare(const struct plan *plan, bool tell)
{
    fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(2);
        signal(SIGSEGV, SIG_DFL);
        signal(SIGABRT, SIG_DFL);
        int outcome = (int)compare_here(plan, tell);
        fflush(stdout);
        _exit(outcome);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status))
        return (enum outcome)WEXITSTATUS(status);
    if (tell)
        printf("  %s\n", strsignal(WTERMSIG(status)));
    return DIFFER;
}

static bool differs(const struct plan *plan, void *context)
{
    (void)context;
    return compare(plan, false) == DIFFER;
}

static void every_visit_fares_as_in_the_naive_simulator(void **state)
{
    (void)state;
    const char *range = getenv("QUEUESCOPE_NETWORKS");
    unsigned long first = 1, count = NETWORKS, done[4] = {0};
    if (range)
        sscanf(range, "%lu,%lu", &first, &count);
    for (unsigned long seed = first; seed < first + count && done[DIFFER] < REPORTS; seed++) {
        struct plan plan = plan_random(seed);
        enum outcome outcome = compare(&plan, false);
        done[outcome]++;
        if (outcome == DIFFER) {
            printf("--- network %lu, made smaller (one: naive, other: the engine)\n", seed);
            plan = plan_shrink(plan, differs, NULL);
            compare(&plan, true);
        } else if (outcome == REFUSED && done[REFUSED] <= REPORTS) {
            printf("--- network %lu\n", seed);
            compare(&plan, true);
        }
    }
    printf("%lu agree, %lu differ, %lu are refused, %lu have one stage\n", done[AGREE],
           done[DIFFER], done[REFUSED], done[SINGLE]);
    assert_int_equal(done[DIFFER], 0);
    assert_int_equal(done[REFUSED], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_visit_fares_as_in_the_naive_simulator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
