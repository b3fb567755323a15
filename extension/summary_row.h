/*
 * summary_row.h
 *		Reading what a summary counts out of the columns of a call.
 */
#ifndef CALLCENTER_SUMMARY_ROW_H
#define CALLCENTER_SUMMARY_ROW_H

#include "summary.h"

/* The columns of calls that a summary is made of, in the order of the arguments of summarize(). */
typedef enum RowColumn
{
	ROW_STARTED_AT,
	ROW_DURATION,
	ROW_STATUS,
	ROW_DIRECTION,
	ROW_INTENT,
	ROW_TIER,
	ROW_BOOKED,
	ROW_RETURNING,
	ROW_CALLER_KIND,
	ROW_COST,
	ROW_FOLLOW_UP,
	ROW_REVIEWED,
	ROW_RATING,
	ROW_FLAGGED,
	ROW_COLUMNS
} RowColumn;

extern const char *const row_column_names[ROW_COLUMNS];

/* What is known of the values of an enum: which of them has the label. */
typedef struct EnumCache
{
	Oid			values[8];
	bool		flags[8];
	int			count;
} EnumCache;

/* Reads rows; all zero at first.  Values of enums are looked up once. */
typedef struct ColumnReader
{
	EnumCache	outbound;
	EnumCache	withheld;
} ColumnReader;

/* Reads the columns of a call, but for the hour that its start is in; 22004 or 22023 for what no call can have. */
extern void row_read(ColumnReader *reader, const NullableDatum *columns, CallFacts *call);

#endif							/* CALLCENTER_SUMMARY_ROW_H */
