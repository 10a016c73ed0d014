#include "settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/err.h"
#include "../sim/base/rng.h"
#include "setting.h"

const char *settings_text(const struct settings *list, const char *between)
{
    const char *text = "";
    for (int i = 0; i < list->n; i++)
        text = internf("%s%s%s", text, i ? between : "", list->item[i]);
    return text;
}

/* Numbers for one scenario. */
struct dice {
    struct stream stream;
    uint32_t thrown;
};

static double between(struct dice *dice, double low, double high)
{
    return low + (high - low) * stream_uniform(&dice->stream, dice->thrown++, 0);
}

static unsigned below(struct dice *dice, unsigned n)
{
    return (unsigned)between(dice, 0, n);
}

#define ONE_OF(dice, array) ((array)[below(dice, sizeof(array) / sizeof *(array))])

void settings_add(struct settings *list, const char *text)
{
    while (*text) {
        int length = (int)strcspn(text, ";");
        assert_true(list->n < SETTINGS);
        list->item[list->n++] = internf("%.*s", length, text);
        text += length + (text[length] == ';');
    }
}

static const char *const laws[] = {
    "%s.distribution=exponential;%s.mean=%g",
    "%s.distribution=deterministic;%s.value=%g",
    "%s.distribution=deterministic;%s.value=0",
    "%s.distribution=uniform;%s.high=1e-9;%s.low=0",
    "%s.distribution=uniform;%s.high=4e10;%s.low=1e10",
    "%s.distribution=erlang;%s.mean=%g;%s.shape=3",
    "%s.distribution=gamma;%s.mean=%g;%s.shape=0.4",
    "%s.distribution=lognormal;%s.mean=%g;%s.cv2=3",
    "%s.distribution=weibull;%s.mean=%g;%s.shape=0.7",
    "%s.distribution=uniform;%s.high=%g;%s.low=0",
    "%s.distribution=bounded-pareto;%s.low=%g;%s.alpha=1.8;%s.high=500",
    "%s.distribution=pareto;%s.low=%g;%s.alpha=2.2",
    "%s.distribution=hyperexponential;%s.means=[%g, 9];%s.probabilities=[0.9, 0.1]",
};

/* The templates name the path before each key, and one number. */
static const char *law(const char *template, const char *path, double number)
{
    const char *text = "";
    for (const char *at = template; *at;) {
        if (strncmp(at, "%s", 2) == 0) {
            text = internf("%s%s", text, path);
            at += 2;
        } else if (strncmp(at, "%g", 2) == 0) {
            text = internf("%s%g", text, number);
            at += 2;
        } else {
            text = internf("%s%c", text, *at++);
        }
    }
    return text;
}

static void add_arrivals(struct settings *list, struct dice *dice)
{
    static const char *const rates[] = {"arrivals.utilization=%g", "arrivals.rate=%g",
                                        "arrivals.rate_per_consumer=%g"};
    const char *rate = ONE_OF(dice, rates);
    double load = between(dice, 0.1, 1.02);
    switch (below(dice, 6)) {
    case 0:
        settings_add(list, "arrivals.process=renewal");
        settings_add(list,
                     law(laws[1 + below(dice, 8)], "arrivals.interarrival", between(dice, 0.5, 2)));
        break;
    case 1:
        settings_add(list, "arrivals.process=batch;arrivals.batch.distribution=geometric;"
                           "arrivals.batch.mean=3");
        load /= strstr(rate, "utilization") ? 1 : 3;
        break;
    case 2:
        settings_add(list, "arrivals.process=mmpp;arrivals.states.0.rate=0.3;"
                           "arrivals.states.0.mean_duration=20;arrivals.states.1.rate=2;"
                           "arrivals.states.1.mean_duration=5");
        return;
    case 3:
        settings_add(list, "arrivals.process=schedule;arrivals.schedule.0.until=50;"
                           "arrivals.schedule.0.rate=0.5;arrivals.schedule.1.until=70;"
                           "arrivals.schedule.1.rate=1.5;arrivals.repeat=true");
        return;
    default:
        settings_add(list, "arrivals.process=poisson");
        break;
    }
    settings_add(list, strstr(rate, "utilization")
                           ? internf("arrivals.utilization=%g%%", 100 * load)
                           : law(rate, "", load));
}

static void add_timeout(struct settings *list, struct dice *dice)
{
    if (below(dice, 3) > 0)
        return;
    settings_add(list, law(ONE_OF(dice, laws), "tasks.timeout", between(dice, 0.1, 4)));
    if (below(dice, 6) == 0)
        settings_add(list, "sweep.parameter=tasks.timeout.mean;sweep.from=0.01;sweep.to=9");
}

static void add_buffer(struct settings *list, struct dice *dice)
{
    static const unsigned places[] = {0, 0, 1, 2, 5, 20, 200};
    if (below(dice, 2) == 0)
        return;
    settings_add(list, internf("buffer.capacity=%u", ONE_OF(dice, places)));
    if (below(dice, 2) == 0)
        settings_add(list, "buffer.when_full=drop-newest");
}

/* Recorded tasks: from time 0 on, some together, some without any work, with an end. */
static const char *trace_file(unsigned which)
{
    static const unsigned rows[] = {1, 40, 256, 3000, 9999};
    static const char *files[sizeof rows / sizeof *rows];
    if (files[which])
        return files[which];
    struct dice dice = {.stream = stream_of(which, 0, "trace")};
    size_t room = 64 * (size_t)rows[which] + 64;
    char *text = xmalloc(room);
    int n = snprintf(text, room, "arrival_s,service_s\n");
    double time = 0;
    for (unsigned i = 0; i < rows[which]; i++) {
        time += i && below(&dice, 3) ? between(&dice, 0, 3) : 0;
        double size = below(&dice, 9) ? between(&dice, 0, 1.9) : 0;
        n += snprintf(text + n, room - (size_t)n, "%.17g,%.17g\n", time, size);
    }
    files[which] = setting_file(internf("trace-%u.csv", which), text, (size_t)n);
    free(text);
    return files[which];
}

static void add_trace(struct settings *list, struct dice *dice)
{
    settings_add(list,
                 internf("arrivals.process=trace;arrivals.file=%s", trace_file(below(dice, 5))));
}

static void add_sweep(struct settings *list, struct dice *dice)
{
    static const char *const sweeps[] = {
        "sweep.parameter=arrivals.rate;sweep.from=0.2;sweep.to=1.1",
        "sweep.parameter=arrivals.utilization;sweep.from=0.2;sweep.to=1.1",
        "sweep.parameter=tasks.size.mean;sweep.from=0.2;sweep.to=1.1",
        "sweep.parameter=tasks.size.alpha;sweep.from=4;sweep.to=1.5",
        "sweep.parameter=consumers.count;sweep.from=1;sweep.to=20",
        "sweep.parameter=consumers.speed;sweep.from=0.5;sweep.to=4",
        "sweep.parameter=buffer.capacity;sweep.from=0;sweep.to=30",
    };
    if (below(dice, 4) == 0)
        return;
    settings_add(list, ONE_OF(dice, sweeps));
    settings_add(list, internf("sweep.steps=%u", 1 + below(dice, 12)));
    if (below(dice, 2) == 0)
        settings_add(list, "sweep.mode=drift");
}

static void add_run(struct settings *list, struct dice *dice)
{
    static const char *const warmups[] = {"auto", "auto", "0",   "0s",  "1",
                                          "777",  "5000", "10%", "50s", "0.3"};
    static const double most[] = {5, 100, 1000, 8000, 30000};
    unsigned length = 1 + below(dice, (unsigned)ONE_OF(dice, most));
    bool drifts = strstr(settings_text(list, ";"), "drift");
    settings_add(
        list, internf(drifts || below(dice, 3) == 0 ? "run.duration=%u" : "run.tasks=%u", length));
    settings_add(list, internf("run.warmup=%s", ONE_OF(dice, warmups)));
    settings_add(list, internf("run.replications=%u", 1 + below(dice, 3)));
    if (strstr(list->item[0], "trace") && below(dice, 2) == 0) { /* all of it */
        list->n -= 3;
        settings_add(list, "run.replications=2");
    }
    if (below(dice, 3) == 0)
        settings_add(list, "run.at_end=censor");
    if (below(dice, 8) == 0)
        settings_add(list, internf("run.max_backlog=%u", 1 + below(dice, 2000)));
    settings_add(list, internf("seed=%u", below(dice, 1000000)));
}

struct settings settings_draw(uint64_t seed)
{
    static const unsigned counts[] = {1, 1, 1, 1, 2, 3, 4, 7, 16, 40, 256};
    struct dice dice = {.stream = stream_of(seed, 0, "scenarios")};
    struct settings list = {0};
    if (below(&dice, 10) == 0) {
        add_trace(&list, &dice);
    } else {
        settings_add(&list, law(ONE_OF(&dice, laws), "tasks.size", between(&dice, 0.3, 1.2)));
        add_arrivals(&list, &dice);
    }
    settings_add(&list, internf("consumers.count=%u", ONE_OF(&dice, counts)));
    if (below(&dice, 4) == 0)
        settings_add(&list, internf("consumers.speed=%g", between(&dice, 0.3, 3)));
    add_buffer(&list, &dice);
    add_sweep(&list, &dice);
    add_run(&list, &dice);
    add_timeout(&list, &dice);
    return list;
}
