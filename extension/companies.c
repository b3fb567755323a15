/*
 * companies.c
 *		Companies: their settings, cached in each backend; create_company() and grant_role().
 *
 * The cache is dropped whole when any row of callcenter.companies changes: a statement trigger on the table tells all
 * backends through a relation cache invalidation, at commit.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "api.h"
#include "companies.h"
#include "document.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"
#include "local_time.h"
#include "phone.h"
#include "plans.h"

PG_FUNCTION_INFO_V1(cc_companies_changed);
PG_FUNCTION_INFO_V1(cc_create_company);
PG_FUNCTION_INFO_V1(cc_grant_role);

static const Field company_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_CREATE_ONLY},
	{"name", "name", FIELD_TEXT, FIELD_REQUIRED, 1, 200},
	{"timeZone", "time_zone", FIELD_TEXT, FIELD_REQUIRED, 1, 64},
	{"defaultRegion", "default_region", FIELD_TEXT, 0, 2, 2},
	{"ownNumbers", "own_numbers", FIELD_TEXT_LIST, 0, 0, 1000, .expression = "co.own_numbers::text[]"},
	{"createdAt", "created_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
	{"updatedAt", "updated_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
};

static const FieldTable company_fields = {"companies", "co", company_field_list, FIELD_TABLE_COUNT(company_field_list)};

static HTAB *cache = NULL;
static MemoryContext cache_context = NULL;
static Oid	companies_relid = InvalidOid;
static bool cache_is_stale = false;

/* Notes that companies have changed; called at any moment, so it does no more. */
static void
relation_changed(Datum arg, Oid relid)
{
	if (relid == InvalidOid || relid == companies_relid)
		cache_is_stale = true;
}

void
companies_init(void)
{
	CacheRegisterRelcacheCallback(relation_changed, (Datum) 0);
}

/* Drops the cache when it is stale, and makes sure that there is one. */
static void
cache_prepare(void)
{
	HASHCTL		ctl = {.keysize = OBJECT_ID_LENGTH + 1,.entrysize = sizeof(Company)};

	if (cache != NULL && !cache_is_stale)
		return;
	if (cache_context != NULL)
		MemoryContextReset(cache_context);
	else
		cache_context = AllocSetContextCreate(CacheMemoryContext, "callcenter companies", ALLOCSET_SMALL_SIZES);
	cache_is_stale = false;
	ctl.hcxt = cache_context;
	cache = hash_create("callcenter companies", 16, &ctl, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/* Copies the numbers of a text array into the cache. */
static void
copy_own_numbers(Company *company, ArrayType *numbers)
{
	Datum	   *elements;
	int			count;

	deconstruct_array(numbers, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	company->nown_numbers = count;
	company->own_numbers = MemoryContextAlloc(cache_context, sizeof(char *) * Max(count, 1));
	for (int i = 0; i < count; i++)
		company->own_numbers[i] = MemoryContextStrdup(cache_context, TextDatumGetCString(elements[i]));
}

/* Reads a company of the active identity into the cache; NULL when there is none. */
static const Company *
company_load(const char *company_id)
{
	static SavedPlan plan = {
		.sql = "SELECT co.name, co.time_zone, co.default_region, co.own_numbers::text[], co.tableoid "
		"FROM callcenter.companies co "
		"WHERE co.id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		id = CStringGetTextDatum(company_id);
	Company    *company;
	bool		isnull;

	if (plan_run(&plan, &id, NULL, false, 1) == 0)
		return NULL;
	company = hash_search(cache, company_id, HASH_ENTER, NULL);
	company->name = MemoryContextStrdup(cache_context, TextDatumGetCString(plan_result(1, &isnull)));
	company->time_zone_name = MemoryContextStrdup(cache_context, TextDatumGetCString(plan_result(2, &isnull)));
	company->time_zone = local_zone(company->time_zone_name);
	if (company->time_zone == NULL)
		company->time_zone = pg_tzset("UTC");	/* a zone that this server's time zone data no longer has */
	company->region = phone_region_index(TextDatumGetCString(plan_result(3, &isnull)));
	copy_own_numbers(company, DatumGetArrayTypeP(plan_result(4, &isnull)));
	companies_relid = DatumGetObjectId(plan_result(5, &isnull));
	return company;
}

/* Gives the settings of a company, or NULL; its identity must be active. */
const Company *
company_find(const char *company_id)
{
	const Company *company;

	cache_prepare();
	company = hash_search(cache, company_id, HASH_FIND, NULL);
	return company != NULL ? company : company_load(company_id);
}

const Company *
company_get(const char *company_id)
{
	const Company *company = company_find(company_id);

	if (company == NULL)
		error_not_found("Company");
	return company;
}

/* Tells whether a number is one of the company's own. */
bool
company_owns_number(const Company *company, const char *e164)
{
	for (int i = 0; i < company->nown_numbers; i++)
		if (strcmp(company->own_numbers[i], e164) == 0)
			return true;
	return false;
}

/* companies_changed() trigger: makes every backend drop its cached settings when the transaction commits. */
Datum
cc_companies_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("companies_changed() must be called as a trigger")));
	CacheInvalidateRelcache(trigger->tg_relation);
	PG_RETURN_POINTER(NULL);
}

/* Checks the settings of a new company, spells its time zone as its name is, and turns its numbers into E.164. */
static void
check_company(Document *company)
{
	pg_tz	   *zone = local_zone(text_to_cstring(document_text(company, "timeZone")));
	text	   *region = document_text(company, "defaultRegion");
	const char *region_name = region ? text_to_cstring(region) : "US";
	int			region_index = phone_region_index(region_name);
	Datum	   *numbers;
	int			count;

	if (zone == NULL)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "timeZone", "must be the name of an IANA time zone, such as America/New_York");
	document_set(company, "timeZone", CStringGetTextDatum(pg_get_timezone_name(zone)));
	if (region_index == 0 || strcmp(phone_region_code(region_index), region_name) != 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "defaultRegion", "must be an ISO 3166 code in upper case, such as US");
	if (!document_has(company, "ownNumbers"))
		return;
	deconstruct_array(DatumGetArrayTypeP(document_get(company, "ownNumbers")), TEXTOID, -1, false, TYPALIGN_INT, &numbers, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *raw = TextDatumGetCString(numbers[i]);
		PhoneCaller caller;

		phone_caller(raw, strlen(raw), region_index, PHONE_AGENT, &caller);
		if (!caller.is_key)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("ownNumbers[%d]", i), "must be a valid phone number");
		numbers[i] = CStringGetTextDatum(caller.e164);
	}
	document_set(company, "ownNumbers", text_array(numbers, count));
}

/* create_company(company jsonb) json: makes a company. */
Datum
cc_create_company(PG_FUNCTION_ARGS)
{
	static SavedPlan start_numbers = {
		.sql = "INSERT INTO callcenter.customer_numbers (company_id) VALUES ($1)",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Document   *company = document_read(&company_fields, api_document(fcinfo, 0, "company"), DOCUMENT_CREATE);
	ColumnSet	columns = {0};
	StringInfoData suffix,
				out;
	Identity   *identity;
	Datum		id;

	if (!document_has(company, "_id"))
		document_set(company, "_id", PointerGetDatum(object_id_generate()));
	check_company(company);
	id = document_get(company, "_id");

	identity = identity_enter_company(TextDatumGetCString(id), GetUserNameFromId(GetSessionUserId(), false));
	SPI_connect();
	columns_add_document(&columns, company, DOCUMENT_CREATE);
	initStringInfo(&suffix);
	appendStringInfoString(&suffix, "ON CONFLICT DO NOTHING RETURNING ");
	document_select_list(&suffix, &company_fields, false);
	if (columns_insert(&columns, "companies AS co", suffix.data) == 0)
		error_conflict("_id", "A company with this id exists");

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"company\":{");
	document_write(&out, &company_fields, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, NULL);
	appendStringInfoString(&out, "}}");
	plan_run(&start_numbers, &id, NULL, false, 0);
	return api_end(identity, &out);
}

/* grant_role(company_id object_id, role_name name) json: lets a database role act for a company. */
Datum
cc_grant_role(PG_FUNCTION_ARGS)
{
	static SavedPlan insert = {
		.sql = "INSERT INTO callcenter.role_grants (company_id, role_name) VALUES ($1, $2) ON CONFLICT DO NOTHING",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	char	   *company_id = text_to_cstring(api_text(fcinfo, 0, "companyId"));
	Name		role;
	Identity   *identity;
	Datum		values[2];
	StringInfoData out;

	if (PG_ARGISNULL(1))
		error_field(ERRCODE_NOT_NULL_VIOLATION, "role", "is required");
	role = PG_GETARG_NAME(1);
	get_role_oid(NameStr(*role), false);
	identity = identity_enter_company(company_id, GetUserNameFromId(GetSessionUserId(), false));
	SPI_connect();
	company_get(company_id);
	values[0] = CStringGetTextDatum(company_id);
	values[1] = CStringGetTextDatum(NameStr(*role));
	plan_run(&insert, values, NULL, false, 0);

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"companyId\":");
	json_cstring(&out, company_id);
	json_key(&out, "role");
	json_cstring(&out, NameStr(*role));
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}
