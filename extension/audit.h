/*
 * audit.h
 *		The audit log.
 */
#ifndef CALLCENTER_AUDIT_H
#define CALLCENTER_AUDIT_H

#include "document.h"
#include "identity.h"

/*
 * Writes a row of the audit log: what the caller did to a record.  "before" and "after" are JSON texts or NULL.  Inside
 * SPI_connect().
 */
extern void audit_write(const Identity *identity, const char *action, const char *record_type, const char *record_id,
						const char *before, const char *after);

/*
 * Writes such a row, about a user, into the log of each company that the user is a member of and that is among those held
 * (a text array).  Runs as callcenter_auth, without an identity.  Inside SPI_connect().
 */
extern void audit_write_user(Datum user_id, Datum held_companies, const char *actor, const char *action, const char *email,
							 const char *before, const char *after);

/*
 * Takes out of the log what it says of a person who is erased: of the customer, its calls and its visits.  Field names,
 * actors and times stay.  To be called before calls and visits lose their customer; returns how many rows it changed.
 */
extern uint64 audit_redact(const Identity *identity, text *customer, const char *customer_number);

/* Removes the whole log of a company that is deleted; returns how many rows it had. */
extern uint64 audit_remove(const Identity *identity);

/* Gives the fields that a patch names, as a row has them, as JSON text with masked codes. */
extern char *audit_fields(const Document *patch, HeapTuple row, TupleDesc desc, const Company *company);

#endif							/* CALLCENTER_AUDIT_H */
