/* The trace of a network (engine/trace.h), for those who look for it here. */
#ifndef STATIONS_TRACE_H
#define STATIONS_TRACE_H

#include "../engine/trace.h"

#endif
