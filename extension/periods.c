/*
 * periods.c
 *		Calendar periods of a company: today, this week, month and year, or from one date to another.
 *
 * Rules
 * - A period is whole local dates.  It begins where its first date begins in the company's zone and ends where the date
 *	 behind its last one begins, so a day has 23, 24 or 25 hours (Lord Howe: 23.5 and 24.5), and none where a calendar
 *	 left it out.  Nothing is found by truncating an instant, which is an hour wrong where a day has two midnights.
 * - What has passed of a period ends at "as of", which is now unless the caller names another instant.
 * - The comparison is the period of the same name before (yesterday, last week, last month, last year), for dates the
 *	 same number of days just before; or the same dates a year earlier.  On the same weekdays it is whole weeks earlier
 *	 instead, as few as do not overlap, or 52.  Only the same part of it counts as has passed of the period: as many
 *	 whole days, and up to the same reading of the clock.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "errors.h"
#include "periods.h"

/* A range longer than this is a mistake. */
#define PERIOD_DAYS_MAX 36600

/* Years that a period may lie in: what it is compared with, and where it ends, can be written with four digits too. */
#define PERIOD_YEAR_FIRST 1000
#define PERIOD_YEAR_LAST 9998

static const char *const period_names[] = {"week", "today", "month", "year", "custom", NULL};
static const char *const comparisons[] = {"previous", "year", "none", NULL};
static const char *const matches[] = {"date", "weekday", NULL};

int
parameter_choice(const Document *params, const char *path, const char *const *words)
{
	text	   *value = document_text(params, path);
	StringInfoData all;

	if (value == NULL)
		return 0;
	initStringInfo(&all);
	for (int i = 0; words[i] != NULL; i++)
	{
		if (strcmp(text_to_cstring(value), words[i]) == 0)
			return i;
		appendStringInfo(&all, "%s%s", i > 0 ? ", " : "", words[i]);
	}
	error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must be one of: %s", all.data);
}

TimestampTz
period_as_of(const Document *params)
{
	if (document_has(params, "asOf"))
		return DatumGetTimestampTz(document_get(params, "asOf"));
	return GetCurrentTransactionStartTimestamp();
}

/* Gives the first day of the week, month or year that a day lies in. */
static DateADT
unit_start(DateADT day, const char *unit, const Company *company)
{
	int			y,
				m,
				d;

	if (strcmp(unit, "week") == 0)
		/* j2day: 0 is Sunday; week_start: 7 is Sunday */
		return day - (j2day(day + POSTGRES_EPOCH_JDATE) - company->week_start + 7) % 7;
	j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	if (strcmp(unit, "month") == 0)
		return date2j(y, m, 1) - POSTGRES_EPOCH_JDATE;
	if (strcmp(unit, "year") == 0)
		return date2j(y, 1, 1) - POSTGRES_EPOCH_JDATE;
	return day;
}

/* Gives the first day of the unit behind, or with forward false before, the one that begins on a day. */
static DateADT
unit_next(DateADT start, const char *unit, bool forward)
{
	int			y,
				m,
				d;

	if (strcmp(unit, "week") == 0)
		return start + (forward ? 7 : -7);
	j2date(start + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	if (strcmp(unit, "month") == 0)
	{
		m += forward ? 1 : -1;
		y += m > 12 ? 1 : m < 1 ? -1 : 0;
		m = m > 12 ? 1 : m < 1 ? 12 : m;
		return date2j(y, m, 1) - POSTGRES_EPOCH_JDATE;
	}
	if (strcmp(unit, "year") == 0)
		return date2j(y + (forward ? 1 : -1), 1, 1) - POSTGRES_EPOCH_JDATE;
	return start + (forward ? 1 : -1);
}

/*
 * Gives the date a year earlier.  Without such a date, a 29th of February is the 28th as the first day of a period and
 * the 1st of March as the day behind its last, so that the period keeps its days.
 */
static DateADT
year_earlier(DateADT day, bool is_end)
{
	int			y,
				m,
				d;

	j2date(day + POSTGRES_EPOCH_JDATE, &y, &m, &d);
	if (m == 2 && d == 29)
		return date2j(y - 1, 2, 28) + (is_end ? 1 : 0) - POSTGRES_EPOCH_JDATE;
	return date2j(y - 1, m, d) - POSTGRES_EPOCH_JDATE;
}

/* Refuses a period of years that are far away; a parameter named it. */
static void
check_years(DateADT first, DateADT end, const char *first_path, const char *last_path)
{
	bool		early = first < date2j(PERIOD_YEAR_FIRST, 1, 1) - POSTGRES_EPOCH_JDATE;

	if (early || end > date2j(PERIOD_YEAR_LAST + 1, 1, 1) - POSTGRES_EPOCH_JDATE)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, early ? first_path : last_path, "must be in the years %d to %d", PERIOD_YEAR_FIRST,
					PERIOD_YEAR_LAST);
}

/* Finds the instants of a period's days. */
static void
set_days(Period *period, DateADT first, DateADT end, const Company *company)
{
	period->first = first;
	period->end = end;
	period->start = local_day_start(first, company->time_zone);
	period->finish = local_day_start(end, company->time_zone);
}

/* Gives the parameter that names an end of a period, which has the name that it has in lists, too; NULL when none does. */
static const char *
end_path(const Document *params, const char *path, const char *name_in_lists)
{
	if (!document_has(params, name_in_lists))
		return document_has(params, path) ? path : NULL;
	if (document_has(params, path))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, name_in_lists, "cannot be used together with %s, which is the same", path);
	return name_in_lists;
}

void
period_read(Period *period, const Document *params, const Company *company, TimestampTz as_of)
{
	const char *from = end_path(params, "from", "startDate");
	const char *to = end_path(params, "to", "endDate");
	DateADT		first,
				end;

	period->name = period_names[parameter_choice(params, "period", period_names)];
	if ((from != NULL || to != NULL) && document_has(params, "period") && strcmp(period->name, "custom") != 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "period", "cannot be used together with %s and %s, unless it is custom",
					from != NULL ? from : "from", to != NULL ? to : "to");
	if (from != NULL || to != NULL || strcmp(period->name, "custom") == 0)
	{
		period->name = "custom";
		if (from == NULL)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, to != NULL && strcmp(to, "endDate") == 0 ? "startDate" : "from",
						"is required: a period of dates has from and to, its first and its last day");
		if (to == NULL)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, strcmp(from, "startDate") == 0 ? "endDate" : "to",
						"is required: a period of dates has from and to, its first and its last day");
		first = DatumGetDateADT(document_get(params, from));
		end = DatumGetDateADT(document_get(params, to)) + 1;
		if (end <= first)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, to, "must not be before %s", from);
		if (end - first > PERIOD_DAYS_MAX)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, to, "must be within %d days from \"%s\" on", PERIOD_DAYS_MAX, from);
		check_years(first, end, from, to);
	}
	else
	{
		first = unit_start(local_date(as_of, company->time_zone), period->name, company);
		end = unit_next(first, period->name, true);
		check_years(first, end, "asOf", "asOf");
	}
	set_days(period, first, end, company);
	period->until = Max(period->start, Min(period->finish, as_of));
}

/* Finds the part of the comparison that is compared, and ends it there. */
static void
set_same_part(Period *comparison, const Period *period, const Company *company, TimestampTz as_of)
{
	int			days;

	if (as_of <= period->start)
		comparison->until = comparison->start;
	else if (as_of >= period->finish)
		comparison->until = comparison->finish;
	else
	{
		days = local_date(as_of, company->time_zone) - period->first;
		if (comparison->first + days >= comparison->end)
			comparison->until = comparison->finish;
		else
			comparison->until = local_clock(comparison->first + days, local_time_of_day(as_of, company->time_zone), company->time_zone);
	}
}

bool
period_compared(Period *comparison, const Period *period, const Document *params, const Company *company, TimestampTz as_of)
{
	const char *with = comparisons[parameter_choice(params, "compare", comparisons)];
	bool		same_weekdays = parameter_choice(params, "match", matches) == 1;
	int			days = period->end - period->first;
	DateADT		first,
				end;

	if (strcmp(with, "none") == 0)
		return false;
	comparison->name = period->name;
	if (same_weekdays)
	{
		int			weeks = (days + 6) / 7;

		if (strcmp(with, "year") == 0)
			weeks = Max(weeks, 52);
		first = period->first - 7 * weeks;
		end = first + days;
	}
	else if (strcmp(with, "year") == 0)
	{
		first = year_earlier(period->first, false);
		end = year_earlier(period->end, true);
	}
	else if (strcmp(period->name, "custom") == 0)
	{
		first = period->first - days;
		end = period->first;
	}
	else
	{
		first = unit_next(period->first, period->name, false);
		end = period->first;
	}
	set_days(comparison, first, end, company);
	set_same_part(comparison, period, company, as_of);
	return true;
}

TimestampTz
period_step_end(const Period *period, PeriodStep step, const Company *company, TimestampTz start, DateADT *day)
{
	static const char *const units[] = {NULL, "day", "week", "month"};
	TimestampTz end;

	if (step == STEP_HOUR)
	{
		end = Min(local_hour_end(start, company->time_zone), period->finish);
		*day = local_date(end, company->time_zone);
		return end;
	}
	/* a day that a calendar left out has no length */
	*day = Min(unit_next(unit_start(*day, units[step], company), units[step], true), period->end);
	return local_day_start(*day, company->time_zone);
}
