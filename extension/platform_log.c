/*
 * platform_log.c
 *		The log of what belongs to no company: list_platform_log().
 *
 * The audit log is of a company and is read by its admins.  What is done to people who sign in is told there, in each
 * company that they are a member of (audit_write_user); but a user who is just made is a member of none, and a company
 * that is deleted takes its log with it.  So both are told here as well, for who administers the platform.
 *
 * It stays when companies and people go, so it holds nothing by which a person could be known: records are named by their
 * ids, and who changes their own password is so too.  Everybody else who writes here is a database role.  Like the audit
 * log it is only appended to, which the same trigger sees to; there is no exception here.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "api.h"
#include "errors.h"
#include "json_text.h"
#include "object_id.h"
#include "plans.h"
#include "platform_log.h"

PG_FUNCTION_INFO_V1(cc_list_platform_log);

#define ENTRIES_MAX 1000

void
platform_log_write(const char *actor, const char *action, const char *record_type, Datum record_id, const char *before, const char *after)
{
	static SavedPlan plan = {
		.sql = "INSERT INTO callcenter.platform_log (id, actor, action, record_type, record_id, before, after) "
		"VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb)",
		.nargs = 7,
		.types = {TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID},
	};
	Datum		values[7];
	bool		isnull[7] = {false};

	values[0] = PointerGetDatum(object_id_generate());
	values[1] = CStringGetTextDatum(actor);
	values[2] = CStringGetTextDatum(action);
	values[3] = CStringGetTextDatum(record_type);
	values[4] = record_id;
	values[5] = before != NULL ? CStringGetTextDatum(before) : (Datum) 0;
	isnull[5] = before == NULL;
	values[6] = after != NULL ? CStringGetTextDatum(after) : (Datum) 0;
	isnull[6] = after == NULL;
	plan_run(&plan, values, isnull, false, 0);
}

/* list_platform_log(earlier_than text, entries integer) json: the newest entries, or those before the one with an id. */
Datum
cc_list_platform_log(PG_FUNCTION_ARGS)
{
	static SavedPlan plan = {
		.sql = "SELECT l.id, l.at, l.actor, l.action, l.record_type, l.record_id, l.before::text, l.after::text "
		"FROM callcenter.platform_log l WHERE $1 IS NULL OR l.id < $1 ORDER BY l.id DESC LIMIT $2",
		.nargs = 2,
		.types = {TEXTOID, INT8OID},
	};
	static const char *const names[] = {"_id", "at", "actor", "action", "recordType", "recordId", "before", "after"};
	int			entries = PG_ARGISNULL(1) ? 100 : PG_GETARG_INT32(1);
	Datum		values[] = {PG_ARGISNULL(0) ? (Datum) 0 : PG_GETARG_DATUM(0), Int64GetDatum(entries)};
	bool		isnull[] = {PG_ARGISNULL(0), false};
	StringInfoData out;
	uint64		count;

	if (entries < 1 || entries > ENTRIES_MAX)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, "entries", "must be from 1 to %d", ENTRIES_MAX);
	SPI_connect();
	count = plan_run(&plan, values, isnull, true, 0);
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"success\":true,\"entries\":[");
	for (uint64 i = 0; i < count; i++)
	{
		json_item(&out);
		appendStringInfoChar(&out, '{');
		for (int column = 0; column < (int) lengthof(names); column++)
		{
			bool		none;
			Datum		value = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, column + 1, &none);

			if (none)
				continue;
			json_key(&out, names[column]);
			if (strcmp(names[column], "at") == 0)
				json_timestamp(&out, DatumGetTimestampTz(value));
			else if (column >= 6)
				appendStringInfoString(&out, TextDatumGetCString(value));
			else
				json_text(&out, DatumGetTextPP(value));
		}
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoString(&out, "]}");
	return api_end(NULL, &out);
}
