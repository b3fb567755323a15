/*
 * call_export.c
 *		export_calls(): calls as CSV, a page at a time.
 *
 * The set is exactly what list_calls() shows for the same filters.  A page is a batch of rows and the cursor behind it, so
 * that any number of calls is exported in bounded memory, and no identity is active between pages.  The columns are a
 * table.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#include "calls.h"
#include "csv.h"
#include "customers.h"
#include "errors.h"
#include "json_text.h"
#include "list.h"

PG_FUNCTION_INFO_V1(cc_export_calls);

#define EXPORT_ROWS 1000

/* The columns, as fields, so that the same statement serves: the path is the heading. */
static const Field export_field_list[] = {
	{"Call id", "call_id", FIELD_TEXT, FIELD_IN_LIST},
	{"Started at", "started_at", FIELD_TIMESTAMP, FIELD_IN_LIST},
	{"Local time", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression =
		"to_char(c.started_at AT TIME ZONE (SELECT co.time_zone FROM callcenter.companies co WHERE co.id = c.company_id), 'YYYY-MM-DD HH24:MI:SS')"},
	{"Duration seconds", "duration_seconds", FIELD_INT, FIELD_IN_LIST},
	{"Direction", "direction", FIELD_ENUM, FIELD_IN_LIST},
	{"Phone", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression = "coalesce(c.caller_phone, c.caller_raw)"},
	{"Phone display", NULL, FIELD_PHONE_DISPLAY, FIELD_IN_LIST, .expression = "c.caller_phone"},
	{"Name", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression = "coalesce(c.caller_name, cu.full_name, c.captured_name)"},
	{"Customer", NULL, FIELD_CUSTOMER_NUMBER, FIELD_IN_LIST, .expression = "cu.customer_number"},
	{"Do not contact", NULL, FIELD_BOOL, FIELD_IN_LIST, .expression = CUSTOMER_BARRED},
	{"Returning", "is_returning", FIELD_BOOL, FIELD_IN_LIST},
	{"Previous calls", "previous_call_count", FIELD_INT, FIELD_IN_LIST},
	{"Intent", "primary_intent", FIELD_TEXT, FIELD_IN_LIST},
	{"Confidence", "intent_confidence", FIELD_NUMBER, FIELD_IN_LIST},
	{"Tier", "routing_tier", FIELD_INT, FIELD_IN_LIST},
	{"Urgency", "urgency", FIELD_ENUM, FIELD_IN_LIST},
	{"Status", "status", FIELD_ENUM, FIELD_IN_LIST},
	{"Result", "result", FIELD_TEXT, FIELD_IN_LIST},
	{"Booked", "is_booked", FIELD_BOOL, FIELD_IN_LIST},
	{"Follow-up required", "follow_up_required", FIELD_BOOL, FIELD_IN_LIST},
	{"Summary", "summary", FIELD_TEXT, FIELD_IN_LIST},
	{"Reviewed", "reviewed", FIELD_BOOL, FIELD_IN_LIST},
	{"Rating", "rating", FIELD_INT, FIELD_IN_LIST},
	{"Flagged", "flagged", FIELD_BOOL, FIELD_IN_LIST},
	{"LLM cost", "llm_cost", FIELD_NUMERIC, FIELD_IN_LIST},
};

static const FieldTable export_fields = {"calls", "c", export_field_list, FIELD_TABLE_COUNT(export_field_list)};

/* Gives a value as the text of a cell. */
static char *
cell_text(const Field *field, Oid type, Datum value, const Company *company)
{
	WriteContext context = {.company = company};
	StringInfoData written;
	Oid			output;
	bool		is_varlena;

	switch (field->type)
	{
		case FIELD_TIMESTAMP:
		case FIELD_PHONE_DISPLAY:
			/* as in documents, without the quotes; neither has anything to escape */
			initStringInfo(&written);
			if (field->type == FIELD_TIMESTAMP)
				json_timestamp(&written, DatumGetTimestampTz(value));
			else
				document_write_phone(&written, TextDatumGetCString(value), &context);
			written.data[written.len - 1] = '\0';
			return written.data + 1;
		case FIELD_BOOL:
			return DatumGetBool(value) ? "yes" : "no";
		case FIELD_CUSTOMER_NUMBER:
			return psprintf("CUST-%05" INT64_MODIFIER "d", DatumGetInt64(value));
		default:
			getTypeOutputInfo(type, &output, &is_varlena);
			return OidOutputFunctionCall(output, value);
	}
}

/* Writes the headings. */
static void
write_headings(StringInfo out)
{
	for (int i = 0; i < export_fields.count; i++)
		appendStringInfo(out, "%s%s", i > 0 ? "," : "", export_field_list[i].path);
	csv_end(out);
}

/* Writes a row. */
static void
write_line(StringInfo out, HeapTuple row, TupleDesc desc, const Company *company)
{
	for (int i = 0; i < export_fields.count; i++)
	{
		bool		isnull;
		Datum		value = heap_getattr(row, i + 1, desc, &isnull);

		if (i > 0)
			appendStringInfoChar(out, ',');
		if (!isnull)
			csv_cell(out, cell_text(&export_field_list[i], TupleDescAttr(desc, i)->atttypid, value, company),
					 export_field_list[i].type == FIELD_PHONE_DISPLAY);
	}
	csv_end(out);
}

/* export_calls(company_id object_id, params jsonb, token text, OUT csv text, OUT next_cursor text): a batch of calls as CSV. */
Datum
cc_export_calls(PG_FUNCTION_ARGS)
{
	static ListSource source;
	ListQuery  *query;
	uint64		found;
	uint64		shown;
	bool		is_first;
	StringInfoData csv,
				cursor;
	TupleDesc	desc;
	Datum		values[2];
	bool		isnull[2] = {false, true};
	Datum		result;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	source = call_list_source;
	source.fields = &export_fields;
	query = list_begin(fcinfo, &source, RIGHT_READ);
	if (document_has(query->params, "page") || document_has(query->params, "limit"))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "page", "is not a parameter of an export, which has all rows");
	call_list_filters(query);
	call_list_choose_index(query);
	is_first = !list_add_cursor(query);
	found = query->is_empty ? 0 : list_select(query, EXPORT_ROWS + 1, 0);
	shown = Min(found, EXPORT_ROWS);

	initStringInfo(&csv);
	if (is_first)
		write_headings(&csv);
	for (uint64 i = 0; i < shown; i++)
		write_line(&csv, SPI_tuptable->vals[i], SPI_tuptable->tupdesc, query->company);
	values[0] = SPI_datumTransfer(PointerGetDatum(cstring_to_text_with_len(csv.data, csv.len)), false, -1);
	if (found > shown)
	{
		initStringInfo(&cursor);
		list_write_cursor(&cursor, query, shown - 1);
		values[1] = SPI_datumTransfer(PointerGetDatum(cstring_to_text_with_len(cursor.data + 1, cursor.len - 2)), false, -1);
		isnull[1] = false;
	}
	SPI_finish();
	identity_leave(query->identity);
	result = HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, isnull));
	PG_RETURN_DATUM(result);
}
