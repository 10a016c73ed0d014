#include "formats.h"

#include <string.h>

#define MS 1e-3
#define NS 1e-9
#define LAW                                                                                        \
    "Quantiles are a law of sizes: tasks: {size: {distribution: percentiles, p50: 20ms, p90: "     \
    "80ms, p99: 200ms, max: 1s}}"
#define LOCUST                                                                                     \
    "has figures over many requests and no line a request: let a listener of Locust's event "      \
    "`request` write start_time,response_time,name for each, and fit that"
#define QUANTILES "holds quantiles and no line a request. " LAW

const struct format formats[] = {
    /* ---- load tools ---- */
    {"jmeter", "JMeter (JTL as CSV) and Taurus", CUT_COLUMNS, .sign = "timeStamp,elapsed",
     .arrival = "timeStamp", .size = "elapsed", .unit = MS, .held = HELD_LATENCY},
    {"jmeter", "JMeter without a heading", CUT_COLUMNS, .separator = ',', .sign = "=Mn*****b",
     .arrival = "1", .size = "2", .unit = MS, .held = HELD_LATENCY},
    {"k6", "k6 run --out csv", CUT_COLUMNS, .separator = ',',
     .sign = "metric_name,timestamp,metric_value", .end = "timestamp", .size = "metric_value",
     .unit = MS, .only = "metric_name=http_req_duration", .held = HELD_LATENCY},
    {"k6", "k6 run --out json", CUT_OBJECT, .sign = "type=Point|type=Metric,metric",
     .end = "data.time", .size = "data.value", .unit = MS,
     .only = "type=Point metric=http_req_duration", .held = HELD_LATENCY},
    {"gatling", "Gatling's simulation.log (as text, before 3.12)", CUT_COLUMNS, .separator = '\t',
     .sign = "^RUN\t", .arrival = "last-3", .end = "last-2", .tick = MS, .only = "1=REQUEST",
     .held = HELD_LATENCY},
    {"vegeta", "vegeta encode --to csv", CUT_COLUMNS, .separator = ',', .sign = "=Tcnnn",
     .arrival = "1", .size = "3", .unit = NS, .tick = NS, .held = HELD_LATENCY},
    {"vegeta", "vegeta encode --to json", CUT_OBJECT, .sign = "latency,timestamp,seq,code",
     .arrival = "timestamp", .size = "latency", .unit = NS, .held = HELD_LATENCY},
    {"hey", "hey -o csv", CUT_COLUMNS, .separator = ',', .sign = "response-time,offset",
     .arrival = "offset", .size = "response-time", .unit = 1, .tick = 1, .held = HELD_LATENCY},
    {"hey", "hey -o csv of old", CUT_COLUMNS, .separator = ',', .sign = "response-time,DNS+dialup",
     .refusal = "has no times of arrival: newer versions of hey write them (column offset)",
     .held = HELD_LATENCY},
    {"oha", "oha with CSV output", CUT_COLUMNS, .separator = ',',
     .sign = "request-start,request-duration", .arrival = "request-start",
     .size = "request-duration", .unit = 1, .tick = 1, .held = HELD_LATENCY},
    {"ab", "ApacheBench -g", CUT_COLUMNS, .separator = '\t', .sign = "starttime,seconds,ttime",
     .arrival = "seconds", .size = "ttime", .unit = MS, .tick = 1, .held = HELD_LATENCY},
    {"locust", "Locust --csv (_stats.csv)", CUT_COLUMNS, .separator = ',',
     .sign = "Type,Name,Request Count", .refusal = LOCUST, .held = HELD_LATENCY},
    {"locust", "Locust --csv (_stats_history.csv)", CUT_COLUMNS, .separator = ',',
     .sign = "Timestamp,User Count", .refusal = LOCUST, .held = HELD_LATENCY},
    {"locust", "Locust, a line a request by a listener", CUT_COLUMNS,
     .sign = "start_time,response_time,request_type|name", .arrival = "start_time",
     .size = "response_time", .unit = MS, .tick = 1, .held = HELD_LATENCY},
    {"har", "HTTP Archive of a browser", CUT_TREE, .sign = "startedDateTime,time",
     .arrival = "startedDateTime", .size = "time", .unit = MS, .tree = "log.entries",
     .held = HELD_LATENCY},
    {"percentiles", "wrk2, HdrHistogram percentiles", CUT_WORDS, .sign = "~1/(1-Percentile)",
     .refusal = QUANTILES, .held = HELD_LATENCY},
    {"percentiles", "HdrHistogram interval log", CUT_WORDS, .sign = "~[Histogram log format",
     .refusal = "holds histograms by interval and no line a request: HistogramLogProcessor makes "
                "quantiles of them. " LAW,
     .held = HELD_LATENCY},
    {"percentiles", "summaries of wrk, hey and ab", CUT_WORDS,
     .sign = "~Latency Distribution|~Latency distribution|~Percentage served",
     .refusal = "is a summary and no line a request: hey -o csv and ab -g write those. Or its "
                "quantiles. " LAW,
     .held = HELD_LATENCY},

    /* ---- load balancers, proxies ---- */
    {"haproxy", "HAProxy (httplog, tcplog)", CUT_WORDS, .sign = "*@ww/", .arrival = "date",
     .size = "date+3/last", .unit = MS, .held = HELD_LATENCY},
    {"envoy", "Envoy", CUT_WORDS, .sign = "@\"cwnnn", .arrival = "date", .size = "request+5",
     .unit = MS, .held = HELD_LATENCY},
    {"envoy", "Istio", CUT_WORDS, .sign = "@\"cwww\"nnn", .arrival = "date", .size = "request+8",
     .unit = MS, .held = HELD_LATENCY},
    {"envoy", "Envoy (JSON)", CUT_OBJECT, .sign = "start_time,duration,response_code",
     .arrival = "start_time", .size = "duration", .unit = MS, .held = HELD_LATENCY},
    {"alb", "AWS Application Load Balancer", CUT_WORDS, .sign = "w@wwwnnnccnn\"\"ww*\"\"\"n@",
     .arrival = "22", .end = "2", .held = HELD_LATENCY},
    {"elb", "AWS Classic Load Balancer", CUT_WORDS, .sign = "@wwwnnncc", .arrival = "1",
     .size = "5&6&7", .unit = 1, .held = HELD_LATENCY},
    {"s3", "AWS S3 server access log", CUT_WORDS, .sign = "ww@wwwww\"cwnnnn", .arrival = "date",
     .size = "request+5", .unit = MS, .held = HELD_LATENCY},
    {"cloudfront", "AWS CloudFront", CUT_COLUMNS, .separator = '\t',
     .sign = "date,time,time-taken,x-edge-location", .end = "date&time", .size = "time-taken",
     .unit = 1, .held = HELD_LATENCY},
    {"iis", "IIS (W3C extended)", CUT_COLUMNS, .separator = ' ', .sign = "date,time,time-taken",
     .end = "date&time", .size = "time-taken", .unit = MS, .held = HELD_LATENCY},
    {"traefik", "Traefik (common)", CUT_WORDS, .sign = "*@\"cn\"\"n\"\"u", .arrival = "date",
     .size = "request+8", .unit = MS, .held = HELD_LATENCY},
    {"traefik", "Traefik (JSON)", CUT_OBJECT, .sign = "StartUTC|StartLocal,Duration",
     .arrival = "StartUTC|StartLocal", .size = "Duration", .unit = NS, .held = HELD_LATENCY},
    {"caddy", "Caddy", CUT_OBJECT, .sign = "ts,duration,logger|request.method", .end = "ts",
     .size = "duration", .unit = 1, .held = HELD_LATENCY},
    {"squid", "Squid", CUT_WORDS, .sign = "enwwnw", .end = "1", .size = "2", .unit = MS, .tick = 1,
     .held = HELD_LATENCY},
    {"kong", "Kong (JSON)", CUT_OBJECT, .sign = "started_at,latencies.request",
     .arrival = "started_at", .size = "latencies.request", .unit = MS, .held = HELD_LATENCY},
    {"gcp", "Google Cloud load balancer (JSON)", CUT_OBJECT,
     .sign = "timestamp,httpRequest.latency", .arrival = "timestamp", .size = "httpRequest.latency",
     .unit = 1, .held = HELD_LATENCY},
    {"cloudflare", "Cloudflare Logpush", CUT_OBJECT, .sign = "EdgeStartTimestamp,EdgeEndTimestamp",
     .arrival = "EdgeStartTimestamp", .end = "EdgeEndTimestamp", .held = HELD_LATENCY},
    {"nginx", "nginx (JSON)", CUT_OBJECT,
     .sign = "request_time,msec|time_iso8601|time_local|@timestamp|timestamp|time|ts",
     .end = "msec|time_iso8601|time_local|@timestamp|timestamp|time|ts", .size = "request_time",
     .unit = 1, .held = HELD_LATENCY},

    /* ---- services ---- */
    {"pino", "pino-http, bunyan (JSON)", CUT_OBJECT, .sign = "time,responseTime", .end = "time",
     .size = "responseTime", .unit = MS, .held = HELD_LATENCY},

    /* ---- jobs ---- */
    {"swf", "Standard Workload Format", CUT_WORDS, .sign = "nnnnnnnnnnnnnnnnnn", .arrival = "2",
     .size = "4", .unit = 1, .tick = 1, .count = "5|8", .held = HELD_SIZE},

    /* ---- what no row above knows: columns are found by their names and by what stands in them
       ---- */
    {"ltsv", "LTSV", CUT_LABELS, .sign = ":"},
    {"json", "JSON, an object a line", CUT_OBJECT, .sign = NULL},
    {"json", "JSON, an array of objects", CUT_TREE, .sign = NULL},
    {"access", "nginx, Apache, Tomcat and others, in any layout", CUT_WORDS, .sign = "[",
     .held = HELD_LATENCY},
    {"logfmt", "logfmt, key=value", CUT_WORDS, .sign = "="},
    {"csv", "columns, with a heading or without", CUT_COLUMNS, .sign = ","},
    {"words", "words between blanks", CUT_WORDS, .sign = NULL},
    {.name = NULL},
};

const char *const *format_names(void)
{
    enum { ROWS = sizeof formats / sizeof *formats };
    static const char *names[ROWS + 3];
    size_t n = 0;
    names[n++] = "auto";
    for (const struct format *f = formats; f->name; f++)
        if (f == formats || strcmp(f->name, f[-1].name) != 0)
            names[n++] = f->name;
    names[n++] = "metrics";
    names[n] = NULL;
    return names;
}

const struct format *format_named(const char *name)
{
    for (const struct format *f = formats; f->name; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}
