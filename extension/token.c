/*
 * token.c
 *		Verifies tokens and reads their claims; issues tokens for login().
 *
 * Rules
 * - Nothing of the payload is looked at before the signature is found good.
 * - "exp" is required, "nbf" is kept when given, "iss" and "aud" are checked when the settings name them; the clock is
 *	 the wall clock at verification, with no leeway for "exp" and a minute for "nbf".
 * - Claims: "sub" (required), "email", "name", "sid" (the session of ours that it is of), and the companies, as "companies": {id: role}, or as "companyIds": [id],
 *	 which makes the bearer an admin of each, as the platform's own tokens mean it.  Ids may be upper case there.
 * - Every failure is error_no_token(); the reason goes to the server's debug log, the token never.
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "errors.h"
#include "json_text.h"
#include "keyring.h"
#include "object_id.h"
#include "settings.h"
#include "token.h"

#define NOT_BEFORE_LEEWAY	(60 * USECS_PER_SEC)
#define MEMBERSHIPS_MAX		1000
#define NUMERIC_DATE_MAX	INT64CONST(253402300799)	/* the last second of the year 9999 */

static const char *const role_names[] = {
	[MEMBER_NONE] = "",
	[MEMBER_VIEWER] = "viewer",
	[MEMBER_AGENT] = "agent",
	[MEMBER_ADMIN] = "admin",
};

/* Gives the role of a name, or NONE. */
MemberRole
member_role(const char *name, size_t length)
{
	for (MemberRole role = MEMBER_VIEWER; role <= MEMBER_ADMIN; role++)
		if (strlen(role_names[role]) == length && memcmp(role_names[role], name, length) == 0)
			return role;
	return MEMBER_NONE;
}

/* Gives the name of a role. */
const char *
member_role_name(MemberRole role)
{
	return role_names[role];
}

/* Gives a member of the payload, or NULL. */
static JsonbValue *
claim(Jsonb *payload, const char *name, JsonbValue *buffer)
{
	return getKeyJsonValueFromContainer(&payload->root, name, strlen(name), buffer);
}

/* Gives a string claim as C string, or NULL when it is absent; any other type is refused. */
static char *
string_claim(Jsonb *payload, const char *name)
{
	JsonbValue	buffer;
	JsonbValue *value = claim(payload, name, &buffer);

	if (value == NULL)
		return NULL;
	if (value->type != jbvString)
		error_no_token(name);
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* Reads a NumericDate claim (whole seconds of Unix time); false when it is absent. */
static bool
time_claim(Jsonb *payload, const char *name, TimestampTz *at)
{
	JsonbValue	buffer;
	JsonbValue *value = claim(payload, name, &buffer);
	Datum		number;

	if (value == NULL)
		return false;
	if (value->type != jbvNumeric)
		error_no_token(name);
	/* compared as numeric first, so that the conversion cannot overflow */
	number = NumericGetDatum(value->val.numeric);
	if (DatumGetBool(DirectFunctionCall2(numeric_lt, number, NumericGetDatum(int64_to_numeric(0)))) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, number, NumericGetDatum(int64_to_numeric(NUMERIC_DATE_MAX)))))
		error_no_token(name);
	*at = time_t_to_timestamptz(DatumGetInt64(DirectFunctionCall1(numeric_int8, number)));
	return true;
}

/* Tells whether a string claim, or one of an array of strings, is the wanted text. */
static bool
claim_contains(Jsonb *payload, const char *name, const char *wanted)
{
	JsonbValue	buffer;
	JsonbValue *value = claim(payload, name, &buffer);

	if (value == NULL)
		return false;
	if (value->type == jbvString)
		return strlen(wanted) == (size_t) value->val.string.len && memcmp(wanted, value->val.string.val, value->val.string.len) == 0;
	if (value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data))
	{
		JsonbValue	element = {.type = jbvString,.val.string = {.val = unconstify(char *, wanted),.len = strlen(wanted)}};

		return findJsonbValueFromContainer(value->val.binary.data, JB_FARRAY, &element) != NULL;
	}
	return false;
}

/* Adds a company to the claims. */
static void
add_membership(Claims *claims, const JsonbValue *id, MemberRole role)
{
	Membership *m;

	if (id->type != jbvString || id->val.string.len != OBJECT_ID_LENGTH)
		error_no_token("malformed company id");
	m = &claims->memberships[claims->nmemberships++];
	for (int i = 0; i < OBJECT_ID_LENGTH; i++)
		m->company_id[i] = pg_ascii_tolower(id->val.string.val[i]);
	m->company_id[OBJECT_ID_LENGTH] = '\0';
	m->role = role;
	if (!object_id_is_valid(m->company_id, OBJECT_ID_LENGTH))
		error_no_token("malformed company id");
}

/* Reads the companies of a token: an object of roles, or a list of ids. */
static void
read_memberships(Jsonb *payload, Claims *claims)
{
	JsonbValue	buffer;
	JsonbValue *map = claim(payload, "companies", &buffer);
	JsonbValue	list_buffer;
	JsonbValue *list = claim(payload, "companyIds", &list_buffer);
	JsonbContainer *container;
	JsonbIterator *it;
	JsonbValue	key,
				value;
	JsonbIteratorToken step;

	if (map != NULL && list != NULL)
		error_no_token("both companies and companyIds");
	if (map == NULL && list == NULL)
		return;
	if (map != NULL && (map->type != jbvBinary || !JsonContainerIsObject(map->val.binary.data)))
		error_no_token("companies is not an object");
	if (list != NULL && (list->type != jbvBinary || !JsonContainerIsArray(list->val.binary.data)))
		error_no_token("companyIds is not an array");

	container = map != NULL ? map->val.binary.data : list->val.binary.data;
	if (JsonContainerSize(container) > MEMBERSHIPS_MAX)
		error_no_token("too many companies");
	claims->memberships = palloc_array(Membership, JsonContainerSize(container));
	it = JsonbIteratorInit(container);
	while ((step = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		MemberRole	role;

		if (step == WJB_ELEM)
			add_membership(claims, &value, MEMBER_ADMIN);
		else if (step == WJB_KEY)
		{
			key = value;
			JsonbIteratorNext(&it, &value, true);
			role = value.type == jbvString ? member_role(value.val.string.val, value.val.string.len) : MEMBER_NONE;
			if (role == MEMBER_NONE)
				error_no_token("companies has an unknown role");
			add_membership(claims, &key, role);
		}
	}
}

/* Reads a payload as JSON; what is not JSON is a refusal like any other, and its error would quote the token. */
static Jsonb *
read_payload(const TokenParts *parts)
{
	const char *text = (const char *) parts->payload;
	int			length = (int) parts->payload_length;
	MemoryContext context = CurrentMemoryContext;
	Jsonb	   *volatile payload = NULL;

	if (memchr(text, '\0', length) != NULL || !pg_verify_mbstr(PG_UTF8, text, length, true))
		error_no_token("payload is not UTF-8");
	PG_TRY();
	{
		payload = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(pnstrdup(text, length))));
	}
	PG_CATCH();
	{
		/* jsonb_in holds nothing that would have to be released */
		if (ERRCODE_TO_CATEGORY(geterrcode()) != ERRCODE_DATA_EXCEPTION)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
	}
	PG_END_TRY();
	if (payload == NULL)
		error_no_token("payload is not JSON");
	return payload;
}

/* Reads the claims of a payload whose signature is good. */
static Claims *
read_claims(const TokenParts *parts)
{
	Claims	   *claims = palloc0_object(Claims);
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz not_before;
	Jsonb	   *payload = read_payload(parts);

	if (!JB_ROOT_IS_OBJECT(payload))
		error_no_token("payload is not an object");
	if (!time_claim(payload, "exp", &claims->expires_at) || claims->expires_at <= now)
		error_no_token("expired, or without exp");
	if (time_claim(payload, "nbf", &not_before) && not_before > now + NOT_BEFORE_LEEWAY)
		error_no_token("not valid yet");
	if (setting_token_issuer[0] != '\0' && !claim_contains(payload, "iss", setting_token_issuer))
		error_no_token("wrong issuer");
	if (setting_token_audience[0] != '\0' && !claim_contains(payload, "aud", setting_token_audience))
		error_no_token("wrong audience");

	claims->subject = string_claim(payload, "sub");
	if (claims->subject == NULL || claims->subject[0] == '\0')
		error_no_token("no sub");
	claims->email = string_claim(payload, "email");
	claims->name = string_claim(payload, "name");
	claims->session = string_claim(payload, "sid");
	read_memberships(payload, claims);
	return claims;
}

/* Verifies a token and returns its claims in the current memory context; raises 28000 otherwise. */
Claims *
token_verify(const char *token, size_t length)
{
	TokenParts *parts = palloc_object(TokenParts);
	const char *reason = token_parse(token, length, parts);

	if (reason != NULL)
		error_no_token(reason);
	for (const Key *key = keyring_candidate(NULL, parts->kid, parts->algorithm); key != NULL;
		 key = keyring_candidate(key, parts->kid, parts->algorithm))
	{
		if (key_verify(key, (const unsigned char *) token, parts->signed_length, parts->signature, parts->signature_length))
			return read_claims(parts);
	}
	error_no_token("no key verifies the signature");
}

/* Gives the role that the claims have in a company, or NONE. */
MemberRole
claims_role(const Claims *claims, const char *company_id)
{
	for (int i = 0; i < claims->nmemberships; i++)
		if (strcmp(claims->memberships[i].company_id, company_id) == 0)
			return claims->memberships[i].role;
	return MEMBER_NONE;
}

/* Appends base64url of bytes. */
static void
append_base64url(StringInfo out, const unsigned char *bytes, size_t length)
{
	enlargeStringInfo(out, (int) (length / 3 * 4 + 4));
	out->len += (int) base64url_encode(bytes, length, out->data + out->len);
}

/* Issues a token with these claims, signed with the ring's signing key. */
char *
token_issue(const Claims *claims, TimestampTz now)
{
	const Key  *key = keyring_signing_key();
	StringInfoData header,
				payload,
				token;
	unsigned char signature[KEY_SIGNATURE_MAX];
	size_t		length;

	if (key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("key ring has no key to sign with"),
				 errhint("Set callcenter.key_file to a JWKS file with a private key.")));

	initStringInfo(&header);
	appendStringInfo(&header, "{\"alg\":\"%s\",\"typ\":\"JWT\"", token_algorithm_name(key_algorithm(key)));
	if (key_id(key)[0] != '\0')
	{
		json_key(&header, "kid");
		json_cstring(&header, key_id(key));
	}
	appendStringInfoChar(&header, '}');

	initStringInfo(&payload);
	appendStringInfoString(&payload, "{\"sub\":");
	json_cstring(&payload, claims->subject);
	if (claims->email != NULL)
	{
		json_key(&payload, "email");
		json_cstring(&payload, claims->email);
	}
	if (claims->name != NULL)
	{
		json_key(&payload, "name");
		json_cstring(&payload, claims->name);
	}
	if (claims->session != NULL)
	{
		json_key(&payload, "sid");
		json_cstring(&payload, claims->session);
	}
	if (setting_token_issuer[0] != '\0')
	{
		json_key(&payload, "iss");
		json_cstring(&payload, setting_token_issuer);
	}
	if (setting_token_audience[0] != '\0')
	{
		json_key(&payload, "aud");
		json_cstring(&payload, setting_token_audience);
	}
	appendStringInfo(&payload, ",\"iat\":" INT64_FORMAT ",\"exp\":" INT64_FORMAT ",\"companies\":{",
					 (int64) timestamptz_to_time_t(now), (int64) timestamptz_to_time_t(claims->expires_at));
	for (int i = 0; i < claims->nmemberships; i++)
	{
		json_key(&payload, claims->memberships[i].company_id);
		json_cstring(&payload, role_names[claims->memberships[i].role]);
	}
	appendStringInfoString(&payload, "}}");

	initStringInfo(&token);
	append_base64url(&token, (unsigned char *) header.data, header.len);
	appendStringInfoChar(&token, '.');
	append_base64url(&token, (unsigned char *) payload.data, payload.len);
	length = key_sign(key, (unsigned char *) token.data, token.len, signature);
	appendStringInfoChar(&token, '.');
	append_base64url(&token, signature, length);
	return token.data;
}
