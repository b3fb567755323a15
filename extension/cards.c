/*
 * cards.c
 *		Cards: the ready profile of a customer under each of its numbers, so that a lookup finds all of it with one probe.
 *
 * A card is what the customer document says but for what is derived: it is a pure function of the tables of card_sources
 * and of the company's region.  Statement triggers on those tables write the cards of the customers that a statement has
 * touched anew, in the same commit.
 *
 * Rules
 * - A card is written from several tables, so that two transactions which change different ones of a customer must not
 *	 overtake each other: whoever changes a profile locks the customer's cards first and reads afterwards, with a snapshot
 *	 that is newer than the lock.  What cannot be locked as a row is locked as an object of the class "customer_cards":
 *	 the company shared and the customer alone, or, by statements of many customers, the company alone.
 * - A card says in which format it was written.  Another format than the one of this library is not shown (lookup.c writes
 *	 the profile live instead), so that an update of the library cannot show what it would not write.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "cards.h"
#include "customers.h"
#include "object_id.h"
#include "phone.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_profiles_changed);

#define CARD_LOCKS		256		/* of companies, and again of customers */
#define MANY_CUSTOMERS	32		/* a statement that touches more of a company locks the company */
#define CARD_BATCH		500		/* customers whose cards are written at once */

/* The tables that a card is made of, and their column with the customer's id. */
static const struct
{
	const char *relation;
	const char *customer;
}			card_sources[] = {
	{"customers", "id"},
	{"customer_phones", "customer_id"},
	{"customer_addresses", "customer_id"},
	{"customer_equipment", "customer_id"},
	{"customer_notes", "customer_id"},
	{"customer_tags", "customer_id"},
};

/* A customer whose cards are to be written, and the number that it may have lost ("" for none). */
typedef struct CardKey
{
	char		company[OBJECT_ID_LENGTH];
	char		customer[OBJECT_ID_LENGTH];
	char		number[PHONE_E164_SIZE];
} CardKey;

typedef struct CardKeys
{
	CardKey    *keys;
	int			count;
	int			size;
} CardKeys;

/*
 * Section: writing cards
 */

int64
card_format(const Company *company)
{
	static uint64 fields = 0;

	if (fields == 0)
	{
		const char *metadata = phone_metadata_version();

		for (int i = 0; i < customer_card_fields.count; i++)
		{
			const Field *field = &customer_card_fields.fields[i];

			if (field->derived == NULL)
				fields = hash_combine64(fields, hash_bytes((const unsigned char *) field->path, strlen(field->path)) ^ (uint64) field->type << 32);
			for (int f = 0; field->items != NULL && f < field->items->count; f++)
				fields = hash_combine64(fields, hash_bytes((const unsigned char *) field->items->fields[f].path, strlen(field->items->fields[f].path)));
		}
		fields = hash_combine64(fields, hash_bytes((const unsigned char *) metadata, strlen(metadata)));
	}
	return (int64) hash_combine64(fields, company->region);
}

/* Selects what the cards of customers are made of, behind their ids; they are in SPI_tuptable. */
static uint64
select_profiles(Datum company, Datum customers, bool read_only)
{
	static SavedPlan plan = {.nargs = 2,.types = {TEXTOID, TEXTARRAYOID}};
	Datum		values[] = {company, customers};

	if (plan.sql == NULL)
	{
		StringInfoData sql;

		initStringInfo(&sql);
		appendStringInfoString(&sql, "SELECT cu.id, ");
		document_select_list(&sql, &customer_card_fields, false);
		/* LIMIT and OFFSET, here and below: each row is looked up by its key; the planner would read all of a company */
		appendStringInfoString(&sql, " FROM unnest($2) AS g (id) CROSS JOIN LATERAL (SELECT * FROM callcenter.customers cu "
							   "WHERE cu.company_id = $1 AND cu.id = g.id LIMIT 1) cu " CUSTOMER_PHONES_JOIN);
		plan.sql = MemoryContextStrdup(TopMemoryContext, sql.data);
	}
	return plan_run(&plan, values, NULL, read_only, 0);
}

/* Writes the card of a selected profile. */
static char *
write_card(uint64 row, const Company *company)
{
	WriteContext context = {.company = company};
	StringInfoData card;

	initStringInfo(&card);
	document_write(&card, &customer_card_fields, false, SPI_tuptable->vals[row], SPI_tuptable->tupdesc, 2, &context);
	return card.data;
}

char *
card_live(text *company_id, text *customer, const Company *company)
{
	Datum		id = PointerGetDatum(customer);

	return select_profiles(PointerGetDatum(company_id), text_array(&id, 1), true) > 0 ? write_card(0, company) : NULL;
}

/* Stores cards under the numbers that are the customers' alone; returns how many differ from what was stored. */
static uint64
store_cards(Datum company, Datum *customers, Datum *cards, int count, int64 format)
{
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.customer_cards AS k (company_id, phone, customer_id, format, card) "
		"SELECT $1, p.phone, g.customer_id, $4, g.card "
		"FROM unnest($2, $3) AS g (customer_id, card) CROSS JOIN LATERAL (SELECT p.phone FROM callcenter.customer_phones p "
		"WHERE p.company_id = $1 AND p.customer_id = g.customer_id AND NOT p.shared OFFSET 0) p "
		"ORDER BY p.phone "
		"ON CONFLICT (company_id, phone) DO UPDATE SET customer_id = EXCLUDED.customer_id, format = EXCLUDED.format, card = EXCLUDED.card "
		"WHERE k.customer_id <> EXCLUDED.customer_id OR k.format <> EXCLUDED.format OR k.card <> EXCLUDED.card",
		.nargs = 4,
		.types = {TEXTOID, TEXTARRAYOID, TEXTARRAYOID, INT8OID},
	};
	Datum		values[] = {company, text_array(customers, count), text_array(cards, count), Int64GetDatum(format)};

	return plan_run(&plan, values, NULL, false, 0);
}

/* Takes away the cards under numbers that are nobody's alone any more, or somebody else's. */
static void
drop_cards(Datum company, Datum numbers)
{
	static SavedPlan plan = {
		.sql = "DELETE FROM callcenter.customer_cards k USING unnest($2) AS g (phone) "
		"WHERE k.company_id = $1 AND k.phone = g.phone AND NOT EXISTS (SELECT 1 FROM callcenter.customer_phones p "
		"WHERE p.company_id = $1 AND p.phone = k.phone AND p.customer_id = k.customer_id AND NOT p.shared)",
		.nargs = 2,
		.types = {TEXTOID, TEXTARRAYOID},
	};
	Datum		values[] = {company, numbers};

	plan_run(&plan, values, NULL, false, 0);
}

/* Writes the cards of some customers of a company; returns how many were wrong. */
static uint64
refresh_batch(const char *company_id, Datum *customers, int count)
{
	Datum		company_value = CStringGetTextDatum(company_id);
	Datum		ids = text_array(customers, count);
	uint64		found = select_profiles(company_value, ids, false);
	SPITupleTable *profiles = SPI_tuptable;
	Datum	   *found_ids = palloc_array(Datum, found + 1);
	Datum	   *cards = palloc_array(Datum, found + 1);
	const Company *company;
	uint64		wrong;

	/* no customers are found while a company goes, and the company is not needed then */
	company = found > 0 ? company_find(company_id) : NULL;
	if (company == NULL)
		return 0;
	SPI_tuptable = profiles;
	for (uint64 i = 0; i < found; i++)
	{
		bool		isnull;
		char	   *card = write_card(i, company);

		found_ids[i] = SPI_getbinval(profiles->vals[i], profiles->tupdesc, 1, &isnull);
		cards[i] = CStringGetTextDatum(card);
		pfree(card);
	}
	wrong = store_cards(company_value, found_ids, cards, (int) found, card_format(company));
	SPI_freetuptable(profiles);
	return wrong;
}

/* Writes the cards of all customers of a company; returns how many were wrong. */
static uint64
refresh_company(const char *company_id)
{
	static SavedPlan next = {
		.sql = "SELECT cu.id FROM callcenter.customers cu WHERE cu.company_id = $1 AND cu.id > $2 ORDER BY cu.id LIMIT $3",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, INT8OID},
	};
	MemoryContext batch_context = AllocSetContextCreate(CurrentMemoryContext, "cards of a company", ALLOCSET_DEFAULT_SIZES);
	char		last[OBJECT_ID_LENGTH + 1] = "";
	uint64		wrong = 0;
	uint64		count;

	do
	{
		MemoryContext before = MemoryContextSwitchTo(batch_context);
		Datum		customers[CARD_BATCH];
		Datum		values[] = {CStringGetTextDatum(company_id), CStringGetTextDatum(last), Int64GetDatum(CARD_BATCH)};
		SPITupleTable *table;

		CHECK_FOR_INTERRUPTS();
		count = plan_run(&next, values, NULL, false, 0);
		table = SPI_tuptable;
		for (uint64 i = 0; i < count; i++)
		{
			bool		isnull;

			customers[i] = SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull);
		}
		if (count > 0)
		{
			text_to_cstring_buffer(DatumGetTextPP(customers[count - 1]), last, sizeof(last));
			wrong += refresh_batch(company_id, customers, (int) count);
		}
		SPI_freetuptable(table);
		MemoryContextSwitchTo(before);
		MemoryContextReset(batch_context);
	} while (count == CARD_BATCH);
	MemoryContextDelete(batch_context);
	return wrong;
}

int64
cards_rebuild(void)
{
	static SavedPlan companies = {.sql = "SELECT co.id FROM callcenter.companies co ORDER BY co.id"};
	static SavedPlan orphans = {
		.sql = "DELETE FROM callcenter.customer_cards k WHERE NOT EXISTS (SELECT 1 FROM callcenter.customer_phones p "
		"WHERE p.company_id = k.company_id AND p.phone = k.phone AND p.customer_id = k.customer_id AND NOT p.shared)",
	};
	int64		wrong = plan_run(&orphans, NULL, NULL, false, 0);
	uint64		count = plan_run(&companies, NULL, NULL, false, 0);
	SPITupleTable *table = SPI_tuptable;

	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;

		wrong += refresh_company(TextDatumGetCString(SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull)));
	}
	return wrong;
}

/*
 * Section: triggers
 */

/* Notes a customer. */
static void
add_key(CardKeys *keys, Datum company, Datum customer, Datum number)
{
	CardKey    *key;

	if (keys->count == keys->size)
	{
		keys->size = Max(8, keys->size * 2);
		keys->keys = keys->keys == NULL ? palloc_array(CardKey, keys->size)
			: (CardKey *) repalloc_huge(keys->keys, sizeof(CardKey) * (Size) keys->size);
	}
	key = &keys->keys[keys->count++];
	memcpy(key->company, VARDATA_ANY(DatumGetPointer(company)), OBJECT_ID_LENGTH);
	memcpy(key->customer, VARDATA_ANY(DatumGetPointer(customer)), OBJECT_ID_LENGTH);
	memset(key->number, 0, sizeof(key->number));
	if (number != (Datum) 0)
		text_to_cstring_buffer(DatumGetTextPP(number), key->number, sizeof(key->number));
}

/* Notes the customers of a transition table; "number_column" is where the numbers are that they may have lost, or NULL. */
static void
read_keys(CardKeys *keys, Relation relation, Tuplestorestate *rows, const char *customer_column, const char *number_column)
{
	int			company = SPI_fnumber(RelationGetDescr(relation), "company_id");
	int			customer = SPI_fnumber(RelationGetDescr(relation), customer_column);
	int			number = number_column != NULL ? SPI_fnumber(RelationGetDescr(relation), number_column) : 0;
	TupleTableSlot *slot;

	if (rows == NULL)
		return;
	slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		add_key(keys, slot_getattr(slot, company, &isnull), slot_getattr(slot, customer, &isnull),
				number > 0 ? slot_getattr(slot, number, &isnull) : (Datum) 0);
	}
	ExecDropSingleTupleTableSlot(slot);
}

static int
compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(CardKey));
}

static int
compare_locks(const void *a, const void *b)
{
	uint32		one = *(const uint32 *) a,
				other = *(const uint32 *) b;

	return one < other ? -1 : one > other;
}

/* Sorts the keys and leaves each once. */
static void
sort_keys(CardKeys *keys)
{
	int			kept = 0;

	qsort(keys->keys, keys->count, sizeof(CardKey), compare_keys);
	for (int i = 0; i < keys->count; i++)
		if (kept == 0 || compare_keys(&keys->keys[i], &keys->keys[kept - 1]) != 0)
			keys->keys[kept++] = keys->keys[i];
	keys->count = kept;
}

/* Locks the cards of a company: shared for changes of few customers, which lock those too, alone for changes of many. */
static void
lock_company(Oid cards, const char *company, LOCKMODE mode)
{
	LockDatabaseObject(cards, 1 + hash_bytes((const unsigned char *) company, OBJECT_ID_LENGTH) % CARD_LOCKS, 0, mode);
}

/* Locks the cards of customers of one company; they are sorted. */
static void
lock_cards(const CardKey *keys, int count)
{
	Oid			cards = get_relname_relid("customer_cards", get_namespace_oid("callcenter", false));
	uint32		locks[MANY_CUSTOMERS];

	if (count > MANY_CUSTOMERS)
	{
		lock_company(cards, keys[0].company, ExclusiveLock);
		return;
	}
	lock_company(cards, keys[0].company, ShareLock);
	for (int i = 0; i < count; i++)
		locks[i] = 1 + CARD_LOCKS + hash_bytes((const unsigned char *) keys[i].customer, OBJECT_ID_LENGTH) % CARD_LOCKS;
	qsort(locks, count, sizeof(locks[0]), compare_locks);
	for (int i = 0; i < count; i++)
		if (i == 0 || locks[i] != locks[i - 1])
			LockDatabaseObject(cards, locks[i], 0, ExclusiveLock);
}

/* Writes the cards of customers of one company, in batches. */
static void
refresh_customers(const CardKey *keys, int count)
{
	char	   *company = pnstrdup(keys[0].company, OBJECT_ID_LENGTH);
	MemoryContext batch_context = AllocSetContextCreate(CurrentMemoryContext, "cards", ALLOCSET_DEFAULT_SIZES);

	lock_cards(keys, count);
	for (int start = 0; start < count; start += CARD_BATCH)
	{
		MemoryContext before = MemoryContextSwitchTo(batch_context);
		Datum		customers[CARD_BATCH];
		Datum		numbers[CARD_BATCH];
		int			ncustomers = 0,
					nnumbers = 0;

		CHECK_FOR_INTERRUPTS();
		for (const CardKey *key = &keys[start]; key < &keys[Min(count, start + CARD_BATCH)]; key++)
		{
			if (key == &keys[start] || memcmp(key->customer, key[-1].customer, OBJECT_ID_LENGTH) != 0)
				customers[ncustomers++] = PointerGetDatum(cstring_to_text_with_len(key->customer, OBJECT_ID_LENGTH));
			if (key->number[0] != '\0')
				numbers[nnumbers++] = CStringGetTextDatum(key->number);
		}
		if (nnumbers > 0)
			drop_cards(CStringGetTextDatum(company), text_array(numbers, nnumbers));
		refresh_batch(company, customers, ncustomers);
		MemoryContextSwitchTo(before);
		MemoryContextReset(batch_context);
	}
	MemoryContextDelete(batch_context);
}

/* Writes the cards of companies whose region has changed. */
static void
refresh_regions(TriggerData *trigger)
{
	static SavedPlan changed = {
		.sql = "SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE o.default_region <> n.default_region ORDER BY n.id",
	};
	Oid			cards = get_relname_relid("customer_cards", get_namespace_oid("callcenter", false));
	SPITupleTable *table;
	uint64		count;

	SPI_register_trigger_data(trigger);
	count = plan_run(&changed, NULL, NULL, false, 0);
	table = SPI_tuptable;
	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;
		char	   *company = TextDatumGetCString(SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull));

		lock_company(cards, company, ExclusiveLock);
		refresh_company(company);
	}
}

/* profiles_changed() trigger: writes the cards of the customers, or companies, that a statement has touched. */
Datum
cc_profiles_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	const char *relation;
	const char *column = NULL;
	CardKeys	keys = {0};
	int			start = 0;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("profiles_changed() must be called as an AFTER statement trigger")));
	relation = RelationGetRelationName(trigger->tg_relation);
	SPI_connect();
	for (int i = 0; i < (int) lengthof(card_sources); i++)
		if (strcmp(relation, card_sources[i].relation) == 0)
			column = card_sources[i].customer;
	if (column == NULL)
		refresh_regions(trigger);
	else
	{
		read_keys(&keys, trigger->tg_relation, trigger->tg_oldtable, column, strcmp(relation, "customer_phones") == 0 ? "phone" : NULL);
		read_keys(&keys, trigger->tg_relation, trigger->tg_newtable, column, NULL);
		sort_keys(&keys);
	}
	for (int i = 1; i <= keys.count; i++)
		if (i == keys.count || memcmp(keys.keys[i].company, keys.keys[start].company, OBJECT_ID_LENGTH) != 0)
		{
			refresh_customers(&keys.keys[start], i - start);
			start = i;
		}
	SPI_finish();
	PG_RETURN_POINTER(NULL);
}
