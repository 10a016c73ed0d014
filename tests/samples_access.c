/* Access logs in layouts of all kinds. */
#include "samples.h"

#define ACCESS     "%d/%b/%Y:%H:%M:%S +0000"
#define END(r)     ((r)->start + (r)->size)
#define LINE(name) static void name(FILE *out, const struct request *r)

/* Upstream times that stand before and behind, some of them lists, some none. */
static const char *upstream(const struct request *r)
{
    static char text[64];
    if (r->k % 4 == 0)
        return "-";
    snprintf(text, sizeof text,
             r->k % 4 == 1   ? "0.001, %.3f"
             : r->k % 4 == 2 ? "%.3f"
                             : "0.0 : %.3f",
             (double)(r->size - 1) / 1000);
    return text;
}

LINE(nginx)
{
    fprintf(
        out, "10.0.0.1 - %s [%s] \"GET /x HTTP/1.1\" 200 315 382 %s %.3f \"-\" \"a \\\"b\\\"\"\n",
        r->k % 7 ? "-" : "jo hn", sample_date(ACCESS, END(r)), upstream(r), (double)r->size / 1000);
}

LINE(nginx_odd_first)
{
    if (r->k == 0)
        fprintf(out, "10.9.9.9 - - [%s] \"-\" 400 0 \"-\" \"-\" \"-\" \"-\"\n",
                sample_date(ACCESS, END(r)));
    fprintf(
        out,
        "10.0.0.1, 192.168.0.%d - - [%s] \"GET /x HTTP/1.1\" 200 315 \"-\" \"c\" \"%s\" \"%.3f\"\n",
        r->k, sample_date(ACCESS, END(r)), upstream(r), (double)r->size / 1000);
}

LINE(nginx_keys)
{
    fprintf(out, "[%s] request_length=382 request=\"GET /a?rt=%d HTTP/1.1\" urt=%s rt=%.3f\n",
            sample_date(ACCESS, END(r)), r->k, upstream(r), (double)r->size / 1000);
}

LINE(apache_both)
{
    fprintf(out, "10.0.0.1 - - [%s] \"GET /x HTTP/1.1\" 200 315 %lld %lld000\n",
            sample_date(ACCESS, r->start), r->size / 1000, r->size);
}

LINE(apache_ms)
{
    fprintf(out, "10.0.0.1 - - [%s] \"GET /x HTTP/1.1\" 200 315 \"-\" \"curl\" %lld\n",
            sample_date(ACCESS, r->start), r->size);
}

LINE(tomcat)
{
    fprintf(out, "10.0.0.1 - - [%s] \"GET /x HTTP/1.1\" 200 315 %.3f\n",
            sample_date(ACCESS, END(r)), (double)r->size / 1000);
}

const struct sample_of access_samples[] = {
    {"access", NULL, nginx, "", 1, true, 0},
    {"access", NULL, nginx_odd_first, "", 1, true, 0},
    {"access", NULL, nginx_keys, "", 1, true, 0},
    {"access", NULL, apache_both, "", 1, false, 0},
    {"access", NULL, apache_ms, "", 1, false, 0},
    {"access", "nginx, Apache, Tomcat and others, in any layout", tomcat, "", 1, true, 0},
    {.name = NULL},
};
