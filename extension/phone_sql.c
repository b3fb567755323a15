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

/* Columns of phone_parse() and phone_caller(), in the order of their OUT parameters. */
enum
{
	PARSE_STATUS, PARSE_E164, PARSE_EXT, PARSE_REGION, PARSE_TYPE,
	PARSE_POSSIBLE, PARSE_VALID, PARSE_COLUMNS
};

enum
{
	CALLER_KIND, CALLER_STATUS, CALLER_E164, CALLER_EXT, CALLER_REGION,
	CALLER_TYPE, CALLER_POSSIBLE, CALLER_VALID, CALLER_IS_KEY, CALLER_COLUMNS
};

/* How much of a wrong value a message shows, in characters. */
#define SHOWN_MAX	40

/* A text argument, as it lies in memory. */
typedef struct TextArg
{
	const char *at;
	size_t		length;
} TextArg;

/*
 * A row being made.  The texts are kept beside it, with the short header that
 * heap_form_tuple() copies as it is, so that a row costs no allocation but its
 * own.
 */
typedef struct Row
{
	Datum		values[CALLER_COLUMNS];
	bool		nulls[CALLER_COLUMNS];
	char		texts[CALLER_COLUMNS][VARHDRSZ_SHORT + 24];
} Row;

StaticAssertDecl(PHONE_E164_SIZE <= 24 && PHONE_EXTENSION_MAX <= 24,
				 "a text of a row does not fit");

/*
 * Gives a text argument.  One that is longer than any number has a length and
 * no content, for phone.h looks at the length first.
 */
static TextArg
text_arg(Datum datum)
{
	TextArg		arg = {NULL, toast_raw_datum_size(datum) - VARHDRSZ};

	if (arg.length <= PHONE_INPUT_BYTES)
	{
		text	   *value = DatumGetTextPP(datum);

		arg.at = VARDATA_ANY(value);
		arg.length = VARSIZE_ANY_EXHDR(value);
	}
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

/* Gives the row type of the function, looked up once per query. */
static TupleDesc
result_type(FunctionCallInfo fcinfo)
{
	TupleDesc	type = (TupleDesc) fcinfo->flinfo->fn_extra;

	if (type == NULL)
	{
		MemoryContext old;

		if (get_call_result_type(fcinfo, NULL, &type) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		type = BlessTupleDesc(CreateTupleDescCopy(type));
		MemoryContextSwitchTo(old);
		fcinfo->flinfo->fn_extra = type;
	}
	return type;
}

/* Sets a column to a text; an empty one is null. */
static void
set_text(Row *row, int column, const char *value)
{
	size_t		length = strlen(value);
	char	   *text = row->texts[column];

	row->nulls[column] = length == 0;
	SET_VARSIZE_SHORT(text, VARHDRSZ_SHORT + length);
	memcpy(text + VARHDRSZ_SHORT, value, length);
	row->values[column] = PointerGetDatum(text);
}

static void
set_bool(Row *row, int column, bool value)
{
	row->nulls[column] = false;
	row->values[column] = BoolGetDatum(value);
}

/* Gives the row as the result of the function. */
static Datum
row_datum(FunctionCallInfo fcinfo, Row *row)
{
	return HeapTupleGetDatum(heap_form_tuple(result_type(fcinfo),
											 row->values, row->nulls));
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

/* Reads a number as Google's parse() does. */
Datum
cc_phone_parse(PG_FUNCTION_ARGS)
{
	TextArg		raw;
	PhoneNumber number;
	PhoneStatus status;
	PhoneType	type;
	int			region;
	char		e164[PHONE_E164_SIZE];
	Row			row;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	raw = text_arg(PG_GETARG_DATUM(0));
	status = phone_parse(raw.at, raw.length, region_arg(fcinfo, 1), &number);

	set_text(&row, PARSE_STATUS, phone_status_name(status));
	if (status == PHONE_OK)
	{
		region = phone_classify(&number, &type);
		phone_e164(&number, e164);
		set_text(&row, PARSE_E164, e164);
		set_text(&row, PARSE_EXT, number.extension);
		set_text(&row, PARSE_REGION, phone_region_code(region));
		set_text(&row, PARSE_TYPE, phone_type_name(type));
		set_text(&row, PARSE_POSSIBLE,
				 phone_possible_name(phone_possible_reason(&number)));
		set_bool(&row, PARSE_VALID, region != 0 && type != PHONE_TYPE_UNKNOWN);
	}
	else
	{
		memset(row.nulls + PARSE_E164, true, PARSE_VALID - PARSE_E164);
		set_bool(&row, PARSE_VALID, false);
	}
	return row_datum(fcinfo, &row);
}

/* Gives the E.164 that phone_parse() reads, null if it reads none: a quarter of the cost. */
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

	set_text(&row, CALLER_KIND, phone_kind_name(caller.kind));
	set_text(&row, CALLER_STATUS, phone_status_name(caller.status));
	set_text(&row, CALLER_E164, caller.e164);
	if (caller.status == PHONE_OK)
	{
		set_text(&row, CALLER_EXT, caller.number.extension);
		set_text(&row, CALLER_REGION, phone_region_code(caller.region));
		set_text(&row, CALLER_TYPE, phone_type_name(caller.type));
		set_text(&row, CALLER_POSSIBLE, phone_possible_name(caller.possible));
	}
	else
		memset(row.nulls + CALLER_EXT, true, CALLER_VALID - CALLER_EXT);
	set_bool(&row, CALLER_VALID, caller.valid);
	set_bool(&row, CALLER_IS_KEY, caller.is_key);
	return row_datum(fcinfo, &row);
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
