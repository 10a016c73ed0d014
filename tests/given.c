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
