/*
 * The models: one file each, one line each here. No include guard: included where a table is
 * wanted, with the wanted macros defined; the others then stand for nothing.
 *
 * DISTRIBUTION(x) is the constant `distribution_x` of models/x.c, and so on.
 */
#ifndef DISTRIBUTION
#define DISTRIBUTION(symbol)
#endif
#ifndef PROCESS
#define PROCESS(symbol)
#endif
#ifndef DISCIPLINE
#define DISCIPLINE(symbol)
#endif
#ifndef POLICY
#define POLICY(symbol)
#endif
#ifndef BALANCER
#define BALANCER(symbol)
#endif
#ifndef DROP
#define DROP(symbol)
#endif
#ifndef LIMITER
#define LIMITER(symbol)
#endif

DISTRIBUTION(deterministic)
DISTRIBUTION(exponential)
DISTRIBUTION(erlang)
DISTRIBUTION(gamma)
DISTRIBUTION(hyperexponential)
DISTRIBUTION(uniform)
DISTRIBUTION(lognormal)
DISTRIBUTION(weibull)
DISTRIBUTION(pareto)
DISTRIBUTION(bounded_pareto)
DISTRIBUTION(geometric)
DISTRIBUTION(empirical)
DISTRIBUTION(percentiles)

PROCESS(poisson)
PROCESS(renewal)
PROCESS(batch)
PROCESS(mmpp)
PROCESS(schedule)
PROCESS(trace)
PROCESS(closed)

DISCIPLINE(fifo)
DISCIPLINE(lifo)
DISCIPLINE(random)
DISCIPLINE(shortest_job)
DISCIPLINE(priority)
DISCIPLINE(weighted)
DISCIPLINE(processor_sharing)
DISCIPLINE(shortest_remaining)
DISCIPLINE(priority_preemptive)
DISCIPLINE(lifo_preemptive)
DISCIPLINE(earliest_deadline)
DISCIPLINE(adaptive_lifo)

POLICY(reject)
POLICY(drop_newest)
POLICY(drop_oldest)
POLICY(pause)

BALANCER(any_replica)
BALANCER(round_robin)
BALANCER(least_requests)
BALANCER(least_work)
BALANCER(first_idle)
BALANCER(hash_by_key)
BALANCER(every_replica)

DROP(codel)
DROP(red)

LIMITER(fixed)
LIMITER(aimd)
LIMITER(gradient)
LIMITER(vegas)

#undef DISTRIBUTION
#undef PROCESS
#undef DISCIPLINE
#undef POLICY
#undef BALANCER
#undef DROP
#undef LIMITER
