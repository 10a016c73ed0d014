#include "oracle.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Copies the next comma-separated field (quotes as in RFC 4180) and returns what follows it. */
static const char *field(const char *from, char *out, size_t size)
{
    size_t n = 0;
    bool quoted = *from == '"';
    from += quoted;
    for (; *from && (quoted || *from != ','); from++) {
        if (quoted && *from == '"') {
            if (from[1] != '"') {
                quoted = false;
                continue;
            }
            from++;
        }
        if (n + 1 < size)
            out[n++] = *from;
    }
    out[n] = 0;
    return from + (*from == ',');
}

static size_t read_file(const char *path, struct oracle *rows, size_t most)
{
    static char line[4096];
    FILE *file = fopen(path, "r");
    size_t n = 0;
    const char *name = strrchr(path, '/') + 1;
    for (int number = 1; file && fgets(line, sizeof line, file); number++) {
        if (number == 1 || n == most)
            continue;
        struct oracle *row = &rows[n++];
        char value[64], bound[64];
        snprintf(row->file, sizeof row->file, "%s", name);
        row->line = number;
        const char *at = field(line, row->model, sizeof row->model);
        at = field(at, row->params, sizeof row->params);
        at = field(at, row->measure, sizeof row->measure);
        at = field(at, value, sizeof value);
        field(at, bound, sizeof bound);
        row->value = strtod(value, NULL);
        row->bound = strtod(bound, NULL);
        row->simulated = strstr(name, "SIMULATED") != NULL;
    }
    if (file)
        fclose(file);
    return n;
}

size_t oracle_read(struct oracle *rows, size_t most)
{
    return oracle_read_from("public", rows, most);
}

size_t oracle_read_from(const char *folder, struct oracle *rows, size_t most)
{
    const char *shared = getenv("QUEUESCOPE_SHARED");
    char pattern[512];
    glob_t found;
    size_t n = 0;
    snprintf(pattern, sizeof pattern, "%s/oracles/%s/*.csv", shared ? shared : "../shared", folder);
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++)
            n += read_file(found.gl_pathv[i], rows + n, most - n);
    globfree(&found);
    return n;
}
