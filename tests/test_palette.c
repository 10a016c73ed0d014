/* Palettes are ordered by lightness, for every eye that they claim to be for. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/palette.h"

static double linear(double c)
{
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* Linear RGB of a colour, 0 to 1. */
static void light(uint32_t colour, double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = linear((colour >> (16 - 8 * i) & 255) / 255.0);
}

/* CIE L*a*b* (1976) of linear sRGB, D65. */
static void lab(const double rgb[3], double out[3])
{
    static const double m[3][3] = {{0.4124564, 0.3575761, 0.1804375},
                                   {0.2126729, 0.7151522, 0.0721750},
                                   {0.0193339, 0.1191920, 0.9503041}};
    static const double white[3] = {0.95047, 1, 1.08883};
    double f[3];
    for (int i = 0; i < 3; i++) {
        double t = 0;
        for (int k = 0; k < 3; k++)
            t += m[i][k] * rgb[k];
        t /= white[i];
        f[i] = t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
    out[0] = 116 * f[1] - 16;
    out[1] = 500 * (f[0] - f[1]);
    out[2] = 200 * (f[1] - f[2]);
}

/* Machado, Oliveira and Fernandes (2009), severity 1. */
static const double protan[3][3] = {{0.152286, 1.052583, -0.204868},
                                    {0.114503, 0.786281, 0.099216},
                                    {-0.003882, -0.048116, 1.051998}};
static const double deutan[3][3] = {{0.367322, 0.860646, -0.227968},
                                    {0.280085, 0.672501, 0.047413},
                                    {-0.011820, 0.042940, 0.968881}};

static double lightness(uint32_t colour, const double eye[3][3])
{
    double rgb[3], seen[3], out[3];
    light(colour, rgb);
    for (int i = 0; i < 3; i++) {
        seen[i] = eye ? 0 : rgb[i];
        for (int k = 0; eye && k < 3; k++)
            seen[i] += eye[i][k] * rgb[k];
        seen[i] = fmin(fmax(seen[i], 0), 1);
    }
    lab(seen, out);
    return out[0];
}

static void test_lightness_falls(void **state)
{
    (void)state;
    for (int p = 0; p < PALETTE_CLASSIC; p++)
        for (int i = 1; i < PALETTE_ENTRIES; i++) {
            uint32_t a = palette_entry(p, i - 1), b = palette_entry(p, i);
            assert_true(lightness(b, NULL) < lightness(a, NULL));
            assert_true(lightness(b, protan) < lightness(a, protan));
            assert_true(lightness(b, deutan) < lightness(a, deutan));
        }
}

static void test_neighbours_differ(void **state)
{
    (void)state;
    for (int p = 0; p < PALETTE_CLASSIC; p++)
        for (int i = 1; i < PALETTE_ENTRIES; i++) {
            double a[3], b[3], rgb[3], sum = 0;
            light(palette_entry(p, i - 1), rgb);
            lab(rgb, a);
            light(palette_entry(p, i), rgb);
            lab(rgb, b);
            for (int k = 0; k < 3; k++)
                sum += (a[k] - b[k]) * (a[k] - b[k]);
            assert_true(sqrt(sum) > 0.05);
            assert_true(sqrt(sum) < 3); /* and no step is a false edge */
        }
}

/* Little is not nothing: the lightest colour is far from the white ground. */
static void test_lowest_is_not_white(void **state)
{
    (void)state;
    static const double white[3] = {100, 0, 0};
    for (int p = 0; p < PALETTES; p++) {
        double rgb[3], low[3], sum = 0;
        light(palette_entry(p, 0), rgb);
        lab(rgb, low);
        for (int k = 0; k < 3; k++)
            sum += (low[k] - white[k]) * (low[k] - white[k]);
        assert_true(sqrt(sum) > 25);
    }
}

static void test_inverse(void **state)
{
    (void)state;
    for (int p = 0; p < PALETTE_CLASSIC; p++)
        for (int i = 0; i < PALETTE_ENTRIES; i++) {
            assert_int_equal(palette_find(p, palette_entry(p, i)), i);
            assert_int_equal(palette_index(palette_middle(i)), i);
        }
    assert_int_equal(palette_find(0, 0xffffff), -1);
    assert_int_equal(palette_index(-1), 0);
    assert_int_equal(palette_index(NAN), 0);
    assert_int_equal(palette_index(1), PALETTE_ENTRIES - 1);
    assert_int_equal(palette_index(7), PALETTE_ENTRIES - 1);
}

/* HSV (0.75, 1, 0.4) to (0.05, 1, 1). */
static void test_classic_has_the_hues_of_the_talk(void **state)
{
    (void)state;
    assert_string_equal(palette_names[PALETTE_CLASSIC], "classic");
    assert_int_equal(palette_entry(PALETTE_CLASSIC, 0), 0x330066);
    assert_int_equal(palette_entry(PALETTE_CLASSIC, PALETTE_ENTRIES - 1), 0xff4d00);
}

/* A published colour in the middle of each, so that a table cannot be another one. */
static void test_tables_are_the_published_ones(void **state)
{
    (void)state;
    static const uint32_t middle[PALETTE_CLASSIC] = {0x21918c, 0xb5367a, 0x7c7b78};
    for (int p = 0; p < PALETTE_CLASSIC; p++) {
        int best = 1000;
        for (int i = 100; i < 156; i++) {
            uint32_t c = palette_entry(p, i);
            int apart = 0;
            for (int k = 0; k < 24; k += 8) {
                int d = (int)(c >> k & 255) - (int)(middle[p] >> k & 255);
                apart += d < 0 ? -d : d;
            }
            best = apart < best ? apart : best;
        }
        assert_true(best <= 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lightness_falls),
        cmocka_unit_test(test_neighbours_differ),
        cmocka_unit_test(test_lowest_is_not_white),
        cmocka_unit_test(test_inverse),
        cmocka_unit_test(test_classic_has_the_hues_of_the_talk),
        cmocka_unit_test(test_tables_are_the_published_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
