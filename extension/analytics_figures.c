/*
 * analytics_figures.c
 *		What the figures of analytics are, where they come from, and how they are written.
 *
 * Each figure is a line of one table: what it is made of, how it is rounded and compared, and the sentence that defines it
 * for whoever reads the answer.  All come from call_summary, so that a period, its parts and its comparison agree.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "analytics.h"
#include "json_text.h"
#include "rollups.h"

const Figure analytics_figures[] = {
	{"totalCalls", FIGURE_COUNT, VALUE_CALLS, 0, 0, true,
	"Calls that started in the period."},
	{"avgDuration", FIGURE_MEAN, VALUE_DURATION, VALUE_WITH_DURATION, 0, true,
	"Average length in seconds of the calls whose length is known."},
	{"bookingRate", FIGURE_RATE, VALUE_BOOKED, VALUE_CALLS, 2, true,
	"Booked calls divided by all calls."},
	{"leadBookingRate", FIGURE_RATE, VALUE_BOOKED_LEADS, VALUE_LEADS, 2, true,
	"Leads that booked divided by all leads."},
	{"bookedCalls", FIGURE_COUNT, VALUE_BOOKED, 0, 0, true,
	"Calls that led to an appointment: outcome.appointmentCreated, a successful appointment_created action, or a booked date."},
	{"leads", FIGURE_COUNT, VALUE_LEADS, 0, 0, true,
	"Inbound calls that are not spam or error, whose intent is not in the company's list of non-lead intents, and that were not abandoned in the first 15 seconds."},
	{"bookedLeads", FIGURE_COUNT, VALUE_BOOKED_LEADS, 0, 0, true,
	"Leads that were booked."},
	{"newCalls", FIGURE_COUNT, VALUE_NEW, 0, 0, true,
	"Calls without an earlier call of the same customer or number."},
	{"returningCalls", FIGURE_COUNT, VALUE_RETURNING, 0, 0, true,
	"Calls with an earlier call of the same customer, or of the same number when there is no customer; spam, error and withheld calls do not count."},
	{"returningRate", FIGURE_RATE, VALUE_RETURNING, VALUE_CALLS, 2, false,
	"Returning calls divided by all calls."},
	{"missedCalls", FIGURE_COUNT, VALUE_MISSED, 0, 0, true,
	"Calls that went to voicemail, or that the caller abandoned after 15 seconds or more."},
	{"missedRate", FIGURE_RATE, VALUE_MISSED, VALUE_CALLS, 2, false,
	"Missed calls divided by all calls."},
	{"abandonedCalls", FIGURE_COUNT, VALUE_ABANDONED, 0, 0, true,
	"Calls that the caller abandoned in the first 15 seconds; they are not missed calls."},
	{"withheldCalls", FIGURE_COUNT, VALUE_WITHHELD, 0, 0, false,
	"Calls whose caller withheld the number."},
	{"followUpCalls", FIGURE_COUNT, VALUE_FOLLOW_UP, 0, 0, false,
	"Calls whose outcome asks for a follow-up."},
	{"reviewedCalls", FIGURE_COUNT, VALUE_REVIEWED, 0, 0, false,
	"Calls that were reviewed."},
	{"flaggedCalls", FIGURE_COUNT, VALUE_FLAGGED, 0, 0, false,
	"Calls that are flagged."},
	{"avgRating", FIGURE_MEAN, VALUE_RATING, VALUE_RATED, 2, false,
	"Average rating, from 1 to 5, of the calls that were rated."},
	{"costCoverage", FIGURE_RATE, VALUE_WITH_COST, VALUE_CALLS, 2, false,
	"Calls whose cost is known divided by all calls."},
};

const int	analytics_figure_count = lengthof(analytics_figures);

/* Counts the calls that are leads, and those of them that were booked, by the company's list. */
static void
count_leads(Totals *totals, const CallSummary *calls, const Company *company)
{
	for (int i = 0; i < calls->nintents; i++)
	{
		const SummaryIntent *intent = &calls->intents[i];
		text	   *name = intent->length > 0 ? cstring_to_text_with_len(intent->name, intent->length) : NULL;

		if (!company_intent_is_lead(company, name))
			continue;
		totals->values[VALUE_LEADS] += intent->counts[INTENT_LEADS];
		totals->values[VALUE_BOOKED_LEADS] += intent->counts[INTENT_BOOKED_LEADS];
	}
}

void
totals_of(Totals *totals, const CallSummary *calls, const Company *company)
{
	static const struct
	{
		Value		value;
		SummaryCount count;
	}			counts[] = {
		{VALUE_RETURNING, COUNT_RETURNING},
		{VALUE_ABANDONED, COUNT_SHORT},
		{VALUE_WITHHELD, COUNT_WITHHELD},
		{VALUE_FOLLOW_UP, COUNT_FOLLOW_UP},
		{VALUE_REVIEWED, COUNT_REVIEWED},
		{VALUE_FLAGGED, COUNT_FLAGGED},
		{VALUE_RATED, COUNT_RATED},
		{VALUE_RATING, COUNT_RATING},
		{VALUE_WITH_DURATION, COUNT_WITH_DURATION},
		{VALUE_DURATION, COUNT_DURATION},
		{VALUE_WITH_COST, COUNT_WITH_COST},
	};

	memset(totals, 0, sizeof(*totals));
	totals->calls = calls;
	for (int i = 0; i < (int) lengthof(counts); i++)
		totals->values[counts[i].value] = calls->counts[counts[i].count];
	totals->values[VALUE_CALLS] = summary_calls(calls);
	totals->values[VALUE_BOOKED] = summary_booked(calls);
	totals->values[VALUE_MISSED] = summary_missed(calls);
	totals->values[VALUE_NEW] = totals->values[VALUE_CALLS] - totals->values[VALUE_RETURNING];
	count_leads(totals, calls, company);
}

/*
 * Section: reading
 */

const CallSummary *
analytics_calls(const Identity *identity, const Company *company, const Period *period)
{
	return rollups_between(PointerGetDatum(identity->company), company->time_zone, period->start, period->until);
}

/* Divides what has passed of a period into its parts; they have no calls yet. */
static Part *
divide(const Company *company, const Period *period, PeriodStep step, int *count)
{
	int			size = 32;
	Part	   *parts = palloc_array(Part, size);
	TimestampTz start = period->start;
	DateADT		day = period->first;

	*count = 0;
	while (start < period->until)
	{
		Part	   *part;

		if (*count == size)
			parts = repalloc(parts, (size *= 2) * sizeof(Part));
		part = &parts[*count];
		part->start = start;
		part->day = day;
		part->end = start = period_step_end(period, step, company, start, &day);
		part->calls = palloc0_object(CallSummary);
		summary_init(part->calls, CurrentMemoryContext);
		/* a day that a calendar left out has no part */
		if (part->end > part->start)
			(*count)++;
	}
	return parts;
}

Part *
analytics_parts(const Identity *identity, const Company *company, const Period *period, PeriodStep step, int *count)
{
	Datum		company_id = PointerGetDatum(identity->company);
	Part	   *parts = divide(company, period, step, count);
	int			whole = *count;
	int			part = 0;
	int			nrollups;
	Rollup	   *rollups;

	/* of the last part maybe not all has passed */
	if (whole > 0 && parts[whole - 1].end > period->until)
	{
		whole--;
		summary_add(parts[whole].calls, rollups_between(company_id, company->time_zone, parts[whole].start, period->until), 1);
	}
	if (whole == 0)
		return parts;
	rollups = rollups_series(company_id, step == STEP_HOUR ? GRAIN_HOUR : GRAIN_DAY, parts[0].start, parts[whole - 1].end, &nrollups);
	for (int i = 0; i < nrollups; i++)
	{
		while (rollups[i].start >= parts[part].end)
			part++;
		summary_add(parts[part].calls, rollups[i].summary, 1);
	}
	return parts;
}

/*
 * Section: writing
 */

void
analytics_write_figure(StringInfo out, const Figure *figure, const Totals *totals)
{
	if (figure->kind == FIGURE_COUNT)
		json_int(out, totals->values[figure->numerator]);
	else
		json_ratio(out, totals->values[figure->numerator], totals->values[figure->denominator], figure->decimals);
}

void
analytics_write_period(StringInfo out, const Period *period)
{
	json_key(out, "from");
	json_date(out, period->first);
	json_key(out, "to");
	json_date(out, period->end - 1);
	json_key(out, "start");
	json_timestamp(out, period->start);
	json_key(out, "end");
	json_timestamp(out, period->finish);
	json_key(out, "until");
	json_timestamp(out, period->until);
}

void
analytics_write_answer_period(StringInfo out, const Period *period, const Company *company, TimestampTz as_of)
{
	analytics_write_period(out, period);
	json_key(out, "asOf");
	json_timestamp(out, as_of);
	json_key(out, "isComplete");
	json_bool(out, period->until == period->finish);
	json_key(out, "timeZone");
	json_cstring(out, company->time_zone_name);
	json_key(out, "weekStart");
	json_int(out, company->week_start);
}

void
analytics_write_heading(StringInfo out, const char *key)
{
	appendStringInfoChar(out, pg_ascii_toupper((unsigned char) key[0]));
	for (const char *p = key + 1; *p != '\0'; p++)
	{
		if (*p >= 'A' && *p <= 'Z')
			appendStringInfoChar(out, ' ');
		appendStringInfoChar(out, pg_ascii_tolower((unsigned char) *p));
	}
}
