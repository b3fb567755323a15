/*
 * keyring.h
 *		The keys that tokens are verified and signed with, and that access codes are encrypted with.
 */
#ifndef CALLCENTER_KEYRING_H
#define CALLCENTER_KEYRING_H

#include "token_parse.h"

/* A key of the ring; lives as long as the ring that it belongs to, that is until the next call of keyring_*. */
typedef struct Key Key;

/*
 * Gives the keys that may have signed a token, one after another: those with its key id, or, when it has none, all of
 * its algorithm.  Start with "previous" NULL; ends with NULL.
 */
extern const Key *keyring_candidate(const Key *previous, const char *kid, TokenAlgorithm algorithm);

/* Gives the key that new tokens are signed with: the first with private material and use "sig" or none; or NULL. */
extern const Key *keyring_signing_key(void);

/*
 * Gives the key that access codes are encrypted with: the first with use "enc"; or NULL.  Or the one with a key id, to
 * decrypt.  These keys neither sign nor verify, and the others do not encrypt.
 */
extern const Key *keyring_encryption_key(void);
extern const Key *keyring_decryption_key(const char *kid);

/*
 * Encrypts with AES-256-GCM: "out" has room for length + KEY_TAG_BYTES.  Decrypts what this made, tag included; false when
 * data, nonce, key or authenticated text are others.
 */
#define KEY_NONCE_BYTES 12
#define KEY_TAG_BYTES 16
extern bool key_encrypt(const Key *key, const unsigned char *nonce, const char *authenticated, size_t authenticated_length,
						const unsigned char *data, size_t length, unsigned char *out);
extern bool key_decrypt(const Key *key, const unsigned char *nonce, const char *authenticated, size_t authenticated_length,
						const unsigned char *data, size_t length, unsigned char *out);

extern const char *key_id(const Key *key);
extern TokenAlgorithm key_algorithm(const Key *key);

/* Tells whether the signature is the key's over the data; a key verifies its own algorithm only. */
extern bool key_verify(const Key *key, const unsigned char *data, size_t length, const unsigned char *signature, size_t signature_length);

/* Signs the data; "signature" has room for KEY_SIGNATURE_MAX bytes.  Returns the length. */
#define KEY_SIGNATURE_MAX 1024
extern size_t key_sign(const Key *key, const unsigned char *data, size_t length, unsigned char *signature);

#endif							/* CALLCENTER_KEYRING_H */
