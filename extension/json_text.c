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

/* Tells whether a comma goes before an element, which is not the first of its object or array. */
static inline bool
needs_comma(StringInfo out)
{
	char		last = out->len > 0 ? out->data[out->len - 1] : '{';

	return last != '{' && last != '[' && last != ':';
}

/* Puts the comma before an element, unless it is the first of its object or array. */
void
json_item(StringInfo out)
{
	if (needs_comma(out))
		appendStringInfoCharMacro(out, ',');
}

/* Writes a member's key, which is a constant that needs no escape. */
void
json_key(StringInfo out, const char *key)
{
	size_t		length = strlen(key);
	char	   *p;

	enlargeStringInfo(out, (int) length + 4);
	p = out->data + out->len;
	if (needs_comma(out))
		*p++ = ',';
	*p++ = '"';
	memcpy(p, key, length);
	p += length;
	*p++ = '"';
	*p++ = ':';
	*p = '\0';
	out->len = (int) (p - out->data);
}

/* Tells whether any of the eight bytes of a word is below a value of at most 128. */
static inline bool
has_byte_below(uint64 word, uint8 value)
{
	return ((word - UINT64CONST(0x0101010101010101) * value) & ~word & UINT64CONST(0x8080808080808080)) != 0;
}

/* Counts the bytes, eight at a time, that stand before the first eight with one that needs an escape. */
static inline size_t
plain_bytes(const char *s, size_t length)
{
	size_t		i = 0;

	for (; i + sizeof(uint64) <= length; i += sizeof(uint64))
	{
		uint64		word;

		memcpy(&word, s + i, sizeof(word));
		if (has_byte_below(word, 0x20) ||
			has_byte_below(word ^ UINT64CONST(0x0101010101010101) * '"', 1) ||
			has_byte_below(word ^ UINT64CONST(0x0101010101010101) * '\\', 1))
			break;
	}
	return i;
}

/* Writes a string with its quotes. */
void
json_string(StringInfo out, const char *s, size_t length)
{
	static const char hex[] = "0123456789abcdef";
	size_t		start = 0;

	enlargeStringInfo(out, length + 2);
	appendStringInfoCharMacro(out, '"');
	for (size_t i = plain_bytes(s, length); i < length; i++)
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

/* Puts a number of so many digits at the end of a buffer; returns where it begins. */
static char *
put_digits(char *end, int value, int digits)
{
	while (digits-- > 0)
	{
		*--end = '0' + value % 10;
		value /= 10;
	}
	return end;
}

/* Puts "2025-12-01" at the end of a buffer; returns where it begins. */
static char *
put_day(char *end, int year, int month, int day)
{
	end = put_digits(end, day, 2);
	*--end = '-';
	end = put_digits(end, month, 2);
	*--end = '-';
	return put_digits(end, year, year > 9999 ? 6 : 4);
}

/* Writes a ratio of two whole numbers, rounded half away from zero, without zeros at its end; null when there is none. */
void
json_ratio(StringInfo out, int128 numerator, int128 denominator, int decimals)
{
	const int128 limit = ((int128) 1) << 125;
	int64		scale = 1;
	bool		negative = (numerator < 0) != (denominator < 0);
	int128		rounded;
	char		digits[MAXINT8LEN + 1];

	if (denominator == 0)
	{
		appendStringInfoString(out, "null");
		return;
	}
	for (int i = 0; i < decimals; i++)
		scale *= 10;
	numerator = numerator < 0 ? -numerator : numerator;
	denominator = denominator < 0 ? -denominator : denominator;
	/* digits that a product would not have room for are far behind the last one shown */
	while (numerator > limit / scale)
	{
		numerator /= 10;
		denominator /= 10;
	}
	rounded = (numerator * scale * 2 + denominator) / (denominator * 2);
	if (negative && rounded != 0)
		appendStringInfoChar(out, '-');
	appendBinaryStringInfo(out, digits, pg_lltoa((int64) (rounded / scale), digits));
	if (rounded % scale == 0)
		return;
	appendStringInfo(out, ".%0*lld", decimals, (long long) (rounded % scale));
	while (out->data[out->len - 1] == '0')
		out->data[--out->len] = '\0';
}

/* Writes a time as "2025-12-01T14:30:00Z". */
void
json_timestamp(StringInfo out, TimestampTz value)
{
	struct pg_tm tm;
	fsec_t		fsec;
	char		text[48];
	char	   *end = text + sizeof(text);
	char	   *p = end;

	if (TIMESTAMP_NOT_FINITE(value) || timestamp2tm(value, NULL, &tm, &fsec, NULL, NULL) != 0)
	{
		appendStringInfoString(out, "null");
		return;
	}
	*--p = '"';
	*--p = 'Z';
	if (fsec % 1000 != 0)
		p = put_digits(p, fsec, 6);
	else if (fsec != 0)
		p = put_digits(p, fsec / 1000, 3);
	if (fsec != 0)
		*--p = '.';
	p = put_digits(p, tm.tm_sec, 2);
	*--p = ':';
	p = put_digits(p, tm.tm_min, 2);
	*--p = ':';
	p = put_digits(p, tm.tm_hour, 2);
	*--p = 'T';
	p = put_day(p, tm.tm_year, tm.tm_mon, tm.tm_mday);
	*--p = '"';
	appendBinaryStringInfo(out, p, (int) (end - p));
}

/* Writes a date as "2025-12-01". */
void
json_date(StringInfo out, DateADT value)
{
	int			year,
				month,
				day;
	char		text[24];
	char	   *end = text + sizeof(text);
	char	   *p = end;

	if (DATE_NOT_FINITE(value))
	{
		appendStringInfoString(out, "null");
		return;
	}
	j2date(value + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	*--p = '"';
	p = put_day(p, year, month, day);
	*--p = '"';
	appendBinaryStringInfo(out, p, (int) (end - p));
}

/* Gives the text as a value of type json. */
Datum
json_result(StringInfo out)
{
	return PointerGetDatum(cstring_to_text_with_len(out->data, out->len));
}
