/*
 * identity.c
 *		Who is calling, for which company: the one gate of DESIGN 4.
 *
 * Two kinds of caller.  A person brings a token, which is verified here.  A service or an analyst brings none and is its
 * database role: the session's user, which no SET ROLE and no SECURITY DEFINER function changes, and which must be a
 * member of callcenter_service (or callcenter_admin) and be granted the company in role_grants, or be a member of
 * callcenter_all_companies.  A superuser may act for every company; it could read the tables anyway.
 *
 * The identity that is active belongs to one API function: it is gone when the function returns (identity_leave), and when
 * an error ends the transaction or the savepoint that it was entered in.  It is memory of this backend that nothing but this
 * file writes; the parameter callcenter.identity shows it and cannot be set (settings.c).  Parallel workers do not have it,
 * so they see no row: plans.c plans the statements of API functions without them.
 *
 * Row-level security asks current_company().  Outside API functions that is the company which an analyst names in
 * callcenter.company_id: a company that is not granted is an error, so that a wrong setting cannot pass for an empty
 * table.  The answer is kept for the statement that asked.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "errors.h"
#include "identity.h"
#include "refused.h"
#include "settings.h"
#include "token.h"

/* attribute numbers of callcenter.role_grants and callcenter.memberships, which have the same columns */
#define GRANTS_COMPANY_ID	1
#define GRANTS_GRANTEE		2	/* role_name; user_id */

/* The columns that grant single rights. */
static const char *const right_columns[] = {
	[RIGHT_REVEAL] = "can_reveal",
	[RIGHT_DELETE] = "can_delete",
	[RIGHT_ADMIN] = NULL,
};

/* The roles of the extension that say what a database role may do.  Their oids are kept until a role of the server changes. */
typedef enum FixedRole
{
	ROLE_ADMIN,
	ROLE_SERVICE,
	ROLE_ANALYST,
	ROLE_ALL_COMPANIES,
	FIXED_ROLES
} FixedRole;

static const char *const fixed_role_names[FIXED_ROLES] = {
	[ROLE_ADMIN] = "callcenter_admin",
	[ROLE_SERVICE] = "callcenter_service",
	[ROLE_ANALYST] = "callcenter_analyst",
	[ROLE_ALL_COMPANIES] = "callcenter_all_companies",
};

static Oid	fixed_roles[FIXED_ROLES];
static uint64 role_changes = 1;
static uint64 fixed_roles_as_of = 0;

/* An identity that is active, from its function's beginning to its end; those of functions further out are behind it. */
typedef struct ActiveIdentity
{
	struct ActiveIdentity *outer;
	SubTransactionId level;		/* the savepoint that it was entered in */
	char		shown[FLEXIBLE_ARRAY_MEMBER];	/* the company's id, a space and the actor */
} ActiveIdentity;

static ActiveIdentity *active = NULL;

PG_FUNCTION_INFO_V1(cc_current_company);

/* Notes that a role was made, renamed or dropped. */
static void
roles_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	role_changes++;
}

/* Tells whether the session's user has the privileges of a role of the extension; memberships are the server's to know. */
static bool
session_has_role(FixedRole role)
{
	if (fixed_roles_as_of != role_changes)
	{
		uint64		as_of = role_changes;

		for (int i = 0; i < FIXED_ROLES; i++)
			fixed_roles[i] = get_role_oid(fixed_role_names[i], true);
		/* what changed meanwhile is read again next time */
		fixed_roles_as_of = as_of;
	}
	return OidIsValid(fixed_roles[role]) && has_privs_of_role(GetSessionUserId(), fixed_roles[role]);
}

/* Tells whether the session's user has the privileges of a role, given by name; of no such role: no. */
static bool
session_is_member(const char *role_name)
{
	Oid			role = get_role_oid(role_name, true);

	return OidIsValid(role) && has_privs_of_role(GetSessionUserId(), role);
}

/*
 * Tells whether a table of grants has one for the company: in memberships that of a user; in role_grants (user_id NULL)
 * one of the session's user, by its own name or that of a role it is a member of.  "column": the one that must be true,
 * NULL for none.  Reads the table directly: the caller has no privilege on it, and no identity is active yet.
 */
static bool
is_granted(const char *table, const char *company_id, const char *user_id, const char *column)
{
	Oid			schema = get_namespace_oid("callcenter", false);
	Relation	grants = table_open(get_relname_relid(table, schema), AccessShareLock);
	Relation	index = index_open(RelationGetPrimaryKeyIndex(grants), AccessShareLock);
	Snapshot	snapshot = RegisterSnapshot(GetTransactionSnapshot());
	AttrNumber	attribute = column != NULL ? get_attnum(RelationGetRelid(grants), column) : InvalidAttrNumber;
	ScanKeyData keys[2];
	SysScanDesc scan;
	HeapTuple	tuple;
	bool		granted = false;

	ScanKeyInit(&keys[0], GRANTS_COMPANY_ID, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(company_id));
	ScanKeyInit(&keys[1], GRANTS_GRANTEE, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(user_id != NULL ? user_id : ""));
	keys[0].sk_collation = keys[1].sk_collation = C_COLLATION_OID;
	scan = systable_beginscan_ordered(grants, index, snapshot, user_id != NULL ? 2 : 1, keys);
	while (!granted && HeapTupleIsValid(tuple = systable_getnext_ordered(scan, ForwardScanDirection)))
	{
		bool		isnull;

		/* an extension that is not updated yet has no such column, and so no such grant */
		if (column != NULL && (attribute == InvalidAttrNumber || !DatumGetBool(heap_getattr(tuple, attribute, RelationGetDescr(grants), &isnull))))
			continue;
		granted = user_id != NULL ||
			session_is_member(TextDatumGetCString(heap_getattr(tuple, GRANTS_GRANTEE, RelationGetDescr(grants), &isnull)));
	}
	systable_endscan_ordered(scan);
	UnregisterSnapshot(snapshot);
	index_close(index, AccessShareLock);
	table_close(grants, AccessShareLock);
	return granted;
}

/* Tells whether the session's user may act for the company. */
static bool
role_may_act_for(const char *company_id)
{
	return session_has_role(ROLE_ALL_COMPANIES) || is_granted("role_grants", company_id, NULL, NULL);
}

/* Makes a company and an actor the active identity. */
static void
activate(Identity *identity, const char *actor)
{
	size_t		length = strlen(actor);
	ActiveIdentity *entered = MemoryContextAlloc(TopTransactionContext, offsetof(ActiveIdentity, shown) + OBJECT_ID_LENGTH + 1 + length + 1);

	memcpy(entered->shown, identity->company_id, OBJECT_ID_LENGTH);
	entered->shown[OBJECT_ID_LENGTH] = ' ';
	memcpy(entered->shown + OBJECT_ID_LENGTH + 1, actor, length + 1);
	entered->level = GetCurrentSubTransactionId();
	entered->outer = active;
	identity->actor = actor;
	identity->entered = entered;
	active = entered;
}

/* Checks a person: the token's role in the company must carry the right. */
static const char *
check_person(Identity *identity, text *token, CallerRight right)
{
	static const MemberRole needed[] = {
		[RIGHT_READ] = MEMBER_VIEWER,
		[RIGHT_ANNOTATE] = MEMBER_AGENT,
		[RIGHT_LOG] = MEMBER_ADMIN,
		[RIGHT_REVEAL] = MEMBER_ADMIN,
		[RIGHT_DELETE] = MEMBER_ADMIN,
		[RIGHT_ADMIN] = MEMBER_ADMIN,
	};
	Claims	   *claims = token_verify(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token));
	MemberRole	role = claims_role(claims, identity->company_id);

	if (role == MEMBER_NONE)
	{
		refused_access(REFUSED_COMPANY, identity->company_id, claims);
		error_access_denied();
	}
	if (role < needed[right] &&
		(right_columns[right] == NULL || !is_granted("memberships", identity->company_id, claims->subject, right_columns[right])))
	{
		refused_access(REFUSED_ROLE, identity->company_id, claims);
		error_right_missing(member_role_name(needed[right]));
	}
	identity->may_log = role >= needed[RIGHT_LOG];
	return claims->email != NULL ? claims->email : claims->subject;
}

/* Checks a database role: a service or an administrator that is granted the company. */
static const char *
check_role(Identity *identity, CallerRight right)
{
	bool		is_admin = session_has_role(ROLE_ADMIN);

	if (!is_admin && !session_has_role(ROLE_SERVICE))
		error_no_token("no token, and the session's role is not a service");
	if (!role_may_act_for(identity->company_id))
	{
		refused_access(REFUSED_COMPANY, identity->company_id, NULL);
		error_access_denied();
	}
	if (right >= RIGHT_REVEAL && !is_admin &&
		(right_columns[right] == NULL || !is_granted("role_grants", identity->company_id, NULL, right_columns[right])))
	{
		refused_access(REFUSED_ROLE, identity->company_id, NULL);
		error_right_missing("admin");
	}
	identity->may_log = true;
	return GetUserNameFromId(GetSessionUserId(), false);
}

Identity *
identity_enter(text *company, text *token, CallerRight right)
{
	Identity   *identity = palloc0_object(Identity);
	const char *actor;

	/* the domain has checked it where SQL calls; a NULL comes here as NULL */
	if (company == NULL || !object_id_is_valid(VARDATA_ANY(company), VARSIZE_ANY_EXHDR(company)))
		error_field(ERRCODE_INVALID_TEXT_REPRESENTATION, NULL, "Invalid company ID format");
	memcpy(identity->company_id, VARDATA_ANY(company), OBJECT_ID_LENGTH);
	identity->company = company;
	refused_expect(identity->company_id);
	actor = token != NULL ? check_person(identity, token, right) : check_role(identity, right);
	refused_expect(NULL);
	activate(identity, actor);
	return identity;
}

Identity *
identity_enter_company(const char *company_id, const char *actor)
{
	Identity   *identity = palloc0_object(Identity);

	strlcpy(identity->company_id, company_id, sizeof(identity->company_id));
	identity->company = cstring_to_text(company_id);
	activate(identity, actor);
	return identity;
}

void
identity_refuse(const Identity *identity, const char *needed)
{
	refused_actor(REFUSED_ROLE, identity->company_id, identity->actor);
	error_right_missing(needed);
}

/* Ends the identity at the end of an API function, with those entered in it. */
void
identity_leave(Identity *identity)
{
	active = identity->entered->outer;
	pfree(identity->entered);
	if (identity->settings_level > 0)
		AtEOXact_GUC(true, identity->settings_level);
}

void
identity_own_settings(Identity *identity)
{
	if (identity->settings_level == 0)
		identity->settings_level = NewGUCNestLevel();
}

const char *
identity_show(void)
{
	return active != NULL ? active->shown : "";
}

/* The transaction is over, or prepared: nobody is calling any more. */
static void
at_transaction_end(XactEvent event, void *arg)
{
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		active = NULL;
}

/* The same of what was entered in a savepoint that is rolled back, or in one inside it. */
static void
at_subtransaction_end(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	while (event == SUBXACT_EVENT_ABORT_SUB && active != NULL && active->level >= mine)
		active = active->outer;
}

void
identity_init(void)
{
	CacheRegisterSyscacheCallback(AUTHOID, roles_changed, (Datum) 0);
	RegisterXactCallback(at_transaction_end, NULL);
	RegisterSubXactCallback(at_subtransaction_end, NULL);
}

/* Gives the company that a session names for itself, when it is granted; the answer holds for one statement. */
static text *
session_company(void)
{
	static char company_id[OBJECT_ID_LENGTH + 1] = "";
	static Oid	session_user = InvalidOid;
	static TimestampTz statement = 0;

	if (session_user != GetSessionUserId() || statement != GetCurrentStatementStartTimestamp() ||
		strcmp(company_id, setting_company_id) != 0)
	{
		if (!session_has_role(ROLE_ANALYST) || !role_may_act_for(setting_company_id))
		{
			refused_access(REFUSED_COMPANY, setting_company_id, NULL);
			error_access_denied();
		}
		strlcpy(company_id, setting_company_id, sizeof(company_id));
		session_user = GetSessionUserId();
		statement = GetCurrentStatementStartTimestamp();
	}
	return cstring_to_text(company_id);
}

/* current_company() object_id: the company whose rows may be seen, or NULL. */
Datum
cc_current_company(PG_FUNCTION_ARGS)
{
	if (active != NULL)
		PG_RETURN_TEXT_P(cstring_to_text_with_len(active->shown, OBJECT_ID_LENGTH));
	if (setting_company_id != NULL && setting_company_id[0] != '\0')
		PG_RETURN_TEXT_P(session_company());
	PG_RETURN_NULL();
}
