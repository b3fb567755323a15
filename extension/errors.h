/*
 * errors.h
 *		The errors that the API raises on purpose, and what their SQLSTATEs mean.
 *
 * An error made here carries the schema name "callcenter" and no table name in its diagnostics, so that a client (the
 * REST server) can tell a message that is meant for the caller from one of the server's own.  A field at fault is named
 * by its path in the document ("caller.phone"), in the diagnostics as the column name.
 *
 *	28000	no token, or one that does not verify		(REST: 401)
 *	28P01	e-mail address or password is wrong			(401; answered, not raised: sessions.c)
 *	42501	company or right not granted				(403)
 *	22P02	malformed id								(400)
 *	22023	value that is not allowed, unknown field	(400)
 *	22007	malformed date or time						(400)
 *	22003	number out of range							(400)
 *	23502	required field missing						(400)
 *	P0002	no such record in this company				(404)
 *	23505	the record exists with other content		(409)
 *	40001	the record was changed in between			(412)
 *	53400	too many passwords tried					(429; answered, not raised)
 *	54000	document too large							(413)
 */
#ifndef CALLCENTER_ERRORS_H
#define CALLCENTER_ERRORS_H

#include "utils/errcodes.h"

extern void error_no_token(const char *reason) pg_attribute_noreturn();
extern void error_access_denied(void) pg_attribute_noreturn();
extern void error_right_missing(const char *needed) pg_attribute_noreturn();
extern void error_not_found(const char *what) pg_attribute_noreturn();
extern void error_field(int sqlstate, const char *path, const char *fmt,...) pg_attribute_printf(3, 4) pg_attribute_noreturn();
extern void error_stale(const char *what, int expected, int stored) pg_attribute_noreturn();
extern void error_conflict(const char *path, const char *fmt,...) pg_attribute_printf(2, 3) pg_attribute_noreturn();

#endif							/* CALLCENTER_ERRORS_H */
