/*
 * local_time.c
 *		Days and hours of a company, and the reading of dates and times from documents.
 *
 * A day begins at its first instant.  Where clocks go back over midnight (America/Havana) a day has two midnights, and
 * PostgreSQL's own conversion takes the second; where they go forward over midnight it has none, and begins at one.
 *
 * Times in documents are ISO 8601 with an offset; nothing depends on DateStyle or TimeZone.
 */
#include "postgres.h"

#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "local_time.h"

/* Gives the zone of an IANA name, or NULL when there is none, or when it is not a name but a POSIX rule. */
pg_tz *
local_zone(const char *name)
{
	pg_tz	   *zone = pg_tzset(name);

	if (zone == NULL || !pg_tz_acceptable(zone))
		return NULL;
	if (strcmp(name, "UTC") != 0 && (strchr(name, '/') == NULL || strpbrk(name, ",<>") != NULL))
		return NULL;
	return zone;
}

/* Gives the date that a calendar in the zone shows at an instant. */
DateADT
local_date(TimestampTz at, pg_tz *zone)
{
	struct pg_tm tm;
	fsec_t		fsec;
	int			offset;

	if (timestamp2tm(at, &offset, &tm, &fsec, NULL, zone) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	return date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - POSTGRES_EPOCH_JDATE;
}

/* Gives the first instant of a day in the zone. */
TimestampTz
local_day_start(DateADT day, pg_tz *zone)
{
	struct pg_tm tm = {0};
	int			offset;
	TimestampTz start;

	j2date(day + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	offset = DetermineTimeZoneOffset(&tm, zone);
	start = (TimestampTz) day * USECS_PER_DAY + (TimestampTz) offset * USECS_PER_SEC;

	/* the second of two midnights: step back to the first; no shift of a zone is over two hours or finer than 30 minutes */
	for (int i = 4; i > 0; i--)
	{
		TimestampTz earlier = start - i * 30 * USECS_PER_MINUTE;

		if (local_date(earlier, zone) == day && local_date(earlier - 1, zone) != day)
			return earlier;
	}
	return start;
}

/* Gives the clock's distance from UTC at an instant, and the instant behind it at which that changes (DT_NOEND: never). */
static TimestampTz
offset_until(TimestampTz at, pg_tz *zone, int64 *offset)
{
	int64		seconds = at / USECS_PER_SEC - (at % USECS_PER_SEC < 0);
	pg_time_t	time = (pg_time_t) (seconds + (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY);
	pg_time_t	change;
	long		before,
				after;
	int			before_isdst,
				after_isdst;
	int			found = pg_next_dst_boundary(&time, &before, &before_isdst, &change, &after, &after_isdst, zone);

	if (found < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp out of range")));
	*offset = before * USECS_PER_SEC;
	if (found == 0)
		return DT_NOEND;
	return (TimestampTz) (change - (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) * USECS_PER_SEC;
}

/* Rounds a clock's reading down to the hour. */
static int64
whole_hour(int64 clock)
{
	int64		rest = clock % USECS_PER_HOUR;

	return clock - rest - (rest < 0 ? USECS_PER_HOUR : 0);
}

/* Gives the start of the hour behind the one that an instant lies in. */
TimestampTz
local_hour_end(TimestampTz at, pg_tz *zone)
{
	int64		offset;
	TimestampTz change = offset_until(at, zone, &offset);
	int64		hour = whole_hour(at + offset);

	for (;;)
	{
		TimestampTz end = hour + USECS_PER_HOUR - offset;

		if (end < change)
			return end;
		/* the clock is set: to another hour, to the full one (again), or within the hour, which goes on */
		at = change;
		change = offset_until(at, zone, &offset);
		if (whole_hour(at + offset) != hour || at + offset == hour)
			return at;
	}
}

/*
 * Gives the start of the hour that an instant lies in.  An hour begins where the clock shows a full one, and where the
 * clock is set to another date or hour: so the day on which New York's clocks go back has 25 hours, one o'clock twice,
 * and Lord Howe's has 24, one of them of 90 minutes.
 */
TimestampTz
local_hour_start(TimestampTz at, pg_tz *zone)
{
	int64		offset;
	TimestampTz start;

	(void) offset_until(at, zone, &offset);
	/* no later than the hour's start if the clock was not set in it; two hours more than any clock is set by */
	start = local_hour_end(whole_hour(at + offset) - offset - 3 * USECS_PER_HOUR - 1, zone);
	for (;;)
	{
		TimestampTz end = local_hour_end(start, zone);

		if (end > at)
			return start;
		start = end;
	}
}

/*
 * Gives the first instant of a day at which its clock shows a time (microseconds from midnight) or a later one; the end of
 * the day when there is none.
 */
TimestampTz
local_clock(DateADT day, int64 time, pg_tz *zone)
{
	TimestampTz at = local_day_start(day, zone);
	TimestampTz end = local_day_start(day + 1, zone);
	int64		wanted = (int64) day * USECS_PER_DAY + time;

	while (at < end)
	{
		int64		offset;
		TimestampTz change = offset_until(at, zone, &offset);

		if (wanted - offset <= at)
			return at;
		if (wanted - offset < change)
			return Min(wanted - offset, end);
		at = change;
	}
	return end;
}

/* Gives what the clock shows at an instant, in microseconds from midnight. */
int64
local_time_of_day(TimestampTz at, pg_tz *zone)
{
	int64		offset;
	int64		time;

	(void) offset_until(at, zone, &offset);
	time = (at + offset) % USECS_PER_DAY;
	return time < 0 ? time + USECS_PER_DAY : time;
}

/* Reads exactly n digits, or fails. */
static bool
digits(const char **p, const char *end, int n, int *value)
{
	*value = 0;
	for (int i = 0; i < n; i++, (*p)++)
	{
		if (*p >= end || **p < '0' || **p > '9')
			return false;
		*value = *value * 10 + (**p - '0');
	}
	return true;
}

/* Reads one given character, or fails. */
static bool
literal(const char **p, const char *end, char c)
{
	if (*p >= end || **p != c)
		return false;
	(*p)++;
	return true;
}

/* Reads YYYY-MM-DD of an existing day. */
static bool
calendar_day(const char **p, const char *end, DateADT *day)
{
	int			y,
				m,
				d;

	if (!digits(p, end, 4, &y) || !literal(p, end, '-') || !digits(p, end, 2, &m) || !literal(p, end, '-') || !digits(p, end, 2, &d))
		return false;
	if (y < 1 || m < 1 || m > 12 || d < 1 || d > day_tab[isleap(y)][m - 1])
		return false;
	*day = date2j(y, m, d) - POSTGRES_EPOCH_JDATE;
	return true;
}

/* Reads a time of day with an offset, "T14:30:00.123Z" or "T14:30-05:00", as microseconds from midnight UTC. */
static bool
time_of_day(const char **p, const char *end, int64 *microseconds)
{
	int			hour,
				minute,
				second = 0,
				fraction = 0,
				offset_hour = 0,
				offset_minute = 0,
				sign;

	if (*p >= end || (**p != 'T' && **p != 't' && **p != ' '))
		return false;
	(*p)++;
	if (!digits(p, end, 2, &hour) || !literal(p, end, ':') || !digits(p, end, 2, &minute))
		return false;
	if (literal(p, end, ':'))
	{
		if (!digits(p, end, 2, &second))
			return false;
		if (literal(p, end, '.'))
		{
			int			scale = 100000;

			if (*p >= end || **p < '0' || **p > '9')
				return false;
			for (; *p < end && **p >= '0' && **p <= '9'; (*p)++, scale /= 10)
				fraction += (**p - '0') * scale;
		}
	}
	if (hour > 23 || minute > 59 || second > 60)
		return false;

	if (literal(p, end, 'Z') || literal(p, end, 'z'))
		sign = 0;
	else
	{
		sign = literal(p, end, '+') ? 1 : literal(p, end, '-') ? -1 : 0;
		if (sign == 0 || !digits(p, end, 2, &offset_hour))
			return false;
		if (*p < end)
		{
			literal(p, end, ':');
			if (!digits(p, end, 2, &offset_minute))
				return false;
		}
		if (offset_hour > 15 || offset_minute > 59)
			return false;
	}
	*microseconds = (((hour * INT64CONST(60) + minute) - sign * (offset_hour * 60 + offset_minute)) * 60 + second) * USECS_PER_SEC + fraction;
	return true;
}

/* Reads a date; of a date with a time, its date as written. */
bool
parse_date(const char *s, size_t length, DateADT *result)
{
	const char *p = s,
			   *end = s + length;
	int64		ignored;

	if (!calendar_day(&p, end, result))
		return false;
	return p == end || (time_of_day(&p, end, &ignored) && p == end);
}

/* Reads a date and time with an offset; its year in UTC has four digits too, so that it can be written as it is read. */
bool
parse_timestamp(const char *s, size_t length, TimestampTz *result)
{
	const char *p = s,
			   *end = s + length;
	DateADT		day;
	int64		microseconds;

	if (!calendar_day(&p, end, &day) || !time_of_day(&p, end, &microseconds) || p != end)
		return false;
	*result = (TimestampTz) day * USECS_PER_DAY + microseconds;
	return *result >= (date2j(1, 1, 1) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY &&
		*result < (date2j(10000, 1, 1) - POSTGRES_EPOCH_JDATE) * USECS_PER_DAY;
}
