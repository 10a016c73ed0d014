#include "fit_scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/result/save.h"
#include "../../sim/result/save_set.h"
#include "../shell/options.h"
#include "../words/report.h"

/* Six digits that people can read, or all of them where those would be another number: shares must
 * sum to 1. */
static const char *value_text(enum unit unit, double value)
{
    char text[64];
    const char *why;
    double again;
    if (unit != UNIT_SHARE) {
        unit_human(unit, value, 6, text, sizeof text);
        if (unit_parse(unit, text, &again, &why) && fabs(again - value) <= 2e-6 * fabs(value))
            return intern(text);
    }
    unit_exact(unit, value, text, sizeof text);
    return intern(text);
}

const char *fit_law_text(const struct law *law)
{
    double x[LAW_NUMBERS];
    const char *names[LAW_NUMBERS], *text = internf("{distribution: %s", law->model->name);
    enum unit units[LAW_NUMBERS];
    int n = law_numbers(law, x, names, units);
    for (int i = 0; i < n; i++) {
        /* "means.0", "means.1": a list. */
        const char *dot = strchr(names[i], '.'), *value = value_text(units[i], x[i]);
        bool first = !dot || strcmp(dot, ".0") == 0;
        if (first)
            text =
                internf("%s, %.*s: %s", text, dot ? (int)(dot - names[i]) : (int)strlen(names[i]),
                        names[i], dot ? "[" : "");
        bool last = dot && (i + 1 == n || !strchr(names[i + 1], '.') ||
                            strcmp(strchr(names[i + 1], '.'), ".0") == 0);
        text = internf("%s%s%s%s", text, first ? "" : ", ", value, last ? "]" : "");
    }
    return internf("%s}", text);
}

/* A piece of constant rate: when it begins and ends, and the rate. */
struct piece {
    double from, to, rate;
};

static struct piece piece_of(const struct fit *fit, size_t i)
{
    int level = fit->arrivals.coarse;
    double width = course_width(&fit->course, level), tasks = 0;
    size_t from = i > 0 ? fit->ends[i - 1] : 0, to = fit->ends[i];
    for (size_t k = from; k < to; k++)
        tasks += course_at(&fit->course, level, k).tasks;
    return (struct piece){width * (double)from, width * (double)to,
                          tasks / (width * (double)(to - from))};
}

static void write_piece(double until, double rate, FILE *out)
{
    fprintf(out, "    - {until: %s, rate: %s}\n", value_text(UNIT_DURATION, until),
            rate > 0 ? value_text(UNIT_RATE, rate) : "0/s");
}

/* From wish->from on, round the end of the log. */
static void write_schedule(const struct fit *fit, const struct fit_wish *wish, FILE *out)
{
    double whole = piece_of(fit, fit->pieces - 1).to, from = fmod(wish->from, whole);
    size_t first = 0;
    fputs("  process: schedule\n"
          "  repeat: yes\n"
          "  schedule:\n",
          out);
    while (first + 1 < fit->pieces && piece_of(fit, first).to <= from)
        first++;
    for (size_t k = 0; k < fit->pieces; k++) {
        size_t i = (first + k) % fit->pieces;
        struct piece piece = piece_of(fit, i);
        write_piece(piece.to - from + (i < first ? whole : 0), piece.rate, out);
    }
    if (from > piece_of(fit, first).from)
        write_piece(whole, piece_of(fit, first).rate, out);
}

/* Which process says most of what the log shows; gaps of their own law where rates do not tell
 * more. */
bool fit_is_scheduled(const struct fit *fit, const struct fit_wish *wish)
{
    const struct poisson_test *t = &fit->arrivals;
    if (fit->pieces < 2)
        return false;
    return wish->scheduled || t->verdict == ARRIVALS_MOVING ||
           (t->verdict == ARRIVALS_OTHER &&
            t->coarse_dispersion > 2 * fmax(fit->gaps.sample.cv2, 1));
}

static bool is_renewal(const struct fit *fit)
{
    enum arrivals_verdict verdict = fit->arrivals.verdict;
    return (verdict == ARRIVALS_RENEWAL || verdict == ARRIVALS_OTHER) && fit->gap_laws.n > 0 &&
           isfinite(law_mean(&fit->gap_laws.fitted[fit->gap_laws.best].law));
}

static void write_arrivals(const struct fit *fit, const struct fit_wish *wish, FILE *out)
{
    fputs("arrivals:\n", out);
    if (fit_is_scheduled(fit, wish)) {
        write_schedule(fit, wish, out);
        return;
    }
    bool renewal = is_renewal(fit);
    fprintf(out, "  process: %s\n  rate: %s\n", renewal ? "renewal" : "poisson",
            value_text(UNIT_RATE, fit->rate));
    if (renewal)
        fprintf(out, "  interarrival: %s\n",
                fit_law_text(&fit->gap_laws.fitted[fit->gap_laws.best].law));
}

/* In single quotes, as YAML wants it. Interned. */
static const char *quoted(const char *text)
{
    size_t n = 0;
    char *out = xmalloc(2 * strlen(text) + 3);
    out[n++] = '\'';
    for (; *text; text++) {
        if (*text == '\'')
            out[n++] = '\'';
        out[n++] = *text;
    }
    out[n++] = '\'';
    out[n] = '\0';
    const char *kept = intern(out);
    free(out);
    return kept;
}

static const char *log_name(const struct fit *fit)
{
    const char *name = base_name(fit->facts.file);
    return text_is_clean(name) ? name : "a log";
}

/* ---- sizes ---- */

const char *const fit_sizes_names[] = {"auto", "law", "empirical", NULL};

static const struct laws *laws_of(const struct fit *fit, int class)
{
    return class < 0 ? &fit->size_laws : &fit->classes[class]->laws;
}

bool fit_is_empirical(const struct fit *fit, const struct fit_wish *wish, int class)
{
    const struct laws *laws = laws_of(fit, class);
    const struct sample *sizes = class < 0 ? &fit->sizes : &fit->classes[class]->sizes;
    if (wish->sizes == FIT_SIZES_AUTO)
        return laws->n > 0 && (wish->own_sizes || !laws_near(laws, sizes->n));
    return wish->sizes == FIT_SIZES_EMPIRICAL;
}

const char *fit_sizes_file(const struct fit *fit, const struct fit_wish *wish, int class)
{
    return class < 0 ? internf("%ssizes.csv", wish->beside)
                     : internf("%ssizes-%s.csv", wish->beside, fit->classes[class]->name);
}

static void write_size(const struct fit *fit, const struct fit_wish *wish, int class, FILE *out)
{
    const struct laws *laws = laws_of(fit, class);
    const char *file = fit_sizes_file(fit, wish, class);
    if (fit_is_empirical(fit, wish, class))
        fprintf(out, "{distribution: empirical, file: %s}",
                quoted(wish->open ? save_set_part(wish->open, file) : file));
    else if (laws->n > 0)
        fputs(fit_law_text(&laws->fitted[laws->best].law), out);
    else
        fputs("{distribution: deterministic, value: 0s}", out);
}

/* The classes of a log with their shares; of one that is replayed (`named`), their names. */
static void write_tasks(const struct fit *fit, const struct fit_wish *wish, bool named, FILE *out)
{
    bool drawn = !named || wish->sizes != FIT_SIZES_AUTO;
    if (fit->n_classes == 0 && !drawn)
        return;
    fputs("\ntasks:\n", out);
    if (fit->n_classes == 0) {
        fputs("  size: ", out);
        write_size(fit, wish, -1, out);
        fputs("\n", out);
        return;
    }
    fputs("  classes:\n", out);
    for (int i = 0; i < fit->n_classes; i++) {
        const struct fit_class *class = fit->classes[i];
        double share = class->tasks / (fit->sizes.n + fit->sizes.zeros);
        fprintf(out, "    - {name: %s", quoted(class->name));
        if (!named)
            fprintf(out, ", share: %s", value_text(UNIT_SHARE, share));
        if (drawn) {
            fputs(", size: ", out);
            write_size(fit, wish, i, out);
        }
        fputs("}\n", out);
    }
}

/* ---- the files ---- */

static void write_consumers(const struct fit *fit, FILE *out)
{
    fprintf(out,
            "\nconsumers:\n"
            "  count: %.0f    # a guess, busy %s of the time: the log does not say how many\n",
            fit->consumers, report_share(fit->load / fit->consumers));
}

char *fit_scenario_text(const struct fit *fit, const struct fit_wish *wish)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = xstream(&text, &size);
    fprintf(out, "# By queuescope %s fit, from %ld tasks in %s.\n", queuescope_version,
            fit->facts.tasks, report_duration(fit->span));
    if (fit_doubts(fit))
        fputs("# What the log shows is more than this: replay it with arrivals.process: trace\n"
              "# before a decision rests on it (queuescope fit says why).\n",
              out);
    fprintf(out, "title: %s\n\n", quoted(internf("As fitted to %s", log_name(fit))));
    write_arrivals(fit, wish, out);
    write_tasks(fit, wish, false, out);
    write_consumers(fit, out);
    if (wish->tasks > 0)
        fprintf(out,
                "\nrun:\n  tasks: %.0f    # more would take longer than a clock can tell such "
                "services apart\n",
                wish->tasks);
    return xstream_end(out, &text);
}

char *fit_replay_text(const struct fit *fit, const struct fit_wish *wish)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = xstream(&text, &size);
    bool drawn = wish->sizes != FIT_SIZES_AUTO;
    fprintf(out,
            "# By queuescope %s fit: %ld tasks in %s, as they were, and what would be otherwise.\n"
            "#   queuescope compare THIS --vary consumers.count=%.0f,%.0f\n",
            queuescope_version, fit->facts.tasks, report_duration(fit->span), fit->consumers,
            fit->consumers + ceil(fit->consumers / 8));
    fprintf(out, "title: %s\n\n", quoted(internf("%s, replayed", log_name(fit))));
    fprintf(out,
            "arrivals:\n"
            "  process: trace\n"
            "  file: %s\n"
            "%s"
            "  # scale_rate: 1.2            # a fifth more traffic\n"
            "  # bootstrap: {block: auto}   # other days made of its blocks, one a replication\n",
            quoted(wish->trace),
            drawn ? "  sizes: law                   # drawn; or the log's own: log, without tasks\n"
                  : "");
    write_tasks(fit, wish, true, out);
    write_consumers(fit, out);
    if (!drawn)
        fputs("\nrun:\n  replications: 1    # the same tasks each time; with bootstrap: 32\n", out);
    return xstream_end(out, &text);
}
