/* The keys of `picture`. */
#include <stddef.h>
#include <string.h>

#include "scenario.h"

#define IN(t, f) offsetof(struct t, f)

static const char *const colours[] = {"density", "column-max", "log-count", "intensity", NULL};
static const char *const palettes[] = {"viridis", "magma", "cividis", "classic", NULL};
static const char *const measures[] = {"latency", "wait", "queue", NULL};
static const char *const theories[] = {"none", "mean", "quantiles", NULL};

const struct param picture_rows[] = {
    {.name = "colour",
     .kind = PARAM_CHOICE,
     .offset = IN(picture, colour),
     .help =
         "what a cell's colour says: its share of the column's tasks (density: where not given), "
         "its share of the column's fullest cell (where not given and the palette is classic), "
         "the logarithm of its count, or time spent rather than tasks",
     .choices = colours},
    {.name = "palette",
     .kind = PARAM_CHOICE,
     .offset = IN(picture, palette),
     .preset = "magma",
     .help = "colours; classic has the talk's hues, and each column its own maximum",
     .choices = palettes},
    {.name = "width",
     .kind = PARAM_COUNT,
     .offset = IN(picture, width),
     .low = 480,
     .high = 5000,
     .preset = "1440",
     .help = "pixels across"},
    {.name = "height",
     .kind = PARAM_COUNT,
     .offset = IN(picture, height),
     .low = 360,
     .high = 5000,
     .preset = "900",
     .help = "pixels down"},
    {.name = "class",
     .kind = PARAM_TEXT,
     .offset = IN(picture, class),
     .help = "where there are several classes of tasks, whose are drawn: the name of one, all (of "
             "all together), or each (where not given): a panel for each class and one for all"},
    {.name = "stage",
     .kind = PARAM_TEXT,
     .offset = IN(picture, stage),
     .help = "of a network, which stage is drawn: the name of one, all (from end to end), client "
             "(up to the reply), or each (where not given): a panel for each, and of compare all"},
    {.name = "text_scale",
     .kind = PARAM_NUMBER,
     .offset = IN(picture, text_scale),
     .low = 0.5,
     .high = 4,
     .preset = "1",
     .help = "multiplies the size of all texts, which follows the picture's width and height"},
    {.name = "measure",
     .kind = PARAM_CHOICE,
     .offset = IN(picture, measure),
     .preset = "latency",
     .help =
         "what the heat map is of: latency, from arrival to completion; wait, from arrival to the "
         "start of service; or queue, the number of tasks that wait, by the share of time with so "
         "many (recorded by the events engine, and written to histograms.csv as well)",
     .choices = measures},
    {.name = "latency",
     .kind = PARAM_TEXT,
     .offset = IN(picture, latency),
     .help =
         "the range of the axis of latency, such as 1ms..1h, so that pictures can be laid side by "
         "side; what lies beyond has rows of its own; where it is not given, the range of the "
         "data"},
    {.name = "rows_per_decade",
     .kind = PARAM_COUNT,
     .offset = IN(picture, rows_per_decade),
     .low = 4,
     .high = 40,
     .help = "rows of the heat map in a decade of latency: 4, 5, 8, 10, 20 or 40; where it is not "
             "given, 40 or the half or quarter of it that has room"},
    {.name = "colours",
     .kind = PARAM_TEXT,
     .offset = IN(picture, colours),
     .help =
         "the range of the colours, such as 0.001%..10% (counts with colour: log-count), so that "
         "pictures can be laid side by side; where it is not given, from one task of the fullest "
         "column, a power of ten, to 10%"},
    {.name = "objective",
     .kind = PARAM_DURATION,
     .offset = IN(picture, objective),
     .low = 1e-9,
     .high = 1e10,
     .help = "a latency to keep to: a line across the panels, and a sentence about p99"},
    {.name = "marginal",
     .kind = PARAM_FLAG,
     .offset = IN(picture, marginal),
     .preset = "no",
     .help = "the distribution over all columns, in equal weight, at the right of a spectrogram "
             "(not in comparisons)"},
    {.name = "theory",
     .kind = PARAM_CHOICE,
     .offset = IN(picture, theory),
     .preset = "none",
     .help = "formulas beside the simulation: the mean latency as a line over it, where a formula "
             "covers a column, or p50, p99 and p99.9, too, where those are known; `run` says how "
             "far apart they lie",
     .choices = theories},
    {.name = "observed",
     .kind = PARAM_FILE,
     .offset = IN(picture, observed),
     .help = "latencies observed elsewhere, to be laid over the simulated ones: metrics as text "
             "(Prometheus, OpenMetrics) with a histogram, or the histograms.csv of a run (not in "
             "comparisons)"},
    {.name = "observed_metric",
     .kind = PARAM_TEXT,
     .offset = IN(picture, observed_metric),
     .help = "which histogram of picture.observed, where it has several: NAME, or "
             "NAME{label=\"value\"}"},
    {.name = "observed_at",
     .kind = PARAM_SWEPT,
     .offset = IN(picture, observed_at),
     .help = "where in the sweep that was, in the parameter's unit; the scenario's own value of "
             "the parameter where it is not given"},
    {0}};

bool picture_range(const char *text, enum unit unit, double *low, double *high, const char **why)
{
    const char *dots = strstr(text, "..");
    *why = "it is LOW..HIGH, such as 1ms..1h";
    if (!dots)
        return false;
    const char *first = internf("%.*s", (int)(dots - text), text);
    if (!unit_parse(unit, first, low, why) || !unit_parse(unit, dots + 2, high, why))
        return false;
    *why = "both ends are above 0, and the second above the first";
    return *low > 0 && *high > *low && *high < 1e300;
}
