/*
 * facts.h
 *		call_facts: what summaries count of one call, packed into some forty bytes.
 *
 * The stored form, version 1, has no alignment and one byte order (the lowest byte first) on every machine:
 *
 *	 1 byte		the version
 *	 3 bytes	bits: status, routing tier and yes or no, see below
 *	 8 bytes	start of the call, microseconds from 2000-01-01 00:00 UTC
 *	 4 bytes	duration in seconds, 0 when it is not known
 *	 8 bytes	cost in units of 10^-12 dollars, if the bits say FACT_COST; or
 *	 16 bytes	cost in units of 10^-24 dollars, if they say FACT_LONG_COST, which is for what the other cannot tell
 *	 2 bytes	rating, if they say FACT_RATING
 *	 the rest	the intent; nothing when there is none
 *
 * So there is one stored form of the facts of a call, and equal facts are equal bytes.
 */
#ifndef CALLCENTER_FACTS_H
#define CALLCENTER_FACTS_H

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "port/pg_bswap.h"

#ifndef HAVE_INT128
#error "callcenter needs a compiler with 128-bit integers"
#endif

/* A cost is counted in units of 10^-24 dollars, of which there are 10^12 at most. */
#define FACTS_COST_DECIMALS	24
#define FACTS_COST_LIMIT	((int128) INT64CONST(1000000000000000000) * INT64CONST(1000000000000000000))
#define FACTS_SHORT_COST	INT64CONST(1000000000000)

/* In the order of callcenter.call_status. */
typedef enum CallStatus
{
	CALL_COMPLETED,
	CALL_TRANSFERRED,
	CALL_VOICEMAIL,
	CALL_ABANDONED,
	CALL_SPAM,
	CALL_ERROR
} CallStatus;

#define FACTS_STATUSES		6
#define FACTS_TIERS			5	/* none, 1, 2, 3, any other */

/* The bits.  A status is 0 to 5, a tier 0 to 4. */
#define FACT_STATUS(bits)	((bits) & 7)
#define FACT_TIER(bits)		(((bits) >> 3) & 7)
#define FACT_TIER_SHIFT		3
#define FACT_OUTBOUND		(1 << 6)
#define FACT_BOOKED			(1 << 7)
#define FACT_RETURNING		(1 << 8)
#define FACT_WITHHELD		(1 << 9)
#define FACT_FOLLOW_UP		(1 << 10)
#define FACT_REVIEWED		(1 << 11)
#define FACT_FLAGGED		(1 << 12)
#define FACT_DURATION		(1 << 13)
#define FACT_RATING			(1 << 14)
#define FACT_COST			(1 << 15)
#define FACT_LONG_COST		(1 << 16)
#define FACTS_BITS			17

#define FACTS_VERSION		1
#define FACTS_FIXED			16	/* bytes of what is always there */

/* The facts of a call. */
typedef struct CallFacts
{
	TimestampTz started_at;
	uint32		bits;
	int32		duration;		/* seconds; 0 without FACT_DURATION */
	int32		rating;			/* 0 without FACT_RATING */
	int			intent_length;	/* 0 when there is none */
	const char *intent;
	int128		cost;			/* 0 without FACT_COST and FACT_LONG_COST, which facts_pack() sets as it is */
} CallFacts;

#ifdef WORDS_BIGENDIAN
#define facts_order16(n) pg_bswap16(n)
#define facts_order32(n) pg_bswap32(n)
#define facts_order64(n) pg_bswap64(n)
#else
#define facts_order16(n) (n)
#define facts_order32(n) (n)
#define facts_order64(n) (n)
#endif

/* Reads a stored form, which is whole; the intent stays where it is. */
static inline void
facts_read(const char *data, int length, CallFacts *facts)
{
	uint32		head,
				duration;
	uint64		start;
	int			at = FACTS_FIXED;

	memcpy(&head, data, sizeof(head));
	memcpy(&start, data + 4, sizeof(start));
	memcpy(&duration, data + 12, sizeof(duration));
	facts->bits = facts_order32(head) >> 8;
	facts->started_at = (TimestampTz) facts_order64(start);
	facts->duration = (int32) facts_order32(duration);
	facts->cost = 0;
	facts->rating = 0;
	if (facts->bits & FACT_COST)
	{
		uint64		cost;

		memcpy(&cost, data + at, sizeof(cost));
		facts->cost = (int128) (int64) facts_order64(cost) * FACTS_SHORT_COST;
		at += sizeof(cost);
	}
	else if (unlikely(facts->bits & FACT_LONG_COST))
	{
		uint64		low,
					high;

		memcpy(&low, data + at, sizeof(low));
		memcpy(&high, data + at + sizeof(low), sizeof(high));
		facts->cost = (int128) (((uint128) facts_order64(high) << 64) | facts_order64(low));
		at += sizeof(low) + sizeof(high);
	}
	if (facts->bits & FACT_RATING)
	{
		uint16		rating;

		memcpy(&rating, data + at, sizeof(rating));
		facts->rating = (int16) facts_order16(rating);
		at += sizeof(rating);
	}
	facts->intent = data + at;
	facts->intent_length = length - at;
}

/* Gives the stored form. */
extern struct varlena *facts_pack(const CallFacts *facts);

/* Reads a stored form that may be anything; gives the reason when it is not one that facts_pack() makes, else NULL. */
extern const char *facts_parse(const char *data, Size length, CallFacts *facts);

/* Gives a cost in units, rounded half away from zero; false for NaN and infinities, 22003 from 10^12 dollars on. */
extern bool facts_cost_of(Datum numeric, int128 *cost);

/* Reads calls.status; false when it is none. */
extern bool facts_status_of(const char *name, int length, CallStatus *status);

extern const char *const facts_status_names[FACTS_STATUSES];
extern const char *const facts_tier_names[FACTS_TIERS];

#endif							/* CALLCENTER_FACTS_H */
