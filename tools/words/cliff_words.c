#include "cliff_words.h"

#include <string.h>

#include "../../sim/scenario/process.h"
#include "../../sim/theory/network_load.h"
#include "report.h"

enum { DIGITS = 4 };

static const char *value_of(const struct cliff *c, double value)
{
    char text[64];
    unit_human(param_unit(&c->ref), value, DIGITS, text, sizeof text);
    return intern(text);
}

static const char *interval_of(const struct cliff *c)
{
    return internf("95 %% interval %s to %s", value_of(c, c->low), value_of(c, c->high));
}

/* "at 53.33 /s", "between 3 and 4 (3.2)". */
static const char *place_of(const struct cliff *c)
{
    if (!c->whole || c->value == floor(c->value))
        return internf("at %s", value_of(c, c->value));
    return internf("between %.0f and %.0f (%s)", floor(c->value), ceil(c->value),
                   value_of(c, c->value));
}

static const char *how_known(const struct cliff_report *report)
{
    const struct cliff *c = &report->cliff;
    if (!c->simulated && !c->loses && scenario_is_network(report->s))
        return "exact: it is all that the bottleneck can do";
    if (!c->simulated)
        return c->loses ? "exactly, by theory" : "exact: utilization is 1 there";
    return c->low < c->high ? internf("simulated, %s", interval_of(c)) : "simulated";
}

static void say_found(const struct cliff_report *report, FILE *out)
{
    const struct cliff *c = &report->cliff;
    bool below = c->today < c->value, stable = below == c->stable_below && c->today != c->value;
    double distance = fabs(c->today - c->value) / c->value;
    if (c->today == c->value)
        fprintf(out, "%s %s is the cliff itself (%s)", report->parameter, value_of(c, c->today),
                how_known(report));
    else
        fprintf(out, "%s %s is %s %s the cliff %s (%s)", report->parameter, value_of(c, c->today),
                report_share(distance), below ? "below" : "above", place_of(c), how_known(report));
    fprintf(out, "%s.\n", stable ? "" : ": today the backlog grows without end");
    if (c->whole)
        fprintf(out, "  %s %s %.0f is stable\n", report->parameter,
                c->stable_below ? "up to" : "from",
                c->stable_below ? ceil(c->value) - 1 : floor(c->value) + 1);
}

static void say_none(const struct cliff_report *report, FILE *out)
{
    const struct cliff *c = &report->cliff;
    fprintf(out, "No cliff was found along %s from %s to %s: the backlog %s.\n", report->parameter,
            value_of(c, c->from), value_of(c, c->to),
            c->edge < 1 ? "has a limit everywhere" : "grows without end everywhere");
}

/* "82 % below", "12 % above", "at". */
static const char *where_today(const struct cliff *c)
{
    double distance = fabs(c->today - c->value) / c->value;
    return c->today == c->value
               ? "at"
               : internf("%s %s", report_share(distance), c->today < c->value ? "below" : "above");
}

/* How much longer every task takes for a further client, where all consumers are at work. */
static double turn_of(const struct scenario *s)
{
    struct network *network = network_of(s);
    if (!network)
        return scenario_mean_size(s) / s->stage.speed / s->stage.consumers;
    struct traffic *traffic = traffic_of(network, NULL);
    struct network_load load;
    (void)network_load_of(network, traffic, &load);
    traffic_free(traffic);
    network_free(network);
    return 1 / load.highest;
}

/* Clients who wait for their answers: what there is in place of a cliff. */
static void say_saturation(const struct cliff_report *report, FILE *out)
{
    const struct cliff *c = &report->cliff;
    const struct scenario *s = report->s;
    double turn = turn_of(s);
    fprintf(out,
            "There is no cliff: clients who wait for their answers do not ask, and the backlog is "
            "never longer than they are many (%.0f).\n",
            process_clients(s));
    if (c->status == CLIFF_FOUND)
        fprintf(out, "  %s %s is %s the saturation point %s (%s)\n", report->parameter,
                value_of(c, c->today), where_today(c), place_of(c),
                c->simulated ? how_known(report) : "exact: the bounds of throughput cross there");
    else
        fprintf(out, "  no saturation point was found along %s from %s to %s\n", report->parameter,
                value_of(c, c->from), value_of(c, c->to));
    fprintf(
        out,
        "  if nobody had to wait they would ask for %s of what the consumers can do; beyond "
        "100 %% they get no more done, and each further client makes every task take %s longer\n",
        report_share(c->load), report_duration(turn));
}

static const char *count_of(double n)
{
    char text[64];
    unit_human(UNIT_COUNT, n, 2, text, sizeof text);
    return intern(text);
}

/* "at consumers.count 5.3"; where that is exact, "between consumers.count 5 and 6". */
static const char *loss_place(const struct cliff_report *report)
{
    const struct cliff *c = &report->cliff;
    if (c->simulated || !c->whole || c->value == floor(c->value))
        return internf("at %s %s", report->parameter, value_of(c, c->value));
    return internf("between %s %.0f and %.0f", report->parameter, floor(c->value), ceil(c->value));
}

static void say_losing(const struct cliff_report *report, FILE *out)
{
    const struct cliff *c = &report->cliff;
    bool leave = scenario_all_impatient(report->s);
    if (scenario_is_network(report->s))
        fputs("There is no cliff of stability as long as requests can be lost: what does not fit "
              "into "
              "a buffer, or loses patience, holds nobody up.\n",
              out);
    else if (leave)
        fputs("There is no cliff of stability: tasks leave when their patience (tasks.timeout) is "
              "over, so the backlog has a limit under any load.\n",
              out);
    else
        fprintf(out,
                "There is no cliff of stability: the buffer holds %.0f tasks and what does not fit "
                "is lost (%s), so the backlog has a limit under any load.\n",
                report->s->stage.capacity, report->s->stage.when_full->name);
    if (!isnan(c->load))
        fprintf(out, "  today %s of the tasks are lost\n", report_share(c->load * LOAD_LOSS));
    if (c->wanted > 0)
        fprintf(out,
                "  Undecided: a look at one value would take about %s tasks before its input has "
                "come round often enough\n",
                count_of(c->wanted));
    else if (c->status == CLIFF_FOUND)
        fprintf(out, "  losses pass %s %s (%s)\n", report_share(LOAD_LOSS), loss_place(report),
                c->simulated ? interval_of(c) : how_known(report));
    else
        fprintf(out, "  losses do not pass %s along %s from %s to %s\n", report_share(LOAD_LOSS),
                report->parameter, value_of(c, c->from), value_of(c, c->to));
    if (scenario_is_network(report->s))
        return;
    fprintf(out, "  (%s, nothing is lost, and there is a %s)\n",
            leave ? "if they waited as long as it takes, in an unbounded buffer"
                  : "with buffer.when_full=pause, or an unbounded buffer",
            process_is_closed(report->s) ? "saturation point" : "cliff");
}

static void say_margins(const struct cliff_report *report, FILE *out)
{
    const struct cliff *c = &report->cliff, *tail = &report->tail;
    if (c->load < 1)
        fprintf(out, "  traffic could grow by %s (today it is %s of the capacity)\n",
                report_share(1 / c->load - 1), report_share(c->load));
    if (c->load > 1)
        fprintf(out, "  traffic would have to fall by %s\n", report_share(1 - 1 / c->load));
    if (report->tail_parameter && tail->status == CLIFF_FOUND &&
        strcmp(report->tail_parameter, report->parameter) != 0)
        fprintf(out, "  %s %s from %s to %s\n", report->tail_parameter,
                tail->today > tail->value ? "could fall" : "would have to rise",
                value_of(tail, tail->today), value_of(tail, tail->value));
}

static void say_notice(const struct notice *notice, const char *of, FILE *out)
{
    if (!(notice->ratio > 0))
        return;
    fprintf(out, "  p99 at 95 %% of the %s load is %.3g times that at 50 %% (%s, %s): %s\n", of,
            notice->ratio, report_duration(notice->p99[1]), report_duration(notice->p99[0]),
            notice->ratio < 2   ? "latency gives next to no warning"
            : notice->ratio < 5 ? "latency gives little warning"
                                : "latency warns");
}

void cliff_print(const struct cliff_report *report, FILE *out)
{
    const struct cliff *c = &report->cliff;
    if (c->loses) {
        say_losing(report, out);
        return;
    }
    if (c->saturates) {
        say_saturation(report, out);
        say_notice(&report->notice, "saturation", out);
        return;
    }
    if (c->status == CLIFF_FOUND)
        say_found(report, out);
    else
        say_none(report, out);
    say_margins(report, out);
    say_notice(&report->notice, "cliff's", out);
}
