#include "saving.h"

#include <stdlib.h>

#include "../sim/result/crew.h"
#include "../sim/result/save.h"
#include "../sim/result/save_set.h"
#include "options.h"

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
    save_begin(saving->folder);
    crew_each(saving->threads, TURNS, turn, turns);
    bool saved = turns->good[FILES] && turns->good[PICTURE] &&
                 save_bytes(saving->folder, saving->name, turns->png.data, turns->png.size,
                            &turns->errors[PICTURE]);
    if (saved)
        saved = save_commit(saving->folder, &turns->errors[PICTURE]);
    else
        save_drop(saving->folder);
    for (int i = 0; i < TURNS; i++)
        errors_print(&turns->errors[i]);
    bytes_free(&turns->png);
    free(turns);
    return saved;
}
