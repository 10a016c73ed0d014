/*
 * Fuzz target (libFuzzer): any bytes as a log. The first byte chooses the format. What can be used
 * of it must come to finite figures, to a picture, and to a scenario that passes every rule.
 *
 * As corpus (seeds/fit): the first lines of logs of each kind, behind a byte that says which.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/fit_plot.h"
#include "../../sim/fit/formats.h"
#include "../fit/fit_scenario.h"
#include "read_back.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    int names = 0;
    while (format_names()[names])
        names++;
    assert(names > 1);
    int chosen = data[0] % (names - 1); /* metrics are no log */
    struct log_options options = {.format = chosen ? format_names()[chosen] : NULL, .bad = 1};
    struct errors errors = {0};
    struct fit *fit = fit_text("fuzz.log", (const char *)data + 1, size - 1, &options, 2, &errors);
    assert(fit || errors.n > 0);
    if (!fit)
        return 0;
    assert(fit->facts.tasks >= 2 && fit->facts.tasks + fit->facts.bad <= fit->facts.lines);
    assert(fit->rate > 0 && isfinite(fit->rate) && isfinite(fit->mean) && fit->consumers >= 1);
    if (size % 8 == 0) { /* which takes most of the time */
        struct bytes png = {0};
        bool drawn = fit_plot(fit, "", &png, &errors);
        assert(drawn && png.size > 0);
        bytes_free(&png);
    }
    read_back(fit_scenario_text(fit, &(struct fit_wish){.sizes = FIT_SIZES_LAW, .beside = ""}));
    fit_free(fit);
    return 0;
}
