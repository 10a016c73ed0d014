#include "together.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../sim/base/err.h"
#include "../../sim/result/run.h"
#include "progress.h"
#include "signals.h"

bool together_run(const struct options *o, const char *command,
                  const struct scenario *const *scenarios, size_t n, struct result **results)
{
    struct progress progress;
    progress_begin(&progress, o->quiet);
    const struct run_options options = {
        .jobs = o->jobs, .stop = &signals_stop, .progress = progress_show, .context = &progress};
    struct run_part *parts = xcalloc(n, sizeof *parts);
    for (size_t i = 0; i < n; i++)
        parts[i] = (struct run_part){.s = scenarios[i], .engine = options_engine(o, scenarios[i])};
    run_together(parts, n, &options);
    progress_end(&progress);
    bool whole = true;
    for (size_t i = 0; i < n; i++) {
        results[i] = parts[i].result;
        whole = whole && results[i] && !results[i]->interrupted;
    }
    free(parts);
    if (!whole)
        fprintf(stderr, "queuescope %s: interrupted before all had run; nothing was saved\n",
                command);
    return whole;
}

void together_free(struct result **results, size_t n)
{
    for (size_t i = 0; i < n; i++)
        result_free(results[i]);
}

bool together_holds(const char *command, struct result *const *results, size_t n)
{
    bool holds = true;
    for (size_t i = 0; i < n; i++)
        holds = holds && audit_holds(&results[i]->audit);
    if (!holds)
        fprintf(stderr,
                "queuescope %s: error: a run violates its own audit: this is a bug in queuescope, "
                "and the results are not to be trusted\n",
                command);
    return holds;
}
