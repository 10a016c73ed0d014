#include "golden_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../sim/base/places.h"
#include "../../sim/scenario/sweep.h"

enum { FILE_MOST = 64 << 20 };

const char *golden_csv(const struct golden_item *item)
{
    return internf("%s.golden.csv", item->name);
}

const char *golden_png(const struct golden_item *item)
{
    return internf("%s.golden.png", item->name);
}

bool file_read(const char *path, struct bytes *out, struct errors *errors)
{
    *out = (struct bytes){0};
    struct place at = {path, 0, 0};
    FILE *file = fopen(path, "rbe");
    if (!file) {
        if (errno != ENOENT)
            error_at(errors, at, "cannot be read: %s", strerror(errno));
        return false;
    }
    size_t room = 1 << 16;
    out->data = xmalloc(room + 1);
    for (size_t got; (got = fread(out->data + out->size, 1, room - out->size, file)) > 0;) {
        out->size += got;
        if (out->size == room)
            out->data = xrealloc(out->data, (room *= 2) + 1);
        if (out->size > FILE_MOST)
            break;
    }
    out->data[out->size] = '\0';
    bool good = !ferror(file) && out->size <= FILE_MOST;
    const char *why = ferror(file) ? strerror(errno) : "it is too large";
    fclose(file);
    if (good)
        return true;
    bytes_free(out);
    return error_at(errors, at, "cannot be read: %s", why);
}

static bool is_scenario(const char *name)
{
    size_t n = strlen(name);
    return name[0] != '.' && ((n > 5 && strcmp(name + n - 5, ".yaml") == 0) ||
                              (n > 4 && strcmp(name + n - 4, ".yml") == 0));
}

static int by_name(const void *a, const void *b)
{
    const struct golden_item *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static bool list(struct golden_folder *folder, struct errors *errors)
{
    struct place at = {folder->path, 0, 0};
    DIR *entries = opendir(folder->path);
    if (!entries && errno == ENOTDIR)
        return error_at(errors, at, "not a folder: verify takes a folder of scenarios");
    if (!entries)
        return error_at(errors, at, "cannot be read: %s", strerror(errno));
    for (struct dirent *entry; (entry = readdir(entries));) {
        if (!is_scenario(entry->d_name))
            continue;
        folder->items = xrealloc(folder->items, (folder->n + 1) * sizeof *folder->items);
        folder->items[folder->n++] =
            (struct golden_item){.name = base_name(entry->d_name),
                                 .file = internf("%s/%s", folder->path, entry->d_name)};
    }
    closedir(entries);
    if (folder->n == 0)
        return error_at(errors, at, "no scenario (*.yaml) is in this folder");
    qsort(folder->items, folder->n, sizeof *folder->items, by_name);
    for (size_t i = 1; i < folder->n; i++)
        if (strcmp(folder->items[i - 1].name, folder->items[i].name) == 0)
            return error_at(errors, at, "%s and %s would have the same golden results",
                            folder->items[i - 1].file, folder->items[i].file);
    return true;
}

static bool read_item(const struct options *o, const char *path, struct golden_item *item,
                      struct errors *errors)
{
    struct places places = {0};
    struct bytes bytes;
    item->scenario = xmalloc(sizeof *item->scenario);
    bool sound = options_load(o, item->file, item->scenario, &places, errors) &&
                 options_engine_fits(o, item->scenario, item->file, errors) &&
                 objectives_check(item->scenario, &places, errors);
    places_free(&places);
    size_t before = errors->n;
    const char *csv = internf("%s/%s", path, golden_csv(item));
    if (!file_read(csv, &bytes, errors))
        return sound && errors->n == before;
    if (memchr(bytes.data, '\0', bytes.size))
        error_at(errors, (struct place){csv, 0, 0}, "not a golden result: it has NUL bytes");
    else
        item->blessed = golden_read(csv, (const char *)bytes.data, &item->before, errors);
    bytes_free(&bytes);
    return sound && item->blessed;
}

bool golden_folder_read(const struct options *o, struct golden_folder *out, struct errors *errors)
{
    const char *path = o->scenarios[0];
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    *out = (struct golden_folder){.path = internf("%.*s", (int)n, path)};
    bool good = list(out, errors);
    for (size_t i = 0; i < out->n && out->items; i++)
        good = read_item(o, out->path, &out->items[i], errors) && good;
    return good;
}

void golden_folder_free(struct golden_folder *folder)
{
    for (size_t i = 0; i < folder->n; i++) {
        struct golden_item *item = &folder->items[i];
        free(item->scenario);
        golden_free(&item->before);
        golden_free(&item->after);
        free(item->pairs.pairs);
        free(item->promises);
        bytes_free(&item->picture);
    }
    free(folder->items);
    *folder = (struct golden_folder){0};
}

/* Calls the objectives of an item, column by column; how many there are. */
static size_t each_promise(const struct golden_item *item, struct golden_promise *out)
{
    const struct scenario *s = item->scenario;
    struct objective objectives[OBJECTIVES];
    struct errors none = {0};
    size_t n, count = 0;
    objectives_of(s, NULL, objectives, &n, &none);
    for (uint32_t column = 0; column < sweep_columns(s); column++)
        for (size_t i = 0; i < n; i++) {
            double at = sweep_value(s, column);
            if (!objective_holds_at(&objectives[i], at))
                continue;
            if (out)
                out[count] =
                    (struct golden_promise){.objective = objectives[i], .at = at, .column = column};
            count++;
        }
    return count;
}

size_t golden_promises(const struct golden_item *item)
{
    return each_promise(item, NULL);
}

void golden_keep(struct golden_item *item, const struct result *result, double risk)
{
    item->n_promises = golden_promises(item);
    item->promises = xcalloc(item->n_promises + 1, sizeof *item->promises);
    each_promise(item, item->promises);
    for (size_t i = 0; i < item->n_promises; i++) {
        struct golden_promise *promise = &item->promises[i];
        promise->estimate = estimate_of(result, promise->column, &promise->objective.figure, risk);
        promise->finding = objective_judge(&promise->objective, &promise->estimate);
    }
}

struct golden_count golden_counted(const struct golden_item *item)
{
    struct golden_count count = {.smallest = NAN};
    for (size_t i = 0; i < item->pairs.n; i++) {
        const struct golden_pair *pair = &item->pairs.pairs[i];
        count.compared += pair->verdict != GOLDEN_OPEN;
        count.same += pair->verdict == GOLDEN_SAME;
        count.differ += pair->verdict == GOLDEN_DIFFERS;
        count.open += pair->verdict == GOLDEN_OPEN;
        count.came_or_went += !pair->before || !pair->after;
        count.smallest = fmin(count.smallest, pair->p);
    }
    for (size_t i = 0; i < item->n_promises; i++)
        count.findings[item->promises[i].finding]++;
    return count;
}

bool golden_stale(const struct golden_item *item)
{
    struct golden_count count = golden_counted(item);
    return !item->blessed || item->changes || count.differ > 0 || count.came_or_went > 0;
}

bool golden_told(const struct golden_item *item)
{
    return golden_stale(item) || item->audit || golden_counted(item).findings[FINDING_UNMET] > 0;
}
