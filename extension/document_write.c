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
#include "codes.h"
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
goes_out(const FieldTable *table, const Field *field, bool list)
{
	if (field->flags & FIELD_WRITE_ONLY)
		return false;
	if (table->part != FIELD_PART_ALL && (table->part == FIELD_PART_DERIVED) != (field->derived != NULL))
		return false;
	if (list)
		return (field->flags & (FIELD_IN_LIST | FIELD_LIST_ONLY)) != 0;
	return (field->flags & FIELD_LIST_ONLY) == 0;
}

/* Tells whether the row of the table is one value of the SELECT, from which the field is taken. */
static bool
is_in_row(const FieldTable *table, const Field *field, bool list)
{
	if (field->derived != NULL)
		return table->part == FIELD_PART_DERIVED;
	return table->whole_row && !list && field->expression == NULL;
}

/* Gives how many columns document_select_list() asks for. */
int
document_select_count(const FieldTable *table, bool list)
{
	int			count = table->whole_row && !list ? 1 : 0;

	for (int i = 0; i < table->count; i++)
		count += goes_out(table, &table->fields[i], list) && !is_in_row(table, &table->fields[i], list);
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

		if (!goes_out(table, field, list) || is_in_row(table, field, list))
			continue;
		appendStringInfoString(sql, separator);
		if (field->derived != NULL)
			appendStringInfo(sql, "st.%s", field->derived);
		else if (field->expression != NULL)
			appendStringInfoString(sql, field->expression);
		else
			appendStringInfo(sql, "%s.%s", table->alias, field->column);
		separator = ", ";
	}
}

/* Takes a tuple apart. */
static void
open_tuple(DocumentRow *row, HeapTuple tuple, TupleDesc desc)
{
	row->desc = desc;
	row->values = palloc_array(Datum, desc->natts);
	row->isnull = palloc_array(bool, desc->natts);
	heap_deform_tuple(tuple, desc, row->values, row->isnull);
}

/* The attribute of each field of a table in a row type, from 0; -1 when it has none. */
typedef struct FieldAttributes
{
	const FieldTable *table;
	uint64		type;
	int16	   *attributes;
} FieldAttributes;

/* Gives the name that a field has in its row: of an item, that may be another one than its column. */
static const char *
field_column(const FieldTable *table, const Field *field)
{
	if (table->part == FIELD_PART_DERIVED)
		return field->derived;
	return !table->whole_row && field->expression != NULL ? field->expression : field->column;
}

/* Gives the attributes of a table's fields in a row type; found once, and again when the type has changed. */
static const int16 *
field_attributes(const FieldTable *table, TupleDesc desc, uint64 type)
{
	static FieldAttributes known[16];
	FieldAttributes *slot = known;

	while (slot < known + lengthof(known) - 1 && slot->table != NULL && slot->table != table)
		slot++;
	if (slot->table == table && slot->type == type)
		return slot->attributes;
	if (slot->attributes != NULL && slot->table != table)
	{
		pfree(slot->attributes);
		slot->attributes = NULL;
	}
	slot->table = NULL;
	if (slot->attributes == NULL)
		slot->attributes = MemoryContextAlloc(TopMemoryContext, sizeof(int16) * table->count);
	for (int i = 0; i < table->count; i++)
	{
		const char *column = field_column(table, &table->fields[i]);

		slot->attributes[i] = column != NULL ? SPI_fnumber(desc, column) - 1 : -1;
		if (slot->attributes[i] < 0)
			slot->attributes[i] = -1;
	}
	slot->table = table;
	slot->type = type;
	return slot->attributes;
}

void
document_open_row(DocumentRow *row, Datum value, bool isnull)
{
	HeapTupleHeader header;
	HeapTupleData tuple = {0};
	TupleDesc	desc;

	row->desc = NULL;
	if (isnull)
		return;
	header = DatumGetHeapTupleHeader(value);
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	tuple.t_data = header;
	/* the cache of row types keeps it for as long as the statement that the row comes from holds its lock */
	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	ReleaseTupleDesc(desc);
	open_tuple(row, &tuple, desc);
	row->type = assign_record_type_identifier(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
}

Datum
document_row_get(const FieldTable *table, const DocumentRow *row, const char *path, bool *isnull)
{
	int			attribute = row->desc == NULL ? -1 : field_attributes(table, row->desc, row->type)[field_number(table, path)];

	*isnull = attribute < 0 || row->isnull[attribute];
	return *isnull ? (Datum) 0 : row->values[attribute];
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

static void write_object(StringInfo out, const FieldTable *table, Datum row, const WriteContext *context);

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
		write_object(out, table, elements[i], context);
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
			write_object(out, field->items, value, context);
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
	DocumentRow whole;
	bool		isnull;
	Datum		value = heap_getattr(row, 1, desc, &isnull);

	Assert(table->whole_row);
	document_open_row(&whole, value, isnull);
	return document_row_get(table, &whole, path, &isnull);
}

/* The group of members that is open while a document is written: "a.b." or "". */
typedef struct OpenGroup
{
	const char *path;
	size_t		length;
} OpenGroup;

/* Writes an access code: masked, or, where it is revealed, opened for the row that it is of. */
static void
write_code(StringInfo out, const FieldTable *table, const Field *field, const DocumentRow *row, Datum sealed, const WriteContext *context)
{
	CodePlace	place = {.relation = table->relation,.column = field->column};
	size_t		length;
	char	   *code;
	bool		isnull;

	if (context == NULL || !context->reveal)
	{
		json_cstring(out, SECRET_MASK);
		return;
	}
	place.company_id = context->company->id;
	place.record_id = TextDatumGetCString(document_row_get(table, row, "_id", &isnull));
	code = code_open(&place, DatumGetByteaPP(sealed), &length);
	json_string(out, code, length);
	explicit_bzero(code, length);
}

/* Writes a field as a member; "at" is its attribute in the row, -1 when it has none there. */
static void
write_member(StringInfo out, OpenGroup *open, const FieldTable *table, const Field *field, const DocumentRow *row, int at,
			 const WriteContext *context)
{
	bool		isnull = at < 0 || row->isnull[at];
	const char *dot;
	size_t		length;

	if (isnull && !(field->flags & (FIELD_NULLABLE_OUT | FIELD_ZERO)))
		return;
	dot = strrchr(field->path, '.');
	length = dot != NULL ? (size_t) (dot - field->path) + 1 : 0;
	if (length != open->length || memcmp(open->path, field->path, length) != 0)
	{
		change_group(out, open->path, open->length, field->path, length);
		open->path = field->path;
		open->length = length;
	}
	json_key(out, field->path + length);
	if (!isnull && field->type == FIELD_SECRET)
		write_code(out, table, field, row, row->values[at], context);
	else if (!isnull)
		write_value(out, field, TupleDescAttr(row->desc, at)->atttypid, row->values[at], context);
	else
		appendStringInfoString(out, field->flags & FIELD_ZERO ? "0" : "null");
}

/* Writes an item, which is a composite value, as an object. */
static void
write_object(StringInfo out, const FieldTable *table, Datum row, const WriteContext *context)
{
	DocumentRow opened;

	document_open_row(&opened, row, false);
	appendStringInfoChar(out, '{');
	document_write_row(out, table, &opened, context);
	appendStringInfoChar(out, '}');
}

void
document_write_row(StringInfo out, const FieldTable *table, const DocumentRow *row, const WriteContext *context)
{
	const int16 *attributes = row->desc != NULL ? field_attributes(table, row->desc, row->type) : NULL;
	OpenGroup	open = {""};

	for (int i = 0; i < table->count; i++)
		if (goes_out(table, &table->fields[i], false))
			write_member(out, &open, table, &table->fields[i], row, attributes != NULL ? attributes[i] : -1, context);
	change_group(out, open.path, open.length, "", 0);
}

/* Writes the members of a document, without the braces around them, from the columns from first_column (1) on. */
void
document_write(StringInfo out, const FieldTable *table, bool list, HeapTuple row, TupleDesc desc, int first_column,
			   const WriteContext *context)
{
	OpenGroup	open = {""};
	int			column = first_column - 1;
	DocumentRow selected;
	DocumentRow whole = {0};
	const int16 *attributes = NULL;

	open_tuple(&selected, row, desc);
	if (table->whole_row && !list)
	{
		document_open_row(&whole, selected.values[column], selected.isnull[column]);
		attributes = field_attributes(table, whole.desc, whole.type);
		column++;
	}
	for (int i = 0; i < table->count; i++)
	{
		const Field *field = &table->fields[i];
		bool		in_row = is_in_row(table, field, list);
		int			at;

		if (!goes_out(table, field, list))
			continue;
		at = in_row ? attributes[i] : column++;
		if (at < 0 || (context != NULL && context->only != NULL && !context->only[i]))
			continue;
		write_member(out, &open, table, field, in_row ? &whole : &selected, at, context);
	}
	change_group(out, open.path, open.length, "", 0);
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
