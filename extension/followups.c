/*
 * followups.c
 *		Follow-ups: who must be called back or seen to, why, and by when; list_follow_ups(), claim_follow_up(),
 *		release_follow_up(), resolve_follow_up().
 *
 * A call opens an item in the commit that logs it when somebody asked for a follow-up, a message or voicemail was left,
 * the caller gave up after waiting MISSED_SECONDS, an emergency or a qualified lead was not booked.  There is one open item
 * a customer (a number, when there is no customer), which partial unique indexes hold: further calls add to it, raise its
 * priority and bring its deadline forward.  A later call that was completed, or a booking, resolves it.
 *
 * Rules
 * - Withheld and spam callers, and the company's own numbers, make none: there is nobody to call back.
 * - What an item says of its calls (attempts, reason, priority, deadline, first and last call) is a function of its rows of
 *	 follow_up_calls; what people did with it is its own.
 * - Deadlines count from the moment the need is recorded: emergencies and urgent ones in minutes, others in minutes of the
 *	 company's business time.
 * - Items are locked after calls and before derived rows (call_changes.c has the order).  Who holds the lock of the caller
 *	 decides alone; claiming needs no lock but the item's row, and the next free one is taken past locked ones.
 * - A call that needs none costs one probe of an index.
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
#include "customers.h"
#include "document.h"
#include "errors.h"
#include "followups.h"
#include "json_text.h"
#include "list.h"
#include "local_time.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_list_follow_ups);
PG_FUNCTION_INFO_V1(cc_claim_follow_up);
PG_FUNCTION_INFO_V1(cc_release_follow_up);
PG_FUNCTION_INFO_V1(cc_resolve_follow_up);

/* Who gives up before that has not been missed (CallRail's line between abandoned and missed). */
#define MISSED_SECONDS		15

/* Deadlines are looked for among so many days: the longest business time that a company can set fits in. */
#define DEADLINE_DAYS		400

/* The labels of follow_up_reason, strongest first. */
typedef enum Reason
{
	REASON_EMERGENCY,
	REASON_REQUESTED,
	REASON_MESSAGE,
	REASON_VOICEMAIL,
	REASON_MISSED,
	REASON_LEAD,
	REASON_NONE
} Reason;

static const char *const reason_names[] = {"emergency", "requested", "message", "voicemail", "missed", "lead"};

/* The labels of urgency, as priorities. */
typedef enum Priority
{
	PRIORITY_NORMAL,
	PRIORITY_URGENT,
	PRIORITY_EMERGENCY
} Priority;

static const char *const priority_names[] = {"normal", "urgent", "emergency"};

/* An open item, locked. */
typedef struct OpenItem
{
	Datum		id;
	int			attempts;
	TimestampTz last_call_at;
	text	   *customer;
} OpenItem;

/* What a call asks of its item. */
typedef struct Need
{
	Reason		reason;
	Priority	priority;
	TimestampTz due_at;			/* 0 to count it from now */
} Need;

/*
 * Section: the rules
 */

static bool
is_one_of(const char *name, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Gives why somebody must see to a call, or REASON_NONE. */
static Reason
reason_of(const Company *company, const FollowUpFacts *facts)
{
	bool		is_emergency = facts->urgency != NULL && strcmp(facts->urgency, "emergency") == 0;

	if (facts->withheld || facts->own_number || strcmp(facts->status, "spam") == 0 || (facts->customer == NULL && facts->e164 == NULL))
		return REASON_NONE;
	if (facts->inbound && is_emergency && !facts->booked)
		return REASON_EMERGENCY;
	if (facts->requested)
		return REASON_REQUESTED;
	if (!facts->inbound)
		return REASON_NONE;
	if (facts->message_left)
		return REASON_MESSAGE;
	if (strcmp(facts->status, "voicemail") == 0)
		return REASON_VOICEMAIL;
	if (strcmp(facts->status, "abandoned") == 0 && facts->duration >= MISSED_SECONDS)
		return REASON_MISSED;
	if (strcmp(facts->status, "completed") == 0 && !facts->booked && facts->intent != NULL &&
		company_intent_is_lead(company, facts->intent))
		return REASON_LEAD;
	return REASON_NONE;
}

/* Tells whether a call that needs no follow-up itself settles what was open: somebody spoke with the caller, or booked. */
static bool
settles(const FollowUpFacts *facts)
{
	static const char *const spoken[] = {"completed", "transferred"};

	if (facts->withheld || facts->own_number || (facts->customer == NULL && facts->e164 == NULL))
		return false;
	return facts->booked || is_one_of(facts->status, spoken, lengthof(spoken));
}

static Priority
priority_of(const FollowUpFacts *facts)
{
	for (int i = PRIORITY_EMERGENCY; i > PRIORITY_NORMAL; i--)
		if (facts->urgency != NULL && strcmp(facts->urgency, priority_names[i]) == 0)
			return i;
	return PRIORITY_NORMAL;
}

/* Gives the instant when the company has been open for so many minutes from now on. */
static TimestampTz
after_business_time(const Company *company, TimestampTz now, int minutes)
{
	int64		left = minutes * USECS_PER_MINUTE;
	DateADT		day = local_date(now, company->time_zone);

	for (int i = 0; i < DEADLINE_DAYS; i++, day++)
	{
		TimestampTz from,
					to;

		/* ISO: Monday is bit 0 */
		if (!(company->business_days & (1 << ((day + POSTGRES_EPOCH_JDATE) % 7))))
			continue;
		from = Max(now, local_clock(day, company->business_opens * USECS_PER_MINUTE, company->time_zone));
		to = local_clock(day, company->business_closes * USECS_PER_MINUTE, company->time_zone);
		if (from + left <= to)
			return from + left;
		left -= Max(to - from, 0);
	}
	return now + minutes * USECS_PER_MINUTE;
}

/* Gives the deadline of a priority. */
static TimestampTz
deadline(const Company *company, Priority priority)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	int			minutes = company->follow_up_minutes[priority];

	return priority == PRIORITY_NORMAL ? after_business_time(company, now, minutes) : now + minutes * USECS_PER_MINUTE;
}

/*
 * Section: items
 */

/* Reads the item in the last result. */
static void
read_item(OpenItem *item)
{
	bool		isnull;
	Datum		customer;

	item->id = plan_result(1, &isnull);
	item->attempts = DatumGetInt32(plan_result(2, &isnull));
	item->last_call_at = DatumGetTimestampTz(plan_result(3, &isnull));
	customer = plan_result(4, &isnull);
	item->customer = isnull ? NULL : DatumGetTextPP(customer);
}

#define ITEM_COLUMNS "f.id, f.attempts, f.last_call_at, f.customer_id"

/* Finds and locks the open item of a customer (of a number, when that is NULL). */
static bool
find_open(const Identity *identity, text *customer, const char *e164, OpenItem *item)
{
	static SavedPlan by_customer = {
		.sql = "SELECT " ITEM_COLUMNS " FROM callcenter.follow_ups f "
		"WHERE f.company_id = $1 AND f.customer_id = $2 AND f.resolved_at IS NULL FOR NO KEY UPDATE",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	static SavedPlan by_phone = {
		.sql = "SELECT " ITEM_COLUMNS " FROM callcenter.follow_ups f "
		"WHERE f.company_id = $1 AND f.phone = $2 AND f.resolved_at IS NULL FOR NO KEY UPDATE",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[2];

	if (customer == NULL && e164 == NULL)
		return false;
	values[0] = PointerGetDatum(identity->company);
	values[1] = customer != NULL ? PointerGetDatum(customer) : CStringGetTextDatum(e164);
	if (plan_run(customer != NULL ? &by_customer : &by_phone, values, NULL, false, 1) == 0)
		return false;
	read_item(item);
	return true;
}

/* Finds and locks the open item that a call is part of. */
static bool
find_open_of_call(const Identity *identity, Datum call_id, OpenItem *item)
{
	static SavedPlan plan = {
		.sql = "SELECT " ITEM_COLUMNS " FROM callcenter.follow_up_calls l "
		"JOIN callcenter.follow_ups f ON f.company_id = l.company_id AND f.id = l.follow_up_id "
		"WHERE l.company_id = $1 AND l.call_id = $2 AND f.resolved_at IS NULL FOR NO KEY UPDATE OF f",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), call_id};

	if (plan_run(&plan, values, NULL, false, 1) == 0)
		return false;
	read_item(item);
	return true;
}

/* Counts anew what an item says of its calls; false when it has none. */
static bool
refresh(const Identity *identity, Datum id)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.follow_ups f SET attempts = n.attempts, reason = n.reason, priority = n.priority, due_at = n.due_at, "
		"first_call_id = n.first_id, first_call_at = n.first_at, last_call_id = n.last_id, last_call_at = n.last_at, "
		"version = f.version + 1, updated_at = now() "
		"FROM (SELECT count(*)::integer AS attempts, min(l.due_at) AS due_at, "
		"(array_agg(l.reason ORDER BY l.reason::callcenter.follow_up_reason))[1] AS reason, "
		"(array_agg(l.priority ORDER BY l.priority::callcenter.urgency DESC))[1] AS priority, "
		"(array_agg(c.id ORDER BY c.started_at, c.id))[1] AS first_id, min(c.started_at) AS first_at, "
		"(array_agg(c.id ORDER BY c.started_at DESC, c.id DESC))[1] AS last_id, max(c.started_at) AS last_at "
		"FROM callcenter.follow_up_calls l JOIN callcenter.calls c ON c.company_id = l.company_id AND c.id = l.call_id "
		"WHERE l.company_id = $1 AND l.follow_up_id = $2) n "
		"WHERE f.company_id = $1 AND f.id = $2 AND n.attempts > 0",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), id};

	return plan_run(&plan, values, NULL, false, 0) > 0;
}

/* Writes the audit log of an item. */
static void
audit(const Identity *identity, const char *action, Datum id, char *before, char *after)
{
	audit_write(identity, action, "follow_up", TextDatumGetCString(id), before, after);
}

/* Makes an item, without its calls. */
static Datum
open_item(const Identity *identity, const FollowUpFacts *facts, const Need *need)
{
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.follow_ups (company_id, id, customer_id, phone, reason, priority, due_at, attempts, "
		"first_call_id, first_call_at, last_call_id, last_call_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $8, $9)",
		.nargs = 9,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TIMESTAMPTZOID, TEXTOID, TIMESTAMPTZOID},
	};
	Datum		values[9];
	bool		isnull[9] = {false};

	values[0] = PointerGetDatum(identity->company);
	values[1] = PointerGetDatum(object_id_generate());
	values[2] = PointerGetDatum(facts->customer);
	isnull[2] = facts->customer == NULL;
	values[3] = facts->customer == NULL ? CStringGetTextDatum(facts->e164) : (Datum) 0;
	isnull[3] = facts->customer != NULL;
	values[4] = CStringGetTextDatum(reason_names[need->reason]);
	values[5] = CStringGetTextDatum(priority_names[need->priority]);
	values[6] = TimestampTzGetDatum(need->due_at);
	values[7] = facts->id;
	values[8] = TimestampTzGetDatum(facts->started_at);
	plan_run(&plan, values, isnull, false, 0);
	audit(identity, "open", values[1], NULL,
		  psprintf("{\"reason\": \"%s\", \"priority\": \"%s\"}", reason_names[need->reason], priority_names[need->priority]));
	return values[1];
}

/* Makes a call part of an item, or changes what it asks of it. */
static void
add_call(const Identity *identity, Datum item, Datum call_id, const Need *need)
{
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.follow_up_calls AS l (company_id, follow_up_id, call_id, reason, priority, due_at) "
		"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (company_id, follow_up_id, call_id) DO UPDATE "
		"SET reason = EXCLUDED.reason, priority = EXCLUDED.priority, due_at = least(l.due_at, EXCLUDED.due_at)",
		.nargs = 6,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TIMESTAMPTZOID},
	};
	Datum		values[6];

	values[0] = PointerGetDatum(identity->company);
	values[1] = item;
	values[2] = call_id;
	values[3] = CStringGetTextDatum(reason_names[need->reason]);
	values[4] = CStringGetTextDatum(priority_names[need->priority]);
	values[5] = TimestampTzGetDatum(need->due_at);
	plan_run(&plan, values, NULL, false, 0);
}

/* Takes a call out of an item; what it asked of it is left in "need". */
static void
remove_call(const Identity *identity, Datum item, Datum call_id, Need *need)
{
	static SavedPlan plan = {
		.sql = "DELETE FROM callcenter.follow_up_calls WHERE company_id = $1 AND follow_up_id = $2 AND call_id = $3 RETURNING due_at",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), item, call_id};
	bool		isnull;

	if (plan_run(&plan, values, NULL, false, 0) > 0)
		need->due_at = DatumGetTimestampTz(plan_result(1, &isnull));
}

/* Removes an item that has no calls. */
static void
remove_item(const Identity *identity, Datum id)
{
	static SavedPlan plan = {
		.sql = "DELETE FROM callcenter.follow_ups WHERE company_id = $1 AND id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), id};

	plan_run(&plan, values, NULL, false, 0);
	audit(identity, "delete", id, NULL, NULL);
}

/* Ends an item. */
static void
resolve(const Identity *identity, Datum id, const char *status, const char *resolution, text *note)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.follow_ups f SET status = $3, resolved_by = $4, resolved_at = now(), resolution = $5, resolution_note = $6, "
		"recovered = $5 = 'booking', version = f.version + 1, updated_at = now() WHERE f.company_id = $1 AND f.id = $2 AND f.resolved_at IS NULL",
		.nargs = 6,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[6];
	bool		isnull[6] = {false};

	values[0] = PointerGetDatum(identity->company);
	values[1] = id;
	values[2] = CStringGetTextDatum(status);
	values[3] = CStringGetTextDatum(identity->actor);
	values[4] = CStringGetTextDatum(resolution);
	values[5] = PointerGetDatum(note);
	isnull[5] = note == NULL;
	plan_run(&plan, values, isnull, false, 0);
	/* what the note says stays with the item: the audit log keeps no free text of people */
	audit(identity, "resolve", id, NULL, psprintf("{\"status\": \"%s\", \"resolution\": \"%s\"}", status, resolution));
}

/* Gives an item to a customer, or to a number when that is NULL. */
static void
give_item(const Identity *identity, Datum id, text *customer, const char *e164)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.follow_ups SET customer_id = $3, phone = $4, version = version + 1, updated_at = now() "
		"WHERE company_id = $1 AND id = $2",
		.nargs = 4,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[4];
	bool		isnull[4] = {false};

	values[0] = PointerGetDatum(identity->company);
	values[1] = id;
	values[2] = PointerGetDatum(customer);
	isnull[2] = customer == NULL;
	values[3] = customer == NULL && e164 != NULL ? CStringGetTextDatum(e164) : (Datum) 0;
	isnull[3] = customer != NULL || e164 == NULL;
	plan_run(&plan, values, isnull, false, 0);
}

/*
 * Section: calls
 */

/* Adds a call to the caller's open item, which is made when there is none. */
static void
attach(const Identity *identity, const Company *company, const FollowUpFacts *facts, Need *need)
{
	OpenItem		item;
	bool		is_open = find_open(identity, facts->customer, facts->e164, &item);

	if (is_open && need->priority == PRIORITY_NORMAL)
		need->priority = PRIORITY_URGENT;
	if (need->due_at == 0)
		need->due_at = deadline(company, need->priority);
	if (!is_open)
	{
		add_call(identity, open_item(identity, facts, need), facts->id, need);
		return;
	}
	add_call(identity, item.id, facts->id, need);
	refresh(identity, item.id);
	audit(identity, "update", item.id, psprintf("{\"attempts\": %d}", item.attempts), psprintf("{\"attempts\": %d}", item.attempts + 1));
}

/* Tells whether a call that started later has settled what this one asks for. */
static bool
is_settled(const Identity *identity, const FollowUpFacts *facts)
{
#define SETTLED_SQL(condition) \
	"SELECT 1 FROM callcenter.calls c WHERE c.company_id = $1 AND " condition " AND c.started_at > $3 " \
	"AND (c.status IN ('completed', 'transferred') OR c.is_booked) AND NOT EXISTS (SELECT FROM callcenter.follow_up_calls l " \
	"WHERE l.company_id = c.company_id AND l.call_id = c.id)"
	static SavedPlan plans[] = {
		{.sql = SETTLED_SQL("c.caller_phone = $2 AND c.customer_id IS NULL"),.nargs = 3,.types = {TEXTOID, TEXTOID, TIMESTAMPTZOID}},
		{.sql = SETTLED_SQL("c.customer_id = $2"),.nargs = 3,.types = {TEXTOID, TEXTOID, TIMESTAMPTZOID}},
	};
	Datum		values[3];

	values[0] = PointerGetDatum(identity->company);
	values[1] = facts->customer != NULL ? PointerGetDatum(facts->customer) : CStringGetTextDatum(facts->e164);
	values[2] = TimestampTzGetDatum(facts->started_at);
	return plan_run(&plans[facts->customer != NULL], values, NULL, false, 1) > 0;
}

/* Resolves an item by a call that settles: one behind its calls, or a booking. */
static void
settle(const Identity *identity, const OpenItem *item, const FollowUpFacts *facts)
{
	if (facts->booked)
		resolve(identity, item->id, "done", "booking", NULL);
	else if (facts->started_at > item->last_call_at)
		resolve(identity, item->id, "done", "call", NULL);
}

void
follow_up_logged(const Identity *identity, const Company *company, const FollowUpFacts *facts)
{
	Need		need = {.reason = reason_of(company, facts)};
	OpenItem		item;

	if (need.reason != REASON_NONE)
	{
		need.priority = priority_of(facts);
		if (!facts->may_be_late || !is_settled(identity, facts))
			attach(identity, company, facts, &need);
	}
	else if (!facts->is_first && settles(facts) && find_open(identity, facts->customer, facts->e164, &item))
		settle(identity, &item, facts);
}

/* Reads what of a stored call decides. */
static void
read_facts(const Identity *identity, const Company *company, Datum call_id, FollowUpFacts *facts)
{
	static SavedPlan plan = {
		.sql = "SELECT c.customer_id, c.caller_phone, c.caller_kind = 'withheld', c.direction = 'inbound', c.status, c.urgency, c.primary_intent, "
		"c.is_booked, c.follow_up_required, coalesce(c.message_left, false), coalesce(c.duration_seconds, -1), c.started_at "
		"FROM callcenter.calls c WHERE c.company_id = $1 AND c.id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), call_id};
	Datum		value;
	bool		isnull;

	if (plan_run(&plan, values, NULL, false, 1) == 0)
		error_not_found("Call");
	facts->id = call_id;
	value = plan_result(1, &isnull);
	facts->customer = isnull ? NULL : DatumGetTextPP(value);
	value = plan_result(2, &isnull);
	facts->e164 = isnull ? NULL : TextDatumGetCString(value);
	facts->own_number = facts->e164 != NULL && company_owns_number(company, facts->e164);
	facts->withheld = DatumGetBool(plan_result(3, &isnull));
	facts->inbound = DatumGetBool(plan_result(4, &isnull));
	facts->status = TextDatumGetCString(plan_result(5, &isnull));
	value = plan_result(6, &isnull);
	facts->urgency = isnull ? NULL : TextDatumGetCString(value);
	value = plan_result(7, &isnull);
	facts->intent = isnull ? NULL : DatumGetTextPP(value);
	facts->booked = DatumGetBool(plan_result(8, &isnull));
	facts->requested = DatumGetBool(plan_result(9, &isnull));
	facts->message_left = DatumGetBool(plan_result(10, &isnull));
	facts->duration = DatumGetInt32(plan_result(11, &isnull));
	facts->started_at = DatumGetTimestampTz(plan_result(12, &isnull));
}

/* Tells whether a call is part of any item, which is resolved then. */
static bool
was_followed_up(const Identity *identity, Datum call_id)
{
	static SavedPlan plan = {
		.sql = "SELECT 1 FROM callcenter.follow_up_calls l WHERE l.company_id = $1 AND l.call_id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), call_id};

	return plan_run(&plan, values, NULL, false, 1) > 0;
}

static bool
is_same(text *one, text *other)
{
	if (one == NULL || other == NULL)
		return one == other;
	return VARSIZE_ANY_EXHDR(one) == VARSIZE_ANY_EXHDR(other) && memcmp(VARDATA_ANY(one), VARDATA_ANY(other), VARSIZE_ANY_EXHDR(one)) == 0;
}

/* Moves a call that needs a follow-up from the item of who it was linked to. */
static void
move_call(const Identity *identity, const Company *company, const OpenItem *from, const FollowUpFacts *facts, Need *need)
{
	OpenItem		to;

	if (from->attempts == 1 && !find_open(identity, facts->customer, facts->e164, &to))
	{
		give_item(identity, from->id, facts->customer, facts->e164);
		return;
	}
	remove_call(identity, from->id, facts->id, need);
	if (!refresh(identity, from->id))
		remove_item(identity, from->id);
	attach(identity, company, facts, need);
}

void
follow_up_reconsider(const Identity *identity, const Company *company, Datum call_id, FollowUpChange change)
{
	FollowUpFacts facts = {0};
	Need		need = {0};
	OpenItem		item;
	OpenItem		own;
	bool		is_open;

	read_facts(identity, company, call_id, &facts);
	need.reason = reason_of(company, &facts);
	need.priority = priority_of(&facts);
	is_open = find_open_of_call(identity, call_id, &item);

	if (need.reason == REASON_NONE)
	{
		if (is_open && settles(&facts) && (facts.booked || (item.attempts > 1 && facts.started_at >= item.last_call_at)))
			resolve(identity, item.id, "done", facts.booked ? "booking" : "call", NULL);
		else if (is_open && item.attempts == 1)
			resolve(identity, item.id, "dismissed", "withdrawn", NULL);
		else if (is_open)
		{
			remove_call(identity, item.id, call_id, &need);
			refresh(identity, item.id);
		}
		/* whose item the call was not part of, or was until it was linked to somebody else */
		if (settles(&facts) && find_open(identity, facts.customer, facts.e164, &own))
			settle(identity, &own, &facts);
		return;
	}
	if (!is_open)
	{
		if (change == FOLLOW_UP_ASKED || !(was_followed_up(identity, call_id) || is_settled(identity, &facts)))
			attach(identity, company, &facts, &need);
		return;
	}
	/* an item that a customer has taken over from a number keeps the calls of the number, as long as nobody moves them */
	if (change == FOLLOW_UP_LINKED && !is_same(item.customer, facts.customer))
	{
		move_call(identity, company, &item, &facts, &need);
		return;
	}
	if (item.attempts > 1 && need.priority == PRIORITY_NORMAL)
		need.priority = PRIORITY_URGENT;
	need.due_at = deadline(company, need.priority);
	add_call(identity, item.id, call_id, &need);
	refresh(identity, item.id);
}

void
follow_up_booked(const Identity *identity, text *customer)
{
	OpenItem		item;

	if (customer != NULL && find_open(identity, customer, NULL, &item))
		resolve(identity, item.id, "done", "booking", NULL);
}

void
follow_up_call_booked(const Identity *identity, Datum call_id)
{
	static SavedPlan caller = {
		.sql = "SELECT c.customer_id, c.caller_phone FROM callcenter.calls c WHERE c.company_id = $1 AND c.id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), call_id};
	Datum		customer,
				phone;
	bool		no_customer,
				no_phone;
	OpenItem		item;

	if (find_open_of_call(identity, call_id, &item))
		resolve(identity, item.id, "done", "booking", NULL);
	plan_run(&caller, values, NULL, false, 1);
	customer = plan_result(1, &no_customer);
	phone = plan_result(2, &no_phone);
	if (find_open(identity, no_customer ? NULL : DatumGetTextPP(customer), no_phone ? NULL : TextDatumGetCString(phone), &item))
		resolve(identity, item.id, "done", "booking", NULL);
}

Datum *
follow_ups_of_calls(text *company, const char *condition, int nargs, const Oid *types, const Datum *values, int *count)
{
	Datum	   *ids;
	bool		isnull;

	*count = (int) plan_run_text(psprintf("SELECT f.id::text FROM callcenter.follow_ups f WHERE f.company_id = $1 AND f.id IN "
										  "(SELECT l.follow_up_id FROM callcenter.follow_up_calls l JOIN callcenter.calls c "
										  "ON c.company_id = l.company_id AND c.id = l.call_id %s AND l.company_id = $1) "
										  "ORDER BY f.id FOR NO KEY UPDATE", condition), nargs, types, values, NULL, false);
	ids = palloc_array(Datum, *count + 1);
	for (int i = 0; i < *count; i++)
		ids[i] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);
	return ids;
}

void
follow_up_calls_gone(const Identity *identity, const Datum *ids, int count)
{
	for (int i = 0; i < count; i++)
		if (!refresh(identity, ids[i]))
			remove_item(identity, ids[i]);
}

/*
 * Section: customers
 */

/* Moves all calls of an open item to another, and removes it. */
static void
merge_items(const Identity *identity, Datum from, Datum into)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.follow_up_calls SET follow_up_id = $3 WHERE company_id = $1 AND follow_up_id = $2",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), from, into};

	plan_run(&plan, values, NULL, false, 0);
	remove_item(identity, from);
	refresh(identity, into);
}

void
follow_up_adopt(const Identity *identity, text *customer, const char *e164)
{
	OpenItem		loose;
	OpenItem		own;

	if (!find_open(identity, NULL, e164, &loose))
		return;
	if (find_open(identity, customer, NULL, &own))
		merge_items(identity, loose.id, own.id);
	else
		give_item(identity, loose.id, customer, NULL);
}

void
follow_up_release_customer(const Identity *identity, const Company *company, text *customer)
{
	static SavedPlan of_open = {
		.sql = "SELECT c.id, c.caller_phone FROM callcenter.follow_up_calls l JOIN callcenter.calls c ON c.company_id = l.company_id AND c.id = l.call_id "
		"WHERE l.company_id = $1 AND l.follow_up_id = $2 ORDER BY c.started_at DESC, c.id DESC",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	static SavedPlan release = {
		.sql = "UPDATE callcenter.follow_ups f SET customer_id = NULL, version = f.version + 1, updated_at = now(), "
		"phone = (SELECT c.caller_phone FROM callcenter.calls c WHERE c.company_id = f.company_id AND c.id = f.last_call_id) "
		"WHERE f.company_id = $1 AND f.customer_id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), PointerGetDatum(customer)};
	SPITupleTable *calls;
	uint64		count;
	OpenItem		item;
	OpenItem		loose;

	if (find_open(identity, customer, NULL, &item))
	{
		bool		isnull;
		Datum		number;

		values[1] = item.id;
		count = plan_run(&of_open, values, NULL, false, 0);
		calls = SPI_tuptable;
		number = SPI_getbinval(calls->vals[0], calls->tupdesc, 2, &isnull);
		if (isnull)
			resolve(identity, item.id, "dismissed", "withdrawn", NULL);
		else if (!find_open(identity, NULL, TextDatumGetCString(number), &loose))
			give_item(identity, item.id, NULL, TextDatumGetCString(number));
		else
			merge_items(identity, item.id, loose.id);
		values[1] = PointerGetDatum(customer);
		/* calls of other numbers go to items of theirs */
		for (uint64 i = 1; i < count && !isnull; i++)
		{
			bool		none;
			Datum		other = SPI_getbinval(calls->vals[i], calls->tupdesc, 2, &none);
			Need		need = {0};
			FollowUpFacts facts = {0};

			if (!none && strcmp(TextDatumGetCString(other), TextDatumGetCString(number)) == 0)
				continue;
			read_facts(identity, company, SPI_getbinval(calls->vals[i], calls->tupdesc, 1, &none), &facts);
			find_open_of_call(identity, facts.id, &item);
			remove_call(identity, item.id, facts.id, &need);
			refresh(identity, item.id);
			need.reason = reason_of(company, &facts);
			need.priority = priority_of(&facts);
			if (need.reason != REASON_NONE)
				attach(identity, company, &facts, &need);
		}
	}
	plan_run(&release, values, NULL, false, 0);
}

void
follow_up_erase(const Identity *identity, text *customer)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.follow_ups f SET resolution_note = NULL, version = f.version + 1, updated_at = now() "
		"WHERE f.company_id = $1 AND f.customer_id = $2 AND f.resolution_note IS NOT NULL",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), PointerGetDatum(customer)};
	OpenItem		item;

	if (find_open(identity, customer, NULL, &item))
		resolve(identity, item.id, "dismissed", "withdrawn", NULL);
	plan_run(&plan, values, NULL, false, 0);
}

/*
 * Section: the API
 */

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
	{"caller.doNotContact", NULL, FIELD_BOOL, FIELD_IN_LIST, .expression = "CASE WHEN cu.status = 'do_not_contact' THEN true END"},
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

/* list_follow_ups(company_id object_id, params jsonb, token text) json: a page of follow-ups, what is due first; without "status" those that are not resolved. */
Datum
cc_list_follow_ups(PG_FUNCTION_ARGS)
{
	ListQuery  *query = list_begin(fcinfo, &follow_up_source, RIGHT_READ);
	text	   *customer = document_text(query->params, "customerId");

	if (!document_has(query->params, "status"))
		list_add(query, "f.resolved_at IS NULL");
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
		audit(identity, "claim", id, "{\"status\": \"open\"}", "{\"status\": \"claimed\"}");
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
		audit(identity, "release", state.id, "{\"status\": \"claimed\"}", "{\"status\": \"open\"}");
	}
	else if (strcmp(state.status, "open") != 0)
		error_conflict("status", "The follow-up is %s already", state.status);
	PG_RETURN_DATUM(answer(identity, company, "", state.id));
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
	static const char *const endings[] = {"done", "dismissed"};
	Identity   *identity = api_begin(fcinfo, 3, RIGHT_ANNOTATE);
	const Company *company = company_get(identity->company_id);
	Document   *document = document_read(&resolution_fields, api_document(fcinfo, 2, "resolution"), DOCUMENT_CREATE);
	const char *status = document_has(document, "status") ? text_to_cstring(document_text(document, "status")) : "done";
	State		state;

	if (!is_one_of(status, endings, lengthof(endings)))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "status", "must be one of: done, dismissed");
	lock_item(identity, api_text(fcinfo, 1, "followUpId"), &state);
	if (is_one_of(state.status, endings, lengthof(endings)))
		error_conflict("status", "The follow-up is %s already", state.status);
	resolve(identity, state.id, status, "person", document_text(document, "note"));
	PG_RETURN_DATUM(answer(identity, company, "", state.id));
}
