#include "binned.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <string.h>

#include "moments.h"

/* ---- the values as they may be ---- */

double binned_interpolated(const struct bins *bins, double p)
{
    double rank = p * bins->total, below = 0;
    size_t i = 0;
    while (i + 1 < bins->n && below + bins->bin[i].count < rank)
        below += bins->bin[i++].count;
    const struct bin *b = &bins->bin[i];
    double part = fmin(fmax((rank - below) / b->count, 0), 1);
    if (!isfinite(b->high)) {
        double mean = bins_largest(bins);
        /* The mean excess by the sum; without one, as much again. */
        if (isfinite(mean))
            mean = fmax((bins_largest(bins) - b->low) / fmax(b->count, 1), 1e-9 * b->low);
        else
            mean = fmax(b->low, 1e-9);
        return b->low - mean * log(fmax(1 - part, 1e-6));
    }
    if (!(b->low > 0))
        return part * b->high;
    return b->low * pow(b->high / b->low, part);
}

static void spread(const struct bins *bins, double zeros, struct sample *sample)
{
    enum { POINTS = 4000 };
    double from = zeros / bins->total;
    sample_init(sample);
    for (int i = 0; i < POINTS; i++)
        sample_add(sample, binned_interpolated(bins, from + (1 - from) * (i + 0.5) / POINTS));
    sample_finish(sample);
}

/* ---- likelihood ---- */

/* A probability of a bin, not so small that one bin decides everything. */
static double probability(const struct law *law, const struct bin *bin)
{
    const struct distribution *model = law_model(law);
    double above = isfinite(bin->high) ? model->cdf(law->params, bin->high) : 1;
    double below = bin->low > 0 ? model->cdf(law->params, bin->low) : 0;
    return above - below;
}

static double log_likelihood(const struct bins *bins, const struct law *law)
{
    double sum = 0;
    for (size_t i = 0; i < bins->n; i++)
        if (bins->bin[i].count > 0 && bins->bin[i].high > 0)
            sum += bins->bin[i].count * log(fmax(probability(law, &bins->bin[i]), 1e-18));
    return sum;
}

/* ---- free parameters ---- */

/* The parameters of a law that can move: all are positive, and moved by their logarithms; shares of
 * a list are made to sum to 1. */
struct freedom {
    const struct bins *bins;
    struct law law;
    double mean; /* that is kept; NAN: none is known */
    int n;
    double *at[LAW_NUMBERS];
    const struct param *row[LAW_NUMBERS];
    bool shared[LAW_NUMBERS];
};

static void take_row(struct freedom *f, const struct param *row)
{
    bool list = row->kind == PARAM_LIST;
    char *at = (char *)f->law.params + row->offset;
    int count = list ? (int)*(double *)(void *)((char *)f->law.params + row->count) : 1;
    enum param_kind kind = list ? row->element : row->kind;
    if (row->flags & PARAM_QUANTILE)
        return;
    if (kind != PARAM_NUMBER && kind != PARAM_DURATION && kind != PARAM_RATE && kind != PARAM_SHARE)
        return;
    for (int i = 0; i < count && f->n < LAW_NUMBERS; i++, f->n++) {
        f->at[f->n] = (double *)(void *)(at + (size_t)i * row->stride);
        f->row[f->n] = row;
        f->shared[f->n] = list && kind == PARAM_SHARE;
    }
}

static void find_freedom(struct freedom *f, const struct bins *bins, const struct law *law)
{
    *f = (struct freedom){.bins = bins, .law = *law, .mean = bins->sum / bins->total};
    for (const struct param *row = law->model->rows; row && row->name; row++)
        take_row(f, row);
}

static bool put(struct freedom *f, const gsl_vector *x)
{
    double shares = 0;
    for (int i = 0; i < f->n; i++) {
        double value = exp(gsl_vector_get(x, (size_t)i));
        const struct param *row = f->row[i];
        if (!isfinite(value) || !(value > 0) || (row->high > 0 && value > row->high) ||
            (!f->shared[i] && value < row->low))
            return false;
        *f->at[i] = value;
        shares += f->shared[i] ? value : 0;
    }
    for (int i = 0; i < f->n; i++)
        *f->at[i] /= f->shared[i] ? shares : 1;
    if (!isnan(f->mean) && !law_keep_mean(&f->law, f->mean))
        return false;
    struct errors errors = {0};
    const struct distribution *model = law_model(&f->law);
    return !model->check || model->check(f->law.params, "", NULL, &errors);
}

/* What GSL takes for a value that no step goes to: it stops at one that is not finite. */
static const double impossible = 1e300;

static double unlikelihood(const gsl_vector *x, void *context)
{
    struct freedom *f = context;
    if (!put(f, x))
        return impossible;
    double sum = log_likelihood(f->bins, &f->law);
    return isnan(sum) ? impossible : -sum;
}

/* Moves the parameters of f->law to the most likely ones; the log likelihood there. */
static double climb(struct freedom *f)
{
    enum { STEPS = 1500, STARTS = 3 };
    gsl_vector *x = gsl_vector_alloc((size_t)f->n), *step = gsl_vector_alloc((size_t)f->n);
    gsl_multimin_fminimizer *simplex =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, (size_t)f->n);
    gsl_multimin_function function = {unlikelihood, (size_t)f->n, f};
    for (int i = 0; i < f->n; i++)
        gsl_vector_set(x, (size_t)i, log(*f->at[i]));
    for (int start = 0; start < STARTS; start++) { /* again from where it stopped: it may stall */
        gsl_vector_set_all(step, 0.3);
        gsl_multimin_fminimizer_set(simplex, &function, x, step);
        for (int i = 0; i < STEPS && gsl_multimin_fminimizer_size(simplex) > 1e-8; i++)
            if (gsl_multimin_fminimizer_iterate(simplex) != 0)
                break;
        gsl_vector_memcpy(x, gsl_multimin_fminimizer_x(simplex));
    }
    double most = -unlikelihood(x, f);
    gsl_multimin_fminimizer_free(simplex);
    gsl_vector_free(step);
    gsl_vector_free(x);
    return most;
}

/* ---- how well ---- */

static double distance(const struct bins *bins, const struct law *law, double zeros)
{
    double n = bins->total - zeros, below = 0, most = 0;
    for (size_t i = 0; i < bins->n; i++) {
        const struct bin *b = &bins->bin[i];
        below += b->high > 0 ? b->count : 0;
        if (isfinite(b->high) && b->high > 0)
            most = fmax(most, fabs(below / n - law_model(law)->cdf(law->params, b->high)));
    }
    return most;
}

/* A cell of the test: what was counted in it, and what is to be expected. */
struct cell {
    double counted, expected;
};

static double squares(struct cell cell)
{
    double off = cell.counted - cell.expected;
    return cell.expected > 0 ? off * off / cell.expected : 0;
}

static struct binned_test test_of(const struct bins *bins, const struct fitted *fitted,
                                  double zeros)
{
    const double enough = 5;
    double n = bins->total - zeros, chi2 = 0;
    struct cell done = {0, 0}, now = {0, 0};
    int cells = 0;
    bool first = true;
    for (size_t i = 0; i < bins->n; i++) {
        const struct bin *b = &bins->bin[i];
        if (!(b->high > 0))
            continue;
        /* What the law has below the first bin and above the last is theirs. */
        struct bin wide = {first ? 0 : b->low, i + 1 == bins->n ? INFINITY : b->high, 0};
        first = false;
        now.counted += b->count;
        now.expected += n * fmax(probability(&fitted->law, &wide), 0);
        if (now.expected >= enough) {
            chi2 += squares(done);
            done = now;
            now = (struct cell){0, 0};
            cells++;
        }
    }
    chi2 += squares((struct cell){done.counted + now.counted, done.expected + now.expected});
    struct binned_test test = {.chi2 = chi2, .p = NAN, .freedom = cells - 1 - fitted->parameters};
    if (test.freedom >= 1)
        test.p = gsl_cdf_chisq_Q(chi2, test.freedom);
    return test;
}

/* Whether the values are one value, measured; which. */
static bool are_one_value(const struct bins *bins, double *value)
{
    const double most = 0.95, steady = 1e-3;
    struct bounds mean = bins_mean(bins);
    double near = 0;
    *value = mean.low == mean.high ? mean.low : (mean.low + mean.high) / 2;
    for (size_t i = 0; i < bins->n; i++) {
        const struct bin *b = &bins->bin[i];
        bool inside = b->low >= (1 - LAWS_APART) * *value && b->high <= (1 + LAWS_APART) * *value;
        near += inside ? b->count : 0;
    }
    return isfinite(*value) && *value > 0 && near >= most * bins->total &&
           bins_cv2(bins).low <= steady;
}

/* Puts the law of one value before all others. */
static void insert_constant(double value, struct binned *out)
{
    struct sample one;
    struct fitted fitted;
    sample_init(&one);
    sample_add(&one, value);
    sample_finish(&one);
    for (const struct model *const *m = distribution_family.models; *m; m++) {
        const struct distribution *model = (const struct distribution *)*m;
        if (out->laws.n < LAWS_MOST && model->atoms && law_fit(model, &one, &fitted))
            laws_insert(&out->laws, &fitted);
    }
    sample_free(&one);
}

/* Whether so many values of a law can hardly have a mean square that the values can have. */
static bool is_excluded(const struct bins *bins, const struct law *law)
{
    const double slack = 1e-6;
    struct moment_range range = law_second_range(law, bins->total);
    struct bounds cv2 = bins_cv2(bins), mean = bins_mean(bins);
    return range.high < (1 + cv2.low) * mean.low * mean.low * (1 - slack) ||
           range.low > (1 + cv2.high) * mean.high * mean.high * (1 + slack);
}

/* As laws_choose does, but among those that the bins and the sum do not exclude. */
static void choose(const struct bins *bins, struct binned *out)
{
    struct laws left = {0};
    int number[LAWS_MOST];
    laws_choose(&out->laws);
    out->excluded = is_excluded(bins, &out->laws.fitted[out->laws.best].law);
    if (!out->excluded || law_model(&out->laws.fitted[out->laws.best].law)->atoms) {
        out->excluded = false;
        return;
    }
    for (int i = 0; i < out->laws.n; i++)
        if (!is_excluded(bins, &out->laws.fitted[i].law)) {
            number[left.n] = i;
            left.fitted[left.n++] = out->laws.fitted[i];
        }
    laws_choose(&left);
    left.second = NAN;
    if (left.n > 0 && laws_near(&left, bins->total)) {
        out->laws.best = number[left.best];
        out->excluded = false;
    }
}

static bool fit_one(const struct bins *bins, const struct distribution *model,
                    const struct sample *sample, const struct binned *all, struct fitted *out)
{
    struct freedom freedom;
    if (model->atoms || !law_fit(model, sample, out))
        return false;
    find_freedom(&freedom, bins, &out->law);
    out->parameters -= !isnan(freedom.mean);
    if (out->parameters > all->cells - 1)
        return false;
    out->log_likelihood = climb(&freedom);
    out->law = freedom.law;
    out->aic = 2 * out->parameters - 2 * out->log_likelihood;
    out->distance = distance(bins, &out->law, all->zeros);
    return out->log_likelihood > -impossible && isfinite(out->aic) && isfinite(out->distance);
}

void binned_fit(const struct bins *bins, struct binned *out)
{
    struct sample sample;
    double value;
    *out = (struct binned){.laws = {.p = NAN, .second = NAN, .best = -1}};
    for (size_t i = 0; i < bins->n; i++) {
        out->zeros += bins->bin[i].high > 0 ? 0 : bins->bin[i].count;
        out->cells += bins->bin[i].high > 0 && bins->bin[i].count > 0;
    }
    if (are_one_value(bins, &value))
        insert_constant(value, out);
    if (out->cells < 2 && out->laws.n == 0)
        return;
    spread(bins, out->zeros, &sample);
    for (const struct model *const *m = distribution_family.models; out->cells > 1 && *m; m++) {
        struct fitted fitted;
        if (out->laws.n < LAWS_MOST &&
            fit_one(bins, (const struct distribution *)*m, &sample, out, &fitted))
            laws_insert(&out->laws, &fitted);
    }
    sample_free(&sample);
    if (out->laws.n == 0)
        return;
    choose(bins, out);
    for (int i = 0; i < out->laws.n; i++)
        out->test[i] = test_of(bins, &out->laws.fitted[i], out->zeros);
}
