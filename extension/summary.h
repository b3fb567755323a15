/*
 * summary.h
 *		call_summary: what a set of calls adds up to, in memory and as it is stored.
 */
#ifndef CALLCENTER_SUMMARY_H
#define CALLCENTER_SUMMARY_H

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/array.h"

#include "facts.h"
#include "local_clock.h"

/* A call counts as abandoned when its caller hung up before this many seconds, else as missed. */
#define SUMMARY_SHORT_SECONDS	15

#define SUMMARY_HOURS		24

/*
 * The counters of a summary.  Their order is that of the stored form: a new one is a new version of it.  What is not
 * here is a sum of what is: all calls are those of every status.
 */
typedef enum SummaryCount
{
	COUNT_STATUS = 0,			/* calls by status */
	COUNT_OUTBOUND = COUNT_STATUS + FACTS_STATUSES,
	COUNT_TIER,					/* calls by routing tier */
	COUNT_TIER_BOOKED = COUNT_TIER + FACTS_TIERS,
	COUNT_HOUR = COUNT_TIER_BOOKED + FACTS_TIERS, /* calls by hour of the wall clock */
	COUNT_HOUR_BOOKED = COUNT_HOUR + SUMMARY_HOURS,
	COUNT_RETURNING = COUNT_HOUR_BOOKED + SUMMARY_HOURS,
	COUNT_SHORT,				/* abandoned before SUMMARY_SHORT_SECONDS */
	COUNT_WITHHELD,
	COUNT_FOLLOW_UP,
	COUNT_REVIEWED,
	COUNT_FLAGGED,
	COUNT_RATED,
	COUNT_RATING,				/* sum of ratings */
	COUNT_WITH_DURATION,
	COUNT_DURATION,				/* sum of seconds */
	COUNT_WITH_COST,
	SUMMARY_COUNTS
} SummaryCount;

/* What is counted of the calls of one intent. */
typedef enum IntentCount
{
	INTENT_CALLS,
	INTENT_BOOKED,
	INTENT_LEADS,				/* calls that are leads unless the company says that the intent is none */
	INTENT_BOOKED_LEADS,
	INTENT_COUNTS
} IntentCount;

typedef struct SummaryIntent
{
	char	   *name;			/* empty for calls without an intent; no terminator */
	uint32		length;
	uint32		hash;
	int64		counts[INTENT_COUNTS];
} SummaryIntent;

/*
 * A summary in memory.  Everything in it may be negative: what a change takes away is a summary too.
 *
 * Durations are counted in "buckets" of a log-linear scale, see summary_bucket().
 */
typedef struct CallSummary
{
	MemoryContext context;		/* of what it points to */
	int64		counts[SUMMARY_COUNTS];
	int128		cost;
	SummaryIntent *intents;		/* in no order */
	int			nintents;
	int			intent_space;
	int32	   *intent_slots;	/* open hash of indexes + 1, once there are many */
	uint32		nintent_slots;	/* a power of 2, or 0 */
	int64	   *buckets;
	int			nbuckets;
} CallSummary;

/* Makes an empty summary whose parts live in the context, which is that of the summary itself. */
extern void summary_init(CallSummary *summary, MemoryContext context);

/* Adds a call that starts in an hour, 0 to 23, of the wall clock, or with sign -1 takes it away. */
extern void summary_add_call(CallSummary *summary, const CallFacts *call, int hour, int sign);

/* Adds a call by its stored facts, with the hour that a clock shows at its start. */
extern void summary_add_facts(CallSummary *summary, const char *stored, int length, LocalClock *clock);

/* Adds another summary, or with sign -1 takes it away; 22003 when a counter leaves its range. */
extern void summary_add(CallSummary *summary, const CallSummary *other, int sign);

/* The same of a stored one; XX001 when it is damaged. */
extern void summary_add_stored(CallSummary *summary, const struct varlena *stored, int sign);

/*
 * Reads a stored form that may be anything; NULL and the reason when it is not one that summary_store() makes.  Equal
 * summaries have equal stored forms.
 */
extern CallSummary *summary_parse(const char *data, Size length, const char **reason);

/* Gives the stored form. */
extern struct varlena *summary_store(const CallSummary *summary);

/* Reads a stored form or an expanded one. */
extern const CallSummary *summary_of_datum(Datum value);

extern bool summary_is_empty(const CallSummary *summary);

/* Totals. */
extern int64 summary_calls(const CallSummary *summary);
extern int64 summary_booked(const CallSummary *summary);
extern int64 summary_missed(const CallSummary *summary);

/* Gives the intents in the order of their bytes. */
extern const SummaryIntent **summary_sorted_intents(const CallSummary *summary);

/* Gives the counters of an intent, or NULL. */
extern const SummaryIntent *summary_intent(const CallSummary *summary, const char *name, int length);

/*
 * Gives a count of leads (INTENT_LEADS, INTENT_BOOKED_LEADS) without the intents that a company says are none, a text[];
 * upper and lower case of ASCII letters are the same there.
 */
extern int64 summary_leads(const CallSummary *summary, IntentCount count, ArrayType *non_lead_intents);

/*
 * Gives the duration in seconds that the share "p" (0 to 1) of the calls with a duration do not exceed: the value of
 * percentile_disc(), but for the middle of its bucket, so at most 1/128 of it away, and exact below 128.  False when no
 * call has a duration.
 */
extern bool summary_percentile(const CallSummary *summary, double p, double *seconds);

/* Gives the sum of costs as a numeric without trailing zeros. */
extern Datum summary_cost(const CallSummary *summary);

#endif							/* CALLCENTER_SUMMARY_H */
