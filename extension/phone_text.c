/*
 * phone_text.c
 *		Text as phone numbers see it.
 *
 * Text is read as units, one per UTF-16 code unit, since the library whose
 * answers we give counts those.  Each unit carries all that later steps ask
 * for: the class that the grammar automata know it by, its ASCII character,
 * its value as a digit of one of the three alphabets, and what it is a mark of.
 */
#include "phone_internal.h"

/* Three letters make a number a vanity number; fewer are noise. */
#define VANITY_LETTERS		3

/* Gives the class of a character outside ASCII. */
static uint8_t
class_of(uint32_t code)
{
	int			low = 0;
	int			high = LENGTH_OF(class_ranges) - 1;

	while (low <= high)
	{
		int			middle = (low + high) / 2;

		if (code < class_ranges[middle].first)
			high = middle - 1;
		else if (code > class_ranges[middle].last)
			low = middle + 1;
		else
			return class_ranges[middle].class;
	}
	return CLASS_OTHER;
}

/* Makes the unit of a character of the basic plane outside ASCII. */
static Unit
foreign_unit(uint32_t code)
{
	/* Full-width, Arabic-Indic and extended Arabic-Indic zero. */
	static const uint16_t zeros[] = {0xFF10, 0x0660, 0x06F0};
	Unit		unit = {class_of(code), NOT_ASCII, NO_DIGIT, 0};

	unit.marks = class_marks[unit.class];
	for (int i = 0; i < LENGTH_OF(zeros); i++)
	{
		if (code - zeros[i] < 10)
			unit.digit = (uint8_t) (code - zeros[i]);
	}
	if (code == 0xFF0B)
		unit.ascii = FULL_WIDTH_PLUS;
	return unit;
}

/*
 * Reads one character outside ASCII.  Gives its length in bytes, or 0 if it is
 * not well-formed (too short, overlong, a surrogate, beyond Unicode).
 */
static int
read_utf8(const uint8_t *at, const uint8_t *end, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	int			length = *at >= 0xF0 ? 4 : *at >= 0xE0 ? 3 : 2;

	if (*at < 0xC2 || *at > 0xF4 || end - at < length)
		return 0;
	*code = *at & (0x7F >> length);
	for (int i = 1; i < length; i++)
	{
		if ((at[i] & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | (at[i] & 0x3F);
	}
	if (*code < least[length] || *code > 0x10FFFF ||
		(*code >= 0xD800 && *code <= 0xDFFF))
		return 0;
	return length;
}

PhoneStatus
phone_read_units(const char *s, size_t n, Unit *units, Span *span)
{
	const uint8_t *at = (const uint8_t *) s;
	const uint8_t *end = at + n;
	const Unit	nothing = {CLASS_OTHER, NOT_ASCII, NO_DIGIT,
	class_marks[CLASS_OTHER]};
	unsigned	marks = 0;
	int			count = 0;

	*span = (Span) {units, 0, 0};
	if (n > PHONE_INPUT_BYTES)
		return PHONE_TOO_LONG;
	while (at < end)
	{
		uint32_t	code;
		int			bytes;

		if (count == PHONE_INPUT_MAX)
			return PHONE_TOO_LONG;
		if (*at < 0x80)
		{
			units[count] = ascii_units[*at++];
			marks |= units[count++].marks;
			continue;
		}
		bytes = read_utf8(at, end, &code);
		if (bytes == 0)
			return PHONE_BAD_UTF8;
		at += bytes;
		if (code < 0x10000)
		{
			units[count] = foreign_unit(code);
			marks |= units[count++].marks;
			continue;
		}
		/* A surrogate pair: two units that mean nothing. */
		if (count + 2 > PHONE_INPUT_MAX)
			return PHONE_TOO_LONG;
		for (int i = 0; i < 2; i++)
			units[count++] = nothing;
		marks |= nothing.marks;
	}
	span->length = count;
	span->marks = marks;
	return PHONE_OK;
}

/* Gives the digits of a span with its letters as the digits of their keys. */
static void
spell_digits(Span span, Digits *digits)
{
	digits->length = 0;
	for (int i = 0; i < span.length; i++)
	{
		Unit		unit = span.at[i];

		if (is_digit(unit))
			digits->at[digits->length++] = (char) ('0' + unit.digit);
		else if (is_letter(unit))
			digits->at[digits->length++] = keypad[(unit.ascii | 0x20) - 'a'];
	}
}

int
phone_find(Span span, int from, const char *text)
{
	int			length = (int) strlen(text);

	for (int i = from; i + length <= span.length; i++)
	{
		int			same = 0;

		while (same < length && span.at[i + same].ascii == (uint8_t) text[same])
			same++;
		if (same == length)
			return i;
	}
	return -1;
}

void
phone_read_digits(Span span, Digits *digits)
{
	int			letters = 0;
	int			length = 0;

	/* Without a branch on what a character is: that is hard to foresee. */
	for (int i = 0; i < span.length; i++)
	{
		digits->at[length] = (char) ('0' + span.at[i].digit);
		length += is_digit(span.at[i]);
		letters += is_letter(span.at[i]);
	}
	digits->length = length;
	if (letters >= VANITY_LETTERS)
		spell_digits(span, digits);
}
