#include "panels.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/describe.h"
#include "../../plots/plot.h"
#include "../../sim/scenario/config.h"
#include "../../sim/scenario/sweep.h"
#include "outside.h"

/* What is loaded before panels are made of it. */
struct base {
    struct scenario scenario;
    struct places places;
    const char *file;
};

struct bases {
    struct base *items;
    size_t n;
};

static bool add_value(struct vary *vary, const char *text, struct place at, struct errors *errors)
{
    if ((int)vary->values_count == MAX_VARY_VALUES)
        return error_at(errors, at, "more than %d values", MAX_VARY_VALUES);
    vary->values[(int)vary->values_count++] = text;
    return true;
}

/* "2..4", "2..10..2", "20%..80%..20%": from, to and, of what is not counted in ones, the step, all
 * in the same unit. False, without an error, where that is none. */
static bool add_range(struct vary *vary, const char *text, struct place at, struct errors *errors)
{
    double number[3] = {0, 0, NAN};
    const char *rest = text, *unit = NULL;
    int n = 0;
    while (n < 3) {
        char *end;
        const char *dots = strstr(rest, "..");
        const char *one = internf("%.*s", dots ? (int)(dots - rest) : (int)strlen(rest), rest);
        double value = strtod(one, &end);
        const char *own = intern(end);
        if (end == one || !isfinite(value))
            return false;
        number[n++] = value;
        if (unit && unit != own) /* interned */
            return error_at(errors, at, "%s: from, to and step must have the same unit", text);
        unit = own;
        if (!dots)
            break;
        rest = dots + 2;
    }
    if (n < 2)
        return false;
    bool whole = number[0] == floor(number[0]) && number[1] == floor(number[1]) && *unit == '\0';
    if (n == 2 && !whole)
        return error_at(errors, at, "%s: it takes a step, such as 20%%..80%%..20%%", text);
    double step = n == 2 ? 1 : fabs(number[2]), length = fabs(number[1] - number[0]);
    if (!(step > 0))
        return error_at(errors, at, "%s: the step must be above 0", text);
    for (double i = 0; i * step <= length * (1 + 1e-9); i++)
        if (!add_value(
                vary,
                internf("%.12g%s", number[0] + copysign(i * step, number[1] - number[0]), unit), at,
                errors))
            return false;
    return true;
}

/* --vary replaces whatever the file wants to be varied. */
static bool apply_vary(const struct options *o, struct scenario *s, struct places *places,
                       struct errors *errors)
{
    if (o->n_vary == 0)
        return true;
    memset(s->vary, 0, sizeof s->vary);
    s->vary_count = 0;
    for (int i = 0; i < o->n_vary; i++) {
        struct place at;
        const char *path, *text = options_split("--vary", o->vary[i], &path, &at, errors);
        if (!text)
            continue;
        if (i == MAX_VARY)
            return error_at(errors, at, "at most %d keys can be varied at once", MAX_VARY);
        struct vary *vary = &s->vary[(int)s->vary_count];
        s->vary_count++;
        vary->path = path;
        options_note_bare(s, internf("--vary %s", o->vary[i]), path, text);
        places_add(places, internf("compare.vary.%s", path), at);
        for (const char *end; text; text = end ? end + 1 : NULL) {
            end = param_comma(text);
            const char *piece = internf("%.*s", end ? (int)(end - text) : (int)strlen(text), text);
            size_t before = errors->n;
            if (add_range(vary, piece, at, errors))
                continue;
            if (errors->n > before || !add_value(vary, piece, at, errors))
                return false;
        }
    }
    return errors->n == 0;
}

static size_t combinations(const struct scenario *s)
{
    size_t n = 1;
    for (int i = 0; i < (int)s->vary_count; i++)
        n *= (size_t)s->vary[i].values_count;
    return n;
}

static struct base *bases_add(struct bases *bases, const char *file)
{
    bases->items = xrealloc(bases->items, (bases->n + 1) * sizeof *bases->items);
    struct base *base = &bases->items[bases->n++];
    memset(base, 0, sizeof *base);
    base->file = file;
    param_defaults(&base->scenario);
    return base;
}

static void bases_free(struct bases *bases)
{
    for (size_t i = 0; i < bases->n; i++)
        places_free(&bases->items[i].places);
    free(bases->items);
}

/* The whole of a file if it is a picture; NULL if it is not, or cannot be read. */
static unsigned char *picture_bytes(const char *file, size_t *size)
{
    FILE *in = fopen(file, "rb");
    unsigned char *bytes = NULL;
    size_t capacity = 0;
    *size = 0;
    while (in && !feof(in) && !ferror(in)) {
        if (*size == capacity) {
            capacity = capacity ? 2 * capacity : 1 << 16;
            bytes = xrealloc(bytes, capacity);
        }
        *size += fread(bytes + *size, 1, capacity - *size, in);
        if (!png_is(bytes, *size))
            break;
    }
    bool whole = in && feof(in) && png_is(bytes, *size);
    if (in)
        fclose(in);
    if (whole)
        return bytes;
    free(bytes);
    return NULL;
}

/* The scenarios that a comparison was made of, from its picture: it holds that of every panel, and
 * those that differ in varied keys only come from one scenario. */
static bool load_picture(const char *file, const unsigned char *bytes, size_t size,
                         struct bases *bases, struct errors *errors)
{
    size_t chunk = 1;
    for (;;) {
        char *text = png_note(bytes, size,
                              chunk == 1 ? "queuescope:scenario"
                                         : internf("queuescope:scenario.%zu", chunk));
        if (!text)
            break;
        struct base *base = bases_add(bases, file);
        bool read =
            config_read_picture(file, text, strlen(text), &base->scenario, &base->places, errors);
        free(text);
        if (!read)
            return false;
        chunk += combinations(&base->scenario);
    }
    return chunk > 1 || error_at(errors, (struct place){file, 0, 0},
                                 "this picture holds no scenario: queuescope did not draw it");
}

static bool load(const char *file, struct bases *bases, struct errors *errors)
{
    size_t size;
    unsigned char *bytes = picture_bytes(file, &size);
    if (!bytes) {
        struct base *base = bases_add(bases, file);
        return config_load(file, NULL, &base->scenario, &base->places, errors);
    }
    bool loaded = load_picture(file, bytes, size, bases, errors);
    free(bytes);
    return loaded;
}

/* Several scenarios are told apart by their titles; one without gets its file's name. */
static void give_titles(struct bases *bases)
{
    for (size_t i = 0; bases->n > 1 && i < bases->n; i++) {
        struct scenario *s = &bases->items[i].scenario;
        if (!s->title)
            s->title = base_name(bases->items[i].file);
        for (size_t j = 0; j < i; j++)
            if (strcmp(s->title, bases->items[j].scenario.title) == 0)
                s->title = internf("%s (%zu)", s->title, i + 1);
    }
}

/* Combination number `c` of the varied values of a scenario; the last key moves fastest. */
static bool make_panel(struct base *base, bool several, size_t c, struct panel *panel,
                       struct errors *errors)
{
    size_t before = errors->n, values = 0;
    const struct scenario *from = &base->scenario;
    panel->scenario = *from;
    panel->title = panel->heading = "";
    if (several)
        panel->values[values++] = panel->title = panel->heading = from->title;
    size_t left = combinations(from);
    for (int i = 0; i < (int)from->vary_count; i++) {
        const struct vary *vary = &from->vary[i];
        left /= (size_t)vary->values_count;
        const char *text = vary->values[c / left % (size_t)vary->values_count];
        struct place at = places_find(&base->places, internf("compare.vary.%s", vary->path));
        param_set(&panel->scenario, vary->path, text, at, errors);
        places_add_text(&base->places, param_path(&panel->scenario, vary->path), at, text);
        panel->title =
            internf("%s%s%s = %s", panel->title, *panel->title ? ", " : "", vary->path, text);
        panel->heading = internf("%s%s%s", panel->heading, *panel->heading ? ", " : "",
                                 describe_varied(&panel->scenario, vary->path, text));
        panel->values[values++] = text;
    }
    while (values < PANEL_KEYS)
        panel->values[values++] = "";
    panel->scenario.run.windows = NAN; /* of `run` */
    if (scenario_seeks_precision(&panel->scenario))
        error_at(
            errors, places_find(&base->places, "run.precision"),
            "run.precision is of `run`: the panels of a comparison have the same replications, "
            "so that they can be told apart in pairs");
    return errors->n == before && scenario_check(&panel->scenario, &base->places, errors);
}

/* Several scenarios must vary the same keys: a panel of one has its place in a table of all. */
static bool make_keys(const struct bases *bases, struct panels *panels, struct errors *errors)
{
    assert(bases->n > 0);
    const struct scenario *first = &bases->items[0].scenario;
    if (bases->n > 1)
        panels->keys[panels->n_keys++] = "scenario";
    for (int i = 0; i < (int)first->vary_count; i++)
        panels->keys[panels->n_keys++] = first->vary[i].path;
    for (size_t b = 1; b < bases->n; b++) {
        const struct scenario *s = &bases->items[b].scenario;
        bool same = s->vary_count == first->vary_count;
        for (int i = 0; same && i < (int)s->vary_count; i++)
            same = s->vary[i].path == first->vary[i].path;
        if (!same)
            return error_at(errors, places_find(&bases->items[b].places, "compare.vary"),
                            "%s and %s vary different keys; --vary gives all the same",
                            bases->items[0].file, bases->items[b].file);
    }
    return true;
}

static bool same_sweep(const struct scenario *a, const struct scenario *b)
{
    if (!sweep_name(a) || !sweep_name(b))
        return sweep_name(a) == sweep_name(b);
    if (strcmp(sweep_name(a), sweep_name(b)) != 0 || a->sweep.mode != b->sweep.mode ||
        sweep_columns(a) != sweep_columns(b))
        return false;
    if (sweep_drifts(a) && a->run.duration != b->run.duration)
        return false;
    for (uint32_t column = 0; column < sweep_columns(a); column++)
        if (sweep_value(a, column) != sweep_value(b, column))
            return false;
    return true;
}

static bool combine(struct bases *bases, size_t most, struct panels *panels, struct errors *errors)
{
    struct place nowhere = {"compare", 0, 0};
    size_t total = 0;
    for (size_t b = 0; b < bases->n; b++)
        total += combinations(&bases->items[b].scenario);
    if (bases->n == 1 && bases->items[0].scenario.vary_count == 0)
        return error_at(errors, nowhere,
                        "nothing to compare: name several scenarios, or --vary PATH=V1,V2,...");
    if (total > most)
        return error_at(errors, nowhere,
                        most == PLOT_PANELS ? "%zu panels: a picture holds at most %zu"
                                            : "%zu combinations: at most %zu",
                        total, most);
    panels->items = xcalloc(total, sizeof *panels->items);
    for (size_t b = 0; b < bases->n; b++) {
        struct base *base = &bases->items[b];
        base->scenario.seed = bases->items[0].scenario.seed;
        for (size_t c = 0; c < combinations(&base->scenario); c++) {
            struct panel *panel = &panels->items[panels->n++];
            if (!make_panel(base, bases->n > 1, c, panel, errors))
                return false;
            if (panels->items[0].scenario.picture.measure != panel->scenario.picture.measure)
                return error_at(errors, places_find(&base->places, "picture.measure"),
                                "panel '%s' is of another picture.measure than the first: panels "
                                "share their axes",
                                panel->title);
            if (!same_sweep(&panels->items[0].scenario, &panel->scenario))
                return error_at(errors, places_find(&base->places, "sweep"),
                                "panel '%s' has another sweep than the first: panels share their "
                                "axes",
                                panel->title);
        }
    }
    return true;
}

/* What is set and yet not run, in the first panel as in all of them. */
static void note_replaced(const struct options *o, const struct bases *bases)
{
    const struct scenario *s = &bases->items[0].scenario;
    options_note_swept(o, s);
    for (int i = 0; i < (int)s->vary_count; i++) {
        struct scenario *at = xmalloc(sizeof *at);
        struct errors none = {0};
        *at = *s;
        param_set(at, s->vary[i].path, s->vary[i].values[0], (struct place){0}, &none);
        options_note_replaced(o, s, at, s->vary[i].path, "the variation of");
        free(at);
    }
}

bool panels_make(const struct options *o, size_t most, struct panels *panels, struct errors *errors)
{
    struct bases bases = {0};
    memset(panels, 0, sizeof *panels);
    for (int i = 0; i < o->n_scenarios; i++)
        load(o->scenarios[i], &bases, errors);
    for (size_t b = 0; b < bases.n; b++) {
        struct base *base = &bases.items[b];
        struct scenario *before = xmalloc(sizeof *before);
        *before = base->scenario;
        options_apply(o, &base->scenario, &base->places, errors);
        if (bases.n == 1) /* else titles are the names of panels */
            options_retitle(o, before, &base->scenario);
        free(before);
        apply_vary(o, &base->scenario, &base->places, errors);
        outside_note(&base->scenario, &base->places);
        /* What could be read is judged too, so that all errors of a file are told at once. */
        if (places_any_spoilt(&base->places))
            scenario_check(&base->scenario, &base->places, errors);
    }
    give_titles(&bases);
    bool made = errors->n == 0 && make_keys(&bases, panels, errors) &&
                combine(&bases, most, panels, errors);
    if (made)
        note_replaced(o, &bases);
    bases_free(&bases);
    return made;
}

void panels_free(struct panels *panels)
{
    free(panels->items);
    memset(panels, 0, sizeof *panels);
}
