/*
 * Fuzz target (libFuzzer): any bytes as metrics, cut at a NUL byte into scrapes. What can be used
 * of them must come to bounds in order, and to a scenario that passes every rule.
 *
 * As corpus (seeds/metrics): scrapes of each kind, one and several.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/metrics_plot.h"
#include "../fit/metrics_scenario.h"
#include "read_back.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_bounds(const struct bins *bins)
{
    double below = 0, total = 0;
    for (size_t i = 0; i < bins->n; i++) {
        assert(bins->bin[i].low >= below && bins->bin[i].high >= bins->bin[i].low);
        assert(bins->bin[i].count >= 0);
        below = bins->bin[i].high;
        total += bins->bin[i].count;
    }
    assert(total > 0 && total == bins->total);
    for (double p = 0.001; p < 1; p += 0.0999) {
        struct bounds at = bins_quantile(bins, p), of_law = bins_law_quantile(bins, p, 0.95);
        assert(at.low <= at.high && of_law.low <= of_law.high);
    }
    struct bounds mean = bins_mean(bins), cv2 = bins_cv2(bins);
    assert(mean.low <= mean.high && cv2.low >= 0 && cv2.low <= cv2.high);
    for (int side = 0; side < 2; side++) {
        size_t n;
        double *sizes = metrics_sizes(bins, (enum envelope)side, &n);
        assert(sizes || side == ENVELOPE_HIGH);
        for (size_t i = 0; sizes && i < n; i++)
            assert(sizes[i] >= 0 && isfinite(sizes[i]));
        free(sizes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct metrics *metrics = metrics_new();
    bool fitted = size % 8 == 0; /* which takes most of the time */
    for (int scrape = 0; size > 0 && scrape < 4; scrape++) {
        const uint8_t *end = memchr(data, '\0', size);
        size_t n = end ? (size_t)(end - data) : size;
        metrics_read_text(metrics, "fuzz.prom", (const char *)data, n);
        n += end ? 1 : 0;
        data += n;
        size -= n;
    }
    struct errors errors = {0};
    struct metrics_fit fit = {.file = "fuzz.prom", .rate = NAN};
    const struct metrics_choice choice = {.unit = 1};
    if (metrics_choose(metrics, &choice, (struct place){0}, &fit.scraped, &errors)) {
        check_bounds(&fit.scraped.bins);
        if (fitted) {
            struct bytes png = {0};
            binned_fit(&fit.scraped.bins, &fit.binned);
            const struct metrics_picture picture = {fit.file, &fit.scraped, &fit.binned, "size",
                                                    NULL};
            bool drawn = metrics_plot(&picture, &png, &errors);
            assert(drawn && png.size > 0);
            bytes_free(&png);
        }
        if (fit.scraped.rate > 1e-9 && fit.scraped.rate < 1e9)
            fit.rate = fit.scraped.rate;
        if (metrics_has_law(&fit))
            read_back(metrics_scenario_text(&fit, NULL, "fuzz"));
        scraped_free(&fit.scraped);
    } else {
        assert(errors.n > 0);
    }
    metrics_free(metrics);
    return 0;
}
