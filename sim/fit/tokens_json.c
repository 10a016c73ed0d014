/* Objects of JSON as fields, and arrays of them in a whole file. */
#include <stdio.h>
#include <string.h>

#include "tokens.h"

void record_done(struct record *r)
{
    if (r->owned)
        json_decref(r->object);
    r->object = NULL;
    r->owned = false;
}

/* A number or a word as text; NULL where it is neither. */
static const char *scalar(const json_t *value, char *room, size_t size)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value)) {
        snprintf(room, size, "%lld", (long long)json_integer_value(value));
        return room;
    }
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    if (!json_is_real(value))
        return NULL;
    double x = json_real_value(value);
    snprintf(room, size, "%.15g", x);
    double read = 0;
    if (sscanf(room, "%lf", &read) != 1 || read != x)
        snprintf(room, size, "%.17g", x);
    return room;
}

const char *object_text(struct record *r, const char *key)
{
    const json_t *at = r->object;
    for (;;) {
        const json_t *whole = json_object_get(at, key);
        const char *dot = strchr(key, '.');
        if (whole || !dot)
            return whole ? scalar(whole, r->text, sizeof r->text) : NULL;
        char name[128];
        snprintf(name, sizeof name, "%.*s", (int)(dot - key), key);
        at = json_object_get(at, name);
        if (!at)
            return NULL;
        key = dot + 1;
    }
}

/* ---- all fields ---- */

struct room {
    char *at;
    size_t left;
};

/* Text into the room; NULL where there is none left. */
static char *put(struct room *room, const char *text)
{
    size_t size = strlen(text) + 1;
    if (size > room->left)
        return NULL;
    char *at = memcpy(room->at, text, size);
    room->at += size;
    room->left -= size;
    return at;
}

static void flatten(struct record *r, json_t *object, const char *before, int depth,
                    struct room *room)
{
    enum { DEEPEST = 5 };
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        char path[256], number[40];
        snprintf(path, sizeof path, "%s%s%s", before, *before ? "." : "", key);
        if (json_is_object(value) && depth < DEEPEST)
            flatten(r, value, path, depth + 1, room);
        const char *text = scalar(value, number, sizeof number);
        char *kept = text && strlen(text) < sizeof path ? put(room, path) : NULL;
        char *kept_text = kept ? put(room, text) : NULL;
        if (kept_text && r->n < FIELDS)
            r->field[r->n++] = (struct field){kept, kept_text, 0};
    }
}

void record_flatten(struct record *r, char *room, size_t size)
{
    r->n = 0;
    flatten(r, r->object, "", 0, &(struct room){room, size});
}

/* ---- trees ---- */

enum { LARGEST = 1 << 29 /* bytes of a file that is kept as a whole */ };

struct feed {
    struct lines *lines;
    size_t taken;
};

static size_t feed(void *buffer, size_t size, void *data)
{
    struct feed *f = data;
    if (f->taken > LARGEST)
        return (size_t)-1;
    size_t n = lines_bytes(f->lines, buffer, size);
    f->taken += n;
    return n;
}

static bool holds_objects(const json_t *array)
{
    return json_is_array(array) && json_is_object(json_array_get(array, 0));
}

/* The first array of objects at some depth. */
static json_t *find(json_t *value, int depth)
{
    enum { DEEPEST = 4 };
    const char *key;
    json_t *inner, *found = holds_objects(value) ? value : NULL;
    if (found || depth == DEEPEST)
        return found;
    json_object_foreach(value, key, inner)
    {
        if (!found)
            found = find(inner, depth + 1);
    }
    return found;
}

static json_t *at_path(json_t *value, const char *path)
{
    char name[64];
    for (; value && path; path = strchr(path, '.') ? strchr(path, '.') + 1 : NULL) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(path, "."), path);
        value = json_object_get(value, name);
    }
    return holds_objects(value) ? value : NULL;
}

json_t *tree_read(struct lines *lines, const char *path, const char **why)
{
    json_error_t error;
    struct feed data = {lines, 0};
    json_t *root = json_load_callback(feed, &data, 0, &error);
    if (!root) {
        *why = data.taken > LARGEST
                   ? "is a file of JSON of over 512 MB: make it one object a line, as by jq -c"
                   : internf("is no JSON from line %d on", error.line);
        return NULL;
    }
    json_t *array = json_incref(path ? at_path(root, path) : find(root, 0));
    json_decref(root);
    if (!array)
        *why = path ? internf("has no array of objects at %s", path) : "has no array of objects";
    return array;
}
