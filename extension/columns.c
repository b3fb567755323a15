/*
 * columns.c
 *		Stores documents: the columns and values of INSERT and UPDATE, taken from the field tables.
 *
 * A statement has the columns that a document names, so there are as many texts as combinations that occur; plans.c finds
 * each again.
 *
 * A key that a client gives and another record has is a conflict, found by the constraint: who looked before would not see
 * a change that is being made at the same moment.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "codes.h"
#include "document.h"
#include "errors.h"
#include "phone.h"
#include "plans.h"

static const Oid sql_types[] = {
	[FIELD_TEXT] = TEXTOID,
	[FIELD_OBJECT_ID] = TEXTOID,
	[FIELD_ENUM] = TEXTOID,
	[FIELD_BOOL] = BOOLOID,
	[FIELD_INT] = INT4OID,
	[FIELD_NUMBER] = FLOAT8OID,
	[FIELD_NUMERIC] = NUMERICOID,
	[FIELD_TIMESTAMP] = TIMESTAMPTZOID,
	[FIELD_DATE] = DATEOID,
	[FIELD_MAP] = JSONBOID,
	[FIELD_STRING_MAP] = JSONBOID,
	[FIELD_ITEMS] = JSONBOID,
	[FIELD_TEXT_LIST] = TEXTARRAYOID,
	[FIELD_SECRET] = BYTEAOID,
};

/* Adds a column with its value. */
void
columns_add(ColumnSet *set, const char *name, Oid type, Datum value, bool isnull)
{
	Assert(set->count < lengthof(set->names));
	set->names[set->count] = name;
	set->casts[set->count] = NULL;
	set->defaults[set->count] = false;
	set->phones[set->count] = NULL;
	set->types[set->count] = type;
	set->values[set->count] = value;
	set->isnull[set->count] = isnull;
	set->count++;
}

/* Adds a column of an enum type; a NULL label is NULL. */
void
columns_add_enum(ColumnSet *set, const char *name, const char *enum_type, const char *label)
{
	columns_add(set, name, TEXTOID, label ? CStringGetTextDatum(label) : (Datum) 0, label == NULL);
	set->casts[set->count - 1] = enum_type;
}

/* Adds the four columns of a phone number; NULL clears them. */
static void
add_phone(ColumnSet *set, const char *column, text *heard)
{
	int			first = set->count;
	PhoneCaller number = {0};

	if (heard != NULL)
		phone_caller(VARDATA_ANY(heard), VARSIZE_ANY_EXHDR(heard), set->region, PHONE_AGENT, &number);
	columns_add(set, column, TEXTOID, PointerGetDatum(heard), heard == NULL);
	columns_add(set, psprintf("%s_e164", column), TEXTOID, number.is_key ? CStringGetTextDatum(number.e164) : (Datum) 0, !number.is_key);
	columns_add(set, psprintf("%s_region", column), TEXTOID, CStringGetTextDatum(phone_region_code(set->region)), heard == NULL);
	columns_add(set, psprintf("%s_metadata_version", column), TEXTOID, CStringGetTextDatum(phone_metadata_version()), heard == NULL);
	for (int i = first; i < set->count; i++)
		set->phones[i] = column;
}

/* Seals an access code for the row that it is of. */
static Datum
seal(const ColumnSet *set, const FieldTable *table, const Field *field, text *code)
{
	CodePlace	place = {.company_id = set->company_id,.relation = table->relation,.record_id = set->record_id,.column = field->column};

	Assert(set->company_id != NULL && set->record_id != NULL);
	return PointerGetDatum(code_seal(&place, VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code)));
}

void
columns_add_document(ColumnSet *set, const Document *document, DocumentMode mode)
{
	for (int i = 0; i < document->table->count; i++)
	{
		const Field *field = &document->table->fields[i];

		if (field->column == NULL || (field->flags & (FIELD_READ_ONLY | FIELD_WRITE_ONLY | FIELD_NO_COLUMN)))
			continue;
		if (document->isnull[i] && !(mode == DOCUMENT_PATCH && document->present[i]))
			continue;
		if (field->type == FIELD_PHONE)
		{
			add_phone(set, field->column, document->isnull[i] ? NULL : DatumGetTextPP(document->values[i]));
			continue;
		}
		columns_add(set, field->column, sql_types[field->type],
					field->type == FIELD_SECRET && !document->isnull[i] ?
					seal(set, document->table, field, DatumGetTextPP(document->values[i])) : document->values[i],
					document->isnull[i]);
		if (field->of != NULL)
			set->casts[set->count - 1] = field->type == FIELD_TEXT_LIST ? psprintf("%s[]", field->of) : field->of;
		set->defaults[set->count - 1] = document->isnull[i] && (field->flags & FIELD_DEFAULTED);
	}
}

/* The keys that clients give, and what is said when another record has one. */
static const struct
{
	const char *constraint;
	const char *path;
	const char *message;
}			given_keys[] = {
	{"calls_twilio_call_sid_key", "twilioCallSid", "A call with this twilioCallSid exists"},
	{"appointments_external_ref_key", "externalRef", "An appointment with this externalRef exists"},
	{"appointments_pkey", "_id", "An appointment with this _id exists"},
};

/* Raises the error that is being handled as a conflict when it is one of a key that a client gave. */
static void
raise_conflict(MemoryContext context)
{
	ErrorData  *error;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION || error->constraint_name == NULL)
		return;
	for (int i = 0; i < (int) lengthof(given_keys); i++)
	{
		size_t		length = strlen(given_keys[i].constraint);

		/* of a distributed table the shard's number follows */
		if (strncmp(error->constraint_name, given_keys[i].constraint, length) != 0 ||
			(error->constraint_name[length] != '\0' && error->constraint_name[length] != '_'))
			continue;
		FlushErrorState();
		error_conflict(given_keys[i].path, "%s", given_keys[i].message);
	}
}

/* Runs the statement of a set. */
static uint64
run(const ColumnSet *set, const char *sql)
{
	MemoryContext context = CurrentMemoryContext;
	volatile uint64 count = 0;

	PG_TRY();
	{
		count = plan_run_text(sql, set->count, set->types, set->values, set->isnull, false);
	}
	PG_CATCH();
	{
		raise_conflict(context);
		PG_RE_THROW();
	}
	PG_END_TRY();
	return count;
}

/*
 * Inserts a row; "suffix" follows the VALUES, and may use the parameters without name, which come first.  Returns the
 * number of rows, with their RETURNING in SPI_tuptable.
 */
uint64
columns_insert(const ColumnSet *set, const char *relation, const char *suffix)
{
	int			first = 0;
	StringInfoData sql;

	initStringInfo(&sql);
	while (set->names[first] == NULL)
		first++;
	appendStringInfo(&sql, "INSERT INTO callcenter.%s (", relation);
	for (int i = first; i < set->count; i++)
	{
		if (i > first)
			appendStringInfoString(&sql, ", ");
		appendStringInfoString(&sql, set->names[i]);
	}
	appendStringInfoString(&sql, ") VALUES (");
	for (int i = first; i < set->count; i++)
	{
		appendStringInfoString(&sql, i > first ? ", $" : "$");
		enlargeStringInfo(&sql, 12);
		sql.len += pg_ltoa(i + 1, sql.data + sql.len);
		if (set->casts[i] != NULL)
			appendStringInfo(&sql, "::callcenter.%s", set->casts[i]);
	}
	appendStringInfoString(&sql, ") ");
	appendStringInfoString(&sql, suffix);
	return run(set, sql.data);
}

/* Gives the number of the parameter that holds, as it came, the phone number that column i tells of. */
static int
phone_parameter(const ColumnSet *set, int i)
{
	while (set->names[i] != set->phones[i])
		i--;
	return i + 1;
}

/* Appends the assignments of an UPDATE, each with the comma before it; the parameters are those of the set. */
static void
append_assignments(StringInfo sql, const ColumnSet *set)
{
	for (int i = 0; i < set->count; i++)
	{
		/* the parameter of a default is typed, but not used for its value */
		if (set->defaults[i])
			appendStringInfo(sql, ", %s = DEFAULT", set->names[i]);
		else if (set->phones[i] != NULL)
			appendStringInfo(sql, ", %s = CASE WHEN $%d IN (%s, %s_e164) THEN %s ELSE $%d END", set->names[i], phone_parameter(set, i),
							 set->phones[i], set->phones[i], set->names[i], i + 1);
		else
			appendStringInfo(sql, ", %s = $%d", set->names[i], i + 1);
		if (set->casts[i] != NULL && !set->defaults[i])
			appendStringInfo(sql, "::callcenter.%s", set->casts[i]);
	}
}

/* Updates a row, raising its version; "also" are further assignments, with the comma before them. */
uint64
columns_update(ColumnSet *set, const char *relation, Datum company, Datum id, const char *also)
{
	int			count = set->count;
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "UPDATE callcenter.%s SET version = version + 1, updated_at = now()", relation);
	append_assignments(&sql, set);
	columns_add(set, "company_id", TEXTOID, company, false);
	columns_add(set, "id", TEXTOID, id, false);
	appendStringInfo(&sql, "%s WHERE company_id = $%d AND id = $%d", also, count + 1, count + 2);
	return run(set, sql.data);
}

/* Updates a company, which is its own key. */
uint64
columns_update_company(ColumnSet *set, Datum company)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "UPDATE callcenter.companies SET updated_at = now()");
	append_assignments(&sql, set);
	columns_add(set, "id", TEXTOID, company, false);
	appendStringInfo(&sql, " WHERE id = $%d", set->count);
	return plan_run_text(sql.data, set->count, set->types, set->values, set->isnull, false);
}
