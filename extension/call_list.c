/*
 * call_list.c
 *		list_calls(): pages of calls, and the filters that export and deletion share.
 *
 * Totals without filters, by time alone, or by status and intent alone come from the counters; by one filter of those that
 * summaries count, of any period, from the rollups; others are counted, in an index where there is one.
 *
 * Filters with few values each (status, tier, urgency, direction and what is true or false) are looked up together: the
 * calls of each combination of them, their traits, stand in the order of an index, and a page is taken from the first rows
 * of each combination that there is.  So it costs what the combinations are, not how rare the calls are.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "call_traits.h"
#include "calls.h"
#include "counters.h"
#include "customers.h"
#include "errors.h"
#include "identity.h"
#include "list.h"
#include "open_calls.h"
#include "phone.h"
#include "plans.h"
#include "rollups.h"

PG_FUNCTION_INFO_V1(cc_list_calls);

/* The filters of a set of calls. */
#define CALL_FILTERS \
	{"startDate", NULL, FIELD_TEXT, 0, 1, 40}, \
	{"endDate", NULL, FIELD_TEXT, 0, 1, 40}, \
	{"status", NULL, FIELD_TEXT_LIST, 0, 0, 10, .of = "call_status"}, \
	{"intent", NULL, FIELD_TEXT_LIST, 0, 0, 50}, \
	{"tier", NULL, FIELD_TEXT_LIST, 0, 0, 3}, \
	{"phone", NULL, FIELD_TEXT, 0, 1, 250}, \
	{"customerId", NULL, FIELD_TEXT, 0, 1, 40}, \
	{"direction", NULL, FIELD_ENUM, 0, .of = "call_direction"}, \
	{"flagged", NULL, FIELD_BOOL}, \
	{"reviewed", NULL, FIELD_BOOL}, \
	{"followUp", NULL, FIELD_BOOL}, \
	{"urgency", NULL, FIELD_TEXT_LIST, 0, 0, 3, .of = "urgency"}

static const Field parameter_list[] = {
	LIST_PARAMETERS,
	CALL_FILTERS,
	{"q", NULL, FIELD_TEXT, 0, 1, 200},
};

static const FieldTable call_parameters = {NULL, NULL, parameter_list, FIELD_TABLE_COUNT(parameter_list),.lenient = true};

/* As calls_duration has it.  CASE, because coalesce() is leaky. */
#define DURATION "(CASE WHEN c.duration_seconds IS NULL THEN -1 ELSE c.duration_seconds END)::bigint"

static const SortOrder call_orders[] = {
	{"newest", "c.started_at", "c.started_at DESC, c.id DESC", "<", true},
	{"oldest", "c.started_at", "c.started_at, c.id", ">", true},
	{"longest", DURATION, DURATION " DESC, c.id DESC", "<", false,.is_alone = true},
	{NULL},
};

static const Field delete_parameter_list[] = {
	CALL_FILTERS,
	{"callId", NULL, FIELD_TEXT_LIST, 0, 0, 1000},
	{"dryRun", NULL, FIELD_BOOL},
};

static const FieldTable delete_parameters = {NULL, NULL, delete_parameter_list, FIELD_TABLE_COUNT(delete_parameter_list),.lenient = true};

/* What delete_calls() works on: the filters of a list without its pages and without its text search. */
const ListSource call_delete_source = {
	.fields = &call_fields,
	.parameters = &delete_parameters,
	.orders = call_orders,
	.id = "c.id",
	.company_column = "c.company_id",
};

const ListSource call_list_source = {
	.member = "calls",
	.fields = &call_fields,
	.parameters = &call_parameters,
	.orders = call_orders,
	.id = "c.id",
	.alias = "c",
	.keys = "c.company_id, c.id, c.started_at, c.duration_seconds",
	.from = "FROM callcenter.calls c ",
	.by_key = "CROSS JOIN LATERAL (SELECT * FROM callcenter.calls c WHERE c.company_id = k.company_id AND " LIST_BY_ID("c.id", "k.id") ") c ",
	.joins = CALL_ROW_JOINS,
	.company_column = "c.company_id",
};

/* Adds the condition on routing tiers. */
static void
add_tiers(ListQuery *query)
{
	Datum	   *elements;
	int			count;

	if (!document_has(query->params, "tier"))
		return;
	deconstruct_array(DatumGetArrayTypeP(document_get(query->params, "tier")), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *tier = TextDatumGetCString(elements[i]);

		if (strlen(tier) != 1 || tier[0] < '1' || tier[0] > '3')
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, "tier", "must be one or more of: 1, 2, 3");
		elements[i] = Int32GetDatum(tier[0] - '0');
	}
	list_add(query, "c.routing_tier = ANY ($%d)",
			 list_bind(query, INT4ARRAYOID, PointerGetDatum(construct_array(elements, count, INT4OID, sizeof(int32), true, TYPALIGN_INT))));
}

/* Adds the condition on the caller's number, in any spelling of the company's region. */
static void
add_phone(ListQuery *query)
{
	text	   *phone = document_text(query->params, "phone");
	char		variants[PHONE_VARIANTS_MAX][PHONE_E164_SIZE];
	Datum		elements[PHONE_VARIANTS_MAX + 1];
	PhoneCaller caller;
	int			count;

	if (phone == NULL)
		return;
	phone_caller(VARDATA_ANY(phone), VARSIZE_ANY_EXHDR(phone), query->company->region, PHONE_AGENT, &caller);
	if (caller.e164[0] == '\0')
	{
		list_add(query, "c.caller_raw = $%d", list_bind(query, TEXTOID, PointerGetDatum(phone)));
		return;
	}
	count = phone_variants(caller.e164, variants, PHONE_VARIANTS_MAX);
	elements[0] = CStringGetTextDatum(caller.e164);
	for (int i = 0; i < count; i++)
		elements[i + 1] = CStringGetTextDatum(variants[i]);
	if (count == 0)
		list_add(query, "c.caller_phone = $%d", list_bind(query, TEXTOID, elements[0]));
	else
		list_add(query, "c.caller_phone = ANY ($%d)",
				 list_bind(query, TEXTARRAYOID, text_array(elements, count + 1)));
}

/* Adds the condition on the customer, named by id or CUST number. */
static void
add_customer(ListQuery *query)
{
	text	   *reference = document_text(query->params, "customerId");
	text	   *id;

	if (reference == NULL)
		return;
	id = customer_resolve(query->identity->company, reference);
	if (id == NULL)
		query->is_empty = true;
	else
		list_add(query, "c.customer_id = $%d", list_bind(query, TEXTOID, PointerGetDatum(id)));
}

/* Adds the condition on a text: in a name, the summary, the problem or the result, or the number or its end. */
static void
add_text(ListQuery *query)
{
	int			q = list_bind_text(query);
	char	   *number;

	if (q == 0)
		return;
	number = list_number_condition(query, "c.caller_phone");
	/* customers are looked through once, not one for each call */
	list_add(query, "(callcenter.text_has(c.caller_name, $%d) OR callcenter.text_has(c.summary, $%d) OR callcenter.text_has(c.problem_description, $%d) "
			 "OR callcenter.text_has(c.result, $%d)%s%s OR c.customer_id IN (SELECT cu.id FROM callcenter.customers cu "
			 "WHERE cu.company_id = $1 AND callcenter.text_has(cu.full_name, $%d)))", q, q, q, q, number != NULL ? " OR " : "", number != NULL ? number : "", q);
}

void
call_list_filters(ListQuery *query)
{
	list_add_period(query, "c.started_at");
	add_phone(query);
	add_customer(query);
	add_text(query);
	query->replaced_from = query->where.len;
	list_add_word(query, "intent", "c.primary_intent");
	query->traits_from = query->where.len;
	list_add_choice(query, "status", "c.status");
	list_add_choice(query, "urgency", "c.urgency");
	add_tiers(query);
	if (document_has(query->params, "direction"))
		list_add(query, "c.direction = $%d::callcenter.call_direction", list_bind(query, TEXTOID, document_get(query->params, "direction")));
	list_add_flag(query, "flagged", "c.flagged");
	list_add_flag(query, "reviewed", "c.reviewed");
	list_add_flag(query, "followUp", "c.follow_up_required");
	query->replaced_to = query->where.len;
}

/*
 * Section: traits
 */

/* The values of each trait that filters ask for, as bits. */
typedef struct TraitFilter
{
	int			statuses;
	int			tiers;
	int			urgencies;
	int			given;			/* of TRAIT_OUTBOUND, TRAIT_FOLLOW_UP, TRAIT_REVIEWED and TRAIT_FLAGGED those that are asked for */
	int			set;			/* and those of them that calls must have */
} TraitFilter;

/* Adds what a parameter that is true or false asks for. */
static void
read_flag(const ListQuery *query, const char *path, int trait, TraitFilter *filter)
{
	filter->given |= trait;
	if (DatumGetBool(document_get(query->params, path)))
		filter->set |= trait;
}

/* Gives the values that a parameter has, of those that are numbered from "first" on. */
static int
read_choice(const ListQuery *query, const char *path, const char *const *names, int count, int first)
{
	int			bits = 0;

	for (int i = 0; i < count; i++)
		if (list_chooses(query, path, names[i]))
			bits |= 1 << (first + i);
	return bits;
}

/* Reads the filters of traits, or one of them alone. */
static void
read_trait_filter(const ListQuery *query, const char *only, TraitFilter *filter)
{
	static const char *const tiers[] = {"1", "2", "3"};
	static const char *const urgencies[] = {"normal", "urgent", "emergency"};
#define IS_READ(path) (document_has(query->params, path) && (only == NULL || strcmp(only, path) == 0))

	*filter = (TraitFilter) {~0, ~0, ~0, 0, 0};
	if (IS_READ("status"))
		filter->statuses = read_choice(query, "status", facts_status_names, FACTS_STATUSES, 0);
	if (IS_READ("tier"))
		filter->tiers = read_choice(query, "tier", tiers, lengthof(tiers), 1);
	if (IS_READ("urgency"))
		filter->urgencies = read_choice(query, "urgency", urgencies, lengthof(urgencies), 1);
	if (IS_READ("direction"))
	{
		filter->given |= TRAIT_OUTBOUND;
		if (strcmp(text_to_cstring(document_text(query->params, "direction")), "outbound") == 0)
			filter->set |= TRAIT_OUTBOUND;
	}
	if (IS_READ("followUp"))
		read_flag(query, "followUp", TRAIT_FOLLOW_UP, filter);
	if (IS_READ("reviewed"))
		read_flag(query, "reviewed", TRAIT_REVIEWED, filter);
	if (IS_READ("flagged"))
		read_flag(query, "flagged", TRAIT_FLAGGED, filter);
}

static bool
has_traits(const TraitFilter *filter, int traits)
{
	return (filter->statuses & (1 << TRAIT_STATUS(traits))) && (filter->tiers & (1 << TRAIT_TIER(traits))) &&
		(filter->urgencies & (1 << TRAIT_URGENCY(traits))) && (traits & filter->given) == filter->set;
}

/* Gives the traits that calls of the company have, which pass a filter, and not another one unless it is NULL: an array. */
static ArrayType *
traits_there_are(Datum company, const TraitFilter *filter, const TraitFilter *but)
{
	/* from each to the next one: a probe of the index each */
	static SavedPlan plan = {
		.sql = "WITH RECURSIVE t AS ("
		"(SELECT c.traits FROM callcenter.calls c WHERE c.company_id = $1 ORDER BY c.company_id, c.traits LIMIT 1) "
		"UNION ALL SELECT n.traits FROM t CROSS JOIN LATERAL ("
		"SELECT c.traits FROM callcenter.calls c WHERE c.company_id = $1 AND c.traits > t.traits ORDER BY c.company_id, c.traits LIMIT 1) n"
		") SELECT t.traits FROM t",
		.nargs = 1,
		.types = {TEXTOID},
	};
	uint64		count = plan_run(&plan, &company, NULL, true, 0);
	Datum	   *elements = palloc_array(Datum, count + 1);
	int			passed = 0;

	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;
		Datum		traits = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);

		if (has_traits(filter, DatumGetInt16(traits)) && (but == NULL || !has_traits(but, DatumGetInt16(traits))))
			elements[passed++] = traits;
	}
	return construct_array(elements, passed, INT2OID, sizeof(int16), true, TYPALIGN_SHORT);
}

/* Tells whether there is no filter of traits but those on status and on what is flagged. */
static bool
has_no_others(const ListQuery *query)
{
	static const char *const others[] = {"urgency", "tier", "direction", "reviewed", "followUp"};

	for (int i = 0; i < (int) lengthof(others); i++)
		if (document_has(query->params, others[i]))
			return false;
	return true;
}

/* Tells whether the status is the one filter of traits. */
static bool
is_status_alone(const ListQuery *query)
{
	return has_no_others(query) && !document_has(query->params, "flagged");
}

/* Tells whether the filters of traits have an index of their own, which has all columns that they need. */
static bool
has_own_index(const ListQuery *query)
{
	if (!has_no_others(query))
		return false;
	if (document_has(query->params, "flagged"))
		return DatumGetBool(document_get(query->params, "flagged")) && !document_has(query->params, "status");
	return ArrayGetNItems(1, ARR_DIMS(DatumGetArrayTypeP(document_get(query->params, "status")))) == 1;
}

/*
 * Counts the calls of a company and a period that have one of some traits, and one of some intents unless those are 0, at
 * most "most" or of so many.
 */
static int64
count_traits(Datum company, ArrayType *traits, Datum intents, TimestampTz start, TimestampTz end, int64 most)
{
#define COUNT_TRAITS(columns, condition) { \
	.sql = "SELECT count(*) FROM (SELECT " columns " FROM unnest($2) AS t (traits) CROSS JOIN LATERAL (" \
	"SELECT " columns " FROM callcenter.calls c WHERE c.company_id = $1 AND c.traits = t.traits AND c.started_at >= $3 AND c.started_at < $4 " \
	"ORDER BY c.started_at, c.id LIMIT $5) c LIMIT $5) c" condition, \
	.nargs = 6, \
	.types = {TEXTOID, INT2ARRAYOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID, TEXTARRAYOID}, \
}
	static SavedPlan plans[] = {
		COUNT_TRAITS("", " WHERE $6 IS NULL"),
		COUNT_TRAITS("c.primary_intent", " WHERE c.primary_intent = ANY ($6)"),
	};
	Datum		values[] = {company, PointerGetDatum(traits), TimestampTzGetDatum(start), TimestampTzGetDatum(end), Int64GetDatum(most), intents};
	bool		isnull[] = {false, false, false, false, false, intents == (Datum) 0};
	bool		result_isnull;

	plan_run(&plans[intents != (Datum) 0], values, isnull, true, 1);
	return DatumGetInt64(plan_result(1, &result_isnull));
}

/*
 * Looks the calls up that a text leaves, which no index has, unless they are many: those are found soon on the way through
 * all calls in order.
 */
static void
gather_text(ListQuery *query)
{
	int			ids;

	query->total = list_gather(query, call_list_source.from, call_list_source.company_column, call_list_source.id, LIST_FEW, &ids);
	if (query->total != LIST_TOTAL_COUNT)
		query->from = psprintf("FROM unnest($%d) AS g (id) CROSS JOIN LATERAL (SELECT * FROM callcenter.calls c WHERE c.company_id = $1 AND "
							   LIST_BY_ID("c.id", "g.id") ") c ", ids);
}

/*
 * A page is taken, and rows are counted, by traits, where filters ask for any: of each of them, or, beside intents, those
 * that are fewer.
 */
void
call_list_choose_index(ListQuery *query)
{
	Datum		company = PointerGetDatum(query->identity->company);
	bool		by_intent = document_has(query->params, "intent");
	TraitFilter filter;
	ArrayType  *traits;
	int			words_arg;

	if (document_has(query->params, "q") && !query->is_empty)
		gather_text(query);
	if (query->traits_from == query->replaced_to || query->is_empty || document_has(query->params, "q") ||
		document_has(query->params, "phone") || document_has(query->params, "customerId") || (!by_intent && has_own_index(query)))
		return;
	read_trait_filter(query, NULL, &filter);
	traits = traits_there_are(company, &filter, NULL);
	if (ARR_NDIM(traits) == 0)
	{
		query->is_empty = true;
		return;
	}
	words_arg = list_bind(query, INT2ARRAYOID, PointerGetDatum(traits));
	query->instead = psprintf(" AND c.traits = ANY ($%d)", words_arg);
	query->beside = pnstrdup(query->where.data + query->replaced_from, query->traits_from - query->replaced_from);
	if (by_intent)
	{
		/* the index by intent has traits, too: they are read by it unless there are more of those than of these */
		int64		most = Min(counters_total(company, COUNTER_CALLS, list_choice(query, "status"), list_choice(query, "intent")), LIST_FEW);

		if (most == 0)
			query->is_empty = true;
		if (is_status_alone(query) || count_traits(company, traits, (Datum) 0, DT_NOBEGIN, DT_NOEND, most) == most)
			return;
		/* an expression, which no index has */
		query->beside = psprintf(" AND (c.primary_intent || '') = ANY ($%d)",
								 list_bind(query, TEXTARRAYOID, document_get(query->params, "intent")));
	}
	query->words_arg = words_arg;
	query->nwords = ArrayGetNItems(1, ARR_DIMS(traits));
	query->word_column = "c.traits";
	query->word_is_instead = true;
}

/*
 * Section: totals
 */

/* Tells whether the query is filtered by nothing but the named parameters. */
static bool
filtered_only_by(const ListQuery *query, const char *const *paths)
{
	for (int i = 0; i < query->params->table->count; i++)
	{
		const char *path = query->params->table->fields[i].path;
		bool		allowed = strcmp(path, "page") == 0 || strcmp(path, "limit") == 0 || strcmp(path, "after") == 0 || strcmp(path, "sort") == 0;

		for (const char *const *p = paths; *p != NULL && !allowed; p++)
			allowed = strcmp(path, *p) == 0;
		if (!allowed && !query->params->isnull[i])
			return false;
	}
	return true;
}

/* Tells whether this is the first page of all calls, newest first, over which stand those that go on. */
static bool
is_front_page(const ListQuery *query)
{
	static const char *const nothing[] = {NULL};

	return filtered_only_by(query, nothing) && !document_has(query->params, "after") && query->sort == query->source->orders &&
		(!document_has(query->params, "page") || DatumGetInt32(document_get(query->params, "page")) == 1);
}

/* Gives how many calls have one of the intents that are asked for; LIST_TOTAL_COUNT when the summary does not tell. */
static int64
intents_total(const CallSummary *summary, const ListQuery *query)
{
	Datum	   *intents;
	int			count;
	int64		total = 0;

	deconstruct_array(DatumGetArrayTypeP(document_get(query->params, "intent")), TEXTOID, -1, false, TYPALIGN_INT, &intents, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *name = TextDatumGetCString(intents[i]);
		const SummaryIntent *intent = summary_intent(summary, name, strlen(name));
		bool		is_again = false;

		for (int j = 0; j < i && !is_again; j++)
			is_again = strcmp(TextDatumGetCString(intents[j]), name) == 0;
		/* those without an intent have the empty one there */
		if (name[0] == '\0')
			return LIST_TOTAL_COUNT;
		if (intent != NULL && !is_again)
			total += intent->counts[INTENT_CALLS];
	}
	return total;
}

/* Gives how many calls pass one of the filters that summaries count. */
static int64
filter_total(const CallSummary *summary, const ListQuery *query, const char *path)
{
	TraitFilter filter;
	int64		total = 0;

	if (strcmp(path, "intent") == 0)
		return intents_total(summary, query);
	read_trait_filter(query, path, &filter);
	if (strcmp(path, "status") == 0)
	{
		for (int i = 0; i < FACTS_STATUSES; i++)
			if (filter.statuses & (1 << i))
				total += summary->counts[COUNT_STATUS + i];
		return total;
	}
	if (strcmp(path, "tier") == 0)
	{
		for (int i = 0; i < FACTS_TIERS; i++)
			if (filter.tiers & (1 << i))
				total += summary->counts[COUNT_TIER + i];
		return total;
	}
	total = summary->counts[filter.given == TRAIT_OUTBOUND ? COUNT_OUTBOUND :
							filter.given == TRAIT_FOLLOW_UP ? COUNT_FOLLOW_UP :
							filter.given == TRAIT_REVIEWED ? COUNT_REVIEWED : COUNT_FLAGGED];
	return filter.set != 0 ? total : summary_calls(summary) - total;
}

/* Counts the calls of a company in a period. */
static int64
count_period(Datum company, TimestampTz start, TimestampTz end)
{
	if (TIMESTAMP_IS_NOBEGIN(start) && TIMESTAMP_IS_NOEND(end))
		return counters_total(company, COUNTER_CALLS, (Datum) 0, (Datum) 0);
	return counters_calls_between(company, start, end);
}

/* The filters that summaries count. */
static const char *const counted_filters[] = {"status", "intent", "tier", "direction", "flagged", "reviewed", "followUp"};

/*
 * Counts the calls of a period that pass filters of traits, where they are few, or where those are that pass one of the
 * filters and not all: how many that one leaves is known.
 */
static int64
count_by_traits(const ListQuery *query, TimestampTz start, TimestampTz end)
{
	Datum		company = PointerGetDatum(query->identity->company);
	int64		count = count_traits(company, DatumGetArrayTypeP(query->values[query->words_arg - 1]), (Datum) 0, start, end, LIST_FEW + 1);
	bool		has_counted = false;
	TraitFilter filter,
				one;

	if (count <= LIST_FEW)
		return count;
	read_trait_filter(query, NULL, &filter);
	for (int i = 0; i < (int) lengthof(counted_filters); i++)
	{
		if (!document_has(query->params, counted_filters[i]))
			continue;
		has_counted = true;
		read_trait_filter(query, counted_filters[i], &one);
		count = count_traits(company, traits_there_are(company, &one, &filter), (Datum) 0, start, end, LIST_FEW + 1);
		if (count <= LIST_FEW)
			return filter_total(rollups_between(company, query->company->time_zone, start, end), query, counted_filters[i]) - count;
	}
	/* of all calls those that do not pass are no fewer */
	if (has_counted)
		return LIST_TOTAL_COUNT;
	read_trait_filter(query, "", &one);
	count = count_traits(company, traits_there_are(company, &one, &filter), (Datum) 0, start, end, LIST_FEW + 1);
	return count <= LIST_FEW ? count_period(company, start, end) - count : LIST_TOTAL_COUNT;
}

/*
 * Counts the calls that have one of the intents and pass filters of traits, where those are few that pass the one on status
 * and not all: how many have these intents and statuses is known.
 */
static int64
count_by_intents(const ListQuery *query)
{
	Datum		company = PointerGetDatum(query->identity->company);
	TraitFilter filter,
				status;
	ArrayType  *others;
	int64		all = counters_total(company, COUNTER_CALLS, list_choice(query, "status"), list_choice(query, "intent"));

	if (all <= LIST_FEW)
		return LIST_TOTAL_COUNT;	/* those themselves are */
	read_trait_filter(query, NULL, &filter);
	read_trait_filter(query, "status", &status);
	others = traits_there_are(company, &status, &filter);
	if (count_traits(company, others, (Datum) 0, DT_NOBEGIN, DT_NOEND, LIST_FEW + 1) > LIST_FEW)
		return LIST_TOTAL_COUNT;
	return all - count_traits(company, others, list_choice(query, "intent"), DT_NOBEGIN, DT_NOEND, LIST_FEW);
}

/* Gives the total where it is known without counting many calls. */
static int64
known_total(ListQuery *query)
{
	static const char *const choices[] = {"status", "intent", NULL};
	static const char *const traits[] = {"startDate", "endDate", "status", "tier", "urgency", "direction", "flagged", "reviewed", "followUp", NULL};
	static const char *const with_intent[] = {"intent", "status", "tier", "urgency", "direction", "flagged", "reviewed", "followUp", NULL};
	const char *alone[] = {"startDate", "endDate", NULL, NULL};
	Datum		company = PointerGetDatum(query->identity->company);
	TimestampTz start,
				end;

	if (document_has(query->params, "after") || query->is_empty || query->total != LIST_TOTAL_COUNT)
		return query->total;
	if (filtered_only_by(query, choices))
		return counters_total(company, COUNTER_CALLS, list_choice(query, "status"), list_choice(query, "intent"));
	list_period(query, &start, &end);
	if (filtered_only_by(query, alone))
		return count_period(company, start, end);
	for (int i = 0; i < (int) lengthof(counted_filters); i++)
	{
		alone[2] = counted_filters[i];
		if (filtered_only_by(query, alone))
			return filter_total(rollups_between(company, query->company->time_zone, start, end), query, alone[2]);
	}
	if (query->word_is_instead && filtered_only_by(query, traits))
		return count_by_traits(query, start, end);
	if (query->instead != NULL && !query->word_is_instead && filtered_only_by(query, with_intent))
		return count_by_intents(query);
	return LIST_TOTAL_COUNT;
}

/* list_calls(company_id object_id, params jsonb, token text) json: a page of calls. */
Datum
cc_list_calls(PG_FUNCTION_ARGS)
{
	ListQuery  *query = list_begin(fcinfo, &call_list_source, RIGHT_READ);

	call_list_filters(query);
	call_list_choose_index(query);
	if (is_front_page(query))
		query->also = open_calls_shown(query->identity, query->company);
	return list_end(query, known_total(query));
}
