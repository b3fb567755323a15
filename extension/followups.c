/*
 * followups.c
 *		Follow-ups: what calls, bookings and customers that come and go do to them.
 *
 * A call opens an item in the commit that logs it when the rules say so (follow_up_rules.c).  There is one open item a
 * customer (a number, when there is no customer), which partial unique indexes hold: further calls add to it, raise its
 * priority and bring its deadline forward.  A later call that was completed, or a booking, resolves it.
 *
 * Rules
 * - What an item says of its calls (attempts, reason, priority, deadline, first and last call) is a function of its rows of
 *	 follow_up_calls; what people did with it is its own.
 * - Items are locked after calls and before derived rows (call_changes.c has the order).  Who holds the lock of the caller
 *	 decides alone.
 * - A call that needs none costs one probe of an index.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "audit.h"
#include "errors.h"
#include "followups_internal.h"
#include "plans.h"

/* An open item, locked. */
typedef struct OpenItem
{
	Datum		id;
	int			attempts;
	TimestampTz last_call_at;
	text	   *customer;
} OpenItem;

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
		.sql = "SELECT " ITEM_COLUMNS " FROM callcenter.follow_ups f "
		"WHERE f.company_id = $1 AND f.resolved_at IS NULL AND f.id = ANY (ARRAY(SELECT l.follow_up_id::text FROM callcenter.follow_up_calls l "
		"WHERE l.company_id = $1 AND l.call_id = $2)) FOR NO KEY UPDATE",
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
		"FROM callcenter.follow_up_calls l CROSS JOIN LATERAL (SELECT c.id, c.started_at FROM callcenter.calls c "
		"WHERE c.company_id = $1 AND c.id = l.call_id LIMIT 1) c WHERE l.company_id = $1 AND l.follow_up_id = $2) n "
		"WHERE f.company_id = $1 AND f.id = $2 AND n.attempts > 0",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(identity->company), id};

	return plan_run(&plan, values, NULL, false, 0) > 0;
}

void
follow_up_audit(const Identity *identity, const char *action, Datum id, char *before, char *after)
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
	values[4] = CStringGetTextDatum(follow_up_reason_names[need->reason]);
	values[5] = CStringGetTextDatum(follow_up_priority_names[need->priority]);
	values[6] = TimestampTzGetDatum(need->due_at);
	values[7] = facts->id;
	values[8] = TimestampTzGetDatum(facts->started_at);
	plan_run(&plan, values, isnull, false, 0);
	follow_up_audit(identity, "open", values[1], NULL,
		  psprintf("{\"reason\": \"%s\", \"priority\": \"%s\"}", follow_up_reason_names[need->reason], follow_up_priority_names[need->priority]));
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
	values[3] = CStringGetTextDatum(follow_up_reason_names[need->reason]);
	values[4] = CStringGetTextDatum(follow_up_priority_names[need->priority]);
	values[5] = TimestampTzGetDatum(need->due_at);
	plan_run(&plan, values, NULL, false, 0);
}

/*
 * Makes a call part of an item that it is not part of yet; false when it is.  What the item says of its calls is carried on
 * from what it said, so that an attempt costs the same however many there were.
 */
static bool
extend(const Identity *identity, Datum item, const FollowUpFacts *facts, const Need *need)
{
#define STARTS_FIRST "($7, $3) < (f.first_call_at, f.first_call_id)"
#define STARTS_LAST "($7, $3) > (f.last_call_at, f.last_call_id)"
	static SavedPlan plan = {
		.sql = "WITH added AS (INSERT INTO callcenter.follow_up_calls (company_id, follow_up_id, call_id, reason, priority, due_at) "
		"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1) "
		"UPDATE callcenter.follow_ups f SET attempts = f.attempts + 1, "
		"reason = least(f.reason::callcenter.follow_up_reason, $4::callcenter.follow_up_reason)::text, "
		"priority = greatest(f.priority::callcenter.urgency, $5::callcenter.urgency)::text, due_at = least(f.due_at, $6), "
		"first_call_id = CASE WHEN " STARTS_FIRST " THEN $3 ELSE f.first_call_id END, first_call_at = least(f.first_call_at, $7), "
		"last_call_id = CASE WHEN " STARTS_LAST " THEN $3 ELSE f.last_call_id END, last_call_at = greatest(f.last_call_at, $7), "
		"version = f.version + 1, updated_at = now() WHERE f.company_id = $1 AND f.id = $2 AND EXISTS (SELECT FROM added)",
		.nargs = 7,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	Datum		values[7];

	values[0] = PointerGetDatum(identity->company);
	values[1] = item;
	values[2] = facts->id;
	values[3] = CStringGetTextDatum(follow_up_reason_names[need->reason]);
	values[4] = CStringGetTextDatum(follow_up_priority_names[need->priority]);
	values[5] = TimestampTzGetDatum(need->due_at);
	values[6] = TimestampTzGetDatum(facts->started_at);
	return plan_run(&plan, values, NULL, false, 0) == 1;
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
	follow_up_audit(identity, "delete", id, NULL, NULL);
}

void
follow_up_resolve(const Identity *identity, Datum id, const char *status, const char *resolution, text *note)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.follow_ups f SET status = $3, resolved_by = $4, resolved_at = greatest(f.opened_at, now()), resolution = $5, resolution_note = $6, "
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
	follow_up_audit(identity, "resolve", id, NULL, psprintf("{\"status\": \"%s\", \"resolution\": \"%s\"}", status, resolution));
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
		need->due_at = follow_up_deadline(company, need->priority);
	if (!is_open)
	{
		add_call(identity, open_item(identity, facts, need), facts->id, need);
		return;
	}
	if (!extend(identity, item.id, facts, need))
	{
		add_call(identity, item.id, facts->id, need);
		refresh(identity, item.id);
	}
	follow_up_audit(identity, "update", item.id, psprintf("{\"attempts\": %d}", item.attempts), psprintf("{\"attempts\": %d}", item.attempts + 1));
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
		follow_up_resolve(identity, item->id, "done", "booking", NULL);
	else if (facts->started_at > item->last_call_at)
		follow_up_resolve(identity, item->id, "done", "call", NULL);
}

void
follow_up_logged(const Identity *identity, const Company *company, const FollowUpFacts *facts)
{
	Need		need = {.reason = follow_up_reason(company, facts)};
	OpenItem		item;

	if (need.reason != REASON_NONE)
	{
		need.priority = follow_up_priority(facts);
		if (!facts->may_be_late || !is_settled(identity, facts))
			attach(identity, company, facts, &need);
	}
	else if (!facts->nothing_open && follow_up_settles(facts) && find_open(identity, facts->customer, facts->e164, &item))
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
	need.reason = follow_up_reason(company, &facts);
	need.priority = follow_up_priority(&facts);
	is_open = find_open_of_call(identity, call_id, &item);

	if (need.reason == REASON_NONE)
	{
		if (is_open && follow_up_settles(&facts) && (facts.booked || (item.attempts > 1 && facts.started_at >= item.last_call_at)))
			follow_up_resolve(identity, item.id, "done", facts.booked ? "booking" : "call", NULL);
		else if (is_open && item.attempts == 1)
			follow_up_resolve(identity, item.id, "dismissed", "withdrawn", NULL);
		else if (is_open)
		{
			remove_call(identity, item.id, call_id, &need);
			refresh(identity, item.id);
		}
		/* whose item the call was not part of, or was until it was linked to somebody else */
		if (follow_up_settles(&facts) && find_open(identity, facts.customer, facts.e164, &own))
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
	need.due_at = follow_up_deadline(company, need.priority);
	add_call(identity, item.id, call_id, &need);
	refresh(identity, item.id);
}

void
follow_up_booked(const Identity *identity, text *customer)
{
	OpenItem		item;

	if (customer != NULL && find_open(identity, customer, NULL, &item))
		follow_up_resolve(identity, item.id, "done", "booking", NULL);
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
		follow_up_resolve(identity, item.id, "done", "booking", NULL);
	plan_run(&caller, values, NULL, false, 1);
	customer = plan_result(1, &no_customer);
	phone = plan_result(2, &no_phone);
	if (find_open(identity, no_customer ? NULL : DatumGetTextPP(customer), no_phone ? NULL : TextDatumGetCString(phone), &item))
		follow_up_resolve(identity, item.id, "done", "booking", NULL);
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

bool
follow_up_adopt(const Identity *identity, text *customer, const char *e164)
{
	OpenItem		loose;
	OpenItem		own;

	if (!find_open(identity, NULL, e164, &loose))
		return false;
	if (find_open(identity, customer, NULL, &own))
		merge_items(identity, loose.id, own.id);
	else
		give_item(identity, loose.id, customer, NULL);
	return true;
}

void
follow_up_release_customer(const Identity *identity, const Company *company, text *customer)
{
	static SavedPlan of_open = {
		.sql = "SELECT c.id, c.caller_phone FROM callcenter.follow_up_calls l CROSS JOIN LATERAL (SELECT c.id, c.caller_phone, c.started_at FROM callcenter.calls c "
		"WHERE c.company_id = $1 AND c.id = l.call_id LIMIT 1) c WHERE l.company_id = $1 AND l.follow_up_id = $2 ORDER BY c.started_at DESC, c.id DESC",
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
			follow_up_resolve(identity, item.id, "dismissed", "withdrawn", NULL);
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
			need.reason = follow_up_reason(company, &facts);
			need.priority = follow_up_priority(&facts);
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
		follow_up_resolve(identity, item.id, "dismissed", "withdrawn", NULL);
	plan_run(&plan, values, NULL, false, 0);
}
