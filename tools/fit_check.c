#include "fit_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/engine/trial.h"
#include "../sim/scenario/config.h"
#include "report.h"

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

/* Mean waits of runs: so many, their sum and that of their squares. */
struct sums {
    double n, sum, squares;
};

static void add_trial(struct sums *sums, const struct trial *trial)
{
    double tasks = 0, waits = 0;
    for (uint32_t c = 0; c < trial->classes; c++) {
        tasks += (double)trial->cells[c].completed;
        waits += trial->cells[c].wait_sum;
    }
    if (!(tasks > 0) || (trial->notes & (NOTE_INTERRUPTED | NOTE_BACKLOG)))
        return;
    sums->n++;
    sums->sum += waits / tasks;
    sums->squares += waits / tasks * (waits / tasks);
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
        trial_run_group(&(struct trial_group){engine, ids, n, stop, NULL, trials});
        for (unsigned i = 0; i < n; i++) {
            add_trial(sums, trials[i]);
            trial_free(trials[i]);
        }
    }
}

/* As the log is replayed: from empty, without a warm-up, for as many tasks as its stretches have. A
 * schedule begins where each of the stretches does. */
static bool run_like(const struct fit *fit, const struct fit_wish *wish, const char *folder,
                     double consumers, unsigned runs, atomic_bool *stop, struct sums *sums)
{
    size_t stretches = replay_stretches(&fit->replay);
    bool moves = fit_is_scheduled(fit, wish) && stretches > 1;
    size_t starts = moves ? stretches : 1;
    unsigned each = (unsigned)((runs + starts - 1) / starts);
    bool good = true;
    for (size_t i = 0; good && i < starts; i++) {
        struct fit_wish from = *wish;
        struct errors errors = {0};
        from.from = moves ? replay_from(&fit->replay, i) - fit->course.first : 0;
        char *text = fit_scenario_text(fit, &from);
        struct scenario *s = fit_scenario_read(text, folder, "scenario.yaml", &errors);
        free(text);
        if (s) {
            s->stage.consumers = consumers;
            s->run.tasks = (double)fit->replay.length;
            s->run.duration = NAN;
            s->run.warmup = (struct amount){AMOUNT_COUNT, 0};
            s->run.replications = MOST; /* more than one: a run is not cut into batches */
            run(s, each, (uint32_t)(i * each), stop, sums);
        }
        good = s != NULL;
        free(s);
    }
    return good && sums->n >= 2 && !atomic_load(stop);
}

/* ---- comparison ---- */

static void compare(const struct fit *fit, const struct sums *sums, struct fit_waits *w)
{
    const double small = 0.01, matters = 0.05, certain = 2.576;
    double mean = sums->sum / sums->n, m = (double)replay_stretches(&fit->replay);
    double variance = fmax(sums->squares / sums->n - mean * mean, 0) * sums->n / (sums->n - 1);
    double floor = small * fit->mean, relative = mean > 0 ? variance / (mean * mean) : 0;
    double of_log = log1p(relative / m), of_mean = log1p(relative / sums->n);
    w->scenario = mean;
    w->chance = sqrt(of_log + of_mean);
    w->off = 0;
    w->beyond = false;
    if (fmax(mean, w->replay) <= floor)
        return;
    w->off = log(fmax(mean, floor / 2) / fmax(w->replay, floor / 2));
    double away = fabs(w->off - of_log / 2);
    w->beyond = fabs(w->off) > matters && away > certain * fmax(w->chance, 1e-6);
}

void fit_check(const struct fit *fit, const struct fit_wish *wish, const char *folder,
               atomic_bool *stop, struct fit_check *out)
{
    double tasks = (double)fit->replay.length;
    *out = (struct fit_check){.tasks = tasks};
    if (!(tasks >= 2))
        return;
    out->runs = (unsigned)fmin(fmax(TASKS / tasks, FEWEST), MOST);
    for (double c = fit->consumers; c >= 1 && out->n < FIT_COUNTS; c--) {
        struct fit_waits *w = &out->at[out->n];
        struct sums sums = {0};
        w->consumers = c;
        w->replay = replay_wait(&fit->replay, c, 0);
        if (!run_like(fit, wish, folder, c, out->runs, stop, &sums))
            return;
        compare(fit, &sums, w);
        out->n++;
    }
}

bool fit_check_is_beyond(const struct fit_check *check)
{
    bool beyond = false;
    for (int i = 0; i < check->n; i++)
        beyond = beyond || check->at[i].beyond;
    return beyond;
}

double fit_check_off(const struct fit_check *check)
{
    double most = 0;
    for (int i = 0; i < check->n; i++)
        most = fmax(most, fabs(check->at[i].off));
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

static const char *difference(const struct fit_waits *w)
{
    double times = exp(fabs(w->off));
    if (w->off == 0)
        return "no difference";
    return times >= 2 ? internf("%.3g times as long", w->off > 0 ? times : 1 / times)
                      : internf("%.0f %% %s", 100 * fabs(w->scenario / w->replay - 1),
                                w->off > 0 ? "longer" : "shorter");
}

void fit_check_report(const struct fit_check *check, FILE *out)
{
    if (check->n == 0)
        return;
    fprintf(out,
            "\ncheck: the log replayed, and the scenario run like it (%u times %.0f tasks, from "
            "empty)\n",
            check->runs, check->tasks);
    for (int i = 0; i < check->n; i++) {
        const struct fit_waits *w = &check->at[i];
        fprintf(out, "  %.0f consumer%s: mean wait %s in the log, %s in the scenario: %s%s\n",
                w->consumers, w->consumers == 1 ? "" : "s", report_duration(w->replay),
                report_duration(w->scenario), difference(w),
                w->off == 0 ? ""
                : w->beyond ? internf(", more than chance (a factor of %.2f)", exp(2 * w->chance))
                            : internf(", within chance (a factor of %.2f)", exp(2 * w->chance)));
    }
}
