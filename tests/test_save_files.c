/* Files on the disk: whole or not at all, alone and in sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sim/result/save.h"
#include "../sim/result/save_set.h"
#include "../sim/scenario/config.h"
#include "scene.h"

static struct scenario *sweep(void)
{
    return scene("title", "A \"title\", with marks", "arrivals.process", "poisson", "arrivals.rate",
                 "1/s", "tasks.size.distribution", "exponential", "tasks.size.mean", "500ms",
                 "buffer.capacity", "10", "run.tasks", "2000", "sweep.parameter", "tasks.size.mean",
                 "sweep.from", "100ms", "sweep.to", "1100ms", "sweep.steps", "3", NULL);
}

static char own_folder[] = "/tmp/queuescope-test-XXXXXX";
static int folder_made;

static const char *test_folder(void)
{
    if (!folder_made)
        assert_non_null(mkdtemp(own_folder));
    folder_made = 1;
    return own_folder;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static int clean(void **state)
{
    (void)state;
    if (folder_made)
        nftw(own_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}

static const char *file_of(const char *name, const char *text)
{
    const char *path = internf("%s/%s", test_folder(), name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static int files_in(const char *folder)
{
    int n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return n;
}

static char *content(const char *folder, const char *name)
{
    FILE *file = fopen(internf("%s/%s", folder, name), "r");
    assert_non_null(file);
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, '\0', file) < 0)
        text[0] = '\0';
    fclose(file);
    return text;
}

static void all_files_of_a_run(void **state)
{
    (void)state;
    struct scenario *s = sweep();
    struct result *result = scene_run(s, 0);
    struct errors *errors = xcalloc(1, sizeof *errors);
    const char *folder = internf("%s/a/b/c", test_folder());
    assert_true(save_result(result, folder, true, errors));
    assert_int_equal(files_in(folder), 4);
    size_t size;
    char *columns = save_columns_text(result, &size), *saved = content(folder, "columns.csv");
    assert_string_equal(saved, columns);
    free(saved);

    /* scenario.yaml, run again, gives the same bytes */
    struct scenario *again = xcalloc(1, sizeof *again);
    struct places places = {0};
    param_defaults(again);
    saved = content(folder, "scenario.yaml");
    assert_true(config_read("scenario.yaml", saved, strlen(saved), again, &places, errors));
    places_free(&places);
    free(saved);
    struct result *repeated = scene_run(again, 1);
    saved = save_columns_text(repeated, &size);
    assert_string_equal(saved, columns);
    free(saved);
    free(columns);
    free(errors);
    free(again);
    result_free(repeated);
    result_free(result);
    free(s);
}

static void folders_that_cannot_be_made(void **state)
{
    (void)state;
    struct errors *errors = xcalloc(1, sizeof *errors);
    const char *file = file_of("in-the-way", "x");
    assert_false(save_folder(file, errors));
    assert_non_null(strstr(errors->text[0], "Not a directory"));
    assert_false(save_folder(internf("%s/below", file), errors));
    assert_non_null(strstr(errors->text[1], "in-the-way"));
    assert_true(save_folder(internf("%s/x//y/", test_folder()), errors));
    assert_true(save_folder(".", errors));
    assert_true(save_folder("/", errors) || geteuid() != 0);
    free(errors);
}

static void a_file_that_cannot_be_written(void **state)
{
    (void)state;
    struct errors *errors = xcalloc(1, sizeof *errors);
    assert_false(save_bytes(internf("%s/nowhere", test_folder()), "f", "x", 1, errors));
    assert_non_null(strstr(errors->text[0], "No such file"));
    const char *folder = internf("%s/taken", test_folder());
    assert_true(save_folder(internf("%s/f/g", folder), errors));
    assert_false(save_bytes(folder, "f", "x", 1, errors)); /* f is a folder with something in it */
    assert_int_equal(errors->n, 2);
    assert_int_equal(files_in(folder), 1); /* and no temporary file stays */
    free(errors);
}

/* A disk that is full after 10 000 bytes: an error, no new file, the old one as it was. */
static void a_full_disk_leaves_what_was_there(void **state)
{
    (void)state;
    struct errors *errors = xcalloc(1, sizeof *errors);
    const char *folder = internf("%s/full", test_folder());
    assert_true(save_folder(folder, errors));
    assert_true(save_bytes(folder, "old", "as it was", 9, errors));
    char *big = calloc(1, 1000000);
    pid_t child = fork(); /* the limit cannot be raised again */
    if (child == 0) {
        struct rlimit limit = {10000, 10000};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        bool a = save_bytes(folder, "old", big, 1000000, errors);
        bool b = save_bytes(folder, "new", big, 1000000, errors);
        bool said = strstr(errors->text[0], "File too large") && strstr(errors->text[1], "new");
        _exit(a || b || !said);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(files_in(folder), 1);
    char *text = content(folder, "old");
    assert_string_equal(text, "as it was");
    free(text);
    free(big);
    free(errors);
}

/* Nothing has its name before the set is saved, and may be read all the same; what was written
 * twice is there once, and what was not wanted after all is not. */
static void a_set_appears_as_a_whole(void **state)
{
    (void)state;
    struct errors *errors = xcalloc(1, sizeof *errors);
    const char *folder = internf("%s/set", test_folder());
    assert_true(save_folder(folder, errors) && save_bytes(folder, "old", "old", 3, errors));
    save_begin(folder);
    assert_string_equal(save_set_part(folder, "old"), "old");
    assert_true(save_bytes(folder, "old", "first", 5, errors));
    assert_true(save_bytes(folder, "old", "later", 5, errors));
    assert_true(save_bytes(folder, "other", "other", 5, errors));
    assert_true(save_bytes(folder, "new", "new", 3, errors));
    save_forget(folder, "other");
    assert_int_equal(files_in(folder), 3);
    char *before = content(folder, "old"), *part = content(folder, save_set_part(folder, "old"));
    assert_string_equal(before, "old");
    assert_string_equal(part, "later");
    assert_true(save_commit(folder, errors));
    char *after = content(folder, "old");
    assert_string_equal(after, "later");
    assert_int_equal(files_in(folder), 2);
    free(before);
    free(part);
    free(after);
    free(errors);
}

/* What is not on the disk gets no name, and the others of its set get none either. */
static void a_set_that_cannot_be_flushed_does_not_appear(void **state)
{
    (void)state;
    struct errors *errors = xcalloc(1, sizeof *errors);
    const char *folder = internf("%s/unflushed", test_folder());
    int ends[2];
    assert_true(save_folder(folder, errors));
    assert_int_equal(pipe(ends), 0); /* of which there is nothing to flush: EINVAL */
    save_begin(folder);
    assert_true(save_bytes(folder, "sound", "1", 1, errors));
    assert_true(save_set_takes(folder, ".lost.0123456789abcdef.part", "lost", ends[0]));
    assert_false(save_commit(folder, errors));
    assert_int_equal(errors->n, 1);
    assert_non_null(strstr(errors->text[0], "unflushed/lost': Invalid argument"));
    assert_int_equal(files_in(folder), 0);
    assert_int_equal(close(ends[0]), -1); /* it was the set's */
    close(ends[1]);
    free(errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_files_of_a_run),
        cmocka_unit_test(folders_that_cannot_be_made),
        cmocka_unit_test(a_file_that_cannot_be_written),
        cmocka_unit_test(a_full_disk_leaves_what_was_there),
        cmocka_unit_test(a_set_appears_as_a_whole),
        cmocka_unit_test(a_set_that_cannot_be_flushed_does_not_appear),
    };
    return cmocka_run_group_tests_name("save_files", tests, NULL, clean);
}
