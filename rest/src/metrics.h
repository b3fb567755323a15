/*
 * metrics.h
 *	  Counters and latencies in memory that all workers share.
 */
#ifndef CALLCENTER_METRICS_H
#define CALLCENTER_METRICS_H

#include "rest.h"

/* Slots beside those of the routes, which come first. */
#define METRICS_ROUTES_MAX 96
#define METRICS_STATIC (METRICS_ROUTES_MAX - 3)
#define METRICS_UNMATCHED (METRICS_ROUTES_MAX - 2)
#define METRICS_REFUSED (METRICS_ROUTES_MAX - 1)

extern void metrics_open(void);
extern DbStats *metrics_worker(void);
extern void metrics_count(int slot, int status, double ms);
extern void metrics_refused(const char *code);
extern void metrics_tick(void);
extern void metrics_answer(Exchange *exchange);

#endif
