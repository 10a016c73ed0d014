#include "recording.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Beyond it a double cannot tell tenths of a microsecond apart; calendar times are. */
#define LATEST 1e9

static int index_of(const struct table *table, const char *name, int otherwise)
{
    if (!table->named)
        return otherwise < table->columns ? otherwise : -1;
    const struct table_column *column = table_column(table, name);
    return column ? (int)(column - table->column) : -1;
}

static struct recording recording_of(const struct table *table)
{
    return (struct recording){table, index_of(table, "arrival_s", 0),
                              index_of(table, "service_s", 1), index_of(table, "class", 2)};
}

bool recording_find(const char *file, struct recording *out)
{
    const struct table *table = file ? table_find(file) : NULL;
    if (table)
        *out = recording_of(table);
    return table != NULL;
}

int recording_class(const struct recording *recording, const struct scenario *s, double value)
{
    int classes = scenario_classes(s);
    if (recording->table->named) {
        const char *word = recording->table->words[(int)value];
        for (int c = 0; c < classes; c++)
            if (strcmp(word, scenario_class_name(s, c)) == 0)
                return c;
        char *end;
        value = strtod(word, &end);
        if (end == word || *end != '\0')
            return -1;
    }
    return value >= 0 && value < classes && value == floor(value) ? (int)value : -1;
}

/* Classes of the n tasks in `rows`; each word is looked up once. */
static void read_classes(const struct recording *r, const struct scenario *s, const double *rows,
                         size_t n, uint16_t *class)
{
    int16_t known[TABLE_WORDS];
    memset(known, -1, sizeof known);
    for (size_t i = 0; i < n; i++) {
        double value = rows[i * (size_t)r->table->columns + (size_t)r->class];
        int found = r->table->named ? known[(int)value] : -1;
        if (found < 0)
            found = recording_class(r, s, value);
        found = found < 0 ? 0 : found;
        if (r->table->named)
            known[(int)value] = (int16_t)found;
        class[i] = (uint16_t)found;
    }
}

void recording_read(const struct recording *recording, const struct scenario *s, size_t first,
                    size_t n, double *time, double *size, uint16_t *class)
{
    double rows[BLOCK * TABLE_COLUMNS];
    size_t columns = (size_t)recording->table->columns;
    assert(n <= BLOCK && first + n <= recording->table->rows);
    table_read(recording->table, first, n, rows);
    for (size_t i = 0; i < n; i++)
        time[i] = rows[i * columns + (size_t)recording->time];
    for (size_t i = 0; size && i < n; i++)
        size[i] = rows[i * columns + (size_t)recording->size];
    if (class && recording->class >= 0 && s->classes_count > 0)
        read_classes(recording, s, rows, n, class);
    else if (class)
        memset(class, 0, n * sizeof *class);
}

/* ---- rules ---- */

static bool wrong_class(const struct recording *r, const struct scenario *s, size_t row,
                        struct errors *errors)
{
    return error_at(errors, table_place(r->table, row),
                    "its class is neither a name of tasks.classes nor an index from 0 to %d",
                    scenario_classes(s) - 1);
}

static bool check_classes(const struct recording *r, const struct scenario *s,
                          struct errors *errors)
{
    const struct table *table = r->table;
    for (int i = 0; i < table->words_count; i++) /* in the order in which they first stand */
        if (recording_class(r, s, i) < 0)
            return wrong_class(r, s, table->word_row[i], errors);
    double rows[BLOCK * TABLE_COLUMNS];
    for (size_t first = 0; !table->named && first < table->rows; first += BLOCK) {
        size_t n = table->rows - first < BLOCK ? table->rows - first : BLOCK;
        table_read(table, first, n, rows);
        for (size_t i = 0; i < n; i++) {
            double value = rows[i * (size_t)table->columns + (size_t)r->class];
            if (recording_class(r, s, value) < 0)
                return wrong_class(r, s, first + i, errors);
        }
    }
    return true;
}

static bool check_times(const struct recording *r, struct errors *errors)
{
    const struct table *table = r->table;
    const struct table_column *time = &table->column[r->time];
    if (time->falls > 0) {
        double rows[2 * TABLE_COLUMNS];
        table_read(table, time->falls - 1, 2, rows);
        return error_at(errors, table_place(table, time->falls),
                        "arrival_s %.17g is before the one above it (%.17g)",
                        rows[table->columns + r->time], rows[r->time]);
    }
    return time->last <= LATEST ||
           error_at(errors, table_place(table, table->rows - 1),
                    "arrival_s %.17g is not a time from the start of the trace: subtract the "
                    "calendar time of its start",
                    time->last);
}

bool recording_check(const char *file, const struct scenario *s, bool sizes, struct place at,
                     struct errors *errors)
{
    const struct table *table = table_load(file, at, errors);
    if (!table)
        return false;
    const struct recording r = recording_of(table);
    struct place header = {file, table->named ? 1 : 0, 1};
    if (r.time < 0 || (sizes && r.size < 0) || (!table->named && table->columns > 3))
        return error_at(errors, header, "a trace needs the columns arrival_s,service_s[,class]%s",
                        r.time >= 0 && sizes && r.size < 0
                            ? " (arrivals.sizes: law does without service_s)"
                            : "");
    if (!check_times(&r, errors))
        return false;
    if (s->classes_count == 0)
        return true;
    if (r.class < 0)
        return !sizes || error_at(errors, (struct place){file, 0, 0},
                                  "has no column `class`, but tasks.classes are given");
    return check_classes(&r, s, errors);
}
