/*
 * stats_trigger.c
 *		Statement-level triggers that keep the derived tables: customer_stats, and the counters and rollups of a company.
 *
 * A trigger reads its transition tables once, adds up what each customer gains and loses (a changed row is its old
 * version lost and its new one gained), and writes the sums, in the order of keys, so that statements that touch the same
 * customers cannot deadlock.  A statement that changes nothing of interest writes nothing.
 *
 * Rules
 * - The company comes from the row.  No identity and no search_path is needed: a restore fires these triggers too.
 * - Each customer has a row, with its status, so that lists have one order; a call or visit that comes before its customer,
 *	 as in a restore, makes the row.
 * - Sums are added to; extremes (first and last contact, the last call) are widened, and looked up anew only when a row
 *	 that may have been the extreme is lost.
 * - Visits (first, last and next ones) are looked up anew, after the sums: adding those locks the row, so that of two
 *	 transactions the later one sees what the earlier one did.
 * - Counters are appended as deltas (counter_changes.c).
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/hsearch.h"
#include "utils/numeric.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "counters.h"
#include "object_id.h"
#include "plans.h"
#include "rollups.h"
#include "stats.h"

PG_FUNCTION_INFO_V1(cc_calls_changed);
PG_FUNCTION_INFO_V1(cc_appointments_changed);
PG_FUNCTION_INFO_V1(cc_customers_changed);

/* Sums of customer_stats that a statement changes, in the order of the SQL below. */
typedef enum Sum
{
	SUM_CALLS,
	SUM_COUNTING_CALLS,
	SUM_CALLS_WITH_DURATION,
	SUM_DURATION,
	SUM_CALLS_WITH_RATING,
	SUM_RATING,
	SUM_APPOINTMENTS,
	SUM_COMPLETED,
	SUM_CANCELLED,
	SUM_NO_SHOWS,
	SUM_COUNT
} Sum;

typedef struct CustomerKey
{
	char		company[OBJECT_ID_LENGTH];
	char		customer[OBJECT_ID_LENGTH];
} CustomerKey;

/* What a customer gains and loses. */
typedef struct CustomerDelta
{
	CustomerKey key;
	int64		sums[SUM_COUNT];
	Datum		value;			/* numeric; 0 for none */
	TimestampTz gained_first;
	TimestampTz gained_last;
	TimestampTz lost_first;
	TimestampTz lost_last;
	bool		has_lost;
	bool		has_visits;		/* an appointment was touched */
	MinimalTuple gained_call;	/* the last call gained, and the last one lost; NULL for none */
	MinimalTuple lost_call;
} CustomerDelta;

/* The status of a customer before and after a statement; "" for none. */
typedef struct CustomerStatus
{
	CustomerKey key;
	char		before[24];
	char		after[24];
} CustomerStatus;

/* What a statement has changed so far. */
typedef struct Changes
{
	HTAB	   *customers;
	HTAB	   *statuses;		/* of customers that are changed themselves */
	CounterChanges *counters;	/* of calls and customers */
	RollupChanges *rollups;		/* of calls only */
	TupleDesc	desc;			/* of the table */
	const int  *columns;
} Changes;

/*
 * Section: collecting
 */

static HTAB *
delta_table(const char *name, Size key, Size entry)
{
	HASHCTL		ctl = {.keysize = key,.entrysize = entry,.hcxt = CurrentMemoryContext};

	return hash_create(name, 32, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Copies an object id out of a column. */
static void
copy_id(char *id, Datum value)
{
	text	   *t = DatumGetTextPP(value);

	Assert(VARSIZE_ANY_EXHDR(t) == OBJECT_ID_LENGTH);
	memcpy(id, VARDATA_ANY(t), OBJECT_ID_LENGTH);
}

/* Gives the sums of a customer. */
static CustomerDelta *
customer_delta(Changes *changes, Datum company, Datum customer)
{
	CustomerKey key;
	CustomerDelta *delta;
	bool		found;

	copy_id(key.company, company);
	copy_id(key.customer, customer);
	delta = hash_search(changes->customers, &key, HASH_ENTER, &found);
	if (!found)
	{
		memset(delta->sums, 0, sizeof(delta->sums));
		delta->value = (Datum) 0;
		delta->gained_first = delta->lost_first = DT_NOEND;
		delta->gained_last = delta->lost_last = DT_NOBEGIN;
		delta->has_lost = false;
		delta->has_visits = false;
		delta->gained_call = delta->lost_call = NULL;
	}
	return delta;
}

typedef void (*RowReader) (Changes *changes, TupleTableSlot *slot, const int *columns, int sign);

/* Reads the rows of a transition table. */
static void
read_rows(Changes *changes, Relation relation, Tuplestorestate *rows, RowReader reader, const int *columns, int sign)
{
	TupleTableSlot *slot;

	if (rows == NULL)
		return;
	slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		reader(changes, slot, columns, sign);
	}
	ExecDropSingleTupleTableSlot(slot);
}

/* Reads what a statement has changed. */
static void
read_changes(Changes *changes, FunctionCallInfo fcinfo, const char *const *names, int nnames, RowReader reader)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	int		   *columns = palloc_array(int, nnames);

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function must be called as an AFTER statement trigger")));
	changes->customers = delta_table("customer deltas", sizeof(CustomerKey), sizeof(CustomerDelta));
	changes->statuses = delta_table("customer statuses", sizeof(CustomerKey), sizeof(CustomerStatus));
	for (int i = 0; i < nnames; i++)
		columns[i] = SPI_fnumber(RelationGetDescr(trigger->tg_relation), names[i]);
	changes->desc = RelationGetDescr(trigger->tg_relation);
	changes->columns = columns;
	read_rows(changes, trigger->tg_relation, trigger->tg_oldtable, reader, columns, -1);
	read_rows(changes, trigger->tg_relation, trigger->tg_newtable, reader, columns, 1);
}

/* Notes when a customer was in contact, gained or lost. */
static void
note_contact(CustomerDelta *delta, TimestampTz at, int sign)
{
	if (sign > 0)
	{
		delta->gained_first = Min(delta->gained_first, at);
		delta->gained_last = Max(delta->gained_last, at);
	}
	else
	{
		delta->lost_first = Min(delta->lost_first, at);
		delta->lost_last = Max(delta->lost_last, at);
		delta->has_lost = true;
	}
}

static const char *const call_columns[] = {"company_id", "customer_id", "started_at", "duration_seconds", "rating", "status", "primary_intent",
	"id", "call_id", "result", "summary"};

/* Columns of a call by their place in call_columns. */
enum
{
	CALL_STARTED_AT = 2,
	CALL_STATUS = 5,
	CALL_INTENT = 6,
	CALL_ID = 7,
	CALL_CALL_ID = 8,
	CALL_RESULT = 9,
	CALL_SUMMARY = 10,
	CALL_READ = 7				/* how many every row is read for */
};

/* Gives a column of a kept call. */
static Datum
call_value(const Changes *changes, MinimalTuple call, int column, bool *isnull)
{
	HeapTupleData tuple = {.t_len = call->t_len + MINIMAL_TUPLE_OFFSET,.t_data = (HeapTupleHeader) ((char *) call - MINIMAL_TUPLE_OFFSET)};

	return heap_getattr(&tuple, changes->columns[column], changes->desc, isnull);
}

/* Orders two kept calls, none first, by start and id. */
static int
compare_calls(const Changes *changes, MinimalTuple one, MinimalTuple other)
{
	TimestampTz start,
				other_start;
	bool		isnull;

	if (one == NULL || other == NULL)
		return (one != NULL) - (other != NULL);
	start = DatumGetTimestampTz(call_value(changes, one, CALL_STARTED_AT, &isnull));
	other_start = DatumGetTimestampTz(call_value(changes, other, CALL_STARTED_AT, &isnull));
	if (start != other_start)
		return start < other_start ? -1 : 1;
	return memcmp(VARDATA_ANY(DatumGetPointer(call_value(changes, one, CALL_ID, &isnull))),
				  VARDATA_ANY(DatumGetPointer(call_value(changes, other, CALL_ID, &isnull))), OBJECT_ID_LENGTH);
}

/* Keeps a call when it is later than the one kept. */
static void
keep_call(const Changes *changes, MinimalTuple *kept, TimestampTz at, TimestampTz last, TupleTableSlot *slot)
{
	MinimalTuple call;

	if (*kept != NULL && at < last)
		return;
	call = ExecCopySlotMinimalTuple(slot);
	if (compare_calls(changes, call, *kept) < 0)
	{
		pfree(call);
		return;
	}
	if (*kept != NULL)
		pfree(*kept);
	*kept = call;
}

/* Tells whether what is shown of two kept calls is the same. */
static bool
same_call(const Changes *changes, MinimalTuple one, MinimalTuple other)
{
	static const int shown[] = {CALL_ID, CALL_CALL_ID, CALL_INTENT, CALL_STATUS, CALL_RESULT, CALL_SUMMARY};

	if (one == NULL || other == NULL)
		return one == other;
	for (int i = 0; i < (int) lengthof(shown); i++)
	{
		bool		isnull,
					other_isnull;
		Datum		value = call_value(changes, one, shown[i], &isnull);
		Datum		other_value = call_value(changes, other, shown[i], &other_isnull);

		if (isnull != other_isnull || (!isnull && !datumIsEqual(value, other_value, false, -1)))
			return false;
	}
	return true;
}

bool
stats_counts_as_earlier(const char *status, size_t length)
{
	return !(length == 4 && memcmp(status, "spam", 4) == 0) && !(length == 5 && memcmp(status, "error", 5) == 0);
}

/* Reads a call. */
static void
read_call(Changes *changes, TupleTableSlot *slot, const int *columns, int sign)
{
	Datum		values[CALL_READ];
	bool		isnull[CALL_READ];
	CustomerDelta *delta;
	text	   *status;

	for (int i = 0; i < CALL_READ; i++)
		values[i] = slot_getattr(slot, columns[i], &isnull[i]);
	rollup_changes_add(changes->rollups, slot, sign);
	counter_changes_add(changes->counters, values[0], DatumGetTimestampTz(values[2]), DatumGetTextPP(values[5]), isnull[6] ? NULL : DatumGetTextPP(values[6]), sign);
	if (isnull[1])
		return;

	delta = customer_delta(changes, values[0], values[1]);
	delta->sums[SUM_CALLS] += sign;
	status = DatumGetTextPP(values[CALL_STATUS]);
	if (stats_counts_as_earlier(VARDATA_ANY(status), VARSIZE_ANY_EXHDR(status)))
		delta->sums[SUM_COUNTING_CALLS] += sign;
	if (!isnull[3])
	{
		delta->sums[SUM_CALLS_WITH_DURATION] += sign;
		delta->sums[SUM_DURATION] += sign * DatumGetInt32(values[3]);
	}
	if (!isnull[4])
	{
		delta->sums[SUM_CALLS_WITH_RATING] += sign;
		delta->sums[SUM_RATING] += sign * DatumGetInt16(values[4]);
	}
	if (sign > 0)
		keep_call(changes, &delta->gained_call, DatumGetTimestampTz(values[2]), delta->gained_last, slot);
	else
		keep_call(changes, &delta->lost_call, DatumGetTimestampTz(values[2]), delta->lost_last, slot);
	note_contact(delta, DatumGetTimestampTz(values[2]), sign);
}

static const char *const appointment_columns[] = {"company_id", "customer_id", "status", "value"};

/* Reads an appointment. */
static void
read_appointment(Changes *changes, TupleTableSlot *slot, const int *columns, int sign)
{
	static const struct
	{
		const char *status;
		Sum			sum;
	}			sums[] = {{"completed", SUM_COMPLETED}, {"cancelled", SUM_CANCELLED}, {"no_show", SUM_NO_SHOWS}};
	Datum		values[lengthof(appointment_columns)];
	bool		isnull[lengthof(appointment_columns)];
	CustomerDelta *delta;
	char	   *status;

	for (int i = 0; i < (int) lengthof(appointment_columns); i++)
		values[i] = slot_getattr(slot, columns[i], &isnull[i]);
	if (isnull[1])
		return;

	delta = customer_delta(changes, values[0], values[1]);
	delta->sums[SUM_APPOINTMENTS] += sign;
	delta->has_visits = true;
	delta->has_lost |= sign < 0;
	status = DatumGetCString(DirectFunctionCall1(enum_out, values[2]));
	for (int i = 0; i < (int) lengthof(sums); i++)
		if (strcmp(status, sums[i].status) == 0)
			delta->sums[sums[i].sum] += sign;
	if (!isnull[3] && strcmp(status, "completed") == 0)
	{
		Datum		sum = delta->value != (Datum) 0 ? delta->value : NumericGetDatum(int64_to_numeric(0));

		delta->value = DirectFunctionCall2(sign > 0 ? numeric_add : numeric_sub, sum, values[3]);
	}
}

static const char *const customer_columns[] = {"company_id", "id", "status", "customer_type"};

/* Reads a customer: counted by status, and by type in the place of an intent. */
static void
read_customer(Changes *changes, TupleTableSlot *slot, const int *columns, int sign)
{
	Datum		values[lengthof(customer_columns)];
	bool		isnull;
	CustomerKey key;
	CustomerStatus *status;
	bool		found;

	for (int i = 0; i < (int) lengthof(customer_columns); i++)
		values[i] = slot_getattr(slot, columns[i], &isnull);
	counter_changes_add(changes->counters, values[0], DT_NOBEGIN, DatumGetTextPP(values[2]),
						cstring_to_text(DatumGetCString(DirectFunctionCall1(enum_out, values[3]))), sign);

	copy_id(key.company, values[0]);
	copy_id(key.customer, values[1]);
	status = hash_search(changes->statuses, &key, HASH_ENTER, &found);
	if (!found)
		status->before[0] = status->after[0] = '\0';
	text_to_cstring_buffer(DatumGetTextPP(values[2]), sign > 0 ? status->after : status->before, sizeof(status->after));
}

/*
 * Section: writing
 */

static int
compare_customers(const void *a, const void *b)
{
	return memcmp(&(*(CustomerDelta *const *) a)->key, &(*(CustomerDelta *const *) b)->key, sizeof(CustomerKey));
}

/* Tells whether the lost rows may have been the first or last contact. */
static bool
loses_extreme(const Changes *changes, const CustomerDelta *delta)
{
	return delta->lost_call != NULL &&
		(delta->lost_first < delta->gained_first || compare_calls(changes, delta->lost_call, delta->gained_call) > 0);
}

/* Tells whether anything of the customer changes. */
static bool
changes_anything(const Changes *changes, const CustomerDelta *delta)
{
	if (delta->has_visits)
		return true;
	for (int i = 0; i < SUM_COUNT; i++)
		if (delta->sums[i] != 0)
			return true;
	if (delta->value != (Datum) 0 && DatumGetInt32(DirectFunctionCall2(numeric_cmp, delta->value, NumericGetDatum(int64_to_numeric(0)))) != 0)
		return true;
	return delta->gained_first != delta->lost_first || delta->gained_last != delta->lost_last ||
		!same_call(changes, delta->gained_call, delta->lost_call);
}

/* Gives the customers that change, in the order of their keys. */
static CustomerDelta **
sorted_customers(const Changes *changes, int *count)
{
	CustomerDelta **sorted = palloc_array(CustomerDelta *, hash_get_num_entries(changes->customers) + 1);
	HASH_SEQ_STATUS scan;
	CustomerDelta *delta;

	*count = 0;
	hash_seq_init(&scan, changes->customers);
	while ((delta = hash_seq_search(&scan)) != NULL)
		if (changes_anything(changes, delta))
			sorted[(*count)++] = delta;
	qsort(sorted, *count, sizeof(sorted[0]), compare_customers);
	return sorted;
}

static Datum
id_datum(const char *id)
{
	return PointerGetDatum(cstring_to_text_with_len(id, OBJECT_ID_LENGTH));
}

static Datum
int8_array(Datum *elements, int count)
{
	return PointerGetDatum(construct_array(elements, count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Makes an array of times in which the given value stands for NULL. */
static Datum
time_array(TimestampTz *times, TimestampTz null_value, int count)
{
	Datum	   *elements = palloc_array(Datum, Max(count, 1));
	bool	   *isnull = palloc_array(bool, Max(count, 1));
	int			dims[] = {count};
	int			bounds[] = {1};

	for (int i = 0; i < count; i++)
	{
		elements[i] = TimestampTzGetDatum(times[i]);
		isnull[i] = times[i] == null_value;
	}
	return PointerGetDatum(construct_md_array(elements, isnull, 1, dims, bounds, TIMESTAMPTZOID, sizeof(TimestampTz), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Makes an array of a column of the last calls gained. */
static Datum
call_array(const Changes *changes, CustomerDelta **customers, int count, int column)
{
	Datum	   *elements = palloc_array(Datum, Max(count, 1));
	bool	   *isnull = palloc_array(bool, Max(count, 1));
	int			dims[] = {count};
	int			bounds[] = {1};

	for (int i = 0; i < count; i++)
	{
		isnull[i] = true;
		if (customers[i]->gained_call != NULL)
			elements[i] = call_value(changes, customers[i]->gained_call, column, &isnull[i]);
	}
	return PointerGetDatum(construct_md_array(elements, isnull, 1, dims, bounds, TEXTOID, -1, false, TYPALIGN_INT));
}

#define LATER "s.last_call_id IS NULL OR (EXCLUDED.last_contact, EXCLUDED.last_call_id) >= (s.last_contact, s.last_call_id)"
#define OF_LATER(column) column " = CASE WHEN " LATER " THEN EXCLUDED." column " ELSE s." column " END"
#define ADD_SUMS_INTO \
	"INSERT INTO callcenter.customer_stats AS s (company_id, customer_id, calls, counting_calls, calls_with_duration, duration_seconds, " \
	"calls_with_rating, rating, appointments, completed_appointments, cancelled_appointments, no_shows, lifetime_value, " \
	"first_contact, last_contact, last_call_id, last_call, last_intent, last_status, last_result, last_summary, average_duration, average_rating) "
#define ADD_SUMS_TO \
	" ON CONFLICT (company_id, customer_id) DO UPDATE SET " \
	"calls = s.calls + EXCLUDED.calls, " \
	"counting_calls = s.counting_calls + EXCLUDED.counting_calls, " \
	"calls_with_duration = s.calls_with_duration + EXCLUDED.calls_with_duration, " \
	"duration_seconds = s.duration_seconds + EXCLUDED.duration_seconds, " \
	"calls_with_rating = s.calls_with_rating + EXCLUDED.calls_with_rating, " \
	"rating = s.rating + EXCLUDED.rating, " \
	"appointments = s.appointments + EXCLUDED.appointments, " \
	"completed_appointments = s.completed_appointments + EXCLUDED.completed_appointments, " \
	"cancelled_appointments = s.cancelled_appointments + EXCLUDED.cancelled_appointments, " \
	"no_shows = s.no_shows + EXCLUDED.no_shows, " \
	"lifetime_value = trim_scale(s.lifetime_value + EXCLUDED.lifetime_value), " \
	"first_contact = least(s.first_contact, EXCLUDED.first_contact), " \
	"last_contact = greatest(s.last_contact, EXCLUDED.last_contact), " \
	OF_LATER("last_call_id") ", " OF_LATER("last_call") ", " OF_LATER("last_intent") ", " OF_LATER("last_status") ", " \
	OF_LATER("last_result") ", " OF_LATER("last_summary") ", " \
	"average_duration = " STATS_AVERAGE_DURATION("s.duration_seconds + EXCLUDED.duration_seconds", "s.calls_with_duration + EXCLUDED.calls_with_duration") ", " \
	"average_rating = " STATS_AVERAGE_RATING("s.rating + EXCLUDED.rating", "s.calls_with_rating + EXCLUDED.calls_with_rating")

/* What customer_stats shows of the last call, in the order of its columns. */
static const int last_call_columns[] = {CALL_ID, CALL_CALL_ID, CALL_INTENT, CALL_STATUS, CALL_RESULT, CALL_SUMMARY};

/*
 * Gives what a customer's completed visits have gained or lost in value: of equal values one form, so that what is derived
 * does not tell how it came about.
 */
static Datum
gained_value(const CustomerDelta *customer)
{
	return customer->value != (Datum) 0 ? DirectFunctionCall1(numeric_trim_scale, customer->value)
		: NumericGetDatum(int64_to_numeric(0));
}

/* Gives what customer_stats shows of the last call gained, in the order of last_call_columns. */
static void
last_call_values(const Changes *changes, const CustomerDelta *customer, Datum *values, bool *isnull)
{
	for (int i = 0; i < (int) lengthof(last_call_columns); i++)
	{
		isnull[i] = true;
		if (customer->gained_call != NULL)
			values[i] = call_value(changes, customer->gained_call, last_call_columns[i], &isnull[i]);
	}
}

/*
 * Adds what a customer has gained, when that is calls without a rating that start after all of its others, as calls are
 * logged: then nothing is compared and no average of ratings changes.  False when it is not so.
 */
static bool
add_newest_calls(const Changes *changes, const CustomerDelta *customer)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.customer_stats s SET calls = s.calls + $3, counting_calls = s.counting_calls + $4, "
		"calls_with_duration = s.calls_with_duration + $5, duration_seconds = s.duration_seconds + $6, last_contact = $7, "
		"last_call_id = $8, last_call = $9, last_intent = $10, last_status = $11, last_result = $12, last_summary = $13, "
		"average_duration = " STATS_AVERAGE_DURATION("s.duration_seconds + $6", "s.calls_with_duration + $5") " "
		"WHERE s.company_id = $1 AND s.customer_id = $2 AND s.last_contact < $14",
		.nargs = 14,
		.types = {TEXTOID, TEXTOID, INT8OID, INT8OID, INT8OID, INT8OID, TIMESTAMPTZOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID,
		TIMESTAMPTZOID},
	};
	Datum		values[14];
	bool		isnull[14] = {false};

	if (customer->has_lost || customer->has_visits || customer->gained_call == NULL || customer->sums[SUM_CALLS_WITH_RATING] != 0)
		return false;
	values[0] = id_datum(customer->key.company);
	values[1] = id_datum(customer->key.customer);
	values[2] = Int64GetDatum(customer->sums[SUM_CALLS]);
	values[3] = Int64GetDatum(customer->sums[SUM_COUNTING_CALLS]);
	values[4] = Int64GetDatum(customer->sums[SUM_CALLS_WITH_DURATION]);
	values[5] = Int64GetDatum(customer->sums[SUM_DURATION]);
	values[6] = TimestampTzGetDatum(customer->gained_last);
	last_call_values(changes, customer, values + 7, isnull + 7);
	values[13] = TimestampTzGetDatum(customer->gained_first);
	return plan_run(&plan, values, isnull, false, 0) == 1;
}

/* Adds the sums of one customer, as nearly every statement has it: the same as add_sums(), without arrays. */
static void
add_sums_of_one(const Changes *changes, const CustomerDelta *customer)
{
	static SavedPlan plan = {
		.sql = ADD_SUMS_INTO "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, "
		STATS_AVERAGE_DURATION("$6", "$5") ", " STATS_AVERAGE_RATING("$8", "$7") ")" ADD_SUMS_TO,
		.nargs = 21,
		.types = {TEXTOID, TEXTOID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, INT8OID, NUMERICOID,
		TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[21];
	bool		isnull[21] = {false};

	values[0] = id_datum(customer->key.company);
	values[1] = id_datum(customer->key.customer);
	for (int s = 0; s < SUM_COUNT; s++)
		values[2 + s] = Int64GetDatum(customer->sums[s]);
	values[12] = gained_value(customer);
	values[13] = TimestampTzGetDatum(customer->gained_first);
	isnull[13] = customer->gained_first == DT_NOEND;
	values[14] = TimestampTzGetDatum(customer->gained_last);
	isnull[14] = customer->gained_last == DT_NOBEGIN;
	last_call_values(changes, customer, values + 15, isnull + 15);
	plan_run(&plan, values, isnull, false, 0);
}

/* Adds the sums of customers to customer_stats. */
static void
add_sums(const Changes *changes, CustomerDelta **customers, int count)
{
	static SavedPlan plan = {
		.sql = ADD_SUMS_INTO
		"SELECT u.*, " STATS_AVERAGE_DURATION("u.duration", "u.durations") ", " STATS_AVERAGE_RATING("u.rating", "u.ratings") " "
		"FROM unnest($1, $2, $3[1:$6], $3[$6+1:2*$6], $3[2*$6+1:3*$6], $3[3*$6+1:4*$6], $3[4*$6+1:5*$6], "
		"$3[5*$6+1:6*$6], $3[6*$6+1:7*$6], $3[7*$6+1:8*$6], $3[8*$6+1:9*$6], $3[9*$6+1:10*$6], $7, $4, $5, $8, $9, $10, $11, $12, $13) "
		"AS u (company_id, customer_id, calls, counting, durations, duration, ratings, rating)" ADD_SUMS_TO,
		.nargs = 13,
		.types = {TEXTARRAYOID, TEXTARRAYOID, INT8ARRAYOID, TIMESTAMPTZARRAYOID, TIMESTAMPTZARRAYOID, INT4OID, NUMERICARRAYOID,
		TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID},
	};
	Datum	   *companies = palloc_array(Datum, count);
	Datum	   *ids = palloc_array(Datum, count);
	Datum	   *sums = palloc_array(Datum, count * SUM_COUNT);
	Datum	   *money = palloc_array(Datum, count);
	TimestampTz *first = palloc_array(TimestampTz, count);
	TimestampTz *last = palloc_array(TimestampTz, count);
	Datum		values[13];

	for (int i = 0; i < count; i++)
	{
		companies[i] = id_datum(customers[i]->key.company);
		ids[i] = id_datum(customers[i]->key.customer);
		for (int s = 0; s < SUM_COUNT; s++)
			sums[s * count + i] = Int64GetDatum(customers[i]->sums[s]);
		money[i] = gained_value(customers[i]);
		first[i] = customers[i]->gained_first;
		last[i] = customers[i]->gained_last;
	}
	values[0] = text_array(companies, count);
	values[1] = text_array(ids, count);
	values[2] = int8_array(sums, count * SUM_COUNT);
	values[3] = time_array(first, DT_NOEND, count);
	values[4] = time_array(last, DT_NOBEGIN, count);
	values[5] = Int32GetDatum(count);
	values[6] = PointerGetDatum(construct_array(money, count, NUMERICOID, -1, false, TYPALIGN_INT));
	for (int i = 0; i < (int) lengthof(last_call_columns); i++)
		values[7 + i] = call_array(changes, customers, count, last_call_columns[i]);
	plan_run(&plan, values, NULL, false, 0);
}

/* Looks up the visits of customers whose appointments were touched, and gives the value, which only they change, its form to sort by. */
static void
find_visits(CustomerDelta **customers, int count)
{
	static SavedPlan visits = {
		.sql = "UPDATE callcenter.customer_stats s SET became_customer = v.became_customer, last_service = v.last_service, "
		"last_service_date = v.last_service_date, next_visit_id = v.next_visit_id, next_visit_service = v.next_visit_service, "
		"next_visit_date = v.next_visit_date, next_visit_window = v.next_visit_window, last_visit_date = v.last_visit_date, "
		"lifetime_hundredths = " STATS_HUNDREDTHS("s.lifetime_value") " "
		"FROM unnest($1, $2) AS k (company_id, customer_id) CROSS JOIN LATERAL (" STATS_VISITS("k") ") v "
		"WHERE s.company_id = k.company_id AND s.customer_id = k.customer_id",
		.nargs = 2,
		.types = {TEXTARRAYOID, TEXTARRAYOID},
	};
	Datum	   *companies = palloc_array(Datum, count);
	Datum	   *ids = palloc_array(Datum, count);
	Datum		values[2];
	int			touched = 0;

	for (int i = 0; i < count; i++)
	{
		if (!customers[i]->has_visits)
			continue;
		companies[touched] = id_datum(customers[i]->key.company);
		ids[touched++] = id_datum(customers[i]->key.customer);
	}
	if (touched == 0)
		return;
	values[0] = text_array(companies, touched);
	values[1] = text_array(ids, touched);
	plan_run(&visits, values, NULL, false, 0);
}

/*
 * Drops the rows of customers who are gone.  Of a company that goes, and its customers, calls and visits with it in whatever
 * order, the row goes with the last of them.
 */
static void
drop_rows(Datum *companies, Datum *ids, int count)
{
	static SavedPlan drop = {
		/* OFFSET: each customer is looked up by its key */
		.sql = "DELETE FROM callcenter.customer_stats s USING unnest($1, $2) AS k (company_id, customer_id) "
		"WHERE s.company_id = k.company_id AND s.customer_id = k.customer_id AND s.calls = 0 AND s.appointments = 0 "
		"AND NOT EXISTS (SELECT 1 FROM callcenter.customers cu WHERE cu.company_id = k.company_id AND cu.id = k.customer_id OFFSET 0)",
		.nargs = 2,
		.types = {TEXTARRAYOID, TEXTARRAYOID},
	};
	Datum		values[] = {text_array(companies, count), text_array(ids, count)};

	plan_run(&drop, values, NULL, false, 0);
}

/* Looks up first contact and last call anew where a row that may have been it is lost, and drops rows of those who are gone. */
static void
repair_lost(const Changes *changes, CustomerDelta **customers, int count)
{
	static SavedPlan extremes = {
		.sql = "UPDATE callcenter.customer_stats s SET "
		"first_contact = (SELECT c.started_at FROM callcenter.calls c WHERE c.company_id = k.company_id AND c.customer_id = k.customer_id "
		"ORDER BY c.started_at LIMIT 1), "
		"last_contact = l.started_at, last_call_id = l.id, last_call = l.call_id, last_intent = l.primary_intent, last_status = l.status, "
		"last_result = l.result, last_summary = l.summary "
		"FROM unnest($1, $2) AS k (company_id, customer_id) LEFT JOIN LATERAL (" STATS_LAST_CALL("k") ") l ON true "
		"WHERE s.company_id = k.company_id AND s.customer_id = k.customer_id",
		.nargs = 2,
		.types = {TEXTARRAYOID, TEXTARRAYOID},
	};
	Datum	   *companies = palloc_array(Datum, count);
	Datum	   *ids = palloc_array(Datum, count);
	Datum		values[2];
	int			lost = 0;

	for (int i = 0; i < count; i++)
	{
		if (!loses_extreme(changes, customers[i]))
			continue;
		companies[lost] = id_datum(customers[i]->key.company);
		ids[lost++] = id_datum(customers[i]->key.customer);
	}
	if (lost > 0)
	{
		values[0] = text_array(companies, lost);
		values[1] = text_array(ids, lost);
		plan_run(&extremes, values, NULL, false, 0);
	}

	/* a customer who is gone may lose a visit last, which has no part in the contacts */
	lost = 0;
	for (int i = 0; i < count; i++)
	{
		if (!customers[i]->has_lost)
			continue;
		companies[lost] = id_datum(customers[i]->key.company);
		ids[lost++] = id_datum(customers[i]->key.customer);
	}
	if (lost == 0)
		return;
	drop_rows(companies, ids, lost);
}

/* Writes what customers gain and lose. */
static void
write_customers(const Changes *changes)
{
	int			count;
	CustomerDelta **customers = sorted_customers(changes, &count);

	if (count == 0)
		return;
	if (count > 1)
		add_sums(changes, customers, count);
	else if (!add_newest_calls(changes, customers[0]))
		add_sums_of_one(changes, customers[0]);
	find_visits(customers, count);
	repair_lost(changes, customers, count);
}

static int
compare_statuses(const void *a, const void *b)
{
	return memcmp(&(*(CustomerStatus *const *) a)->key, &(*(CustomerStatus *const *) b)->key, sizeof(CustomerKey));
}

/* Gives each new customer a row of statistics, lets the rows follow the status, and drops those of customers who are gone. */
static void
write_statuses(const Changes *changes)
{
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.customer_stats AS s (company_id, customer_id, status) SELECT * FROM unnest($1, $2, $3) "
		"ON CONFLICT (company_id, customer_id) DO UPDATE SET status = EXCLUDED.status WHERE s.status <> EXCLUDED.status",
		.nargs = 3,
		.types = {TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID},
	};
	int			size = (int) hash_get_num_entries(changes->statuses);
	CustomerStatus **sorted = palloc_array(CustomerStatus *, size + 1);
	Datum	   *companies = palloc_array(Datum, size + 1);
	Datum	   *ids = palloc_array(Datum, size + 1);
	Datum	   *statuses = palloc_array(Datum, size + 1);
	int			count = 0,
				kept = 0,
				gone = size;
	HASH_SEQ_STATUS scan;
	CustomerStatus *status;

	hash_seq_init(&scan, changes->statuses);
	while ((status = hash_seq_search(&scan)) != NULL)
		sorted[count++] = status;
	qsort(sorted, count, sizeof(sorted[0]), compare_statuses);
	/* those who are kept from the front, those who are gone from the back */
	for (int i = 0; i < count; i++)
	{
		int			at;

		if (strcmp(sorted[i]->before, sorted[i]->after) == 0)
			continue;
		at = sorted[i]->after[0] != '\0' ? kept++ : --gone;
		companies[at] = id_datum(sorted[i]->key.company);
		ids[at] = id_datum(sorted[i]->key.customer);
		statuses[at] = CStringGetTextDatum(sorted[i]->after);
	}
	if (kept > 0)
	{
		Datum		values[] = {text_array(companies, kept), text_array(ids, kept), text_array(statuses, kept)};

		plan_run(&plan, values, NULL, false, 0);
	}
	if (gone < size)
		drop_rows(companies + gone, ids + gone, size - gone);
}

/* calls_changed() trigger. */
Datum
cc_calls_changed(PG_FUNCTION_ARGS)
{
	Changes		changes = {0};

	SPI_connect();
	if (CALLED_AS_TRIGGER(fcinfo))
	{
		TriggerData *trigger = (TriggerData *) fcinfo->context;

		changes.rollups = rollup_changes_begin(trigger->tg_relation, TRIGGER_FIRED_BY_INSERT(trigger->tg_event));
	}
	changes.counters = counter_changes_begin(COUNTER_CALLS);
	read_changes(&changes, fcinfo, call_columns, lengthof(call_columns), read_call);
	rollup_changes_write(changes.rollups);
	write_customers(&changes);
	counter_changes_write(changes.counters);
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}

/* appointments_changed() trigger. */
Datum
cc_appointments_changed(PG_FUNCTION_ARGS)
{
	Changes		changes = {0};

	SPI_connect();
	read_changes(&changes, fcinfo, appointment_columns, lengthof(appointment_columns), read_appointment);
	write_customers(&changes);
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}

/* customers_changed() trigger. */
Datum
cc_customers_changed(PG_FUNCTION_ARGS)
{
	Changes		changes = {0};

	SPI_connect();
	changes.counters = counter_changes_begin(COUNTER_CUSTOMERS);
	read_changes(&changes, fcinfo, customer_columns, lengthof(customer_columns), read_customer);
	write_statuses(&changes);
	counter_changes_write(changes.counters);
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}
