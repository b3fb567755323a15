/*
 * keyring.c
 *		The key ring: a JSON Web Key Set (RFC 7517) in a file outside the database.
 *
 * Rules
 * - The key decides the algorithm, never the token: "alg" of the key, or what its type allows (oct: HS256, RSA: RS256,
 *	 EC P-256: ES256, OKP Ed25519: EdDSA).  HMAC secrets have at least 32 bytes, RSA moduli at least 2048 bits.
 * - Keys with use "enc" (oct, A256GCM, 256 bits) encrypt access codes (codes.c); they verify no token, whatever it says.
 * - The file is read when a backend needs a key for the first time, and again after each reload of the configuration
 *	 (SIGHUP).  A file that cannot be read or has a wrong key leaves the ring that was there, and is logged; without a
 *	 ring no token verifies.
 * - Cryptography is libcrypto's.  What it allocates is freed before anything can raise an error, or belongs to the ring.
 */
#include "postgres.h"

#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include "fmgr.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "keyring.h"
#include "settings.h"

#define KEY_FILE_MAX	65536
#define KEYS_MAX		32
#define HMAC_KEY_MIN	32
#define HMAC_KEY_MAX	512
#define RSA_BITS_MIN	2048
#define P256_BYTES		32
#define AES_KEY_BYTES	32

struct Key
{
	char		id[TOKEN_KID_MAX + 1];
	TokenAlgorithm algorithm;
	bool		may_sign;
	bool		encrypts;		/* access codes, nothing else; algorithm is TOKEN_ALGORITHM_NONE */
	unsigned char secret[HMAC_KEY_MAX]; /* HS256 */
	size_t		secret_length;
	EVP_PKEY   *pkey;			/* all others */
};

typedef struct KeyRing
{
	int			count;
	Key			keys[KEYS_MAX];
} KeyRing;

static KeyRing *ring = NULL;
static bool ring_tried = false;
static TimestampTz ring_read_at = 0;	/* the configuration load that the ring belongs to */

/* Frees a ring and wipes its secrets. */
static void
ring_free(KeyRing *r)
{
	if (r == NULL)
		return;
	for (int i = 0; i < r->count; i++)
		EVP_PKEY_free(r->keys[i].pkey);
	OPENSSL_cleanse(r, sizeof(*r));
	pfree(r);
}

/* Gives a string member of a key as C string, or NULL. */
static char *
member(JsonbContainer *key, const char *name)
{
	JsonbValue	buffer;
	JsonbValue *value = getKeyJsonValueFromContainer(key, name, strlen(name), &buffer);

	if (value == NULL || value->type != jbvString)
		return NULL;
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* Decodes a base64url member; NULL when it is absent or malformed. */
static unsigned char *
bytes_member(JsonbContainer *key, const char *name, size_t *length)
{
	char	   *encoded = member(key, name);
	unsigned char *bytes;
	int			decoded;

	if (encoded == NULL)
		return NULL;
	bytes = palloc(strlen(encoded) + 1);
	decoded = base64url_decode(encoded, strlen(encoded), bytes);
	if (decoded < 0)
		return NULL;
	*length = decoded;
	return bytes;
}

/* Makes a key from built parameters; frees the builder. */
static EVP_PKEY *
pkey_from_params(const char *type, OSSL_PARAM_BLD *builder, bool has_private)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY   *pkey = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) <= 0 ||
		EVP_PKEY_fromdata(ctx, &pkey, has_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) <= 0)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	return pkey;
}

/* Reads an EC key on P-256; NULL when it is not one. */
static EVP_PKEY *
ec_key(JsonbContainer *jwk, bool *may_sign)
{
	size_t		x_length = 0,
				y_length = 0,
				d_length = 0;
	unsigned char *x = bytes_member(jwk, "x", &x_length);
	unsigned char *y = bytes_member(jwk, "y", &y_length);
	unsigned char *d = bytes_member(jwk, "d", &d_length);
	char	   *curve = member(jwk, "crv");
	unsigned char point[1 + 2 * P256_BYTES];
	OSSL_PARAM_BLD *builder;
	BIGNUM	   *private_number = NULL;
	EVP_PKEY   *pkey;

	if (curve == NULL || strcmp(curve, "P-256") != 0 || x == NULL || y == NULL || x_length != P256_BYTES || y_length != P256_BYTES)
		return NULL;
	if (d != NULL && d_length != P256_BYTES)
		return NULL;
	point[0] = POINT_CONVERSION_UNCOMPRESSED;
	memcpy(point + 1, x, P256_BYTES);
	memcpy(point + 1 + P256_BYTES, y, P256_BYTES);

	builder = OSSL_PARAM_BLD_new();
	if (builder == NULL)
		return NULL;
	OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
	OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point));
	if (d != NULL)
	{
		private_number = BN_bin2bn(d, (int) d_length, NULL);
		OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, private_number);
	}
	pkey = pkey_from_params("EC", builder, d != NULL);
	BN_clear_free(private_number);
	*may_sign = d != NULL;
	return pkey;
}

/* Reads the public half of an RSA key; NULL when it is not one or too short. */
static EVP_PKEY *
rsa_key(JsonbContainer *jwk)
{
	size_t		n_length = 0,
				e_length = 0;
	unsigned char *n = bytes_member(jwk, "n", &n_length);
	unsigned char *e = bytes_member(jwk, "e", &e_length);
	OSSL_PARAM_BLD *builder;
	BIGNUM	   *modulus,
			   *exponent;
	EVP_PKEY   *pkey;

	if (n == NULL || e == NULL || (builder = OSSL_PARAM_BLD_new()) == NULL)
		return NULL;
	modulus = BN_bin2bn(n, (int) n_length, NULL);
	exponent = BN_bin2bn(e, (int) e_length, NULL);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
	pkey = pkey_from_params("RSA", builder, false);
	BN_free(modulus);
	BN_free(exponent);
	if (pkey != NULL && EVP_PKEY_get_bits(pkey) < RSA_BITS_MIN)
	{
		EVP_PKEY_free(pkey);
		return NULL;
	}
	return pkey;
}

/* Reads an Ed25519 key; NULL when it is not one. */
static EVP_PKEY *
ed25519_key(JsonbContainer *jwk, bool *may_sign)
{
	size_t		x_length = 0,
				d_length = 0;
	unsigned char *x = bytes_member(jwk, "x", &x_length);
	unsigned char *d = bytes_member(jwk, "d", &d_length);
	char	   *curve = member(jwk, "crv");

	if (curve == NULL || strcmp(curve, "Ed25519") != 0 || x == NULL)
		return NULL;
	*may_sign = d != NULL;
	if (d != NULL)
		return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, d, d_length);
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, x, x_length);
}

/* Reads a key that encrypts; its key id stands with what it has encrypted, so it must have one.  Returns as read_key(). */
static const char *
read_encryption_key(JsonbContainer *jwk, const char *type, const char *use, const char *algorithm, Key *key)
{
	size_t		length = 0;
	unsigned char *secret;

	if (strcmp(type, "oct") != 0 || use == NULL || strcmp(use, "enc") != 0 || algorithm == NULL || strcmp(algorithm, "A256GCM") != 0)
		return "a key that encrypts has kty oct, use enc and alg A256GCM";
	if (key->id[0] == '\0')
		return "a key that encrypts has a kid";
	secret = bytes_member(jwk, "k", &length);
	if (secret == NULL || length != AES_KEY_BYTES)
		return "its secret must have 32 bytes";
	memcpy(key->secret, secret, length);
	key->secret_length = length;
	key->encrypts = true;
	return NULL;
}

/* Reads one key into *key; returns the reason why it cannot be used. */
static const char *
read_key(JsonbContainer *jwk, Key *key)
{
	char	   *type = member(jwk, "kty");
	char	   *use = member(jwk, "use");
	char	   *id = member(jwk, "kid");
	char	   *algorithm = member(jwk, "alg");
	bool		may_sign = false;

	if (id != NULL && (strlen(id) == 0 || strlen(id) > TOKEN_KID_MAX))
		return "its kid is empty or too long";
	strlcpy(key->id, id ? id : "", sizeof(key->id));

	if (type == NULL)
		return "it has no kty";
	if ((use != NULL && strcmp(use, "enc") == 0) || (algorithm != NULL && strcmp(algorithm, "A256GCM") == 0))
		return read_encryption_key(jwk, type, use, algorithm, key);
	if (strcmp(type, "oct") == 0)
	{
		size_t		length = 0;
		unsigned char *secret = bytes_member(jwk, "k", &length);

		if (secret == NULL || length < HMAC_KEY_MIN || length > HMAC_KEY_MAX)
			return "its secret must have 32 to 512 bytes";
		memcpy(key->secret, secret, length);
		key->secret_length = length;
		key->algorithm = TOKEN_HS256;
		may_sign = true;
	}
	else if (strcmp(type, "EC") == 0)
	{
		key->pkey = ec_key(jwk, &may_sign);
		key->algorithm = TOKEN_ES256;
	}
	else if (strcmp(type, "RSA") == 0)
	{
		key->pkey = rsa_key(jwk);
		key->algorithm = TOKEN_RS256;
	}
	else if (strcmp(type, "OKP") == 0)
	{
		key->pkey = ed25519_key(jwk, &may_sign);
		key->algorithm = TOKEN_EDDSA;
	}
	else
		return "its kty is not oct, EC, RSA or OKP";

	if (key->algorithm != TOKEN_HS256 && key->pkey == NULL)
		return "it is not a P-256, Ed25519 or RSA key of at least 2048 bits";
	if (algorithm != NULL && token_algorithm(algorithm, strlen(algorithm)) != key->algorithm)
		return "its alg does not fit its kty";
	key->may_sign = may_sign && (use == NULL || strcmp(use, "sig") == 0);
	return NULL;
}

/* Reads the text of a key set into an empty ring; returns the reason why not. */
static const char *
read_key_set(char *text, KeyRing *r)
{
	Jsonb	   *set = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
	JsonbValue	buffer;
	JsonbValue *keys;

	if (!JB_ROOT_IS_OBJECT(set))
		return "it is not a JSON object";
	keys = getKeyJsonValueFromContainer(&set->root, "keys", 4, &buffer);
	if (keys == NULL || keys->type != jbvBinary || !JsonContainerIsArray(keys->val.binary.data))
		return "it has no array \"keys\"";
	for (uint32 i = 0; i < JsonContainerSize(keys->val.binary.data); i++)
	{
		JsonbValue *jwk = getIthJsonbValueFromContainer(keys->val.binary.data, i);
		const char *reason;

		if (r->count == KEYS_MAX)
			return "it has more than 32 keys";
		if (jwk->type != jbvBinary || !JsonContainerIsObject(jwk->val.binary.data))
			return "a key is not an object";
		reason = read_key(jwk->val.binary.data, &r->keys[r->count]);
		r->count++;
		if (reason != NULL)
			return psprintf("key %u: %s", i, reason);
	}
	return NULL;
}

/* Reads the file of the key ring; NULL with a log line when that cannot be done. */
static char *
read_file(const char *path)
{
	FILE	   *file = AllocateFile(path, PG_BINARY_R);
	struct stat st;
	char	   *text;
	size_t		length;

	if (file == NULL || fstat(fileno(file), &st) != 0)
	{
		ereport(LOG_SERVER_ONLY,
				(errcode_for_file_access(),
				 errmsg("could not read key file \"%s\": %m", path)));
		if (file != NULL)
			FreeFile(file);
		return NULL;
	}
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		ereport(LOG_SERVER_ONLY,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("key file \"%s\" can be read by others than the server", path),
				 errhint("Use chmod 600.")));
	text = palloc(KEY_FILE_MAX + 1);
	length = fread(text, 1, KEY_FILE_MAX, file);
	FreeFile(file);
	text[length] = '\0';
	return text;
}

/* Reads the ring anew; keeps the old one when the file is not usable. */
static void
ring_read(void)
{
	KeyRing    *fresh = MemoryContextAllocZero(TopMemoryContext, sizeof(KeyRing));
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "callcenter key file", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(scratch);
	const char *reason = NULL;
	char	   *text = read_file(setting_key_file);

	if (text != NULL)
	{
		PG_TRY();
		{
			reason = read_key_set(text, fresh);
		}
		PG_CATCH();
		{
			/* jsonb_in holds nothing that would have to be released: a file that is not JSON is one more unusable file */
			if (ERRCODE_TO_CATEGORY(geterrcode()) != ERRCODE_DATA_EXCEPTION)
			{
				OPENSSL_cleanse(text, strlen(text));
				ring_free(fresh);
				PG_RE_THROW();
			}
			MemoryContextSwitchTo(scratch);
			FlushErrorState();
			reason = "it is not JSON";
		}
		PG_END_TRY();
		OPENSSL_cleanse(text, strlen(text));
		if (reason != NULL)
			ereport(LOG_SERVER_ONLY,
					(errcode(ERRCODE_CONFIG_FILE_ERROR),
					 errmsg("key file \"%s\" is not used: %s", setting_key_file, reason)));
	}
	if (text != NULL && reason == NULL)
	{
		ring_free(ring);
		ring = fresh;
	}
	else
		ring_free(fresh);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(scratch);
}

/* Gives the ring, as of the last reload; NULL when there has never been a usable file. */
static KeyRing *
current_ring(void)
{
	if (!ring_tried || ring_read_at != PgReloadTime)
	{
		ring_tried = true;
		ring_read_at = PgReloadTime;
		if (setting_key_file != NULL && setting_key_file[0] != '\0')
			ring_read();
	}
	return ring;
}

const Key *
keyring_candidate(const Key *previous, const char *kid, TokenAlgorithm algorithm)
{
	KeyRing    *r = previous == NULL ? current_ring() : ring;

	if (r == NULL)
		return NULL;
	for (const Key *key = previous == NULL ? r->keys : previous + 1; key < r->keys + r->count; key++)
		if (key->algorithm == algorithm && (kid[0] == '\0' || strcmp(key->id, kid) == 0))
			return key;
	return NULL;
}

const Key *
keyring_signing_key(void)
{
	KeyRing    *r = current_ring();

	for (int i = 0; r != NULL && i < r->count; i++)
		if (r->keys[i].may_sign)
			return &r->keys[i];
	return NULL;
}

const Key *
keyring_decryption_key(const char *kid)
{
	KeyRing    *r = current_ring();

	for (int i = 0; r != NULL && i < r->count; i++)
		if (r->keys[i].encrypts && (kid == NULL || strcmp(r->keys[i].id, kid) == 0))
			return &r->keys[i];
	return NULL;
}

const Key *
keyring_encryption_key(void)
{
	return keyring_decryption_key(NULL);
}

const char *
key_id(const Key *key)
{
	return key->id;
}

TokenAlgorithm
key_algorithm(const Key *key)
{
	return key->algorithm;
}

/* Converts an ES256 signature of a token (r and s, 32 bytes each) to DER; 0 when it cannot be one. */
static int
ecdsa_to_der(const unsigned char *raw, size_t length, unsigned char *der, size_t size)
{
	ECDSA_SIG  *sig;
	BIGNUM	   *r,
			   *s;
	int			der_length = 0;

	if (length != 2 * P256_BYTES)
		return 0;
	sig = ECDSA_SIG_new();
	r = BN_bin2bn(raw, P256_BYTES, NULL);
	s = BN_bin2bn(raw + P256_BYTES, P256_BYTES, NULL);
	if (sig != NULL && r != NULL && s != NULL && !BN_is_zero(r) && !BN_is_zero(s) && ECDSA_SIG_set0(sig, r, s))
	{
		r = s = NULL;			/* now owned by sig */
		der_length = i2d_ECDSA_SIG(sig, NULL);
		if (der_length > 0 && (size_t) der_length <= size)
			der_length = i2d_ECDSA_SIG(sig, &der);
		else
			der_length = 0;
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	return der_length;
}

bool
key_verify(const Key *key, const unsigned char *data, size_t length, const unsigned char *signature, size_t signature_length)
{
	unsigned char der[128];
	EVP_MD_CTX *ctx;
	bool		good;

	if (key->algorithm == TOKEN_HS256)
	{
		unsigned char expected[EVP_MAX_MD_SIZE];
		unsigned int expected_length = 0;

		if (HMAC(EVP_sha256(), key->secret, (int) key->secret_length, data, length, expected, &expected_length) == NULL)
			return false;
		return signature_length == expected_length && CRYPTO_memcmp(expected, signature, expected_length) == 0;
	}

	if (key->algorithm == TOKEN_ES256)
	{
		signature_length = ecdsa_to_der(signature, signature_length, der, sizeof(der));
		if (signature_length == 0)
			return false;
		signature = der;
	}
	ctx = EVP_MD_CTX_new();
	good = ctx != NULL &&
		EVP_DigestVerifyInit(ctx, NULL, key->algorithm == TOKEN_EDDSA ? NULL : EVP_sha256(), NULL, key->pkey) == 1 &&
		EVP_DigestVerify(ctx, signature, signature_length, data, length) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

size_t
key_sign(const Key *key, const unsigned char *data, size_t length, unsigned char *signature)
{
	unsigned char raw[KEY_SIGNATURE_MAX];
	size_t		raw_length = sizeof(raw);
	EVP_MD_CTX *ctx;
	bool		good;

	if (key->algorithm == TOKEN_HS256)
	{
		unsigned int hmac_length = 0;

		if (HMAC(EVP_sha256(), key->secret, (int) key->secret_length, data, length, signature, &hmac_length) != NULL)
			return hmac_length;
	}
	else
	{
		ctx = EVP_MD_CTX_new();
		good = ctx != NULL &&
			EVP_DigestSignInit(ctx, NULL, key->algorithm == TOKEN_EDDSA ? NULL : EVP_sha256(), NULL, key->pkey) == 1 &&
			EVP_DigestSign(ctx, raw, &raw_length, data, length) == 1;
		EVP_MD_CTX_free(ctx);
		if (good && key->algorithm == TOKEN_ES256)
		{
			const unsigned char *p = raw;
			ECDSA_SIG  *sig = d2i_ECDSA_SIG(NULL, &p, (long) raw_length);

			good = sig != NULL &&
				BN_bn2binpad(ECDSA_SIG_get0_r(sig), signature, P256_BYTES) == P256_BYTES &&
				BN_bn2binpad(ECDSA_SIG_get0_s(sig), signature + P256_BYTES, P256_BYTES) == P256_BYTES;
			ECDSA_SIG_free(sig);
			raw_length = 2 * P256_BYTES;
		}
		else if (good)
			memcpy(signature, raw, raw_length);
		if (good)
			return raw_length;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INTERNAL_ERROR),
			 errmsg("could not sign a token with key \"%s\"", key->id)));
}

bool
key_encrypt(const Key *key, const unsigned char *nonce, const char *authenticated, size_t authenticated_length,
			const unsigned char *data, size_t length, unsigned char *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int			n;
	bool		good;

	good = ctx != NULL && key->encrypts &&
		EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->secret, nonce) == 1 &&
		EVP_EncryptUpdate(ctx, NULL, &n, (const unsigned char *) authenticated, (int) authenticated_length) == 1 &&
		EVP_EncryptUpdate(ctx, out, &n, data, (int) length) == 1 &&
		EVP_EncryptFinal_ex(ctx, out + length, &n) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, KEY_TAG_BYTES, out + length) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}

bool
key_decrypt(const Key *key, const unsigned char *nonce, const char *authenticated, size_t authenticated_length,
			const unsigned char *data, size_t length, unsigned char *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char tag[KEY_TAG_BYTES];
	int			n;
	bool		good;

	memcpy(tag, data + length, KEY_TAG_BYTES);
	good = ctx != NULL && key->encrypts &&
		EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->secret, nonce) == 1 &&
		EVP_DecryptUpdate(ctx, NULL, &n, (const unsigned char *) authenticated, (int) authenticated_length) == 1 &&
		EVP_DecryptUpdate(ctx, out, &n, data, (int) length) == 1 &&
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, KEY_TAG_BYTES, tag) == 1 &&
		EVP_DecryptFinal_ex(ctx, out + length, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}
