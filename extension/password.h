/*
 * password.h
 *		Passwords as scrypt hashes.
 */
#ifndef CALLCENTER_PASSWORD_H
#define CALLCENTER_PASSWORD_H

#define PASSWORD_MIN 8
#define PASSWORD_MAX 256

extern char *password_hash(const char *password);
extern bool password_verify(const char *password, const char *hash);
extern bool password_is_current(const char *hash);

#endif							/* CALLCENTER_PASSWORD_H */
