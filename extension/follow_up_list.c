/*
 * follow_up_list.c
 *		What people do with follow-ups: list_follow_ups(), claim_follow_up(), release_follow_up(), resolve_follow_up().
 *
 * Claiming needs no lock but the item's row: one atomic update, and the next free item is taken past locked ones.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "api.h"
#include "customers.h"
#include "document.h"
#include "errors.h"
#include "followups_internal.h"
#include "list.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_list_follow_ups);
PG_FUNCTION_INFO_V1(cc_claim_follow_up);
PG_FUNCTION_INFO_V1(cc_release_follow_up);
PG_FUNCTION_INFO_V1(cc_resolve_follow_up);

#define FOLLOW_UP_JOINS \
	"LEFT JOIN LATERAL (SELECT * FROM callcenter.customers cu WHERE cu.company_id = f.company_id AND cu.id = f.customer_id " \
	"LIMIT 1) cu ON true " \
	"LEFT JOIN LATERAL (SELECT c.call_id FROM callcenter.calls c WHERE c.company_id = f.company_id AND c.id = f.first_call_id " \
	"LIMIT 1) fc ON true " \
	"LEFT JOIN LATERAL (SELECT * FROM callcenter.calls c WHERE c.company_id = f.company_id AND c.id = f.last_call_id " \
	"LIMIT 1) lc ON true "

static const Field follow_up_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_IN_LIST},
	{"status", "status", FIELD_TEXT, FIELD_IN_LIST},
	{"reason", "reason", FIELD_TEXT, FIELD_IN_LIST},
	{"priority", "priority", FIELD_TEXT, FIELD_IN_LIST},
	{"dueAt", "due_at", FIELD_TIMESTAMP, FIELD_IN_LIST},
	{"overdue", NULL, FIELD_BOOL, FIELD_IN_LIST, .expression = "(f.resolved_at IS NULL AND f.due_at < now())"},
	{"attempts", "attempts", FIELD_INT, FIELD_IN_LIST},
	{"caller.phone", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression = "coalesce(f.phone, lc.caller_phone)"},
	{"caller.phoneDisplay", NULL, FIELD_PHONE_DISPLAY, FIELD_IN_LIST, .expression = "coalesce(f.phone, lc.caller_phone)"},
	{"caller.name", NULL, FIELD_TEXT, FIELD_IN_LIST,
	.expression = "coalesce(cu.full_name, nullif(lc.caller_name, ''), nullif(lc.captured_name, ''))"},
	{"caller.customerId", "customer_id", FIELD_OBJECT_ID, FIELD_IN_LIST},
	{"caller.customerNumber", NULL, FIELD_CUSTOMER_NUMBER, FIELD_IN_LIST, .expression = "cu.customer_number"},
	{"caller.doNotContact", NULL, FIELD_BOOL, FIELD_IN_LIST, .expression = CUSTOMER_BARRED},
	{"firstCall.callId", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression = "fc.call_id"},
	{"firstCall.startedAt", "first_call_at", FIELD_TIMESTAMP, FIELD_IN_LIST},
	{"lastCall.callId", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression = "lc.call_id"},
	{"lastCall.startedAt", "last_call_at", FIELD_TIMESTAMP, FIELD_IN_LIST},
	{"lastCall.status", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression = "lc.status"},
	{"lastCall.primaryIntent", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression = "lc.primary_intent"},
	{"lastCall.summary", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression = "lc.summary"},
	{"lastCall.followUpNotes", NULL, FIELD_TEXT, FIELD_IN_LIST, .expression = "lc.follow_up_notes"},
	{"openedAt", "opened_at", FIELD_TIMESTAMP, FIELD_IN_LIST},
	{"claimedBy", "claimed_by", FIELD_TEXT, FIELD_IN_LIST},
	{"claimedAt", "claimed_at", FIELD_TIMESTAMP, FIELD_IN_LIST},
	{"resolvedBy", "resolved_by", FIELD_TEXT, FIELD_IN_LIST},
	{"resolvedAt", "resolved_at", FIELD_TIMESTAMP, FIELD_IN_LIST},
	{"resolution", "resolution", FIELD_TEXT, FIELD_IN_LIST},
	{"note", "resolution_note", FIELD_TEXT, FIELD_IN_LIST},
	{"recovered", "recovered", FIELD_BOOL, FIELD_IN_LIST},
	{"updatedAt", "updated_at", FIELD_TIMESTAMP, FIELD_IN_LIST},
	{"version", "version", FIELD_INT, FIELD_IN_LIST},
};

static const FieldTable follow_up_fields = {"follow_ups", "f", follow_up_field_list, FIELD_TABLE_COUNT(follow_up_field_list)};

static const Field follow_up_parameter_list[] = {
	LIST_PARAMETERS,
	{"status", NULL, FIELD_TEXT_LIST, 0, 0, 4, .of = "follow_up_status"},
	{"reason", NULL, FIELD_TEXT_LIST, 0, 0, 6, .of = "follow_up_reason"},
	{"priority", NULL, FIELD_TEXT_LIST, 0, 0, 3, .of = "urgency"},
	{"overdue", NULL, FIELD_BOOL},
	{"claimedBy", NULL, FIELD_TEXT, 0, 1, 254},
	{"customerId", NULL, FIELD_TEXT, 0, 1, 40},
	{"startDate", NULL, FIELD_TEXT, 0, 1, 40},
	{"endDate", NULL, FIELD_TEXT, 0, 1, 40},
};

static const FieldTable follow_up_parameters = {NULL, NULL, follow_up_parameter_list, FIELD_TABLE_COUNT(follow_up_parameter_list),.lenient = true};

static const SortOrder follow_up_orders[] = {
	{"due", "f.due_at", "f.due_at, f.id", ">", true},
	{"newest", "f.opened_at", "f.opened_at DESC, f.id DESC", "<", true},
	{NULL},
};

static const ListSource follow_up_source = {
	.member = "followUps",
	.fields = &follow_up_fields,
	.parameters = &follow_up_parameters,
	.orders = follow_up_orders,
	.id = "f.id",
	.alias = "f",
	.from = "FROM callcenter.follow_ups f ",
	.joins = FOLLOW_UP_JOINS,
	.company_column = "f.company_id",
};

/* Tells whether all that is asked for is not resolved: an index has those alone, which are few. */
static bool
wants_unresolved(const ListQuery *query)
{
	Datum	   *elements;
	int			count;

	if (!document_has(query->params, "status"))
		return true;
	deconstruct_array(DatumGetArrayTypeP(document_get(query->params, "status")), TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *status = TextDatumGetCString(elements[i]);

		if (strcmp(status, "open") != 0 && strcmp(status, "claimed") != 0)
			return false;
	}
	return true;
}

/* list_follow_ups(company_id object_id, params jsonb, token text) json: a page of follow-ups, what is due first; without "status" those that are not resolved. */
Datum
cc_list_follow_ups(PG_FUNCTION_ARGS)
{
	ListQuery  *query = list_begin(fcinfo, &follow_up_source, RIGHT_READ);
	text	   *customer = document_text(query->params, "customerId");

	if (wants_unresolved(query))
	{
		list_add(query, "f.resolved_at IS NULL");
		query->by_filter = query->sort != follow_up_orders;	/* they have an index in that order only */
	}
	list_add_choice(query, "status", "f.status");
	list_add_choice(query, "reason", "f.reason");
	list_add_choice(query, "priority", "f.priority");
	list_add_flag(query, "overdue", "(f.resolved_at IS NULL AND f.due_at < now())");
	list_add_equal(query, "claimedBy", "f.claimed_by");
	list_add_period(query, "f.opened_at");
	if (customer != NULL)
	{
		text	   *id = customer_resolve(query->identity->company, customer);

		if (id == NULL)
			query->is_empty = true;
		else
			list_add(query, "f.customer_id = $%d", list_bind(query, TEXTOID, PointerGetDatum(id)));
		query->by_filter = true;	/* a customer has few */
	}
	return list_end(query, LIST_TOTAL_COUNT);
}

/* Gives an item as the answer (null without one), leaves SPI and the identity. */
static Datum
answer(Identity *identity, const Company *company, const char *head, Datum id)
{
	static SavedPlan plan = {.nargs = 2,.types = {TEXTOID, TEXTOID}};
	Datum		values[] = {PointerGetDatum(identity->company), id};
	WriteContext context = {.company = company};
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,%s\"followUp\":", head);
	if (id == (Datum) 0)
	{
		appendStringInfoString(&out, "null}");
		return api_end(identity, &out);
	}
	if (plan.sql == NULL)
	{
		StringInfoData sql;

		initStringInfo(&sql);
		appendStringInfoString(&sql, "SELECT ");
		document_select_list(&sql, &follow_up_fields, true);
		appendStringInfoString(&sql, " FROM callcenter.follow_ups f " FOLLOW_UP_JOINS "WHERE f.company_id = $1 AND f.id = $2");
		plan.sql = MemoryContextStrdup(TopMemoryContext, sql.data);
	}
	plan_run(&plan, values, NULL, false, 0);
	appendStringInfoChar(&out, '{');
	document_write(&out, &follow_up_fields, true, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &context);
	appendStringInfoString(&out, "}}");
	return api_end(identity, &out);
}

/* What an item is at the moment that somebody wants it. */
typedef struct State
{
	Datum		id;
	char	   *status;
	char	   *claimed_by;		/* NULL when nobody has it */
} State;

/* Reads and locks an item; raises that there is none. */
static void
lock_item(const Identity *identity, text *id, State *state)
{
	static SavedPlan plan = {
		.sql = "SELECT f.id, f.status, f.claimed_by FROM callcenter.follow_ups f WHERE f.company_id = $1 AND f.id = $2 FOR NO KEY UPDATE",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), PointerGetDatum(id)};
	Datum		claimed_by;
	bool		isnull;

	if (plan_run(&plan, values, NULL, false, 1) == 0)
		error_not_found("Follow-up");
	state->id = plan_result(1, &isnull);
	state->status = TextDatumGetCString(plan_result(2, &isnull));
	claimed_by = plan_result(3, &isnull);
	state->claimed_by = isnull ? NULL : TextDatumGetCString(claimed_by);
}

/* Claims an open item, the one that is due next when "id" is NULL; 0 when there is none to claim. */
static Datum
claim(const Identity *identity, text *id)
{
#define CLAIM_SQL(condition) \
	"UPDATE callcenter.follow_ups f SET status = 'claimed', claimed_by = $2, claimed_at = now(), version = f.version + 1, updated_at = now() " \
	"WHERE f.company_id = $1 AND f.status = 'open' AND f.id = " condition " RETURNING f.id"
	static SavedPlan plans[] = {
		{.sql = CLAIM_SQL("$3"),.nargs = 3,.types = {TEXTOID, TEXTOID, TEXTOID}},
		{.sql = CLAIM_SQL("(SELECT n.id FROM callcenter.follow_ups n WHERE n.company_id = $1 AND n.status = 'open' AND n.resolved_at IS NULL "
						  "ORDER BY n.due_at, n.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)"),
			.nargs = 2,
		.types = {TEXTOID, TEXTOID}},
	};
	Datum		values[3];
	bool		isnull;

	values[0] = PointerGetDatum(identity->company);
	values[1] = CStringGetTextDatum(identity->actor);
	values[2] = PointerGetDatum(id);
	if (plan_run(&plans[id == NULL], values, NULL, false, 0) == 0)
		return (Datum) 0;
	return plan_result(1, &isnull);
}

/*
 * claim_follow_up(company_id object_id, follow_up_id text, token text) json: takes a follow-up, or the one that is due
 * next when none is named; of several who try, one gets it.
 */
Datum
cc_claim_follow_up(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_ANNOTATE);
	const Company *company = company_get(identity->company_id);
	text	   *wanted = PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1);
	Datum		id = claim(identity, wanted);
	State		state;

	if (id != (Datum) 0)
		follow_up_audit(identity, "claim", id, "{\"status\": \"open\"}", "{\"status\": \"claimed\"}");
	else if (wanted != NULL)
	{
		lock_item(identity, wanted, &state);
		if (strcmp(state.status, "claimed") != 0)
			error_conflict("status", "The follow-up is %s already", state.status);
		if (strcmp(state.claimed_by, identity->actor) != 0)
			error_conflict("claimedBy", "The follow-up is claimed by %s", state.claimed_by);
		id = state.id;
	}
	PG_RETURN_DATUM(answer(identity, company, id != (Datum) 0 ? "\"claimed\":true," : "\"claimed\":false,", id));
}

/* release_follow_up(company_id object_id, follow_up_id text, token text) json: gives a claimed follow-up back. */
Datum
cc_release_follow_up(PG_FUNCTION_ARGS)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.follow_ups f SET status = 'open', claimed_by = NULL, claimed_at = NULL, version = f.version + 1, updated_at = now() "
		"WHERE f.company_id = $1 AND f.id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_ANNOTATE);
	const Company *company = company_get(identity->company_id);
	State		state;
	Datum		values[2];

	lock_item(identity, api_text(fcinfo, 1, "followUpId"), &state);
	if (strcmp(state.status, "claimed") == 0)
	{
		values[0] = PointerGetDatum(identity->company);
		values[1] = state.id;
		plan_run(&plan, values, NULL, false, 0);
		follow_up_audit(identity, "release", state.id, "{\"status\": \"claimed\"}", "{\"status\": \"open\"}");
	}
	else if (strcmp(state.status, "open") != 0)
		error_conflict("status", "The follow-up is %s already", state.status);
	PG_RETURN_DATUM(answer(identity, company, "", state.id));
}

static bool
is_ending(const char *status)
{
	return strcmp(status, "done") == 0 || strcmp(status, "dismissed") == 0;
}

static const Field resolution_field_list[] = {
	{"status", NULL, FIELD_TEXT, 0, 1, 20},
	{"note", NULL, FIELD_TEXT, 0, 1, 10000},
};

static const FieldTable resolution_fields = {NULL, NULL, resolution_field_list, FIELD_TABLE_COUNT(resolution_field_list)};

/*
 * resolve_follow_up(company_id object_id, follow_up_id text, resolution jsonb, token text) json: ends a follow-up: {status:
 * done (the default) or dismissed, note}.
 */
Datum
cc_resolve_follow_up(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 3, RIGHT_ANNOTATE);
	const Company *company = company_get(identity->company_id);
	Document   *document = document_read(&resolution_fields, api_document(fcinfo, 2, "resolution"), DOCUMENT_CREATE);
	const char *status = document_has(document, "status") ? text_to_cstring(document_text(document, "status")) : "done";
	State		state;

	if (!is_ending(status))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "status", "must be one of: done, dismissed");
	lock_item(identity, api_text(fcinfo, 1, "followUpId"), &state);
	if (is_ending(state.status))
		error_conflict("status", "The follow-up is %s already", state.status);
	follow_up_resolve(identity, state.id, status, "person", document_text(document, "note"));
	PG_RETURN_DATUM(answer(identity, company, "", state.id));
}
