/*
 * customer_list.c
 *		Reading many: list_customers(), customer_timeline(), get_customer_stats().
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
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

/*
 * What the rows of a page are shown with: looked up by their keys, one after another.  Of the addresses the first one is
 * shown that is primary, or else the first.
 */
#define PAGE_JOINS \
	"LEFT JOIN LATERAL (SELECT p.phone AS primary_phone FROM callcenter.customer_phones p " \
	"WHERE p.company_id = cu.company_id AND p.customer_id = cu.id AND p.kind = 'primary' LIMIT 1) ph ON true " \
	"LEFT JOIN LATERAL (SELECT a.city, a.state FROM callcenter.customer_addresses a " \
	"WHERE a.company_id = cu.company_id AND a.customer_id = cu.id ORDER BY a.is_primary DESC, a.position LIMIT 1) ad ON true "
#define CUSTOMER_OF_STATS \
	"CROSS JOIN LATERAL (SELECT * FROM callcenter.customers cu WHERE cu.company_id = st.company_id AND " LIST_BY_ID("cu.id", "st.customer_id") ") cu "
#define STATS_OF_CUSTOMER \
	"LEFT JOIN LATERAL (SELECT * FROM callcenter.customer_stats st WHERE st.company_id = cu.company_id AND " LIST_BY_ID("st.customer_id", "cu.id") ") st ON true "

static const SortOrder customer_orders[];

/* Customers by their number. */
static const ListSource number_source = {
	.member = "customers",
	.fields = &customer_fields,
	.parameters = &customer_parameters,
	.orders = customer_orders,
	.id = "cu.id",
	.alias = "cu",
	.from = "FROM callcenter.customers cu ",
	.joins = STATS_OF_CUSTOMER PAGE_JOINS,
	.company_column = "cu.company_id",
	.counted = &number_source,
};

/* Customers by what their calls and visits add up to; each has a row of statistics. */
static const ListSource stats_source = {
	.member = "customers",
	.fields = &customer_fields,
	.parameters = &customer_parameters,
	.orders = customer_orders,
	.id = "st.customer_id",
	.alias = "st",
	.from = "FROM callcenter.customer_stats st ",
	.filter_joins = CUSTOMER_OF_STATS,
	.joins = CUSTOMER_OF_STATS PAGE_JOINS,
	.company_column = "st.company_id",
	.counted = &number_source,
};

#define CONTACT_COLUMNS "s.company_id, s.customer_id, CASE WHEN s.last_contact IS NULL THEN '-infinity' ELSE s.last_contact END AS contacted, " \
	"s.last_contact, s.calls, s.lifetime_value, s.lifetime_hundredths"

static const SortOrder customer_orders[] = {
	{"lastContact", "st.contacted", "st.contacted DESC, st.customer_id DESC", "<", true, &stats_source},
	{"newest", "cu.customer_number", "cu.customer_number DESC", "<", false, &number_source},
	{"oldest", "cu.customer_number", "cu.customer_number", ">", false, &number_source},
	{"calls", "st.calls", "st.calls DESC, st.customer_id DESC", "<", false, &stats_source},
	{"value", "st.lifetime_hundredths", "st.lifetime_hundredths DESC, st.customer_id DESC", "<", false, &stats_source},
	{NULL},
};

/* Adds the condition on a text: in the name, the e-mail address or a street, or a number or its end. */
static void
add_text(ListQuery *query)
{
	int			q = list_bind_text(query);
	char	   *number;

	if (q == 0)
		return;
	number = list_number_condition(query, "p.phone");
	if (number != NULL)
		number = psprintf(" OR cu.id IN (SELECT p.customer_id FROM callcenter.customer_phones p WHERE p.company_id = $1 AND (%s))", number);
	/* addresses and numbers are looked through once, not some for each customer */
	list_add(query, "(callcenter.text_has(cu.full_name, $%d) OR callcenter.text_has(cu.email, $%d)%s OR cu.id IN (SELECT a.customer_id "
			 "FROM callcenter.customer_addresses a WHERE a.company_id = $1 AND callcenter.text_has(a.street, $%d)))", q, q, number != NULL ? number : "", q);
}

/*
 * Has the rows read by last contact: those of each status are in the order of an index (customer_stats_contact), and are
 * merged.  A status that is not asked for is not read.
 */
static void
read_by_contact(ListQuery *query)
{
	/* all there are: customers of another one would be in no list */
	static const char *const statuses[] = {"lead", "active", "inactive", "churned", "do_not_contact"};
	StringInfoData from;
	const char *separator = "FROM (";

	initStringInfo(&from);
	for (int i = 0; i < (int) lengthof(statuses); i++)
	{
		if (!list_chooses(query, "status", statuses[i]))
			continue;
		appendStringInfo(&from, "%s(SELECT " CONTACT_COLUMNS " FROM callcenter.customer_stats s WHERE s.status = '%s' "
						 "ORDER BY contacted DESC, s.customer_id DESC)", separator, statuses[i]);
		separator = " UNION ALL ";
	}
	if (from.len == 0)
		query->is_empty = true;
	appendStringInfoString(&from, ") st ");
	query->from = from.data;
}

/*
 * Gives how many customers are few: so many are looked up and sorted sooner than found on the way through all customers in
 * order.  Of n customers, the way to a page of those who are few is about page * n / few rows long.
 */
static int64
few_customers(const ListQuery *query)
{
	int64		all = counters_total(PointerGetDatum(query->identity->company), COUNTER_CUSTOMERS, (Datum) 0, (Datum) 0);

	return 1 + (int64) sqrt((double) LIST_LIMIT_MAX * Max(all, 0));
}

/* Adds the condition on the status, which customer_stats have, too. */
static void
add_status(ListQuery *query)
{
	if (query->source == &number_source)
		list_add_word(query, "status", "cu.status");
	else if (query->sort == customer_orders ||
			 (document_has(query->params, "status") &&
			  counters_total(PointerGetDatum(query->identity->company), COUNTER_CUSTOMERS, list_choice(query, "status"), (Datum) 0) <= few_customers(query)))
		read_by_contact(query);
	else
		list_add_choice(query, "status", "st.status");
}

/* Adds the condition on the type, in words: an index of one type is used where the planner sees that it is this one. */
static void
add_type(ListQuery *query)
{
	StringInfoData types;
	Datum	   *elements;
	int			count;

	if (!document_has(query->params, "type"))
		return;
	initStringInfo(&types);
	deconstruct_array(DatumGetArrayTypeP(document_get(query->params, "type")), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		appendStringInfo(&types, "%s%s", i > 0 ? ", " : "", quote_literal_cstr(TextDatumGetCString(elements[i])));
	list_add(query, "cu.customer_type IN (%s)", types.data);
}

/* Gives how many customers have a tag, at most "most". */
static int64
count_tag(Datum company, Datum tag, int64 most)
{
	static SavedPlan plan = {
		.sql = "SELECT count(*) FROM (SELECT FROM callcenter.customer_tags g WHERE g.company_id = $1 AND g.tag = $2 "
		"ORDER BY g.customer_id LIMIT $3) g",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, INT8OID},
	};
	Datum		values[] = {company, tag, Int64GetDatum(most)};
	bool		isnull;

	plan_run(&plan, values, NULL, true, 1);
	return DatumGetInt64(plan_result(1, &isnull));
}

/* Adds the condition on tags: the customer has all of them.  Gives the rarest of them, and how many have it, at most "most". */
static int
add_tags(ListQuery *query, int64 most, int64 *customers)
{
	Datum		company = PointerGetDatum(query->identity->company);
	Datum	   *tags;
	int			count,
				arg,
				rarest = 0;

	deconstruct_array(DatumGetArrayTypeP(document_get(query->params, "tag")), TEXTOID, -1, false, TYPALIGN_INT, &tags, NULL, &count);
	/* counted for each customer, by its key, however many others have them */
	arg = list_bind(query, TEXTARRAYOID, document_get(query->params, "tag"));
	list_add(query, "(SELECT count(*) FROM callcenter.customer_tags g WHERE g.company_id = cu.company_id AND g.customer_id = cu.id "
			 "AND g.tag = ANY ($%d)) = (SELECT count(DISTINCT w.tag) FROM unnest($%d) AS w (tag))", arg, arg);
	*customers = most;
	for (int i = 0; i < count; i++)
	{
		int64		of_tag = count_tag(company, tags[i], *customers);

		if (of_tag < *customers)
		{
			*customers = of_tag;
			rarest = i;
		}
	}
	return list_bind(query, TEXTOID, tags[rarest]);
}

/*
 * Adds filters that customer_stats do not have: type, tags and text.  Where they leave few customers, those are looked up
 * and sorted; others are found on the way through all of them in order.  Gives the total; LIST_TOTAL_COUNT where it is
 * still to be counted.
 */
static int64
add_others(ListQuery *query)
{
	Datum		company = PointerGetDatum(query->identity->company);
	bool		tagged = document_has(query->params, "tag");
	bool		searched = document_has(query->params, "q");
	bool		of_kind = document_has(query->params, "status") || document_has(query->params, "type");
	int64		few = few_customers(query);
	/* those of the status and type, which are counted */
	int64		total = counters_total(company, COUNTER_CUSTOMERS, list_choice(query, "status"), list_choice(query, "type"));
	int64		of_tag;
	const char *from = number_source.from;
	int			arg;

	list_add_choice(query, "status", "cu.status");
	add_type(query);
	add_text(query);
	if (tagged)
	{
		bool		alone = !of_kind && !searched && ArrayGetNItems(1, ARR_DIMS(DatumGetArrayTypeP(document_get(query->params, "tag")))) == 1;

		arg = add_tags(query, Min(total, few + 1), &of_tag);
		if (of_tag <= few ? of_tag < total : !of_kind)
			from = query->count_from =
				psprintf("FROM (SELECT g.customer_id FROM callcenter.customer_tags g WHERE g.company_id = $1 AND g.tag = $%d OFFSET 0) g "
						 "CROSS JOIN LATERAL (SELECT * FROM callcenter.customers cu WHERE cu.company_id = $1 AND "
						 LIST_BY_ID("cu.id", "g.customer_id") ") cu ", arg);
		total = alone ? count_tag(company, query->values[arg - 1], PG_INT64_MAX) : LIST_TOTAL_COUNT;
	}
	else if (searched)
		total = LIST_TOTAL_COUNT;
	if (total <= few)
	{
		int64		gathered = list_gather(query, from, "cu.company_id", "cu.id", few, &arg);

		if (gathered != LIST_TOTAL_COUNT)
		{
			query->from = query->source == &number_source ?
				psprintf("FROM unnest($%d) AS g (customer_id) CROSS JOIN LATERAL (SELECT * FROM callcenter.customers cu WHERE cu.company_id = $1 AND "
						 LIST_BY_ID("cu.id", "g.customer_id") ") cu ", arg) :
				psprintf("FROM unnest($%d) AS g (customer_id) CROSS JOIN LATERAL (SELECT " CONTACT_COLUMNS " FROM callcenter.customer_stats s "
						 "WHERE s.company_id = $1 AND " LIST_BY_ID("s.customer_id", "g.customer_id") ") st ", arg);
			return gathered;
		}
	}
	query->needs_joins = query->source == &stats_source;
	if (query->sort == customer_orders)
		read_by_contact(query);
	return total;
}

/* list_customers(company_id object_id, params jsonb, token text) json: a page of customers. */
Datum
cc_list_customers(PG_FUNCTION_ARGS)
{
	ListQuery  *query = list_begin(fcinfo, &stats_source, RIGHT_READ);
	int64		total;

	if (document_has(query->params, "type") || document_has(query->params, "tag") || document_has(query->params, "q"))
		return list_end(query, add_others(query));
	add_status(query);
	total = document_has(query->params, "after") ? LIST_TOTAL_COUNT :
		counters_total(PointerGetDatum(query->identity->company), COUNTER_CUSTOMERS, list_choice(query, "status"), (Datum) 0);
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
	"FROM callcenter.appointments a " APPOINTMENT_JOINS, "a.company_id = $1 AND a.customer_id = $2"},
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
