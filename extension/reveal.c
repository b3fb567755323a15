/*
 * reveal.c
 *		reveal_access_codes(): the access codes of a call or a customer in clear.
 *
 * Every other function masks them, for everybody.  A reveal is a call of its own, for admins and whom grant_right() lets, and is written to the audit
 * log: who saw the codes of which record, and which ones there were.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "api.h"
#include "audit.h"
#include "calls.h"
#include "customers.h"
#include "errors.h"
#include "identity.h"
#include "json_text.h"

PG_FUNCTION_INFO_V1(cc_reveal_access_codes);

/* Chooses the fields that hold codes: of a call the secrets, of a customer the addresses, whose elements hold them. */
static bool *
fields_with_codes(const FieldTable *table)
{
	bool	   *only = palloc0_array(bool, table->count);

	for (int i = 0; i < table->count; i++)
		only[i] = table->fields[i].type == FIELD_SECRET || (table->fields[i].type == FIELD_ROWS && table->fields[i].items == &address_fields);
	return only;
}

/* Gives the name that the audit log has for the selected record: callId, or CUST number. */
static char *
record_name(bool is_call)
{
	Datum		name = document_row_value(is_call ? &call_fields : &customer_fields, SPI_tuptable->vals[0], SPI_tuptable->tupdesc,
										  is_call ? "callId" : "customerId");

	return is_call ? TextDatumGetCString(name) : psprintf("CUST-%05" INT64_MODIFIER "d", DatumGetInt64(name));
}

/* reveal_access_codes(company_id object_id, record_type text, record_id text, token text) json. */
Datum
cc_reveal_access_codes(PG_FUNCTION_ARGS)
{
	Identity   *identity = api_begin(fcinfo, 3, RIGHT_REVEAL);
	char	   *type = PG_ARGISNULL(1) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(1));
	bool		is_call = strcmp(type, "call") == 0;
	const FieldTable *table = is_call ? &call_fields : &customer_fields;
	WriteContext context = {0};
	text	   *record;
	text	   *id;
	StringInfoData out,
				masked;

	if (!is_call && strcmp(type, "customer") != 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "recordType", "must be one of: call, customer");
	record = api_text(fcinfo, 2, "recordId");
	context.company = company_get(identity->company_id);
	context.only = fields_with_codes(table);
	id = is_call ? record : customer_resolve(identity->company, record);
	if (id == NULL || !(is_call ? call_select(identity->company, id) : customer_select(identity->company, id)))
		error_not_found(is_call ? "Call" : "Customer");

	initStringInfo(&masked);
	appendStringInfoChar(&masked, '{');
	document_write(&masked, table, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &context);
	appendStringInfoChar(&masked, '}');
	context.reveal = true;
	initStringInfo(&out);
	appendStringInfo(&out, "{\"success\":true,\"%s\":{", type);
	document_write(&out, table, false, SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &context);
	appendStringInfoString(&out, "}}");
	audit_write(identity, "reveal", type, record_name(is_call), NULL, masked.data);
	return api_end(identity, &out);
}
