/*
 * api.c
 *		The frame of every API function.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_proc.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "api.h"
#include "companies.h"
#include "errors.h"
#include "json_text.h"

Identity *
api_begin(FunctionCallInfo fcinfo, int token_arg, CallerRight right)
{
	Identity   *identity = identity_enter(PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0),
										  PG_ARGISNULL(token_arg) ? NULL : PG_GETARG_TEXT_PP(token_arg), right);

	/* whoever only reads is not even asked whether it writes: a lookup is short */
	if ((right != RIGHT_READ || XactReadOnly) && func_volatile(fcinfo->flinfo->fn_oid) == PROVOLATILE_VOLATILE)
	{
		/* on a standby a function that writes says so itself, before it gets to a statement that cannot run there */
		if (XactReadOnly)
			PreventCommandIfReadOnly(psprintf("%s()", get_func_name(fcinfo->flinfo->fn_oid)));
		company_hold(identity->company_id);
	}
	SPI_connect();
	return identity;
}

Datum
api_end(Identity *identity, StringInfo out)
{
	text	   *result = SPI_palloc(VARHDRSZ + out->len);

	SET_VARSIZE(result, VARHDRSZ + out->len);
	memcpy(VARDATA(result), out->data, out->len);
	SPI_finish();
	if (identity != NULL)
		identity_leave(identity);
	PG_RETURN_TEXT_P(result);
}

text *
api_text(FunctionCallInfo fcinfo, int arg, const char *path)
{
	if (PG_ARGISNULL(arg))
		error_field(ERRCODE_NOT_NULL_VIOLATION, path, "is required");
	return PG_GETARG_TEXT_PP(arg);
}

Jsonb *
api_document(FunctionCallInfo fcinfo, int arg, const char *what)
{
	if (PG_ARGISNULL(arg))
		error_field(ERRCODE_NOT_NULL_VIOLATION, NULL, "the %s is missing", what);
	return PG_GETARG_JSONB_P(arg);
}
