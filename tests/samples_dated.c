/* Layouts that are read by rows for any: dates as syslog, spreadsheets and Kibana write them,
 * columns between bars, fields that go on over lines. */
#include "samples.h"

#define ISO        "%Y-%m-%dT%H:%M:%S.!Z"
#define ACCESS     "%d/%b/%Y:%H:%M:%S +0000"
#define END(r)     ((r)->start + (r)->size)
#define LINE(name) static void name(FILE *out, const struct request *r)

LINE(syslog)
{
    fprintf(out, "<134>%s web1 app[312]: request=/a/%d duration=%lldms status=200\n",
            sample_date("%b %e %H:%M:%S", END(r)), r->k, r->size);
}

LINE(syslog_access)
{
    fprintf(out, "%s web1 nginx: 10.0.0.1 - - [%s] \"GET /%d HTTP/1.1\" 200 512 %.3f\n",
            sample_date("%b %e %H:%M:%S", END(r)), sample_date(ACCESS, END(r)), r->k,
            (double)r->size / 1000);
}

LINE(syslog_new)
{
    fprintf(out, "<165>1 %s web1 app 312 ID%d - request=/a duration=%lldms\n",
            sample_date(ISO, END(r)), r->k, r->size);
}

LINE(bars)
{
    fprintf(out, "%lld|10.0.0.%d|GET /a b|OK|%lld|\n", r->start, r->k % 9, r->size);
}

LINE(bars_with_keys)
{
    fprintf(out, "INFO | %s | worker-%d | took=%lldms | ok\n",
            sample_date("%Y-%m-%d %H:%M:%S,!", r->start), r->k % 9, r->size);
}

LINE(american)
{
    fprintf(out, "%s,%lld\n", sample_date("%m/%d/%Y %I:%M:%S.! %p", r->start), r->size);
}

LINE(european)
{
    /* of the 25th: no month has as many */
    fprintf(out, "%s;%lld\n", sample_date("%d/%m/%Y %H:%M:%S.!", r->start + 13 * 86400000LL),
            r->size);
}

LINE(kibana)
{
    fprintf(out, "\"%s\",\"%lld\"\n", sample_date("%b %d, %Y @ %H:%M:%S.!", r->start), r->size);
}

LINE(broken_fields)
{
    fprintf(out, "%s,\"it said:\nno, %d\n\n\"\"really\"\"\",%lld\n", sample_date(ISO, r->start),
            r->k, r->size);
}

LINE(gin)
{
    fprintf(out, "[GIN] %s | 200 | %10lldms |  10.0.0.1 | GET      \"/a/%d\"\n",
            sample_date("%Y/%m/%d - %H:%M:%S", END(r)), r->size, r->k);
}

LINE(collected)
{
    fprintf(out, "<30>%s host docker/ab12[1]: {\"time\": \"%s\", \"dur_ms\": %lld}\n",
            sample_date("%b %e %H:%M:%S", END(r)), sample_date(ISO, END(r)), r->size);
}

LINE(two_columns)
{
    fprintf(out, "%d,%s,%s,%lld\n", r->k, sample_date("%Y-%m-%d", r->start),
            sample_date("%H:%M:%S.!", r->start), r->size);
}

LINE(american_words)
{
    fprintf(out, "%s job %lldms\n", sample_date("%m/%d/%Y %I:%M:%S.! %p", END(r)), r->size);
}

LINE(compact)
{
    fprintf(out, "%s;%lld\n", sample_date("%Y%m%d%H%M%S!", r->start), r->size);
}

LINE(basic)
{
    fprintf(out, "%s,%lld\n", sample_date("%Y%m%dT%H%M%S.!Z", r->start), r->size);
}

LINE(oracle)
{
    fprintf(out, "%s\t%lld\n", sample_date("%d-%b-%Y %H:%M:%S.!", r->start), r->size);
}

LINE(mail)
{
    fprintf(out, "\"%s\",%lld\n", sample_date("%a, %d %b %Y %H:%M:%S GMT", r->start), r->size);
}

const struct sample_of dated_samples[] = {
    {"logfmt", NULL, syslog, "", 1, true, 0},
    {"access", NULL, syslog_access, "", 1, true, 0},
    {"logfmt", NULL, syslog_new, "", 1e-3, true, 0},
    {"csv", NULL, bars, "", 1e-3, false, 0},
    {"csv", NULL, bars_with_keys, "", 1e-3, true, 0},
    {"csv", NULL, american, "start,duration_ms\n", 1e-3, true, 0},
    {"csv", NULL, european, "start;duration_ms\n", 1e-3, true, 0},
    {"csv", NULL, kibana, "\"start\",\"duration_ms\"\n", 1e-3, true, 0},
    {"csv", NULL, broken_fields, "start,message,duration_ms\n", 1e-3, true, 0},
    {"access", NULL, gin, "", 1, true, 0},
    {"json", NULL, collected, "", 1e-3, true, 0},
    {"csv", NULL, two_columns, "id,date,time,elapsed_ms\n", 1e-3, true, 0},
    {"words", NULL, american_words, "", 1e-3, false, 0},
    {"csv", NULL, compact, "start;duration_ms\n", 1e-3, true, 0},
    {"csv", NULL, basic, "start,duration_ms\n", 1e-3, true, 0},
    {"csv", NULL, oracle, "start\tduration_ms\n", 1e-3, true, 0},
    {"csv", NULL, mail, "start,duration_ms\n", 1, true, 0},
    {.name = NULL},
};
