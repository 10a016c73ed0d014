#include "folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../plots/png.h"
#include "../sim/scenario/config.h"
#include "golden_folder.h"

#define FNV_START UINT64_C(0xcbf29ce484222325)

static const char *asked; /* interned; NULL: nothing was */

static uint64_t add(uint64_t h, const char *text)
{
    for (; text && *text; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (h ^ 0x1f) * UINT64_C(0x100000001b3); /* between texts */
}

static uint64_t add_all(uint64_t h, const char *const *texts, int n)
{
    for (int i = 0; i < n; i++)
        h = add(h, texts[i]);
    return add(h, "");
}

static const char *hash(const struct options *o, const struct scenario *s, const char *command)
{
    char *text = config_text(s);
    uint64_t h = add(add(FNV_START, command), text);
    free(text);
    h = add_all(h, o->vary, o->n_vary);
    h = add_all(h, o->slo, o->n_slo);
    h = add(add(h, o->cost), o->measure);
    h = add(h, internf("%g %g %g %d", o->confidence, o->max_tasks, o->relative, o->simulated));
    return internf("%016llx", (unsigned long long)h);
}

static const char *numbered(const char *base, int i)
{
    return i == 1 ? intern(base) : internf("%s-%d", base, i);
}

/* Whether an answer is one to what is asked now. */
static bool is_answer(const char *file)
{
    struct errors errors = {0};
    struct bytes bytes;
    if (!file_read(file, &bytes, &errors))
        return false;
    const char *text = (const char *)bytes.data;
    bool same = strstr(text, internf("\"asked\": \"%s\"", asked)) != NULL ||
                strstr(text, internf("# asked: %s\n", asked)) != NULL;
    bytes_free(&bytes);
    return same;
}

/* -o's, or the first that has no answer of the kind, or this one. */
static const char *choose(const struct options *o, const char *base, const char *name)
{
    const char *folder = base;
    for (int i = 1; !o->folder; i++) {
        folder = numbered(base, i);
        const char *file = internf("%s/%s", folder, name);
        if (access(file, F_OK) != 0 || is_answer(file))
            break;
    }
    return folder;
}

const char *folder_for_answer(const struct options *o, const struct scenario *s,
                              const char *command, const char *name)
{
    asked = hash(o, s, command);
    return choose(o, options_folder(o), name);
}

const char *folder_for_log(const struct options *o, const char *base, const char *name, char *text)
{
    asked = internf("%016llx", (unsigned long long)add(FNV_START, text));
    free(text);
    return choose(o, base, name);
}

char *folder_mark(char *text)
{
    if (!asked || !text)
        return text;
    const char *mark =
        text[0] == '{' ? internf("{\n \"asked\": \"%s\",", asked) : internf("# asked: %s\n", asked);
    size_t size = strlen(mark) + strlen(text) + 1;
    char *marked = xmalloc(size);
    if (text[0] == '{')
        snprintf(marked, size, "%s%s", mark, text + 1);
    else
        snprintf(marked, size, "%s%s", text, mark);
    free(text);
    return marked;
}

const char *folder_unused(const char *base, const char *name, const void *bytes, size_t size)
{
    const char *folder = base;
    for (int i = 1;; i++) {
        folder = numbered(base, i);
        struct errors errors = {0};
        struct bytes there;
        const char *file = internf("%s/%s", folder, name);
        if (access(file, F_OK) != 0)
            return folder;
        if (!file_read(file, &there, &errors))
            continue;
        bool same = there.size == size && memcmp(there.data, bytes, size) == 0;
        bytes_free(&there);
        if (same)
            return folder;
    }
}
