#include "families.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/places.h"
#include "../sim/scenario/config.h"

const struct family_case family_cases[] = {
    {"exponential", "{distribution: exponential, mean: 20ms}"},
    {"gamma 0.5", "{distribution: gamma, shape: 0.5, mean: 3s}"},
    {"gamma 4", "{distribution: gamma, shape: 4, mean: 100ms}"},
    {"weibull 0.6", "{distribution: weibull, shape: 0.6, mean: 1s}"},
    {"weibull 2", "{distribution: weibull, shape: 2, mean: 1s}"},
    {"lognormal 0.5", "{distribution: lognormal, mean: 150ms, cv2: 0.5}"},
    {"lognormal 8", "{distribution: lognormal, mean: 150ms, cv2: 8}"},
    {"pareto 1.5", "{distribution: pareto, alpha: 1.5, low: 10ms}"},
    {"pareto 3", "{distribution: pareto, alpha: 3, low: 1s}"},
    {"bounded 1.5", "{distribution: bounded-pareto, alpha: 1.5, low: 500ms, high: 100s}"},
    {"bounded 3", "{distribution: bounded-pareto, alpha: 3, low: 500ms, high: 5s}"},
    {"hyper 4",
     "{distribution: hyperexponential, means: [40ms, 400ms], probabilities: [0.9, 0.1]}"},
    {"hyper 1.5", "{distribution: hyperexponential, means: [1s, 3s], probabilities: [0.5, 0.5]}"},
};
const int n_family_cases = sizeof family_cases / sizeof *family_cases;

struct law family_law(const struct family_case *c)
{
    static struct scenario s;
    struct errors errors = {0};
    struct places places = {0};
    const char *text = internf("arrivals: {rate: 1/s}\ntasks: {size: %s}\n", c->yaml);
    param_defaults(&s);
    bool good = config_read(c->name, text, strlen(text), &s, &places, &errors) &&
                scenario_check(&s, &places, &errors);
    places_free(&places);
    assert(good);
    (void)good;
    return s.size;
}

void family_draw(const struct law *law, uint32_t replication, size_t n, struct sample *out)
{
    struct stream stream = stream_of(7, replication, "tasks.size");
    double *x = xmalloc(n * sizeof *x);
    law_model(law)->fill(law->params, &stream, 0, n, x);
    sample_clear(out);
    for (size_t i = 0; i < n; i++)
        sample_add(out, x[i]);
    sample_finish(out);
    free(x);
}
