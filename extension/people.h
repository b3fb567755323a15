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

#endif							/* CALLCENTER_PEOPLE_H */
