#include "law_make.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sim/base/err.h"
#include "setting.h"

static const char values[] = "1\n2\n2\n4\n100\n0\n0.5\n2\n";

bool law_make(const char *name, const char *parameters, struct law *law, struct errors *errors)
{
    bool counts = strcmp(name, "geometric") == 0;
    const char *path = counts ? "arrivals.batch." : "tasks.size.";
    char text[2048];
    size_t n = (size_t)snprintf(text, sizeof text, "arrivals.process=%s; arrivals.rate=1;%s%s=%s;",
                                counts ? "batch" : "poisson", path, "distribution", name);
    if (counts)
        n += (size_t)snprintf(text + n, sizeof text - n,
                              "tasks.size.distribution=exponential;tasks.size.mean=1;");
    char *copy = strdup(parameters), *rest = copy, *item;
    while ((item = strsep(&rest, ";"))) {
        item += strspn(item, " ");
        const char *file = strstr(item, "FILE");
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s%s;", path,
                              (int)(file ? (size_t)(file - item) : strlen(item)), item,
                              file ? setting_file("values", values, sizeof values - 1) : "");
    }
    free(copy);
    struct scenario *s = xcalloc(1, sizeof *s);
    bool good = setting_try(s, text, errors);
    if (good)
        memcpy(law, counts ? (void *)s->arrivals.params : (void *)&s->size, sizeof *law);
    free(s);
    return good;
}
