#include "scene.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <ftw.h>
#include <unistd.h>

#include "../sim/places.h"
#include "../sim/run.h"

struct scenario *scene(const char *path, ...)
{
    struct scenario *s = xcalloc(1, sizeof *s);
    struct errors *errors = xcalloc(1, sizeof *errors);
    param_defaults(s);
    va_list list;
    va_start(list, path);
    for (; path; path = va_arg(list, const char *))
        param_set(s, path, va_arg(list, const char *), (struct place){"test", 0, 0}, errors);
    va_end(list);
    if (errors->n == 0)
        scenario_check(s, NULL, errors);
    if (errors->n > 0)
        fail_msg("%s", errors->text[0]);
    free(errors);
    return s;
}

struct trial *scene_trial(const struct scenario *s, uint32_t column, uint32_t replication)
{
    struct trial *trial = trial_run(s, &events_engine, column, replication, NULL, NULL);
    struct audit audit;
    audit_begin(&audit);
    audit_trial(&audit, trial);
    audit_finish(&audit);
    if (!audit_holds(&audit))
        fail_msg("%s\n%s", audit.text[0], audit.text[1]);
    return trial;
}

struct result *scene_run(const struct scenario *s, unsigned jobs)
{
    const struct run_options options = {.engine = &events_engine, .jobs = jobs};
    struct result *result = run_scenario(s, &options);
    assert_non_null(result);
    const struct audit *audit = &result->audit;
    if (!audit_holds(audit))
        fail_msg("%s\n%s\n%s", audit->text[0], audit->text[1], audit->text[2]);
    assert_int_equal(audit->offered, audit->completed + audit->lost + audit->unfinished);
    return result;
}

static char folder[] = "/tmp/queuescope-test-XXXXXX";
static int folder_made;

const char *scene_folder(void)
{
    if (!folder_made)
        assert_non_null(mkdtemp(folder));
    folder_made = 1;
    return folder;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

void scene_remove_folder(void)
{
    if (folder_made)
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    folder_made = 0;
}

const char *scene_file(const char *name, const char *content)
{
    const char *path = internf("%s/%s", scene_folder(), name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
    return path;
}

void scene_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", a, tolerance, b);
}
