/*
 * phone.c
 *		Phone numbers: reading, classifying and writing them.
 *
 * Owns the algorithm; the knowledge is in phone_tables.h, which tools/phone
 * makes from Google's metadata.  Answers are those of google-libphonenumber,
 * to the digit; where they differ on purpose, it is said here:
 *
 * - national numbers are strings, so that 17 digits stay 17 digits (the library
 *	 keeps them in a double);
 * - an extension is always ASCII digits;
 * - phone_caller() keeps a number that is written with a plus sign and valid as
 *	 it stands (the library takes a digit off +375 810 numbers).
 *
 * How it works.  Every pattern of the metadata is a finite language over ten
 * digits, so it is a small acyclic automaton, and a question about a number is
 * one walk over its digits.
 *
 * Rules: no postgres.h, no allocation, no locale, nothing written but what the
 * caller passed; time is linear in the input, and the input is bounded first.
 */
#include "phone_internal.h"

_Static_assert(FORMAT_LONGEST < PHONE_FORMAT_SIZE, "PHONE_FORMAT_SIZE too small");

/* ----------
 * Walks over the automata
 * ----------
 */

/* Gives the value of the state that all the digits lead to. */
static inline unsigned
walk(unsigned state, const char *digits, int length)
{
	for (int i = 0; i < length && state != 0; i++)
		state = state_next[state][digits[i] - '0'];
	return state_value[state];
}

/* Gives what a prefix pattern takes off the front, or NULL. */
static const PrefixOutcome *
match_prefix(unsigned state, const char *digits, int length)
{
	unsigned	found = 0;

	for (int i = 0; state != 0; i++)
	{
		unsigned	outcome = prefix_outcome[state][i == length];

		if (outcome != 0)
			found = outcome;
		if (i == length)
			break;
		state = prefix_next[state][digits[i] - '0'];
	}
	return found != 0 ? &prefix_outcomes[found] : NULL;
}

/* Says whether a span as a whole can be a phone number. */
static bool
is_viable(Span span)
{
	unsigned	state = VIABLE_START;

	if (span.length < NATIONAL_MIN)
		return false;
	for (int i = 0; i < span.length && state != 0; i++)
		state = viable_next[state][span.at[i].class];
	return viable_accepts[state];
}

/* Gives the place where an extension begins, the leftmost there is, or -1. */
static int
find_extension(Span span)
{
	unsigned	state = EXTENSION_START;
	int			found = -1;

	for (int i = span.length - 1; i >= 0; i--)
	{
		state = extension_next[state][span.at[i].class];
		if (state == 0)
			break;
		if (extension_accepts[state])
			found = i;
	}
	return found;
}

/* Says what the length of a national number means in a region. */
static PhonePossible
judge_length(int length, const RegionRow *region)
{
	uint32_t	bit = length < 32 ? UINT32_C(1) << length : 0;

	if (region->lengths == 0)
		return PHONE_POSSIBLE_INVALID_LENGTH;
	if (region->local_lengths & bit)
		return PHONE_IS_POSSIBLE_LOCAL_ONLY;
	if (region->lengths & bit)
		return PHONE_IS_POSSIBLE;
	/* bit - 1 has a bit for each shorter length, all of them if bit is 0 */
	if ((region->lengths & (bit - 1)) == 0)
		return PHONE_POSSIBLE_TOO_SHORT;
	if ((region->lengths & ~(bit - 1)) == 0)
		return PHONE_POSSIBLE_TOO_LONG;
	return PHONE_POSSIBLE_INVALID_LENGTH;
}

/* ----------
 * Reading a number
 * ----------
 */

/*
 * Says whether a span is what RFC 3966 calls global-number-digits: after the
 * plus sign digits and visual separators, at least one digit.
 */
static bool
is_global_number(Span span)
{
	bool		digits = false;

	for (int i = 1; i < span.length; i++)
	{
		if (is_digit(span.at[i]))
			digits = true;
		else if (span.at[i].ascii == 0 || span.at[i].ascii >= NOT_ASCII ||
				 strchr("-.()", span.at[i].ascii) == NULL)
			return false;
	}
	return digits;
}

/*
 * Says whether a span is a domain name: labels of letters, digits and inner
 * hyphens between dots, the last label beginning with a letter.
 */
static bool
is_domain_name(Span span)
{
	int			length = span.length;
	int			start = 0;

	if (length > 0 && span.at[length - 1].ascii == '.')
		length--;
	for (int i = 0; i <= length; i++)
	{
		if (i < length && span.at[i].ascii != '.')
		{
			if (!is_digit(span.at[i]) && !is_letter(span.at[i]) &&
				span.at[i].ascii != '-')
				return false;
			continue;
		}
		/* the end of a label */
		if (i == start || span.at[start].ascii == '-' ||
			span.at[i - 1].ascii == '-')
			return false;
		if (i == length)
			return is_letter(span.at[start]);
		start = i + 1;
	}
	return false;
}

/*
 * Gives the number of a text that names its context as RFC 3966 does
 * ("tel:7042;phone-context=+1-201-555"), context first; the result is in buffer.
 * False if the context is not well-formed.
 */
static bool
apply_context(Span input, int parameter, Unit *buffer, Span *number)
{
	int			start = parameter + (int) strlen(";phone-context=");
	int			end = phone_find(input, start, ";");
	int			scheme = phone_find(input, 0, "tel:");
	int			from = scheme < 0 ? 0 : scheme + (int) strlen("tel:");
	int			to = parameter;
	Span		context;
	int			length = 0;

	context = part(input, start, end < 0 ? input.length : end);
	if (begins_with_plus(context) && context.at[0].ascii == '+')
	{
		if (!is_global_number(context))
			return false;
		memcpy(buffer, context.at, context.length * sizeof(Unit));
		length = context.length;
	}
	else if (!is_domain_name(context))
		return false;

	/* "tel:" may come after the context; String.substring() swaps the two. */
	if (from > to)
	{
		to = from;
		from = parameter;
	}
	memcpy(buffer + length, input.at + from, (to - from) * sizeof(Unit));
	*number = (Span) {buffer, length + to - from, input.marks};
	return true;
}

/*
 * Gives the part of a text that can be a number: from its first digit or plus
 * sign to its last digit, letter or #, without a second number ("/ x").
 */
static Span
trim_to_number(Span input)
{
	int			start = 0;
	int			end = input.length;
	Span		span;

	while (start < end &&
		   !is_plus(input.at[start]) && !is_digit(input.at[start]))
		start++;
	while (end > start && !is_digit(input.at[end - 1]) &&
		   !is_letter(input.at[end - 1]) && input.at[end - 1].ascii != '#')
		end--;
	span = part(input, start, end);
	if (!(span.marks & MARK_SLASH))
		return span;
	for (int i = 0; i < span.length; i++)
	{
		int			next = i + 1;

		if (span.at[i].ascii != '/' && span.at[i].ascii != '\\')
			continue;
		while (next < span.length && span.at[next].ascii == ' ')
			next++;
		if (next < span.length && span.at[next].ascii == 'x')
			return part(span, 0, i);
	}
	return span;
}

/*
 * Takes the extension off the end of a number.  What looks like one is one only
 * if a number is left before it.
 */
static Span
take_extension(Span span, PhoneNumber *number)
{
	int			start = span.marks & MARK_EXTENSION ? find_extension(span) : -1;
	int			last;
	int			first;

	if (start < 0 || !is_viable(part(span, 0, start)))
		return span;
	last = span.length - (span.at[span.length - 1].ascii == '#');
	first = last;
	while (first > start && is_digit(span.at[first - 1]))
		first--;
	for (int i = first; i < last; i++)
		number->extension[number->extension_length++] =
			(char) ('0' + span.at[i].digit);
	return part(span, 0, start);
}

static inline void
set_digits(Digits *digits, const char *at, int length)
{
	digits->length = length;
	memcpy(digits->at, at, length);
}

/*
 * Takes the national prefix off, or puts what the transform says in its place.
 * False, and out is undefined, if there is nothing to do or if that would make
 * a number of the region something that is none.
 */
static bool
strip_national_prefix(const Digits *in, const RegionRow *region, Digits *out)
{
	const PrefixOutcome *outcome;
	int			length = 0;

	if (in->length == 0)
		return false;
	outcome = match_prefix(region->national_prefix, in->at, in->length);
	if (outcome == NULL)
		return false;
	if (outcome->transforms)
	{
		for (const char *c = texts + region->transform; *c != '\0'; c++)
		{
			const uint8_t *group;

			if (*c != '$')
			{
				out->at[length++] = *c;
				continue;
			}
			group = outcome->groups[*++c - '1'];
			memcpy(out->at + length, in->at + group[0], group[1] - group[0]);
			length += group[1] - group[0];
		}
	}
	memcpy(out->at + length, in->at + outcome->length,
		   in->length - outcome->length);
	out->length = length + in->length - outcome->length;
	return !walk(region->general, in->at, in->length) ||
		walk(region->general, out->at, out->length);
}

/* Gives the calling code that digits begin with, and its length, or NULL. */
static const CodeRow *
find_calling_code(const char *digits, int length, int *code_length)
{
	int			code = 0;

	if (length == 0 || digits[0] == '0')
		return NULL;
	for (int i = 0; i < CALLING_CODE_MAX && i < length; i++)
	{
		code = 10 * code + digits[i] - '0';
		if (code_index[code] != NO_CODE)
		{
			*code_length = i + 1;
			return &codes[code_index[code]];
		}
	}
	return NULL;
}

/* Gives the row of a calling code, or NULL. */
static inline const CodeRow *
code_row(int calling_code)
{
	if (calling_code >= LENGTH_OF(code_index) ||
		code_index[calling_code] == NO_CODE)
		return NULL;
	return &codes[code_index[calling_code]];
}

/* Writes a calling code in decimal, gives its length. */
static int
write_calling_code(int code, char *out)
{
	int			length = 0;

	if (code > 99)
		out[length++] = (char) ('0' + code / 100);
	if (code > 9)
		out[length++] = (char) ('0' + code / 10 % 10);
	out[length++] = (char) ('0' + code % 10);
	return length;
}

/*
 * Says whether digits begin with the calling code of the default region, though
 * nothing said so: only if the number is none as it stands and one without the
 * code, or is too long.  Leaves the national digits in national.
 */
static bool
strip_own_code(const Digits *digits, const RegionRow *home, Digits *national)
{
	char		code[CALLING_CODE_MAX];
	int			length = write_calling_code(home->calling_code, code);
	Digits		rest;

	if (digits->length < length || memcmp(digits->at, code, length) != 0)
		return false;
	set_digits(&rest, digits->at + length, digits->length - length);
	if (!strip_national_prefix(&rest, home, national))
		set_digits(national, rest.at, rest.length);
	return (!walk(home->general, digits->at, digits->length) &&
			walk(home->general, national->at, national->length)) ||
		judge_length(digits->length, home) == PHONE_POSSIBLE_TOO_LONG;
}

/*
 * Finds the calling code: after a plus sign, after the international prefix of
 * the default region, or the region's own code.  The code is NULL if the number
 * has none; national is what follows the code, or all the digits.
 */
static PhoneStatus
extract_calling_code(Span span, const RegionRow *home, const CodeRow **code,
					 Digits *national)
{
	Digits		digits;
	int			skip = 0;
	int			length;
	bool		international = begins_with_plus(span);

	*code = NULL;
	while (skip < span.length && is_plus(span.at[skip]))
		skip++;
	phone_read_digits(part(span, skip, span.length), &digits);
	skip = 0;
	if (!international && home != NULL)
	{
		const PrefixOutcome *prefix = match_prefix(home->international_prefix,
												   digits.at, digits.length);

		/* No calling code begins with 0, so that was not the prefix. */
		if (prefix != NULL && !(digits.length > prefix->length &&
								digits.at[prefix->length] == '0'))
		{
			international = true;
			skip = prefix->length;
		}
	}

	length = digits.length - skip;
	if (international)
	{
		int			used;

		if (length <= NATIONAL_MIN)
			return PHONE_TOO_SHORT_AFTER_IDD;
		*code = find_calling_code(digits.at + skip, length, &used);
		if (*code == NULL)
			return PHONE_INVALID_COUNTRY_CODE;
		set_digits(national, digits.at + skip + used, length - used);
		return PHONE_OK;
	}
	if (home != NULL && strip_own_code(&digits, home, national))
		*code = code_row(home->calling_code);
	else
		set_digits(national, digits.at, length);
	return PHONE_OK;
}

/* Fills the calling code and the national digits of a number. */
static void
set_number(PhoneNumber *number, int calling_code, const char *digits, int length)
{
	number->calling_code = (uint16_t) calling_code;
	number->national_length = (uint8_t) length;
	memcpy(number->national, digits, length);
	number->national[length] = '\0';
}

/*
 * Finds the part of a text that is to be read as a number, without its RFC 3966
 * parameters; a context goes in front, in buffer.  False if it is malformed.
 */
static bool
isolate_number(Span input, Unit *buffer, Span *span)
{
	int			parameter = input.marks & MARK_PARAMETER ? phone_find(input, 0, ";") : -1;
	int			at = -1;

	if (parameter >= 0)
		at = phone_find(input, parameter, ";phone-context=");
	if (at < 0)
		*span = trim_to_number(input);
	else if (!apply_context(input, at, buffer, span))
		return false;
	if (parameter >= 0)
	{
		at = phone_find(*span, 0, ";isub=");
		if (at > 0)
			*span = part(*span, 0, at);
	}
	return true;
}

/*
 * Gives national digits without the national prefix, or as they are if they
 * would then be too few for the region, or as many as no number of it has.
 */
static const Digits *
without_national_prefix(const Digits *national, const RegionRow *rules,
						Digits *stripped)
{
	if (!strip_national_prefix(national, rules, stripped))
		return national;
	switch (judge_length(stripped->length, rules))
	{
		case PHONE_POSSIBLE_TOO_SHORT:
		case PHONE_IS_POSSIBLE_LOCAL_ONLY:
		case PHONE_POSSIBLE_INVALID_LENGTH:
			return national;
		default:
			return stripped;
	}
}

PhoneStatus
phone_read_number(Span input, int region, bool keep_valid, PhoneNumber *number)
{
	const RegionRow *home = NULL;
	const RegionRow *rules;
	const CodeRow *code;
	Unit		buffer[2 * PHONE_INPUT_MAX];
	Span		span;
	Digits		national;
	Digits		stripped;
	const Digits *result;
	PhoneStatus status;

	memset(number, 0, sizeof(*number));
	if (region > 0 && region <= REGION_COUNT)
		home = &regions[region];

	if (!isolate_number(input, buffer, &span))
		return PHONE_NOT_A_NUMBER;
	if (!is_viable(span))
		return PHONE_NOT_A_NUMBER;
	if (home == NULL && !begins_with_plus(span))
		return PHONE_INVALID_COUNTRY_CODE;
	number->international = begins_with_plus(span);
	span = take_extension(span, number);

	status = extract_calling_code(span, home, &code, &national);
	if (status == PHONE_INVALID_COUNTRY_CODE && begins_with_plus(span))
	{
		/* No such code, so perhaps somebody put a plus sign to a prefix. */
		while (begins_with_plus(span))
			span = part(span, 1, span.length);
		status = extract_calling_code(span, home, &code, &national);
		if (status == PHONE_OK && code == NULL)
			return PHONE_INVALID_COUNTRY_CODE;
	}
	if (status != PHONE_OK)
		return status;

	if (code != NULL)
		rules = &regions[code->main_region];
	else
	{
		/* Not international, so there is a home. */
		rules = home;
		code = code_row(home->calling_code);
	}
	if (national.length < NATIONAL_MIN)
		return PHONE_TOO_SHORT;

	if (keep_valid && number->international &&
		national.length <= PHONE_NATIONAL_MAX)
	{
		set_number(number, code->calling_code, national.at, national.length);
		if (phone_is_valid(number))
			return PHONE_OK;
	}

	result = without_national_prefix(&national, rules, &stripped);
	if (result->length < NATIONAL_MIN)
		return PHONE_TOO_SHORT;
	if (result->length > PHONE_NATIONAL_MAX)
		return PHONE_TOO_LONG;
	set_number(number, code->calling_code, result->at, result->length);
	return PHONE_OK;
}

PhoneStatus
phone_parse(const char *s, size_t n, int region, PhoneNumber *number)
{
	Unit		units[PHONE_INPUT_MAX];
	Span		input;
	PhoneStatus status = phone_read_units(s, n, units, &input);

	if (status != PHONE_OK)
		return status;
	return phone_read_number(input, region, false, number);
}

/* ----------
 * What is known of a number
 * ----------
 */

int
phone_region_index(const char *code)
{
	unsigned	first;
	unsigned	second;

	if (code[0] == '\0' || code[1] == '\0' || code[2] != '\0')
		return 0;
	first = (unsigned char) (code[0] | 0x20) - 'a';
	second = (unsigned char) (code[1] | 0x20) - 'a';
	return first < 26 && second < 26 ? region_index[26 * first + second] : 0;
}

const char *
phone_region_code(int region)
{
	return region > 0 && region < REGION_ROWS ? regions[region].code : "";
}

int
phone_e164(const PhoneNumber *number, char *out)
{
	int			length = 0;

	out[length++] = '+';
	length += write_calling_code(number->calling_code, out + length);
	memcpy(out + length, number->national, number->national_length);
	length += number->national_length;
	out[length] = '\0';
	return length;
}

bool
phone_e164_is_syntax(const char *s, size_t n)
{
	if (n < 1 + 6 || n > 1 + 19 || s[0] != '+' || s[1] == '0')
		return false;
	for (size_t i = 1; i < n; i++)
	{
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return true;
}

bool
phone_e164_split(const char *s, size_t n, PhoneNumber *number)
{
	const CodeRow *code;
	int			used;
	int			length;

	if (!phone_e164_is_syntax(s, n))
		return false;
	code = find_calling_code(s + 1, (int) n - 1, &used);
	if (code == NULL)
		return false;
	length = (int) n - 1 - used;
	if (length < NATIONAL_MIN || length > PHONE_NATIONAL_MAX)
		return false;
	memset(number, 0, sizeof(*number));
	number->international = true;
	set_number(number, code->calling_code, s + 1 + used, length);
	return true;
}

int
phone_classify(const PhoneNumber *number, PhoneType *type)
{
	const CodeRow *code = code_row(number->calling_code);
	unsigned	value;
	unsigned	place;

	*type = PHONE_TYPE_UNKNOWN;
	if (code == NULL)
		return 0;
	value = walk(code->classes, number->national, number->national_length);
	*type = (PhoneType) ((int) (value & ((1 << TYPE_BITS) - 1)) - 1);
	if (code->region_count == 1)
		return code->main_region;
	place = value >> TYPE_BITS;
	return place != 0 ? code_regions[code->regions + place - 1] : 0;
}

bool
phone_is_valid(const PhoneNumber *number)
{
	PhoneType	type;

	return phone_classify(number, &type) != 0 && type != PHONE_TYPE_UNKNOWN;
}

PhonePossible
phone_possible_reason(const PhoneNumber *number)
{
	const CodeRow *code = code_row(number->calling_code);

	if (code == NULL)
		return PHONE_POSSIBLE_INVALID_COUNTRY_CODE;
	return judge_length(number->national_length, &regions[code->main_region]);
}

unsigned
phone_short_number(const Digits *digits, int region)
{
	if (region <= 0 || region > REGION_COUNT)
		return 0;
	return walk(regions[region].short_numbers, digits->at, digits->length);
}

/* ----------
 * Writing a number
 * ----------
 */

/*
 * Writes national digits in a format, gives the length.  As in a regular
 * expression, each group takes as many digits as leave the others their least.
 */
static int
write_format(const FormatRow *format, const PhoneNumber *number, char *out)
{
	int			starts[LENGTH_OF(format->least) + 1];
	int			left = number->national_length;
	int			rest = 0;
	int			at = 0;
	int			length = 0;

	for (int i = 0; i < format->groups; i++)
		rest += format->least[i];
	for (int i = 0; i < format->groups; i++)
	{
		int			digits;

		rest -= format->least[i];
		digits = left - rest;
		if (digits > format->most[i])
			digits = format->most[i];
		starts[i] = at;
		at += digits;
		left -= digits;
	}
	starts[format->groups] = at;

	for (const char *c = texts + format->template; *c != '\0'; c++)
	{
		int			group;

		if (*c != '$')
		{
			out[length++] = *c;
			continue;
		}
		group = *++c - '1';
		memcpy(out + length, number->national + starts[group],
			   starts[group + 1] - starts[group]);
		length += starts[group + 1] - starts[group];
	}
	return length;
}

int
phone_format(const PhoneNumber *number, PhoneStyle style,
			 char *out, size_t size)
{
	const CodeRow *code = code_row(number->calling_code);
	bool		international = style == PHONE_INTERNATIONAL;
	unsigned	chosen = 0;
	int			base = 0;
	int			length = 0;

	if (size < PHONE_FORMAT_SIZE)
		return -1;
	if (code != NULL)
	{
		base = international ? code->international_formats :
			code->national_formats;
		chosen = walk(international ? code->international : code->national,
					  number->national, number->national_length);
	}
	if (international)
	{
		out[length++] = '+';
		length += write_calling_code(number->calling_code, out + length);
		out[length++] = ' ';
	}
	if (chosen != 0)
		length += write_format(&formats[format_list[base + chosen - 1]],
							   number, out + length);
	else
	{
		memcpy(out + length, number->national, number->national_length);
		length += number->national_length;
	}
	if (number->extension_length > 0 && code != NULL)
	{
		const char *prefix = texts + code->extension_prefix;

		memcpy(out + length, prefix, strlen(prefix));
		length += (int) strlen(prefix);
		memcpy(out + length, number->extension, number->extension_length);
		length += number->extension_length;
	}
	out[length] = '\0';
	return length;
}

/* ----------
 * Names
 * ----------
 */

static const char status_names[][24] = {
	[PHONE_OK] = "OK",
	[PHONE_INVALID_COUNTRY_CODE] = "INVALID_COUNTRY_CODE",
	[PHONE_NOT_A_NUMBER] = "NOT_A_NUMBER",
	[PHONE_TOO_SHORT_AFTER_IDD] = "TOO_SHORT_AFTER_IDD",
	[PHONE_TOO_SHORT] = "TOO_SHORT",
	[PHONE_TOO_LONG] = "TOO_LONG",
	[PHONE_BAD_UTF8] = "BAD_UTF8",
};

static const char possible_names[][24] = {
	[PHONE_IS_POSSIBLE] = "IS_POSSIBLE",
	[PHONE_POSSIBLE_INVALID_COUNTRY_CODE] = "INVALID_COUNTRY_CODE",
	[PHONE_POSSIBLE_TOO_SHORT] = "TOO_SHORT",
	[PHONE_POSSIBLE_TOO_LONG] = "TOO_LONG",
	[PHONE_IS_POSSIBLE_LOCAL_ONLY] = "IS_POSSIBLE_LOCAL_ONLY",
	[PHONE_POSSIBLE_INVALID_LENGTH] = "INVALID_LENGTH",
};

/* UNKNOWN is -1, so each name is one further on. */
static const char type_names[][24] = {
	[PHONE_TYPE_UNKNOWN + 1] = "UNKNOWN",
	[PHONE_FIXED_LINE + 1] = "FIXED_LINE",
	[PHONE_MOBILE + 1] = "MOBILE",
	[PHONE_FIXED_LINE_OR_MOBILE + 1] = "FIXED_LINE_OR_MOBILE",
	[PHONE_TOLL_FREE + 1] = "TOLL_FREE",
	[PHONE_PREMIUM_RATE + 1] = "PREMIUM_RATE",
	[PHONE_SHARED_COST + 1] = "SHARED_COST",
	[PHONE_VOIP + 1] = "VOIP",
	[PHONE_PERSONAL_NUMBER + 1] = "PERSONAL_NUMBER",
	[PHONE_PAGER + 1] = "PAGER",
	[PHONE_UAN + 1] = "UAN",
	[PHONE_VOICEMAIL + 1] = "VOICEMAIL",
};

static const char kind_names[][16] = {
	[PHONE_KIND_E164] = "e164",
	[PHONE_KIND_SHORT] = "short",
	[PHONE_KIND_EMERGENCY] = "emergency",
	[PHONE_KIND_WITHHELD] = "withheld",
	[PHONE_KIND_SIP] = "sip",
	[PHONE_KIND_CLIENT] = "client",
	[PHONE_KIND_OTHER] = "other",
};

const char *
phone_metadata_version(void)
{
	return METADATA_VERSION;
}

const char *
phone_status_name(PhoneStatus status)
{
	return status_names[status];
}

const char *
phone_possible_name(PhonePossible possible)
{
	return possible_names[possible];
}

const char *
phone_type_name(PhoneType type)
{
	return type_names[type + 1];
}

const char *
phone_kind_name(PhoneKind kind)
{
	return kind_names[kind];
}
