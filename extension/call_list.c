/*
 * call_list.c
 *		list_calls(): pages of calls, and the filters that export and deletion share.
 *
 * Totals without filters, by time alone, or by status and intent alone come from the counters; others are counted.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "calls.h"
#include "counters.h"
#include "customers.h"
#include "errors.h"
#include "identity.h"
#include "list.h"
#include "open_calls.h"
#include "phone.h"
#include "plans.h"

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

static const SortOrder call_orders[] = {
	{"newest", "c.started_at", "c.started_at DESC, c.id DESC", "<", true},
	{"oldest", "c.started_at", "c.started_at, c.id", ">", true},
	{"longest", "coalesce(c.duration_seconds, -1)::bigint", "coalesce(c.duration_seconds, -1)::bigint DESC, c.id DESC", "<", false},
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
	.from = "FROM callcenter.calls c ",
	.filter_joins = "LEFT JOIN callcenter.customers cu ON cu.company_id = c.company_id AND cu.id = c.customer_id ",
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
	char	   *pattern = list_pattern(query);
	const char *number = "";
	int			arg,
				numbers;

	if (pattern == NULL)
		return;
	arg = list_bind(query, TEXTOID, CStringGetTextDatum(pattern));
	numbers = list_bind_numbers(query);
	if (numbers > 0)
		number = psprintf(" OR c.caller_phone LIKE ANY ($%d)", numbers);
	list_add(query, "(cu.full_name ILIKE $%d OR c.caller_name ILIKE $%d OR c.summary ILIKE $%d OR c.problem_description ILIKE $%d "
			 "OR c.result ILIKE $%d%s)", arg, arg, arg, arg, arg, number);
	query->needs_joins = true;
}

void
call_list_filters(ListQuery *query)
{
	list_add_period(query, "c.started_at");
	list_add_choice(query, "status", "c.status");
	list_add_word(query, "intent", "c.primary_intent");
	list_add_choice(query, "urgency", "c.urgency");
	add_tiers(query);
	add_phone(query);
	add_customer(query);
	if (document_has(query->params, "direction"))
		list_add(query, "c.direction = $%d::callcenter.call_direction", list_bind(query, TEXTOID, document_get(query->params, "direction")));
	list_add_flag(query, "flagged", "c.flagged");
	list_add_flag(query, "reviewed", "c.reviewed");
	list_add_flag(query, "followUp", "c.follow_up_required");
	add_text(query);
}

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

/* Gives the total from the counters, when they can tell it. */
static int64
known_total(ListQuery *query)
{
	static const char *const choices[] = {"status", "intent", NULL};
	static const char *const period[] = {"startDate", "endDate", NULL};
	Datum		company = PointerGetDatum(query->identity->company);

	if (document_has(query->params, "after"))
		return LIST_TOTAL_COUNT;
	if (filtered_only_by(query, choices))
		return counters_total(company, COUNTER_CALLS,
							  document_has(query->params, "status") ? document_get(query->params, "status") : (Datum) 0,
							  document_has(query->params, "intent") ? document_get(query->params, "intent") : (Datum) 0);
	if (filtered_only_by(query, period))
	{
		TimestampTz start,
					end;

		list_period(query, &start, &end);
		return counters_calls_between(company, start, end);
	}
	return LIST_TOTAL_COUNT;
}

/* list_calls(company_id object_id, params jsonb, token text) json: a page of calls. */
Datum
cc_list_calls(PG_FUNCTION_ARGS)
{
	ListQuery  *query = list_begin(fcinfo, &call_list_source, RIGHT_READ);

	call_list_filters(query);
	if (is_front_page(query))
		query->also = open_calls_shown(query->identity, query->company);
	return list_end(query, known_total(query));
}
