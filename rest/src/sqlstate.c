/*
 * sqlstate.c
 *	  What an SQLSTATE means to the caller of the REST API: one table.
 *
 * "ours" entries count only when the extension raised the error on purpose
 * (schema name "callcenter" in its diagnostics).  The same code from elsewhere
 * means that something is wrong here, not with the caller: a 42501 without it
 * says that the REST role lacks a privilege, which is no business of a 403.
 */
#include <stddef.h>
#include <string.h>

#include "sqlstate.h"

#define OURS true
#define ANY false

static const SqlState table[] =
{
	/* who is asking */
	{"28000", OURS, 401, "authentication_required", "Authentication required", false, false},
	{"28P01", OURS, 401, "sign_in_failed", "Sign-in failed", false, false},
	{"42501", OURS, 403, "access_denied", "Access denied", false, false},
	{"53400", OURS, 429, "too_many_attempts", "Too many attempts", false, false},

	/* what is asked */
	{"P0002", OURS, 404, "not_found", "Not found", false, false},
	{"23505", ANY, 409, "conflict", "Conflict", false, false},
	{"23503", ANY, 409, "conflict", "Conflict", false, false},
	{"40001", OURS, 412, "stale_version", "Precondition failed", false, false},
	{"22P02", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"22P05", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"22021", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"22023", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"22007", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"22008", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"22003", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"2203", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"23502", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"23514", ANY, 400, "invalid_request", "Invalid request", false, false},
	{"54000", OURS, 400, "invalid_request", "Invalid request", false, false},

	/* the moment is bad */
	{"40001", ANY, 503, "try_again", "Service unavailable", true, false},
	{"40P01", ANY, 503, "try_again", "Service unavailable", true, false},
	{"55P03", ANY, 503, "try_again", "Service unavailable", true, false},
	{"57014", ANY, 504, "timeout", "Timeout", false, false},

	/* the extension was altered under the connection */
	{"0A000", OURS, 400, "not_supported", "Not supported", false, false},
	{"0A000", ANY, 503, "database_unavailable", "Service unavailable", true, true},
	{"26000", ANY, 503, "database_unavailable", "Service unavailable", true, true},
	{"42883", ANY, 503, "database_unavailable", "Service unavailable", false, false},
	{"3F000", ANY, 503, "database_unavailable", "Service unavailable", false, false},

	/* the database is not there, or is full */
	{"57P", ANY, 503, "database_unavailable", "Service unavailable", true, false},
	{"25006", ANY, 503, "database_read_only", "Service unavailable", false, false},
	{"08", ANY, 503, "database_unavailable", "Service unavailable", true, false},
	{"53", ANY, 503, "database_unavailable", "Service unavailable", false, false},
};

static const SqlState internal = {"", ANY, 500, "internal", "Internal error", false, false};

/* Finds the meaning of an SQLSTATE; what is not in the table is our own fault. */
const SqlState *
sqlstate_find(const char *sqlstate, bool ours)
{
	size_t		i;

	for (i = 0; sqlstate != NULL && i < sizeof(table) / sizeof(table[0]); i++)
	{
		if (strncmp(sqlstate, table[i].sqlstate, strlen(table[i].sqlstate)) == 0 &&
			(ours || !table[i].ours))
			return &table[i];
	}
	return &internal;
}
