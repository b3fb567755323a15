/*
 * summary.c
 *		call_summary: adding up calls and summaries, and the stored form.
 *
 * A summary is linear: that of two sets of calls is the sum of theirs, and what a change takes away is subtracted.  So
 * there is nothing in it that cannot be taken back (no minimum, no maximum), and everything may be negative.
 *
 * The stored form, version 1: a byte 1; a bitmap of which counters are not zero (the lowest bit of the first byte is the
 * first counter) and those; the number of intents, and each as the length of its name, its name and its counters, in
 * the order of names; the number of duration buckets that are not zero, and each as the distance from the one before
 * and its count; the cost.  A number is a LEB128 of the fewest bytes, zigzag where it has a sign.  So there is one stored
 * form of a summary, on every machine, and equal summaries are equal bytes.
 *
 * The breakdowns of a summary agree (every call has a status, a tier, an hour, an intent, and either has a duration or
 * not), also in a difference.  A stored form in which they do not is damaged and refused.
 */
#include "postgres.h"

#include <math.h>

#include "common/int.h"
#include "mb/pg_wchar.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "summary.h"

#define STORED_VERSION		1
#define BITMAP_BYTES		((SUMMARY_COUNTS + 7) / 8)

/* no counter goes beyond: sums of some thousands of them stay in 64 bits, and every one is exact in JSON */
#define COUNT_LIMIT			(INT64CONST(1) << 53)
#define OUT_OF_RANGE(n)		((n) > COUNT_LIMIT || (n) < -COUNT_LIMIT)

#define MAX_INTENTS			1000000
#define MAX_VARINT			10
#define MAX_VARINT128		19

/* up to here intents are looked for one after the other */
#define FEW_INTENTS			8

/* buckets below this are of one second each; then each doubling has BUCKETS_PER_DOUBLING */
#define EXACT_BUCKETS		128
#define BUCKETS_PER_DOUBLING 64
#define MAX_BUCKETS			(EXACT_BUCKETS + 24 * BUCKETS_PER_DOUBLING)

void
summary_init(CallSummary *summary, MemoryContext context)
{
	memset(summary, 0, sizeof(CallSummary));
	summary->context = context;
}

/*
 * Section: the parts of a summary
 */

/* Gives the bucket of a duration.  Those of one second each are the doublings up to EXACT_BUCKETS taken as one. */
static inline int
bucket_of(int32 seconds)
{
	uint32		n = Max(seconds, 0);
	int			power = pg_leftmost_one_pos32(n | BUCKETS_PER_DOUBLING);

	return EXACT_BUCKETS + (power - 7) * BUCKETS_PER_DOUBLING + (int) (n >> (power - 6)) - BUCKETS_PER_DOUBLING;
}

/* Gives the middle of a bucket. */
static double
bucket_middle(int bucket)
{
	int			shift;
	int64		first;

	if (bucket < EXACT_BUCKETS)
		return bucket;
	shift = (bucket - EXACT_BUCKETS) / BUCKETS_PER_DOUBLING + 1;
	first = (int64) (BUCKETS_PER_DOUBLING + (bucket - EXACT_BUCKETS) % BUCKETS_PER_DOUBLING) << shift;
	return first + ((INT64CONST(1) << shift) - 1) / 2.0;
}

/* Makes room for a bucket. */
static void
reserve_bucket(CallSummary *summary, int bucket)
{
	int			space = Min(TYPEALIGN(64, bucket + 1), MAX_BUCKETS);

	if (summary->buckets == NULL)
		summary->buckets = MemoryContextAllocZero(summary->context, sizeof(int64) * space);
	else
	{
		summary->buckets = repalloc(summary->buckets, sizeof(int64) * space);
		memset(summary->buckets + summary->nbuckets, 0, sizeof(int64) * (space - summary->nbuckets));
	}
	summary->nbuckets = space;
}

static inline void
add_bucket(CallSummary *summary, int bucket, int64 count)
{
	if (unlikely(bucket >= summary->nbuckets))
		reserve_bucket(summary, bucket);
	summary->buckets[bucket] += count;
}

static inline uint64
load64(const char *p)
{
	uint64		n;

	memcpy(&n, p, sizeof(n));
	return n;
}

/* Folds the product of two numbers into one. */
static inline uint64
mix(uint64 a, uint64 b)
{
	uint128		product = (uint128) a * b;

	return (uint64) product ^ (uint64) (product >> 64);
}

/*
 * Hashes the name of an intent.  It is done for every call, so words are mixed by multiplication as wyhash does; that of
 * PostgreSQL takes as long as all the rest.  Nothing depends on the order that it makes.
 */
static inline uint32
intent_hash(const char *name, int length)
{
	uint64		hash = UINT64CONST(0x2d358dccaa6c78a5) ^ (uint64) length;
	uint64		last = 0;

	for (; length > 8; name += 8, length -= 8)
		hash = mix(hash ^ load64(name), UINT64CONST(0x8bb84b93962eacc9));
	memcpy(&last, name, length);
	hash = mix(hash ^ last, UINT64CONST(0x4b33a62ed433d4a3));
	return (uint32) (hash ^ (hash >> 32));
}

/* Tells whether two pieces of memory are the same; both may be short. */
static inline bool
same_bytes(const char *a, const char *b, uint32 length)
{
	if (length < 8)
	{
		for (uint32 i = 0; i < length; i++)
			if (a[i] != b[i])
				return false;
		return true;
	}
	for (uint32 i = 0; i < length - 8; i += 8)
		if (load64(a + i) != load64(b + i))
			return false;
	return load64(a + length - 8) == load64(b + length - 8);
}

static inline bool
intent_is(const SummaryIntent *intent, const char *name, int length)
{
	return intent->length == (uint32) length && same_bytes(intent->name, name, length);
}

/* Puts an intent into the hash. */
static void
place_intent(CallSummary *summary, int index)
{
	uint32		mask = summary->nintent_slots - 1;
	uint32		slot = summary->intents[index].hash & mask;

	while (summary->intent_slots[slot] != 0)
		slot = (slot + 1) & mask;
	summary->intent_slots[slot] = index + 1;
}

/* Makes room for one more intent. */
static void
reserve_intent(CallSummary *summary)
{
	if (summary->nintents >= MAX_INTENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a summary cannot have more than %d intents", MAX_INTENTS)));
	if (summary->nintents == summary->intent_space)
	{
		int			space = Max(summary->intent_space * 2, 4);

		if (summary->intents == NULL)
			summary->intents = MemoryContextAlloc(summary->context, sizeof(SummaryIntent) * space);
		else
			summary->intents = repalloc(summary->intents, sizeof(SummaryIntent) * space);
		summary->intent_space = space;
	}
	if (summary->nintents >= FEW_INTENTS && (uint32) summary->nintents * 2 >= summary->nintent_slots)
	{
		if (summary->intent_slots != NULL)
			pfree(summary->intent_slots);
		summary->nintent_slots = Max(summary->nintent_slots * 2, FEW_INTENTS * 4);
		summary->intent_slots = MemoryContextAllocZero(summary->context, sizeof(int32) * summary->nintent_slots);
		for (int i = 0; i < summary->nintents; i++)
			place_intent(summary, i);
	}
}

/* Finds an intent; NULL when it is not there.  The hash is computed when it is needed and 0. */
static inline SummaryIntent *
find_intent(const CallSummary *summary, const char *name, int length, uint32 *hash)
{
	if (summary->nintent_slots == 0)
	{
		for (int i = 0; i < summary->nintents; i++)
			if (intent_is(&summary->intents[i], name, length))
				return &summary->intents[i];
		return NULL;
	}
	*hash = intent_hash(name, length);
	for (uint32 slot = *hash & (summary->nintent_slots - 1);; slot = (slot + 1) & (summary->nintent_slots - 1))
	{
		SummaryIntent *intent;

		if (summary->intent_slots[slot] == 0)
			return NULL;
		intent = &summary->intents[summary->intent_slots[slot] - 1];
		if (intent->hash == *hash && intent_is(intent, name, length))
			return intent;
	}
}

/* Gives the counters of an intent, new ones when there are none. */
static SummaryIntent *
enter_intent(CallSummary *summary, const char *name, int length)
{
	uint32		hash = 0;
	SummaryIntent *intent = find_intent(summary, name, length, &hash);

	if (likely(intent != NULL))
		return intent;
	reserve_intent(summary);
	intent = &summary->intents[summary->nintents++];
	memset(intent, 0, sizeof(SummaryIntent));
	intent->name = MemoryContextAlloc(summary->context, Max(length, 1));
	memcpy(intent->name, name, length);
	intent->length = length;
	intent->hash = intent_hash(name, length);
	if (summary->nintent_slots != 0)
		place_intent(summary, summary->nintents - 1);
	return intent;
}

const SummaryIntent *
summary_intent(const CallSummary *summary, const char *name, int length)
{
	uint32		hash = 0;

	return find_intent(summary, name, length, &hash);
}

/*
 * Section: adding
 */

/* Reports a sum of costs that has left its range. */
static void
cost_out_of_range(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("sum of costs out of range")));
}

/* Adds a call.  Nearly without branches: what a call is cannot be predicted from the one before. */
static inline void
add_call(CallSummary *summary, const CallFacts *call, int hour, int64 sign)
{
#define COUNT_IF(count, condition) ((count) += (condition) ? sign : 0)
	int64	   *counts = summary->counts;
	uint32		bits = call->bits;
	SummaryIntent *intent = enter_intent(summary, call->intent, call->intent_length);
	uint32		status = FACT_STATUS(bits);
	uint32		tier = FACT_TIER(bits);
	bool		is_booked = (bits & FACT_BOOKED) != 0;
	bool		is_short = (status == CALL_ABANDONED) & ((bits & FACT_DURATION) != 0) & (call->duration < SUMMARY_SHORT_SECONDS);
	bool		is_lead = !(bits & FACT_OUTBOUND) & (status != CALL_SPAM) & (status != CALL_ERROR) & !is_short;

	counts[COUNT_STATUS + status] += sign;
	counts[COUNT_TIER + tier] += sign;
	counts[COUNT_HOUR + hour] += sign;
	COUNT_IF(counts[COUNT_TIER_BOOKED + tier], is_booked);
	COUNT_IF(counts[COUNT_HOUR_BOOKED + hour], is_booked);
	intent->counts[INTENT_CALLS] += sign;
	COUNT_IF(intent->counts[INTENT_BOOKED], is_booked);
	COUNT_IF(intent->counts[INTENT_LEADS], is_lead);
	COUNT_IF(intent->counts[INTENT_BOOKED_LEADS], is_lead & is_booked);
	COUNT_IF(counts[COUNT_OUTBOUND], bits & FACT_OUTBOUND);
	COUNT_IF(counts[COUNT_RETURNING], bits & FACT_RETURNING);
	COUNT_IF(counts[COUNT_SHORT], is_short);
	COUNT_IF(counts[COUNT_WITHHELD], bits & FACT_WITHHELD);
	COUNT_IF(counts[COUNT_FOLLOW_UP], bits & FACT_FOLLOW_UP);
	COUNT_IF(counts[COUNT_REVIEWED], bits & FACT_REVIEWED);
	COUNT_IF(counts[COUNT_FLAGGED], bits & FACT_FLAGGED);
	if (bits & FACT_DURATION)
	{
		counts[COUNT_WITH_DURATION] += sign;
		counts[COUNT_DURATION] += sign * call->duration;
		add_bucket(summary, bucket_of(call->duration), sign);
	}
	if (bits & (FACT_COST | FACT_LONG_COST))
	{
		counts[COUNT_WITH_COST] += sign;
		if (unlikely(sign > 0 ? __builtin_add_overflow(summary->cost, call->cost, &summary->cost)
					 : __builtin_sub_overflow(summary->cost, call->cost, &summary->cost)))
			cost_out_of_range();
	}
	if (bits & FACT_RATING)
	{
		counts[COUNT_RATED] += sign;
		counts[COUNT_RATING] += sign * call->rating;
	}
}

void
summary_add_call(CallSummary *summary, const CallFacts *call, int hour, int sign)
{
	add_call(summary, call, hour, sign);
}

void
summary_add_facts(CallSummary *summary, const char *stored, int length, LocalClock *clock)
{
	CallFacts	call;

	facts_read(stored, length, &call);
	add_call(summary, &call, clock_hour(clock, call.started_at), 1);
}

/* Reports a counter that has left its range. */
static void
out_of_range(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("call_summary out of range")));
}

/* Adds to a counter. */
static inline void
add_count(int64 *count, int64 n)
{
	*count += n;
	if (unlikely(OUT_OF_RANGE(*count)))
		out_of_range();
}

void
summary_add(CallSummary *summary, const CallSummary *other, int sign)
{
	for (int i = 0; i < SUMMARY_COUNTS; i++)
		add_count(&summary->counts[i], sign * other->counts[i]);
	for (int i = 0; i < other->nintents; i++)
	{
		SummaryIntent *intent = enter_intent(summary, other->intents[i].name, other->intents[i].length);

		for (int c = 0; c < INTENT_COUNTS; c++)
			add_count(&intent->counts[c], sign * other->intents[i].counts[c]);
	}
	for (int i = 0; i < other->nbuckets; i++)
		if (other->buckets[i] != 0)
		{
			add_bucket(summary, i, sign * other->buckets[i]);
			if (unlikely(OUT_OF_RANGE(summary->buckets[i])))
				out_of_range();
		}
	if (sign > 0 ? __builtin_add_overflow(summary->cost, other->cost, &summary->cost)
		: __builtin_sub_overflow(summary->cost, other->cost, &summary->cost))
		out_of_range();
}

/*
 * Section: the stored form
 */

typedef struct Reader
{
	const uint8 *p;
	const uint8 *end;
	bool		damaged;
} Reader;

/* Reads a number without a sign; damaged when it is cut off, too large or not of the fewest bytes. */
static inline uint64
read_number(Reader *reader)
{
	uint64		value = 0;

	if (likely(reader->p < reader->end && *reader->p < 0x80))
		return *reader->p++;
	for (int shift = 0; shift < 64 && reader->p < reader->end; shift += 7)
	{
		uint8		byte = *reader->p++;

		value |= (uint64) (byte & 0x7f) << shift;
		if (byte < 0x80)
		{
			if (byte == 0 || (shift == 63 && byte > 1))
				break;
			return value;
		}
	}
	reader->damaged = true;
	return 0;
}

static inline int64
read_signed(Reader *reader)
{
	uint64		n = read_number(reader);

	return (int64) (n >> 1) ^ -(int64) (n & 1);
}

static int128
read_signed128(Reader *reader)
{
	uint128		n = 0;

	for (int shift = 0; shift < 128 && reader->p < reader->end; shift += 7)
	{
		uint8		byte = *reader->p++;

		n |= (uint128) (byte & 0x7f) << shift;
		if (byte < 0x80)
		{
			if ((byte == 0 && shift > 0) || (shift == 126 && byte > 3))
				break;
			return (int128) (n >> 1) ^ -(int128) (n & 1);
		}
	}
	reader->damaged = true;
	return 0;
}

/*
 * Adds a stored form to a summary; gives the reason when it is damaged (then the summary is, too).  What only a whole
 * check finds is left to check_sums().
 */
static const char *
add_stored(CallSummary *summary, const char *data, Size length, int sign)
{
	Reader		reader = {(const uint8 *) data, (const uint8 *) data + length, false};
	const uint8 *bitmap;
	const char *previous = NULL;
	uint64		previous_length = 0;
	uint64		n;
	int			bucket = -1;

	if (length < 1 + BITMAP_BYTES)
		return "it is too short";
	if (*reader.p++ != STORED_VERSION)
		return "it is of another version";
	bitmap = reader.p;
	reader.p += BITMAP_BYTES;
	for (int byte = 0; byte < BITMAP_BYTES; byte++)
		for (uint32 bits = bitmap[byte]; bits != 0; bits &= bits - 1)
		{
			int			index = byte * 8 + pg_rightmost_one_pos32(bits);
			int64		value = read_signed(&reader);

			if (index >= SUMMARY_COUNTS || value == 0 || OUT_OF_RANGE(value))
				return "a counter is malformed";
			add_count(&summary->counts[index], sign * value);
		}

	n = read_number(&reader);
	if (n > MAX_INTENTS || reader.damaged)
		return "the intents are malformed";
	for (; n > 0; n--)
	{
		uint64		size = read_number(&reader);
		const char *name = (const char *) reader.p;
		SummaryIntent *intent;
		bool		is_zero = true;

		if (reader.damaged || size > (uint64) (reader.end - reader.p))
			return "the intents are malformed";
		if (previous != NULL)
		{
			int			order = memcmp(previous, name, Min(previous_length, size));

			if (order > 0 || (order == 0 && previous_length >= size))
				return "the intents are not in order";
		}
		reader.p += size;
		intent = enter_intent(summary, name, size);
		for (int c = 0; c < INTENT_COUNTS; c++)
		{
			int64		value = read_signed(&reader);

			if (OUT_OF_RANGE(value))
				return "the intents are malformed";
			is_zero &= value == 0;
			add_count(&intent->counts[c], sign * value);
		}
		if (is_zero || reader.damaged)
			return "the intents are malformed";
		previous = name;
		previous_length = size;
	}

	n = read_number(&reader);
	if (n > MAX_BUCKETS || reader.damaged)
		return "the durations are malformed";
	for (; n > 0; n--)
	{
		uint64		distance = read_number(&reader);
		int64		value = read_signed(&reader);

		if (reader.damaged || distance == 0 || distance > MAX_BUCKETS || value == 0 || OUT_OF_RANGE(value) || bucket + distance >= MAX_BUCKETS)
			return "the durations are malformed";
		bucket += distance;
		add_bucket(summary, bucket, sign * value);
		if (unlikely(OUT_OF_RANGE(summary->buckets[bucket])))
			out_of_range();
	}

	{
		int128		cost = read_signed128(&reader);

		if (reader.damaged || reader.p != reader.end)
			return "its length is wrong";
		if (sign > 0 ? __builtin_add_overflow(summary->cost, cost, &summary->cost) : __builtin_sub_overflow(summary->cost, cost, &summary->cost))
			out_of_range();
	}
	return NULL;
}

/* Gives the reason why a summary cannot be one of calls, or NULL: its breakdowns must agree. */
static const char *
check_sums(const CallSummary *summary)
{
	int128		calls = 0,
				tiers = 0,
				hours = 0,
				durations = 0,
				booked_tiers = 0,
				booked_hours = 0;
	int128		intents[INTENT_COUNTS] = {0};

	for (int i = 0; i < FACTS_STATUSES; i++)
		calls += summary->counts[COUNT_STATUS + i];
	for (int i = 0; i < FACTS_TIERS; i++)
	{
		tiers += summary->counts[COUNT_TIER + i];
		booked_tiers += summary->counts[COUNT_TIER_BOOKED + i];
	}
	for (int i = 0; i < SUMMARY_HOURS; i++)
	{
		hours += summary->counts[COUNT_HOUR + i];
		booked_hours += summary->counts[COUNT_HOUR_BOOKED + i];
	}
	for (int i = 0; i < summary->nintents; i++)
		for (int c = 0; c < INTENT_COUNTS; c++)
			intents[c] += summary->intents[i].counts[c];
	for (int i = 0; i < summary->nbuckets; i++)
		durations += summary->buckets[i];
	if (tiers != calls || hours != calls || intents[INTENT_CALLS] != calls)
		return "its breakdowns do not have the same total";
	if (booked_hours != booked_tiers || intents[INTENT_BOOKED] != booked_tiers)
		return "its breakdowns of booked calls do not have the same total";
	if (durations != summary->counts[COUNT_WITH_DURATION])
		return "its durations are not those of the calls with one";
	return NULL;
}

/* Gives the reason why names of intents cannot be shown, or NULL: they must be text in the database's encoding. */
static const char *
check_names(const CallSummary *summary)
{
	for (int i = 0; i < summary->nintents; i++)
		if (!pg_verifymbstr(summary->intents[i].name, summary->intents[i].length, true))
			return "the name of an intent is no text";
	return NULL;
}

void
summary_add_stored(CallSummary *summary, const struct varlena *stored, int sign)
{
	const char *reason = add_stored(summary, VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored), sign);

	if (reason != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored call_summary is damaged: %s", reason)));
}

CallSummary *
summary_parse(const char *data, Size length, const char **reason)
{
	CallSummary *summary = palloc(sizeof(CallSummary));

	summary_init(summary, CurrentMemoryContext);
	*reason = add_stored(summary, data, length, 1);
	if (*reason == NULL)
		*reason = check_sums(summary);
	if (*reason == NULL)
		*reason = check_names(summary);
	return *reason == NULL ? summary : NULL;
}

static inline uint8 *
write_number(uint8 *p, uint64 n)
{
	for (; n >= 0x80; n >>= 7)
		*p++ = (uint8) (n | 0x80);
	*p++ = (uint8) n;
	return p;
}

static inline uint8 *
write_signed(uint8 *p, int64 n)
{
	return write_number(p, ((uint64) n << 1) ^ (uint64) (n >> 63));
}

static int
compare_intents(const void *a, const void *b)
{
	const SummaryIntent *one = *(const SummaryIntent *const *) a;
	const SummaryIntent *other = *(const SummaryIntent *const *) b;
	int			order = memcmp(one->name, other->name, Min(one->length, other->length));

	return order != 0 ? order : (one->length > other->length) - (one->length < other->length);
}

const SummaryIntent **
summary_sorted_intents(const CallSummary *summary)
{
	const SummaryIntent **sorted = palloc_array(const SummaryIntent *, summary->nintents + 1);

	for (int i = 0; i < summary->nintents; i++)
		sorted[i] = &summary->intents[i];
	qsort(sorted, summary->nintents, sizeof(sorted[0]), compare_intents);
	return sorted;
}

static bool
intent_is_zero(const SummaryIntent *intent)
{
	for (int c = 0; c < INTENT_COUNTS; c++)
		if (intent->counts[c] != 0)
			return false;
	return true;
}

struct varlena *
summary_store(const CallSummary *summary)
{
	const SummaryIntent **intents = summary_sorted_intents(summary);
	Size		size = VARHDRSZ + 1 + BITMAP_BYTES + SUMMARY_COUNTS * MAX_VARINT + 2 * MAX_VARINT + MAX_VARINT128;
	int			nintents = 0,
				nbuckets = 0,
				previous = -1;
	struct varlena *stored;
	uint8	   *p,
			   *bitmap;
	uint128		cost;

	for (int i = 0; i < summary->nintents; i++)
		if (!intent_is_zero(intents[i]))
		{
			intents[nintents++] = intents[i];
			size += (INTENT_COUNTS + 1) * MAX_VARINT + intents[i]->length;
		}
	for (int i = 0; i < summary->nbuckets; i++)
		nbuckets += summary->buckets[i] != 0;
	size += (Size) nbuckets * 2 * MAX_VARINT;
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("call_summary is too large")));

	stored = palloc(size);
	p = (uint8 *) VARDATA(stored);
	*p++ = STORED_VERSION;
	bitmap = p;
	memset(bitmap, 0, BITMAP_BYTES);
	p += BITMAP_BYTES;
	for (int i = 0; i < SUMMARY_COUNTS; i++)
		if (summary->counts[i] != 0)
		{
			bitmap[i / 8] |= 1 << (i % 8);
			p = write_signed(p, summary->counts[i]);
		}
	p = write_number(p, nintents);
	for (int i = 0; i < nintents; i++)
	{
		p = write_number(p, intents[i]->length);
		memcpy(p, intents[i]->name, intents[i]->length);
		p += intents[i]->length;
		for (int c = 0; c < INTENT_COUNTS; c++)
			p = write_signed(p, intents[i]->counts[c]);
	}
	p = write_number(p, nbuckets);
	for (int i = 0; i < summary->nbuckets; i++)
		if (summary->buckets[i] != 0)
		{
			p = write_number(p, i - previous);
			p = write_signed(p, summary->buckets[i]);
			previous = i;
		}
	cost = ((uint128) summary->cost << 1) ^ (uint128) (summary->cost >> 127);
	for (; cost >= 0x80; cost >>= 7)
		*p++ = (uint8) ((uint8) cost | 0x80);
	*p++ = (uint8) cost;
	SET_VARSIZE(stored, (char *) p - (char *) stored);
	pfree(intents);
	return stored;
}

/*
 * Section: reading
 */

bool
summary_is_empty(const CallSummary *summary)
{
	for (int i = 0; i < SUMMARY_COUNTS; i++)
		if (summary->counts[i] != 0)
			return false;
	for (int i = 0; i < summary->nintents; i++)
		if (!intent_is_zero(&summary->intents[i]))
			return false;
	for (int i = 0; i < summary->nbuckets; i++)
		if (summary->buckets[i] != 0)
			return false;
	return summary->cost == 0;
}

int64
summary_calls(const CallSummary *summary)
{
	int64		calls = 0;

	for (int i = 0; i < FACTS_STATUSES; i++)
		calls += summary->counts[COUNT_STATUS + i];
	return calls;
}

int64
summary_booked(const CallSummary *summary)
{
	int64		booked = 0;

	for (int i = 0; i < FACTS_TIERS; i++)
		booked += summary->counts[COUNT_TIER_BOOKED + i];
	return booked;
}

int64
summary_missed(const CallSummary *summary)
{
	return summary->counts[COUNT_STATUS + CALL_VOICEMAIL] + summary->counts[COUNT_STATUS + CALL_ABANDONED] - summary->counts[COUNT_SHORT];
}

bool
summary_percentile(const CallSummary *summary, double p, double *seconds)
{
	int64		calls = summary->counts[COUNT_WITH_DURATION];
	int64		rank = Max((int64) ceil(p * calls), 1);
	int64		below = 0;

	if (calls <= 0)
		return false;
	for (int i = 0; i < summary->nbuckets; i++)
	{
		below += summary->buckets[i];
		if (below >= rank)
		{
			*seconds = bucket_middle(i);
			return true;
		}
	}
	return false;
}

Datum
summary_cost(const CallSummary *summary)
{
	char		digits[64];
	char	   *p = digits + sizeof(digits);
	uint128		rest = summary->cost < 0 ? -(uint128) summary->cost : (uint128) summary->cost;
	Datum		value;

	*--p = '\0';
	for (int place = 0; place <= FACTS_COST_DECIMALS || rest != 0; place++)
	{
		if (place == FACTS_COST_DECIMALS)
			*--p = '.';
		*--p = '0' + (char) (rest % 10);
		rest /= 10;
	}
	if (summary->cost < 0)
		*--p = '-';
	value = DirectFunctionCall3(numeric_in, CStringGetDatum(p), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	return DirectFunctionCall1(numeric_trim_scale, value);
}
