/*
 * counters.h
 *		Exact totals of a company's calls and customers without counting them.
 */
#ifndef CALLCENTER_COUNTERS_H
#define CALLCENTER_COUNTERS_H

#include "datatype/timestamp.h"

#define COUNTER_CALLS		"call"
#define COUNTER_CUSTOMERS	"customer"

/* Gives the UTC hour that an instant lies in; infinities stay. */
extern TimestampTz counter_hour(TimestampTz at);

/*
 * Moves the appended changes of a company into its counters; returns how many.  Without "wait" it gives up when another
 * backend is folding the same company.  Inside SPI_connect(), as callcenter_stats.
 */
extern int64 counters_fold(Datum company, bool wait);

/* Gives the number of records with one of the statuses and intents, of customers types (0 for any).  Inside SPI_connect(). */
extern int64 counters_total(Datum company, const char *kind, Datum statuses, Datum intents);

/* Gives the number of calls that start from "start" on and before "end" (infinities for no bound).  Inside SPI_connect(). */
extern int64 counters_calls_between(Datum company, TimestampTz start, TimestampTz end);

#endif							/* CALLCENTER_COUNTERS_H */
