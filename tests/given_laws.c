#include "given_laws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "law_make.h"

const struct given_law given_laws[GIVEN_LAWS] = {
    {"deterministic", "value=250ms", 0x4eda0c83ce3b6325},
    {"deterministic", "value=0", 0xb93a0c83ce3b6325},
    {"exponential", "mean=250ms", 0xfaaccf5e913644bc},
    {"erlang", "shape=4; mean=3", 0x12ca8c1bcf4c9ccf},
    {"erlang", "shape=50; mean=1ms", 0x6f7ac473c2b70201},
    {"gamma", "shape=0.05; mean=2", 0x97cb38c2f781799b},
    {"gamma", "shape=0.5; mean=2", 0x9afee7ece6bba280},
    {"gamma", "shape=7.3; mean=20us", 0x530de12db8237a3b},
    {"gamma", "shape=1e4; mean=1", 0x9c4b6ab2acff2f67},
    {"hyperexponential", "means=1; probabilities=1", 0xb3082282a3cb37df},
    {"hyperexponential", "means=100ms,10s; probabilities=0.9,0.1", 0xb476361f32903984},
    {"hyperexponential",
     "means=1,2,3,4,5,6,7,100; "
     "probabilities=0,0.3,0.2,0.2,0.1,0.1,0.1,0",
     0xead4a0fcb888ffee},
    {"uniform", "low=0; high=2s", 0xba23209dd8d7b89a},
    {"uniform", "low=1s; high=1.5s", 0x2465424e93e32cab},
    {"lognormal", "mean=250ms; cv2=2", 0xa26f2fda67ae8159},
    {"lognormal", "mean=1; cv2=100", 0x8ee60000e0c3a82b},
    {"weibull", "shape=0.3; mean=1", 0x0a31b166a8ce188b},
    {"weibull", "shape=3.4; mean=10ms", 0xc62da519bd6c98bf},
    {"weibull", "shape=100; mean=1", 0xa54a788861498ec0},
    {"pareto", "alpha=0.7; low=1", 0x1e26d0a7027762d0},
    {"pareto", "alpha=1.5; low=1", 0xc84990cc7a74878c},
    {"pareto", "alpha=2.5; low=100ms", 0xb202fa03e80aac6a},
    {"bounded-pareto", "alpha=1; low=1; high=1000", 0x2d904b634307c77c},
    {"bounded-pareto", "alpha=1.5; low=500ms; high=100s", 0x5353d06979f6c92c},
    {"bounded-pareto", "alpha=4; low=500ms; high=100s", 0x56e51a156347dac6},
    {"bounded-pareto", "alpha=0.01; low=1; high=2", 0x8a23b1f07e150ac1},
    {"bounded-pareto", "alpha=1000; low=1; high=2", 0x40f4f254bcb405bb},
    {"geometric", "mean=1", 0x4c5a0c83ce3b6325},
    {"geometric", "mean=3", 0x6f650c83ce3b6325},
    {"geometric", "mean=1e6", 0x4d9d33a48e3b6325},
    {"empirical", "file=FILE", 0xa7500c83ce3b6325},
    {"empirical", "file=FILE; scale=0.25", 0x65d00c83ce3b6325},
    {"percentiles", "p50=20ms; p90=60ms; p99=200ms; max=5s", 0x80e766dcdae1dab9},
    {"percentiles", "min=1ms; p25=4ms; p50=4ms; p75=9ms; p95=9ms; p999=1; max=1",
     0x42f30588027a39e1},
    {"percentiles", "p99=2s; max=3s", 0xf3a4c55cfa886766},
    {"percentiles", "min=1; p1=1.5; p10=1.7; p9999=1e6; max=1e9", 0xa964d525253a8d00},
    {"lognormal", "p50=20ms; p99=200ms", 0x9437a152c23d34c5},
    {"gamma", "p50=20ms; p99=200ms", 0xdb1937745ddac4a3},
    {"weibull", "p90=2s; p999=5s", 0xdc40b0ca42a40ea5},
    {"uniform", "p10=1s; p95=1.5s", 0xea2bb33953b5ca57},
    {"pareto", "p50=1; p99=5", 0x1dca88058a80ec18},
    {"exponential", "p95=300ms", 0x4bea76197fc9150d},
};

struct law given_law[GIVEN_LAWS];
struct stream given_law_stream;

int given_laws_make(void **state)
{
    (void)state;
    given_law_stream = stream_of(1, 0, "tasks.size");
    struct errors *errors = xcalloc(1, sizeof *errors);
    for (int i = 0; i < GIVEN_LAWS; i++) {
        const struct given_law *given = &given_laws[i];
        if (!law_make(given->law, given->parameters, &given_law[i], errors))
            fail_msg("%s {%s}: %s", given->law, given->parameters, errors->text[0]);
    }
    free(errors);
    return 0;
}

void given_law_draw(int i, uint64_t first, size_t n, double *out)
{
    law_model(&given_law[i])->fill(given_law[i].params, &given_law_stream, first, n, out);
}
