/*
 * departure.c
 *		A company leaves: delete_company().
 *
 * One transaction takes away everything of a company: its records, settings and grants, what is derived of them, its audit
 * log, and the users who are members of no other company.  What is left is a row of the platform's log, with the company's
 * id and how many records it had, and a line in the server's log: neither names anybody.
 *
 * Rules
 * - It runs as callcenter_api with the company's identity, so row-level security lets it reach no other company.  People
 *	 belong to no company: they are looked for, and the platform's log is written, as callcenter_auth.
 * - The audit log is removed by audit_remove(), whom the trigger of that table lets pass.
 * - Whoever writes anything of a company holds it first (company_hold).  Here it is held alone before any row is locked, so
 *	 those who are at work come to their end before, and nobody waits for a row that is locked here while we wait for one of
 *	 theirs.  Who comes later finds no company.  Then the tables are locked, which rebuild_stats() keeps from changing while
 *	 it locks companies, and then the company's row, as who folds counters and rollups locks it before anything else.
 * - Rows go from the leaves to the root, each table at once, so that the triggers run once a table.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "api.h"
#include "audit.h"
#include "companies.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"
#include "plans.h"
#include "platform_log.h"

PG_FUNCTION_INFO_V1(cc_delete_company);

/* What goes, in this order; "name": what the answer calls it, NULL for what only hangs on something else. */
typedef struct Step
{
	const char *name;
	const char *table;
	SavedPlan	plan;
} Step;

#define STEP(shown, relation) \
	{shown, relation, {.sql = "DELETE FROM callcenter." relation " x WHERE x.company_id = $1",.nargs = 1,.types = {TEXTOID}}}

static Step steps[] = {
	STEP(NULL, "follow_up_calls"),
	STEP("followUps", "follow_ups"),
	STEP(NULL, "call_appointments"),
	STEP("appointments", "appointments"),
	STEP("transcripts", "transcripts"),
	STEP(NULL, "call_notes"),
	STEP("calls", "calls"),
	STEP(NULL, "open_calls"),
	STEP(NULL, "customer_equipment"),
	STEP(NULL, "customer_addresses"),
	STEP(NULL, "customer_notes"),
	STEP(NULL, "customer_tags"),
	STEP(NULL, "customer_phones"),
	STEP("customers", "customers"),
};

/* Raises that the company is not there, or that another name was given than it has. */
static void
check_name(Datum id, text *name, bool lock)
{
#define NAME_SQL "SELECT co.name FROM callcenter.companies co WHERE co.id = $1"
	static SavedPlan plans[] = {
		{.sql = NAME_SQL,.nargs = 1,.types = {TEXTOID}},
		{.sql = NAME_SQL " FOR UPDATE",.nargs = 1,.types = {TEXTOID}},
	};
	bool		isnull;

	if (plan_run(&plans[lock], &id, NULL, false, 1) == 0)
		error_not_found("Company");
	if (strcmp(TextDatumGetCString(plan_result(1, &isnull)), text_to_cstring(name)) != 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "name", "must be the name of the company that is to be deleted");
}

/* Deletes the users who are members of this company alone, as callcenter_auth; returns how many. */
static uint64
delete_users(Datum company)
{
#define ONLY_MEMBERS \
	"u.id IN (SELECT m.user_id FROM callcenter.memberships m WHERE m.company_id = $1) " \
	"AND NOT EXISTS (SELECT 1 FROM callcenter.memberships o WHERE o.user_id = u.id AND o.company_id <> $1)"
	static SavedPlan lock = {
		.sql = "SELECT 1 FROM callcenter.users u WHERE " ONLY_MEMBERS " ORDER BY u.id FOR UPDATE",
		.nargs = 1,
		.types = {TEXTOID},
	};
	static SavedPlan delete = {
		.sql = "DELETE FROM callcenter.users u WHERE " ONLY_MEMBERS,
		.nargs = 1,
		.types = {TEXTOID},
	};

	/* whoever makes one of them a member of another company locks the user: the second statement sees it */
	plan_run(&lock, &company, NULL, false, 0);
	return plan_run(&delete, &company, NULL, false, 0);
}

/* delete_company(company_id object_id, name text) json: deletes a company and everything of it. */
Datum
cc_delete_company(PG_FUNCTION_ARGS)
{
	static SavedPlan delete_company = {
		.sql = "DELETE FROM callcenter.companies co WHERE co.id = $1",
		.nargs = 1,
		.types = {TEXTOID},
	};
	char	   *company_id = text_to_cstring(api_text(fcinfo, 0, "companyId"));
	text	   *name = api_text(fcinfo, 1, "name");
	const char *actor = GetUserNameFromId(GetSessionUserId(), false);
	Identity   *identity = identity_enter_company(company_id, actor);
	Datum		id = PointerGetDatum(identity->company);
	StringInfoData counts,
				out;
	Oid			owner;
	int			context;

	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a company can be deleted in a READ COMMITTED transaction only"),
				 errdetail("What other transactions have written of it meanwhile must be seen.")));
	SPI_connect();
	/* who gives another name must not make anybody wait */
	check_name(id, name, false);
	company_hold_alone(company_id);
	for (int i = 0; i < (int) lengthof(steps); i++)
		LockRelationOid(get_relname_relid(steps[i].table, get_namespace_oid("callcenter", false)), RowExclusiveLock);
	check_name(id, name, true);

	initStringInfo(&counts);
	appendStringInfoChar(&counts, '{');
	for (int i = 0; i < (int) lengthof(steps); i++)
	{
		uint64		count = plan_run(&steps[i].plan, &id, NULL, false, 0);

		if (steps[i].name == NULL)
			continue;
		json_key(&counts, steps[i].name);
		json_int(&counts, (int64) count);
	}
	json_key(&counts, "auditEntries");
	json_int(&counts, (int64) audit_remove(identity));

	GetUserIdAndSecContext(&owner, &context);
	SetUserIdAndSecContext(get_role_oid("callcenter_auth", false), context | SECURITY_LOCAL_USERID_CHANGE);
	json_key(&counts, "users");
	json_int(&counts, (int64) delete_users(id));
	appendStringInfoChar(&counts, '}');
	platform_log_write(actor, "delete", "company", id, counts.data, NULL);
	SetUserIdAndSecContext(owner, context);

	/* with settings, memberships and grants; the triggers take what is derived */
	plan_run(&delete_company, &id, NULL, false, 0);
	ereport(LOG_SERVER_ONLY,
			(errmsg("company %s deleted", company_id),
			 errdetail_log("By \"%s\": %s.", actor, counts.data)));

	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"companyId\":\"%s\",\"deleted\":%s}", company_id, counts.data);
	return api_end(identity, &out);
}
