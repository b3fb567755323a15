/*
 * followups_internal.h
 *		What the files of follow-ups share: follow_up_rules.c, followups.c, follow_up_list.c.
 */
#ifndef CALLCENTER_FOLLOWUPS_INTERNAL_H
#define CALLCENTER_FOLLOWUPS_INTERNAL_H

#include "followups.h"

/* The labels of follow_up_reason, strongest first. */
typedef enum Reason
{
	REASON_EMERGENCY,
	REASON_REQUESTED,
	REASON_MESSAGE,
	REASON_VOICEMAIL,
	REASON_MISSED,
	REASON_LEAD,
	REASON_NONE
} Reason;

extern const char *const follow_up_reason_names[];

/* The labels of urgency, as priorities. */
typedef enum Priority
{
	PRIORITY_NORMAL,
	PRIORITY_URGENT,
	PRIORITY_EMERGENCY
} Priority;

extern const char *const follow_up_priority_names[];

/* What a call asks of its item. */
typedef struct Need
{
	Reason		reason;
	Priority	priority;
	TimestampTz due_at;			/* 0 to count it from now */
} Need;

/* Gives why somebody must see to a call, or REASON_NONE. */
extern Reason follow_up_reason(const Company *company, const FollowUpFacts *facts);

/* Tells whether a call that needs no follow-up itself settles what was open: somebody spoke with the caller, or booked. */
extern bool follow_up_settles(const FollowUpFacts *facts);

/* Gives how urgent a call is. */
extern Priority follow_up_priority(const FollowUpFacts *facts);

/* Gives the deadline of a priority, from now on. */
extern TimestampTz follow_up_deadline(const Company *company, Priority priority);

/* Ends an item. */
extern void follow_up_resolve(const Identity *identity, Datum id, const char *status, const char *resolution, text *note);

/* Writes the audit log of an item. */
extern void follow_up_audit(const Identity *identity, const char *action, Datum id, char *before, char *after);

#endif							/* CALLCENTER_FOLLOWUPS_INTERNAL_H */
