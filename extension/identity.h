/*
 * identity.h
 *		Who is calling, for which company, and what they may do.
 */
#ifndef CALLCENTER_IDENTITY_H
#define CALLCENTER_IDENTITY_H

#include "object_id.h"

/* What a function needs of its caller. */
typedef enum CallerRight
{
	RIGHT_READ,					/* read calls and customers: viewers, services */
	RIGHT_ANNOTATE,				/* notes, reviews, follow-ups, profiles: agents, services */
	RIGHT_LOG,					/* log calls: admins (the platform), services */
	RIGHT_REVEAL,				/* reveal access codes: admins, and whom grant_right() has granted it */
	RIGHT_DELETE,				/* delete records: the same */
	RIGHT_ADMIN					/* everything: admins */
} CallerRight;

typedef struct Identity
{
	char		company_id[OBJECT_ID_LENGTH + 1];
	text	   *company;		/* the same as text */
	const char *actor;			/* e-mail or subject of a person, name of a database role */
	bool		may_log;		/* has RIGHT_LOG */
	struct ActiveIdentity *entered; /* what makes it the active one */
	int			settings_level; /* of the settings that it has for itself; 0 for none */
} Identity;

/*
 * Finds out who is calling (the token's bearer, or the session's role when the token is NULL), checks that they may act
 * for the company and have the right, and makes that identity the active one: from here to identity_leave() row-level
 * security shows this company's rows.  Raises 28000 or 42501.  An error after it takes the identity back by itself.
 */
extern Identity *identity_enter(text *company, text *token, CallerRight right);
extern void identity_leave(Identity *identity);

/* Has what is set from here on with GUC_ACTION_SAVE taken back when the identity is left. */
extern void identity_own_settings(Identity *identity);

/* Gives the active identity as callcenter.identity shows it: company id, a space and the actor; "" for none. */
extern const char *identity_show(void);

/* Refuses what an identity that was entered may not do, because of the role that it has; logged like every refusal. */
extern void identity_refuse(const Identity *identity, const char *needed) pg_attribute_noreturn();

/* Makes a company active for the server's own work (making it, reading its name): no caller is checked. */
extern Identity *identity_enter_company(const char *company_id, const char *actor);

extern void identity_init(void);

#endif							/* CALLCENTER_IDENTITY_H */
