/*
 * Hyperexponential: with probability p_i an exponential of mean m_i. The phase is chosen by sub 0
 * of the task, the exponential drawn by sub 1.
 */
#include "../sim/theory/service.h"
#include "law.h"

enum { MAX_PHASES = 8 };
struct hyperexponential {
    double means[MAX_PHASES], means_count;
    double probabilities[MAX_PHASES], probabilities_count;
};
LAW_FITS(struct hyperexponential);

static const struct param rows[] = {
    {.name = "means",
     .kind = PARAM_LIST,
     .offset = offsetof(struct hyperexponential, means),
     .high = LONGEST,
     .help = "mean of each phase",
     .flags = PARAM_REQUIRED | PARAM_DRIFTS | PARAM_OPEN_LOW,
     .element = PARAM_DURATION,
     .stride = sizeof(double),
     .capacity = MAX_PHASES,
     .count = offsetof(struct hyperexponential, means_count)},
    {.name = "probabilities",
     .kind = PARAM_LIST,
     .offset = offsetof(struct hyperexponential, probabilities),
     .high = 1,
     .help = "probability of each phase; they sum to 1",
     .flags = PARAM_REQUIRED,
     .element = PARAM_SHARE,
     .stride = sizeof(double),
     .capacity = MAX_PHASES,
     .count = offsetof(struct hyperexponential, probabilities_count)},
    {0}};

static int phases(const struct hyperexponential *p)
{
    return (int)p->means_count;
}

VECTOR_LOOP(hyperexponential_mean,
            (size_t n, double from, double mean, const double *restrict u, double *restrict means),
            (n, from, mean, u, means))
{
    for (size_t i = 0; i < n; i++)
        means[i] = u[i] >= from ? mean : means[i];
}

VECTOR_LOOP(hyperexponential_of, (size_t n, const double *restrict means, double *restrict x),
            (n, means, x))
{
    for (size_t i = 0; i < n; i++)
        x[i] *= means[i];
}

static void fill_chunk(const struct hyperexponential *p, const struct stream *s, uint64_t first,
                       size_t n, double *out)
{
    double means[CHUNK] = {0};
    stream_uniforms(s, 0, first, n, out);
    double from = 0;
    for (int i = 0; i < phases(p); i++) {
        if (p->probabilities[i] > 0)
            hyperexponential_mean(n, from, p->means[i], out, means);
        from += p->probabilities[i];
    }
    stream_uniforms(s, 1, first, n, out);
    vblock_log(-1, n, out);
    hyperexponential_of(n, means, out);
}

static void fill(const void *params, const struct stream *s, uint64_t first, size_t n, double *out)
{
    for (size_t at = 0; at < n; at += CHUNK)
        fill_chunk(params, s, first + at, n - at < CHUNK ? n - at : CHUNK, out + at);
}

static double cdf(const void *params, double x)
{
    const struct hyperexponential *p = params;
    double sum = 0;
    for (int i = 0; i < phases(p) && x > 0; i++)
        sum += p->probabilities[i] * -expm1(-x / p->means[i]);
    return sum;
}

static double mean(const void *params)
{
    const struct hyperexponential *p = params;
    double sum = 0;
    for (int i = 0; i < phases(p); i++)
        sum += p->probabilities[i] * p->means[i];
    return sum;
}

static double second(const void *params)
{
    const struct hyperexponential *p = params;
    double sum = 0;
    for (int i = 0; i < phases(p); i++)
        sum += 2 * p->probabilities[i] * p->means[i] * p->means[i];
    return sum;
}

static void scale(void *params, double factor)
{
    struct hyperexponential *p = params;
    for (int i = 0; i < phases(p); i++)
        p->means[i] *= factor;
}

static bool check(const void *params, const char *path, const struct places *places,
                  struct errors *errors)
{
    const struct hyperexponential *p = params;
    struct place at = law_place(places, path, "probabilities");
    if (p->means_count == 0 || p->probabilities_count == 0)
        return error_at(errors, at, "%s needs `means` and `probabilities`, one each a phase", path);
    if (p->means_count != p->probabilities_count)
        return error_at(errors, at,
                        "%s.probabilities has %g values and %s.means %g: one each a phase", path,
                        p->probabilities_count, path, p->means_count);
    double sum = 0;
    for (int i = 0; i < phases(p); i++)
        sum += p->probabilities[i];
    if (fabs(sum - 1) > 1e-9)
        return error_at(errors, at, "%s.probabilities sum to %.12g; they must sum to 1", path, sum);
    return true;
}

static bool service(const void *params, struct service *out)
{
    const struct hyperexponential *p = params;
    if (p->means_count != 2)
        return false;
    *out =
        (struct service){SERVICE_HYPEREXPONENTIAL, p->probabilities[0], p->means[0], p->means[1]};
    return true;
}

const struct distribution distribution_hyperexponential = {
    .model = {"hyperexponential", "mixture of up to 8 exponentials: a few kinds of task", rows},
    .fill = fill,
    .cdf = cdf,
    .service = service,
    .mean = mean,
    .second = second,
    .scale = scale,
    .check = check,
};
