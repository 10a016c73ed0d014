#include "live.h"

#include <stdlib.h>
#include <string.h>

#include "../../sim/result/run.h"
#include "../shell/options.h"
#include "../words/overlay.h"

struct live {
    struct scenario loaded, s; /* without and with what was set */
    struct options given;      /* what was set, as on a command line; nothing else */
    const char *path[OPTIONS_MANY], *text[OPTIONS_MANY]; /* the same in parts; interned */
    unsigned jobs;
    atomic_bool *stop;
    struct result *result;
    uint64_t runs;
};

struct live *live_open(const struct scenario *s, unsigned jobs, atomic_bool *stop)
{
    struct live *live = xcalloc(1, sizeof *live);
    live->loaded = live->s = *s;
    live->jobs = jobs;
    live->stop = stop;
    return live;
}

void live_close(struct live *live)
{
    if (!live)
        return;
    result_free(live->result);
    free(live);
}

/* The scenario with all that was set; false, with errors, where that is none. */
static bool set_all(const struct live *live, struct scenario *s, struct errors *errors)
{
    struct places places = {0};
    size_t before = errors->n;
    *s = live->loaded;
    for (int i = 0; i < live->given.n_set; i++) {
        struct place at = {live->given.set[i], 0, 0};
        if (param_set(s, live->path[i], live->text[i], at, errors))
            places_add_text(&places, live->path[i], at, live->text[i]);
        else
            places_spoil(&places, live->path[i], true);
    }
    options_retitle(&live->given, &live->loaded, s);
    bool sound = scenario_check(s, &places, errors) && errors->n == before;
    places_free(&places);
    return sound;
}

bool live_set(struct live *live, const char *path, const char *text, struct errors *errors)
{
    struct live *next = xmalloc(sizeof *next);
    *next = *live;
    int i = 0;
    while (i < next->given.n_set && strcmp(next->path[i], path) != 0)
        i++;
    if (i == OPTIONS_MANY) {
        free(next);
        return error_at(errors, (struct place){path, 0, 0}, "more than %d keys are set",
                        OPTIONS_MANY);
    }
    next->path[i] = intern(path);
    next->text[i] = intern(text);
    next->given.set[i] = internf("%s=%s", path, text);
    next->given.n_set = i < next->given.n_set ? next->given.n_set : i + 1;
    bool sound = set_all(next, &next->s, errors);
    if (sound)
        *live = *next;
    free(next);
    return sound;
}

/* What decides how a result looks and is judged, and not what comes out. */
static void take_looks(struct scenario *s, const struct scenario *from)
{
    s->title = from->title;
    s->picture = from->picture;
    memcpy(s->objectives, from->objectives, sizeof s->objectives);
    s->objectives_count = from->objectives_count;
}

/* Whether the last result is that of the scenario as it is now, but for its looks; then it takes
 * these. */
static bool still_holds(const struct live *live)
{
    if (!live->result)
        return false;
    struct scenario *s = xmalloc(sizeof *s);
    memcpy(s, &live->result->scenario, sizeof *s);
    take_looks(s, &live->s);
    bool same = same_bits(s, &live->s, sizeof *s) &&
                scenario_records_queue(s) == scenario_records_queue(&live->result->scenario);
    free(s);
    if (same)
        take_looks(&live->result->scenario, &live->s);
    return same;
}

static void run_again(struct live *live)
{
    const struct run_options run = {
        .engine = engine_for(&live->s), .jobs = live->jobs, .stop = live->stop};
    result_free(live->result);
    live->result = run_scenario(&live->s, &run);
    live->runs++;
    if (live->result && live->result->interrupted) {
        result_free(live->result);
        live->result = NULL;
    }
}

bool live_draw(struct live *live, struct bytes *png, struct errors *errors)
{
    struct overlay overlay;
    *png = (struct bytes){0};
    if (!still_holds(live))
        run_again(live);
    if (!live->result)
        return false;
    const struct result *result = live->result;
    bool known = overlay_make(&result, 1, &overlay);
    bool drawn = plot_spectrogram(result, known ? &overlay.known : NULL, png, errors);
    overlay_free(&overlay);
    return drawn;
}

uint64_t live_runs(const struct live *live)
{
    return live->runs;
}

const struct result *live_result(const struct live *live)
{
    return live->result;
}
