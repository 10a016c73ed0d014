#include "folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../plots/png.h"
#include "../../sim/result/save_set.h"
#include "../../sim/scenario/config.h"
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

static const char with[] = "# with: ";

char *folder_list(char *text, const char *folder)
{
    const char *names = save_set_names(folder);
    if (!text || !*names)
        return text;
    const char *remark = internf("%s%s\n", with, names);
    size_t size = strlen(text) + strlen(remark) + 1;
    text = xrealloc(text, size);
    memcpy(text + strlen(text), remark, strlen(remark) + 1);
    return text;
}

/* Whether the list, as save_set_names has it, has the name. */
static bool lists(const char *names, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = names; (at = strstr(at, name)); at++)
        if ((at == names || at[-1] == ' ') && (at[n] == '\0' || at[n] == ','))
            return true;
    return false;
}

void folder_drop_stale(const char *folder, const char *name)
{
    struct errors none = {0};
    struct bytes there;
    const char *path = internf("%s/%s", folder, name), *now = save_set_names(folder);
    if (access(path, F_OK) != 0 || !file_read(path, &there, &none))
        return;
    const char *text = (const char *)there.data, *line = strstr(text, with);
    for (const char *at = line ? line + strlen(with) : ""; *at && *at != '\n';) {
        size_t n = strcspn(at, ",\n");
        const char *old = internf("%.*s", (int)n, at);
        if (*old && *old != '.' && !strchr(old, '/') && !lists(now, old))
            save_gone(folder, old);
        at += n;
        at += strspn(at, ", ");
    }
    if (line && !lists(now, intern(name)))
        save_gone(folder, name);
    bytes_free(&there);
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
