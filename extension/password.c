/*
 * password.c
 *		Makes and checks password hashes: scrypt (RFC 7914) of libcrypto.
 *
 * The text is $scrypt$ln=15,r=8,p=1$salt$hash, base64 without padding, so that parameters can grow: a hash is checked
 * with its own.  A check takes 32 MiB and about 0.1 s and cannot be interrupted, so the parameters are bounded, and so is the
 * number of checks at once, whoever asks for them: SLOTS in the cluster, each a lock that SQL cannot name.  That bounds
 * what all guessing together can take of memory and processors, and how fast it can be.
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "common/base64.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/guc.h"

#include "password.h"

#define SALT_BYTES	16
#define HASH_BYTES	32
#define LOG_N		15
#define BLOCK_R		8
#define PARALLEL_P	1
#define MEMORY_MAX	(INT64CONST(128) * 1024 * 1024)
#define BASE64_MAX	64
#define SLOTS		2
#define SLOT_LOCK	0x43437077	/* with the class 3: pg_advisory_lock() has 1 and 2 */

/* Waits for a slot and takes it; the end of the transaction gives it back as well. */
static void
slot_take(LOCKTAG *slot)
{
	for (int i = 0; i < SLOTS; i++)
	{
		SET_LOCKTAG_ADVISORY(*slot, InvalidOid, SLOT_LOCK, i, 3);
		if (LockAcquire(slot, ExclusiveLock, false, true) != LOCKACQUIRE_NOT_AVAIL)
			return;
	}
	SET_LOCKTAG_ADVISORY(*slot, InvalidOid, SLOT_LOCK, MyProcPid % SLOTS, 3);
	LockAcquire(slot, ExclusiveLock, false, false);
}

/*
 * Derives HASH_BYTES bytes from a password.  A line in the server's log, when that shows debug messages, says that it
 * was done and how much work it was: it must not depend on whether there is an account.
 */
static void
derive(const char *password, const unsigned char *salt, int log_n, int r, int p, unsigned char *hash)
{
	LOCKTAG		slot;
	int			done;

	slot_take(&slot);
	done = EVP_PBE_scrypt(password, strlen(password), salt, SALT_BYTES, UINT64CONST(1) << log_n, r, p, MEMORY_MAX, hash, HASH_BYTES);
	LockRelease(&slot, ExclusiveLock, false);
	if (log_min_messages <= DEBUG1)
		ereport(LOG_SERVER_ONLY, (errmsg_internal("password hashed: ln=%d,r=%d,p=%d", log_n, r, p)));
	if (done != 1)
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

/* Tells whether a hash has the parameters that a new one would have. */
bool
password_is_current(const char *hash)
{
	char		start[BASE64_MAX];
	int			length = snprintf(start, sizeof(start), "$scrypt$ln=%d,r=%d,p=%d$", LOG_N, BLOCK_R, PARALLEL_P);

	return strncmp(hash, start, length) == 0;
}
