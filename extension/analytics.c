/*
 * analytics.c
 *		call_analytics(): what the calls of a period add up to, and how that compares; export_analytics(): the same as CSV.
 *
 * The summary has the proposal's members under its names; each breakdown adds up to totalCalls.  What a call has not
 * (an intent, a tier) is counted under "none", which is there only when there are such calls.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "analytics.h"
#include "api.h"
#include "counters.h"
#include "csv.h"
#include "errors.h"
#include "json_text.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_call_analytics);
PG_FUNCTION_INFO_V1(cc_export_analytics);

/* Words that go with members which are not figures of the table. */
static const struct
{
	const char *key;
	const char *definition;
}			other_definitions[] = {
	{"intentBreakdown", "Calls by primary intent; \"none\" are those without one."},
	{"tierUsage", "Calls by routing tier; \"none\" are those without one."},
	{"outcomeBreakdown", "Calls by how they ended."},
	{"directionBreakdown", "Calls by who called whom."},
	{"duration", "Lengths in seconds of the calls whose length is known; percentiles are at most 1/128 of their value away."},
	{"cost", "Estimated cost of the language model in US dollars, of the calls whose cost is known; coverage is their share of all calls."},
	{"followUps", "Follow-ups that are open, or open behind their deadline, at the end of what has passed of the period, and those opened, resolved, and recovered by a booking in it."},
	{"period", "Whole days of the company's time zone, from the first to the last; what started before asOf is counted."},
	{"comparison", "The period before, or a year earlier, up to the same number of days and the same time of day."},
	{"change", "difference: the figure less that of the comparison; rate: the difference divided by that of the comparison; points: the difference of two rates in hundredths."},
};

static const Field parameter_list[] = {
	PERIOD_PARAMETERS,
	COMPARISON_PARAMETERS,
};

static const FieldTable parameters = {NULL, NULL, parameter_list, FIELD_TABLE_COUNT(parameter_list),.lenient = true};

/* What follow-ups did in a period. */
static const char *const follow_up_keys[] = {"open", "overdue", "opened", "resolved", "recovered"};

#define FOLLOW_UP_KEYS ((int) lengthof(follow_up_keys))

static const struct
{
	const char *key;
	double		share;
}			percentiles[] = {{"median", 0.5}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}};

/* A period with what is told of it. */
typedef struct Scope
{
	Period		period;
	Totals		totals;
	int64		follow_ups[FOLLOW_UP_KEYS];
} Scope;

/* What an answer tells of. */
typedef struct Analysis
{
	TimestampTz as_of;
	Scope		now;
	Scope		previous;
	const Scope *before;		/* the previous one, or NULL when nothing is compared */
} Analysis;

/* A part of the calls by what they have in common, in the period and in what it is compared with. */
typedef struct Slice
{
	const char *key;
	const SummaryIntent *intent;	/* of slices of intents, either period's */
	int64		calls;
	int64		booked;
	int64		previous_calls;
	int64		previous_booked;
} Slice;

typedef struct Slices
{
	int			count;
	Slice	   *slices;
} Slices;

/*
 * Section: reading
 */

/* Tells how follow-ups were when the passed part of the period ended, and what happened to them in it. */
static void
read_follow_ups(Scope *scope, const Identity *identity)
{
	FollowUpCounts start = counters_follow_ups_before(PointerGetDatum(identity->company), scope->period.start);
	FollowUpCounts end = counters_follow_ups_before(PointerGetDatum(identity->company), scope->period.until);

	scope->follow_ups[0] = end.opened - end.resolved;
	scope->follow_ups[1] = end.due - end.late;
	scope->follow_ups[2] = end.opened - start.opened;
	scope->follow_ups[3] = end.resolved - start.resolved;
	scope->follow_ups[4] = end.recovered - start.recovered;
}

/* Reads what is told of a period. */
static void
read_scope(Scope *scope, const Identity *identity, const Company *company)
{
	totals_of(&scope->totals, analytics_calls(identity, company, &scope->period), company);
	read_follow_ups(scope, identity);
}

/* Reads the periods that the parameters name, and what they add up to. */
static void
read_analysis(Analysis *analysis, const Identity *identity, const Company *company, Jsonb *input)
{
	Document   *params = document_read(&parameters, input, DOCUMENT_PARAMS);

	memset(analysis, 0, sizeof(*analysis));
	analysis->as_of = period_as_of(params);
	period_read(&analysis->now.period, params, company, analysis->as_of);
	if (period_compared(&analysis->previous.period, &analysis->now.period, params, company, analysis->as_of))
	{
		analysis->before = &analysis->previous;
		read_scope(&analysis->previous, identity, company);
	}
	read_scope(&analysis->now, identity, company);
}

/*
 * Section: slices
 */

/* Adds a slice. */
static Slice *
add_slice(Slices *slices, const char *key)
{
	if (slices->count % 32 == 0 && (slices->count & (slices->count - 1)) == 0)
		slices->slices = slices->count == 0 ? palloc_array(Slice, 32) :
			repalloc(slices->slices, slices->count * 2 * sizeof(Slice));
	slices->slices[slices->count] = (Slice) {.key = key};
	return &slices->slices[slices->count++];
}

/* Orders slices by name. */
static int
compare_keys(const void *a, const void *b)
{
	return strcmp(((const Slice *) a)->key, ((const Slice *) b)->key);
}

/* Makes one slice of those that have the same name. */
static void
merge_slices(Slices *slices)
{
	int			count = 0;

	if (slices->count == 0)
		return;
	qsort(slices->slices, slices->count, sizeof(Slice), compare_keys);
	for (int i = 1; i < slices->count; i++)
	{
		Slice	   *slice = &slices->slices[count];
		const Slice *next = &slices->slices[i];

		if (strcmp(slice->key, next->key) != 0)
		{
			slices->slices[++count] = *next;
			continue;
		}
		slice->calls += next->calls;
		slice->booked += next->booked;
		slice->previous_calls += next->previous_calls;
		slice->previous_booked += next->previous_booked;
	}
	slices->count = count + 1;
}

/* Orders slices by calls, then by name. */
static int
compare_slices(const void *a, const void *b)
{
	const Slice *left = a;
	const Slice *right = b;

	if (left->calls != right->calls)
		return left->calls > right->calls ? -1 : 1;
	if (left->previous_calls != right->previous_calls)
		return left->previous_calls > right->previous_calls ? -1 : 1;
	return strcmp(left->key, right->key);
}

/* Adds the intents of one of the two periods. */
static void
add_intents(Slices *slices, const CallSummary *calls, bool previous)
{
	for (int i = 0; i < calls->nintents; i++)
	{
		const SummaryIntent *intent = &calls->intents[i];
		Slice	   *slice;

		if (intent->counts[INTENT_CALLS] == 0)
			continue;
		slice = add_slice(slices, intent->length > 0 ? pnstrdup(intent->name, intent->length) : "none");
		*(previous ? &slice->previous_calls : &slice->calls) = intent->counts[INTENT_CALLS];
		*(previous ? &slice->previous_booked : &slice->booked) = intent->counts[INTENT_BOOKED];
		slice->intent = intent;
	}
}

static Slices
intent_slices(const Scope *now, const Scope *before)
{
	Slices		slices = {0};

	add_intents(&slices, now->totals.calls, false);
	if (before != NULL)
		add_intents(&slices, before->totals.calls, true);
	merge_slices(&slices);
	if (slices.count > 0)
		qsort(slices.slices, slices.count, sizeof(Slice), compare_slices);
	return slices;
}

/* Gives the tiers: 1 to 3 always, calls without one or with another when there are any. */
static Slices
tier_slices(const Scope *now, const Scope *before)
{
	static const struct
	{
		const char *key;
		int			slot;
		bool		always;
	}			tiers[] = {{"tier1", 1, true}, {"tier2", 2, true}, {"tier3", 3, true}, {"none", 0, false}, {"other", 4, false}};
	Slices		slices = {0};

	for (int i = 0; i < (int) lengthof(tiers); i++)
	{
		const int64 *counts = now->totals.calls->counts;
		const int64 *previous = before ? before->totals.calls->counts : NULL;
		int			slot = tiers[i].slot;
		Slice	   *slice;

		if (!tiers[i].always && counts[COUNT_TIER + slot] == 0 && (previous == NULL || previous[COUNT_TIER + slot] == 0))
			continue;
		slice = add_slice(&slices, tiers[i].key);
		slice->calls = counts[COUNT_TIER + slot];
		slice->booked = counts[COUNT_TIER_BOOKED + slot];
		slice->previous_calls = previous ? previous[COUNT_TIER + slot] : 0;
		slice->previous_booked = previous ? previous[COUNT_TIER_BOOKED + slot] : 0;
	}
	return slices;
}

/* Gives the outcomes that there were. */
static Slices
outcome_slices(const Scope *now, const Scope *before)
{
	Slices		slices = {0};

	for (int i = 0; i < FACTS_STATUSES; i++)
	{
		int64		calls = now->totals.calls->counts[COUNT_STATUS + i];
		int64		previous = before ? before->totals.calls->counts[COUNT_STATUS + i] : 0;
		Slice	   *slice;

		if (calls == 0 && previous == 0)
			continue;
		slice = add_slice(&slices, facts_status_names[i]);
		slice->calls = calls;
		slice->previous_calls = previous;
	}
	return slices;
}

/*
 * Section: writing
 */

/* Writes the difference of two rates in points, that is in hundredths; null when either is none. */
static void
write_points(StringInfo out, int64 numerator, int64 denominator, int64 previous_numerator, int64 previous_denominator)
{
	json_ratio(out, ((int128) numerator * previous_denominator - (int128) previous_numerator * denominator) * 100,
			   (int128) denominator * previous_denominator, 1);
}

/* Writes slices as an object: the calls of each. */
static void
write_breakdown(StringInfo out, const char *key, const Slices *slices, bool always)
{
	json_key(out, key);
	appendStringInfoChar(out, '{');
	for (int i = 0; i < slices->count; i++)
	{
		if (slices->slices[i].calls == 0 && !(always && strncmp(slices->slices[i].key, "tier", 4) == 0))
			continue;
		json_item(out);
		json_cstring(out, slices->slices[i].key);
		appendStringInfoChar(out, ':');
		json_int(out, slices->slices[i].calls);
	}
	appendStringInfoChar(out, '}');
}

/* Writes slices as a list: calls, share, and their change in points when there is a comparison. */
static void
write_slices(StringInfo out, const char *key, const char *name, const Slices *slices, const Company *company, const Scope *now,
			 const Scope *before)
{
	int64		calls = now->totals.values[VALUE_CALLS];
	int64		previous_calls = before ? before->totals.values[VALUE_CALLS] : 0;

	json_key(out, key);
	appendStringInfoChar(out, '[');
	for (int i = 0; i < slices->count; i++)
	{
		const Slice *slice = &slices->slices[i];

		json_item(out);
		appendStringInfoChar(out, '{');
		json_key(out, name);
		json_cstring(out, slice->key);
		json_key(out, "calls");
		json_int(out, slice->calls);
		json_key(out, "share");
		json_ratio(out, slice->calls, calls, 4);
		if (strcmp(name, "outcome") != 0)
		{
			json_key(out, "bookedCalls");
			json_int(out, slice->booked);
			json_key(out, "bookingRate");
			json_ratio(out, slice->booked, slice->calls, 2);
		}
		if (slice->intent != NULL)
		{
			json_key(out, "isLead");
			json_bool(out, slice->intent->length == 0 ||
					  company_intent_is_lead(company, cstring_to_text_with_len(slice->intent->name, slice->intent->length)));
		}
		if (before != NULL)
		{
			json_key(out, "previousCalls");
			json_int(out, slice->previous_calls);
			json_key(out, "previousShare");
			json_ratio(out, slice->previous_calls, previous_calls, 4);
			json_key(out, "change");
			write_points(out, slice->calls, calls, slice->previous_calls, previous_calls);
		}
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}

/* Writes a percentile of the lengths; null when no length is known. */
static void
write_percentile(StringInfo out, const Totals *totals, double share)
{
	double		seconds;

	if (summary_percentile(totals->calls, share, &seconds))
		json_ratio(out, (int64) (seconds * 10), 10, 1);
	else
		appendStringInfoString(out, "null");
}

/* Writes the lengths of calls. */
static void
write_duration(StringInfo out, const Totals *totals)
{
	json_key(out, "duration");
	appendStringInfoChar(out, '{');
	json_key(out, "calls");
	json_int(out, totals->values[VALUE_WITH_DURATION]);
	json_key(out, "total");
	json_int(out, totals->values[VALUE_DURATION]);
	json_key(out, "average");
	json_ratio(out, totals->values[VALUE_DURATION], totals->values[VALUE_WITH_DURATION], 1);
	for (int i = 0; i < (int) lengthof(percentiles); i++)
	{
		json_key(out, percentiles[i].key);
		write_percentile(out, totals, percentiles[i].share);
	}
	appendStringInfoChar(out, '}');
}

/* A dollar in the units that costs are summed in. */
static int128
dollar(void)
{
	int128		units = 1;

	for (int i = 0; i < FACTS_COST_DECIMALS; i++)
		units *= 10;
	return units;
}

/* Writes the sum of costs; null when no cost is known. */
static void
write_total_cost(StringInfo out, const Totals *totals)
{
	json_ratio(out, totals->calls->cost, totals->values[VALUE_WITH_COST] == 0 ? 0 : dollar(), 6);
}

/* Writes what the calls cost. */
static void
write_cost(StringInfo out, const Totals *totals)
{
	int64		calls = totals->values[VALUE_WITH_COST];

	json_key(out, "cost");
	appendStringInfoChar(out, '{');
	json_key(out, "total");
	write_total_cost(out, totals);
	json_key(out, "average");
	json_ratio(out, totals->calls->cost, dollar() * calls, 6);
	json_key(out, "calls");
	json_int(out, calls);
	json_key(out, "coverage");
	json_ratio(out, calls, totals->values[VALUE_CALLS], 4);
	appendStringInfoChar(out, '}');
}

/* Writes who called whom. */
static void
write_directions(StringInfo out, const Totals *totals)
{
	int64		outbound = totals->calls->counts[COUNT_OUTBOUND];

	json_key(out, "directionBreakdown");
	appendStringInfoChar(out, '{');
	json_key(out, "inbound");
	json_int(out, totals->values[VALUE_CALLS] - outbound);
	json_key(out, "outbound");
	json_int(out, outbound);
	appendStringInfoChar(out, '}');
}

/* Writes rates as fractions, so that nobody has to trust a rounded one. */
static void
write_rates(StringInfo out, const Totals *totals)
{
	json_key(out, "rates");
	appendStringInfoChar(out, '{');
	for (int i = 0; i < analytics_figure_count; i++)
	{
		const Figure *figure = &analytics_figures[i];

		if (figure->kind != FIGURE_RATE)
			continue;
		json_key(out, figure->key);
		appendStringInfoString(out, "{\"value\":");
		json_ratio(out, totals->values[figure->numerator], totals->values[figure->denominator], 6);
		json_key(out, "numerator");
		json_int(out, totals->values[figure->numerator]);
		json_key(out, "denominator");
		json_int(out, totals->values[figure->denominator]);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, '}');
}

/* Writes what a period adds up to. */
static void
write_summary(StringInfo out, const Scope *scope)
{
	Slices		intents = intent_slices(scope, NULL);
	Slices		tiers = tier_slices(scope, NULL);
	Slices		outcomes = outcome_slices(scope, NULL);

	json_key(out, "summary");
	appendStringInfoChar(out, '{');
	for (int i = 0; i < analytics_figure_count; i++)
	{
		json_key(out, analytics_figures[i].key);
		analytics_write_figure(out, &analytics_figures[i], &scope->totals);
	}
	write_breakdown(out, "intentBreakdown", &intents, false);
	write_breakdown(out, "tierUsage", &tiers, true);
	write_breakdown(out, "outcomeBreakdown", &outcomes, false);
	write_directions(out, &scope->totals);
	write_rates(out, &scope->totals);
	write_duration(out, &scope->totals);
	write_cost(out, &scope->totals);
	json_key(out, "followUps");
	appendStringInfoChar(out, '{');
	for (int i = 0; i < FOLLOW_UP_KEYS; i++)
	{
		json_key(out, follow_up_keys[i]);
		json_int(out, scope->follow_ups[i]);
	}
	appendStringInfoString(out, "}}");
}

/* Writes the change of a figure that is no rate: num/den against previous num/den. */
static void
write_difference(StringInfo out, const char *key, int128 num, int128 den, int128 previous_num, int128 previous_den, int decimals)
{
	json_key(out, key);
	appendStringInfoString(out, "{\"difference\":");
	json_ratio(out, num * previous_den - previous_num * den, den * previous_den, decimals);
	json_key(out, "rate");
	json_ratio(out, num * previous_den - previous_num * den, previous_num * den, 4);
	appendStringInfoChar(out, '}');
}

/* Writes how the figures changed. */
static void
write_change(StringInfo out, const Scope *now, const Scope *before)
{
	json_key(out, "change");
	appendStringInfoChar(out, '{');
	for (int i = 0; i < analytics_figure_count; i++)
	{
		const Figure *figure = &analytics_figures[i];
		int64		num = now->totals.values[figure->numerator];
		int64		den = figure->kind == FIGURE_COUNT ? 1 : now->totals.values[figure->denominator];
		int64		previous_num = before->totals.values[figure->numerator];
		int64		previous_den = figure->kind == FIGURE_COUNT ? 1 : before->totals.values[figure->denominator];

		if (figure->kind == FIGURE_RATE)
		{
			json_key(out, figure->key);
			appendStringInfoString(out, "{\"points\":");
			write_points(out, num, den, previous_num, previous_den);
			appendStringInfoChar(out, '}');
		}
		else
			write_difference(out, figure->key, num, den, previous_num, previous_den, figure->decimals);
	}
	write_difference(out, "cost", now->totals.calls->cost / (dollar() / 1000000), 1000000,
					 before->totals.calls->cost / (dollar() / 1000000), 1000000, 6);
	for (int i = 0; i < FOLLOW_UP_KEYS; i++)
	{
		static const char *const keys[] = {"followUpsOpen", "followUpsOverdue", "followUpsOpened", "followUpsResolved", "followUpsRecovered"};

		write_difference(out, keys[i], now->follow_ups[i], 1, before->follow_ups[i], 1, 0);
	}
	appendStringInfoChar(out, '}');
}

/* Writes the sentences that say what each member is. */
static void
write_definitions(StringInfo out)
{
	json_key(out, "definitions");
	appendStringInfoChar(out, '{');
	for (int i = 0; i < analytics_figure_count; i++)
	{
		json_key(out, analytics_figures[i].key);
		json_cstring(out, analytics_figures[i].definition);
	}
	for (int i = 0; i < (int) lengthof(other_definitions); i++)
	{
		json_key(out, other_definitions[i].key);
		json_cstring(out, other_definitions[i].definition);
	}
	appendStringInfoChar(out, '}');
}

/* call_analytics(company_id object_id, params jsonb, token text) json: what the calls of a period add up to. */
Datum
cc_call_analytics(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_READ);
	const Company *company = company_get(identity->company_id);
	Analysis	analysis;
	Slices		intents,
				tiers,
				outcomes;
	StringInfoData out;

	read_analysis(&analysis, identity, company, api_document(fcinfo, 1, "parameters"));
	intents = intent_slices(&analysis.now, analysis.before);
	tiers = tier_slices(&analysis.now, analysis.before);
	outcomes = outcome_slices(&analysis.now, analysis.before);

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"period\":");
	json_cstring(&out, analysis.now.period.name);
	write_summary(&out, &analysis.now);
	analytics_write_answer_period(&out, &analysis.now.period, company, analysis.as_of);
	write_slices(&out, "intents", "intent", &intents, company, &analysis.now, analysis.before);
	write_slices(&out, "tiers", "tier", &tiers, company, &analysis.now, analysis.before);
	write_slices(&out, "outcomes", "outcome", &outcomes, company, &analysis.now, analysis.before);
	json_key(&out, "comparison");
	if (analysis.before != NULL)
	{
		appendStringInfoChar(&out, '{');
		analytics_write_period(&out, &analysis.before->period);
		write_summary(&out, analysis.before);
		write_change(&out, &analysis.now, analysis.before);
		appendStringInfoChar(&out, '}');
	}
	else
		appendStringInfoString(&out, "null");
	write_definitions(&out);
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}

/*
 * Section: CSV
 */

/* Writes a cell of what a JSON value says; null is empty. */
static void
csv_value(StringInfo out, const char *json)
{
	appendStringInfoChar(out, ',');
	if (strcmp(json, "null") == 0)
		return;
	if (json[0] == '"')
		csv_cell(out, pnstrdup(json + 1, strlen(json) - 2), false);
	else
		csv_cell(out, json, false);
}

/* Writes a line: what the figure is, of what, its value in the period and in the comparison. */
static void
csv_line(StringInfo out, const char *key, const char *of, const char *value, const char *previous)
{
	analytics_write_heading(out, key);
	appendStringInfoChar(out, ',');
	if (of != NULL)
		csv_cell(out, of, false);
	csv_value(out, value);
	csv_value(out, previous);
	csv_end(out);
}

/* Gives a whole number as text. */
static char *
int_text(int64 value)
{
	return psprintf(INT64_FORMAT, value);
}

/* Gives a figure as text. */
static char *
figure_text(const Figure *figure, const Scope *scope)
{
	StringInfoData text;

	initStringInfo(&text);
	if (scope == NULL)
		return "null";
	analytics_write_figure(&text, figure, &scope->totals);
	return text.data;
}

/* Gives a date as text. */
static char *
date_text(DateADT day)
{
	StringInfoData text;

	initStringInfo(&text);
	json_date(&text, day);
	return text.data;
}

/* Gives a percentile of the lengths as text. */
static char *
percentile_text(const Scope *scope, double share)
{
	StringInfoData text;

	initStringInfo(&text);
	if (scope == NULL)
		return "null";
	write_percentile(&text, &scope->totals, share);
	return text.data;
}

/* Gives the sum of costs as text. */
static char *
cost_text(const Scope *scope)
{
	StringInfoData text;

	initStringInfo(&text);
	if (scope == NULL)
		return "null";
	write_total_cost(&text, &scope->totals);
	return text.data;
}

/* Writes slices, a line each. */
static void
csv_slices(StringInfo out, const char *key, Slices slices, const Scope *before)
{
	for (int i = 0; i < slices.count; i++)
		csv_line(out, key, slices.slices[i].key, int_text(slices.slices[i].calls),
				 before ? int_text(slices.slices[i].previous_calls) : "null");
}

/* Writes what call_analytics() says, a line for each figure. */
static void
write_summary_csv(StringInfo out, const Identity *identity, const Company *company, Jsonb *params)
{
	Analysis	analysis;
	const Scope *now = &analysis.now;
	const Scope *before;

	read_analysis(&analysis, identity, company, params);
	before = analysis.before;
	appendStringInfoString(out, "Figure,Of,Value,Comparison");
	csv_end(out);
	csv_line(out, "from", NULL, date_text(now->period.first), before ? date_text(before->period.first) : "null");
	csv_line(out, "to", NULL, date_text(now->period.end - 1), before ? date_text(before->period.end - 1) : "null");
	for (int i = 0; i < analytics_figure_count; i++)
		csv_line(out, analytics_figures[i].key, NULL, figure_text(&analytics_figures[i], now), figure_text(&analytics_figures[i], before));
	for (int i = 0; i < (int) lengthof(percentiles); i++)
		csv_line(out, "duration", percentiles[i].key, percentile_text(now, percentiles[i].share), percentile_text(before, percentiles[i].share));
	csv_line(out, "cost", "total", cost_text(now), cost_text(before));
	for (int i = 0; i < FOLLOW_UP_KEYS; i++)
		csv_line(out, "followUps", follow_up_keys[i], int_text(now->follow_ups[i]), before ? int_text(before->follow_ups[i]) : "null");
	csv_slices(out, "intent", intent_slices(now, before), before);
	csv_slices(out, "tier", tier_slices(now, before), before);
	csv_slices(out, "outcome", outcome_slices(now, before), before);
}

/* export_analytics(company_id object_id, what text, params jsonb, token text) text: CSV of an answer. */
Datum
cc_export_analytics(PG_FUNCTION_ARGS)
{
	static const struct
	{
		const char *name;
		void		(*write) (StringInfo out, const Identity *identity, const Company *company, Jsonb *params);
	}			exports[] = {
		{"summary", write_summary_csv},
		{"series", analytics_write_series_csv},
		{"heatmap", analytics_write_heatmap_csv},
	};
	Identity   *identity = api_begin(fcinfo, 3, RIGHT_READ);
	const Company *company = company_get(identity->company_id);
	char	   *what = text_to_cstring(api_text(fcinfo, 1, "what"));
	Jsonb	   *params = api_document(fcinfo, 2, "parameters");
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < (int) lengthof(exports); i++)
	{
		if (strcmp(what, exports[i].name) == 0)
		{
			exports[i].write(&out, identity, company, params);
			return api_end(identity, &out);
		}
	}
	error_field(ERRCODE_INVALID_PARAMETER_VALUE, "what", "must be one of: summary, series, heatmap");
}
