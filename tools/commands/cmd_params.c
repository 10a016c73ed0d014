/* queuescope params [PATH]: the manual of scenario keys, from the rows that parse them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "../../sim/events/waiting.h"
#include "../../sim/scenario/balancer.h"
#include "../../sim/scenario/distribution.h"
#include "../../sim/scenario/planned.h"
#include "../../sim/scenario/policy.h"
#include "../../sim/scenario/process.h"
#include "../../sim/scenario/scenario.h"
#include "../shell/command.h"
#include "../shell/terminal.h"

enum { WIDTH = 90, INDENT = 30 };

static const struct family *const families[] = {
    &process_family, &distribution_family, &discipline_family, &policy_family, &balancer_family};
enum { FAMILIES = sizeof families / sizeof families[0] };

static void wrap(const char *text, int column, int indent)
{
    terminal_wrap(stdout, text, column, indent, WIDTH);
}

static const char *words(const char *const *list)
{
    const char *text = "";
    for (; *list; list++)
        text = internf("%s%s%s", text, *text ? " | " : "", *list);
    return text;
}

static const char *kind_text(const struct param *row, enum param_kind kind)
{
    const char *models = "";
    switch (kind) {
    case PARAM_NUMBER:
        return "number";
    case PARAM_COUNT:
        return "whole number";
    case PARAM_DURATION:
        return "duration";
    case PARAM_RATE:
        return "rate";
    case PARAM_SHARE:
        return "share";
    case PARAM_BYTES:
        return "amount of memory";
    case PARAM_FLAG:
        return "yes | no";
    case PARAM_AMOUNT:
        return "auto | number of tasks | duration | percentage";
    case PARAM_TEXT:
        return "text";
    case PARAM_FILE:
        return "file (relative: to the scenario's folder)";
    case PARAM_CHOICE:
        return words(row->choices);
    case PARAM_MODEL:
        for (const struct model *const *m = row->family->models; *m; m++)
            models = internf("%s%s%s", models, *models ? " | " : "", (*m)->name);
        return models;
    case PARAM_SWEPT:
        return "in the parameter's unit";
    case PARAM_VARY:
        return "path: [value, ...]";
    case PARAM_PLANNED:
        return "not yet";
    case PARAM_LIST:
        return row->rows ? "list" : internf("list, each: %s", kind_text(row, row->element));
    case PARAM_GROUP: /* only those that choose a distribution are listed as keys */
        return "distribution, or a duration";
    }
    return "";
}

/* What is listed: keys within `wanted` ("": all), `lead` blanks before each. Where something is
 * asked for, the keys that each model brings are listed at their full paths, with the model. */
struct listing {
    const char *wanted;
    int lead;
    const char *model;
};

/* Whether `path` is `wanted` or below it; a name in capitals stands for any. */
static bool is_within(const char *path, const char *wanted)
{
    while (*wanted) {
        size_t n = strcspn(path, "."), m = strcspn(wanted, ".");
        bool any = n > 0 && isupper((unsigned char)*path) && m > 0;
        if (!any && (n != m || strncmp(path, wanted, n) != 0))
            return false;
        path += n + (path[n] == '.');
        wanted += m + (wanted[m] == '.');
        if (!*path && *wanted)
            return false;
    }
    return true;
}

/* Type, range, default; then what it means. */
static void print_row(const struct listing *list, const char *path, const struct param *row)
{
    int lead = list->lead;
    enum param_kind kind = row->kind == PARAM_LIST ? row->element : row->kind;
    /* where the times of a law are amounts (param_unit) */
    bool bytes = kind == PARAM_DURATION && is_within(path, "tasks.bytes");
    struct param_ref ref = {row, bytes ? offsetof(struct scenario, bytes) : 0, kind, NULL, 0};
    const char *type = kind_text(row, bytes ? PARAM_BYTES : row->kind);
    char range[200];
    bool numeric = param_is_numeric(&ref) && !(row->kind == PARAM_LIST && row->rows);
    param_range(&ref, range, sizeof range);
    if (numeric && strcmp(range, "any number") != 0)
        type = internf("%s, %s", type, range);
    if (row->preset)
        type = internf("%s; default %s", type, row->preset);
    if (row->flags & PARAM_REQUIRED)
        type = internf("%s; required", type);
    if (row->flags & PARAM_DRIFTS)
        type = internf("%s; can drift", type);
    if (list->model)
        type = internf("of %s: %s", list->model, type);
    if (lead + (int)strlen(path) < INDENT)
        printf("%*s%-*s ", lead, "", INDENT - lead - 1, path);
    else
        printf("%*s%s\n%*s", lead, "", path, INDENT, "");
    wrap(type, INDENT, INDENT);
    printf("%*s", INDENT, "");
    wrap(row->help, INDENT, INDENT);
}

static const char *join(const char *path, const char *name)
{
    return *path ? internf("%s.%s", path, name) : name;
}

static const char *law_help(const char *path, const char *help)
{
    return internf("%s; choose it by %s.distribution, its parameters stand beside that", help,
                   path);
}

/* The path of the elements of a list. */
static const char *element(const struct param *row, const char *path)
{
    bool open = row->flags & PARAM_OPEN, stage = row->element == PARAM_SHARE;
    return internf("%s.%s", path,
                   open                       ? stage ? "STAGE" : "CLASS"
                   : row->flags & PARAM_NAMED ? "NAME"
                                              : "0");
}

static int print_rows(const struct listing *list, const struct param *rows, const char *path);

static int print_inside(const struct listing *list, const struct param *row, const char *path,
                        const char *inside)
{
    bool law = row->rows == law_rows, deep = *list->wanted;
    int n = 0;
    if (row->kind == PARAM_GROUP && (!law || deep))
        n += print_rows(list, row->rows, inside);
    if (row->kind == PARAM_LIST && row->rows && (!law || deep))
        n += print_rows(list, row->rows, element(row, inside));
    if (row->map)
        n += print_rows(list, row->map, inside);
    if (row->kind == PARAM_MODEL && deep)
        for (const struct model *const *m = row->family->models; *m; m++)
            n += print_rows(&(struct listing){list->wanted, list->lead, (*m)->name}, (*m)->rows,
                            path);
    return n;
}

/* The percentiles by which a law may be given, together: one line for all of them. */
static void print_quantiles(const struct listing *list, const struct param *row)
{
    const char *names = row->name;
    while (row[1].name && (row[1].flags & PARAM_QUANTILE))
        names = internf("%s %s", names, (++row)->name);
    printf("%*s", list->lead, "");
    wrap(names, list->lead, list->lead);
    printf("%*s", INDENT, "");
    wrap("durations; percentiles in place of the law's own parameters, as many as these are",
         INDENT, INDENT);
}

/* The rows of a table below `path`, as far as they are within what is wanted; how many. */
static int print_rows(const struct listing *list, const struct param *rows, const char *path)
{
    int n = 0;
    for (const struct param *row = rows; row && row->name; row++) {
        bool bare = row->flags & PARAM_BARE, open = row->flags & PARAM_OPEN;
        const char *inside = bare ? path : join(path, row->name);
        struct param shown = *row;
        if (open)
            shown.kind = row->rows ? PARAM_GROUP : row->element;
        bool law = row->rows == law_rows;
        if ((row->flags & PARAM_QUANTILE) && !*list->wanted) {
            if (row == rows || !(row[-1].flags & PARAM_QUANTILE))
                print_quantiles(list, row);
            continue;
        }
        if (law)
            shown.help = law_help(open ? element(row, inside) : inside, row->help);
        bool later = row->kind == PARAM_PLANNED && !*list->wanted; /* print_all_planned */
        const char *shown_at = open ? element(row, inside) : inside;
        if (is_within(shown_at, list->wanted) && (row->kind != PARAM_GROUP || law) && !later) {
            print_row(list, shown_at, &shown);
            n++;
        }
        n += print_inside(list, row, path, inside);
    }
    return n;
}

static const struct listing top = {"", 2, NULL};

static void print_model(const struct model *model)
{
    printf("\n");
    int used = printf("  %-*s ", INDENT - 3, model->name);
    wrap(model->help, used, INDENT);
    print_rows(&(struct listing){"", 4, NULL}, model->rows, "");
}

static void print_family(const struct family *family, const char *where)
{
    putchar('\n');
    wrap(internf("%s (%s)", family->what, where), 0, 0);
    for (const struct model *const *m = family->models; *m; m++)
        print_model(*m);
    if (*family->planned)
        printf("\n  not yet: %s\n", words(family->planned));
}

static const char *where(const struct family *family)
{
    return family == &process_family        ? "arrivals.process; its keys stand in arrivals"
           : family == &distribution_family ? "wherever a distribution is chosen; its keys stand "
                                              "beside the choice, such as tasks.size.alpha"
           : family == &discipline_family   ? "consumers.discipline"
           : family == &balancer_family     ? "balancer, or balancer.algorithm"
                                            : "buffer.when_full";
}

static void print_all(void)
{
    wrap("Every key of a scenario file. The same paths serve --set PATH=VALUE, --vary PATH=V1,V2 "
         "and sweep.parameter (numbers only). Elements of a list are counted from 0; NAME, STAGE "
         "and CLASS stand for the names of "
         "sources, stages and classes, and in --set and --vary * for all of them.",
         0, 0);
    wrap("duration 250ms 1.5s 2h (ns us ms s m h d) - rate 4/s 240/min 4k/s 1M/h - number 5 1e6 "
         "20k 1M - share 0.2 20%",
         0, 0);
    for (const struct param *row = scenario_rows; row->name; row++) {
        bool named = row->flags & PARAM_NAMED;
        if (row->kind != PARAM_GROUP && !named) {
            print_rows(&top, (const struct param[]){*row, {0}}, "");
            continue;
        }
        printf("\n%s: %s\n", row->name, row->help);
        print_rows(&top, row->rows, named ? element(row, row->name) : row->name);
    }
    for (size_t i = 0; i < FAMILIES; i++)
        print_family(families[i], where(families[i]));
}

/* What a model is called, or a family, or a key of a model; false: none. */
static bool print_named(const char *name)
{
    bool found = false;
    for (size_t i = 0; i < FAMILIES; i++) {
        if (strcmp(families[i]->what, name) == 0) {
            print_family(families[i], where(families[i]));
            return true;
        }
        for (const struct model *const *m = families[i]->models; *m; m++)
            if (strcmp((*m)->name, name) == 0) {
                printf("%s (%s)\n", families[i]->what, where(families[i]));
                print_model(*m);
                found = true;
            }
    }
    return found;
}

static bool print_path(const char *path)
{
    return print_rows(&(struct listing){path, 2, NULL}, scenario_rows, "") > 0;
}

/* Everything that may be asked for, to find what is near. */
struct names {
    const char *list[4096];
    size_t n;
};

static void add_name(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->list[i], name) == 0)
            return;
    if (names->n + 1 < sizeof names->list / sizeof *names->list)
        names->list[names->n++] = name;
    names->list[names->n] = NULL;
}

static void add_path(void *context, const char *path, const struct param *row, const char *text)
{
    (void)row;
    (void)text;
    add_name(context, path);
}

static const char *leaf(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot ? dot + 1 : path;
}

/* The nearest of all; keys whose last name is like that of what is wanted; keys that hold it. */
static void find_near(const char *wanted, const struct names *all, struct names *near)
{
    static struct names leaves;
    const char *found = nearest(wanted, all->list);
    if (found)
        add_name(near, found);
    for (size_t i = 0; i < all->n; i++)
        add_name(&leaves, leaf(all->list[i]));
    const char *like = nearest(leaf(wanted), leaves.list);
    for (size_t i = 0; i < all->n && strchr(wanted, '.') == NULL && like; i++)
        if (strcmp(leaf(all->list[i]), like) == 0)
            add_name(near, all->list[i]);
    for (size_t i = 0; i < all->n && strlen(wanted) > 2; i++)
        if (strstr(all->list[i], wanted))
            add_name(near, all->list[i]);
}

static int unknown(const char *wanted)
{
    enum { SHOWN = 5 };
    static struct names names, near;
    for (const struct param *row = scenario_rows; row->name; row++)
        add_name(&names, row->name);
    for (size_t i = 0; i < FAMILIES; i++)
        for (const struct model *const *m = families[i]->models; *m; m++)
            add_name(&names, (*m)->name);
    param_each(NULL, add_path, &names);
    find_near(wanted, &names, &near);
    struct errors errors = {0};
    struct place at = {"queuescope params", 0, 0};
    const char *list = "";
    for (size_t i = 0; i < near.n && i < SHOWN; i++)
        list = internf("%s%s'%s'", list,
                       i == 0                                      ? ""
                       : i + 1 == near.n || i + 1 == (size_t)SHOWN ? " or "
                                                                   : ", ",
                       near.list[i]);
    if (near.n > 0)
        error_at(&errors, at, "unknown key or model '%.60s' (did you mean %s?)", wanted, list);
    else
        error_at(&errors, at, "unknown key or model '%.60s'; without an argument, all are listed",
                 wanted);
    fprintf(stderr, "%s\n", errors.text[0]);
    return EXIT_USAGE;
}

/* ---- what a later version brings ---- */

static void print_planned(const char *path, const char *help)
{
    printf("  %-*s ", INDENT - 3, path);
    wrap(help, INDENT, INDENT);
}

static void print_planned_rows(const struct param *rows, const char *path)
{
    for (const struct param *row = rows; row && row->name; row++) {
        if (row->kind == PARAM_PLANNED)
            print_planned(join(path, row->name), row->help);
        else if (row->kind == PARAM_GROUP)
            print_planned_rows(row->rows, join(path, row->name));
        else if (row->flags & PARAM_NAMED && !*path)
            print_planned_rows(row->rows, element(row, row->name));
    }
}

static void print_all_planned(void)
{
    printf("\nNot yet; a later version brings these:\n");
    print_planned_rows(scenario_rows, "");
    for (const struct planned *key = planned_keys; key->path; key++)
        print_planned(key->path, key->help);
}

int cmd_params(int argc, char **argv)
{
    if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
        fprintf(stderr, "queuescope params: error: at most one path, and no options\n"
                        "usage: queuescope params [PATH]\n");
        return EXIT_USAGE;
    }
    if (argc < 2) {
        print_all();
        print_all_planned();
        return EXIT_DONE;
    }
    bool model = print_named(argv[1]);
    if (print_path(argv[1]) || model)
        return EXIT_DONE;
    const struct planned *planned = planned_find(argv[1]);
    if (!planned)
        return unknown(argv[1]);
    printf("  not yet; a later version brings it:\n");
    print_planned(planned->path, planned->help);
    return EXIT_DONE;
}
