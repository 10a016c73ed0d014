#include "plan_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/plan_words.h"
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

/* "2.25 M", "by splitting, 1.97 M", "by theory and splitting, 1.97 M": plain simulation needs no
 * word. */
static const char *spent(const struct answer *answer, const struct point *point)
{
    const char *tasks = point->spent > 0 ? count(point->spent) : "-", *by = NULL;
    for (size_t i = 0; i < answer->question.n_objectives; i++) {
        const char *method = answer_method(point, i);
        bool said = by && strstr(by, method);
        if (!said && (point->looks > 0 || strcmp(method, "theory") == 0))
            by = by ? internf("%s and %s", by, method) : method;
    }
    if (!by || strcmp(by, "simulated") == 0)
        return tasks;
    return internf("by %s%s", by, point->spent > 0 ? internf(", %s", tasks) : "");
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
    sheet_add(sheet, spent(answer, point));
}

static struct sheet sheet_for(const struct answer *answer)
{
    const struct question *q = &answer->question;
    struct sheet sheet = {.columns = q->n_spans + (q->costs ? 1 : 0) + 2 * q->n_objectives + 2};
    add_head(answer, &sheet);
    return sheet;
}

/* Whether a point is an end of a stretch. */
static bool turns(const struct answer *answer, const struct line *line, const struct point *point)
{
    struct stretch stretch[STRETCHES];
    size_t n = line->stretched ? answer_stretches(answer, line, stretch) : 0;
    for (size_t i = 0; i < n; i++)
        if (point == stretch[i].first || point == stretch[i].last)
            return true;
    return false;
}

/* Whether a point decides the answer: the ends of the range, the neighbours between which it lies,
 * and what is in doubt between them. */
static bool decides(const struct answer *answer, const struct line *line, const struct point *point)
{
    size_t longest = answer->longest, i = point->index[longest];
    size_t last = answer->question.spans[longest].n - 1;
    if (i == 0 || i == last || point == line->best || point == line->beside)
        return true;
    if (turns(answer, line, point))
        return true;
    if (answer->finding != FINDING_UNDECIDED || point->finding != FINDING_UNDECIDED ||
        line->stretched)
        return false;
    size_t a = line->beside ? line->beside->index[longest] : 0;
    size_t b = line->best ? line->best->index[longest] : last;
    return i >= (a < b ? a : b) && i <= (a < b ? b : a);
}

/* Of several keys: those of the answer. Returns how many are left out. */
static size_t print_tried(const struct answer *answer, bool all, FILE *out)
{
    const struct line *line = answer->best ? answer->best : &answer->lines[0];
    struct sheet sheet = sheet_for(answer);
    size_t left_out = 0;
    for (size_t k = 0; k < answer->n_points; k++) {
        const struct point *point = answer->points[k];
        if (!answer_on_line(answer, line, point))
            continue;
        if (all || decides(answer, line, point))
            add_point(answer, point, finding_names[point->finding], &sheet);
        else
            left_out++;
    }
    sheet_print(&sheet, out);
    sheet_free(&sheet);
    return left_out;
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

/* Whether any interval is shown that luck could have moved. */
static bool simulated(const struct answer *answer)
{
    for (size_t k = 0; k < answer->n_points; k++)
        if (answer->points[k]->looks > 0)
            return true;
    return false;
}

void plan_report(const struct answer *answer, bool all, FILE *out)
{
    fprintf(out, "%s\n\n", plan_sentence(answer));
    if (answer->n_lines > 1 && answer->best)
        print_frontier(answer, out);
    size_t left_out = print_tried(answer, all, out);
    if (left_out > 0)
        fprintf(out, "(%zu more value%s tried: --all shows %s)\n", left_out,
                left_out == 1 ? " was" : "s were", left_out == 1 ? "it" : "them");
    const char *remarks = plan_remarks(answer);
    fprintf(out, "\n%s%s", remarks, *remarks ? "\n" : "");
    char confidence[32];
    unit_human(UNIT_SHARE, answer->question.confidence, 4, confidence, sizeof confidence);
    if (simulated(answer))
        fprintf(out, "All intervals hold together with %s, however often they were looked at.\n",
                confidence);
    if (undecided_aside(answer))
        fprintf(out, "Values that stayed undecided were left so: others decide the answer.\n");
    if (answer->spent > 0)
        fprintf(out, "%s\n", report_speed((uint64_t)answer->spent, answer->seconds));
}
