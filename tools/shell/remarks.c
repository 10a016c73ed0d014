#include "remarks.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../sim/base/err.h"
#include "terminal.h"

static struct {
    const char **line; /* interned */
    size_t n;
    bool quiet;
} kept;

void remarks_add(const char *head, const char *text)
{
    const char *line = internf("%s%s", head, text);
    for (size_t i = 0; i < kept.n; i++)
        if (kept.line[i] == line)
            return;
    kept.line = xrealloc(kept.line, (kept.n + 1) * sizeof *kept.line);
    kept.line[kept.n++] = line;
}

void remarks_warn(const char *text)
{
    remarks_add("warning: ", text);
}

void remarks_note(const char *text)
{
    remarks_add("note: ", text);
}

void remarks_leave_out(void)
{
    kept.quiet = true;
}

void remarks_say(void)
{
    enum { INDENT = 4 };
    fflush(stdout);
    for (size_t i = 0; i < kept.n && !kept.quiet; i++)
        terminal_wrap(stderr, kept.line[i], 0, INDENT, terminal_width(stderr));
    free(kept.line);
    kept.line = NULL;
    kept.n = 0;
}
