/* queuescope example: the scenarios that come with the program, to look at and to begin with. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../../sim/result/save.h"
#include "../../sim/scenario/config.h"
#include "../shell/options.h"
#include "../shell/share.h"
#include "../words/sheet.h"

static int is_scenario(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".yaml") == 0;
}

static const char *title_of(const char *file)
{
    static struct scenario s; /* large */
    struct places places = {0};
    struct errors none = {0};
    param_defaults(&s);
    config_load(file, NULL, &s, &places, &none);
    places_free(&places);
    return s.title ? s.title : "";
}

/* Adds the examples in a folder below configs/ ("": that itself) to the list. */
static void list_folder(const char *below, struct sheet *sheet)
{
    struct dirent **entries;
    const char *folder = share_find(internf("configs/%s", below));
    int n = folder ? scandir(folder, &entries, is_scenario, alphasort) : -1;
    for (int i = 0; i < n; i++) {
        sheet_add(sheet, internf("%s%s", below, base_name(entries[i]->d_name)));
        sheet_add(sheet, internf("  %s", title_of(internf("%s/%s", folder, entries[i]->d_name))));
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

static int list(void)
{
    struct sheet sheet = {.columns = 2, .ragged = true};
    list_folder("", &sheet);
    list_folder("capacity/", &sheet);
    if (sheet.n == 0) {
        fprintf(stderr,
                "queuescope example: error: there are no examples beside this program (they "
                "are in share/queuescope/configs where `make install` puts it)\n");
        return EXIT_FAILED;
    }
    sheet_print(&sheet, stdout);
    sheet_free(&sheet);
    printf(
        "\nqueuescope run NAME runs one; queuescope example NAME copies it here, to be changed.\n");
    return EXIT_DONE;
}

static char *text_of(const char *file, size_t *size)
{
    FILE *in = fopen(file, "rb");
    char *text = NULL;
    FILE *out = in ? open_memstream(&text, size) : NULL;
    for (int c; out && (c = getc(in)) != EOF;)
        putc(c, out);
    bool whole = out && !ferror(in);
    if (out && fclose(out) != 0)
        whole = false;
    if (in)
        fclose(in);
    if (whole)
        return text;
    free(text);
    return NULL;
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* To standard output ("-"), into a folder that is there, or to a file that is not. */
static int copy(const char *text, size_t size, const char *name, const char *to)
{
    if (to && strcmp(to, "-") == 0) {
        fwrite(text, 1, size, stdout);
        return EXIT_DONE;
    }
    const char *file = internf("%s.yaml", base_name(name));
    if (to)
        file = is_folder(to) ? internf("%s/%s", to, file) : to;
    FILE *out = fopen(file, "wx"); /* never over what somebody has changed */
    bool written = out && fwrite(text, 1, size, out) == size;
    if (out && fclose(out) != 0)
        written = false;
    if (!written) {
        fprintf(stderr, "queuescope example: error: %s: %s%s\n", file, strerror(errno),
                errno == EEXIST ? "; -o gives it another name" : "");
        return EXIT_FAILED;
    }
    printf("%s\n", file);
    return EXIT_DONE;
}

int cmd_example(int argc, char **argv)
{
    struct options o;
    if (!options_parse(&o, command_find("example"), OPTIONS_MAYBE, argc, argv))
        return EXIT_USAGE;
    if (o.n_scenarios == 0)
        return list();
    size_t size = 0;
    const char *name = o.scenarios[0], *file = share_example(name);
    char *text = file ? text_of(file, &size) : NULL;
    if (!text) {
        fprintf(stderr,
                "queuescope example: error: '%.60s': there is no such example (queuescope example "
                "lists them)\n",
                name);
        return EXIT_USAGE;
    }
    int status = copy(text, size, name, o.folder);
    free(text);
    return status;
}
