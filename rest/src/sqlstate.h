/*
 * sqlstate.h
 *	  What an SQLSTATE means to the caller of the REST API.
 */
#ifndef CALLCENTER_SQLSTATE_H
#define CALLCENTER_SQLSTATE_H

#include <stdbool.h>

typedef struct SqlState
{
	const char *sqlstate;		/* five characters, or the class: two */
	bool		ours;			/* only if the extension raised it on purpose */
	int			status;
	const char *code;			/* for programs */
	const char *error;			/* for people */
	bool		retry;			/* a read is sent again once */
	bool		renew;			/* the connection's prepared statements are stale */
} SqlState;

extern const SqlState *sqlstate_find(const char *sqlstate, bool ours);

#endif
