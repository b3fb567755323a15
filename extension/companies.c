/*
 * companies.c
 *		Companies: their settings, cached in each backend; create_company() and update_company().
 *
 * The cache is dropped whole when any row of callcenter.companies changes: a statement trigger on the table tells all
 * backends through a relation cache invalidation, at commit.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "common/hashfn.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "api.h"
#include "audit.h"
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
PG_FUNCTION_INFO_V1(cc_update_company);

/* characters of an intent, as in the document of a call */
#define INTENT_MAX 100

static const Field company_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_CREATE_ONLY},
	{"name", "name", FIELD_TEXT, FIELD_REQUIRED, 1, 200},
	{"timeZone", "time_zone", FIELD_TEXT, FIELD_REQUIRED, 1, 64},
	{"defaultRegion", "default_region", FIELD_TEXT, FIELD_DEFAULTED, 2, 2},
	{"ownNumbers", "own_numbers", FIELD_TEXT_LIST, FIELD_DEFAULTED, 0, 1000, .expression = "co.own_numbers::text[]"},
	{"nonLeadIntents", "non_lead_intents", FIELD_TEXT_LIST, FIELD_DEFAULTED, 0, 200},
	{"weekStart", "week_start", FIELD_INT, FIELD_DEFAULTED, 1, 7, .expression = "co.week_start::integer"},
	{"followUps.normalMinutes", "follow_up_minutes_normal", FIELD_INT, FIELD_DEFAULTED, 1, 10080},
	{"followUps.urgentMinutes", "follow_up_minutes_urgent", FIELD_INT, FIELD_DEFAULTED, 1, 10080},
	{"followUps.emergencyMinutes", "follow_up_minutes_emergency", FIELD_INT, FIELD_DEFAULTED, 1, 10080},
	{"businessHours.days", "business_days", FIELD_TEXT_LIST, FIELD_DEFAULTED, 0, 7, .of = "weekday", .expression = "co.business_days::text[]"},
	{"businessHours.opens", "business_opens", FIELD_TEXT, FIELD_DEFAULTED, 5, 5},
	{"businessHours.closes", "business_closes", FIELD_TEXT, FIELD_DEFAULTED, 5, 5},
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
	/* a function further up may be at work with what it got: that lives until the transaction ends */
	if (cache_context != NULL)
		MemoryContextSetParent(cache_context, TopTransactionContext);
	cache_context = AllocSetContextCreate(CacheMemoryContext, "callcenter companies", ALLOCSET_SMALL_SIZES);
	cache_is_stale = false;
	ctl.hcxt = cache_context;
	cache = hash_create("callcenter companies", 16, &ctl, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/* Copies a text array into the cache. */
static const char **
copy_texts(ArrayType *texts, int *count)
{
	Datum	   *elements;
	const char **copy;

	deconstruct_array(texts, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, count);
	copy = MemoryContextAlloc(cache_context, sizeof(char *) * Max(*count, 1));
	for (int i = 0; i < *count; i++)
		copy[i] = MemoryContextStrdup(cache_context, TextDatumGetCString(elements[i]));
	return copy;
}

/* Gives the days of a list of weekdays as bits. */
static int
day_bits(ArrayType *days)
{
	static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
	Datum	   *elements;
	int			count;
	int			bits = 0;

	deconstruct_array(days, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	for (int i = 0; i < count; i++)
		for (int day = 0; day < (int) lengthof(names); day++)
			if (strcmp(TextDatumGetCString(elements[i]), names[day]) == 0)
				bits |= 1 << day;
	return bits;
}

/* Reads a time of day, "08:30" up to "24:00", in minutes; -1 when it is none. */
static int
clock_minutes(const char *clock)
{
	int			minutes;

	if (strlen(clock) != 5 || strspn(clock, "0123456789") != 2 || clock[2] != ':' || strspn(clock + 3, "0123456789") != 2 || clock[3] > '5')
		return -1;
	minutes = ((clock[0] - '0') * 10 + (clock[1] - '0')) * MINS_PER_HOUR + (clock[3] - '0') * 10 + (clock[4] - '0');
	return minutes <= MINS_PER_HOUR * HOURS_PER_DAY ? minutes : -1;
}

/* Reads a company of the active identity into the cache; NULL when there is none. */
static const Company *
company_load(const char *company_id)
{
	static SavedPlan plan = {
		.sql = "SELECT co.name, co.time_zone, co.default_region, co.own_numbers::text[], co.tableoid, co.non_lead_intents, co.week_start, "
		"co.follow_up_minutes_normal, co.follow_up_minutes_urgent, co.follow_up_minutes_emergency, co.business_days::text[], "
		"co.business_opens, co.business_closes "
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
	company->own_numbers = copy_texts(DatumGetArrayTypeP(plan_result(4, &isnull)), &company->nown_numbers);
	companies_relid = DatumGetObjectId(plan_result(5, &isnull));
	company->non_lead_intents = copy_texts(DatumGetArrayTypeP(plan_result(6, &isnull)), &company->nnon_lead_intents);
	company->week_start = DatumGetInt16(plan_result(7, &isnull));
	for (int i = 0; i < (int) lengthof(company->follow_up_minutes); i++)
		company->follow_up_minutes[i] = DatumGetInt32(plan_result(8 + i, &isnull));
	company->business_days = day_bits(DatumGetArrayTypeP(plan_result(11, &isnull)));
	company->business_opens = clock_minutes(TextDatumGetCString(plan_result(12, &isnull)));
	company->business_closes = clock_minutes(TextDatumGetCString(plan_result(13, &isnull)));
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

/* Takes the lock that stands for a company.  Not an advisory lock, which anybody with a connection could take and hold. */
static void
lock_company(const char *company_id, LOCKMODE mode)
{
	LockDatabaseObject(get_relname_relid("companies", get_namespace_oid("callcenter", false)),
					   hash_bytes((const unsigned char *) company_id, OBJECT_ID_LENGTH), 0, mode);
}

void
company_hold(const char *company_id)
{
	lock_company(company_id, RowExclusiveLock);
}

void
company_hold_alone(const char *company_id)
{
	lock_company(company_id, ExclusiveLock);
}

/* Tells whether a number is one of the company's own, in any of its spellings. */
bool
company_owns_number(const Company *company, const char *e164)
{
	char		variants[PHONE_VARIANTS_MAX][PHONE_E164_SIZE];
	int			nvariants = company->nown_numbers > 0 ? phone_variants(e164, variants, PHONE_VARIANTS_MAX) : 0;

	for (int i = 0; i < company->nown_numbers; i++)
	{
		if (strcmp(company->own_numbers[i], e164) == 0)
			return true;
		for (int v = 0; v < nvariants; v++)
			if (strcmp(company->own_numbers[i], variants[v]) == 0)
				return true;
	}
	return false;
}

bool
company_intent_is_lead(const Company *company, const text *intent)
{
	const char *folded;

	if (intent == NULL)
		return true;
	/* folded as lower() does it in the C collation */
	folded = asc_tolower(VARDATA_ANY(intent), VARSIZE_ANY_EXHDR(intent));
	for (int i = 0; i < company->nnon_lead_intents; i++)
		if (strcmp(company->non_lead_intents[i], folded) == 0)
			return false;
	return true;
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

/* Checks a time zone and spells it as its name is. */
static void
check_time_zone(Document *company)
{
	pg_tz	   *zone = local_zone(text_to_cstring(document_text(company, "timeZone")));

	if (zone == NULL)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "timeZone", "must be the name of an IANA time zone, such as America/New_York");
	document_set(company, "timeZone", CStringGetTextDatum(pg_get_timezone_name(zone)));
}

/* Turns the company's numbers into E.164. */
static void
check_own_numbers(Document *company, int region)
{
	Datum	   *numbers;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(document_get(company, "ownNumbers")), TEXTOID, -1, false, TYPALIGN_INT, &numbers, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		char	   *raw = TextDatumGetCString(numbers[i]);
		PhoneCaller caller;

		phone_caller(raw, strlen(raw), region, PHONE_AGENT, &caller);
		if (!caller.is_key)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("ownNumbers[%d]", i), "must be a valid phone number");
		numbers[i] = CStringGetTextDatum(caller.e164);
	}
	document_set(company, "ownNumbers", text_array(numbers, count));
}

/* Folds the intents that are no leads, as they are compared without regard to case. */
static void
check_non_lead_intents(Document *company)
{
	Datum	   *intents;
	int			count;

	deconstruct_array(DatumGetArrayTypeP(document_get(company, "nonLeadIntents")), TEXTOID, -1, false, TYPALIGN_INT, &intents, NULL, &count);
	for (int i = 0; i < count; i++)
	{
		text	   *intent = DatumGetTextPP(intents[i]);

		if (VARSIZE_ANY_EXHDR(intent) == 0 || pg_mbstrlen_with_len(VARDATA_ANY(intent), VARSIZE_ANY_EXHDR(intent)) > INTENT_MAX)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("nonLeadIntents[%d]", i), "must have from 1 to %d characters", INTENT_MAX);
		intents[i] = CStringGetTextDatum(asc_tolower(VARDATA_ANY(intent), VARSIZE_ANY_EXHDR(intent)));
	}
	document_set(company, "nonLeadIntents", text_array(intents, count));
}

/* Reads a time of business hours: of the document, else what is stored, else the default. */
static int
business_time(const Document *company, const char *path, int stored, int otherwise)
{
	int			minutes;

	if (!document_has(company, path))
		return stored >= 0 && !document_is_present(company, path) ? stored : otherwise;
	minutes = clock_minutes(text_to_cstring(document_text(company, path)));
	if (minutes < 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must be a time of day from 00:00 to 24:00");
	return minutes;
}

/* Checks that a company opens before it closes; "stored" is what it is now, NULL for a new one. */
static void
check_business_hours(const Document *company, const Company *stored)
{
	int			opens = business_time(company, "businessHours.opens", stored ? stored->business_opens : -1, 8 * MINS_PER_HOUR);
	int			closes = business_time(company, "businessHours.closes", stored ? stored->business_closes : -1, 18 * MINS_PER_HOUR);

	if (opens >= closes)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "businessHours.closes", "must be later than businessHours.opens");
}

/* Checks what a document says of a company; "region" is the stored default region and "stored" what it is now, NULL for a new company. */
static void
check_company(Document *company, const char *region, const Company *stored)
{
	text	   *given = document_text(company, "defaultRegion");
	int			index;

	if (given != NULL)
		region = text_to_cstring(given);
	else if (region == NULL || document_is_present(company, "defaultRegion"))
		region = "US";
	index = phone_region_index(region);
	if (document_has(company, "timeZone"))
		check_time_zone(company);
	if (index == 0 || strcmp(phone_region_code(index), region) != 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "defaultRegion", "must be an ISO 3166 code in upper case, such as US");
	if (document_has(company, "ownNumbers"))
		check_own_numbers(company, index);
	if (document_has(company, "nonLeadIntents"))
		check_non_lead_intents(company);
	check_business_hours(company, stored);
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
				made,
				out;
	Identity   *identity;
	Datum		id;

	if (!document_has(company, "_id"))
		document_set(company, "_id", PointerGetDatum(object_id_generate()));
	check_company(company, NULL, NULL);
	id = document_get(company, "_id");

	identity = identity_enter_company(TextDatumGetCString(id), GetUserNameFromId(GetSessionUserId(), false));
	SPI_connect();
	columns_add_document(&columns, company, DOCUMENT_CREATE);
	initStringInfo(&suffix);
	appendStringInfoString(&suffix, "ON CONFLICT DO NOTHING RETURNING ");
	document_select_list(&suffix, &company_fields, false);
	if (columns_insert(&columns, "companies AS co", suffix.data) == 0)
		error_conflict("_id", "A company with this id exists");

	initStringInfo(&made);
	appendStringInfoChar(&made, '{');
	document_write(&made, &company_fields, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, NULL);
	appendStringInfoChar(&made, '}');
	plan_run(&start_numbers, &id, NULL, false, 0);
	audit_write(identity, "create", "company", identity->company_id, NULL, made.data);

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"company\":%s}", made.data);
	return api_end(identity, &out);
}

/* Selects a company as a whole document and locks it; gives false when there is none. */
static bool
select_company(Datum id)
{
	StringInfoData sql;
	Oid			type = TEXTOID;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT ");
	document_select_list(&sql, &company_fields, false);
	appendStringInfoString(&sql, " FROM callcenter.companies co WHERE co.id = $1 FOR UPDATE");
	return plan_run_text(sql.data, 1, &type, &id, NULL, false) == 1;
}

/* update_company(company_id object_id, patch jsonb) json: changes settings. */
Datum
cc_update_company(PG_FUNCTION_ARGS)
{
	static SavedPlan region = {
		.sql = "SELECT co.default_region FROM callcenter.companies co WHERE co.id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	char	   *company_id = text_to_cstring(api_text(fcinfo, 0, "companyId"));
	Document   *patch = document_read(&company_fields, api_document(fcinfo, 1, "patch"), DOCUMENT_PATCH);
	ColumnSet	columns = {0};
	Identity   *identity;
	StringInfoData out;
	Datum		id;
	char	   *stored_region;
	char	   *before;
	bool		isnull;

	company_hold(company_id);
	identity = identity_enter_company(company_id, GetUserNameFromId(GetSessionUserId(), false));
	SPI_connect();
	id = CStringGetTextDatum(company_id);
	if (!select_company(id))
		error_not_found("Company");
	before = audit_fields(patch, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, NULL);
	plan_run(&region, &id, NULL, false, 1);
	stored_region = TextDatumGetCString(plan_result(1, &isnull));
	check_company(patch, stored_region, company_get(company_id));
	columns_add_document(&columns, patch, DOCUMENT_PATCH);
	columns_update_company(&columns, id);

	select_company(id);
	audit_write(identity, "update", "company", company_id, before,
				audit_fields(patch, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, NULL));
	select_company(id);
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"company\":{");
	document_write(&out, &company_fields, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, NULL);
	appendStringInfoString(&out, "}}");
	return api_end(identity, &out);
}
