/*
 * counters.h
 *		Exact totals of a company's calls, customers and follow-ups without counting them.
 */
#ifndef CALLCENTER_COUNTERS_H
#define CALLCENTER_COUNTERS_H

#include "datatype/timestamp.h"

#define COUNTER_CALLS		"call"
#define COUNTER_CUSTOMERS	"customer"
#define COUNTER_FOLLOW_UPS	"follow_up"

/* The events that follow-ups are counted by, in the place of a status (counter_changes.c). */
#define FOLLOW_UP_EVENT_OPENED		"opened"
#define FOLLOW_UP_EVENT_DUE			"due"
#define FOLLOW_UP_EVENT_RESOLVED	"resolved"
#define FOLLOW_UP_EVENT_RECOVERED	"recovered"
#define FOLLOW_UP_EVENT_LATE		"late"

/* How many follow-ups had an event before an instant. */
typedef struct FollowUpCounts
{
	int64		opened;
	int64		due;
	int64		resolved;
	int64		recovered;
	int64		late;			/* due and resolved */
} FollowUpCounts;

/* What a statement changes of the counters of one kind. */
typedef struct CounterChanges CounterChanges;

/* Begins to add up what a statement changes; in the memory context of the caller, who writes it. */
extern CounterChanges *counter_changes_begin(const char *kind);

/* Adds records (or takes them away) with a status and intent (NULL for none) to the hour of an instant, -infinity for none. */
extern void counter_changes_add(CounterChanges *changes, Datum company, TimestampTz at, const text *status, const text *intent, int sign);

/* Appends what has changed, if anything has.  Inside SPI_connect(), as callcenter_stats. */
extern void counter_changes_write(CounterChanges *changes);

/* Gives the UTC hour that an instant lies in; infinities stay. */
extern TimestampTz counter_hour(TimestampTz at);

/*
 * Moves the appended changes of a company into its counters; returns how many.  Without "wait" it gives up when another
 * backend is folding the same company.  Inside SPI_connect(), as callcenter_stats.
 */
extern int64 counters_fold(Datum company, bool wait);

/* Takes the counters of a company that is gone away.  Inside SPI_connect(), as callcenter_stats. */
extern void counters_forget(Datum company);

/* Gives the number of records with one of the statuses and intents, of customers types (0 for any).  Inside SPI_connect(). */
extern int64 counters_total(Datum company, const char *kind, Datum statuses, Datum intents);

/* Gives the number of calls that start from "start" on and before "end" (infinities for no bound).  Inside SPI_connect(). */
extern int64 counters_calls_between(Datum company, TimestampTz start, TimestampTz end);

/* Gives what has happened to the follow-ups of a company before an instant.  Inside SPI_connect(). */
extern FollowUpCounts counters_follow_ups_before(Datum company, TimestampTz at);

#endif							/* CALLCENTER_COUNTERS_H */
