#include "setting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>
#include <zlib.h>

enum { FILES = 64 };
static char folder[] = "/tmp/queuescope-models-XXXXXX";
static const char *files[FILES];
static int files_count;

bool setting_try(struct scenario *s, const char *text, struct errors *errors)
{
    size_t before = errors->n;
    param_defaults(s);
    char *copy = strdup(text), *rest = copy, *item;
    while ((item = strsep(&rest, ";"))) {
        item += strspn(item, " \n");
        char *value = strchr(item, '=');
        if (!value)
            continue;
        *value++ = '\0';
        param_set(s, item, value, (struct place){"test", 0, 0}, errors);
    }
    free(copy);
    return errors->n == before && scenario_check(s, NULL, errors);
}

void setting_apply(struct scenario *s, const char *text)
{
    struct errors *errors = xcalloc(1, sizeof *errors);
    if (!setting_try(s, text, errors))
        fail_msg("%s\n%s", text, errors->text[0]);
    free(errors);
}

const char *setting_file(const char *name, const void *bytes, size_t length)
{
    if (files_count == 0)
        assert_non_null(mkdtemp(folder));
    assert_true(files_count < FILES);
    const char *path = internf("%s/%s", folder, name);
    if (strlen(name) > 3 && strcmp(name + strlen(name) - 3, ".gz") == 0) {
        gzFile file = gzopen(path, "wb");
        assert_true(file && gzwrite(file, bytes, (unsigned)length) == (int)length);
        assert_int_equal(gzclose(file), Z_OK);
    } else {
        FILE *file = fopen(path, "wb");
        assert_true(file && fwrite(bytes, 1, length, file) == length);
        assert_int_equal(fclose(file), 0);
    }
    return files[files_count++] = path;
}

int setting_tear_down(void **state)
{
    (void)state;
    while (files_count > 0)
        unlink(files[--files_count]);
    rmdir(folder);
    return 0;
}
