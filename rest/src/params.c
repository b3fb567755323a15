/*
 * params.c
 *	  Paths and query strings: strict decoding.
 *
 * A percent sign must be followed by two hex digits; what comes out must be
 * UTF-8 (RFC 3629: no surrogates, no overlong forms) and must not hold a NUL,
 * which would end a libpq parameter early.  Nothing is dropped or repaired.
 *
 * A query string becomes a JSON object of strings, in the order given.  What
 * the parameters mean, and which there are, is the function's business: it gets
 * the object as jsonb.  Only here can a parameter that is given twice be seen
 * (jsonb would keep the last), so that is refused here.
 *
 * Includes nothing of Kore, so it can be fuzzed alone.
 */
#include <stdint.h>
#include <string.h>

#include "params.h"

#define COMPANY_ID_LENGTH 24

/* The value of a hex digit, or -1. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Is this well-formed UTF-8? */
bool
params_utf8(const char *data, size_t length)
{
	const unsigned char *p = (const unsigned char *) data;
	const unsigned char *end = p + length;

	while (p < end)
	{
		uint32_t	rune;
		int			more;
		uint32_t	least;

		if (*p < 0x80)
		{
			p++;
			continue;
		}
		if ((*p & 0xe0) == 0xc0)
		{
			rune = *p & 0x1f;
			more = 1;
			least = 0x80;
		}
		else if ((*p & 0xf0) == 0xe0)
		{
			rune = *p & 0x0f;
			more = 2;
			least = 0x800;
		}
		else if ((*p & 0xf8) == 0xf0)
		{
			rune = *p & 0x07;
			more = 3;
			least = 0x10000;
		}
		else
			return false;
		if (end - p <= more)
			return false;
		for (p++; more > 0; more--, p++)
		{
			if ((*p & 0xc0) != 0x80)
				return false;
			rune = rune << 6 | (*p & 0x3f);
		}
		if (rune < least || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))
			return false;
	}
	return true;
}

/*
 * Decodes "length" bytes into out (as long at most, plus a NUL) and sets the
 * new length.  plus: "+" stands for a blank, as in a query string.
 */
static bool
decode(const char *data, size_t length, bool plus, char *out, size_t *out_length)
{
	size_t		n = 0;
	size_t		i;

	for (i = 0; i < length; i++)
	{
		char		c = data[i];

		if (c == '%')
		{
			int			high;
			int			low;

			if (length - i < 3 || (high = hex_value(data[i + 1])) < 0 ||
				(low = hex_value(data[i + 2])) < 0)
				return false;
			c = (char) (high << 4 | low);
			i += 2;
		}
		else if (c == '+' && plus)
			c = ' ';
		if (c == '\0')
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	*out_length = n;
	return params_utf8(out, n);
}

/*
 * Cuts a path ("/a/b") into its segments and decodes each once, in place.
 * Returns how many there are, or -1 when the path is malformed or has more than
 * SEGMENTS_MAX.  The path "/" has one segment, which is empty.
 */
int
params_path(char *path, char **segments)
{
	char	   *start = path + 1;
	int			n = 0;

	for (;;)
	{
		size_t		length = strcspn(start, "/");
		bool		last = start[length] == '\0';
		size_t		decoded;

		if (n == SEGMENTS_MAX || !decode(start, length, false, start, &decoded))
			return -1;
		segments[n++] = start;
		if (last)
			return n;
		start += length + 1;
	}
}

/* Fails with a message about a parameter; the name must be decoded already. */
static bool
fail(ParamError *error, const char *message, const char *name, size_t length)
{
	error->message = message;
	text_append(&error->field, name, length);
	return false;
}

/*
 * Turns a query string (NULL: none) into a JSON object of strings.  On failure
 * *error says what is wrong, its field to be freed.
 */
bool
params_query(const char *query, Text *json, ParamError *error)
{
	const char *names[PARAMS_MAX];
	size_t		lengths[PARAMS_MAX];
	Text		names_text = {0};
	char	   *buffer;
	bool		ok = true;
	int			n = 0;

	memset(error, 0, sizeof(*error));
	text_add(json, "{");

	/* One copy to decode into: decoding never makes anything longer. */
	text_add(&names_text, query != NULL ? query : "");
	text_append(&names_text, "", 1);
	buffer = names_text.data;

	while (ok && query != NULL && *query != '\0')
	{
		size_t		length = strcspn(query, "&");
		const char *equals = memchr(query, '=', length);
		size_t		name_length = equals != NULL ? (size_t) (equals - query) : length;
		char	   *name = buffer;
		char	   *value;
		size_t		value_length = 0;
		int			i;

		if (length == 0)
		{
			query++;
			continue;
		}
		if (n == PARAMS_MAX)
		{
			ok = fail(error, "too many parameters", "", 0);
			break;
		}
		if (!decode(query, name_length, true, name, &name_length) || name_length == 0)
		{
			ok = fail(error, "a parameter's name is malformed", "", 0);
			break;
		}
		value = name + name_length + 1;
		*value = '\0';
		if (equals != NULL &&
			!decode(equals + 1, length - (size_t) (equals + 1 - query), true, value, &value_length))
		{
			ok = fail(error, "must be percent-encoded UTF-8 without NUL", name, name_length);
			break;
		}
		for (i = 0; i < n; i++)
		{
			if (lengths[i] == name_length && memcmp(names[i], name, name_length) == 0)
			{
				ok = fail(error, "is given twice", name, name_length);
				break;
			}
		}
		if (!ok)
			break;
		names[n] = name;
		lengths[n] = name_length;
		n++;

		if (n > 1)
			text_add(json, ",");
		text_json(json, name, name_length);
		text_add(json, ":");
		text_json(json, value, value_length);

		buffer = name + name_length + 1;
		query += length;
		if (*query == '&')
			query++;
	}
	text_add(json, "}");
	text_free(&names_text);
	return ok;
}

/*
 * Checks a company id, 24 hex digits, and writes it folded to lower case with
 * a NUL into id[25].
 */
bool
params_company(const char *segment, char *id)
{
	int			i;

	for (i = 0; i < COMPANY_ID_LENGTH; i++)
	{
		if (hex_value(segment[i]) < 0)
			return false;
		id[i] = segment[i] >= 'A' && segment[i] <= 'F' ? (char) (segment[i] + 'a' - 'A') : segment[i];
	}
	id[i] = '\0';
	return segment[i] == '\0';
}
