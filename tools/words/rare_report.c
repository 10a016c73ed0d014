#include "rare_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/rare_words.h"
#include "../shell/remarks.h"
#include "report.h"
#include "sheet.h"

static const char *count(double n)
{
    if (!isfinite(n))
        return "-";
    char text[64];
    if (n >= 1e13)
        return internf("%.2g", n);
    unit_human(UNIT_COUNT, n, 3, text, sizeof text);
    return intern(text);
}

static void add_head(const struct rare *rare, struct sheet *sheet)
{
    bool loss = rare->question.measure == RARE_LOSS;
    const char *parameter = rare->question.s->sweep.parameter;
    if (parameter)
        sheet_add(sheet, parameter);
    for (size_t i = 0; i < (loss ? 1 : RARE_FIGURES); i++) {
        sheet_add(sheet, loss ? "loss" : rare_names[i]);
        if (loss || i >= RARE_FIGURES - 2)
            sheet_add(sheet, "interval");
    }
    sheet_add(sheet, "known to");
    sheet_add(sheet, "tasks spent");
    sheet_add(sheet, "plainly");
}

static void add_column(const struct rare *rare, const struct rare_column *column,
                       struct sheet *sheet)
{
    bool loss = rare->question.measure == RARE_LOSS;
    if (rare->question.s->sweep.parameter)
        sheet_add(sheet, report_value(rare->question.s, column->value));
    for (size_t i = 0; i < (loss ? 1 : RARE_FIGURES); i++) {
        const struct tail_figure none = {NAN, NAN, NAN, NAN},
                                 *f = i < column->n ? &column->figure[i] : &none;
        sheet_add(sheet, rare_value(rare, f->value));
        if (loss || i >= RARE_FIGURES - 2)
            sheet_add(sheet, rare_interval(rare, f));
    }
    sheet_add(sheet, report_share(column->precision));
    sheet_add(sheet, count(column->spent));
    sheet_add(sheet, count(column->plain));
}

/* One column without a sweep: a line for each figure. */
static void print_single(const struct rare *rare, FILE *out)
{
    const struct rare_column *column = &rare->column[0];
    bool loss = rare->question.measure == RARE_LOSS;
    struct sheet sheet = {.columns = 3};
    sheet_add(&sheet, "");
    sheet_add(&sheet, loss ? "share" : rare_measures[rare->question.measure]);
    sheet_add(&sheet, internf("%s interval", report_share(rare->question.confidence)));
    for (size_t i = 0; i < column->n; i++) {
        sheet_add(&sheet, loss ? "loss" : rare_names[i]);
        sheet_add(&sheet, rare_value(rare, column->figure[i].value));
        sheet_add(&sheet, rare_interval(rare, &column->figure[i]));
    }
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

static void print_sweep(const struct rare *rare, FILE *out)
{
    bool loss = rare->question.measure == RARE_LOSS;
    struct sheet sheet = {.columns = (loss ? 2 : RARE_FIGURES + 2) + 4};
    add_head(rare, &sheet);
    for (size_t i = 0; i < rare->columns; i++)
        if (rare->column[i].spent > 0)
            add_column(rare, &rare->column[i], &sheet);
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

void rare_report(const struct rare *rare, double seconds, FILE *out)
{
    fprintf(out, "%s\n\n", rare_sentence(rare));
    if (rare->question.s->sweep.parameter)
        print_sweep(rare, out);
    else
        print_single(rare, out);
    fprintf(out, "\n%s\n", rare_remarks(rare));
    fprintf(out, "%s\n", report_speed((uint64_t)rare->spent, seconds));
}

/* "arrivals.rate = 4 /s: ", or "". */
static const char *where(const struct rare *rare, const struct rare_column *column)
{
    const char *parameter = rare->question.s->sweep.parameter;
    return parameter
               ? internf("%s = %s: ", parameter, report_value(rare->question.s, column->value))
               : "";
}

void rare_warnings(const struct rare *rare)
{
    for (size_t i = 0; i < rare->columns; i++) {
        const struct rare_column *column = &rare->column[i];
        const char *at = where(rare, column);
        if (column->state == PRECISION_NEVER)
            remarks_warn(internf("%sno loss was met, and no way there: the pilot runs never found "
                                 "more than %.0f tasks inside",
                                 at,
                                 column->levels.n ? column->levels.at[column->levels.n - 1] : 0));
        else if (column->state == PRECISION_CRAMPED)
            remarks_warn(internf("%snot known as well as --relative asks, with as many "
                                 "replications as there can be",
                                 at));
        else if (column->state == PRECISION_ENDED)
            remarks_warn(internf(
                "%snot known as well as --relative asks: --max-tasks came first; %s", at,
                isnan(column->needed) ? "too soon to tell how many would do"
                                      : internf("about %s would do", count(column->needed))));
    }
}
