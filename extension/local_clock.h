/*
 * local_clock.h
 *		The wall clock of a time zone: offsets, hours, days and months, fast.
 */
#ifndef CALLCENTER_LOCAL_CLOCK_H
#define CALLCENTER_LOCAL_CLOCK_H

#include "local_time.h"

/* A time between two changes of a clock; half-open. */
typedef struct ClockRange
{
	TimestampTz from;
	TimestampTz until;
	int64		offset;			/* microseconds that the clock is ahead of UTC */
} ClockRange;

/* An hour, day or month of the clock; half-open. */
typedef struct ClockSpan
{
	TimestampTz from;
	TimestampTz until;
	DateADT		day;			/* the day, or the first of the month */
} ClockSpan;

typedef struct LocalClock
{
	pg_tz	   *zone;			/* the key */
	ClockRange *ranges;			/* without gaps, up to a far year */
	int			nranges;
	ClockRange *last;			/* the one that was used last */
	ClockSpan	hour;			/* the same; its day is not set */
	ClockSpan	day;
	ClockSpan	month;
} LocalClock;

/* Gives the clock of a zone; it stays for the life of the backend. */
extern LocalClock *clock_of(pg_tz *zone);

extern const ClockRange *clock_range(LocalClock *clock, TimestampTz at);

/* Gives the hour, 0 to 23, that the clock shows. */
static inline int
clock_hour(LocalClock *clock, TimestampTz at)
{
	const ClockRange *range = likely(at >= clock->last->from && at < clock->last->until) ? clock->last : clock_range(clock, at);
	int64		time = (at + range->offset) % USECS_PER_DAY;

	return (int) ((time < 0 ? time + USECS_PER_DAY : time) / USECS_PER_HOUR);
}

/*
 * Hours, days and months are pieces of time that follow each other without gaps, see local_hour_start(): an hour that a
 * clock shows twice is two of them, and every day and month begins with an hour.
 */
extern TimestampTz clock_hour_start(LocalClock *clock, TimestampTz at);
extern const ClockSpan *clock_day(LocalClock *clock, TimestampTz at);
extern const ClockSpan *clock_month(LocalClock *clock, TimestampTz at);

#endif							/* CALLCENTER_LOCAL_CLOCK_H */
