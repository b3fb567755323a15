/*
 * phone_sql.c
 *		The phone number functions of SQL (sql/parts/20_phone.sql).
 *
 * A face and no more: arguments in, phone.h, results out.  Rules:
 *
 * - Bad input is never an error: it has a status, or the result is null.  The
 *	 one that raises is the check of the domain callcenter.e164.
 * - A text that is too long is refused by its length, before it is fetched or
 *	 decompressed.
 * - The database is UTF-8 (the install script sees to that), so text needs no
 *	 conversion.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "phone.h"

PG_FUNCTION_INFO_V1(cc_e164_check);
PG_FUNCTION_INFO_V1(cc_phone_parse);
PG_FUNCTION_INFO_V1(cc_phone_e164);
PG_FUNCTION_INFO_V1(cc_phone_caller);
PG_FUNCTION_INFO_V1(cc_phone_is_valid);
PG_FUNCTION_INFO_V1(cc_phone_region_of);
PG_FUNCTION_INFO_V1(cc_phone_type);
PG_FUNCTION_INFO_V1(cc_phone_format);
PG_FUNCTION_INFO_V1(cc_phone_variants);
PG_FUNCTION_INFO_V1(cc_phone_metadata_version);

/* How much of a wrong value a message shows, in characters. */
#define SHOWN_MAX	40

/* A text argument, as it lies in memory. */
typedef struct TextArg
{
	const char *at;
	size_t		length;
} TextArg;

/* The longest text in a column of a row, with NUL. */
#define COLUMN_SIZE 24

StaticAssertDecl(PHONE_E164_SIZE <= COLUMN_SIZE &&
				 PHONE_EXTENSION_MAX < COLUMN_SIZE,
				 "a text of a row does not fit");

/* How many columns add_number() adds. */
#define NUMBER_COLUMNS 4

/* How the rows of a function begin: a header that says that all is null. */
typedef struct RowShape
{
	Size		header;			/* bytes of the header */
	Size		size;			/* most bytes of a row */
	HeapTupleHeaderData start;
} RowShape;

/*
 * A row being written, column by column in the order of the OUT parameters.
 *
 * All its columns are short texts and booleans.  Neither is ever aligned, so the
 * row is written in place: heap_form_tuple() goes over every column twice and
 * copies it, which for these rows costs about as much as reading a number.
 */
typedef struct Row
{
	HeapTupleHeader tuple;
	char	   *end;			/* of what is written */
	int			column;			/* the next one, from 0 */
} Row;

/*
 * Gives a text argument.  One that is longer than any number has a length and
 * no content, for phone.h looks at the length first.
 */
static TextArg
text_arg(Datum datum)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(datum);
	TextArg		arg = {NULL, 0};

	if (VARATT_IS_EXTERNAL(value) || VARATT_IS_COMPRESSED(value))
	{
		arg.length = toast_raw_datum_size(datum) - VARHDRSZ;
		if (arg.length <= PHONE_INPUT_BYTES)
			value = (struct varlena *) DatumGetTextPP(datum);
	}
	else
		arg.length = VARSIZE_ANY_EXHDR(value);
	if (arg.length <= PHONE_INPUT_BYTES)
		arg.at = VARDATA_ANY(value);
	return arg;
}

/* Gives the region that an argument names, or 0. */
static int
region_arg(FunctionCallInfo fcinfo, int number)
{
	TextArg		arg;
	char		code[3];

	if (PG_NARGS() <= number || PG_ARGISNULL(number))
		return 0;
	arg = text_arg(PG_GETARG_DATUM(number));
	if (arg.length != 2)
		return 0;
	memcpy(code, arg.at, 2);
	code[2] = '\0';
	return phone_region_index(code);
}

/* Says whether an argument is a word. */
static bool
is_word(TextArg arg, const char *word)
{
	return arg.at != NULL && arg.length == strlen(word) &&
		memcmp(arg.at, word, arg.length) == 0;
}

/* Takes the first argument apart as a stored E.164; false if it is none. */
static bool
number_arg(FunctionCallInfo fcinfo, PhoneNumber *number)
{
	TextArg		arg = text_arg(PG_GETARG_DATUM(0));

	return arg.at != NULL && phone_e164_split(arg.at, arg.length, number);
}

/*
 * Gives how the rows of the function begin, found out once per query; sees that
 * a Row can be one of them.
 */
static const RowShape *
row_shape(FunctionCallInfo fcinfo)
{
	RowShape   *shape = (RowShape *) fcinfo->flinfo->fn_extra;
	TupleDesc	type;
	Size		header;

	if (shape != NULL)
		return shape;
	if (get_call_result_type(fcinfo, NULL, &type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	for (int i = 0; i < type->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(type, i);
		bool		is_text = column->attlen == -1 &&
			column->attstorage != TYPSTORAGE_PLAIN;

		if (!is_text && column->attlen != sizeof(bool))
			elog(ERROR, "column %d of the row type is neither text nor boolean",
				 i + 1);
	}
	type = BlessTupleDesc(type);
	header = MAXALIGN(SizeofHeapTupleHeader + BITMAPLEN(type->natts));
	shape = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
								   offsetof(RowShape, start) + header);
	shape->header = header;
	shape->size = header + type->natts * (VARHDRSZ_SHORT + COLUMN_SIZE);
	HeapTupleHeaderSetTypeId(&shape->start, type->tdtypeid);
	HeapTupleHeaderSetTypMod(&shape->start, type->tdtypmod);
	HeapTupleHeaderSetNatts(&shape->start, type->natts);
	ItemPointerSetInvalid(&shape->start.t_ctid);
	shape->start.t_infomask = HEAP_HASNULL | HEAP_HASVARWIDTH;
	shape->start.t_hoff = (uint8) header;
	fcinfo->flinfo->fn_extra = shape;
	return shape;
}

/* Starts a row of the function's row type; a column is null until it is written. */
static void
start_row(FunctionCallInfo fcinfo, Row *row)
{
	const RowShape *shape = row_shape(fcinfo);

	row->tuple = (HeapTupleHeader) palloc(shape->size);
	memcpy(row->tuple, &shape->start, shape->header);
	row->end = (char *) row->tuple + shape->header;
	row->column = 0;
}

/* Marks the next column as not null. */
static void
add_value(Row *row)
{
	row->tuple->t_bits[row->column >> 3] |= 1 << (row->column & 7);
	row->column++;
}

static void
add_nulls(Row *row, int count)
{
	row->column += count;
}

/* Adds a text, of less than COLUMN_SIZE bytes; an empty one is null. */
static void
add_text(Row *row, const char *value)
{
	char	   *text = row->end;

	if (value[0] == '\0')
	{
		add_nulls(row, 1);
		return;
	}
	row->end = stpcpy(text + VARHDRSZ_SHORT, value);
	SET_VARSIZE_SHORT(text, row->end - text);
	add_value(row);
}

static void
add_bool(Row *row, bool value)
{
	*row->end++ = value;
	add_value(row);
}

/* Gives the row as the result of the function. */
static Datum
end_row(Row *row)
{
	HeapTupleHeaderSetDatumLength(row->tuple, row->end - (char *) row->tuple);
	return HeapTupleHeaderGetDatum(row->tuple);
}

/*
 * True for a text with the syntax of an E.164; anything else is an error.  The
 * check of the domain raises itself, so that a wrong number is a malformed value
 * (22P02) and not a violated constraint.
 */
Datum
cc_e164_check(PG_FUNCTION_ARGS)
{
	TextArg		arg = text_arg(PG_GETARG_DATUM(0));
	StringInfoData shown;

	if (arg.at != NULL && phone_e164_is_syntax(arg.at, arg.length))
		PG_RETURN_BOOL(true);

	/* What a caller sent may hold anything: show the beginning, in ASCII. */
	initStringInfo(&shown);
	for (size_t i = 0; arg.at != NULL && i < arg.length && i < SHOWN_MAX; i++)
	{
		unsigned char c = (unsigned char) arg.at[i];

		if (c < ' ' || c > '~' || c == '\\')
			appendStringInfo(&shown, "\\x%02x", c);
		else
			appendStringInfoChar(&shown, c);
	}
	if (arg.length > SHOWN_MAX)
		appendStringInfoString(&shown, "...");
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type callcenter.e164: \"%s\"",
					shown.data),
			 errdetail("An E.164 number is a plus sign and 6 to 19 digits, the first not 0."),
			 errhint("Use callcenter.phone_caller() to make one of what people write."),
			 err_generic_string(PG_DIAG_SCHEMA_NAME, "callcenter")));
}

/* Adds what is known of a number: extension, region, type, possible reason. */
static void
add_number(Row *row, const PhoneNumber *number, int region, PhoneType type,
		   PhonePossible possible)
{
	add_text(row, number->extension);
	add_text(row, phone_region_code(region));
	add_text(row, phone_type_name(type));
	add_text(row, phone_possible_name(possible));
}

/* Reads a number as Google's parse() does. */
Datum
cc_phone_parse(PG_FUNCTION_ARGS)
{
	TextArg		raw;
	PhoneNumber number;
	PhoneStatus status;
	Row			row;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	raw = text_arg(PG_GETARG_DATUM(0));
	status = phone_parse(raw.at, raw.length, region_arg(fcinfo, 1), &number);

	start_row(fcinfo, &row);
	add_text(&row, phone_status_name(status));
	if (status == PHONE_OK)
	{
		PhoneType	type;
		int			region = phone_classify(&number, &type);
		char		e164[PHONE_E164_SIZE];

		phone_e164(&number, e164);
		add_text(&row, e164);
		add_number(&row, &number, region, type, phone_possible_reason(&number));
		add_bool(&row, region != 0 && type != PHONE_TYPE_UNKNOWN);
	}
	else
	{
		add_nulls(&row, 1 + NUMBER_COLUMNS);
		add_bool(&row, false);
	}
	return end_row(&row);
}

/* Gives the E.164 that phone_parse() reads, null if it reads none: half the cost. */
Datum
cc_phone_e164(PG_FUNCTION_ARGS)
{
	TextArg		raw;
	PhoneNumber number;
	char		e164[PHONE_E164_SIZE];
	int			length;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	raw = text_arg(PG_GETARG_DATUM(0));
	if (phone_parse(raw.at, raw.length, region_arg(fcinfo, 1), &number) != PHONE_OK)
		PG_RETURN_NULL();
	length = phone_e164(&number, e164);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(e164, length));
}

/* Says what kind of caller a text announces. */
Datum
cc_phone_caller(PG_FUNCTION_ARGS)
{
	TextArg		raw;
	TextArg		source;
	PhoneCaller caller;
	Row			row;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	raw = text_arg(PG_GETARG_DATUM(0));
	source = text_arg(PG_GETARG_DATUM(2));
	if (!is_word(source, "trunk") && !is_word(source, "agent"))
		PG_RETURN_NULL();
	phone_caller(raw.at, raw.length, region_arg(fcinfo, 1),
				 is_word(source, "agent") ? PHONE_AGENT : PHONE_TRUNK, &caller);

	start_row(fcinfo, &row);
	add_text(&row, phone_kind_name(caller.kind));
	add_text(&row, phone_status_name(caller.status));
	add_text(&row, caller.e164);
	if (caller.status == PHONE_OK)
		add_number(&row, &caller.number, caller.region, caller.type,
				   caller.possible);
	else
		add_nulls(&row, NUMBER_COLUMNS);
	add_bool(&row, caller.valid);
	add_bool(&row, caller.is_key);
	return end_row(&row);
}

/* Says whether a stored number is valid. */
Datum
cc_phone_is_valid(PG_FUNCTION_ARGS)
{
	PhoneNumber number;

	PG_RETURN_BOOL(number_arg(fcinfo, &number) && phone_is_valid(&number));
}

/* Gives the region of a stored number, null if none claims it. */
Datum
cc_phone_region_of(PG_FUNCTION_ARGS)
{
	PhoneNumber number;
	PhoneType	type;
	int			region;

	if (!number_arg(fcinfo, &number))
		PG_RETURN_NULL();
	region = phone_classify(&number, &type);
	if (region == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(phone_region_code(region)));
}

/* Gives the type of a stored number, null for what is no number. */
Datum
cc_phone_type(PG_FUNCTION_ARGS)
{
	PhoneNumber number;
	PhoneType	type;

	if (!number_arg(fcinfo, &number))
		PG_RETURN_NULL();
	phone_classify(&number, &type);
	PG_RETURN_TEXT_P(cstring_to_text(phone_type_name(type)));
}

/*
 * Gives a stored number as people write it.  A number of a calling code that
 * the metadata does not know stays as it is; what is no E.164 gives null.
 */
Datum
cc_phone_format(PG_FUNCTION_ARGS)
{
	TextArg		arg = text_arg(PG_GETARG_DATUM(0));
	TextArg		style = text_arg(PG_GETARG_DATUM(1));
	bool		national = is_word(style, "national");
	PhoneNumber number;
	char		out[PHONE_FORMAT_SIZE];
	int			length;

	if (!national && !is_word(style, "international"))
		PG_RETURN_NULL();
	if (arg.at == NULL || !phone_e164_is_syntax(arg.at, arg.length))
		PG_RETURN_NULL();
	if (!phone_e164_split(arg.at, arg.length, &number))
		PG_RETURN_TEXT_P(cstring_to_text_with_len(arg.at, (int) arg.length));
	length = phone_format(&number, national ? PHONE_NATIONAL : PHONE_INTERNATIONAL,
						  out, sizeof(out));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out, length));
}

/* Gives the other E.164 spellings of the same line. */
Datum
cc_phone_variants(PG_FUNCTION_ARGS)
{
	TextArg		arg = text_arg(PG_GETARG_DATUM(0));
	Oid			type = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
	char		e164[PHONE_E164_SIZE];
	char		variants[PHONE_VARIANTS_MAX][PHONE_E164_SIZE];
	Datum		values[PHONE_VARIANTS_MAX];
	int			count = 0;

	if (arg.at != NULL && arg.length < sizeof(e164))
	{
		memcpy(e164, arg.at, arg.length);
		e164[arg.length] = '\0';
		count = phone_variants(e164, variants, PHONE_VARIANTS_MAX);
	}
	for (int i = 0; i < count; i++)
		values[i] = CStringGetTextDatum(variants[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(values, count, type, -1, false,
										  TYPALIGN_INT));
}

/* Gives the version of the metadata in the tables. */
Datum
cc_phone_metadata_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(phone_metadata_version()));
}
