#include "shown.h"

#include <string.h>

static const char all[] = "all", each[] = "each";

uint32_t shown_class(const struct result *result, const char *name)
{
    for (uint32_t class = 0; class + 1 < result_row_classes(result); class ++)
        if (strcmp(result_class_name(result, class), name) == 0)
            return class + 1;
    return FIGURE_WHOLE;
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
    *out = (struct shown){0};
    if (scenario_records_queue(&results[0]->scenario)) { /* of all together alone */
        show_one(out, all, classes > 0 ? "tasks of all classes wait together" : NULL);
        return;
    }
    if (wanted && have(results, n, wanted)) {
        show_one(out, wanted, NULL);
        out->one = true;
    } else if (wanted && strcmp(wanted, each) != 0) {
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
