/*
 * Logs: tasks with their arrival and size, out of the files that people have.
 *
 * What formats there are, and how one is known, stands in formats.h; where in a line of it times
 * and sizes are, and in what units, in shape.h. Several files are one log, in order of time.
 *
 * Lines that cannot be used are counted, the first few kept with their reason; they never end the
 * reading. Whether there are too many is for the reader's user to say (log_options.bad).
 *
 * Times are in seconds from the whole second (tick) of the first task, sizes in seconds. Where
 * dates have no offset from UTC and the clock goes back by 30 or 60 minutes at a full hour, as at
 * the end of summer time, what follows is put that much later.
 */
#ifndef READER_H
#define READER_H

#include "../base/lines.h"
#include "log_classes.h"

enum log_moment { MOMENT_AUTO, MOMENT_START, MOMENT_END };
extern const char *const log_moment_names[]; /* by enum log_moment; NULL ends */

/* How dates between slashes are written: 11/16/2023 or 16/11/2023. */
enum log_dates { DATES_AUTO, DATES_MONTH_FIRST, DATES_DAY_FIRST };
extern const char *const log_dates_names[]; /* by enum log_dates; NULL ends */

enum { LOG_ONLY = 4, LOG_FILES = 64 };

struct log_options {
    const char *format; /* a name of formats.h; NULL: found */
    /* Columns (formats.h); NULL: found. `arrival` is of the start of tasks, or of `moment`. */
    const char *arrival, *end, *service;
    const char *class;          /* NULL: one called `class`, where there is one */
    const char *only[LOG_ONLY]; /* COLUMN=TEXT: lines that are tasks */
    int n_only;
    double unit;         /* seconds that a size of 1 stands for; 0: found */
    double arrival_unit; /* and a time of 1, where times are numbers */
    enum log_moment moment;
    enum log_dates dates;
    double bad; /* the largest share of lines that may be of no use; 0: LOG_BAD_SHARE */
};

#define LOG_BAD_SHARE 0.05

struct log_task {
    double arrival, size;
    int class; /* log_classes.h; 0 where the log has none */
};

/* What was found out about a log. */
enum { LOG_BAD_KEPT = 5, LOG_WHY = 160 };
struct log_facts {
    const char *file; /* the first of them */
    int files;
    const char *format, *of;       /* its name, and whose it is (formats.h) */
    const char *arrival, *service; /* in words: "column 'start'" */
    bool native;                   /* arrival_s,service_s as a trace wants it */
    bool end;                      /* times were of the end of tasks */
    const char *class;             /* the column of classes in words; NULL: there is none */
    struct log_classes classes;
    double unit;        /* of sizes, as above */
    double other;       /* what it might be too, where it was guessed; else 0 */
    bool size_guessed;  /* the column of sizes was chosen by what stands in it */
    bool latency;       /* sizes are times of requests, which hold the wait */
    bool dates_guessed; /* which number of a date is the month; month first, or not */
    bool day_first;
    double clock;                   /* the step of the times, in seconds; 0: finer than 1 ns */
    double back;                    /* by how much the clock went back, ... */
    long back_line;                 /* ... and where; 0: it never did */
    double work;                    /* seconds of processors in all, where jobs take several; ... */
    double processors;              /* ... the most that one took; 0: not known */
    long lines, tasks, bad, others; /* others: lines that are no tasks */
    int bad_kept;
    struct {
        const char *file;
        long line;
        char why[LOG_WHY];
    } first_bad[LOG_BAD_KEPT];
    const char *damage; /* what ended the reading before the end of the file; NULL: nothing */
};

struct reader;

/* Of files that were opened, which become the reader's, whatever comes of it; finds format and
 * columns in their first lines. NULL with an error: one is empty, or of no format that has tasks,
 * or has no such columns. */
struct reader *reader_open(struct lines *const *lines, const char *const *names, int n,
                           const struct log_options *options, struct errors *errors);
/* The same of text in memory, which is borrowed. */
struct reader *reader_of(const char *name, const char *text, size_t size,
                         const struct log_options *options, struct errors *errors);

/* The next task, in the order of the file; false at its end. */
bool reader_next(struct reader *reader, struct log_task *task);

/* Back to the first task: what is read then is the same again. */
void reader_rewind(struct reader *reader);

/* When all is read: whether few enough lines were of no use. They are no random sample of all (the
 * largest sizes are written in another way, failed requests have no size): where they are many,
 * what is left is another log. */
bool reader_check(const struct reader *reader, struct errors *errors);

/* The steps of the times and of the sizes read so far, in seconds; 0: below 1 ns. */
double reader_clock(const struct reader *reader);
double reader_size_step(const struct reader *reader);

const struct log_facts *reader_facts(const struct reader *reader);
void reader_close(struct reader *reader);

#endif
