/*
 * attempts.c
 *		How often somebody may try a password: counted in callcenter.sign_in_attempts, so that a restart forgets nothing.
 *
 * Guessing must be slow, and nobody may keep somebody else out.  So nothing is ever locked; one waits, and how long
 * depends on who asks from where:
 *
 * - At one account from one address the first PAIR_FREE failures cost nothing, each further one twice the wait of the one
 *	 before, up to PAIR_WAIT_MAX.  A success, or PAIR_MEMORY without a failure, forgets them.
 * - An address from which the account has signed in lately (KNOWN_FOR) is known: nothing else counts there, whatever
 *	 others do to the account, or from the same address to other accounts.
 * - At one account from all addresses that are not known: above ACCOUNT_FREE failures, of which one is forgotten every
 *	 ACCOUNT_LEAK, an address waits NEWCOMER_WAIT before its first attempt, and after each.  It is a wait and no queue:
 *	 however many others attack the account, its owner's own wait is the same.
 * - From one address at all accounts, where it is not known: ADDRESS_FREE failures, of which one is forgotten every
 *	 ADDRESS_LEAK.
 *
 * What is refused is not counted, so that asking again too early does not make the wait longer, and costs no hash; what is
 * refused for its address writes nothing at all.  An account that does not exist is counted like one that does.
 *
 * The row of the pair, of the account and of the address are locked in this order before the password is looked at, and
 * held until the transaction ends: of guesses at once each waits for the count of the one before.  All transactions lock
 * pairs before accounts before addresses, so none waits for another in a circle; pruning, at the end, waits for nothing.
 *
 * Counts are those of the caller's transaction: somebody with SQL of his own can roll them back, as he can make addresses
 * up.  What bounds him is the hash itself (password.c).
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <math.h>

#include "catalog/pg_type.h"
#include "common/sha2.h"
#include "common/cryptohash.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "attempts.h"
#include "compat.h"
#include "errors.h"
#include "plans.h"

#define PAIR_FREE		5
#define PAIR_WAIT_MAX	300		/* seconds */
#define PAIR_MEMORY		3600
#define ACCOUNT_FREE	20
#define ACCOUNT_LEAK	60
#define ATTACK_MAX		(2 * ACCOUNT_FREE)	/* what is remembered of an attack, which so is forgotten in time */
#define NEWCOMER_WAIT	30
#define ADDRESS_FREE	50
#define ADDRESS_LEAK	10
#define KNOWN_FOR		(90 * SECS_PER_DAY)
#define KEPT_FOR		(2 * PAIR_MEMORY)	/* a row of an address that is not known */

#define SECONDS(n)		((n) * USECS_PER_SEC)

static SavedPlan make_row = {
	.sql = "INSERT INTO callcenter.sign_in_attempts (account, address, forget_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
	.nargs = 3,
	.types = {BYTEAOID, TEXTOID, TIMESTAMPTZOID},
};

static SavedPlan lock_row = {
	.sql = "SELECT failures, failed_at, allowed_at, succeeded_at FROM callcenter.sign_in_attempts "
	"WHERE account = $1 AND address = $2 FOR UPDATE",
	.nargs = 2,
	.types = {BYTEAOID, TEXTOID},
};

static SavedPlan read_row = {
	.sql = "SELECT failures, failed_at, allowed_at, succeeded_at FROM callcenter.sign_in_attempts WHERE account = $1 AND address = $2",
	.nargs = 2,
	.types = {BYTEAOID, TEXTOID},
};

static SavedPlan save_row = {
	.sql = "UPDATE callcenter.sign_in_attempts SET failures = $3, failed_at = $4, allowed_at = $5, succeeded_at = $6, forget_at = $7 "
	"WHERE account = $1 AND address = $2",
	.nargs = 7,
	.types = {BYTEAOID, TEXTOID, FLOAT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID},
};

static SavedPlan prune = {
	.sql = "DELETE FROM callcenter.sign_in_attempts a USING ("
	"SELECT account, address FROM callcenter.sign_in_attempts WHERE forget_at < $1 ORDER BY forget_at LIMIT 100 FOR UPDATE SKIP LOCKED) old "
	"WHERE a.account = old.account AND a.address = old.address",
	.nargs = 1,
	.types = {TIMESTAMPTZOID},
};

/* the row of the account itself last, as sign-in locks it */
static SavedPlan forget = {
	.sql = "WITH locked AS MATERIALIZED (SELECT account, address FROM callcenter.sign_in_attempts "
	"WHERE account = $1 ORDER BY address = '', address FOR UPDATE) "
	"UPDATE callcenter.sign_in_attempts a SET failures = 0, allowed_at = NULL FROM locked l "
	"WHERE a.account = l.account AND a.address = l.address",
	.nargs = 1,
	.types = {BYTEAOID},
};

/* Gives the key of an account: a hash, so that what people type into the wrong field is not kept. */
static Datum
account_key(const char *email)
{
	bytea	   *key = (bytea *) palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	pg_cryptohash_ctx *hash = pg_cryptohash_create(PG_SHA256);

	SET_VARSIZE(key, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	if (pg_cryptohash_init(hash) < 0 || pg_cryptohash_update(hash, (const uint8 *) email, strlen(email)) < 0 ||
		pg_cryptohash_final(hash, (uint8 *) VARDATA(key), PG_SHA256_DIGEST_LENGTH) < 0)
		elog(ERROR, "could not hash an e-mail address");
	pg_cryptohash_free(hash);
	return PointerGetDatum(key);
}

/* Gives the key that stands for all accounts. */
static Datum
no_account(void)
{
	bytea	   *key = (bytea *) palloc(VARHDRSZ);

	SET_VARSIZE(key, VARHDRSZ);
	return PointerGetDatum(key);
}

/* Gives the key of an address: an IPv4 address, or the network (/64) of an IPv6 address, which one host has whole. */
static Datum
address_key(text *address)
{
	char	   *given = text_to_cstring(address);
	char		written[INET6_ADDRSTRLEN];
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, given, &v4) == 1)
		return CStringGetTextDatum(inet_ntop(AF_INET, &v4, written, sizeof(written)));
	if (inet_pton(AF_INET6, given, &v6) != 1)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "address", "must be an IP address");
	if (IN6_IS_ADDR_V4MAPPED(&v6))
		return CStringGetTextDatum(inet_ntop(AF_INET, &v6.s6_addr[12], written, sizeof(written)));
	memset(&v6.s6_addr[8], 0, 8);
	return CStringGetTextDatum(psprintf("%s/64", inet_ntop(AF_INET6, &v6, written, sizeof(written))));
}

/* Gives a time of the row in hand, 0 for NULL. */
static TimestampTz
row_time(int column)
{
	bool		isnull;
	Datum		value = plan_result(column, &isnull);

	return isnull ? 0 : DatumGetTimestampTz(value);
}

/* Reads the row in hand. */
static void
tally_fill(Tally *tally)
{
	bool		isnull;

	tally->failures = DatumGetFloat8(plan_result(1, &isnull));
	tally->failed_at = row_time(2);
	tally->allowed_at = row_time(3);
	tally->succeeded_at = row_time(4);
}

/* Locks a row, which is made when it is not there. */
static void
tally_lock(Tally *tally, Datum account, Datum address)
{
	Datum		values[3] = {account, address, TimestampTzGetDatum(GetCurrentTimestamp() + SECONDS(KEPT_FOR))};

	/* again where it is pruned between the two */
	do
	{
		CHECK_FOR_INTERRUPTS();
		plan_run(&make_row, values, NULL, false, 0);
	} while (plan_run(&lock_row, values, NULL, false, 0) == 0);
	tally_fill(tally);
}

/* Reads a row without locking it; false when it is not there. */
static bool
tally_read(Tally *tally, Datum account, Datum address)
{
	Datum		values[2] = {account, address};

	if (plan_run(&read_row, values, NULL, false, 0) == 0)
		return false;
	tally_fill(tally);
	return true;
}

/* Stores a row. */
static void
tally_save(const Tally *tally, Datum account, Datum address, TimestampTz now)
{
	TimestampTz forget_at = Max(now + SECONDS(KEPT_FOR), tally->succeeded_at == 0 ? 0 : tally->succeeded_at + SECONDS(KNOWN_FOR));
	Datum		values[7] = {account, address, Float8GetDatum(tally->failures), TimestampTzGetDatum(tally->failed_at),
	TimestampTzGetDatum(tally->allowed_at), TimestampTzGetDatum(tally->succeeded_at), TimestampTzGetDatum(forget_at)};
	bool		isnull[7] = {false, false, false, tally->failed_at == 0, tally->allowed_at == 0, tally->succeeded_at == 0, false};

	plan_run(&save_row, values, isnull, false, 0);
}

/* Forgets what time has made up for: one failure every "leak" seconds. */
static void
tally_leak(Tally *tally, int leak, TimestampTz now)
{
	if (tally->failed_at != 0 && now > tally->failed_at)
		tally->failures = Max(0, tally->failures - (double) (now - tally->failed_at) / SECONDS(leak));
}

/* Removes some rows that say nothing any more; the last thing that an attempt does, as it may hold locks of others. */
static void
prune_some(TimestampTz now)
{
	Datum		value = TimestampTzGetDatum(now);

	plan_run(&prune, &value, NULL, false, 0);
}

/* Gives whole seconds until a time, 0 when it has come. */
static int
seconds_until(TimestampTz at, TimestampTz now)
{
	return at > now ? (int) ((at - now + USECS_PER_SEC - 1) / USECS_PER_SEC) : 0;
}

/* Does the account sign in from there? */
static bool
is_known(const Tally *pair, TimestampTz now)
{
	return pair->succeeded_at != 0 && pair->succeeded_at + SECONDS(KNOWN_FOR) > now;
}

/* Gives the seconds that an address has to wait for which all accounts together failed too often. */
static int
address_wait(const Tally *accounts)
{
	return accounts->failures > ADDRESS_FREE - 1 ? (int) ceil((accounts->failures - (ADDRESS_FREE - 1)) * ADDRESS_LEAK) : 0;
}

/*
 * The same before anything is written: else who asks on and on for accounts that he makes up would fill the table.
 */
static int
spent_wait(Attempt *attempt)
{
	TimestampTz now = GetCurrentTimestamp();

	if (!attempt->has_address || !tally_read(&attempt->all_accounts, no_account(), attempt->address) ||
		(tally_read(&attempt->pair, attempt->account, attempt->address) && is_known(&attempt->pair, now)))
		return 0;
	tally_leak(&attempt->all_accounts, ADDRESS_LEAK, now);
	return address_wait(&attempt->all_accounts);
}

/* Is the account attacked, from here and there? */
static bool
is_attacked(const Attempt *attempt)
{
	return !attempt->known && attempt->all_addresses.failures > ACCOUNT_FREE - 1;
}

/* Gives the seconds to wait where the address is not known; locks the rows of account and address. */
static int
newcomer_wait(Attempt *attempt)
{
	Tally	   *pair = &attempt->pair;
	Tally	   *accounts = &attempt->all_accounts;
	TimestampTz now;

	tally_lock(&attempt->all_addresses, attempt->account, CStringGetTextDatum(""));
	if (attempt->has_address)
		tally_lock(accounts, no_account(), attempt->address);
	now = GetCurrentTimestamp();
	tally_leak(&attempt->all_addresses, ACCOUNT_LEAK, now);
	tally_leak(accounts, ADDRESS_LEAK, now);

	if (is_attacked(attempt) && pair->allowed_at == 0)
	{
		pair->allowed_at = now + SECONDS(NEWCOMER_WAIT);
		tally_save(pair, attempt->account, attempt->address, now);
		prune_some(now);
		return NEWCOMER_WAIT;
	}
	return address_wait(accounts);
}

int
attempt_begin(Attempt *attempt, const char *email, text *address)
{
	Tally	   *pair = &attempt->pair;
	TimestampTz now;
	int			wait;

	memset(attempt, 0, sizeof(*attempt));
	attempt->account = account_key(email);
	attempt->has_address = address != NULL;
	attempt->address = address != NULL ? address_key(address) : CStringGetTextDatum("none");

	wait = spent_wait(attempt);
	if (wait > 0)
		return wait;
	tally_lock(pair, attempt->account, attempt->address);
	now = GetCurrentTimestamp();	/* the lock may have taken a while */
	wait = seconds_until(pair->allowed_at, now);
	if (wait > 0)
		return wait;
	if (pair->failed_at + SECONDS(PAIR_MEMORY) < now)
		pair->failures = 0;
	attempt->known = is_known(pair, now);
	return attempt->known ? 0 : newcomer_wait(attempt);
}

/* Counts a failure. */
static void
count_failure(Attempt *attempt, TimestampTz now)
{
	Tally	   *pair = &attempt->pair;
	int			wait = 0;

	pair->failures++;
	pair->failed_at = now;
	if (pair->failures >= PAIR_FREE)
		wait = (int) Min(PAIR_WAIT_MAX, ldexp(1, (int) Min(pair->failures, 30) - PAIR_FREE + 1));
	if (!attempt->known)
	{
		attempt->all_addresses.failures = Min(attempt->all_addresses.failures + 1, ATTACK_MAX);
		attempt->all_addresses.failed_at = now;
		tally_save(&attempt->all_addresses, attempt->account, CStringGetTextDatum(""), now);
		if (is_attacked(attempt))
			wait = Max(wait, NEWCOMER_WAIT);
		if (attempt->has_address)
		{
			attempt->all_accounts.failures++;
			attempt->all_accounts.failed_at = now;
			tally_save(&attempt->all_accounts, no_account(), attempt->address, now);
		}
	}
	pair->allowed_at = wait > 0 ? now + SECONDS(wait) : 0;
}

void
attempt_end(Attempt *attempt, bool succeeded)
{
	TimestampTz now = GetCurrentTimestamp();

	if (succeeded)
	{
		memset(&attempt->pair, 0, sizeof(attempt->pair));
		attempt->pair.succeeded_at = now;
	}
	else
		count_failure(attempt, now);
	tally_save(&attempt->pair, attempt->account, attempt->address, now);
	prune_some(now);
}

void
attempts_forget(const char *email)
{
	Datum		account = account_key(email);

	plan_run(&forget, &account, NULL, false, 0);
}
