/* queuescope check SCENARIO...: validates, and says what a run would be. */
#include <stdio.h>

#include "../../plots/plot.h"
#include "../../sim/answer/objective.h"
#include "../../sim/engine/stability.h"
#include "../../sim/events/waiting.h"
#include "../../sim/network/offered.h"
#include "../../sim/scenario/policy.h"
#include "../../sim/scenario/process.h"
#include "../../sim/scenario/stages.h"
#include "../../sim/scenario/sweep.h"
#include "../shell/panels.h"
#include "../words/report.h"

/* What the columns of a scenario offer. */
struct load {
    uint32_t columns, overloaded; /* overloaded: utilization >= 1, and nobody is turned away */
    double first, last;           /* utilization; NAN: unknown */
    double first_demand, demand;  /* of a closed system, in the first and the last; else NAN */
    double tasks;                 /* measured, all columns and replications; NAN: unknown */
    double tail;                  /* smallest tail exponent of any column */
    uint32_t stage; /* of a network: the one with most to do, in all columns; NETWORK_EXIT: none */
    bool at_least;  /* of a network: the utilizations are lower bounds */
};

static void take_offered(struct load *load, const struct scenario *column, bool first)
{
    const struct offered offered = offered_of(column);
    load->demand = process_is_closed(column) ? scenario_demand(column) : NAN;
    load->overloaded += offered.utilization >= 1 && !stability_loses(column);
    load->tail = fmin(load->tail, offered.tail);
    load->at_least |= offered.at_least;
    load->stage = first || load->stage == offered.stage ? offered.stage : NETWORK_EXIT;
    load->last = offered.utilization;
    if (first) {
        load->first = offered.utilization;
        load->first_demand = load->demand;
    }
}

/* Traffic equations of hundreds of stages in thousands of columns take a while: every so many
 * columns, and the last. */
static uint32_t columns_apart(const struct scenario *s)
{
    const double enough = 20000; /* stages, of all columns together: a second or less */
    double stages = scenario_is_network(s) ? scenario_stages(s) : 0;
    return (uint32_t)fmax(1, ceil(stages * sweep_columns(s) / enough));
}

static struct load load_of(const struct scenario *s)
{
    struct load load = {.columns = sweep_columns(s), .tail = INFINITY};
    uint32_t apart = columns_apart(s);
    bool drift = sweep_drifts(s);
    struct scenario column;
    for (uint32_t i = 0; i < load.columns; i++) {
        sweep_scenario(s, i, &column);
        if (i % apart == 0 || i + 1 == load.columns)
            take_offered(&load, &column, i == 0);
        const struct run *run = &column.run;
        bool whole_trace;
        double tasks = isnan(run->duration) ? scenario_tasks(&column, &whole_trace)
                                            : scenario_likely_rate(&column) * run->duration /
                                                  (drift ? load.columns : 1);
        load.tasks += tasks * s->run.replications;
    }
    return load;
}

static const char *number(double value)
{
    char text[64];
    unit_human(UNIT_NUMBER, value, 3, text, sizeof text);
    return intern(text);
}

static const char *plural(double n, const char *one)
{
    return internf("%s %s%s", number(n), one, n == 1 ? "" : "s");
}

/* Of a network: how many of what. */
static void print_network(const struct scenario *s, FILE *out)
{
    double replicas = 0;
    for (size_t i = 0; i < (size_t)s->stages_count; i++)
        replicas += stage_replicas(s, i);
    if (s->stages_count == 0)
        replicas = stage_replicas(s, SPEC_MAIN);
    fprintf(out, "  a network of %s", plural(scenario_stages(s), "stage"));
    if (replicas > scenario_stages(s))
        fprintf(out, " (%s together)", plural(replicas, "replica"));
    fprintf(out, ", fed by %s\n", plural(fmax(1, s->sources_count), "source"));
}

static void print_size(const struct scenario *s, const struct load *load, FILE *out)
{
    if (scenario_is_network(s))
        print_network(s, out);
    const struct sweep *sweep = &s->sweep;
    fprintf(out, "  %s", plural(load->columns, "column"));
    if (sweep_name(s))
        fprintf(out, " (%s from %s to %s%s)", sweep_name(s), report_value(s, sweep_value(s, 0)),
                report_value(s, sweep_value(s, load->columns - 1)),
                sweep->mode == MODE_DRIFT ? ", drifting" : "");
    fprintf(out, ", %s", plural(s->run.replications, "replication"));
    if (isnan(load->tasks))
        fprintf(out, "\n");
    else
        fprintf(out, ": %s tasks in all\n", number(load->tasks));
}

static void print_utilization(const struct scenario *s, const struct load *load, FILE *out)
{
    if (!isnan(load->demand)) {
        fprintf(out, "  clients ask for %s", report_share(load->first_demand));
        if (s->sweep.parameter)
            fprintf(out, " to %s", report_share(load->demand));
        fprintf(out, " of what the consumers can do, if nobody had to wait\n");
        return;
    }
    if (isnan(load->first) && isnan(load->last)) {
        fprintf(out, "  offered utilization: not known before the run\n");
        return;
    }
    bool network = scenario_is_network(s);
    const char *most =
        load->stage == NETWORK_EXIT
            ? "the stage with most to do"
            : internf("'%s', which has most to do", scenario_place_name(s, (int)load->stage));
    fprintf(out, "  offered utilization %s%s%s%s", network ? "of " : "", network ? most : "",
            network ? load->at_least ? ": at least " : ": " : "", report_share(load->first));
    if (s->sweep.parameter)
        fprintf(out, " to %s", report_share(load->last));
    double cliff = offered_cliff(s);
    struct param_ref ref;
    if (!isnan(cliff) && sweep_ref(s, &ref)) {
        char text[64];
        unit_human(param_unit(&ref), cliff, 4, text, sizeof text);
        fprintf(out, ", 100 %% at %s = %s", s->sweep.parameter, text);
    }
    fprintf(out, "\n");
}

static bool distinct_priorities(const struct scenario *s)
{
    for (int i = 1; i < (int)s->classes_count; i++)
        if (s->classes[i].priority != s->classes[0].priority)
            return true;
    return false;
}

static void print_warnings(const struct scenario *s, const struct load *load, FILE *out)
{
    if (load->tail <= 2)
        fprintf(out,
                "  warning: the sizes' tail exponent falls to %s: their %s is infinite, so means "
                "settle slowly or never\n",
                number(load->tail), load->tail <= 1 ? "mean" : "variance");
    if (load->overloaded > 0)
        fprintf(out,
                "  warning: utilization is 100 %% or more in %s%u of %s, and the backlog may grow "
                "without end: results there depend on how long the run is\n",
                columns_apart(s) > 1 ? "at least " : "", load->overloaded,
                plural(load->columns, "column"));
    if (s->run.replications == 1 && !scenario_replays(s))
        fprintf(out, "  warning: one replication: intervals come from batch means only%s\n",
                sweep_is_time(s)  ? ", and slices of one run have none"
                : sweep_drifts(s) ? ", and drift has none"
                                  : "");
    if (s->run.replications > 1 && scenario_repeats(s))
        fprintf(out, "  note: every replication of a recorded trace is the same tasks again: one "
                     "does, or arrivals.bootstrap makes others of it\n");
    if (!scenario_is_network(s) && stage_discipline(&s->stage)->order == ORDER_PRIORITY &&
        !distinct_priorities(s))
        fprintf(out,
                "  warning: discipline %s, but no classes of different priority: it is first come, "
                "first served\n",
                s->stage.discipline->name);
}

static void print_scenario(const struct scenario *s, FILE *out)
{
    struct load load = load_of(s);
    print_size(s, &load, out);
    print_utilization(s, &load, out);
    if (s->sources_count == 0 && scenario_remark(s))
        fprintf(out, "  %s\n", scenario_remark(s));
    print_warnings(s, &load, out);
}

static bool check_file(const struct options *o, const char *file)
{
    static struct scenario s;
    struct errors errors = {0};
    struct places places = {0};
    struct panels panels = {0};
    struct options one = *o;
    one.scenarios[0] = file;
    one.n_scenarios = 1;
    bool good = options_load(o, file, &s, &places, &errors) &&
                objectives_check(&s, &places, &errors) &&
                (s.vary_count == 0 || panels_make(&one, PLOT_PANELS, &panels, &errors));
    errors_print(&errors);
    if (good) {
        options_note_swept(o, &s);
        printf("%s: ok\n", file);
        print_scenario(&s, stdout);
    }
    for (size_t i = 0; good && i < panels.n; i++) {
        const struct load load = load_of(&panels.items[i].scenario);
        printf("  panel %s:\n  ", panels.items[i].title);
        print_utilization(&panels.items[i].scenario, &load, stdout);
    }
    panels_free(&panels);
    places_free(&places);
    return good;
}

int cmd_check(int argc, char **argv)
{
    struct options o;
    if (!options_parse(&o, command_find("check"), OPTIONS_MANY, argc, argv))
        return EXIT_USAGE;
    bool good = true;
    for (int i = 0; i < o.n_scenarios; i++)
        good &= check_file(&o, o.scenarios[i]);
    return good ? EXIT_DONE : EXIT_USAGE;
}
