/*
 * token.h
 *		Tokens of people: JSON Web Tokens (RFC 7519) verified and issued with the key ring.
 */
#ifndef CALLCENTER_TOKEN_H
#define CALLCENTER_TOKEN_H

#include "datatype/timestamp.h"

/* What a person may do in a company; the order is the order of power. */
typedef enum MemberRole
{
	MEMBER_NONE,
	MEMBER_VIEWER,
	MEMBER_AGENT,
	MEMBER_ADMIN
} MemberRole;

typedef struct Membership
{
	char		company_id[25];
	MemberRole	role;
} Membership;

/* What a verified token says. */
typedef struct Claims
{
	char	   *subject;		/* "sub": the user's id */
	char	   *email;			/* NULL when the token has none */
	char	   *name;			/* NULL when the token has none */
	char	   *session;		/* "sid": the session of ours that it is of; NULL when the token has none */
	TimestampTz expires_at;
	int			nmemberships;
	Membership *memberships;
} Claims;

extern MemberRole member_role(const char *name, size_t length);
extern const char *member_role_name(MemberRole role);
extern Claims *token_verify(const char *token, size_t length);
extern MemberRole claims_role(const Claims *claims, const char *company_id);
extern char *token_issue(const Claims *claims, TimestampTz now);

#endif							/* CALLCENTER_TOKEN_H */
