/*
 * follow_up_rules.c
 *		The rules of follow-ups: which call needs one and why, how urgent it is, by when, and which call settles one.
 *
 * All of it is decided from FollowUpFacts and the settings of the company; nothing is read from the database.
 *
 * Rules
 * - Withheld and spam callers, and the company's own numbers, make none: there is nobody to call back.
 * - Deadlines count from the moment the need is recorded: emergencies and urgent ones in minutes, others in minutes of the
 *	 company's business time.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/timestamp.h"

#include "followups_internal.h"
#include "local_time.h"

/* Who gives up before that has not been missed (CallRail's line between abandoned and missed). */
#define MISSED_SECONDS		15

/* Deadlines are looked for among so many days: the longest business time that a company can set fits in. */
#define DEADLINE_DAYS		400

const char *const follow_up_reason_names[] = {"emergency", "requested", "message", "voicemail", "missed", "lead"};
const char *const follow_up_priority_names[] = {"normal", "urgent", "emergency"};

static bool
is_one_of(const char *name, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Gives why somebody must see to a call, or REASON_NONE. */
Reason
follow_up_reason(const Company *company, const FollowUpFacts *facts)
{
	bool		is_emergency = facts->urgency != NULL && strcmp(facts->urgency, "emergency") == 0;

	if (facts->withheld || facts->own_number || strcmp(facts->status, "spam") == 0 || (facts->customer == NULL && facts->e164 == NULL))
		return REASON_NONE;
	if (facts->inbound && is_emergency && !facts->booked)
		return REASON_EMERGENCY;
	if (facts->requested)
		return REASON_REQUESTED;
	if (!facts->inbound)
		return REASON_NONE;
	if (facts->message_left)
		return REASON_MESSAGE;
	if (strcmp(facts->status, "voicemail") == 0)
		return REASON_VOICEMAIL;
	if (strcmp(facts->status, "abandoned") == 0 && facts->duration >= MISSED_SECONDS)
		return REASON_MISSED;
	if (strcmp(facts->status, "completed") == 0 && !facts->booked && facts->intent != NULL &&
		company_intent_is_lead(company, facts->intent))
		return REASON_LEAD;
	return REASON_NONE;
}

/* Tells whether a call that needs no follow-up itself settles what was open: somebody spoke with the caller, or booked. */
bool
follow_up_settles(const FollowUpFacts *facts)
{
	static const char *const spoken[] = {"completed", "transferred"};

	if (facts->withheld || facts->own_number || (facts->customer == NULL && facts->e164 == NULL))
		return false;
	return facts->booked || is_one_of(facts->status, spoken, lengthof(spoken));
}

Priority
follow_up_priority(const FollowUpFacts *facts)
{
	for (int i = PRIORITY_EMERGENCY; i > PRIORITY_NORMAL; i--)
		if (facts->urgency != NULL && strcmp(facts->urgency, follow_up_priority_names[i]) == 0)
			return i;
	return PRIORITY_NORMAL;
}

/* Gives the instant when the company has been open for so many minutes from now on. */
static TimestampTz
after_business_time(const Company *company, TimestampTz now, int minutes)
{
	int64		left = minutes * USECS_PER_MINUTE;
	DateADT		day = local_date(now, company->time_zone);

	for (int i = 0; i < DEADLINE_DAYS; i++, day++)
	{
		TimestampTz from,
					to;

		/* ISO: Monday is bit 0 */
		if (!(company->business_days & (1 << ((day + POSTGRES_EPOCH_JDATE) % 7))))
			continue;
		from = Max(now, local_clock(day, company->business_opens * USECS_PER_MINUTE, company->time_zone));
		to = local_clock(day, company->business_closes * USECS_PER_MINUTE, company->time_zone);
		if (from + left <= to)
			return from + left;
		left -= Max(to - from, 0);
	}
	return now + minutes * USECS_PER_MINUTE;
}

/* Gives the deadline of a priority. */
TimestampTz
follow_up_deadline(const Company *company, Priority priority)
{
	TimestampTz now = GetCurrentTransactionStartTimestamp();
	int			minutes = company->follow_up_minutes[priority];

	return priority == PRIORITY_NORMAL ? after_business_time(company, now, minutes) : now + minutes * USECS_PER_MINUTE;
}
