#include "shown.h"

#include <string.h>

static const char all[] = "all", each_name[] = "each";

/* The class, or the place, of a result by its name, as figure_source has it. */
static uint32_t shown_class(const struct result *result, const char *name)
{
    for (uint32_t class = 0; class + 1 < result_row_classes(result); class ++)
        if (strcmp(result_class_name(result, class), name) == 0)
            return class + 1;
    return FIGURE_WHOLE;
}

static uint32_t shown_place(const struct result *result, const char *name)
{
    for (uint32_t place = 0; name && result->places > 1 && place < result->places; place++)
        if (place != result->whole && strcmp(result_place_name(result, place), name) == 0)
            return place + 1;
    return FIGURE_WHOLE;
}

struct figure_source shown_source(const struct shown *shown, size_t i, const struct result *result,
                                  size_t which)
{
    const char *class = shown->stages ? shown->class : shown->name[i],
               *stage = shown->stages ? shown->name[i] : shown->stage;
    return (struct figure_source){which, 0, shown_class(result, class), shown_place(result, stage)};
}

const char *shown_title(const struct shown *shown, size_t i)
{
    const char *name = shown->name[i];
    if (!shown->stages)
        return name;
    return strcmp(name, all) == 0        ? "all: from end to end"
           : strcmp(name, "client") == 0 ? "client: up to the reply"
                                         : name;
}

static bool have(const struct result *const *results, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (shown_class(results[i], name) == FIGURE_WHOLE)
            return false;
    return true;
}

/* Whether all have the same classes, in whatever order. */
static bool alike(const struct result *const *results, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (result_row_classes(results[i]) != result_row_classes(results[0]))
            return false;
    for (uint32_t class = 0; class + 1 < result_row_classes(results[0]); class ++)
        if (!have(results, n, result_class_name(results[0], class)))
            return false;
    return true;
}

static void show_one(struct shown *out, const char *name, const char *note)
{
    out->name[0] = name;
    out->n = 1;
    out->note = note;
}

void shown_of(const struct result *const *results, size_t n, size_t most, struct shown *out)
{
    const char *wanted = results[0]->scenario.picture.class;
    size_t classes = result_row_classes(results[0]) - 1;
    const char *stage = results[0]->scenario.picture.stage;
    *out = (struct shown){0};
    if (stage && shown_place(results[0], stage) != FIGURE_WHOLE)
        out->stage = stage;
    if (scenario_records_queue(&results[0]->scenario)) { /* of all together alone */
        show_one(out, all, classes > 0 ? "tasks of all classes wait together" : NULL);
        return;
    }
    if (wanted && have(results, n, wanted)) {
        show_one(out, wanted, NULL);
        out->one = true;
    } else if (wanted && strcmp(wanted, each_name) != 0) {
        bool whole = strcmp(wanted, all) == 0;
        out->one = whole && classes > 0;
        show_one(out, all,
                 whole ? NULL : internf("not every panel has a class %s: all together", wanted));
    } else if (classes == 0 || !alike(results, n)) {
        show_one(out, all, NULL);
    } else if (classes > most) {
        show_one(out, all, "all classes together: --class NAME draws one");
    } else {
        for (uint32_t class = 0; class < classes; class ++)
            out->name[out->n++] = result_class_name(results[0], class);
        if (classes + 1 <= most)
            out->name[out->n++] = all;
    }
}

/* ---- stages ---- */

/* The highest mean latency of any column. */
static double slowness(const struct result *result, uint32_t place)
{
    double most = -1;
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *row =
            result_place_row(result, column, place, result_row_classes(result) - 1);
        if (row->latency_mean > most)
            most = row->latency_mean;
    }
    return most;
}

/* Whether a stage takes no time to speak of: it would stretch the axis of latency for nothing. */
static bool is_nothing(const struct result *result, uint32_t place)
{
    const double share = 1e-4;            /* of the way */
    double own = slowness(result, place); /* below 0: nobody got through, which says nothing */
    return own >= 0 && own < share * slowness(result, result->whole);
}

/* Whether a stage is among the `most` slowest of those before the place `whole`: of equals those
 * that come first. */
static bool is_slow(const struct result *result, uint32_t place, size_t most)
{
    size_t slower = 0;
    double own = slowness(result, place);
    for (uint32_t other = 0; other < result->whole; other++) {
        double its = slowness(result, other);
        slower += its > own || (its == own && other < place);
    }
    return slower < most;
}

void shown_of_one(const struct result *result, bool panels, struct shown *out)
{
    const struct picture *picture = &result->scenario.picture;
    bool each = !picture->stage || strcmp(picture->stage, each_name) == 0;
    if (result->places == 1 || !each || scenario_records_queue(&result->scenario)) {
        shown_of(&result, 1, panels ? PLOT_PANELS : SHOWN_MOST, out);
        return;
    }
    size_t most = panels ? SHOWN_STAGES : SHOWN_SINGLE;
    *out = (struct shown){.stages = true, .class = all};
    if (picture->class && shown_class(result, picture->class) != FIGURE_WHOLE) {
        out->class = picture->class;
        out->one = true;
    }
    uint32_t nothing = 0, last = 0;
    for (uint32_t place = 0; place < result->places; place++)
        if (place < result->whole && is_nothing(result, place)) {
            nothing++;
            last = place;
        } else if (place >= result->whole || is_slow(result, place, most)) {
            out->name[out->n++] = result_place_name(result, place);
        }
    if (result->whole - nothing > most)
        out->note = internf("the %zu slowest of %u stages: --stage NAME draws any of them", most,
                            result->whole);
    else if (nothing > 0)
        out->note = nothing == 1
                        ? internf("without %s, which takes no time to speak of",
                                  result_place_name(result, last))
                        : internf("without %u stages that take no time to speak of", nothing);
}
