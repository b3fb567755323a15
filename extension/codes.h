/*
 * codes.h
 *		Access codes at rest: sealed, so that a table, a dump or a replica does not hold them in clear.
 */
#ifndef CALLCENTER_CODES_H
#define CALLCENTER_CODES_H

/* Where a sealed value belongs; it can be opened nowhere else. */
typedef struct CodePlace
{
	const char *company_id;
	const char *relation;		/* "calls" */
	const char *record_id;		/* the row's id */
	const char *column;
} CodePlace;

/* Seals a value with the encryption key of the ring; raises F0000 when it has none. */
extern bytea *code_seal(const CodePlace *place, const void *data, size_t length);

/*
 * Opens a sealed value; *length becomes its length, and a NUL follows it.  Raises F0000 when the ring does not have the
 * key, and XX001 when the value is not what was sealed for this place.
 */
extern char *code_open(const CodePlace *place, const bytea *sealed, size_t *length);

#endif							/* CALLCENTER_CODES_H */
