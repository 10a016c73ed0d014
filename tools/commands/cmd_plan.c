/* queuescope plan: the smallest value that meets objectives. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/plan_plot.h"
#include "../../sim/result/crew.h"
#include "../../sim/result/save.h"
#include "../shell/folder.h"
#include "../shell/progress.h"
#include "../shell/question.h"
#include "../shell/saving.h"
#include "../shell/signals.h"
#include "../words/plan_report.h"

static bool save_files(const void *context, const char *folder, struct errors *errors)
{
    char *text = folder_mark(answer_json(context));
    bool saved = save_bytes(folder, "plan.json", text, strlen(text), errors);
    free(text);
    return saved;
}

static bool draw_picture(const void *context, struct bytes *png, struct errors *errors)
{
    return plot_plan(context, png, errors);
}

static void show(void *context, const char *doing, uint64_t tasks, double seconds)
{
    struct progress *progress = context;
    progress->doing = doing;
    progress_show(progress, 0, tasks, seconds);
}

static int finish(const struct answer *answer, const char *folder, bool quiet, bool all)
{
    if (!quiet)
        plan_report(answer, all, stdout);
    if (!saving_done(&(struct saving){.folder = folder,
                                      .name = "plan.png",
                                      .files = save_files,
                                      .picture = draw_picture,
                                      .context = answer,
                                      .threads = crew_size(answer->question.jobs)}))
        return EXIT_FAILED;
    if (!quiet)
        printf("\n%s: plan.png, plan.json\n", folder);
    if (answer->interrupted) {
        fprintf(stderr, "queuescope plan: interrupted: %s holds what was known by then\n", folder);
        return EXIT_INTERRUPTED;
    }
    return answer->finding == FINDING_MET     ? EXIT_DONE
           : answer->finding == FINDING_UNMET ? EXIT_FAILED
                                              : EXIT_UNDECIDED;
}

int cmd_plan(int argc, char **argv)
{
    static struct scenario s; /* large */
    struct options o;
    struct question question;
    struct errors errors = {0};
    const char *note = NULL;
    if (!options_parse(&o, command_find("plan"), 1, argc, argv))
        return EXIT_USAGE;
    saving_prepare(o.jobs);
    if (!question_make(&o, &s, &question, &note, &errors) || errors.n > 0) {
        errors_print(&errors);
        question_free(&question);
        return EXIT_USAGE;
    }
    const char *folder = folder_for_answer(&o, &s, "plan", "plan.json");
    if (!save_folder(folder, &errors)) {
        errors_print(&errors);
        question_free(&question);
        return EXIT_FAILED;
    }
    options_drop_precision(&s, "every value is simulated until its verdict is sure "
                               "(--confidence, --max-tasks)");
    if (note)
        fprintf(stderr, "note: %s\n", note);
    if (o.n_vary == 0 && !o.quiet)
        fprintf(stderr, "note: looking for consumers.count from 1 to 64 (--vary "
                        "PATH=LOW..HIGH looks elsewhere)\n");
    struct progress progress;
    progress_begin(&progress, o.quiet);
    question.stop = &signals_stop;
    question.progress = show;
    question.context = &progress;
    struct answer *answer = answer_find(&question);
    progress_end(&progress);
    int status = finish(answer, folder, o.quiet, o.all);
    answer_free(answer);
    question_free(&question);
    return status;
}
