/*
 * settings.c
 *		Defines the extension's configuration parameters.
 *
 * None of them holds a secret: the key ring is a file, and the parameter is its path.  callcenter.identity is not a
 * setting at all: it shows the identity that is active, which is identity.c's, and its check hook refuses every value,
 * also from a superuser.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "identity.h"
#include "object_id.h"
#include "settings.h"

char	   *setting_company_id = NULL;
char	   *setting_key_file = NULL;
char	   *setting_token_issuer = NULL;
char	   *setting_token_audience = NULL;
int			setting_token_lifetime = 15 * 60;
int			setting_session_idle = 12 * 60 * 60;
int			setting_session_lifetime = 7 * 24 * 60 * 60;
/* what callcenter.identity would be if it could be set */
static char *no_identity = NULL;

/* Refuses every identity but none. */
static bool
check_identity(char **newval, void **extra, GucSource source)
{
	if ((*newval)[0] == '\0')
		return true;
	GUC_check_errmsg("parameter \"callcenter.identity\" cannot be set");
	return false;
}

/* Accepts an object id or nothing. */
static bool
check_company_id(char **newval, void **extra, GucSource source)
{
	if ((*newval)[0] == '\0' || object_id_is_valid(*newval, strlen(*newval)))
		return true;
	GUC_check_errdetail("A company id has 24 lower-case hexadecimal digits.");
	return false;
}

/* Defines all parameters; called once, when the library is loaded. */
void
settings_init(void)
{
	DefineCustomStringVariable("callcenter.company_id",
							   "Company that a session of an analyst works for.",
							   "Must be granted to the role; usually ALTER ROLE ... SET.",
							   &setting_company_id, "", PGC_USERSET, 0,
							   check_company_id, NULL, NULL);
	DefineCustomStringVariable("callcenter.identity",
							   "Who is calling, while an API function runs.",
							   NULL,
							   &no_identity, "", PGC_SUSET,
							   GUC_NO_SHOW_ALL | GUC_NO_RESET_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE | GUC_SUPERUSER_ONLY,
							   check_identity, NULL, identity_show);
	DefineCustomStringVariable("callcenter.key_file",
							   "File with the keys that tokens are verified and signed with (JWKS).",
							   "Readable for the server only; read again on reload.",
							   &setting_key_file, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY,
							   NULL, NULL, NULL);
	DefineCustomIntVariable("callcenter.session_idle",
							"How long a session lasts that is not used.",
							"Every refresh_token() begins it anew, up to callcenter.session_lifetime.",
							&setting_session_idle, 12 * 60 * 60, 1, 400 * 24 * 60 * 60, PGC_SIGHUP, GUC_UNIT_S,
							NULL, NULL, NULL);
	DefineCustomIntVariable("callcenter.session_lifetime",
							"How long a session lasts from login() on, however much it is used.",
							NULL,
							&setting_session_lifetime, 7 * 24 * 60 * 60, 1, 400 * 24 * 60 * 60, PGC_SIGHUP, GUC_UNIT_S,
							NULL, NULL, NULL);
	DefineCustomStringVariable("callcenter.token_audience",
							   "Audience (aud) that a token must be for; empty accepts any.",
							   NULL,
							   &setting_token_audience, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY,
							   NULL, NULL, NULL);
	DefineCustomStringVariable("callcenter.token_issuer",
							   "Issuer (iss) that a token must come from; empty accepts any.",
							   NULL,
							   &setting_token_issuer, "", PGC_SIGHUP, GUC_SUPERUSER_ONLY,
							   NULL, NULL, NULL);
	DefineCustomIntVariable("callcenter.token_lifetime",
							"How long a token of login() or refresh_token() is valid.",
							"As long does a change of roles, a sign-out or a disabled user take to be felt everywhere.",
							&setting_token_lifetime, 15 * 60, 1, 24 * 60 * 60, PGC_SIGHUP, GUC_UNIT_S,
							NULL, NULL, NULL);
	MarkGUCPrefixReserved("callcenter");
}
