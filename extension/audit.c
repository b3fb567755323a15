/*
 * audit.c
 *		The audit log: who changed or revealed what, when, before and after; list_audit().
 *
 * A row is written by the function that makes the change, in the same commit: there is no change without it, and no row
 * without the change.  Access codes are masked in it.  Rows are never changed but for one thing: when a person is erased,
 * what the rows of that person say of them becomes "[erased]", and who did what, when, and to which fields stays.  They are
 * never removed but with the whole company.  A trigger refuses anything else to everybody.  It lets audit_redact() and
 * audit_remove() pass by a variable of this file, which is set for the length of their statements: nobody can set it from
 * SQL, also not as callcenter_api, which has the privileges that they need.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/rel.h"

#include "audit.h"
#include "errors.h"
#include "json_text.h"
#include "list.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_audit_log_is_append_only);
PG_FUNCTION_INFO_V1(cc_list_audit);

void
audit_write(const Identity *identity, const char *action, const char *record_type, const char *record_id,
			const char *before, const char *after)
{
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.audit_log (company_id, id, actor, action, record_type, record_id, before, after) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb)",
		.nargs = 8,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[8];
	bool		isnull[8] = {false};

	values[0] = PointerGetDatum(identity->company);
	values[1] = PointerGetDatum(object_id_generate());
	values[2] = CStringGetTextDatum(identity->actor);
	values[3] = CStringGetTextDatum(action);
	values[4] = CStringGetTextDatum(record_type);
	values[5] = CStringGetTextDatum(record_id);
	values[6] = before != NULL ? CStringGetTextDatum(before) : (Datum) 0;
	isnull[6] = before == NULL;
	values[7] = after != NULL ? CStringGetTextDatum(after) : (Datum) 0;
	isnull[7] = after == NULL;
	plan_run(&plan, values, isnull, false, 0);
}

void
audit_write_user(Datum user_id, Datum held_companies, const char *actor, const char *action, const char *email,
				 const char *before, const char *after)
{
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.audit_log (company_id, id, actor, action, record_type, record_id, before, after) "
		"SELECT m.company_id, callcenter.object_id_new(), $3, $4, 'user', $5, $6::jsonb, $7::jsonb "
		"FROM callcenter.memberships m WHERE m.user_id = $1 AND m.company_id = ANY ($2)",
		.nargs = 7,
		.types = {TEXTOID, TEXTARRAYOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {user_id, held_companies, CStringGetTextDatum(actor), CStringGetTextDatum(action), CStringGetTextDatum(email),
		CStringGetTextDatum(before), CStringGetTextDatum(after)};

	plan_run(&plan, values, NULL, false, 0);
}

/* The event that the trigger lets pass, while audit_redact() or audit_remove() runs its statements. */
#define NOTHING_PASSES 0xFFFFFFFF
static TriggerEvent passing = NOTHING_PASSES;

uint64
audit_redact(const Identity *identity, text *customer, const char *customer_number)
{
#define ERASED(column) \
	column " = (SELECT coalesce(jsonb_object_agg(k.key, '\"[erased]\"'::jsonb), '{}') FROM jsonb_object_keys(l." column ") AS k (key) " \
	"WHERE l." column " IS NOT NULL HAVING l." column " IS NOT NULL)"
#define REDACT_SQL(type, records) \
	"UPDATE callcenter.audit_log l SET " ERASED("before") ", " ERASED("after") " WHERE l.company_id = $1 AND l.record_type = '" type "' " \
	"AND l.action NOT IN ('link', 'delete', 'erase') AND (l.before IS NOT NULL OR l.after IS NOT NULL) AND l.record_id IN (" records ")"
	static SavedPlan plans[] = {
		{.sql = REDACT_SQL("customer", "$3") " AND $2 IS NOT NULL",.nargs = 3,.types = {TEXTOID, TEXTOID, TEXTOID}},
		/* calls of the customer, and those that were deleted as such */
		{.sql = REDACT_SQL("call", "SELECT c.call_id FROM callcenter.calls c WHERE c.company_id = $1 AND c.customer_id = $2 "
						   "UNION ALL SELECT d.record_id FROM callcenter.audit_log d WHERE d.company_id = $1 AND d.record_type = 'call' "
						   "AND d.action = 'delete' AND d.before ->> 'customerId' = $2") " AND $3 IS NOT NULL",
		.nargs = 3,.types = {TEXTOID, TEXTOID, TEXTOID}},
		{.sql = REDACT_SQL("appointment", "SELECT a.id FROM callcenter.appointments a WHERE a.company_id = $1 AND a.customer_id = $2") " AND $3 IS NOT NULL",
		.nargs = 3,.types = {TEXTOID, TEXTOID, TEXTOID}},
	};
	Datum		values[3];
	volatile uint64 count = 0;

	values[0] = PointerGetDatum(identity->company);
	values[1] = PointerGetDatum(customer);
	values[2] = CStringGetTextDatum(customer_number);
	passing = TRIGGER_EVENT_UPDATE;
	PG_TRY();
	{
		for (int i = 0; i < (int) lengthof(plans); i++)
			count += plan_run(&plans[i], values, NULL, false, 0);
	}
	PG_FINALLY();
	{
		passing = NOTHING_PASSES;
	}
	PG_END_TRY();
	return count;
}

uint64
audit_remove(const Identity *identity)
{
	static SavedPlan plan = {
		.sql = "DELETE FROM callcenter.audit_log l WHERE l.company_id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		company = PointerGetDatum(identity->company);
	volatile uint64 count = 0;

	passing = TRIGGER_EVENT_DELETE;
	PG_TRY();
	{
		count = plan_run(&plan, &company, NULL, false, 0);
	}
	PG_FINALLY();
	{
		passing = NOTHING_PASSES;
	}
	PG_END_TRY();
	return count;
}

char *
audit_fields(const Document *patch, HeapTuple row, TupleDesc desc, const Company *company)
{
	WriteContext context = {.company = company,.only = patch->present};
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	document_write(&out, patch->table, false, row, desc, 1, &context);
	appendStringInfoChar(&out, '}');
	return out.data;
}

/* audit_log_is_append_only() trigger: refuses what it fires for, but the two that pass. */
Datum
cc_audit_log_is_append_only(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (CALLED_AS_TRIGGER(fcinfo) && (trigger->tg_event & TRIGGER_EVENT_OPMASK) == passing &&
		strcmp(RelationGetRelationName(trigger->tg_relation), "audit_log") == 0)
		PG_RETURN_POINTER(NULL);
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("rows of the audit log cannot be changed or removed")));
}

static const Field audit_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_IN_LIST},
	{"at", "at", FIELD_TIMESTAMP, FIELD_IN_LIST},
	{"actor", "actor", FIELD_TEXT, FIELD_IN_LIST},
	{"action", "action", FIELD_TEXT, FIELD_IN_LIST},
	{"recordType", "record_type", FIELD_TEXT, FIELD_IN_LIST},
	{"recordId", "record_id", FIELD_TEXT, FIELD_IN_LIST},
	{"before", "before", FIELD_MAP, FIELD_IN_LIST},
	{"after", "after", FIELD_MAP, FIELD_IN_LIST},
};

static const FieldTable audit_fields_table = {"audit_log", "l", audit_field_list, FIELD_TABLE_COUNT(audit_field_list)};

static const Field audit_parameter_list[] = {
	LIST_PARAMETERS,
	{"recordType", NULL, FIELD_TEXT, 0, 1, 40},
	{"recordId", NULL, FIELD_TEXT, 0, 1, 254},
	{"actor", NULL, FIELD_TEXT, 0, 1, 254},
	{"action", NULL, FIELD_TEXT_LIST, 0, 0, 20},
	{"startDate", NULL, FIELD_TEXT, 0, 1, 40},
	{"endDate", NULL, FIELD_TEXT, 0, 1, 40},
};

static const FieldTable audit_parameters = {NULL, NULL, audit_parameter_list, FIELD_TABLE_COUNT(audit_parameter_list),.lenient = true};

static const SortOrder audit_orders[] = {
	{"newest", "l.at", "l.at DESC, l.id DESC", "<", true},
	{"oldest", "l.at", "l.at, l.id", ">", true},
	{NULL},
};

static const ListSource audit_source = {
	.member = "entries",
	.fields = &audit_fields_table,
	.parameters = &audit_parameters,
	.orders = audit_orders,
	.id = "l.id",
	.alias = "l",
	.from = "FROM callcenter.audit_log l ",
	.joins = "",
	.company_column = "l.company_id",
};

/*
 * Adds the condition on the record.  The log names calls by callId and customers by CUST number, as people do; who asks by
 * _id means the same record.  What the log itself names by an id (an appointment, a call that was opened) is found too.
 */
static void
add_record(ListQuery *query)
{
	static SavedPlan plan = {
		.sql = "SELECT array_agg(n.name) FROM (SELECT $2 AS name "
		"UNION ALL SELECT c.call_id FROM callcenter.calls c WHERE c.company_id = $1 AND c.id = $2 "
		"UNION ALL SELECT c.id FROM callcenter.calls c WHERE c.company_id = $1 AND c.call_id = $2 "
		"UNION ALL SELECT 'CUST-' || lpad(cu.customer_number::text, greatest(5, length(cu.customer_number::text)), '0') "
		"FROM callcenter.customers cu WHERE cu.company_id = $1 AND cu.id = $2) n",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(query->identity->company), (Datum) 0};
	bool		isnull;

	if (!document_has(query->params, "recordId"))
		return;
	values[1] = document_get(query->params, "recordId");
	plan_run(&plan, values, NULL, true, 1);
	list_add(query, "l.record_id = ANY ($%d)", list_bind(query, TEXTARRAYOID, plan_result(1, &isnull)));
}

/* list_audit(company_id object_id, params jsonb, token text) json: a page of the audit log. */
Datum
cc_list_audit(PG_FUNCTION_ARGS)
{
	ListQuery  *query = list_begin(fcinfo, &audit_source, RIGHT_ADMIN);

	list_add_equal(query, "recordType", "l.record_type");
	add_record(query);
	list_add_equal(query, "actor", "l.actor");
	list_add_choice(query, "action", "l.action");
	list_add_period(query, "l.at");
	return list_end(query, LIST_TOTAL_COUNT);
}
