/* Job logs in the Standard Workload Format, of reader.h: 18 fields, among them job number, submit
 * time, wait time, run time; -1 is what is not known, and lines with ';' are remarks. */
#include <string.h>

#include "reader_in.h"

enum { SUBMIT = 1, RUN = 3, WANTED = 4 };

static bool open_swf(struct reader *r, char *first, struct errors *errors)
{
    (void)errors;
    r->kept = first;
    r->facts.arrival = "submit time (field 2)";
    r->facts.service = "run time (field 4)";
    return true;
}

static enum log_verdict read_swf(struct reader *r, char *line, struct log_task *task)
{
    char *fields[WANTED];
    struct stamp stamp;
    int n = 0;
    if (line[0] == ';')
        return LINE_NOTHING;
    for (char *next = NULL, *word = strtok_r(line, " \t", &next); word && n < WANTED;
         word = strtok_r(NULL, " \t", &next))
        fields[n++] = word;
    if (n < WANTED)
        return reader_bad(r, "%d fields, and a job has 18", n);
    if (!stamp_read(fields[SUBMIT], &stamp) || stamp.kind != STAMP_NUMBER || stamp.whole < 0)
        return reader_bad(r, "the submit time '%s' is no number from 0 up",
                          reader_quote(fields[SUBMIT]));
    if (strcmp(fields[RUN], "-1") == 0)
        return reader_bad(r, "the run time is not known (-1)");
    if (!reader_size(r, fields[RUN], &task->size) || !reader_time(r, &stamp, &task->arrival))
        return LINE_BAD;
    return LINE_TASK;
}

const struct log_reading reading_swf = {open_swf, read_swf};
