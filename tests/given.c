#include "given.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *find(const char *params, const char *key)
{
    size_t length = strlen(key);
    for (const char *at = params; at; at = strchr(at, ';')) {
        at += *at == ';';
        if (strncmp(at, key, length) == 0 && at[length] == '=')
            return at + length + 1;
    }
    return NULL;
}

double given(const char *params, const char *key)
{
    const char *text = find(params, key);
    return text ? strtod(text, NULL) : NAN;
}

bool given_text(const char *params, const char *key, char *out, size_t size)
{
    const char *text = find(params, key);
    if (!text)
        return false;
    size_t length = strcspn(text, ";");
    if (length >= size)
        return false;
    memcpy(out, text, length);
    out[length] = 0;
    return true;
}

double givenf(const char *params, const char *format, ...)
{
    char key[64];
    va_list args;
    va_start(args, format);
    vsnprintf(key, sizeof key, format, args);
    va_end(args);
    return given(params, key);
}

bool service_given(const char *params, const char *prefix, const char *key, const char *mean,
                   struct service *out)
{
    char name[64], kind[32];
    snprintf(name, sizeof name, "%s%s", prefix, key);
    if (!given_text(params, name, kind, sizeof kind))
        return false;
    double m = givenf(params, "%s%s", prefix, mean);
    if (strcmp(kind, "exponential") == 0)
        *out = (struct service){SERVICE_EXPONENTIAL, m, 0, 0};
    else if (strcmp(kind, "deterministic") == 0)
        *out = (struct service){SERVICE_DETERMINISTIC, m, 0, 0};
    else if (strcmp(kind, "erlang") == 0)
        *out = (struct service){SERVICE_ERLANG, m, givenf(params, "%sk", prefix), 0};
    else if (strcmp(kind, "hyperexponential") == 0)
        *out =
            (struct service){SERVICE_HYPEREXPONENTIAL, givenf(params, "%sp1", prefix),
                             givenf(params, "%smean1", prefix), givenf(params, "%smean2", prefix)};
    else if (strcmp(kind, "lognormal") == 0)
        *out = (struct service){SERVICE_LOGNORMAL, givenf(params, "%smu_log", prefix),
                                givenf(params, "%ssigma_log", prefix), 0};
    else if (strcmp(kind, "pareto") == 0)
        *out = (struct service){SERVICE_PARETO, givenf(params, "%sxm", prefix),
                                givenf(params, "%salpha", prefix), 0};
    else if (strcmp(kind, "bpareto") == 0)
        *out =
            (struct service){SERVICE_BPARETO, givenf(params, "%slow", prefix),
                             givenf(params, "%shigh", prefix), givenf(params, "%salpha", prefix)};
    else
        return false;
    return true;
}
