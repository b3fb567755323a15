/*
 * json.c
 *	  Is a text JSON that PostgreSQL takes as jsonb?
 *
 * A body is checked here before it is sent, not to spare PostgreSQL the work but
 * because its own refusal puts a piece of the text into its log: a password, a
 * phone number.  So nothing may pass here that jsonb's input refuses: RFC 8259,
 * UTF-8, no NUL also as \u0000, surrogates in pairs only; and a depth at which
 * its stack is safe.  (A number too large for it is refused there without being
 * quoted.)
 *
 * No recursion and no memory: one bit for each level says object or array.
 * Includes nothing of Kore, so it can be fuzzed alone.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "json.h"
#include "params.h"

typedef struct Reader
{
	const char *at;
	const char *end;
} Reader;

/* Passes over white space. */
static void
skip_space(Reader *r)
{
	while (r->at < r->end &&
		   (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
		r->at++;
}

/* Passes over a character, if it is the next. */
static bool
take(Reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* Passes over digits; false when there is none. */
static bool
take_digits(Reader *r)
{
	const char *start = r->at;

	while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
		r->at++;
	return r->at > start;
}

/* Reads the four hex digits of \u; -1 when they are none. */
static int
take_code(Reader *r)
{
	int			code = 0;
	int			i;

	if (r->end - r->at < 4)
		return -1;
	for (i = 0; i < 4; i++, r->at++)
	{
		char		c = *r->at;

		if (c >= '0' && c <= '9')
			code = code << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			code = code << 4 | ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return code;
}

/* Reads what follows a backslash. */
static bool
take_escape(Reader *r)
{
	int			code;

	if (r->at == r->end)
		return false;
	if (*r->at != 'u')
		return *r->at != '\0' && strchr("\"\\/bfnrt", *r->at++) != NULL;
	r->at++;
	code = take_code(r);
	if (code <= 0)
		return false;
	if (code >= 0xd800 && code <= 0xdbff)
	{
		if (!take(r, '\\') || !take(r, 'u'))
			return false;
		code = take_code(r);
		return code >= 0xdc00 && code <= 0xdfff;
	}
	return code < 0xdc00 || code > 0xdfff;
}

/* Reads a string. */
static bool
take_string(Reader *r)
{
	if (!take(r, '"'))
		return false;
	while (r->at < r->end)
	{
		unsigned char c = (unsigned char) *r->at++;

		if (c == '"')
			return true;
		if (c < 0x20 || (c == '\\' && !take_escape(r)))
			return false;
	}
	return false;
}

/* Reads a number. */
static bool
take_number(Reader *r)
{
	take(r, '-');
	if (!take(r, '0') && !take_digits(r))
		return false;
	if (take(r, '.') && !take_digits(r))
		return false;
	if (take(r, 'e') || take(r, 'E'))
	{
		if (!take(r, '+'))
			take(r, '-');
		return take_digits(r);
	}
	return true;
}

/* Reads true, false or null. */
static bool
take_word(Reader *r)
{
	static const char *const words[] = {"true", "false", "null"};
	size_t		i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		size_t		length = strlen(words[i]);

		if ((size_t) (r->end - r->at) >= length && memcmp(r->at, words[i], length) == 0)
		{
			r->at += length;
			return true;
		}
	}
	return false;
}

/* Reads a value that holds no others. */
static bool
take_scalar(Reader *r)
{
	if (r->at == r->end)
		return false;
	if (*r->at == '"')
		return take_string(r);
	if (*r->at == '-' || (*r->at >= '0' && *r->at <= '9'))
		return take_number(r);
	return take_word(r);
}

/* Reads a member's name and its colon. */
static bool
take_name(Reader *r)
{
	skip_space(r);
	if (!take_string(r))
		return false;
	skip_space(r);
	return take(r, ':');
}

/* Checks a whole text; returns NULL, or what is wrong. */
const char *
json_check(const char *data, size_t length)
{
	static const char malformed[] = "the body is not valid JSON";
	Reader		r = {data, data + length};
	uint64_t	objects = 0;	/* a bit for each level, the innermost last */
	int			depth = 0;

	if (memchr(data, '\0', length) != NULL || !params_utf8(data, length))
		return "the body is not valid JSON: it must be UTF-8 without NUL";
	for (;;)
	{
		bool		opened = false;

		/* a value */
		skip_space(&r);
		if (r.at < r.end && (*r.at == '{' || *r.at == '['))
		{
			if (depth == JSON_DEPTH_MAX)
				return "the body is nested too deeply";
			objects = objects << 1 | (*r.at == '{');
			depth++;
			r.at++;
			skip_space(&r);
			opened = r.at == r.end || *r.at != ((objects & 1) ? '}' : ']');
			if (opened && (objects & 1) && !take_name(&r))
				return malformed;
		}
		else if (!take_scalar(&r))
			return malformed;
		if (opened)
			continue;

		/* what may follow it: the ends of what it is in, a comma */
		for (;;)
		{
			skip_space(&r);
			if (depth == 0)
				return r.at == r.end ? NULL : malformed;
			if (take(&r, ','))
			{
				if ((objects & 1) && !take_name(&r))
					return malformed;
				break;
			}
			if (!take(&r, (objects & 1) ? '}' : ']'))
				return malformed;
			objects >>= 1;
			depth--;
		}
	}
}
