/*
 * people.h
 *		People who sign in.
 */
#ifndef CALLCENTER_PEOPLE_H
#define CALLCENTER_PEOPLE_H

#include "token.h"

/* Folds an e-mail address as sign-in compares it: lower case of ASCII letters, no white space around. */
extern char *people_fold_email(text *email);

/* Reads into claims for which companies their subject may act, and as what.  Inside SPI_connect(), as callcenter_auth. */
extern void people_read_memberships(Claims *claims);

/* Refuses (22023) a new password, which the caller gives as "path", that is too short or too long. */
extern void people_check_password(text *password, const char *path);

/* The same, and hashes it. */
extern text *people_new_password(text *password, const char *path);

/*
 * Holds the companies that a user is a member of (company_hold), before the user or anything else is locked; gives their
 * ids as a text array.  Inside SPI_connect(), as callcenter_auth.
 */
extern Datum people_hold_companies(Datum user_id);

/* Tells the logs of those companies, and the platform's, that a user's password was changed.  As above. */
extern void people_log_password(Datum user_id, Datum held_companies, const char *email, const char *company_actor,
								const char *platform_actor);

#endif							/* CALLCENTER_PEOPLE_H */
