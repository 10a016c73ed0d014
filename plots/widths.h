/*
 * Widths of texts that were measured, for texts that are tried in many ways: most starts of one are
 * asked for again and again. The zeroed value is empty; what is measured last takes the place of
 * another of the same hash.
 */
#ifndef WIDTHS_H
#define WIDTHS_H

#include <stdbool.h>

enum { WIDTHS = 256 };

struct widths {
    struct known_width {
        char *text; /* owned; NULL: none */
        double size, width;
        bool bold;
    } known[WIDTHS];
};

/* False: not known. */
bool widths_find(const struct widths *widths, const char *text, double size, bool bold,
                 double *width);
void widths_keep(struct widths *widths, const char *text, double size, bool bold, double width);
void widths_free(struct widths *widths);

#endif
