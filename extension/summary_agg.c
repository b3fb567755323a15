/*
 * summary_agg.c
 *		The aggregates summarize() and rollup().
 *
 * Their state is of the type call_summary itself, so that a distributed engine can send it; while it is added to it is an
 * expanded object, as an array that is built by array_append() is, and becomes the stored form when it leaves the
 * aggregate: at the end of a group, between parallel workers, in a tuple.
 */
#include "postgres.h"

#include "fmgr.h"
#include "nodes/execnodes.h"
#include "nodes/primnodes.h"
#include "utils/builtins.h"
#include "utils/expandeddatum.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "local_clock.h"
#include "summary.h"

PG_FUNCTION_INFO_V1(cc_summarize_transition);
PG_FUNCTION_INFO_V1(cc_rollup_transition);

/* A summary in a memory context of its own. */
typedef struct ExpandedSummary
{
	ExpandedObjectHeader header;
	CallSummary summary;
	struct varlena *stored;		/* made when its size was asked for */
} ExpandedSummary;

static Size
expanded_size(ExpandedObjectHeader *header)
{
	ExpandedSummary *expanded = (ExpandedSummary *) header;
	MemoryContext old = MemoryContextSwitchTo(header->eoh_context);

	if (expanded->stored != NULL)
		pfree(expanded->stored);
	expanded->stored = summary_store(&expanded->summary);
	MemoryContextSwitchTo(old);
	return VARSIZE(expanded->stored);
}

static void
expanded_write(ExpandedObjectHeader *header, void *result, Size size)
{
	ExpandedSummary *expanded = (ExpandedSummary *) header;

	Assert(expanded->stored != NULL && VARSIZE(expanded->stored) == size);
	memcpy(result, expanded->stored, size);
	pfree(expanded->stored);
	expanded->stored = NULL;
}

static const ExpandedObjectMethods expanded_methods = {expanded_size, expanded_write};

/* Tells whether a value is an expanded summary. */
static inline bool
is_expanded(Datum value)
{
	return VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(value)) && DatumGetEOHP(value)->eoh_methods == &expanded_methods;
}

/* Makes an expanded summary of a stored one. */
static ExpandedSummary *
expand(Datum value, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "call_summary", ALLOCSET_START_SMALL_SIZES);
	ExpandedSummary *expanded = MemoryContextAllocZero(context, sizeof(ExpandedSummary));

	EOH_init_header(&expanded->header, &expanded_methods, context);
	summary_init(&expanded->summary, context);
	if (is_expanded(value))
		summary_add(&expanded->summary, &((ExpandedSummary *) DatumGetEOHP(value))->summary, 1);
	else
		summary_add_stored(&expanded->summary, PG_DETOAST_DATUM_PACKED(value), 1);
	return expanded;
}

const CallSummary *
summary_of_datum(Datum value)
{
	CallSummary *summary;

	if (is_expanded(value))
		return &((ExpandedSummary *) DatumGetEOHP(value))->summary;
	summary = palloc(sizeof(CallSummary));
	summary_init(summary, CurrentMemoryContext);
	summary_add_stored(summary, PG_DETOAST_DATUM_PACKED(value), 1);
	return summary;
}

/* Makes the state of an aggregate, argument 0, ready to be added to. */
static ExpandedSummary *
begin_state(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("this function must be called as a part of an aggregate")));
	return expand(PG_GETARG_DATUM(0), context);
}

/* Gives the state of an aggregate, argument 0, ready to be added to. */
static inline ExpandedSummary *
aggregate_state(FunctionCallInfo fcinfo)
{
	Datum		value = PG_GETARG_DATUM(0);

	if (likely(VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(value)) && is_expanded(value) &&
			   fcinfo->context != NULL && (IsA(fcinfo->context, AggState) || IsA(fcinfo->context, WindowAggState))))
		return (ExpandedSummary *) DatumGetEOHP(value);
	return begin_state(fcinfo);
}

/* What a call of summarize() keeps between rows. */
typedef struct SummarizeCache
{
	text	   *zone_name;
	LocalClock *clock;
	bool		is_fixed;		/* the zone is the same for all rows */
} SummarizeCache;

/* Tells whether the first argument of the aggregate is the same for all rows: a constant or a parameter of the statement. */
static bool
zone_is_fixed(FunctionCallInfo fcinfo)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);
	Node	   *zone = aggref != NULL ? (Node *) linitial_node(TargetEntry, aggref->args)->expr : NULL;

	return zone != NULL && (IsA(zone, Const) || (IsA(zone, Param) && ((Param *) zone)->paramkind == PARAM_EXTERN));
}

/* Makes the clock of a zone the one that rows are read with. */
static void
change_zone(SummarizeCache *cache, text *name, MemoryContext context)
{
	pg_tz	   *zone = local_zone(text_to_cstring(name));

	if (zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" not recognized", text_to_cstring(name))));
	cache->clock = clock_of(zone);
	cache->zone_name = (text *) MemoryContextAlloc(context, VARSIZE_ANY_EXHDR(name) + VARHDRSZ);
	SET_VARSIZE(cache->zone_name, VARSIZE_ANY_EXHDR(name) + VARHDRSZ);
	memcpy(VARDATA(cache->zone_name), VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
}

/* Gives what is kept between rows, with the clock of argument 1. */
static inline SummarizeCache *
summarize_cache(FunctionCallInfo fcinfo)
{
	SummarizeCache *cache = fcinfo->flinfo->fn_extra;
	bool		is_first = cache == NULL;
	text	   *name;

	if (likely(!is_first && cache->is_fixed))
		return cache;
	if (is_first)
		fcinfo->flinfo->fn_extra = cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(SummarizeCache));
	if (unlikely(PG_ARGISNULL(1)))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the time zone must not be null")));
	name = PG_GETARG_TEXT_PP(1);
	if (unlikely(cache->zone_name == NULL || VARSIZE_ANY_EXHDR(name) != VARSIZE(cache->zone_name) - VARHDRSZ ||
				 memcmp(VARDATA_ANY(name), VARDATA(cache->zone_name), VARSIZE_ANY_EXHDR(name)) != 0))
		change_zone(cache, name, fcinfo->flinfo->fn_mcxt);
	if (is_first)
		cache->is_fixed = zone_is_fixed(fcinfo);
	return cache;
}

/* The state function of summarize(time zone, facts). */
Datum
cc_summarize_transition(PG_FUNCTION_ARGS)
{
	ExpandedSummary *state = aggregate_state(fcinfo);
	struct varlena *stored;

	if (likely(!PG_ARGISNULL(2)))
	{
		SummarizeCache *cache = summarize_cache(fcinfo);

		stored = (struct varlena *) PG_GETARG_POINTER(2);
		if (unlikely(!VARATT_IS_SHORT(stored)))
			stored = PG_DETOAST_DATUM_PACKED(PointerGetDatum(stored));
		summary_add_facts(&state->summary, VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored), cache->clock);
	}
	PG_RETURN_DATUM(EOHPGetRWDatum(&state->header));
}

/* The state function of rollup(call_summary), and the combine function of both. */
Datum
cc_rollup_transition(PG_FUNCTION_ARGS)
{
	ExpandedSummary *state = aggregate_state(fcinfo);
	Datum		value = PG_GETARG_DATUM(1);

	if (is_expanded(value))
		summary_add(&state->summary, &((ExpandedSummary *) DatumGetEOHP(value))->summary, 1);
	else
		summary_add_stored(&state->summary, PG_DETOAST_DATUM_PACKED(value), 1);
	PG_RETURN_DATUM(EOHPGetRWDatum(&state->header));
}
