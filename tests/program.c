#include "program.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../sim/base/err.h"

enum { TEXTS = 256 };
static char folder[64], before[4096];
static char *texts[TEXTS];
static size_t n_texts;

int program_setup(void **state)
{
    (void)state;
    const char *program = getenv("QUEUESCOPE");
    assert_non_null(program);
    assert_int_equal(setenv("Q", program, 1), 0);
    snprintf(folder, sizeof folder, "/tmp/queuescope-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_non_null(getcwd(before, sizeof before));
    return chdir(folder);
}

int program_teardown(void **state)
{
    (void)state;
    char command[128];
    while (n_texts > 0)
        free(texts[--n_texts]);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir(before) != 0 || system(command) != 0;
}

int shell_run(const char *command)
{
    char line[4200];
    snprintf(line, sizeof line, "exec >stdout 2>stderr </dev/null; %s", command);
    int status = system(line);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

int program_run(const char *arguments)
{
    char command[4096];
    snprintf(command, sizeof command, "\"$Q\" %s", arguments);
    return shell_run(command);
}

/* Whether a process has a handler for a signal, or is over: before that it would die of it, and on
 * a busy machine that may take its time. */
static bool is_prepared(pid_t child, int signal)
{
    char name[64], line[256];
    snprintf(name, sizeof name, "/proc/%d/status", (int)child);
    FILE *file = fopen(name, "r");
    bool prepared = !file;
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "State:\tZ", 8) == 0)
            prepared = true;
        if (strncmp(line, "SigCgt:", 7) == 0)
            prepared |= strtoull(line + 7, NULL, 16) >> (signal - 1) & 1;
    }
    if (file)
        fclose(file);
    return prepared;
}

int program_interrupt(const char *const *argv, double seconds, int signal)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        /* Tests that are started in the background of a script, or by nohup, ignore it, and what
         * is ignored at the start the program leaves alone. */
        const struct sigaction as_usual = {.sa_handler = SIG_DFL};
        sigaction(signal, &as_usual, NULL);
        int out = open("stdout", O_WRONLY | O_CREAT | O_TRUNC, 0666);
        int err = open("stderr", O_WRONLY | O_CREAT | O_TRUNC, 0666);
        if (dup2(out, 1) >= 0 && dup2(err, 2) >= 0)
            execv(getenv("Q"), (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    for (int i = 0; i < 6000 && !is_prepared(child, signal); i++)
        usleep(10000);
    usleep((useconds_t)(seconds * 1e6));
    kill(child, signal);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static char *read_file(const char *name, size_t *size)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        return NULL;
    char *text = NULL;
    size_t capacity = 0, got = 1;
    for (*size = 0; got > 0; *size += got) {
        capacity = *size + 65537;
        text = xrealloc(text, capacity);
        got = fread(text + *size, 1, capacity - 1 - *size, file);
    }
    text[*size] = '\0';
    fclose(file);
    return text;
}

const char *file_text(const char *name)
{
    size_t size;
    char *text = read_file(name, &size);
    if (text) {
        assert_true(n_texts < TEXTS);
        texts[n_texts++] = text;
    }
    return text;
}

size_t file_size(const char *name)
{
    struct stat status;
    return stat(name, &status) == 0 ? (size_t)status.st_size : 0;
}

bool file_exists(const char *name)
{
    return access(name, F_OK) == 0;
}

void file_write(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

bool files_equal(const char *a, const char *b)
{
    size_t size_a = 0, size_b = 0;
    char *text_a = read_file(a, &size_a), *text_b = read_file(b, &size_b);
    bool equal = text_a && text_b && size_a == size_b && memcmp(text_a, text_b, size_a) == 0;
    free(text_a);
    free(text_b);
    return equal;
}

bool file_has(const char *name, const char *part)
{
    const char *text = file_text(name);
    return text && strstr(text, part);
}

void assert_status(const char *arguments, int status)
{
    int got = program_run(arguments);
    if (got != status)
        fail_msg("queuescope %s: exit %d, not %d\n%s%s", arguments, got, status,
                 file_text("stdout"), file_text("stderr"));
}

void assert_says(const char *name, const char *part)
{
    if (!file_has(name, part))
        fail_msg("'%s' is not in %s:\n%s", part, name, file_text(name));
}

size_t file_lines(const char *name)
{
    const char *text = file_text(name);
    size_t n = 0;
    for (; text && *text; text++)
        n += *text == '\n';
    return n;
}

size_t folder_entries(const char *name)
{
    DIR *dir = opendir(name);
    size_t n = 0;
    if (!dir)
        return 0;
    for (struct dirent *entry; (entry = readdir(dir));)
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return n;
}
