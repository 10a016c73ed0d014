#include "laws.h"

#include <math.h>
#include <string.h>

#include "moments.h"

static double log_likelihood(const struct distribution *model, const void *params,
                             const struct sample *sample)
{
    double sum = 0;
    for (size_t i = 0; i < sample->n_points; i++)
        sum += sample->points[i].weight * model->log_density(params, sample->points[i].value);
    return sum;
}

/* Of a law of one value: the share of the sample that is further from it than what a measurement
 * may be off, LAWS_APART. */
static double share_apart(double value, const struct sample *sample)
{
    double apart = 0;
    for (size_t i = 0; i < sample->n_points; i++)
        if (fabs(sample->points[i].value - value) > LAWS_APART * value)
            apart += sample->points[i].weight;
    return apart / sample->n;
}

/* The largest difference between the distribution functions, at the ends of buckets. */
static double distance(const struct distribution *model, const void *params,
                       const struct sample *sample)
{
    double most = 0;
    if (model->atoms)
        return share_apart(model->mean(params), sample);
    for (size_t i = 0; i < sample->n_points; i++) {
        const struct point *p = &sample->points[i];
        double above = (p->below + p->weight) / sample->n - model->cdf(params, p->high);
        double below = model->cdf(params, p->low) - p->below / sample->n;
        most = fmax(most, fmax(above, below));
    }
    return most;
}

double law_distance(const struct law *law, const struct sample *sample)
{
    return distance(law_model(law), law->params, sample);
}

bool law_fit(const struct distribution *model, const struct sample *sample, struct fitted *out)
{
    *out = (struct fitted){.law = {.model = &model->model}};
    if (!model->fit || !(sample->n > 0))
        return false;
    out->parameters = model->fit(out->law.params, sample);
    if (out->parameters == 0)
        return false;
    out->log_likelihood = log_likelihood(model, out->law.params, sample);
    out->aic = 2 * out->parameters - 2 * out->log_likelihood;
    out->distance = distance(model, out->law.params, sample);
    return !isnan(out->aic) && !isnan(out->distance) && out->log_likelihood > -INFINITY;
}

void laws_insert(struct laws *laws, const struct fitted *fitted)
{
    int at = laws->n++;
    while (at > 0 && laws->fitted[at - 1].aic > fitted->aic) {
        laws->fitted[at] = laws->fitted[at - 1];
        at--;
    }
    laws->fitted[at] = *fitted;
}

void laws_choose(struct laws *laws)
{
    enum { NEAR = 4 };
    laws->best = 0;
    for (int i = 1; i < laws->n; i++) {
        const struct fitted *f = &laws->fitted[i], *best = &laws->fitted[laws->best];
        if (f->aic <= laws->fitted[0].aic + NEAR && f->parameters < best->parameters)
            laws->best = i;
    }
}

/* Whether the second moment of a law is what the values have, but for chance. */
static bool has_second(const struct law *law, const struct sample *sample)
{
    struct moment_range range = law_second_range(law, sample->n);
    double second = sample->squares / sample->n;
    return law_model(law)->atoms || (second >= range.low && second <= range.high);
}

static void mind_second(const struct sample *sample, struct laws *laws)
{
    struct laws left = {0};
    int number[LAWS_MOST];
    laws->second = NAN;
    if (laws->n == 0 || has_second(&laws->fitted[laws->best].law, sample))
        return;
    for (int i = 0; i < laws->n; i++)
        if (has_second(&laws->fitted[i].law, sample)) {
            number[left.n] = i;
            left.fitted[left.n++] = laws->fitted[i];
        }
    laws_choose(&left);
    left.second = NAN;
    if (left.n > 0 && laws_near(&left, sample->n)) {
        laws->best = number[left.best];
        return;
    }
    const struct law *law = &laws->fitted[laws->best].law;
    laws->second = law_model(law)->second(law->params) * sample->n / sample->squares;
}

void laws_fit(const struct sample *sample, struct laws *laws)
{
    *laws = (struct laws){.p = NAN, .second = NAN};
    for (int i = 0; i < LAW_NUMBERS; i++)
        laws->error[i] = NAN;
    for (const struct model *const *m = distribution_family.models; *m; m++) {
        struct fitted fitted;
        if (laws->n < LAWS_MOST && law_fit((const struct distribution *)*m, sample, &fitted))
            laws_insert(laws, &fitted);
    }
    laws_choose(laws);
    mind_second(sample, laws);
}

bool laws_near(const struct laws *laws, double n)
{
    return laws->n > 0 && isnan(laws->second) &&
           laws->fitted[laws->best].distance <= fmax(LAWS_NEAR, 1.36 / sqrt(n));
}

/* ---- bootstrap ---- */

static void draw(const struct law *law, int number, double n, struct sample *out)
{
    enum { MANY = 1024 };
    struct stream stream = stream_of(1, (uint32_t)number, "fit.bootstrap");
    double x[MANY];
    sample_clear(out);
    for (uint64_t k = 0; k < (uint64_t)n; k += MANY) {
        size_t m = (uint64_t)n - k < MANY ? (size_t)((uint64_t)n - k) : MANY;
        law_model(law)->fill(law->params, &stream, k, m, x);
        for (size_t i = 0; i < m; i++)
            sample_add(out, x[i]);
    }
    sample_finish(out);
}

void laws_bootstrap(const struct sample *sample, int samples, struct laws *laws)
{
    const struct fitted *best = &laws->fitted[laws->best];
    double mean[LAW_NUMBERS] = {0}, square[LAW_NUMBERS] = {0}, x[LAW_NUMBERS], further = 0;
    double centre[LAW_NUMBERS];
    int numbers = law_numbers(&best->law, centre, NULL, NULL), done = 0;
    struct sample drawn;
    sample_init(&drawn);
    for (int i = 0; i < samples; i++) {
        struct fitted again;
        draw(&best->law, i, sample->n, &drawn);
        if (!law_fit(law_model(&best->law), &drawn, &again) ||
            law_numbers(&again.law, x, NULL, NULL) != numbers)
            continue;
        done++;
        further += again.distance >= best->distance;
        for (int j = 0; j < numbers; j++) {
            mean[j] += x[j] - centre[j];
            square[j] += (x[j] - centre[j]) * (x[j] - centre[j]);
        }
    }
    sample_free(&drawn);
    laws->samples = done;
    laws->p = done > 0 ? (further + 1) / (done + 1) : NAN;
    for (int j = 0; j < numbers && done > 1; j++) {
        double m = mean[j] / done;
        laws->error[j] = sqrt(fmax(square[j] / done - m * m, 0) * done / (done - 1));
    }
}

/* ---- parameters by their rows ---- */

static bool is_number(enum param_kind kind, enum unit *unit)
{
    *unit = kind == PARAM_DURATION ? UNIT_DURATION
            : kind == PARAM_RATE   ? UNIT_RATE
            : kind == PARAM_COUNT  ? UNIT_COUNT
            : kind == PARAM_SHARE  ? UNIT_SHARE
                                   : UNIT_NUMBER;
    return kind == PARAM_NUMBER || kind == PARAM_COUNT || kind == PARAM_DURATION ||
           kind == PARAM_RATE || kind == PARAM_SHARE;
}

int law_numbers(const struct law *law, double *out, const char **names, enum unit *units)
{
    int n = 0;
    for (const struct param *row = law->model->rows; row && row->name; row++) {
        const char *at = (const char *)law->params + row->offset;
        bool list = row->kind == PARAM_LIST;
        enum unit unit;
        if ((row->flags & PARAM_QUANTILE) || !is_number(list ? row->element : row->kind, &unit))
            continue;
        int count = list ? (int)*(const double *)((const char *)law->params + row->count) : 1;
        for (int i = 0; i < count && n < LAW_NUMBERS; i++, n++) {
            out[n] = *(const double *)(at + (size_t)i * row->stride);
            if (names)
                names[n] = list ? internf("%s.%d", row->name, i) : row->name;
            if (units)
                units[n] = unit;
        }
    }
    return n;
}

double law_beyond(const struct law *law, double u)
{
    if (!law_model(law)->of)
        return law_quantile(law, 1 - u);
    u = fmin(u, 1 - 0x1p-53);
    law_model(law)->of(law->params, 1, &u);
    return u;
}

double law_quantile(const struct law *law, double p)
{
    const struct distribution *model = law_model(law);
    double low = 0x1p-64, high = 0x1p64;
    while (model->cdf(law->params, high) < p && high < 1e300)
        high *= 0x1p64;
    for (int i = 0; i < 200 && high / low > 1 + 1e-12; i++) {
        double middle = sqrt(low) * sqrt(high);
        if (model->cdf(law->params, middle) < p)
            low = middle;
        else
            high = middle;
    }
    return high;
}
