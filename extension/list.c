/*
 * list.c
 *		Pages of records, filtered and sorted.
 *
 * The statement is composed of the parts that the parameters ask for, so that each combination has a plan and an index
 * of its own; values are always bound.  Pages are by number, with an exact total, or by cursor: the sort key and id of
 * the last row, so that the deepest page costs what the first does.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "api.h"
#include "errors.h"
#include "json_text.h"
#include "list.h"
#include "local_time.h"
#include "phone.h"
#include "plans.h"
#include "text_has.h"

#define NUMBER_END_MIN	4		/* digits that the end of a number must have to be looked for */

int
list_bind(ListQuery *query, Oid type, Datum value)
{
	if (query->nargs == LIST_ARGS_MAX)
		elog(ERROR, "too many parameters in a list");
	query->types[query->nargs] = type;
	query->values[query->nargs] = value;
	return ++query->nargs;
}

/* Adds a condition. */
void
list_add(ListQuery *query, const char *fmt,...)
{
	va_list		args;
	char		condition[1024];

	va_start(args, fmt);
	vsnprintf(condition, sizeof(condition), fmt, args);
	va_end(args);
	appendStringInfo(&query->where, " AND %s", condition);
}

/* Adds the condition that a column has a parameter's value. */
void
list_add_equal(ListQuery *query, const char *path, const char *column)
{
	if (document_has(query->params, path))
		list_add(query, "%s = $%d", column, list_bind(query, TEXTOID, document_get(query->params, path)));
}

Datum
list_choice(const ListQuery *query, const char *path)
{
	return document_has(query->params, path) ? document_get(query->params, path) : (Datum) 0;
}

bool
list_chooses(const ListQuery *query, const char *path, const char *word)
{
	Datum	   *elements;
	int			count;

	if (!document_has(query->params, path))
		return true;
	deconstruct_array(DatumGetArrayTypeP(document_get(query->params, path)), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		if (strcmp(TextDatumGetCString(elements[i]), word) == 0)
			return true;
	return false;
}

/* Adds a condition on one of several values; one value is compared alone, so that the index gives the order too. */
void
list_add_choice(ListQuery *query, const char *path, const char *column)
{
	ArrayType  *list;
	Datum	   *elements;
	int			count;

	if (!document_has(query->params, path))
		return;
	list = DatumGetArrayTypeP(document_get(query->params, path));
	deconstruct_array(list, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	if (count == 1)
		list_add(query, "%s = $%d", column, list_bind(query, TEXTOID, elements[0]));
	else
		list_add(query, "%s = ANY ($%d)", column, list_bind(query, TEXTARRAYOID, PointerGetDatum(list)));
}

void
list_add_word(ListQuery *query, const char *path, const char *column)
{
	int			nargs = query->nargs;

	list_add_choice(query, path, column);
	if (query->nargs > nargs && query->types[nargs] == TEXTARRAYOID)
	{
		query->word_column = column;
		query->words_arg = query->nargs;
		query->nwords = ArrayGetNItems(1, ARR_DIMS(DatumGetArrayTypeP(query->values[nargs])));
	}
}

/* Adds a condition that a column is true or not. */
void
list_add_flag(ListQuery *query, const char *path, const char *column)
{
	if (document_has(query->params, path))
		list_add(query, "%s%s", DatumGetBool(document_get(query->params, path)) ? "" : "NOT ", column);
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

void
list_period(const ListQuery *query, TimestampTz *start, TimestampTz *end)
{
	*start = document_has(query->params, "startDate") ? read_bound(query, "startDate", false) : DT_NOBEGIN;
	*end = document_has(query->params, "endDate") ? read_bound(query, "endDate", true) : DT_NOEND;
}

/* Adds the conditions on a time: half-open for dates, exact for times. */
void
list_add_period(ListQuery *query, const char *column)
{
	TimestampTz start,
				end;

	list_period(query, &start, &end);
	if (!TIMESTAMP_IS_NOBEGIN(start))
		list_add(query, "%s >= $%d", column, list_bind(query, TIMESTAMPTZOID, TimestampTzGetDatum(start)));
	if (!TIMESTAMP_IS_NOEND(end))
		list_add(query, "%s < $%d", column, list_bind(query, TIMESTAMPTZOID, TimestampTzGetDatum(end)));
}

int
list_bind_text(ListQuery *query)
{
	text	   *q = document_knows(query->params, "q") ? document_text(query->params, "q") : NULL;

	return q != NULL ? list_bind(query, TEXTOID, PointerGetDatum(text_has_fold(q))) : 0;
}

char *
list_number_condition(ListQuery *query, const char *column)
{
	text	   *q = document_text(query->params, "q");
	PhoneCaller number;
	StringInfoData digits,
				condition;

	initStringInfo(&digits);
	initStringInfo(&condition);
	for (size_t i = 0; i < VARSIZE_ANY_EXHDR(q); i++)
		if (VARDATA_ANY(q)[i] >= '0' && VARDATA_ANY(q)[i] <= '9')
			appendStringInfoChar(&digits, VARDATA_ANY(q)[i]);
	if (digits.len >= NUMBER_END_MIN)
		appendStringInfo(&condition, "callcenter.text_ends(%s, $%d)", column, list_bind(query, TEXTOID, CStringGetTextDatum(digits.data)));
	phone_caller(VARDATA_ANY(q), VARSIZE_ANY_EXHDR(q), query->company->region, PHONE_AGENT, &number);
	if (number.is_key)
		appendStringInfo(&condition, "%s%s = $%d", condition.len > 0 ? " OR " : "", column,
						 list_bind(query, TEXTOID, CStringGetTextDatum(number.e164)));
	return condition.len > 0 ? condition.data : NULL;
}

/* Chooses the order. */
static const SortOrder *
choose_order(const ListQuery *query)
{
	text	   *sort = document_knows(query->params, "sort") ? document_text(query->params, "sort") : NULL;
	StringInfoData names;

	if (sort == NULL)
		return query->source->orders;
	initStringInfo(&names);
	for (const SortOrder *order = query->source->orders; order->name != NULL; order++)
	{
		if (strcmp(text_to_cstring(sort), order->name) == 0)
			return order;
		appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", order->name);
	}
	error_field(ERRCODE_INVALID_PARAMETER_VALUE, "sort", "must be one of: %s", names.data);
}

ListQuery *
list_compose(const ListSource *source, Identity *identity, const Company *company, Jsonb *params)
{
	ListQuery  *query = palloc0_object(ListQuery);

	query->source = source;
	query->identity = identity;
	query->company = company;
	query->params = document_read(source->parameters, params, DOCUMENT_PARAMS);
	query->sort = choose_order(query);
	if (query->sort->source != NULL)
		query->source = query->sort->source;
	initStringInfo(&query->where);
	appendStringInfo(&query->where, "WHERE %s = $%d", query->source->company_column, list_bind(query, TEXTOID, PointerGetDatum(identity->company)));
	query->conditions = query->where.len;
	query->total = LIST_TOTAL_COUNT;
	return query;
}

ListQuery *
list_begin(FunctionCallInfo fcinfo, const ListSource *source, CallerRight right)
{
	Identity   *identity = api_begin(fcinfo, 2, right);

	return list_compose(source, identity, company_get(identity->company_id), api_document(fcinfo, 1, "parameters"));
}

/* Adds the condition on rows behind a cursor: "<order>.<key>.<id>". */
bool
list_add_cursor(ListQuery *query)
{
	char	   *cursor,
			   *id,
			   *key,
			   *end;
	int64		number;
	int			key_arg;

	query->is_filtered = query->where.len > query->conditions;
	if (!document_has(query->params, "after"))
		return false;
	cursor = text_to_cstring(document_text(query->params, "after"));
	id = strrchr(cursor, '.');
	key = strchr(cursor, '.');
	if (id == NULL || key == id || !object_id_is_valid(id + 1, strlen(id + 1)))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "after", "must be a nextCursor of this list");
	*key++ = '\0';
	*id++ = '\0';
	errno = 0;
	number = strtoi64(key, &end, 10);
	if (errno != 0 || *end != '\0' || end == key || strcmp(cursor, query->sort->name) != 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "after", "must be a nextCursor of this list, in the same order");
	key_arg = list_bind(query, query->sort->by_time ? TIMESTAMPTZOID : INT8OID, Int64GetDatum(number));
	list_add(query, "(%s, %s) %s ($%d, $%d)", query->sort->key, query->source->id, query->sort->comparison, key_arg,
			 list_bind(query, TEXTOID, CStringGetTextDatum(id)));
	return true;
}

/* Appends what filters are applied to. */
static void
append_from(StringInfo sql, const ListQuery *query)
{
	appendStringInfoString(sql, query->from != NULL ? query->from : query->source->from);
	if (query->needs_joins)
		appendStringInfoString(sql, query->source->filter_joins);
}

/* Appends the conditions; "by_word" without those that the words stand for. */
static void
append_where(StringInfo sql, const ListQuery *query, int from, bool by_word)
{
	if (query->instead == NULL)
	{
		appendStringInfoString(sql, query->where.data + from);
		return;
	}
	Assert(from <= query->replaced_from);
	appendBinaryStringInfo(sql, query->where.data + from, query->replaced_from - from);
	if (!(by_word && query->word_is_instead))
		appendStringInfoString(sql, query->instead);
	if (query->beside != NULL)
		appendStringInfoString(sql, query->beside);
	appendStringInfoString(sql, query->where.data + query->replaced_to);
}

/* Appends the columns that a page is chosen by. */
static void
append_chosen(StringInfo sql, const ListQuery *query)
{
	if (query->source->keys != NULL)
		appendStringInfo(sql, "SELECT %s ", query->source->keys);
	else
		appendStringInfo(sql, "SELECT %s.* ", query->source->alias);
}

/* Appends the records that filters leave, in order, as many as "limit" says. */
static void
append_page(StringInfo sql, const ListQuery *query, int64 limit)
{
	appendStringInfo(sql, "SELECT %s.* ", query->source->alias);
	append_from(sql, query);
	/* said in the text: of a parameter the planner does not know how few rows are wanted, and would plan each page anew */
	appendStringInfo(sql, "%s ORDER BY %s LIMIT " INT64_FORMAT, query->where.data, query->sort->order, limit);
}

/* Appends the first rows of each word, in no order. */
static void
append_words(StringInfo sql, const ListQuery *query, int64 limit)
{
	append_chosen(sql, query);
	appendStringInfo(sql, "FROM (SELECT DISTINCT unnest($%d) AS word) w CROSS JOIN LATERAL (", query->words_arg);
	append_chosen(sql, query);
	append_from(sql, query);
	append_where(sql, query, 0, true);
	appendStringInfo(sql, " AND %s = w.word ORDER BY %s LIMIT " INT64_FORMAT ") %s", query->word_column, query->sort->order, limit, query->source->alias);
}

/* Appends all rows that filters leave, in no order. */
static void
append_all(StringInfo sql, const ListQuery *query)
{
	append_chosen(sql, query);
	append_from(sql, query);
	append_where(sql, query, 0, false);
}

/*
 * Has the rows of a page read in the order of an index, where there is one, until the function ends.  The planner keeps no
 * statistics of companies and words, takes both for small, and would rather sort all rows that a filter leaves: right for a
 * company of some hundred calls, and slower with every call for others.
 */
static void
prefer_ordered_plans(Identity *identity)
{
	static const char *const off[] = {"enable_sort", "enable_bitmapscan", "enable_memoize", "jit"};

	identity_own_settings(identity);
	for (int i = 0; i < (int) lengthof(off); i++)
		(void) set_config_option(off[i], "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

int64
list_gather(ListQuery *query, const char *from, const char *company_column, const char *id, int64 most, int *ids_arg)
{
	StringInfoData sql;
	Datum	   *ids;
	uint64		count;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT %s %sWHERE %s = $1", id, from, company_column);
	append_where(&sql, query, query->conditions, false);
	appendStringInfo(&sql, " LIMIT $%d", list_bind(query, INT8OID, Int64GetDatum(most + 1)));
	count = plan_run_text(sql.data, query->nargs, query->types, query->values, NULL, true);
	if (count > (uint64) most)
		return LIST_TOTAL_COUNT;
	ids = palloc_array(Datum, count + 1);
	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;

		ids[i] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);
	}
	*ids_arg = list_bind(query, TEXTARRAYOID, text_array(ids, count));
	query->is_empty = count == 0;
	query->where.len = query->conditions;
	query->where.data[query->where.len] = '\0';
	query->instead = NULL;
	query->word_column = NULL;
	query->needs_joins = false;
	return count;
}

int64
list_count_few(ListQuery *query)
{
	StringInfoData sql;
	bool		isnull;

	if (query->total != LIST_TOTAL_COUNT)
		return query->total;
	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT count(*) FROM (SELECT ");
	append_from(&sql, query);
	append_where(&sql, query, 0, false);
	appendStringInfo(&sql, " LIMIT %d) few", LIST_FEW + 1);
	plan_run_text(sql.data, query->nargs, query->types, query->values, NULL, true);
	return DatumGetInt64(plan_result(1, &isnull));
}

/* Tells whether a page is best taken from the first rows of each word. */
static bool
takes_words(ListQuery *query, int64 rows)
{
	return query->word_column != NULL && !query->sort->is_alone && (rows * query->nwords <= LIST_FEW || list_count_few(query) <= LIST_FEW);
}

/* Tells whether a page is best taken from all rows that filters leave, sorted. */
static bool
takes_all(ListQuery *query)
{
	return (query->sort->is_alone || query->by_filter) && query->is_filtered && list_count_few(query) <= LIST_FEW;
}

/*
 * The page is chosen first, from the records alone; what is shown beside them is looked up for its rows only.  Of several
 * words it is chosen among the first rows of each, which the index has in order: the planner, who keeps no statistics of
 * words, would sort all rows of all of them.
 */
uint64
list_select(ListQuery *query, int64 limit, int64 offset)
{
	const ListSource *source = query->source;
	bool		by_words = takes_words(query, limit + offset);
	bool		all = !by_words && takes_all(query);
	/* of rows that are skipped no more is read than their keys, where an index has them */
	bool		by_key = by_words || all || (query->instead != NULL && !query->word_is_instead) || (offset > 0 && source->keys != NULL);
	StringInfoData sql,
				skipped;

	initStringInfo(&sql);
	initStringInfo(&skipped);
	if (offset > 0)
		appendStringInfo(&skipped, " OFFSET $%d", list_bind(query, INT8OID, Int64GetDatum(offset)));
	appendStringInfoString(&sql, "SELECT ");
	document_select_list(&sql, source->fields, true);
	appendStringInfo(&sql, ", %s, %s FROM (", query->sort->key, source->id);
	if (!by_key)
	{
		append_page(&sql, query, limit);
		appendStringInfoString(&sql, skipped.data);
	}
	else
	{
		if (source->keys != NULL)
			appendStringInfo(&sql, "SELECT %s.* FROM (", source->alias);
		append_chosen(&sql, query);
		appendStringInfoString(&sql, "FROM (");
		if (by_words)
			append_words(&sql, query, limit + offset);
		else
		{
			append_all(&sql, query);
			/* a fence: they are read by an index for the filters, not by one for the order */
			if (all)
				appendStringInfoString(&sql, " OFFSET 0");
		}
		appendStringInfo(&sql, ") %s ORDER BY %s LIMIT " INT64_FORMAT "%s", source->alias, query->sort->order, limit, skipped.data);
		if (source->keys != NULL)
			appendStringInfo(&sql, ") k %s", source->by_key);
	}
	appendStringInfo(&sql, ") %s %sORDER BY %s", source->alias, source->joins, query->sort->order);
	prefer_ordered_plans(query->identity);
	return plan_run_text(sql.data, query->nargs, query->types, query->values, NULL, true);
}

void
list_write_cursor(StringInfo out, const ListQuery *query, uint64 row)
{
	int			column = document_select_count(query->source->fields, true) + 1;
	bool		isnull;
	Datum		key = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, &isnull);
	Datum		id = SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column + 1, &isnull);

	json_cstring(out, psprintf("%s." INT64_FORMAT ".%s", query->sort->name, DatumGetInt64(key), TextDatumGetCString(id)));
}

/* Counts the rows that the filters leave. */
static int64
count_rows(const ListQuery *query)
{
	const ListSource *counted = query->source->counted;
	StringInfoData sql;
	bool		isnull;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT count(*) ");
	if (counted != NULL)
	{
		appendStringInfo(&sql, "%sWHERE %s = $1", query->count_from != NULL ? query->count_from : counted->from, counted->company_column);
		append_where(&sql, query, query->conditions, false);
	}
	else
	{
		append_from(&sql, query);
		append_where(&sql, query, 0, false);
	}
	plan_run_text(sql.data, query->nargs, query->types, query->values, NULL, true);
	return DatumGetInt64(plan_result(1, &isnull));
}

/* Reads a whole-number parameter. */
static int
int_parameter(const ListQuery *query, const char *path, int otherwise)
{
	return document_has(query->params, path) ? DatumGetInt32(document_get(query->params, path)) : otherwise;
}

Datum
list_end(ListQuery *query, int64 total)
{
	int			limit = int_parameter(query, "limit", LIST_LIMIT_DEFAULT);
	int			page = int_parameter(query, "page", 1);
	uint64		found = 0;
	uint64		shown;
	WriteContext context = {.company = query->company};
	StringInfoData out;

	if (document_has(query->params, "after") && document_has(query->params, "page"))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "after", "cannot be used together with page");
	if (query->is_empty)
		total = 0;
	else if (total == LIST_TOTAL_COUNT && !document_has(query->params, "after"))
		total = count_rows(query);
	if (total == 0)
		query->is_empty = true;
	query->total = total;
	if (list_add_cursor(query))
		total = query->total = LIST_TOTAL_COUNT;	/* told with the first page */
	if (!query->is_empty)
		found = list_select(query, limit + 1, (int64) (page - 1) * limit);
	shown = Min(found, (uint64) limit);

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"%s\":", query->source->member);
	document_write_rows(&out, query->source->fields, shown, &context);
	if (query->also != NULL)
		appendStringInfoString(&out, query->also);
	appendStringInfo(&out, ",\"pagination\":{\"page\":%d,\"limit\":%d", page, limit);
	if (total >= 0)
		appendStringInfo(&out, ",\"total\":" INT64_FORMAT ",\"pages\":" INT64_FORMAT, total, (total + limit - 1) / limit);
	json_key(&out, "nextCursor");
	if (found > shown)
		list_write_cursor(&out, query, shown - 1);
	else
		appendStringInfoString(&out, "null");
	appendStringInfoString(&out, "},\"timeZone\":");
	json_cstring(&out, query->company->time_zone_name);
	appendStringInfoChar(&out, '}');
	return api_end(query->identity, &out);
}
