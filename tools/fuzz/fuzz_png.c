/*
 * Fuzz target (libFuzzer): any bytes as a picture. Reading its scenario and its pixels must end,
 * without a crash, and what is decoded must encode to the same pixels again.
 *
 * libpng checks sums, which no mutation gets right: run it with the pictures of `make demo` as
 * corpus, or with sums off.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/png.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct raster raster, again;
    char *scenario = png_scenario("fuzz.png", data, size);
    assert(!scenario || png_is(data, size));
    free(scenario);
    if (!png_decode(data, size, &raster))
        return 0;
    struct errors errors = {0};
    struct bytes png;
    bool encoded = png_encode(&raster, NULL, 0, 1, &png, &errors);
    assert(encoded);
    bool decoded = png_decode(png.data, png.size, &again);
    assert(decoded && again.width == raster.width && again.height == raster.height);
    assert(memcmp(again.rgb, raster.rgb, 3 * (size_t)raster.width * raster.height) == 0);
    bytes_free(&png);
    raster_free(&again);
    raster_free(&raster);
    return 0;
}
