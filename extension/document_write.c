/*
 * document_write.c
 *		Writes rows as JSON documents, driven by field tables.
 *
 * Text is written straight from the tuple.  Members without a value are left out, and groups without members too.  Access
 * codes are masked unless the context reveals them.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "fmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "compat.h"
#include "document.h"
#include "json_text.h"
#include "local_time.h"
#include "phone.h"

/* Tells whether a field goes out in this kind of document. */
static bool
goes_out(const Field *field, bool list)
{
	if (field->flags & FIELD_WRITE_ONLY)
		return false;
	if (list)
		return (field->flags & (FIELD_IN_LIST | FIELD_LIST_ONLY)) != 0;
	return (field->flags & FIELD_LIST_ONLY) == 0;
}

/* Tells whether the row of the table is one value of the SELECT, from which the field is taken. */
static bool
is_in_row(const FieldTable *table, const Field *field, bool list)
{
	return table->whole_row && !list && field->expression == NULL;
}

/* Gives how many columns document_select_list() asks for. */
int
document_select_count(const FieldTable *table, bool list)
{
	int			count = table->whole_row && !list ? 1 : 0;

	for (int i = 0; i < table->count; i++)
		count += goes_out(&table->fields[i], list) && !is_in_row(table, &table->fields[i], list);
	return count;
}

/* Appends what SELECT must ask for to write documents of this table. */
void
document_select_list(StringInfo sql, const FieldTable *table, bool list)
{
	const char *separator = "";

	if (table->whole_row && !list)
	{
		appendStringInfoString(sql, table->alias);
		separator = ", ";
	}
	for (int i = 0; i < table->count; i++)
	{
		const Field *field = &table->fields[i];

		if (!goes_out(field, list) || is_in_row(table, field, list))
			continue;
		appendStringInfoString(sql, separator);
		if (field->expression != NULL)
			appendStringInfoString(sql, field->expression);
		else
			appendStringInfo(sql, "%s.%s", table->alias, field->column);
		separator = ", ";
	}
}

/* A row taken apart. */
typedef struct OpenRow
{
	TupleDesc	desc;
	Datum	   *values;
	bool	   *isnull;
	const int16 *attributes;	/* by field, of a whole row: its attribute, from 0; -1 when it has none */
} OpenRow;

static void
open_tuple(OpenRow *row, HeapTuple tuple, TupleDesc desc)
{
	row->desc = desc;
	row->values = palloc_array(Datum, desc->natts);
	row->isnull = palloc_array(bool, desc->natts);
	heap_deform_tuple(tuple, desc, row->values, row->isnull);
}

/* Gives the attribute of each field in a row type; found once, and again when the type has changed. */
static const int16 *
field_attributes(const FieldTable *table, TypeCacheEntry *type)
{
	static struct
	{
		const FieldTable *table;
		uint64		identifier;
		int16	   *attributes;
	}			known[4];
	int			slot = 0;

	while (slot < (int) lengthof(known) - 1 && known[slot].table != NULL && known[slot].table != table)
		slot++;
	if (known[slot].table == table && known[slot].identifier == type->tupDesc_identifier)
		return known[slot].attributes;
	if (known[slot].attributes == NULL || known[slot].table != table)
		known[slot].attributes = MemoryContextAlloc(TopMemoryContext, sizeof(int16) * table->count);
	for (int i = 0; i < table->count; i++)
		known[slot].attributes[i] = table->fields[i].column != NULL ? SPI_fnumber(type->tupDesc, table->fields[i].column) - 1 : -1;
	known[slot].table = table;
	known[slot].identifier = type->tupDesc_identifier;
	return known[slot].attributes;
}

/* Takes apart a row that is one value. */
static void
open_whole_row(OpenRow *row, const FieldTable *table, Datum value)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(value);
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(header),.t_data = header};
	TypeCacheEntry *type = lookup_type_cache(HeapTupleHeaderGetTypeId(header), TYPECACHE_TUPDESC);

	row->attributes = field_attributes(table, type);
	open_tuple(row, &tuple, type->tupDesc);
}

/* Writes an E.164 as people write it; anything else as it is. */
void
document_write_phone(StringInfo out, const char *e164, const WriteContext *context)
{
	PhoneNumber number;
	char		display[PHONE_FORMAT_SIZE];
	PhoneType	type;

	if (e164[0] == '+' && phone_e164_split(e164, strlen(e164), &number))
	{
		int			region = phone_classify(&number, &type);
		PhoneStyle	style = region != 0 && region == context->company->region ? PHONE_NATIONAL : PHONE_INTERNATIONAL;

		if (phone_format(&number, style, display, sizeof(display)) > 0)
			e164 = display;
	}
	json_cstring(out, e164);
}

/* Writes triples as an array of arrays. */
static void
write_talk(StringInfo out, ArrayType *talk)
{
	int			count = ArrayGetNItems(ARR_NDIM(talk), ARR_DIMS(talk));
	int32	   *values = (int32 *) ARR_DATA_PTR(talk);

	appendStringInfoChar(out, '[');
	for (int i = 0; i + 2 < count; i += 3)
	{
		json_item(out);
		appendStringInfo(out, "[%d,%d,%d]", values[i], values[i + 1], values[i + 2]);
	}
	appendStringInfoChar(out, ']');
}

/* Closes the open group and opens that of the next field, as far as they differ.  A group is "a.b." or "". */
static void
change_group(StringInfo out, const char *open, size_t open_length, const char *path, size_t length)
{
	size_t		common = 0;

	for (size_t i = 0; i < open_length && i < length && open[i] == path[i]; i++)
		if (open[i] == '.')
			common = i + 1;
	for (size_t i = common; i < open_length; i++)
		if (open[i] == '.')
			appendStringInfoChar(out, '}');
	for (size_t i = common; i < length;)
	{
		const char *dot = strchr(path + i, '.');

		json_item(out);
		appendStringInfoChar(out, '"');
		appendBinaryStringInfo(out, path + i, (int) (dot - path - i));
		appendStringInfoString(out, "\":{");
		i = dot - path + 1;
	}
}

static void write_value(StringInfo out, const Field *field, Oid type, Datum value, const WriteContext *context);

/* Writes the members of an item from a composite value. */
static void
write_row(StringInfo out, const FieldTable *table, HeapTupleHeader row, const WriteContext *context)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row),.t_data = row};
	const char *open = "";
	size_t		open_length = 0;

	for (int i = 0; i < table->count; i++)
	{
		const Field *field = &table->fields[i];
		const char *name = field->expression != NULL ? field->expression : field->column;
		int			column = name != NULL ? SPI_fnumber(desc, name) : -1;
		const char *dot = strrchr(field->path, '.');
		size_t		length = dot != NULL ? (size_t) (dot - field->path) + 1 : 0;
		Datum		value;
		bool		isnull;

		if (column <= 0 || (field->flags & FIELD_WRITE_ONLY))
			continue;
		value = heap_getattr(&tuple, column, desc, &isnull);
		if (isnull)
			continue;
		if (length != open_length || memcmp(open, field->path, length) != 0)
		{
			change_group(out, open, open_length, field->path, length);
			open = field->path;
			open_length = length;
		}
		json_key(out, field->path + length);
		write_value(out, field, TupleDescAttr(desc, column - 1)->atttypid, value, context);
	}
	change_group(out, open, open_length, "", 0);
	ReleaseTupleDesc(desc);
}

/* Writes an array of composites as an array of objects. */
static void
write_rows(StringInfo out, const FieldTable *table, ArrayType *rows, const WriteContext *context)
{
	Datum	   *elements;
	int			count;

	deconstruct_array(rows, ARR_ELEMTYPE(rows), -1, false, TYPALIGN_DOUBLE, &elements, NULL, &count);
	appendStringInfoChar(out, '[');
	for (int i = 0; i < count; i++)
	{
		json_item(out);
		appendStringInfoChar(out, '{');
		write_row(out, table, DatumGetHeapTupleHeader(elements[i]), context);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}

/* Writes an array of texts, or of an enum. */
static void
write_text_list(StringInfo out, ArrayType *list)
{
	Datum	   *elements;
	int			count;

	bool		is_enum = ARR_ELEMTYPE(list) != TEXTOID;

	if (is_enum)
		deconstruct_array(list, ARR_ELEMTYPE(list), sizeof(Oid), true, TYPALIGN_INT, &elements, NULL, &count);
	else
		deconstruct_array(list, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &count);
	appendStringInfoChar(out, '[');
	for (int i = 0; i < count; i++)
	{
		json_item(out);
		if (is_enum)
			json_cstring(out, DatumGetCString(DirectFunctionCall1(enum_out, elements[i])));
		else
			json_text(out, DatumGetTextPP(elements[i]));
	}
	appendStringInfoChar(out, ']');
}

/* Writes a value that is not null; an enum may be stored as text. */
static void
write_value(StringInfo out, const Field *field, Oid type, Datum value, const WriteContext *context)
{
	switch (field->type)
	{
		case FIELD_TEXT:
		case FIELD_PHONE:
		case FIELD_OBJECT_ID:
			json_text(out, (text *) DatumGetPointer(value));
			break;
		case FIELD_SECRET:
			if (context->reveal)
				json_text(out, (text *) DatumGetPointer(value));
			else
				json_cstring(out, SECRET_MASK);
			break;
		case FIELD_ENUM:
			if (type == TEXTOID)
				json_text(out, (text *) DatumGetPointer(value));
			else
				json_cstring(out, DatumGetCString(DirectFunctionCall1(enum_out, value)));
			break;
		case FIELD_BOOL:
			json_bool(out, DatumGetBool(value));
			break;
		case FIELD_INT:
			json_int(out, type == INT8OID ? DatumGetInt64(value) : type == INT2OID ? DatumGetInt16(value) : DatumGetInt32(value));
			break;
		case FIELD_NUMBER:
			/* as float8out, but for extra_float_digits */
			enlargeStringInfo(out, DOUBLE_SHORTEST_DECIMAL_LEN);
			out->len += double_to_shortest_decimal_buf(DatumGetFloat8(value), out->data + out->len);
			break;
		case FIELD_NUMERIC:
			appendStringInfoString(out, DatumGetCString(DirectFunctionCall1(numeric_out, value)));
			break;
		case FIELD_TIMESTAMP:
			json_timestamp(out, DatumGetTimestampTz(value));
			break;
		case FIELD_DATE:
			json_date(out, DatumGetDateADT(value));
			break;
		case FIELD_MAP:
		case FIELD_STRING_MAP:
		case FIELD_ITEMS:
			{
				Jsonb	   *json = DatumGetJsonbP(value);

				JsonbToCString(out, &json->root, VARSIZE(json));
				break;
			}
		case FIELD_ROW:
			appendStringInfoChar(out, '{');
			write_row(out, field->items, DatumGetHeapTupleHeader(value), context);
			appendStringInfoChar(out, '}');
			break;
		case FIELD_ROWS:
			write_rows(out, field->items, DatumGetArrayTypeP(value), context);
			break;
		case FIELD_TEXT_LIST:
			write_text_list(out, DatumGetArrayTypeP(value));
			break;
		case FIELD_PHONE_DISPLAY:
			document_write_phone(out, TextDatumGetCString(value), context);
			break;
		case FIELD_CUSTOMER_NUMBER:
			appendStringInfo(out, "\"CUST-%05" INT64_MODIFIER "d\"", DatumGetInt64(value));
			break;
		case FIELD_DAY:
			json_date(out, local_date(DatumGetTimestampTz(value), context->company->time_zone));
			break;
		case FIELD_TALK:
			write_talk(out, DatumGetArrayTypeP(value));
			break;
	}
}

Datum
document_row_value(const FieldTable *table, HeapTuple row, TupleDesc desc, const char *path)
{
	OpenRow		whole = {0};
	bool		isnull;

	Assert(table->whole_row);
	open_whole_row(&whole, table, heap_getattr(row, 1, desc, &isnull));
	return whole.values[whole.attributes[field_number(table, path)]];
}

/* Writes the members of a document, without the braces around them, from the columns from first_column (1) on. */
void
document_write(StringInfo out, const FieldTable *table, bool list, HeapTuple row, TupleDesc desc, int first_column,
			   const WriteContext *context)
{
	const char *open = "";
	size_t		open_length = 0;
	int			column = first_column - 1;
	OpenRow		selected = {0};
	OpenRow		whole = {0};

	open_tuple(&selected, row, desc);
	if (table->whole_row && !list)
		open_whole_row(&whole, table, selected.values[column++]);
	for (int i = 0; i < table->count; i++)
	{
		const Field *field = &table->fields[i];
		bool		in_row = is_in_row(table, field, list);
		const OpenRow *source = in_row ? &whole : &selected;
		const char *dot;
		size_t		length;
		int			at;

		if (!goes_out(field, list))
			continue;
		at = in_row ? whole.attributes[i] : column++;
		if (at < 0 || (context != NULL && context->only != NULL && !context->only[i]))
			continue;
		if (source->isnull[at] && !(field->flags & FIELD_NULLABLE_OUT))
			continue;

		dot = strrchr(field->path, '.');
		length = dot != NULL ? (size_t) (dot - field->path) + 1 : 0;
		if (length != open_length || memcmp(open, field->path, length) != 0)
		{
			change_group(out, open, open_length, field->path, length);
			open = field->path;
			open_length = length;
		}
		json_key(out, field->path + length);
		if (source->isnull[at])
			appendStringInfoString(out, "null");
		else
			write_value(out, field, TupleDescAttr(source->desc, at)->atttypid, source->values[at], context);
	}
	change_group(out, open, open_length, "", 0);
}

void
document_write_rows(StringInfo out, const FieldTable *table, uint64 count, const WriteContext *context)
{
	appendStringInfoChar(out, '[');
	for (uint64 i = 0; i < count; i++)
	{
		json_item(out);
		appendStringInfoChar(out, '{');
		document_write(out, table, true, SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, context);
		appendStringInfoChar(out, '}');
	}
	appendStringInfoChar(out, ']');
}
