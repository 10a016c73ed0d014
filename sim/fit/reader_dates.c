/* Dates that do not say all: which of two numbers is the month, which year it is, and
 * which day. */
#include <string.h>

#include "reader_in.h"

#define DAY  INT64_C(86400)
#define YEAR (365 * DAY)

/* ---- 11/12/2023 ---- */

/* What the dates of a log say of their order. */
struct votes {
    long month, day, either;
    int64_t low[2], high[2]; /* of those that may be either, with the month first and the day */
};

enum { ENOUGH = 1000 };

static void vote(struct votes *votes, const struct stamp *stamp)
{
    votes->month += stamp->order == ORDER_MONTH_FIRST;
    votes->day += stamp->order == ORDER_DAY_FIRST;
    if (stamp->order != ORDER_EITHER)
        return;
    votes->either++;
    for (int day_first = 0; day_first < 2; day_first++) {
        int64_t x = stamp->whole + (day_first ? stamp->swapped : 0);
        int64_t *low = &votes->low[day_first], *high = &votes->high[day_first];
        *low = votes->either == 1 || x < *low ? x : *low;
        *high = votes->either == 1 || x > *high ? x : *high;
    }
}

static void vote_by(struct log_file *f, const struct spots *spots, struct votes *votes)
{
    char room[64];
    const char *text;
    struct stamp stamp;
    if (spots->n > 0 && spots_text(&f->record, spots, room, sizeof room, &text) &&
        stamp_read(text, &stamp))
        vote(votes, &stamp);
}

/* All lines, until enough of them have told; none at all where those at the beginning have no such
 * dates. */
static void count(struct log_file *f, struct votes *votes)
{
    const char *why;
    const struct shape *s = &f->shape;
    *votes = (struct votes){0};
    file_lines_rewind(f);
    for (char *line; (line = file_line(f, &why));) {
        if (why || !line[strspn(line, " \t")] ||
            !cut_line(s->format->cut, s->separator, line, &f->record))
            continue;
        vote_by(f, &s->arrival, votes);
        vote_by(f, &s->end, votes);
        record_done(&f->record);
        long told = votes->month + votes->day, all = told + votes->either;
        if (told > ENOUGH || (all == 0 && f->number > SAMPLE_LINES))
            break;
    }
    file_lines_rewind(f);
}

/* Where the numbers do not tell, a log of successive days is as many months long in the other
 * order: the order with which it is so many times shorter is taken. */
enum { SHORTER = 10 };

bool dates_learn(struct log_file *f, const struct log_options *options, struct errors *errors)
{
    struct votes votes;
    f->shape.day_first = options->dates == DATES_DAY_FIRST;
    if (f->tree || options->dates != DATES_AUTO)
        return true;
    count(f, &votes);
    f->shape.day_first = votes.day > votes.month;
    if (votes.month != votes.day || votes.either == 0)
        return true;
    int64_t month_first = votes.high[0] - votes.low[0], day_first = votes.high[1] - votes.low[1];
    if (month_first == day_first) /* all of one day, whichever it is */
        return true;
    f->shape.day_first = day_first < month_first;
    f->facts->dates_guessed = true;
    f->facts->day_first = f->shape.day_first;
    return SHORTER * (f->shape.day_first ? day_first : month_first) <=
               (f->shape.day_first ? month_first : day_first) ||
           error_at(errors, (struct place){f->name, 0, 0},
                    "which number of its dates between slashes is the month they do not tell: none "
                    "is above 12. Say --dates month-first (11/16/2023) or --dates day-first "
                    "(16/11/2023)");
}

/* ---- Nov 16 18:17:03 ---- */

/* A moment of the year that the log is in. */
static int64_t in_year(const struct log_file *f, const struct stamp *stamp)
{
    const int64_t march = 59 * DAY; /* 31 days and 28 before it */
    return f->year + stamp->whole +
           (f->leap && !stamp->leap_day && stamp->whole >= march ? DAY : 0);
}

/* A year begins where a time is half a year or more before the one above it; one that is as much
 * later was late itself. */
static void settle_year(struct log_file *f, struct stamp *stamp)
{
    f->yearless = true;
    if (stamp->leap_day)
        f->leap = true;
    int64_t now = in_year(f, stamp);
    if (f->read && now < f->in_year - YEAR / 2) {
        f->year += YEAR + (f->leap ? DAY : 0);
        f->leap = stamp->leap_day;
        now = in_year(f, stamp);
    } else if (f->read && now > f->in_year + YEAR / 2) {
        now -= YEAR;
    }
    f->in_year = now;
    stamp->whole = now;
}

/* ---- 18:17:03 ---- */

/* Another day begins where a time is half a day or more before the one above it. */
static void settle_day(struct log_file *f, struct stamp *stamp)
{
    int64_t now = f->year + stamp->whole;
    if (f->read && now < f->in_year - DAY / 2) {
        f->year += DAY;
        now += DAY;
    } else if (f->read && now > f->in_year + DAY / 2) {
        now -= DAY;
    }
    f->in_year = now;
    stamp->whole = now;
}

void dates_follow(struct log_file *f, const struct log_file *before)
{
    if (!f->yearless || !before->yearless || f->start >= before->start - YEAR / 2)
        return;
    f->first_year = before->first_year + YEAR;
    f->start += f->first_year;
}

bool dates_settle(struct log_file *f, struct stamp *stamp)
{
    bool day_first = f->shape.day_first;
    if (stamp->order == (day_first ? ORDER_MONTH_FIRST : ORDER_DAY_FIRST))
        return false;
    if (stamp->order == ORDER_EITHER && day_first)
        stamp->whole += stamp->swapped;
    if (stamp->yearless)
        settle_year(f, stamp);
    if (stamp->dayless)
        settle_day(f, stamp);
    return true;
}
