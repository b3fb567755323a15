/*
 * people.c
 *		People who sign in: create_user(), set_password(), disable_user(), enable_user() and current_user_info().
 *		How they sign in is in sessions.c, for which companies they act in grants.c.
 *
 * All but current_user_info() run as callcenter_auth, which alone reads users, before any company is known.  What takes
 * something away from a user ends sessions at once, and is felt everywhere when the tokens that are out have run out.
 *
 * A user belongs to no company.  What is done to one is told in the audit log of each company that they are a member of,
 * whose admins rely on who may sign in, and in the platform's log (platform_log.c), which also knows users who are a
 * member of none, as each is when just made.  Of passwords both tell that they were changed, and nothing else.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "api.h"
#include "attempts.h"
#include "audit.h"
#include "companies.h"
#include "document.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"
#include "password.h"
#include "people.h"
#include "phone.h"
#include "plans.h"
#include "platform_log.h"
#include "token.h"

PG_FUNCTION_INFO_V1(cc_create_user);
PG_FUNCTION_INFO_V1(cc_set_password);
PG_FUNCTION_INFO_V1(cc_disable_user);
PG_FUNCTION_INFO_V1(cc_enable_user);
PG_FUNCTION_INFO_V1(cc_current_user_info);

static const Field user_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_CREATE_ONLY},
	{"email", "email", FIELD_TEXT, FIELD_REQUIRED, 3, 254},
	{"name", "name", FIELD_TEXT, 0, 1, 200},
	{"password", "password", FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITE_ONLY, PASSWORD_MIN, PASSWORD_MAX},
	{"createdAt", "created_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
};

static const FieldTable user_fields = {"users", "u", user_field_list, FIELD_TABLE_COUNT(user_field_list)};

char *
people_fold_email(text *email)
{
	char	   *folded = text_to_cstring(email);
	char	   *end;

	while (*folded == ' ')
		folded++;
	for (end = folded + strlen(folded); end > folded && end[-1] == ' '; end--)
		;
	*end = '\0';
	for (char *p = folded; *p; p++)
		*p = pg_ascii_tolower(*p);
	return folded;
}

void
people_check_password(text *password, const char *path)
{
	int			length = pg_mbstrlen_with_len(VARDATA_ANY(password), VARSIZE_ANY_EXHDR(password));

	if (length < PASSWORD_MIN || length > PASSWORD_MAX)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must have from %d to %d characters", PASSWORD_MIN, PASSWORD_MAX);
}

text *
people_new_password(text *password, const char *path)
{
	people_check_password(password, path);
	return cstring_to_text(password_hash(text_to_cstring(password)));
}

/* create_user(usr jsonb) json: makes a user who can sign in. */
Datum
cc_create_user(PG_FUNCTION_ARGS)
{
	Document   *user = document_read(&user_fields, api_document(fcinfo, 0, "user"), DOCUMENT_CREATE);
	char	   *email = people_fold_email(document_text(user, "email"));
	ColumnSet	columns = {0};
	StringInfoData suffix,
				out;

	if (strchr(email, '@') == NULL)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "email", "must be an e-mail address");
	document_set(user, "email", CStringGetTextDatum(email));
	if (!document_has(user, "_id"))
		document_set(user, "_id", PointerGetDatum(object_id_generate()));

	SPI_connect();
	columns_add_document(&columns, user, DOCUMENT_CREATE);
	columns_add(&columns, "password", TEXTOID,
				CStringGetTextDatum(password_hash(text_to_cstring(document_text(user, "password")))), false);
	initStringInfo(&suffix);
	appendStringInfoString(&suffix, "ON CONFLICT DO NOTHING RETURNING ");
	document_select_list(&suffix, &user_fields, false);
	if (columns_insert(&columns, "users AS u", suffix.data) == 0)
		error_conflict("email", "A user with this e-mail address or id exists");

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"user\":{");
	document_write(&out, &user_fields, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, NULL);
	appendStringInfoString(&out, "}}");
	platform_log_write(GetUserNameFromId(GetSessionUserId(), false), "create", "user", document_get(user, "_id"), NULL, "{\"disabled\": false}");
	return api_end(NULL, &out);
}

void
people_read_memberships(Claims *claims)
{
	static SavedPlan plan = {
		.sql = "SELECT m.company_id, m.role::text FROM callcenter.memberships m "
		"WHERE m.user_id = $1 ORDER BY m.company_id",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		id = CStringGetTextDatum(claims->subject);

	claims->nmemberships = (int) plan_run(&plan, &id, NULL, false, 0);
	claims->memberships = palloc_array(Membership, Max(claims->nmemberships, 1));
	for (int i = 0; i < claims->nmemberships; i++)
	{
		bool		isnull;
		char	   *company_id = TextDatumGetCString(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		char	   *role = TextDatumGetCString(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));

		strlcpy(claims->memberships[i].company_id, company_id, sizeof(claims->memberships[i].company_id));
		claims->memberships[i].role = member_role(role, strlen(role));
	}
}

Datum
people_hold_companies(Datum user_id)
{
	static SavedPlan plan = {
		.sql = "SELECT m.company_id::text FROM callcenter.memberships m WHERE m.user_id = $1 ORDER BY m.company_id",
		.nargs = 1,
		.types = {TEXTOID},
	};
	int			count = (int) plan_run(&plan, &user_id, NULL, false, 0);
	Datum	   *companies = palloc_array(Datum, count + 1);
	bool		isnull;

	for (int i = 0; i < count; i++)
		companies[i] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);
	for (int i = 0; i < count; i++)
		company_hold(TextDatumGetCString(companies[i]));
	return text_array(companies, count);
}

void
people_log_password(Datum user_id, Datum held_companies, const char *email, const char *company_actor, const char *platform_actor)
{
#define MASKED_PASSWORD "{\"password\": \"" SECRET_MASK "\"}"
	audit_write_user(user_id, held_companies, company_actor, "update", email, MASKED_PASSWORD, MASKED_PASSWORD);
	platform_log_write(platform_actor, "update", "user", user_id, MASKED_PASSWORD, MASKED_PASSWORD);
}

/* Answers with the user whom a statement has changed: id, name, disabled. */
static Datum
answer_user(char *email)
{
	bool		isnull;
	Datum		name;
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"user\":{\"_id\":");
	json_text(&out, DatumGetTextPP(plan_result(1, &isnull)));
	json_key(&out, "email");
	json_cstring(&out, email);
	name = plan_result(2, &isnull);
	if (!isnull)
	{
		json_key(&out, "name");
		json_text(&out, DatumGetTextPP(name));
	}
	json_key(&out, "disabled");
	json_bool(&out, DatumGetBool(plan_result(3, &isnull)));
	appendStringInfoString(&out, "}}");
	attempts_forget(email);
	return api_end(NULL, &out);
}

/* Finds the user with an e-mail address, who must be there, and holds the companies that they are a member of. */
static Datum
find_user(char *email, Datum *held_companies)
{
	static SavedPlan find = {
		.sql = "SELECT u.id::text FROM callcenter.users u WHERE u.email = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		key = CStringGetTextDatum(email);
	Datum		id;
	bool		isnull;

	if (plan_run(&find, &key, NULL, false, 0) == 0)
		error_not_found("User");
	id = plan_result(1, &isnull);
	*held_companies = people_hold_companies(id);
	return id;
}

/* set_password(email text, password text) json: gives a user another password, and ends all sessions. */
Datum
cc_set_password(PG_FUNCTION_ARGS)
{
	static SavedPlan update = {
		.sql = "WITH changed AS (UPDATE callcenter.users SET password = $2, updated_at = now() WHERE id = $1 "
		"RETURNING id, name, disabled), "
		"ended AS (DELETE FROM callcenter.user_sessions s USING changed c WHERE s.user_id = c.id) "
		"SELECT id, name, disabled FROM changed",
		.nargs = 2,
		.types = {TEXTOID, TEXTOID},
	};
	char	   *email = people_fold_email(api_text(fcinfo, 0, "email"));
	text	   *password = people_new_password(api_text(fcinfo, 1, "password"), "password");
	const char *actor = GetUserNameFromId(GetSessionUserId(), false);
	SPITupleTable *changed;
	Datum		companies;
	Datum		values[2];

	SPI_connect();
	values[0] = find_user(email, &companies);
	values[1] = PointerGetDatum(password);
	if (plan_run(&update, values, NULL, false, 0) == 0)
		error_not_found("User");
	changed = SPI_tuptable;
	people_log_password(values[0], companies, email, actor, actor);
	SPI_tuptable = changed;
	return answer_user(email);
}

/* Lets a user sign in, or keeps them from it, which ends all sessions. */
static Datum
change_disabled(FunctionCallInfo fcinfo, bool disabled)
{
	static SavedPlan update = {
		.sql = "WITH old AS (SELECT id, disabled FROM callcenter.users WHERE id = $1 FOR NO KEY UPDATE), "
		"changed AS (UPDATE callcenter.users u SET disabled = $2, updated_at = now() FROM old o WHERE u.id = o.id "
		"RETURNING u.id, u.name, u.disabled, o.disabled AS was), "
		"ended AS (DELETE FROM callcenter.user_sessions s USING changed c WHERE s.user_id = c.id AND c.disabled) "
		"SELECT id, name, disabled, was FROM changed",
		.nargs = 2,
		.types = {TEXTOID, BOOLOID},
	};
	char	   *email = people_fold_email(api_text(fcinfo, 0, "email"));
	const char *actor = GetUserNameFromId(GetSessionUserId(), false);
	const char *after = disabled ? "{\"disabled\": true}" : "{\"disabled\": false}";
	const char *before;
	SPITupleTable *changed;
	Datum		companies;
	Datum		values[2];
	bool		isnull;

	SPI_connect();
	values[0] = find_user(email, &companies);
	values[1] = BoolGetDatum(disabled);
	if (plan_run(&update, values, NULL, false, 0) == 0)
		error_not_found("User");
	before = DatumGetBool(plan_result(4, &isnull)) ? "{\"disabled\": true}" : "{\"disabled\": false}";
	changed = SPI_tuptable;
	audit_write_user(values[0], companies, actor, "update", email, before, after);
	platform_log_write(actor, "update", "user", values[0], before, after);
	SPI_tuptable = changed;
	return answer_user(email);
}

/* disable_user(email text) json: keeps a user from signing in, and ends all sessions. */
Datum
cc_disable_user(PG_FUNCTION_ARGS)
{
	return change_disabled(fcinfo, true);
}

/* enable_user(email text) json: lets a user sign in again. */
Datum
cc_enable_user(PG_FUNCTION_ARGS)
{
	return change_disabled(fcinfo, false);
}

/* Writes a company of the token, as its name and zone are now; one that is gone is left out. */
static void
write_company(StringInfo out, const Membership *membership, const char *actor)
{
	Identity   *identity = identity_enter_company(membership->company_id, actor);
	const Company *company = company_find(membership->company_id);

	if (company != NULL)
	{
		json_item(out);
		appendStringInfoString(out, "{\"companyId\":");
		json_cstring(out, membership->company_id);
		json_key(out, "name");
		json_cstring(out, company->name);
		json_key(out, "role");
		json_cstring(out, member_role_name(membership->role));
		json_key(out, "timeZone");
		json_cstring(out, company->time_zone_name);
		json_key(out, "region");
		json_cstring(out, phone_region_code(company->region));
		appendStringInfoChar(out, '}');
	}
	identity_leave(identity);
}

/* current_user_info(token text) json: the token's bearer, the companies it is for, and when it ends. */
Datum
cc_current_user_info(PG_FUNCTION_ARGS)
{
	text	   *token = PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0);
	Claims	   *claims;
	StringInfoData out;

	if (token == NULL)
		error_no_token("no token");
	claims = token_verify(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token));

	SPI_connect();
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"user\":{\"_id\":");
	json_cstring(&out, claims->subject);
	if (claims->email != NULL)
	{
		json_key(&out, "email");
		json_cstring(&out, claims->email);
	}
	if (claims->name != NULL)
	{
		json_key(&out, "name");
		json_cstring(&out, claims->name);
	}
	appendStringInfoString(&out, "},\"companies\":[");
	for (int i = 0; i < claims->nmemberships; i++)
		write_company(&out, &claims->memberships[i], claims->subject);
	appendStringInfoChar(&out, ']');
	json_key(&out, "expiresAt");
	json_timestamp(&out, claims->expires_at);
	appendStringInfoChar(&out, '}');
	return api_end(NULL, &out);
}
