/*
 * followups.h
 *		Follow-ups: what calls, customers and appointments tell followups.c.
 *
 * All of these work inside the identity and SPI of an API function that holds the locks of the callers concerned.
 */
#ifndef CALLCENTER_FOLLOWUPS_H
#define CALLCENTER_FOLLOWUPS_H

#include "companies.h"
#include "identity.h"

/* What of a call decides whether somebody must be called back. */
typedef struct FollowUpFacts
{
	Datum		id;				/* of the call */
	text	   *customer;		/* NULL without customer */
	const char *e164;			/* NULL when the caller is not a number */
	bool		withheld;
	bool		own_number;		/* one of the company's own */
	bool		inbound;
	const char *status;
	const char *urgency;		/* NULL when not known */
	text	   *intent;
	bool		booked;
	bool		requested;		/* outcome.followUpRequired */
	bool		message_left;
	int			duration;		/* seconds; -1 when not known */
	TimestampTz started_at;
	bool		may_be_late;	/* calls that started later are stored already */
	bool		nothing_open;	/* known: the caller has no open item */
} FollowUpFacts;

/* A call that is new: opens or extends the caller's item, or resolves it. */
extern void follow_up_logged(const Identity *identity, const Company *company, const FollowUpFacts *facts);

/* What happened to a call that is weighed again. */
typedef enum FollowUpChange
{
	FOLLOW_UP_CHANGED,			/* fields of it */
	FOLLOW_UP_ASKED,			/* somebody asked for a follow-up: opens one also for a call that was seen to already */
	FOLLOW_UP_LINKED			/* it has another customer, or none */
} FollowUpChange;

extern void follow_up_reconsider(const Identity *identity, const Company *company, Datum call_id, FollowUpChange change);

/* A booking for a customer that no call made: resolves the open item. */
extern void follow_up_booked(const Identity *identity, text *customer);

/* A call that made a booking: resolves the item that it is part of, or its caller's. */
extern void follow_up_call_booked(const Identity *identity, Datum call_id);

/* Gives the items (ids) of calls that are about to go; follow_up_calls_gone() then counts them anew. */
extern Datum *follow_ups_of_calls(text *company, const char *condition, int nargs, const Oid *types, const Datum *values, int *count);
extern void follow_up_calls_gone(const Identity *identity, const Datum *ids, int count);

/* A number became a customer's: the open item of the number, if there is one, goes on as the customer's. */
extern bool follow_up_adopt(const Identity *identity, text *customer, const char *e164);

/* A customer is about to go: its items go on under the numbers that called.  Its calls have no customer by now. */
extern void follow_up_release_customer(const Identity *identity, const Company *company, text *customer);

/* A person was erased: nobody is left to follow up. */
extern void follow_up_erase(const Identity *identity, text *customer);

#endif							/* CALLCENTER_FOLLOWUPS_H */
