#include "share.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "../../sim/base/err.h"

/* The folder that the program lies in; NULL: not known. */
static const char *program_folder(void)
{
    const char *started = (const char *)getauxval(AT_EXECFN); /* where there is no /proc */
    char *path = realpath("/proc/self/exe", NULL);
    if (!path && started)
        path = realpath(started, NULL);
    char *slash = path ? strrchr(path, '/') : NULL;
    const char *folder = slash ? internf("%.*s", (int)(slash - path), path) : NULL;
    free(path);
    return folder;
}

const char *share_find(const char *name)
{
    /* Installed; build/queuescope; build/KIND/queuescope. */
    static const char *const beside[] = {"../share/queuescope", "..", "../.."};
    const char *folder = program_folder();
    for (size_t i = 0; folder && i < sizeof beside / sizeof *beside; i++) {
        /* A tree is one by its build folder. */
        if (i > 0 && access(internf("%s/%s/build", folder, beside[i]), F_OK) != 0)
            continue;
        const char *path = internf("%s/%s/%s", folder, beside[i], name);
        char *real = access(path, R_OK) == 0 ? realpath(path, NULL) : NULL;
        if (real) {
            path = intern(real);
            free(real);
            return path;
        }
    }
    return NULL;
}

const char *share_example(const char *name)
{
    static const char folder[] = "configs/", ending[] = ".yaml";
    if (strncmp(name, folder, sizeof folder - 1) == 0)
        name += sizeof folder - 1;
    size_t length = strlen(name), tail = sizeof ending - 1;
    bool ended = length > tail && strcmp(name + length - tail, ending) == 0;
    if (*name == '\0' || *name == '/' || strstr(name, ".."))
        return NULL;
    return share_find(internf("%s%s%s", folder, name, ended ? "" : ending));
}

void share_fonts(void)
{
    const char *file = share_find("fonts/fonts.conf");
    if (file)
        setenv("FONTCONFIG_FILE", file, 0);
}
