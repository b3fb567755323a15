/*
 * facts_sql.c
 *		The SQL face of call_facts: input and output, making facts of columns, and the trigger that keeps calls.facts.
 *
 * calls.facts repeats what other columns of the row say, where an aggregate finds it without reading its way through the
 * row.  calls.traits is the same for lists: what they filter by of which there are few values, as one number that an index
 * begins with (call_traits.h).  The trigger is a row's own, and fires whoever writes the row and however (a replica's apply
 * worker, too); it makes a new row only when they are not there already, so whoever inserts many may bring them.
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

#include "call_traits.h"
#include "facts.h"
#include "sent_form.h"

PG_FUNCTION_INFO_V1(cc_call_facts_in);
PG_FUNCTION_INFO_V1(cc_call_facts_out);
PG_FUNCTION_INFO_V1(cc_call_facts_recv);
PG_FUNCTION_INFO_V1(cc_call_facts_send);
PG_FUNCTION_INFO_V1(cc_call_facts);
PG_FUNCTION_INFO_V1(cc_call_traits);
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

/* Gives the traits of a call by the bits of its facts and its urgency. */
static inline int16
traits_of(uint32 bits, const NullableDatum *urgency)
{
	text	   *name = urgency->isnull ? NULL : DatumGetTextPP(urgency->value);

	return call_traits(bits, name == NULL ? "" : VARDATA_ANY(name), name == NULL ? 0 : VARSIZE_ANY_EXHDR(name));
}

/*
 * call_traits(status text, direction call_direction, routing_tier smallint, follow_up_required boolean, reviewed boolean,
 * flagged boolean, urgency text) smallint
 */
Datum
cc_call_traits(PG_FUNCTION_ARGS)
{
	NullableDatum columns[FACT_COLUMNS];
	CallFacts	facts;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the status of a call must not be null")));
	for (int i = 0; i < FACT_COLUMNS; i++)
		columns[i] = (NullableDatum) {.isnull = true};
	columns[COLUMN_STARTED_AT] = (NullableDatum) {.value = TimestampTzGetDatum(0)};
	columns[COLUMN_STATUS] = fcinfo->args[0];
	columns[COLUMN_DIRECTION] = fcinfo->args[1];
	columns[COLUMN_TIER] = fcinfo->args[2];
	columns[COLUMN_FOLLOW_UP] = fcinfo->args[3];
	columns[COLUMN_REVIEWED] = fcinfo->args[4];
	columns[COLUMN_FLAGGED] = fcinfo->args[5];
	read_columns(columns, &facts);
	PG_RETURN_INT16(traits_of(facts.bits, &fcinfo->args[6]));
}

/* The columns of the table that are not facts' own. */
#define NUMBER_FACTS		FACT_COLUMNS
#define NUMBER_URGENCY		(FACT_COLUMNS + 1)
#define NUMBER_TRAITS		(FACT_COLUMNS + 2)
#define NUMBERS				(FACT_COLUMNS + 3)

/* Gives the columns of a table: those that facts are made of, and behind them those above. */
static const AttrNumber *
columns_of(Relation relation)
{
	/* a column keeps its number for the life of its table */
	static Oid	known = InvalidOid;
	static AttrNumber columns[NUMBERS];

	if (known != RelationGetRelid(relation))
	{
		known = InvalidOid;
		for (int i = 0; i < FACT_COLUMNS; i++)
			columns[i] = SPI_fnumber(RelationGetDescr(relation), column_names[i]);
		columns[NUMBER_FACTS] = SPI_fnumber(RelationGetDescr(relation), "facts");
		columns[NUMBER_URGENCY] = SPI_fnumber(RelationGetDescr(relation), "urgency");
		columns[NUMBER_TRAITS] = SPI_fnumber(RelationGetDescr(relation), "traits");
		for (int i = 0; i < NUMBERS; i++)
			if (columns[i] <= 0)
				ereport(ERROR,
						(errcode(ERRCODE_UNDEFINED_COLUMN),
						 errmsg("table \"%s\" lacks a column that the facts of a call are made of or kept in", RelationGetRelationName(relation)),
						 errhint("The library may be newer than the extension of this database: ALTER EXTENSION callcenter UPDATE.")));
		known = RelationGetRelid(relation);
	}
	return columns;
}

/* Gives the row of a slot with other facts and traits. */
static HeapTuple
row_with(TupleTableSlot *slot, HeapTuple row, const AttrNumber *numbers, struct varlena *facts, int16 traits)
{
	AttrNumber	changes[] = {numbers[NUMBER_FACTS], numbers[NUMBER_TRAITS]};
	Datum		values[] = {PointerGetDatum(facts), Int16GetDatum(traits)};
	Datum		old_values[lengthof(changes)];
	bool		old_isnull[lengthof(changes)];
	HeapTuple	changed;

	/* most columns have been read already, so this is half of what heap_modify_tuple() would do */
	slot_getallattrs(slot);
	for (int i = 0; i < (int) lengthof(changes); i++)
	{
		old_values[i] = slot->tts_values[changes[i] - 1];
		old_isnull[i] = slot->tts_isnull[changes[i] - 1];
		slot->tts_values[changes[i] - 1] = values[i];
		slot->tts_isnull[changes[i] - 1] = false;
	}
	changed = heap_form_tuple(slot->tts_tupleDescriptor, slot->tts_values, slot->tts_isnull);
	for (int i = 0; i < (int) lengthof(changes); i++)
	{
		slot->tts_values[changes[i] - 1] = old_values[i];
		slot->tts_isnull[changes[i] - 1] = old_isnull[i];
	}
	changed->t_data->t_ctid = row->t_data->t_ctid;
	changed->t_self = row->t_self;
	changed->t_tableOid = row->t_tableOid;
	return changed;
}

/* Tells whether the facts and traits of a row are these. */
static bool
row_has(TupleTableSlot *slot, const AttrNumber *numbers, const struct varlena *facts, int16 traits)
{
	bool		facts_isnull,
				traits_isnull;
	Datum		stored = slot_getattr(slot, numbers[NUMBER_FACTS], &facts_isnull);
	Datum		number = slot_getattr(slot, numbers[NUMBER_TRAITS], &traits_isnull);
	struct varlena *value;

	if (facts_isnull || traits_isnull || DatumGetInt16(number) != traits)
		return false;
	value = PG_DETOAST_DATUM_PACKED(stored);
	return VARSIZE_ANY_EXHDR(value) == VARSIZE_ANY_EXHDR(facts) && memcmp(VARDATA_ANY(value), VARDATA_ANY(facts), VARSIZE_ANY_EXHDR(facts)) == 0;
}

/* call_facts_kept() trigger: BEFORE INSERT OR UPDATE of calls, for each row; keeps facts and traits. */
Datum
cc_call_facts_kept(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	bool		is_update;
	HeapTuple	row;
	TupleTableSlot *slot;
	const AttrNumber *numbers;
	NullableDatum columns[FACT_COLUMNS];
	NullableDatum urgency;
	CallFacts	facts;
	struct varlena *packed;
	int16		traits;

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
	urgency.value = slot_getattr(slot, numbers[NUMBER_URGENCY], &urgency.isnull);
	traits = traits_of(facts.bits, &urgency);
	if (row_has(slot, numbers, packed, traits))
		return PointerGetDatum(row);
	return PointerGetDatum(row_with(slot, row, numbers, packed, traits));
}
