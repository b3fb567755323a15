/*
 * sessions.c
 *		Sessions of people: login(), refresh_token(), sign_out(), list_sessions(), revoke_session(), change_password().
 *
 * A session begins with a password and is two tokens.  The token (a JWT) is short-lived and verified by its signature
 * alone, so that nothing that reads has to look a session up.  The refresh token is what the session is: it is exchanged
 * for the next pair, once.
 *
 * Rules
 * - A refresh token is 128 random bits that all of a session's share and 256 that it has alone, as base64url; only SHA-256
 *	 of each is stored.  One that has the session's part right and is not the session's last was used before, by its owner
 *	 or by who stole it, and nobody can tell which: it ends the session.  So does nothing that a stranger could make up.
 * - The one before the last is still answered for GRACE_SECONDS, with a token and without a refresh token: two tabs may
 *	 ask at once, and an answer may be lost.  It gives no second line of refresh tokens.
 * - The row is locked while it is judged: of two exchanges at once the second sees the first.
 * - A session lasts callcenter.session_lifetime, and callcenter.session_idle without use.  Whether the user is disabled and
 *	 which companies they are a member of is read at every refresh.
 * - What fails must be committed: a wrong password is counted, a stolen refresh token ends its session.  So login(),
 *	 refresh_token() and change_password() raise no error for it but answer {"success": false, "sqlstate", "error"}.
 * - An unknown e-mail address, a wrong password and a disabled user are one answer, and the same work.
 */
#include "postgres.h"

#include <openssl/crypto.h>

#include "catalog/pg_type.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "api.h"
#include "attempts.h"
#include "compat.h"
#include "errors.h"
#include "json_text.h"
#include "object_id.h"
#include "password.h"
#include "people.h"
#include "plans.h"
#include "refused.h"
#include "settings.h"
#include "token.h"
#include "token_parse.h"

PG_FUNCTION_INFO_V1(cc_login);
PG_FUNCTION_INFO_V1(cc_refresh_token);
PG_FUNCTION_INFO_V1(cc_sign_out);
PG_FUNCTION_INFO_V1(cc_list_sessions);
PG_FUNCTION_INFO_V1(cc_revoke_session);
PG_FUNCTION_INFO_V1(cc_change_password);

#define FAMILY_BYTES	16
#define SECRET_BYTES	32
#define REFRESH_BYTES	(FAMILY_BYTES + SECRET_BYTES)
#define REFRESH_LENGTH	(REFRESH_BYTES / 3 * 4)
#define GRACE_SECONDS	10
#define SESSIONS_MAX	100		/* of a user; the oldest make room */

/* A session as its row is, and its user. */
typedef struct Session
{
	Claims		claims;			/* subject, e-mail, name, session */
	bool		disabled;
	bytea	   *hash;			/* of the last refresh token's secret */
	bytea	   *previous;		/* of the one before, or NULL */
	TimestampTz rotated_at;
	TimestampTz used_at;
	TimestampTz expires_at;		/* the latest end */
} Session;

/* Gives SHA-256 of bytes. */
static Datum
sha256(const unsigned char *bytes, size_t length)
{
	bytea	   *result = (bytea *) palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);

	SET_VARSIZE(result, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	if (pg_cryptohash_init(hash) < 0 || pg_cryptohash_update(hash, bytes, length) < 0 ||
		pg_cryptohash_final(hash, (uint8 *) VARDATA(result), PG_SHA256_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not hash a refresh token");
	pg_cryptohash_free(hash);
	return PointerGetDatum(result);
}

/* Are two hashes the same?  NULL is none. */
static bool
same_hash(const bytea *a, const bytea *b)
{
	return a != NULL && b != NULL && VARSIZE_ANY_EXHDR(a) == PG_SHA256_DIGEST_LENGTH && VARSIZE_ANY_EXHDR(b) == PG_SHA256_DIGEST_LENGTH &&
		CRYPTO_memcmp(VARDATA_ANY(a), VARDATA_ANY(b), PG_SHA256_DIGEST_LENGTH) == 0;
}

/* Fills bytes that nobody can guess. */
static void
randomize(unsigned char *bytes, size_t length)
{
	if (!pg_strong_random(bytes, length))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random values")));
}

/* Writes a refresh token. */
static char *
refresh_text(const unsigned char *bytes)
{
	char	   *token = palloc(REFRESH_LENGTH + 4);

	base64url_encode(bytes, REFRESH_BYTES, token);
	return token;
}

/* Reads a refresh token; false when it has not the form of one. */
static bool
refresh_read(text *token, unsigned char *bytes)
{
	return token != NULL && VARSIZE_ANY_EXHDR(token) == REFRESH_LENGTH &&
		base64url_decode(VARDATA_ANY(token), REFRESH_LENGTH, bytes) == REFRESH_BYTES;
}

/* Answers that something failed, in a way that commits; "wait": seconds, or 0; "field": the path at fault, or NULL. */
static Datum
failed(int sqlstate, const char *field, const char *message, int wait)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":false,\"sqlstate\":\"%s\",\"error\":", unpack_sql_state(sqlstate));
	json_cstring(&out, message);
	if (field != NULL)
	{
		json_key(&out, "field");
		json_cstring(&out, field);
	}
	if (wait > 0)
	{
		json_key(&out, "retryAfter");
		json_int(&out, wait);
	}
	appendStringInfoChar(&out, '}');
	return api_end(NULL, &out);
}

/* The one answer to a password that must not be tried yet. */
static Datum
too_many(int wait)
{
	refused_note(REFUSED_SIGN_IN);
	return failed(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, NULL, psprintf("Too many attempts: try again in %d second%s", wait, wait == 1 ? "" : "s"), wait);
}

/* The one answer to a refresh token that is not exchanged, whyever. */
static Datum
refresh_failed(void)
{
	refused_note(REFUSED_TOKEN);
	return failed(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION, NULL, "authentication required", 0);
}

/* Gives when a session ends that is used now. */
static TimestampTz
session_end(TimestampTz now, TimestampTz expires_at)
{
	return Min(expires_at, now + setting_session_idle * USECS_PER_SEC);
}

/*
 * Answers with what current_user_info() says of a new token, the token, and the refresh token when there is one.
 * "claims" has everything but the companies and the end.
 */
static Datum
answer_tokens(Claims *claims, TimestampTz now, TimestampTz expires_at, const char *refresh)
{
	static SavedPlan info = {
		.sql = "SELECT callcenter.current_user_info($1)::text",
		.nargs = 1,
		.types = {TEXTOID},
	};
	char	   *token;
	Datum		token_value;
	StringInfoData out;
	bool		isnull;

	people_read_memberships(claims);
	claims->expires_at = Min(now + setting_token_lifetime * USECS_PER_SEC, expires_at);
	token = token_issue(claims, now);

	token_value = CStringGetTextDatum(token);
	plan_run(&info, &token_value, NULL, false, 1);
	initStringInfo(&out);
	appendStringInfoString(&out, TextDatumGetCString(plan_result(1, &isnull)));
	out.len--;					/* its closing brace */
	json_key(&out, "expiresIn");
	json_int(&out, (claims->expires_at - now) / USECS_PER_SEC);
	json_key(&out, "token");
	json_cstring(&out, token);
	if (refresh != NULL)
	{
		json_key(&out, "refreshToken");
		json_cstring(&out, refresh);
		json_key(&out, "refreshExpiresAt");
		json_timestamp(&out, session_end(now, expires_at));
	}
	appendStringInfoChar(&out, '}');
	return api_end(NULL, &out);
}

/* Makes a session for the subject of the claims; returns its refresh token, and its latest end. */
static char *
session_open(Claims *claims, text *address, TimestampTz now, TimestampTz *expires_at)
{
	static SavedPlan clean = {
		.sql = "DELETE FROM callcenter.user_sessions WHERE user_id = $1 AND (expires_at <= $2 OR used_at <= $3 OR "
		"id IN (SELECT id FROM callcenter.user_sessions WHERE user_id = $1 ORDER BY used_at DESC, id OFFSET $4))",
		.nargs = 4,
		.types = {TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID, INT8OID},
	};
	static SavedPlan insert = {
		.sql = "INSERT INTO callcenter.user_sessions (id, user_id, family_hash, token_hash, created_at, used_at, expires_at, address) "
		"VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
		.nargs = 7,
		.types = {TEXTOID, TEXTOID, BYTEAOID, BYTEAOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID},
	};
	unsigned char bytes[REFRESH_BYTES];
	text	   *id = object_id_generate();
	Datum		user = CStringGetTextDatum(claims->subject);
	Datum		old[4] = {user, TimestampTzGetDatum(now), TimestampTzGetDatum(now - setting_session_idle * USECS_PER_SEC), Int64GetDatum(SESSIONS_MAX - 1)};
	Datum		values[7];
	bool		isnull[7] = {false};

	*expires_at = now + setting_session_lifetime * USECS_PER_SEC;
	randomize(bytes, sizeof(bytes));
	plan_run(&clean, old, NULL, false, 0);
	values[0] = PointerGetDatum(id);
	values[1] = user;
	values[2] = sha256(bytes, FAMILY_BYTES);
	values[3] = sha256(bytes + FAMILY_BYTES, SECRET_BYTES);
	values[4] = TimestampTzGetDatum(now);
	values[5] = TimestampTzGetDatum(*expires_at);
	values[6] = PointerGetDatum(address);
	isnull[6] = address == NULL;
	plan_run(&insert, values, isnull, false, 0);
	claims->session = text_to_cstring(id);
	return refresh_text(bytes);
}

/* Ends a session. */
static void
session_close(const char *id)
{
	static SavedPlan delete = {
		.sql = "DELETE FROM callcenter.user_sessions WHERE id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		value = CStringGetTextDatum(id);

	plan_run(&delete, &value, NULL, false, 0);
}

/* Gives a text column of the row in hand, or NULL. */
static char *
row_text(int column)
{
	bool		isnull;
	Datum		value = plan_result(column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* Tells whether a password is that of the user in hand ("found"), or of nobody; stores a better hash of a right one. */
static bool
is_password(bool found, int column, const char *id, text *password)
{
	static SavedPlan update = {
		.sql = "UPDATE callcenter.users SET password = $2 WHERE id = $1",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	char	   *hash = found ? row_text(column) : NULL;
	char	   *given = text_to_cstring(password);

	if (VARSIZE_ANY_EXHDR(password) > PASSWORD_MAX * 4 || !password_verify(given, hash))
		return false;
	if (!password_is_current(hash))
	{
		Datum		values[2] = {CStringGetTextDatum(id), CStringGetTextDatum(password_hash(given))};

		plan_run(&update, values, NULL, false, 0);
	}
	return true;
}

/* login(email text, password text, address text) json: a session for a password. */
Datum
cc_login(PG_FUNCTION_ARGS)
{
	static SavedPlan find = {
		.sql = "SELECT u.id, u.email, u.name, u.password FROM callcenter.users u WHERE u.email = $1 AND NOT u.disabled",
		.nargs = 1,
		.types = {TEXTOID},
	};
	static SavedPlan still_may = {
		.sql = "SELECT 1 FROM callcenter.users u WHERE u.id = $1 AND NOT u.disabled FOR KEY SHARE",
		.nargs = 1,
		.types = {TEXTOID},
	};
	char	   *email = people_fold_email(api_text(fcinfo, 0, "email"));
	text	   *password = api_text(fcinfo, 1, "password");
	text	   *address = PG_ARGISNULL(2) ? NULL : PG_GETARG_TEXT_PP(2);
	Datum		key = CStringGetTextDatum(email);
	Claims		claims = {0};
	Attempt		attempt;
	bool		found;
	bool		right;
	int			wait;
	TimestampTz now;
	TimestampTz expires_at;
	char	   *refresh;

	SPI_connect();
	wait = attempt_begin(&attempt, email, address);
	if (wait > 0)
		return too_many(wait);

	found = plan_run(&find, &key, NULL, false, 0) == 1;
	if (found)
	{
		claims.subject = row_text(1);
		claims.email = row_text(2);
		claims.name = row_text(3);
	}
	right = is_password(found, 4, claims.subject, password);
	/* who was disabled or has gone while the password was looked at has no session to open */
	if (right)
	{
		Datum		id = CStringGetTextDatum(claims.subject);

		right = plan_run(&still_may, &id, NULL, false, 0) == 1;
	}
	attempt_end(&attempt, right);
	if (!right)
	{
		refused_note(REFUSED_SIGN_IN);
		return failed(ERRCODE_INVALID_PASSWORD, NULL, "E-mail address or password is wrong", 0);
	}
	now = GetCurrentTimestamp();
	refresh = session_open(&claims, address, now, &expires_at);
	return answer_tokens(&claims, now, expires_at, refresh);
}

/* Finds and locks the session of a refresh token; NULL when there is none. */
static Session *
session_find(const unsigned char *bytes)
{
	static SavedPlan find = {
		.sql = "SELECT s.id, s.user_id, u.email, u.name, u.disabled, s.token_hash, s.previous_hash, s.rotated_at, s.used_at, s.expires_at "
		"FROM callcenter.user_sessions s JOIN callcenter.users u ON u.id = s.user_id WHERE s.family_hash = $1 FOR UPDATE OF s",
		.nargs = 1,
		.types = {BYTEAOID},
	};
	Datum		family = sha256(bytes, FAMILY_BYTES);
	Session    *session;
	bool		isnull;
	Datum		value;

	if (plan_run(&find, &family, NULL, false, 0) == 0)
		return NULL;
	session = palloc0_object(Session);
	session->claims.session = row_text(1);
	session->claims.subject = row_text(2);
	session->claims.email = row_text(3);
	session->claims.name = row_text(4);
	session->disabled = DatumGetBool(plan_result(5, &isnull));
	session->hash = DatumGetByteaPP(plan_result(6, &isnull));
	value = plan_result(7, &isnull);
	session->previous = isnull ? NULL : DatumGetByteaPP(value);
	value = plan_result(8, &isnull);
	session->rotated_at = isnull ? 0 : DatumGetTimestampTz(value);
	session->used_at = DatumGetTimestampTz(plan_result(9, &isnull));
	session->expires_at = DatumGetTimestampTz(plan_result(10, &isnull));
	return session;
}

/* Gives a session its next refresh token. */
static char *
session_rotate(const Session *session, unsigned char *bytes, text *address, TimestampTz now)
{
	static SavedPlan update = {
		.sql = "UPDATE callcenter.user_sessions SET previous_hash = token_hash, token_hash = $2, rotated_at = $3, used_at = $3, "
		"address = coalesce($4, address) WHERE id = $1",
		.nargs = 4,
		.types = {TEXTOID, BYTEAOID, TIMESTAMPTZOID, TEXTOID},
	};
	Datum		values[4];
	bool		isnull[4] = {false, false, false, address == NULL};

	randomize(bytes + FAMILY_BYTES, SECRET_BYTES);
	values[0] = CStringGetTextDatum(session->claims.session);
	values[1] = sha256(bytes + FAMILY_BYTES, SECRET_BYTES);
	values[2] = TimestampTzGetDatum(now);
	values[3] = PointerGetDatum(address);
	plan_run(&update, values, isnull, false, 0);
	return refresh_text(bytes);
}

/* refresh_token(refresh_token text, address text) json: the next tokens of a session. */
Datum
cc_refresh_token(PG_FUNCTION_ARGS)
{
	text	   *given = PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0);
	text	   *address = PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1);
	unsigned char bytes[REFRESH_BYTES];
	Session    *session;
	bytea	   *hash;
	TimestampTz now;

	SPI_connect();
	if (!refresh_read(given, bytes) || (session = session_find(bytes)) == NULL)
		return refresh_failed();
	hash = DatumGetByteaPP(sha256(bytes + FAMILY_BYTES, SECRET_BYTES));
	now = GetCurrentTimestamp();

	if (session->disabled || session->expires_at <= now || session->used_at + setting_session_idle * USECS_PER_SEC <= now)
	{
		session_close(session->claims.session);
		return refresh_failed();
	}
	if (same_hash(hash, session->hash))
		return answer_tokens(&session->claims, now, session->expires_at, session_rotate(session, bytes, address, now));
	if (same_hash(hash, session->previous) && now < session->rotated_at + GRACE_SECONDS * USECS_PER_SEC)
		return answer_tokens(&session->claims, now, session->expires_at, NULL);

	ereport(LOG_SERVER_ONLY,
			(errmsg("refresh token used twice: session ended"),
			 errdetail_log("User \"%s\", e-mail \"%s\", session %s.", session->claims.subject, session->claims.email, session->claims.session)));
	session_close(session->claims.session);
	return refresh_failed();
}

/* Gives the claims of a token that must be there. */
static Claims *
bearer(FunctionCallInfo fcinfo, int arg)
{
	text	   *token = PG_ARGISNULL(arg) ? NULL : PG_GETARG_TEXT_PP(arg);

	if (token == NULL)
		error_no_token("no token");
	return token_verify(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token));
}

/* Answers {"success":true}. */
static Datum
succeeded(void)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true}");
	return api_end(NULL, &out);
}

/* sign_out(refresh_token text, token text) json: ends the session of either, if there is one. */
Datum
cc_sign_out(PG_FUNCTION_ARGS)
{
	unsigned char bytes[REFRESH_BYTES];
	Session    *session;

	if (!PG_ARGISNULL(0))
	{
		/* also one that was exchanged since: who has it wants the session to end */
		SPI_connect();
		if (refresh_read(PG_GETARG_TEXT_PP(0), bytes) && (session = session_find(bytes)) != NULL)
			session_close(session->claims.session);
	}
	else
	{
		Claims	   *claims = PG_ARGISNULL(1) ? NULL : bearer(fcinfo, 1);

		SPI_connect();
		if (claims != NULL && claims->session != NULL)
			session_close(claims->session);
	}
	return succeeded();
}

/* list_sessions(token text) json: the sessions of the token's bearer, the last used first. */
Datum
cc_list_sessions(PG_FUNCTION_ARGS)
{
	static SavedPlan list = {
		.sql = "SELECT id, created_at, used_at, expires_at, address FROM callcenter.user_sessions "
		"WHERE user_id = $1 AND expires_at > $2 AND used_at > $3 ORDER BY used_at DESC, id",
		.nargs = 3,
		.types = {TEXTOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
	};
	Claims	   *claims = bearer(fcinfo, 0);
	TimestampTz now = GetCurrentTimestamp();
	Datum		values[3] = {CStringGetTextDatum(claims->subject), TimestampTzGetDatum(now), TimestampTzGetDatum(now - setting_session_idle * USECS_PER_SEC)};
	StringInfoData out;
	uint64		count;

	SPI_connect();
	count = plan_run(&list, values, NULL, true, 0);
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"sessions\":[");
	for (uint64 i = 0; i < count; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		bool		isnull;
		char	   *id = TextDatumGetCString(SPI_getbinval(row, desc, 1, &isnull));
		TimestampTz used_at = DatumGetTimestampTz(SPI_getbinval(row, desc, 3, &isnull));
		Datum		address = SPI_getbinval(row, desc, 5, &isnull);

		json_item(&out);
		appendStringInfoString(&out, "{\"sessionId\":");
		json_cstring(&out, id);
		json_key(&out, "current");
		json_bool(&out, claims->session != NULL && strcmp(claims->session, id) == 0);
		if (!isnull)
		{
			json_key(&out, "address");
			json_text(&out, DatumGetTextPP(address));
		}
		json_key(&out, "createdAt");
		json_timestamp(&out, DatumGetTimestampTz(SPI_getbinval(row, desc, 2, &isnull)));
		json_key(&out, "lastUsedAt");
		json_timestamp(&out, used_at);
		json_key(&out, "expiresAt");
		json_timestamp(&out, session_end(used_at, DatumGetTimestampTz(SPI_getbinval(row, desc, 4, &isnull))));
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoString(&out, "]}");
	return api_end(NULL, &out);
}

/* revoke_session(session_id text, token text) json: ends a session of the token's bearer. */
Datum
cc_revoke_session(PG_FUNCTION_ARGS)
{
	static SavedPlan revoke = {
		.sql = "DELETE FROM callcenter.user_sessions WHERE id = $1 AND user_id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Claims	   *claims = bearer(fcinfo, 1);
	Datum		values[2] = {PointerGetDatum(api_text(fcinfo, 0, "sessionId")), CStringGetTextDatum(claims->subject)};

	SPI_connect();
	if (plan_run(&revoke, values, NULL, false, 0) == 0)
		error_not_found("Session");
	return succeeded();
}

/*
 * change_password(old_password text, new_password text, token text, address text) json: gives the token's bearer
 * another password and ends all their other sessions.
 */
Datum
cc_change_password(PG_FUNCTION_ARGS)
{
	static SavedPlan find = {
		.sql = "SELECT u.email, u.password FROM callcenter.users u WHERE u.id = $1 AND NOT u.disabled",
		.nargs = 1,
		.types = {TEXTOID},
	};
	static SavedPlan update = {
		.sql = "UPDATE callcenter.users SET password = $2, updated_at = now() WHERE id = $1",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	static SavedPlan end_others = {
		.sql = "DELETE FROM callcenter.user_sessions WHERE user_id = $1 AND id <> $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Claims	   *claims = bearer(fcinfo, 2);
	text	   *old_password = api_text(fcinfo, 0, "oldPassword");
	text	   *new_password = api_text(fcinfo, 1, "newPassword");
	Datum		id = CStringGetTextDatum(claims->subject);
	Datum		values[2];
	Datum		companies;
	char	   *email;
	Attempt		attempt;
	bool		right;
	int			wait;
	StringInfoData out;

	people_check_password(new_password, "newPassword");
	SPI_connect();
	if (plan_run(&find, &id, NULL, false, 0) == 0)
		error_no_token("its subject is not a user who may sign in");
	email = row_text(1);
	companies = people_hold_companies(id);
	wait = attempt_begin(&attempt, email, PG_ARGISNULL(3) ? NULL : PG_GETARG_TEXT_PP(3));
	if (wait > 0)
		return too_many(wait);

	/* again: it may have changed while the attempt waited */
	plan_run(&find, &id, NULL, false, 0);
	right = is_password(SPI_processed == 1, 2, claims->subject, old_password);
	attempt_end(&attempt, right);
	if (!right)
		return failed(ERRCODE_INVALID_PARAMETER_VALUE, "oldPassword", "field \"oldPassword\" is not the present password", 0);

	values[0] = id;
	values[1] = PointerGetDatum(people_new_password(new_password, "newPassword"));
	plan_run(&update, values, NULL, false, 0);
	people_log_password(id, companies, email, email, claims->subject);
	values[1] = CStringGetTextDatum(claims->session != NULL ? claims->session : "");
	plan_run(&end_others, values, NULL, false, 0);
	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"sessionsEnded\":" UINT64_FORMAT "}", SPI_processed);
	return api_end(NULL, &out);
}
