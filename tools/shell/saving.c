#include "saving.h"

#include <stdlib.h>
#include <string.h>

#include "../../plots/canvas.h"
#include "../../sim/result/crew.h"
#include "../../sim/result/save.h"
#include "../../sim/result/save_set.h"
#include "options.h"

static const char *named; /* where else the picture goes; NULL: nowhere */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n > m && strcmp(text + n - m, end) == 0;
}

bool saving_names_picture(const char *file)
{
    return ends_with(file, ".png") || ends_with(file, ".svg");
}

void saving_also(const char *file)
{
    named = file;
    if (ends_with(file, ".svg"))
        canvas_keep_svg();
}

bool saving_picture(const struct bytes *png, struct errors *errors)
{
    if (!named)
        return true;
    const char *slash = strrchr(named, '/'), *name = slash ? slash + 1 : named;
    const char *folder = !slash           ? "."
                         : slash == named ? "/"
                                          : internf("%.*s", (int)(slash - named), named);
    if (!ends_with(named, ".svg"))
        return save_bytes(folder, name, png->data, png->size, errors);
    struct bytes svg;
    bool good = canvas_take_svg(&svg) && save_bytes(folder, name, svg.data, svg.size, errors);
    bytes_free(&svg);
    return good;
}

static pthread_t preparing;
static bool is_preparing;

static void *prepare(void *nothing)
{
    plot_prepare();
    return nothing;
}

static void be_ready(void)
{
    if (is_preparing)
        pthread_join(preparing, NULL);
    is_preparing = false;
}

void saving_prepare(unsigned jobs)
{
    if (crew_size(jobs) < 2 || is_preparing)
        return;
    is_preparing = crew_thread(&preparing, prepare, NULL);
    atexit(be_ready); /* what it uses goes away with the process */
}

enum { PICTURE, FILES, TURNS };

struct turns {
    const struct saving *saving;
    struct bytes png;
    bool good[TURNS];
    struct errors errors[TURNS];
};

static void turn(void *context, size_t i)
{
    struct turns *turns = context;
    const struct saving *saving = turns->saving;
    turns->good[i] = i == PICTURE
                         ? saving->picture(saving->context, &turns->png, &turns->errors[i])
                         : saving->files(saving->context, saving->folder, &turns->errors[i]);
}

bool saving_done(const struct saving *saving)
{
    struct turns *turns = xcalloc(1, sizeof *turns);
    turns->saving = saving;
    be_ready();
    save_begin(saving->folder);
    crew_each(saving->threads, TURNS, turn, turns);
    bool saved = turns->good[FILES] && turns->good[PICTURE] &&
                 save_bytes(saving->folder, saving->name, turns->png.data, turns->png.size,
                            &turns->errors[PICTURE]);
    if (saved)
        saved = save_commit(saving->folder, &turns->errors[PICTURE]) &&
                saving_picture(&turns->png, &turns->errors[PICTURE]);
    else
        save_drop(saving->folder);
    for (int i = 0; i < TURNS; i++)
        errors_print(&turns->errors[i]);
    bytes_free(&turns->png);
    free(turns);
    return saved;
}
