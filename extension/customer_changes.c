/*
 * customer_changes.c
 *		What makes and changes customers: create_customer(), update_customer(), get_or_create_customer(),
 *		add_customer_note(), delete_customer().
 *
 * Rules
 * - A number that somebody types becomes a customer's only when it is valid, and belongs to one customer of a company.  A
 *	 number that others share becomes one more customer's as a shared one: it would be somebody's own and nobody's else.
 * - Addresses and equipment come as whole lists: an element with an _id is the stored one changed, one without is new, and
 *	 what is not in the list is removed.  Equipment stays at its address, which it names by id, or by place in the list of
 *	 addresses (addressIndex).
 * - Names are stored without the space around them; one of nothing else is none.
 * - A customer that was erased stays as it is: nobody can be that person again.
 * - Every change locks the customer, writes the audit log and raises the version.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "parser/scansup.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

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

PG_FUNCTION_INFO_V1(cc_create_customer);
PG_FUNCTION_INFO_V1(cc_get_or_create_customer);
PG_FUNCTION_INFO_V1(cc_update_customer);
PG_FUNCTION_INFO_V1(cc_add_customer_note);
PG_FUNCTION_INFO_V1(cc_delete_customer);

#define TAG_LENGTH_MAX	60		/* as customer_tags_tag_length */

/* A customer that is being made or changed; its row is locked. */
typedef struct ChangedCustomer
{
	Identity   *identity;
	const Company *company;
	text	   *id;
	int			version;
	char		number[32];		/* "CUST-00842" */
} ChangedCustomer;

/* The members that are numbers, and what they are. */
static const struct
{
	const char *path;
	const char *kind;
}			phone_members[] = {
	{"phone", "primary"},
	{"phoneSecondary", "secondary"},
	{"phoneMobile", "mobile"},
	{"phoneWork", "work"},
};

/*
 * Section: numbers
 */

/* Reads a number that somebody typed; an error when it cannot be a customer's. */
static void
read_number(const ChangedCustomer *customer, const char *path, text *typed, PhoneCaller *number)
{
	phone_caller(VARDATA_ANY(typed), VARSIZE_ANY_EXHDR(typed), customer->company->region, PHONE_AGENT, number);
	if (!number->is_key)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must be a valid phone number");
	if (company_owns_number(customer->company, number->e164))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "is a number of the company itself");
}

/* Raises that a number is a customer's already, and whose. */
static void
raise_taken(const ChangedCustomer *customer, const char *path, const char *e164)
{
	static SavedPlan plan = {
		.sql = "SELECT cu.customer_number, cu.id = $3 FROM callcenter.customer_phones p "
		"JOIN callcenter.customers cu ON cu.company_id = p.company_id AND cu.id = p.customer_id "
		"WHERE p.company_id = $1 AND p.phone = $2 ORDER BY cu.id = $3 DESC LIMIT 1",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(customer->identity->company), CStringGetTextDatum(e164), PointerGetDatum(customer->id)};
	bool		isnull;
	int64		number = 0;

	if (plan_run(&plan, values, NULL, false, 1) == 1)
	{
		number = DatumGetInt64(plan_result(1, &isnull));
		if (DatumGetBool(plan_result(2, &isnull)))
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "is another number of this customer already");
	}
	error_conflict(path, "The number belongs to CUST-%05" INT64_MODIFIER "d already", number);
}

/* Tells whether the customer has a number already, as it came or as it is shown: then its key and how it was read stay. */
static bool
has_number(const ChangedCustomer *customer, const char *kind, text *typed)
{
	static SavedPlan plan = {
		.sql = "SELECT 1 FROM callcenter.customer_phones p "
		"WHERE p.company_id = $1 AND p.customer_id = $2 AND p.kind = $3::callcenter.phone_kind AND $4 IN (p.phone, p.raw)",
		.nargs = 4,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[4];

	values[0] = PointerGetDatum(customer->identity->company);
	values[1] = PointerGetDatum(customer->id);
	values[2] = CStringGetTextDatum(kind);
	values[3] = PointerGetDatum(typed);
	return plan_run(&plan, values, NULL, false, 1) == 1;
}

/* Stores the numbers that a document names. */
static void
store_numbers(const ChangedCustomer *customer, const Document *document)
{
	static SavedPlan remove = {
		.sql = "DELETE FROM callcenter.customer_phones WHERE company_id = $1 AND customer_id = $2 AND kind = $3::callcenter.phone_kind",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	static SavedPlan insert = {
		.sql = "INSERT INTO callcenter.customer_phones (company_id, customer_id, kind, phone, raw, region, metadata_version, shared) "
		"VALUES ($1, $2, $3::callcenter.phone_kind, $4, $5, $6, $7, EXISTS (SELECT FROM callcenter.customer_phones p "
		"WHERE p.company_id = $1 AND p.phone = $4 AND p.shared AND p.customer_id <> $2)) ON CONFLICT DO NOTHING",
		.nargs = 7,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	bool		stays[lengthof(phone_members)];
	Datum		values[7];

	values[0] = PointerGetDatum(customer->identity->company);
	values[1] = PointerGetDatum(customer->id);
	/* all go before any comes, so that two numbers can change places */
	for (int i = 0; i < (int) lengthof(phone_members); i++)
	{
		text	   *typed = document_text(document, phone_members[i].path);

		stays[i] = typed != NULL && has_number(customer, phone_members[i].kind, typed);
		if (stays[i] || !document_is_present(document, phone_members[i].path))
			continue;
		values[2] = CStringGetTextDatum(phone_members[i].kind);
		plan_run(&remove, values, NULL, false, 0);
	}
	for (int i = 0; i < (int) lengthof(phone_members); i++)
	{
		const char *path = phone_members[i].path;
		text	   *typed = document_text(document, path);
		PhoneCaller number;

		if (typed == NULL || stays[i])
			continue;
		read_number(customer, path, typed, &number);
		values[2] = CStringGetTextDatum(phone_members[i].kind);
		values[3] = CStringGetTextDatum(number.e164);
		values[4] = PointerGetDatum(typed);
		values[5] = CStringGetTextDatum(phone_region_code(customer->company->region));
		values[6] = CStringGetTextDatum(phone_metadata_version());
		if (plan_run(&insert, values, NULL, false, 0) == 0)
			raise_taken(customer, path, number.e164);
		follow_up_adopt(customer->identity, customer->id, number.e164);
		if (customer_adopt_spam(customer->identity->company, customer->id, number.e164))
			calls_recount(customer->identity->company, customer->id, NULL);
	}
}

/*
 * Section: lists
 */

/* Stores an element of a list; returns its id. */
static Datum
store_element(const ChangedCustomer *customer, const FieldTable *table, Document *item, int position, const char *path)
{
	ColumnSet	columns = {.region = customer->company->region};
	StringInfoData suffix;
	Datum		id = document_has(item, "_id") ? document_get(item, "_id") : PointerGetDatum(object_id_generate());
	int			first;

	columns_add(&columns, "company_id", TEXTOID, PointerGetDatum(customer->identity->company), false);
	columns_add(&columns, "customer_id", TEXTOID, PointerGetDatum(customer->id), false);
	columns_add(&columns, "position", INT4OID, Int32GetDatum(position), false);
	first = columns.count;
	columns.company_id = customer->identity->company_id;
	columns.record_id = TextDatumGetCString(id);
	document_set(item, "_id", id);
	/* the element is given whole: what it leaves out is empty, or has its default */
	for (int i = 0; i < table->count; i++)
		item->present[i] = !item->isnull[i] || !(table->fields[i].flags & FIELD_DEFAULTED);
	/* but for codes that are masked: what is stored of them, if anything is, stays */
	document_keep_secrets(item);
	columns_add_document(&columns, item, DOCUMENT_PATCH);

	initStringInfo(&suffix);
	appendStringInfoString(&suffix, "ON CONFLICT (company_id, id) DO UPDATE SET position = EXCLUDED.position");
	for (int i = first; i < columns.count; i++)
	{
		const char *name = columns.names[i];
		const char *phone = columns.phones[i];

		/* a number that is the stored one keeps how it was read (see columns_add_document) */
		if (phone != NULL)
			appendStringInfo(&suffix, ", %s = CASE WHEN EXCLUDED.%s IN (r.%s, r.%s_e164) THEN r.%s ELSE EXCLUDED.%s END",
							 name, phone, phone, phone, name, name);
		else
			appendStringInfo(&suffix, ", %s = EXCLUDED.%s", name, name);
	}
	appendStringInfoString(&suffix, " WHERE r.customer_id = EXCLUDED.customer_id");
	if (columns_insert(&columns, psprintf("%s AS r", table->relation), suffix.data) == 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("%s[%d]._id", path, position), "is not of this customer");
	return id;
}

/* Raises that a list names an element twice, or has two primary addresses. */
static void
check_list(const ItemList *list, const char *path)
{
	bool		has_primary = false;

	for (int i = 0; i < list->count; i++)
	{
		const Document *item = list->items[i];

		for (int other = 0; document_has(item, "_id") && other < i; other++)
			if (document_has(list->items[other], "_id") &&
				strcmp(TextDatumGetCString(document_get(item, "_id")), TextDatumGetCString(document_get(list->items[other], "_id"))) == 0)
				error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("%s[%d]._id", path, i), "is that of %s[%d] already", path, other);
		if (!document_knows(item, "isPrimary") || !document_has(item, "isPrimary") || !DatumGetBool(document_get(item, "isPrimary")))
			continue;
		if (has_primary)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("%s[%d].isPrimary", path, i), "can be true of one address only");
		has_primary = true;
	}
}

/* Stores a list, and removes what is not in it; returns the ids. */
static Datum *
store_list(const ChangedCustomer *customer, const Document *document, const char *path, const FieldTable *table, int *count)
{
	ItemList   *list = document_has(document, path) ? (ItemList *) DatumGetPointer(document_get(document, path)) : NULL;
	Datum	   *ids;
	Datum		values[3];
	static const Oid types[] = {TEXTOID, TEXTOID, TEXTARRAYOID};

	if (list != NULL)
		check_list(list, path);
	*count = list != NULL ? list->count : 0;
	ids = palloc_array(Datum, *count + 1);
	for (int i = 0; i < *count; i++)
		ids[i] = store_element(customer, table, list->items[i], i, path);

	values[0] = PointerGetDatum(customer->identity->company);
	values[1] = PointerGetDatum(customer->id);
	values[2] = text_array(ids, *count);
	if (table == &address_fields)
		plan_run_text("UPDATE callcenter.customer_equipment SET address_id = NULL "
					  "WHERE company_id = $1 AND customer_id = $2 AND address_id IS NOT NULL AND address_id <> ALL ($3)",
					  3, types, values, NULL, false);
	plan_run_text(psprintf("DELETE FROM callcenter.%s WHERE company_id = $1 AND customer_id = $2 AND id <> ALL ($3)", table->relation),
				  3, types, values, NULL, false);
	return ids;
}

/* Turns addressIndex of equipment into the id of the address, and checks ids. */
static void
resolve_addresses(const ChangedCustomer *customer, const Document *document)
{
	static SavedPlan plan = {
		.sql = "SELECT a.id FROM callcenter.customer_addresses a WHERE a.company_id = $1 AND a.customer_id = $2 ORDER BY a.position, a.id",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	ItemList   *list = (ItemList *) DatumGetPointer(document_get(document, "equipment"));
	Datum		values[] = {PointerGetDatum(customer->identity->company), PointerGetDatum(customer->id)};
	int			naddresses = (int) plan_run(&plan, values, NULL, false, 0);
	SPITupleTable *addresses = SPI_tuptable;

	for (int i = 0; i < list->count; i++)
	{
		Document   *item = list->items[i];
		bool		isnull;
		bool		found = false;

		if (document_has(item, "addressIndex") && !document_has(item, "addressId"))
		{
			int			index = DatumGetInt32(document_get(item, "addressIndex"));

			if (index >= naddresses)
				error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("equipment[%d].addressIndex", i),
							"must be less than the number of addresses, which is %d", naddresses);
			document_set(item, "addressId", SPI_getbinval(addresses->vals[index], addresses->tupdesc, 1, &isnull));
		}
		if (!document_has(item, "addressId"))
			continue;
		for (int a = 0; a < naddresses && !found; a++)
			found = strcmp(TextDatumGetCString(document_get(item, "addressId")),
						   TextDatumGetCString(SPI_getbinval(addresses->vals[a], addresses->tupdesc, 1, &isnull))) == 0;
		if (!found)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("equipment[%d].addressId", i), "is not an address of this customer");
	}
}

/* Raises that a tag is too long. */
static void
check_tags(ArrayType *tags)
{
	Datum	   *elements;
	int			count;

	deconstruct_array(tags, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		if (DatumGetInt32(DirectFunctionCall1(textlen, elements[i])) > TAG_LENGTH_MAX)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("tags[%d]", i), "must have at most %d characters", TAG_LENGTH_MAX);
}

/* Stores the tags that a document names. */
static void
store_tags(const ChangedCustomer *customer, const Document *document)
{
	static SavedPlan remove = {
		.sql = "DELETE FROM callcenter.customer_tags WHERE company_id = $1 AND customer_id = $2",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	static SavedPlan insert = {
		.sql = "INSERT INTO callcenter.customer_tags (company_id, customer_id, tag) "
		"SELECT DISTINCT $1, $2, btrim(t.tag) FROM unnest($3) AS t (tag) WHERE btrim(t.tag) <> ''",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTARRAYOID},
	};
	Datum		values[3];

	if (!document_is_present(document, "tags"))
		return;
	values[0] = PointerGetDatum(customer->identity->company);
	values[1] = PointerGetDatum(customer->id);
	plan_run(&remove, values, NULL, false, 0);
	if (!document_has(document, "tags"))
		return;
	check_tags(DatumGetArrayTypeP(document_get(document, "tags")));
	values[2] = document_get(document, "tags");
	plan_run(&insert, values, NULL, false, 0);
}

/* Stores all that is not a column of the customer. */
static void
store_parts(const ChangedCustomer *customer, const Document *document)
{
	int			count;

	store_numbers(customer, document);
	if (document_is_present(document, "addresses"))
		store_list(customer, document, "addresses", &address_fields, &count);
	if (document_is_present(document, "equipment"))
	{
		if (document_has(document, "equipment"))
			resolve_addresses(customer, document);
		store_list(customer, document, "equipment", &equipment_fields, &count);
	}
	store_tags(customer, document);
}

/* Names a field in a document, with a value or with null. */
static void
set_name(Document *document, const char *path, text *name)
{
	if (name != NULL)
		document_set(document, path, PointerGetDatum(name));
	else
		document->present[field_number(document->table, path)] = true;
}

/* Takes the space around a name away; what is empty then clears it. */
static void
trim_name(Document *document, const char *path)
{
	char	   *name;
	size_t		length;

	if (!document_has(document, path))
		return;
	name = text_to_cstring(document_text(document, path));
	while (scanner_isspace(*name))
		name++;
	for (length = strlen(name); length > 0 && scanner_isspace(name[length - 1]); length--)
		name[length - 1] = '\0';
	if (length > 0)
		document_set(document, path, CStringGetTextDatum(name));
	else
		document->isnull[field_number(document->table, path)] = true;
}

/* Reads the names: fullName is split where first and last name are not given; null clears both. */
static void
read_names(Document *document)
{
	text	   *first = NULL,
			   *last = NULL;

	trim_name(document, "firstName");
	trim_name(document, "lastName");
	if (!document_is_present(document, "fullName") || document_is_present(document, "firstName") || document_is_present(document, "lastName"))
		return;
	if (document_has(document, "fullName"))
		customer_split_name(document_text(document, "fullName"), &first, &last);
	set_name(document, "firstName", first);
	set_name(document, "lastName", last);
}

/*
 * Section: the API
 */

/* Gives the customer as the answer, leaves SPI and the identity. */
static Datum
answer(ChangedCustomer *customer, const char *head)
{
	WriteContext context = {.company = customer->company};
	StringInfoData out;

	customer_select(customer->identity->company, customer->id);
	initStringInfo(&out);
	appendStringInfoString(&out, head);
	customer_write(&out, customer->identity->company, customer->id, &context);
	appendStringInfoChar(&out, '}');
	return api_end(customer->identity, &out);
}

/* Makes a customer from a document. */
static void
make_customer(ChangedCustomer *customer, Document *document)
{
	ColumnSet	columns = {0};
	Datum		number = customer_next_number(customer->identity->company);

	customer->id = object_id_generate();
	read_names(document);
	columns_add(&columns, "company_id", TEXTOID, PointerGetDatum(customer->identity->company), false);
	columns_add(&columns, "id", TEXTOID, PointerGetDatum(customer->id), false);
	columns_add(&columns, "customer_number", INT8OID, number, false);
	columns_add_document(&columns, document, DOCUMENT_CREATE);
	columns_insert(&columns, "customers", "");
	snprintf(customer->number, sizeof(customer->number), "CUST-%05" INT64_MODIFIER "d", DatumGetInt64(number));
	store_parts(customer, document);
	customer_select(customer->identity->company, customer->id);
	audit_write(customer->identity, "create", "customer", customer->number, NULL,
				audit_fields(document, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, customer->company));
}

/* create_customer(company_id object_id, customer jsonb, token text) json: makes a customer. */
Datum
cc_create_customer(PG_FUNCTION_ARGS)
{
	ChangedCustomer customer = {0};

	customer.identity = api_begin(fcinfo, 2, RIGHT_ANNOTATE);
	customer.company = company_get(customer.identity->company_id);
	make_customer(&customer, document_read(&customer_fields, api_document(fcinfo, 1, "customer document"), DOCUMENT_CREATE));
	PG_RETURN_DATUM(answer(&customer, "{\"success\":true,"));
}

/* get_or_create_customer(company_id object_id, phone text, token text) json: the customer of a number, made when there is none. */
Datum
cc_get_or_create_customer(PG_FUNCTION_ARGS)
{
	ChangedCustomer customer = {0};
	PhoneCaller number;
	NewCustomer new_customer = {0};
	text	   *typed;

	customer.identity = api_begin(fcinfo, 2, RIGHT_ANNOTATE);
	typed = api_text(fcinfo, 1, "phone");
	customer.company = company_get(customer.identity->company_id);
	read_number(&customer, "phone", typed, &number);
	new_customer.e164 = number.e164;
	new_customer.raw = typed;
	new_customer.region = phone_region_code(customer.company->region);

	customer.id = customer_find_or_create(customer.identity, &new_customer);
	if (customer.id == NULL)
		error_conflict("phone", "Several customers share this number");
	PG_RETURN_DATUM(answer(&customer, new_customer.created ? "{\"success\":true,\"created\":true," : "{\"success\":true,\"created\":false,"));
}

/* Enters the identity and locks the customer that argument 1 names; raises that it was erased, but to who deletes it. */
static void
begin_change(ChangedCustomer *customer, FunctionCallInfo fcinfo, int token_arg, CallerRight right)
{
	static SavedPlan plan = {
		.sql = "SELECT cu.version, cu.customer_number, cu.erased_at IS NOT NULL FROM callcenter.customers cu "
		"WHERE cu.company_id = $1 AND cu.id = $2 FOR NO KEY UPDATE",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[2];
	bool		isnull;

	customer->identity = api_begin(fcinfo, token_arg, right);
	customer->company = company_get(customer->identity->company_id);
	customer->id = customer_resolve(customer->identity->company, api_text(fcinfo, 1, "customerId"));
	if (customer->id == NULL)
		error_not_found("Customer");
	values[0] = PointerGetDatum(customer->identity->company);
	values[1] = PointerGetDatum(customer->id);
	if (plan_run(&plan, values, NULL, false, 1) == 0)
		error_not_found("Customer");
	customer->version = DatumGetInt32(plan_result(1, &isnull));
	snprintf(customer->number, sizeof(customer->number), "CUST-%05" INT64_MODIFIER "d", DatumGetInt64(plan_result(2, &isnull)));
	if (DatumGetBool(plan_result(3, &isnull)) && right != RIGHT_DELETE)
		error_conflict(NULL, "%s was erased", customer->number);
}

/* update_customer(company_id object_id, customer_id text, patch jsonb, version integer, token text) json: changes what a patch names. */
Datum
cc_update_customer(PG_FUNCTION_ARGS)
{
	ChangedCustomer customer = {0};
	Document   *patch;
	ColumnSet	columns = {0};
	char	   *before;

	begin_change(&customer, fcinfo, 4, RIGHT_ANNOTATE);
	if (!PG_ARGISNULL(3) && PG_GETARG_INT32(3) != customer.version)
		error_stale("customer", PG_GETARG_INT32(3), customer.version);
	patch = document_read(&customer_fields, api_document(fcinfo, 2, "patch"), DOCUMENT_PATCH);
	customer_select(customer.identity->company, customer.id);
	before = audit_fields(patch, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, customer.company);

	read_names(patch);
	columns_add_document(&columns, patch, DOCUMENT_PATCH);
	columns_update(&columns, "customers", PointerGetDatum(customer.identity->company), PointerGetDatum(customer.id), "");
	store_parts(&customer, patch);
	customer_select(customer.identity->company, customer.id);
	audit_write(customer.identity, "update", "customer", customer.number, before,
				audit_fields(patch, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, customer.company));
	PG_RETURN_DATUM(answer(&customer, "{\"success\":true,"));
}

static const Field note_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_READ_ONLY},
	{"text", "text", FIELD_TEXT, FIELD_REQUIRED, 1, 10000},
	{"category", "category", FIELD_ENUM, FIELD_DEFAULTED, .of = "note_category"},
	{"addedBy", "added_by", FIELD_TEXT, FIELD_READ_ONLY},
	{"addedAt", "added_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
};

static const FieldTable note_fields = {"customer_notes", "n", note_field_list, FIELD_TABLE_COUNT(note_field_list)};

/* add_customer_note(company_id object_id, customer_id text, note jsonb, token text) json: adds a note of the caller's. */
Datum
cc_add_customer_note(PG_FUNCTION_ARGS)
{
	ChangedCustomer customer = {0};
	Document   *note;
	ColumnSet	columns = {0};
	ColumnSet	touch = {0};
	StringInfoData returning,
				written,
				out;

	begin_change(&customer, fcinfo, 3, RIGHT_ANNOTATE);
	note = document_read(&note_fields, api_document(fcinfo, 2, "note"), DOCUMENT_CREATE);
	columns_add(&columns, "company_id", TEXTOID, PointerGetDatum(customer.identity->company), false);
	columns_add(&columns, "id", TEXTOID, PointerGetDatum(object_id_generate()), false);
	columns_add(&columns, "customer_id", TEXTOID, PointerGetDatum(customer.id), false);
	columns_add(&columns, "added_by", TEXTOID, CStringGetTextDatum(customer.identity->actor), false);
	columns_add_document(&columns, note, DOCUMENT_CREATE);
	initStringInfo(&returning);
	appendStringInfoString(&returning, "RETURNING ");
	document_select_list(&returning, &note_fields, false);
	columns_insert(&columns, "customer_notes AS n", returning.data);

	initStringInfo(&written);
	appendStringInfoChar(&written, '{');
	document_write(&written, &note_fields, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, NULL);
	appendStringInfoChar(&written, '}');
	audit_write(customer.identity, "note", "customer", customer.number, NULL, written.data);
	columns_update(&touch, "customers", PointerGetDatum(customer.identity->company), PointerGetDatum(customer.id), "");

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"note\":%s}", written.data);
	return api_end(customer.identity, &out);
}

/*
 * Section: deletion
 */

/* What a customer leaves when it is deleted: calls and visits without a customer.  $1 company, $2 customer. */
static const char *const delete_steps[] = {
	"UPDATE callcenter.calls SET customer_id = NULL, previous_call_count = 0, is_returning = false, version = version + 1, updated_at = now() WHERE company_id = $1 AND customer_id = $2",
	"UPDATE callcenter.appointments SET customer_id = NULL, version = version + 1, updated_at = now() WHERE company_id = $1 AND customer_id = $2",
	"DELETE FROM callcenter.customer_equipment WHERE company_id = $1 AND customer_id = $2",
};

static const char *const delete_customer = "DELETE FROM callcenter.customers WHERE company_id = $1 AND id = $2";

/* What erasing a person removes; the customer, its calls and visits stay as a tombstone, so that counts stay. */
static const char *const erase_steps[] = {
	"DELETE FROM callcenter.transcripts t USING callcenter.calls c "
	"WHERE t.company_id = $1 AND c.company_id = $1 AND c.id = t.call_id AND c.customer_id = $2",
	"DELETE FROM callcenter.call_notes n USING callcenter.calls c "
	"WHERE n.company_id = $1 AND c.company_id = $1 AND c.id = n.call_id AND c.customer_id = $2",
	"UPDATE callcenter.calls SET caller_phone = NULL, caller_kind = 'other', caller_raw = '', caller_name = NULL, twilio_call_sid = NULL, "
	"captured_name = NULL, captured_phone = NULL, captured_phone_e164 = NULL, captured_email = NULL, captured_street = NULL, captured_city = NULL, captured_state = NULL, "
	"captured_zip = NULL, captured_full_address = NULL, problem_description = NULL, key_location = NULL, gate_code = NULL, lockbox_code = NULL, "
	"alternate_contact_name = NULL, alternate_contact_phone = NULL, alternate_contact_phone_e164 = NULL, alternate_contact_relationship = NULL, pet_info = NULL, special_notes = NULL, "
	"requested_time_window = NULL, booked_time_window = NULL, "
	"custom = NULL, follow_up_notes = NULL, actions = NULL, recording_url = NULL, feedback = NULL, flag_reason = NULL, summary = NULL, result = NULL, transferred_to = NULL, "
	"content_hash = '', version = version + 1, updated_at = now() WHERE company_id = $1 AND customer_id = $2",
	"UPDATE callcenter.appointments SET service = NULL, time_window = NULL, external_ref = NULL, notes = NULL, address_id = NULL, version = version + 1, updated_at = now() "
	"WHERE company_id = $1 AND customer_id = $2",
	"DELETE FROM callcenter.customer_equipment WHERE company_id = $1 AND customer_id = $2",
	"DELETE FROM callcenter.customer_addresses WHERE company_id = $1 AND customer_id = $2",
	"DELETE FROM callcenter.customer_notes WHERE company_id = $1 AND customer_id = $2",
	"DELETE FROM callcenter.customer_tags WHERE company_id = $1 AND customer_id = $2",
	"DELETE FROM callcenter.open_calls o USING callcenter.customer_phones p "
	"WHERE o.company_id = $1 AND p.company_id = $1 AND p.customer_id = $2 AND o.caller_phone = p.phone",
	"DELETE FROM callcenter.customer_phones WHERE company_id = $1 AND customer_id = $2",
	"UPDATE callcenter.customers SET first_name = NULL, last_name = NULL, email = NULL, source = NULL, preferred_time_of_day = NULL, "
	"preferred_days = NULL, communication_method = DEFAULT, language = DEFAULT, payment_method = NULL, special_instructions = NULL, "
	"erased_at = now(), version = version + 1, updated_at = now() WHERE company_id = $1 AND id = $2",
};

/* Gives the numbers that a customer called from, and locks them. */
static const char **
lock_numbers_of(const ChangedCustomer *customer, uint64 *count)
{
	static SavedPlan plan = {
		.sql = "SELECT DISTINCT c.caller_phone::text FROM callcenter.calls c "
		"WHERE c.company_id = $1 AND c.customer_id = $2 AND c.caller_phone IS NOT NULL",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	Datum		values[] = {PointerGetDatum(customer->identity->company), PointerGetDatum(customer->id)};
	const char **numbers;
	bool		isnull;

	*count = plan_run(&plan, values, NULL, false, 0);
	numbers = palloc_array(const char *, *count + 1);
	for (uint64 i = 0; i < *count; i++)
		numbers[i] = TextDatumGetCString(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
	numbers_lock(customer->identity->company, numbers, (int) *count);
	return numbers;
}

/*
 * delete_customer(company_id object_id, customer_id text, mode text, token text) json: "delete" removes the profile and
 * leaves its calls without a customer; "erase" removes the person from profile, calls and visits, and keeps a tombstone.
 */
Datum
cc_delete_customer(PG_FUNCTION_ARGS)
{
	static const Oid types[] = {TEXTOID, TEXTOID};
	ChangedCustomer customer = {0};
	char	   *mode;
	bool		erase;
	uint64		redacted = 0;
	Datum		values[2];
	StringInfoData out;

	begin_change(&customer, fcinfo, 3, RIGHT_DELETE);
	mode = PG_ARGISNULL(2) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(2));
	erase = strcmp(mode, "erase") == 0;
	if (!erase && strcmp(mode, "delete") != 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "mode", "must be one of: delete, erase");
	values[0] = PointerGetDatum(customer.identity->company);
	values[1] = PointerGetDatum(customer.id);

	if (erase)
	{
		follow_up_erase(customer.identity, customer.id);
		redacted = audit_redact(customer.identity, customer.id, customer.number);
		for (int i = 0; i < (int) lengthof(erase_steps); i++)
			plan_run_text(erase_steps[i], 2, types, values, NULL, false);
	}
	else
	{
		uint64		count;
		const char **numbers = lock_numbers_of(&customer, &count);

		for (int i = 0; i < (int) lengthof(delete_steps); i++)
			plan_run_text(delete_steps[i], 2, types, values, NULL, false);
		follow_up_release_customer(customer.identity, customer.company, customer.id);
		plan_run_text(delete_customer, 2, types, values, NULL, false);
		for (uint64 i = 0; i < count; i++)
			calls_recount(customer.identity->company, NULL, numbers[i]);
	}
	audit_write(customer.identity, mode, "customer", customer.number, NULL,
				erase ? psprintf("{\"redactedEntries\": " UINT64_FORMAT "}", redacted) : NULL);

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"mode\":\"%s\",\"customerId\":\"%s\"}", mode, customer.number);
	return api_end(customer.identity, &out);
}
