/*
 * rollup_read.c
 *		Reads what a company's calls add up to: any period, from the rollups and the changes that are not folded yet.
 *
 * A period is months, days at both ends of them, hours at both ends of the days, and calls at both ends of the hours: a
 * few hundred rows at most, however many calls there are.  All of it is one statement, so it is of one snapshot.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/timestamp.h"

#include "errors.h"
#include "object_id.h"
#include "plans.h"
#include "rollups.h"

PG_FUNCTION_INFO_V1(cc_company_summary);

typedef const ClockSpan *(*SpanFinder) (LocalClock *clock, TimestampTz at);

/* Gives the start of the day or month that an instant is in, or with "up" that of the next one unless the instant is one. */
static TimestampTz
span_bound(LocalClock *clock, SpanFinder find, TimestampTz at, bool up)
{
	const ClockSpan *span;

	if (TIMESTAMP_NOT_FINITE(at))
		return at;
	span = find(clock, at);
	return up && span->from != at ? span->until : span->from;
}

/* The same of hours. */
static TimestampTz
hour_bound(LocalClock *clock, TimestampTz at, bool up)
{
	TimestampTz start;

	if (TIMESTAMP_NOT_FINITE(at))
		return at;
	start = clock_hour_start(clock, at);
	return up && start != at ? clock->hour.until : start;
}

#define CALLS_BETWEEN(start, end) \
	"SELECT callcenter.summarize($2, c.facts) AS summary FROM callcenter.calls c " \
	"WHERE c.company_id = $1 AND c.started_at >= " start " AND c.started_at < " end

#define ROLLUPS_BETWEEN(grain, start, end) \
	" UNION ALL SELECT r.summary FROM callcenter.call_rollups r " \
	"WHERE r.company_id = $1 AND r.grain = '" grain "' AND r.start >= " start " AND r.start < " end

const CallSummary *
rollups_between(Datum company, pg_tz *zone, TimestampTz start, TimestampTz end)
{
	/* $3 start, $4 hours from, $5 days from, $6 months from, $7 months to, $8 days to, $9 hours to, $10 end */
	static SavedPlan plan = {
		.sql = "SELECT callcenter.rollup(x.summary) FROM ("
		CALLS_BETWEEN("$3", "$4")
		" UNION ALL " CALLS_BETWEEN("$9", "$10")
		ROLLUPS_BETWEEN("hour", "$4", "$5")
		ROLLUPS_BETWEEN("day", "$5", "$6")
		ROLLUPS_BETWEEN("month", "$6", "$7")
		ROLLUPS_BETWEEN("day", "$7", "$8")
		ROLLUPS_BETWEEN("hour", "$8", "$9")
		" UNION ALL SELECT d.summary FROM callcenter.call_rollup_deltas d WHERE d.company_id = $1 AND d.hour >= $4 AND d.hour < $9"
		") x",
		.nargs = 10,
		.types = {TEXTOID, TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID,
		TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	LocalClock *clock = clock_of(zone);
	TimestampTz hours_from,
				hours_to,
				days_from,
				days_to,
				months_from,
				months_to;
	Datum		values[10];
	bool		isnull;

	if (start > end)
		end = start;
	hours_from = hour_bound(clock, start, true);
	hours_to = hour_bound(clock, end, false);
	/* without a whole hour inside, all of it is calls; without a whole day, hours only; without a whole month, days */
	if (hours_from >= hours_to)
		hours_from = hours_to = end;
	days_from = span_bound(clock, clock_day, hours_from, true);
	days_to = span_bound(clock, clock_day, hours_to, false);
	if (days_from >= days_to)
		days_from = days_to = hours_to;
	months_from = span_bound(clock, clock_month, days_from, true);
	months_to = span_bound(clock, clock_month, days_to, false);
	if (months_from >= months_to)
		months_from = months_to = days_to;

	values[0] = company;
	values[1] = CStringGetTextDatum(pg_get_timezone_name(zone));
	values[2] = TimestampTzGetDatum(start);
	values[3] = TimestampTzGetDatum(hours_from);
	values[4] = TimestampTzGetDatum(days_from);
	values[5] = TimestampTzGetDatum(months_from);
	values[6] = TimestampTzGetDatum(months_to);
	values[7] = TimestampTzGetDatum(days_to);
	values[8] = TimestampTzGetDatum(hours_to);
	values[9] = TimestampTzGetDatum(end);
	plan_run(&plan, values, NULL, true, 1);
	return summary_of_datum(plan_result(1, &isnull));
}

/* Gives the SQL of rollups_series() for a grain, with the columns that appended changes have for it. */
#define SERIES(grain, delta_start, delta_day) { \
	.sql = "SELECT x.start, x.day, callcenter.rollup(x.summary) FROM (" \
	"SELECT r.start, r.day, r.summary FROM callcenter.call_rollups r " \
	"WHERE r.company_id = $1 AND r.grain = '" grain "' AND r.start >= $2 AND r.start < $3 " \
	"UNION ALL SELECT " delta_start ", " delta_day ", d.summary FROM callcenter.call_rollup_deltas d " \
	"WHERE d.company_id = $1 AND " delta_start " >= $2 AND " delta_start " < $3" \
	") x GROUP BY x.start, x.day ORDER BY x.start", \
	.nargs = 3, \
	.types = {TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID}, \
}

Rollup *
rollups_series(Datum company, RollupGrain grain, TimestampTz start, TimestampTz end, int *count)
{
	static SavedPlan plans[] = {
		[GRAIN_HOUR] = SERIES("hour", "d.hour", "d.day"),
		[GRAIN_DAY] = SERIES("day", "d.day_start", "d.day"),
		[GRAIN_MONTH] = SERIES("month", "d.month_start", "d.month"),
	};
	Datum		values[] = {company, TimestampTzGetDatum(start), TimestampTzGetDatum(end)};
	int			rows = (int) plan_run(&plans[grain], values, NULL, true, 0);
	SPITupleTable *table = SPI_tuptable;
	Rollup	   *rollups = palloc_array(Rollup, rows + 1);

	*count = 0;
	for (int i = 0; i < rows; i++)
	{
		bool		isnull;
		Rollup	   *rollup = &rollups[*count];

		rollup->start = DatumGetTimestampTz(SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull));
		rollup->day = DatumGetDateADT(SPI_getbinval(table->vals[i], table->tupdesc, 2, &isnull));
		rollup->summary = summary_of_datum(SPI_getbinval(table->vals[i], table->tupdesc, 3, &isnull));
		/* what was folded and what is not may come to nothing */
		if (!summary_is_empty(rollup->summary))
			(*count)++;
	}
	return rollups;
}

/* company_summary(company_id object_id, start timestamptz, finish timestamptz) call_summary */
Datum
cc_company_summary(PG_FUNCTION_ARGS)
{
	static SavedPlan zone_of = {
		.sql = "SELECT co.time_zone FROM callcenter.companies co WHERE co.id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		company = PG_GETARG_DATUM(0);
	Datum		result;
	pg_tz	   *zone;
	bool		isnull;

	SPI_connect();
	if (plan_run(&zone_of, &company, NULL, true, 1) == 0)
		error_not_found("Company");
	zone = local_zone(TextDatumGetCString(plan_result(1, &isnull)));
	if (zone == NULL)
		zone = pg_tzset("UTC");
	result = PointerGetDatum(summary_store(rollups_between(company, zone, PG_GETARG_TIMESTAMPTZ(1), PG_GETARG_TIMESTAMPTZ(2))));
	result = SPI_datumTransfer(result, false, -1);
	SPI_finish();
	PG_RETURN_DATUM(result);
}
