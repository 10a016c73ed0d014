#include "fit_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/engine/cell.h"
#include "../../sim/engine/trial.h"
#include "../../sim/result/stats.h"
#include "../../sim/scenario/config.h"
#include "../words/report.h"

/* Tasks that are simulated for one count of consumers, about; runs at least and at most. */
enum { TASKS = 1 << 20, FEWEST = 4, MOST = 32 };

struct scenario *fit_scenario_read(const char *text, const char *folder, const char *name,
                                   struct errors *errors)
{
    struct places places = {0};
    struct scenario *s = xmalloc(sizeof *s);
    param_defaults(s);
    bool good = config_read(intern(internf("%s/%s", folder, name)), text, strlen(text), s, &places,
                            errors) &&
                scenario_check(s, &places, errors);
    places_free(&places);
    if (good)
        return s;
    free(s);
    return NULL;
}

/* ---- runs ---- */

/* A figure of the waits of runs: so many, their sum and that of their squares. */
struct sums {
    double n, sum[REPLAY_FIGURES], squares[REPLAY_FIGURES];
    bool grew; /* a run was given up: its backlog grew without end */
};

static void add_trial(struct sums *sums, const struct trial *trial)
{
    struct cell all;
    cell_init(&all);
    for (uint32_t c = 0; c < trial->classes; c++)
        cell_merge(&all, &trial->cells[c]);
    sums->grew = sums->grew || trial->notes & NOTE_BACKLOG;
    if (all.completed > 0 && !(trial->notes & (NOTE_INTERRUPTED | NOTE_BACKLOG))) {
        sums->n++;
        for (int i = 0; i < REPLAY_FIGURES; i++) {
            double x = i == REPLAY_MEAN
                           ? all.wait_sum / (double)all.completed
                           : histogram_quantile(&all.wait, replay_p[i], 0, all.latency_max);
            sums->sum[i] += x;
            sums->squares[i] += x * x;
        }
    }
    cell_free(&all);
}

static void run(const struct scenario *s, unsigned runs, uint32_t first, atomic_bool *stop,
                struct sums *sums)
{
    const struct engine *engine = engine_for(s);
    unsigned most = engine->group > 1 ? engine->group : 1;
    struct trial_id ids[MOST];
    struct trial *trials[MOST] = {0};
    for (unsigned from = 0; from < runs && !atomic_load(stop); from += most) {
        unsigned n = runs - from < most ? runs - from : most;
        for (unsigned i = 0; i < n; i++) {
            ids[i] = (struct trial_id){s, 0, first + from + i};
            trials[i] = NULL;
        }
        trial_run_group(&(struct trial_group){engine, ids, n, stop, NULL, trials, NULL, 0});
        for (unsigned i = 0; i < n; i++) {
            add_trial(sums, trials[i]);
            trial_free(trials[i]);
        }
    }
}

/* As the log is replayed: from empty, without a warm-up, for as many tasks as its stretches have. A
 * schedule begins where each of the stretches does. Says why where it cannot be. */
static const char *run_like(const struct fit *fit, const struct fit_wish *wish, const char *folder,
                            double consumers, unsigned runs, atomic_bool *stop, struct sums *sums)
{
    size_t stretches = replay_stretches(&fit->replay);
    bool moves = fit_is_scheduled(fit, wish) && stretches > 1;
    size_t starts = moves ? stretches : 1;
    unsigned each = (unsigned)((runs + starts - 1) / starts);
    for (size_t i = 0; i < starts; i++) {
        struct fit_wish from = *wish;
        struct errors errors = {0};
        from.from = moves ? replay_from(&fit->replay, i) - fit->course.first : 0;
        char *text = fit_scenario_text(fit, &from);
        struct scenario *s = fit_scenario_read(text, folder, "scenario.yaml", &errors);
        free(text);
        if (!s)
            return internf("its scenario cannot be run: %s", errors.n > 0 ? errors.text[0] : "");
        s->stage.consumers = consumers;
        s->run.tasks = (double)fit->replay.length;
        s->run.duration = NAN;
        s->run.warmup = (struct amount){AMOUNT_COUNT, 0};
        s->run.replications = MOST; /* more than one: a run is not cut into batches */
        run(s, each, (uint32_t)(i * each), stop, sums);
        free(s);
    }
    if (atomic_load(stop))
        return "it was interrupted";
    return sums->n >= 2 ? NULL
           : sums->grew ? "the backlog of the scenario grows beyond run.max_backlog"
                        : "the scenario completes no task";
}

/* ---- comparison ---- */

const char *const fit_figure_names[REPLAY_FIGURES] = {"mean wait", "p90 of waits", "p99 of waits"};

/* What counts as a difference, beside a size and beside itself, and with what risk. */
static const struct {
    double small, matters, risk;
} judged[REPLAY_FIGURES] = {{0.01, 0.05, 0.01}, {0.1, 0.1, 0.001}, {0.1, 0.1, 0.001}};

static void compare(const struct fit *fit, const struct sums *sums, int i, struct fit_figure *f)
{
    double mean = sums->sum[i] / sums->n, m = (double)replay_stretches(&fit->replay);
    double variance = fmax(sums->squares[i] / sums->n - mean * mean, 0) * sums->n / (sums->n - 1);
    double floor = judged[i].small * fit->mean, relative = mean > 0 ? variance / (mean * mean) : 0;
    double of_log = log1p(relative / m), of_mean = log1p(relative / sums->n);
    f->scenario = mean;
    f->chance = sqrt(of_log + of_mean);
    if (isnan(f->replay) || fmax(mean, f->replay) <= floor)
        return;
    f->off = log(fmax(mean, floor / 2) / fmax(f->replay, floor / 2));
    double away = fabs(f->off - of_log / 2), t = stats_t(judged[i].risk, (size_t)sums->n - 1);
    f->beyond = fabs(f->off) > judged[i].matters && away > t * fmax(f->chance, 1e-6);
}

void fit_check(const struct fit *fit, const struct fit_wish *wish, const char *folder,
               atomic_bool *stop, struct fit_check *out)
{
    double tasks = (double)fit->replay.length;
    *out = (struct fit_check){.tasks = tasks};
    if (!(tasks >= 2)) {
        out->why = "tasks are too few";
        return;
    }
    out->runs = (unsigned)fmin(fmax(TASKS / tasks, FEWEST), MOST);
    for (double c = fit->consumers; c >= 1 && out->n < FIT_COUNTS; c--) {
        struct fit_waits *w = &out->at[out->n];
        struct sums sums = {0};
        double replay[REPLAY_FIGURES];
        out->why = run_like(fit, wish, folder, c, out->runs, stop, &sums);
        if (out->why)
            return;
        w->consumers = c;
        replay_waits(&fit->replay, c, replay);
        for (int i = 0; i < REPLAY_FIGURES; i++) {
            w->of[i] = (struct fit_figure){.replay = replay[i]};
            compare(fit, &sums, i, &w->of[i]);
        }
        out->n++;
    }
}

bool fit_check_is_beyond(const struct fit_check *check)
{
    bool beyond = false;
    for (int i = 0; i < check->n; i++)
        for (int k = 0; k < REPLAY_FIGURES; k++)
            beyond = beyond || check->at[i].of[k].beyond;
    return beyond;
}

const struct fit_waits *fit_check_worst(const struct fit_check *check, enum replay_figure *figure)
{
    const struct fit_waits *worst = &check->at[0];
    *figure = REPLAY_MEAN;
    for (int i = 0; i < check->n; i++)
        for (int k = 0; k < REPLAY_FIGURES; k++) {
            const struct fit_figure *f = &check->at[i].of[k], *most = &worst->of[*figure];
            if (k != REPLAY_MEAN && !f->beyond)
                continue;
            if (f->beyond == most->beyond ? fabs(f->off) > fabs(most->off) : f->beyond) {
                worst = &check->at[i];
                *figure = (enum replay_figure)k;
            }
        }
    return worst;
}

double fit_check_off(const struct fit_check *check)
{
    double most = 0;
    for (int i = 0; i < check->n; i++)
        for (int k = 0; k < REPLAY_FIGURES; k++)
            if (k == REPLAY_MEAN || check->at[i].of[k].beyond)
                most = fmax(most, fabs(check->at[i].of[k].off));
    return most;
}

double fit_check_order(const struct fit *fit, double consumers)
{
    enum { DEALS = 5 };
    double was = replay_wait(&fit->replay, consumers, 0), sum = 0, least = INFINITY, most = 0;
    for (unsigned k = 1; k <= DEALS; k++) {
        double wait = replay_wait(&fit->replay, consumers, k);
        sum += wait / DEALS;
        least = fmin(least, wait);
        most = fmax(most, wait);
    }
    double room = most - least; /* as wide again on both sides: 5 are few */
    return sum > 0 && (was > most + room || was < least - room) ? was / sum : 1;
}

/* ---- words ---- */

static const char *difference(const struct fit_figure *f)
{
    double times = exp(fabs(f->off));
    if (f->off == 0)
        return "no difference";
    return times >= 2 ? internf("%.3g times as long", f->off > 0 ? times : 1 / times)
                      : internf("%.0f %% %s", 100 * fabs(f->scenario / f->replay - 1),
                                f->off > 0 ? "longer" : "shorter");
}

/* "1.26 s in the log, 1.43 s in the scenario: 14 % longer, within chance (a factor of 1.78)" */
static const char *compared(const struct fit_figure *f)
{
    return internf("%s in the log, %s in the scenario: %s%s", report_duration(f->replay),
                   report_duration(f->scenario), difference(f),
                   f->off == 0 ? ""
                   : f->beyond
                       ? internf(", more than chance (a factor of %.2f)", exp(2 * f->chance))
                       : internf(", within chance (a factor of %.2f)", exp(2 * f->chance)));
}

void fit_check_report(const struct fit_check *check, FILE *out)
{
    if (check->n == 0) {
        fprintf(out, "\ncheck: not done: %s\n", check->why);
        return;
    }
    fprintf(out,
            "\ncheck: the log replayed, and the scenario run like it (%u times %.0f tasks, from "
            "empty)\n",
            check->runs, check->tasks);
    for (int i = 0; i < check->n; i++) {
        const struct fit_waits *w = &check->at[i];
        const char *head = internf("%.0f consumer%s", w->consumers, w->consumers == 1 ? "" : "s");
        fprintf(out, "  %s: mean wait %s\n", head, compared(&w->of[REPLAY_MEAN]));
        for (int k = REPLAY_P90; k < REPLAY_FIGURES; k++)
            if (!isnan(w->of[k].replay) && (k == REPLAY_P99 || w->of[k].beyond))
                fprintf(out, "  %*s  %s %s\n", (int)strlen(head), "",
                        k == REPLAY_P99 ? "p99" : "p90", compared(&w->of[k]));
    }
    if (check->why)
        fprintf(out, "  with one consumer fewer: not done: %s\n", check->why);
}
