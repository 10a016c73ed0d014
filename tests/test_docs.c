/*
 * Every command that README.md and docs/ show, run in a folder that has what a clone has, in the
 * order in which they stand; and what they show of its answer, held against what it says today.
 *
 * A command is an indented line that begins with build/queuescope; what is indented below it, up to
 * the next command or heading, is its answer: lines in their order, of standard output or standard
 * error, where a line `...` stands for any number of them. Speeds and lines cut by `...` at their
 * end are compared as far as they are the same on every machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "program.h"

enum { LINES = 4096, INDENT = 4 };
static const char program[] = "build/queuescope ";

/* A text in lines; the text is cut up. */
struct text {
    char *line[LINES];
    size_t n;
};

static struct text *text_lines(char *text)
{
    struct text *t = calloc(1, sizeof *t);
    assert_non_null(t);
    for (char *end; *text && t->n < LINES; text = end) {
        end = strchrnul(text, '\n');
        if (*end)
            *end++ = '\0';
        t->line[t->n++] = text;
    }
    return t;
}

static bool indented(const char *line)
{
    return strspn(line, " ") >= INDENT && line[strspn(line, " ")] != '\0';
}

static const char *trimmed(const char *line)
{
    return line + strspn(line, " ");
}

/* Whether a line of an answer is the one that is shown: words apart from each other by any number
 * of blanks, and as far as it is shown. */
static bool same(const char *shown, const char *said)
{
    for (;;) {
        shown += strspn(shown, " ");
        said += strspn(said, " ");
        size_t n = strcspn(shown, " "), m = strcspn(said, " ");
        if (strcmp(shown, "...") == 0 || (n == 0 && m == 0))
            return true;
        if (n != m || memcmp(shown, said, n) != 0)
            return false;
        shown += n;
        said += m;
    }
}

static bool is_speed(const char *line)
{
    return strstr(line, "tasks/s") != NULL;
}

/* What was said on one of the two streams, and how far the document has come in it. */
struct stream {
    struct text *text;
    size_t at;
};

static bool stream_finds(struct stream *s, const char *shown)
{
    for (size_t i = s->at; i < s->text->n; i++)
        if (same(shown, s->text->line[i])) {
            s->at = i + 1;
            return true;
        }
    return false;
}

/* Runs the command and looks for the n lines shown; the number of lines that are not there. */
static size_t run_command(const char *document, size_t number, const char *command,
                          char *const *shown, size_t n)
{
    int status = shell_run(command);
    size_t wrong = 0;
    if (status == 2 || status > 3) {
        print_error("%s:%zu: %s\n  ends with status %d: %s\n", document, number, command, status,
                    file_text("stderr"));
        return 1;
    }
    char *said[2] = {strdup(file_text("stdout")), strdup(file_text("stderr"))};
    struct stream streams[2];
    for (size_t k = 0; k < 2; k++)
        streams[k] = (struct stream){.text = text_lines(said[k])};
    for (size_t i = 0; i < n; i++) {
        const char *line = trimmed(shown[i]);
        if (strcmp(line, "...") == 0 || is_speed(line) || stream_finds(&streams[0], line) ||
            stream_finds(&streams[1], line))
            continue;
        if (wrong++ == 0)
            print_error("%s:%zu: %s\n", document, number, command);
        print_error("  not said: %s\n", line);
    }
    for (size_t k = 0; k < 2; k++) {
        if (wrong > 0)
            print_error("%s\n", file_text(k == 0 ? "stdout" : "stderr"));
        free(streams[k].text);
        free(said[k]);
    }
    return wrong;
}

/* A command may go on in the next line, behind a backslash. */
static size_t command_read(const struct text *t, size_t at, char *command, size_t size)
{
    command[0] = '\0';
    for (bool more = true; more && at < t->n; at++) {
        size_t used = strlen(command), length = strlen(trimmed(t->line[at]));
        more = length > 0 && trimmed(t->line[at])[length - 1] == '\\';
        assert_true(used + length + 2 < size);
        snprintf(command + used, size - used, "%.*s ", (int)(more ? length - 1 : length),
                 trimmed(t->line[at]));
    }
    return at;
}

static size_t run_document(const char *document, size_t *commands)
{
    char *text = strdup(file_text(document));
    struct text *t = text_lines(text);
    size_t wrong = 0;
    bool fenced = false;
    for (size_t i = 0; i < t->n;) {
        const char *line = t->line[i];
        if (strncmp(trimmed(line), "```", 3) == 0)
            fenced = !fenced;
        if (fenced || !indented(line) || strncmp(trimmed(line), program, sizeof program - 1) != 0) {
            i++;
            continue;
        }
        char command[4000], *shown[LINES];
        size_t n = 0, number = i + 1;
        i = command_read(t, i, command, sizeof command);
        for (; i < t->n && t->line[i][0] != '#' && strncmp(t->line[i], "```", 3) != 0; i++) {
            if (strncmp(trimmed(t->line[i]), program, sizeof program - 1) == 0)
                break;
            if (indented(t->line[i]))
                shown[n++] = t->line[i];
        }
        wrong += run_command(document, number, command, shown, n);
        ++*commands;
    }
    free(t);
    free(text);
    return wrong;
}

/* What a clone has: the root is where the program was built from. */
static int clone_setup(void **state)
{
    char root[4096], command[5 * sizeof root];
    assert_non_null(getcwd(root, sizeof root));
    if (program_setup(state) != 0)
        return -1;
    snprintf(
        command, sizeof command,
        "cp -r '%s/configs' '%s/README.md' '%s/docs' '%s/tools/example_log' . && mkdir build && "
        "ln -s \"$Q\" build/queuescope",
        root, root, root, root);
    return shell_run(command);
}

static void test_documents(void **state)
{
    (void)state;
    if (strstr(getenv("QUEUESCOPE"), "asan") || strstr(getenv("QUEUESCOPE"), "tsan"))
        skip(); /* every command of every document at full size: a build without sanitizers does */
    assert_int_equal(shell_run("ls README.md docs/*.md"), 0);
    char *names = strdup(file_text("stdout"));
    struct text *list = text_lines(names);
    size_t wrong = 0;
    for (size_t i = 0; i < list->n; i++) {
        size_t commands = 0;
        wrong += run_document(list->line[i], &commands);
        print_message("%s: %zu commands\n", list->line[i], commands);
    }
    free(list);
    free(names);
    assert_int_equal(wrong, 0);
}

/* What a page points to is there, and the first page is one that is read to its end. */
static void test_links(void **state)
{
    (void)state;
    static const char broken[] =
        "for page in README.md docs/*.md; do grep -o ']([^)#:]*)' $page | tr -d ']()' | "
        "while read -r to; do [ -e \"$(dirname $page)/$to\" ] || echo \"$page: $to\"; done; done";
    assert_int_equal(shell_run(broken), 0);
    assert_string_equal(file_text("stdout"), "");
    assert_true(file_lines("README.md") <= 200);
}

/* The small log is what its script makes. */
static void test_example_log(void **state)
{
    (void)state;
    static const char *const files[] = {"jobs.csv", "9h.prom", "10h.prom"};
    assert_int_equal(shell_run("sh ./example_log made"), 0);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char made[64], kept[64];
        snprintf(made, sizeof made, "made/%s", files[i]);
        snprintf(kept, sizeof kept, "configs/logs/%s", files[i]);
        assert_true(files_equal(made, kept));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_example_log, clone_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_links, clone_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_documents, clone_setup, program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
