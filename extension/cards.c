/*
 * cards.c
 *		Cards: the ready profile of a customer in its row of customer_stats, beside the first number that is its alone, so that
 *		a lookup by that number finds all that is known with one probe.
 *
 * A card is what the customer document says but for what is derived: it is a pure function of the tables of card_sources
 * and of the company's region.  Statement triggers on those tables write the cards of the customers that a statement has
 * touched anew, in the same commit.  A customer without a number of its own has none: nobody finds it by a number.
 *
 * Rules
 * - A card is written from several tables, so that two transactions which change different ones of a customer must not
 *	 overtake each other: whoever changes a profile locks the rows of customer_stats first, in the order of ids, and reads
 *	 afterwards, with a snapshot that is newer than the locks.  Of a region, which all cards of a company depend on, there is
 *	 no such row: it is an object of the class "customer_stats", which changes of customers lock shared.
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

#define REGION_LOCKS	256		/* that companies share */
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

/* A customer whose card is to be written. */
typedef struct CardKey
{
	char		company[OBJECT_ID_LENGTH];
	char		customer[OBJECT_ID_LENGTH];
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

/* Locks the statistics of customers, in the order given; of a customer that has none yet nobody else knows. */
static void
lock_rows(Datum companies, Datum customers)
{
	static SavedPlan plan = {
		.sql = "SELECT 1 FROM unnest($1, $2) AS k (company_id, customer_id) CROSS JOIN LATERAL (SELECT 1 FROM callcenter.customer_stats s "
		"WHERE s.company_id = k.company_id AND s.customer_id = k.customer_id FOR NO KEY UPDATE) s",
		.nargs = 2,
		.types = {TEXTARRAYOID, TEXTARRAYOID},
	};
	Datum		values[] = {companies, customers};

	plan_run(&plan, values, NULL, false, 0);
}

/* Stores the cards of customers, each with the customer's first own number; returns how many differ from what was stored. */
static uint64
store_cards(Datum companies, Datum customers, Datum cards, int64 format)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.customer_stats s SET phone = n.phone, card_format = n.format, card = n.card "
		"FROM (SELECT k.company_id, k.customer_id, p.phone, CASE WHEN p.phone IS NOT NULL THEN $4 END AS format, "
		"CASE WHEN p.phone IS NOT NULL THEN k.card END AS card FROM unnest($1, $2, $3) AS k (company_id, customer_id, card) "
		"LEFT JOIN LATERAL (SELECT p.phone FROM callcenter.customer_phones p WHERE p.company_id = k.company_id "
		"AND p.customer_id = k.customer_id AND NOT p.shared ORDER BY p.kind LIMIT 1) p ON true) n "
		"WHERE s.company_id = n.company_id AND s.customer_id = n.customer_id "
		"AND (s.phone IS DISTINCT FROM n.phone OR s.card_format IS DISTINCT FROM n.format OR s.card IS DISTINCT FROM n.card)",
		.nargs = 4,
		.types = {TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT8OID},
	};
	Datum		values[] = {companies, customers, cards, Int64GetDatum(format)};

	return plan_run(&plan, values, NULL, false, 0);
}

/* Compares two ids. */
static int
compare_ids(const void *a, const void *b)
{
	return memcmp(VARDATA_ANY(DatumGetPointer(*(const Datum *) a)), VARDATA_ANY(DatumGetPointer(*(const Datum *) b)), OBJECT_ID_LENGTH);
}

/* Writes the cards of some customers of a company, sorted by id; returns how many were wrong. */
static uint64
refresh_batch(const char *company_id, Datum *customers, int count)
{
	Datum		company_value = CStringGetTextDatum(company_id);
	Datum		ids = text_array(customers, count);
	Datum	   *companies = palloc_array(Datum, count);
	Datum	   *cards = palloc_array(Datum, count);
	Datum		none = CStringGetTextDatum("");	/* of customers who are gone */
	uint64		found;
	SPITupleTable *profiles;
	const Company *company = NULL;
	uint64		wrong;

	for (int i = 0; i < count; i++)
	{
		companies[i] = company_value;
		cards[i] = none;
	}
	lock_rows(text_array(companies, count), ids);
	found = select_profiles(company_value, ids, false);
	profiles = SPI_tuptable;
	/* no customers are found while a company goes, and the company is not needed then */
	if (found > 0 && (company = company_find(company_id)) == NULL)
		return 0;
	SPI_tuptable = profiles;
	for (uint64 i = 0; i < found; i++)
	{
		bool		isnull;
		Datum		id = SPI_getbinval(profiles->vals[i], profiles->tupdesc, 1, &isnull);
		Datum	   *customer = bsearch(&id, customers, count, sizeof(Datum), compare_ids);
		char	   *card = write_card(i, company);

		Assert(customer != NULL);
		cards[customer - customers] = CStringGetTextDatum(card);
		pfree(card);
	}
	wrong = store_cards(text_array(companies, count), ids, text_array(cards, count), company != NULL ? card_format(company) : 0);
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
	int64		wrong = 0;
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
add_key(CardKeys *keys, Datum company, Datum customer)
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
}

/* Notes the customers of a transition table. */
static void
read_keys(CardKeys *keys, Relation relation, Tuplestorestate *rows, const char *customer_column)
{
	int			company = SPI_fnumber(RelationGetDescr(relation), "company_id");
	int			customer = SPI_fnumber(RelationGetDescr(relation), customer_column);
	TupleTableSlot *slot;

	if (rows == NULL)
		return;
	slot = MakeSingleTupleTableSlot(RelationGetDescr(relation), &TTSOpsMinimalTuple);
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		bool		isnull;

		CHECK_FOR_INTERRUPTS();
		add_key(keys, slot_getattr(slot, company, &isnull), slot_getattr(slot, customer, &isnull));
	}
	ExecDropSingleTupleTableSlot(slot);
}

static int
compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(CardKey));
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

/* Locks the region of a company: shared by changes of customers, alone by a change of the region. */
static void
lock_region(const char *company, LOCKMODE mode)
{
	LockDatabaseObject(get_relname_relid("customer_stats", get_namespace_oid("callcenter", false)),
					   1 + hash_bytes((const unsigned char *) company, OBJECT_ID_LENGTH) % REGION_LOCKS, 0, mode);
}

/* Writes the cards of customers of one company, in batches. */
static void
refresh_customers(const CardKey *keys, int count)
{
	char	   *company = pnstrdup(keys[0].company, OBJECT_ID_LENGTH);
	MemoryContext batch_context = AllocSetContextCreate(CurrentMemoryContext, "cards", ALLOCSET_DEFAULT_SIZES);

	lock_region(company, ShareLock);
	for (int start = 0; start < count; start += CARD_BATCH)
	{
		MemoryContext before = MemoryContextSwitchTo(batch_context);
		Datum		customers[CARD_BATCH];
		int			size = Min(count - start, CARD_BATCH);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < size; i++)
			customers[i] = PointerGetDatum(cstring_to_text_with_len(keys[start + i].customer, OBJECT_ID_LENGTH));
		refresh_batch(company, customers, size);
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
	SPITupleTable *table;
	uint64		count;

	SPI_register_trigger_data(trigger);
	count = plan_run(&changed, NULL, NULL, false, 0);
	table = SPI_tuptable;
	for (uint64 i = 0; i < count; i++)
	{
		bool		isnull;
		char	   *company = TextDatumGetCString(SPI_getbinval(table->vals[i], table->tupdesc, 1, &isnull));

		lock_region(company, ExclusiveLock);
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
		read_keys(&keys, trigger->tg_relation, trigger->tg_oldtable, column);
		read_keys(&keys, trigger->tg_relation, trigger->tg_newtable, column);
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
