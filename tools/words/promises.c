#include "promises.h"

#include "../../sim/answer/objective.h"
#include "report.h"

#define RISK 0.05

/* The columns with one finding: how many, and the first of them. */
struct found {
    uint32_t n, first;
};

static const char *where(const struct result *result, const struct found *found, uint32_t of)
{
    const struct scenario *s = &result->scenario;
    if (!s->sweep.parameter)
        return "";
    if (found->n == of)
        return of == 1 ? "" : internf(" in all %u columns", of);
    return internf(" in %u of %u columns, first at %s", found->n, of,
                   report_value(s, report_row(result, found->first)->value));
}

static const char *line(const struct result *result, const struct objective *objective)
{
    static const enum finding order[] = {FINDING_MET, FINDING_UNMET, FINDING_UNDECIDED};
    static const char *const words[] = {
        [FINDING_MET] = "met", [FINDING_UNMET] = "not met", [FINDING_UNDECIDED] = "undecided"};
    struct found found[3] = {{0}};
    uint32_t judged = 0;
    for (uint32_t column = 0; column < result->columns; column++)
        judged += objective_holds_at(objective, report_row(result, column)->value);
    for (uint32_t column = 0; column < result->columns; column++) {
        const struct row *row = report_row(result, column);
        if (!objective_holds_at(objective, row->value))
            continue;
        enum finding finding = FINDING_UNDECIDED;
        if (row->replications > 0) {
            struct estimate estimate =
                estimate_of(result, column, &objective->figure, RISK / judged);
            finding = objective_judge(objective, &estimate);
        }
        if (found[finding].n++ == 0)
            found[finding].first = column;
    }
    const char *text = "";
    for (size_t i = 0; i < 3; i++)
        if (found[order[i]].n > 0)
            text = internf("%s%s%s%s", text, *text ? "; " : "", words[order[i]],
                           where(result, &found[order[i]], judged));
    return internf("objective %s: %s", objective->text, text);
}

const char *promises_words(const struct result *result, const char *lead)
{
    struct objective objectives[OBJECTIVES];
    struct errors none = {0};
    size_t n = 0;
    const char *text = "";
    if (!objectives_of(&result->scenario, NULL, objectives, &n, &none))
        return text;
    for (size_t i = 0; i < n; i++)
        text = internf("%s%s%s.\n", text, lead, line(result, &objectives[i]));
    return text;
}
