/*
 * transcript.c
 *		Transcripts: putting turns in order, who spoke when, the line that sums a call up.
 *
 * The number that a client gives a turn decides the order; turns without numbers are numbered as they came, and turns with
 * the same number stay as they came.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "json_text.h"
#include "local_time.h"
#include "plans.h"
#include "transcript.h"

#define SUMMARY_MAX		200		/* characters */
#define LAST_TURN_MS	3000	/* length of a last turn whose end is not known */

/* A turn while a transcript is put in order. */
typedef struct Turn
{
	int			number;
	int			position;		/* in the document */
	bool		is_agent;
	TimestampTz at;				/* DT_NOBEGIN when not given */
	JsonbValue *text;
} Turn;

/* Gives a string member of a jsonb object, or NULL. */
JsonbValue *
json_string_member(JsonbContainer *object, const char *key)
{
	JsonbValue *value = getKeyJsonValueFromContainer(object, key, strlen(key), NULL);

	return value != NULL && value->type == jbvString ? value : NULL;
}

/* Tells whether a string value, which may be NULL, is the text. */
bool
json_string_is(const JsonbValue *value, const char *s)
{
	return value != NULL && (size_t) value->val.string.len == strlen(s) && memcmp(value->val.string.val, s, value->val.string.len) == 0;
}

/* Orders turns by number; equal ones stay as they came. */
static int
compare_turns(const void *a, const void *b)
{
	const Turn *x = a,
			   *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->position - y->position;
}

/* Reads the transcript of a document into turns, in order; returns how many. */
static int
read_turns(Jsonb *transcript, Turn **turns)
{
	int			count = JsonContainerSize(&transcript->root);

	*turns = palloc_array(Turn, Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		JsonbContainer *item = getIthJsonbValueFromContainer(&transcript->root, i)->val.binary.data;
		JsonbValue *number = getKeyJsonValueFromContainer(item, "turnNumber", 10, NULL);
		JsonbValue *at = json_string_member(item, "timestamp");
		Turn	   *turn = &(*turns)[i];

		turn->position = i;
		turn->number = number != NULL ? DatumGetInt32(DirectFunctionCall1(numeric_int4, NumericGetDatum(number->val.numeric))) : i + 1;
		turn->is_agent = json_string_is(json_string_member(item, "speaker"), "agent");
		turn->text = json_string_member(item, "text");
		turn->at = DT_NOBEGIN;
		if (at != NULL)
			parse_timestamp(at->val.string.val, at->val.string.len, &turn->at);
	}
	qsort(*turns, count, sizeof(Turn), compare_turns);
	return count;
}

/* Pushes a string member. */
static void
push_string(JsonbParseState **state, const char *key, const char *s, int length)
{
	JsonbValue	k = {.type = jbvString,.val.string = {.val = unconstify(char *, key),.len = strlen(key)}};
	JsonbValue	v = {.type = jbvString,.val.string = {.val = unconstify(char *, s),.len = length}};

	pushJsonbValue(state, WJB_KEY, &k);
	pushJsonbValue(state, WJB_VALUE, &v);
}

/* Makes the stored form of the transcript: in order, every turn with its number. */
static Jsonb *
turns_to_jsonb(const Turn *turns, int count)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < count; i++)
	{
		JsonbValue	key = {.type = jbvString,.val.string = {.val = "turnNumber",.len = 10}};
		JsonbValue	number = {.type = jbvNumeric,.val.numeric = int64_to_numeric(turns[i].number)};

		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		push_string(&state, "speaker", turns[i].is_agent ? "agent" : "caller", turns[i].is_agent ? 5 : 6);
		push_string(&state, "text", turns[i].text->val.string.val, turns[i].text->val.string.len);
		if (!TIMESTAMP_IS_NOBEGIN(turns[i].at))
		{
			StringInfoData at;

			initStringInfo(&at);
			json_timestamp(&at, turns[i].at);
			push_string(&state, "timestamp", at.data + 1, at.len - 2);
		}
		pushJsonbValue(&state, WJB_KEY, &key);
		pushJsonbValue(&state, WJB_VALUE, &number);
		pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL));
}

/* Makes the triples of who spoke when, in milliseconds from the start of the call; NULL when a turn has no time. */
static ArrayType *
turns_to_talk(const Turn *turns, int count, TimestampTz start, TimestampTz call_end)
{
	Datum	   *triples = palloc_array(Datum, count * 3);
	int32		end = 0;

	for (int i = count - 1; i >= 0; i--)
	{
		int64		begin;

		if (TIMESTAMP_IS_NOBEGIN(turns[i].at))
			return NULL;
		begin = (turns[i].at - start) / 1000;
		if (begin > PG_INT32_MAX / 2)
			return NULL;
		begin = Max(begin, 0);
		if (i == count - 1)
		{
			end = (int32) begin + LAST_TURN_MS;
			if (!TIMESTAMP_IS_NOEND(call_end))
				end = (int32) Max(begin, Min((call_end - start) / 1000, PG_INT32_MAX));
		}
		triples[i * 3] = Int32GetDatum(turns[i].is_agent ? 1 : 0);
		triples[i * 3 + 1] = Int32GetDatum((int32) begin);
		triples[i * 3 + 2] = Int32GetDatum(Max(end, (int32) begin));
		end = (int32) begin;
	}
	return construct_array(triples, count * 3, INT4OID, sizeof(int32), true, TYPALIGN_INT);
}

/* Cuts a text down to its first line or sentence, as a summary. */
text *
summary_of(const char *s, int length)
{
	int			end = pg_mbcharcliplen(s, length, SUMMARY_MAX);

	for (int i = 0; i < end; i++)
	{
		if (s[i] == '\n')
			end = i;
		else if ((s[i] == '.' || s[i] == '?' || s[i] == '!') && i + 1 < end && s[i + 1] == ' ' && i > 40)
			end = i + 1;
	}
	return end > 0 ? cstring_to_text_with_len(s, end) : NULL;
}

void
transcript_read(Transcript *transcript, Jsonb *turns, TimestampTz start, TimestampTz end)
{
	Turn	   *list;
	int			count = read_turns(turns, &list);

	memset(transcript, 0, sizeof(*transcript));
	if (count == 0)
		return;
	transcript->turns = turns_to_jsonb(list, count);
	transcript->talk = turns_to_talk(list, count, start, end);
	for (int i = 0; i < count && transcript->summary == NULL; i++)
		if (!list[i].is_agent)
			transcript->summary = summary_of(list[i].text->val.string.val, list[i].text->val.string.len);
}

/* Runs one of the statements that store a transcript. */
static void
run_store(SavedPlan *plan, text *company, Datum call_id, const Transcript *transcript)
{
	Datum		values[] = {PointerGetDatum(company), call_id, JsonbPGetDatum(transcript->turns), PointerGetDatum(transcript->talk)};
	bool		isnull[] = {false, false, false, transcript->talk == NULL};

	plan_run(plan, values, isnull, false, 0);
}

#define INSERT_SQL "INSERT INTO callcenter.transcripts (company_id, call_id, turns, talk) VALUES ($1, $2, $3, $4) "

void
transcript_add(text *company, Datum call_id, const Transcript *transcript)
{
	static SavedPlan plan = {.sql = INSERT_SQL,.nargs = 4,.types = {TEXTOID, TEXTOID, JSONBOID, INT4ARRAYOID}};

	run_store(&plan, company, call_id, transcript);
}

void
transcript_store(text *company, Datum call_id, const Transcript *transcript)
{
	static SavedPlan plan = {
		.sql = INSERT_SQL "ON CONFLICT (company_id, call_id) DO UPDATE SET turns = EXCLUDED.turns, talk = EXCLUDED.talk",
		.nargs = 4,
		.types = {TEXTOID, TEXTOID, JSONBOID, INT4ARRAYOID},
	};

	run_store(&plan, company, call_id, transcript);
}
