/*
 * summary_type.c
 *		The SQL face of call_summary: input and output, operators, and the accessors that read its figures.
 *
 * What it says is read with the accessors; what is sent is told in sent_form.c.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "sent_form.h"
#include "summary.h"

PG_FUNCTION_INFO_V1(cc_call_summary_in);
PG_FUNCTION_INFO_V1(cc_call_summary_out);
PG_FUNCTION_INFO_V1(cc_call_summary_recv);
PG_FUNCTION_INFO_V1(cc_call_summary_send);
PG_FUNCTION_INFO_V1(cc_call_summary_of_stored);
PG_FUNCTION_INFO_V1(cc_call_summary_add);
PG_FUNCTION_INFO_V1(cc_call_summary_subtract);
PG_FUNCTION_INFO_V1(cc_call_summary_eq);
PG_FUNCTION_INFO_V1(cc_call_summary_ne);
PG_FUNCTION_INFO_V1(cc_call_summary_is_empty);

#define PG_GETARG_SUMMARY(n) summary_of_datum(PG_GETARG_DATUM(n))

/*
 * Section: input and output
 */

/* Checks a stored form that comes from outside. */
static struct varlena *
accept_stored(const char *data, Size length, int sqlstate)
{
	const char *reason;
	CallSummary *summary = summary_parse(data, length, &reason);

	if (summary == NULL)
		sent_refuse("call_summary", sqlstate, reason);
	return summary_store(summary);
}

/* Gives the stored form of an argument, which may be an expanded one. */
static struct varlena *
stored_argument(Datum value)
{
	return PG_DETOAST_DATUM_PACKED(value);
}

/* call_summary_in(cstring) call_summary */
Datum
cc_call_summary_in(PG_FUNCTION_ARGS)
{
	Size		length;
	const char *data = sent_read_text("call_summary", PG_GETARG_CSTRING(0), &length);

	PG_RETURN_POINTER(accept_stored(data, length, ERRCODE_INVALID_TEXT_REPRESENTATION));
}

/* call_summary_out(call_summary) cstring */
Datum
cc_call_summary_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(sent_write_text(stored_argument(PG_GETARG_DATUM(0))));
}

/* call_summary_recv(internal) call_summary */
Datum
cc_call_summary_recv(PG_FUNCTION_ARGS)
{
	Size		length;
	const char *data = sent_read_message("call_summary", (StringInfo) PG_GETARG_POINTER(0), &length);

	PG_RETURN_POINTER(accept_stored(data, length, ERRCODE_INVALID_BINARY_REPRESENTATION));
}

/* call_summary_send(call_summary) bytea */
Datum
cc_call_summary_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(sent_write_message(stored_argument(PG_GETARG_DATUM(0))));
}

/* call_summary_of_stored(bytea) call_summary: of a stored form, that is what is sent without its last four bytes. */
Datum
cc_call_summary_of_stored(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);

	PG_RETURN_POINTER(accept_stored(VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), ERRCODE_INVALID_BINARY_REPRESENTATION));
}

/*
 * Section: operators
 */

static struct varlena *
combined(FunctionCallInfo fcinfo, int sign)
{
	CallSummary sum;

	summary_init(&sum, CurrentMemoryContext);
	summary_add(&sum, PG_GETARG_SUMMARY(0), 1);
	summary_add(&sum, PG_GETARG_SUMMARY(1), sign);
	return summary_store(&sum);
}

/* call_summary + call_summary: of the calls of both. */
Datum
cc_call_summary_add(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(combined(fcinfo, 1));
}

/* call_summary - call_summary: what must be added to the second to get the first. */
Datum
cc_call_summary_subtract(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(combined(fcinfo, -1));
}

/* Tells whether both arguments say the same. */
static bool
same(FunctionCallInfo fcinfo)
{
	struct varlena *one = stored_argument(PG_GETARG_DATUM(0));
	struct varlena *other = stored_argument(PG_GETARG_DATUM(1));

	return VARSIZE_ANY_EXHDR(one) == VARSIZE_ANY_EXHDR(other) &&
		memcmp(VARDATA_ANY(one), VARDATA_ANY(other), VARSIZE_ANY_EXHDR(one)) == 0;
}

/* call_summary = call_summary */
Datum
cc_call_summary_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(same(fcinfo));
}

/* call_summary <> call_summary */
Datum
cc_call_summary_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!same(fcinfo));
}

/* call_summary_is_empty(call_summary) boolean: whether it is that of no calls. */
Datum
cc_call_summary_is_empty(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(summary_is_empty(PG_GETARG_SUMMARY(0)));
}

/*
 * Section: figures
 */

#define COUNT_ACCESSOR(name, expression) \
	PG_FUNCTION_INFO_V1(cc_##name); \
	Datum \
	cc_##name(PG_FUNCTION_ARGS) \
	{ \
		const CallSummary *s = PG_GETARG_SUMMARY(0); \
		PG_RETURN_INT64(expression); \
	} \
	extern Datum cc_##name(PG_FUNCTION_ARGS)

COUNT_ACCESSOR(total_calls, summary_calls(s));
COUNT_ACCESSOR(booked_calls, summary_booked(s));
COUNT_ACCESSOR(returning_calls, s->counts[COUNT_RETURNING]);
COUNT_ACCESSOR(new_calls, summary_calls(s) - s->counts[COUNT_RETURNING]);
COUNT_ACCESSOR(missed_calls, summary_missed(s));
COUNT_ACCESSOR(abandoned_calls, s->counts[COUNT_SHORT]);
COUNT_ACCESSOR(withheld_calls, s->counts[COUNT_WITHHELD]);
COUNT_ACCESSOR(follow_up_calls, s->counts[COUNT_FOLLOW_UP]);
COUNT_ACCESSOR(reviewed_calls, s->counts[COUNT_REVIEWED]);
COUNT_ACCESSOR(flagged_calls, s->counts[COUNT_FLAGGED]);
COUNT_ACCESSOR(rated_calls, s->counts[COUNT_RATED]);
COUNT_ACCESSOR(calls_with_duration, s->counts[COUNT_WITH_DURATION]);
COUNT_ACCESSOR(total_duration, s->counts[COUNT_DURATION]);
COUNT_ACCESSOR(calls_with_cost, s->counts[COUNT_WITH_COST]);

/* A quotient; NULL when there is nothing to divide by. */
#define RATIO_ACCESSOR(name, numerator, denominator) \
	PG_FUNCTION_INFO_V1(cc_##name); \
	Datum \
	cc_##name(PG_FUNCTION_ARGS) \
	{ \
		const CallSummary *s = PG_GETARG_SUMMARY(0); \
		if ((denominator) == 0) \
			PG_RETURN_NULL(); \
		PG_RETURN_FLOAT8((double) (numerator) / (double) (denominator)); \
	} \
	extern Datum cc_##name(PG_FUNCTION_ARGS)

RATIO_ACCESSOR(avg_duration, s->counts[COUNT_DURATION], s->counts[COUNT_WITH_DURATION]);
RATIO_ACCESSOR(avg_rating, s->counts[COUNT_RATING], s->counts[COUNT_RATED]);
RATIO_ACCESSOR(booking_rate, summary_booked(s), summary_calls(s));

/* Tells whether two names are equal but for upper and lower case of ASCII letters. */
static bool
same_name(const char *one, const char *other, int length)
{
	for (int i = 0; i < length; i++)
		if (one[i] != other[i] && pg_ascii_tolower(one[i]) != pg_ascii_tolower(other[i]))
			return false;
	return true;
}

int64
summary_leads(const CallSummary *summary, IntentCount count, ArrayType *non_lead_intents)
{
	int64		total = 0;
	Datum	   *names;
	bool	   *isnull;
	int			n;

	deconstruct_array(non_lead_intents, TEXTOID, -1, false, TYPALIGN_INT, &names, &isnull, &n);
	for (int i = 0; i < summary->nintents; i++)
	{
		const SummaryIntent *intent = &summary->intents[i];
		bool		listed = false;

		for (int j = 0; j < n && !listed; j++)
			listed = !isnull[j] && VARSIZE_ANY_EXHDR(names[j]) == intent->length &&
				same_name(VARDATA_ANY(names[j]), intent->name, intent->length);
		if (!listed)
			total += intent->counts[count];
	}
	return total;
}

COUNT_ACCESSOR(leads, summary_leads(s, INTENT_LEADS, PG_GETARG_ARRAYTYPE_P(1)));
COUNT_ACCESSOR(booked_leads, summary_leads(s, INTENT_BOOKED_LEADS, PG_GETARG_ARRAYTYPE_P(1)));
RATIO_ACCESSOR(lead_booking_rate, summary_leads(s, INTENT_BOOKED_LEADS, PG_GETARG_ARRAYTYPE_P(1)), summary_leads(s, INTENT_LEADS, PG_GETARG_ARRAYTYPE_P(1)));

PG_FUNCTION_INFO_V1(cc_total_cost);
PG_FUNCTION_INFO_V1(cc_duration_percentile);

/* total_cost(call_summary) numeric: in dollars, of the calls that have a cost. */
Datum
cc_total_cost(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(summary_cost(PG_GETARG_SUMMARY(0)));
}

/* duration_percentile(call_summary, p float8) float8: in seconds; NULL when no call has a duration. */
Datum
cc_duration_percentile(PG_FUNCTION_ARGS)
{
	const CallSummary *summary = PG_GETARG_SUMMARY(0);
	double		p = PG_GETARG_FLOAT8(1);
	double		seconds;

	if (isnan(p) || p < 0 || p > 1)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("percentile value %g is not between 0 and 1", p)));
	if (!summary_percentile(summary, p, &seconds))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(seconds);
}

/*
 * Section: breakdowns
 */

static void
push_key(JsonbParseState **state, const char *name, int length)
{
	JsonbValue	key = {.type = jbvString,.val.string = {.val = unconstify(char *, name),.len = length}};

	pushJsonbValue(state, WJB_KEY, &key);
}

static void
push_count(JsonbParseState **state, JsonbIteratorToken token, int64 count)
{
	JsonbValue	value = {.type = jbvNumeric,.val.numeric = int64_to_numeric(count)};

	pushJsonbValue(state, token, &value);
}

static void
push_member(JsonbParseState **state, const char *name, int64 count)
{
	push_key(state, name, strlen(name));
	push_count(state, WJB_VALUE, count);
}

/* Gives an object with a member for each counter that is not zero. */
static Datum
breakdown(const char *const *names, const int64 *counts, int n)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < n; i++)
		if (counts[i] != 0)
			push_member(&state, names[i], counts[i]);
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

PG_FUNCTION_INFO_V1(cc_by_status);
PG_FUNCTION_INFO_V1(cc_by_tier);
PG_FUNCTION_INFO_V1(cc_by_direction);
PG_FUNCTION_INFO_V1(cc_by_hour);
PG_FUNCTION_INFO_V1(cc_by_intent);
PG_FUNCTION_INFO_V1(cc_tier_details);
PG_FUNCTION_INFO_V1(cc_hour_details);
PG_FUNCTION_INFO_V1(cc_intent_details);

/* by_status(call_summary) jsonb */
Datum
cc_by_status(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(breakdown(facts_status_names, PG_GETARG_SUMMARY(0)->counts + COUNT_STATUS, FACTS_STATUSES));
}

/* by_tier(call_summary) jsonb */
Datum
cc_by_tier(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(breakdown(facts_tier_names, PG_GETARG_SUMMARY(0)->counts + COUNT_TIER, FACTS_TIERS));
}

/* by_direction(call_summary) jsonb */
Datum
cc_by_direction(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"inbound", "outbound"};
	const CallSummary *summary = PG_GETARG_SUMMARY(0);
	int64		counts[] = {summary_calls(summary) - summary->counts[COUNT_OUTBOUND], summary->counts[COUNT_OUTBOUND]};

	PG_RETURN_DATUM(breakdown(names, counts, lengthof(counts)));
}

/* by_hour(call_summary) jsonb: an array of 24. */
Datum
cc_by_hour(PG_FUNCTION_ARGS)
{
	const CallSummary *summary = PG_GETARG_SUMMARY(0);
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int hour = 0; hour < SUMMARY_HOURS; hour++)
		push_count(&state, WJB_ELEM, summary->counts[COUNT_HOUR + hour]);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL)));
}

/* by_intent(call_summary) jsonb */
Datum
cc_by_intent(PG_FUNCTION_ARGS)
{
	const CallSummary *summary = PG_GETARG_SUMMARY(0);
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < summary->nintents; i++)
		if (summary->intents[i].counts[INTENT_CALLS] != 0)
		{
			push_key(&state, summary->intents[i].name, summary->intents[i].length);
			push_count(&state, WJB_VALUE, summary->intents[i].counts[INTENT_CALLS]);
		}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

/* tier_details(call_summary) jsonb */
Datum
cc_tier_details(PG_FUNCTION_ARGS)
{
	const CallSummary *summary = PG_GETARG_SUMMARY(0);
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int tier = 0; tier < FACTS_TIERS; tier++)
	{
		if (summary->counts[COUNT_TIER + tier] == 0 && summary->counts[COUNT_TIER_BOOKED + tier] == 0)
			continue;
		push_key(&state, facts_tier_names[tier], strlen(facts_tier_names[tier]));
		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		push_member(&state, "calls", summary->counts[COUNT_TIER + tier]);
		push_member(&state, "booked", summary->counts[COUNT_TIER_BOOKED + tier]);
		pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

/* hour_details(call_summary) jsonb: an array of 24. */
Datum
cc_hour_details(PG_FUNCTION_ARGS)
{
	const CallSummary *summary = PG_GETARG_SUMMARY(0);
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int hour = 0; hour < SUMMARY_HOURS; hour++)
	{
		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		push_member(&state, "calls", summary->counts[COUNT_HOUR + hour]);
		push_member(&state, "booked", summary->counts[COUNT_HOUR_BOOKED + hour]);
		pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL)));
}

/* intent_details(call_summary) jsonb */
Datum
cc_intent_details(PG_FUNCTION_ARGS)
{
	static const char *const names[INTENT_COUNTS] = {"calls", "booked", "leads", "bookedLeads"};
	const CallSummary *summary = PG_GETARG_SUMMARY(0);
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < summary->nintents; i++)
	{
		const SummaryIntent *intent = &summary->intents[i];

		if (intent->counts[INTENT_CALLS] == 0)
			continue;
		push_key(&state, intent->name, intent->length);
		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		for (int c = 0; c < INTENT_COUNTS; c++)
			push_member(&state, names[c], intent->counts[c]);
		pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}
