#include "golden_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../plots/plan_words.h"
#include "../../sim/base/units.h"
#include "../../sim/result/save_csv.h"
#include "report.h"
#include "sheet.h"

enum { LINES = 20, ROWS = 60, DIGITS = 4 };

const char *golden_before_png(const struct golden_item *item)
{
    return internf("%s.before.png", item->name);
}

const char *golden_after_png(const struct golden_item *item)
{
    return internf("%s.after.png", item->name);
}

static const char *plural(size_t n, const char *one)
{
    return internf("%zu %s%s", n, one, n == 1 ? "" : "s");
}

/* ---- one pair in words ---- */

static const struct golden_line *line_of(const struct golden_pair *pair)
{
    return pair->after ? pair->after : pair->before;
}

static const char *value_text(const struct golden_line *line)
{
    char text[64];
    if (!line || isnan(line->value))
        return "-";
    if (line->figure == GOLDEN_STABLE)
        return stable_names[(int)line->value];
    unit_human(golden_kinds[line->figure].unit, line->value, DIGITS, text, sizeof text);
    return intern(text);
}

/* "consumers.count = 8"; "" without a sweep. */
static const char *where(const struct golden_item *item, const struct golden_pair *pair)
{
    const struct golden_line *line = line_of(pair);
    const struct scenario *s = item->scenario;
    if (isnan(line->at))
        return "";
    if (sweep_name(s) && pair->after)
        return internf("%s = %s", sweep_name(s), report_value(s, line->at));
    return internf("%s = %g", item->before.parameter ? item->before.parameter : "at", line->at);
}

/* "gold p99", "p99" of all. */
static const char *figure_text(const struct golden_pair *pair)
{
    const struct golden_line *line = line_of(pair);
    const char *words = golden_kinds[line->figure].words;
    return strcmp(line->class, "all") == 0 ? words : internf("%s %s", line->class, words);
}

static const char *percent(double ratio)
{
    return isinf(ratio) ? "any" : internf("%+.3g %%", 100 * (ratio - 1));
}

static const char *change_text(const struct golden_pair *pair)
{
    return isnan(pair->ratio) ? "-" : percent(pair->ratio);
}

static const char *interval_text(const struct golden_pair *pair)
{
    return isnan(pair->low) ? "-" : internf("%s to %s", percent(pair->low), percent(pair->high));
}

static const char *verdict_text(const struct golden_pair *pair)
{
    static const char *const words[] = {[GOLDEN_SAME] = "the same",
                                        [GOLDEN_HOLDS] = "within luck",
                                        [GOLDEN_DIFFERS] = "differs",
                                        [GOLDEN_OPEN] = "not compared"};
    const char *word = words[pair->verdict];
    return pair->why ? internf("%s: %s", word, pair->why) : word;
}

/* ---- standard output ---- */

static struct golden_count all_counted(const struct golden_folder *folder)
{
    struct golden_count all = {0};
    for (size_t i = 0; i < folder->n; i++) {
        struct golden_count one = golden_counted(&folder->items[i]);
        all.compared += one.compared;
        all.differ += one.differ;
        for (int k = 0; k < 3; k++)
            all.findings[k] += one.findings[k];
    }
    return all;
}

/* "2 met, 1 unmet"; "-" where there are none. */
static const char *findings_text(const size_t findings[3])
{
    static const enum finding order[] = {FINDING_MET, FINDING_UNMET, FINDING_UNDECIDED};
    const char *text = NULL;
    for (size_t i = 0; i < 3; i++)
        if (findings[order[i]] > 0)
            text = internf("%s%s%zu %s", text ? text : "", text ? ", " : "", findings[order[i]],
                           finding_names[order[i]]);
    return text ? text : "-";
}

/* ", 4 objectives: all are met"; "" where there are none. */
static const char *promises_text(const size_t findings[3])
{
    size_t met = findings[FINDING_MET],
           n = met + findings[FINDING_UNMET] + findings[FINDING_UNDECIDED];
    if (n == 0)
        return "";
    const char *what = met < n ? findings_text(findings) : n == 1 ? "it is met" : "all are met";
    return internf("; %s: %s", plural(n, "objective"), what);
}

const char *golden_sentence(const struct golden_folder *folder, double false_alarms)
{
    struct golden_count all = all_counted(folder);
    if (all.compared == 0)
        return internf("%s, and no golden results to compare with%s", plural(folder->n, "scenario"),
                       promises_text(all.findings));
    return internf("%s, %s compared: %s by more than luck%s (one false alarm in %.3g runs of this)",
                   plural(folder->n, "scenario"), plural(all.compared, "figure"),
                   all.differ == 0   ? "none differs"
                   : all.differ == 1 ? "one differs"
                                     : internf("%zu differ", all.differ),
                   promises_text(all.findings), 1 / false_alarms);
}

static const char *item_verdict(const struct golden_item *item)
{
    struct golden_count count = golden_counted(item);
    if (item->audit)
        return "audit violated";
    if (count.differ > 0)
        return "differs";
    if (count.findings[FINDING_UNMET] > 0)
        return "objective not met";
    if (!item->blessed)
        return "no golden results";
    if (count.came_or_went > 0)
        return "other columns or classes";
    if (count.findings[FINDING_UNDECIDED] > 0)
        return "objective undecided";
    return count.same == count.compared ? "the same" : "holds";
}

static void print_table(const struct golden_folder *folder, FILE *out)
{
    static const char *const head[] = {"scenario",     "compared",   "the same",   "differ",
                                       "not compared", "smallest p", "objectives", "verdict"};
    struct sheet sheet = {.columns = sizeof head / sizeof *head};
    for (size_t i = 0; i < sheet.columns; i++)
        sheet_add(&sheet, head[i]);
    for (size_t i = 0; i < folder->n; i++) {
        const struct golden_item *item = &folder->items[i];
        struct golden_count count = golden_counted(item);
        sheet_add(&sheet, item->name);
        sheet_add(&sheet, internf("%zu", count.compared));
        sheet_add(&sheet, internf("%zu", count.same));
        sheet_add(&sheet, internf("%zu", count.differ));
        sheet_add(&sheet, internf("%zu", count.open));
        sheet_add(&sheet, isnan(count.smallest) ? "-" : internf("%.2g", count.smallest));
        sheet_add(&sheet, findings_text(count.findings));
        sheet_add(&sheet, item_verdict(item));
    }
    sheet_print(&sheet, out);
    sheet_free(&sheet);
}

static void print_difference(const struct golden_item *item, const struct golden_pair *pair,
                             FILE *out)
{
    const char *at = where(item, pair);
    fprintf(out, "  %s%s%s: %s %s -> %s", item->name, *at ? ", " : "", at, figure_text(pair),
            value_text(pair->before), value_text(pair->after));
    if (!isnan(pair->ratio))
        fprintf(out, ", %s", change_text(pair));
    if (!isnan(pair->low))
        fprintf(out, " (%s)", interval_text(pair));
    if (pair->why)
        fprintf(out, ": %s", pair->why);
    fprintf(out, "\n");
}

static void print_differences(const struct golden_item *item, FILE *out)
{
    size_t shown = 0, all = golden_counted(item).differ;
    for (size_t i = 0; i < item->pairs.n && shown < LINES; i++)
        if (item->pairs.pairs[i].verdict == GOLDEN_DIFFERS) {
            print_difference(item, &item->pairs.pairs[i], out);
            shown++;
        }
    if (shown < all)
        fprintf(out, "  %s: and %zu more\n", item->name, all - shown);
}

/* "consumers.count = 8: p99 <= 1.2 s is met (1.03 s to 1.06 s)" */
static const char *promise_text(const struct golden_item *item, const struct golden_promise *p)
{
    const char *at = isnan(p->at) ? ""
                                  : internf("%s = %s: ", sweep_name(item->scenario),
                                            report_value(item->scenario, p->at));
    const char *finding = p->finding == FINDING_MET     ? "is met"
                          : p->finding == FINDING_UNMET ? "is not met"
                                                        : "is undecided";
    return internf("%s%s %s (%s)", at, plan_objective(&p->objective), finding,
                   plan_interval(&p->objective, &p->estimate));
}

static void print_promises(const struct golden_item *item, bool met, const char *lead, FILE *out)
{
    for (size_t i = 0; i < item->n_promises; i++)
        if (met || item->promises[i].finding != FINDING_MET)
            fprintf(out, "%s%s\n", lead, promise_text(item, &item->promises[i]));
}

/* Why figures are not compared, each reason once with how many. */
static void print_open(const struct golden_item *item, const char *lead, FILE *out)
{
    enum { REASONS = 16 };
    struct {
        const char *why;
        size_t n;
    } reasons[REASONS];
    size_t n = 0;
    for (size_t i = 0; i < item->pairs.n; i++) {
        const struct golden_pair *pair = &item->pairs.pairs[i];
        size_t at = 0;
        if (pair->verdict != GOLDEN_OPEN)
            continue;
        while (at < n && strcmp(reasons[at].why, pair->why) != 0)
            at++;
        if (at == n && n < REASONS) {
            reasons[n].why = pair->why;
            reasons[n++].n = 0;
        }
        reasons[at < n ? at : n - 1].n++;
    }
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%s not compared: %s\n", lead, plural(reasons[i].n, "figure"),
                reasons[i].why);
}

static void print_changes(const char *changes, const char *lead, const char *tail, FILE *out)
{
    size_t shown = 0, more = 0;
    for (const char *line = changes; line && *line;) {
        size_t n = strcspn(line, "\n");
        if (shown++ < LINES)
            fprintf(out, "%s%.*s%s\n", lead, (int)n, line, tail);
        else
            more++;
        line += n + (line[n] == '\n');
    }
    if (more > 0)
        fprintf(out, "%s%zu more keys%s\n", lead, more, tail);
}

void golden_print(const struct golden_folder *folder, double false_alarms, FILE *out)
{
    fprintf(out, "%s.\n\n", golden_sentence(folder, false_alarms));
    print_table(folder, out);
    fprintf(out, "\n");
    for (size_t i = 0; i < folder->n; i++) {
        const struct golden_item *item = &folder->items[i];
        print_changes(item->changes,
                      internf("  %s: scenario changed since it was blessed: ", item->name), "",
                      out);
        print_differences(item, out);
        print_promises(item, false, internf("  %s: ", item->name), out);
        print_open(item, internf("  %s: ", item->name), out);
    }
}

/* ---- CHANGES.md ---- */

static void put_row(const struct golden_item *item, const struct golden_pair *pair, FILE *out)
{
    const char *at = where(item, pair);
    fprintf(out, "| %s%s%s | %s | %s | %s | %s | %s |\n", at, *at ? ": " : "", figure_text(pair),
            value_text(pair->before), value_text(pair->after), change_text(pair),
            interval_text(pair), verdict_text(pair));
}

/* All figures where they are few, else those that differ, as many as can be read. */
static void put_table(const struct golden_item *item, FILE *out)
{
    bool all = item->pairs.n <= ROWS;
    size_t shown = 0, left = 0;
    fputs("Intervals hold each with 95 %, verdicts all together.\n\n"
          "| figure | before | after | change | 95 % interval | verdict |\n"
          "|---|---:|---:|---:|---:|---|\n",
          out);
    for (size_t i = 0; i < item->pairs.n; i++) {
        const struct golden_pair *pair = &item->pairs.pairs[i];
        if ((all || pair->verdict == GOLDEN_DIFFERS) && shown < ROWS) {
            put_row(item, pair, out);
            shown++;
        } else {
            left += pair->verdict == GOLDEN_DIFFERS;
        }
    }
    fprintf(out, "\n");
    if (left > 0)
        fprintf(out, "And %zu more that differ.\n\n", left);
    if (!all)
        print_open(item, "- ", out);
    fprintf(out, "\n");
}

/* A file as the target of a link, blanks and brackets included. */
static const char *target(const char *file)
{
    return strpbrk(file, " ()") ? internf("<%s>", file) : file;
}

static void put_pictures(const struct golden_item *item, const struct golden_links *links,
                         bool before, FILE *out)
{
    const char *after = target(links->after(item));
    if (before)
        fprintf(out, "| before | after |\n|---|---|\n| ![%s before](%s) | ![%s after](%s) |\n\n",
                item->name, target(golden_before_png(item)), item->name, after);
    else
        fprintf(out, "![%s](%s)\n\n", item->name, after);
}

static void put_item(const struct golden_item *item, const struct golden_links *links, bool before,
                     FILE *out)
{
    struct golden_count count = golden_counted(item);
    fprintf(out, "## %s\n\n", item->name);
    if (item->audit)
        fprintf(out, "The run violates its own audit: %s\n\n", item->audit);
    print_promises(item, true, "- objective: ", out);
    fputs(item->n_promises > 0 ? "\n" : "", out);
    if (!item->blessed) {
        fprintf(out, "No golden results yet; %s of today's run.\n\n",
                plural(item->after.n, "figure"));
    } else {
        fprintf(out, "%s of %s by more than luck.\n\n",
                count.differ == 0   ? "None"
                : count.differ == 1 ? "One"
                                    : internf("%zu", count.differ),
                internf("%s %s", plural(count.compared, "figure"),
                        count.differ > 1 ? "differ" : "differs"));
        if (item->changes)
            fputs("The scenario changed:\n\n", out);
        print_changes(item->changes, "- `", "`", out);
        if (item->changes)
            fputs("\n", out);
        put_table(item, out);
    }
    put_pictures(item, links, before, out);
}

char *golden_markdown(const struct golden_folder *folder, double false_alarms,
                      const struct golden_links *links)
{
    char *text = NULL;
    size_t size, unchanged = 0;
    FILE *out = xstream(&text, &size);
    fprintf(out, "# %s: what changed\n\n%s.\n\n", base_name(folder->path),
            golden_sentence(folder, false_alarms));
    for (size_t i = 0; i < folder->n; i++) {
        if (golden_told(&folder->items[i]))
            put_item(&folder->items[i], links, links->has_before[i], out);
        else
            unchanged++;
    }
    if (unchanged > 0)
        fprintf(out, "%s as blessed.\n",
                unchanged == 1 ? "One scenario is" : internf("%zu scenarios are", unchanged));
    return xstream_end(out, &text);
}
