/* Scenarios drawn from a seed, as lists of settings ("path=value"), so that they can be printed and
 * made simpler one setting at a time. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdint.h>

enum { SETTINGS = 60 };

struct settings {
    const char *item[SETTINGS]; /* interned */
    int n;
};

/* Adds the settings of "a=b;c=d". */
void settings_add(struct settings *list, const char *text);

/* All of them, with `between` in between. Interned. */
const char *settings_text(const struct settings *list, const char *between);

/* First come, first served, one class, unbounded: any law and process, with or without a sweep. It
 * may name keys that the chosen models do not have. */
struct settings settings_draw(uint64_t seed);

#endif
