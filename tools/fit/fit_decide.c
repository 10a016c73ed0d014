#include "fit_decide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/result/save_set.h"
#include "../words/report.h"
#include "fit_save.h"

/* ---- validity ---- */

static bool is_valid(const struct fit *fit, const struct fit_wish *wish, const struct goal *goal,
                     struct errors *errors)
{
    char *text = fit_scenario_text(fit, wish);
    struct scenario *s = fit_scenario_read(text, goal->folder, goal->scenario, errors);
    bool valid = s != NULL;
    free(s);
    free(text);
    return valid;
}

/* With a run as short as the clock needs. What is valid now as it was wished for was refused for
 * another reason: a file that could not be opened at that moment. */
static bool shorten(const struct fit *fit, struct fit_wish *wish, const struct goal *goal,
                    struct errors *errors)
{
    if (is_valid(fit, wish, goal, errors))
        return true;
    struct fit_wish shorter = *wish;
    for (shorter.tasks = 1e5; shorter.tasks >= 10; shorter.tasks /= 10) {
        struct errors ignored = {0};
        if (is_valid(fit, &shorter, goal, &ignored)) {
            if (!is_valid(fit, wish, goal, &ignored))
                *wish = shorter;
            errors->n = 0;
            return true;
        }
    }
    return false;
}

static bool uses_law(const struct fit *fit, const struct fit_wish *wish)
{
    for (int class = fit->n_classes ? 0 : -1; class < fit->n_classes; class ++)
        if (!fit_is_empirical(fit, wish, class))
            return true;
    return false;
}

static bool make_valid(const struct fit *fit, const struct goal *goal, struct fit_wish *wish,
                       struct errors *errors)
{
    struct errors why = {0};
    if (!fit_save_sizes(fit, wish, goal->folder, errors))
        return false;
    if (shorten(fit, wish, goal, &why))
        return true;
    struct fit_wish own = *wish;
    own.own_sizes = true;
    if (wish->sizes == FIT_SIZES_AUTO && uses_law(fit, wish) &&
        fit_save_sizes(fit, &own, goal->folder, errors)) {
        struct errors ignored = {0};
        if (shorten(fit, &own, goal, &ignored)) {
            *wish = own;
            return true;
        }
    }
    const char *text = strstr(why.text[0], "error: ");
    return error_at(errors, (struct place){fit->facts.file, 0, 0},
                    "no scenario can be made of it (are the units right? --unit, --time-unit): %s",
                    text ? text + strlen("error: ") : why.text[0]);
}

/* ---- what does the log more justice ---- */

/* The files of sizes that one of two wishes needs and the other does not are not saved. */
static void drop_sizes(const struct fit *fit, const struct fit_wish *wish,
                       const struct fit_wish *dropped, const char *folder)
{
    for (int class = fit->n_classes ? 0 : -1; class < fit->n_classes; class ++)
        if (fit_is_empirical(fit, dropped, class) && !fit_is_empirical(fit, wish, class))
            save_forget(folder, fit_sizes_file(fit, wish, class));
}

/* Takes the other wish where its waits are clearly nearer to the log's. */
static bool take_if_nearer(const struct fit *fit, const struct fit_wish *other,
                           const struct goal *goal, atomic_bool *stop, struct fit_wish *wish,
                           struct fit_decision *decision)
{
    const double clearly = 0.8;
    struct fit_check check;
    fit_check(fit, other, goal->folder, stop, &check);
    bool nearer = check.n == decision->last.n &&
                  fit_check_off(&check) < clearly * fit_check_off(&decision->last);
    if (nearer) {
        *wish = *other;
        decision->last = check;
    }
    return nearer;
}

static bool try_own_sizes(const struct fit *fit, const struct goal *goal, atomic_bool *stop,
                          struct fit_wish *wish, struct fit_decision *decision,
                          struct errors *errors)
{
    struct fit_wish own = *wish;
    struct errors ignored = {0};
    own.own_sizes = true;
    if (!fit_save_sizes(fit, &own, goal->folder, errors))
        return false;
    if (shorten(fit, &own, goal, &ignored))
        decision->own_sizes = take_if_nearer(fit, &own, goal, stop, wish, decision);
    if (!decision->own_sizes)
        drop_sizes(fit, wish, &own, goal->folder);
    return true;
}

static void try_schedule(const struct fit *fit, const struct goal *goal, atomic_bool *stop,
                         struct fit_wish *wish, struct fit_decision *decision)
{
    struct fit_wish scheduled = *wish;
    struct errors ignored = {0};
    scheduled.scheduled = true;
    if (shorten(fit, &scheduled, goal, &ignored))
        decision->scheduled = take_if_nearer(fit, &scheduled, goal, stop, wish, decision);
}

static bool decide(const struct fit *fit, const struct goal *goal, atomic_bool *stop,
                   struct fit_wish *wish, struct fit_decision *out, struct errors *errors)
{
    const double much = 0.2231; /* the logarithm of 1.25 */
    enum replay_figure figure;
    *out = (struct fit_decision){.order = 1, .times = replay_times(&fit->replay)};
    if (!make_valid(fit, goal, wish, errors))
        return false;
    if (out->times != TIMES_ARRIVAL)
        out->first.why =
            "the log's times are not those of arrival, so that a replay would not wait "
            "as its tasks did";
    else
        fit_check(fit, wish, goal->folder, stop, &out->first);
    out->last = out->first;
    if (out->first.n == 0)
        return true;
    bool off = fit_check_is_beyond(&out->last) || fit_check_off(&out->last) > much;
    if (off && wish->sizes == FIT_SIZES_AUTO && uses_law(fit, wish) &&
        !try_own_sizes(fit, goal, stop, wish, out, errors))
        return false;
    if (fit_check_is_beyond(&out->last) && fit->pieces > 1 && !fit_is_scheduled(fit, wish))
        try_schedule(fit, goal, stop, wish, out);
    out->lame = fit_check_is_beyond(&out->last);
    out->law = uses_law(fit, wish);
    if (out->lame)
        out->order = fit_check_order(fit, fit_check_worst(&out->last, &figure)->consumers);
    return true;
}

bool fit_decide(const struct fit *fit, const struct goal *goal, atomic_bool *stop,
                struct fit_wish *wish, struct fit_decision *out, struct errors *errors)
{
    wish->open = goal->folder;
    bool good = decide(fit, goal, stop, wish, out, errors);
    wish->open = NULL;
    return good;
}

/* ---- words ---- */

static const char *times(double factor)
{
    return internf("%.2g times", factor);
}

void fit_decide_report(const struct fit *fit, const struct fit_decision *d, FILE *out)
{
    fit_check_report(&d->last, out);
    if (d->last.n == 0 || d->first.n == 0 || !(d->own_sizes || d->scheduled))
        return;
    enum replay_figure figure;
    const struct fit_waits *at = fit_check_worst(&d->first, &figure);
    const struct fit_figure *before = &at->of[figure],
                            *now = &d->last.at[at - d->first.at].of[figure];
    const struct law *law = &fit->size_laws.fitted[fit->size_laws.best].law;
    const char *what = fit->n_classes > 0 ? "the fitted laws" : law->model->name;
    fprintf(out, "  with %s%s the %s was %s on %.0f consumer%s, %s the log's%s:\n",
            d->own_sizes ? what : "",
            d->scheduled ? (d->own_sizes ? " at a constant rate" : "a constant rate") : "",
            fit_figure_names[figure], report_duration(before->scenario), at->consumers,
            at->consumers == 1 ? "" : "s", times(exp(before->off)),
            before->beyond ? ", more than chance" : "");
    fprintf(out, "  so %s%s%s in its place, which makes it %s the log's\n",
            d->own_sizes ? "the log's own sizes stand" : "",
            d->own_sizes && d->scheduled ? ", and " : "",
            d->scheduled ? "the rate of each piece of its time stands" : "", times(exp(now->off)));
}

static void warn(const char *text)
{
    fprintf(stderr, "queuescope fit: warning: %s\n", text);
}

static void warn_times(const struct fit_decision *d)
{
    if (d->times == TIMES_COMPLETION)
        warn("no gap is shorter than the task at its end: these are times of completion by one "
             "consumer, not of arrival. A replay of them waits too little; the scenario has their "
             "rate and sizes, and Poisson arrivals are only a guess. Take the times of arrival "
             "(--arrival)");
    if (d->times == TIMES_START)
        warn("no task comes before the one above it is done: these are the beginnings of services "
             "by one consumer, or those of one client that waits for each answer, and how long "
             "tasks waited is not in them. A replay of them waits for nothing. Take the times of "
             "arrival (--arrival)");
}

/* What is known of the wait rests on so few tasks. */
static void warn_few(const struct fit *fit)
{
    const double few = 30, many = 1000;
    double n = fit->sizes.n + fit->sizes.zeros;
    if (n >= many && fit->second_tasks < few)
        warn(internf("the second moment of the sizes, on which waits rest, is that of about %.0f "
                     "of %.0f tasks (up to %s): another log like this may wait several times as "
                     "long, or hardly",
                     fmax(fit->second_tasks, 1), n, report_duration(fit->sizes.max)));
}

/* What the waits of the scenario are off for: what its law, or its arrivals, do not say. */
static const char *blame(const struct fit *fit, const struct fit_decision *d,
                         const struct fit_figure *f)
{
    const double matters = 0.1;
    const struct laws *laws = &fit->size_laws;
    double second = 1, left = exp(-f->off) / d->order;
    if (d->law && laws->n > 0 && fit->n_classes == 0) {
        const struct law *law = &laws->fitted[laws->best].law;
        second = law_model(law)->second(law->params) / fit->second;
    }
    if (fabs(log(second)) > matters && (second > 1) == (f->off > 0))
        return internf("the law of its sizes, whose second moment is %s that of the log's",
                       times(second));
    if (d->order != 1 && fabs(log(d->order)) >= fabs(log(left)))
        return internf("the order of its sizes: dealt out at random the log itself would wait %s "
                       "as long (successive sizes, or rate and sizes, are not independent)",
                       times(1 / d->order));
    if (d->law && d->last.at[0].of[REPLAY_MEAN].beyond == false)
        return "the tail of the law of its sizes, or the course of its rate"; /* it has the mean */
    return "the course of its rate, or gaps that depend on each other";
}

void fit_decide_warnings(const struct fit *fit, const struct fit_decision *d)
{
    warn_times(d);
    warn_few(fit);
    if (!d->lame)
        return;
    enum replay_figure figure;
    const struct fit_waits *w = fit_check_worst(&d->last, &figure);
    const struct fit_figure *f = &w->of[figure];
    warn(internf("the %s of the scenario is %s on %.0f consumer%s, and of the log, replayed, %s: "
                 "more than chance makes of it. To blame is %s. Replay the log before a decision "
                 "rests on it",
                 fit_figure_names[figure], report_duration(f->scenario), w->consumers,
                 w->consumers == 1 ? "" : "s", report_duration(f->replay), blame(fit, d, f)));
}
