/*
 * lookup.c
 *		lookup_by_phone(): who is calling, while the phone rings.
 *
 * The row of customer_stats of whoever has the number holds all of the answer: the ready card (cards.c), the statistics, the
 * last call and the visits.  It is found by the customer's first own number in one query; by another of its numbers, or
 * another spelling of the same line, in two more.  It writes nothing, so it runs on a standby too.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "api.h"
#include "cards.h"
#include "customers.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"
#include "local_time.h"
#include "phone.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_lookup_by_phone);
PG_FUNCTION_INFO_V1(cc_enrich_context);

/* What customer_stats tells of the last visit and the last call. */
static const Field last_service_field_list[] = {
	{"lastService", "last_service", FIELD_TEXT, FIELD_NULLABLE_OUT},
	{"lastServiceDate", "last_service_date", FIELD_DATE, FIELD_NULLABLE_OUT},
};

static const FieldTable last_service_fields = {NULL, NULL, last_service_field_list, FIELD_TABLE_COUNT(last_service_field_list)};

static const Field last_call_field_list[] = {
	{"callId", "last_call", FIELD_TEXT},
	{"startedAt", "last_contact", FIELD_TIMESTAMP},
	{"primaryIntent", "last_intent", FIELD_TEXT},
	{"status", "last_status", FIELD_ENUM},
	{"result", "last_result", FIELD_TEXT},
	{"summary", "last_summary", FIELD_TEXT},
};

static const FieldTable last_call_fields = {NULL, NULL, last_call_field_list, FIELD_TABLE_COUNT(last_call_field_list)};

/* The next visit, and when the latest one is, which tells whether there can be another one. */
static const Field upcoming_field_list[] = {
	{"_id", "next_visit_id", FIELD_OBJECT_ID},
	{"service", "next_visit_service", FIELD_TEXT},
	{"date", "next_visit_date", FIELD_DATE},
	{"timeWindow", "next_visit_window", FIELD_TEXT},
	{"latest", "last_visit_date", FIELD_DATE, FIELD_WRITE_ONLY},
};

static const FieldTable upcoming_fields = {NULL, NULL, upcoming_field_list, FIELD_TABLE_COUNT(upcoming_field_list)};

/* The card, and whose it is. */
static const Field card_field_list[] = {
	{"customer", "customer_id", FIELD_OBJECT_ID, FIELD_WRITE_ONLY},
	{"format", "card_format", FIELD_INT, FIELD_WRITE_ONLY},
	{"card", "card", FIELD_TEXT, FIELD_WRITE_ONLY},
};

static const FieldTable card_fields = {NULL, NULL, card_field_list, FIELD_TABLE_COUNT(card_field_list)};

/*
 * The queries of a lookup, each of one row of one table by its whole key: a join of two costs as much and can be planned badly.
 * They ask for current_company(), which is the company of the identity, in the very words of the policy: compared with a
 * parameter as well it would be a filter above each scan, at half the cost of the scan.
 */
#define OF_COMPANY "company_id = callcenter.current_company()"

/* Selects the customer whose number this is alone; false when there is none. */
static bool
select_owner(Datum number, Datum *customer)
{
	static SavedPlan plan = {
		.sql = "SELECT p.customer_id FROM callcenter.customer_phones p WHERE p." OF_COMPANY " AND p.phone = $1 AND NOT p.shared",
		.nargs = 1,
		.types = {TEXTOID},
	};
	bool		isnull;

	if (plan_run(&plan, &number, NULL, true, 1) == 0)
		return false;
	*customer = plan_result(1, &isnull);
	return true;
}

/* Opens what is known of whoever has a number; false when nobody has it. */
static bool
open_known_by(DocumentRow *known, Datum *customer, const char *e164)
{
	static SavedPlan by_number = {
		.sql = "SELECT st FROM callcenter.customer_stats st WHERE st." OF_COMPANY " AND st.phone = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	static SavedPlan by_id = {
		.sql = "SELECT st FROM callcenter.customer_stats st WHERE st." OF_COMPANY " AND st.customer_id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		number = CStringGetTextDatum(e164);
	Datum		row = (Datum) 0;
	bool		isnull = true;

	if (plan_run(&by_number, &number, NULL, true, 1) == 1)
	{
		document_open_row(known, plan_result(1, &isnull), false);
		*customer = document_row_get(&card_fields, known, "customer", &isnull);
		return true;
	}
	if (!select_owner(number, customer))
		return false;
	/* there is no row where data was loaded without triggers, until rebuild_stats() */
	if (plan_run(&by_id, customer, NULL, true, 1) == 1)
		row = plan_result(1, &isnull);
	document_open_row(known, row, isnull);
	return true;
}

/* Opens what is known of whoever has the number, or another spelling of the same line; false when nobody has it. */
static bool
open_known(DocumentRow *known, Datum *customer, const char *e164)
{
	char		variants[PHONE_VARIANTS_MAX][PHONE_E164_SIZE];

	if (open_known_by(known, customer, e164))
		return true;
	for (int i = 0, n = phone_variants(e164, variants, PHONE_VARIANTS_MAX); i < n; i++)
		if (open_known_by(known, customer, variants[i]))
			return true;
	return false;
}

/* Writes an object of columns of customer_stats, or null where the column of its key has no value. */
static void
write_part(StringInfo out, const char *name, const FieldTable *fields, const DocumentRow *known, const WriteContext *context)
{
	bool		isnull;

	json_key(out, name);
	document_row_get(fields, known, fields->fields[0].path, &isnull);
	if (isnull)
	{
		appendStringInfoString(out, "null");
		return;
	}
	appendStringInfoChar(out, '{');
	document_write_row(out, fields, known, context);
	appendStringInfoChar(out, '}');
}

/*
 * Opens the next visit of today or later as a row like that of customer_stats.  The earliest scheduled visit, which
 * customer_stats has, may have passed and been forgotten; only then, and when there is a later one, it is looked for.
 */
static void
open_upcoming(DocumentRow *upcoming, const DocumentRow *known, text *company, Datum customer, const WriteContext *context)
{
	static SavedPlan plan = {
		.sql = "SELECT r FROM (SELECT a.id AS next_visit_id, a.service AS next_visit_service, a.scheduled_date AS next_visit_date, "
		"a.time_window AS next_visit_window FROM callcenter.appointments a WHERE a.company_id = $1 AND a.customer_id = $2 "
		"AND a.status = 'scheduled' AND a.scheduled_date >= $3 ORDER BY a.scheduled_date, a.id LIMIT 1) r",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, DATEOID},
	};
	bool		none;
	DateADT		earliest = DatumGetDateADT(document_row_get(&upcoming_fields, known, "date", &none));
	DateADT		latest,
				today;

	*upcoming = *known;
	if (none)
		return;
	latest = DatumGetDateADT(document_row_get(&upcoming_fields, known, "latest", &none));
	today = local_date(GetCurrentTimestamp(), context->company->time_zone);
	if (earliest >= today)
		return;
	upcoming->desc = NULL;
	if (latest >= today)
	{
		Datum		values[] = {PointerGetDatum(company), customer, DateADTGetDatum(today)};
		bool		isnull;

		if (plan_run(&plan, values, NULL, true, 1) == 1)
			document_open_row(upcoming, plan_result(1, &isnull), false);
	}
}

/* Writes the card, or what it would be now when it is of another format. */
static void
write_profile(StringInfo out, const DocumentRow *known, text *company, Datum customer, const WriteContext *context)
{
	bool		isnull;
	int64		format = DatumGetInt64(document_row_get(&card_fields, known, "format", &isnull));

	if (!isnull && format == card_format(context->company))
	{
		text	   *card = DatumGetTextPP(document_row_get(&card_fields, known, "card", &isnull));

		appendBinaryStringInfo(out, VARDATA_ANY(card), VARSIZE_ANY_EXHDR(card));
	}
	else
		appendStringInfoString(out, card_live(company, DatumGetTextPP(customer), context->company));
}

/* Writes the answer for a known caller. */
static void
write_found(StringInfo out, text *company, Datum customer, const DocumentRow *known, const WriteContext *context)
{
	DocumentRow upcoming;

	appendStringInfoString(out, "{\"success\":true,\"found\":true,\"customer\":{");
	write_profile(out, known, company, customer, context);
	document_write_row(out, &customer_stats_fields, known, context);
	appendStringInfoString(out, "},\"recentHistory\":{");
	document_write_row(out, &last_service_fields, known, context);
	open_upcoming(&upcoming, known, company, customer, context);
	write_part(out, "upcomingAppointment", &upcoming_fields, &upcoming, context);
	write_part(out, "lastCall", &last_call_fields, known, context);
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

/* Writes what is known of who calls. */
static void
write_lookup(StringInfo out, const Identity *identity, text *raw)
{
	WriteContext context = {.company = company_get(identity->company_id)};
	DocumentRow known;
	Datum		customer;
	PhoneCaller caller;

	phone_caller(VARDATA_ANY(raw), VARSIZE_ANY_EXHDR(raw), context.company->region, PHONE_TRUNK, &caller);
	if (phone_caller_has_number(&caller) && !company_owns_number(context.company, caller.e164) && open_known(&known, &customer, caller.e164))
		write_found(out, identity->company, customer, &known, &context);
	else
		write_not_found(out, raw, &caller, &context);
}

/* lookup_by_phone(company_id object_id, phone text, token text) json: the customer who has this number, and the history. */
Datum
cc_lookup_by_phone(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_READ);
	StringInfoData out;
	text	   *raw = api_text(fcinfo, 1, "phone");

	initStringInfo(&out);
	write_lookup(&out, identity, raw);
	return api_end(identity, &out);
}

/*
 * enrich_context(company_id object_id, phone text, context jsonb, token text) json: the context of an agent's turn (callId,
 * text, whatever it has) with companyId and, as customerContext, what lookup_by_phone() knows of the caller.
 */
Datum
cc_enrich_context(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 3, RIGHT_READ);
	text	   *raw = api_text(fcinfo, 1, "phone");
	Jsonb	   *context = api_document(fcinfo, 2, "context");
	Datum		answer;
	StringInfoData known,
				out;

	if (!JB_ROOT_IS_OBJECT(context))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "context", "must be an object");
	initStringInfo(&known);
	appendStringInfo(&known, "{\"success\":true,\"companyId\":\"%s\",\"customerContext\":", identity->company_id);
	write_lookup(&known, identity, raw);
	appendStringInfoChar(&known, '}');
	answer = DirectFunctionCall2(jsonb_concat, JsonbPGetDatum(context), DirectFunctionCall1(jsonb_in, CStringGetDatum(known.data)));
	initStringInfo(&out);
	appendStringInfoString(&out, JsonbToCString(NULL, &DatumGetJsonbP(answer)->root, VARSIZE(DatumGetPointer(answer))));
	return api_end(identity, &out);
}
