/* What a run should say aloud about its results (result.h). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/err.h"
#include "../engine/relaxation.h"
#include "../network/facts.h"
#include "../scenario/discipline.h"
#include "../scenario/process.h"
#include "controls.h"
#include "precision.h"
#include "result.h"
#include "timescale.h"
#include "warn.h"

void about_add(struct about *about, const struct row *row)
{
    if (about->n++ == 0)
        about->first = row->value;
    about->last = row->value;
}

void put_where(FILE *out, const struct result *result, const struct about *about)
{
    if (!sweep_name(&result->scenario))
        return;
    char first[64], last[64];
    unit_human(sweep_unit(&result->scenario), about->first, 4, first, sizeof first);
    unit_human(sweep_unit(&result->scenario), about->last, 4, last, sizeof last);
    fprintf(out, " in %u of %u columns (%s %s", about->n, result->columns,
            sweep_name(&result->scenario), first);
    if (about->n > 1)
        fprintf(out, " to %s", last);
    fputc(')', out);
}

const struct row *row_all(const struct result *result, uint32_t column)
{
    return result_row(result, column, result_row_classes(result) - 1);
}

static void warn_stability(FILE *out, const struct result *result)
{
    struct about no = {0}, unknown = {0};
    for (uint32_t i = 0; i < result->columns; i++) {
        const struct row *row = row_all(result, i);
        if (row->stable == STABLE_NO)
            about_add(&no, row);
        else if (row->stable == STABLE_UNKNOWN && row->offered > 0 &&
                 !sweep_is_time(&result->scenario))
            about_add(&unknown, row);
    }
    if (no.n) {
        fputs("unstable", out);
        put_stages(out, result);
        put_where(out, result, &no);
        fputs(": the backlog grows as long as the run lasts, and so do waits; add consumers, lower "
              "the rate or the sizes, or bound the buffer\n",
              out);
    }
    if (unknown.n) {
        fputs("it cannot be told whether the backlog has a limit", out);
        put_where(out, result, &unknown);
        fputs(scenario_repeats(&result->scenario)
                  ? ": the log ends before that shows; arrivals.bootstrap makes more of it\n"
                  : ": longer runs or more replications may tell\n",
              out);
    }
}

/* What a note means, and what to do about it. */
static const char *const note_sentences[NOTES][2] = {
    {NULL, NULL} /* warn_given_up */,
    {"ended early at run.max_backlog tasks inside", "later tasks (and columns) are missing"},
    {"arrivals ended before as many tasks, or as much time, as asked for",
     "figures are of what there was"},
    {"the warm-up rule found no settled stretch",
     "figures may still hold the start from empty; raise run.tasks or give run.warmup"},
    {"interrupted", "trials are missing"},
    {NULL, NULL} /* warn_short */,
    {NULL, NULL} /* warn_cycles */,
    {"simulated time stands still: clients come back at the moment at which they leave, without "
     "end",
     "the run ended there; give them a time to think, or tasks a size (or larger ones than the "
     "clock can tell apart so late in a run)"},
    {NULL, NULL} /* warn_unrepresentative */,
    {NULL, NULL} /* warn_deadlock */};

bool result_stood_still(const struct result *result)
{
    for (uint32_t i = 0; i < result->columns; i++)
        if (row_all(result, i)->notes & NOTE_STANDS_STILL)
            return true;
    return false;
}

static void warn_notes(FILE *out, const struct result *result)
{
    for (int note = 0; note < NOTES; note++) {
        struct about about = {0};
        if (!note_sentences[note][0])
            continue;
        for (uint32_t i = 0; i < result->columns; i++) {
            const struct row *row = row_all(result, i);
            bool said = 1u << note == NOTE_WARMUP_UNSETTLED && row->stable == STABLE_NO;
            if (row->notes & 1u << note && !said)
                about_add(&about, row);
        }
        if (!about.n)
            continue;
        fputs(note_sentences[note][0], out);
        put_where(out, result, &about);
        fprintf(out, ": %s\n", note_sentences[note][1]);
    }
}

void put_tasks(FILE *out, double tasks)
{
    double unit = pow(10, floor(log10(tasks)) - 1);
    tasks = ceil(tasks / unit) * unit;
    if (tasks >= 1e6)
        fprintf(out, "%.15gM", tasks / 1e6);
    else if (tasks >= 1e3)
        fprintf(out, "%.15gk", tasks / 1e3);
    else
        fprintf(out, "%.15g", tasks);
}

/* The known mean that is off by most, and the columns in which any is. */
static void warn_unrepresentative(FILE *out, const struct result *result)
{
    struct about about = {0};
    int which = -1;
    double most = 0;
    for (uint32_t i = 0; i < result->columns; i++) {
        const struct row *row = row_all(result, i);
        if (!(row->notes & NOTE_UNREPRESENTATIVE))
            continue;
        about_add(&about, row);
        if (fabs(row->off_by) > fabs(most)) {
            which = row->off;
            most = row->off_by;
        }
    }
    if (which < 0)
        return;
    fputs(controls_words((enum known_mean)which, most), out);
    put_where(out, result, &about);
    fputs(", more than its own spread allows: what is rare in the scenario came too seldom or too "
          "often, and nothing here has an interval; raise run.tasks\n",
          out);
}

static void warn_short(FILE *out, const struct result *result)
{
    struct about about = {0};
    struct scenario *at = xmalloc(sizeof *at);
    double most = 0, seconds = 0;
    for (uint32_t i = 0; i < result->columns; i++) {
        const struct row *row = row_all(result, i);
        if (!(row->notes & NOTE_SHORT_RUN))
            continue;
        about_add(&about, row);
        sweep_scenario(&result->scenario, i, at);
        struct network_facts *facts = result->places > 1 ? network_facts_of(at) : NULL;
        double relaxation = facts ? facts->relaxation[result->whole] : relaxation_tasks(at);
        double wanted = RELAXATION_WANTED * relaxation;
        most = fmax(most, wanted);
        seconds = fmax(seconds, wanted / (facts ? facts->rate : scenario_likely_rate(at)));
        network_facts_free(facts);
    }
    free(at);
    if (!about.n)
        return;
    fprintf(out, "a replication is shorter than %d relaxation times of its %s", RELAXATION_WANTED,
            result->places > 1 ? "slowest stage" : "queue");
    put_where(out, result, &about);
    fputs(
        ": few busy spells, and the start from empty, decide what it shows, and waits look better "
        "than they are; ",
        out);
    if (isnan(result->scenario.run.duration)) {
        fputs("run.tasks: about ", out);
        put_tasks(out, most);
    } else {
        fprintf(out, "run.duration: about %.2gs", 1.05 * seconds);
    }
    fputs(" would do\n", out);
}

/* How long a run has to be to meet enough cycles, in all replications: as its scenario says it. */
static void put_run_of(FILE *out, const struct scenario *s, const struct timescale *scale)
{
    double cycles = scale->cycles / s->run.replications;
    if (scale->by_clock)
        cycles = ceil(cycles);
    if (isnan(s->run.duration)) {
        fputs("run.tasks: about ", out);
        put_tasks(out, ceil(cycles * scale->tasks));
    } else {
        char text[64];
        double seconds = (scale->by_clock ? 1 : 1.05) * cycles * scale->seconds;
        unit_human(UNIT_DURATION, seconds, scale->by_clock ? 4 : 2, text, sizeof text);
        fprintf(out, "run.duration: about %s", text);
    }
    fprintf(out, " (with run.replications: %.15g) would do\n", s->run.replications);
}

/* Of slices of time there are more only in more replications. */
static void put_replications(FILE *out, const struct result *result, double share)
{
    double wanted = ceil(result->replications / fmax(share, 1e-9));
    if (wanted <= REPLICATIONS_MOST)
        fprintf(out, "run.replications: %.0f would do\n", wanted);
    else
        fputs("fewer and longer slices (sweep.steps) see more of it\n", out);
}

static void warn_cycles(FILE *out, const struct result *result)
{
    struct about about = {0};
    struct scenario *at = xmalloc(sizeof *at);
    struct timescale worst = {0, NAN, NULL, false, 1, 0}, scale;
    double met = INFINITY;
    for (uint32_t i = 0; i < result->columns; i++) {
        const struct row *row = row_all(result, i);
        if (!(row->notes & NOTE_FEW_CYCLES))
            continue;
        about_add(&about, row);
        sweep_scenario(&result->scenario, i, at);
        if (timescale_find(at, &scale) && row->cycles / scale.cycles <= met / worst.cycles) {
            met = row->cycles;
            worst = scale;
        }
    }
    free(at);
    if (!about.n)
        return;
    fputs("the run has seen too little of its input", out);
    put_where(out, result, &about);
    fprintf(out,
            ": %s, and so far the run has met %.2g of the %d cycles that it takes; figures "
            "may be far from the truth, and have no interval; ",
            timescale_words(&worst), met, worst.cycles);
    if (isinf(worst.tasks))
        fputs("no length of a run would do\n", out);
    else if (sweep_is_time(&result->scenario))
        put_replications(out, result, met / worst.cycles);
    else
        put_run_of(out, &result->scenario, &worst);
}

static void warn_unfinished(FILE *out, const struct result *result)
{
    struct about about = {0};
    uint64_t unfinished = 0;
    for (uint32_t i = 0; i < result->columns; i++) {
        const struct row *row = row_all(result, i);
        if (row->notes & NOTE_CAPPED)
            continue;
        unfinished += row->unfinished;
        if ((double)row->unfinished > 0.001 * (double)row->offered)
            about_add(&about, row);
    }
    if (!about.n)
        return;
    fprintf(out, "%llu tasks were still inside at the end, more than 0.1 %% of the offered",
            (unsigned long long)unfinished);
    put_where(out, result, &about);
    fputs(": waits and latencies are of completed tasks only, and so look better than they are\n",
          out);
}

/* Of columns in which following the measured tasks was given up (follow.h). */
static void warn_given_up(FILE *out, const struct result *result)
{
    struct about about = {0};
    uint64_t unfinished = 0, offered = 0;
    for (uint32_t i = 0; i < result->columns; i++) {
        const struct row *row = row_all(result, i);
        if (!(row->notes & NOTE_CAPPED))
            continue;
        about_add(&about, row);
        unfinished += row->unfinished;
        offered += row->offered;
    }
    if (!about.n)
        return;
    fprintf(out, "%llu of %llu tasks were still inside when following them was given up",
            (unsigned long long)unfinished, (unsigned long long)offered);
    put_where(out, result, &about);
    fputs(
        ": more work comes than is done, or what comes later goes before them, and they would stay "
        "for ten times as long as was measured; they count as unfinished, and waits and latencies "
        "look better than they are\n",
        out);
}

/* Columns that an interruption left out, and those of which it left some. */
static void warn_interrupted(FILE *out, const struct result *result)
{
    struct about none = {0}, some = {0};
    for (uint32_t i = 0; i < result->columns && result->interrupted; i++) {
        const struct row *row = row_all(result, i);
        if (row->replications == 0)
            about_add(&none, row);
        else if (row->replications < result->replications)
            about_add(&some, row);
    }
    if (none.n) {
        fputs("interrupted, and not run", out);
        put_where(out, result, &none);
        fputs(": nothing is known there\n", out);
    }
    if (some.n) {
        fputs("interrupted, with replications missing", out);
        put_where(out, result, &some);
        fputs(": figures are of those that are complete\n", out);
    }
}

static void warn_nothing(FILE *out, const struct result *result)
{
    struct about about = {0};
    for (uint32_t i = 0; i < result->columns; i++)
        if (row_all(result, i)->offered == 0 && row_all(result, i)->replications > 0 &&
            !(row_all(result, i)->notes & (NOTE_STANDS_STILL | NOTE_DEADLOCK)))
            about_add(&about, row_all(result, i));
    if (!about.n)
        return;
    fputs("no task arrived", out);
    put_where(out, result, &about);
    fputs(": nothing is known there; raise run.duration, or the rate\n", out);
}

char *result_warnings(const struct result *result)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = xstream(&text, &size);
    warn_interrupted(out, result);
    warn_nothing(out, result);
    warn_stability(out, result);
    warn_notes(out, result);
    warn_deadlock(out, result);
    warn_short(out, result);
    warn_cycles(out, result);
    warn_unrepresentative(out, result);
    warn_precision(out, result);
    warn_tails(out, result);
    warn_given_up(out, result);
    warn_unfinished(out, result);
    return xstream_end(out, &text);
}
