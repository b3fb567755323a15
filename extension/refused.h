/*
 * refused.h
 *		Accesses that were refused: counted, logged, and written into the audit log of the company that was wanted.
 */
#ifndef CALLCENTER_REFUSED_H
#define CALLCENTER_REFUSED_H

#include "token.h"

typedef enum RefusedReason
{
	REFUSED_TOKEN,				/* no token, or one that does not verify */
	REFUSED_COMPANY,			/* the company is not the caller's */
	REFUSED_ROLE,				/* it is, but the caller's role in it does not suffice */
	REFUSED_SIGN_IN,			/* e-mail address or password is wrong, or too many attempts */
	REFUSED_REASONS
} RefusedReason;

/*
 * Says that a company is wanted from here on, so that a token that does not verify is known to have been meant for it;
 * NULL: none is.  The text must live until it is taken back.
 */
extern void refused_expect(const char *company_id);

/* Counts a refusal, and notes it for the company that is expected, if one is.  Just before an error is raised. */
extern void refused_note(RefusedReason reason);

/* Notes a refused access to a company.  The caller is the bearer of the claims; without claims, the session's role. */
extern void refused_access(RefusedReason reason, const char *company_id, const Claims *claims);

/* The same of an identity that has been entered. */
extern void refused_actor(RefusedReason reason, const char *company_id, const char *actor);

extern void refused_init(void);
extern Size refused_shared_size(void);
extern void refused_shared_attach(void *area, bool found);

#endif							/* CALLCENTER_REFUSED_H */
