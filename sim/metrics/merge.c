/* Series and scrapes to one set of bins (metrics.h). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metrics_in.h"

void metrics_series_text(const struct metrics *m, uint32_t series, char out[120])
{
    const struct series *s = &m->series[series];
    size_t n = (size_t)snprintf(out, 120, "%.60s", m->family[s->family].name);
    const char *p = s->labels;
    for (bool first = true; *p && n < 119; first = false) {
        const char *name = p + 1, *value = strchr(name, '\1') + 1;
        const char *end = strchr(value, '\2');
        end = end ? end : value + strlen(value);
        n += (size_t)snprintf(out + n, 120 - n, "%s%.*s=\"%.*s\"", first ? "{" : ",",
                              (int)(value - 1 - name), name, (int)(end - value), value);
        p = end;
    }
    if (*s->labels && n < 119)
        snprintf(out + n, 120 - n, "}");
    if (!text_is_clean(out)) /* cut through a character, too */
        snprintf(out, 120, "a series");
}

/* ---- which samples, in which order ---- */

static bool has_label(const char *labels, const struct exposition_label *label)
{
    size_t n = strlen(label->name), k = strlen(label->value);
    for (const char *p = labels; *p == '\2';) {
        const char *name = p + 1, *value = strchr(name, '\1') + 1, *end = strchr(value, '\2');
        end = end ? end : value + strlen(value);
        if ((size_t)(value - 1 - name) == n && strncmp(name, label->name, n) == 0)
            return (size_t)(end - value) == k && strncmp(value, label->value, k) == 0;
        p = end;
    }
    return *label->value == '\0'; /* no label is an empty one, as in a query */
}

static int compare(double a, double b)
{
    return (a > b) - (a < b);
}

/* One bucket's samples together, as they came. */
static int by_bucket(const void *a, const void *b)
{
    const struct metric_sample *x = a, *y = b;
    int order = compare(x->series, y->series);
    order = order ? order : compare(x->kind, y->kind);
    order = order ? order : compare(x->le, y->le);
    order = order ? order : compare(x->file, y->file);
    return order ? order : compare(x->line, y->line);
}

static int by_scrape(const void *a, const void *b)
{
    const struct metric_sample *x = a, *y = b;
    int order = compare(x->series, y->series);
    order = order ? order : compare(x->scrape, y->scrape);
    order = order ? order : compare(x->kind, y->kind);
    order = order ? order : compare(x->le, y->le);
    order = order ? order : compare(x->file, y->file);
    return order ? order : compare(x->line, y->line);
}

static bool same_bucket(const struct metric_sample *a, const struct metric_sample *b)
{
    return a->series == b->series && a->kind == b->kind && a->le == b->le;
}

struct metric_sample *metrics_samples_of(const struct metrics *m, uint32_t family,
                                         const struct exposition *selector, size_t *n, bool *timed)
{
    bool *wanted = xcalloc(m->all_series.n + 1, sizeof *wanted);
    for (size_t s = 0; s < m->all_series.n; s++) {
        wanted[s] = m->series[s].family == family;
        for (int i = 0; i < selector->labels; i++)
            wanted[s] = wanted[s] && has_label(m->series[s].labels, &selector->label[i]);
    }
    struct metric_sample *out = xcalloc(m->samples + 1, sizeof *out);
    *n = 0;
    *timed = true;
    for (size_t i = 0; i < m->samples; i++)
        if (wanted[m->sample[i].series]) {
            out[(*n)++] = m->sample[i];
            *timed = *timed && !isnan(m->sample[i].time);
        }
    free(wanted);
    qsort(out, *n, sizeof *out, by_bucket);
    for (size_t i = 0, nth = 0; i < *n; i++) {
        bool again = i > 0 && same_bucket(&out[i - 1], &out[i]) && out[i - 1].file == out[i].file;
        nth = again ? nth + 1 : 0;
        out[i].scrape = *timed ? out[i].time : 0x1p31 * out[i].file + (double)nth;
    }
    qsort(out, *n, sizeof *out, by_scrape);
    return out;
}

/* ---- a histogram at one moment ---- */

/* What a series said in one scrape: cumulative counts at rising bounds, +Inf the last. */
struct moment {
    size_t n;
    double *le, *count;
    double sum, created, time; /* NAN: not there */
    const struct metric_sample *at;
};

enum { EDGES_MOST = 4096 };

/* The moment that the samples [from, to) are, all of one series and scrape; false, with a word on
 * it among the bad, where it is none. */
static bool moment_of(const struct metrics *m, const struct metric_sample *samples, size_t from,
                      size_t to, struct moment *out, struct scraped *facts)
{
    double count = NAN;
    const char *why = NULL;
    out->n = 0;
    out->sum = out->created = NAN;
    out->at = &samples[from];
    out->time = samples[from].time;
    for (size_t i = from; i < to; i++) {
        const struct metric_sample *s = &samples[i];
        if (i > from && same_bucket(&samples[i - 1], s))
            continue; /* the same again */
        if (s->kind == SAMPLE_BUCKET && out->n < EDGES_MOST) {
            out->le[out->n] = s->le;
            out->count[out->n++] = s->value;
        }
        count = s->kind == SAMPLE_COUNT ? s->value : count;
        out->sum = s->kind == SAMPLE_SUM ? s->value : out->sum;
        out->created = s->kind == SAMPLE_CREATED ? s->value : out->created;
    }
    if (out->n > 0 && out->le[out->n - 1] < INFINITY && !isnan(count) && out->n < EDGES_MOST) {
        out->le[out->n] = INFINITY;
        out->count[out->n++] = count;
    }
    if (out->n == 0)
        why = "has no buckets";
    else if (out->le[out->n - 1] < INFINITY)
        why = "has neither a bucket +Inf nor a _count";
    for (size_t i = 0; i < out->n && !why; i++) {
        if (i > 0 && out->count[i] < out->count[i - 1])
            why = "has buckets that are not cumulative: one counts less than the one below it";
        if (out->le[i] < 0 && out->count[i] > 0)
            why = "counts values below 0";
    }
    if (!why)
        return true;
    char text[120];
    metrics_series_text(m, samples[from].series, text);
    metrics_bad(facts, m->file[samples[from].file], samples[from].line, "%s %s", text, why);
    return false;
}

static bool same_edges(const struct moment *a, const struct moment *b)
{
    return a->n == b->n && memcmp(a->le, b->le, a->n * sizeof *a->le) == 0;
}

static bool is_restart(const struct moment *before, const struct moment *now)
{
    if (!same_edges(before, now) || now->created > before->created)
        return true;
    for (size_t i = 0; i < now->n; i++)
        if (now->count[i] < before->count[i])
            return true;
    return false;
}

/* ---- sums over series ---- */

/* Series with the same bounds, together. */
enum { LAYOUTS = 64 };
struct layout {
    size_t n;
    double *le, *count, sum;
};

struct merging {
    const struct metrics *metrics;
    struct scraped *out;
    struct layout layout[LAYOUTS];
    int layouts;
    bool increases;     /* some series is in several scrapes */
    double rate, spans; /* of the series; series that have a rate */
    double first, last; /* scrapes */
    struct moment now, before;
};

static struct layout *layout_of(struct merging *all, const struct moment *moment)
{
    for (int i = 0; i < all->layouts; i++) {
        struct layout *l = &all->layout[i];
        if (l->n == moment->n && memcmp(l->le, moment->le, l->n * sizeof *l->le) == 0)
            return l;
    }
    if (all->layouts == LAYOUTS)
        return NULL;
    struct layout *l = &all->layout[all->layouts++];
    size_t size = moment->n * sizeof *l->le;
    *l = (struct layout){moment->n, memcpy(xmalloc(size), moment->le, size),
                         xcalloc(moment->n, sizeof *l->count), 0};
    return l;
}

/* Adds what was counted from `before` (NULL: from 0) to `now`; false: it cannot be. */
static bool add_step(struct merging *all, const struct moment *before, const struct moment *now)
{
    struct layout *l = layout_of(all, now);
    if (!l)
        return false;
    for (size_t i = 0; i < now->n; i++)
        l->count[i] += now->count[i] - (before ? before->count[i] : 0);
    l->sum += now->sum - (before ? before->sum : 0);
    return true;
}

static void swap(struct moment *a, struct moment *b)
{
    struct moment c = *a;
    *a = *b;
    *b = c;
}

/* The end of the samples of one series from `from` on, or of one scrape of it. */
static size_t end_of(const struct metric_sample *s, size_t n, size_t from, bool scrape)
{
    size_t i = from;
    while (i < n && s[i].series == s[from].series && (!scrape || s[i].scrape == s[from].scrape))
        i++;
    return i;
}

static double counted(const struct moment *moment)
{
    return moment->count[moment->n - 1];
}

/* One series: its samples [from, to). */
static void add_series(struct merging *all, const struct metric_sample *samples, size_t from,
                       size_t to)
{
    struct scraped *out = all->out;
    double increase = 0, first = NAN, created = NAN;
    long moments = 0;
    bool good = true;
    for (size_t next; from < to && good; from = next) {
        next = end_of(samples, to, from, true);
        if (!moment_of(all->metrics, samples, from, next, &all->now, out))
            continue;
        struct moment *now = &all->now, *before = &all->before;
        bool restart = moments > 0 && is_restart(before, now);
        if (moments == 0) {
            first = now->time;
            created = now->created;
        }
        if (!all->increases || moments > 0) {
            bool whole = !all->increases || restart;
            good = add_step(all, whole ? NULL : before, now);
            increase += counted(now) - (whole ? 0 : counted(before));
        }
        out->resets += restart;
        moments++;
        swap(now, before);
    }
    out->left_out += moments == 0 || !good;
    out->single += all->increases && moments == 1;
    out->scrapes = moments > out->scrapes ? moments : out->scrapes;
    if (moments == 0 || !good || (all->increases && moments == 1))
        return;
    out->series++;
    double last = all->before.time, since = all->increases ? first : created;
    if (last > since) {
        all->rate += increase / (last - since);
        all->spans++;
        all->first = fmin(all->first, since);
        all->last = fmax(all->last, last);
    }
}

/* ---- to bins ---- */

/* The cumulative count of a layout at a bound; NAN: it has no such bound. */
static double count_at(const struct layout *l, double le)
{
    size_t low = 0, high = l->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->le[middle] < le)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->n && l->le[low] == le ? l->count[low] : NAN;
}

static bool make_bins(struct merging *all, double unit)
{
    struct bins *bins = &all->out->bins;
    const struct layout *first = &all->layout[0];
    double below = 0, low = 0;
    bool cumulative = true;
    bins->bin = xcalloc(first->n + 1, sizeof *bins->bin);
    bins->sum = 0;
    for (int k = 0; k < all->layouts; k++)
        bins->sum += all->layout[k].sum * unit;
    for (size_t i = 0; i < first->n; i++) {
        double count = 0, high = first->le[i] * unit;
        for (int k = 0; k < all->layouts; k++)
            count += count_at(&all->layout[k], first->le[i]);
        if (isnan(count) || high < 0)
            continue; /* not all have this bound */
        cumulative &= count >= below;
        bins->bin[bins->n++] = (struct bin){low, high, fmax(count - below, 0)};
        below = fmax(count, below);
        low = high;
    }
    all->out->edges = (double)bins->n;
    all->out->layouts = all->layouts;
    bool summed = isfinite(bins->sum);
    bins_make(bins);
    const char **notes = all->out->notes;
    while (*notes)
        notes++;
    if (!cumulative)
        *notes++ = "between scrapes some buckets grew by less than those below them: they were "
                   "read while they were written, and the difference is left out";
    if (summed && isnan(bins->sum))
        *notes = "the _sum contradicts the buckets and is left out";
    return bins->n > 0 && bins->total > 0;
}

static void say_what_happened(const struct merging *all)
{
    struct scraped *out = all->out;
    const char **notes = out->notes;
    if (out->resets > 0)
        *notes++ = internf("%ld time%s a series was started again: it counts from 0 there",
                           out->resets, out->resets == 1 ? "" : "s");
    if (out->single > 0)
        *notes++ = internf("%ld series in one scrape only %s left out: what they counted before "
                           "is not known",
                           out->single, out->single == 1 ? "is" : "are");
    if (out->left_out > 0)
        *notes++ = internf("%ld series cannot be used", out->left_out);
    if (all->layouts > 1)
        *notes++ = internf("series have %d different sets of buckets: merged at the bounds that "
                           "all of them have",
                           all->layouts);
}

/* Whether a series can be used in two scrapes at least; a line that stands twice makes none. */
static bool is_in_several(struct merging *all, const struct metric_sample *samples, size_t from,
                          size_t to)
{
    struct scraped silent = {.bad_kept = METRICS_BAD_KEPT};
    int moments = 0;
    for (size_t next; from < to && moments < 2; from = next) {
        next = end_of(samples, to, from, true);
        moments += moment_of(all->metrics, samples, from, next, &all->now, &silent);
    }
    return moments > 1;
}

bool metrics_merge(const struct metrics *m, struct metric_sample *samples, size_t n, bool timed,
                   double unit, struct scraped *out)
{
    double *room = xcalloc(4 * EDGES_MOST, sizeof *room);
    struct merging *all = xcalloc(1, sizeof *all);
    *all = (struct merging){.metrics = m, .out = out, .first = INFINITY, .last = -INFINITY};
    all->now.le = room;
    all->now.count = room + EDGES_MOST;
    all->before.le = room + 2 * EDGES_MOST;
    all->before.count = room + 3 * EDGES_MOST;
    for (size_t i = 0, next; i < n; i = next) {
        next = end_of(samples, n, i, false);
        all->increases = all->increases || is_in_several(all, samples, i, next);
    }
    for (size_t i = 0, next; i < n; i = next) {
        next = end_of(samples, n, i, false);
        add_series(all, samples, i, next);
    }
    bool whole = timed && all->spans > 0 && all->spans >= (double)out->series;
    out->rate = whole ? all->rate : NAN;
    out->span = whole ? all->last - all->first : NAN;
    say_what_happened(all);
    bool any = all->layouts > 0 && make_bins(all, unit);
    for (int i = 0; i < all->layouts; i++) {
        free(all->layout[i].le);
        free(all->layout[i].count);
    }
    free(all);
    free(room);
    return any;
}
