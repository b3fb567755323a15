/*
 * json_text.c
 *		Writes JSON text: punctuation, strings, numbers, times.
 *
 * Times are UTC in ISO 8601 with "Z", with milliseconds or microseconds only where there are any, whatever the
 * session's settings say.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

#include "json_text.h"

/* Puts the comma before an element, unless it is the first of its object or array. */
void
json_item(StringInfo out)
{
	char		last = out->len > 0 ? out->data[out->len - 1] : '{';

	if (last != '{' && last != '[' && last != ':')
		appendStringInfoChar(out, ',');
}

/* Writes a member's key, which is a constant that needs no escape. */
void
json_key(StringInfo out, const char *key)
{
	json_item(out);
	appendStringInfoChar(out, '"');
	appendStringInfoString(out, key);
	appendBinaryStringInfo(out, "\":", 2);
}

/* Writes a string with its quotes. */
void
json_string(StringInfo out, const char *s, size_t length)
{
	static const char hex[] = "0123456789abcdef";
	size_t		start = 0;

	enlargeStringInfo(out, length + 2);
	appendStringInfoCharMacro(out, '"');
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = s[i];

		if (likely(c >= 0x20 && c != '"' && c != '\\'))
			continue;
		appendBinaryStringInfo(out, s + start, i - start);
		start = i + 1;
		switch (c)
		{
			case '"':
				appendBinaryStringInfo(out, "\\\"", 2);
				break;
			case '\\':
				appendBinaryStringInfo(out, "\\\\", 2);
				break;
			case '\n':
				appendBinaryStringInfo(out, "\\n", 2);
				break;
			case '\r':
				appendBinaryStringInfo(out, "\\r", 2);
				break;
			case '\t':
				appendBinaryStringInfo(out, "\\t", 2);
				break;
			default:
				appendBinaryStringInfo(out, "\\u00", 4);
				appendStringInfoChar(out, hex[c >> 4]);
				appendStringInfoChar(out, hex[c & 15]);
		}
	}
	appendBinaryStringInfo(out, s + start, length - start);
	appendStringInfoChar(out, '"');
}

/* Writes a C string as a JSON string. */
void
json_cstring(StringInfo out, const char *s)
{
	json_string(out, s, strlen(s));
}

/* Writes a text value as a JSON string. */
void
json_text(StringInfo out, const text *t)
{
	text	   *plain = pg_detoast_datum_packed(unconstify(text *, t));

	json_string(out, VARDATA_ANY(plain), VARSIZE_ANY_EXHDR(plain));
}

/* Writes true or false. */
void
json_bool(StringInfo out, bool value)
{
	appendStringInfoString(out, value ? "true" : "false");
}

/* Writes an integer. */
void
json_int(StringInfo out, int64 value)
{
	char		digits[MAXINT8LEN + 1];

	appendBinaryStringInfo(out, digits, pg_lltoa(value, digits));
}

/* Writes a time as "2025-12-01T14:30:00Z". */
void
json_timestamp(StringInfo out, TimestampTz value)
{
	struct pg_tm tm;
	fsec_t		fsec;

	if (TIMESTAMP_NOT_FINITE(value) || timestamp2tm(value, NULL, &tm, &fsec, NULL, NULL) != 0)
	{
		appendStringInfoString(out, "null");
		return;
	}
	appendStringInfo(out, "\"%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (fsec % 1000 != 0)
		appendStringInfo(out, ".%06d", fsec);
	else if (fsec != 0)
		appendStringInfo(out, ".%03d", fsec / 1000);
	appendStringInfoString(out, "Z\"");
}

/* Writes a date as "2025-12-01". */
void
json_date(StringInfo out, DateADT value)
{
	int			year,
				month,
				day;

	if (DATE_NOT_FINITE(value))
	{
		appendStringInfoString(out, "null");
		return;
	}
	j2date(value + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	appendStringInfo(out, "\"%04d-%02d-%02d\"", year, month, day);
}

/* Gives the text as a value of type json. */
Datum
json_result(StringInfo out)
{
	return PointerGetDatum(cstring_to_text_with_len(out->data, out->len));
}
