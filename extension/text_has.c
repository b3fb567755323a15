/*
 * text_has.c
 *		text_has(): whether a text has another one in it, in upper or lower case; text_ends(): whether it ends in one.  What lists
 *		ask of names, texts and numbers.
 *
 * It is asked of every row of a company, so letters of ASCII, which nearly all names are made of, are compared where they
 * stand; ILIKE makes a copy of each value in wide characters.  Other letters are folded as lower() folds them.  What is
 * looked for comes folded (text_has_fold()).
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/formatting.h"

#include "text_has.h"

PG_FUNCTION_INFO_V1(cc_text_has);
PG_FUNCTION_INFO_V1(cc_text_ends);

/* Folds a text. */
text *
text_has_fold(const text *part)
{
	return cstring_to_text(str_tolower(VARDATA_ANY(part), VARSIZE_ANY_EXHDR(part), DEFAULT_COLLATION_OID));
}

static bool
is_ascii(const char *s, size_t length)
{
	unsigned char all = 0;

	for (size_t i = 0; i < length; i++)
		all |= (unsigned char) s[i];
	return all < 0x80;
}

static inline char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* Tells whether a text of ASCII has a folded part, which is not empty. */
static bool
ascii_has(const char *s, size_t length, const char *part, size_t part_length)
{
	for (size_t at = 0; at + part_length <= length; at++)
	{
		size_t		same = 0;

		while (same < part_length && fold(s[at + same]) == part[same])
			same++;
		if (same == part_length)
			return true;
	}
	return false;
}

/* Tells the same by whole bytes, of a folded text. */
static bool
bytes_have(const char *s, size_t length, const char *part, size_t part_length)
{
	for (size_t at = 0; at + part_length <= length; at++)
		if (memcmp(s + at, part, part_length) == 0)
			return true;
	return false;
}

/* text_has(value text, part text) boolean: "part" is folded. */
Datum
cc_text_has(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	text	   *part = PG_GETARG_TEXT_PP(1);
	const char *s = VARDATA_ANY(value);
	size_t		length = VARSIZE_ANY_EXHDR(value);
	const char *p = VARDATA_ANY(part);
	size_t		part_length = VARSIZE_ANY_EXHDR(part);
	char	   *folded;

	if (part_length == 0)
		PG_RETURN_BOOL(true);
	if (is_ascii(s, length))
		PG_RETURN_BOOL(ascii_has(s, length, p, part_length));
	folded = str_tolower(s, length, DEFAULT_COLLATION_OID);
	PG_RETURN_BOOL(bytes_have(folded, strlen(folded), p, part_length));
}

/* text_ends(value text, part text) boolean */
Datum
cc_text_ends(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	text	   *part = PG_GETARG_TEXT_PP(1);
	size_t		length = VARSIZE_ANY_EXHDR(value);
	size_t		part_length = VARSIZE_ANY_EXHDR(part);

	PG_RETURN_BOOL(length >= part_length && memcmp(VARDATA_ANY(value) + length - part_length, VARDATA_ANY(part), part_length) == 0);
}
