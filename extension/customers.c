/*
 * customers.c
 *		Customers: who has a number, making one on a first call, get_customer().
 *
 * A customer is found by any of its numbers.  A number that is not shared belongs to one customer of a company, which a
 * unique index holds; to make one, the company's row of customer_numbers is locked and the number looked for again, so
 * that first calls that come at once make one customer, and numbers (CUST-00842) are given out without gaps.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "parser/scansup.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "api.h"
#include "audit.h"
#include "calls.h"
#include "customers.h"
#include "errors.h"
#include "followups.h"
#include "identity.h"
#include "json_text.h"
#include "phone.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_get_customer);

#define CALL_HISTORY_MAX 50
#define NUMBER_LOCKS	1024

text *
customer_lock_by_phone(text *company, const char *e164, ShownCustomer *shown)
{
	static SavedPlan plan = {
		.sql = "SELECT cu.id, cu.full_name, cu.customer_number, " CUSTOMER_BARRED ", cu.email IS NOT NULL FROM callcenter.customer_phones p "
		"JOIN callcenter.customers cu ON cu.company_id = p.company_id AND cu.id = p.customer_id "
		"WHERE p.company_id = $1 AND p.phone = $2 AND NOT p.shared "
		"FOR NO KEY UPDATE OF cu",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(company), CStringGetTextDatum(e164)};
	char		variants[PHONE_VARIANTS_MAX][PHONE_E164_SIZE];
	bool		found = plan_run(&plan, values, NULL, false, 1) == 1;
	bool		isnull;

	/* the same line in its other spellings (Mexico, Argentina, Brazil) */
	for (int i = 0, n = found ? 0 : phone_variants(e164, variants, PHONE_VARIANTS_MAX); i < n && !found; i++)
	{
		values[1] = CStringGetTextDatum(variants[i]);
		found = plan_run(&plan, values, NULL, false, 1) == 1;
	}
	if (!found)
		return NULL;
	shown->full_name.value = plan_result(2, &shown->full_name.isnull);
	shown->number.value = plan_result(3, &shown->number.isnull);
	shown->barred.value = plan_result(4, &shown->barred.isnull);
	shown->has_email = DatumGetBool(plan_result(5, &isnull));
	return DatumGetTextPP(plan_result(1, &isnull));
}

/* Tells whether several customers share a number. */
static bool
is_shared(text *company, const char *e164)
{
	static SavedPlan plan = {
		.sql = "SELECT 1 FROM callcenter.customer_phones p WHERE p.company_id = $1 AND p.phone = $2 AND p.shared",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(company), CStringGetTextDatum(e164)};

	return plan_run(&plan, values, NULL, false, 1) == 1;
}

const char *
customer_reference_json(text *id)
{
	return id != NULL ? psprintf("{\"customerId\": \"%s\"}", text_to_cstring(id)) : "{\"customerId\": null}";
}

void
customer_split_name(text *name, text **first, text **last)
{
	char	   *full = text_to_cstring(name);
	size_t		length;
	char	   *space;

	while (scanner_isspace(*full))
		full++;
	for (length = strlen(full); length > 0 && scanner_isspace(full[length - 1]); length--)
		full[length - 1] = '\0';
	space = full + length;
	while (space > full && !scanner_isspace(space[-1]))
		space--;
	*last = space > full ? cstring_to_text(space) : NULL;
	while (space > full && scanner_isspace(space[-1]))
		*--space = '\0';
	*first = full[0] != '\0' ? cstring_to_text(full) : NULL;
}

/* Locks the company's counter, so that nobody else makes a customer until this transaction ends. */
static void
lock_numbers(text *company)
{
	static SavedPlan plan = {
		.sql = "SELECT 1 FROM callcenter.customer_numbers n WHERE n.company_id = $1 FOR NO KEY UPDATE",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		value = PointerGetDatum(company);

	if (plan_run(&plan, &value, NULL, false, 1) == 0)
		error_not_found("Company");
}

/* Gives out the next customer number of a company whose counter is locked. */
static Datum
next_number(text *company)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.customer_numbers SET last_number = last_number + 1 WHERE company_id = $1 RETURNING last_number",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		value = PointerGetDatum(company);
	bool		isnull;

	plan_run(&plan, &value, NULL, false, 1);
	return plan_result(1, &isnull);
}

/* Stores a number of a customer. */
static void
insert_phone(text *company, text *id, const char *kind, const NewCustomer *customer)
{
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.customer_phones (company_id, phone, customer_id, kind, raw, region, metadata_version) "
		"VALUES ($1, $2, $3, $4::callcenter.phone_kind, $5, $6, $7)",
		.nargs = 7,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[7];

	values[0] = PointerGetDatum(company);
	values[1] = CStringGetTextDatum(customer->e164);
	values[2] = PointerGetDatum(id);
	values[3] = CStringGetTextDatum(kind);
	values[4] = PointerGetDatum(customer->raw);
	values[5] = CStringGetTextDatum(customer->region);
	values[6] = CStringGetTextDatum(phone_metadata_version());
	plan_run(&plan, values, NULL, false, 0);
}

/* Gives the name of a customer by its number: "CUST-00842". */
static char *
customer_name(Datum number)
{
	return psprintf("CUST-%05" INT64_MODIFIER "d", DatumGetInt64(number));
}

/* Gives what a customer is made with, as the audit log has it. */
static char *
created_fields(const char *e164, text *first, text *last, text *email)
{
	StringInfoData fields;

	initStringInfo(&fields);
	appendStringInfoString(&fields, "{\"phone\": ");
	json_cstring(&fields, e164);
	if (first != NULL)
	{
		json_key(&fields, "firstName");
		json_text(&fields, first);
	}
	if (last != NULL)
	{
		json_key(&fields, "lastName");
		json_text(&fields, last);
	}
	if (email != NULL)
	{
		json_key(&fields, "email");
		json_text(&fields, email);
	}
	appendStringInfoChar(&fields, '}');
	return fields.data;
}

bool
customer_adopt_spam(text *company, text *id, const char *e164)
{
	static SavedPlan probe = {
		.sql = "SELECT 1 FROM callcenter.calls c WHERE c.company_id = $1 AND c.caller_phone = $2 AND c.customer_id IS NULL AND c.status = 'spam'",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	static SavedPlan adopt = {
		.sql = "UPDATE callcenter.calls c SET customer_id = $3, previous_call_count = 0, is_returning = false, version = c.version + 1, updated_at = now() "
		"WHERE c.company_id = $1 AND c.caller_phone = $2 AND c.customer_id IS NULL AND c.status = 'spam' "
		"AND EXISTS (SELECT FROM callcenter.customer_phones p WHERE p.company_id = $1 AND p.phone = $2 AND p.customer_id = $3 AND NOT p.shared)",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(company), CStringGetTextDatum(e164), PointerGetDatum(id)};

	return plan_run(&probe, values, NULL, false, 1) > 0 && plan_run(&adopt, values, NULL, false, 0) > 0;
}

/* Makes a customer of a first call; the company's counter is locked. */
static text *
create_from_call(const Identity *identity, NewCustomer *customer)
{
	text	   *company = identity->company;
	Datum		number = next_number(company);
	ColumnSet	columns = {0};
	text	   *id = object_id_generate();
	text	   *first = NULL,
			   *last = NULL;

	if (customer->name != NULL)
		customer_split_name(customer->name, &first, &last);
	columns_add(&columns, "company_id", TEXTOID, PointerGetDatum(company), false);
	columns_add(&columns, "id", TEXTOID, PointerGetDatum(id), false);
	columns_add(&columns, "customer_number", INT8OID, number, false);
	columns_add(&columns, "first_name", TEXTOID, PointerGetDatum(first), first == NULL);
	columns_add(&columns, "last_name", TEXTOID, PointerGetDatum(last), last == NULL);
	columns_add(&columns, "email", TEXTOID, PointerGetDatum(customer->email), customer->email == NULL);
	columns_add_enum(&columns, "source", "customer_source", "phone_call");
	columns_insert(&columns, "customers", "RETURNING full_name");
	customer->shown.full_name.value = plan_result(1, &customer->shown.full_name.isnull);
	customer->shown.number = (NullableDatum) {.value = number};
	customer->shown.barred = (NullableDatum) {.isnull = true};
	customer->shown.has_email = customer->email != NULL;
	insert_phone(company, id, "primary", customer);
	customer->has_follow_up = follow_up_adopt(identity, id, customer->e164);
	customer->has_calls = customer_adopt_spam(company, id, customer->e164);
	audit_write(identity, "create", "customer", customer_name(number), NULL, created_fields(customer->e164, first, last, customer->email));
	customer->created = true;
	return id;
}

text *
customer_create_by_phone(const Identity *identity, NewCustomer *customer)
{
	text	   *id;

	if (is_shared(identity->company, customer->e164))
		return NULL;
	lock_numbers(identity->company);
	id = customer_lock_by_phone(identity->company, customer->e164, &customer->shown);
	return id != NULL ? id : create_from_call(identity, customer);
}

text *
customer_find_or_create(const Identity *identity, NewCustomer *customer)
{
	text	   *id = customer_lock_by_phone(identity->company, customer->e164, &customer->shown);

	return id != NULL ? id : customer_create_by_phone(identity, customer);
}

bool
customer_has_blanks(const ShownCustomer *shown, const text *name, const text *email)
{
	return (shown->full_name.isnull && name != NULL) || (!shown->has_email && email != NULL);
}

void
customer_fill_blanks(const Identity *identity, text *id, text *name, text *email, ShownCustomer *shown)
{
	static SavedPlan plan = {
		.sql = "UPDATE callcenter.customers cu SET "
		"first_name = CASE WHEN cu.full_name IS NULL THEN $3 ELSE cu.first_name END, "
		"last_name = CASE WHEN cu.full_name IS NULL THEN $4 ELSE cu.last_name END, "
		"email = coalesce(cu.email, $5), version = cu.version + 1, updated_at = now() "
		"WHERE cu.company_id = $1 AND cu.id = $2 "
		"AND ((cu.full_name IS NULL AND $3 IS NOT NULL) OR (cu.email IS NULL AND $5 IS NOT NULL)) "
		"RETURNING cu.customer_number, jsonb_strip_nulls(jsonb_build_object('firstName', cu.first_name, 'lastName', cu.last_name, "
		"'email', cu.email))::text, cu.full_name",
		.nargs = 5,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	text	   *first = NULL,
			   *last = NULL;
	Datum		values[5];
	bool		isnull[5] = {false};

	if (name != NULL)
		customer_split_name(name, &first, &last);
	values[0] = PointerGetDatum(identity->company);
	values[1] = PointerGetDatum(id);
	values[2] = PointerGetDatum(first);
	isnull[2] = first == NULL;
	values[3] = PointerGetDatum(last);
	isnull[3] = last == NULL;
	values[4] = PointerGetDatum(email);
	isnull[4] = email == NULL;
	if (plan_run(&plan, values, isnull, false, 0) == 1)
	{
		bool		none;
		char	   *number = customer_name(plan_result(1, &none));
		char	   *filled = TextDatumGetCString(plan_result(2, &none));

		shown->full_name.value = plan_result(3, &shown->full_name.isnull);
		audit_write(identity, "update", "customer", number, NULL, filled);
	}
}

/* Reads "CUST-00842" as 842; 0 when it is not that. */
static int64
parse_customer_number(const char *s, size_t length)
{
	int64		number = 0;

	if (length < 6 || length > 20 || pg_strncasecmp(s, "CUST-", 5) != 0)
		return 0;
	for (size_t i = 5; i < length; i++)
	{
		if (s[i] < '0' || s[i] > '9')
			return 0;
		number = number * 10 + (s[i] - '0');
	}
	return number;
}

text *
customer_resolve(text *company, text *reference)
{
	static SavedPlan by_number = {
		.sql = "SELECT cu.id FROM callcenter.customers cu WHERE cu.company_id = $1 AND cu.customer_number = $2",
		.nargs = 2,
		.types = {TEXTOID, INT8OID},
	};
	static SavedPlan by_id = {
		.sql = "SELECT cu.id FROM callcenter.customers cu WHERE cu.company_id = $1 AND cu.id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	const char *s = VARDATA_ANY(reference);
	size_t		length = VARSIZE_ANY_EXHDR(reference);
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(reference)};
	int64		number = parse_customer_number(s, length);
	bool		isnull;

	if (number > 0)
		values[1] = Int64GetDatum(number);
	else if (!object_id_is_valid(s, length))
		return NULL;
	if (plan_run(number > 0 ? &by_number : &by_id, values, NULL, false, 1) == 0)
		return NULL;
	return DatumGetTextPP(plan_result(1, &isnull));
}

bool
customer_is_erased(text *company, text *id)
{
	static SavedPlan plan = {
		.sql = "SELECT 1 FROM callcenter.customers cu WHERE cu.company_id = $1 AND cu.id = $2 AND cu.erased_at IS NOT NULL",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(id)};

	return plan_run(&plan, values, NULL, false, 1) > 0;
}

void
customers_lock(text *company, text *one, text *other)
{
	static SavedPlan plan = {
		.sql = "SELECT 1 FROM callcenter.customers cu WHERE cu.company_id = $1 AND cu.id IN ($2, $3) ORDER BY cu.id FOR NO KEY UPDATE",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(one), PointerGetDatum(other)};
	bool		isnull[] = {false, one == NULL, other == NULL};

	plan_run(&plan, values, isnull, false, 0);
}

static int
compare_keys(const void *a, const void *b)
{
	Oid			one = *(const Oid *) a;
	Oid			other = *(const Oid *) b;

	return one < other ? -1 : one > other;
}

void
numbers_lock(text *company, const char *const *numbers, int count)
{
	Oid			calls = get_relname_relid("calls", get_namespace_oid("callcenter", false));
	Oid		   *keys = palloc_array(Oid, count + 1);
	uint32		base = hash_bytes((const unsigned char *) VARDATA_ANY(company), VARSIZE_ANY_EXHDR(company));

	for (int i = 0; i < count; i++)
		keys[i] = base - base % NUMBER_LOCKS + hash_bytes((const unsigned char *) numbers[i], strlen(numbers[i])) % NUMBER_LOCKS;
	qsort(keys, count, sizeof(keys[0]), compare_keys);
	for (int i = 0; i < count; i++)
		if (i == 0 || keys[i] != keys[i - 1])
			LockDatabaseObject(calls, keys[i], 0, ExclusiveLock);
	pfree(keys);
}

Datum
customer_next_number(text *company)
{
	lock_numbers(company);
	return next_number(company);
}

bool
customer_select(text *company, text *id)
{
	static SavedPlan plan = {.nargs = 2,.types = {TEXTOID, TEXTOID}};
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(id)};

	if (plan.sql == NULL)
	{
		StringInfoData text;

		initStringInfo(&text);
		appendStringInfoString(&text, "SELECT ");
		document_select_list(&text, &customer_fields, false);
		appendStringInfoString(&text, " " CUSTOMER_SOURCES "WHERE cu.company_id = $1 AND cu.id = $2");
		plan.sql = MemoryContextStrdup(TopMemoryContext, text.data);
	}
	return plan_run(&plan, values, NULL, false, 0) > 0;
}

/* Writes the newest calls of a customer. */
static void
write_call_history(StringInfo out, text *company, text *id, const WriteContext *context)
{
	static SavedPlan plan = {.nargs = 2,.types = {TEXTOID, TEXTOID}};
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(id)};
	uint64		count;

	if (plan.sql == NULL)
	{
		StringInfoData text;

		initStringInfo(&text);
		appendStringInfoString(&text, "SELECT ");
		document_select_list(&text, &call_fields, true);
		appendStringInfo(&text, " " CALL_ROW_SOURCES "WHERE c.company_id = $1 AND c.customer_id = $2 "
						 "ORDER BY c.started_at DESC, c.id DESC LIMIT %d", CALL_HISTORY_MAX);
		plan.sql = MemoryContextStrdup(TopMemoryContext, text.data);
	}
	count = plan_run(&plan, values, NULL, false, 0);
	json_key(out, "callHistory");
	document_write_rows(out, &call_fields, count, context);
}

/* Writes the appointments of a customer, newest first. */
static void
write_appointments(StringInfo out, text *company, text *id, const WriteContext *context)
{
	static SavedPlan plan = {.nargs = 2,.types = {TEXTOID, TEXTOID}};
	Datum		values[] = {PointerGetDatum(company), PointerGetDatum(id)};
	uint64		count;

	if (plan.sql == NULL)
	{
		StringInfoData text;

		initStringInfo(&text);
		appendStringInfoString(&text, "SELECT ");
		document_select_list(&text, &appointment_fields, true);
		appendStringInfo(&text, " FROM callcenter.appointments a " APPOINTMENT_JOINS "WHERE a.company_id = $1 AND a.customer_id = $2 "
						 "ORDER BY a.scheduled_date DESC NULLS FIRST, a.id DESC LIMIT %d", CALL_HISTORY_MAX);
		plan.sql = MemoryContextStrdup(TopMemoryContext, text.data);
	}
	count = plan_run(&plan, values, NULL, false, 0);
	json_key(out, "appointments");
	document_write_rows(out, &appointment_fields, count, context);
}

void
customer_write(StringInfo out, text *company, text *id, const WriteContext *context)
{
	appendStringInfoString(out, "\"customer\":{");
	document_write(out, &customer_fields, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, context);
	write_call_history(out, company, id, context);
	write_appointments(out, company, id, context);
	appendStringInfoChar(out, '}');
}

/* get_customer(company_id object_id, customer_id text, token text) json: a customer, by _id or CUST number, with the newest calls. */
Datum
cc_get_customer(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 2, RIGHT_READ);
	WriteContext context = {0};
	StringInfoData out;
	text	   *id;

	context.company = company_get(identity->company_id);
	id = customer_resolve(identity->company, api_text(fcinfo, 1, "customerId"));
	if (id == NULL || !customer_select(identity->company, id))
		error_not_found("Customer");
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,");
	customer_write(&out, identity->company, id, &context);
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}
