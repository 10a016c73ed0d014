/*
 * Pictures: a result in, the bytes of a PNG out.
 *
 * A picture depends on the result alone: the same result gives the same bytes. Nothing here knows
 * a queue: words and numbers come from the result and the scenario in it. Size, palette and
 * normalisation are those of the scenario's `picture` (for a comparison, of the first panel's), and
 * so is the objective.
 *
 * Text chunks (iTXt, UTF-8): "queuescope:scenario" the resolved scenario (in a comparison the
 * first panel's, the others' as "queuescope:scenario.2" and so on), "queuescope:seed",
 * "queuescope:version", "queuescope:command" (run or compare); "Title" and "Software" as usual.
 */
#ifndef PLOT_H
#define PLOT_H

#include "figure.h"
#include "png.h"

/* The most panels that a comparison can draw. */
enum { PLOT_PANELS = 12 };

/* Whether the pictures' font lacks a character of a title or heading: it is drawn as a box. */
bool plot_lacks(const char *text);

/* Finds the pictures' fonts, which takes a process some 5 ms once; for a thread that has time for
 * it while there is nothing to draw yet. */
void plot_prepare(void);

/* What is known of latencies from elsewhere than the result, to be drawn over it, a gap where it is
 * NAN. `exact` and `approximate` say in the legend where it is from; NULL where it is from nowhere.
 */
struct plot_known {
    /* Result after result, of each the same number of classes, all together last (a result with
     * fewer has gaps before that), of each the columns. */
    const struct figure_known *columns;
    size_t classes, per_class;
    const char *exact, *approximate;
};

/* spectrogram.png. False, with an error, only where the picture cannot be made at all. `png` is
 * the caller's to bytes_free. The result is finished (result_finish). `known` NULL: nothing. */
bool plot_spectrogram(const struct result *result, const struct plot_known *known,
                      struct bytes *png, struct errors *errors);

/* cliff.png: the same of a sweep across a cliff that was found elsewhere, with where it is, what it
 * is called ("cliff (simulated)") and where the scenario stands today. `low` and `high` enclose it;
 * `today` may be off the picture. */
struct plot_marks {
    double cliff, low, high, today;
    const char *name;
    const struct plot_known *known;
};
bool plot_cliff(const struct result *result, const struct plot_marks *marks, struct bytes *png,
                struct errors *errors);

/* comparison.png: panels side by side on shared axes and one colour scale. panel_titles[i] says
 * what differs; title NULL: one is made. Panels without a sweep become the columns of one heat map.
 * 1 <= n <= PLOT_PANELS, otherwise an error. */
bool plot_comparison(const struct result *const *panels, size_t n, const char *const *panel_titles,
                     const char *title, const struct plot_known *known, struct bytes *png,
                     struct errors *errors);

#endif
