/* A YAML document, as a whole. */
#include <stdlib.h>
#include <string.h>

#include "config_reading.h"

static struct place place_of(const struct reading *r, const yaml_node_t *node)
{
    return reading_mark(r, node->start_mark);
}

/* Sorts what was found by line and column; `skip` bytes of each text are the file's name. */
static int compare_places(const void *a, const void *b, void *skip)
{
    int x[2] = {0, 0}, y[2] = {0, 0};
    const size_t name = *(const size_t *)skip;
    sscanf((const char *)a + name, ":%d:%d:", &x[0], &x[1]);
    sscanf((const char *)b + name, ":%d:%d:", &y[0], &y[1]);
    return x[0] != y[0] ? (x[0] > y[0]) - (x[0] < y[0]) : (x[1] > y[1]) - (x[1] < y[1]);
}

static void sort_errors(const char *name, size_t before, struct errors *errors)
{
    size_t kept = errors->n < ERRORS_KEPT ? errors->n : ERRORS_KEPT;
    size_t skip = strlen(name) < PLACE_SOURCE ? strlen(name) : PLACE_SOURCE;
    if (before < kept)
        qsort_r(errors->text[before], kept - before, sizeof *errors->text, compare_places, &skip);
}

/* Bytes that are no text have no line in libyaml: it is counted here. */
static yaml_mark_t mark_of_byte(const char *text, size_t length, size_t offset)
{
    yaml_mark_t at = {0};
    for (size_t i = 0; i < offset && i < length; i++) {
        at.column = text[i] == '\n' ? 0 : at.column + 1;
        at.line += text[i] == '\n';
    }
    return at;
}

static bool syntax_error(const struct reading *r, const yaml_parser_t *parser, const char *text,
                         size_t length)
{
    const char *problem = parser->problem;
    if (!problem) /* as libyaml has one for all else (and not always YAML_MEMORY_ERROR for this) */
        out_of("out of memory", "for a scenario");
    if (parser->error == YAML_READER_ERROR)
        return error_at(r->errors,
                        reading_mark(r, mark_of_byte(text, length, parser->problem_offset)),
                        "not a text file: %s", problem);
    if (!parser->context)
        return error_at(r->errors, reading_mark(r, parser->problem_mark), "not valid YAML: %s",
                        problem);
    return error_at(r->errors, reading_mark(r, parser->problem_mark),
                    "not valid YAML: %s (%s, line %zu)", problem, parser->context,
                    parser->context_mark.line + 1);
}

/* There is to be one document, and it is to end where the text ends. */
static void read_document(struct reading *r, yaml_parser_t *parser, const char *text, size_t length)
{
    yaml_document_t second;
    const yaml_node_t *root = yaml_document_get_root_node(&r->document);
    if (!root || root->type != YAML_MAPPING_NODE)
        places_spoil(r->places, "", false);
    if (!root || reading_empty(root)) {
        error_at(r->errors, reading_mark(r, (yaml_mark_t){0}),
                 "nothing in it: a scenario has keys, see "
                 "`queuescope params`");
        return;
    }
    places_add(r->places, "", place_of(r, root));
    if (reading_enter(r, root))
        reading_mapping(r, root, "", (struct level){scenario_rows, 0});
    else
        places_spoil(r->places, "", false);
    if (!yaml_parser_load(parser, &second)) {
        syntax_error(r, parser, text, length);
        return;
    }
    root = yaml_document_get_root_node(&second);
    if (root)
        error_at(r->errors, place_of(r, root), "a second document: a file holds one scenario");
    yaml_document_delete(&second);
}

bool config_read(const char *name, const char *text, size_t length, struct scenario *s,
                 struct places *places, struct errors *errors)
{
    struct reading r = {.name = intern(name), .s = s, .places = places, .errors = errors};
    size_t before = r.errors_before = errors->n;
    yaml_parser_t parser;
    if (!config_bounded(r.name, text, length, errors)) {
        places_spoil(places, "", false);
        return false;
    }
    if (!yaml_parser_initialize(&parser))
        out_of("out of memory", "for a scenario");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    if (!yaml_parser_load(&parser, &r.document)) {
        places_spoil(places, "", false);
        syntax_error(&r, &parser, text, length);
    } else {
        spec_hold(s);
        read_document(&r, &parser, text, length);
        if (errors->n == before)
            stages_fold(s, places);
        spec_release(s);
        yaml_document_delete(&r.document);
    }
    yaml_parser_delete(&parser);
    sort_errors(r.name, before, errors);
    return errors->n == before;
}

bool config_value(struct scenario *s, const struct param_ref *ref, const char *path,
                  const char *text, struct place at, struct errors *errors)
{
    struct places places = {0}; /* all of it is at the one place */
    struct reading r = {.name = at.source, .at = &at, .s = s, .places = &places, .errors = errors};
    size_t before = r.errors_before = errors->n, length = strlen(text);
    yaml_parser_t parser;
    if (!config_bounded(at.source ? at.source : path, text, length, errors))
        return false;
    if (!yaml_parser_initialize(&parser))
        out_of("out of memory", "for a scenario");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    if (!yaml_parser_load(&parser, &r.document)) {
        syntax_error(&r, &parser, text, length);
        yaml_parser_delete(&parser);
        return false;
    }
    const yaml_node_t *root = yaml_document_get_root_node(&r.document);
    struct level owner = {ref->level, ref->base}, inside = {ref->row->rows, ref->offset};
    if (root && reading_enter(&r, root) && ref->kind == PARAM_GROUP) {
        rows_clear(s, inside);
        rows_preset(s, inside);
        reading_group(&r, root, path, inside);
    } else if (root && errors->n == before) {
        row_clear(s, ref->row, ref->base);
        reading_value(&r, root, path, ref->row, owner);
    }
    places_free(&places);
    yaml_document_delete(&r.document);
    yaml_document_t second;
    if (errors->n == before && !yaml_parser_load(&parser, &second))
        syntax_error(&r, &parser, text, length);
    else if (errors->n == before) {
        if (yaml_document_get_root_node(&second))
            error_at(errors, at, "%s: more than one value", path);
        yaml_document_delete(&second);
    }
    yaml_parser_delete(&parser);
    return errors->n == before;
}

const char *config_library(void)
{
    return yaml_get_version_string();
}
