/* Visiting rows: what is set in a scenario, or every row there is. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "rows.h"

struct visit {
    const struct scenario *s; /* NULL: every row */
    param_visitor *visit;
    void *context;
};

static void visit_level(const struct visit *v, struct level level, const char *path);

static void visit_list(const struct visit *v, const struct param *row, size_t base,
                       const char *path)
{
    size_t n = v->s ? row_count(v->s, row, base) : 1;
    if (row->map && (!v->s || row_is_map(v->s, row, base)))
        visit_level(v, level_of_map(row, base), path);
    for (size_t i = 0; i < n; i++) {
        const char *name = v->s                ? row_element(v->s, row, base, i)
                           : row_is_named(row) ? "NAME"
                                               : "0";
        const char *inside = internf("%s.%s", path, name);
        struct param_ref ref = {row, base + row->offset + i * row->stride, row->element, NULL, 0};
        if (row->rows)
            visit_level(v, level_inside(row, base, i), inside);
        else
            v->visit(v->context, inside, row, v->s ? param_text(v->s, &ref) : NULL);
    }
}

static void visit_vary(const struct visit *v, const struct param *row, const char *path)
{
    if (!v->s)
        v->visit(v->context, path, row, NULL);
    for (size_t i = 0; v->s && i < (size_t)v->s->vary_count; i++) {
        const struct vary *vary = &v->s->vary[i];
        const char *text = "[";
        for (size_t k = 0; k < (size_t)vary->values_count; k++)
            text = internf("%s%s%s", text, k ? ", " : "", vary->values[k]);
        v->visit(v->context, internf("%s.%s", path, vary->path), row, internf("%s]", text));
    }
}

static void visit_row(const struct visit *v, const struct param *row, struct level owner,
                      const char *path)
{
    struct param_ref ref = {row, owner.base + row->offset, row->kind, owner.rows, owner.base};
    const char *text = NULL;
    if (row->kind == PARAM_GROUP)
        visit_level(v, level_inside(row, owner.base, 0), path);
    else if (row->kind == PARAM_LIST)
        visit_list(v, row, owner.base, path);
    else if (row->kind == PARAM_VARY)
        visit_vary(v, row, path);
    else if (!v->s || (text = param_text(v->s, &ref)))
        v->visit(v->context, path, row, text);
}

static void visit_level(const struct visit *v, struct level level, const char *path)
{
    if (v->s) {
        for (struct row_walk w = rows_begin(level); rows_next(v->s, &w);)
            if (!row_is_hidden(v->s, w.row, w.owner))
                visit_row(v, w.row, w.owner, row_path(path, w.row));
        return;
    }
    for (const struct param *row = level.rows; row->name; row++) {
        visit_row(v, row, level, row_path(path, row));
        if (row->kind != PARAM_MODEL)
            continue;
        for (const struct model *const *m = row->family->models; *m; m++)
            if ((*m)->rows)
                visit_level(v, (struct level){(*m)->rows, 0}, path);
    }
}

void param_each(const struct scenario *s, param_visitor *visit, void *context)
{
    struct visit v = {s, visit, context};
    visit_level(&v, (struct level){scenario_rows, 0}, "");
}
