/*
 * call_changes.c
 *		What changes a call that is logged: update_call(), add_call_note(), add_transcript(), link_call(), delete_calls().
 *
 * Every change locks the call, writes the audit log, and raises the version.  A change that says which version it was
 * made from (If-Match) is refused when the call has another one by now.  What lists and statistics derive from a call is
 * derived again.
 *
 * Locks are taken in one order by all functions, so that none of them can deadlock with another: customers by id, numbers
 * without customer (numbers_lock), then visits, calls, follow-ups, derived rows.  Who holds the callers' locks may count their
 * calls.  Who finds that it has locked the wrong caller lets go of it before it locks another.  Before all of them the company
 * is held (company_hold).
 *
 * Agents annotate: reviews, notes, follow-ups and links (FIELD_ANNOTATION).  What a call was is for admins and services.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/resowner.h"
#include "utils/timestamp.h"

#include "api.h"
#include "audit.h"
#include "calls.h"
#include "customers.h"
#include "errors.h"
#include "followups.h"
#include "identity.h"
#include "json_text.h"
#include "list.h"
#include "open_calls.h"
#include "plans.h"
#include "stats.h"
#include "transcript.h"

PG_FUNCTION_INFO_V1(cc_update_call);
PG_FUNCTION_INFO_V1(cc_add_call_note);
PG_FUNCTION_INFO_V1(cc_add_transcript);
PG_FUNCTION_INFO_V1(cc_link_call);
PG_FUNCTION_INFO_V1(cc_delete_calls);

/* A call that is being changed; its caller and its row are locked. */
typedef struct ChangedCall
{
	Identity   *identity;
	const Company *company;
	Datum		id;
	char	   *call_id;
	int			version;
	char	   *status;
	TimestampTz started_at;
	TimestampTz ended_at;		/* DT_NOEND when not known */
	text	   *customer;		/* NULL when not linked */
	char	   *e164;			/* NULL when the caller is not a number */
	text	   *summary;
	bool		follow_up_required;
	Datum	   *visits;			/* of a call that is linked: those that it made and that are its customer's, or nobody's as it is */
	uint64		visit_count;
} ChangedCall;

/*
 * Section: what every change does
 */

/* Reads the call with this id or call id; with "lock" locks it.  False when there is none. */
static bool
read_call(ChangedCall *call, Datum key, bool lock)
{
#define READ_SQL \
	"SELECT c.id, c.call_id, c.version, c.status, c.started_at, coalesce(c.ended_at, 'infinity'), c.customer_id, c.caller_phone, c.summary, " \
	"c.follow_up_required " \
	"FROM callcenter.calls c WHERE c.company_id = $1 AND (c.id = $2 OR c.call_id = $2) " \
	"ORDER BY c.id = $2 DESC LIMIT 1"
	static SavedPlan plans[] = {
		{.sql = READ_SQL,.nargs = 2,.types = {TEXTOID, TEXTOID}},
		{.sql = READ_SQL " FOR NO KEY UPDATE",.nargs = 2,.types = {TEXTOID, TEXTOID}},
	};
	Datum		values[] = {PointerGetDatum(call->identity->company), key};
	Datum		value;
	bool		isnull;

	if (plan_run(&plans[lock], values, NULL, false, 1) == 0)
		return false;
	call->id = plan_result(1, &isnull);
	call->call_id = TextDatumGetCString(plan_result(2, &isnull));
	call->version = DatumGetInt32(plan_result(3, &isnull));
	call->status = TextDatumGetCString(plan_result(4, &isnull));
	call->started_at = DatumGetTimestampTz(plan_result(5, &isnull));
	call->ended_at = DatumGetTimestampTz(plan_result(6, &isnull));
	value = plan_result(7, &isnull);
	call->customer = isnull ? NULL : DatumGetTextPP(value);
	value = plan_result(8, &isnull);
	call->e164 = isnull ? NULL : TextDatumGetCString(value);
	value = plan_result(9, &isnull);
	call->summary = isnull ? NULL : DatumGetTextPP(value);
	call->follow_up_required = DatumGetBool(plan_result(10, &isnull));
	return true;
}

/* Tells whether two customers are the same one, or both none. */
static bool
is_same(text *one, text *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return strcmp(text_to_cstring(one), text_to_cstring(other)) == 0;
}

/*
 * Locks the caller of a call as it was read; false, without any lock, when it has another caller by now.  The locks are taken
 * in a savepoint, with which they are let go: who held one customer while it waits for another, perhaps of a lower id, could
 * deadlock.  What was read in it is gone then as well, so the call is to be read again.
 */
static bool
try_lock_caller(ChangedCall *call, text *target, bool linking)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	text	   *customer = call->customer;
	Datum		id = call->id;
	volatile bool is_caller = false;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	/* an error must not get past the savepoint, which the server would take for one of the client's */
	PG_TRY();
	{
		customers_lock(call->identity->company, customer, target);
		if (call->e164 != NULL && (customer == NULL || linking))
			numbers_lock(call->identity->company, (const char *const *) &call->e164, 1);
		if (target != NULL && customer_resolve(call->identity->company, target) == NULL)
			error_not_found("Customer");
		if (linking)
			call->visit_count = appointments_lock_made(call->identity->company, id, customer, &call->visits);
		/* a caller who cannot be locked is held by the call alone */
		if (!read_call(call, id, customer == NULL && call->e164 == NULL))
			error_not_found("Call");
		is_caller = is_same(customer, call->customer);
		if (is_caller)
			ReleaseCurrentSubTransaction();
		else
			RollbackAndReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		ReThrowError(error);
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	if (!is_caller)
		call->id = id;
	return is_caller;
}

/* Locks the caller and then the call; starts over when somebody has linked the call to another customer meanwhile. */
static void
lock_call(ChangedCall *call, text *target, bool linking)
{
	while (!try_lock_caller(call, target, linking))
	{
		CHECK_FOR_INTERRUPTS();
		if (!read_call(call, call->id, false))
			error_not_found("Call");
	}
	/* whoever gives the call another customer locks this one first */
	if (!read_call(call, call->id, true))
		error_not_found("Call");
}

/* Enters the identity and finds the call that argument 1 names; "token_arg" is the token's argument. */
static ChangedCall *
find_call(FunctionCallInfo fcinfo, int token_arg, CallerRight right)
{
	ChangedCall *call = palloc0_object(ChangedCall);
	text	   *key;

	call->identity = api_begin(fcinfo, token_arg, right);
	call->company = company_get(call->identity->company_id);
	key = api_text(fcinfo, 1, "callId");
	if (!read_call(call, PointerGetDatum(key), false))
	{
		if (open_call_exists(call->identity->company, key))
			error_conflict("callId", "The call is in progress: it can be changed when it is logged");
		error_not_found("Call");
	}
	return call;
}

/* The same, and locks it. */
static ChangedCall *
begin_change(FunctionCallInfo fcinfo, int token_arg, CallerRight right)
{
	ChangedCall *call = find_call(fcinfo, token_arg, right);

	lock_call(call, NULL, false);
	return call;
}

/* Gives the changed call as the answer, leaves SPI and the identity. */
static Datum
end_change(ChangedCall *call)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,");
	call_select(call->identity->company, DatumGetTextPP(call->id));
	call_write(&out, call->identity, call->company);
	appendStringInfoChar(&out, '}');
	return api_end(call->identity, &out);
}

/* Raises the version of a call of which no column of its own has changed. */
static void
touch_call(const ChangedCall *call)
{
	ColumnSet	columns = {0};

	columns_update(&columns, "calls", PointerGetDatum(call->identity->company), call->id, "");
}

void
calls_recount(text *company, text *customer, const char *e164)
{
#define RECOUNT_SQL(condition) \
	"UPDATE callcenter.calls c SET previous_call_count = n.earlier, is_returning = n.earlier > 0 " \
	"FROM (SELECT c.id, (count(*) FILTER (WHERE " STATS_COUNTS_AS_EARLIER("c") ") " \
	"OVER (ORDER BY c.started_at GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))::integer AS earlier " \
	"FROM callcenter.calls c WHERE c.company_id = $1 AND " condition ") n " \
	"WHERE c.company_id = $1 AND c.id = n.id AND c.previous_call_count <> n.earlier"
	static SavedPlan plans[] = {
		{.sql = RECOUNT_SQL("c.caller_phone = $2 AND c.customer_id IS NULL"),.nargs = 2,.types = {TEXTOID, TEXTOID}},
		{.sql = RECOUNT_SQL("c.customer_id = $2"),.nargs = 2,.types = {TEXTOID, TEXTOID}},
	};
	Datum		values[2];

	if (customer == NULL && e164 == NULL)
		return;
	values[0] = PointerGetDatum(company);
	values[1] = customer != NULL ? PointerGetDatum(customer) : CStringGetTextDatum(e164);
	plan_run(&plans[customer != NULL], values, NULL, false, 0);
}

/*
 * Section: update_call
 */

/* Refuses fields that an agent may not change. */
static void
check_fields(const Document *patch, const Identity *identity)
{
	if (identity->may_log)
		return;
	for (int i = 0; i < patch->table->count; i++)
		if (patch->present[i] && !(patch->table->fields[i].flags & FIELD_ANNOTATION))
			identity_refuse(identity, "admin");
}

/* Adds what the patch implies for columns that it does not name. */
static void
add_implied(ColumnSet *columns, const ChangedCall *call, Document *patch)
{
	if (document_has(patch, "endedAt"))
	{
		TimestampTz end = DatumGetTimestampTz(document_get(patch, "endedAt"));

		if (end < call->started_at)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, "endedAt", "must not be before startedAt");
		if (!document_is_present(patch, "durationSeconds"))
			columns_add(columns, "duration_seconds", INT4OID,
						Int32GetDatum((int32) Min((end - call->started_at) / USECS_PER_SEC, PG_INT32_MAX)), false);
	}
	if (document_is_present(patch, "review.reviewed"))
	{
		bool		reviewed = document_has(patch, "review.reviewed") && DatumGetBool(document_get(patch, "review.reviewed"));

		if (!document_is_present(patch, "review.reviewedBy"))
			columns_add(columns, "reviewed_by", TEXTOID, CStringGetTextDatum(call->identity->actor), !reviewed);
		if (!document_is_present(patch, "review.reviewedAt"))
			columns_add(columns, "reviewed_at", TIMESTAMPTZOID, TimestampTzGetDatum(GetCurrentTransactionStartTimestamp()), !reviewed);
	}
}

/* Stores the transcript that a patch brings, or removes it. */
static void
patch_transcript(const ChangedCall *call, const Document *patch, Transcript *transcript)
{
	static SavedPlan remove = {
		.sql = "DELETE FROM callcenter.transcripts WHERE company_id = $1 AND call_id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(call->identity->company), call->id};

	if (!document_is_present(patch, "transcript"))
		return;
	if (document_has(patch, "transcript"))
		transcript_read(transcript, DatumGetJsonbP(document_get(patch, "transcript")), call->started_at,
						document_has(patch, "endedAt") ? DatumGetTimestampTz(document_get(patch, "endedAt")) : call->ended_at);
	if (transcript->turns != NULL)
		transcript_store(call->identity->company, call->id, transcript);
	else
		plan_run(&remove, values, NULL, false, 0);
}

/* Unlinks the appointment of a role when a patch names another one or none. */
static void
unlink_appointment(const ChangedCall *call, const Document *patch, const char *path, const char *role)
{
	static SavedPlan plan = {
		.sql = "DELETE FROM callcenter.call_appointments WHERE company_id = $1 AND call_id = $2 AND role = $3::callcenter.appointment_role",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(call->identity->company), call->id, CStringGetTextDatum(role)};

	if (document_is_present(patch, path))
		plan_run(&plan, values, NULL, false, 0);
}

/* Derives the summary and whether the call was booked from what is stored by now. */
static void
derive_again(const ChangedCall *call, const Document *patch, const Transcript *transcript)
{
	static SavedPlan problem = {
		.sql = "SELECT c.problem_description, (SELECT turn ->> 'text' FROM callcenter.transcripts t, jsonb_array_elements(t.turns) turn "
		"WHERE t.company_id = c.company_id AND t.call_id = c.id AND turn ->> 'speaker' = 'caller' LIMIT 1) "
		"FROM callcenter.calls c WHERE c.company_id = $1 AND c.id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	static SavedPlan update = {
		.sql = "UPDATE callcenter.calls c SET summary = $3, "
		"is_booked = c.booked_date IS NOT NULL "
		"OR EXISTS (SELECT 1 FROM callcenter.call_appointments ca WHERE ca.company_id = c.company_id AND ca.call_id = c.id AND ca.role = 'created') "
		"OR coalesce(c.actions @> '[{\"type\":\"appointment_created\",\"status\":\"success\"}]', false) "
		"WHERE c.company_id = $1 AND c.id = $2",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[3];
	bool		isnull[3] = {false};
	text	   *summary = NULL;

	if (!document_is_present(patch, "captured.problemDescription") && !document_is_present(patch, "transcript") &&
		!document_is_present(patch, "captured.appointment.bookedDate") && !document_is_present(patch, "outcome.appointmentCreated") &&
		!document_is_present(patch, "actions"))
		return;
	values[0] = PointerGetDatum(call->identity->company);
	values[1] = call->id;
	plan_run(&problem, values, NULL, false, 1);
	for (int i = 1; i <= 2 && summary == NULL; i++)
	{
		bool		none;
		Datum		value = plan_result(i, &none);

		if (!none)
			summary = summary_of(VARDATA_ANY(DatumGetTextPP(value)), VARSIZE_ANY_EXHDR(DatumGetTextPP(value)));
	}
	values[2] = PointerGetDatum(summary);
	isnull[2] = summary == NULL;
	plan_run(&update, values, isnull, false, 0);
}

/* Weighs the follow-up of the call again when a patch names what decides about it. */
static void
patch_follow_up(const ChangedCall *call, const Document *patch)
{
	static const char *const deciding[] = {
		"outcome.status", "outcome.followUpRequired", "outcome.messageLeft", "outcome.appointmentCreated", "captured.urgency",
		"captured.appointment.bookedDate", "analysis.primaryIntent", "durationSeconds", "endedAt", "actions",
	};
	bool		asked = document_has(patch, "outcome.followUpRequired") && DatumGetBool(document_get(patch, "outcome.followUpRequired"));

	for (int i = 0; i < (int) lengthof(deciding); i++)
		if (document_is_present(patch, deciding[i]))
		{
			follow_up_reconsider(call->identity, call->company, call->id,
								 asked && !call->follow_up_required ? FOLLOW_UP_ASKED : FOLLOW_UP_CHANGED);
			return;
		}
}

/* Applies a patch to the row and what hangs on it. */
static void
apply_patch(ChangedCall *call, Document *patch)
{
	ColumnSet	columns = {.region = call->company->region};
	Transcript	transcript = {0};
	text	   *status;

	columns.company_id = call->identity->company_id;
	columns.record_id = TextDatumGetCString(call->id);
	columns_add_document(&columns, patch, DOCUMENT_PATCH);
	add_implied(&columns, call, patch);
	/* as of a new call: who says how to get in, and not that nobody is there, will be there */
	columns_update(&columns, "calls", PointerGetDatum(call->identity->company), call->id,
				   call_says_access(patch) && !document_is_present(patch, "captured.accessInstructions.customerPresent") ?
				   ", customer_present = CASE WHEN customer_present IS NULL THEN true ELSE customer_present END" : "");

	patch_transcript(call, patch, &transcript);
	if (document_has(patch, "agentNotes.text"))
		call_note_insert(call->identity, call->id, document_text(patch, "agentNotes.text"), document_text(patch, "agentNotes.addedBy"),
						 document_has(patch, "agentNotes.addedAt") ? DatumGetTimestampTz(document_get(patch, "agentNotes.addedAt"))
						 : GetCurrentTransactionStartTimestamp());
	unlink_appointment(call, patch, "outcome.appointmentCreated", "created");
	unlink_appointment(call, patch, "captured.appointment.existingId", "changed");
	call_link_appointments(patch, call->identity->company, call->id, call->customer, call->summary);
	derive_again(call, patch, &transcript);

	status = document_text(patch, "outcome.status");
	if (status != NULL && stats_counts_as_earlier(VARDATA_ANY(status), VARSIZE_ANY_EXHDR(status)) !=
		stats_counts_as_earlier(call->status, strlen(call->status)))
		calls_recount(call->identity->company, call->customer, call->e164);
	patch_follow_up(call, patch);
}

/* update_call(company_id object_id, call_id text, patch jsonb, version integer, token text) json: changes the fields that a patch names. */
Datum
cc_update_call(PG_FUNCTION_ARGS)
{
	ChangedCall *call = begin_change(fcinfo, 4, RIGHT_ANNOTATE);
	Document   *patch;
	char	   *before;
	char	   *after;

	if (!PG_ARGISNULL(3) && PG_GETARG_INT32(3) != call->version)
		error_stale("call", PG_GETARG_INT32(3), call->version);
	patch = document_read(&call_fields, api_document(fcinfo, 2, "patch"), DOCUMENT_PATCH);
	check_fields(patch, call->identity);
	if (document_is_present(patch, "agentNotes.text") && !document_has(patch, "agentNotes.text"))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "agentNotes.text", "cannot be cleared: notes are only added");
	document_keep_secrets(patch);

	call_select(call->identity->company, DatumGetTextPP(call->id));
	before = audit_fields(patch, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, call->company);
	apply_patch(call, patch);
	call_select(call->identity->company, DatumGetTextPP(call->id));
	after = audit_fields(patch, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, call->company);
	audit_write(call->identity, "update", "call", call->call_id, before, after);
	PG_RETURN_DATUM(end_change(call));
}

/*
 * Section: notes, transcript, link
 */

Datum
call_note_insert(const Identity *identity, Datum call_id, text *note, text *added_by, TimestampTz added_at)
{
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.call_notes AS n (company_id, id, call_id, text, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6) "
		"RETURNING n.id, n.text, n.added_by, n.added_at",
		.nargs = 6,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TIMESTAMPTZOID},
	};
	Datum		values[6];

	values[0] = PointerGetDatum(identity->company);
	values[1] = PointerGetDatum(object_id_generate());
	values[2] = call_id;
	values[3] = PointerGetDatum(note);
	values[4] = added_by != NULL ? PointerGetDatum(added_by) : CStringGetTextDatum(identity->actor);
	values[5] = TimestampTzGetDatum(added_at);
	plan_run(&plan, values, NULL, false, 0);
	return values[1];
}

/* add_call_note(company_id object_id, call_id text, note jsonb, token text) json: adds a note of the caller's. */
Datum
cc_add_call_note(PG_FUNCTION_ARGS)
{
	ChangedCall *call = begin_change(fcinfo, 3, RIGHT_ANNOTATE);
	Document   *note;
	StringInfoData out;
	StringInfoData after;

	note = document_read(&call_note_fields, api_document(fcinfo, 2, "note"), DOCUMENT_CREATE);
	call_note_insert(call->identity, call->id, document_text(note, "text"), NULL, GetCurrentTransactionStartTimestamp());
	initStringInfo(&after);
	appendStringInfoChar(&after, '{');
	document_write(&after, &call_note_fields, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, NULL);
	appendStringInfoChar(&after, '}');
	audit_write(call->identity, "note", "call", call->call_id, NULL, after.data);
	touch_call(call);

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"note\":%s}", after.data);
	return api_end(call->identity, &out);
}

static const Field transcript_field_list[] = {
	{"transcript", NULL, FIELD_ITEMS, FIELD_REQUIRED, 0, 10000, .items = &turn_fields},
};

static const FieldTable transcript_fields = {NULL, NULL, transcript_field_list, FIELD_TABLE_COUNT(transcript_field_list)};

/* add_transcript(company_id object_id, call_id text, transcript jsonb, token text) json: stores a transcript that came later; the last one wins. */
Datum
cc_add_transcript(PG_FUNCTION_ARGS)
{
	ChangedCall *call = begin_change(fcinfo, 3, RIGHT_LOG);
	JsonbParseState *state = NULL;
	JsonbValue	key = {.type = jbvString,.val.string = {.val = "transcript",.len = 10}};
	JsonbValue	value;
	Jsonb	   *turns;
	Document   *document;
	Document   *patch;

	/* the array of turns is checked as the member of a document, so that errors name its path */
	turns = api_document(fcinfo, 2, "transcript");
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	pushJsonbValue(&state, WJB_KEY, &key);
	JsonbToJsonbValue(turns, &value);
	pushJsonbValue(&state, WJB_VALUE, &value);
	document = document_read(&transcript_fields, JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)), DOCUMENT_CREATE);

	/* the last complete one wins: one without turns takes nothing away */
	if (JsonContainerSize(&turns->root) > 0)
	{
		patch = document_empty(&call_fields);
		document_set(patch, "transcript", document_get(document, "transcript"));
		apply_patch(call, patch);
		audit_write(call->identity, "update", "call", call->call_id, NULL, "{\"transcript\": true}");
	}
	PG_RETURN_DATUM(end_change(call));
}

/* link_call(company_id object_id, call_id text, customer_id text, token text) json: links a call to another customer, or to none (NULL). */
Datum
cc_link_call(PG_FUNCTION_ARGS)
{
	ChangedCall *call = find_call(fcinfo, 3, RIGHT_ANNOTATE);
	ColumnSet	columns = {0};
	text	   *company = call->identity->company;
	text	   *customer = NULL;

	if (!PG_ARGISNULL(2))
	{
		customer = customer_resolve(company, PG_GETARG_TEXT_PP(2));
		if (customer == NULL)
			error_not_found("Customer");
	}
	lock_call(call, customer, true);
	if (customer != NULL && customer_is_erased(company, customer))
		error_conflict("customerId", "The customer was erased");
	columns_add(&columns, "customer_id", TEXTOID, PointerGetDatum(customer), customer == NULL);
	columns_add(&columns, "previous_call_count", INT4OID, Int32GetDatum(0), false);
	columns_add(&columns, "is_returning", BOOLOID, BoolGetDatum(false), false);
	columns_update(&columns, "calls", PointerGetDatum(company), call->id, "");
	if (!is_same(call->customer, customer))
		appointments_give(call->identity, call->visits, call->visit_count, call->customer, customer);
	calls_recount(company, call->customer, call->e164);
	calls_recount(company, customer, call->e164);
	follow_up_reconsider(call->identity, call->company, call->id, FOLLOW_UP_LINKED);
	audit_write(call->identity, "link", "call", call->call_id,
				customer_reference_json(call->customer), customer_reference_json(customer));
	PG_RETURN_DATUM(end_change(call));
}

/*
 * Section: deletion
 */

/* Locks the customers whose calls a filter leaves; returns their ids. */
static ArrayType *
lock_customers(const ListQuery *query, int *count)
{
	Datum	   *ids;
	bool		isnull;

	*count = (int) plan_run_text(psprintf("SELECT cu.id::text FROM callcenter.customers cu WHERE cu.company_id = $1 "
										  "AND cu.id IN (SELECT c.customer_id FROM callcenter.calls c %s) ORDER BY cu.id FOR NO KEY UPDATE", query->where.data),
								 query->nargs, query->types, query->values, NULL, false);
	ids = palloc_array(Datum, *count + 1);
	for (int i = 0; i < *count; i++)
		ids[i] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);
	return construct_array(ids, *count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* Locks the numbers without customer whose calls a filter leaves; returns them. */
static const char **
lock_loose_numbers(const ListQuery *query, int *count)
{
	const char **numbers;
	bool		isnull;

	*count = (int) plan_run_text(psprintf("SELECT DISTINCT c.caller_phone::text FROM callcenter.calls c %s AND c.customer_id IS NULL AND c.caller_phone IS NOT NULL",
										  query->where.data), query->nargs, query->types, query->values, NULL, false);
	numbers = palloc_array(const char *, *count + 1);
	for (int i = 0; i < *count; i++)
		numbers[i] = TextDatumGetCString(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
	numbers_lock(query->identity->company, numbers, *count);
	return numbers;
}

/* Writes what was deleted to the audit log. */
static void
audit_deleted(const ListQuery *query, SPITupleTable *rows, uint64 count)
{
	for (uint64 i = 0; i < count; i++)
	{
		StringInfoData before;
		Datum		customer;
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		initStringInfo(&before);
		appendStringInfoString(&before, "{\"startedAt\": ");
		json_timestamp(&before, DatumGetTimestampTz(SPI_getbinval(rows->vals[i], rows->tupdesc, 2, &isnull)));
		customer = SPI_getbinval(rows->vals[i], rows->tupdesc, 3, &isnull);
		if (!isnull)
			appendStringInfo(&before, ", \"customerId\": \"%s\"", TextDatumGetCString(customer));
		appendStringInfoChar(&before, '}');
		audit_write(query->identity, "delete", "call", TextDatumGetCString(SPI_getbinval(rows->vals[i], rows->tupdesc, 1, &isnull)), before.data, NULL);
		pfree(before.data);
	}
}

/*
 * Deletes what the filters of a list leave, and counts the callers' other calls anew.  A call that is linked to a customer
 * in this very moment stays.
 */
static uint64
delete_filtered(ListQuery *query)
{
	int			ncustomers,
				nnumbers;
	ArrayType  *customers = lock_customers(query, &ncustomers);
	const char **numbers = lock_loose_numbers(query, &nnumbers);
	Datum	   *ids;
	Datum	   *follow_ups;
	int			nfollow_ups;
	uint64		count;

	list_add(query, "(c.customer_id IS NULL OR c.customer_id = ANY ($%d))", list_bind(query, TEXTARRAYOID, PointerGetDatum(customers)));
	follow_ups = follow_ups_of_calls(query->identity->company, query->where.data, query->nargs, query->types, query->values, &nfollow_ups);
	count = plan_run_text(psprintf("DELETE FROM callcenter.calls c %s RETURNING c.call_id, c.started_at, c.customer_id::text", query->where.data),
						  query->nargs, query->types, query->values, NULL, false);
	audit_deleted(query, SPI_tuptable, count);
	follow_up_calls_gone(query->identity, follow_ups, nfollow_ups);
	deconstruct_array(customers, TEXTOID, -1, false, TYPALIGN_INT, &ids, NULL, &ncustomers);
	for (int i = 0; i < ncustomers; i++)
		calls_recount(query->identity->company, DatumGetTextPP(ids[i]), NULL);
	for (int i = 0; i < nnumbers; i++)
		calls_recount(query->identity->company, NULL, numbers[i]);
	return count;
}

/*
 * delete_calls(company_id object_id, params jsonb, token text) json: deletes the calls that the filters of list_calls()
 * leave.  Without a filter it refuses.  "dryRun" only counts.
 */
Datum
cc_delete_calls(PG_FUNCTION_ARGS)
{
	ListQuery  *query = list_begin(fcinfo, &call_delete_source, RIGHT_DELETE);
	bool		dry_run = document_has(query->params, "dryRun") && DatumGetBool(document_get(query->params, "dryRun"));
	int			unfiltered = query->where.len;
	uint64		count = 0;
	StringInfoData out;

	call_list_filters(query);
	if (document_has(query->params, "callId"))
		list_add_choice(query, "callId", "c.call_id");
	if (query->where.len == unfiltered && !query->is_empty)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, NULL, "name at least one filter of the calls to delete");
	if (query->is_empty)
		count = 0;
	else if (dry_run)
	{
		bool		isnull;

		plan_run_text(psprintf("SELECT count(*) FROM callcenter.calls c %s", query->where.data), query->nargs, query->types, query->values, NULL, false);
		count = DatumGetInt64(plan_result(1, &isnull));
	}
	else
		count = delete_filtered(query);

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"dryRun\":%s,\"deleted\":" UINT64_FORMAT "}", dry_run ? "true" : "false", count);
	return api_end(query->identity, &out);
}
