#include "plans.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "experiment.h"
#include "theory.h"

/* What is varied: consumers of M/M/c, of M/M/c/K with so many waiting places, of Erlang's loss
 * system (M/M/c/c), of Erlang A with such a mean patience in place of places; waiting places; the
 * rate, of M/M/c, of M/M/c/K and of Erlang A. */
enum kind { MMC, MMCK, LOSS, PATIENT, PLACES, RATE, RATE_LOSS, RATE_PATIENT };

static const struct {
    const char *name;
    enum kind kind;
    double lambda, c, places; /* as far as they are not varied; service takes 1 s */
    double target;            /* the answer wanted; a rate: the limit is its exact value */
    const char *measure, *asked;
} problems[] = {
    {"M/M/c p99, 4 Erlangs", MMC, 4, 0, 0, 6, "resp_p99", "p99"},
    {"M/M/c p99, 10 Erlangs", MMC, 10, 0, 0, 12, "resp_p99", "p99"},
    {"M/M/c p99, 1.5 Erlangs", MMC, 1.5, 0, 0, 3, "resp_p99", "p99"},
    {"M/M/c p99, 20 Erlangs", MMC, 20, 0, 0, 22, "resp_p99", "p99"},
    {"M/M/c p90, 8 Erlangs", MMC, 8, 0, 0, 10, "resp_p90", "p90"},
    {"M/M/c p50, 6 Erlangs", MMC, 6, 0, 0, 7, "resp_p50", "p50"},
    {"M/M/c p999, 4 Erlangs", MMC, 4, 0, 0, 6, "resp_p999", "p99.9"},
    {"M/M/c p999, 12 Erlangs", MMC, 12, 0, 0, 14, "resp_p999", "p999"},
    {"M/M/c wait p99, 5 Erlangs", MMC, 5, 0, 0, 8, "wait_p99", "wait_p99"},
    {"M/M/c wait p99, 30 Erlangs", MMC, 30, 0, 0, 35, "wait_p99", "wait_p99"},
    {"M/M/c wait p90, 3 Erlangs", MMC, 3, 0, 0, 4, "wait_p90", "wait_p90"},
    {"M/M/c mean wait, 7 Erlangs", MMC, 7, 0, 0, 9, "mean_wait", "wait_mean"},
    {"M/M/c mean wait, 40 Erlangs", MMC, 40, 0, 0, 43, "mean_wait", "wait_mean"},
    {"M/M/c mean latency, 2.5 Erlangs", MMC, 2.5, 0, 0, 4, "mean_response", "latency_mean"},
    {"M/M/c waiting, 9 Erlangs", MMC, 9, 0, 0, 13, "p_wait", "wait_probability"},
    {"M/M/c queue, 11 Erlangs", MMC, 11, 0, 0, 13, "mean_queue_length", "queue_mean"},
    {"M/M/c inside, 3 Erlangs", MMC, 3, 0, 0, 4, "mean_number_in_system", "in_system_mean"},
    {"M/M/c/c loss, 5 Erlangs", LOSS, 5, 0, 0, 11, "loss_prob", "loss"},
    {"M/M/c/c loss, 20 Erlangs", LOSS, 20, 0, 0, 30, "loss_prob", "loss"},
    {"M/M/c/c loss, 40 Erlangs", LOSS, 40, 0, 0, 44, "loss_prob", "loss_fraction"},
    {"M/M/c/K loss, 10 Erlangs", MMCK, 10, 0, 10, 12, "loss_prob", "loss"},
    {"M/M/c/K loss, 3 Erlangs", MMCK, 3, 0, 4, 5, "loss_prob", "loss"},
    {"M/M/c/K mean wait, 6 Erlangs", MMCK, 6, 0, 20, 8, "mean_wait", "wait_mean"},
    {"M/M/1/K loss, 0.8 Erlangs", PLACES, 0.8, 1, 0, 15, "loss_prob", "loss"},
    {"M/M/2/K loss, 1.2 Erlangs", PLACES, 1.2, 2, 0, 8, "loss_prob", "loss"},
    {"M/M/8/K loss, 6 Erlangs", PLACES, 6, 8, 0, 14, "loss_prob", "loss"},
    {"Erlang A loss, 10 Erlangs", PATIENT, 10, 0, 2, 12, "p_abandon", "loss"},
    {"Erlang A loss, 40 Erlangs", PATIENT, 40, 0, 1, 44, "p_abandon", "loss_fraction"},
    {"Erlang A loss, 4 Erlangs", PATIENT, 4, 0, 0.5, 6, "p_abandon", "loss"},
    {"Erlang A mean wait, 8 Erlangs", PATIENT, 8, 0, 3, 9, "mean_wait_served", "wait_mean"},
    {"Erlang A mean wait, 25 Erlangs", PATIENT, 25, 0, 2, 26, "mean_wait_served", "wait_mean"},
    {"Erlang A wait p99, 6 Erlangs", PATIENT, 6, 0, 2, 8, "wait_p99", "wait_p99"},
    {"Erlang A goodput, 12 Erlangs", PATIENT, 12, 0, 1, 8, "throughput", "goodput"},
    {"Erlang A loss, rate", RATE_PATIENT, 0, 6, 2, 5.321, "p_abandon", "loss"},
    {"M/M/1 p99, rate", RATE, 0, 1, 0, 0.713, "resp_p99", "p99"},
    {"M/M/10 p99, rate", RATE, 0, 10, 0, 8.87, "resp_p99", "p99"},
    {"M/M/4 mean wait, rate", RATE, 0, 4, 0, 3.217, "mean_wait", "wait_mean"},
    {"M/M/5/15 loss, rate", RATE_LOSS, 0, 5, 10, 4.321, "loss_prob", "loss"},
};

size_t plan_problems(void)
{
    return sizeof problems / sizeof *problems;
}

static bool of_rate(enum kind kind)
{
    return kind == RATE || kind == RATE_LOSS || kind == RATE_PATIENT;
}

/* The oracle's words for problem i with the varied key at x. */
static const char *words(size_t i, double x, const char **model)
{
    double lambda = problems[i].lambda, c = problems[i].c, places = problems[i].places;
    switch (problems[i].kind) {
    case MMC:
        *model = "M/M/c";
        return internf("lambda=%.17g;mu=1;c=%.17g", lambda, x);
    case MMCK:
        *model = "M/M/c/K";
        return internf("lambda=%.17g;mu=1;c=%.17g;K=%.17g", lambda, x, x + places);
    case LOSS:
        *model = "M/M/c/K";
        return internf("lambda=%.17g;mu=1;c=%.17g;K=%.17g", lambda, x, x);
    case PATIENT:
        *model = "M/M/c+M";
        return internf("lambda=%.17g;mu=1;c=%.17g;patience=exponential;mean_patience=%.17g", lambda,
                       x, places);
    case RATE_PATIENT:
        *model = "M/M/c+M";
        return internf("lambda=%.17g;mu=1;c=%.17g;patience=exponential;mean_patience=%.17g", x, c,
                       places);
    case PLACES:
        *model = "M/M/c/K";
        return internf("lambda=%.17g;mu=1;c=%.17g;K=%.17g", lambda, c, c + x);
    case RATE:
        *model = "M/M/c";
        return internf("lambda=%.17g;mu=1;c=%.17g", x, c);
    case RATE_LOSS:
        *model = "M/M/c/K";
        return internf("lambda=%.17g;mu=1;c=%.17g;K=%.17g", x, c, c + places);
    }
    return NULL;
}

static double exact(size_t i, double x)
{
    const char *model, *params = words(i, x, &model);
    bool overloaded = strcmp(model, "M/M/c") == 0 &&
                      (of_rate(problems[i].kind) ? x >= problems[i].c : problems[i].lambda >= x);
    return overloaded ? INFINITY : theory_value(model, params, problems[i].measure);
}

static void set_question(struct plan_problem *problem, size_t i, double limit)
{
    static struct errors errors;
    struct question *q = &problem->question;
    struct scenario *s = xcalloc(1, sizeof *s);
    const char *model, *params = words(i, of_rate(problems[i].kind) ? 1 : 40, &model);
    const char *path = of_rate(problems[i].kind)    ? "arrivals.rate"
                       : problems[i].kind == PLACES ? "buffer.capacity"
                                                    : "consumers.count";
    const char *range = of_rate(problems[i].kind)    ? internf("0.1..%g", 2 * problems[i].c)
                        : problems[i].kind == PLACES ? "0..200"
                                                     : "1..64";
    assert_true(experiment_scenario(model, params, s));
    if (problems[i].kind == MMCK)
        scenario_set(s, "buffer.capacity", "%.17g", problems[i].places);
    if (problems[i].kind == LOSS)
        scenario_set(s, "buffer.capacity", "0");
    *q = (struct question){.scenario = s, .confidence = 0.95, .max_tasks = 3e8, .n_spans = 1};
    bool most = strcmp(problems[i].asked, "goodput") == 0;
    bool counted = strncmp(problems[i].measure, "mean_queue", 10) == 0 ||
                   strncmp(problems[i].measure, "mean_number", 11) == 0;
    bool share = strncmp(problems[i].asked, "loss", 4) == 0 ||
                 strcmp(problems[i].asked, "wait_probability") == 0;
    const char *unit = counted || share ? "" : most ? "/s" : "s";
    const char *objective =
        internf("%s %s %.12g%s", problems[i].asked, most ? ">=" : "<=", limit, unit);
    errors.n = 0;
    if (!span_parse(s, path, range, (struct place){0}, &q->spans[0], &errors) ||
        !objective_parse(s, objective, (struct place){0}, &q->objectives[q->n_objectives++],
                         &errors))
        fail_msg("%s: %s", problems[i].name, errors.text[0]);
}

struct plan_problem *plan_problem(size_t i)
{
    struct plan_problem *problem = xcalloc(1, sizeof *problem);
    problem->name = problems[i].name;
    problem->answer = problems[i].target;
    double at = exact(i, problems[i].target), limit = at;
    if (!of_rate(problems[i].kind)) {
        double before = exact(i, problems[i].target - 1);
        limit = isinf(before) ? 1.25 * at : sqrt(at * before);
        problem->apart = fabs(limit / at - 1);
    }
    assert_true(limit > 0);
    set_question(problem, i, limit);
    return problem;
}

void plan_problem_free(struct plan_problem *problem)
{
    for (size_t k = 0; k < problem->question.n_spans; k++)
        span_free(&problem->question.spans[k]);
    free((struct scenario *)problem->question.scenario);
    free(problem);
}

enum plan_outcome plan_judge(const struct plan_problem *problem, const struct answer *answer)
{
    const struct span *span = &answer->question.spans[0];
    if (answer->finding != FINDING_MET)
        return answer->finding == FINDING_UNDECIDED ? PLAN_OPEN : PLAN_WRONG;
    double found = answer->best->best->value[0];
    const struct point *beside = answer->best->beside;
    bool right = span->resolution > 0
                     ? found <= problem->answer && beside && problem->answer <= beside->value[0]
                     : found == problem->answer;
    return right ? PLAN_RIGHT : PLAN_WRONG;
}
