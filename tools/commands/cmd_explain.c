/* queuescope explain: the traffic equations solved, and what follows from them before anything
 * runs.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../../sim/answer/cliff.h"
#include "../../sim/engine/stability.h"
#include "../../sim/lanes/lanes.h"
#include "../../sim/scenario/process.h"
#include "../../sim/theory/network_load.h"
#include "../../sim/theory/theory.h"
#include "../shell/options.h"
#include "../words/report.h"
#include "../words/sheet.h"

static const char *number(double value)
{
    char text[64];
    if (isnan(value))
        return "-";
    if (isinf(value))
        return "unlimited";
    unit_human(UNIT_NUMBER, value, 4, text, sizeof text);
    return intern(text);
}

/* A lower bound, or an upper one, says so. */
static const char *bounded(const char *text, bool at_least, bool at_most)
{
    return at_least ? internf(">= %s", text) : at_most ? internf("<= %s", text) : text;
}

/* Of consumers that wait for answers also by what all of them can do at most. */
static const char *verdict(const struct traffic *t, uint32_t stage)
{
    enum traffic_verdict stable = t->stage[stage].stable;
    double most = stable == TRAFFIC_UNKNOWN && t->enough ? network_callers_capacity(t, stage) : NAN;
    if (!isnan(most) && !isnan(t->stage[stage].rate))
        stable = t->stage[stage].rate < most ? TRAFFIC_STABLE : TRAFFIC_UNSTABLE;
    return stable == TRAFFIC_STABLE ? "yes" : stable == TRAFFIC_UNSTABLE ? "NO" : "not known";
}

/* Visits of a request, over all sources as they come; of one source also where its rate is not
 * known. */
static double visits_of(const struct traffic *t, uint32_t stage)
{
    const struct network *n = t->network;
    double requests = 0, sum = 0;
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        double rate = n->n_inlets == 1 ? 1 : t->requests[i];
        requests += rate;
        for (uint32_t class = 0; class < n->n_classes; class ++) {
            size_t at = ((size_t)i * n->n_classes + class) * n->n_stages + stage;
            sum += rate * traffic_inlet_share(n, i, class) * t->visits[at];
        }
    }
    return sum / requests;
}

static void print_sources(const struct traffic *t)
{
    const struct network *n = t->network;
    for (uint32_t i = 0; i < n->n_inlets; i++) {
        const struct arrivals *a = n->inlets[i].arrivals;
        const struct arrival_process *process = (const struct arrival_process *)a->process;
        const struct process_view view = {.params = a->params, .rate = NAN};
        const char *how = process->clients ? internf("%s clients", number(process->clients(&view)))
                          : isnan(t->requests[i])
                              ? "rate not known before the run"
                              : internf("%s requests", report_rate(t->requests[i]));
        printf("source %s: %s, %s\n", n->inlets[i].name, process->model.name, how);
    }
}

static void print_stages(const struct traffic *t)
{
    static const char *const head[] = {"stage",        "visits",      "per second",
                                       "work",         "held for",    "consumers",
                                       "offered load", "utilization", "keeps up"};
    const struct network *n = t->network;
    struct sheet sheet = {.columns = sizeof head / sizeof *head};
    for (size_t i = 0; i < sheet.columns; i++)
        sheet_add(&sheet, head[i]);
    for (uint32_t j = 0; j < n->n_stages; j++) {
        const struct stage_traffic *s = &t->stage[j];
        bool more = !s->holding_known && s->rate != 0;
        sheet_add(&sheet, n->stages[j].name);
        sheet_add(&sheet, number(visits_of(t, j)));
        sheet_add(&sheet, bounded(report_rate(s->rate), false, s->at_most));
        sheet_add(&sheet, report_duration(s->work));
        sheet_add(&sheet, bounded(report_duration(s->holding), more, false));
        sheet_add(&sheet, n->stages[j].pool == j
                              ? number(s->consumers)
                              : internf("of %s", n->stages[n->stages[j].pool].name));
        sheet_add(&sheet, bounded(number(s->load), more, s->at_most && !more));
        sheet_add(&sheet, isinf(s->consumers)
                              ? "-"
                              : bounded(report_share(s->utilization), more, s->at_most && !more));
        sheet_add(&sheet, verdict(t, j));
    }
    sheet_print(&sheet, stdout);
    sheet_free(&sheet);
}

enum remark { REMARK_BLOCKED, REMARK_WAITS, REMARK_LOSES, REMARKS };

static bool applies(const struct traffic *t, uint32_t stage, enum remark remark)
{
    const struct stage_traffic *s = &t->stage[stage];
    switch (remark) {
    case REMARK_BLOCKED:
        return s->blocked;
    case REMARK_WAITS:
        return !s->blocked && !s->holding_known;
    case REMARK_LOSES:
        return traffic_loses(t->network, stage);
    case REMARKS:
        break;
    }
    return false;
}

/* Of the stages that are not like others. */
static void print_notes(const struct traffic *t)
{
    static const char *const words[] = {
        [REMARK_BLOCKED] =
            "consumers are held until the next stage has room, for a time that is not "
            "known beforehand",
        [REMARK_WAITS] = "consumers wait for answers; how long those wait in turn is not known "
                         "beforehand, and left out",
        [REMARK_LOSES] =
            "what does not fit into the buffer is lost, so that the backlog has a limit"};
    const struct network *n = t->network;
    for (enum remark remark = 0; remark < REMARKS; remark++) {
        const char *names = NULL;
        for (uint32_t j = 0; j < n->n_stages; j++)
            if (t->stage[j].rate != 0 && applies(t, j, remark))
                names = names ? internf("%s, %s", names, n->stages[j].name) : n->stages[j].name;
        if (names)
            printf("%s: %s.\n", names, words[remark]);
    }
    for (uint32_t j = 0; j < n->n_stages; j++) {
        const struct stage_traffic *s = &t->stage[j];
        if (s->comes < s->rate * (1 - 1e-9) && s->stable == TRAFFIC_STABLE)
            printf("%s: it keeps up because only %s get so far.\n", n->stages[j].name,
                   report_rate(s->comes));
    }
    if (n->asks)
        printf("Clients give up, or try again: the figures are of first attempts, and whether the "
               "stages keep up the run\nhas to tell.\n");
    else if (n->again)
        printf("Visits that fail come again, or go elsewhere (retry, dead_letter): the figures are "
               "of first attempts, and whether\nthe stages keep up the run has to tell.\n");
    else if (!t->enough)
        printf("Tasks come back to consumers that also serve others, with sizes or priorities of "
               "their own: there a\nutilization below 100 %% is not enough to keep up (Rybko and "
               "Stolyar 1992), and the run has to tell.\n");
}

/* Of consumers that wait for answers: whether it is them, or what they call, that is too little. */
static void print_callers(const struct traffic *t, const struct network_load *load)
{
    const struct network *n = t->network;
    const char *name = n->stages[load->stage].name;
    double *calls = xcalloc(n->n_stages, sizeof *calls), least = INFINITY;
    uint32_t called = NETWORK_EXIT;
    traffic_call(n, load->stage, 1, calls);
    for (uint32_t j = 0; j < n->n_stages; j++)
        if (calls[j] > 0 && t->stage[j].utilization > 0 &&
            t->stage[load->stage].rate / t->stage[j].utilization < least) {
            least = t->stage[load->stage].rate / t->stage[j].utilization;
            called = j;
        }
    free(calls);
    bool small = called != NETWORK_EXIT && load->highest > 0.95 * least;
    printf(
        "The bottleneck is %s: %s, all of them taken and waiting for answers, can do %s visits\nat "
        "most, and are at %s of that. ",
        small ? n->stages[called].name : name,
        small ? internf("the consumers of %s", name) : "its consumers", report_rate(load->highest),
        report_share(load->value));
    if (small)
        printf("They wait for %s, which is too small: more of them would do no more.\n",
               n->stages[called].name);
    else
        printf("More of them would do more%s.\n",
               called == NETWORK_EXIT ? ""
                                      : internf(", until %s is full at %s", n->stages[called].name,
                                                report_rate(least)));
}

static void print_bottleneck(const struct traffic *t)
{
    const struct network *n = t->network;
    struct network_load load;
    bool known = network_load_of(n, t, &load);
    if (t->bottleneck == NETWORK_EXIT) {
        printf("No stage is a bottleneck: none has a limit of consumers, or nothing is known of "
               "the traffic.\n");
        return;
    }
    const char *name = n->stages[t->bottleneck].name;
    if (!known) {
        printf("The bottleneck is %s, as far as is known beforehand.\n", name);
        return;
    }
    const char *limit = report_rate(load.highest);
    switch (load.kind) {
    case LOAD_OF_LINE:
        printf("The line can do %s at most, for stages are held up by the buffers behind them: it "
               "is at %s of that.\n",
               limit, report_share(load.value));
        break;
    case LOAD_OF_CALLERS:
        print_callers(t, &load);
        break;
    case LOAD_OF_CLIENTS:
        printf("The bottleneck is %s: the clients ask for %s of what it can do, if nobody had to "
               "wait.\n",
               n->stages[load.stage].name, report_share(load.value));
        break;
    case LOAD_OF_STAGE:
        printf("The bottleneck is %s: it can do %s visits at most, which would be %.4g times the "
               "traffic.\n",
               n->stages[load.stage].name, limit, 1 / load.value);
        break;
    }
}

/* ---- one stage ---- */

static void print_single(const struct scenario *s)
{
    static const char *const head[] = {"stage",        "per second",  "work",    "consumers",
                                       "offered load", "utilization", "keeps up"};
    static const char *const stable[] = {
        [STABLE_NO] = "NO", [STABLE_YES] = "yes", [STABLE_UNKNOWN] = "not known"};
    struct sheet sheet = {.columns = sizeof head / sizeof *head};
    double rate = scenario_task_rate(s), work = scenario_mean_size(s) / s->stage.speed;
    for (size_t i = 0; i < sheet.columns; i++)
        sheet_add(&sheet, head[i]);
    sheet_add(&sheet, "main");
    sheet_add(&sheet, report_rate(rate));
    sheet_add(&sheet, report_duration(work));
    sheet_add(&sheet, number(s->stage.consumers));
    sheet_add(&sheet, number(rate * work));
    sheet_add(&sheet, report_share(scenario_utilization(s)));
    sheet_add(&sheet, stable[stability_theory(s)]);
    sheet_print(&sheet, stdout);
    sheet_free(&sheet);
    printf("\n");
    if (process_is_closed(s))
        printf("%s clients ask for %s of what the consumers can do, if nobody had to wait.\n",
               number(process_clients(s)), report_share(scenario_demand(s)));
    else if (isfinite(scenario_utilization(s)))
        printf("The consumers can do %s at most, which would be %.4g times the traffic.\n",
               report_rate(rate / scenario_utilization(s)), 1 / scenario_utilization(s));
    if (stability_loses(s))
        printf("What does not fit, or loses patience, is lost: the backlog has a limit.\n");
}

/* ---- engine and formulas ---- */

static void print_engine(const struct scenario *s)
{
    const struct engine *engine = engine_for(s);
    const char *refused = engine->refuses(s), *lanes = engine_by_lanes(s)->refuses(s);
    if (refused)
        printf("Engine: none: %s.\n", refused);
    else if (engine == &lanes_engine)
        printf("Engine: lanes, which runs many trials side by side, for each task only needs the "
               "times at which consumers fall idle.\n");
    else if (engine == &chains_engine)
        printf("Engine: lanes, which takes the stages of a row one after the other, many tasks at "
               "a time: what leaves one arrives\nat the next.\n");
    else if (scenario_is_network(s))
        printf("Engine: %s, which follows all stages of a network together, one event after the "
               "other: arrivals, completions,\ncalls, answers and places that become free. Lanes, "
               "the fast one, does not take it: %s.\n",
               engine->model.name, lanes);
    else
        printf("Engine: %s: %s.\n", engine->model.name,
               lanes ? lanes : "there are too few trials to run side by side");
}

static void print_theory(const struct scenario *s)
{
    struct theory *t = xmalloc(sizeof *t);
    theory_latency(s, t);
    if (t->model)
        printf("Formulas: %s (`queuescope theory` says what they give).\n", t->model);
    else
        printf("Formulas: none: %s.\n", t->why);
    free(t);
}

static void explain(const struct scenario *s)
{
    struct network *network = network_of(s);
    if (network) {
        struct traffic *t = traffic_of(network, NULL);
        print_sources(t);
        printf("\n");
        print_stages(t);
        printf("\n");
        print_bottleneck(t);
        print_notes(t);
        traffic_free(t);
        network_free(network);
    } else {
        print_single(s);
    }
    print_theory(s);
}

int cmd_explain(int argc, char **argv)
{
    static struct scenario s, at; /* large */
    struct options o;
    struct places places = {0};
    struct errors errors = {0};
    if (!options_parse(&o, command_find("explain"), 1, argc, argv))
        return EXIT_USAGE;
    bool sound = options_load(&o, o.scenarios[0], &s, &places, &errors);
    places_free(&places);
    if (!sound) {
        errors_print(&errors);
        return EXIT_USAGE;
    }
    cliff_today(&s, &at);
    printf("%s\n\n", at.title ? at.title : o.scenarios[0]);
    explain(&at);
    print_engine(&s);
    return EXIT_DONE;
}
