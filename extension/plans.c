/*
 * plans.c
 *		Saved SPI plans; the only place that calls SPI_prepare.
 *
 * Every statement is prepared once a backend and kept.  A statement of fixed text finds rows by their keys: it has one
 * plan, made without looking at values, so that planning costs nothing after the first time and the plan does not depend
 * on how large a table was then.  Texts that are put together from parts (list filters, the
 * columns of a document) are found again by their text; they are made of constant parts only, never of values, so
 * their number is bounded, and beyond PLAN_CACHE_MAX a plan is used once and dropped.  No statement is planned for parallel
 * workers, which do not have the identity that is active (identity.c).
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/array.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "plans.h"

#define PLAN_CACHE_MAX 512

/* found by a hash of the text, and compared with the text itself */
typedef struct TextPlan
{
	uint64		hash;
	char	   *sql;
	SPIPlanPtr	plan;
} TextPlan;

static HTAB *plan_cache = NULL;

/* Prepares a statement and keeps it when asked to. */
static SPIPlanPtr
prepare(const char *sql, int nargs, const Oid *types, int options, bool keep)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, nargs, unconstify(Oid *, types), options);

	if (plan == NULL)
		elog(ERROR, "could not prepare \"%s\": %s", sql, SPI_result_code_string(SPI_result));
	if (keep && SPI_keepplan(plan) != 0)
		elog(ERROR, "could not keep plan of \"%s\"", sql);
	return plan;
}

/* Runs a plan and raises what SPI reports; returns the number of rows, which are in SPI_tuptable. */
static uint64
execute(SPIPlanPtr plan, int nargs, const Datum *values, const bool *isnull, bool read_only, long limit)
{
	char		nulls[PLAN_MAX_ARGS] = {0};
	int			code;

	Assert(nargs <= PLAN_MAX_ARGS);
	for (int i = 0; i < nargs; i++)
		nulls[i] = (isnull != NULL && isnull[i]) ? 'n' : ' ';
	code = SPI_execute_plan(plan, unconstify(Datum *, values), nulls, read_only, limit);
	if (code < 0)
		elog(ERROR, "could not execute plan: %s", SPI_result_code_string(code));
	return SPI_processed;
}

/* Runs a statement of fixed text.  Inside SPI_connect(). */
uint64
plan_run(SavedPlan *saved, const Datum *values, const bool *isnull, bool read_only, long limit)
{
	Assert(saved->sql != NULL);
	if (saved->plan == NULL)
		saved->plan = prepare(saved->sql, saved->nargs, saved->types, CURSOR_OPT_GENERIC_PLAN, true);
	return execute(saved->plan, saved->nargs, values, isnull, read_only, limit);
}

/*
 * Runs a statement of fixed text that only reads, in a snapshot of this moment: it sees what is committed, also where
 * the transaction has an older snapshot.  Inside SPI_connect().
 */
uint64
plan_run_latest(SavedPlan *saved, const Datum *values, const bool *isnull)
{
	char		nulls[PLAN_MAX_ARGS];
	int			code;

	for (int i = 0; i < saved->nargs; i++)
		nulls[i] = (isnull != NULL && isnull[i]) ? 'n' : ' ';
	if (saved->plan == NULL)
		saved->plan = prepare(saved->sql, saved->nargs, saved->types, CURSOR_OPT_GENERIC_PLAN, true);
	code = SPI_execute_snapshot(saved->plan, unconstify(Datum *, values), nulls, GetLatestSnapshot(), InvalidSnapshot, false, false, 0);
	if (code < 0)
		elog(ERROR, "could not execute plan: %s", SPI_result_code_string(code));
	return SPI_processed;
}

/* Opens a cursor over a statement of fixed text, for more rows than should be in memory at once.  Inside SPI_connect(). */
Portal
plan_open(SavedPlan *saved, const Datum *values, const bool *isnull, bool read_only)
{
	char		nulls[PLAN_MAX_ARGS];

	for (int i = 0; i < saved->nargs; i++)
		nulls[i] = (isnull != NULL && isnull[i]) ? 'n' : ' ';
	if (saved->plan == NULL)
		saved->plan = prepare(saved->sql, saved->nargs, saved->types, CURSOR_OPT_GENERIC_PLAN, true);
	return SPI_cursor_open(NULL, saved->plan, unconstify(Datum *, values), nulls, read_only);
}

/*
 * Runs a statement of composed text, all rows.  Inside SPI_connect().  The planner may plan it for its values, as the
 * filters of lists need it.
 */
uint64
plan_run_text(const char *sql, int nargs, const Oid *types, const Datum *values, const bool *isnull, bool read_only)
{
	uint64		hash = DatumGetUInt64(hash_any_extended((const unsigned char *) sql, strlen(sql), nargs));
	TextPlan *entry;
	bool		found;

	if (plan_cache == NULL)
	{
		HASHCTL		ctl = {.keysize = sizeof(uint64),.entrysize = sizeof(TextPlan),.hcxt = CacheMemoryContext};

		plan_cache = hash_create("callcenter plans", 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}

	entry = hash_search(plan_cache, &hash, HASH_FIND, NULL);
	if (entry != NULL && strcmp(entry->sql, sql) == 0)
		return execute(entry->plan, nargs, values, isnull, read_only, 0);

	if (entry == NULL && hash_get_num_entries(plan_cache) < PLAN_CACHE_MAX)
	{
		SPIPlanPtr	plan = prepare(sql, nargs, types, 0, true);
		char	   *copy = MemoryContextStrdup(CacheMemoryContext, sql);

		entry = hash_search(plan_cache, &hash, HASH_ENTER, &found);
		entry->sql = copy;
		entry->plan = plan;
		return execute(plan, nargs, values, isnull, read_only, 0);
	}
	return execute(prepare(sql, nargs, types, 0, false), nargs, values, isnull, read_only, 0);
}

/* Reads a column (from 1) of the first row of the last result. */
Datum
plan_result(int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, isnull);
}

/* Makes an array of texts, as a value for a statement. */
Datum
text_array(Datum *elements, int count)
{
	return PointerGetDatum(construct_array(elements, count, TEXTOID, -1, false, TYPALIGN_INT));
}
