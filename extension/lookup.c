/*
 * lookup.c
 *		lookup_by_phone(): who is calling, while the phone rings.
 *
 * One query finds the customer by any of its numbers (or, when nobody has it, another spelling of the same line), a
 * second one gives the profile, the statistics and the last call.  It writes nothing, so it runs on a standby too.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "api.h"
#include "customers.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"
#include "local_time.h"
#include "phone.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_lookup_by_phone);

/* What follows the customer's columns in the query. */
static const Field last_call_field_list[] = {
	{"callId", NULL, FIELD_TEXT, FIELD_READ_ONLY, .expression = "lc.call_id"},
	{"startedAt", NULL, FIELD_TIMESTAMP, FIELD_READ_ONLY, .expression = "lc.started_at"},
	{"primaryIntent", NULL, FIELD_TEXT, FIELD_READ_ONLY, .expression = "lc.primary_intent"},
	{"status", NULL, FIELD_ENUM, FIELD_READ_ONLY, .expression = "lc.status"},
	{"result", NULL, FIELD_TEXT, FIELD_READ_ONLY, .expression = "lc.result"},
	{"summary", NULL, FIELD_TEXT, FIELD_READ_ONLY, .expression = "lc.summary"},
};

static const FieldTable last_call_fields = {NULL, "lc", last_call_field_list, FIELD_TABLE_COUNT(last_call_field_list)};

static const Field history_field_list[] = {
	{"lastService", NULL, FIELD_TEXT, FIELD_READ_ONLY | FIELD_NULLABLE_OUT, .expression = "ls.service"},
	{"lastServiceDate", NULL, FIELD_DATE, FIELD_READ_ONLY | FIELD_NULLABLE_OUT, .expression = "ls.scheduled_date"},
};

static const FieldTable history_fields = {NULL, "ls", history_field_list, FIELD_TABLE_COUNT(history_field_list)};

static const Field upcoming_field_list[] = {
	{"_id", NULL, FIELD_OBJECT_ID, FIELD_READ_ONLY, .expression = "ua.id"},
	{"service", NULL, FIELD_TEXT, FIELD_READ_ONLY, .expression = "ua.service"},
	{"date", NULL, FIELD_DATE, FIELD_READ_ONLY, .expression = "ua.scheduled_date"},
	{"timeWindow", NULL, FIELD_TEXT, FIELD_READ_ONLY, .expression = "ua.time_window"},
};

static const FieldTable upcoming_fields = {NULL, "ua", upcoming_field_list, FIELD_TABLE_COUNT(upcoming_field_list)};

#define LOOKUP_SOURCES CUSTOMER_SOURCES \
	"LEFT JOIN LATERAL (SELECT c.call_id, c.started_at, c.primary_intent, c.status, c.result, c.summary " \
	"FROM callcenter.calls c WHERE c.company_id = cu.company_id AND c.customer_id = cu.id " \
	"ORDER BY c.started_at DESC, c.id DESC LIMIT 1) lc ON true " \
	"LEFT JOIN LATERAL (SELECT a.service, a.scheduled_date FROM callcenter.appointments a " \
	"WHERE a.company_id = cu.company_id AND a.customer_id = cu.id AND a.status = 'completed' " \
	"ORDER BY a.scheduled_date DESC NULLS LAST, a.id DESC LIMIT 1) ls ON true " \
	"LEFT JOIN LATERAL (SELECT a.id, a.service, a.scheduled_date, a.time_window FROM callcenter.appointments a " \
	"WHERE a.company_id = cu.company_id AND a.customer_id = cu.id AND a.status = 'scheduled' AND a.scheduled_date >= $3 " \
	"ORDER BY a.scheduled_date, a.id LIMIT 1) ua ON true "

/* Selects all that is told of a customer into SPI_tuptable; false when there is none. */
static bool
select_customer(text *company, text *customer, DateADT today)
{
	static SavedPlan plan = {.nargs = 3,.types = {TEXTOID, TEXTOID, DATEOID}};
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(customer), DateADTGetDatum(today)};

	if (plan.sql == NULL)
	{
		StringInfoData text;

		initStringInfo(&text);
		appendStringInfoString(&text, "SELECT ");
		document_select_list(&text, &customer_fields, false);
		appendStringInfoString(&text, ", ");
		document_select_list(&text, &history_fields, false);
		appendStringInfoString(&text, ", ");
		document_select_list(&text, &upcoming_fields, false);
		appendStringInfoString(&text, ", ");
		document_select_list(&text, &last_call_fields, false);
		appendStringInfoString(&text, " " LOOKUP_SOURCES "WHERE cu.company_id = $1 AND cu.id = $2");
		plan.sql = MemoryContextStrdup(TopMemoryContext, text.data);
	}
	return plan_run(&plan, values, NULL, true, 1) > 0;
}

/* Writes an object from the columns from *column on, or null when its first column is null. */
static void
write_part(StringInfo out, const char *key, const FieldTable *fields, int *column, const WriteContext *context)
{
	HeapTuple	row = SPI_tuptable->vals[0];
	bool		isnull;

	json_key(out, key);
	(void) SPI_getbinval(row, SPI_tuptable->tupdesc, *column, &isnull);
	if (isnull)
		appendStringInfoString(out, "null");
	else
	{
		appendStringInfoChar(out, '{');
		document_write(out, fields, false, row, SPI_tuptable->tupdesc, *column, context);
		appendStringInfoChar(out, '}');
	}
	*column += document_select_count(fields, false);
}

/* Writes the answer for a known caller from the first row. */
static void
write_found(StringInfo out, const WriteContext *context)
{
	HeapTuple	row = SPI_tuptable->vals[0];
	TupleDesc	desc = SPI_tuptable->tupdesc;
	int			column = 1 + document_select_count(&customer_fields, false);

	appendStringInfoString(out, "{\"success\":true,\"found\":true,\"customer\":{");
	document_write(out, &customer_fields, false, row, desc, 1, context);
	appendStringInfoString(out, "},\"recentHistory\":{");
	document_write(out, &history_fields, false, row, desc, column, context);
	column += document_select_count(&history_fields, false);
	write_part(out, "upcomingAppointment", &upcoming_fields, &column, context);
	write_part(out, "lastCall", &last_call_fields, &column, context);
	appendStringInfoString(out, "}}");
}

/* Writes the answer for a caller that is nobody's number. */
static void
write_not_found(StringInfo out, text *raw, const PhoneCaller *caller, const WriteContext *context)
{
	appendStringInfoString(out, "{\"success\":true,\"found\":false,\"caller\":{\"kind\":");
	json_cstring(out, phone_kind_name(caller->kind));
	json_key(out, "phone");
	if (caller->kind == PHONE_KIND_E164)
	{
		json_cstring(out, caller->e164);
		json_key(out, "phoneDisplay");
		document_write_phone(out, caller->e164, context);
	}
	else
		json_text(out, raw);
	appendStringInfoString(out, "}}");
}

/* lookup_by_phone(company_id object_id, phone text, token text) json: the customer who has this number, and the history. */
Datum
cc_lookup_by_phone(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_READ);
	WriteContext context = {0};
	PhoneCaller caller;
	StringInfoData out;
	text	   *raw;

	raw = api_text(fcinfo, 1, "phone");

	context.company = company_get(identity->company_id);
	phone_caller(VARDATA_ANY(raw), VARSIZE_ANY_EXHDR(raw), context.company->region, PHONE_TRUNK, &caller);
	initStringInfo(&out);
	if (caller.kind == PHONE_KIND_E164 && !company_owns_number(context.company, caller.e164))
	{
		text	   *customer = customer_find_by_phone(identity->company, caller.e164, false);

		if (customer != NULL && select_customer(identity->company, customer, local_date(GetCurrentTimestamp(), context.company->time_zone)))
			write_found(&out, &context);
	}
	if (out.len == 0)
		write_not_found(&out, raw, &caller, &context);
	return api_end(identity, &out);
}
