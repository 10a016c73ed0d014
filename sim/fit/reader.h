/*
 * Logs: tasks with their arrival and size, out of the files that people have.
 *
 *   csv     columns by name or by number, separated by the sign that the first line has most of
 *           (comma, semicolon, tab), with a header or without; the native one is
 *           arrival_s,service_s[,class]. Times are numbers (seconds from any start, or since 1970
 *           in s, ms, us or ns, by their size) or dates (ISO 8601, or as in access logs).
 *   access  nginx and Apache: combined format with a request time behind it: a number ("0.123"),
 *           or a word such as rt=0.123; whole numbers only are taken for Apache's %D, microseconds.
 *           The time is that of the end of a request (both servers write it then), so that the
 *           arrival is that time less the request time.
 *   swf     Standard Workload Format (Chapin et al. 1999, "Benchmarks and standards for the
 *           evaluation of parallel job schedulers", section 4): submit time and run time.
 *
 * Lines that cannot be used are counted, the first few kept with their reason; they never end the
 * reading. Times are in seconds from the whole second (tick) of the first task, sizes in seconds.
 */
#ifndef READER_H
#define READER_H

#include "log_classes.h"

enum log_format { LOG_AUTO, LOG_CSV, LOG_ACCESS, LOG_SWF };
extern const char *const log_format_names[]; /* by enum log_format; NULL ends */

enum log_moment { MOMENT_AUTO, MOMENT_START, MOMENT_END };
extern const char *const log_moment_names[];

struct log_options {
    enum log_format format;
    const char *arrival, *service; /* column: name, or number from 1; access: the request time as
                                      NAME (of NAME=0.1) or the number of a word; NULL: found */
    const char *class;             /* csv: the column of classes; NULL: one headed `class` */
    double unit;                   /* seconds that a size of 1 stands for; 0: found */
    double arrival_unit;           /* and a time of 1, where times are numbers */
    enum log_moment moment;        /* whether times are of the start or the end of tasks */
};

struct log_task {
    double arrival, size;
    int class; /* log_classes.h; 0 where the log has none */
};

/* What was found out about a log. */
enum { LOG_BAD_KEPT = 5, LOG_WHY = 160 };
struct log_facts {
    const char *file;
    enum log_format format;
    const char *arrival, *service; /* in words: "column 'start' (ISO 8601)" */
    bool native;                   /* arrival_s,service_s as a trace wants it */
    bool end;                      /* times were of the end of tasks */
    const char *class;             /* the column of classes in words; NULL: there is none */
    struct log_classes classes;
    double unit;  /* of sizes, as above */
    double clock; /* the step of the times, in seconds; 0: finer than 1 ns */
    long lines, tasks, bad;
    int bad_kept;
    struct {
        long line;
        char why[LOG_WHY];
    } first_bad[LOG_BAD_KEPT];
    const char *damage; /* what ended the reading before the end of the file; NULL: nothing */
};

struct reader;

/* Opens, and finds format and columns in the first line. NULL with an error: the file cannot be
 * opened or is empty, or has no such columns. */
struct reader *reader_open(const char *file, const struct log_options *options,
                           struct errors *errors);
/* The same of text in memory, which is borrowed. */
struct reader *reader_of(const char *name, const char *text, size_t size,
                         const struct log_options *options, struct errors *errors);

/* The next task, in the order of the file; false at its end. */
bool reader_next(struct reader *reader, struct log_task *task);

/* The steps of the times and of the sizes read so far, in seconds; 0: below 1 ns. */
double reader_clock(const struct reader *reader);
double reader_size_step(const struct reader *reader);

const struct log_facts *reader_facts(const struct reader *reader);
void reader_close(struct reader *reader);

#endif
