/*
 * call_list.c
 *		list_calls(): pages of calls, filtered and sorted.
 *
 * The statement is composed of the parts that the parameters ask for, so that each combination has a plan of its own and
 * an index of its own; values are always bound.  Pages are by number, with an exact total, or by cursor: the sort key of
 * the last row, so that the deepest page costs what the first does.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "calls.h"
#include "customers.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"
#include "local_time.h"
#include "phone.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_list_calls);

#define LIMIT_DEFAULT	50
#define LIMIT_MAX		100
#define PAGE_MAX		1000000
#define ARGS_MAX		32

static const Field parameter_list[] = {
	{"page", NULL, FIELD_INT, 0, 1, PAGE_MAX},
	{"limit", NULL, FIELD_INT, 0, 1, LIMIT_MAX},
	{"after", NULL, FIELD_TEXT, 0, 1, 80},
	{"startDate", NULL, FIELD_TEXT, 0, 1, 40},
	{"endDate", NULL, FIELD_TEXT, 0, 1, 40},
	{"status", NULL, FIELD_TEXT_LIST, 0, 0, 10, .of = "call_status"},
	{"intent", NULL, FIELD_TEXT_LIST, 0, 0, 50},
	{"tier", NULL, FIELD_TEXT_LIST, 0, 0, 3},
	{"phone", NULL, FIELD_TEXT, 0, 1, 250},
	{"customerId", NULL, FIELD_TEXT, 0, 1, 40},
	{"direction", NULL, FIELD_ENUM, 0, .of = "call_direction"},
	{"flagged", NULL, FIELD_BOOL},
	{"reviewed", NULL, FIELD_BOOL},
	{"followUp", NULL, FIELD_BOOL},
	{"urgency", NULL, FIELD_TEXT_LIST, 0, 0, 3, .of = "urgency"},
	{"q", NULL, FIELD_TEXT, 0, 1, 200},
	{"sort", NULL, FIELD_TEXT, 0, 1, 10},
};

static const FieldTable list_parameters = {NULL, NULL, parameter_list, FIELD_TABLE_COUNT(parameter_list),.lenient = true};

/* How rows can be sorted.  The cursor holds the key and the id of the last row. */
typedef struct SortOrder
{
	const char *name;
	const char *key;			/* of the row, never null */
	const char *order;
	const char *comparison;		/* of the key and id of rows behind a cursor with those of the cursor */
	bool		by_time;		/* the key is a time, not a number */
} SortOrder;

static const SortOrder sort_orders[] = {
	{"newest", "c.started_at", "c.started_at DESC, c.id DESC", "<", true},
	{"oldest", "c.started_at", "c.started_at, c.id", ">", true},
	{"longest", "coalesce(c.duration_seconds, -1)", "coalesce(c.duration_seconds, -1) DESC, c.id DESC", "<", false},
};

/* A statement while it is composed: its conditions and the values they are bound to. */
typedef struct ListQuery
{
	const Company *company;
	text	   *company_id;
	Document   *params;
	const SortOrder *sort;
	StringInfoData where;
	int			nargs;
	Oid			types[ARGS_MAX];
	Datum		values[ARGS_MAX];
	bool		is_empty;		/* nothing can match */
} ListQuery;

/* Binds a value; returns its parameter number. */
static int
bind(ListQuery *query, Oid type, Datum value)
{
	Assert(query->nargs < ARGS_MAX);
	query->types[query->nargs] = type;
	query->values[query->nargs] = value;
	return ++query->nargs;
}

static void add_condition(ListQuery *query, const char *fmt,...) pg_attribute_printf(2, 3);

/* Adds a condition. */
static void
add_condition(ListQuery *query, const char *fmt,...)
{
	va_list		args;
	char		condition[1024];

	va_start(args, fmt);
	vsnprintf(condition, sizeof(condition), fmt, args);
	va_end(args);
	appendStringInfo(&query->where, " AND %s", condition);
}

/* Reads a date (a whole day of the company) or a time; "end" asks for the instant behind it. */
static TimestampTz
read_bound(const ListQuery *query, const char *path, bool end)
{
	text	   *value = document_text(query->params, path);
	const char *s = VARDATA_ANY(value);
	size_t		length = VARSIZE_ANY_EXHDR(value);
	TimestampTz at;
	DateADT		day;

	if (length == 10 && parse_date(s, length, &day))
		return local_day_start(end ? day + 1 : day, query->company->time_zone);
	if (!parse_timestamp(s, length, &at))
		error_field(ERRCODE_INVALID_DATETIME_FORMAT, path,
					"must be a date (2025-12-01) or a time with an offset (2025-12-01T14:30:00Z)");
	return at;
}

/* Adds the conditions on the start of the call: half-open for dates, exact for times. */
static void
add_period(ListQuery *query)
{
	if (document_has(query->params, "startDate"))
		add_condition(query, "c.started_at >= $%d", bind(query, TIMESTAMPTZOID, TimestampTzGetDatum(read_bound(query, "startDate", false))));
	if (document_has(query->params, "endDate"))
		add_condition(query, "c.started_at < $%d", bind(query, TIMESTAMPTZOID, TimestampTzGetDatum(read_bound(query, "endDate", true))));
}

/* Adds a condition on one of several values; one value is compared alone, so that the index gives the order too. */
static void
add_choice(ListQuery *query, const char *path, const char *column)
{
	ArrayType  *list;
	Datum	   *elements;
	int			count;

	if (!document_has(query->params, path))
		return;
	list = DatumGetArrayTypeP(document_get(query->params, path));
	deconstruct_array(list, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	if (count == 1)
		add_condition(query, "%s = $%d", column, bind(query, TEXTOID, elements[0]));
	else
		add_condition(query, "%s = ANY ($%d)", column, bind(query, TEXTARRAYOID, PointerGetDatum(list)));
}

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
	add_condition(query, "c.routing_tier = ANY ($%d)",
				  bind(query, INT4ARRAYOID, PointerGetDatum(construct_array(elements, count, INT4OID, sizeof(int32), true, TYPALIGN_INT))));
}

/* Adds a condition that a column is true or not. */
static void
add_flag(ListQuery *query, const char *path, const char *column)
{
	if (document_has(query->params, path))
		add_condition(query, "%s%s", DatumGetBool(document_get(query->params, path)) ? "" : "NOT ", column);
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
		add_condition(query, "c.caller_raw = $%d", bind(query, TEXTOID, PointerGetDatum(phone)));
		return;
	}
	count = phone_variants(caller.e164, variants, PHONE_VARIANTS_MAX);
	elements[0] = CStringGetTextDatum(caller.e164);
	for (int i = 0; i < count; i++)
		elements[i + 1] = CStringGetTextDatum(variants[i]);
	if (count == 0)
		add_condition(query, "c.caller_phone = $%d", bind(query, TEXTOID, elements[0]));
	else
		add_condition(query, "c.caller_phone = ANY ($%d)",
					  bind(query, TEXTARRAYOID, PointerGetDatum(construct_array(elements, count + 1, TEXTOID, -1, false, TYPALIGN_INT))));
}

/* Adds the condition on the customer, named by id or CUST number. */
static void
add_customer(ListQuery *query)
{
	text	   *reference = document_text(query->params, "customerId");
	text	   *id;

	if (reference == NULL)
		return;
	id = customer_resolve(query->company_id, reference);
	if (id == NULL)
		query->is_empty = true;
	else
		add_condition(query, "c.customer_id = $%d", bind(query, TEXTOID, PointerGetDatum(id)));
}

/* Adds the condition on a text: in a name, the summary, the problem or the result, or the end of the number. */
static void
add_text(ListQuery *query)
{
	text	   *q = document_text(query->params, "q");
	StringInfoData pattern,
				digits;
	int			text_arg;

	if (q == NULL)
		return;
	initStringInfo(&pattern);
	initStringInfo(&digits);
	appendStringInfoChar(&pattern, '%');
	for (size_t i = 0; i < VARSIZE_ANY_EXHDR(q); i++)
	{
		char		c = VARDATA_ANY(q)[i];

		if (c == '%' || c == '_' || c == '\\')
			appendStringInfoChar(&pattern, '\\');
		appendStringInfoChar(&pattern, c);
		if (c >= '0' && c <= '9')
			appendStringInfoChar(&digits, c);
	}
	appendStringInfoChar(&pattern, '%');
	text_arg = bind(query, TEXTOID, CStringGetTextDatum(pattern.data));
	if (digits.len >= 4)
		add_condition(query, "(cu.full_name ILIKE $%d OR c.caller_name ILIKE $%d OR c.summary ILIKE $%d OR c.problem_description ILIKE $%d "
					  "OR c.result ILIKE $%d OR c.caller_phone LIKE $%d)",
					  text_arg, text_arg, text_arg, text_arg, text_arg,
					  bind(query, TEXTOID, CStringGetTextDatum(psprintf("%%%s", digits.data))));
	else
		add_condition(query, "(cu.full_name ILIKE $%d OR c.caller_name ILIKE $%d OR c.summary ILIKE $%d OR c.problem_description ILIKE $%d "
					  "OR c.result ILIKE $%d)", text_arg, text_arg, text_arg, text_arg, text_arg);
}

/* Chooses the sort order. */
static void
choose_sort(ListQuery *query)
{
	text	   *sort = document_text(query->params, "sort");

	query->sort = &sort_orders[0];
	if (sort == NULL)
		return;
	for (int i = 0; i < (int) lengthof(sort_orders); i++)
		if (strcmp(text_to_cstring(sort), sort_orders[i].name) == 0)
		{
			query->sort = &sort_orders[i];
			return;
		}
	error_field(ERRCODE_INVALID_PARAMETER_VALUE, "sort", "must be one of: newest, oldest, longest");
}

/* Adds every filter that the parameters ask for. */
static void
add_filters(ListQuery *query)
{
	initStringInfo(&query->where);
	appendStringInfo(&query->where, "WHERE c.company_id = $%d", bind(query, TEXTOID, PointerGetDatum(query->company_id)));
	add_period(query);
	add_choice(query, "status", "c.status");
	add_choice(query, "intent", "c.primary_intent");
	add_choice(query, "urgency", "c.urgency");
	add_tiers(query);
	add_phone(query);
	add_customer(query);
	if (document_has(query->params, "direction"))
		add_condition(query, "c.direction = $%d::callcenter.call_direction", bind(query, TEXTOID, document_get(query->params, "direction")));
	add_flag(query, "flagged", "c.flagged");
	add_flag(query, "reviewed", "c.reviewed");
	add_flag(query, "followUp", "c.follow_up_required");
	add_text(query);
	choose_sort(query);
}

/* Counts the rows that the filters leave. */
static int64
count_rows(const ListQuery *query)
{
	StringInfoData sql;
	bool		isnull;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT count(*) FROM callcenter.calls c ");
	if (document_has(query->params, "q"))
		appendStringInfoString(&sql, "LEFT JOIN callcenter.customers cu ON cu.company_id = c.company_id AND cu.id = c.customer_id ");
	appendStringInfoString(&sql, query->where.data);
	plan_run_text(sql.data, query->nargs, query->types, query->values, NULL, true);
	return DatumGetInt64(plan_result(1, &isnull));
}

/* Adds the condition on rows behind a cursor: "<order>.<key>.<id>". */
static void
add_cursor(ListQuery *query)
{
	char	   *cursor = text_to_cstring(document_text(query->params, "after"));
	char	   *id = strrchr(cursor, '.');
	char	   *key = strchr(cursor, '.');
	char	   *end;
	int64		number;
	int			key_arg;

	if (id == NULL || key == id || !object_id_is_valid(id + 1, strlen(id + 1)))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "after", "must be a nextCursor of this list");
	*key++ = '\0';
	*id++ = '\0';
	errno = 0;
	number = strtoi64(key, &end, 10);
	if (errno != 0 || *end != '\0' || end == key || strcmp(cursor, query->sort->name) != 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "after", "must be a nextCursor of this list, in the same order");
	if (query->sort->by_time)
		key_arg = bind(query, TIMESTAMPTZOID, TimestampTzGetDatum(number));
	else
		key_arg = bind(query, INT4OID, Int32GetDatum((int32) number));
	add_condition(query, "(%s, c.id) %s ($%d, $%d)", query->sort->key, query->sort->comparison, key_arg,
				  bind(query, TEXTOID, CStringGetTextDatum(id)));
}

/* Asks for a page of rows, and one more to see whether there is another page. */
static uint64
select_rows(ListQuery *query, int limit, int64 offset)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	document_select_list(&sql, &call_fields, true);
	appendStringInfo(&sql, ", %s, c.id " CALL_ROW_SOURCES "%s ORDER BY %s LIMIT $%d", query->sort->key, query->where.data,
					 query->sort->order, bind(query, INT8OID, Int64GetDatum(limit + 1)));
	if (offset > 0)
		appendStringInfo(&sql, " OFFSET $%d", bind(query, INT8OID, Int64GetDatum(offset)));
	return plan_run_text(sql.data, query->nargs, query->types, query->values, NULL, true);
}

/* Writes the cursor of a row. */
static void
write_cursor(StringInfo out, const ListQuery *query, uint64 row)
{
	int			column = document_select_count(&call_fields, true) + 1;
	bool		isnull;
	Datum		key = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);
	Datum		id = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column + 1, &isnull);
	int64		number = query->sort->by_time ? DatumGetTimestampTz(key) : DatumGetInt32(key);

	json_cstring(out, psprintf("%s." INT64_FORMAT ".%s", query->sort->name, number, TextDatumGetCString(id)));
}

/* Writes a page: its rows and where it stands.  A total of -1 is not known. */
static void
write_page(StringInfo out, ListQuery *query, int page, int limit, int64 total, const WriteContext *context)
{
	uint64		found = 0;
	uint64		shown;

	if (!query->is_empty)
		found = select_rows(query, limit, (int64) (page - 1) * limit);
	shown = Min(found, limit);

	appendStringInfoString(out, "{\"success\":true,\"calls\":");
	call_rows_write(out, shown, context);
	appendStringInfo(out, ",\"pagination\":{\"page\":%d,\"limit\":%d", page, limit);
	if (total >= 0)
		appendStringInfo(out, ",\"total\":" INT64_FORMAT ",\"pages\":" INT64_FORMAT, total, (total + limit - 1) / limit);
	json_key(out, "nextCursor");
	if (found > shown)
		write_cursor(out, query, shown - 1);
	else
		appendStringInfoString(out, "null");
	appendStringInfoString(out, "},\"timeZone\":");
	json_cstring(out, query->company->time_zone_name);
	appendStringInfoChar(out, '}');
}

/* list_calls(company_id object_id, params jsonb, token text) json: a page of calls. */
Datum
cc_list_calls(PG_FUNCTION_ARGS)
{
	Identity   *identity = identity_enter(PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0), PG_ARGISNULL(2) ? NULL : PG_GETARG_TEXT_PP(2), RIGHT_READ);
	ListQuery		query = {.company_id = identity->company};
	WriteContext context = {.may_see_codes = identity->may_see_codes};
	int			limit = LIMIT_DEFAULT;
	int			page = 1;
	int64		total = -1;
	StringInfoData out;
	Datum		result;

	if (PG_ARGISNULL(1))
		error_field(ERRCODE_NOT_NULL_VIOLATION, NULL, "the parameters are missing");
	SPI_connect();
	context.company = query.company = company_get(identity->company_id);
	query.params = document_read(&list_parameters, PG_GETARG_JSONB_P(1), DOCUMENT_PARAMS);
	if (document_has(query.params, "limit"))
		limit = DatumGetInt32(document_get(query.params, "limit"));
	if (document_has(query.params, "page"))
		page = DatumGetInt32(document_get(query.params, "page"));
	if (document_has(query.params, "after") && document_has(query.params, "page"))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "after", "cannot be used together with page");

	add_filters(&query);
	if (document_has(query.params, "after"))
		add_cursor(&query);
	else
		total = query.is_empty ? 0 : count_rows(&query);

	initStringInfo(&out);
	write_page(&out, &query, page, limit, total, &context);
	result = SPI_datumTransfer(json_result(&out), false, -1);
	SPI_finish();
	identity_leave(identity);
	PG_RETURN_DATUM(result);
}
