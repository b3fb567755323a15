/*
 * periods.h
 *		Calendar periods of a company: what analytics counts, and what it is compared with.
 */
#ifndef CALLCENTER_PERIODS_H
#define CALLCENTER_PERIODS_H

#include "document.h"
#include "local_time.h"

/* The parameters that say which period. */
#define PERIOD_PARAMETERS \
	{"period", NULL, FIELD_TEXT, 0, 1, 20}, \
	{"from", NULL, FIELD_DATE}, \
	{"to", NULL, FIELD_DATE}, \
	{"startDate", NULL, FIELD_DATE}, \
	{"endDate", NULL, FIELD_DATE}, \
	{"asOf", NULL, FIELD_TIMESTAMP}

/* Those that say what it is compared with. */
#define COMPARISON_PARAMETERS \
	{"compare", NULL, FIELD_TEXT, 0, 1, 20}, \
	{"match", NULL, FIELD_TEXT, 0, 1, 20}

/* Whole days of a company's calendar, of which the part before "until" has passed. */
typedef struct Period
{
	const char *name;			/* today, week, month, year or custom */
	DateADT		first;
	DateADT		end;			/* the day behind the last */
	TimestampTz start;			/* where the first day begins */
	TimestampTz finish;			/* where the last day ends */
	TimestampTz until;			/* what has passed ends here: from start to finish */
} Period;

/* What a period is divided into. */
typedef enum PeriodStep
{
	STEP_HOUR,
	STEP_DAY,
	STEP_WEEK,
	STEP_MONTH
} PeriodStep;

/* Gives the instant that "now" is: the parameter asOf, else the time of the transaction. */
extern TimestampTz period_as_of(const Document *params);

/* Reads the period that the parameters name. */
extern void period_read(Period *period, const Document *params, const Company *company, TimestampTz as_of);

/* Finds what the period is compared with; false when it is with nothing. */
extern bool period_compared(Period *comparison, const Period *period, const Document *params, const Company *company,
							TimestampTz as_of);

/*
 * Gives the end of the part of a period that begins at "start" (and, by days or more, on "day"), and the day that the
 * next part begins on.
 */
extern TimestampTz period_step_end(const Period *period, PeriodStep step, const Company *company, TimestampTz start, DateADT *day);

/* Chooses one of some words for a parameter; the first when it is not given.  A NULL ends the words. */
extern int	parameter_choice(const Document *params, const char *path, const char *const *words);

#endif							/* CALLCENTER_PERIODS_H */
