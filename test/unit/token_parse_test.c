/*
 * token_parse_test.c
 *		Tests of extension/token_parse.c, outside the server: prints TAP.
 *
 * Every input is a copy on the heap of exactly its length, without a NUL behind it, so that a sanitizer sees a read of
 * one byte too many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token_parse.h"

#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

static int	tests = 0;
static int	failures = 0;

/* Prints a test point. */
static void
ok(bool good, const char *name)
{
	failures += !good;
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, name);
}

/* Prints a test point that two texts are equal; NULL is a text of its own. */
static void
is(const char *got, const char *wanted, const char *name)
{
	bool		good = got == NULL || wanted == NULL ? got == wanted : strcmp(got, wanted) == 0;

	ok(good, name);
	if (!good)
		printf("# got:    %s\n# wanted: %s\n", got ? got : "(accepted)", wanted ? wanted : "(accepted)");
}

/* Gives a copy of exactly this length; malloc(0) may be NULL, so that nothing gets one byte that is not read. */
static char *
exact(const char *s, size_t length)
{
	char	   *copy = malloc(length > 0 ? length : 1);

	if (copy == NULL)
		abort();
	memcpy(copy, s, length);
	return copy;
}

/* Takes apart a copy of a token. */
static const char *
parse(const char *token, size_t length, TokenParts *parts)
{
	char	   *copy = exact(token, length);
	const char *reason = token_parse(copy, length, parts);

	free(copy);
	return reason;
}

/* Decodes a copy of a text; the output has as much room as is promised to be enough. */
static int
decode(const char *s, size_t length, unsigned char *out)
{
	char	   *copy = exact(s, length);
	unsigned char *room = malloc(length * 3 / 4 + 1);
	int			decoded = base64url_decode(copy, length, room);

	if (decoded > 0)
		memcpy(out, room, (size_t) decoded);
	free(room);
	free(copy);
	return decoded;
}

/* Makes a token of three decoded parts in "out"; returns its length. */
static size_t
make_token(char *out, const char *header, size_t header_length, const char *payload, const char *signature)
{
	size_t		length = base64url_encode((const unsigned char *) header, header_length, out);

	out[length++] = '.';
	length += base64url_encode((const unsigned char *) payload, strlen(payload), out + length);
	out[length++] = '.';
	length += base64url_encode((const unsigned char *) signature, strlen(signature), out + length);
	return length;
}

/* Gives the reason why a token with this header is refused, or NULL. */
static const char *
header_reason(const char *header, size_t length, TokenParts *parts)
{
	static char token[8192];

	return parse(token, make_token(token, header, length, "{}", "sig"), parts);
}

/* The same for a header without NUL in it. */
static const char *
text_header_reason(const char *header, TokenParts *parts)
{
	return header_reason(header, strlen(header), parts);
}

/* A random number from a fixed start, the same everywhere. */
static unsigned
chance(unsigned below)
{
	static unsigned long long state = 42;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned) (state >> 33) % below;
}

static void
test_base64url(void)
{
	/* RFC 4648, section 10, without the padding */
	static const char *const vectors[][2] = {
		{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"},
		{"\xfb\xff\xfe", "-__-"},
	};
	static const struct
	{
		const char *text;
		size_t		length;
		const char *why;
	}			bad[] = {
		{"Z", 1, "a lone digit is not base64url"},
		{"Zm9vY", 5, "nor is one behind whole groups"},
		{"Zg==", 4, "padding is not base64url"},
		{"Zm8=", 4, "one sign of padding neither"},
		{"-_+A", 4, "the plus sign of base64 is not base64url"},
		{"-_/A", 4, "its slash neither"},
		{"Zm 9", 4, "white space is not base64url"},
		{"Zm9\n", 4, "a line break neither"},
		{"Zm\0v", 4, "a NUL is not base64url"},
		{"Zm\x80v", 4, "nor is a byte above 127"},
		{"Zm\xc3\xa9", 4, "nor is a letter of UTF-8"},
		{"Zh", 2, "bits that are not used must be zero: one byte"},
		{"Zm9", 3, "bits that are not used must be zero: two bytes"},
		{"Z.", 2, "a dot is not base64url"},
	};
	unsigned char bytes[512],
				back[512];
	char		text[1024];
	bool		good = true;

	for (int i = 0; i < LENGTH(vectors); i++)
	{
		char		name[64];
		int			decoded = decode(vectors[i][1], strlen(vectors[i][1]), back);

		snprintf(name, sizeof(name), "RFC 4648: \"%s\" is decoded", vectors[i][1]);
		ok(decoded == (int) strlen(vectors[i][0]) && memcmp(back, vectors[i][0], (size_t) decoded) == 0, name);
		base64url_encode((const unsigned char *) vectors[i][0], strlen(vectors[i][0]), text);
		snprintf(name, sizeof(name), "RFC 4648: \"%s\" is what is encoded", vectors[i][1]);
		is(text, vectors[i][1], name);
	}
	for (int i = 0; i < LENGTH(bad); i++)
		ok(decode(bad[i].text, bad[i].length, back) == -1, bad[i].why);

	for (size_t length = 0; length < 400; length++)
	{
		size_t		encoded;

		for (size_t i = 0; i < length; i++)
			bytes[i] = (unsigned char) chance(256);
		memset(text, 'x', sizeof(text));
		encoded = base64url_encode(bytes, length, text);
		good = good && encoded == (length * 4 + 2) / 3 && text[encoded] == '\0' && text[encoded + 1] == 'x' &&
			decode(text, encoded, back) == (int) length && memcmp(bytes, back, length) == 0;
	}
	ok(good, "bytes of every length from 0 to 399 come back as they went in");

	/* of the 64 ways to write a last digit, only those without further bits are taken */
	good = true;
	for (int two = 0; two < 2; two++)
	{
		int			taken = 0;

		for (int c = 1; c < 256; c++)
		{
			char		group[] = {'A', 'A', (char) c, 0};

			group[two ? 2 : 1] = (char) c;
			taken += decode(group, two ? 3 : 2, back) >= 0;
		}
		good = good && taken == (two ? 16 : 4);
	}
	ok(good, "each value has one spelling");
}

static void
test_algorithms(void)
{
	static const struct
	{
		const char *name;
		TokenAlgorithm algorithm;
	}			known[] = {
		{"HS256", TOKEN_HS256}, {"RS256", TOKEN_RS256}, {"ES256", TOKEN_ES256}, {"EdDSA", TOKEN_EDDSA},
	};
	static const char *const unknown[] = {
		"", "none", "None", "NONE", "hs256", "HS384", "HS512", "RS384", "PS256", "ES384", "ES512", "ES256K", "EDDSA", "HS25", "HS2560", "HS256 ", " HS256",
	};
	bool		good = true;

	for (int i = 0; i < LENGTH(known); i++)
	{
		ok(token_algorithm(known[i].name, strlen(known[i].name)) == known[i].algorithm, known[i].name);
		is(token_algorithm_name(known[i].algorithm), known[i].name, "and its name");
	}
	for (int i = 0; i < LENGTH(unknown); i++)
		good = good && token_algorithm(unknown[i], strlen(unknown[i])) == TOKEN_ALGORITHM_NONE;
	ok(good, "no other name is an algorithm");
	ok(token_algorithm("HS256\0", 6) == TOKEN_ALGORITHM_NONE, "nor one with a NUL behind it");
	is(token_algorithm_name(TOKEN_ALGORITHM_NONE), "none", "what is none is called so");
}

static void
test_good_tokens(void)
{
	/* RFC 7515, appendix A.1 */
	static const char rfc[] =
		"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
		"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
		"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	static const char payload[] = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
	static TokenParts parts;
	char		header[256];

	is(parse(rfc, strlen(rfc), &parts), NULL, "the example of RFC 7515 is a token");
	ok(parts.algorithm == TOKEN_HS256 && parts.kid[0] == '\0', "of HS256, without a kid");
	ok(parts.payload_length == strlen(payload) && memcmp(parts.payload, payload, strlen(payload)) == 0, "with its payload");
	ok(parts.signature_length == 32 && parts.signature[0] == 0x74 && parts.signature[31] == 0x79, "with its signature");
	ok(parts.signed_length == (size_t) (strrchr(rfc, '.') - rfc), "which covers what is before the second dot");

	memset(&parts, 'x', sizeof(parts));
	is(text_header_reason("{\"alg\":\"ES256\",\"kid\":\"k-1\"}", &parts), NULL, "a header may name a key");
	ok(parts.algorithm == TOKEN_ES256 && strcmp(parts.kid, "k-1") == 0, "which is found");
	ok(parts.payload_length == 2 && parts.signature_length == 3, "an earlier token leaves nothing behind");
	is(text_header_reason(" { \"kid\" : \"k\" , \"alg\" : \"EdDSA\" } \r\n", &parts), NULL, "a header may have white space");
	is(text_header_reason("{\"alg\":\"HS256\",\"a\":\"\",\"b\":\"b\",\"x5u\":\"https://x/\"}", &parts), NULL, "and other members that are texts");
	snprintf(header, sizeof(header), "{\"alg\":\"HS256\",\"kid\":\"%064d\"}", 7);
	is(text_header_reason(header, &parts), NULL, "a kid may have 64 characters");
	ok(strlen(parts.kid) == TOKEN_KID_MAX, "which are all kept");
}

static void
test_bad_headers(void)
{
	static const char not_object[] = "header is not an object";
	static const char not_strings[] = "header is not an object of strings";
	static const struct
	{
		const char *header;
		const char *reason;
	}			bad[] = {
		{"", not_object}, {" ", not_object}, {"[]", not_object}, {"\"alg\"", not_object}, {"null", not_object}, {"alg", not_object},
		{"{}", not_strings}, {"{", not_strings}, {"{\"alg\"", not_strings}, {"{\"alg\":", not_strings}, {"{\"alg\":\"HS256", not_strings},
		{"{\"alg\":\"HS256\"", not_object}, {"{\"alg\":\"HS256\";", not_object}, {"{\"alg\":\"HS256\",", not_strings},
		{"{\"alg\":\"HS256\",}", not_strings}, {"{,\"alg\":\"HS256\"}", not_strings}, {"{'alg':'HS256'}", not_strings},
		{"{alg:\"HS256\"}", not_strings}, {"{\"alg\"=\"HS256\"}", not_strings}, {"{\"alg\":\"HS256\" \"kid\":\"x\"}", not_object},
		{"{\"alg\":\"HS256\",\"n\":1}", not_strings}, {"{\"alg\":\"HS256\",\"n\":true}", not_strings}, {"{\"alg\":\"HS256\",\"n\":null}", not_strings},
		{"{\"alg\":\"HS256\",\"n\":{}}", not_strings}, {"{\"alg\":\"HS256\",\"n\":[\"x\"]}", not_strings}, {"{\"alg\":[\"HS256\"]}", not_strings},
		{"{\"\\u0061lg\":\"HS256\"}", not_strings}, {"{\"alg\":\"HS25\\u0036\"}", not_strings}, {"{\"alg\":\"HS256\",\"n\":\"\\\"\"}", not_strings},
		{"{\"alg\":\"HS256\",\"n\":\"\n\"}", not_strings}, {"{\"alg\":\"HS256\",\"n\":\"\x7f\"}", not_strings}, {"{\"alg\":\"HS256\",\"n\":\"\xc3\xa9\"}", not_strings},
		{"{\"alg\":\"HS256\"}x", "header has something after its object"}, {"{\"alg\":\"HS256\"}{}", "header has something after its object"},
		{"{\"alg\":\"HS256\",\"alg\":\"none\"}", "header names a member twice"}, {"{\"alg\":\"none\",\"alg\":\"HS256\"}", "header names a member twice"},
		{"{\"alg\":\"HS256\",\"x\":\"1\",\"x\":\"1\"}", "header names a member twice"},
		{"{\"alg\":\"HS256\",\"crit\":\"exp\"}", "header has a critical extension"},
		{"{\"crit\":\"\",\"alg\":\"HS256\"}", "header has a critical extension"},
		{"{\"alg\":\"none\"}", "algorithm is missing or not accepted"}, {"{\"alg\":\"\"}", "algorithm is missing or not accepted"},
		{"{\"typ\":\"JWT\"}", "algorithm is missing or not accepted"}, {"{\"ALG\":\"HS256\"}", "algorithm is missing or not accepted"},
		{"{\"alg\":\"HS256\",\"kid\":\"\"}", "key id is empty or too long"},
	};
	static TokenParts parts;
	char		header[2048];
	size_t		length;
	char		name[128];

	for (int i = 0; i < LENGTH(bad); i++)
	{
		snprintf(name, sizeof(name), "no header: %.60s", bad[i].header);
		for (char *p = name; *p; p++)
			if (*p == '\n' || *p == '#' || (unsigned char) *p > 126)
				*p = '?';
		is(text_header_reason(bad[i].header, &parts), bad[i].reason, name);
	}
	is(header_reason("{\"alg\":\"HS256\"}\0", 16, &parts), "header has something after its object", "no header: one with a NUL behind it");
	is(header_reason("{\"alg\":\"HS256\",\"n\":\"\0\"}", 23, &parts), not_strings, "no header: one with a NUL in a text");
	snprintf(header, sizeof(header), "{\"alg\":\"HS256\",\"kid\":\"%065d\"}", 7);
	is(text_header_reason(header, &parts), "key id is empty or too long", "a kid has at most 64 characters");

	for (int members = 16; members <= 17; members++)
	{
		length = (size_t) snprintf(header, sizeof(header), "{\"alg\":\"HS256\"");
		for (int i = 1; i < members; i++)
			length += (size_t) snprintf(header + length, sizeof(header) - length, ",\"m%d\":\"\"", i);
		header[length++] = '}';
		is(header_reason(header, length, &parts), members == 16 ? NULL : "header has too many members", members == 16 ? "a header may have 16 members" : "but not 17");
	}
	for (int size = 1000; size <= 1100; size += 100)
	{
		length = (size_t) snprintf(header, sizeof(header), "{\"alg\":\"HS256\",\"n\":\"%0*d\"}", size - 23, 0);
		is(header_reason(header, length, &parts), size == 1000 ? NULL : "header is not base64url or too long",
		   size == 1000 ? "a header may have 1,000 bytes" : "but not 1,100");
	}
}

static void
test_bad_forms(void)
{
	static const struct
	{
		const char *token;
		const char *reason;
	}			bad[] = {
		{"", "token has no dot"}, {"x", "token has no dot"}, {".", "token has one dot"}, {"a.b", "token has one dot"},
		{"..", "signature is missing or not base64url"}, {"a..", "header is not base64url or too long"}, {"...", "token has more than two dots"},
		{"eyJhbGciOiJIUzI1NiJ9.e30.c2ln.", "token has more than two dots"}, {"eyJhbGciOiJIUzI1NiJ9.e30.c2ln.c2ln", "token has more than two dots"},
		{".eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "token has more than two dots"}, {"eyJhbGciOiJIUzI1NiJ9.e30", "token has one dot"},
		{"eyJhbGciOiJIUzI1NiJ9.e30.", "signature is missing or not base64url"}, {"eyJhbGciOiJIUzI1NiJ9.e30.=", "signature is missing or not base64url"},
		{"eyJhbGciOiJIUzI1NiJ9.e30.c2ln=", "signature is missing or not base64url"}, {"eyJhbGciOiJIUzI1NiJ9.e30=.c2ln", "payload is not base64url"},
		{"eyJhbGciOiJIUzI1NiJ9.e3.c2ln", "payload is not base64url"}, {"eyJhbGciOiJIUzI1NiJ9. e30.c2ln", "payload is not base64url"},
		{" eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "header is not base64url or too long"}, {"Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "header is not base64url or too long"},
		{"eyJhbGciOiJIUzI1NiJ9.e30.c2ln\n", "signature is missing or not base64url"},
	};
	static TokenParts parts;
	static char token[TOKEN_MAX * 2];
	char		name[128];
	int			taken = 0;

	is(parse("eyJhbGciOiJIUzI1NiJ9.e30.c2ln", 29, &parts), NULL, "the token that is spoilt below is one");
	is(parse("eyJhbGciOiJIUzI1NiJ9..c2ln", 26, &parts), NULL, "an empty payload is left to who reads it");
	for (int i = 0; i < LENGTH(bad); i++)
	{
		snprintf(name, sizeof(name), "no token: \"%.60s\"", bad[i].token);
		for (char *p = name; *p; p++)
			if (*p == '\n')
				*p = '?';
		is(parse(bad[i].token, strlen(bad[i].token), &parts), bad[i].reason, name);
	}

	/* the longest, with a payload of 4,000 characters or a signature of as many, and one byte more */
	for (int big = 0; big < 2; big++)
	{
		size_t		second = 21 + (big == 0 ? 4000 : 72);

		memset(token, 'A', sizeof(token));
		memcpy(token, "eyJhbGciOiJIUzI1NiJ9.", 21);
		token[second] = '.';
		is(parse(token, TOKEN_MAX, &parts), NULL, big == 0 ? "a token may have 4096 bytes, most of them payload" : "or signature");
		ok(parts.payload_length == (second - 21) / 4 * 3 && parts.signature_length == (TOKEN_MAX - second - 1) * 3 / 4, "all of which are there");
	}
	is(parse(token, TOKEN_MAX + 1, &parts), "token is too long", "but not 4097");
	memset(token, '.', sizeof(token));
	is(parse(token, sizeof(token), &parts), "token is too long", "the length is looked at first");

	for (size_t n = 0; n < 25; n++)
		taken += parse("eyJhbGciOiJIUzI1NiJ9.e30.c2ln", n, &parts) == NULL;
	ok(taken == 0, "no beginning of a token without a signature is one");
}

/* Spoils good tokens at random; what is still taken must keep what is promised. */
static void
test_mutations(void)
{
	static const char alphabet[] = "ABCYZabcyz0189-_.=+/ \n\"{}:,\\";
	static TokenParts parts;
	static char token[8192];
	bool		good = true;
	int			taken = 0;

	for (int round = 0; round < 300000; round++)
	{
		char		header[256];
		size_t		length;

		snprintf(header, sizeof(header), "{\"alg\":\"%s\",\"kid\":\"dev\",\"typ\":\"JWT\"}", round % 2 ? "HS256" : "ES256");
		/* half of them before they are encoded, so that the header is reached */
		if (round % 4 < 2)
			header[chance((unsigned) strlen(header))] = alphabet[chance(sizeof(alphabet) - 1)];
		length = make_token(token, header, strlen(header), "{\"sub\":\"x\"}", "0123456789abcdef");
		for (unsigned i = round % 4 < 2 ? 0 : 1 + chance(3); i > 0; i--)
		{
			size_t		at = chance((unsigned) length);

			switch (chance(4))
			{
				case 0:
					token[at] = alphabet[chance(sizeof(alphabet) - 1)];
					break;
				case 1:
					token[at] = (char) chance(256);
					break;
				case 2:
					memmove(token + at, token + at + 1, length - at - 1);
					length--;
					break;
				default:
					memmove(token + at + 1, token + at, length - at);
					token[at] = alphabet[chance(sizeof(alphabet) - 1)];
					length++;
			}
		}
		if (parse(token, length, &parts) == NULL)
		{
			const char *second = memchr(token, '.', length);

			second = memchr(second + 1, '.', length - (size_t) (second + 1 - token));
			taken++;
			good = good && parts.algorithm != TOKEN_ALGORITHM_NONE && parts.signature_length > 0 && parts.signature_length <= TOKEN_MAX &&
				parts.payload_length <= TOKEN_MAX && strlen(parts.kid) <= TOKEN_KID_MAX && parts.signed_length == (size_t) (second - token);
		}
	}
	ok(good, "what is taken of 300,000 spoilt tokens keeps what is promised");
	ok(taken > 1000 && taken < 200000, "some of them are taken, and many are not");
	printf("# %d were taken\n", taken);
}

int
main(void)
{
	test_base64url();
	test_algorithms();
	test_good_tokens();
	test_bad_headers();
	test_bad_forms();
	test_mutations();
	printf("1..%d\n", tests);
	return failures > 0;
}
