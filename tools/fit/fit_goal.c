#include "fit_goal.h"

#include <string.h>

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n > m && strcmp(text + n - m, end) == 0;
}

struct goal fit_goal(const struct options *o)
{
    const char *out = options_folder(o);
    if (!o->folder || (!ends_with(out, ".yaml") && !ends_with(out, ".yml")))
        return (struct goal){out, "scenario.yaml", "fit.png", "trace.csv", "replay.yaml", ""};
    const char *slash = strrchr(out, '/'), *name = base_name(out);
    const char *folder = !slash         ? "."
                         : slash == out ? "/"
                                        : internf("%.*s", (int)(slash - out), out);
    return (struct goal){folder,
                         slash ? slash + 1 : out,
                         internf("%s.png", name),
                         internf("%s.csv", name),
                         internf("%s-replay.yaml", name),
                         internf("%s-", name)};
}
