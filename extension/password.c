/*
 * password.c
 *		Makes and checks password hashes: scrypt (RFC 7914) of libcrypto.
 *
 * The text is $scrypt$ln=15,r=8,p=1$salt$hash, base64 without padding, so that parameters can grow: a hash is checked
 * with its own.  A check takes 32 MiB and about 0.1 s and cannot be interrupted, so the parameters are bounded.
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "common/base64.h"

#include "password.h"

#define SALT_BYTES	16
#define HASH_BYTES	32
#define LOG_N		15
#define BLOCK_R		8
#define PARALLEL_P	1
#define MEMORY_MAX	(INT64CONST(128) * 1024 * 1024)
#define BASE64_MAX	64

/* Derives HASH_BYTES bytes from a password. */
static void
derive(const char *password, const unsigned char *salt, int log_n, int r, int p, unsigned char *hash)
{
	if (EVP_PBE_scrypt(password, strlen(password), salt, SALT_BYTES, UINT64CONST(1) << log_n, r, p, MEMORY_MAX, hash, HASH_BYTES) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not derive a password hash")));
}

/* Hashes a password with a fresh salt. */
char *
password_hash(const char *password)
{
	unsigned char salt[SALT_BYTES];
	unsigned char hash[HASH_BYTES];
	char		salt_text[BASE64_MAX],
				hash_text[BASE64_MAX];

	if (!pg_strong_random(salt, sizeof(salt)))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random values")));
	derive(password, salt, LOG_N, BLOCK_R, PARALLEL_P, hash);
	salt_text[pg_b64_encode((char *) salt, SALT_BYTES, salt_text, BASE64_MAX)] = '\0';
	hash_text[pg_b64_encode((char *) hash, HASH_BYTES, hash_text, BASE64_MAX)] = '\0';
	return psprintf("$scrypt$ln=%d,r=%d,p=%d$%s$%s", LOG_N, BLOCK_R, PARALLEL_P, salt_text, hash_text);
}

/* Tells whether the password is the one of the hash; of no hash (NULL: no such user), takes as long and says no. */
bool
password_verify(const char *password, const char *hash)
{
	int			log_n = LOG_N,
				r = BLOCK_R,
				p = PARALLEL_P;
	char		salt_text[BASE64_MAX] = "",
				hash_text[BASE64_MAX] = "";
	unsigned char salt[BASE64_MAX] = {0};
	unsigned char expected[BASE64_MAX] = {0};
	unsigned char derived[HASH_BYTES];
	bool		usable;

	usable = hash != NULL &&
		sscanf(hash, "$scrypt$ln=%d,r=%d,p=%d$%63[^$]$%63[^$]", &log_n, &r, &p, salt_text, hash_text) == 5 &&
		log_n >= 10 && log_n <= 16 && r == 8 && p == 1 &&
		pg_b64_decode(salt_text, strlen(salt_text), (char *) salt, sizeof(salt)) == SALT_BYTES &&
		pg_b64_decode(hash_text, strlen(hash_text), (char *) expected, sizeof(expected)) == HASH_BYTES;
	if (!usable)
		log_n = LOG_N, r = BLOCK_R, p = PARALLEL_P;
	derive(password, salt, log_n, r, p, derived);
	return CRYPTO_memcmp(derived, expected, HASH_BYTES) == 0 && usable;
}
