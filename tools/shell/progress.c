#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../sim/base/units.h"
#include "signals.h"
#include "terminal.h"

enum { PLAIN_SECONDS = 5, BAR = 30, LINE = 160 };

void progress_begin(struct progress *progress, bool quiet)
{
    const char *term = getenv("TERM");
    memset(progress, 0, sizeof *progress);
    signals_phase(SIGNALS_WORK);
    progress->quiet = quiet;
    progress->terminal = isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

/* "31.2 M tasks/s, 12 s left", of a round: "round 2: 31.2 M tasks/s, 12 s left of it" */
static void describe(const struct progress *progress, char *out, size_t size, double done,
                     double tasks, double seconds)
{
    char rate[32] = "", left[32] = "", round[32] = "";
    double spent = seconds - progress->began;
    if (progress->round > 0)
        snprintf(round, sizeof round, "round %u: ", progress->round);
    if (seconds > 0)
        unit_human(UNIT_COUNT, tasks / seconds, 3, rate, sizeof rate);
    if (atomic_load(&signals_stop))
        snprintf(out, size, "%s%s tasks/s, stopping (again to give up at once)", round, rate);
    else if (done > 0.001 && spent > 0.5) {
        unit_human(UNIT_DURATION, ceil(spent / done * (1 - done)), 2, left, sizeof left);
        snprintf(out, size, "%s%s tasks/s, %s left%s", round, rate, left, *round ? " of it" : "");
    } else
        snprintf(out, size, "%s%s tasks/s", round, *rate ? rate : "0");
}

/* "trying consumers.count = 8: 31.2 M tasks (102 M tasks/s)" */
static void show_doing(struct progress *progress, double tasks, double seconds)
{
    char count[32] = "", rate[32] = "0", line[LINE];
    unit_human(UNIT_COUNT, tasks, 3, count, sizeof count);
    if (seconds > 0)
        unit_human(UNIT_COUNT, tasks / seconds, 3, rate, sizeof rate);
    snprintf(line, sizeof line, "%s: %s tasks (%s tasks/s)%s", progress->doing, count, rate,
             atomic_load(&signals_stop) ? ", stopping (again to give up at once)" : "");
    if (progress->terminal) {
        fprintf(stderr, "\r%.*s\033[K", terminal_width(stderr) - 1, line);
    } else if (seconds >= progress->printed + PLAIN_SECONDS) {
        progress->printed = seconds;
        fprintf(stderr, "%s\n", line);
    }
}

void progress_show(void *context, double share, uint64_t tasks, double seconds)
{
    struct progress *progress = context;
    signals_phase(SIGNALS_WORK); /* again, where there are several pieces of it */
    if (progress->quiet)
        return;
    double done = fmin(share, 1);
    progress->shown = seconds;
    if (progress->doing) {
        show_doing(progress, (double)tasks, seconds);
        return;
    }
    char text[LINE];
    describe(progress, text, sizeof text, done, (double)tasks, seconds);
    if (!progress->terminal) {
        if (seconds >= progress->printed + PLAIN_SECONDS) {
            progress->printed = seconds;
            fprintf(stderr, "%3.0f %% done, %s\n", 100 * done, text);
        }
        return;
    }
    /* The figures come first where the terminal is narrow. */
    int width = terminal_width(stderr), length = width < 3 * BAR ? width / 3 - BAR / 3 : BAR;
    char bar[BAR + 1] = "";
    for (int i = 0; i < length; i++)
        bar[i] = i < (int)(done * length) ? '#' : '-';
    char line[BAR + LINE + 16];
    snprintf(line, sizeof line, "[%s] %3.0f %%  %s", bar, 100 * done, text);
    fprintf(stderr, "\r%.*s\033[K", width - 1, line);
}

void progress_round(void *context, unsigned number)
{
    struct progress *progress = context;
    progress->round = number;
    progress->began = progress->shown;
}

void progress_end(const struct progress *progress)
{
    signals_phase(SIGNALS_AFTER);
    if (!progress->quiet && progress->terminal)
        fputs("\r\033[K", stderr);
}
