/*
 * plans.h
 *		Saved SPI plans.
 */
#ifndef CALLCENTER_PLANS_H
#define CALLCENTER_PLANS_H

#include "executor/spi.h"

#define PLAN_MAX_ARGS 100

/*
 * A statement of fixed text.  Declare it static with .sql, .nargs and .types; the plan is made at first use and kept
 * for the life of the backend.  A text that is composed once may be set at first use; it must live as long.  Types are built-in ones only: the oid of a type of the extension changes when the
 * extension is made anew.
 */
typedef struct SavedPlan
{
	const char *sql;
	int			nargs;
	Oid			types[24];
	SPIPlanPtr	plan;
} SavedPlan;

extern uint64 plan_run(SavedPlan *saved, const Datum *values, const bool *isnull, bool read_only, long limit);
extern uint64 plan_run_latest(SavedPlan *saved, const Datum *values, const bool *isnull);
extern Portal plan_open(SavedPlan *saved, const Datum *values, const bool *isnull, bool read_only);
extern uint64 plan_run_text(const char *sql, int nargs, const Oid *types, const Datum *values, const bool *isnull, bool read_only);
extern Datum plan_result(int column, bool *isnull);
extern Datum text_array(Datum *elements, int count);

#endif							/* CALLCENTER_PLANS_H */
