/*
 * Hyperexponential: with probability p_i an exponential of mean m_i. The phase is chosen by sub 0
 * of the task, the exponential drawn by sub 1.
 */
#include "../sim/fit/sample.h"
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

static double mean_above(const void *params, double x)
{
    const struct hyperexponential *p = params;
    double sum = 0;
    for (int i = 0; i < phases(p); i++)
        sum += p->probabilities[i] * (x + p->means[i]) * exp(-x / p->means[i]);
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

/* ---- fitting ---- */

/* Two phases as three numbers without bounds: the logit of phase 0's share, and the logarithms of
 * the means. */
enum { SHARE, MEAN_0, MEAN_1, NUMBERS };
struct mixture {
    double x[NUMBERS];
};

/* One step of expectation and maximisation (Dempster, Laird and Rubin 1977, section 4.3): how far
 * each value belongs to phase 0, and then the phases' shares and means. */
static struct mixture em_step(const struct sample *sample, const struct mixture *from)
{
    double slower = exp(-from->x[MEAN_0]) - exp(-from->x[MEAN_1]);
    double ahead = from->x[SHARE] - from->x[MEAN_0] + from->x[MEAN_1];
    double n = 0, sum = 0;
    for (size_t i = 0; i < sample->n_points; i++) {
        const struct point *p = &sample->points[i];
        double share = p->weight / (1 + exp(-ahead + p->value * slower));
        n += share;
        sum += share * p->value;
    }
    return (struct mixture){
        {log(n / (sample->n - n)), log(sum / n), log((sample->sum - sum) / (sample->n - n))}};
}

static bool is_sound(const struct mixture *m)
{
    return isfinite(m->x[SHARE]) && isfinite(m->x[MEAN_0]) && isfinite(m->x[MEAN_1]);
}

/* Two steps and one of extrapolation (Varadhan and Roland 2008, "Simple and globally convergent
 * methods for accelerating the convergence of any EM algorithm", Scand. J. Statist. 35, scheme S3).
 * Returns how far the first step went. */
static double squared_step(const struct sample *sample, struct mixture *m)
{
    enum { FARTHEST = 64 };
    struct mixture one = em_step(sample, m), two = em_step(sample, &one), next;
    double step[NUMBERS], bend[NUMBERS], r = 0, v = 0;
    for (int i = 0; i < NUMBERS; i++) {
        step[i] = one.x[i] - m->x[i];
        bend[i] = two.x[i] - one.x[i] - step[i];
        r += step[i] * step[i];
        v += bend[i] * bend[i];
    }
    double a = v > 0 ? fmin(fmax(sqrt(r / v), 1), FARTHEST) : 1;
    for (int i = 0; i < NUMBERS; i++)
        next.x[i] = m->x[i] + 2 * a * step[i] + a * a * bend[i];
    next = is_sound(&next) ? em_step(sample, &next) : two;
    *m = is_sound(&next) ? next : two;
    return sqrt(r);
}

static int fit(void *params, const struct sample *sample)
{
    enum { STEPS = 400 };
    struct hyperexponential *p = params;
    if (!(sample->cv2 > 1))
        return 0; /* no mixture of exponentials is as steady */
    /* From balanced means (Whitt 1982, section 3.2), not too far apart. */
    double cv2 = fmin(sample->cv2, 10), share = (1 + sqrt((cv2 - 1) / (cv2 + 1))) / 2;
    struct mixture m = {{log(share / (1 - share)), log(sample->mean / 2 / share),
                         log(sample->mean / 2 / (1 - share))}};
    for (int i = 0; i < STEPS && squared_step(sample, &m) > 1e-9; i++)
        if (!is_sound(&m))
            return 0;
    if (!is_sound(&m))
        return 0;
    p->means_count = p->probabilities_count = 2;
    p->means[0] = exp(m.x[MEAN_0]);
    p->means[1] = exp(m.x[MEAN_1]);
    p->probabilities[0] = 1 / (1 + exp(-m.x[SHARE]));
    p->probabilities[1] = 1 - p->probabilities[0];
    return 3;
}

static double log_density(const void *params, double x)
{
    const struct hyperexponential *p = params;
    double most = -INFINITY, sum = 0, term[MAX_PHASES] = {0};
    for (int i = 0; i < phases(p); i++) {
        term[i] = log(p->probabilities[i] / p->means[i]) - x / p->means[i];
        most = fmax(most, term[i]);
    }
    for (int i = 0; i < phases(p); i++)
        sum += exp(term[i] - most);
    return sum > 0 ? most + log(sum) : -INFINITY;
}

const struct distribution distribution_hyperexponential = {
    .model = {"hyperexponential", "mixture of up to 8 exponentials: a few kinds of task", rows},
    .fill = fill,
    .cdf = cdf,
    .service = service,
    .mean = mean,
    .second = second,
    .mean_above = mean_above,
    .scale = scale,
    .check = check,
    .fit = fit,
    .log_density = log_density,
};
