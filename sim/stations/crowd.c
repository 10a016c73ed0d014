#include "crowd.h"

void crowd_enter(struct crowd *c, double now)
{
    crowd_pass(c, now);
    c->seen += (double)c->inside;
    c->arrived++;
    c->inside++;
    c->arrivals += now;
    c->working += now;
}

void crowd_serve(struct crowd *c, double arrival, double now)
{
    crowd_pass(c, now);
    c->working -= arrival;
    c->work_sum += now - arrival;
}

void crowd_keep(struct crowd *c, double now)
{
    crowd_pass(c, now);
    c->kept++;
}

void crowd_leave(struct crowd *c, double arrival, double now, bool kept, bool lost)
{
    crowd_pass(c, now);
    c->inside--;
    c->kept -= kept;
    c->completed += !lost;
    c->lost += lost;
    c->arrivals -= arrival;
    c->sojourn_sum += now - arrival;
}
