/*
 * Fuzz target (libFuzzer): any bytes as a log. The first byte chooses the format. What can be used
 * of it must come to finite figures and to a scenario that passes every rule.
 *
 * As corpus: the first lines of logs of each kind, behind a byte from 0 to 3.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/places.h"
#include "../../sim/scenario/config.h"
#include "../fit_scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(const struct fit *fit)
{
    static struct scenario s;
    struct errors errors = {0};
    struct places places = {0};
    char *text = fit_scenario_text(fit, &(struct fit_wish){FIT_SIZES_LAW, "", NULL, NULL});
    param_defaults(&s);
    bool good = config_read("fit.yaml", text, strlen(text), &s, &places, &errors) &&
                scenario_check(&s, &places, &errors);
    if (!good)
        fputs(text, stderr);
    for (size_t i = 0; i < errors.n && i < ERRORS_KEPT; i++)
        fprintf(stderr, "%s\n", errors.text[i]);
    assert(good);
    places_free(&places);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct log_options options = {.format = (enum log_format)(data[0] % 4)};
    struct errors errors = {0};
    struct fit *fit = fit_text("fuzz.log", (const char *)data + 1, size - 1, &options, 2, &errors);
    assert(fit || errors.n > 0);
    if (!fit)
        return 0;
    assert(fit->facts.tasks >= 2 && fit->facts.tasks + fit->facts.bad <= fit->facts.lines);
    assert(fit->rate > 0 && isfinite(fit->rate) && isfinite(fit->mean) && fit->consumers >= 1);
    read_back(fit);
    fit_free(fit);
    return 0;
}
