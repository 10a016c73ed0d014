#include "table.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "table_spool.h"

enum { LINE = 65536, SUMMED = 1024 };

/* Tables loaded so far: a list that only grows at its head, so that finding needs no lock. */
struct node {
    struct table table; /* first: a table is its node */
    struct spool *spool;
    double *_Atomic values; /* all, when first asked for */
    double *_Atomic sorted;
    double *sums; /* of the first SUMMED, 2 SUMMED, ... of them; there when `sorted` is */
    struct node *next;
};
static _Atomic(struct node *) loaded;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

struct reader {
    const char *file;
    gzFile stream;
    int line;
    char text[LINE];
    struct table *table;
    struct spool *spool;
    bool words[TABLE_COLUMNS]; /* the column holds words */
    struct errors *errors;
};

/* The place of something in the current line. */
static struct place here(const struct reader *r, const char *text)
{
    return (struct place){r->file, r->line, (int)(text - r->text) + 1};
}

static struct place whole_file(const struct reader *r)
{
    return (struct place){r->file, 0, 0};
}

/* The next line without its end, or NULL at the end of the file or with an error. */
static char *next_line(struct reader *r, bool *failed)
{
    *failed = false;
    if (!gzgets(r->stream, r->text, LINE)) {
        int code;
        const char *what = gzerror(r->stream, &code);
        if (code == Z_MEM_ERROR)
            out_of("out of memory", "to read a file");
        if (code != Z_OK && code != Z_STREAM_END) {
            *failed = true;
            error_at(r->errors, whole_file(r), "cannot be read: %s",
                     code == Z_ERRNO ? strerror(errno) : what);
        }
        return NULL;
    }
    r->line++;
    size_t length = strlen(r->text);
    if (length == LINE - 1 && r->text[length - 1] != '\n') {
        *failed = true;
        error_at(r->errors, here(r, r->text), "the line is longer than %d characters", LINE - 2);
        return NULL;
    }
    if ((length == 0 || r->text[length - 1] != '\n') && !gzeof(r->stream)) {
        *failed = true;
        error_at(r->errors, here(r, r->text), "the line holds a NUL byte: this is no text file");
        return NULL;
    }
    while (length > 0 && (r->text[length - 1] == '\n' || r->text[length - 1] == '\r'))
        r->text[--length] = '\0';
    char *text = r->text;
    if (r->line == 1 && strncmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3; /* byte order mark */
    return text;
}

static bool blank(const char *text)
{
    return text[strspn(text, " \t")] == '\0';
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        text[--length] = '\0';
    if (length >= 2 && text[0] == '"' && text[length - 1] == '"') {
        text[length - 1] = '\0';
        return text + 1;
    }
    return text;
}

/* Cuts a line into fields; their number, also beyond the TABLE_COLUMNS kept. */
static int cut(char *text, char *fields[TABLE_COLUMNS])
{
    int n = 0;
    for (char *next; text; text = next, n++) {
        next = strchr(text, ',');
        if (next)
            *next++ = '\0';
        if (n < TABLE_COLUMNS)
            fields[n] = trim(text);
    }
    return n;
}

/* At most 15 digits with a point in or behind them: exact by one division (Clinger 1990, "How to
 * read floating point numbers accurately"), and so what strtod says, in a fraction of its time. */
static bool plain_number(const char *text, double *value)
{
    double whole = 0, tens = 1;
    int digits = 0;
    bool behind = false;
    for (; *text; text++) {
        if (*text == '.' && !behind && digits > 0) {
            behind = true;
        } else if (isdigit((unsigned char)*text) && digits < 15) {
            whole = 10 * whole + (*text - '0');
            tens *= behind ? 10 : 1;
            digits++;
        } else {
            return false;
        }
    }
    *value = whole / tens;
    return digits > 0;
}

static bool number(const char *text, double *value)
{
    if (plain_number(text, value))
        return true;
    if (!isdigit((unsigned char)text[0]) && !strchr("+-.", text[0]))
        return false; /* strtod would take nan, inf and blanks */
    if (text[strspn(text, "+-")] == '0' && strchr(text, 'x'))
        return false; /* and 0x10 */
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0';
}

static bool add_word(struct reader *r, const char *text, double *value)
{
    struct table *t = r->table;
    int i = 0;
    while (i < t->words_count && strcmp(t->words[i], text) != 0)
        i++;
    if (i == TABLE_WORDS)
        return error_at(r->errors, here(r, text), "one more than %d different classes",
                        TABLE_WORDS);
    if (i == t->words_count) {
        t->word_row[i] = t->rows;
        t->words[t->words_count++] = intern(text);
    }
    *value = i;
    return true;
}

/* What is kept of a column: sums, until finish() makes means of them. */
static void take_value(struct table_column *column, size_t row, double value)
{
    if (row == 0) {
        column->first = value;
        column->counts = true;
    } else if (value < column->last && column->falls == 0) {
        column->falls = row;
    }
    column->counts = column->counts && value >= 1 && value == floor(value);
    column->last = value;
    column->mean += value;
    column->second += value * value;
}

static bool add_row(struct reader *r, char *fields[TABLE_COLUMNS], int n)
{
    struct table *t = r->table;
    if (n != t->columns)
        return error_at(r->errors, here(r, r->text), "%d columns where the first row has %d", n,
                        t->columns);
    double row[TABLE_COLUMNS];
    for (int c = 0; c < n; c++) {
        double value = 0;
        if (r->words[c]) {
            if (!add_word(r, fields[c], &value))
                return false;
        } else if (!number(fields[c], &value)) {
            return error_at(r->errors, here(r, fields[c]), "column %d holds no number here", c + 1);
        } else if (!(value >= 0 && value <= TABLE_MOST)) {
            return error_at(r->errors, here(r, fields[c]),
                            "column %d holds a number that is not from 0 to %.0e (seconds, or a "
                            "count)",
                            c + 1, TABLE_MOST);
        }
        row[c] = value;
        take_value(&t->column[c], t->rows, value);
    }
    t->rows++;
    const char *why = spool_put(r->spool, row, (size_t)n);
    return !why || error_at(r->errors, whole_file(r), "%s", why);
}

/* Reads the first row, header or values; false at an error or an empty file. */
static bool read_first(struct reader *r)
{
    struct table *t = r->table;
    bool failed;
    char *text, *fields[TABLE_COLUMNS];
    do {
        text = next_line(r, &failed);
        if (!text)
            return failed ? false : error_at(r->errors, whole_file(r), "holds no values");
    } while (blank(text) || text[0] == '#');
    t->columns = cut(text, fields);
    if (t->columns > TABLE_COLUMNS)
        return error_at(r->errors, here(r, r->text), "%d columns; at most %d can be read",
                        t->columns, TABLE_COLUMNS);
    double value;
    t->named = true;
    for (int c = 0; c < t->columns; c++)
        t->named = t->named && !number(fields[c], &value);
    t->first_line = r->line + (t->named ? 1 : 0);
    if (!t->named)
        return add_row(r, fields, t->columns);
    for (int c = 0; c < t->columns; c++) {
        t->column[c].name = intern(fields[c]);
        r->words[c] = strcmp(fields[c], "class") == 0;
    }
    return true;
}

static bool read_rows(struct reader *r)
{
    if (!read_first(r))
        return false;
    bool failed;
    int gap = 0; /* line of an empty line */
    for (char *text, *fields[TABLE_COLUMNS]; (text = next_line(r, &failed));) {
        if (blank(text)) {
            gap = gap ? gap : r->line;
            continue;
        }
        if (gap)
            return error_at(r->errors, (struct place){r->file, gap, 1},
                            "an empty line between the rows");
        if (r->line == INT_MAX)
            return error_at(r->errors, here(r, r->text), "more rows than can be counted");
        if (!add_row(r, fields, cut(text, fields)))
            return false;
    }
    if (!failed && r->table->rows == 0)
        return error_at(r->errors, whole_file(r), "holds no values");
    return !failed;
}

static bool finish(struct reader *r)
{
    struct table *t = r->table;
    for (int c = 0; c < t->columns; c++) {
        t->column[c].mean /= (double)t->rows;
        t->column[c].second /= (double)t->rows;
    }
    const char *why = spool_end(r->spool);
    return !why || error_at(r->errors, whole_file(r), "%s", why);
}

static struct node *read_table(const char *file, struct place at, struct errors *errors)
{
    errno = 0;
    gzFile stream = gzopen(file, "rb");
    if (!stream && (errno == 0 || errno == ENOMEM))
        out_of("out of memory", "to read a file");
    if (!stream) {
        error_at(errors, at, "%s: cannot be opened: %s", file, strerror(errno));
        return NULL;
    }
    gzbuffer(stream, 1 << 18);
    struct node *node = xcalloc(1, sizeof *node);
    struct reader *r = xcalloc(1, sizeof *r);
    node->table.file = file;
    node->spool = spool_new();
    *r = (struct reader){.file = file,
                         .stream = stream,
                         .table = &node->table,
                         .spool = node->spool,
                         .errors = errors};
    bool good = read_rows(r);
    int closed = gzclose(stream);
    if (good && closed != Z_OK)
        good =
            error_at(errors, (struct place){file, 0, 0}, "ends in the middle of compressed data");
    if (!good || !finish(r)) {
        spool_free(node->spool);
        free(node);
        node = NULL;
    }
    free(r);
    return node;
}

const struct table *table_find(const char *file)
{
    for (struct node *node = atomic_load(&loaded); node; node = node->next)
        if (node->table.file == file)
            return &node->table;
    return NULL;
}

static void add_node(struct node *node)
{
    node->next = atomic_load(&loaded);
    atomic_store(&loaded, node);
}

const struct table *table_load(const char *file, struct place at, struct errors *errors)
{
    file = intern(file);
    pthread_mutex_lock(&loading);
    const struct table *table = table_find(file);
    if (!table) {
        struct node *node = read_table(file, at, errors);
        if (node) {
            add_node(node);
            table = &node->table;
        }
    }
    pthread_mutex_unlock(&loading);
    return table;
}

void table_hold(const char *file, const double *values, size_t n)
{
    file = intern(file);
    pthread_mutex_lock(&loading);
    if (!table_find(file)) {
        struct node *node = xcalloc(1, sizeof *node);
        struct table_column *column = &node->table.column[0];
        node->table = (struct table){.file = file, .rows = n, .first_line = 1, .columns = 1};
        for (size_t i = 0; i < n; i++)
            take_value(column, i, values[i]);
        column->mean /= (double)n;
        column->second /= (double)n;
        node->spool = spool_new();
        const char *why = spool_put(node->spool, values, n);
        why = why ? why : spool_end(node->spool);
        assert(!why); /* so few stay in memory */
        (void)why;
        add_node(node);
    }
    pthread_mutex_unlock(&loading);
}

static const struct node *node_of(const struct table *table)
{
    return (const struct node *)table;
}

void table_read(const struct table *table, size_t first, size_t n, double *out)
{
    size_t columns = (size_t)table->columns;
    spool_get(node_of(table)->spool, first * columns, n * columns, out);
}

const double *table_values(const struct table *table)
{
    struct node *node = (struct node *)(uintptr_t)table;
    double *values = atomic_load_explicit(&node->values, memory_order_acquire);
    if (values)
        return values;
    pthread_mutex_lock(&loading);
    values = atomic_load(&node->values);
    if (!values) {
        values = xmalloc(table->rows * (size_t)table->columns * sizeof *values);
        table_read(table, 0, table->rows, values);
        atomic_store(&node->values, values);
    }
    pthread_mutex_unlock(&loading);
    return values;
}

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

const double *table_sorted(const struct table *table)
{
    struct node *node = (struct node *)(uintptr_t)table;
    double *sorted = atomic_load_explicit(&node->sorted, memory_order_acquire);
    if (sorted)
        return sorted;
    assert(table->columns == 1);
    pthread_mutex_lock(&loading);
    sorted = atomic_load(&node->sorted);
    if (!sorted) {
        sorted = xmalloc(table->rows * sizeof *sorted);
        table_read(table, 0, table->rows, sorted);
        qsort(sorted, table->rows, sizeof *sorted, falling);
        node->sums = xmalloc((table->rows / SUMMED + 1) * sizeof *node->sums);
        double sum = 0;
        for (size_t i = 0; i < table->rows; i++) {
            sum += sorted[i];
            if ((i + 1) % SUMMED == 0)
                node->sums[i / SUMMED] = sum;
        }
        atomic_store(&node->sorted, sorted);
    }
    pthread_mutex_unlock(&loading);
    return sorted;
}

double table_largest(const struct table *table, size_t n)
{
    const double *sorted = table_sorted(table);
    double sum = n >= SUMMED ? node_of(table)->sums[n / SUMMED - 1] : 0;
    for (size_t i = n - n % SUMMED; i < n; i++)
        sum += sorted[i];
    return sum;
}

const struct table_column *table_column(const struct table *table, const char *name)
{
    for (int c = 0; c < table->columns && table->named; c++)
        if (strcmp(table->column[c].name, name) == 0)
            return &table->column[c];
    return NULL;
}

struct place table_place(const struct table *table, size_t row)
{
    return (struct place){table->file, table->first_line + (int)row, 1};
}
