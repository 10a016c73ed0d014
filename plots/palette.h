/*
 * Palettes: from a share of the scale (0 to 1) to a colour.
 *
 * Entry 0 is the lightest and entry 255 the darkest (`classic` excepted), so that little fades
 * towards the white ground; none of them is white, so that little never looks like nothing.
 * viridis and magma are those of matplotlib (Smith and van der Walt, 2015, dedicated to the public
 * domain, CC0), cividis that of Nunez, Anderton and Renslow, "Optimizing colormaps with
 * consideration for color vision deficiency", PLoS ONE 13(7), 2018: seventeen, sixteen and ten
 * published colours of each, joined in OKLab (Ottosson, 2020) by monotone cubics and rounded so
 * that CIE lightness falls strictly from entry to entry, as seen normally and with simulated
 * protanopia and deuteranopia (Machado, Oliveira and Fernandes, 2009). magma ends
 * before its light end, which on white would not be seen, and before its black one, in which steps
 * would not be.
 * `classic` has the hues of the talk "Everything Will Flow": HSV, hue 0.75 to 0.05, brightness
 * rising from 0.4. It is a rainbow, not in order of lightness: for the memory only.
 */
#ifndef PALETTE_H
#define PALETTE_H

#include <stdint.h>

#include "../sim/scenario/scenario.h"

enum { PALETTES = PALETTE_CLASSIC + 1, PALETTE_ENTRIES = 256 };

/* "viridis", "magma", "cividis", "classic", NULL: in the order of picture.palette's choices. */
extern const char *const palette_names[PALETTES + 1];

/* 0xRRGGBB of entry 0 to 255. */
uint32_t palette_entry(int palette, int entry);

/* The entry that a share t of the scale (0 to 1; outside: the nearer end) has, and the middle of
 * the stretch of t that has it: palette_index(palette_middle(e)) == e. */
int palette_index(double t);
double palette_middle(int entry);

/* The entry with this very colour, or -1. */
int palette_find(int palette, uint32_t colour);

/* Colours that read on every palette entry of theirs (drawn with a contrasting outline):
 * quantile lines 0 (p50), 1 (p99), 2 (p99.9). */
uint32_t palette_line(int palette, int line);

#endif
