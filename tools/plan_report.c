#include "plan_report.h"

#include <math.h>
#include <stdlib.h>

#include "../plots/plan_words.h"
#include "report.h"
#include "sheet.h"

static const char *count(double n)
{
    char text[64];
    unit_human(UNIT_COUNT, n, 3, text, sizeof text);
    return intern(text);
}

static void add_head(const struct answer *answer, struct sheet *sheet)
{
    const struct question *q = &answer->question;
    for (size_t i = 0; i < q->n_spans; i++)
        sheet_add(sheet, q->spans[i].path);
    if (q->costs)
        sheet_add(sheet, "cost");
    for (size_t i = 0; i < q->n_objectives; i++) {
        sheet_add(sheet, q->objectives[i].name);
        sheet_add(sheet, "interval");
    }
    sheet_add(sheet, "verdict");
    sheet_add(sheet, "tasks spent");
}

static void add_point(const struct answer *answer, const struct point *point, const char *verdict,
                      struct sheet *sheet)
{
    const struct question *q = &answer->question;
    for (size_t i = 0; i < q->n_spans; i++)
        sheet_add(sheet, span_text(&q->spans[i], point->value[i]));
    if (q->costs)
        sheet_add(sheet, internf("%.6g", point->cost));
    for (size_t i = 0; i < q->n_objectives; i++) {
        sheet_add(sheet, plan_value(&q->objectives[i], point->estimates[i].value));
        sheet_add(sheet, plan_interval(&q->objectives[i], &point->estimates[i]));
    }
    sheet_add(sheet, verdict);
    sheet_add(sheet, point->spent > 0 ? count(point->spent) : point->theory ? "by theory" : "-");
}

static struct sheet sheet_for(const struct answer *answer)
{
    const struct question *q = &answer->question;
    struct sheet sheet = {.columns = q->n_spans + (q->costs ? 1 : 0) + 2 * q->n_objectives + 2};
    add_head(answer, &sheet);
    return sheet;
}

/* Of several keys: those of the answer. */
static void print_tried(const struct answer *answer, FILE *out)
{
    const struct line *line = answer->best ? answer->best : &answer->lines[0];
    struct sheet sheet = sheet_for(answer);
    for (size_t k = 0; k < answer->n_points; k++)
        if (answer_on_line(answer, line, answer->points[k]))
            add_point(answer, answer->points[k], finding_names[answer->points[k]->finding], &sheet);
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

static void print_frontier(const struct answer *answer, FILE *out)
{
    struct sheet sheet = sheet_for(answer);
    for (size_t k = 0; k < answer->n_lines; k++)
        if (answer_on_frontier(answer, &answer->lines[k]))
            add_point(answer, answer->lines[k].best,
                      answer->lines[k].finding == FINDING_MET ? "met" : "met; less might do",
                      &sheet);
    fprintf(out, "The frontier: with less of one key, more of another is needed.\n\n");
    sheet_print(&sheet, out);
    sheet_free(&sheet);
    fprintf(out, "\nWhat was tried around the answer:\n\n");
}

/* Whether there are points that nobody had to decide. */
static bool undecided_aside(const struct answer *answer)
{
    if (answer->finding == FINDING_UNDECIDED)
        return false;
    for (size_t k = 0; k < answer->n_points; k++)
        if (answer->points[k]->finding == FINDING_UNDECIDED)
            return true;
    return false;
}

void plan_report(const struct answer *answer, FILE *out)
{
    fprintf(out, "%s\n\n", plan_sentence(answer));
    if (answer->n_lines > 1 && answer->best)
        print_frontier(answer, out);
    print_tried(answer, out);
    const char *remarks = plan_remarks(answer);
    fprintf(out, "\n%s%s", remarks, *remarks ? "\n" : "");
    char confidence[32];
    unit_human(UNIT_SHARE, answer->question.confidence, 4, confidence, sizeof confidence);
    fprintf(out, "All intervals hold together with %s, however often they were looked at.\n",
            confidence);
    if (undecided_aside(answer))
        fprintf(out, "Values that stayed undecided were left so: others decide the answer.\n");
    if (answer->spent > 0)
        fprintf(out, "%s\n", report_speed((uint64_t)answer->spent, answer->seconds));
}
