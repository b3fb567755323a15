/*
 * errors.c
 *		Raises the errors of errors.h.  No other file marks an error as meant for the caller.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "errors.h"
#include "refused.h"

#define FOR_THE_CALLER err_generic_string(PG_DIAG_SCHEMA_NAME, "callcenter")

/*
 * Raises the one answer to every token that is missing or does not verify.  The reason goes to the server's log, when
 * that shows debug messages, and never to the client, whatever the session asks to hear.
 */
void
error_no_token(const char *reason)
{
	refused_note(REFUSED_TOKEN);
	if (log_min_messages <= DEBUG1)
		ereport(LOG_SERVER_ONLY, (errmsg_internal("token refused: %s", reason)));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
			 errmsg("authentication required"),
			 FOR_THE_CALLER));
	pg_unreachable();
}

/* Raises the one answer to a company that is not granted, whether it exists or not. */
void
error_access_denied(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("You do not have access to this company"),
			 FOR_THE_CALLER));
	pg_unreachable();
}

/* Raises that the caller may act for the company, but not do this. */
void
error_right_missing(const char *needed)
{
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("This needs the %s role", needed),
			 FOR_THE_CALLER));
	pg_unreachable();
}

/* Raises that the company has no such record. */
void
error_not_found(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_NO_DATA_FOUND),
			 errmsg("%s not found", what),
			 FOR_THE_CALLER));
	pg_unreachable();
}

/* Raises that the field at "path" (NULL: the document as a whole) is wrong, in words that say what is allowed. */
void
error_field(int sqlstate, const char *path, const char *fmt,...)
{
	va_list		args;
	char		text[1024];

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	ereport(ERROR,
			(errcode(sqlstate),
			 path ? errmsg("field \"%s\" %s", path, text) : errmsg("%s", text),
			 path ? err_generic_string(PG_DIAG_COLUMN_NAME, path) : 0,
			 FOR_THE_CALLER));
	pg_unreachable();
}

/* Raises that a record was changed since the version that the change was made from. */
void
error_stale(const char *what, int expected, int stored)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("the %s was changed meanwhile: version %d is expected, version %d is stored", what, expected, stored),
			 FOR_THE_CALLER));
	pg_unreachable();
}

/* Raises that a record with this key exists already, with other content. */
void
error_conflict(const char *path, const char *fmt,...)
{
	va_list		args;
	char		text[512];

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	ereport(ERROR,
			(errcode(ERRCODE_UNIQUE_VIOLATION),
			 errmsg("%s", text),
			 path ? err_generic_string(PG_DIAG_COLUMN_NAME, path) : 0,
			 FOR_THE_CALLER));
	pg_unreachable();
}
