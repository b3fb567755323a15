/*
 * analytics.h
 *		What a period's calls add up to, for answers and for CSV.
 */
#ifndef CALLCENTER_ANALYTICS_H
#define CALLCENTER_ANALYTICS_H

#include "companies.h"
#include "identity.h"
#include "periods.h"
#include "summary.h"

/* What figures are made of.  The first ones are of calls, those from VALUE_OPEN on of follow-ups. */
typedef enum Value
{
	VALUE_CALLS,
	VALUE_BOOKED,
	VALUE_LEADS,
	VALUE_BOOKED_LEADS,
	VALUE_NEW,
	VALUE_RETURNING,
	VALUE_MISSED,
	VALUE_ABANDONED,
	VALUE_WITHHELD,
	VALUE_FOLLOW_UP,
	VALUE_REVIEWED,
	VALUE_FLAGGED,
	VALUE_RATED,
	VALUE_RATING,
	VALUE_WITH_DURATION,
	VALUE_DURATION,
	VALUE_WITH_COST,
	VALUE_COUNT
} Value;

/* How a figure is written and compared. */
typedef enum FigureKind
{
	FIGURE_COUNT,				/* a number of calls */
	FIGURE_MEAN,				/* a mean */
	FIGURE_RATE					/* a share of calls, from 0 to 1; compared in points (hundredths) */
} FigureKind;

/* A figure: one definition for answers, CSV and the text that explains it. */
typedef struct Figure
{
	const char *key;
	FigureKind	kind;
	Value		numerator;
	Value		denominator;	/* of means and rates */
	int			decimals;
	bool		in_series;		/* is told of every part of a period, too */
	const char *definition;
} Figure;

extern const Figure analytics_figures[];
extern const int analytics_figure_count;

/* What the calls of a period, or of a part of one, add up to. */
typedef struct Totals
{
	const CallSummary *calls;
	int64		values[VALUE_COUNT];
} Totals;

/* A part of a period. */
typedef struct Part
{
	TimestampTz start;
	TimestampTz end;
	DateADT		day;			/* that it begins on */
	CallSummary *calls;			/* never NULL */
} Part;

extern void totals_of(Totals *totals, const CallSummary *calls, const Company *company);

/* Gives the summary of what has passed of a period.  Inside SPI_connect(), with the identity. */
extern const CallSummary *analytics_calls(const Identity *identity, const Company *company, const Period *period);

/* The same for its parts, as far as they have begun: there are no gaps, and together they are the period. */
extern Part *analytics_parts(const Identity *identity, const Company *company, const Period *period, PeriodStep step, int *count);

/* Writes a figure's value. */
extern void analytics_write_figure(StringInfo out, const Figure *figure, const Totals *totals);

/* Writes the members that tell of a period: from, to, start, end, until. */
extern void analytics_write_period(StringInfo out, const Period *period);

/* The same of the period that an answer is about, with zone and instant. */
extern void analytics_write_answer_period(StringInfo out, const Period *period, const Company *company, TimestampTz as_of);

/* The same as CSV: each figure, each part, each weekday is a line. */
extern void analytics_write_series_csv(StringInfo out, const Identity *identity, const Company *company, Jsonb *params);
extern void analytics_write_heatmap_csv(StringInfo out, const Identity *identity, const Company *company, Jsonb *params);

/* Writes "totalCalls" as a heading: "Total calls". */
extern void analytics_write_heading(StringInfo out, const char *key);

#endif							/* CALLCENTER_ANALYTICS_H */
