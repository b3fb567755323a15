/*
 * counter_changes.c
 *		What a statement changes of the counters: adding it up, and appending it as deltas; the trigger of follow-ups.
 *
 * The background worker folds the deltas (worker.c); where there is none, a backend folds those of its company every
 * FOLD_EVERY of them, if nobody else is at it.
 *
 * A follow-up is counted by its events, each at its instant: opened; due, which no follow-up is before it is opened;
 * resolved; recovered, that is resolved by a booking; and late, the moment from which it is both due and resolved.  A
 * follow-up is open that was opened and not resolved before, and overdue that was due and not late before, so that
 * figures at any instant are differences of counters (counters.c).  An update that changes no hour of an event appends
 * nothing.  What never happens, at infinity, is not counted.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "counters.h"
#include "object_id.h"
#include "plans.h"
#include "worker.h"

PG_FUNCTION_INFO_V1(cc_follow_ups_changed);

#define FOLD_EVERY		256
#define INTENT_BYTES	400

typedef struct CounterKey
{
	char		company[OBJECT_ID_LENGTH];
	TimestampTz bucket;
	char		status[24];
	char		intent[INTENT_BYTES + 1];
} CounterKey;

typedef struct CounterDelta
{
	CounterKey	key;
	int64		records;
} CounterDelta;

struct CounterChanges
{
	const char *kind;
	HTAB	   *deltas;
};

/*
 * Section: adding up and appending
 */

CounterChanges *
counter_changes_begin(const char *kind)
{
	HASHCTL		ctl = {.keysize = sizeof(CounterKey),.entrysize = sizeof(CounterDelta),.hcxt = CurrentMemoryContext};
	CounterChanges *changes = palloc(sizeof(CounterChanges));

	changes->kind = kind;
	changes->deltas = hash_create("counter deltas", 32, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	return changes;
}

void
counter_changes_add(CounterChanges *changes, Datum company, TimestampTz at, const text *status, const text *intent, int sign)
{
	text	   *id = DatumGetTextPP(company);
	CounterKey	key;
	CounterDelta *delta;
	bool		found;

	Assert(VARSIZE_ANY_EXHDR(id) == OBJECT_ID_LENGTH);
	memset(&key, 0, sizeof(key));
	memcpy(key.company, VARDATA_ANY(id), OBJECT_ID_LENGTH);
	key.bucket = counter_hour(at);
	text_to_cstring_buffer(status, key.status, sizeof(key.status));
	if (intent != NULL)
		text_to_cstring_buffer(intent, key.intent, sizeof(key.intent));
	delta = hash_search(changes->deltas, &key, HASH_ENTER, &found);
	delta->records = (found ? delta->records : 0) + sign;
}

static int
compare_deltas(const void *a, const void *b)
{
	return memcmp(&(*(CounterDelta *const *) a)->key, &(*(CounterDelta *const *) b)->key, sizeof(CounterKey));
}

/* Gives the deltas that change something, in the order of their keys. */
static CounterDelta **
sorted_deltas(const CounterChanges *changes, int *count)
{
	CounterDelta **sorted = palloc_array(CounterDelta *, hash_get_num_entries(changes->deltas) + 1);
	HASH_SEQ_STATUS scan;
	CounterDelta *delta;

	*count = 0;
	hash_seq_init(&scan, changes->deltas);
	while ((delta = hash_seq_search(&scan)) != NULL)
		if (delta->records != 0)
			sorted[(*count)++] = delta;
	qsort(sorted, *count, sizeof(sorted[0]), compare_deltas);
	return sorted;
}

static Datum
company_of(const CounterDelta *delta)
{
	return PointerGetDatum(cstring_to_text_with_len(delta->key.company, OBJECT_ID_LENGTH));
}

#define APPEND_COUNTERS "INSERT INTO callcenter.company_counter_deltas (company_id, kind, bucket, status, intent, records) "

/* Appends one delta, as nearly every statement about a call has it, without arrays. */
static void
append_one(const char *kind, const CounterDelta *delta)
{
	static SavedPlan plan = {
		.sql = APPEND_COUNTERS "VALUES ($2, $1, $3, $4, $5, $6)",
		.nargs = 6,
		.types = {TEXTOID, TEXTOID, TIMESTAMPTZOID, TEXTOID, TEXTOID, INT8OID},
	};
	Datum		values[] = {
		CStringGetTextDatum(kind), company_of(delta), TimestampTzGetDatum(delta->key.bucket), CStringGetTextDatum(delta->key.status),
		CStringGetTextDatum(delta->key.intent), Int64GetDatum(delta->records)
	};

	plan_run(&plan, values, NULL, false, 0);
}

/* Appends several deltas. */
static void
append_all(const char *kind, CounterDelta **deltas, int count)
{
	static SavedPlan plan = {
		.sql = APPEND_COUNTERS
		"SELECT d.company_id, $1, d.bucket, d.status, d.intent, d.records "
		"FROM unnest($2, $3, $4, $5, $6) AS d (company_id, bucket, status, intent, records)",
		.nargs = 6,
		.types = {TEXTOID, TEXTARRAYOID, TIMESTAMPTZARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT8ARRAYOID},
	};
	Datum	   *companies = palloc_array(Datum, count);
	Datum	   *buckets = palloc_array(Datum, count);
	Datum	   *statuses = palloc_array(Datum, count);
	Datum	   *intents = palloc_array(Datum, count);
	Datum	   *records = palloc_array(Datum, count);
	Datum		values[6];

	for (int i = 0; i < count; i++)
	{
		companies[i] = company_of(deltas[i]);
		buckets[i] = TimestampTzGetDatum(deltas[i]->key.bucket);
		statuses[i] = CStringGetTextDatum(deltas[i]->key.status);
		intents[i] = CStringGetTextDatum(deltas[i]->key.intent);
		records[i] = Int64GetDatum(deltas[i]->records);
	}
	values[0] = CStringGetTextDatum(kind);
	values[1] = text_array(companies, count);
	values[2] = PointerGetDatum(construct_array(buckets, count, TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	values[3] = text_array(statuses, count);
	values[4] = text_array(intents, count);
	values[5] = PointerGetDatum(construct_array(records, count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	plan_run(&plan, values, NULL, false, 0);
}

void
counter_changes_write(CounterChanges *changes)
{
	static int	appended = 0;
	int			count;
	CounterDelta **deltas = sorted_deltas(changes, &count);

	if (count == 0)
		return;
	if (count == 1)
		append_one(changes->kind, deltas[0]);
	else
		append_all(changes->kind, deltas, count);

	worker_note_deltas(count);
	appended += count;
	if (appended >= FOLD_EVERY && !worker_keeps_up())
	{
		appended = 0;
		counters_fold(company_of(deltas[count - 1]), false);
	}
}

/*
 * Section: follow-ups
 */

static const char *const follow_up_columns[] = {"company_id", "opened_at", "due_at", "resolved_at", "recovered"};

/* Columns of a follow-up by their place above. */
enum
{
	FOLLOW_UP_COMPANY,
	FOLLOW_UP_OPENED,
	FOLLOW_UP_DUE,
	FOLLOW_UP_RESOLVED,
	FOLLOW_UP_RECOVERED,
	FOLLOW_UP_COLUMNS
};

/* Adds an event of a follow-up. */
static void
add_event(CounterChanges *changes, Datum company, const char *event, TimestampTz at, int sign)
{
	if (!TIMESTAMP_IS_NOEND(at))
		counter_changes_add(changes, company, at, cstring_to_text(event), NULL, sign);
}

/* Adds the events of the follow-ups in a transition table. */
static void
add_follow_ups(CounterChanges *changes, Relation relation, Tuplestorestate *rows, int sign)
{
	TupleTableSlot *slot;
	int			columns[FOLLOW_UP_COLUMNS];

	if (rows == NULL)
		return;
	for (int i = 0; i < FOLLOW_UP_COLUMNS; i++)
		columns[i] = SPI_fnumber(RelationGetDescr(relation), follow_up_columns[i]);
	slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		Datum		values[FOLLOW_UP_COLUMNS];
		bool		isnull[FOLLOW_UP_COLUMNS];
		TimestampTz opened,
					due,
					resolved;

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < FOLLOW_UP_COLUMNS; i++)
			values[i] = slot_getattr(slot, columns[i], &isnull[i]);
		opened = DatumGetTimestampTz(values[FOLLOW_UP_OPENED]);
		due = Max(opened, DatumGetTimestampTz(values[FOLLOW_UP_DUE]));
		add_event(changes, values[FOLLOW_UP_COMPANY], FOLLOW_UP_EVENT_OPENED, opened, sign);
		add_event(changes, values[FOLLOW_UP_COMPANY], FOLLOW_UP_EVENT_DUE, due, sign);
		if (isnull[FOLLOW_UP_RESOLVED])
			continue;
		resolved = DatumGetTimestampTz(values[FOLLOW_UP_RESOLVED]);
		add_event(changes, values[FOLLOW_UP_COMPANY], FOLLOW_UP_EVENT_RESOLVED, resolved, sign);
		add_event(changes, values[FOLLOW_UP_COMPANY], FOLLOW_UP_EVENT_LATE, Max(due, resolved), sign);
		if (DatumGetBool(values[FOLLOW_UP_RECOVERED]))
			add_event(changes, values[FOLLOW_UP_COMPANY], FOLLOW_UP_EVENT_RECOVERED, resolved, sign);
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* follow_ups_changed() trigger. */
Datum
cc_follow_ups_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	CounterChanges *changes;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function must be called as an AFTER statement trigger")));
	SPI_connect();
	changes = counter_changes_begin(COUNTER_FOLLOW_UPS);
	add_follow_ups(changes, trigger->tg_relation, trigger->tg_oldtable, -1);
	add_follow_ups(changes, trigger->tg_relation, trigger->tg_newtable, 1);
	counter_changes_write(changes);
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}
