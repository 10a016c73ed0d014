#include "planned.h"

#include <stddef.h>
#include <string.h>

const struct planned planned_keys[] = {
    {"tasks.state_changes", "how often the world moves on under waiting tasks"},
    {"tasks.recheck", "looking again whether a task is stale before it is run"},
    {NULL, NULL}};

const struct planned *planned_find(const char *path)
{
    for (const struct planned *key = planned_keys; key->path; key++) {
        size_t length = strlen(key->path);
        if (strncmp(path, key->path, length) == 0 && (path[length] == '\0' || path[length] == '.'))
            return key;
    }
    return NULL;
}
