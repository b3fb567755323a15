/*
 * attempts.h
 *		How often somebody may try a password.
 */
#ifndef CALLCENTER_ATTEMPTS_H
#define CALLCENTER_ATTEMPTS_H

#include "datatype/timestamp.h"

/* What is known of the attempts at an account, from an address, or at the one from the other. */
typedef struct Tally
{
	double		failures;		/* what is left of them, see attempts.c */
	TimestampTz failed_at;		/* 0: never */
	TimestampTz allowed_at;		/* 0: at once */
	TimestampTz succeeded_at;	/* 0: never */
} Tally;

typedef struct Attempt
{
	Datum		account;		/* SHA-256 of the e-mail address, bytea */
	Datum		address;		/* text */
	bool		has_address;
	bool		known;			/* the account has signed in from the address */
	Tally		pair;
	Tally		all_addresses;	/* of the account; not read for a known address */
	Tally		all_accounts;	/* from the address; likewise */
} Attempt;

/*
 * Begins an attempt to sign in as "email" (folded) from "address" (NULL: not known): counts and locks, so that of
 * attempts at once each sees those before it.  Returns 0, and the password may be looked at, or the seconds to wait;
 * attempt_end() must follow the first, nothing the second.  Inside SPI_connect().
 */
extern int	attempt_begin(Attempt *attempt, const char *email, text *address);

/* Notes how it went. */
extern void attempt_end(Attempt *attempt, bool succeeded);

/* Forgets what was counted against an account. */
extern void attempts_forget(const char *email);

#endif							/* CALLCENTER_ATTEMPTS_H */
