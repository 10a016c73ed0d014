/* The language of networks: what is taken, and what is refused, at its place. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../sim/base/places.h"
#include "../sim/scenario/config.h"

enum { SAID = 6 };

/* Exactly these errors, in this order; each is the beginning of the message. */
static const struct refused {
    const char *text, *says[SAID];
} all_refused[] = {
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nbuffer: {capacity: 0}\n"
     "crash: {full_for: 1s, restart: 1s}",
     {"x.yaml:4:9: error: crash.full_for: this buffer has no place at all"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\ncrash: {full_for: 1s, restart: 1s}",
     {"x.yaml:3:9: error: crash.full_for: this buffer is never full"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\ncrash: {every: 0s}",
     {"x.yaml:3:1: error: crash: with 'every' 0 it is never up"}},
    {"arrivals: {rate: 0.1/s}\ntasks: {size: {distribution: exponential, mean: 1s}}\nconsumers: "
     "{failures: {time_to_failure: 6s, repair_time: 1s, task: restart}}",
     {"x.yaml:3:62: error: consumers.failures.task: a consumer fails after 6 s at the latest"}},
    {"arrivals: {rate: 0.1/s}\ntasks: {size: 1s}\nstages:\n  a: {size: 7s, consumers: {failures: "
     "{time_to_failure: {distribution: uniform, low: 1s, high: 6s}, repair_time: 1s, task: "
     "restart}}}",
     {"x.yaml:4:118: error: stages.a.consumers.failures.task: a consumer fails after 6 s at the "
      "latest"}},
    {"arrivals: {rate: 1/s, trigger: {at: 1s}}\ntasks: {size: 1s}",
     {"x.yaml:1:23: error: arrivals.trigger: 'for' is missing",
      "x.yaml:1:23: error: arrivals.trigger: 'factor' is missing"}},
    {"arrivals: {process: closed, clients: 3, think_time: 1s, initial: 3}\ntasks: {size: 1s}",
     {"x.yaml:1:57: error: arrivals.initial: all tasks of a closed system are those of its "
      "clients"}},
    {"sources:\n  a: {process: batch, rate: 1/s, batch: {distribution: geometric, mean: 2}, "
     "initial: 4}\ntasks: {size: 1s}",
     {"x.yaml:2:77: error: sources.a.initial: they would be of no batch"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: bb}, b: {}}",
     {"x.yaml:3:14: error: stages.a.to: unknown stage 'bb' (did you mean 'b'?)"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {}, b: {}}",
     {"x.yaml:3:17: error: stages.b: no task ever comes here: no stage that is reached hands on to "
      "it"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: a}}",
     {"x.yaml:3:14: error: stages.a.to: a loop without exit: a task that is here can never leave "
      "the s"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {b: 100%}}, b: {to: a}}",
     {"x.yaml:3:14: error: stages.a.to: a loop without exit: a task that is here can never leave "
      "the s"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {calls: [b]}, b: {calls: [c]}, c: "
     "{calls: [a]}}",
     {"x.yaml:3:14: error: stages.a.calls: a cycle of calls: 'a', 'b', 'c', 'a': each would wait "
      "for t"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {calls: [b]}, b: {to: a}}",
     {"x.yaml:3:10: error: stages.a: a loop without exit: every task that comes here makes another "
      "one"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {calls: [a]}}",
     {"x.yaml:3:14: error: stages.a.calls: a cycle of calls: 'a', 'a': each would wait for the "
      "next"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {all: [a, b]}}, b: {}}",
     {"x.yaml:3:10: error: stages.a: a loop without exit: every task that comes here makes another "
      "one"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {join: all}}",
     {"x.yaml:3:14: error: stages.a.join: tasks come here that are in no group: a group is made by "
      "to:"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {all: [b, c]}}, b: {to: d}, c: "
     "{to: d}, d: {join: all, to: e}, e: {join: 2}}",
     {"x.yaml:3:85: error: stages.e.join: tasks come here that are in no group: a group is made by "
      "to:"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {balancer: random}}",
     {"x.yaml:3:14: error: stages.a.balancer: there is nothing to choose among: the stage has one "
      "repl"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {replicas: 3, balancer: {choices: 2}}}",
     {"x.yaml:3:38: error: stages.a.balancer.choices: random, where no algorithm is given, takes "
      "the b"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {replicas: 3, balancer: {algorithm: "
     "least-requests, choices: 4}}}",
     {"x.yaml:3:65: error: stages.a.balancer.choices: 4 different ones of 3 replicas cannot be "
      "drawn"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {replicas: 3, balancer: hash}}",
     {"x.yaml:3:27: error: stages.a.balancer: hash goes with 'tasks.key', which is missing"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s, key: {exponent: 2}}\nstages: {a: {replicas: 3}}",
     {"x.yaml:2:19: error: tasks.key: 'of' is missing: how many keys there are",
      "x.yaml:2:25: error: tasks.key.exponent is of zipf: give 'distribution: zipf', or"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nthrottle: {rate: 1/s, per: key}",
     {"x.yaml:3:23: error: throttle.per: key goes with 'tasks.key', which is missing"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {replicas: 3, balancer: "
     "leastrequests}}",
     {"x.yaml:3:37: error: stages.a.balancer: unknown balancer 'leastrequests' (did you mean "
      "'least-re"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {replicas: b, to: b}, b: {replicas: "
     "a}}",
     {"x.yaml:3:14: error: stages.a.replicas: 'b' has no machines of its own: name the stage that "
      "has,",
      "x.yaml:3:39: error: stages.b.replicas: 'a' has no machines of its own: name the stage that "
      "has,"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {b: 70%, c: 50%}}, b: {}, c: {}}",
     {"x.yaml:3:14: error: stages.a.to: the shares make 120 %: they are of 100 %, and what is "
      "missing"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {b: 70%, all: [c]}}, b: {}, c: "
     "{}}",
     {"x.yaml:3:27: error: stages.a.to.all: 'b' is given at line 3 already, and the one stands in "
      "plac",
      "x.yaml:3:46: error: stages.c: no task ever comes here: no stage that is reached hands on to "
      "it"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {all: [c], b: 3%}}, b: {}, c: {}}",
     {"x.yaml:3:29: error: stages.a.to.b: 'all' is given at line 3 already, and the one stands in "
      "plac"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: [{stage: b, class: gold}]}, b: "
     "{}}",
     {"x.yaml:3:30: error: stages.a.to.0.class: unknown class 'gold': here are no classes "
      "(tasks.class"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: [{stage: b}, {stage: exit}]}, b: "
     "{}}",
     {"x.yaml:3:31: error: stages.a.to.1: no task comes to this rule: the one before it has no "
      "'class'"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nconsumers: {count: 3}\nstages: {a: {}}",
     {"x.yaml:3:1: error: 'consumers' is short for that of a single stage: it cannot stand beside "
      "'sta"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nbuffer: {capacity: 3}\nstages: {a: {}}\nsources: "
     "{x: {rate: 1/s}}",
     {"x.yaml:3:1: error: 'buffer' is short for that of a single stage: it cannot stand beside "
      "'stages",
      "x.yaml:1:1: error: 'arrivals' is short for a single source: it cannot stand beside "
      "'sources'; g"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {all: {}}",
     {"x.yaml:3:10: error: stages: 'all' has a meaning of its own in results: choose another "
      "name"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a.b: {}}",
     {"x.yaml:3:10: error: stages: 'a.b' must be one word of at most 48 letters, not a number, "
      "without"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: {count: 1, discipline: "
     "processor-sharing}, calls: [b]}, b: {}}",
     {"x.yaml:3:68: error: stages.a.calls: consumers that are shared by processor-sharing serve "
      "all ta"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: {count: 1, discipline: "
     "processor-sharing}, to: b}, b: {buffer: {capacity: 2, when_full: pause}}}",
     {"x.yaml:3:68: error: stages.a.to: consumers that are shared by processor-sharing serve all "
      "tasks"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: {count: 1, discipline: "
     "shortest-remaining}, to: b}, b: {consumers: a}}",
     {"x.yaml:3:81: error: stages.b.consumers: the consumers of 'a' are shared by "
      "shortest-remaining,"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: b}, b: {consumers: c}, c: "
     "{consumers: a}}",
     {"x.yaml:3:26: error: stages.b.consumers: 'c' has no consumers of its own: name the stage "
      "that ha"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {eject: {errors: 1}}}",
     {"x.yaml:3:14: error: 'stages.a.eject' is not yet supported by this version of queuescope"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: {step: {base: 1s}}}}",
     {"x.yaml:3:26: error: stages.a.consumers.step: give 'batch.max', how many tasks a consumer "
      "serves at once"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: {batch: {at_least: 2}}}}",
     {"x.yaml:3:26: error: stages.a.consumers.batch: give 'max', how many tasks a consumer"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: {batch: {max: 2, at_least: "
     "3}}}}",
     {"x.yaml:3:42: error: stages.a.consumers.batch.at_least: no more than max (2)"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {buffer: {capacity: 1}, consumers: "
     "{batch: {max: 4, at_least: 3}}}}",
     {"x.yaml:3:65: error: stages.a.consumers.batch.at_least: the buffer has no place"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: {batch: {max: 4, wait: "
     "1s}, step: {base: 1s}}}}",
     {"x.yaml:3:53: error: stages.a.consumers.step: tasks join between iterations"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: {batch: {max: 4}, "
     "vacation: "
     "1s}}}",
     {"x.yaml:3:26: error: stages.a.consumers.batch is not yet supported beside 'vacation'"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s, prefill: 1s}\nstages: {a: {consumers: {count: 2}}}",
     {"x.yaml:2:19: error: tasks.prefill is of consumers that go step by step"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {calls: [{any: 3, of: [b, c]}]}, b: "
     "{}, c: {}}",
     {"x.yaml:3:23: error: stages.a.calls.0.any: of 2 calls there are no 3 answers"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {calls: [{share: 3%}]}, b: {}, c: {}}",
     {"x.yaml:3:22: error: stages.a.calls.0: 'stage' is missing: who is called"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {calls: b}, b: {}}",
     {"x.yaml:3:21: error: stages.a.calls: a list such as [a, b] is needed, not a single value"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {calls: [exit]}}",
     {"x.yaml:3:22: error: stages.a.calls.0: unknown stage 'exit'; known: a"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {cancel: queued}}",
     {"x.yaml:3:14: error: stages.a.cancel is of 'join': what is withdrawn when enough have come"}},
    {"arrivals: {utilization: 50%}\ntasks: {size: 1s}\nstages: {a: {to: b}, b: {}}",
     {"x.yaml:1:12: error: arrivals: 'utilization' is of a single stage, whose consumers and sizes "
      "it"}},
    {"arrivals: {rate: 1/s}\nstages: {a: {size: carried}}",
     {"x.yaml:1:1: error: 'tasks.size' is missing: the work of a task, such as {distribution: "
      "exponent"}},
    {"arrivals: {rate: 1/s}\nstages: {a: {size: {gold: 1s}, to: b}, b: {size: carried}}",
     {"x.yaml:2:21: error: stages.a.size.gold: unknown class 'gold': here are no classes "
      "(tasks.classe"}},
    {"arrivals: {rate: 1/s}\nstages: {a: {size: {mean: 1s}}}",
     {"x.yaml:2:21: error: 'mean' is a key of exponential, erlang, gamma, lognormal, weibull and "
      "geome"}},
    {"arrivals: {rate: 1/s}\nstages: {a: {size: [1s]}}",
     {"x.yaml:2:20: error: stages.a.size: a distribution is needed, such as {distribution: "
      "exponential"}},
    {"arrivals: {rate: 1/s}\nstages: {a: {size: foo}}",
     {"x.yaml:2:20: error: stages.a.size: 'foo' is neither a duration such as 20ms nor a "
      "distribution"}},
    {"sources: {a: {rate: 1/s, class: \"x y\"}, b: {}}\ntasks: {size: 1s}",
     {"x.yaml:1:26: error: sources.a.class: 'x y' must be one word, not a number, without commas, "
      "dots",
      "x.yaml:1:41: error: sources.b: process poisson needs one of 'rate', 'rate_per_consumer' and "
      "'ut"}},
    {"sources: {a: {process: batch, rate: 1/s, batch: {distribution: geometric, mean: 3}}, c: "
     "{rate: 1/s}}\ntasks: {size: 1s}\nstages: {a: {to: b}, b: {join: all}}",
     {"x.yaml:3:26: error: stages.b.join: tasks come here that are in no group: a group is made by "
      "to"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: b, reply: perhaps}, b: {join: "
     "none, delay: {distribution: exponential}}}",
     {"x.yaml:3:28: error: stages.a.reply: 'perhaps' is neither yes nor no",
      "x.yaml:3:54: error: stages.b.delay.mean is missing: the mean, a duration such as 250ms"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {too: b}, b: {}}",
     {"x.yaml:3:14: error: unknown key 'too' (did you mean 'to'?)"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: [a, b]",
     {"x.yaml:3:9: error: stages: a mapping from names is needed (stages: {NAME: {...}}), not a "
      "list"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {}",
     {"x.yaml:3:9: error: stages: an empty mapping"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages:\n  a: foo",
     {"x.yaml:4:6: error: stages.a: keys and values are needed (key: value), not a single value"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: b}, b: {}}\nsweep: {parameter: "
     "stages.c.consumers.count, values: [1, 2]}",
     {"x.yaml:4:9: error: 'stages' has no 'c'; known: a and b"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: b}, b: {}}\nsweep: {parameter: "
     "stages.*.consumers.count, values: [1, 2]}",
     {"x.yaml:4:9: error: 'stages.*' is many values, and one is wanted here: * stands in --set, "
      "--vary"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {b: 30%, exit: 70%}}, b: "
     "{}}\nsweep: {parameter: stages.a.to.b, from: 10%, to: 40%, steps: 3}",
     {"x.yaml:3:14: error: stages.a.to: the shares make 110 %: they are of 100 %, and what is "
      "missing"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nbalancer: least-requests",
     {"x.yaml:3:1: error: balancer: there is nothing to choose among: the stage has one replica "
      "(give"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nreplicas: web",
     {"x.yaml:3:1: error: replicas: 'web' would be the name of a stage, and here are no 'stages'"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: b}, b: {}, b: {}}",
     {"x.yaml:3:29: error: duplicate key 'b': it stands at line 3, column 22 already"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {b: 1.5}}, b: {}}",
     {"x.yaml:3:22: error: stages.a.to.b: 1.5 is out of range: must be at least 0, at most 1"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {all: []}}, b: {}}",
     {"x.yaml:3:24: error: stages.a.to.all: an empty list"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: {all: [b, c]}}, b: {to: d}, c: "
     "{to: d}, d: {join: all, cancel: running}}",
     {"x.yaml:3:73: error: stages.d.cancel: join: all waits for all of them: there is nothing to "
      "withd"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {replicas: [{count: 2, buffer: "
     "{capacity: 1}}], balancer: random}}",
     {"x.yaml:3:36: error: 'stages.a.replicas.0.buffer' is not yet supported by this version of "
      "queues"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: b}, b: {consumers: a, replicas: "
     "2}}",
     {"x.yaml:3:40: error: stages.b.replicas: with the consumers of 'a' come its replicas: leave "
      "it ou"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: a}}",
     {"x.yaml:3:14: error: stages.a.consumers: a stage cannot share its own consumers: give their "
      "keys"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {consumers: {count: unbounded}}}",
     {"x.yaml:3:33: error: stages.a.consumers.count: the word is 'unlimited' here, not "
      "'unbounded'"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {join: 0, to: {all: [a]}}}",
     {"x.yaml:3:20: error: stages.a.join: 0 is out of range: must be at least 1, at most 1e9, or "
      "all"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {replicas: 0}}",
     {"x.yaml:3:24: error: stages.a.replicas: 0 is out of range: must be at least 1, at most "
      "1000000"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {replicas: 1000000, to: b}, b: "
     "{replicas: 2}}",
     {"x.yaml:3:1: error: stages: 1000002 replicas of all stages together are more than 1000000"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: {distribution: exponential, mean: 1s}}\nstages: {a: "
     "{size: {distribution: uniform, low: 2s, high: 1s}, timeout: 3/s, delay: {distribution: "
     "geometric, mean: 2}}}",
     {"x.yaml:3:73: error: stages.a.timeout: '3/s' is neither a duration such as 20ms (unknown "
      "unit '/",
      "x.yaml:3:53: error: stages.a.size.high (1 s) must be above stages.a.size.low (2 s)",
      "x.yaml:3:86: error: stages.a.delay: geometric counts things: it is no distribution of "
      "times"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {calls: [{stage: b, of: [b]}, {of: "
     "[b], share: 20%}, {stage: b, any: 2}, {stage: b, count: 0}]}, b: {}}",
     {"x.yaml:3:104: error: stages.a.calls.3.count: 0 is out of range: must be at least 1, at most "
      "100",
      "x.yaml:3:22: error: stages.a.calls.0: 'stage' is one call and 'of' are several side by "
      "side: gi",
      "x.yaml:3:43: error: stages.a.calls.1: 'share', 'count', 'on_failure' and the keys of a "
      "client ",
      "x.yaml:3:77: error: stages.a.calls.2.any is of calls side by side: any: k, of: [a, b, c]"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {calls: [{stage: b, timeout: 3s, "
     "retry: {max: 3, on: [timeot]}}]}, b: {}}",
     {"x.yaml:3:54: error: unknown key 'max' (did you mean 'max_attempts'?)",
      "x.yaml:3:67: error: stages.a.calls.0.retry.on: unknown outcome 'timeot' (did you mean "
      "'timeout'?)"}},
    {"sources: {a: {rate: 1/s}, b: {rate: 2/s, client: {timout: 1s}, to: {c: 50%}}}\ntasks: "
     "{size: 1s}\nstages: {x: {}}",
     {"x.yaml:1:51: error: unknown key 'timout' (did you mean 'timeout'?)",
      "x.yaml:1:69: error: sources.b.to.c: unknown stage 'c'; known: x and exit"}},
    {"sources: {a: {process: mmpp}}\ntasks: {size: 1s}\nstages: {x: {}}",
     {"x.yaml:1:11: error: 'sources.a.states' is missing (states, visited in a cycle from the "
      "first)"}},
    {"sources: {a: {rate: 1/s, class: all}, b: {rate: 1/s, utilization: 3%}}\ntasks: {size: "
     "1s}\nstages: {x: {}}",
     {"x.yaml:1:54: error: sources.b.utilization: 'rate' is given at line 1 already, and the one "
      "stand",
      "x.yaml:1:26: error: sources.a.class: 'all' stands for the total in results: choose another "
      "name"}},
    {"sources: {a: {process: batch, rate: 1/s, batch: 5, client: {timeout: 1s}}}\ntasks: {size: "
     "1s}\nstages: {x: {to: y}, y: {join: all}}",
     {"x.yaml:1:52: error: sources.a.client: the tasks of a batch that is joined (stages.y.join) "
      "canno"}},
    {"sources: {a: {process: batch, rate: 1/s, batch_size: 5}}\ntasks: {size: 1s}\nstages: {x: {}}",
     {"x.yaml:1:42: error: unknown key 'batch_size' in sources.a; known here: process, batch, "
      "rate, "
      "rate"}},
    {"limit: {algorithm: aimd}\narrivals: {rate: 1/s}\ntasks: {size: "
     "1s}\nstages: {x: {}}",
     {"x.yaml:1:1: error: 'limit'"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {\"\": {}, \"1\": {}, \"a b\": {}, exit: "
     "{}, client: {}, \"a*\": {}}",
     {"x.yaml:3:10: error: stages: '' must be one word of at most 48 letters, not a number, "
      "without co",
      "x.yaml:3:18: error: stages: '1' must be one word of at most 48 letters, not a number, "
      "without c",
      "x.yaml:3:27: error: stages: 'a b' must be one word of at most 48 letters, not a number, "
      "without",
      "x.yaml:3:38: error: stages: 'exit' has a meaning of its own in 'to': choose another name",
      "x.yaml:3:48: error: stages: 'client' has a meaning of its own in results: choose another "
      "name",
      "x.yaml:3:60: error: stages: 'a*' must be one word of at most 48 letters, not a number, "
      "without"}},
    {"sources: {x: {rate: 1/s, class: gold}, y: {rate: 1/s, class: tin}}\ntasks: {size: 1s}\n"
     "stages: {a: {to: [{stage: b, class: gold}]}, b: {to: a}}",
     {"x.yaml:3:14: error: stages.a.to: a loop without exit: a task of class 'gold' that is here"}},
    {"sources: {x: {rate: 1/s, class: gold}, y: {rate: 1/s, class: tin}}\ntasks: {size: 1s}\n"
     "stages: {a: {to: [{stage: b, class: gold}, {stage: c}]}, b: {}, "
     "c: {to: [{stage: d, class: gold}]}, d: {}}",
     {"x.yaml:3:101: error: stages.d: no task ever comes here"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\n"
     "stages: {a: {to: {all: [b, c]}}, b: {to: {a: 60%}}, c: {to: {a: 60%}}}",
     {"x.yaml:3:53: error: stages.c: a loop in which tasks multiply"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\n"
     "stages: {a: {calls: [{stage: b, count: 3}]}, b: {to: {a: 50%}}}",
     {"x.yaml:3:46: error: stages.b: a loop in which tasks multiply"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\n"
     "stages: {a: {replicas: 4, balancer: all, to: {a: 30%}}}",
     {"x.yaml:3:10: error: stages.a: a loop in which tasks multiply"}},
    {"arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {to: [{stage: b}, {}]}, b: {}}",
     {"x.yaml:3:31: error: 'stages.a.to.1.stage' is missing (where such a task goes",
      "x.yaml:3:31: error: stages.a.to.1: no task comes to this rule"}},
};

/* What is near those, and can be. */
static const char *const all_taken[] = {
    "arrivals: {rate: 1/s}\ntasks: {size: 1s}\n"
    "stages: {a: {to: {all: [b, c]}}, b: {to: {a: 40%}}, c: {to: {a: 40%}}}",
    "arrivals: {rate: 1/s}\ntasks: {size: 1s}\n"
    "stages: {a: {to: {all: [b, c]}}, b: {to: d}, c: {to: d}, d: {join: all, to: {a: 90%}}}",
    "arrivals: {rate: 1/s}\ntasks: {size: 1s}\n"
    "stages: {a: {replicas: 4, balancer: {algorithm: all, choices: 3}, to: {a: 30%}}}",
    "arrivals: {rate: 1/s}\ntasks: {size: 1s}\n"
    "stages: {a: {to: {b: 0%, c: 100%}}, b: {to: a}, c: {to: exit}}",
    "arrivals: {rate: 1/s}\ntasks: {size: 1s}\n"
    "stages: {a: {to: {b: 33.3%, c: 33.3%, d: 33.4%}}, b: {}, c: {}, d: {calls: [b, c, b, [b]]}}",
    "arrivals: {rate: 1/s}\nstages: {a: {size: 1s, to: b}, b: {size: carried}}",
    "sources: {x: {rate: 1/s, to: main}, y: {rate: 1/s, to: {main: 50%}}}\ntasks: {size: 1s}",
    "arrivals: {rate: 1/s}\ntasks: {size: 1s}\nstages: {a: {replicas: 1, balancer: random}}\n"
    "sweep: {parameter: stages.a.replicas, from: 1, to: 4, steps: 4}",
};

static void test_what_is_near_is_taken(void **state)
{
    (void)state;
    static struct scenario s;
    for (size_t i = 0; i < sizeof all_taken / sizeof *all_taken; i++) {
        struct errors errors = {0};
        struct places places = {0};
        param_defaults(&s);
        config_read("x.yaml", all_taken[i], strlen(all_taken[i]), &s, &places, &errors);
        scenario_check(&s, &places, &errors);
        places_free(&places);
        if (errors.n > 0)
            fail_msg("%s\nsays: %s", all_taken[i], errors.text[0]);
    }
}

static void test_every_refusal(void **state)
{
    (void)state;
    static struct scenario s;
    for (size_t i = 0; i < sizeof all_refused / sizeof *all_refused; i++) {
        const struct refused *r = &all_refused[i];
        struct errors errors = {0};
        struct places places = {0};
        param_defaults(&s);
        config_read("x.yaml", r->text, strlen(r->text), &s, &places, &errors);
        scenario_check(&s, &places, &errors);
        places_free(&places);
        size_t n = 0;
        for (; n < SAID && r->says[n]; n++)
            if (n >= errors.n || strncmp(errors.text[n], r->says[n], strlen(r->says[n])) != 0)
                fail_msg("%s\nsays: %s\nnot:  %s", r->text,
                         n < errors.n ? errors.text[n] : "nothing", r->says[n]);
        if (errors.n != n)
            fail_msg("%s\nsays also: %s", r->text, errors.text[n]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_refusal),
        cmocka_unit_test(test_what_is_near_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
