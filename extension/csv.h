/*
 * csv.h
 *		Cells of CSV (RFC 4180).
 */
#ifndef CALLCENTER_CSV_H
#define CALLCENTER_CSV_H

#include "lib/stringinfo.h"

/*
 * Writes a cell: quoted where it must be, and never what a spreadsheet takes for a formula, which a value that is known to
 * be harmless (a phone number that is shown) may look like.
 */
extern void csv_cell(StringInfo out, const char *value, bool is_harmless);

/* Ends a line. */
extern void csv_end(StringInfo out);

#endif							/* CALLCENTER_CSV_H */
