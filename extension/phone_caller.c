/*
 * phone_caller.c
 *		Who is calling: a number, a short number, a name, or nobody that says so.
 *
 * Owns what the metadata does not know: how networks say that a number is
 * withheld, which schemes stand before a number, and which lines have two
 * numbers.  A caller is told apart before a number is read, because most of
 * these texts would pass for numbers.
 */
#include "phone_internal.h"

/*
 * Countries where one line has two numbers that differ by a digit in front or
 * behind the area code: what the number begins with, the digit, where it goes
 * (counted from the plus sign), how many digits there are without it, and what
 * the digit after that place may be.
 *
 * Mexico took the 1 after +52 out of use in 2019, networks still send it.
 * Argentina puts 9 after +54 for mobile lines, called from abroad only.  Brazil
 * put 9 before the eight digits of mobile lines, which began with 6 to 9.
 */
static const struct
{
	char		code[4];
	char		digit;
	int			place;
	int			length;
	char		followers[10];
}			variant_rules[] = {
	{"+52", '1', 3, 12, "23456789"},
	{"+54", '9', 3, 12, "123"},
	{"+55", '9', 5, 12, "6789"},
};

int
phone_variants(const char *e164, char out[][PHONE_E164_SIZE], int max)
{
	int			count = 0;
	int			length = (int) strlen(e164);

	if (!phone_e164_is_syntax(e164, length))
		return 0;
	for (int i = 0; i < LENGTH_OF(variant_rules) && count < max; i++)
	{
		int			place = variant_rules[i].place;
		const char *followers = variant_rules[i].followers;

		if (strncmp(e164, variant_rules[i].code, 3) != 0)
			continue;
		if (length == 1 + variant_rules[i].length &&
			strchr(followers, e164[place]) != NULL)
		{
			memcpy(out[count], e164, place);
			out[count][place] = variant_rules[i].digit;
			strcpy(out[count++] + place + 1, e164 + place);
		}
		else if (length == 2 + variant_rules[i].length &&
				 e164[place] == variant_rules[i].digit &&
				 strchr(followers, e164[place + 1]) != NULL)
		{
			memcpy(out[count], e164, place);
			strcpy(out[count++] + place, e164 + place + 1);
		}
	}
	return count;
}

/* What a scheme before the number says about the caller. */
typedef enum Scheme
{
	SCHEME_NONE,				/* no scheme, or one that parsing knows */
	SCHEME_CLIENT,				/* a name */
	SCHEME_SIP,					/* an address, which may hold a number */
	SCHEME_CHANNEL,				/* a message channel: a number if it has a + */
	SCHEME_UNKNOWN
} Scheme;

static const struct
{
	char		name[12];
	Scheme		scheme;
}			schemes[] = {
	{"tel", SCHEME_NONE},
	{"client", SCHEME_CLIENT},
	{"sip", SCHEME_SIP},
	{"sips", SCHEME_SIP},
	{"whatsapp", SCHEME_CHANNEL},
	{"messenger", SCHEME_CHANNEL},
	{"viber", SCHEME_CHANNEL},
	{"rcs", SCHEME_CHANNEL},
	{"sms", SCHEME_CHANNEL},
};

static inline bool
is_space(Unit unit)
{
	return unit.ascii == ' ' || (unit.ascii >= '\t' && unit.ascii <= '\r');
}

static inline char
fold_case(uint8_t c)
{
	return (char) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* Takes white space off both ends. */
static Span
trim(Span span)
{
	while (span.length > 0 && is_space(span.at[0]))
		span = part(span, 1, span.length);
	while (span.length > 0 && is_space(span.at[span.length - 1]))
		span.length--;
	return span;
}

/* Says whether a span is a word in lower case, whatever its own case. */
static bool
is_word(Span span, const char *word)
{
	int			i;

	for (i = 0; i < span.length && word[i] != '\0'; i++)
	{
		if (fold_case(span.at[i].ascii) != word[i])
			return false;
	}
	return i == span.length && word[i] == '\0';
}

/*
 * Finds the scheme that a text begins with and takes it off.  A colon that a
 * space follows ends a label that a person wrote, not a scheme.
 */
static Scheme
take_scheme(Span *span)
{
	int			colon = 0;
	Span		name;

	if (span->length == 0 || !is_letter(span->at[0]))
		return SCHEME_NONE;
	while (colon < span->length &&
		   (is_letter(span->at[colon]) ||
			(span->at[colon].ascii >= '0' && span->at[colon].ascii <= '9') ||
			span->at[colon].ascii == '-' || span->at[colon].ascii == '.' ||
			span->at[colon].ascii == '+'))
		colon++;
	if (colon + 1 >= span->length || span->at[colon].ascii != ':' ||
		is_space(span->at[colon + 1]))
		return SCHEME_NONE;
	name = part(*span, 0, colon);
	*span = part(*span, colon + 1, span->length);
	for (int i = 0; i < LENGTH_OF(schemes); i++)
	{
		if (is_word(name, schemes[i].name))
			return schemes[i].scheme;
	}
	return SCHEME_UNKNOWN;
}

/* Gives the user part of a SIP address. */
static Span
sip_user(Span address)
{
	for (int i = 0; i < address.length; i++)
	{
		if (address.at[i].ascii == '@')
			return part(address, 0, i);
	}
	return address;
}

/* Says whether a span is one of some words.  Few begin as it does. */
static bool
is_one_of(Span span, const char (*words)[WITHHELD_SIZE], int count)
{
	char		first;

	if (span.length == 0)
		return false;
	first = fold_case(span.at[0].ascii);
	for (int i = 0; i < count; i++)
	{
		if (words[i][0] == first && is_word(span, words[i]))
			return true;
	}
	return false;
}

/*
 * Says whether a text stands for a number that was not sent: one of the words,
 * or (from a line, which can send nothing but digits) a word spelled on the
 * keypad, also as if it were international or North American.
 */
static bool
is_withheld(Span span, PhoneSource source)
{
	if (is_one_of(span, withheld_words, LENGTH_OF(withheld_words)))
		return true;
	if (source != PHONE_TRUNK)
		return false;
	if (is_one_of(span, withheld_spellings, LENGTH_OF(withheld_spellings)))
		return true;
	if (span.length < 2 || span.at[0].ascii != '+')
		return false;
	for (int skip = 1; skip <= 1 + (span.at[1].ascii == '1'); skip++)
	{
		if (is_one_of(part(span, skip, span.length), withheld_spellings,
					  LENGTH_OF(withheld_spellings)))
			return true;
	}
	return false;
}

/*
 * Gives what a text is among the short numbers of a region: digits as one would
 * dial them, perhaps with separators.
 */
static unsigned
find_short_number(Span span, int region)
{
	Digits		digits;

	for (int i = 0; i < span.length; i++)
	{
		if (!is_digit(span.at[i]) &&
			(span.at[i].ascii == 0 || span.at[i].ascii >= NOT_ASCII ||
			 strchr(" -.()", span.at[i].ascii) == NULL))
			return 0;
	}
	phone_read_digits(span, &digits);
	return phone_short_number(&digits, region);
}

/*
 * Reads the number of a caller and says whether it may be a customer's.
 *
 * A line that sends a plus sign has sent the whole number, and its length is
 * the only thing to ask for: number ranges open faster than metadata is
 * released.  What comes without one, from a line or a keyboard, is read in the
 * company's region, which may be wrong: only a number that is valid there is
 * taken for one.  (Lines that send national numbers are common; without this
 * rule their callers would never be known.)  Some numbers are valid but work in
 * an area only (310-0000 in Canada); they say nothing about who is calling.
 */
static void
read_caller(Span span, int region, PhoneSource source, PhoneCaller *caller)
{
	PhoneNumber *number = &caller->number;
	bool		possible;
	int			length;

	caller->status = phone_read_number(span, region, true, number);
	if (caller->status != PHONE_OK)
		return;
	caller->region = phone_classify(number, &caller->type);
	caller->valid = caller->region != 0 && caller->type != PHONE_TYPE_UNKNOWN;
	caller->possible = phone_possible_reason(number);

	possible = caller->possible == PHONE_IS_POSSIBLE;
	length = phone_e164(number, caller->e164);
	if (!(number->international || possible) ||
		!phone_e164_is_syntax(caller->e164, length))
	{
		caller->e164[0] = '\0';
		return;
	}
	caller->is_key = possible &&
		(caller->valid || (source == PHONE_TRUNK && number->international));
}

PhoneKind
phone_caller(const char *raw, size_t n, int region, PhoneSource source,
			 PhoneCaller *caller)
{
	Unit		units[PHONE_INPUT_MAX];
	Span		text;
	Span		body;
	Scheme		scheme;

	memset(caller, 0, sizeof(*caller));
	caller->type = PHONE_TYPE_UNKNOWN;
	caller->kind = PHONE_KIND_OTHER;
	caller->status = phone_read_units(raw, n, units, &text);
	if (caller->status != PHONE_OK)
		return caller->kind;

	caller->status = PHONE_NOT_A_NUMBER;
	text = trim(text);
	body = text;
	scheme = take_scheme(&body);
	if (scheme == SCHEME_SIP)
		body = sip_user(body);
	if (text.length == 0 ||
		(scheme != SCHEME_CLIENT && is_withheld(body, source)))
		return caller->kind = PHONE_KIND_WITHHELD;

	switch (scheme)
	{
		case SCHEME_UNKNOWN:
			return caller->kind;
		case SCHEME_CLIENT:
			return caller->kind = PHONE_KIND_CLIENT;
		case SCHEME_SIP:
			if (begins_with_plus(body))
				read_caller(body, region, source, caller);
			return caller->kind = PHONE_KIND_SIP;
		case SCHEME_CHANNEL:
			if (!begins_with_plus(body))
				return caller->kind;
			break;
		case SCHEME_NONE:
			{
				unsigned	found = find_short_number(body, region);

				if (found & EMERGENCY_NUMBER)
					return caller->kind = PHONE_KIND_EMERGENCY;
				if (found & SHORT_NUMBER)
					return caller->kind = PHONE_KIND_SHORT;
				/* Parsing knows "tel:" and needs it to find a context. */
				body = text;
				break;
			}
	}
	read_caller(body, region, source, caller);
	if (caller->e164[0] != '\0')
		caller->kind = PHONE_KIND_E164;
	return caller->kind;
}
