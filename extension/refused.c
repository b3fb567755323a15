/*
 * refused.c
 *		Refused access: the server's log, counters, and a queue in shared memory that becomes rows of the audit log.
 *
 * The transaction that is refused fails, so it cannot write.  It leaves a note in the queue, and the background worker
 * writes it (flush_refused).  The row belongs to the company that was wanted: its admins see that somebody was refused,
 * who, why and how often, and nothing else about him; which companies are his own is in the server's log alone.  A company
 * that does not exist has no audit log: it is in the server's log and counted.
 *
 * Rules
 * - The token is never part of it.  A token that does not verify proves nobody, so its caller is "unknown", whatever it says.
 * - A flood cannot fill the audit log: the same caller, company and reason are one note with a number of attempts, which is
 *	 written at most once in REFUSED_INTERVAL_MS (worker.c); a caller has CALLER_NOTES notes at most, all together have
 *	 NOTES.  What does not fit is counted as dropped, and is in the server's log.
 * - A note is taken out by the transaction that writes it, and is back when that does not commit.
 * - Without shared memory (the library is not preloaded) the server's log is all there is.
 */
#include "postgres.h"

#include "access/xact.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "audit.h"
#include "companies.h"
#include "identity.h"
#include "json_text.h"
#include "refused.h"
#include "shared.h"
#include "worker.h"

PG_FUNCTION_INFO_V1(cc_flush_refused);
PG_FUNCTION_INFO_V1(cc_refused_counts);

#define NOTES			256
#define CALLER_NOTES	16
#define ACTOR_BYTES		256

/* What a reason is called: in the server's log, and in the audit log and refused_counts(). */
static const struct
{
	const char *message;
	const char *name;
}			reasons[REFUSED_REASONS] = {
	[REFUSED_TOKEN] = {"company access attempt without a valid token", "token"},
	[REFUSED_COMPANY] = {"unauthorized company access attempt", "company"},
	[REFUSED_ROLE] = {"company access attempt beyond the caller's role", "role"},
	[REFUSED_SIGN_IN] = {"sign-in refused", "signIn"},
};

typedef enum NoteState
{
	NOTE_FREE,
	NOTE_WAITING,
	NOTE_TAKEN					/* by a transaction that writes it and has not ended */
} NoteState;

/* Refusals that differ in nothing but time. */
typedef struct Note
{
	NoteState	state;
	RefusedReason reason;
	Oid			database;
	Oid			role;			/* the session's */
	char		company[OBJECT_ID_LENGTH + 1];
	char		actor[ACTOR_BYTES];
	int64		attempts;
	TimestampTz first_at;
	TimestampTz last_at;
} Note;

typedef struct RefusedShared
{
	pg_atomic_uint64 counts[REFUSED_REASONS];
	pg_atomic_uint64 dropped;
	Note		notes[NOTES];
} RefusedShared;

static RefusedShared *shared = NULL;
static const char *expected_company = NULL;

/* The notes that this transaction has taken, and the subtransaction that took them. */
static bool taken[NOTES];
static SubTransactionId taken_by = InvalidSubTransactionId;

Size
refused_shared_size(void)
{
	return sizeof(RefusedShared);
}

void
refused_shared_attach(void *area, bool found)
{
	shared = area;
	if (found)
		return;
	memset(shared, 0, sizeof(RefusedShared));
	for (int i = 0; i < REFUSED_REASONS; i++)
		pg_atomic_init_u64(&shared->counts[i], 0);
	pg_atomic_init_u64(&shared->dropped, 0);
}

void
refused_expect(const char *company_id)
{
	expected_company = company_id;
}

/*
 * Section: noting
 */

/* Adds a refusal to the note of its like, or makes one; false when there is no room. */
static bool
add_note(RefusedReason reason, const char *company_id, const char *actor)
{
	Note	   *note = NULL;
	Note	   *unused = NULL;
	int			of_caller = 0;
	TimestampTz now = GetCurrentTimestamp();
	Oid			role = GetSessionUserId();

	LWLockAcquire(shared_lock(SHARED_LOCK_REFUSED), LW_EXCLUSIVE);
	for (int i = 0; i < NOTES && note == NULL; i++)
	{
		Note	   *n = &shared->notes[i];

		if (n->state == NOTE_FREE)
			unused = unused != NULL ? unused : n;
		else if (n->database == MyDatabaseId && n->role == role && strcmp(n->actor, actor) == 0)
		{
			of_caller++;
			if (n->state == NOTE_WAITING && n->reason == reason && strcmp(n->company, company_id) == 0)
				note = n;
		}
	}
	if (note == NULL && unused != NULL && of_caller < CALLER_NOTES)
	{
		note = unused;
		note->state = NOTE_WAITING;
		note->reason = reason;
		note->database = MyDatabaseId;
		note->role = role;
		strlcpy(note->company, company_id, sizeof(note->company));
		strlcpy(note->actor, actor, sizeof(note->actor));
		note->attempts = 0;
		note->first_at = now;
	}
	if (note != NULL)
	{
		note->attempts++;
		note->last_at = now;
	}
	LWLockRelease(shared_lock(SHARED_LOCK_REFUSED));
	return note != NULL;
}

/* Counts a refusal and leaves a note of it. */
static void
queue_refusal(RefusedReason reason, const char *company_id, const char *actor)
{
	char		cut[ACTOR_BYTES];

	if (shared == NULL)
		return;
	pg_atomic_fetch_add_u64(&shared->counts[reason], 1);
	if (company_id == NULL)
		return;
	/* cut at a whole character, as it is compared with the cut ones of earlier notes */
	strlcpy(cut, actor, pg_mbcliplen(actor, (int) strlen(actor), sizeof(cut) - 1) + 1);
	if (add_note(reason, company_id, cut))
		worker_request(WORKER_REFUSED);
	else
		pg_atomic_fetch_add_u64(&shared->dropped, 1);
}

/* Logs a refused access, as the proposal's middleware does. */
static void
log_refusal(RefusedReason reason, const char *company_id, const char *user, const char *email, const char *companies)
{
	ereport(LOG_SERVER_ONLY,
			(errmsg("%s", reasons[reason].message),
			 errdetail_log("User \"%s\", e-mail \"%s\", role \"%s\", attempted company %s, own companies: %s.",
						   user, email, GetUserNameFromId(GetSessionUserId(), true), company_id, companies)));
}

void
refused_access(RefusedReason reason, const char *company_id, const Claims *claims)
{
	StringInfoData companies;

	initStringInfo(&companies);
	for (int i = 0; claims != NULL && i < claims->nmemberships; i++)
		appendStringInfo(&companies, "%s%s", i > 0 ? ", " : "", claims->memberships[i].company_id);
	log_refusal(reason, company_id, claims ? claims->subject : "", claims && claims->email ? claims->email : "", companies.data);
	queue_refusal(reason, company_id, claims == NULL ? GetUserNameFromId(GetSessionUserId(), true) :
				  claims->email != NULL ? claims->email : claims->subject);
}

void
refused_actor(RefusedReason reason, const char *company_id, const char *actor)
{
	log_refusal(reason, company_id, actor, "", "");
	queue_refusal(reason, company_id, actor);
}

void
refused_note(RefusedReason reason)
{
	const char *company_id = expected_company;

	expected_company = NULL;
	if (company_id != NULL)
		log_refusal(reason, company_id, "", "", "");
	queue_refusal(reason, company_id, "unknown");
}

/*
 * Section: writing
 */

/* Takes the notes of this database; returns copies of them, oldest first. */
static int
take_notes(Note *copies)
{
	int			count = 0;

	LWLockAcquire(shared_lock(SHARED_LOCK_REFUSED), LW_EXCLUSIVE);
	for (int i = 0; i < NOTES; i++)
	{
		Note	   *note = &shared->notes[i];

		if (note->state == NOTE_WAITING && note->database == MyDatabaseId)
		{
			note->state = NOTE_TAKEN;
			taken[i] = true;
			copies[count++] = *note;
		}
	}
	LWLockRelease(shared_lock(SHARED_LOCK_REFUSED));
	if (count > 0 && taken_by == InvalidSubTransactionId)
		taken_by = GetCurrentSubTransactionId();
	return count;
}

/* Ends what was taken: for good, or back into the queue. */
static void
end_taken(NoteState state)
{
	LWLockAcquire(shared_lock(SHARED_LOCK_REFUSED), LW_EXCLUSIVE);
	for (int i = 0; i < NOTES; i++)
		if (taken[i])
			shared->notes[i].state = state;
	LWLockRelease(shared_lock(SHARED_LOCK_REFUSED));
	memset(taken, 0, sizeof(taken));
	taken_by = InvalidSubTransactionId;
}

/* The transaction is over: what it wrote is written, or not.  A prepared one may not have taken anything. */
static void
at_transaction_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_ABORT || event == XACT_EVENT_COMMIT)
		expected_company = NULL;
	if (taken_by == InvalidSubTransactionId)
		return;
	if (event == XACT_EVENT_COMMIT)
		end_taken(NOTE_FREE);
	else if (event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		end_taken(NOTE_WAITING);
}

/* The same for a savepoint that is rolled back: it took them itself, or one inside it did. */
static void
at_subtransaction_end(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB && taken_by != InvalidSubTransactionId && taken_by >= mine)
		end_taken(NOTE_WAITING);
}

void
refused_init(void)
{
	RegisterXactCallback(at_transaction_end, NULL);
	RegisterSubXactCallback(at_subtransaction_end, NULL);
}

/* Writes a note into the audit log of its company, if that exists. */
static bool
write_note(const Note *note)
{
	Identity   *identity = identity_enter_company(note->company, note->actor);
	char	   *role = GetUserNameFromId(note->role, true);
	bool		exists;

	company_hold(note->company);
	exists = company_find(note->company) != NULL;
	if (exists)
	{
		StringInfoData after;

		initStringInfo(&after);
		appendStringInfo(&after, "{\"reason\":\"%s\",\"attempts\":" INT64_FORMAT, reasons[note->reason].name, note->attempts);
		json_key(&after, "firstAt");
		json_timestamp(&after, note->first_at);
		json_key(&after, "lastAt");
		json_timestamp(&after, note->last_at);
		if (role != NULL)
		{
			json_key(&after, "databaseRole");
			json_cstring(&after, role);
		}
		appendStringInfoChar(&after, '}');
		audit_write(identity, "refused", "company", note->company, NULL, after.data);
	}
	identity_leave(identity);
	return exists;
}

/* Orders notes by company, in which order those are held, and by time. */
static int
compare_notes(const void *a, const void *b)
{
	const Note *one = a;
	const Note *other = b;
	int			order = strcmp(one->company, other->company);

	if (order != 0)
		return order;
	return (one->first_at > other->first_at) - (one->first_at < other->first_at);
}

/* flush_refused() bigint: writes what waits; returns how many rows the audit log got. */
Datum
cc_flush_refused(PG_FUNCTION_ARGS)
{
	Note	   *notes;
	int			count;
	int64		written = 0;

	if (shared == NULL)
		PG_RETURN_INT64(0);
	notes = palloc_array(Note, NOTES);
	SPI_connect();
	count = take_notes(notes);
	qsort(notes, count, sizeof(Note), compare_notes);
	for (int i = 0; i < count; i++)
		if (write_note(&notes[i]))
			written++;
	SPI_finish();
	PG_RETURN_INT64(written);
}

/* refused_counts() json: how many accesses were refused since the server started, by reason. */
Datum
cc_refused_counts(PG_FUNCTION_ARGS)
{
	StringInfoData out;
	int			waiting = 0;

	initStringInfo(&out);
	appendStringInfo(&out, "{\"shared\":%s", shared != NULL ? "true" : "false");
	if (shared != NULL)
	{
		appendStringInfoString(&out, ",\"refused\":{");
		for (int i = 0; i < REFUSED_REASONS; i++)
		{
			json_key(&out, reasons[i].name);
			appendStringInfo(&out, UINT64_FORMAT, pg_atomic_read_u64(&shared->counts[i]));
		}
		LWLockAcquire(shared_lock(SHARED_LOCK_REFUSED), LW_SHARED);
		for (int i = 0; i < NOTES; i++)
			if (shared->notes[i].state == NOTE_WAITING && shared->notes[i].database == MyDatabaseId)
				waiting++;
		LWLockRelease(shared_lock(SHARED_LOCK_REFUSED));
		appendStringInfo(&out, "},\"dropped\":" UINT64_FORMAT ",\"waiting\":%d", pg_atomic_read_u64(&shared->dropped), waiting);
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_DATUM(json_result(&out));
}
