/*
 * facts.c
 *		call_facts: making the stored form, and telling whether something is one; costs and words of calls.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "facts.h"

const char *const facts_status_names[FACTS_STATUSES] = {"completed", "transferred", "voicemail", "abandoned", "spam", "error"};
const char *const facts_tier_names[FACTS_TIERS] = {"none", "1", "2", "3", "other"};

/* Tells whether the shorter form of a cost can tell it. */
static inline bool
is_short_cost(int128 cost)
{
	return cost % FACTS_SHORT_COST == 0 && cost / FACTS_SHORT_COST >= PG_INT64_MIN && cost / FACTS_SHORT_COST <= PG_INT64_MAX;
}

struct varlena *
facts_pack(const CallFacts *facts)
{
	struct varlena *stored = palloc(VARHDRSZ + FACTS_FIXED + sizeof(int128) + sizeof(uint16) + facts->intent_length);
	char	   *data = VARDATA(stored);
	uint32		bits = facts->bits;
	uint64		start = facts_order64((uint64) facts->started_at);
	uint32		duration = facts_order32((uint32) facts->duration);
	uint32		head;
	int			at = FACTS_FIXED;

	if (bits & (FACT_COST | FACT_LONG_COST))
	{
		bool		is_short = is_short_cost(facts->cost);
		uint64		low = facts_order64(is_short ? (uint64) (int64) (facts->cost / FACTS_SHORT_COST) : (uint64) facts->cost);
		uint64		high = facts_order64((uint64) (facts->cost >> 64));

		bits = (bits & ~(FACT_COST | FACT_LONG_COST)) | (is_short ? FACT_COST : FACT_LONG_COST);
		memcpy(data + at, &low, sizeof(low));
		at += sizeof(low);
		if (!is_short)
		{
			memcpy(data + at, &high, sizeof(high));
			at += sizeof(high);
		}
	}
	if (bits & FACT_RATING)
	{
		uint16		rating = facts_order16((uint16) facts->rating);

		memcpy(data + at, &rating, sizeof(rating));
		at += sizeof(rating);
	}
	head = facts_order32(bits << 8 | FACTS_VERSION);
	memcpy(data, &head, sizeof(head));
	memcpy(data + 4, &start, sizeof(start));
	memcpy(data + 12, &duration, sizeof(duration));
	if (facts->intent_length > 0)
		memcpy(data + at, facts->intent, facts->intent_length);
	SET_VARSIZE(stored, VARHDRSZ + at + facts->intent_length);
	return stored;
}

const char *
facts_parse(const char *data, Size length, CallFacts *facts)
{
	uint32		head;
	uint32		bits;
	Size		fixed = FACTS_FIXED;

	if (length < FACTS_FIXED)
		return "it is too short";
	if (data[0] != FACTS_VERSION)
		return "it is of another version";
	memcpy(&head, data, sizeof(head));
	bits = facts_order32(head) >> 8;
	if (bits >> FACTS_BITS != 0 || FACT_STATUS(bits) >= FACTS_STATUSES || FACT_TIER(bits) >= FACTS_TIERS ||
		((bits & FACT_COST) && (bits & FACT_LONG_COST)))
		return "its bits are malformed";
	fixed += (bits & FACT_COST) ? sizeof(uint64) : 0;
	fixed += (bits & FACT_LONG_COST) ? sizeof(int128) : 0;
	fixed += (bits & FACT_RATING) ? sizeof(uint16) : 0;
	if (length < fixed || length - fixed > MaxAllocSize / 2)
		return "its length is wrong";
	facts_read(data, (int) length, facts);
	if (TIMESTAMP_NOT_FINITE(facts->started_at) || !IS_VALID_TIMESTAMP(facts->started_at))
		return "its start is out of range";
	if (!(bits & FACT_DURATION) && facts->duration != 0)
		return "its duration is malformed";
	if (((bits & FACT_LONG_COST) && is_short_cost(facts->cost)) || facts->cost > FACTS_COST_LIMIT || facts->cost < -FACTS_COST_LIMIT)
		return "its cost is malformed";
	if (!pg_verify_mbstr(GetDatabaseEncoding(), facts->intent, facts->intent_length, true))
		return "its intent is no text";
	return NULL;
}

/*
 * The stored form of a numeric is read as it is: a header of two bytes that says how the rest is laid out, then digits of
 * base 10,000 from the one of the highest weight on.  The form is fixed by pg_upgrade; a conversion through functions
 * would take more than all the rest of adding a call.
 */
#define NUMERIC_SIGN_MASK	0xC000
#define NUMERIC_NEG			0x4000
#define NUMERIC_SHORT		0x8000
#define NUMERIC_SPECIAL		0xC000
#define NUMERIC_SHORT_SIGN_MASK 0x2000
#define NUMERIC_SHORT_WEIGHT_SIGN_MASK 0x0040
#define NUMERIC_SHORT_WEIGHT_MASK 0x003F
#define COST_DIGITS			(FACTS_COST_DECIMALS / 4)

bool
facts_cost_of(Datum numeric, int128 *cost)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(numeric);
	const char *data = VARDATA_ANY(value);
	int			size = VARSIZE_ANY_EXHDR(value);
	uint16		header;
	int16		weight;
	bool		negative;
	int128		sum = 0;

	memcpy(&header, data, sizeof(header));
	data += sizeof(header);
	size -= sizeof(header);
	if ((header & NUMERIC_SIGN_MASK) == NUMERIC_SPECIAL)
		return false;
	if ((header & NUMERIC_SIGN_MASK) == NUMERIC_SHORT)
	{
		negative = (header & NUMERIC_SHORT_SIGN_MASK) != 0;
		weight = (header & NUMERIC_SHORT_WEIGHT_MASK) | ((header & NUMERIC_SHORT_WEIGHT_SIGN_MASK) ? ~NUMERIC_SHORT_WEIGHT_MASK : 0);
	}
	else
	{
		negative = (header & NUMERIC_SIGN_MASK) == NUMERIC_NEG;
		memcpy(&weight, data, sizeof(weight));
		data += sizeof(weight);
		size -= sizeof(weight);
	}
	if (weight > 2 && size > 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("cost of a call is out of range")));

	/* "place" is the power of 10,000 units that a digit counts */
	for (int place = weight + COST_DIGITS, i = 0; place >= -1; place--, i++)
	{
		int16		digit = 0;

		if (i < size / (int) sizeof(digit))
			memcpy(&digit, data + i * sizeof(digit), sizeof(digit));
		else if (sum == 0)
			break;
		if (place >= 0)
			sum = sum * 10000 + digit;
		else
			sum += digit >= 5000;
	}
	*cost = negative ? -sum : sum;
	return true;
}

bool
facts_status_of(const char *name, int length, CallStatus *status)
{
	for (int i = 0; i < FACTS_STATUSES; i++)
		if (length > 0 && name[0] == facts_status_names[i][0])
		{
			*status = (CallStatus) i;
			return strlen(facts_status_names[i]) == (size_t) length && memcmp(name, facts_status_names[i], length) == 0;
		}
	return false;
}
