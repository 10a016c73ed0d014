/* The forms that a group may be written in: a single value, a list, a mapping from names. And what
 * stages say of the keys of a single one, and a single one of those of stages. */
#include <ctype.h>
#include <string.h>

#include "distribution.h"
#include "rows.h"

const struct param *rows_flagged(struct level level, unsigned flags)
{
    for (const struct param *row = level.rows; row && row->name; row++)
        if (row->flags & flags)
            return row;
    return NULL;
}

const struct param *rows_open(struct level level, const char *name)
{
    char owners[200];
    const struct param *open = rows_flagged(level, PARAM_OPEN);
    return open && !rows_owners(level, name, owners, sizeof owners) ? open : NULL;
}

const char *row_name(const struct scenario *s, const struct param *row, size_t base, size_t index)
{
    const char *name = *text_field(s, base + row->names + index * row->stride);
    return name ? name : "";
}

size_t row_named(const struct scenario *s, const struct param *row, size_t base, const char *name)
{
    size_t n = row_count(s, row, base);
    for (size_t i = 0; i < n; i++)
        if (strcmp(row_name(s, row, base, i), name) == 0)
            return i;
    return SIZE_MAX;
}

const char *row_element(const struct scenario *s, const struct param *row, size_t base,
                        size_t index)
{
    return row_is_named(row) ? row_name(s, row, base, index) : internf("%zu", index);
}

const char *row_path(const char *path, const struct param *row)
{
    if (row->flags & PARAM_BARE)
        return path;
    return *path ? internf("%s.%s", path, row->name) : intern(row->name);
}

/* ---- a single value ---- */

static bool is_like_number(const char *text)
{
    return isdigit((unsigned char)*text) || (*text && strchr("+-.", *text));
}

static bool fits(const struct param *row, const char *text, bool last)
{
    if (row->kind == PARAM_CHOICE) {
        for (const char *const *choice = row->choices; *choice; choice++)
            if (strcmp(*choice, text) == 0)
                return true;
        return false;
    }
    if (row->flags & PARAM_CONSTANT)
        return is_like_number(text) || strcmp(text, "none") == 0;
    return last || row->kind == PARAM_TEXT || row->kind == PARAM_MODEL
               ? last || !is_like_number(text)
               : is_like_number(text);
}

static struct param_ref ref_of(const struct param *row, struct level level)
{
    return (struct param_ref){row, level.base + row->offset, row->kind, level.rows, level.base};
}

/* The value of the constant law that is chosen. */
static bool constant_value(const struct scenario *s, const struct param *row, struct level level,
                           struct param_ref *ref)
{
    const struct model *chosen = *model_field(s, level.base + row->offset);
    if (!chosen || !((const struct distribution *)chosen)->constant)
        return false;
    *ref = ref_of(chosen->rows, (struct level){chosen->rows, level.base + row->block});
    return true;
}

bool rows_word(const struct scenario *s, struct level level, const char *text,
               struct param_ref *ref)
{
    for (const struct param *row = level.rows; row && row->name; row++) {
        if (!(row->flags & PARAM_WORD))
            continue;
        bool last = !rows_flagged((struct level){row + 1, 0}, PARAM_WORD);
        struct param_ref found = ref_of(row, level);
        if (text ? fits(row, text, last && !(row->flags & PARAM_CONSTANT))
                 : param_is_numeric(&found) && row_is_set(s, row, level.base)) {
            *ref = found;
            return true;
        }
        if (!text && row->flags & PARAM_CONSTANT && constant_value(s, row, level, ref))
            return true;
    }
    return false;
}

/* ---- one stage, and several ---- */

static bool is_key(const struct param *row, struct level owner, const char *const *keys)
{
    if (owner.rows != scenario_rows)
        return false;
    for (; *keys; keys++)
        if (strcmp(row->name, *keys) == 0)
            return true;
    return false;
}

const char *row_moot(const struct scenario *s, const struct param *row, struct level owner)
{
    static const char *const of_stage[] = {"consumers", "buffer", "replicas", "balancer",
                                           "throttle",  "limit",  NULL};
    static const char *const of_source[] = {"arrivals", "client", NULL};
    if (s->stages_count > 0 && is_key(row, owner, of_stage))
        return internf("'%s' is short for that of a single stage, and here are 'stages': give it "
                       "to one of them (stages.%s.%s)",
                       row->name, stage_core(s, 0)->name, row->name);
    if (s->sources_count > 0 && is_key(row, owner, of_source))
        return internf("'%s' is short for a single source, and here are 'sources': give its keys "
                       "to one of them (sources.%s.%s)",
                       row->name, source_core(s, 0)->name,
                       strcmp(row->name, "client") == 0 ? "client" : "rate");
    if (owner.rows && owner.rows->flags & PARAM_WORD && owner.rows->kind == PARAM_TEXT &&
        row != owner.rows && (row->flags & PARAM_BARE) == 0 &&
        strcmp(owner.rows->name, "pool") == 0 && *text_field(s, owner.base + owner.rows->offset))
        return internf("these are the consumers of '%s': set '%s' there",
                       *text_field(s, owner.base + owner.rows->offset), row->name);
    return NULL;
}

const char *short_path(const struct scenario *s, const char *path)
{
    static const char *const kept[] = {"consumers", "buffer",   "replicas",
                                       "balancer",  "throttle", "limit"};
    static const char *const tasks[] = {"size", "timeout"};
    const char *stage = "stages.main.", *source = "sources.main.";
    const char *client = "client";
    if (s->sources_count == 0 && strncmp(path, source, strlen(source)) == 0 &&
        strncmp(path + strlen(source), client, strlen(client)) == 0)
        return intern(path + strlen(source));
    if (s->sources_count == 0 && strncmp(path, source, strlen(source)) == 0)
        return internf("arrivals.%s", path + strlen(source));
    if (s->stages_count > 0 || strncmp(path, stage, strlen(stage)) != 0)
        return path;
    const char *key = path + strlen(stage);
    size_t length = strcspn(key, ".");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (strlen(kept[i]) == length && strncmp(kept[i], key, length) == 0)
            return intern(key);
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        if (strlen(tasks[i]) == length && strncmp(tasks[i], key, length) == 0)
            return internf("tasks.%s", key);
    return path;
}
