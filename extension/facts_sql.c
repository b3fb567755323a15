/*
 * facts_sql.c
 *		The SQL face of call_facts: input and output, making facts of columns, and the trigger that keeps calls.facts.
 *
 * calls.facts repeats what other columns of the row say, where an aggregate finds it without reading its way through the
 * row.  The trigger is a row's own, and fires whoever writes the row and however (a replica's apply worker, too); it
 * makes a new row only when the facts are not there already, so whoever inserts many may bring them.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "facts.h"
#include "sent_form.h"

PG_FUNCTION_INFO_V1(cc_call_facts_in);
PG_FUNCTION_INFO_V1(cc_call_facts_out);
PG_FUNCTION_INFO_V1(cc_call_facts_recv);
PG_FUNCTION_INFO_V1(cc_call_facts_send);
PG_FUNCTION_INFO_V1(cc_call_facts);
PG_FUNCTION_INFO_V1(cc_call_facts_kept);

/* The columns of calls that facts are made of, in the order of the arguments of call_facts(). */
typedef enum FactColumn
{
	COLUMN_STARTED_AT,
	COLUMN_DURATION,
	COLUMN_STATUS,
	COLUMN_DIRECTION,
	COLUMN_INTENT,
	COLUMN_TIER,
	COLUMN_BOOKED,
	COLUMN_RETURNING,
	COLUMN_CALLER_KIND,
	COLUMN_COST,
	COLUMN_FOLLOW_UP,
	COLUMN_REVIEWED,
	COLUMN_RATING,
	COLUMN_FLAGGED,
	FACT_COLUMNS
} FactColumn;

static const char *const column_names[FACT_COLUMNS] = {
	"started_at", "duration_seconds", "status", "direction", "primary_intent", "routing_tier", "is_booked", "is_returning",
	"caller_kind", "llm_cost", "follow_up_required", "reviewed", "rating", "flagged"
};

/*
 * Section: reading columns
 */

/* What is known of the values of an enum: which of them has the label. */
typedef struct EnumCache
{
	const char *label;
	Oid			values[8];
	bool		flags[8];
	int			count;
} EnumCache;

static EnumCache outbound = {.label = "outbound"};
static EnumCache withheld = {.label = "withheld"};

/* Forgets the labels, which may have been renamed, and the values, which may be another enum's by now. */
static void
forget_enums(Datum arg, int cacheid, uint32 hashvalue)
{
	outbound.count = withheld.count = 0;
}

/* Looks up whether a value of an enum has the label. */
static bool
look_up(EnumCache *cache, Oid value)
{
	static bool is_watched = false;
	HeapTuple	tuple;
	bool		flag;

	if (!is_watched)
	{
		CacheRegisterSyscacheCallback(ENUMOID, forget_enums, (Datum) 0);
		is_watched = true;
	}
	tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid internal value for enum: %u", value)));
	flag = strcmp(NameStr(((Form_pg_enum) GETSTRUCT(tuple))->enumlabel), cache->label) == 0;
	ReleaseSysCache(tuple);
	if (cache->count < (int) lengthof(cache->values))
	{
		cache->values[cache->count] = value;
		cache->flags[cache->count++] = flag;
	}
	return flag;
}

/* Tells whether a value of an enum has the label. */
static inline bool
enum_is(EnumCache *cache, const NullableDatum *column)
{
	Oid			value = DatumGetObjectId(column->value);

	if (column->isnull)
		return false;
	for (int i = 0; i < cache->count; i++)
		if (cache->values[i] == value)
			return cache->flags[i];
	return look_up(cache, value);
}

static inline uint32
bit_if(const NullableDatum *column, uint32 bit)
{
	return !column->isnull && DatumGetBool(column->value) ? bit : 0;
}

/* Reads the columns of a call; an error for what no call can have. */
static void
read_columns(const NullableDatum *columns, CallFacts *facts)
{
	text	   *status_text;
	CallStatus	status;
	uint32		tier = 0;

	facts->started_at = DatumGetTimestampTz(columns[COLUMN_STARTED_AT].value);
	if (unlikely(TIMESTAMP_NOT_FINITE(facts->started_at)))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("the start of a call must be finite")));
	status_text = DatumGetTextPP(columns[COLUMN_STATUS].value);
	if (unlikely(!facts_status_of(VARDATA_ANY(status_text), VARSIZE_ANY_EXHDR(status_text), &status)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input value for enum %s: \"%s\"", "callcenter.call_status", text_to_cstring(status_text))));

	facts->intent = "";
	facts->intent_length = 0;
	if (!columns[COLUMN_INTENT].isnull)
	{
		text	   *intent = DatumGetTextPP(columns[COLUMN_INTENT].value);

		facts->intent = VARDATA_ANY(intent);
		facts->intent_length = VARSIZE_ANY_EXHDR(intent);
	}
	if (!columns[COLUMN_TIER].isnull)
	{
		int16		n = DatumGetInt16(columns[COLUMN_TIER].value);

		tier = n >= 1 && n <= 3 ? n : FACTS_TIERS - 1;
	}
	facts->bits = status | tier << FACT_TIER_SHIFT |
		bit_if(&columns[COLUMN_BOOKED], FACT_BOOKED) | bit_if(&columns[COLUMN_RETURNING], FACT_RETURNING) |
		bit_if(&columns[COLUMN_FOLLOW_UP], FACT_FOLLOW_UP) | bit_if(&columns[COLUMN_REVIEWED], FACT_REVIEWED) |
		bit_if(&columns[COLUMN_FLAGGED], FACT_FLAGGED);
	if (enum_is(&outbound, &columns[COLUMN_DIRECTION]))
		facts->bits |= FACT_OUTBOUND;
	if (enum_is(&withheld, &columns[COLUMN_CALLER_KIND]))
		facts->bits |= FACT_WITHHELD;
	facts->duration = facts->rating = 0;
	if (!columns[COLUMN_DURATION].isnull)
	{
		facts->bits |= FACT_DURATION;
		facts->duration = DatumGetInt32(columns[COLUMN_DURATION].value);
	}
	if (!columns[COLUMN_RATING].isnull)
	{
		facts->bits |= FACT_RATING;
		facts->rating = DatumGetInt16(columns[COLUMN_RATING].value);
	}
	facts->cost = 0;
	if (!columns[COLUMN_COST].isnull && facts_cost_of(columns[COLUMN_COST].value, &facts->cost))
		facts->bits |= FACT_COST;
}

/*
 * Section: input and output
 */

/* Checks a stored form that comes from outside. */
static struct varlena *
accept_stored(const char *data, Size length, int sqlstate)
{
	CallFacts	facts;
	const char *reason = facts_parse(data, length, &facts);

	if (reason != NULL)
		sent_refuse("call_facts", sqlstate, reason);
	return facts_pack(&facts);
}

/* call_facts_in(cstring) call_facts */
Datum
cc_call_facts_in(PG_FUNCTION_ARGS)
{
	Size		length;
	const char *data = sent_read_text("call_facts", PG_GETARG_CSTRING(0), &length);

	PG_RETURN_POINTER(accept_stored(data, length, ERRCODE_INVALID_TEXT_REPRESENTATION));
}

/* call_facts_out(call_facts) cstring */
Datum
cc_call_facts_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(sent_write_text(PG_GETARG_VARLENA_PP(0)));
}

/* call_facts_recv(internal) call_facts */
Datum
cc_call_facts_recv(PG_FUNCTION_ARGS)
{
	Size		length;
	const char *data = sent_read_message("call_facts", (StringInfo) PG_GETARG_POINTER(0), &length);

	PG_RETURN_POINTER(accept_stored(data, length, ERRCODE_INVALID_BINARY_REPRESENTATION));
}

/* call_facts_send(call_facts) bytea */
Datum
cc_call_facts_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(sent_write_message(PG_GETARG_VARLENA_PP(0)));
}

/*
 * Section: making
 */

/* call_facts(columns of calls ...) call_facts */
Datum
cc_call_facts(PG_FUNCTION_ARGS)
{
	CallFacts	facts;

	if (PG_ARGISNULL(COLUMN_STARTED_AT) || PG_ARGISNULL(COLUMN_STATUS))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the start and the status of a call must not be null")));
	read_columns(fcinfo->args, &facts);
	PG_RETURN_POINTER(facts_pack(&facts));
}

/* Gives the columns of a table, and that of the facts behind them. */
static const AttrNumber *
columns_of(Relation relation)
{
	/* a column keeps its number for the life of its table */
	static Oid	known = InvalidOid;
	static AttrNumber columns[FACT_COLUMNS + 1];

	if (known != RelationGetRelid(relation))
	{
		known = InvalidOid;
		for (int i = 0; i < FACT_COLUMNS; i++)
			columns[i] = SPI_fnumber(RelationGetDescr(relation), column_names[i]);
		columns[FACT_COLUMNS] = SPI_fnumber(RelationGetDescr(relation), "facts");
		known = RelationGetRelid(relation);
	}
	return columns;
}

/* Gives the row of a slot with another value of a column. */
static HeapTuple
row_with(TupleTableSlot *slot, HeapTuple row, AttrNumber number, Datum value)
{
	Datum		old_value;
	bool		old_isnull;
	HeapTuple	changed;

	/* most columns have been read already, so this is half of what heap_modify_tuple() would do */
	slot_getallattrs(slot);
	old_value = slot->tts_values[number - 1];
	old_isnull = slot->tts_isnull[number - 1];
	slot->tts_values[number - 1] = value;
	slot->tts_isnull[number - 1] = false;
	changed = heap_form_tuple(slot->tts_tupleDescriptor, slot->tts_values, slot->tts_isnull);
	slot->tts_values[number - 1] = old_value;
	slot->tts_isnull[number - 1] = old_isnull;
	changed->t_data->t_ctid = row->t_data->t_ctid;
	changed->t_self = row->t_self;
	changed->t_tableOid = row->t_tableOid;
	return changed;
}

/* call_facts_kept() trigger: BEFORE INSERT OR UPDATE of calls, for each row. */
Datum
cc_call_facts_kept(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool		is_update;
	HeapTuple	row;
	TupleTableSlot *slot;
	const AttrNumber *numbers;
	NullableDatum columns[FACT_COLUMNS];
	CallFacts	facts;
	struct varlena *packed;
	Datum		stored;
	bool		isnull;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) || !TRIGGER_FIRED_FOR_ROW(trigger->tg_event) ||
		TRIGGER_FIRED_BY_DELETE(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("this function must be called as a BEFORE trigger for each row that is inserted or updated")));
	is_update = TRIGGER_FIRED_BY_UPDATE(trigger->tg_event);
	row = is_update ? trigger->tg_newtuple : trigger->tg_trigtuple;
	slot = is_update ? trigger->tg_newslot : trigger->tg_trigslot;
	numbers = columns_of(trigger->tg_relation);
	for (int i = 0; i < FACT_COLUMNS; i++)
		columns[i].value = slot_getattr(slot, numbers[i], &columns[i].isnull);
	for (int i = 0; i < FACT_COLUMNS; i++)
		if (columns[i].isnull && (i == COLUMN_STARTED_AT || i == COLUMN_STATUS))
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("null value in column \"%s\" of relation \"%s\" violates not-null constraint", column_names[i],
							RelationGetRelationName(trigger->tg_relation)),
					 errtablecol(trigger->tg_relation, numbers[i])));
	read_columns(columns, &facts);
	packed = facts_pack(&facts);

	stored = slot_getattr(slot, numbers[FACT_COLUMNS], &isnull);
	if (!isnull)
	{
		struct varlena *value = PG_DETOAST_DATUM_PACKED(stored);

		if (VARSIZE_ANY_EXHDR(value) == VARSIZE_ANY_EXHDR(packed) && memcmp(VARDATA_ANY(value), VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed)) == 0)
			return PointerGetDatum(row);
	}
	return PointerGetDatum(row_with(slot, row, numbers[FACT_COLUMNS], PointerGetDatum(packed)));
}
