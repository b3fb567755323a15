/*
 * token_fuzz.c
 *		The token parser under libFuzzer.
 *
 * The first byte of an input says what the rest is: a token, or a header, which is put into a token, so that the scanner
 * behind base64url is reached at once.  Whatever the bytes, what is taken keeps the promises of token_parse.h; if not, the
 * driver aborts.  test/fuzz/token builds and runs it.
 *
 * Every text is a copy of exactly its length without a NUL behind it, so that the sanitizer sees a read of one byte too
 * many.
 */
#include "../../extension/token_parse.h"

#include <stdlib.h>
#include <string.h>

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

/* Gives a copy of exactly this length. */
static char *
exact(const void *s, size_t length)
{
	char	   *copy = malloc(length > 0 ? length : 1);

	promise(copy != NULL);
	if (length > 0)
		memcpy(copy, s, length);
	return copy;
}

/* One text, one meaning: what is decoded is spelt like this and in no other way. */
static void
check_base64url(const char *s, size_t length)
{
	unsigned char *bytes = malloc(length * 3 / 4 + 1);
	int			decoded = base64url_decode(s, length, bytes);

	if (decoded >= 0)
	{
		char	   *back = malloc(4 * (size_t) decoded / 3 + 3);

		promise(base64url_encode(bytes, (size_t) decoded, back) == length);
		promise(memcmp(back, s, length) == 0);
		free(back);
	}
	free(bytes);
}

/* Counts the members of this name in a header, without the parser; texts of a header have no quotes in them. */
static int
names(const char *header, size_t length, const char *name)
{
	size_t		n = strlen(name);
	int			count = 0;

	for (size_t i = 0; i + n + 1 < length; i++)
	{
		size_t		behind = i + n + 2;

		if (header[i] != '"' || memcmp(header + i + 1, name, n) != 0 || header[i + n + 1] != '"')
			continue;
		while (behind < length && strchr(" \t\r\n", header[behind]) != NULL && header[behind] != '\0')
			behind++;
		if (behind < length && header[behind] == ':')
			count++;
	}
	return count;
}

/* Takes a token apart and checks what was taken. */
static void
check_token(const char *token, size_t length)
{
	static TokenParts parts,
				again;
	const char *reason;
	unsigned char header[TOKEN_MAX];
	const char *first,
			   *second;
	int			decoded;
	char		encoded[TOKEN_MAX * 2];

	memset(&parts, 'x', sizeof(parts));
	reason = token_parse(token, length, &parts);
	if (reason != NULL)
	{
		/* it is told in a log: a text of ours, and none of the token's */
		promise(strlen(reason) < 64);
		return;
	}

	promise(length <= TOKEN_MAX);
	first = memchr(token, '.', length);
	promise(first != NULL);
	second = memchr(first + 1, '.', length - (size_t) (first + 1 - token));
	promise(second != NULL && memchr(second + 1, '.', length - (size_t) (second + 1 - token)) == NULL);
	promise(parts.signed_length == (size_t) (second - token));

	/* the parts are those of the token, and it has no second spelling */
	promise(base64url_encode(parts.payload, parts.payload_length, encoded) == (size_t) (second - first) - 1);
	promise(memcmp(encoded, first + 1, (size_t) (second - first) - 1) == 0);
	promise(parts.signature_length > 0);
	promise(base64url_encode(parts.signature, parts.signature_length, encoded) == length - (size_t) (second + 1 - token));
	promise(memcmp(encoded, second + 1, length - (size_t) (second + 1 - token)) == 0);

	promise(parts.algorithm == TOKEN_HS256 || parts.algorithm == TOKEN_RS256 || parts.algorithm == TOKEN_ES256 ||
			parts.algorithm == TOKEN_EDDSA);
	promise(memchr(parts.kid, '\0', sizeof(parts.kid)) != NULL);
	decoded = base64url_decode(token, (size_t) (first - token), header);
	promise(decoded > 0);
	promise(names((const char *) header, (size_t) decoded, "alg") == 1);
	promise(names((const char *) header, (size_t) decoded, "crit") == 0);
	promise(names((const char *) header, (size_t) decoded, "kid") == (parts.kid[0] != '\0' ? 1 : 0));
	promise(memchr(header, '\\', (size_t) decoded) == NULL && memchr(header, '\0', (size_t) decoded) == NULL);

	/* nothing is kept from one token to the next */
	memset(&again, 'y', sizeof(again));
	promise(token_parse(token, length, &again) == NULL);
	promise(again.algorithm == parts.algorithm && strcmp(again.kid, parts.kid) == 0 &&
			again.payload_length == parts.payload_length && again.signature_length == parts.signature_length);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text;

	if (size == 0)
		return 0;
	text = exact(data + 1, size - 1);
	if (data[0] % 2 == 0)
	{
		check_token(text, size - 1);
		check_base64url(text, size - 1);
	}
	else
	{
		char	   *built = malloc(2 * size + 32);
		size_t		length = base64url_encode((const unsigned char *) text, size - 1, built);
		char	   *token;

		memcpy(built + length, ".e30.c2ln", 9);
		token = exact(built, length + 9);
		check_token(token, length + 9);
		free(token);
		free(built);
	}
	free(text);
	return 0;
}
