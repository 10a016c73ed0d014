#include "leaf.h"

#include <stdlib.h>

#include "../sim/base/err.h"
#include "../sim/result/save.h"
#include "../sim/scenario/config.h"

double leaf_write(struct canvas *canvas, const struct leaf_text *style, const char *text, double y)
{
    struct paragraph lines;
    canvas_wrap(canvas, text, " ", canvas_width(canvas) - 2 * style->margin, style->most,
                style->size, 0.6 * style->size, style->bold, &lines);
    const struct text_style letters = {lines.size, style->colour, style->bold, false, 0, false};
    for (int i = 0; i < lines.n; i++) {
        y += (i == 0 ? 1.0 : 1.3) * lines.size;
        canvas_text(canvas, style->margin, y, lines.line[i], &letters);
    }
    return y;
}

bool leaf_png(struct canvas *canvas, const struct scenario *s, const char *title,
              const char *command, unsigned threads, struct bytes *png, struct errors *errors)
{
    char *text = config_text(s);
    const struct png_chunk chunks[] = {
        {"Title", title},
        {"Software", internf("queuescope %s", queuescope_version)},
        {"queuescope:scenario", text},
        {"queuescope:seed", internf("%.0f", s->seed)},
        {"queuescope:version", queuescope_version},
        {"queuescope:command", command},
    };
    struct raster raster;
    canvas_finish(canvas, &raster);
    bool ok = png_encode(&raster, chunks, sizeof chunks / sizeof *chunks, threads, png, errors);
    raster_free(&raster);
    free(text);
    return ok;
}
