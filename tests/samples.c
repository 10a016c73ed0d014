#include "samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../sim/base/rng.h"

enum { N = SAMPLE_REQUESTS };

struct request requests[N];

void make_requests(void)
{
    struct stream stream = stream_of(9, 0, "test.formats");
    double time = 1710234000020;
    for (int k = 0; k < N; k++) {
        time -= 49 * log(stream_uniform(&stream, 0, (uint64_t)k));
        double size = 4 - 110 * log(stream_uniform(&stream, 1, (uint64_t)k));
        requests[k] = (struct request){(long long)time, (long long)size, k};
    }
}

/* ---- dates ---- */

const char *sample_date(const char *format, long long ms)
{
    static char texts[8][64];
    static int turn;
    char *text = texts[turn++ % 8];
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    strftime(text, sizeof texts[0], format, gmtime_r(&seconds, &tm));
    char *at = strchr(text, '!'); /* milliseconds */
    if (at) {
        char rest[24];
        snprintf(rest, sizeof rest, "%s", at + 1);
        snprintf(at, 30, "%03d%s", (int)(ms % 1000), rest);
    }
    return text;
}

#define ISO    "%Y-%m-%dT%H:%M:%S.!Z"
#define ACCESS "%d/%b/%Y:%H:%M:%S +0000"
#define END(r) ((r)->start + (r)->size)

/* ---- lines ---- */

#define LINE(name) static void name(FILE *out, const struct request *r)

LINE(jmeter)
{
    fprintf(out,
            "%lld,%lld,Home Page,200,OK,\"Users, 1-1\",text,true,,315,382,1,1,http://h/,18,0,1\n",
            r->start, r->size);
}

LINE(k6)
{
    fprintf(out, "http_reqs,%lld,1.000000,,,,true,,GET\n", END(r) / 1000);
    fprintf(out, "http_req_duration,%lld,%lld.000000,,,,true,,GET\n", END(r) / 1000, r->size);
}

LINE(k6_json)
{
    if (r->k == 0)
        fprintf(out, "{\"type\":\"Metric\",\"data\":{\"name\":\"http_req_duration\"},\"metric\":"
                     "\"http_req_duration\"}\n");
    for (int i = 0; i < 2; i++)
        fprintf(out,
                "{\"metric\":\"%s\",\"type\":\"Point\",\"data\":{\"time\":\"%s\",\"value\":%lld,"
                "\"tags\":{\"status\":\"200\"}}}\n",
                i ? "http_req_waiting" : "http_req_duration",
                sample_date("%Y-%m-%dT%H:%M:%S.!+00:00", END(r)), r->size);
}

LINE(gatling)
{
    if (r->k == 0)
        fprintf(out, "RUN\tS\ts\t1710234000000\t \t3.9.5\n");
    fprintf(out, "USER\tScn\tSTART\t%lld\n", r->start);
    fprintf(out, "REQUEST\t\tget\t%lld\t%lld\tOK\t \n", r->start, END(r));
}

LINE(gatling_old)
{
    if (r->k == 0)
        fprintf(out, "RUN\tS\ts\t1710234000000\t \t3.0\n");
    fprintf(out, "REQUEST\t%d\t\tget\t%lld\t%lld\tOK\t \n", r->k, r->start, END(r));
}

LINE(vegeta)
{
    fprintf(out, "%lld000000,200,%lld000000,0,315,,,,%d,GET,http://h/,\n", r->start, r->size, r->k);
}

LINE(vegeta_json)
{
    fprintf(out,
            "{\"attack\":\"\",\"seq\":%d,\"code\":200,\"timestamp\":\"%s\",\"latency\":%lld000000,"
            "\"bytes_out\":0,\"bytes_in\":5}\n",
            r->k, sample_date(ISO, r->start), r->size);
}

LINE(hey)
{
    fprintf(out, "%.4f,0.0,0.0,0.0,0.0180,0.0001,200,%.4f\n", (double)r->size / 1000,
            (double)(r->start - 1710234000000) / 1000);
}

LINE(oha)
{
    fprintf(out, "%.9f,0,0,0.1,%.9f,100,200\n", (double)(r->start - 1710234000000) / 1000,
            (double)r->size / 1000);
}

LINE(ab)
{
    fprintf(out, "%s\t%lld\t0\t%lld\t%lld\t%lld\n", sample_date("%a %b %d %H:%M:%S %Y", r->start),
            r->start / 1000, r->size, r->size, r->size);
}

LINE(locust)
{
    fprintf(out, "%.3f,GET,/x,%lld\n", (double)r->start / 1000, r->size);
}

LINE(har)
{
    fprintf(out,
            "%s{\"startedDateTime\":\"%s\",\"time\":%lld.0,\"request\":{\"url\":\"http://h/\"}}",
            r->k ? "," : "{\"log\":{\"version\":\"1.2\",\"pages\":[],\"entries\":[",
            sample_date(ISO, r->start), r->size);
    if (r->k == N - 1)
        fprintf(out, "]}}\n");
}

LINE(haproxy)
{
    fprintf(out,
            "%s lb haproxy[14387]: 10.0.1.2:33317 [%s] http-in static/srv1 10/0/30/%lld/%lld 200 "
            "2750 - - ---- 1/1/1/1/0 0/0 \"GET /i HTTP/1.1\"\n",
            sample_date("%b %d %H:%M:%S", r->start), sample_date("%d/%b/%Y:%H:%M:%S.!", r->start),
            r->size - 40, r->size);
}

LINE(haproxy_tcp)
{
    fprintf(out, "haproxy[1]: 10.0.1.2:33317 [%s] fe be/srv1 0/0/+%lld 212 -- 0/0/0/0/3 0/0\n",
            sample_date("%d/%b/%Y:%H:%M:%S.!", r->start), r->size);
}

LINE(envoy)
{
    fprintf(out,
            "[%s] \"GET /a HTTP/1.1\" 200 - 0 100 %lld %lld \"-\" \"curl\" \"id\" \"h\" \"a:80\"\n",
            sample_date(ISO, r->start), r->size, r->size - 1);
}

LINE(istio)
{
    fprintf(
        out,
        "[%s] \"GET /a HTTP/1.1\" 200 - via_upstream - \"-\" 0 100 %lld 9 \"-\" \"curl\" \"id\"\n",
        sample_date(ISO, r->start), r->size);
}

LINE(envoy_json)
{
    fprintf(out, "{\"start_time\":\"%s\",\"duration\":%lld,\"response_code\":200}\n",
            sample_date(ISO, r->start), r->size);
}

LINE(alb)
{
    fprintf(
        out,
        "h2 %s app/prod/1 10.1.0.0:6261 %s 200 %s 382 315 \"GET https://h:443/ HTTP/2.0\" \"x\" "
        "ECDHE TLSv1.2 arn:aws:x \"Root=1-1\" \"h\" \"arn:y\" 0 %s \"forward\" \"-\" \"-\"\n",
        sample_date("%Y-%m-%dT%H:%M:%S.!000Z", END(r)),
        r->k % 9 ? "10.2.0.1:443 0.000 0.001 0.000" : "- -1 -1 -1", r->k % 9 ? "200" : "-",
        sample_date("%Y-%m-%dT%H:%M:%S.!000Z", r->start));
}

LINE(elb)
{
    fprintf(out,
            "%s lb 10.1.0.0:2817 10.0.0.1:80 0.001 %.6f 0.001 200 200 0 29 \"GET http://h/ "
            "HTTP/1.1\" \"curl\" - -\n",
            sample_date("%Y-%m-%dT%H:%M:%S.!000Z", r->start), (double)(r->size - 2) / 1000);
}

LINE(s3)
{
    fprintf(
        out,
        "79a59d bucket [%s] 10.0.0.1 arn:x 3E57 REST.GET.OBJECT k \"GET /k HTTP/1.1\" 200 - 113 "
        "113 %lld 6 \"-\" \"S3Console\" -\n",
        sample_date(ACCESS, r->start), r->size);
}

LINE(cloudfront)
{
    if (r->k == 0)
        fprintf(out, "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes sc-status "
                     "time-taken\n");
    fprintf(out, "%s\t%s\tFRA2\t315\t200\t%.3f\n", sample_date("%Y-%m-%d", END(r)),
            sample_date("%H:%M:%S", END(r)), (double)r->size / 1000);
}

LINE(iis)
{
    if (r->k == 0 || r->k == 150)
        fprintf(out, "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time "
                     "s-ip cs-method sc-status time-taken\n");
    fprintf(out, "%s %s 10.0.0.1 GET 200 %lld\n", sample_date("%Y-%m-%d", END(r)),
            sample_date("%H:%M:%S", END(r)), r->size);
}

LINE(traefik)
{
    fprintf(out,
            "10.0.0.1 - - [%s] \"GET /x HTTP/1.1\" 200 315 \"-\" \"-\" %d \"web@docker\" "
            "\"http://h:80\" %lldms\n",
            sample_date(ACCESS, r->start), r->k, r->size);
}

LINE(traefik_json)
{
    fprintf(out,
            "{\"Duration\":%lld000000,\"StartUTC\":\"%s\",\"time\":\"%s\",\"level\":\"info\"}\n",
            r->size, sample_date(ISO, r->start), sample_date("%Y-%m-%dT%H:%M:%SZ", END(r)));
}

LINE(caddy)
{
    fprintf(
        out,
        "{\"level\":\"info\",\"ts\":%.3f,\"logger\":\"http.log.access\",\"request\":{\"method\":"
        "\"GET\"},\"duration\":%.9f,\"status\":200}\n",
        (double)END(r) / 1000, (double)r->size / 1000);
}

LINE(squid)
{
    fprintf(out, "%.3f %6lld 10.0.0.1 TCP_MISS/200 382 GET http://h/ - HIER_DIRECT/h text/html\n",
            (double)END(r) / 1000, r->size);
}

LINE(kong)
{
    fprintf(out, "{\"started_at\":%lld,\"latencies\":{\"request\":%lld,\"proxy\":1}}\n", r->start,
            r->size);
}

LINE(gcp)
{
    fprintf(out, "{\"timestamp\":\"%s\",\"httpRequest\":{\"latency\":\"%.3fs\",\"status\":200}}\n",
            sample_date(ISO, r->start), (double)r->size / 1000);
}

LINE(cloudflare)
{
    fprintf(out, "{\"EdgeStartTimestamp\":\"%s\",\"EdgeEndTimestamp\":\"%s\"}\n",
            sample_date(ISO, r->start), sample_date(ISO, END(r)));
}

LINE(nginx_json)
{
    fprintf(
        out,
        "{\"time_local\":\"%s\",\"msec\":\"%.3f\",\"request_time\":\"%.3f\",\"status\":\"200\"}\n",
        sample_date(ACCESS, END(r)), (double)END(r) / 1000, (double)r->size / 1000);
}

LINE(pino)
{
    fprintf(out,
            "{\"level\":30,\"time\":%lld,\"pid\":1,\"res\":{\"statusCode\":200},\"responseTime\":%"
            "lld}\n",
            END(r), r->size);
}

LINE(swf)
{
    fprintf(out, "%5d %7lld -1 %.3f 16 -1 -1 16 3600 -1 1 0 0 1 -1 1 -1 -1\n", r->k,
            (r->start - requests[0].start) / 1000, (double)r->size / 1000);
}

LINE(ltsv)
{
    fprintf(out, "time:[%s]\thost:10.0.0.1\treq:GET /x\tstatus:200\treqtime:%.3f\n",
            sample_date(ACCESS, END(r)), (double)r->size / 1000);
}

LINE(json_lines)
{
    fprintf(out, "{\"app\":{\"start\":\"%s\",\"duration_ms\":%lld}}\n", sample_date(ISO, r->start),
            r->size);
}

LINE(array)
{
    fprintf(out, "%s{\"start\":\"%s\",\n\"duration\":\"%lldms\"}%s", r->k ? ",\n" : "[",
            sample_date(ISO, r->start), r->size, r->k == N - 1 ? "]\n" : "");
}

/* ---- key=value, words, columns ---- */

LINE(logfmt)
{
    fprintf(out, "ts=%s level=info msg=\"a b\" path=/x status=200 duration=%lldms\n",
            sample_date(ISO, END(r)), r->size);
}

LINE(heroku)
{
    fprintf(
        out,
        "%s heroku[router]: at=info method=GET path=\"/\" connect=1ms service=%lldms status=200\n",
        sample_date(ISO, END(r)), r->size);
}

LINE(words)
{
    fprintf(out, "%s INFO [main] c.e.Shop - order %d done in %lld ms\n",
            sample_date("%Y-%m-%d %H:%M:%S,!", END(r)), r->k, r->size);
}

LINE(start_end)
{
    fprintf(out, "%d;%s;%s\n", r->k, sample_date("%d.%m.%Y %H:%M:%S.!", r->start),
            sample_date("%d.%m.%Y %H:%M:%S.!", END(r)));
}

LINE(clock_sizes)
{
    fprintf(out, "%lld,00:00:%02lld.%03lld\n", r->start, r->size / 1000, r->size % 1000);
}

LINE(german)
{
    fprintf(out, "%s;%lld,0;x\n", sample_date("%Y-%m-%d %H:%M:%S,!", r->start), r->size);
}

LINE(grouped)
{
    if (r->size >= 1000)
        fprintf(out, "%lld\t\"%lld,%03lld.5\"\n", r->start, r->size / 1000, r->size % 1000);
    else
        fprintf(out, "%lld\t%lld.5\n", r->start, r->size);
}

/* ---- the table ---- */

const struct sample_of samples[] = {
    {"jmeter", "JMeter (JTL as CSV) and Taurus", jmeter,
     "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"
     "failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n",
     1e-3, true, 0},
    {"jmeter", "JMeter without a heading", jmeter, "", 1e-3, true, 0},
    {"k6", "k6 run --out csv", k6,
     "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method\n",
     1, true, 0},
    {"k6", "k6 run --out json", k6_json, "", 1e-3, true, 0},
    {"gatling", "Gatling's simulation.log (as text, before 3.12)", gatling, "", 1e-3, true, 0},
    {"gatling", "Gatling's simulation.log (as text, before 3.12)", gatling_old, "", 1e-3, true, 0},
    {"vegeta", "vegeta encode --to csv", vegeta, "", 1e-3, true, 0},
    {"vegeta", "vegeta encode --to json", vegeta_json, "", 1e-3, true, 0},
    {"hey", "hey -o csv", hey,
     "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n",
     1e-3, true, 0},
    {"oha", "oha with CSV output", oha,
     "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n", 1e-3, true, 0},
    {"ab", "ApacheBench -g", ab, "starttime\tseconds\tctime\tdtime\tttime\twait\n", 1, true, 0},
    {"locust", "Locust, a line a request by a listener", locust,
     "start_time,request_type,name,response_time\n", 1e-3, true, 0},
    {"har", "HTTP Archive of a browser", har, "", 1e-3, true, 0},
    {"haproxy", "HAProxy (httplog, tcplog)", haproxy, "", 1e-3, true, 0},
    {"haproxy", "HAProxy (httplog, tcplog)", haproxy_tcp, "", 1e-3, true, 0},
    {"envoy", "Envoy", envoy, "", 1e-3, true, 0},
    {"envoy", "Istio", istio, "", 1e-3, true, 0},
    {"envoy", "Envoy (JSON)", envoy_json, "", 1e-3, true, 0},
    {"alb", "AWS Application Load Balancer", alb, "", 1e-3, true, 0},
    {"elb", "AWS Classic Load Balancer", elb, "", 1e-3, true, 0},
    {"s3", "AWS S3 server access log", s3, "", 1, true, 0},
    {"cloudfront", "AWS CloudFront", cloudfront, "", 1, true, 0},
    {"iis", "IIS (W3C extended)", iis, "", 1, true, 0},
    {"traefik", "Traefik (common)", traefik, "", 1, true, 0},
    {"traefik", "Traefik (JSON)", traefik_json, "", 1e-3, true, 0},
    {"caddy", "Caddy", caddy, "", 1e-3, true, 0},
    {"squid", "Squid", squid, "", 1e-3, true, 0},
    {"kong", "Kong (JSON)", kong, "", 1e-3, true, 0},
    {"gcp", "Google Cloud load balancer (JSON)", gcp, "", 1e-3, true, 0},
    {"cloudflare", "Cloudflare Logpush", cloudflare, "", 1e-3, true, 0},
    {"nginx", "nginx (JSON)", nginx_json, "", 1e-3, true, 0},
    {"pino", "pino-http, bunyan (JSON)", pino, "", 1e-3, true, 0},
    {"swf", "Standard Workload Format", swf, "; Version: 2.2\n;\n", 1, true, 0},
    {"ltsv", "LTSV", ltsv, "", 1, false, 0},
    {"json", "JSON, an object a line", json_lines, "", 1e-3, true, 0},
    {"json", "JSON, an array of objects", array, "", 1e-3, true, 0},
    {"logfmt", "logfmt, key=value", logfmt, "", 1e-3, true, 0},
    {"logfmt", NULL, heroku, "", 1e-3, true, 0},
    {"words", "words between blanks", words, "", 1e-3, false, 0},
    {"csv", "columns, with a heading or without", start_end, "id;Start Time;End Time\n", 1e-3, true,
     0},
    {"csv", NULL, clock_sizes, "a report\nstartTime,took\n", 1e-3, true, 0},
    {"csv", NULL, german, "\xef\xbb\xbfTimestamp;Duration (ms);x\n", 1e-3, true, 0},
    {"csv", NULL, grouped, "timestamp\telapsed_ms\n", 1e-3, true, 5e-4},
    {.name = NULL},
};
