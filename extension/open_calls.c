/*
 * open_calls.c
 *		Calls that go on: open_call(), and what lists and create_call() need of them.
 *
 * A telephony webhook tells that a call has begun, long before the agent logs it.  Such a record is provisional: it says
 * who is on the line and since when, and nothing else.  It stands in a table of its own, so that nothing that counts calls
 * can count it.  create_call() takes it away by its twilioCallSid and gives the call its id, so that whoever has the id of
 * the provisional record finds the whole one under it.
 *
 * Rules
 * - Telephony says things more than once, and late: opening again gives back what is there, and the call itself when it
 *	 is logged by then.  Another caller under the same twilioCallSid is a conflict.
 * - A list shows those of the last SHOWN_HOURS: of an older one the record will hardly come, but nothing is lost.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "api.h"
#include "audit.h"
#include "calls.h"
#include "customers.h"
#include "errors.h"
#include "json_text.h"
#include "open_calls.h"
#include "phone.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_open_call);

#define SHOWN_HOURS		"24 hours"
#define SHOWN_MAX		100

/* The caller's number, and what else its line is called. */
#define SPELLINGS "(ARRAY[o.caller_phone] || callcenter.phone_variants(o.caller_phone))"

/* Who has the caller's number: one customer, or nobody in particular, as lookup_by_phone() finds. */
#define OPEN_CALL_SOURCES \
	"FROM callcenter.open_calls o " \
	"LEFT JOIN LATERAL (SELECT cu.id, cu.full_name, cu.customer_number, cu.status FROM callcenter.customer_phones p " \
	"JOIN callcenter.customers cu ON cu.company_id = p.company_id AND cu.id = p.customer_id " \
	"WHERE p.company_id = o.company_id AND p.phone = ANY (" SPELLINGS ") AND NOT p.shared " \
	"AND NOT EXISTS (SELECT FROM callcenter.companies co WHERE co.id = o.company_id AND co.own_numbers && " SPELLINGS ") " \
	"ORDER BY p.phone = o.caller_phone DESC LIMIT 1) cu ON true "

static const Field open_call_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_READ_ONLY | FIELD_IN_LIST},
	{"twilioCallSid", "twilio_call_sid", FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_LIST, 1, 64},
	{"caller.phone", NULL, FIELD_TEXT, FIELD_REQUIRED | FIELD_IN_LIST, 0, 250, .expression = "coalesce(o.caller_phone, o.caller_raw)"},
	{"caller.phoneDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_READ_ONLY | FIELD_IN_LIST,
	.expression = "CASE WHEN o.caller_phone IS NOT NULL THEN o.caller_phone "
		"WHEN o.caller_kind = 'withheld'::callcenter.caller_kind THEN 'Withheld number'::text END"},
	{"caller.withheld", NULL, FIELD_BOOL, FIELD_READ_ONLY | FIELD_IN_LIST,
	.expression = "CASE WHEN o.caller_kind = 'withheld'::callcenter.caller_kind THEN true END"},
	{"caller.name", "caller_name", FIELD_TEXT, FIELD_IN_LIST, 0, 200, .expression = "coalesce(cu.full_name, nullif(o.caller_name, ''))"},
	{"caller.customerId", NULL, FIELD_OBJECT_ID, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = "cu.id"},
	{"caller.customerNumber", NULL, FIELD_CUSTOMER_NUMBER, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = "cu.customer_number"},
	{"caller.doNotContact", NULL, FIELD_BOOL, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = CUSTOMER_BARRED},
	{"direction", "direction", FIELD_ENUM, FIELD_DEFAULTED | FIELD_IN_LIST, .of = "call_direction"},
	{"startedAt", "started_at", FIELD_TIMESTAMP, FIELD_DEFAULTED | FIELD_IN_LIST},
	{"inProgress", NULL, FIELD_BOOL, FIELD_READ_ONLY | FIELD_IN_LIST, .expression = "true"},
};

static const FieldTable open_call_fields = {"open_calls", "o", open_call_field_list, FIELD_TABLE_COUNT(open_call_field_list)};

/* Selects an open call by its id or twilioCallSid into SPI_tuptable; false when there is none. */
static bool
select_open(text *company, text *key)
{
	static SavedPlan plan = {.nargs = 2,.types = {TEXTOID, TEXTOID}};
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(key)};

	if (plan.sql == NULL)
	{
		StringInfoData sql;

		initStringInfo(&sql);
		appendStringInfoString(&sql, "SELECT ");
		document_select_list(&sql, &open_call_fields, true);
		appendStringInfoString(&sql, " " OPEN_CALL_SOURCES "WHERE o.company_id = $1 AND (o.twilio_call_sid = $2 OR o.id = $2)");
		plan.sql = MemoryContextStrdup(TopMemoryContext, sql.data);
	}
	return plan_run(&plan, values, NULL, false, 1) > 0;
}

bool
open_call_exists(text *company, text *key)
{
	return select_open(company, key);
}

bool
open_call_write(StringInfo out, const Identity *identity, const Company *company, text *key)
{
	WriteContext context = {.company = company};

	if (!select_open(identity->company, key))
		return false;
	appendStringInfoString(out, "\"call\":{");
	document_write(out, &open_call_fields, true, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &context);
	appendStringInfoChar(out, '}');
	return true;
}

char *
open_calls_shown(const Identity *identity, const Company *company)
{
	static SavedPlan plan = {.nargs = 1,.types = {TEXTOID}};
	Datum		value = PointerGetDatum(identity->company);
	WriteContext context = {.company = company};
	StringInfoData out;
	uint64		count;

	if (plan.sql == NULL)
	{
		StringInfoData sql;

		initStringInfo(&sql);
		appendStringInfoString(&sql, "SELECT ");
		document_select_list(&sql, &open_call_fields, true);
		appendStringInfo(&sql, " " OPEN_CALL_SOURCES "WHERE o.company_id = $1 AND o.started_at > now() - interval '" SHOWN_HOURS "' "
						 "AND NOT EXISTS (SELECT FROM callcenter.calls c WHERE c.company_id = o.company_id AND c.twilio_call_sid = o.twilio_call_sid) "
						 "ORDER BY o.started_at DESC, o.id DESC LIMIT %d", SHOWN_MAX);
		plan.sql = MemoryContextStrdup(TopMemoryContext, sql.data);
	}
	count = plan_run(&plan, &value, NULL, true, 0);
	if (count == 0)
		return NULL;
	initStringInfo(&out);
	appendStringInfoString(&out, ",\"inProgress\":");
	document_write_rows(&out, &open_call_fields, count, &context);
	return out.data;
}

Datum
open_call_take(text *company, text *sid, text *call_id)
{
	static SavedPlan plan = {
		.sql = "DELETE FROM callcenter.open_calls o WHERE o.company_id = $1 AND o.twilio_call_sid = $2 "
		"AND NOT EXISTS (SELECT FROM callcenter.calls c WHERE c.company_id = $1 AND c.call_id = $3 LIMIT 1) RETURNING o.id",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(sid), PointerGetDatum(call_id)};
	bool		isnull;

	return plan_run(&plan, values, NULL, false, 0) > 0 ? plan_result(1, &isnull) : (Datum) 0;
}

/* Stores what a webhook knows under an id; false when the call is open already. */
static bool
insert_open(const Identity *identity, const Company *company, text *id, Document *document, text *raw, const PhoneCaller *caller)
{
	ColumnSet	columns = {0};

	columns_add(&columns, "company_id", TEXTOID, PointerGetDatum(identity->company), false);
	columns_add(&columns, "id", TEXTOID, PointerGetDatum(id), false);
	columns_add(&columns, "caller_phone", TEXTOID, phone_caller_has_number(caller) ? CStringGetTextDatum(caller->e164) : (Datum) 0,
				!phone_caller_has_number(caller));
	columns_add_enum(&columns, "caller_kind", "caller_kind", phone_kind_name(caller->kind));
	columns_add(&columns, "caller_raw", TEXTOID, PointerGetDatum(raw), false);
	columns_add(&columns, "caller_region", TEXTOID, CStringGetTextDatum(phone_region_code(company->region)), false);
	columns_add(&columns, "metadata_version", TEXTOID, CStringGetTextDatum(phone_metadata_version()), false);
	columns_add_document(&columns, document, DOCUMENT_CREATE);
	return columns_insert(&columns, "open_calls", "ON CONFLICT DO NOTHING") == 1;
}

/* Gives the call id of the call with a twilioCallSid, when it is logged and of this caller; NULL when it is not logged. */
static text *
find_logged(const Identity *identity, text *sid, text *raw, const PhoneCaller *caller)
{
	static SavedPlan plan = {
		.sql = "SELECT c.call_id, coalesce(c.caller_phone, c.caller_raw) FROM callcenter.calls c WHERE c.company_id = $1 AND c.twilio_call_sid = $2 "
		"UNION ALL SELECT NULL, coalesce(o.caller_phone, o.caller_raw) FROM callcenter.open_calls o WHERE o.company_id = $1 AND o.twilio_call_sid = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), PointerGetDatum(sid)};
	const char *number = phone_caller_has_number(caller) ? caller->e164 : text_to_cstring(raw);
	bool		isnull;
	Datum		call_id;

	if (plan_run(&plan, values, NULL, false, 1) == 0)
		return NULL;
	if (strcmp(TextDatumGetCString(plan_result(2, &isnull)), number) != 0)
		error_conflict("caller.phone", "A call with this twilioCallSid exists with another caller");
	call_id = plan_result(1, &isnull);
	return isnull ? NULL : DatumGetTextPP(call_id);
}

/*
 * open_call(company_id object_id, call jsonb, token text) json: a call has begun: {twilioCallSid, caller {phone, name},
 * direction, startedAt}.  The first full record with this twilioCallSid (create_call) completes it.
 */
Datum
cc_open_call(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_LOG);
	Jsonb	   *input = api_document(fcinfo, 1, "call");
	const Company *company = company_get(identity->company_id);
	Document   *document = document_read(&open_call_fields, input, DOCUMENT_CREATE);
	text	   *raw = document_text(document, "caller.phone");
	text	   *sid = document_text(document, "twilioCallSid");
	PhoneCaller caller;
	text	   *id = object_id_generate();
	text	   *call_id;
	bool		created = false;
	StringInfoData out;

	phone_caller(VARDATA_ANY(raw), VARSIZE_ANY_EXHDR(raw), company->region, PHONE_TRUNK, &caller);
	call_id = find_logged(identity, sid, raw, &caller);
	if (call_id == NULL)
		created = insert_open(identity, company, id, document, raw, &caller);
	if (!created)
		call_id = find_logged(identity, sid, raw, &caller);

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"created\":%s,", created ? "true" : "false");
	if (call_id != NULL)
	{
		call_select(identity->company, call_id);
		call_write(&out, identity, company);
	}
	else
		open_call_write(&out, identity, company, sid);
	/* by its _id, which the whole record will have: what leads to the telephone company's own record is for nobody to keep */
	if (created)
		audit_write(identity, "open", "call", text_to_cstring(id), NULL, NULL);
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}
