/*
 * What the fuzz targets of `fit` share: a scenario that was written passes every rule, or the
 * target aborts with its text.
 */
#ifndef READ_BACK_H
#define READ_BACK_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/places.h"
#include "../../sim/scenario/config.h"

/* Frees the text. */
static inline void read_back(char *text)
{
    static struct scenario s; /* large */
    struct errors errors = {0};
    struct places places = {0};
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

#endif
