/*
 * summary_row.c
 *		Reading what a summary counts out of the columns of a call: for summarize(), and for the triggers.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "utils/builtins.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "summary_row.h"

const char *const row_column_names[ROW_COLUMNS] = {
	"started_at", "duration_seconds", "status", "direction", "primary_intent", "routing_tier", "is_booked", "is_returning",
	"caller_kind", "llm_cost", "follow_up_required", "reviewed", "rating", "flagged"
};

/* Looks up whether a value of an enum has the label. */
static bool
look_up(EnumCache *cache, Oid value, const char *label)
{
	HeapTuple	tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
	bool		flag;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid internal value for enum: %u", value)));
	flag = strcmp(NameStr(((Form_pg_enum) GETSTRUCT(tuple))->enumlabel), label) == 0;
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
enum_is(EnumCache *cache, const NullableDatum *column, const char *label)
{
	Oid			value = DatumGetObjectId(column->value);

	if (column->isnull)
		return false;
	for (int i = 0; i < cache->count; i++)
		if (cache->values[i] == value)
			return cache->flags[i];
	return look_up(cache, value, label);
}

static inline bool
is_true(const NullableDatum *column)
{
	return !column->isnull && DatumGetBool(column->value);
}

void
row_read(ColumnReader *reader, const NullableDatum *columns, CallFacts *call)
{
	text	   *status_text;
	const char *status;
	int			length;

	if (unlikely(columns[ROW_STARTED_AT].isnull || columns[ROW_STATUS].isnull))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the start and the status of a call must not be null")));
	if (unlikely(TIMESTAMP_NOT_FINITE(DatumGetTimestampTz(columns[ROW_STARTED_AT].value))))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("the start of a call must be finite")));
	status_text = DatumGetTextPP(columns[ROW_STATUS].value);
	status = VARDATA_ANY(status_text);
	length = VARSIZE_ANY_EXHDR(status_text);
	if (unlikely(!summary_status_of(status, length, &call->status)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid status of a call: \"%s\"", pnstrdup(status, length))));

	call->intent = NULL;
	if (!columns[ROW_INTENT].isnull)
	{
		text	   *intent = DatumGetTextPP(columns[ROW_INTENT].value);

		call->intent = VARDATA_ANY(intent);
		call->intent_length = VARSIZE_ANY_EXHDR(intent);
	}
	call->tier = columns[ROW_TIER].isnull ? 0 : DatumGetInt16(columns[ROW_TIER].value);
	if (unlikely(call->tier == 0 && !columns[ROW_TIER].isnull))
		call->tier = -1;
	call->has_duration = !columns[ROW_DURATION].isnull;
	call->duration = call->has_duration ? DatumGetInt32(columns[ROW_DURATION].value) : 0;
	call->has_rating = !columns[ROW_RATING].isnull;
	call->rating = call->has_rating ? DatumGetInt16(columns[ROW_RATING].value) : 0;
	call->has_cost = !columns[ROW_COST].isnull && summary_cost_of(columns[ROW_COST].value, &call->cost);
	call->outbound = enum_is(&reader->outbound, &columns[ROW_DIRECTION], "outbound");
	call->withheld = enum_is(&reader->withheld, &columns[ROW_CALLER_KIND], "withheld");
	call->booked = is_true(&columns[ROW_BOOKED]);
	call->returning = is_true(&columns[ROW_RETURNING]);
	call->follow_up = is_true(&columns[ROW_FOLLOW_UP]);
	call->reviewed = is_true(&columns[ROW_REVIEWED]);
	call->flagged = is_true(&columns[ROW_FLAGGED]);
}
