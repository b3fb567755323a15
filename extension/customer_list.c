/*
 * customer_list.c
 *		Reading many: list_customers(), customer_timeline(), get_customer_stats().
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "api.h"
#include "calls.h"
#include "counters.h"
#include "customers.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"
#include "list.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_list_customers);
PG_FUNCTION_INFO_V1(cc_get_customer_stats);
PG_FUNCTION_INFO_V1(cc_customer_timeline);

static const Field parameter_list[] = {
	LIST_PARAMETERS,
	{"status", NULL, FIELD_TEXT_LIST, 0, 0, 5, .of = "customer_status"},
	{"type", NULL, FIELD_TEXT_LIST, 0, 0, 3, .of = "customer_type"},
	{"tag", NULL, FIELD_TEXT_LIST, 0, 0, 20},
	{"q", NULL, FIELD_TEXT, 0, 1, 200},
};

static const FieldTable customer_parameters = {NULL, NULL, parameter_list, FIELD_TABLE_COUNT(parameter_list),.lenient = true};

#define CALLS_KEY "coalesce(st.calls, 0)"
#define VALUE_KEY "(coalesce(st.lifetime_value, 0) * 100)::bigint"
#define CONTACT_KEY "coalesce(st.last_contact, '-infinity')"

static const SortOrder customer_orders[] = {
	{"lastContact", CONTACT_KEY, CONTACT_KEY " DESC, cu.id DESC", "<", true},
	{"newest", "cu.customer_number", "cu.customer_number DESC, cu.id DESC", "<", false},
	{"oldest", "cu.customer_number", "cu.customer_number, cu.id", ">", false},
	{"calls", CALLS_KEY, CALLS_KEY " DESC, cu.id DESC", "<", false},
	{"value", VALUE_KEY, VALUE_KEY " DESC, cu.id DESC", "<", false},
	{NULL},
};

static const ListSource customer_source = {
	.member = "customers",
	.fields = &customer_fields,
	.parameters = &customer_parameters,
	.orders = customer_orders,
	.id = "cu.id",
	.alias = "cu",
	.from = "FROM callcenter.customers cu ",
	.order_joins = "LEFT JOIN callcenter.customer_stats st ON st.company_id = cu.company_id AND st.customer_id = cu.id ",
	.joins = CUSTOMER_JOINS,
	.company_column = "cu.company_id",
};

/* Adds the condition on a text: in the name, the e-mail address or a street, or a number or its end. */
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
		number = psprintf(" OR EXISTS (SELECT 1 FROM callcenter.customer_phones p WHERE p.company_id = cu.company_id AND p.customer_id = cu.id "
						  "AND p.phone LIKE ANY ($%d))", numbers);
	list_add(query, "(cu.full_name ILIKE $%d OR cu.email ILIKE $%d OR EXISTS (SELECT 1 FROM callcenter.customer_addresses a "
			 "WHERE a.company_id = cu.company_id AND a.customer_id = cu.id AND a.street ILIKE $%d)%s)", arg, arg, arg, number);
}

/* Adds the condition on tags: the customer has all of them. */
static void
add_tags(ListQuery *query)
{
	if (document_has(query->params, "tag"))
		list_add(query, "NOT EXISTS (SELECT 1 FROM unnest($%d) AS w (tag) WHERE NOT EXISTS (SELECT 1 FROM callcenter.customer_tags g "
				 "WHERE g.company_id = cu.company_id AND g.customer_id = cu.id AND g.tag = w.tag))",
				 list_bind(query, TEXTARRAYOID, document_get(query->params, "tag")));
}

/* list_customers(company_id object_id, params jsonb, token text) json: a page of customers. */
Datum
cc_list_customers(PG_FUNCTION_ARGS)
{
	ListQuery  *query = list_begin(fcinfo, &customer_source, RIGHT_READ);
	bool		counted = document_has(query->params, "type") || document_has(query->params, "tag") || document_has(query->params, "q");
	int64		total = LIST_TOTAL_COUNT;

	list_add_choice(query, "status", "cu.status");
	list_add_choice(query, "type", "cu.customer_type::text");
	add_tags(query);
	add_text(query);
	if (!counted && !document_has(query->params, "after"))
		total = counters_total(PointerGetDatum(query->identity->company), COUNTER_CUSTOMERS,
							   document_has(query->params, "status") ? document_get(query->params, "status") : (Datum) 0, (Datum) 0);
	return list_end(query, total);
}

/* Enters the identity and finds the customer that argument 1 names; argument "token_arg" is the token. */
static text *
begin_read(FunctionCallInfo fcinfo, int token_arg, Identity **identity, WriteContext *context)
{
	text	   *id;

	*identity = api_begin(fcinfo, token_arg, RIGHT_READ);
	context->company = company_get((*identity)->company_id);
	id = customer_resolve((*identity)->company, api_text(fcinfo, 1, "customerId"));
	if (id == NULL || !customer_select((*identity)->company, id))
		error_not_found("Customer");
	return id;
}

/* get_customer_stats(company_id object_id, customer_id text, token text) json: what the calls and visits of a customer add up to. */
Datum
cc_get_customer_stats(PG_FUNCTION_ARGS)
{
	Identity   *identity;
	WriteContext context = {0};
	bool	   *only = palloc0_array(bool, customer_fields.count);
	StringInfoData out;

	begin_read(fcinfo, 2, &identity, &context);
	for (int i = 0; i < customer_fields.count; i++)
	{
		const char *path = customer_fields.fields[i].path;

		only[i] = strncmp(path, "stats.", 6) == 0 || strcmp(path, "customerId") == 0 || strcmp(path, "firstContactDate") == 0 ||
			strcmp(path, "lastContactDate") == 0 || strcmp(path, "becameCustomerDate") == 0;
	}
	context.only = only;
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true");
	document_write(&out, &customer_fields, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &context);
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}

/*
 * Section: the timeline
 */

static const Field note_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_IN_LIST},
	{"text", "text", FIELD_TEXT, FIELD_IN_LIST},
	{"category", "category", FIELD_ENUM, FIELD_IN_LIST},
	{"addedBy", "added_by", FIELD_TEXT, FIELD_IN_LIST},
	{"addedAt", "added_at", FIELD_TIMESTAMP, FIELD_IN_LIST},
};

static const FieldTable note_fields = {"customer_notes", "n", note_field_list, FIELD_TABLE_COUNT(note_field_list)};

/* What a timeline is woven from; $1 company, $2 customer, $3 zone, $4 and $5 time and id behind which to go on. */
static const struct
{
	const char *type;
	const FieldTable *fields;
	const char *at;
	const char *id;
	const char *from;
	const char *where;
}			strands[] = {
	{"call", &call_fields, "c.started_at", "c.id", CALL_ROW_SOURCES, "c.company_id = $1 AND c.customer_id = $2"},
	{"appointment", &appointment_fields, "coalesce(a.scheduled_date::timestamp AT TIME ZONE $3, a.created_at)", "a.id",
	"FROM callcenter.appointments a ", "a.company_id = $1 AND a.customer_id = $2"},
	{"note", &note_fields, "n.added_at", "n.id", "FROM callcenter.customer_notes n ", "n.company_id = $1 AND n.customer_id = $2"},
};

static const Field timeline_parameter_list[] = {
	{"limit", NULL, FIELD_INT, 0, 1, LIST_LIMIT_MAX},
	{"after", NULL, FIELD_TEXT, 0, 1, 80},
};

static const FieldTable timeline_parameters = {NULL, NULL, timeline_parameter_list, FIELD_TABLE_COUNT(timeline_parameter_list),.lenient = true};

/* Where a strand stands while they are woven together. */
typedef struct Strand
{
	SPITupleTable *rows;
	uint64		count;
	uint64		next;
	TimestampTz at;				/* of the next row */
	char	   *id;
} Strand;

/* Reads time and id of the next row of a strand. */
static void
peek(Strand *strand, int i)
{
	int			column = document_select_count(strands[i].fields, true) + 1;
	bool		isnull;

	if (strand->next >= strand->count)
		return;
	strand->at = DatumGetTimestampTz(SPI_getbinval(strand->rows->vals[strand->next], strand->rows->tupdesc, column, &isnull));
	strand->id = TextDatumGetCString(SPI_getbinval(strand->rows->vals[strand->next], strand->rows->tupdesc, column + 1, &isnull));
}

/* Selects the next rows of a strand, newest first. */
static void
select_strand(Strand *strand, int i, Datum *values, const bool *isnull)
{
	static const Oid types[] = {TEXTOID, TEXTOID, TEXTOID, TIMESTAMPTZOID, TEXTOID, INT8OID};
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	document_select_list(&sql, strands[i].fields, true);
	appendStringInfo(&sql, ", %s, %s %sWHERE %s AND ($4 IS NULL OR (%s, %s) < ($4, $5)) AND $3 IS NOT NULL ORDER BY %s DESC, %s DESC LIMIT $6",
					 strands[i].at, strands[i].id, strands[i].from, strands[i].where, strands[i].at, strands[i].id, strands[i].at, strands[i].id);
	strand->count = plan_run_text(sql.data, 6, types, values, isnull, true);
	strand->rows = SPI_tuptable;
	strand->next = 0;
	peek(strand, i);
}

/* Gives the strand whose next row is the newest; -1 when all are at their end. */
static int
newest_strand(const Strand *woven)
{
	int			newest = -1;

	for (int i = 0; i < (int) lengthof(strands); i++)
	{
		if (woven[i].next >= woven[i].count)
			continue;
		if (newest < 0 || woven[i].at > woven[newest].at || (woven[i].at == woven[newest].at && strcmp(woven[i].id, woven[newest].id) > 0))
			newest = i;
	}
	return newest;
}

/* Reads the cursor "<microseconds>.<id>". */
static void
read_cursor(const Document *params, Datum *at, Datum *id, bool *isnull)
{
	char	   *cursor;
	char	   *dot;
	char	   *end;

	*isnull = !document_has(params, "after");
	if (*isnull)
		return;
	cursor = text_to_cstring(document_text(params, "after"));
	dot = strchr(cursor, '.');
	if (dot == NULL || !object_id_is_valid(dot + 1, strlen(dot + 1)))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "after", "must be a nextCursor of this timeline");
	*at = Int64GetDatum(strtoi64(cursor, &end, 10));
	if (end != dot)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "after", "must be a nextCursor of this timeline");
	*id = CStringGetTextDatum(dot + 1);
}

/* customer_timeline(company_id object_id, customer_id text, params jsonb, token text) json: calls, visits and notes of a customer, newest first. */
Datum
cc_customer_timeline(PG_FUNCTION_ARGS)
{
	Identity   *identity;
	WriteContext context = {0};
	text	   *id = begin_read(fcinfo, 3, &identity, &context);
	Document   *params;
	int			limit = LIST_LIMIT_DEFAULT;
	Strand		woven[lengthof(strands)];
	Datum		values[6] = {0};
	bool		isnull[6] = {false};
	char	   *cursor = NULL;
	StringInfoData out;
	int			strand;

	params = document_read(&timeline_parameters, api_document(fcinfo, 2, "parameters"), DOCUMENT_PARAMS);
	if (document_has(params, "limit"))
		limit = DatumGetInt32(document_get(params, "limit"));
	values[0] = PointerGetDatum(identity->company);
	values[1] = PointerGetDatum(id);
	values[2] = CStringGetTextDatum(context.company->time_zone_name);
	read_cursor(params, &values[3], &values[4], &isnull[3]);
	isnull[4] = isnull[3];
	values[5] = Int64GetDatum(limit + 1);
	for (int i = 0; i < (int) lengthof(strands); i++)
		select_strand(&woven[i], i, values, isnull);

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"entries\":[");
	for (int shown = 0; shown < limit && (strand = newest_strand(woven)) >= 0; shown++)
	{
		Strand	   *s = &woven[strand];

		json_item(&out);
		appendStringInfo(&out, "{\"type\":\"%s\",\"at\":", strands[strand].type);
		json_timestamp(&out, s->at);
		json_key(&out, strands[strand].type);
		appendStringInfoChar(&out, '{');
		document_write(&out, strands[strand].fields, true, s->rows->vals[s->next], s->rows->tupdesc, 1, &context);
		appendStringInfoString(&out, "}}");
		cursor = psprintf(INT64_FORMAT ".%s", s->at, s->id);
		s->next++;
		peek(s, strand);
	}
	appendStringInfoString(&out, "],\"nextCursor\":");
	if (newest_strand(woven) >= 0)
		json_cstring(&out, cursor);
	else
		appendStringInfoString(&out, "null");
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}
