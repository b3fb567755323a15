/*
 * object_id.c
 *		Makes and checks object ids (domain callcenter.object_id).
 *
 * An id is 12 bytes in hexadecimal: 4 bytes of Unix time, 5 random bytes that a backend draws once, a 3-byte counter
 * that starts at a random value (BSON ObjectId specification).  Ids need no sequence and no lock, and those of one
 * backend sort by the time they were made.
 */
#include "postgres.h"

#include <time.h>

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "errors.h"
#include "object_id.h"

PG_FUNCTION_INFO_V1(cc_object_id_check);
PG_FUNCTION_INFO_V1(cc_object_id_new);

/* Tells whether the text is an object id. */
bool
object_id_is_valid(const char *s, size_t length)
{
	if (length != OBJECT_ID_LENGTH)
		return false;
	for (size_t i = 0; i < length; i++)
		if (!((s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'f')))
			return false;
	return true;
}

/* Makes a new object id. */
text *
object_id_generate(void)
{
	static pid_t owner = 0;
	static unsigned char process[5];
	static uint32 counter;
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[12];
	uint32		now = (uint32) time(NULL);
	text	   *result = (text *) palloc(VARHDRSZ + OBJECT_ID_LENGTH);
	char	   *out = VARDATA(result);

	if (owner != MyProcPid)
	{
		if (!pg_strong_random(process, sizeof(process)) || !pg_strong_random(&counter, sizeof(counter)))
			ereport(ERROR,
					(errcode(ERRCODE_INTERNAL_ERROR),
					 errmsg("could not generate random values")));
		owner = MyProcPid;
	}
	counter++;

	bytes[0] = now >> 24;
	bytes[1] = now >> 16;
	bytes[2] = now >> 8;
	bytes[3] = now;
	memcpy(bytes + 4, process, sizeof(process));
	bytes[9] = counter >> 16;
	bytes[10] = counter >> 8;
	bytes[11] = counter;

	SET_VARSIZE(result, VARHDRSZ + OBJECT_ID_LENGTH);
	for (int i = 0; i < 12; i++)
	{
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	return result;
}

/* object_id_new() object_id: a new id. */
Datum
cc_object_id_new(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(object_id_generate());
}

/* object_id_check(text) boolean: true, or error 22P02; the check of the domain. */
Datum
cc_object_id_check(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);

	if (!object_id_is_valid(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)))
		error_field(ERRCODE_INVALID_TEXT_REPRESENTATION, NULL, "an id must have 24 lower-case hexadecimal digits");
	PG_RETURN_BOOL(true);
}
