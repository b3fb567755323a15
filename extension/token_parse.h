/*
 * token_parse.h
 *		The parts of a JSON Web Token (RFC 7515, compact form), before anything of it is believed.
 *
 * Pure C: no postgres.h, no allocation, so that it can be fuzzed outside the server.
 */
#ifndef CALLCENTER_TOKEN_PARSE_H
#define CALLCENTER_TOKEN_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_MAX		4096	/* bytes of a whole token */
#define TOKEN_KID_MAX	64		/* bytes of a key id */

typedef enum TokenAlgorithm
{
	TOKEN_ALGORITHM_NONE,		/* not one that we accept */
	TOKEN_HS256,
	TOKEN_RS256,
	TOKEN_ES256,
	TOKEN_EDDSA
} TokenAlgorithm;

typedef struct TokenParts
{
	size_t		signed_length;	/* bytes of "header.payload", which the signature covers */
	TokenAlgorithm algorithm;
	char		kid[TOKEN_KID_MAX + 1]; /* "" when the header names no key */
	unsigned char payload[TOKEN_MAX];
	size_t		payload_length;
	unsigned char signature[TOKEN_MAX];
	size_t		signature_length;
} TokenParts;

/*
 * Takes a token apart.  Returns NULL, or the reason why it is not a token that we accept: longer than TOKEN_MAX, not
 * three parts of exact base64url without padding, a header that is not one flat object of strings with distinct keys,
 * that has no or an unknown "alg", or that has "crit".
 */
extern const char *token_parse(const char *token, size_t length, TokenParts *parts);

/* Decodes exact base64url without padding; returns the number of bytes, or -1.  "out" has room for length * 3 / 4. */
extern int	base64url_decode(const char *s, size_t length, unsigned char *out);

/* Encodes as base64url without padding and ends with NUL; "out" has room for 4 * length / 3 + 3.  Returns the length. */
extern size_t base64url_encode(const unsigned char *s, size_t length, char *out);

/* Gives the algorithm of a name such as "ES256". */
extern TokenAlgorithm token_algorithm(const char *name, size_t length);

/* Gives the name of an algorithm. */
extern const char *token_algorithm_name(TokenAlgorithm algorithm);

#endif							/* CALLCENTER_TOKEN_PARSE_H */
