#include "quantiles.h"

#include <stdlib.h>
#include <string.h>

#include "../base/places.h"
#include "../base/root.h"
#include "../base/vmath.h"
#include "distribution.h"

enum { NATIVES = 2 };

static double *value_at(void *params, const struct param *row)
{
    return (double *)(void *)((char *)params + row->offset);
}

static double value_of(const void *params, const struct param *row)
{
    double value;
    memcpy(&value, (const char *)params + row->offset, sizeof value);
    return value;
}

double quantile_share(const struct param *row)
{
    double share = 0, digit = row->name[2] ? 0.1 : 0.01;
    for (const char *p = row->name + 1; *p; p++, digit /= 10)
        share += (*p - '0') * digit;
    return share;
}

/* Parameters that were never set are 0 or NAN. */
static bool is_given(const struct param *row, const void *params)
{
    return (row->flags & PARAM_QUANTILE) && value_of(params, row) > 0;
}

bool quantiles_given(const struct param *rows, const void *params)
{
    for (const struct param *row = rows; row && row->name; row++)
        if (is_given(row, params))
            return true;
    return false;
}

/* ---- what is asked for ---- */

/* A law's own parameters, and the first of its quantiles. */
struct wanted {
    const struct distribution *model;
    const struct param *native[NATIVES], *given[NATIVES];
    int natives, n;                     /* n: of the quantiles, which may be more */
    double beyond[NATIVES], x[NATIVES]; /* probability of more, and the value */
};

static struct wanted wanted_of(const struct model *model, const void *params)
{
    struct wanted w = {.model = (const struct distribution *)model};
    for (const struct param *row = model->rows; row && row->name; row++) {
        if (!(row->flags & PARAM_QUANTILE)) {
            if (w.natives < NATIVES)
                w.native[w.natives] = row;
            w.natives++;
        } else if (is_given(row, params)) {
            if (w.n < NATIVES) {
                w.given[w.n] = row;
                w.x[w.n] = value_of(params, row);
                w.beyond[w.n] = 1 - quantile_share(row);
            }
            w.n++;
        }
    }
    return w;
}

/* Which of two parameters is the shape. */
static int shape_of(const struct wanted *w)
{
    return w->native[1]->kind == PARAM_NUMBER ? 1 : 0;
}

/* ---- solving ---- */

/* A law at a shape, with 1 for its other parameter. */
struct shaped {
    const struct wanted *wanted;
    double params[LAW_BYTES / sizeof(double)];
    double beyond, ratio; /* of log_excess; ln of the ratio that is asked for */
};

static double excess_at(double log_x, void *context)
{
    const struct shaped *s = context;
    return 1 - s->wanted->model->cdf(s->params, exp(log_x)) - s->beyond;
}

/* The value that the law exceeds with that probability. */
static double quantile(struct shaped *s, double beyond)
{
    const double farthest = 700; /* e^-700 to e^700 */
    if (s->wanted->model->of) {
        double x = beyond;
        s->wanted->model->of(s->params, 1, &x);
        return x;
    }
    s->beyond = beyond;
    double log_x = root_between(excess_at, s, -farthest, farthest, 1e-14);
    return isnan(log_x) ? NAN : exp(log_x);
}

/* A shape goes by its logarithm, but where it begins at 0 (`low`, of `high` 1). */
static double shape_at(const struct wanted *w, double t)
{
    return w->native[shape_of(w)]->low > 0 ? vmath_exp(t) : t;
}

static void take_shape(struct shaped *s, double shape)
{
    const struct wanted *w = s->wanted;
    int which = shape_of(w);
    *value_at(s->params, w->native[which]) = shape;
    *value_at(s->params, w->native[1 - which]) = 1;
}

static double log_ratio(struct shaped *s)
{
    double high = quantile(s, s->wanted->beyond[1]), low = quantile(s, s->wanted->beyond[0]);
    return low > 0 && high > 0 ? vmath_log(high / low) : NAN;
}

static double off_ratio(double t, void *context)
{
    struct shaped *s = context;
    take_shape(s, shape_at(s->wanted, t));
    double off = log_ratio(s) - s->ratio;
    return isnan(off) ? 1e300 : off;
}

static void ends_of(const struct wanted *w, double *from, double *to)
{
    const struct param *row = w->native[shape_of(w)];
    *from = row->low > 0 ? vmath_log(row->low) : 0;
    *to = row->low > 0 ? vmath_log(row->high) : 1 - 0x1p-40;
}

/* What the C library has a part in is rounded, so that its last bits, which differ between
 * processors, do not matter. */
static double rounded(const struct wanted *w, double x)
{
    const double keep = 0x1p26;
    int exponent;
    if (w->model->of)
        return x;
    double part = frexp(x, &exponent);
    return ldexp(round(part * keep * 0x1p10) / (keep * 0x1p10), exponent);
}

/* The parameters of the law; false: there is no such law. */
static bool solve(const struct wanted *w, struct shaped *s)
{
    *s = (struct shaped){.wanted = w};
    if (w->n != w->natives || w->n < 1 || w->n > NATIVES)
        return false;
    if (w->n == 1) {
        *value_at(s->params, w->native[0]) = 1;
    } else {
        double from, to;
        if (!(w->x[1] > w->x[0]))
            return false;
        s->ratio = vmath_log(w->x[1] / w->x[0]);
        ends_of(w, &from, &to);
        double t = root_between(off_ratio, s, from, to, 1e-15);
        if (isnan(t))
            return false;
        take_shape(s, rounded(w, shape_at(w, t)));
    }
    double at = quantile(s, w->beyond[0]);
    if (!(at > 0 && isfinite(at)))
        return false;
    w->model->scale(s->params, rounded(w, w->x[0] / at));
    for (int i = 0; i < w->n; i++) {
        double value = value_of(s->params, w->native[i]);
        if (!(value >= w->native[i]->low && value <= w->native[i]->high))
            return false;
    }
    return true;
}

void quantiles_settle(struct scenario *s, const struct param_ref *ref)
{
    if (!(ref->row->flags & PARAM_QUANTILE))
        return;
    void *params = field(s, ref->base);
    for (const struct model *const *m = distribution_family.models; *m; m++) {
        if ((*m)->rows != ref->level)
            continue;
        struct wanted w = wanted_of(*m, params);
        struct shaped solved;
        bool good = solve(&w, &solved);
        for (int i = 0; i < w.natives; i++)
            *value_at(params, w.native[i]) = good ? value_of(solved.params, w.native[i]) : NAN;
    }
}

/* ---- rules ---- */

static struct place place_of(const struct places *places, const char *path, const char *key)
{
    return places ? places_find(places, internf("%s.%s", path, key)) : (struct place){0};
}

static const char *given_names(const struct law *law)
{
    const char *names[64];
    char text[300];
    size_t n = 0;
    for (const struct param *row = law->model->rows; row->name && n < 63; row++)
        if (is_given(row, law->params))
            names[n++] = row->name;
    names[n] = NULL;
    list_words(text, sizeof text, names);
    return intern(text);
}

static bool wrong_number(const struct law *law, const struct wanted *w, const char *path,
                         struct place at, struct errors *errors)
{
    const char *name = law->model->name, *given = given_names(law);
    if (w->natives == 1)
        return error_at(errors, at,
                        "%s: %s is known by one percentile, and given are %s (distribution: "
                        "percentiles takes as many as are known)",
                        path, name, given);
    if (w->n < w->natives)
        return error_at(errors, at,
                        "%s: %s is known by two percentiles, such as p50 and p99, and given is "
                        "only %s",
                        path, name, given);
    return error_at(errors, at,
                    "%s: %s is known by two percentiles, and given are %s (distribution: "
                    "percentiles takes as many as are known)",
                    path, name, given);
}

static bool no_such_law(const struct law *law, const struct wanted *w, const char *path,
                        struct place at, struct errors *errors)
{
    struct shaped s = {.wanted = w};
    double from, to, low, high;
    ends_of(w, &from, &to);
    take_shape(&s, shape_at(w, from));
    low = vmath_exp(log_ratio(&s));
    take_shape(&s, shape_at(w, to));
    high = vmath_exp(log_ratio(&s));
    return error_at(errors, at,
                    "%s: no %s has a %s of %.4g times its %s: that is between %.4g and %.4g times",
                    path, law->model->name, w->given[1]->name, w->x[1] / w->x[0], w->given[0]->name,
                    fmin(low, high), fmax(low, high));
}

static bool check_quantiles(const struct law *law, const char *path, const struct places *places,
                            struct errors *errors)
{
    struct wanted w = wanted_of(law->model, law->params);
    struct shaped solved;
    if (w.n == 0)
        return true;
    struct place at = place_of(places, path, w.given[w.n > 1 ? 1 : 0]->name);
    if (w.n != w.natives)
        return wrong_number(law, &w, path, at, errors);
    if (w.n == 2 && !(w.x[1] > w.x[0]))
        return error_at(errors, at, "%s.%s (%g s) must be above %s.%s (%g s)", path,
                        w.given[1]->name, w.x[1], path, w.given[0]->name, w.x[0]);
    if (solve(&w, &solved))
        return true;
    if (w.n == 2)
        return no_such_law(law, &w, path, at, errors);
    return error_at(errors, at, "%s: there is no %s with a %s of %g s", path, law->model->name,
                    w.given[0]->name, w.x[0]);
}

bool law_check(const struct law *law, const char *path, const struct places *places,
               struct errors *errors)
{
    const struct distribution *model = law_model(law);
    return check_quantiles(law, path, places, errors) &&
           (!model->check || model->check(law->params, path, places, errors));
}
