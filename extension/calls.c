/*
 * calls.c
 *		Calls, one at a time: create_call() and get_call().
 *
 * create_call() logs a call once and whole, in the caller's transaction: it reads the caller's number, finds or makes the
 * customer, derives what the document does not say, and stores the call with its transcript, note and appointments.
 *
 * Rules
 * - A call id with the same document again gives back the stored call; with another document it is a conflict.
 * - A call that telephony opened before (open_calls.c) is completed: the record takes its place and its id.
 * - Withheld callers, numbers that cannot be keys and the company's own numbers make and match no customer.  A spam call
 *	 may match a customer, but makes none.
 * - The customer's row (without customer: the number) is locked before its calls are counted, so that concurrent calls of
 *	 one caller see each other.
 * - previousCallCount counts earlier calls by start; a call that arrives late corrects the later ones.
 * - The answer to a new call is the row as it was inserted, with what is known of its customer, which is locked, and of
 *	 its transcript.  A call with a note or an appointment is read again.
 */
#include "postgres.h"

#include <ctype.h>

#include <openssl/evp.h>

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "codes.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "api.h"
#include "audit.h"
#include "calls.h"
#include "compat.h"
#include "customers.h"
#include "errors.h"
#include "followups.h"
#include "identity.h"
#include "json_text.h"
#include "local_time.h"
#include "open_calls.h"
#include "phone.h"
#include "plans.h"
#include "stats.h"
#include "transcript.h"

PG_FUNCTION_INFO_V1(cc_create_call);
PG_FUNCTION_INFO_V1(cc_get_call);

#define HASH_BYTES		32

/* A call on its way into the database. */
typedef struct NewCall
{
	Identity   *identity;
	const Company *company;
	Document   *document;
	Datum		id;
	text	   *raw;			/* the caller as it came */
	PhoneCaller caller;
	text	   *customer;		/* id, or NULL */
	ShownCustomer shown;		/* of the customer */
	bool		is_only;		/* the customer was made for this call, and has no other one */
	bool		nothing_open;	/* the customer has no open follow-up */
	int			previous_calls;
	int			later_calls;	/* of the same customer, already stored */
	Transcript	transcript;
	text	   *summary;
	bool		is_booked;
	unsigned char hash[HASH_BYTES];
	SPITupleTable *inserted;	/* the row as call_select() would find it */
} NewCall;

/*
 * Section: what the document does not say
 */

/* Reads the transcript, and makes the summary from it or from the captured problem. */
static void
derive_transcript(NewCall *call)
{
	Document   *document = call->document;
	text	   *problem = document_text(document, "captured.problemDescription");

	if (document_has(document, "transcript"))
		transcript_read(&call->transcript, DatumGetJsonbP(document_get(document, "transcript")),
						DatumGetTimestampTz(document_get(document, "startedAt")),
						document_has(document, "endedAt") ? DatumGetTimestampTz(document_get(document, "endedAt")) : DT_NOEND);
	if (problem != NULL)
		call->summary = summary_of(VARDATA_ANY(problem), VARSIZE_ANY_EXHDR(problem));
	if (call->summary == NULL)
		call->summary = call->transcript.summary;
}

/* Tells whether an appointment came of the call. */
static bool
derive_booked(const Document *document)
{
	Jsonb	   *actions;

	if (document_has(document, "outcome.appointmentCreated") || document_has(document, "captured.appointment.bookedDate"))
		return true;
	if (!document_has(document, "actions"))
		return false;
	actions = DatumGetJsonbP(document_get(document, "actions"));
	for (uint32 i = 0; i < JsonContainerSize(&actions->root); i++)
	{
		JsonbContainer *action = getIthJsonbValueFromContainer(&actions->root, i)->val.binary.data;

		if (json_string_is(json_string_member(action, "type"), "appointment_created") && json_string_is(json_string_member(action, "status"), "success"))
			return true;
	}
	return false;
}

/* Fills the length of the call from its times. */
static void
derive_duration(Document *document)
{
	TimestampTz start = DatumGetTimestampTz(document_get(document, "startedAt"));
	TimestampTz end;

	if (!document_has(document, "endedAt"))
		return;
	end = DatumGetTimestampTz(document_get(document, "endedAt"));
	if (end < start)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "endedAt", "must not be before startedAt");
	if (!document_has(document, "durationSeconds"))
		document_set(document, "durationSeconds", Int32GetDatum((int32) Min((end - start) / USECS_PER_SEC, PG_INT32_MAX)));
}

bool
call_says_access(const Document *document)
{
	static const char *const access_fields[] = {
		"captured.accessInstructions.keyLocation",
		"captured.accessInstructions.gateCode",
		"captured.accessInstructions.lockboxCode",
		"captured.accessInstructions.alternateContact.name",
		"captured.accessInstructions.alternateContact.phone",
		"captured.accessInstructions.petInfo",
		"captured.accessInstructions.specialNotes",
	};

	for (int i = 0; i < (int) lengthof(access_fields); i++)
		if (document_has(document, access_fields[i]))
			return true;
	return false;
}

/* Fills what a review and access instructions imply. */
static void
derive_defaults(NewCall *call)
{
	Document   *document = call->document;

	if (call_says_access(document) && !document_has(document, "captured.accessInstructions.customerPresent"))
		document_set(document, "captured.accessInstructions.customerPresent", BoolGetDatum(true));
	if (document_has(document, "review.reviewed") && DatumGetBool(document_get(document, "review.reviewed")))
	{
		if (!document_has(document, "review.reviewedAt"))
			document_set(document, "review.reviewedAt", TimestampTzGetDatum(GetCurrentTransactionStartTimestamp()));
		if (!document_has(document, "review.reviewedBy"))
			document_set(document, "review.reviewedBy", CStringGetTextDatum(call->identity->actor));
	}
}

/*
 * Hashes the document, so that a repeated log can be told from a conflicting one.  The algorithm is looked up once: OpenSSL
 * would do that each time.
 */
static void
hash_document(NewCall *call, Jsonb *input)
{
	static EVP_MD *sha256 = NULL;
	unsigned int length = HASH_BYTES;

	if (sha256 == NULL)
		sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (sha256 == NULL || EVP_Digest(VARDATA(input), VARSIZE(input) - VARHDRSZ, call->hash, &length, sha256, NULL) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not compute a hash")));
}

/*
 * Section: storing
 */

static bool
is_text(text *value, const char *word)
{
	return VARSIZE_ANY_EXHDR(value) == strlen(word) && memcmp(VARDATA_ANY(value), word, strlen(word)) == 0;
}

static bool
is_status(const NewCall *call, const char *status)
{
	return is_text(document_text(call->document, "outcome.status"), status);
}

/* Gives a text of the document without the spaces around it; NULL when nothing is left. */
static text *
trimmed_text(const Document *document, const char *path)
{
	text	   *value = document_text(document, path);

	if (value != NULL)
		value = DatumGetTextPP(DirectFunctionCall1(btrim1, PointerGetDatum(value)));
	return value != NULL && VARSIZE_ANY_EXHDR(value) > 0 ? value : NULL;
}

/* Gives the place that the hash of a call is sealed for. */
static CodePlace
hash_place(const NewCall *call, const char *id)
{
	return (CodePlace) {.company_id = call->identity->company_id,.relation = "calls",.record_id = id,.column = "content_hash"};
}

/*
 * Gives the hash as it is stored.  Whoever has a dump could try all codes of four digits until the hash is the same, so
 * that of a document with an access code is sealed.
 */
static bytea *
stored_hash(const NewCall *call, const char *id)
{
	CodePlace	place = hash_place(call, id);
	bytea	   *hash;

	for (int i = 0; i < call->document->table->count; i++)
		if (call->document->table->fields[i].type == FIELD_SECRET && !call->document->isnull[i])
			return code_seal(&place, call->hash, HASH_BYTES);
	hash = (bytea *) palloc(VARHDRSZ + HASH_BYTES);
	SET_VARSIZE(hash, VARHDRSZ + HASH_BYTES);
	memcpy(VARDATA(hash), call->hash, HASH_BYTES);
	return hash;
}

/* Tells whether the document is the one that made a stored call. */
static bool
is_same_content(const NewCall *call, const bytea *stored, Datum id)
{
	size_t		length = VARSIZE_ANY_EXHDR(stored);
	const char *hash = VARDATA_ANY(stored);

	if (length > HASH_BYTES)
	{
		CodePlace	place = hash_place(call, TextDatumGetCString(id));

		hash = code_open(&place, stored, &length);
	}
	return length == HASH_BYTES && memcmp(hash, call->hash, HASH_BYTES) == 0;
}

/*
 * Tells whether a call with the call id of this one is stored already, and leaves its id in call->id.  With other content
 * it is a conflict.
 */
static bool
is_repeated(NewCall *call)
{
	static SavedPlan plan = {
		.sql = "SELECT c.id, c.content_hash FROM callcenter.calls c WHERE c.company_id = $1 AND c.call_id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(call->identity->company), document_get(call->document, "callId")};
	bool		isnull;

	if (plan_run(&plan, values, NULL, false, 1) == 0)
		return false;
	call->id = plan_result(1, &isnull);
	if (!is_same_content(call, DatumGetByteaPP(plan_result(2, &isnull)), call->id))
		error_conflict("callId", "A call with this callId exists with other content");
	return true;
}

/*
 * Finds or makes the customer of the call.  Before anything is changed, it looks whether the call is repeated: false then.
 */
static bool
link_customer(NewCall *call)
{
	text	   *name = trimmed_text(call->document, "captured.name");
	text	   *email = trimmed_text(call->document, "captured.email");
	bool		is_spam = is_status(call, "spam");

	if (!phone_caller_has_number(&call->caller) || company_owns_number(call->company, call->caller.e164))
		return true;
	if (name == NULL)
		name = trimmed_text(call->document, "caller.name");

	call->customer = customer_lock_by_phone(call->identity->company, call->caller.e164, &call->shown);
	if (call->customer == NULL && !is_spam && call->caller.is_key)
	{
		NewCustomer customer = {
			.e164 = call->caller.e164,
			.raw = call->raw,
			.region = phone_region_code(call->company->region),
			.name = name,
			.email = email,
		};

		if (is_repeated(call))
			return false;
		call->customer = customer_create_by_phone(call->identity, &customer);
		call->is_only = customer.created && !customer.has_calls;
		call->nothing_open = customer.created && !customer.has_follow_up;
		call->shown = customer.shown;
	}
	if (call->customer != NULL && !is_spam && customer_has_blanks(&call->shown, name, email))
	{
		if (is_repeated(call))
			return false;
		customer_fill_blanks(call->identity, call->customer, name, email, &call->shown);
	}
	return true;
}

/* The calls of the same customer, or of the same number when there is no customer; $1 company, $2 key, $3 start. */
#define SAME_CALLER_BY_NUMBER "c.company_id = $1 AND c.caller_phone = $2 AND c.customer_id IS NULL"
#define SAME_CALLER_BY_CUSTOMER "c.company_id = $1 AND c.customer_id = $2"

/* Runs the one of two statements that fits: by number, or by customer. */
static void
run_for_same_caller(const NewCall *call, SavedPlan *by_number, SavedPlan *by_customer)
{
	Datum		values[3];

	values[0] = PointerGetDatum(call->identity->company);
	values[1] = call->customer != NULL ? PointerGetDatum(call->customer) : CStringGetTextDatum(call->caller.e164);
	values[2] = document_get(call->document, "startedAt");
	plan_run(call->customer != NULL ? by_customer : by_number, values, NULL, false, 0);
}

/* Counts the earlier calls of a number that has no customer, and those that are stored already but start later. */
static void
count_of_number(NewCall *call)
{
	static SavedPlan plan = {
		.sql = "SELECT count(*) FILTER (WHERE c.started_at < $3 AND " STATS_COUNTS_AS_EARLIER("c") ")::integer, "
		"count(*) FILTER (WHERE c.started_at > $3)::integer FROM callcenter.calls c WHERE " SAME_CALLER_BY_NUMBER,
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TIMESTAMPTZOID},
	};
	bool		isnull;

	run_for_same_caller(call, &plan, NULL);
	call->previous_calls = DatumGetInt32(plan_result(1, &isnull));
	call->later_calls = DatumGetInt32(plan_result(2, &isnull));
}

/*
 * The same of a customer, whose statistics know how many calls count, and when the last one was: only those that do not
 * start before this one are counted, and nearly always there are none.  Learns in passing whether a follow-up is open.
 */
static void
count_of_customer(NewCall *call)
{
	static SavedPlan known = {
		/* for who asks for a system column the planner does not make all columns ready below the check of the company */
		.sql = "SELECT s.counting_calls, s.last_contact, (SELECT f.tableoid FROM callcenter.follow_ups f WHERE f.company_id = $1 AND f.customer_id = $2 "
		"AND f.resolved_at IS NULL) IS NOT NULL, s.tableoid FROM callcenter.customer_stats s WHERE s.company_id = $1 AND s.customer_id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	static SavedPlan not_before = {
		.sql = "SELECT count(*) FILTER (WHERE " STATS_COUNTS_AS_EARLIER("c") ")::integer, count(*) FILTER (WHERE c.started_at > $3)::integer "
		"FROM callcenter.calls c WHERE " SAME_CALLER_BY_CUSTOMER " AND c.started_at >= $3",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TIMESTAMPTZOID},
	};
	Datum		values[] = {PointerGetDatum(call->identity->company), PointerGetDatum(call->customer)};
	Datum		last_contact;
	bool		isnull;

	if (plan_run(&known, values, NULL, false, 1) == 0)
		return;
	call->previous_calls = (int) DatumGetInt64(plan_result(1, &isnull));
	call->nothing_open = !DatumGetBool(plan_result(3, &isnull));
	last_contact = plan_result(2, &isnull);
	if (isnull || DatumGetTimestampTz(last_contact) < DatumGetTimestampTz(document_get(call->document, "startedAt")))
		return;
	run_for_same_caller(call, NULL, &not_before);
	call->previous_calls -= DatumGetInt32(plan_result(1, &isnull));
	call->later_calls = DatumGetInt32(plan_result(2, &isnull));
}

/* Counts the caller's earlier calls, and those that are stored already but start later. */
static void
count_previous(NewCall *call)
{
	const char *number = call->caller.e164;

	if (call->customer != NULL)
	{
		if (!call->is_only)
			count_of_customer(call);
	}
	else if (phone_caller_has_number(&call->caller))
	{
		numbers_lock(call->identity->company, &number, 1);
		count_of_number(call);
	}
}

/* Corrects the later calls when this one has arrived out of order. */
static void
correct_later(const NewCall *call)
{
#define CORRECT_SQL(condition) \
	"UPDATE callcenter.calls c SET previous_call_count = c.previous_call_count + 1, is_returning = true " \
	"WHERE " condition " AND c.started_at > $3"
	static SavedPlan by_number = {.sql = CORRECT_SQL(SAME_CALLER_BY_NUMBER),.nargs = 3,.types = {TEXTOID, TEXTOID, TIMESTAMPTZOID}};
	static SavedPlan by_customer = {.sql = CORRECT_SQL(SAME_CALLER_BY_CUSTOMER),.nargs = 3,.types = {TEXTOID, TEXTOID, TIMESTAMPTZOID}};
	const text *status = document_text(call->document, "outcome.status");

	if (call->later_calls > 0 && stats_counts_as_earlier(VARDATA_ANY(status), VARSIZE_ANY_EXHDR(status)))
		run_for_same_caller(call, &by_number, &by_customer);
}

/*
 * Gives the RETURNING of a new call without note and appointment: what call_select() asks for, of the row and of
 * parameters.  A source that is not known here makes the statement fail.
 */
static const char *
returning_new_call(void)
{
	static const struct
	{
		const char *source;
		const char *instead;
	}			known[] = {
		{"cu.full_name", "$1"},
		{"cu.customer_number", "$2"},
		{CUSTOMER_BARRED, "$3"},
		{"t.turns", "$4"},
		{"t.talk", "$5"},
		{"(n.notes[1]).text", "NULL::text"},
		{"(n.notes[1]).added_by", "NULL::text"},
		{"(n.notes[1]).added_at", "NULL::timestamptz"},
		{"n.notes", "NULL::callcenter.call_notes[]"},
		{CALL_APPOINTMENT("created"), "NULL::callcenter.object_id"},
		{CALL_APPOINTMENT("changed"), "NULL::callcenter.object_id"},
	};
	static const char *returning = NULL;
	StringInfoData select;
	StringInfoData sql;

	if (returning != NULL)
		return returning;
	initStringInfo(&select);
	document_select_list(&select, &call_fields, false);
	initStringInfo(&sql);
	appendStringInfoString(&sql, " RETURNING ");
	for (const char *s = select.data; *s != '\0';)
	{
		int			i = 0;

		/* only where a name begins */
		while (i < (int) lengthof(known) &&
			   ((s > select.data && (isalnum((unsigned char) s[-1]) || s[-1] == '_')) || strncmp(s, known[i].source, strlen(known[i].source)) != 0))
			i++;
		if (i < (int) lengthof(known))
		{
			appendStringInfoString(&sql, known[i].instead);
			s += strlen(known[i].source);
		}
		else
			appendStringInfoChar(&sql, *s++);
	}
	returning = MemoryContextStrdup(TopMemoryContext, sql.data);
	return returning;
}

/* Tells whether the answer needs more than the row of the call, its customer and its transcript. */
static bool
has_more_to_read(const Document *document)
{
	return document_has(document, "agentNotes.text") || document_has(document, "outcome.appointmentCreated") ||
		document_has(document, "captured.appointment.existingId");
}

/* Adds, as parameters, what the answer says beside the row. */
static void
add_shown(ColumnSet *columns, const NewCall *call)
{
	const Transcript *transcript = &call->transcript;
	bool		is_linked = call->customer != NULL;

	columns_add(columns, NULL, TEXTOID, call->shown.full_name.value, !is_linked || call->shown.full_name.isnull);
	columns_add(columns, NULL, INT8OID, call->shown.number.value, !is_linked || call->shown.number.isnull);
	columns_add(columns, NULL, BOOLOID, call->shown.barred.value, !is_linked || call->shown.barred.isnull);
	columns_add(columns, NULL, JSONBOID, PointerGetDatum(transcript->turns), transcript->turns == NULL);
	columns_add(columns, NULL, INT4ARRAYOID, PointerGetDatum(transcript->talk), transcript->turns == NULL || transcript->talk == NULL);
}

/* Inserts the row of the call; false when a call with one of its keys exists. */
static bool
insert_call(NewCall *call)
{
	ColumnSet	columns = {.region = call->company->region};
	const PhoneCaller *caller = &call->caller;
	bool		answers = !has_more_to_read(call->document);
	/* what has no twilioCallSid has a new id, so that only its call id can exist */
	const char *on_conflict = document_has(call->document, "twilioCallSid") ? "ON CONFLICT DO NOTHING" : "ON CONFLICT (company_id, call_id) DO NOTHING";

	if (answers)
		add_shown(&columns, call);
	columns.company_id = call->identity->company_id;
	columns.record_id = TextDatumGetCString(call->id);
	columns_add(&columns, "company_id", TEXTOID, PointerGetDatum(call->identity->company), false);
	columns_add(&columns, "id", TEXTOID, call->id, false);
	columns_add(&columns, "caller_phone", TEXTOID, phone_caller_has_number(caller) ? CStringGetTextDatum(caller->e164) : (Datum) 0,
				!phone_caller_has_number(caller));
	columns_add_enum(&columns, "caller_kind", "caller_kind", phone_kind_name(caller->kind));
	columns_add(&columns, "caller_raw", TEXTOID, PointerGetDatum(call->raw), false);
	columns_add(&columns, "caller_region", TEXTOID, CStringGetTextDatum(phone_region_code(call->company->region)), false);
	columns_add(&columns, "metadata_version", TEXTOID, CStringGetTextDatum(phone_metadata_version()), false);
	columns_add(&columns, "customer_id", TEXTOID, PointerGetDatum(call->customer), call->customer == NULL);
	columns_add(&columns, "previous_call_count", INT4OID, Int32GetDatum(call->previous_calls), false);
	columns_add(&columns, "is_returning", BOOLOID, BoolGetDatum(call->previous_calls > 0), false);
	columns_add(&columns, "summary", TEXTOID, PointerGetDatum(call->summary), call->summary == NULL);
	columns_add(&columns, "is_booked", BOOLOID, BoolGetDatum(call->is_booked), false);
	columns_add(&columns, "content_hash", BYTEAOID, PointerGetDatum(stored_hash(call, columns.record_id)), false);
	columns_add_document(&columns, call->document, DOCUMENT_CREATE);
	if (columns_insert(&columns, "calls AS c", answers ? psprintf("%s%s", on_conflict, returning_new_call()) : on_conflict) == 0)
		return false;
	call->inserted = answers ? SPI_tuptable : NULL;
	return true;
}

/* Adds the note that came with the document. */
static void
insert_note(const NewCall *call)
{
	Document   *document = call->document;

	call_note_insert(call->identity, call->id, document_text(document, "agentNotes.text"), document_text(document, "agentNotes.addedBy"),
					 document_has(document, "agentNotes.addedAt") ? DatumGetTimestampTz(document_get(document, "agentNotes.addedAt"))
					 : GetCurrentTransactionStartTimestamp());
}

/* Gives what was booked, as the action that booked it calls it: details.service, else its target; NULL without one. */
static text *
booked_service(const Document *document)
{
	Jsonb	   *actions;

	if (!document_has(document, "actions"))
		return NULL;
	actions = DatumGetJsonbP(document_get(document, "actions"));
	for (uint32 i = 0; i < JsonContainerSize(&actions->root); i++)
	{
		JsonbContainer *action = getIthJsonbValueFromContainer(&actions->root, i)->val.binary.data;
		JsonbValue *details = getKeyJsonValueFromContainer(action, "details", 7, NULL);
		JsonbValue *service = NULL;

		if (!json_string_is(json_string_member(action, "type"), "appointment_created"))
			continue;
		if (details != NULL && details->type == jbvBinary && JsonContainerIsObject(details->val.binary.data))
			service = json_string_member(details->val.binary.data, "service");
		if (service == NULL)
			service = json_string_member(action, "target");
		if (service != NULL && service->val.string.len > 0)
			return cstring_to_text_with_len(service->val.string.val, service->val.string.len);
	}
	return NULL;
}

/*
 * Links an appointment.  The platform keeps the calendar, and a call may be logged before it has told of the
 * appointment: one that is not known yet is made with what the call knows of it.
 */
static void
link_appointment(const Document *document, text *company, Datum call_id, text *customer, text *summary, const char *path,
				 const char *role, const char *date_path, const char *window_path)
{
	static SavedPlan ensure = {
		.sql = "INSERT INTO callcenter.appointments (company_id, id, customer_id, service, scheduled_date, time_window) "
		"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
		.nargs = 6,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, DATEOID, TEXTOID},
	};
	static SavedPlan link = {
		.sql = "INSERT INTO callcenter.call_appointments (company_id, call_id, appointment_id, role) "
		"VALUES ($1, $2, $3, $4::callcenter.appointment_role)",
		.nargs = 4,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	text	   *service;
	Datum		values[6];
	bool		isnull[6] = {false};

	if (!document_has(document, path))
		return;
	service = booked_service(document);
	if (service == NULL)
		service = summary;
	values[0] = PointerGetDatum(company);
	values[1] = document_get(document, path);
	values[2] = PointerGetDatum(customer);
	isnull[2] = customer == NULL;
	values[3] = PointerGetDatum(service);
	isnull[3] = service == NULL;
	values[4] = document_get(document, date_path);
	isnull[4] = !document_has(document, date_path);
	values[5] = document_get(document, window_path);
	isnull[5] = !document_has(document, window_path);
	plan_run(&ensure, values, isnull, false, 0);

	values[1] = call_id;
	values[2] = document_get(document, path);
	values[3] = CStringGetTextDatum(role);
	plan_run(&link, values, NULL, false, 0);
}

/* Links the appointments that a document names. */
void
call_link_appointments(const Document *document, text *company, Datum call_id, text *customer, text *summary)
{
	link_appointment(document, company, call_id, customer, summary, "outcome.appointmentCreated", "created",
					 "captured.appointment.bookedDate", "captured.appointment.bookedTimeWindow");
	link_appointment(document, company, call_id, customer, summary, "captured.appointment.existingId", "changed",
					 "captured.appointment.requestedDate", "captured.appointment.requestedTimeWindow");
}

/* Opens, extends or resolves the caller's follow-up. */
static void
follow_up(const NewCall *call)
{
	const Document *document = call->document;
	bool		is_number = phone_caller_has_number(&call->caller);
	FollowUpFacts facts = {
		.id = call->id,
		.customer = call->customer,
		.e164 = is_number ? call->caller.e164 : NULL,
		.withheld = call->caller.kind == PHONE_KIND_WITHHELD,
		.own_number = is_number && company_owns_number(call->company, call->caller.e164),
		.inbound = !document_has(document, "direction") || is_text(document_text(document, "direction"), "inbound"),
		.status = text_to_cstring(document_text(document, "outcome.status")),
		.urgency = document_has(document, "captured.urgency") ? text_to_cstring(document_text(document, "captured.urgency")) : NULL,
		.intent = document_text(document, "analysis.primaryIntent"),
		.booked = call->is_booked,
		.requested = document_has(document, "outcome.followUpRequired") && DatumGetBool(document_get(document, "outcome.followUpRequired")),
		.message_left = document_has(document, "outcome.messageLeft") && DatumGetBool(document_get(document, "outcome.messageLeft")),
		.duration = document_has(document, "durationSeconds") ? DatumGetInt32(document_get(document, "durationSeconds")) : -1,
		.started_at = DatumGetTimestampTz(document_get(document, "startedAt")),
		.may_be_late = call->later_calls > 0,
		.nothing_open = call->nothing_open,
	};

	follow_up_logged(call->identity, call->company, &facts);
}

/* Stores what hangs on a call that is new. */
static void
store_rest(const NewCall *call)
{
	correct_later(call);
	if (call->transcript.turns != NULL)
		transcript_add(call->identity->company, call->id, &call->transcript);
	if (document_has(call->document, "agentNotes.text"))
		insert_note(call);
	call_link_appointments(call->document, call->identity->company, call->id, call->customer, call->summary);
	follow_up(call);
}

/*
 * Section: the API
 */

/* Selects a whole call by id or call id; it is in SPI_tuptable.  False when there is none. */
bool
call_select(text *company, text *key)
{
	static SavedPlan by_id = {.nargs = 2,.types = {TEXTOID, TEXTOID}};
	static SavedPlan by_call_id = {.nargs = 2,.types = {TEXTOID, TEXTOID}};
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(key)};

	if (by_id.sql == NULL)
	{
		StringInfoData sql;

		initStringInfo(&sql);
		appendStringInfoString(&sql, "SELECT ");
		document_select_list(&sql, &call_fields, false);
		appendStringInfoString(&sql, " " CALL_SOURCES "WHERE c.company_id = $1 AND c.");
		by_call_id.sql = MemoryContextStrdup(TopMemoryContext, psprintf("%scall_id = $2", sql.data));
		by_id.sql = MemoryContextStrdup(TopMemoryContext, psprintf("%sid = $2", sql.data));
	}
	if (object_id_is_valid(VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)) && plan_run(&by_id, values, NULL, false, 0) > 0)
		return true;
	return plan_run(&by_call_id, values, NULL, false, 0) > 0;
}

/* Writes a call as a member of the answer. */
static void
write_selected(StringInfo out, const Company *company, SPITupleTable *selected)
{
	WriteContext context = {.company = company};

	appendStringInfoString(out, "\"call\":{");
	document_write(out, &call_fields, false, selected->vals[0], selected->tupdesc, 1, &context);
	json_key(out, "timeZone");
	json_cstring(out, company->time_zone_name);
	appendStringInfoChar(out, '}');
}

void
call_write(StringInfo out, const Identity *identity, const Company *company)
{
	write_selected(out, company, SPI_tuptable);
}

/* Reads the document of a new call, and derives what it does not say. */
static void
read_new_call(NewCall *call, Jsonb *input)
{
	call->document = document_read(&call_fields, input, DOCUMENT_CREATE);
	call->raw = document_text(call->document, "caller.phone");
	phone_caller(VARDATA_ANY(call->raw), VARSIZE_ANY_EXHDR(call->raw), call->company->region, PHONE_TRUNK, &call->caller);
	derive_duration(call->document);
	derive_defaults(call);
	derive_transcript(call);
	call->is_booked = derive_booked(call->document);
	hash_document(call, input);
}

/*
 * Logs the call; returns true when it is new, and leaves its id in call->id.  That it is repeated shows when it is
 * inserted, which is why what comes before changes nothing unless it has looked.
 */
static bool
log_call(NewCall *call)
{
	if (!link_customer(call))
		return false;
	count_previous(call);
	if (document_has(call->document, "twilioCallSid"))
		call->id = open_call_take(call->identity->company, document_text(call->document, "twilioCallSid"), document_text(call->document, "callId"));
	if (call->id == (Datum) 0)
		call->id = PointerGetDatum(object_id_generate());
	if (insert_call(call))
	{
		store_rest(call);
		audit_write(call->identity, "create", "call", text_to_cstring(document_text(call->document, "callId")), NULL, NULL);
		return true;
	}
	if (!is_repeated(call))
		error_conflict("twilioCallSid", "A call with this twilioCallSid exists");
	return false;
}

/* create_call(company_id object_id, call jsonb, token text) json: logs a call. */
Datum
cc_create_call(PG_FUNCTION_ARGS)
{
	NewCall		call = {0};
	Jsonb	   *input;
	StringInfoData out;
	bool		created;

	call.identity = api_begin(fcinfo, 2, RIGHT_LOG);
	input = api_document(fcinfo, 1, "call document");

	call.company = company_get(call.identity->company_id);
	read_new_call(&call, input);
	created = log_call(&call);

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"created\":%s,", created ? "true" : "false");
	if (call.inserted == NULL)
	{
		call_select(call.identity->company, DatumGetTextPP(call.id));
		call.inserted = SPI_tuptable;
	}
	write_selected(&out, call.company, call.inserted);
	appendStringInfoChar(&out, '}');
	return api_end(call.identity, &out);
}

/* get_call(company_id object_id, call_id text, token text) json: a whole call, by callId or _id. */
Datum
cc_get_call(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_READ);
	const Company *company;
	StringInfoData out;
	text	   *key;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,");
	company = company_get(identity->company_id);
	key = api_text(fcinfo, 1, "callId");
	if (call_select(identity->company, key))
		call_write(&out, identity, company);
	else if (!open_call_write(&out, identity, company, key))
		error_not_found("Call");
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}
