/*
 * grants.c
 *		Who may act for a company: grant_company(), revoke_company(), grant_role(), revoke_role() and grant_right().
 *
 * People are members by their e-mail address, with a role; services and analysts are database roles, by name.  Every
 * change is written into the company's audit log, with what the grantee could do before and after.  A database role's name
 * is all that is kept of it, as in pg_hba.conf: it survives a dump into another cluster, and DROP ROLE does not take the
 * grant back; revoke_role() does, also when the role is gone.
 *
 * All run as callcenter_auth, which alone reads users.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

#include "api.h"
#include "audit.h"
#include "companies.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"
#include "people.h"
#include "plans.h"
#include "token.h"

PG_FUNCTION_INFO_V1(cc_grant_company);
PG_FUNCTION_INFO_V1(cc_revoke_company);
PG_FUNCTION_INFO_V1(cc_grant_role);
PG_FUNCTION_INFO_V1(cc_revoke_role);
PG_FUNCTION_INFO_V1(cc_grant_right);

/*
 * A statement that changes a grant of $2 in company $1.  It gives back what the grantee had and has, as JSON texts or NULL,
 * and then, when the answer tells them, whether it may reveal and delete.
 */
typedef struct Change
{
	SavedPlan	plan;
	const char *action;
	const char *record_type;
	const char *missing;		/* what is not there when no row comes back */
} Change;

#define MEMBER_GRANT(m) "jsonb_build_object('role', " m ".role, 'canReveal', " m ".can_reveal, 'canDelete', " m ".can_delete)::text"
#define ROLE_GRANT(g) "jsonb_build_object('canReveal', " g ".can_reveal, 'canDelete', " g ".can_delete)::text"

typedef struct Rights
{
	bool		can_reveal;
	bool		can_delete;
} Rights;

/* The member, as it was when the statement began. */
#define OLD_MEMBER \
	"(SELECT " MEMBER_GRANT("o") " FROM callcenter.memberships o WHERE o.company_id = m.company_id AND o.user_id = m.user_id)"

/* Makes the change, writes the audit log, and begins the answer; *rights becomes what the statement tells of them. */
static Identity *
change_grant(Change *change, text *company, char *grantee, const Datum *values, StringInfo out, Rights *rights)
{
	Identity   *identity = identity_enter_company(text_to_cstring(company), GetUserNameFromId(GetSessionUserId(), false));
	bool		no_before,
				no_after,
				isnull;
	Datum		before,
				after;

	company_hold(identity->company_id);
	SPI_connect();
	if (plan_run(&change->plan, values, NULL, false, 0) == 0)
		error_not_found(change->missing);
	before = plan_result(1, &no_before);
	after = plan_result(2, &no_after);
	if (rights != NULL)
	{
		rights->can_reveal = DatumGetBool(plan_result(3, &isnull));
		rights->can_delete = DatumGetBool(plan_result(4, &isnull));
	}
	audit_write(identity, change->action, change->record_type, grantee, no_before ? NULL : TextDatumGetCString(before),
				no_after ? NULL : TextDatumGetCString(after));
	initStringInfo(out);
	appendStringInfoString(out, "{\"success\":true,\"companyId\":");
	json_text(out, company);
	return identity;
}

/* grant_company(company_id object_id, email text, role text) json: makes a user a member of a company, or changes the role. */
Datum
cc_grant_company(PG_FUNCTION_ARGS)
{
	static Change change = {
		{
			.sql = "INSERT INTO callcenter.memberships AS m (company_id, user_id, role) "
			"SELECT co.id, u.id, $3::callcenter.membership_role FROM callcenter.users u, callcenter.companies co "
			"WHERE u.email = $2 AND co.id = $1 FOR KEY SHARE OF u "
			"ON CONFLICT (company_id, user_id) DO UPDATE SET role = EXCLUDED.role "
			"RETURNING " OLD_MEMBER ", " MEMBER_GRANT("m"),
			.nargs = 3,
			.types = {TEXTOID, TEXTOID, TEXTOID},
		},
		"grant", "member", "User or company"
	};
	text	   *company = api_text(fcinfo, 0, "companyId");
	char	   *email = people_fold_email(api_text(fcinfo, 1, "email"));
	text	   *role = api_text(fcinfo, 2, "role");
	Datum		values[] = {PointerGetDatum(company), CStringGetTextDatum(email), PointerGetDatum(role)};
	Identity   *identity;
	StringInfoData out;

	if (member_role(VARDATA_ANY(role), VARSIZE_ANY_EXHDR(role)) == MEMBER_NONE)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "role", "must be one of: viewer, agent, admin");
	identity = change_grant(&change, company, email, values, &out, NULL);
	json_key(&out, "role");
	json_text(&out, role);
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}

/* revoke_company(company_id object_id, email text) json: takes a membership back. */
Datum
cc_revoke_company(PG_FUNCTION_ARGS)
{
	static Change change = {
		{
			.sql = "DELETE FROM callcenter.memberships m USING callcenter.users u "
			"WHERE m.company_id = $1 AND u.email = $2 AND m.user_id = u.id RETURNING " MEMBER_GRANT("m") ", NULL::text",
			.nargs = 2,
			.types = {TEXTOID, TEXTOID},
		},
		"revoke", "member", "Membership"
	};
	text	   *company = api_text(fcinfo, 0, "companyId");
	char	   *email = people_fold_email(api_text(fcinfo, 1, "email"));
	Datum		values[] = {PointerGetDatum(company), CStringGetTextDatum(email)};
	StringInfoData out;
	Identity   *identity = change_grant(&change, company, email, values, &out, NULL);

	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}

/* Answers a change of a database role's grant. */
static Datum
change_role_grant(Change *change, text *company, Name role)
{
	Datum		values[] = {PointerGetDatum(company), CStringGetTextDatum(NameStr(*role))};
	StringInfoData out;
	Identity   *identity = change_grant(change, company, NameStr(*role), values, &out, NULL);

	json_key(&out, "role");
	json_cstring(&out, NameStr(*role));
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}

/* grant_role(company_id object_id, role_name name) json: lets a database role act for a company. */
Datum
cc_grant_role(PG_FUNCTION_ARGS)
{
	static Change change = {
		{
			/* a repeated grant changes nothing, but is told what there is */
			.sql = "INSERT INTO callcenter.role_grants AS g (company_id, role_name) SELECT co.id, $2 FROM callcenter.companies co WHERE co.id = $1 "
			"ON CONFLICT (company_id, role_name) DO UPDATE SET can_reveal = g.can_reveal "
			"RETURNING (SELECT " ROLE_GRANT("o") " FROM callcenter.role_grants o WHERE o.company_id = g.company_id AND o.role_name = g.role_name), "
			ROLE_GRANT("g"),
			.nargs = 2,
			.types = {TEXTOID, TEXTOID},
		},
		"grant", "role", "Company"
	};
	text	   *company = api_text(fcinfo, 0, "companyId");

	if (PG_ARGISNULL(1))
		error_field(ERRCODE_NOT_NULL_VIOLATION, "role", "is required");
	get_role_oid(NameStr(*PG_GETARG_NAME(1)), false);
	return change_role_grant(&change, company, PG_GETARG_NAME(1));
}

/* revoke_role(company_id object_id, role_name name) json: lets a database role, which may be gone, no longer act for a company. */
Datum
cc_revoke_role(PG_FUNCTION_ARGS)
{
	static Change change = {
		{
			.sql = "DELETE FROM callcenter.role_grants g WHERE g.company_id = $1 AND g.role_name = $2 RETURNING " ROLE_GRANT("g") ", NULL::text",
			.nargs = 2,
			.types = {TEXTOID, TEXTOID},
		},
		"revoke", "role", "Grant"
	};
	text	   *company = api_text(fcinfo, 0, "companyId");

	if (PG_ARGISNULL(1))
		error_field(ERRCODE_NOT_NULL_VIOLATION, "role", "is required");
	return change_role_grant(&change, company, PG_GETARG_NAME(1));
}

/*
 * grant_right(company_id object_id, grantee text, right_name text, granted boolean) json: gives a single right to a member
 * of a company (an e-mail address) or to a database role that is granted it, or takes it back.
 */
Datum
cc_grant_right(PG_FUNCTION_ARGS)
{
#define RIGHT_RESULT ", n.can_reveal, n.can_delete FROM changed n, old o"
#define MEMBER_CHANGE(column) \
	{{.sql = "WITH old AS (SELECT m.* FROM callcenter.memberships m JOIN callcenter.users u ON u.id = m.user_id " \
	"WHERE m.company_id = $1 AND u.email = $2 FOR UPDATE OF m), " \
	"changed AS (UPDATE callcenter.memberships m SET " column " = $3 FROM old o " \
	"WHERE m.company_id = o.company_id AND m.user_id = o.user_id RETURNING m.*) " \
	"SELECT " MEMBER_GRANT("o") ", " MEMBER_GRANT("n") RIGHT_RESULT, \
	.nargs = 3,.types = {TEXTOID, TEXTOID, BOOLOID}}, "grant", "member", "Membership"}
#define ROLE_CHANGE(column) \
	{{.sql = "WITH old AS (SELECT g.* FROM callcenter.role_grants g WHERE g.company_id = $1 AND g.role_name = $2 FOR UPDATE), " \
	"changed AS (UPDATE callcenter.role_grants g SET " column " = $3 FROM old o " \
	"WHERE g.company_id = o.company_id AND g.role_name = o.role_name RETURNING g.*) " \
	"SELECT " ROLE_GRANT("o") ", " ROLE_GRANT("n") RIGHT_RESULT, \
	.nargs = 3,.types = {TEXTOID, TEXTOID, BOOLOID}}, "grant", "role", "Grant"}
	static Change changes[2][2] = {
		{ROLE_CHANGE("can_reveal"), ROLE_CHANGE("can_delete")},
		{MEMBER_CHANGE("can_reveal"), MEMBER_CHANGE("can_delete")},
	};
	text	   *company = api_text(fcinfo, 0, "companyId");
	text	   *grantee = api_text(fcinfo, 1, "grantee");
	char	   *right = text_to_cstring(api_text(fcinfo, 2, "right"));
	bool		is_person = memchr(VARDATA_ANY(grantee), '@', VARSIZE_ANY_EXHDR(grantee)) != NULL;
	bool		is_delete = strcmp(right, "delete") == 0;
	char	   *folded = is_person ? people_fold_email(grantee) : text_to_cstring(grantee);
	Datum		values[] = {PointerGetDatum(company), CStringGetTextDatum(folded), BoolGetDatum(PG_ARGISNULL(3) || PG_GETARG_BOOL(3))};
	Identity   *identity;
	StringInfoData out;
	Rights		rights;

	if (!is_delete && strcmp(right, "reveal") != 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "right", "must be one of: reveal, delete");
	identity = change_grant(&changes[is_person][is_delete], company, folded, values, &out, &rights);
	json_key(&out, "grantee");
	json_text(&out, grantee);
	json_key(&out, "canReveal");
	json_bool(&out, rights.can_reveal);
	json_key(&out, "canDelete");
	json_bool(&out, rights.can_delete);
	appendStringInfoChar(&out, '}');
	return api_end(identity, &out);
}
