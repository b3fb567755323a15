/*
 * analytics_series.c
 *		call_series(): a period hour by hour, or by days, weeks or months; call_heatmap(): hours of the week.
 *
 * Both add up to what call_analytics() says of the same period: the parts have no gaps and do not overlap, and what has not
 * begun yet is not there, so that a coming day is not taken for one without calls.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "analytics.h"
#include "api.h"
#include "csv.h"
#include "errors.h"
#include "json_text.h"

PG_FUNCTION_INFO_V1(cc_call_series);
PG_FUNCTION_INFO_V1(cc_call_heatmap);

/* More parts than this are of no use to anybody: three months of hours, ten years of days. */
#define DAYS_OF_HOURS_MAX	93
#define DAYS_OF_DAYS_MAX	3660

static const Field series_parameter_list[] = {
	PERIOD_PARAMETERS,
	COMPARISON_PARAMETERS,
	{"step", NULL, FIELD_TEXT, 0, 1, 20},
};

static const FieldTable series_parameters = {NULL, NULL, series_parameter_list, FIELD_TABLE_COUNT(series_parameter_list),.lenient = true};

static const Field heatmap_parameter_list[] = {
	PERIOD_PARAMETERS,
};

static const FieldTable heatmap_parameters = {NULL, NULL, heatmap_parameter_list, FIELD_TABLE_COUNT(heatmap_parameter_list),.lenient = true};

static const char *const step_names[] = {"hour", "day", "week", "month", NULL};

static const char *const weekdays[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

/* Chooses how a period is divided: as asked, else so that a chart of it has a few dozen points. */
static PeriodStep
choose_step(const Document *params, const Period *period)
{
	int			days = period->end - period->first;
	PeriodStep	step;

	if (!document_has(params, "step"))
		return days <= 2 ? STEP_HOUR : days < 120 ? STEP_DAY : days < 360 ? STEP_WEEK : STEP_MONTH;
	step = parameter_choice(params, "step", step_names);
	if (step == STEP_HOUR && days > DAYS_OF_HOURS_MAX)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "step", "can be hour for at most %d days", DAYS_OF_HOURS_MAX);
	if (step == STEP_DAY && days > DAYS_OF_DAYS_MAX)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "step", "can be day for at most %d days", DAYS_OF_DAYS_MAX);
	return step;
}

/* Writes the parts of a period. */
static void
write_points(StringInfo out, const Identity *identity, const Company *company, const Period *period, PeriodStep step)
{
	int			count;
	Part	   *parts = analytics_parts(identity, company, period, step, &count);

	json_key(out, "points");
	appendStringInfoChar(out, '[');
	for (int i = 0; i < count; i++)
	{
		Totals		totals;

		totals_of(&totals, parts[i].calls, company);
		json_item(out);
		appendStringInfoChar(out, '{');
		json_key(out, "start");
		json_timestamp(out, parts[i].start);
		json_key(out, "end");
		json_timestamp(out, parts[i].end);
		json_key(out, "date");
		json_date(out, local_date(parts[i].start, company->time_zone));
		if (step == STEP_HOUR)
		{
			json_key(out, "hour");
			json_int(out, local_time_of_day(parts[i].start, company->time_zone) / USECS_PER_HOUR);
		}
		json_key(out, "isComplete");
		json_bool(out, parts[i].end <= period->until);
		for (int f = 0; f < analytics_figure_count; f++)
		{
			if (!analytics_figures[f].in_series)
				continue;
			json_key(out, analytics_figures[f].key);
			analytics_write_figure(out, &analytics_figures[f], &totals);
		}
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}

/* call_series(company_id object_id, params jsonb, token text) json: a period by its parts, with what it is compared with. */
Datum
cc_call_series(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_READ);
	const Company *company = company_get(identity->company_id);
	Document   *params = document_read(&series_parameters, api_document(fcinfo, 1, "parameters"), DOCUMENT_PARAMS);
	TimestampTz as_of = period_as_of(params);
	Period		period,
				comparison;
	PeriodStep	step;
	bool		is_compared;
	StringInfoData out;

	period_read(&period, params, company, as_of);
	step = choose_step(params, &period);
	is_compared = period_compared(&comparison, &period, params, company, as_of);

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"period\":");
	json_cstring(&out, period.name);
	json_key(&out, "step");
	json_cstring(&out, step_names[step]);
	analytics_write_answer_period(&out, &period, company, as_of);
	write_points(&out, identity, company, &period, step);
	json_key(&out, "comparison");
	if (is_compared)
	{
		appendStringInfoChar(&out, '{');
		analytics_write_period(&out, &comparison);
		write_points(&out, identity, company, &comparison, step);
		appendStringInfoChar(&out, '}');
	}
	else
		appendStringInfoString(&out, "null");
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}

/* Calls of a weekday by hours of the clock. */
typedef struct WeekdayCalls
{
	int			days;			/* how many such days of the period have begun */
	int64		calls;
	int64		hours[SUMMARY_HOURS];
	int64		booked[SUMMARY_HOURS];
} WeekdayCalls;

/* Writes counts by hour. */
static void
write_hours(StringInfo out, const char *key, const int64 *hours)
{
	json_key(out, key);
	appendStringInfoChar(out, '[');
	for (int i = 0; i < SUMMARY_HOURS; i++)
	{
		json_item(out);
		json_int(out, hours[i]);
	}
	appendStringInfoChar(out, ']');
}

/* Adds up the days of a period by weekday, Monday first. */
static void
add_weekdays(WeekdayCalls *week, const Identity *identity, const Company *company, const Period *period)
{
	int			count;
	Part	   *parts = analytics_parts(identity, company, period, STEP_DAY, &count);

	for (int i = 0; i < count; i++)
	{
		WeekdayCalls *weekday = &week[(j2day(parts[i].day + POSTGRES_EPOCH_JDATE) + 6) % 7];

		weekday->days++;
		weekday->calls += summary_calls(parts[i].calls);
		for (int hour = 0; hour < SUMMARY_HOURS; hour++)
		{
			weekday->hours[hour] += parts[i].calls->counts[COUNT_HOUR + hour];
			weekday->booked[hour] += parts[i].calls->counts[COUNT_HOUR_BOOKED + hour];
		}
	}
}

/* Writes the hour of the week with most calls; null when there are none. */
static void
write_busiest(StringInfo out, const WeekdayCalls *week)
{
	int			weekday = 0,
				hour = 0;

	for (int i = 0; i < 7 * SUMMARY_HOURS; i++)
	{
		if (week[i / SUMMARY_HOURS].hours[i % SUMMARY_HOURS] > week[weekday].hours[hour])
		{
			weekday = i / SUMMARY_HOURS;
			hour = i % SUMMARY_HOURS;
		}
	}
	json_key(out, "busiest");
	if (week[weekday].hours[hour] == 0)
	{
		appendStringInfoString(out, "null");
		return;
	}
	appendStringInfoString(out, "{\"weekday\":");
	json_cstring(out, weekdays[weekday]);
	json_key(out, "hour");
	json_int(out, hour);
	json_key(out, "calls");
	json_int(out, week[weekday].hours[hour]);
	appendStringInfoChar(out, '}');
}

/* call_heatmap(company_id object_id, params jsonb, token text) json: when people call, by weekday and hour of the clock. */
Datum
cc_call_heatmap(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_READ);
	const Company *company = company_get(identity->company_id);
	Document   *params = document_read(&heatmap_parameters, api_document(fcinfo, 1, "parameters"), DOCUMENT_PARAMS);
	TimestampTz as_of = period_as_of(params);
	WeekdayCalls week[7] = {0};
	Period		period;
	int64		total = 0;
	StringInfoData out;

	period_read(&period, params, company, as_of);
	add_weekdays(week, identity, company, &period);

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"period\":");
	json_cstring(&out, period.name);
	analytics_write_answer_period(&out, &period, company, as_of);
	json_key(&out, "weekdays");
	appendStringInfoChar(&out, '[');
	for (int i = 0; i < 7; i++)
	{
		int			weekday = (company->week_start - 1 + i) % 7;

		total += week[weekday].calls;
		json_item(&out);
		appendStringInfoString(&out, "{\"weekday\":");
		json_cstring(&out, weekdays[weekday]);
		json_key(&out, "days");
		json_int(&out, week[weekday].days);
		json_key(&out, "totalCalls");
		json_int(&out, week[weekday].calls);
		write_hours(&out, "calls", week[weekday].hours);
		write_hours(&out, "bookedCalls", week[weekday].booked);
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, ']');
	json_key(&out, "totalCalls");
	json_int(&out, total);
	write_busiest(&out, week);
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}

/*
 * Section: CSV
 */

/* Writes a time without quotes. */
static void
csv_timestamp(StringInfo out, TimestampTz at)
{
	StringInfoData text;

	initStringInfo(&text);
	json_timestamp(&text, at);
	appendBinaryStringInfo(out, text.data + 1, text.len - 2);
	appendStringInfoChar(out, ',');
}

void
analytics_write_series_csv(StringInfo out, const Identity *identity, const Company *company, Jsonb *input)
{
	Document   *params = document_read(&series_parameters, input, DOCUMENT_PARAMS);
	TimestampTz as_of = period_as_of(params);
	Period		period;
	PeriodStep	step;
	Part	   *parts;
	int			count;

	period_read(&period, params, company, as_of);
	step = choose_step(params, &period);
	parts = analytics_parts(identity, company, &period, step, &count);

	appendStringInfoString(out, "Start,End,Local time");
	for (int f = 0; f < analytics_figure_count; f++)
	{
		if (!analytics_figures[f].in_series)
			continue;
		appendStringInfoChar(out, ',');
		analytics_write_heading(out, analytics_figures[f].key);
	}
	csv_end(out);
	for (int i = 0; i < count; i++)
	{
		Totals		totals;
		StringInfoData date;

		totals_of(&totals, parts[i].calls, company);
		csv_timestamp(out, parts[i].start);
		csv_timestamp(out, parts[i].end);
		initStringInfo(&date);
		json_date(&date, local_date(parts[i].start, company->time_zone));
		appendBinaryStringInfo(out, date.data + 1, date.len - 2);
		if (step == STEP_HOUR)
		{
			int64		minutes = local_time_of_day(parts[i].start, company->time_zone) / USECS_PER_MINUTE;

			appendStringInfo(out, " %02d:%02d", (int) (minutes / 60), (int) (minutes % 60));
		}
		for (int f = 0; f < analytics_figure_count; f++)
		{
			StringInfoData value;

			if (!analytics_figures[f].in_series)
				continue;
			initStringInfo(&value);
			analytics_write_figure(&value, &analytics_figures[f], &totals);
			appendStringInfo(out, ",%s", strcmp(value.data, "null") == 0 ? "" : value.data);
		}
		csv_end(out);
	}
}

void
analytics_write_heatmap_csv(StringInfo out, const Identity *identity, const Company *company, Jsonb *input)
{
	Document   *params = document_read(&heatmap_parameters, input, DOCUMENT_PARAMS);
	TimestampTz as_of = period_as_of(params);
	WeekdayCalls week[7] = {0};
	Period		period;

	period_read(&period, params, company, as_of);
	add_weekdays(week, identity, company, &period);
	appendStringInfoString(out, "Weekday,Days,Total calls");
	for (int hour = 0; hour < SUMMARY_HOURS; hour++)
		appendStringInfo(out, ",%02d:00", hour);
	csv_end(out);
	for (int i = 0; i < 7; i++)
	{
		const WeekdayCalls *weekday = &week[(company->week_start - 1 + i) % 7];

		appendStringInfo(out, "%s,%d," INT64_FORMAT, weekdays[weekday - week], weekday->days, weekday->calls);
		for (int hour = 0; hour < SUMMARY_HOURS; hour++)
			appendStringInfo(out, "," INT64_FORMAT, weekday->hours[hour]);
		csv_end(out);
	}
}
