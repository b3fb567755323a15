/*
 * rollups.c
 *		Keeps call_rollups: what the calls of a company add up to by hour, day and month of its clock.
 *
 * A statement that changes calls appends what it changes to call_rollup_deltas, a summary for each company and hour that
 * it touches, in its own transaction; so calls of one company do not wait for each other, and a reader who adds what is
 * not folded yet is never behind.  Folding moves appended summaries into the rollups: it deletes and adds in one
 * statement, so in every snapshot a change is in one place or the other.  It needs no lock against readers and writers;
 * one backend folds a company at a time, under a lock that no client can take.
 *
 * The clock of a company is part of what is counted.  Whoever appends holds the company's row (FOR KEY SHARE, which a new
 * call's foreign key has taken already) from before reading its zone to the end of the transaction; whoever changes the zone locks the
 * row FOR UPDATE, which waits for those and makes later ones wait, and counts the rollups anew before it commits.  So
 * nothing is appended in the zone of yesterday.  Locks are taken in this order: company, fold.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "counters.h"
#include "object_id.h"
#include "plans.h"
#include "rollups.h"
#include "worker.h"

PG_FUNCTION_INFO_V1(cc_fold_rollups);
PG_FUNCTION_INFO_V1(cc_company_clock_changed);

/* where there is no background worker, a backend folds now and then itself: after this many changes that it appended */
#define FOLD_EVERY			256

/* what is collected is written out at this many hours, so that a restore of years takes no more memory than a day */
#define HOURS_IN_MEMORY		2048

/* rows that a rebuild fetches at a time */
#define BATCH				5000

typedef struct HourKey
{
	char		company[OBJECT_ID_LENGTH];
	TimestampTz start;
} HourKey;

typedef struct HourChange
{
	HourKey		key;
	ClockSpan	day;
	ClockSpan	month;
	CallSummary summary;
} HourChange;

/* A row that was read; the next one may take it back. */
typedef struct PendingCall
{
	char		company[OBJECT_ID_LENGTH];
	char	   *facts;			/* a copy of the stored form */
	int			length;
	int			space;
	int			sign;			/* 0 when there is none */
} PendingCall;

struct RollupChanges
{
	MemoryContext context;		/* of what is collected */
	HTAB	   *hours;
	AttrNumber	company_column;
	AttrNumber	facts_column;
	char		company[OBJECT_ID_LENGTH];	/* whose clock is the one below */
	LocalClock *clock;			/* NULL when the company is gone */
	bool		has_company;
	bool		is_locked;		/* by the foreign keys of new rows, which were checked before */
	PendingCall pending;
	int			written;
};

/*
 * Section: locks
 */

/*
 * Gives the clock of a company, which cannot change until the transaction ends; NULL when there is no such company.
 *
 * The lock does not conflict with a change of the zone that has not come to its own lock yet, or that is over: the row it
 * gives may be the old one.  So the zone is read after it, in a snapshot of that moment, whatever the transaction's is.
 */
static LocalClock *
lock_clock(const char *company, bool is_locked)
{
	static SavedPlan lock = {
		.sql = "SELECT 1 FROM callcenter.companies co WHERE co.id = $1 FOR KEY SHARE",
		.nargs = 1,
		.types = {TEXTOID},
	};
	static SavedPlan zone_of = {
		.sql = "SELECT co.time_zone FROM callcenter.companies co WHERE co.id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		id = PointerGetDatum(cstring_to_text_with_len(company, OBJECT_ID_LENGTH));
	pg_tz	   *zone;
	bool		isnull;

	if (!is_locked)
		plan_run(&lock, &id, NULL, false, 1);
	if (plan_run_latest(&zone_of, &id, NULL) == 0)
		return NULL;
	zone = local_zone(TextDatumGetCString(plan_result(1, &isnull)));
	/* a zone that this server's time zone data no longer has: as company_load() does */
	return clock_of(zone != NULL ? zone : pg_tzset("UTC"));
}

/* Takes the lock under which one backend at a time folds a company; false when it is taken and we do not wait. */
static bool
lock_fold(Datum company, bool wait)
{
	text	   *id = DatumGetTextPP(company);
	LOCKTAG		tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, get_relname_relid("call_rollups", get_namespace_oid("callcenter", false)),
					   hash_bytes((const unsigned char *) VARDATA_ANY(id), VARSIZE_ANY_EXHDR(id)), 0);
	return LockAcquire(&tag, ExclusiveLock, false, !wait) != LOCKACQUIRE_NOT_AVAIL;
}

/*
 * Section: collecting
 */

static void
begin_hours(RollupChanges *changes)
{
	HASHCTL		ctl = {.keysize = sizeof(HourKey),.entrysize = sizeof(HourChange),.hcxt = changes->context};

	changes->hours = hash_create("rollup changes", 32, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Begins to collect changes. */
static RollupChanges *
begin_changes(void)
{
	RollupChanges *changes = palloc0(sizeof(RollupChanges));

	changes->context = AllocSetContextCreate(CurrentMemoryContext, "rollup changes", ALLOCSET_DEFAULT_SIZES);
	begin_hours(changes);
	return changes;
}

RollupChanges *
rollup_changes_begin(Relation calls, bool are_new)
{
	/* a column keeps its number for the life of its table */
	static Oid	known = InvalidOid;
	static AttrNumber company_column;
	static AttrNumber facts_column;
	RollupChanges *changes = begin_changes();

	if (known != RelationGetRelid(calls))
	{
		company_column = SPI_fnumber(RelationGetDescr(calls), "company_id");
		facts_column = SPI_fnumber(RelationGetDescr(calls), "facts");
		known = RelationGetRelid(calls);
	}
	changes->company_column = company_column;
	changes->facts_column = facts_column;
	changes->is_locked = are_new;
	return changes;
}

/* Gives the type call_summary. */
static Oid
summary_type(void)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("call_summary"),
						   ObjectIdGetDatum(get_namespace_oid("callcenter", false)));
}

/* Appends what was collected, and forgets it; one hour, as nearly every statement has it, without arrays. */
static void
flush_hours(RollupChanges *changes)
{
#define APPEND_HOURS "INSERT INTO callcenter.call_rollup_deltas (company_id, hour, day, day_start, month, month_start, summary) "
	static SavedPlan one = {
		.sql = APPEND_HOURS "VALUES ($1, $2, $3, $4, $5, $6, $7)",
		.nargs = 7,
		.types = {TEXTOID, TIMESTAMPTZOID, DATEOID, TIMESTAMPTZOID, DATEOID, TIMESTAMPTZOID, InvalidOid},
	};
	static SavedPlan plan = {
		.sql = APPEND_HOURS
		"SELECT d.company_id, d.hour, d.day, d.day_start, d.month, d.month_start, callcenter.call_summary_of_stored(d.summary) "
		"FROM unnest($1, $2, $3, $4, $5, $6, $7) AS d (company_id, hour, day, day_start, month, month_start, summary)",
		.nargs = 7,
		.types = {TEXTARRAYOID, TIMESTAMPTZARRAYOID, DATEARRAYOID, TIMESTAMPTZARRAYOID, DATEARRAYOID, TIMESTAMPTZARRAYOID, BYTEAARRAYOID},
	};
	int			size = (int) hash_get_num_entries(changes->hours);
	MemoryContext old = MemoryContextSwitchTo(changes->context);
	Datum	   *elements[7];
	int			count = 0;
	HASH_SEQ_STATUS scan;
	HourChange *hour;

	for (int i = 0; i < 7; i++)
		elements[i] = palloc_array(Datum, size + 1);
	hash_seq_init(&scan, changes->hours);
	while ((hour = hash_seq_search(&scan)) != NULL)
	{
		if (summary_is_empty(&hour->summary))
			continue;
		elements[0][count] = PointerGetDatum(cstring_to_text_with_len(hour->key.company, OBJECT_ID_LENGTH));
		elements[1][count] = TimestampTzGetDatum(hour->key.start);
		elements[2][count] = DateADTGetDatum(hour->day.day);
		elements[3][count] = TimestampTzGetDatum(hour->day.from);
		elements[4][count] = DateADTGetDatum(hour->month.day);
		elements[5][count] = TimestampTzGetDatum(hour->month.from);
		elements[6][count++] = PointerGetDatum(summary_store(&hour->summary));
	}
	if (count == 1)
	{
		Datum		values[7];

		for (int i = 0; i < 7; i++)
			values[i] = elements[i][0];
		/* the summary as it is, so the plan is of the type that there is now: the extension may have been made anew */
		if (one.types[6] != summary_type())
		{
			if (one.plan != NULL)
				SPI_freeplan(one.plan);
			one.plan = NULL;
			one.types[6] = summary_type();
		}
		plan_run(&one, values, NULL, false, 0);
	}
	else if (count > 1)
	{
		Datum		values[7];

		values[0] = text_array(elements[0], count);
		values[6] = PointerGetDatum(construct_array(elements[6], count, BYTEAOID, -1, false, TYPALIGN_INT));
		for (int i = 1; i < 6; i++)
			values[i] = PointerGetDatum(i == 2 || i == 4
										? construct_array(elements[i], count, DATEOID, sizeof(DateADT), true, TYPALIGN_INT)
										: construct_array(elements[i], count, TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
		plan_run(&plan, values, NULL, false, 0);
	}
	changes->written += count;
	MemoryContextSwitchTo(old);
	MemoryContextReset(changes->context);
	begin_hours(changes);
}

/* Adds a call to the hour that it starts in. */
static void
add_call(RollupChanges *changes, const char *stored, int length, int sign)
{
	CallFacts	facts;
	HourKey		key;
	HourChange *hour;
	bool		found;

	if (changes->clock == NULL)
		return;
	facts_read(stored, length, &facts);
	memcpy(key.company, changes->company, OBJECT_ID_LENGTH);
	key.start = clock_hour_start(changes->clock, facts.started_at);
	hour = hash_search(changes->hours, &key, HASH_ENTER, &found);
	if (!found)
	{
		hour->day = *clock_day(changes->clock, facts.started_at);
		hour->month = *clock_month(changes->clock, facts.started_at);
		summary_init(&hour->summary, changes->context);
	}
	summary_add_call(&hour->summary, &facts, clock_hour(changes->clock, facts.started_at), sign);
	if (!found && hash_get_num_entries(changes->hours) > HOURS_IN_MEMORY)
		flush_hours(changes);
}

/* Adds the row that is pending. */
static void
add_pending(RollupChanges *changes)
{
	PendingCall *pending = &changes->pending;

	if (pending->sign == 0)
		return;
	if (!changes->has_company || memcmp(changes->company, pending->company, OBJECT_ID_LENGTH) != 0)
	{
		changes->clock = lock_clock(pending->company, changes->is_locked);
		memcpy(changes->company, pending->company, OBJECT_ID_LENGTH);
		changes->has_company = true;
	}
	add_call(changes, pending->facts, pending->length, pending->sign);
	pending->sign = 0;
}

void
rollup_changes_add(RollupChanges *changes, TupleTableSlot *row, int sign)
{
	PendingCall *pending = &changes->pending;
	bool		isnull;
	text	   *company = DatumGetTextPP(slot_getattr(row, changes->company_column, &isnull));
	struct varlena *facts = PG_DETOAST_DATUM_PACKED(slot_getattr(row, changes->facts_column, &isnull));
	int			length = VARSIZE_ANY_EXHDR(facts);

	/* the new version of a row that changes nothing here takes the old one back */
	if (pending->sign == -sign && pending->length == length && memcmp(pending->facts, VARDATA_ANY(facts), length) == 0 &&
		memcmp(pending->company, VARDATA_ANY(company), OBJECT_ID_LENGTH) == 0)
	{
		pending->sign = 0;
		return;
	}
	add_pending(changes);
	if (length > pending->space)
	{
		pending->space = Max(length, 256);
		pending->facts = palloc(pending->space);
	}
	memcpy(pending->company, VARDATA_ANY(company), OBJECT_ID_LENGTH);
	memcpy(pending->facts, VARDATA_ANY(facts), length);
	pending->length = length;
	pending->sign = sign;
}

/*
 * Section: folding
 */

/* Appended changes as hours, days and months. */
#define SUMS_OF(changes) \
	"SELECT 'hour' AS grain, x.hour AS start, x.day, callcenter.rollup(x.summary) AS summary FROM " changes " x GROUP BY x.hour, x.day " \
	"UNION ALL SELECT 'day', x.day_start, x.day, callcenter.rollup(x.summary) FROM " changes " x GROUP BY x.day_start, x.day " \
	"UNION ALL SELECT 'month', x.month_start, x.month, callcenter.rollup(x.summary) FROM " changes " x GROUP BY x.month_start, x.month"

/* Moves the appended changes of a company into its rollups; returns how many. */
static int64
fold(Datum company, bool wait)
{
	static SavedPlan move = {
		.sql = "WITH moved AS ("
		"DELETE FROM callcenter.call_rollup_deltas d WHERE d.company_id = $1 RETURNING d.hour, d.day, d.day_start, d.month, d.month_start, d.summary"
		"), sums AS (" SUMS_OF("moved") "), folded AS ("
		"INSERT INTO callcenter.call_rollups AS r (company_id, grain, start, day, summary) "
		"SELECT $1, s.grain, s.start, s.day, s.summary FROM sums s ORDER BY s.grain, s.start "
		"ON CONFLICT (company_id, grain, start) DO UPDATE SET summary = r.summary OPERATOR(callcenter.+) EXCLUDED.summary "
		"RETURNING r.grain, r.start, callcenter.call_summary_is_empty(r.summary) AS is_empty) "
		"SELECT (SELECT count(*) FROM moved), array_agg(f.grain) FILTER (WHERE f.is_empty), array_agg(f.start) FILTER (WHERE f.is_empty) FROM folded f",
		.nargs = 1,
		.types = {TEXTOID},
	};
	static SavedPlan drop_empty = {
		.sql = "DELETE FROM callcenter.call_rollups r USING unnest($2, $3) AS e (grain, start) "
		"WHERE r.company_id = $1 AND r.grain = e.grain AND r.start = e.start",
		.nargs = 3,
		.types = {TEXTOID, TEXTARRAYOID, TIMESTAMPTZARRAYOID},
	};
	Datum		values[] = {company, 0, 0};
	int64		moved;
	bool		isnull;

	if (!lock_fold(company, wait))
		return 0;
	plan_run(&move, values, NULL, false, 0);
	moved = DatumGetInt64(plan_result(1, &isnull));
	values[1] = plan_result(2, &isnull);
	values[2] = plan_result(3, &isnull);
	if (!isnull)
		plan_run(&drop_empty, values, NULL, false, 0);
	return moved;
}

void
rollup_changes_write(RollupChanges *changes)
{
	static int	appended = 0;

	add_pending(changes);
	flush_hours(changes);
	if (changes->written == 0)
		return;
	worker_note_deltas(changes->written);
	appended += changes->written;
	/* a snapshot of the whole transaction may not see what another backend has folded since, and would fail */
	if (appended >= FOLD_EVERY && changes->clock != NULL && !worker_keeps_up() && !IsolationUsesXactSnapshot())
	{
		appended = 0;
		fold(PointerGetDatum(cstring_to_text_with_len(changes->company, OBJECT_ID_LENGTH)), false);
	}
}

int64
rollups_fold_all(void)
{
	static SavedPlan companies = {.sql = "SELECT DISTINCT d.company_id FROM callcenter.call_rollup_deltas d ORDER BY d.company_id"};
	uint64		count = plan_run(&companies, NULL, NULL, false, 0);
	SPITupleTable *table = SPI_tuptable;
	int64		moved = 0;

	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;
		Datum		company = SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull);

		CHECK_FOR_INTERRUPTS();
		if (lock_clock(VARDATA_ANY(DatumGetTextPP(company)), false) != NULL)
			moved += fold(company, true);
	}
	return moved;
}

/* fold_rollups() bigint: folds every company. */
Datum
cc_fold_rollups(PG_FUNCTION_ARGS)
{
	int64		moved;

	SPI_connect();
	moved = rollups_fold_all();
	SPI_finish();
	PG_RETURN_INT64(moved);
}

/*
 * Section: rebuilding
 */

/* Appends what all calls of a company come to. */
static void
recount(Datum company, LocalClock *clock)
{
	static SavedPlan plan = {
		.sql = "SELECT c.facts FROM callcenter.calls c WHERE c.company_id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	RollupChanges *changes = begin_changes();
	Portal		portal = plan_open(&plan, &company, NULL, false);

	memcpy(changes->company, VARDATA_ANY(DatumGetTextPP(company)), OBJECT_ID_LENGTH);
	changes->clock = clock;
	for (;;)
	{
		uint64		count;
		SPITupleTable *table;

		SPI_cursor_fetch(portal, true, BATCH);
		count = SPI_processed;
		table = SPI_tuptable;
		if (count == 0)
			break;
		for (uint64 i = 0; i < count; i++)
		{
			bool		isnull;
			struct varlena *facts = PG_DETOAST_DATUM_PACKED(SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull));

			add_call(changes, VARDATA_ANY(facts), VARSIZE_ANY_EXHDR(facts), 1);
		}
		SPI_freetuptable(table);
		CHECK_FOR_INTERRUPTS();
	}
	SPI_cursor_close(portal);
	flush_hours(changes);
	MemoryContextDelete(changes->context);
}

/* Counts the rollups of a company anew, whose row is locked; returns how many were wrong. */
static int64
rebuild(Datum company, LocalClock *clock)
{
	static SavedPlan forget = {
		.sql = "DELETE FROM callcenter.call_rollup_deltas d WHERE d.company_id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	static SavedPlan replace = {
		.sql = "WITH truth AS ("
		"DELETE FROM callcenter.call_rollup_deltas d WHERE d.company_id = $1 RETURNING d.hour, d.day, d.day_start, d.month, d.month_start, d.summary"
		"), sums AS (" SUMS_OF("truth") "), mended AS ("
		"INSERT INTO callcenter.call_rollups (company_id, grain, start, day, summary) "
		"SELECT $1, s.grain, s.start, s.day, s.summary FROM sums s "
		"LEFT JOIN callcenter.call_rollups o ON o.company_id = $1 AND o.grain = s.grain AND o.start = s.start "
		"WHERE o.grain IS NULL OR o.day <> s.day OR o.summary OPERATOR(callcenter.<>) s.summary "
		"ON CONFLICT (company_id, grain, start) DO UPDATE SET day = EXCLUDED.day, summary = EXCLUDED.summary RETURNING 1"
		"), dropped AS ("
		"DELETE FROM callcenter.call_rollups r WHERE r.company_id = $1 "
		"AND NOT EXISTS (SELECT 1 FROM sums s WHERE s.grain = r.grain AND s.start = r.start) RETURNING 1) "
		"SELECT (SELECT count(*) FROM mended) + (SELECT count(*) FROM dropped)",
		.nargs = 1,
		.types = {TEXTOID},
	};
	bool		isnull;

	lock_fold(company, true);
	plan_run(&forget, &company, NULL, false, 0);
	if (clock != NULL)
		recount(company, clock);
	plan_run(&replace, &company, NULL, false, 0);
	return DatumGetInt64(plan_result(1, &isnull));
}

/* Mends calls.facts and calls.traits where their trigger was disabled; returns how many were wrong. */
static int64
mend_facts(void)
{
#define FACTS_OF(c) "callcenter.call_facts(" c ".started_at, " c ".duration_seconds, " c ".status, " c ".direction, " c ".primary_intent, " \
	c ".routing_tier, " c ".is_booked, " c ".is_returning, " c ".caller_kind, " c ".llm_cost, " c ".follow_up_required, " c ".reviewed, " \
	c ".rating, " c ".flagged)"
#define TRAITS_OF(c) "callcenter.call_traits(" c ".status, " c ".direction, " c ".routing_tier, " c ".follow_up_required, " c ".reviewed, " \
	c ".flagged, " c ".urgency)"
	static SavedPlan mend = {
		.sql = "UPDATE callcenter.calls c SET facts = " FACTS_OF("c") ", traits = " TRAITS_OF("c")
		" WHERE c.facts::text <> " FACTS_OF("c") "::text OR c.traits <> " TRAITS_OF("c"),
	};

	return plan_run(&mend, NULL, NULL, false, 0);
}

int64
rollups_rebuild_all(void)
{
	static SavedPlan companies = {
		.sql = "SELECT co.id FROM callcenter.companies co UNION SELECT r.company_id FROM callcenter.call_rollups r "
		"UNION SELECT d.company_id FROM callcenter.call_rollup_deltas d ORDER BY 1"
	};
	int64		wrong = mend_facts();
	uint64		count;
	SPITupleTable *table;

	rollups_fold_all();
	count = plan_run(&companies, NULL, NULL, false, 0);
	table = SPI_tuptable;
	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;
		Datum		company = SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull);

		wrong += rebuild(company, lock_clock(VARDATA_ANY(DatumGetTextPP(company)), false));
	}
	return wrong;
}

/*
 * Section: companies
 */

typedef struct CompanyZone
{
	char		id[OBJECT_ID_LENGTH];
	char	   *zone;
} CompanyZone;

/* Reads the ids and zones of a transition table. */
static CompanyZone *
read_zones(Relation companies, Tuplestorestate *rows, int *count)
{
	CompanyZone *zones = palloc_array(CompanyZone, 16);
	int			space = 16;
	int			id_column = SPI_fnumber(RelationGetDescr(companies), "id");
	int			zone_column = SPI_fnumber(RelationGetDescr(companies), "time_zone");
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(companies), &TTSOpsMinimalTuple);

	*count = 0;
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		bool		isnull;

		if (*count == space)
			zones = repalloc_array(zones, CompanyZone, space *= 2);
		memcpy(zones[*count].id, VARDATA_ANY(DatumGetTextPP(slot_getattr(slot, id_column, &isnull))), OBJECT_ID_LENGTH);
		zones[(*count)++].zone = TextDatumGetCString(slot_getattr(slot, zone_column, &isnull));
	}
	ExecDropSingleTupleTableSlot(slot);
	return zones;
}

static int
compare_zones(const void *a, const void *b)
{
	return memcmp(((const CompanyZone *) a)->id, ((const CompanyZone *) b)->id, OBJECT_ID_LENGTH);
}

/* Counts a company's rollups anew after its clock has changed, or drops them and the counters when it is gone. */
static void
company_changed(const char *id, bool gone)
{
	static SavedPlan lock = {
		.sql = "SELECT 1 FROM callcenter.companies co WHERE co.id = $1 FOR UPDATE",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		company = PointerGetDatum(cstring_to_text_with_len(id, OBJECT_ID_LENGTH));

	if (!gone)
	{
		if (IsolationUsesXactSnapshot())
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("the time zone of a company can be changed in a READ COMMITTED transaction only"),
					 errdetail("Its calls are counted anew, which needs to see those of other transactions.")));
		plan_run(&lock, &company, NULL, false, 0);
	}
	rebuild(company, gone ? NULL : lock_clock(id, true));
	if (gone)
		counters_forget(company);
}

/* company_clock_changed() trigger: AFTER UPDATE OR DELETE of companies, for each statement. */
Datum
cc_company_clock_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	CompanyZone *before,
			   *after = NULL;
	int			nbefore,
				nafter = 0;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) ||
		trigger->tg_oldtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function must be called as an AFTER statement trigger with transition tables")));
	SPI_connect();
	before = read_zones(trigger->tg_relation, trigger->tg_oldtable, &nbefore);
	qsort(before, nbefore, sizeof(CompanyZone), compare_zones);
	if (trigger->tg_newtable != NULL)
	{
		after = read_zones(trigger->tg_relation, trigger->tg_newtable, &nafter);
		qsort(after, nafter, sizeof(CompanyZone), compare_zones);
	}
	for (int i = 0; i < nbefore; i++)
	{
		const CompanyZone *now = bsearch(&before[i], after, nafter, sizeof(CompanyZone), compare_zones);

		if (now == NULL || strcmp(now->zone, before[i].zone) != 0)
			company_changed(before[i].id, now == NULL);
	}
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}
