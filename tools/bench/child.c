#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../sim/base/elapsed.h"
#include "../../sim/base/err.h"

static char folder[] = "/tmp/queuescope-bench-XXXXXX";

static void give_up(const char *what)
{
    fprintf(stderr, "bench_whole: %s: %s\n", what, errno ? strerror(errno) : "not as expected");
    child_end();
    exit(1);
}

void child_begin(void)
{
    if (!mkdtemp(folder))
        give_up("a folder for results");
}

static const char *path_of(const char *name)
{
    return internf("%s/%s", folder, name);
}

const char *child_folder(void)
{
    return folder;
}

/* What verify leaves behind. */
static void remove_golden(void)
{
    static const char *const names[] = {"golden/given.golden.csv", "golden/given.golden.png",
                                        "golden/CHANGES.md"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
}

void child_end(void)
{
    static const char *const names[] = {"scenario.yaml",  "said",          "columns.csv",
                                        "histograms.csv", "summary.json",  "spectrogram.png",
                                        "comparison.csv", "comparison.png"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    for (int i = 1; unlink(path_of(internf("panel-%d.yaml", i))) == 0; i++)
        ;
    unlink(path_of("given.yaml"));
    remove_golden();
    unlink(path_of("golden/given.yaml"));
    rmdir(path_of("golden"));
    rmdir(folder);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        give_up(path);
}

/* The whole of a file, xmalloc'ed. */
static char *read_text(const char *name)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t n = 0, got = 1;
    if (!file)
        give_up(path);
    enum { STEP = 1 << 16 };
    for (; got > 0; n += got) {
        text = xrealloc(text, n + STEP + 1);
        got = fread(text + n, 1, STEP, file);
    }
    text[n] = '\0';
    fclose(file);
    return text;
}

/* Sum of the column `offered` of a table, over the rows of all classes. */
static uint64_t sum_offered(const char *name)
{
    char *text = read_text(name), *rest = NULL, *line = strtok_r(text, "\n", &rest);
    uint64_t sum = 0;
    size_t column = 0;
    errno = 0;
    const char *at = line ? strstr(line, ",offered,") : NULL;
    if (!at)
        give_up(name);
    for (const char *p = line; p <= at; p++)
        column += *p == ',';
    while ((line = strtok_r(NULL, "\n", &rest))) {
        const char *field = line;
        for (size_t i = 0; i < column && field; i++)
            field = strchr(field, ',') ? strchr(field, ',') + 1 : NULL;
        sum += field && strstr(line, ",all,") ? strtoull(field, NULL, 10) : 0;
    }
    free(text);
    return sum;
}

/* What `run` says in summary.json; `compare` in words: "5 panels: 13.4 M tasks in 926 ms". */
static uint64_t tasks_said(const char *command)
{
    bool run = strcmp(command, "run") == 0;
    const char *before = run ? "\"tasks_simulated\": " : "panels: ";
    char *text = read_text(run ? "summary.json" : "said"), *end = NULL;
    const char *at = strstr(text, before);
    errno = 0;
    if (!at)
        give_up("the number of tasks simulated");
    double tasks = strtod(at + strlen(before), &end);
    static const struct {
        const char *name;
        double factor;
    } prefixes[] = {{" k ", 1e3}, {" M ", 1e6}, {" G ", 1e9}};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(end, prefixes[i].name, 3) == 0)
            tasks *= prefixes[i].factor;
    free(text);
    return (uint64_t)tasks;
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

static void become(const char *const *arguments)
{
    int said = open(path_of("said"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (said < 0 || nowhere < 0 || dup2(said, STDOUT_FILENO) < 0 ||
        dup2(nowhere, STDERR_FILENO) < 0) /* warnings of runs that go near the edge */
        _exit(1);
    execv(arguments[0], (char *const *)(uintptr_t)arguments);
    _exit(1);
}

struct child child_run(const char *command, const char *scenario, const char *const *arguments,
                       unsigned jobs)
{
    const char *program = getenv("QUEUESCOPE"), *all[CHILD_ARGUMENTS + 10];
    const bool verify = strcmp(command, "verify") == 0;
    const char *given = path_of(verify ? "golden/given.yaml" : "given.yaml");
    const char *first[] = {program ? program : "build/queuescope",
                           command,
                           verify ? path_of("golden") : given,
                           verify ? "--bless" : "-o",
                           verify ? "--jobs" : folder,
                           verify ? internf("%u", jobs) : "--jobs",
                           verify ? NULL : internf("%u", jobs)};
    size_t n = sizeof first / sizeof *first - verify;
    memcpy(all, first, sizeof first);
    if (verify)
        mkdir(path_of("golden"), 0777);
    remove_golden();
    for (size_t i = 0; i < CHILD_ARGUMENTS && arguments[i]; i++)
        all[n++] = arguments[i];
    all[n] = NULL;
    write_text(given, scenario);
    double begin = elapsed_seconds();
    pid_t child = fork();
    if (child == 0)
        become(all);
    int status = 0;
    struct rusage used;
    if (child < 0 || wait4(child, &status, 0, &used) != child)
        give_up("starting the program");
    struct child out = {.wall = elapsed_seconds() - begin};
    out.cpu = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
    out.memory = 1024 * (double)used.ru_maxrss;
    errno = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        give_up(internf("%s %s", all[0], command));
    if (verify)
        return out;
    out.simulated = tasks_said(command);
    out.measured = sum_offered(strcmp(command, "run") == 0 ? "columns.csv" : "comparison.csv");
    return out;
}
