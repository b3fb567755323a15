/*
 * callcenter.c
 *		The module: its magic block and what must be set up when it is loaded.
 *
 * Nothing else lives here.  Each module has an init function of its own.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "document.h"
#include "companies.h"
#include "identity.h"
#include "refused.h"
#include "settings.h"
#include "shared.h"
#include "worker.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

PG_FUNCTION_INFO_V1(cc_version);
PG_FUNCTION_INFO_V1(cc_ping);

/* Sets up what lives as long as the backend. */
void
_PG_init(void)
{
	settings_init();
	companies_init();
	identity_init();
	shared_init();
	refused_init();
	worker_init();
}

/* version() text: the version of this library. */
Datum
cc_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(CALLCENTER_VERSION));
}

/* ping() boolean: true. */
Datum
cc_ping(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(true);
}
