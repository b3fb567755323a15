/*
 * call_traits.h
 *		calls.traits: what lists filter calls by of which there are few values, as one number.
 *
 * The bits, from the lowest: flagged, reviewed, follow-up required, outbound, two of the urgency (none, normal, urgent,
 * emergency), three of the routing tier and three of the status, both as in facts.  The number is stored: another meaning of
 * a bit takes an update of all calls.
 */
#ifndef CALLCENTER_CALL_TRAITS_H
#define CALLCENTER_CALL_TRAITS_H

#include "facts.h"

#define TRAIT_FLAGGED		(1 << 0)
#define TRAIT_REVIEWED		(1 << 1)
#define TRAIT_FOLLOW_UP		(1 << 2)
#define TRAIT_OUTBOUND		(1 << 3)
#define TRAIT_URGENCY_SHIFT	4
#define TRAIT_TIER_SHIFT	6
#define TRAIT_STATUS_SHIFT	9

#define TRAIT_URGENCY(traits)	(((traits) >> TRAIT_URGENCY_SHIFT) & 3)
#define TRAIT_TIER(traits)		(((traits) >> TRAIT_TIER_SHIFT) & 7)
#define TRAIT_STATUS(traits)	((traits) >> TRAIT_STATUS_SHIFT)

/* Gives the traits of a call by the bits of its facts and its urgency, empty for none. */
static inline int16
call_traits(uint32 bits, const char *urgency, int urgency_length)
{
	/* the words of callcenter.urgency begin with other letters each */
	int			level = urgency_length == 0 ? 0 : urgency[0] == 'n' ? 1 : urgency[0] == 'u' ? 2 : 3;

	return FACT_STATUS(bits) << TRAIT_STATUS_SHIFT | FACT_TIER(bits) << TRAIT_TIER_SHIFT | level << TRAIT_URGENCY_SHIFT |
		((bits & FACT_OUTBOUND) ? TRAIT_OUTBOUND : 0) | ((bits & FACT_FOLLOW_UP) ? TRAIT_FOLLOW_UP : 0) |
		((bits & FACT_REVIEWED) ? TRAIT_REVIEWED : 0) | ((bits & FACT_FLAGGED) ? TRAIT_FLAGGED : 0);
}

#endif							/* CALLCENTER_CALL_TRAITS_H */
