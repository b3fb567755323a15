/*
 * rollups.h
 *		Summaries of a company's calls by hour, day and month, kept in the same commit as the calls.
 */
#ifndef CALLCENTER_ROLLUPS_H
#define CALLCENTER_ROLLUPS_H

#include "executor/tuptable.h"
#include "utils/rel.h"

#include "local_clock.h"
#include "summary.h"

/*
 * Section: reading.  Inside SPI_connect(), under row-level security of whoever asks, in one snapshot.
 */

typedef enum RollupGrain
{
	GRAIN_HOUR,
	GRAIN_DAY,
	GRAIN_MONTH
} RollupGrain;

/* An hour, day or month of a company in which there are calls. */
typedef struct Rollup
{
	TimestampTz start;
	DateADT		day;			/* the day it is in, or the first of the month */
	const CallSummary *summary;
} Rollup;

/*
 * Gives the summary of the calls that start from "start" on and before "end" (infinities for no bound), in a company's
 * zone, which must be the one that its rollups are counted in.
 */
extern const CallSummary *rollups_between(Datum company, pg_tz *zone, TimestampTz start, TimestampTz end);

/* Gives the hours, days or months whose first instant is from "start" on and before "end", by time; those without calls are left out. */
extern Rollup *rollups_series(Datum company, RollupGrain grain, TimestampTz start, TimestampTz end, int *count);

/*
 * Section: keeping.  Inside SPI_connect(), as callcenter_stats.
 */

typedef struct RollupChanges RollupChanges;

/* Begins to collect what a statement changes in calls, from an AFTER trigger; "are_new" when it inserts. */
extern RollupChanges *rollup_changes_begin(Relation calls, bool are_new);

/* Adds a row, or with sign -1 takes it away. */
extern void rollup_changes_add(RollupChanges *changes, TupleTableSlot *row, int sign);

/* Appends what was collected to call_rollup_deltas; now and then folds those of the company. */
extern void rollup_changes_write(RollupChanges *changes);

/* Folds the appended changes of all companies; returns how many there were. */
extern int64 rollups_fold_all(void);

/* Counts all rollups anew while nobody changes calls; returns how many were wrong. */
extern int64 rollups_rebuild_all(void);

#endif							/* CALLCENTER_ROLLUPS_H */
