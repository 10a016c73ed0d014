/* What the lines say where neither format nor user do: of shape.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reader_in.h"
#include "shape_in.h"

static bool most(const struct traits *traits, int n)
{
    return 2 * n >= traits->lines;
}

static void place(struct spots *spots, const struct trait *t)
{
    spots->n = 1;
    spots->column[0] = t->column;
}

/* ---- what would help ---- */

static const char *option_of(const char *option, const struct trait *t)
{
    const char *name = reader_quote(t->name);
    bool plain = strcspn(name, " \t'\"$&|;<>()*?\\`#~") == strlen(name);
    return internf(" %s %s%s%s", option, plain ? "" : "'", name, plain ? "" : "'");
}

/* A column of times beside that one; NULL: there is none. */
static const struct trait *second_time(const struct traits *traits, int time)
{
    for (int i = time + 1; time >= 0 && i < traits->n; i++)
        if (traits->trait[i].column.anchor != AT_END &&
            most(traits, traits->trait[i].dates + traits->trait[i].epochs))
            return &traits->trait[i];
    return NULL;
}

/* The command that would do, of columns that there are; "" where none might. */
static const char *advice(const struct learning *l, const struct traits *traits)
{
    const struct shape *shape = l->shape;
    const char *words = "";
    int time = -1, sizes = 0;
    for (int i = 0; i < traits->n && time < 0; i++)
        if (traits->trait[i].column.anchor != AT_END &&
            most(traits, traits->trait[i].dates + traits->trait[i].epochs))
            time = i;
    for (int i = 0; i < traits->n && sizes < 3; i++) {
        const struct trait *t = &traits->trait[i];
        if (i == time || t->column.anchor == AT_END || !most(traits, t->numbers) ||
            most(traits, t->epochs))
            continue;
        words = internf("%s%s'%s' (%s, ...)", words, sizes++ ? ", " : "", reader_quote(t->name),
                        t->text);
    }
    const struct trait *other = second_time(traits, time);
    if (other && shape->end.n == 0)
        return internf("; two columns hold times: if they are of the beginning and of the end,%s%s "
                       "says so",
                       option_of("--start", &traits->trait[time]), option_of("--end", other));
    if (sizes == 0)
        return "; no column of numbers is among its columns: log how long each task took";
    const char *times =
        time >= 0 && shape->arrival.n == 0 ? option_of("--arrival", &traits->trait[time]) : "";
    return internf("; numbers stand in %s: name the one of sizes, and its unit, as in `queuescope "
                   "fit %s%s --service COLUMN --unit ms`",
                   words, text_is_clean(l->at.source) ? l->at.source : "LOG", times);
}

static bool refuse(struct learning *l, const struct traits *traits, bool sizes)
{
    if (sizes && strcmp(l->shape->format->name, "access") == 0)
        return error_at(l->errors, l->at,
                        "no request time was recognised%s; nginx logs it by $request_time, Apache "
                        "by %%D",
                        advice(l, traits));
    if (!sizes)
        return error_at(l->errors, l->at,
                        "no column of arrival times was recognised: name it with --arrival COLUMN "
                        "(its heading, its key, or its number from 1), or log when each task came");
    return error_at(l->errors, l->at, "no column of sizes was recognised%s", advice(l, traits));
}

/* ---- times ---- */

/* Lines that say nothing else are written when a task is done, but for columns, which are made for
 * others, and Apache's, which hold when the request came. */
static bool is_end(const struct learning *l, const struct trait *t, bool unsure)
{
    (void)t;
    return unsure && l->shape->format->cut != CUT_COLUMNS;
}

static bool is_clock(const char *text)
{
    size_t n = text ? strspn(text, "0123456789") : 0;
    return (n == 1 || n == 2) && text[n] == ':';
}

/* A date alone goes on in a column beside it that holds times of day. */
static void join_clock(struct shape *shape, const struct traits *traits, const struct trait *date,
                       struct spots *spots)
{
    bool whole = shape->format->cut != CUT_COLUMNS || date->column.anchor != AT_START ||
                 date->dates == 0 || !date->text || strchr(date->text, ':');
    for (int i = 0; i < traits->n && !whole && spots->n == 1; i++) {
        const struct trait *t = &traits->trait[i];
        int away = t->column.offset - date->column.offset;
        if (t->column.anchor == AT_START && (away == 1 || away == -1) && is_clock(t->text))
            spots->column[spots->n++] = t->column;
    }
}

static bool learn_times(struct learning *l, struct traits *traits)
{
    struct shape *shape = l->shape;
    double unit;
    bool unsure = true;
    int start = trait_time(traits, ROLE_ARRIVAL, true), end = trait_time(traits, ROLE_END, true);
    if (shape->format->cut == CUT_COLUMNS && shape->n_headings == 0)
        start = end = -1;
    if (start >= 0)
        name_rank(ROLE_ARRIVAL, traits->trait[start].name, &unit, &unsure);
    if (start < 0 && end < 0)
        start = trait_time(traits, ROLE_ARRIVAL, false);
    traits->any = start < 0 && end < 0 && shape->n_headings > 0;
    if (traits->any)
        start = trait_time(traits, ROLE_ARRIVAL, true);
    if (start < 0 && end < 0 && shape->n_headings == 0 && traits->n > 0 &&
        most(traits, traits->trait[0].numbers) && shape->format->cut != CUT_OBJECT)
        start = 0; /* seconds from any start */
    l->arrival = start;
    if (start >= 0) {
        place(&shape->arrival, &traits->trait[start]);
        join_clock(shape, traits, &traits->trait[start], &shape->arrival);
        shape->from_end = is_end(l, &traits->trait[start], unsure);
        if (name_rank(ROLE_ARRIVAL, traits->trait[start].name, &unit, &unsure) >= 0 &&
            traits->trait[start].dates == 0 && shape->tick == 0)
            shape->tick = unit;
    }
    if (end >= 0) {
        place(&shape->end, &traits->trait[end]);
        join_clock(shape, traits, &traits->trait[end], &shape->end);
    }
    return start >= 0 || end >= 0;
}

/* ---- sizes ---- */

/* Requests are known by what else a line has. */
static bool has_requests(const struct traits *traits)
{
    static const char *const words[] = {"status", "method", "uri",     "url",
                                        "path",   "code",   "request", "status_code"};
    for (int i = 0; i < traits->n; i++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            const char *dot = strrchr(traits->trait[i].name, '.');
            if (strcasecmp(dot ? dot + 1 : traits->trait[i].name, words[k]) == 0)
                return true;
        }
    return false;
}

static bool learn_size(struct learning *l, struct traits *traits)
{
    struct shape *shape = l->shape;
    double unit = 0;
    bool latency = false;
    traits->any = false;
    int size = trait_size(traits, shape, l->arrival, &shape->size_guessed, &unit, &latency);
    bool both = (shape->arrival.n > 0 || shape->end.n > 0) && shape->end.n > 0 &&
                shape->arrival.n > 0 && !shape->from_end;
    if (both && (size < 0 || shape->size_guessed)) {
        shape->size_guessed = false;
        return true; /* end less start */
    }
    if (size < 0 && shape->n_headings > 0) {
        traits->any = true;
        size = trait_size(traits, shape, l->arrival, &shape->size_guessed, &unit, &latency);
        size = shape->size_guessed ? -1 : size;
        traits->any = false;
    }
    if (size < 0)
        return false;
    place(&shape->size, &traits->trait[size]);
    if (shape->unit == 0)
        shape->unit = unit;
    if (shape->size_guessed && traits->n == 2 && shape->n_headings == 0)
        shape->size_guessed = false; /* the first two columns, as is said everywhere */
    if (shape->format->held == HELD_BY_NAME)
        shape->latency = latency || has_requests(traits);
    /* nginx and others write seconds with three decimals, when a request is done; whole numbers are
     * Apache's, whose date is that of its start. */
    if (strcmp(shape->format->name, "access") == 0) {
        bool fine = traits->trait[size].fine > 0 && traits->trait[size].units == 0;
        bool units = traits->trait[size].units > 0;
        if (fine && shape->unit == 0)
            shape->unit = 1;
        if (!fine && !units && traits->trait[size].column.anchor != AT_KEY)
            shape->from_end = false;
    }
    return true;
}

/* ---- what the sizes look like ---- */

static void learn_values(struct learning *l)
{
    struct shape *shape = l->shape;
    bool units = false;
    for (int i = 0; i < l->sample->n && shape->size.n > 0; i++) {
        struct record r = {0};
        struct measured measured;
        const char *text = NULL;
        if (!(shape->heading && l->sample->number[i] <= shape->heading_line) &&
            format_cut(shape->format, shape->separator, l->sample, i, l->room, &r) &&
            shape_takes(shape, &r))
            text = record_get(&r, &shape->size.column[0]);
        if (text) {
            enum comma comma = measured_comma(text);
            if (comma != COMMA_UNKNOWN)
                shape->comma = comma;
            units = units || (measured_read(text, comma, &measured) && measured.unit > 0);
        }
        record_done(&r);
    }
    if (units && shape->unit == 0)
        shape->unit = 1;
    if (shape->size.n > 0 && shape->unit == 0)
        shape_guess_unit(shape, l->sample);
}

static int up(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The first times that can be read, upwards. Returns how many; `dates` of them are dates. */
static size_t first_times(struct learning *l, double times[SAMPLE_LINES], size_t *dates)
{
    struct shape *shape = l->shape;
    char date[64];
    size_t n = 0;
    *dates = 0;
    for (int i = 0; i < l->sample->n; i++) {
        struct record r = {0};
        struct stamp stamp;
        const char *text;
        if (!(shape->heading && l->sample->number[i] <= shape->heading_line) &&
            format_cut(shape->format, shape->separator, l->sample, i, l->room, &r) &&
            shape_takes(shape, &r) && spots_text(&r, &shape->arrival, date, sizeof date, &text) &&
            stamp_read(text, &stamp)) {
            times[n++] = (double)stamp.whole;
            *dates += stamp.kind == STAMP_DATE;
        }
        record_done(&r);
    }
    qsort(times, n, sizeof *times, up);
    return n;
}

/* Dates are of the calendar. Numbers are where most of them are far from 0 and, next to that, close
 * together: times since the log's own start, however long it is, spread as far as they go. */
static void learn_epoch(struct learning *l)
{
    const double close = 0.5;
    struct shape *shape = l->shape;
    double far = shape->tick > 0 ? 1e8 / shape->tick : 1e8;
    double times[SAMPLE_LINES];
    size_t dates, near = 0, n = first_times(l, times, &dates);
    shape->epoch = n > 0 ? times[n / 2] : NAN;
    while (near < n && times[near] < far)
        near++;
    size_t rest = n - near;
    if (rest > near) {
        double low = times[near + rest / 4], high = times[near + 3 * rest / 4];
        shape->calendar = high - low < close * low;
    }
    shape->calendar = shape->calendar || 2 * dates > n;
}

/* ---- words ---- */

static const char *words_of(const struct learning *l, const struct spots *spots)
{
    const char *words = "";
    for (int i = 0; i < spots->n; i++) {
        const struct column *c = &spots->column[i];
        const char *name = column_name(l->shape, c);
        bool heading = c->anchor == AT_KEY || (c->anchor == AT_START && l->shape->n_headings);
        const char *kind = l->shape->format->cut == CUT_COLUMNS ? "column"
                           : c->anchor == AT_KEY                ? "key"
                           : c->anchor == AT_START              ? "word"
                                                                : "";
        words = internf(heading ? "%s%s%s '%s'" : "%s%s%s %s", words, i ? " and " : "", kind,
                        reader_quote(name));
    }
    return *words == ' ' ? words + 1 : words;
}

static void say(struct learning *l)
{
    struct shape *shape = l->shape;
    const char *time = words_of(l, &shape->arrival), *size = words_of(l, &shape->size);
    shape->size_words = size;
    shape->arrival_words = time;
    if (shape->size.n == 0) {
        shape->size_words = internf("%s less %s", words_of(l, &shape->end), time);
    } else if (shape->from_end) {
        shape->arrival_words = internf("%s, of the end, less %s", time, size);
    }
    if (shape->class.set)
        shape->class_words = words_of(l, &(struct spots){1, {shape->class}});
}

/* ---- all of it ---- */

/* What the user and the format say of times. */
static bool take_times(struct learning *l)
{
    const struct log_options *o = l->options;
    const struct format *f = l->shape->format;
    struct shape *shape = l->shape;
    if (!ask(l, "--arrival", o->arrival, &shape->arrival) || !ask(l, "--end", o->end, &shape->end))
        return false;
    if (!o->arrival && !o->end) {
        take(l, f->arrival, &shape->arrival);
        take(l, f->end, &shape->end);
    }
    shape->tick = o->arrival_unit > 0 ? o->arrival_unit : f->tick;
    return true;
}

/* Heading, name or format of a column that was asked for may say its unit. */
static void take_units(struct learning *l)
{
    struct shape *shape = l->shape;
    double unit;
    if (l->options->unit > 0)
        shape->unit = l->options->unit;
    else if (!l->options->service && shape->size.n > 0)
        shape->unit = shape->format->unit;
    if (shape->unit == 0 && shape->size.n > 0)
        shape->unit = reader_unit_of(column_name(shape, &shape->size.column[0]));
    if (shape->tick == 0 && shape->arrival.n > 0) {
        unit = reader_unit_of(column_name(shape, &shape->arrival.column[0]));
        shape->tick = unit;
    }
}

static bool learn_rest(struct learning *l)
{
    struct shape *shape = l->shape;
    struct traits traits;
    struct trait *t;
    traits_find(shape, l->sample, &traits);
    bool timed = shape->arrival.n > 0 || shape->end.n > 0, good = true;
    l->arrival = -1;
    for (int i = 0; i < traits.n && timed; i++) {
        t = &traits.trait[i];
        if (shape->arrival.n > 0 && strcmp(t->name, column_name(shape, shape->arrival.column)) == 0)
            l->arrival = i;
    }
    if (!timed)
        good = learn_times(l, &traits) || refuse(l, &traits, false);
    bool sized = shape->size.n > 0 ||
                 (timed && !l->options->service && shape->arrival.n > 0 && shape->end.n > 0);
    if (good && !sized)
        good = learn_size(l, &traits) || refuse(l, &traits, true);
    if (good && shape->size.n > 0 && l->options->service && shape->format->held == HELD_BY_NAME)
        shape->latency = has_requests(&traits);
    traits_free(&traits);
    return good;
}

/* End and size, but no start: the start is what is left. */
static void settle_times(struct learning *l)
{
    struct shape *shape = l->shape;
    if (shape->arrival.n == 0) {
        shape->arrival = shape->end;
        shape->from_end = true;
    }
    if (shape->size.n > 0)
        shape->end.n = 0;
    if (l->options->moment != MOMENT_AUTO && shape->end.n == 0)
        shape->from_end = l->options->moment == MOMENT_END;
}

static bool take_class(struct learning *l)
{
    struct shape *shape = l->shape;
    struct spots place = {0};
    if (!ask(l, "--class", l->options->class, &place))
        return false;
    if (!l->options->class && (shape->n_headings || shape->format->cut != CUT_COLUMNS) &&
        resolve(l, "class", &place.column[0]))
        place.n = 1;
    if (place.n > 0)
        shape->class = place.column[0];
    return true;
}

bool shape_learn(const struct format *format, const struct sample_lines *sample,
                 const struct log_options *options, struct place at, struct shape *out,
                 struct errors *errors)
{
    struct learning l = {sample, options, at, out, errors, xmalloc(LINE_MOST + 1), -1};
    *out = (struct shape){.format = format, .latency = format->held == HELD_LATENCY};
    if (format->cut == CUT_COLUMNS)
        learn_columns(&l);
    bool good =
        take_filters(&l) && take_times(&l) && ask(&l, "--service", options->service, &out->size);
    if (good && !options->service && !options->end)
        take(&l, format->size, &out->size);
    if (good && format->count) {
        struct spots count = {0};
        if (take(&l, format->count, &count))
            out->count = count.column[0];
    }
    if (good)
        take_units(&l);
    good = good && take_class(&l) && learn_rest(&l);
    if (good) {
        settle_times(&l);
        learn_values(&l);
        learn_epoch(&l);
        if (out->size.n > 0 && out->arrival.n == 1 && out->size.n == 1 &&
            column_name(out, out->arrival.column) == column_name(out, out->size.column))
            good = error_at(errors, at, "arrival times and sizes cannot be the same column");
    }
    if (good)
        say(&l);
    free(l.room);
    return good;
}
