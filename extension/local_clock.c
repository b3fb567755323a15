/*
 * local_clock.c
 *		The wall clock of a time zone, fast enough to ask it for every row.
 *
 * PostgreSQL's own zone code is asked once for every change of the clock; then the hour that it shows is an addition.
 * What it knew is kept for the life of the backend, as PostgreSQL keeps the zone itself: newer time zone data needs new
 * connections, and rebuild_stats() where it changes the past.
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "local_clock.h"

/* Changes are known up to the start of 2200; after that the zone is asked each time. */
#define KNOWN_UNTIL			(73049 * USECS_PER_DAY)
#define EPOCH_SHIFT			((POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

static HTAB *clocks = NULL;

static TimestampTz
from_unix(pg_time_t t)
{
	return (TimestampTz) (t - EPOCH_SHIFT) * USECS_PER_SEC;
}

static pg_time_t
to_unix(TimestampTz t)
{
	return (pg_time_t) (t / USECS_PER_SEC - (t % USECS_PER_SEC < 0)) + EPOCH_SHIFT;
}

/* Finds the changes of a clock. */
static void
find_ranges(LocalClock *clock)
{
	pg_time_t	at = -((pg_time_t) 400 * 366 * SECS_PER_DAY);	/* before any clock was regulated */
	pg_time_t	boundary;
	long		before,
				after;
	int			before_dst,
				after_dst,
				space = 64;
	bool		more;

	clock->ranges = MemoryContextAlloc(TopMemoryContext, sizeof(ClockRange) * space);
	clock->nranges = 0;
	do
	{
		ClockRange *range = clock->nranges > 0 ? &clock->ranges[clock->nranges - 1] : NULL;

		before = 0;
		more = pg_next_dst_boundary(&at, &before, &before_dst, &boundary, &after, &after_dst, clock->zone) > 0 &&
			from_unix(boundary) < KNOWN_UNTIL;
		if (range != NULL && range->offset == before * USECS_PER_SEC)
			range->until = more ? from_unix(boundary) : KNOWN_UNTIL;
		else
		{
			if (clock->nranges == space)
			{
				space *= 2;
				clock->ranges = repalloc(clock->ranges, sizeof(ClockRange) * space);
			}
			range = &clock->ranges[clock->nranges++];
			range->from = clock->nranges == 1 ? DT_NOBEGIN : range[-1].until;
			range->until = more ? from_unix(boundary) : KNOWN_UNTIL;
			range->offset = before * USECS_PER_SEC;
		}
		at = boundary;
	} while (more);
	clock->last = clock->ranges;
}

LocalClock *
clock_of(pg_tz *zone)
{
	LocalClock *clock;
	bool		found;

	if (clocks == NULL)
	{
		HASHCTL		ctl = {.keysize = sizeof(pg_tz *),.entrysize = sizeof(LocalClock)};

		clocks = hash_create("callcenter clocks", 16, &ctl, HASH_ELEM | HASH_BLOBS);
	}
	clock = hash_search(clocks, &zone, HASH_FIND, NULL);
	if (clock == NULL)
	{
		LocalClock	made = {.zone = zone};

		find_ranges(&made);
		clock = hash_search(clocks, &zone, HASH_ENTER, &found);
		*clock = made;
	}
	return clock;
}

/* Gives the range that an instant is in, which is not the one that was used last. */
const ClockRange *
clock_range(LocalClock *clock, TimestampTz at)
{
	static ClockRange far;
	int			low = 0,
				high = clock->nranges - 1;

	if (unlikely(at >= KNOWN_UNTIL))
	{
		pg_time_t	t = to_unix(at);
		struct pg_tm *tm = pg_localtime(&t, clock->zone);

		far.from = DT_NOBEGIN;
		far.until = DT_NOEND;
		far.offset = tm->tm_gmtoff * USECS_PER_SEC;
		return &far;
	}
	while (low < high)
	{
		int			middle = (low + high + 1) / 2;

		if (clock->ranges[middle].from <= at)
			low = middle;
		else
			high = middle - 1;
	}
	clock->last = &clock->ranges[low];
	return clock->last;
}

TimestampTz
clock_hour_start(LocalClock *clock, TimestampTz at)
{
	if (unlikely(at < clock->hour.from || at >= clock->hour.until))
	{
		clock->hour.from = local_hour_start(at, clock->zone);
		clock->hour.until = local_hour_end(at, clock->zone);
	}
	return clock->hour.from;
}

const ClockSpan *
clock_day(LocalClock *clock, TimestampTz at)
{
	ClockSpan  *span = &clock->day;

	if (likely(at >= span->from && at < span->until))
		return span;
	span->day = local_date(at, clock->zone);
	span->from = local_day_start(span->day, clock->zone);
	span->until = local_day_start(span->day + 1, clock->zone);

	/* where a clock is put back over midnight, its date goes back too, but a day stays one piece of time */
	for (; at < span->from; span->day--)
	{
		span->until = span->from;
		span->from = local_day_start(span->day - 1, clock->zone);
	}
	for (; at >= span->until; span->day++)
	{
		span->from = span->until;
		span->until = local_day_start(span->day + 2, clock->zone);
	}
	return span;
}

const ClockSpan *
clock_month(LocalClock *clock, TimestampTz at)
{
	ClockSpan  *span = &clock->month;
	DateADT		day;
	int			y,
				m,
				d;

	if (likely(at >= span->from && at < span->until))
		return span;
	day = clock_day(clock, at)->day;
	j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	span->day = day - (d - 1);
	span->from = local_day_start(span->day, clock->zone);
	span->until = local_day_start(date2j(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1) - POSTGRES_EPOCH_JDATE, clock->zone);
	return span;
}
