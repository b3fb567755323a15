/*
 * codes.c
 *		Access codes at rest (gate and lockbox codes, key locations, notes on how to get in), and reencrypt_access_codes().
 *
 * A sealed value is
 *		1 byte		version, 1
 *		1 byte		length of the key id
 *		n bytes		key id, of the key of the ring that sealed it
 *		12 bytes	nonce, random
 *		m bytes		AES-256-GCM of: length (2 bytes, big-endian), the value, zeros up to a multiple of 16
 *		16 bytes	tag
 *
 * Rules
 * - Company, table, row and column are authenticated with it: a value that is copied to another place does not open.
 * - The padding hides how many digits a code has.
 * - The first encryption key of the ring seals, every one opens.  A value is never stored in clear: without a key, writing
 *	 a code is an error.
 * - What would let a code be guessed from a dump is sealed as well: the hash of a document with a code in it (calls.c).
 * - Nonces are random: 2^32 values under one key are far more than codes there are; reencrypt_access_codes() moves them
 *	 all to a new key.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "codes.h"
#include "compat.h"
#include "identity.h"
#include "keyring.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_seal_access_code);
PG_FUNCTION_INFO_V1(cc_reencrypt_access_codes);

#define VERSION			1
#define LENGTH_BYTES	2
#define PAD_TO			16
#define CODE_MAX		32768
#define BATCH			1000
#define COMPANIES_ID	1		/* attribute number in callcenter.companies */

/*
 * Section: one value
 */

/* Gives what is authenticated with a value: its place, unambiguously. */
static void
place_text(StringInfo out, const CodePlace *place)
{
	const char *parts[] = {"callcenter access code", place->company_id, place->relation, place->record_id, place->column};

	initStringInfo(out);
	for (int i = 0; i < (int) lengthof(parts); i++)
		appendBinaryStringInfo(out, parts[i], strlen(parts[i]) + 1);
}

/* Gives the key that seals. */
static const Key *
sealing_key(void)
{
	const Key  *key = keyring_encryption_key();

	if (key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("access codes cannot be stored: the key ring has no encryption key"),
				 errhint("Add a key of type \"oct\" with use \"enc\", alg \"A256GCM\", 32 bytes and a kid to the file of callcenter.key_file, and reload.")));
	return key;
}

bytea *
code_seal(const CodePlace *place, const void *data, size_t length)
{
	const Key  *key = sealing_key();
	size_t		kid_length = strlen(key_id(key));
	size_t		padded = TYPEALIGN(PAD_TO, LENGTH_BYTES + length);
	unsigned char *clear = palloc0(padded);
	bytea	   *sealed = palloc(VARHDRSZ + 2 + kid_length + KEY_NONCE_BYTES + padded + KEY_TAG_BYTES);
	unsigned char *p = (unsigned char *) VARDATA(sealed);
	StringInfoData where;

	if (length > CODE_MAX)
		elog(ERROR, "access code of %zu bytes", length);
	clear[0] = (unsigned char) (length >> 8);
	clear[1] = (unsigned char) length;
	memcpy(clear + LENGTH_BYTES, data, length);
	*p++ = VERSION;
	*p++ = (unsigned char) kid_length;
	memcpy(p, key_id(key), kid_length);
	p += kid_length;
	if (!pg_strong_random(p, KEY_NONCE_BYTES))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random values")));
	place_text(&where, place);
	if (!key_encrypt(key, p, where.data, where.len, clear, padded, p + KEY_NONCE_BYTES))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not encrypt with key \"%s\"", key_id(key))));
	explicit_bzero(clear, padded);
	pfree(clear);
	SET_VARSIZE(sealed, VARHDRSZ + 2 + kid_length + KEY_NONCE_BYTES + padded + KEY_TAG_BYTES);
	return sealed;
}

/* Raises that a value does not open. */
static void
raise_corrupted(const CodePlace *place)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("an access code of %s \"%s\" is not what was stored there", place->relation, place->record_id)));
}

char *
code_open(const CodePlace *place, const bytea *sealed, size_t *length)
{
	const unsigned char *p = (const unsigned char *) VARDATA_ANY(sealed);
	size_t		left = VARSIZE_ANY_EXHDR(sealed);
	char		kid[TOKEN_KID_MAX + 1];
	size_t		kid_length = left >= 2 ? p[1] : 0;
	const Key  *key;
	unsigned char *clear;
	StringInfoData where;

	if (left < 2 + kid_length + KEY_NONCE_BYTES + PAD_TO + KEY_TAG_BYTES || p[0] != VERSION || kid_length > TOKEN_KID_MAX)
		raise_corrupted(place);
	memcpy(kid, p + 2, kid_length);
	kid[kid_length] = '\0';
	key = keyring_decryption_key(kid);
	if (key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("access codes cannot be read: the key ring has no encryption key \"%s\"", kid),
				 errhint("Put the key back into the file of callcenter.key_file, and reload.")));
	p += 2 + kid_length;
	left -= 2 + kid_length + KEY_NONCE_BYTES + KEY_TAG_BYTES;
	clear = palloc(left + 1);
	place_text(&where, place);
	if (!key_decrypt(key, p, where.data, where.len, p + KEY_NONCE_BYTES, left, clear))
		raise_corrupted(place);
	*length = clear[0] << 8 | clear[1];
	if (*length + LENGTH_BYTES > left)
		raise_corrupted(place);
	memmove(clear, clear + LENGTH_BYTES, *length);
	clear[*length] = '\0';
	return (char *) clear;
}

/*
 * seal_access_code(company_id text, relation text, record_id text, column_name text, value bytea) bytea: for the update
 * from versions that stored codes in clear.
 */
Datum
cc_seal_access_code(PG_FUNCTION_ARGS)
{
	CodePlace	place;
	bytea	   *value = PG_GETARG_BYTEA_PP(4);

	place.company_id = text_to_cstring(PG_GETARG_TEXT_PP(0));
	place.relation = text_to_cstring(PG_GETARG_TEXT_PP(1));
	place.record_id = text_to_cstring(PG_GETARG_TEXT_PP(2));
	place.column = text_to_cstring(PG_GETARG_TEXT_PP(3));
	PG_RETURN_BYTEA_P(code_seal(&place, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)));
}

/*
 * Section: another key
 */

/* Where sealed values are. */
typedef struct SealedColumns
{
	const char *relation;
	int			count;
	const char *columns[4];
	const char *values[4];		/* what is selected: the column where it is sealed */
} SealedColumns;

static const SealedColumns sealed_columns[] = {
	{"calls", 4, {"key_location", "gate_code", "lockbox_code", "content_hash"},
	{"key_location", "gate_code", "lockbox_code", "CASE WHEN length(content_hash) > 32 THEN content_hash END"}},
	{"customer_addresses", 3, {"access_notes", "key_location", "lockbox_code"}, {"access_notes", "key_location", "lockbox_code"}},
};

/* Gives the ids of all companies.  Reads the table directly: nobody's identity is active yet. */
static List *
all_companies(void)
{
	Oid			schema = get_namespace_oid("callcenter", false);
	Relation	companies = table_open(get_relname_relid("companies", schema), AccessShareLock);
	Snapshot	snapshot = RegisterSnapshot(GetTransactionSnapshot());
	TableScanDesc scan = table_beginscan(companies, snapshot, 0, NULL);
	HeapTuple	tuple;
	List	   *ids = NIL;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		bool		isnull;

		ids = lappend(ids, TextDatumGetCString(heap_getattr(tuple, COMPANIES_ID, RelationGetDescr(companies), &isnull)));
	}
	table_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(companies, AccessShareLock);
	return ids;
}

/* Seals the values of a selected row with the key of now; returns how many. */
static int
reseal_row(const Identity *identity, const SealedColumns *from, HeapTuple row, TupleDesc desc)
{
	StringInfoData sql;
	Datum		values[6];
	bool		isnull[6] = {false};
	Oid			types[6] = {TEXTOID, TEXTOID, BYTEAOID, BYTEAOID, BYTEAOID, BYTEAOID};
	int			count = 0;
	CodePlace	place = {.company_id = identity->company_id,.relation = from->relation};

	values[0] = PointerGetDatum(identity->company);
	values[1] = SPI_getbinval(row, desc, 1, &isnull[1]);
	place.record_id = TextDatumGetCString(values[1]);
	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE callcenter.%s SET ", from->relation);
	for (int i = 0; i < from->count; i++)
	{
		Datum		sealed = SPI_getbinval(row, desc, i + 2, &isnull[i + 2]);

		place.column = from->columns[i];
		values[i + 2] = (Datum) 0;
		if (!isnull[i + 2])
		{
			size_t		length;
			char	   *clear = code_open(&place, DatumGetByteaPP(sealed), &length);

			values[i + 2] = PointerGetDatum(code_seal(&place, clear, length));
			explicit_bzero(clear, length);
			count++;
		}
		appendStringInfo(&sql, "%s%s = coalesce($%d, %s)", i > 0 ? ", " : "", from->columns[i], i + 3, from->columns[i]);
	}
	appendStringInfoString(&sql, " WHERE company_id = $1 AND id = $2");
	plan_run_text(sql.data, from->count + 2, types, values, isnull, false);
	return count;
}

/* Seals all values of a company in a table that another key has sealed; returns how many. */
static int64
reseal_table(const Identity *identity, const SealedColumns *from)
{
	StringInfoData sql;
	const char *kid = key_id(sealing_key());
	bytea	   *prefix = palloc(VARHDRSZ + 2 + strlen(kid));
	Oid			types[] = {TEXTOID, TEXTOID, BYTEAOID};
	Datum		values[3];
	int64		count = 0;
	uint64		rows;

	SET_VARSIZE(prefix, VARHDRSZ + 2 + strlen(kid));
	VARDATA(prefix)[0] = VERSION;
	VARDATA(prefix)[1] = (char) strlen(kid);
	memcpy(VARDATA(prefix) + 2, kid, strlen(kid));

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT id::text");
	for (int i = 0; i < from->count; i++)
		appendStringInfo(&sql, ", %s", from->values[i]);
	appendStringInfo(&sql, " FROM callcenter.%s WHERE company_id = $1 AND id > $2 AND (", from->relation);
	for (int i = 0; i < from->count; i++)
		appendStringInfo(&sql, "%ssubstr(%s, 1, length($3)) <> $3", i > 0 ? " OR " : "", from->values[i]);
	appendStringInfo(&sql, ") ORDER BY id LIMIT %d FOR UPDATE", BATCH);

	values[0] = PointerGetDatum(identity->company);
	values[1] = CStringGetTextDatum("");
	values[2] = PointerGetDatum(prefix);
	do
	{
		SPITupleTable *table;

		CHECK_FOR_INTERRUPTS();
		rows = plan_run_text(sql.data, 3, types, values, NULL, false);
		table = SPI_tuptable;
		for (uint64 i = 0; i < rows; i++)
			count += reseal_row(identity, from, table->vals[i], table->tupdesc);
		if (rows > 0)
			values[1] = CStringGetTextDatum(SPI_getvalue(table->vals[rows - 1], table->tupdesc, 1));
		SPI_freetuptable(table);
	} while (rows == BATCH);
	return count;
}

/* reencrypt_access_codes() bigint: seals with the first encryption key of the ring what another one has sealed. */
Datum
cc_reencrypt_access_codes(PG_FUNCTION_ARGS)
{
	int64		count = 0;
	List	   *companies;
	ListCell   *cell;

	(void) sealing_key();
	SPI_connect();
	companies = all_companies();
	foreach(cell, companies)
	{
		Identity   *identity = identity_enter_company(lfirst(cell), "reencrypt_access_codes");

		for (int i = 0; i < (int) lengthof(sealed_columns); i++)
			count += reseal_table(identity, &sealed_columns[i]);
		identity_leave(identity);
	}
	SPI_finish();
	PG_RETURN_INT64(count);
}
