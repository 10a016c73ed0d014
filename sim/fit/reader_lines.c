/* Lines of a log, and rows of columns that go on over several of them. */
#include <stdlib.h>
#include <string.h>

#include "reader_in.h"

/* A field that is longer, or a quote that nobody closes: what is joined is given back line by line.
 */
enum { JOINED_MOST = 200 };

int columns_in(const char *line, char separator)
{
    int n = 1;
    for (bool quoted = false; *line; line++) {
        quoted ^= *line == '"';
        n += !quoted && *line == separator;
    }
    return n;
}

/* Whether a line ends inside of quotes that were opened where a column begins. */
static bool is_open(const char *line, char separator)
{
    bool quoted = false, from_start = false;
    for (const char *p = line; *p; p++) {
        if (*p != '"')
            continue;
        if (!quoted) {
            const char *before = p;
            while (before > line && before[-1] == ' ')
                before--;
            from_start = before == line || before[-1] == separator;
        }
        quoted = !quoted;
    }
    return quoted && from_start;
}

/* A line of those that were joined in vain; NULL: there is none left. */
static char *given_back(struct log_file *f)
{
    if (!f->left)
        return NULL;
    char *line = f->left, *end = strchr(line, '\n');
    f->left = end ? end + 1 : NULL;
    f->number++;
    if (end)
        *end = '\0';
    return line;
}

/* The row that begins with a line, and its further lines behind blanks; or that line alone. */
static char *joined(struct log_file *f, const char *line)
{
    const char *why = NULL;
    size_t n = strlen(line);
    f->joined = f->joined ? f->joined : xmalloc(LINE_MOST + 1);
    memcpy(f->joined, line, n + 1);
    for (int i = 0; i < JOINED_MOST; i++) {
        const char *next = lines_next(f->lines, &why);
        size_t more = next ? strlen(next) : 0;
        if (!next || why || n + 1 + more > LINE_MOST)
            break;
        f->joined[n] = '\n';
        memcpy(f->joined + n + 1, next, more + 1);
        n += 1 + more;
        if (is_open(f->joined, f->separator))
            continue;
        if (columns_in(f->joined, f->separator) != f->width)
            break;
        for (char *p = f->joined; (p = strchr(p, '\n'));)
            *p = ' ';
        return f->joined;
    }
    f->left = f->joined;
    f->number--;
    return given_back(f);
}

char *file_line(struct log_file *f, const char **why)
{
    *why = NULL;
    char *line = given_back(f);
    if (line)
        return line;
    line = lines_next(f->lines, why);
    f->number = lines_number(f->lines);
    if (!line || *why || f->width == 0 || !is_open(line, f->separator) ||
        columns_in(line, f->separator) > f->width)
        return line;
    return joined(f, line);
}

void file_lines_rewind(struct log_file *f)
{
    f->left = NULL;
    lines_rewind(f->lines);
}

bool file_lines_are_open(const struct sample_lines *sample, char separator)
{
    bool open = false;
    for (int i = 0; i < sample->n; i++)
        open = open || is_open(sample->line[i], separator);
    return open;
}
