/*
 * document.c
 *		Reads JSON documents into typed values, driven by field tables.
 *
 * Input is checked strictly and whole before anything is stored: an unknown field, a wrong type, a value outside its
 * range or vocabulary is one error that names the path and what is allowed.  Absent is not null: absent keeps what is
 * there, null clears it; a null group clears its fields.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "document.h"
#include "errors.h"
#include "json_text.h"
#include "local_time.h"
#include "object_id.h"
#include "plans.h"

#define PATH_MAX_LENGTH 256
#define NAME_SHOWN_MAX	60		/* bytes of an unknown name in an error */

/*
 * Section: finding fields
 */

/* The fields of a table by the hash of their paths; a table is static, so that it is known by its address. */
#define PATH_SLOTS	256			/* more than twice as many as the largest table has fields */
#define TABLES_MAX	64
typedef struct PathIndex
{
	const FieldTable *table;
	uint8		slots[PATH_SLOTS];	/* number of a field and 1; 0 is empty */
} PathIndex;

/* Gives the slot in which the search for a path begins. */
static uint8
path_slot(const char *path)
{
	uint32		hash = 2166136261u; /* FNV-1a */

	for (; *path != '\0'; path++)
		hash = (hash ^ (unsigned char) *path) * 16777619u;
	return (hash ^ (hash >> 8) ^ (hash >> 16) ^ (hash >> 24)) & (PATH_SLOTS - 1);
}

/* Gives the index of a table, made when it is first asked for; NULL when there is no room for it. */
static const PathIndex *
path_index(const FieldTable *table)
{
	static PathIndex *known[TABLES_MAX];
	int			place = (int) (((uintptr_t) table / sizeof(FieldTable)) % TABLES_MAX);
	PathIndex  *made;

	for (int i = 0; i < TABLES_MAX; i++, place = (place + 1) % TABLES_MAX)
	{
		if (known[place] == NULL)
			break;
		if (known[place]->table == table)
			return known[place];
	}
	if (known[place] != NULL || table->count > PATH_SLOTS / 2)
		return NULL;
	made = MemoryContextAllocZero(TopMemoryContext, sizeof(PathIndex));
	made->table = table;
	for (int i = 0; i < table->count; i++)
	{
		uint8		slot = path_slot(table->fields[i].path);

		while (made->slots[slot] != 0)
			slot++;
		made->slots[slot] = i + 1;
	}
	return known[place] = made;
}

/* Finds a field by path; -1 when there is none. */
static int
find_field(const FieldTable *table, const char *path)
{
	const PathIndex *index = path_index(table);

	if (index != NULL)
	{
		for (uint8 slot = path_slot(path); index->slots[slot] != 0; slot++)
			if (strcmp(table->fields[index->slots[slot] - 1].path, path) == 0)
				return index->slots[slot] - 1;
		return -1;
	}
	for (int i = 0; i < table->count; i++)
		if (strcmp(table->fields[i].path, path) == 0)
			return i;
	return -1;
}

/* Tells whether fields lie under the path, that is, whether it names a group. */
static bool
is_group(const FieldTable *table, const char *path)
{
	size_t		length = strlen(path);

	for (int i = 0; i < table->count; i++)
		if (strncmp(table->fields[i].path, path, length) == 0 && table->fields[i].path[length] == '.')
			return true;
	return false;
}

int
field_number(const FieldTable *table, const char *path)
{
	int			number = find_field(table, path);

	if (number < 0)
		elog(ERROR, "no field \"%s\"", path);
	return number;
}

/* Tells whether documents of this table have the field. */
bool
document_knows(const Document *document, const char *path)
{
	return find_field(document->table, path) >= 0;
}

/* Tells whether the document names a field, be it with null. */
bool
document_is_present(const Document *document, const char *path)
{
	return document->present[field_number(document->table, path)];
}

bool
document_has(const Document *document, const char *path)
{
	return !document->isnull[field_number(document->table, path)];
}

Datum
document_get(const Document *document, const char *path)
{
	return document->values[field_number(document->table, path)];
}

/* Gives a value as text; NULL when there is none. */
text *
document_text(const Document *document, const char *path)
{
	int			number = field_number(document->table, path);

	return document->isnull[number] ? NULL : DatumGetTextPP(document->values[number]);
}

/* Gives a field a value, as if it had come in. */
void
document_set(Document *document, const char *path, Datum value)
{
	int			number = field_number(document->table, path);

	document->values[number] = value;
	document->isnull[number] = false;
	document->present[number] = true;
}

/*
 * Section: reading values
 */

/* Lists the labels of an enum for an error message. */
static char *
enum_labels(Oid type)
{
	CatCList   *list = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(type));
	StringInfoData labels;
	float4		last = -FLT_MAX;

	initStringInfo(&labels);
	/* in the order of the type, which a list of the cache is not in */
	for (int written = 0; written < list->n_members; written++)
	{
		Form_pg_enum next = NULL;

		for (int i = 0; i < list->n_members; i++)
		{
			Form_pg_enum label = (Form_pg_enum) GETSTRUCT(&list->members[i]->tuple);

			if (label->enumsortorder > last && (next == NULL || label->enumsortorder < next->enumsortorder))
				next = label;
		}
		if (next == NULL)
			break;
		last = next->enumsortorder;
		appendStringInfo(&labels, "%s%s", written > 0 ? ", " : "", NameStr(next->enumlabel));
	}
	ReleaseCatCacheList(list);
	return labels.data;
}

/* Checks that a text is a label of an enum of the extension. */
static void
check_enum(const char *path, const char *enum_type, const char *label)
{
	Oid			type = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(enum_type),
									   ObjectIdGetDatum(get_namespace_oid("callcenter", false)));

	if (strlen(label) >= NAMEDATALEN || !SearchSysCacheExists2(ENUMTYPOIDNAME, ObjectIdGetDatum(type), CStringGetDatum(label)))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must be one of: %s", enum_labels(type));
}

/* Checks a number against the field's range. */
static void
check_range(const Field *field, const char *path, double value)
{
	if ((field->min != 0 || field->max != 0) && !(value >= field->min && value <= field->max))
		error_field(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, path, "must be from %.15g to %.15g", field->min, field->max);
}

/* Checks the length of a text, in characters. */
static void
check_length(const Field *field, const char *path, const char *s, size_t length)
{
	int			characters;

	if (length <= field->max && length >= field->min && field->min <= 1)
		return;
	characters = pg_mbstrlen_with_len(s, (int) length);
	if (characters > field->max || characters < field->min)
	{
		if (field->min > 0)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must have from %.0f to %.0f characters", field->min, field->max);
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must have at most %.0f characters", field->max);
	}
}

/* Reads a string by the field's type. */
static Datum
read_string(const Field *field, const char *path, const char *s, size_t length)
{
	switch (field->type)
	{
		case FIELD_TEXT:
		case FIELD_SECRET:
		case FIELD_PHONE:
			check_length(field, path, s, length);
			return PointerGetDatum(cstring_to_text_with_len(s, (int) length));
		case FIELD_OBJECT_ID:
			{
				text	   *id = cstring_to_text_with_len(s, (int) length);

				for (size_t i = 0; i < length; i++)
					VARDATA(id)[i] = pg_ascii_tolower(s[i]);
				if (!object_id_is_valid(VARDATA(id), length))
					error_field(ERRCODE_INVALID_TEXT_REPRESENTATION, path, "must be an id of 24 hexadecimal digits");
				return PointerGetDatum(id);
			}
		case FIELD_ENUM:
			{
				char	   *label = pnstrdup(s, length);

				check_enum(path, field->of, label);
				return CStringGetTextDatum(label);
			}
		case FIELD_TIMESTAMP:
			{
				TimestampTz at;

				if (!parse_timestamp(s, length, &at))
					error_field(ERRCODE_INVALID_DATETIME_FORMAT, path,
								"must be a time in ISO 8601 with an offset, such as 2025-12-01T14:30:00Z");
				return TimestampTzGetDatum(at);
			}
		case FIELD_DATE:
			{
				DateADT		day;

				if (!parse_date(s, length, &day))
					error_field(ERRCODE_INVALID_DATETIME_FORMAT, path, "must be a date in ISO 8601, such as 2025-12-01");
				return DateADTGetDatum(day);
			}
		default:
			elog(ERROR, "field \"%s\" does not read strings", path);
	}
}

/* Reads a number by the field's type. */
static Datum
read_number(const Field *field, const char *path, Numeric number)
{
	double		value = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(number)));

	check_range(field, path, value);
	switch (field->type)
	{
		case FIELD_INT:
			if (value != floor(value) || fabs(value) > PG_INT32_MAX)
				error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must be a whole number");
			return Int32GetDatum((int32) value);
		case FIELD_NUMBER:
			return Float8GetDatum(value);
		case FIELD_NUMERIC:
			return NumericGetDatum(number);
		default:
			elog(ERROR, "field \"%s\" does not read numbers", path);
	}
}

/* Reads a parameter that came as text into a number or boolean. */
static Datum
read_lenient(const Field *field, const char *path, const char *s, size_t length)
{
	if (field->type == FIELD_BOOL)
	{
		if ((length == 4 && memcmp(s, "true", 4) == 0) || (length == 1 && *s == '1'))
			return BoolGetDatum(true);
		if ((length == 5 && memcmp(s, "false", 5) == 0) || (length == 1 && *s == '0'))
			return BoolGetDatum(false);
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must be true or false");
	}
	/* whole numbers only: no parameter is another kind of number */
	if (length == 0 || length > 9 || strspn(s, "0123456789") < length)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must be a whole number");
	return read_number(field, path, int64_to_numeric(strtol(pnstrdup(s, length), NULL, 10)));
}

/* Checks that an array has not too many elements. */
static void
check_count(const Field *field, const char *path, int count)
{
	if (count > field->max)
		error_field(ERRCODE_PROGRAM_LIMIT_EXCEEDED, path, "must have at most %.0f elements", field->max);
}

/* Reads "a,b,c" as a list. */
static Datum
read_comma_list(const Field *field, const char *path, const char *s, size_t length)
{
	Datum	   *elements = palloc_array(Datum, length + 1);
	int			count = 0;
	const char *end = s + length;

	for (const char *p = s; p <= end;)
	{
		const char *comma = memchr(p, ',', end - p);
		size_t		n = (comma ? comma : end) - p;

		if (n > 0)
		{
			char	   *element = pnstrdup(p, n);

			if (field->of != NULL)
				check_enum(path, field->of, element);
			elements[count++] = CStringGetTextDatum(element);
		}
		p += n + 1;
	}
	check_count(field, path, count);
	if (count == 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must not be empty");
	return text_array(elements, count);
}

static Datum read_items(const Field *field, const char *path, JsonbContainer *array);
static Datum read_rows(const Field *field, const char *path, JsonbContainer *array);

/* Gives a number as text. */
static char *
number_text(Numeric number)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
}

/* Reads an array of strings; as a parameter also of numbers, and not an empty one, which would be no choice. */
static Datum
read_text_list(const FieldTable *table, const Field *field, const char *path, JsonbContainer *array)
{
	int			size = (int) JsonContainerSize(array);
	Datum	   *elements = palloc_array(Datum, Max(size, 1));

	check_count(field, path, size);
	if (table->lenient && size == 0)
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must not be empty");
	for (int i = 0; i < size; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(array, i);
		char	   *element = NULL;

		if (value->type == jbvString)
			element = pnstrdup(value->val.string.val, value->val.string.len);
		else if (table->lenient && value->type == jbvNumeric)
			element = number_text(value->val.numeric);
		else
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("%s[%d]", path, i), "must be a string");
		if (field->of != NULL)
			check_enum(path, field->of, element);
		elements[i] = CStringGetTextDatum(element);
	}
	return text_array(elements, size);
}

/* Gives a name that came in as an error shows it: not longer than is of use there, and whole characters. */
static char *
shown_name(const JsonbValue *name)
{
	return pnstrdup(name->val.string.val, pg_mbcliplen(name->val.string.val, name->val.string.len, NAME_SHOWN_MAX));
}

/* Reads an object that is kept as it is. */
static Datum
read_map(const Field *field, const char *path, JsonbValue *value)
{
	Jsonb	   *map = JsonbValueToJsonb(value);

	if (VARSIZE(map) > field->max)
		error_field(ERRCODE_PROGRAM_LIMIT_EXCEEDED, path, "must have at most %.0f bytes", field->max);
	if (field->type == FIELD_STRING_MAP)
	{
		JsonbIterator *it = JsonbIteratorInit(&map->root);
		JsonbIteratorToken step;
		JsonbValue	member;
		char	   *key = NULL;

		while ((step = JsonbIteratorNext(&it, &member, true)) != WJB_DONE)
		{
			if (step == WJB_KEY)
				key = shown_name(&member);
			else if (step == WJB_VALUE && member.type != jbvString)
				error_field(ERRCODE_INVALID_PARAMETER_VALUE, psprintf("%s.%s", path, key), "must be a string");
		}
	}
	return JsonbPGetDatum(map);
}

/* Names what JSON must be there for a field's type. */
static const char *
json_kind(const Field *field)
{
	switch (field->type)
	{
		case FIELD_BOOL:
			return "true or false";
		case FIELD_INT:
			return "a whole number";
		case FIELD_NUMBER:
		case FIELD_NUMERIC:
			return "a number";
		case FIELD_MAP:
		case FIELD_STRING_MAP:
			return "an object";
		case FIELD_ITEMS:
		case FIELD_ROWS:
			return "an array of objects";
		case FIELD_TEXT_LIST:
			return "an array of strings";
		default:
			return "a string";
	}
}

/* Reads a value that is not null. */
static Datum
read_value(const FieldTable *table, const Field *field, const char *path, JsonbValue *value)
{
	bool		is_container = value->type == jbvBinary;
	JsonbContainer *container = is_container ? value->val.binary.data : NULL;

	switch (field->type)
	{
		case FIELD_TEXT:
		case FIELD_SECRET:
		case FIELD_PHONE:
		case FIELD_OBJECT_ID:
		case FIELD_ENUM:
		case FIELD_TIMESTAMP:
		case FIELD_DATE:
			if (value->type == jbvString)
				return read_string(field, path, value->val.string.val, value->val.string.len);
			break;
		case FIELD_BOOL:
			if (value->type == jbvBool)
				return BoolGetDatum(value->val.boolean);
			if (table->lenient && value->type == jbvString)
				return read_lenient(field, path, value->val.string.val, value->val.string.len);
			break;
		case FIELD_INT:
		case FIELD_NUMBER:
		case FIELD_NUMERIC:
			if (value->type == jbvNumeric)
				return read_number(field, path, value->val.numeric);
			if (table->lenient && value->type == jbvString)
				return read_lenient(field, path, value->val.string.val, value->val.string.len);
			break;
		case FIELD_MAP:
		case FIELD_STRING_MAP:
			if (is_container && JsonContainerIsObject(container))
				return read_map(field, path, value);
			break;
		case FIELD_ITEMS:
			if (is_container && JsonContainerIsArray(container))
				return read_items(field, path, container);
			break;
		case FIELD_ROWS:
			if (is_container && JsonContainerIsArray(container))
				return read_rows(field, path, container);
			break;
		case FIELD_TEXT_LIST:
			if (is_container && JsonContainerIsArray(container))
				return read_text_list(table, field, path, container);
			if (table->lenient && value->type == jbvString)
				return read_comma_list(field, path, value->val.string.val, value->val.string.len);
			if (table->lenient && value->type == jbvNumeric)
			{
				char	   *number = number_text(value->val.numeric);

				return read_comma_list(field, path, number, strlen(number));
			}
			break;
		default:
			break;
	}
	error_field(ERRCODE_INVALID_PARAMETER_VALUE, path, "must be %s", json_kind(field));
}

/*
 * Section: reading documents
 */

/* Clears all fields of a group that came as null. */
static void
clear_group(Document *document, const char *group)
{
	size_t		length = strlen(group);

	for (int i = 0; i < document->table->count; i++)
	{
		const Field *field = &document->table->fields[i];

		if (strncmp(field->path, group, length) == 0 && field->path[length] == '.' && !(field->flags & FIELD_READ_ONLY))
			document->present[i] = true;
	}
}

/* Says of a name that there is no such member; of parameters, which are few, also which there are. */
static const char *
unknown_member(const FieldTable *table, DocumentMode mode)
{
	StringInfoData words;

	if (mode != DOCUMENT_PARAMS)
		return "is not a field of this document";
	initStringInfo(&words);
	appendStringInfoString(&words, "is not a parameter; there are: ");
	for (int i = 0; i < table->count; i++)
		appendStringInfo(&words, "%s%s", i > 0 ? ", " : "", table->fields[i].path);
	return words.data;
}

/* Reads one member, which is a field, a group or an error; "shown" is the path as errors name it. */
static void
read_object(Document *document, JsonbContainer *object, DocumentMode mode, char *path, size_t length, const char *shown)
{
	JsonbIterator *it = JsonbIteratorInit(object);
	JsonbIteratorToken step;
	JsonbValue	key,
				value;

	while ((step = JsonbIteratorNext(&it, &key, true)) != WJB_DONE)
	{
		int			number;
		size_t		end = length;
		const char *full;

		if (step != WJB_KEY)
			continue;
		JsonbIteratorNext(&it, &value, true);
		if (length > 0)
			path[end++] = '.';
		/* no name of a field has a dot: one that has is not taken for the path of another field */
		if (end + key.val.string.len >= PATH_MAX_LENGTH || memchr(key.val.string.val, '.', key.val.string.len) != NULL)
			error_field(ERRCODE_INVALID_PARAMETER_VALUE,
						psprintf("%s%s%.*s%s", shown, shown[0] != '\0' ? "." : "", (int) end, path, shown_name(&key)), "%s", unknown_member(document->table, mode));
		memcpy(path + end, key.val.string.val, key.val.string.len);
		end += key.val.string.len;
		path[end] = '\0';
		full = shown[0] != '\0' ? psprintf("%s.%s", shown, path) : path;

		number = find_field(document->table, path);
		if (number >= 0)
		{
			const Field *field = &document->table->fields[number];

			/* an element of a list comes back whole, with what was computed for it */
			if (field->type == FIELD_PHONE_DISPLAY && shown[0] != '\0')
				continue;
			if ((field->flags & FIELD_READ_ONLY) || field->type == FIELD_PHONE_DISPLAY)
				error_field(ERRCODE_INVALID_PARAMETER_VALUE, full, "is set by the server");
			if (mode == DOCUMENT_PATCH && (field->flags & FIELD_CREATE_ONLY))
				error_field(ERRCODE_INVALID_PARAMETER_VALUE, full, "cannot be changed");
			document->present[number] = true;
			if (value.type != jbvNull)
			{
				document->values[number] = read_value(document->table, field, full, &value);
				document->isnull[number] = false;
			}
		}
		else if (!is_group(document->table, path))
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, full, "%s", unknown_member(document->table, mode));
		else if (value.type == jbvNull)
			clear_group(document, path);
		else if (value.type == jbvBinary && JsonContainerIsObject(value.val.binary.data))
			read_object(document, value.val.binary.data, mode, path, end, shown);
		else
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, full, "must be an object");
	}
}

/* Checks that required fields have a value. */
static void
check_required(const Document *document, DocumentMode mode, const char *shown)
{
	for (int i = 0; i < document->table->count; i++)
	{
		const Field *field = &document->table->fields[i];

		if ((field->flags & FIELD_REQUIRED) && document->isnull[i] && (mode == DOCUMENT_CREATE || document->present[i]))
			error_field(ERRCODE_NOT_NULL_VIOLATION, shown[0] != '\0' ? psprintf("%s.%s", shown, field->path) : field->path,
						"is required");
	}
}

/* Makes a document that names no field. */
Document *
document_empty(const FieldTable *table)
{
	Document   *document = palloc_object(Document);

	document->table = table;
	document->values = palloc0_array(Datum, table->count);
	document->present = palloc0_array(bool, table->count);
	document->isnull = palloc_array(bool, table->count);
	memset(document->isnull, true, table->count);
	return document;
}

void
document_keep_secrets(Document *document)
{
	for (int i = 0; i < document->table->count; i++)
		if (document->table->fields[i].type == FIELD_SECRET && !document->isnull[i] &&
			strcmp(TextDatumGetCString(document->values[i]), SECRET_MASK) == 0)
		{
			document->present[i] = false;
			document->isnull[i] = true;
		}
}

/* Reads an object by a table of fields. */
static Document *
read_container(const FieldTable *table, JsonbContainer *object, DocumentMode mode, const char *shown)
{
	Document   *document = document_empty(table);
	char		path[PATH_MAX_LENGTH];

	read_object(document, object, mode, path, 0, shown);
	check_required(document, mode, shown);
	return document;
}

/* Reads a document, or the parameters of a function. */
Document *
document_read(const FieldTable *table, Jsonb *input, DocumentMode mode)
{
	if (!JB_ROOT_IS_OBJECT(input))
		error_field(ERRCODE_INVALID_PARAMETER_VALUE, NULL, "the document must be a JSON object");
	return read_container(table, &input->root, mode, "");
}

/* Appends a member of an item to the array that is being built. */
static void
push_member(JsonbParseState **state, const Field *field, Datum value)
{
	JsonbValue	key = {.type = jbvString,.val.string = {.val = unconstify(char *, field->path),.len = strlen(field->path)}};
	JsonbValue	member;
	StringInfoData time;

	pushJsonbValue(state, WJB_KEY, &key);
	switch (field->type)
	{
		case FIELD_INT:
			member.type = jbvNumeric;
			member.val.numeric = int64_to_numeric(DatumGetInt32(value));
			break;
		case FIELD_TIMESTAMP:
			initStringInfo(&time);
			json_timestamp(&time, DatumGetTimestampTz(value));
			member.type = jbvString;
			member.val.string.val = time.data + 1;
			member.val.string.len = time.len - 2;
			break;
		case FIELD_STRING_MAP:
			member.type = jbvBinary;
			member.val.binary.data = &DatumGetJsonbP(value)->root;
			member.val.binary.len = VARSIZE(DatumGetJsonbP(value)) - VARHDRSZ;
			break;
		default:
			member.type = jbvString;
			member.val.string.val = VARDATA_ANY(DatumGetTextPP(value));
			member.val.string.len = VARSIZE_ANY_EXHDR(DatumGetTextPP(value));
	}
	pushJsonbValue(state, WJB_VALUE, &member);
}

/* Reads an array of objects into a normalised jsonb array. */
static Datum
read_items(const Field *field, const char *path, JsonbContainer *array)
{
	uint32		size = JsonContainerSize(array);
	JsonbParseState *state = NULL;

	check_count(field, path, (int) size);
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (uint32 i = 0; i < size; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(array, i);
		char	   *shown = psprintf("%s[%u]", path, i);
		Document   *item;

		if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, shown, "must be an object");
		item = read_container(field->items, value->val.binary.data, DOCUMENT_CREATE, shown);
		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		for (int f = 0; f < field->items->count; f++)
		{
			const Field *member = &field->items->fields[f];

			if (!item->isnull[f])
				push_member(&state, member, item->values[f]);
			else if (member->flags & FIELD_DEFAULT_NOW)
				push_member(&state, member, TimestampTzGetDatum(GetCurrentTransactionStartTimestamp()));
		}
		pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	return JsonbPGetDatum(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL)));
}

/* Reads an array of objects that are rows of a table. */
static Datum
read_rows(const Field *field, const char *path, JsonbContainer *array)
{
	ItemList   *list = palloc_object(ItemList);
	uint32		size = JsonContainerSize(array);

	check_count(field, path, (int) size);
	list->count = (int) size;
	list->items = palloc_array(Document *, Max(size, 1));
	for (uint32 i = 0; i < size; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(array, i);
		char	   *shown = psprintf("%s[%u]", path, i);

		if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
			error_field(ERRCODE_INVALID_PARAMETER_VALUE, shown, "must be an object");
		list->items[i] = read_container(field->items, value->val.binary.data, DOCUMENT_CREATE, shown);
	}
	return PointerGetDatum(list);
}
