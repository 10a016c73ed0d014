#include "battery.h"

#define POISSON(rate) "arrivals: {process: poisson, rate: " rate "}\n"
#define CLOSED(clients, law)                                                                       \
    "arrivals: {process: closed, clients: " clients ", think_time: {distribution: " law "}}\n"
#define SIZE(law) "tasks: {size: {distribution: " law "}}\n"
#define IMPATIENT(law)                                                                             \
    "tasks: {size: {distribution: exponential, mean: 1s}, timeout: {distribution: " law "}}\n"
#define CLASSES(gold, rest)                                                                        \
    "tasks:\n"                                                                                     \
    "  classes:\n"                                                                                 \
    "    - {name: gold, share: 40%, priority: 0,\n"                                                \
    "       size: {distribution: exponential, mean: " gold "}}\n"                                  \
    "    - {name: rest, share: 60%, priority: 1,\n"                                                \
    "       size: {distribution: " rest "}}\n"
#define CONSUMERS(what) "consumers: {" what "}\n"
#define STAGES(what)    "stages: {" what "}\n"
#define THREE(how)      POISSON("2.1/s") SIZE("exponential, mean: 1s") "replicas: 3\nbalancer: " how "\n"
#define BUFFER(what)    "buffer: {" what "}\n"

const struct battery_system battery[] = {
    {"M/M/1 at 50 %", POISSON("0.5/s") SIZE("exponential, mean: 1s")},
    {"M/M/1 at 80 %", POISSON("0.8/s") SIZE("exponential, mean: 1s")},
    {"M/M/4 at 80 %", POISSON("3.2/s") SIZE("exponential, mean: 1s") CONSUMERS("count: 4")},
    {"M/M/16 at 90 %", POISSON("14.4/s") SIZE("exponential, mean: 1s") CONSUMERS("count: 16")},
    {"M/D/1 at 80 %", POISSON("0.8/s") SIZE("deterministic, value: 1s")},
    {"M/D/5 at 80 %", POISSON("4/s") SIZE("deterministic, value: 1s") CONSUMERS("count: 5")},
    {"M/E2/3 at 75 %", POISSON("2.25/s") SIZE("erlang, shape: 2, mean: 1s") CONSUMERS("count: 3")},
    {"M/H2/2 at 70 %",
     POISSON("1.4/s") SIZE("hyperexponential, means: [0.5s, 3s], probabilities: [0.8, 0.2]")
         CONSUMERS("count: 2")},
    {"M/G/1 lognormal", POISSON("0.7/s") SIZE("lognormal, mean: 1s, cv2: 1.5")},
    {"M/G/1 bounded Pareto",
     POISSON("0.7/s") SIZE("bounded-pareto, alpha: 2.5, low: 0.6s, high: 20s")},
    {"M/G/1 uniform", POISSON("1.2/s") SIZE("uniform, low: 0.1s, high: 1.1s")},
    {"M/M/2 at double speed",
     POISSON("3/s") SIZE("exponential, mean: 1s") CONSUMERS("count: 2, speed: 2")},
    {"M/E3/1 last come first",
     POISSON("0.7/s") SIZE("erlang, shape: 3, mean: 1s") CONSUMERS("count: 1, discipline: lifo")},
    {"M/M/2 in random order",
     POISSON("1.4/s") SIZE("exponential, mean: 1s") CONSUMERS("count: 2, discipline: random")},
    {"M/M/1 shortest first", POISSON("0.7/s") SIZE("exponential, mean: 1s")
                                 CONSUMERS("count: 1, discipline: shortest-job")},
    {"M/G/1 by priority", POISSON("0.7/s") CLASSES("500ms", "erlang, shape: 2, mean: 1.2s")
                              CONSUMERS("count: 1, discipline: priority")},
    {"M/G/1 lognormal, shortest first", POISSON("0.7/s") SIZE("lognormal, mean: 1s, cv2: 1.5")
                                            CONSUMERS("count: 1, discipline: shortest-job")},
    {"M/M/1 shortest remaining", POISSON("0.8/s") SIZE("exponential, mean: 1s")
                                     CONSUMERS("count: 1, discipline: shortest-remaining")},
    {"M/G/1 bounded Pareto, shortest remaining",
     POISSON("0.7/s") SIZE("bounded-pareto, alpha: 2.5, low: 0.6s, high: 20s")
         CONSUMERS("count: 1, discipline: shortest-remaining")},
    {"M/G/1 bounded Pareto, shared",
     POISSON("0.7/s") SIZE("bounded-pareto, alpha: 2.5, low: 0.6s, high: 20s")
         CONSUMERS("count: 1, discipline: processor-sharing")},
    {"M/D/3 shared", POISSON("2.1/s") SIZE("deterministic, value: 1s")
                         CONSUMERS("count: 3, discipline: processor-sharing")},
    {"M/H2/2/8 shared",
     POISSON("1.4/s") SIZE("hyperexponential, means: [0.5s, 3s], probabilities: [0.8, 0.2]")
         CONSUMERS("count: 2, discipline: processor-sharing") BUFFER("capacity: 6")},
    {"M/E3/1 last come first, at once", POISSON("0.7/s") SIZE("erlang, shape: 3, mean: 1s")
                                            CONSUMERS("count: 1, discipline: lifo-preemptive")},
    {"M/G/1 by priority, preemptive",
     POISSON("0.7/s") CLASSES("500ms", "erlang, shape: 2, mean: 1.2s")
         CONSUMERS("count: 1, discipline: priority-preemptive")},
    {"M/M/3 by priority", POISSON("2.4/s") CLASSES("1s", "exponential, mean: 1s")
                              CONSUMERS("count: 3, discipline: priority")},
    {"M/M/3 by priority, preemptive", POISSON("2.4/s") CLASSES("1s", "exponential, mean: 1s")
                                          CONSUMERS("count: 3, discipline: priority-preemptive")},
    {"D/M/1", "arrivals: {process: renewal, rate: 0.8/s, interarrival: {distribution: "
              "deterministic, value: 1s}}\n" SIZE("exponential, mean: 1s")},
    {"E3/M/1", "arrivals: {process: renewal, rate: 0.8/s, interarrival: {distribution: erlang, "
               "shape: 3}}\n" SIZE("exponential, mean: 1s")},
    {"E3/M/3", "arrivals: {process: renewal, rate: 2.4/s, interarrival: {distribution: erlang, "
               "shape: 3}}\n" SIZE("exponential, mean: 1s") CONSUMERS("count: 3")},
    {"MMPP/M/1", "arrivals: {process: mmpp, states: [{rate: 0.3/s, mean_duration: 5s}, {rate: "
                 "1.2/s, mean_duration: 3s}]}\n" SIZE("exponential, mean: 1s")},
    {"MMPP/M/3", "arrivals: {process: mmpp, states: [{rate: 1/s, mean_duration: 6s}, {rate: 5/s, "
                 "mean_duration: 2s}, {rate: 0/s, mean_duration: 1s}]}\n" SIZE(
                     "exponential, mean: 1s") CONSUMERS("count: 3")},
    {"batches of 3 to one",
     "arrivals: {process: batch, rate: 0.2/s, batch: {distribution: geometric, mean: 3}}\n" SIZE(
         "exponential, mean: 1s")},
    {"M/M/1/8", POISSON("0.9/s") SIZE("exponential, mean: 1s") BUFFER("capacity: 7")},
    {"M/M/3/10 that drops", POISSON("3/s") SIZE("exponential, mean: 1s") CONSUMERS("count: 3")
                                BUFFER("capacity: 7, when_full: drop-newest")},
    {"M/M/1/5 that drops the oldest",
     POISSON("0.9/s") SIZE("exponential, mean: 1s") BUFFER("capacity: 4, when_full: drop-oldest")},
    {"M/G/4/4", POISSON("3/s") SIZE("lognormal, mean: 1s, cv2: 2") CONSUMERS("count: 4")
                    BUFFER("capacity: 0")},
    {"M/D/1/5", POISSON("0.9/s") SIZE("deterministic, value: 1s") BUFFER("capacity: 4")},
    {"M/G/1/8 lognormal",
     POISSON("0.9/s") SIZE("lognormal, mean: 1s, cv2: 2") BUFFER("capacity: 7")},
    {"E2/M/1/6", "arrivals: {process: renewal, rate: 1/s, interarrival: {distribution: erlang, "
                 "shape: 2}}\n" SIZE("exponential, mean: 1s") BUFFER("capacity: 5")},
    {"M/M/1//20", CLOSED("20", "exponential, mean: 15s") SIZE("exponential, mean: 1s")},
    {"M/M/4//64",
     CLOSED("64", "exponential, mean: 8s") SIZE("exponential, mean: 500ms") CONSUMERS("count: 4")},
    {"G/M/2//10 that thinks for a fixed time",
     CLOSED("10", "deterministic, value: 4s") SIZE("exponential, mean: 1s") CONSUMERS("count: 2")},
    {"G/G/2//12 that shares",
     CLOSED("12", "erlang, shape: 2, mean: 5s") SIZE("lognormal, mean: 1s, cv2: 2")
         CONSUMERS("count: 2, discipline: processor-sharing")},
    {"G/G/3/3//12 that loses",
     CLOSED("12", "erlang, shape: 2, mean: 5s") SIZE("lognormal, mean: 1s, cv2: 2")
         CONSUMERS("count: 3") BUFFER("capacity: 0")},
    {"M/M/2/6//20 that rejects", CLOSED("20", "exponential, mean: 6s") SIZE("exponential, mean: 1s")
                                     CONSUMERS("count: 2") BUFFER("capacity: 4")},
    {"M/M/2 that pauses", POISSON("1.5/s") SIZE("exponential, mean: 1s") CONSUMERS("count: 2")
                              BUFFER("capacity: 3, when_full: pause")},
    {"M/M/4+M, Erlang A",
     POISSON("4.4/s") IMPATIENT("exponential, mean: 4s") CONSUMERS("count: 4")},
    {"M/M/1+D", POISSON("0.8/s") IMPATIENT("deterministic, value: 2s")},
    {"M/M/3+E2 overloaded",
     POISSON("4/s") IMPATIENT("erlang, shape: 2, mean: 2s") CONSUMERS("count: 3")},
    {"M/M/2/6+M last come first", POISSON("2.2/s") IMPATIENT("exponential, mean: 2s") CONSUMERS(
                                      "count: 2, discipline: lifo") BUFFER("capacity: 4")},
    /* ---- networks ---- */
    {"tandem of M/M/1, M/M/1 and M/M/2",
     POISSON("0.7/s") SIZE("exponential, mean: 1s")
         STAGES("a: {to: b}, b: {to: c, size: {distribution: exponential, mean: 600ms}}, "
                "c: {consumers: {count: 2}}")},
    {"Jackson's network with feedback",
     "sources:\n"
     "  one: {process: poisson, rate: 1/s, to: a}\n"
     "  two: {process: poisson, rate: 0.5/s, to: c}\n" SIZE("exponential, mean: 1s")
         STAGES("a: {consumers: {count: 2}, to: {b: 70%, c: 20%}}, "
                "b: {size: {distribution: exponential, mean: 500ms}, to: {a: 10%, c: 50%}}, "
                "c: {consumers: {count: 3}, to: {c: 20%}}")},
    {"two classes on ways of their own, shared and in order",
     "sources:\n"
     "  one: {process: poisson, rate: 0.25/s, class: one, to: a}\n"
     "  two: {process: poisson, rate: 0.15/s, class: two, to: b}\n" SIZE("exponential, mean: 1s")
         STAGES("a: {to: [{stage: b, class: one}]}, "
                "b: {consumers: {discipline: processor-sharing}, size: {one: {distribution: "
                "erlang, shape: 3, mean: 1.2s}, two: 800ms}, to: [{stage: a, class: two}]}")},
    {"two stages with the same consumers",
     POISSON("0.5/s") SIZE("exponential, mean: 1s")
         STAGES("a: {consumers: {count: 2}, to: {b: 60%}}, b: {consumers: a, to: {b: 25%}}")},
    {"calls of a stage without a limit",
     POISSON("0.5/s") SIZE("exponential, mean: 1s")
         STAGES("web: {consumers: {count: unlimited}, calls: [{stage: db, count: 2, share: 60%}, "
                "auth]}, db: {}, auth: {consumers: {count: 2}}")},
    {"constant sizes behind constant ones",
     POISSON("0.7/s") SIZE("deterministic, value: 1s")
         STAGES("a: {to: b}, b: {size: 900ms, to: c}, c: {size: 500ms}")},
    {"line with small buffers",
     POISSON("0.5/s") SIZE("exponential, mean: 1s")
         STAGES("a: {to: b}, b: {to: c, buffer: {capacity: 1, when_full: pause}}, "
                "c: {size: {distribution: exponential, mean: 900ms}, buffer: {capacity: 0, "
                "when_full: pause}}")},
    {"line that is blocked before service", POISSON("0.4/s") SIZE("exponential, mean: 1s") STAGES(
                                                "a: {consumers: {blocks: before-service}, to: b}, "
                                                "b: {buffer: {capacity: 1, when_full: pause}}")},
    {"line that loses", POISSON("0.9/s") SIZE("exponential, mean: 1s")
                            STAGES("a: {buffer: {capacity: 5, when_full: reject}, to: b}, "
                                   "b: {buffer: {capacity: 3, when_full: reject}}")},
    {"closed network of two classes",
     "sources:\n"
     "  one: {process: closed, clients: 4, think_time: {distribution: exponential, mean: 2s}, "
     "class: one, to: a}\n"
     "  two: {process: closed, clients: 6, think_time: {distribution: erlang, shape: 2, mean: 5s}, "
     "class: two, to: a}\n" STAGES(
         "a: {consumers: {discipline: processor-sharing}, to: b, size: {one: {distribution: "
         "exponential, mean: 500ms}, two: {distribution: exponential, mean: 200ms}}}, "
         "b: {consumers: {count: 2}, size: {distribution: exponential, mean: 700ms}}")},
    {"fork and join of two",
     POISSON("0.5/s") SIZE("exponential, mean: 1s")
         STAGES("front: {consumers: {count: unlimited}, to: {all: [a, b]}}, a: {to: end}, "
                "b: {to: end, size: {distribution: exponential, mean: 800ms}}, "
                "end: {join: all, size: 0s}")},
    {"the first of two copies, of four",
     POISSON("0.8/s") SIZE("exponential, mean: 1s")
         STAGES("store: {replicas: 4, balancer: {algorithm: all, choices: 2}, to: end}, "
                "end: {join: 1, cancel: running, size: 0s}")},
    {"three behind random", THREE("random")},
    {"three behind round robin", THREE("round-robin")},
    {"three behind least requests", THREE("least-requests")},
    {"three behind least work", THREE("least-work")},
    {"three behind two choices", THREE("{algorithm: least-requests, choices: 2}")},
};
const size_t battery_size = sizeof battery / sizeof *battery;
