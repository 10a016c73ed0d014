#include "coverage_cases.h"

#include "../sim/result/run.h"
#include "setting.h"

#define PARETO "lambda=1;service=bpareto;low=0.5;high=100;alpha="

/* One consumer, 80 % busy. */
#define SINGLE                "arrivals.rate=0.8;tasks.size.distribution="
#define PARETO_OF(alpha, low) SINGLE "pareto;tasks.size.alpha=" alpha ";tasks.size.low=" low

/* An hour of 10 /s and a minute of storm, on average; 0.1 s each. */
#define STORMS(rate)                                                                               \
    "arrivals.process=mmpp;arrivals.states.0.rate=10/s;arrivals.states.0.mean_duration=1h;"        \
    "arrivals.states.1.rate=" rate ";arrivals.states.1.mean_duration=1m;"                          \
    "tasks.size.distribution=exponential;tasks.size.mean=100ms;consumers.count=2;"                 \
    "buffer.capacity=20"

#define ONE_SECOND "tasks.size.distribution=exponential;tasks.size.mean=1s;"
#define HUNDRED_MS "tasks.size.distribution=exponential;tasks.size.mean=100ms;"
#define MMPP2(calm, long, storm, short)                                                            \
    "arrivals.process=mmpp;arrivals.states.0.rate=" calm                                           \
    ";arrivals.states.0.mean_duration=" long ";arrivals.states.1.rate=" storm                      \
                                             ";arrivals.states.1.mean_duration=" short ";"

/* 9800 tasks in 240 s, the last sixth of it more than two consumers can do. */
#define DAY                                                                                        \
    "arrivals.process=schedule;arrivals.repeat=yes;arrivals.schedule.0.until=200s;"                \
    "arrivals.schedule.0.rate=25/s;arrivals.schedule.1.until=240s;arrivals.schedule.1.rate=120/s;"
#define LAST_FIRST(rate)                                                                           \
    "arrivals.rate=" rate "/s;" HUNDRED_MS "tasks.timeout.distribution=deterministic;"             \
    "tasks.timeout.value=10s;consumers.discipline=lifo"

const struct coverage_case coverage_cases[] = {
    {"M/M/1 .8", "M/M/c", "lambda=0.8;mu=1;c=1", 10000, 8},
    {"M/M/1 .8", "M/M/c", "lambda=0.8;mu=1;c=1", 100000, 1},
    {"M/M/5 .9", "M/M/c", "lambda=4.5;mu=1;c=5", 20000, 8},
    {"M/M/16 .9", "M/M/c", "lambda=14.4;mu=1;c=16", 20000, 8},
    {"M/M/1 .95", "M/M/c", "lambda=0.95;mu=1;c=1", 20000, 8},
    {"M/M/1 .95", "M/M/c", "lambda=0.95;mu=1;c=1", 200000, 8},
    {"M/M/1 .95", "M/M/c", "lambda=0.95;mu=1;c=1", 1000000, 1},
    {"M/M/1 .99", "M/M/c", "lambda=0.99;mu=1;c=1", 100000, 8},
    {"M/M/1 .99", "M/M/c", "lambda=0.99;mu=1;c=1", 150000, 8},
    {"M/D/1 .8", "M/G/1", "lambda=0.8;service=deterministic;mean_service=1", 10000, 8},
    {"M/BP/1 2.9", "M/G/1", PARETO "2.9", 5000, 16},
    {"M/BP/1 2.5", "M/G/1", PARETO "2.5", 20000, 8},
    {"M/BP/1 2.5", "M/G/1", PARETO "2.5", 200000, 8},
    {"M/M/1/10 .9", "M/M/c/K", "lambda=0.9;mu=1;c=1;K=10", 10000, 8},
    {"M/M/1/30 .9", "M/M/c/K", "lambda=0.9;mu=1;c=1;K=30", 10000, 8},
    {"M/M/1/30 .9", "M/M/c/K", "lambda=0.9;mu=1;c=1;K=30", 100000, 1},
    {"M/M/1/30 .8", "M/M/c/K", "lambda=0.8;mu=1;c=1;K=30", 10000, 8},
    {"M/M/1/36 .8", "M/M/c/K", "lambda=0.8;mu=1;c=1;K=36", 10000, 8},
    {"M/M/1 PS", "M/G/1-PS", "lambda=0.8;service=exponential;mean_service=1", 10000, 8},
    {"M/M/1 PS .95", "M/G/1-PS", "lambda=0.95;service=exponential;mean_service=1", 20000, 8},
    {"M/BP/1 PS", "M/G/1-PS", PARETO "3", 20000, 8},
    {"M/M/1 SRPT", "M/G/1-SRPT", "lambda=0.8;service=exponential;mean_service=1", 10000, 8},
    {"M/BP/1 SRPT", "M/G/1-SRPT", PARETO "3", 20000, 8},
    {"M/M/1 SJF", "M/G/1-SJF", "lambda=0.8;service=exponential;mean_service=1", 10000, 8},
    {"M/M/1 LIFO", "M/G/1-LIFOPR", "lambda=0.8;service=exponential;mean_service=1", 10000, 8},
    {"M/M/4/8 .95", "M/M/c/K", "lambda=3.8;mu=1;c=4;K=8", 10000, 4},
    {"MMPP rare", "MMPP2/M/1", "lambda1=0.4;lambda2=3;r12=0.0002;r21=0.02;mu=1", 4000, 8},
    {"MMPP rare", "MMPP2/M/1", "lambda1=0.4;lambda2=3;r12=0.0002;r21=0.02;mu=1", 20000, 8},
    {"MMPP rare", "MMPP2/M/1", "lambda1=0.4;lambda2=3;r12=0.0002;r21=0.02;mu=1", 100000, 8},
    {"MMPP slow", "MMPP2/M/1", "lambda1=0.3;lambda2=0.8;r12=0.001;r21=0.002;mu=1", 2000, 8},
    {"MMPP slow", "MMPP2/M/1", "lambda1=0.3;lambda2=0.8;r12=0.001;r21=0.002;mu=1", 20000, 8},
    {"M/P/1 1.5", NULL, PARETO_OF("1.5", "0.333333s"), 20000, 8},
    {"M/P/1 1.8", NULL, PARETO_OF("1.8", "0.444444s"), 20000, 8},
    {"M/P/1 1.8", NULL, PARETO_OF("1.8", "0.444444s"), 100000, 8},
    {"M/P/1 2.0", NULL, PARETO_OF("2", "0.5s"), 20000, 8},
    {"M/P/1 2.2", NULL, PARETO_OF("2.2", "0.545455s"), 20000, 8},
    {"M/P/1 2.2", NULL, PARETO_OF("2.2", "0.545455s"), 200000, 8},
    {"M/BP/1 1.5", NULL,
     SINGLE "bounded-pareto;tasks.size.alpha=1.5;tasks.size.low=0.34s;tasks.size.high=100000s",
     20000, 8},
    {"M/BP/1 1.2", NULL,
     SINGLE "bounded-pareto;tasks.size.alpha=1.2;tasks.size.low=0.2s;tasks.size.high=1000s", 50000,
     8},
    {"M/LN/1 10", NULL, SINGLE "lognormal;tasks.size.mean=1s;tasks.size.cv2=10", 20000, 8},
    {"M/LN/1 100", NULL, SINGLE "lognormal;tasks.size.mean=1s;tasks.size.cv2=100", 20000, 8},
    {"M/W/1 .3", NULL, SINGLE "weibull;tasks.size.mean=1s;tasks.size.shape=0.3", 20000, 8},
    {"M/W/1 .5", NULL, SINGLE "weibull;tasks.size.mean=1s;tasks.size.shape=0.5", 20000, 8},
    {"M/H2/1 4", NULL,
     SINGLE "hyperexponential;tasks.size.means=[0.55s, 5s];tasks.size.probabilities=[0.9, 0.1]",
     20000, 8},
    {"M/H2/1 rare", NULL,
     SINGLE
     "hyperexponential;tasks.size.means=[0.5s, 500s];tasks.size.probabilities=[0.999, 0.001]",
     20000, 8},
    {"M/M/1/60 .8", NULL, SINGLE "exponential;tasks.size.mean=1s;buffer.capacity=59", 20000, 8},
    {"M/H2/2/20", NULL,
     "consumers.count=2;buffer.capacity=20;arrivals.rate=10;tasks.size.distribution="
     "hyperexponential;tasks.size.means=[0.05s, 100s];tasks.size.probabilities=[0.9999, 0.0001]",
     20000, 8},
    {"M/H2/2/20", NULL,
     "consumers.count=2;buffer.capacity=20;arrivals.rate=10;tasks.size.distribution="
     "hyperexponential;tasks.size.means=[0.05s, 100s];tasks.size.probabilities=[0.9999, 0.0001]",
     400000, 8},
    {"MMPP/M/2/20", NULL, STORMS("100/s"), 20000, 8},
    {"MMPP/M/2/20", NULL, STORMS("100/s"), 100000, 8},
    {"MMPP/M/2/20", NULL, STORMS("100/s"), 300000, 8},
    {"MMPP/M/2/20 b", NULL, STORMS("20/s"), 100000, 8},
    {"MMPP/M/2/20 b", NULL, STORMS("20/s"), 300000, 8},
    /* modulated rates: slow ones, storms, rare storms, three states, on and off */
    {"MMPP slow .9", NULL, MMPP2("0.2/s", "2000s", "0.9/s", "1000s") ONE_SECOND, 10000, 8},
    {"MMPP slow .9", NULL, MMPP2("0.2/s", "2000s", "0.9/s", "1000s") ONE_SECOND, 40000, 8},
    {"MMPP slow .5", NULL, MMPP2("0.3/s", "500s", "0.5/s", "1500s") ONE_SECOND, 10000, 8},
    {"MMPP storms", NULL, MMPP2("0.3/s", "2000s", "2.5/s", "50s") ONE_SECOND, 5000, 8},
    {"MMPP storms", NULL, MMPP2("0.3/s", "2000s", "2.5/s", "50s") ONE_SECOND, 20000, 8},
    {"MMPP storms", NULL, MMPP2("0.3/s", "2000s", "2.5/s", "50s") ONE_SECOND, 80000, 8},
    {"MMPP storms 2", NULL, MMPP2("10/s", "1000s", "100/s", "20s") HUNDRED_MS "consumers.count=2",
     100000, 8},
    {"MMPP storms 2", NULL, MMPP2("10/s", "1000s", "100/s", "20s") HUNDRED_MS "consumers.count=2",
     1000000, 8},
    {"MMPP storms 11", NULL, MMPP2("10/s", "1000s", "100/s", "20s") HUNDRED_MS "consumers.count=11",
     100000, 8},
    {"MMPP rare", NULL, MMPP2("0.5/s", "20000s", "4/s", "30s") ONE_SECOND, 100000, 8},
    {"MMPP rare", NULL, MMPP2("0.5/s", "20000s", "4/s", "30s") ONE_SECOND, 400000, 8},
    {"MMPP three", NULL,
     MMPP2("0.2/s", "500s", "0.7/s", "200s") "arrivals.states.2.rate=1.5/s;"
                                             "arrivals.states.2.mean_duration=30s;" ONE_SECOND,
     5000, 8},
    {"MMPP three", NULL,
     MMPP2("0.2/s", "500s", "0.7/s", "200s") "arrivals.states.2.rate=1.5/s;"
                                             "arrivals.states.2.mean_duration=30s;" ONE_SECOND,
     40000, 8},
    {"on/off c=4", NULL, MMPP2("8/s", "10s", "0/s", "30s") ONE_SECOND "consumers.count=4", 2000, 8},
    {"on/off c=4", NULL, MMPP2("8/s", "10s", "0/s", "30s") ONE_SECOND "consumers.count=4", 10000,
     8},
    {"MMPP/M/3/20", NULL,
     MMPP2("15/s", "600s", "120/s", "10s") HUNDRED_MS "consumers.count=3;buffer.capacity=20", 80000,
     8},
    /* timetables, of which all is known of the rate, and nothing of the queue */
    {"day", NULL, DAY "tasks.size.distribution=exponential;tasks.size.mean=20ms;consumers.count=2",
     30000, 8},
    {"day/50", NULL,
     DAY "tasks.size.distribution=exponential;tasks.size.mean=20ms;consumers.count=2;"
         "buffer.capacity=50",
     30000, 8},
    {"short day", NULL,
     "arrivals.process=schedule;arrivals.repeat=yes;arrivals.schedule.0.until=20s;"
     "arrivals.schedule.0.rate=3/s;arrivals.schedule.1.until=24s;arrivals.schedule.1.rate=12/s;"
     "tasks.size.distribution=exponential;tasks.size.mean=150ms",
     10000, 8},
    /* other heavy tails, giants, batches, bursts */
    {"M/W/1 .25", NULL, SINGLE "weibull;tasks.size.mean=1s;tasks.size.shape=0.25", 50000, 8},
    {"M/W/1 .4", NULL, SINGLE "weibull;tasks.size.mean=1s;tasks.size.shape=0.4", 20000, 8},
    {"M/LN/1 30", NULL, SINGLE "lognormal;tasks.size.mean=1s;tasks.size.cv2=30", 20000, 8},
    {"M/P/1 1.7", NULL, PARETO_OF("1.7", "0.411765s"), 50000, 8},
    {"M/P/1 2.1", NULL, PARETO_OF("2.1", "0.523810s"), 50000, 8},
    {"M/P/4 1.8", NULL,
     "arrivals.rate=2;tasks.size.distribution=pareto;tasks.size.alpha=1.8;tasks.size.low=0.444444s;"
     "consumers.count=4",
     20000, 8},
    {"M/LN/4 10", NULL,
     "arrivals.rate=2;tasks.size.distribution=lognormal;tasks.size.mean=1s;tasks.size.cv2=10;"
     "consumers.count=4",
     20000, 8},
    {"M/LN/8 2", NULL,
     "arrivals.rate=40/s;tasks.size.distribution=lognormal;tasks.size.mean=150ms;tasks.size.cv2=2;"
     "consumers.count=8",
     4800, 8},
    {"M/H2/2/10 g", NULL,
     "consumers.count=2;buffer.capacity=10;arrivals.rate=10;tasks.size.distribution="
     "hyperexponential;tasks.size.means=[0.05s, 20s];tasks.size.probabilities=[0.9995, 0.0005]",
     50000, 8},
    {"M^X/M/1", NULL,
     "arrivals.process=batch;arrivals.rate=0.08;arrivals.batch.distribution=geometric;"
     "arrivals.batch.mean=10;" ONE_SECOND,
     40000, 8},
    {"H2/M/1 bursts", NULL,
     "arrivals.process=renewal;arrivals.interarrival.distribution=hyperexponential;"
     "arrivals.interarrival.means=[0.5s, 20s];arrivals.interarrival.probabilities=[0.95, "
     "0.05];" ONE_SECOND,
     20000, 8},
    /* more traffic makes it faster, or slower */
    {"lifo 10 s, 5/s", NULL, LAST_FIRST("5"), 20000, 8},
    {"lifo 10 s, 12/s", NULL, LAST_FIRST("12"), 20000, 8},
    {"lifo 10 s, 30/s", NULL, LAST_FIRST("30"), 20000, 8},
};
const size_t n_coverage_cases = sizeof coverage_cases / sizeof *coverage_cases;

struct result *coverage_case_run(const struct coverage_case *c, double tasks, double seed)
{
    static struct scenario s;
    setting_apply(&s, c->params);
    s.seed = seed;
    s.run.tasks = tasks;
    s.run.replications = c->replications;
    return run_scenario(&s, &(struct run_options){.engine = engine_for(&s), .jobs = 1});
}
