/* PNG: pixels and texts come back; the bytes are the same every time; bytes that nobody vouches for
 * are refused and never crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../plots/png.h"

static struct raster paint(uint32_t width, uint32_t height, unsigned colours)
{
    struct raster raster = {width, height, xmalloc(3 * (size_t)width * height)};
    for (size_t i = 0; i < (size_t)width * height; i++) {
        unsigned c = (unsigned)(i * 2654435761u >> 7) % colours;
        raster.rgb[3 * i] = (unsigned char)c;
        raster.rgb[3 * i + 1] = (unsigned char)(c >> 8);
        raster.rgb[3 * i + 2] = (unsigned char)(c * 31);
    }
    return raster;
}

static const struct png_chunk chunks[] = {
    {"Title", "na\xc3\xafve \xe2\x80\x94 title"},
    {"queuescope:scenario", "seed: 7\narrivals:\n  rate: 4/s\n"},
};

static struct bytes encode(const struct raster *raster)
{
    struct errors errors = {0};
    struct bytes png;
    assert_true(png_encode(raster, chunks, 2, 1, &png, &errors));
    assert_int_equal(errors.n, 0);
    return png;
}

static void round_trip(uint32_t width, uint32_t height, unsigned colours)
{
    struct raster raster = paint(width, height, colours), back;
    struct bytes png = encode(&raster);
    assert_true(png_is(png.data, png.size));
    assert_true(png_decode(png.data, png.size, &back));
    assert_int_equal(back.width, width);
    assert_int_equal(back.height, height);
    assert_memory_equal(back.rgb, raster.rgb, 3 * (size_t)width * height);
    raster_free(&raster);
    raster_free(&back);
    bytes_free(&png);
}

static void test_pixels_come_back(void **state)
{
    (void)state;
    round_trip(1, 1, 1);
    round_trip(7, 5, 3);
    round_trip(64, 48, 256);
    round_trip(64, 48, 257);
    round_trip(200, 3, 60000);
}

static void test_texts_come_back(void **state)
{
    (void)state;
    struct raster raster = paint(8, 8, 4);
    struct bytes png = encode(&raster);
    char *title = png_note(png.data, png.size, "Title");
    char *scenario = png_scenario("x.png", png.data, png.size);
    assert_string_equal(title, chunks[0].text);
    assert_string_equal(scenario, chunks[1].text);
    assert_null(png_note(png.data, png.size, "nothing"));
    free(title);
    free(scenario);
    bytes_free(&png);

    char *longer = xmalloc(300001);
    memset(longer, 'x', 300000);
    longer[300000] = '\0';
    struct png_chunk chunk = {"queuescope:scenario", longer};
    struct errors errors = {0};
    assert_true(png_encode(&raster, &chunk, 1, 1, &png, &errors));
    scenario = png_scenario("x.png", png.data, png.size);
    assert_string_equal(scenario, longer);
    free(scenario);
    free(longer);
    bytes_free(&png);
    raster_free(&raster);
}

static void test_same_bytes(void **state)
{
    (void)state;
    struct raster raster = paint(300, 200, 5000);
    struct bytes a = encode(&raster), b = encode(&raster);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    bytes_free(&a);
    bytes_free(&b);
    raster_free(&raster);
}

/* Several pieces (deflate.h), on any number of threads. */
static void test_same_bytes_on_any_threads(void **state)
{
    (void)state;
    struct raster raster = paint(700, 900, 5000), back;
    struct bytes one, many;
    struct errors errors = {0};
    assert_true(png_encode(&raster, NULL, 0, 1, &one, &errors));
    assert_true(png_encode(&raster, NULL, 0, 3, &many, &errors));
    assert_int_equal(one.size, many.size);
    assert_memory_equal(one.data, many.data, one.size);
    assert_true(png_decode(many.data, many.size, &back));
    assert_memory_equal(back.rgb, raster.rgb, 3 * (size_t)raster.width * raster.height);
    bytes_free(&one);
    bytes_free(&many);
    raster_free(&back);
    raster_free(&raster);
}

static uint32_t crc(const unsigned char *p, size_t n)
{
    uint32_t c = 0xffffffffu;
    for (size_t i = 0; i < n; i++) {
        c ^= p[i];
        for (int k = 0; k < 8; k++)
            c = c >> 1 ^ (c & 1 ? 0xedb88320u : 0);
    }
    return ~c;
}

static uint32_t word(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A second reader of the format: chunks whole, sums right, and none but those meant. */
static void test_sound_and_without_surprises(void **state)
{
    (void)state;
    struct raster raster = paint(100, 100, 9);
    struct bytes png = encode(&raster);
    size_t at = 8, seen = 0;
    bool ended = false;
    while (at < png.size) {
        uint32_t length = word(png.data + at);
        const char *type = (const char *)png.data + at + 4;
        assert_int_equal(crc(png.data + at + 4, length + 4), word(png.data + at + 8 + length));
        static const char *const known[] = {"IHDR", "PLTE", "iTXt", "IDAT", "IEND"};
        bool fine = false;
        for (size_t i = 0; i < 5; i++)
            fine |= memcmp(type, known[i], 4) == 0;
        assert_true(fine);
        ended = memcmp(type, "IEND", 4) == 0;
        at += 12 + length;
        seen++;
    }
    assert_true(ended && at == png.size && seen >= 6);
    bytes_free(&png);
    raster_free(&raster);
}

/* Every truncation and every changed byte. */
static void test_broken_bytes(void **state)
{
    (void)state;
    struct raster raster = paint(9, 9, 300), back;
    struct bytes png = encode(&raster);
    for (size_t n = 0; n < png.size; n++) {
        unsigned char *part = xmalloc(n ? n : 1); /* so that a sanitizer sees the end */
        memcpy(part, png.data, n);
        assert_false(png_decode(part, n, &back));
        assert_null(back.rgb);
        free(png_scenario("x.png", part, n));
        free(part);
    }
    unsigned refused = 0;
    for (size_t i = 0; i < png.size; i++) {
        for (unsigned change = 1; change < 256; change *= 4) {
            png.data[i] ^= (unsigned char)change;
            if (png_decode(png.data, png.size, &back))
                raster_free(&back);
            else
                refused++;
            free(png_scenario("x.png", png.data, png.size));
            png.data[i] ^= (unsigned char)change;
        }
    }
    assert_true(refused > png.size);
    bytes_free(&png);
    raster_free(&raster);
}

static void test_not_a_picture(void **state)
{
    (void)state;
    static const unsigned char text[] = "seed: 7\n";
    struct raster back;
    assert_false(png_is(text, sizeof text));
    assert_false(png_decode(text, sizeof text, &back));
    assert_null(png_scenario("x.yaml", text, sizeof text));
    assert_null(png_scenario("x.yaml", text, 0));
}

/* A header that promises more pixels than memory is refused before any are asked for. */
static void test_a_huge_picture(void **state)
{
    (void)state;
    unsigned char head[] = {0x89, 'P',  'N', 'G', 13,  10, 26, 10,   0,    0, 0,
                            13,   'I',  'H', 'D', 'R', 0,  0,  0x4e, 0x20, 0, 0,
                            0x4e, 0x20, 8,   2,   0,   0,  0,  0,    0,    0, 0};
    uint32_t sum = crc(head + 12, 17);
    for (int i = 0; i < 4; i++)
        head[29 + i] = (unsigned char)(sum >> (24 - 8 * i));
    struct raster back;
    assert_false(png_decode(head, sizeof head, &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels_come_back),
        cmocka_unit_test(test_texts_come_back),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_same_bytes_on_any_threads),
        cmocka_unit_test(test_sound_and_without_surprises),
        cmocka_unit_test(test_broken_bytes),
        cmocka_unit_test(test_not_a_picture),
        cmocka_unit_test(test_a_huge_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
