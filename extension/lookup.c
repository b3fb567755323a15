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

static const Field last_call_field_list[] = {
	{"callId", "call_id", FIELD_TEXT},
	{"startedAt", "started_at", FIELD_TIMESTAMP},
	{"primaryIntent", "primary_intent", FIELD_TEXT},
	{"status", "status", FIELD_ENUM},
	{"result", "result", FIELD_TEXT},
	{"summary", "summary", FIELD_TEXT},
};

static const FieldTable last_call_fields = {NULL, NULL, last_call_field_list, FIELD_TABLE_COUNT(last_call_field_list)};

static const Field upcoming_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID},
	{"service", "service", FIELD_TEXT},
	{"date", "scheduled_date", FIELD_DATE},
	{"timeWindow", "time_window", FIELD_TEXT},
};

static const FieldTable upcoming_fields = {NULL, NULL, upcoming_field_list, FIELD_TABLE_COUNT(upcoming_field_list)};

/* A row of the customer's; $1 company, $2 customer, $3 today in the company's zone. */
#define ROW_OF(columns, table, condition, order) \
	"(SELECT r FROM (SELECT " columns " FROM callcenter." table " o " \
	"WHERE o.company_id = $1 AND o.customer_id = $2" condition " ORDER BY " order " LIMIT 1) r)"

/* What follows the customer in the query. */
static const Field history_field_list[] = {
	{"lastService", NULL, FIELD_TEXT, FIELD_READ_ONLY | FIELD_NULLABLE_OUT, .expression = "ls.service"},
	{"lastServiceDate", NULL, FIELD_DATE, FIELD_READ_ONLY | FIELD_NULLABLE_OUT, .expression = "ls.scheduled_date"},
	{"upcomingAppointment", NULL, FIELD_ROW, FIELD_READ_ONLY | FIELD_NULLABLE_OUT, .items = &upcoming_fields, .expression =
		ROW_OF("o.id, o.service, o.scheduled_date, o.time_window", "appointments",
			   " AND o.status = 'scheduled' AND o.scheduled_date >= $3", "o.scheduled_date, o.id")},
	{"lastCall", NULL, FIELD_ROW, FIELD_READ_ONLY | FIELD_NULLABLE_OUT, .items = &last_call_fields, .expression =
		ROW_OF("o.call_id, o.started_at, o.primary_intent, o.status, o.result, o.summary", "calls", "", "o.started_at DESC, o.id DESC")},
};

static const FieldTable history_fields = {NULL, NULL, history_field_list, FIELD_TABLE_COUNT(history_field_list)};

#define LOOKUP_SOURCES CUSTOMER_SOURCES \
	"LEFT JOIN LATERAL (SELECT a.service, a.scheduled_date FROM callcenter.appointments a " \
	"WHERE a.company_id = $1 AND a.customer_id = $2 AND a.status = 'completed' " \
	"ORDER BY a.scheduled_date DESC NULLS LAST, a.id DESC LIMIT 1) ls ON true "

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
		appendStringInfoString(&text, " " LOOKUP_SOURCES "WHERE cu.company_id = $1 AND cu.id = $2");
		plan.sql = MemoryContextStrdup(TopMemoryContext, text.data);
	}
	return plan_run(&plan, values, NULL, true, 1) > 0;
}

/* Writes the answer for a known caller from the first row. */
static void
write_found(StringInfo out, const WriteContext *context)
{
	HeapTuple	row = SPI_tuptable->vals[0];
	TupleDesc	desc = SPI_tuptable->tupdesc;

	appendStringInfoString(out, "{\"success\":true,\"found\":true,\"customer\":{");
	document_write(out, &customer_fields, false, row, desc, 1, context);
	appendStringInfoString(out, "},\"recentHistory\":{");
	document_write(out, &history_fields, false, row, desc, 1 + document_select_count(&customer_fields, false), context);
	appendStringInfoString(out, "}}");
}

/* Writes the answer for a caller that is nobody's number. */
static void
write_not_found(StringInfo out, text *raw, const PhoneCaller *caller, const WriteContext *context)
{
	appendStringInfoString(out, "{\"success\":true,\"found\":false,\"caller\":{\"kind\":");
	json_cstring(out, phone_kind_name(caller->kind));
	json_key(out, "phone");
	if (phone_caller_has_number(caller))
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
	if (phone_caller_has_number(&caller) && !company_owns_number(context.company, caller.e164))
	{
		text	   *customer = customer_find_by_phone(identity->company, caller.e164, false);

		if (customer != NULL && select_customer(identity->company, customer, local_date(GetCurrentTimestamp(), context.company->time_zone)))
			write_found(&out, &context);
	}
	if (out.len == 0)
		write_not_found(&out, raw, &caller, &context);
	return api_end(identity, &out);
}
