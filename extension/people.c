/*
 * people.c
 *		People who sign in: create_user(), grant_company(), login(), current_user_info().
 *
 * All but current_user_info() run as callcenter_auth, which alone reads users, before any company is known.
 * An unknown e-mail, a wrong password and a disabled user are one answer, and take the same time.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "api.h"
#include "companies.h"
#include "document.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"
#include "password.h"
#include "phone.h"
#include "plans.h"
#include "settings.h"
#include "token.h"

PG_FUNCTION_INFO_V1(cc_create_user);
PG_FUNCTION_INFO_V1(cc_grant_company);
PG_FUNCTION_INFO_V1(cc_login);
PG_FUNCTION_INFO_V1(cc_current_user_info);

static const Field user_field_list[] = {
	{"_id", "id", FIELD_OBJECT_ID, FIELD_CREATE_ONLY},
	{"email", "email", FIELD_TEXT, FIELD_REQUIRED, 3, 254},
	{"name", "name", FIELD_TEXT, 0, 1, 200},
	{"password", "password", FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITE_ONLY, PASSWORD_MIN, PASSWORD_MAX},
	{"createdAt", "created_at", FIELD_TIMESTAMP, FIELD_READ_ONLY},
};

static const FieldTable user_fields = {"users", "u", user_field_list, FIELD_TABLE_COUNT(user_field_list)};

/* Folds an e-mail address as sign-in compares it: lower case of ASCII letters, no white space around. */
static char *
fold_email(text *email)
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

/* create_user(usr jsonb) json: makes a user who can sign in. */
Datum
cc_create_user(PG_FUNCTION_ARGS)
{
	Document   *user = document_read(&user_fields, api_document(fcinfo, 0, "user"), DOCUMENT_CREATE);
	char	   *email = fold_email(document_text(user, "email"));
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
	return api_end(NULL, &out);
}

/* grant_company(company_id object_id, email text, role text) json: makes a user a member of a company, or changes the role. */
Datum
cc_grant_company(PG_FUNCTION_ARGS)
{
	static SavedPlan upsert = {
		.sql = "INSERT INTO callcenter.memberships (company_id, user_id, role) "
		"SELECT co.id, u.id, $3::callcenter.membership_role FROM callcenter.users u, callcenter.companies co "
		"WHERE u.email = $2 AND co.id = $1 "
		"ON CONFLICT (company_id, user_id) DO UPDATE SET role = EXCLUDED.role "
		"RETURNING user_id",
		.nargs = 3,
		.types = {TEXTOID, TEXTOID, TEXTOID},
	};
	text	   *company = api_text(fcinfo, 0, "companyId");
	text	   *email = api_text(fcinfo, 1, "email");
	text	   *role = api_text(fcinfo, 2, "role");
	Datum		values[3];
	StringInfoData out;

	if (member_role(VARDATA_ANY(role), VARSIZE_ANY_EXHDR(role)) == MEMBER_NONE)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "role", "must be one of: viewer, agent, admin");

	SPI_connect();
	values[0] = PointerGetDatum(company);
	values[1] = CStringGetTextDatum(fold_email(email));
	values[2] = PointerGetDatum(role);
	if (plan_run(&upsert, values, NULL, false, 0) == 0)
		error_not_found("User or company");
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"companyId\":");
	json_text(&out, company);
	json_key(&out, "role");
	json_text(&out, role);
	appendStringInfoChar(&out, '}');
	return api_end(NULL, &out);
}

/* Reads the memberships of a user into claims.  Inside SPI_connect(). */
static void
read_user_memberships(Claims *claims)
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

/* Checks e-mail and password; returns claims with subject, e-mail and name, or raises 28000.  Inside SPI_connect(). */
static Claims *
check_password(text *email, text *password)
{
	static SavedPlan plan = {
		.sql = "SELECT u.id, u.email, u.name, u.password FROM callcenter.users u "
		"WHERE u.email = $1 AND NOT u.disabled",
		.nargs = 1,
		.types = {TEXTOID},
	};
	Datum		key = CStringGetTextDatum(fold_email(email));
	bool		found = plan_run(&plan, &key, NULL, false, 0) == 1;
	bool		isnull;
	char	   *hash = found ? TextDatumGetCString(plan_result(4, &isnull)) : NULL;
	Claims	   *claims = palloc0_object(Claims);
	Datum		name;

	if (VARSIZE_ANY_EXHDR(password) > PASSWORD_MAX * 4 || !password_verify(text_to_cstring(password), hash))
		error_sign_in_failed();
	claims->subject = TextDatumGetCString(plan_result(1, &isnull));
	claims->email = TextDatumGetCString(plan_result(2, &isnull));
	name = plan_result(3, &isnull);
	claims->name = isnull ? NULL : TextDatumGetCString(name);
	return claims;
}

/* login(email text, password text) json: what current_user_info() says, with a token. */
Datum
cc_login(PG_FUNCTION_ARGS)
{
	static SavedPlan info = {
		.sql = "SELECT callcenter.current_user_info($1)::text",
		.nargs = 1,
		.types = {TEXTOID},
	};
	text	   *email;
	Claims	   *claims;
	char	   *token;
	Datum		token_value;
	TimestampTz now = GetCurrentTimestamp();
	StringInfoData out;
	bool		isnull;

	SPI_connect();
	email = api_text(fcinfo, 0, "email");
	claims = check_password(email, api_text(fcinfo, 1, "password"));
	read_user_memberships(claims);
	claims->expires_at = TimestampTzPlusMilliseconds(now, setting_session_lifetime * INT64CONST(1000));
	token = token_issue(claims, now);

	token_value = CStringGetTextDatum(token);
	plan_run(&info, &token_value, NULL, false, 1);
	initStringInfo(&out);
	appendStringInfoString(&out, TextDatumGetCString(plan_result(1, &isnull)));
	out.len--;					/* its closing brace */
	json_key(&out, "token");
	json_cstring(&out, token);
	appendStringInfoChar(&out, '}');
	return api_end(NULL, &out);
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
