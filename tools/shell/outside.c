#include "outside.h"

#include <stdlib.h>
#include <string.h>

#include "../../sim/scenario/param.h"
#include "remarks.h"

struct look {
    const struct places *places;
};

/* The folder of a file, links followed; malloc'ed, NULL where there is none. */
static char *folder_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    return realpath(!slash          ? "."
                    : slash == file ? "/"
                                    : internf("%.*s", (int)(slash - file), file),
                    NULL);
}

static bool is_inside(const char *file, const char *folder)
{
    char *whole = realpath(file, NULL);
    size_t n = strlen(folder);
    /* What is not there is told by whoever reads it. */
    bool inside =
        !whole || strcmp(folder, "/") == 0 || (strncmp(whole, folder, n) == 0 && whole[n] == '/');
    free(whole);
    return inside;
}

static void look_at(void *context, const char *path, const struct param *row, const char *text)
{
    const struct look *look = context;
    struct place at = places_find(look->places, path);
    if (row->kind != PARAM_FILE || !at.source || at.line == 0)
        return;
    char *folder = folder_of(at.source);
    if (folder && !is_inside(text, folder))
        remarks_note(internf("%s:%d:%d: %s is outside of the scenario's folder: %s", at.source,
                             at.line, at.column, path, text));
    free(folder);
}

void outside_note(const struct scenario *s, const struct places *places)
{
    struct look look = {places};
    if (!places_spoilt(places, ".")) /* it is not refused as a whole */
        param_each(s, look_at, &look);
}
