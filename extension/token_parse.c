/*
 * token_parse.c
 *		Takes a JSON Web Token apart.
 *
 * Owns the syntax of tokens and nothing of their meaning: no key, no signature, no claim is looked at here.  The
 * header is attacker's text, so it is scanned strictly and only for "alg" and "kid"; the payload is only decoded.
 */
#include <string.h>

#include "token_parse.h"

static const struct
{
	const char *name;
	TokenAlgorithm algorithm;
}			algorithms[] = {
	{"HS256", TOKEN_HS256},
	{"RS256", TOKEN_RS256},
	{"ES256", TOKEN_ES256},
	{"EdDSA", TOKEN_EDDSA},
};

#define HEADER_MAX		1024	/* bytes of a decoded header */
#define HEADER_MEMBERS	16

/* Gives the algorithm of a name, or NONE. */
TokenAlgorithm
token_algorithm(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (strlen(algorithms[i].name) == length && memcmp(algorithms[i].name, name, length) == 0)
			return algorithms[i].algorithm;
	return TOKEN_ALGORITHM_NONE;
}

/* Gives the name of an algorithm, or "none". */
const char *
token_algorithm_name(TokenAlgorithm algorithm)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (algorithms[i].algorithm == algorithm)
			return algorithms[i].name;
	return "none";
}

/* Gives the value of a base64url digit, or -1. */
static int
base64url_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* Decodes base64url; refuses padding, white space, a lone last digit, and unused bits that are not zero. */
int
base64url_decode(const char *s, size_t length, unsigned char *out)
{
	uint32_t	bits = 0;
	int			pending = 0;
	size_t		written = 0;

	if (length % 4 == 1)
		return -1;
	for (size_t i = 0; i < length; i++)
	{
		int			value = base64url_value((unsigned char) s[i]);

		if (value < 0)
			return -1;
		bits = bits << 6 | (uint32_t) value;
		pending += 6;
		if (pending >= 8)
		{
			pending -= 8;
			out[written++] = (unsigned char) (bits >> pending);
			bits &= (1u << pending) - 1;
		}
	}
	return bits == 0 ? (int) written : -1;
}

/* Encodes base64url. */
size_t
base64url_encode(const unsigned char *s, size_t length, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t	bits = 0;
	int			pending = 0;
	size_t		written = 0;

	for (size_t i = 0; i < length; i++)
	{
		bits = bits << 8 | s[i];
		for (pending += 8; pending >= 6;)
		{
			pending -= 6;
			out[written++] = digits[bits >> pending & 63];
		}
		bits &= (1u << pending) - 1;
	}
	if (pending > 0)
		out[written++] = digits[bits << (6 - pending) & 63];
	out[written] = '\0';
	return written;
}

typedef struct Scanner
{
	const char *p;
	const char *end;
} Scanner;

static void
skip_space(Scanner *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

/* Skips white space and takes one given character. */
static bool
take(Scanner *s, char c)
{
	skip_space(s);
	if (s->p >= s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* Takes a JSON string of printable ASCII without escapes; those that we read need no more. */
static bool
take_string(Scanner *s, const char **start, size_t *length)
{
	if (!take(s, '"'))
		return false;
	*start = s->p;
	for (; s->p < s->end; s->p++)
	{
		unsigned char c = (unsigned char) *s->p;

		if (c == '"')
		{
			*length = (size_t) (s->p - *start);
			s->p++;
			return true;
		}
		if (c < 0x20 || c > 0x7e || c == '\\')
			return false;
	}
	return false;
}

static bool
is_key(const char *key, size_t length, const char *name)
{
	return strlen(name) == length && memcmp(key, name, length) == 0;
}

/* Reads a header for its algorithm and key id; returns the reason why not. */
static const char *
scan_header(const char *header, size_t length, TokenParts *parts)
{
	Scanner		s = {header, header + length};
	const char *keys[HEADER_MEMBERS];
	size_t		key_lengths[HEADER_MEMBERS];
	int			members = 0;

	parts->algorithm = TOKEN_ALGORITHM_NONE;
	parts->kid[0] = '\0';
	if (!take(&s, '{'))
		return "header is not an object";
	do
	{
		const char *key,
				   *value;
		size_t		key_length,
					value_length;

		if (!take_string(&s, &key, &key_length) || !take(&s, ':') || !take_string(&s, &value, &value_length))
			return "header is not an object of strings";
		if (members == HEADER_MEMBERS)
			return "header has too many members";
		for (int i = 0; i < members; i++)
			if (key_lengths[i] == key_length && memcmp(keys[i], key, key_length) == 0)
				return "header names a member twice";
		keys[members] = key;
		key_lengths[members++] = key_length;

		if (is_key(key, key_length, "crit"))
			return "header has a critical extension";
		if (is_key(key, key_length, "alg"))
			parts->algorithm = token_algorithm(value, value_length);
		if (is_key(key, key_length, "kid"))
		{
			if (value_length == 0 || value_length > TOKEN_KID_MAX)
				return "key id is empty or too long";
			memcpy(parts->kid, value, value_length);
			parts->kid[value_length] = '\0';
		}
	} while (take(&s, ','));
	if (!take(&s, '}'))
		return "header is not an object";
	skip_space(&s);
	if (s.p != s.end)
		return "header has something after its object";
	if (parts->algorithm == TOKEN_ALGORITHM_NONE)
		return "algorithm is missing or not accepted";
	return NULL;
}

/* Takes a token apart. */
const char *
token_parse(const char *token, size_t length, TokenParts *parts)
{
	const char *first,
			   *second;
	unsigned char header[HEADER_MAX];
	size_t		header_length,
				payload_length,
				signature_length;
	int			decoded;

	if (length > TOKEN_MAX)
		return "token is too long";
	first = memchr(token, '.', length);
	if (first == NULL)
		return "token has no dot";
	second = memchr(first + 1, '.', length - (size_t) (first + 1 - token));
	if (second == NULL)
		return "token has one dot";
	header_length = (size_t) (first - token);
	payload_length = (size_t) (second - first) - 1;
	signature_length = length - (size_t) (second + 1 - token);
	if (memchr(second + 1, '.', signature_length) != NULL)
		return "token has more than two dots";

	if (header_length / 4 * 3 + 3 > HEADER_MAX || (decoded = base64url_decode(token, header_length, header)) < 0)
		return "header is not base64url or too long";
	header_length = (size_t) decoded;
	if ((decoded = base64url_decode(first + 1, payload_length, parts->payload)) < 0)
		return "payload is not base64url";
	parts->payload_length = (size_t) decoded;
	if ((decoded = base64url_decode(second + 1, signature_length, parts->signature)) <= 0)
		return "signature is missing or not base64url";
	parts->signature_length = (size_t) decoded;
	parts->signed_length = (size_t) (second - token);

	return scan_header((const char *) header, header_length, parts);
}
