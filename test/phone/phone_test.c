/*
 * phone_test.c
 *		The number core by hand: numbers whose answers people know, callers that
 *		are no numbers, and the properties that hold for all of them.
 *
 * Prints TAP.  Built with the address and undefined-behaviour sanitizers; each
 * text is passed in a buffer of exactly its length.
 */
#include "../../extension/phone.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) ((int) (sizeof(array) / sizeof((array)[0])))

static int	tests = 0;
static int	failures = 0;

/* Reports one test. */
static void
ok(bool good, const char *format,...)
{
	va_list		args;
	char		name[512];

	tests++;
	failures += !good;
	va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	/* What a line of TAP gives a meaning to has none in a name. */
	for (char *c = name; *c != '\0'; c++)
	{
		if (*c == '#' || *c == '\n')
			*c = '_';
	}
	printf("%s %d - %s\n", good ? "ok" : "not ok", tests, name);
}

/* Reports a test of two texts. */
static void
is(const char *got, const char *expected, const char *name)
{
	ok(strcmp(got, expected) == 0, "%s", name);
	if (strcmp(got, expected) != 0)
		printf("#      got: %s\n# expected: %s\n", got, expected);
}

/* Gives a copy that the sanitizer guards on both sides. */
static char *
exact_copy(const char *text, size_t length)
{
	char	   *copy = malloc(length == 0 ? 1 : length);

	memcpy(copy, text, length);
	return copy;
}

static PhoneStatus
parse(const char *text, size_t length, const char *region, PhoneNumber *number)
{
	char	   *copy = exact_copy(text, length);
	PhoneStatus status;

	status = phone_parse(copy, length, phone_region_index(region), number);
	free(copy);
	return status;
}

static PhoneKind
call(const char *text, const char *region, PhoneSource source,
	 PhoneCaller *caller)
{
	size_t		length = strlen(text);
	char	   *copy = exact_copy(text, length);
	PhoneKind	kind;

	kind = phone_caller(copy, length, phone_region_index(region), source, caller);
	free(copy);
	return kind;
}

/* ----------
 * Numbers
 * ----------
 */

/* A number that can be read: all that is known of it. */
static const struct
{
	const char *text;
	const char *region;
	const char *e164;
	const char *known;			/* region, type, possible reason, v if valid */
	const char *national;
	const char *international;
	const char *extension;
}			numbers[] = {
	/* the ways in which one number is written */
	{"(213) 373-4253", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"213.373.4253", "us", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"1 213 373 4253", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"+1 213-373-4253", "DE", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"00 1 213 373 4253", "IN", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"tel:+1-213-373-4253", "", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"tel:373-4253;phone-context=+1-213", "", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"tel:213-373-4253;phone-context=example.com", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"+1 213 373 4253;isub=12345", "", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"\xEF\xBC\x8B\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x91\xEF\xBC\x93\xEF\xBC\x93\xEF\xBC\x97\xEF\xBC\x93\xEF\xBC\x94\xEF\xBC\x92\xEF\xBC\x95\xEF\xBC\x93", "DE",
	"+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"\xD9\xA2\xD9\xA1\xD9\xA3\xD9\xA3\xD9\xA7\xD9\xA3\xD9\xA4\xD9\xA2\xD9\xA5\xD9\xA3", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"\xDB\xB2\xDB\xB1\xDB\xB3 373 4253", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"1-800-FLOWERS", "US", "+18003569377", "US TOLL_FREE IS_POSSIBLE v", "(800) 356-9377", "+1 800-356-9377", ""},
	{"Call: (213) 373-4253.", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"(213) 373-4253 / x12", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},

	/* extensions, never part of the number */
	{"(213) 373-4253 ext. 89", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253 ext. 89", "+1 213-373-4253 ext. 89", "89"},
	{"(213) 373-4253x1234", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253 ext. 1234", "+1 213-373-4253 ext. 1234", "1234"},
	{"tel:+1-213-373-4253;ext=12345678901234567890", "", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v",
	"(213) 373-4253 ext. 12345678901234567890", "+1 213-373-4253 ext. 12345678901234567890", "12345678901234567890"},
	{"+44 20 7946 0018 #7", "", "+442079460018", "GB FIXED_LINE IS_POSSIBLE v", "020 7946 0018 x7", "+44 20 7946 0018 x7", "7"},
	{"+39 02 1234 5678 ext \xD9\xA6\xD9\xA4""9", "", "+390212345678", "IT FIXED_LINE IS_POSSIBLE v", "02 1234 5678 ext. 649", "+39 02 1234 5678 ext. 649", "649"},

	/* zeros that belong to the number */
	{"06 698 12345", "IT", "+390669812345", "VA FIXED_LINE IS_POSSIBLE v", "06 6981 2345", "+39 06 6981 2345", ""},
	{"+39 02 3661 8300", "", "+390236618300", "IT FIXED_LINE IS_POSSIBLE v", "02 3661 8300", "+39 02 3661 8300", ""},

	/* national prefixes and transforms */
	{"011 15 2345-6789", "AR", "+5491123456789", "AR MOBILE IS_POSSIBLE v", "011 15-2345-6789", "+54 9 11 2345-6789", ""},
	{"011 2345-6789", "AR", "+541123456789", "AR FIXED_LINE IS_POSSIBLE v", "011 2345-6789", "+54 11 2345-6789", ""},
	{"0 15 11 99999-8888", "BR", "+5511999998888", "BR MOBILE IS_POSSIBLE v", "(11) 99999-8888", "+55 11 99999-8888", ""},
	{"+55 11 8888 7777", "", "+551188887777", "BR UNKNOWN IS_POSSIBLE", "1188887777", "+55 1188887777", ""},
	{"55 1234 5678", "MX", "+525512345678", "MX FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "55 1234 5678", "+52 55 1234 5678", ""},
	{"+5215512345678", "", "+5215512345678", "MX UNKNOWN TOO_LONG", "15512345678", "+52 15512345678", ""},
	{"+375 8101234567", "", "+375101234567", "BY UNKNOWN IS_POSSIBLE", "8 010 123-45-67", "+375 10 123-45-67", ""},

	/* calling codes that many regions share */
	{"+1 876 523 0123", "", "+18765230123", "JM FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(876) 523-0123", "+1 876-523-0123", ""},
	{"506 234 5678", "US", "+15062345678", "CA FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(506) 234-5678", "+1 506-234-5678", ""},
	{"+1 787 234 5678", "", "+17872345678", "PR FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(787) 234-5678", "+1 787-234-5678", ""},
	{"+1 721 542 5678", "", "+17215425678", "SX FIXED_LINE IS_POSSIBLE v", "(721) 542-5678", "+1 721-542-5678", ""},
	{"+7 301 123-45-67", "", "+73011234567", "RU FIXED_LINE IS_POSSIBLE v", "8 (301) 123-45-67", "+7 301 123-45-67", ""},
	{"+7 71234 5 67 89", "", "+77123456789", "KZ FIXED_LINE IS_POSSIBLE v", "8 (71234) 5 67 89", "+7 71234 5 67 89", ""},
	{"+44 121 234 5678", "", "+441212345678", "GB FIXED_LINE IS_POSSIBLE v", "0121 234 5678", "+44 121 234 5678", ""},
	{"+44 1481 256789", "", "+441481256789", "GG FIXED_LINE IS_POSSIBLE v", "01481 256789", "+44 1481 256789", ""},
	{"+44 1624 756789", "", "+441624756789", "IM FIXED_LINE IS_POSSIBLE v", "01624 756789", "+44 1624 756789", ""},
	{"01534 456789", "GB", "+441534456789", "JE FIXED_LINE IS_POSSIBLE v", "01534 456789", "+44 1534 456789", ""},
	{"+47 21 23 45 67", "", "+4721234567", "NO FIXED_LINE IS_POSSIBLE v", "21 23 45 67", "+47 21 23 45 67", ""},
	{"+47 79 12 34 56", "", "+4779123456", "SJ FIXED_LINE IS_POSSIBLE v", "79 12 34 56", "+47 79 12 34 56", ""},
	{"+61 2 1234 5678", "", "+61212345678", "AU FIXED_LINE IS_POSSIBLE v", "(02) 1234 5678", "+61 2 1234 5678", ""},
	{"+61 8 9162 1234", "", "+61891621234", "CC FIXED_LINE IS_POSSIBLE v", "(08) 9162 1234", "+61 8 9162 1234", ""},
	{"+61 8 9164 1234", "", "+61891641234", "CX FIXED_LINE IS_POSSIBLE v", "(08) 9164 1234", "+61 8 9164 1234", ""},
	{"+212 5 20 12 34 56", "", "+212520123456", "MA FIXED_LINE IS_POSSIBLE v", "05 20 12 34 56", "+212 5 20 12 34 56", ""},
	{"+262 262 16 12 34", "", "+262262161234", "RE FIXED_LINE IS_POSSIBLE v", "0262 16 12 34", "+262 262 16 12 34", ""},
	{"+262 269 60 12 34", "", "+262269601234", "YT FIXED_LINE IS_POSSIBLE v", "0269 60 12 34", "+262 269 60 12 34", ""},
	{"+358 13 1234567", "", "+358131234567", "FI FIXED_LINE IS_POSSIBLE v", "013 1234567", "+358 13 1234567", ""},
	{"+358 18 1234567", "", "+358181234567", "AX FIXED_LINE IS_POSSIBLE v", "018 1234567", "+358 18 1234567", ""},
	{"+590 590 20 12 34", "", "+590590201234", "GP FIXED_LINE IS_POSSIBLE v", "0590 20 12 34", "+590 590 20 12 34", ""},
	{"+590 590 27 12 34", "", "+590590271234", "BL FIXED_LINE IS_POSSIBLE v", "0590 27 12 34", "+590 590 27 12 34", ""},
	{"+599 9 435 1234", "", "+59994351234", "CW FIXED_LINE IS_POSSIBLE v", "9 435 1234", "+599 9 435 1234", ""},
	{"+599 715 1234", "", "+5997151234", "BQ FIXED_LINE IS_POSSIBLE v", "715 1234", "+599 715 1234", ""},
	{"+800 1234 5678", "", "+80012345678", "001 TOLL_FREE IS_POSSIBLE v", "1234 5678", "+800 1234 5678", ""},
	{"+979123456789", "", "+979123456789", "001 PREMIUM_RATE IS_POSSIBLE v", "1 2345 6789", "+979 1 2345 6789", ""},

	/* what a parser alone takes for a number: the reason for phone_caller() */
	{"266696687", "DE", "+49266696687", "DE FIXED_LINE IS_POSSIBLE v", "02666 96687", "+49 2666 96687", ""},
	{"7378742833", "US", "+17378742833", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(737) 874-2833", "+1 737-874-2833", ""},
	{"8656696", "SE", "+468656696", "SE FIXED_LINE IS_POSSIBLE v", "08-65 66 96", "+46 8 65 66 96", ""},
	{"8656696", "US", "+18656696", " UNKNOWN IS_POSSIBLE_LOCAL_ONLY", "865-6696", "+1 8656696", ""},
	{"+266696687", "", "+266696687", "LS UNKNOWN TOO_SHORT", "696687", "+266 696687", ""},
	{"client:12133734253", "US", "+12133734253", "US FIXED_LINE_OR_MOBILE IS_POSSIBLE v", "(213) 373-4253", "+1 213-373-4253", ""},
	{"client:agent007", "US", "+1007", " UNKNOWN TOO_SHORT", "007", "+1 007", ""},
	{"911", "US", "+1911", " UNKNOWN TOO_SHORT", "911", "+1 911", ""},
	{"116117", "DE", "+49116117", "DE UNKNOWN IS_POSSIBLE", "116117", "+49 116117", ""},

	/* more digits than a double holds */
	{"+49 12345678901234567", "", "+4912345678901234567", "DE UNKNOWN TOO_LONG", "12345678901234567", "+49 12345678901234567", ""},
};

/* A text that is no number, and why. */
static const struct
{
	const char *text;
	const char *region;
	PhoneStatus status;
}			refused[] = {
	{"", "US", PHONE_NOT_A_NUMBER},
	{"anonymous", "US", PHONE_NOT_A_NUMBER},
	{"restricted", "US", PHONE_NOT_A_NUMBER},
	{"sip:alice@example.com", "US", PHONE_NOT_A_NUMBER},
	{"1", "US", PHONE_NOT_A_NUMBER},
	{"+", "US", PHONE_NOT_A_NUMBER},
	{"213 373 4253", "", PHONE_INVALID_COUNTRY_CODE},
	{"213 373 4253", "ZZ", PHONE_INVALID_COUNTRY_CODE},
	{"213 373 4253", "001", PHONE_INVALID_COUNTRY_CODE},
	{"+210 1234 5678", "", PHONE_INVALID_COUNTRY_CODE},
	{"+0 123 456 789", "US", PHONE_INVALID_COUNTRY_CODE},
	{"+12", "US", PHONE_NOT_A_NUMBER},
	{"0011", "IN", PHONE_TOO_SHORT_AFTER_IDD},
	{"+490", "", PHONE_TOO_SHORT},
	{"+49 123456789012345678", "", PHONE_TOO_LONG},
	{"tel:1234567;phone-context=", "US", PHONE_NOT_A_NUMBER},
	{"tel:1234567;phone-context=+", "US", PHONE_NOT_A_NUMBER},
	{"tel:1234567;phone-context=1.2", "US", PHONE_NOT_A_NUMBER},
	{"tel:1234567;phone-context=aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa.aa!", "US", PHONE_NOT_A_NUMBER},
	{"\xFF", "US", PHONE_BAD_UTF8},
	{"213\xC0\xB1", "US", PHONE_BAD_UTF8},
	{"213\xED\xA0\x80", "US", PHONE_BAD_UTF8},
	{"213\xF4\x90\x80\x80", "US", PHONE_BAD_UTF8},
	{"213\xE2\x80", "US", PHONE_BAD_UTF8},
};

/* Writes what is known of a number as in the table above. */
static void
describe(const PhoneNumber *number, char *out)
{
	PhoneType	type;
	int			region = phone_classify(number, &type);

	sprintf(out, "%s %s %s%s", phone_region_code(region), phone_type_name(type),
			phone_possible_name(phone_possible_reason(number)),
			phone_is_valid(number) ? " v" : "");
}

static void
test_numbers(void)
{
	for (int i = 0; i < LENGTH_OF(numbers); i++)
	{
		PhoneNumber number;
		PhoneStatus status;
		char		got[512] = "";
		char		expected[512];
		char		e164[PHONE_E164_SIZE];
		char		known[80];
		char		national[PHONE_FORMAT_SIZE];
		char		international[PHONE_FORMAT_SIZE];
		char		name[200];

		status = parse(numbers[i].text, strlen(numbers[i].text),
					   numbers[i].region, &number);
		if (status == PHONE_OK)
		{
			phone_e164(&number, e164);
			describe(&number, known);
			phone_format(&number, PHONE_NATIONAL, national, sizeof(national));
			phone_format(&number, PHONE_INTERNATIONAL,
						 international, sizeof(international));
			sprintf(got, "%s|%s|%s|%s|%s", e164, known, national,
					international, number.extension);
		}
		else
			strcpy(got, phone_status_name(status));
		sprintf(expected, "%s|%s|%s|%s|%s", numbers[i].e164, numbers[i].known,
				numbers[i].national, numbers[i].international,
				numbers[i].extension);
		snprintf(name, sizeof(name), "%s in %s", numbers[i].text,
				 *numbers[i].region ? numbers[i].region : "no region");
		is(got, expected, name);
	}
	for (int i = 0; i < LENGTH_OF(refused); i++)
	{
		PhoneNumber number;
		PhoneStatus status;

		status = parse(refused[i].text, strlen(refused[i].text),
					   refused[i].region, &number);
		ok(status == refused[i].status, "refused text %d in \"%s\" is %s",
		   i + 1, refused[i].region, phone_status_name(refused[i].status));
		if (status != refused[i].status)
			printf("# got: %s\n", phone_status_name(status));
	}
}

/* ----------
 * Properties
 * ----------
 */

/* Writes the digits of a text in another alphabet, given the bytes of zero. */
static void
transliterate(const char *text, const char *zero, char *out)
{
	size_t		length = strlen(zero);

	for (; *text != '\0'; text++)
	{
		if (*text < '0' || *text > '9')
		{
			*out++ = *text;
			continue;
		}
		memcpy(out, zero, length);
		out[length - 1] = (char) (out[length - 1] + *text - '0');
		out += length;
	}
	*out = '\0';
}

/* Says whether two texts are the same number in a region. */
static bool
same_number(const char *one, const char *other, const char *region)
{
	PhoneNumber numbers_read[2];
	char		e164[2][PHONE_E164_SIZE];

	if (parse(one, strlen(one), region, &numbers_read[0]) != PHONE_OK ||
		parse(other, strlen(other), region, &numbers_read[1]) != PHONE_OK)
		return false;
	phone_e164(&numbers_read[0], e164[0]);
	phone_e164(&numbers_read[1], e164[1]);
	return strcmp(e164[0], e164[1]) == 0;
}

static void
test_properties(void)
{
	static const char *const zeros[] = {"\xEF\xBC\x90", "\xD9\xA0", "\xDB\xB0"};
	static const char *const extensions[] = {" ext. 12", "x12", ";ext=12", " #12"};

	for (int i = 0; i < LENGTH_OF(numbers); i++)
	{
		const char *e164 = numbers[i].e164;
		PhoneNumber number;
		char		other[512];
		char	   *out = other;

		/* Only what is valid may be taken apart and read again. */
		if (strchr(numbers[i].known, 'v') == NULL)
			continue;
		ok(phone_e164_split(e164, strlen(e164), &number) &&
		   phone_is_valid(&number), "%s comes apart and stays valid", e164);
		phone_e164(&number, other);
		is(other, e164, "and goes together again");

		for (const char *c = e164; *c != '\0'; c++)
		{
			*out++ = *c;
			if (c > e164)
				*out++ = " -.()/"[(c - e164) % 6];
		}
		*out = '\0';
		ok(same_number(e164, other, ""), "%s with punctuation is the same", e164);
		for (int j = 0; j < LENGTH_OF(zeros); j++)
		{
			transliterate(e164, zeros[j], other);
			ok(same_number(e164, other, ""), "%s is the same as %s", other, e164);
		}
		for (int j = 0; j < LENGTH_OF(extensions); j++)
		{
			sprintf(other, "%s%s", e164, extensions[j]);
			ok(same_number(e164, other, ""), "%s is the same number", other);
		}
	}
}

static void
test_limits(void)
{
	PhoneNumber number;
	PhoneCaller caller;
	char		text[4096];
	char		out[PHONE_FORMAT_SIZE];

	memset(text, ' ', sizeof(text));
	memcpy(text, "+12133734253", 12);
	ok(parse(text, 250, "", &number) == PHONE_OK, "250 characters are read");
	ok(parse(text, 251, "", &number) == PHONE_TOO_LONG, "251 are too many");
	ok(parse(text, 4096, "", &number) == PHONE_TOO_LONG, "4096 are too many");
	ok(phone_parse(NULL, 1000000, 0, &number) == PHONE_TOO_LONG,
	   "a million are refused without a look at them");
	ok(phone_caller(NULL, 1000000, 0, PHONE_TRUNK, &caller) == PHONE_KIND_OTHER &&
	   caller.status == PHONE_TOO_LONG, "also as a caller");

	/* Google counts UTF-16 code units: 2 for a character of 4 bytes. */
	for (int i = 0; i < 119; i++)
		memcpy(text + 12 + 4 * i, "\xF0\x9F\x93\x9E", 4);
	ok(parse(text, 12 + 4 * 119, "", &number) == PHONE_OK,
	   "119 characters beyond the basic plane fill the room");
	memcpy(text + 12 + 4 * 119, "\xF0\x9F\x93\x9E", 4);
	ok(parse(text, 12 + 4 * 120, "", &number) == PHONE_TOO_LONG,
	   "120 do not fit");
	for (int i = 0; i < 250; i++)
		memcpy(text + 3 * i, "\xEF\xBC\x91", 3);
	ok(parse(text, 750, "US", &number) == PHONE_TOO_LONG,
	   "250 wide digits are read, and are too long a number");
	memset(text, '1', 250);
	ok(parse(text, 250, "US", &number) == PHONE_TOO_LONG,
	   "250 digits are too long a number");
	memset(text, 'x', 250);
	ok(parse(text, 250, "US", &number) == PHONE_NOT_A_NUMBER,
	   "250 letters are no number");
	ok(parse("+1\0002133734253", 13, "", &number) == PHONE_NOT_A_NUMBER,
	   "a zero byte ends nothing and separates nothing");
	ok(parse("", 0, "US", &number) == PHONE_NOT_A_NUMBER, "nothing is no number");
	/* "tel:" behind the context makes the library take the context twice. */
	memset(text, '1', 250);
	memcpy(text, ";phone-context=+", 16);
	memcpy(text + 245, ";tel:", 5);
	ok(parse(text, 250, "US", &number) == PHONE_NOT_A_NUMBER,
	   "a context that is as long as the input is no number");
	ok(phone_format(&number, PHONE_NATIONAL, out, PHONE_FORMAT_SIZE - 1) == -1,
	   "a small buffer is refused");
}

static void
test_regions(void)
{
	int			count = 0;

	for (int i = 1; phone_region_code(i)[0] != '\0'; i++)
	{
		if (phone_region_index(phone_region_code(i)) == i)
			count++;
		else if (strcmp(phone_region_code(i), "001") != 0)
			ok(false, "%s is not region %d", phone_region_code(i), i);
	}
	ok(count == 245, "245 regions are found by their codes");
	ok(phone_region_index("gb") == phone_region_index("GB"),
	   "a code may be in lower case");
	ok(phone_region_index("UK") == 0 && phone_region_index("") == 0 &&
	   phone_region_index("U") == 0 && phone_region_index("USA") == 0 &&
	   phone_region_index("001") == 0, "other codes are no region");
	is(phone_region_code(0), "", "region 0 has no code");
	is(phone_region_code(-1), "", "nor has a wrong index");
	is(phone_region_code(100000), "", "nor one that is too large");
}

static void
test_e164(void)
{
	static const char *const good[] = {
		"+123456", "+12133734253", "+1234567890123456789", "+999999999"
	};
	static const char *const bad[] = {
		"", "+", "12133734253", "+02133734253", "+12345", "+12345678901234567890",
		"+1213373425a", " +12133734253", "+12133734253 ", "+1 213 373 4253",
		"\xEF\xBC\x8B""12133734253", "++2133734253"
	};
	PhoneNumber number;

	for (int i = 0; i < LENGTH_OF(good); i++)
		ok(phone_e164_is_syntax(good[i], strlen(good[i])), "%s is E.164", good[i]);
	for (int i = 0; i < LENGTH_OF(bad); i++)
		ok(!phone_e164_is_syntax(bad[i], strlen(bad[i])) &&
		   !phone_e164_split(bad[i], strlen(bad[i]), &number),
		   "\"%s\" is not E.164", bad[i]);
	ok(phone_e164_split("+3758101234567", 14, &number) &&
	   number.calling_code == 375 && strcmp(number.national, "8101234567") == 0,
	   "a stored number keeps its digits");
	ok(!phone_e164_split("+21012345678", 12, &number),
	   "an unknown calling code does not come apart");
	ok(!phone_e164_split("+1234567890123456789", 20, &number),
	   "nor do 18 national digits");
}

static void
test_variants(void)
{
	static const struct
	{
		const char *one;
		const char *other;
	}			pairs[] = {
		{"+525512345678", "+5215512345678"},
		{"+541123456789", "+5491123456789"},
		{"+542234567890", "+5492234567890"},
		{"+551188887777", "+5511988887777"},
	};
	static const char *const alone[] = {
		"+12133734253", "+551122223333", "+5511922223333", "+521234567890",
		"+548001234567", "+52551234567", "+5255123456789012", "hello", ""
	};
	char		out[PHONE_VARIANTS_MAX][PHONE_E164_SIZE];

	for (int i = 0; i < LENGTH_OF(pairs); i++)
	{
		ok(phone_variants(pairs[i].one, out, PHONE_VARIANTS_MAX) == 1 &&
		   strcmp(out[0], pairs[i].other) == 0,
		   "%s is also %s", pairs[i].one, pairs[i].other);
		ok(phone_variants(pairs[i].other, out, PHONE_VARIANTS_MAX) == 1 &&
		   strcmp(out[0], pairs[i].one) == 0,
		   "%s is also %s", pairs[i].other, pairs[i].one);
	}
	for (int i = 0; i < LENGTH_OF(alone); i++)
		ok(phone_variants(alone[i], out, PHONE_VARIANTS_MAX) == 0,
		   "\"%s\" has no other spelling", alone[i]);
	ok(phone_variants(pairs[0].one, out, 0) == 0, "no room, no variant");
}

/* ----------
 * Callers
 * ----------
 */

/*
 * A text, and what it is from a line and from a person: the kind of caller, its
 * number, and whether that may become a customer's ("key").
 */
static const struct
{
	const char *text;
	const char *region;
	const char *from_line;
	const char *from_agent;
}			callers[] = {
	{"+12133734253", "US", "e164 +12133734253 key", "e164 +12133734253 key"},
	{" +12133734253\n", "US", "e164 +12133734253 key", "e164 +12133734253 key"},
	{"+1 (213) 373-4253", "", "e164 +12133734253 key", "e164 +12133734253 key"},
	{"(213) 373-4253", "US", "e164 +12133734253 key", "e164 +12133734253 key"},
	{"2133734253", "US", "e164 +12133734253 key", "e164 +12133734253 key"},
	{"Phone: (213) 373-4253", "US", "e164 +12133734253 key", "e164 +12133734253 key"},
	{"tel:+12133734253", "", "e164 +12133734253 key", "e164 +12133734253 key"},
	{"tel:373-4253;phone-context=+1213", "", "e164 +12133734253 key", "e164 +12133734253 key"},
	{"whatsapp:+12133734253", "", "e164 +12133734253 key", "e164 +12133734253 key"},
	{"WhatsApp:+12133734253", "", "e164 +12133734253 key", "e164 +12133734253 key"},
	{"rcs:+12133734253", "", "e164 +12133734253 key", "e164 +12133734253 key"},

	/*
	 * Possible is enough from a line that sends a plus sign.  Valid is needed
	 * else: a line without one is read in the company's region, as what a person
	 * types is.
	 */
	{"+12130000000", "US", "e164 +12130000000 key", "e164 +12130000000"},
	{"2130000000", "US", "e164 +12130000000", "e164 +12130000000"},
	{"+5215512345678", "MX", "e164 +5215512345678", "e164 +5215512345678"},
	{"373-4253", "US", "other", "other"},
	{"+1911", "US", "other", "other"},
	{"310-0000", "CA", "other", "other"},
	{"+13100000", "CA", "e164 +13100000", "e164 +13100000"},
	{"+49 (0) 30 123456", "", "e164 +4930123456 key", "e164 +4930123456 key"},

	/* valid as it stands: kept, though the parser takes a digit off */
	{"+3758101234567", "", "e164 +3758101234567 key", "e164 +3758101234567 key"},
	{"+375 810 123-45-67", "BY", "e164 +3758101234567 key", "e164 +3758101234567 key"},
	{"+390669812345", "", "e164 +390669812345 key", "e164 +390669812345 key"},

	/* withheld: words, from anybody */
	{"", "US", "withheld", "withheld"},
	{"  ", "US", "withheld", "withheld"},
	{"anonymous", "US", "withheld", "withheld"},
	{"ANONYMOUS", "US", "withheld", "withheld"},
	{" Anonymous ", "US", "withheld", "withheld"},
	{"Restricted", "GB", "withheld", "withheld"},
	{"unavailable", "", "withheld", "withheld"},
	{"Unknown", "", "withheld", "withheld"},
	{"private", "", "withheld", "withheld"},
	{"blocked", "", "withheld", "withheld"},
	{"withheld", "", "withheld", "withheld"},
	{"sip:anonymous@anonymous.invalid", "", "withheld", "withheld"},
	{"tel:anonymous", "", "withheld", "withheld"},

	/* withheld: the words on a keypad, from lines only */
	{"266696687", "DE", "withheld", "e164 +49266696687 key"},
	{"+266696687", "US", "withheld", "e164 +266696687"},
	{"+1266696687", "US", "withheld", "e164 +1266696687"},
	{"7378742833", "US", "withheld", "e164 +17378742833 key"},
	{"+17378742833", "US", "withheld", "e164 +17378742833 key"},
	{"+7378742833", "US", "withheld", "e164 +7378742833"},
	{"7378742883", "GB", "withheld", "e164 +447378742883 key"},
	{"86282452253", "DE", "withheld", "e164 +4986282452253 key"},
	{"+86282452253", "", "withheld", "e164 +86282452253"},
	{"8656696", "SE", "withheld", "e164 +468656696 key"},
	{"2562533", "US", "withheld", "other"},
	{"7748283", "US", "withheld", "other"},
	{"94844353", "US", "withheld", "other"},
	{"464", "US", "withheld", "other"},
	{"sip:+266696687@trunk.example", "", "withheld", "sip +266696687"},
	{"17378742833", "US", "e164 +17378742833 key", "e164 +17378742833 key"},

	/* addresses and names */
	{"sip:alice@example.com", "US", "sip", "sip"},
	{"sip:12133734253@example.com", "US", "sip", "sip"},
	{"sip:+12133734253@example.com", "US", "sip +12133734253 key", "sip +12133734253 key"},
	{"SIPS:+12133734253@example.com;user=phone", "", "sip +12133734253 key", "sip +12133734253 key"},
	{"sip:+1213@example.com", "", "sip", "sip"},
	{"client:agent007", "US", "client", "client"},
	{"client:12133734253", "US", "client", "client"},
	{"client:+12133734253", "US", "client", "client"},
	{"client:anonymous", "US", "client", "client"},
	{"messenger:12133734253", "US", "other", "other"},
	{"gopher:+12133734253", "US", "other", "other"},
	{"alice@example.com", "US", "other", "other"},
	{"hello", "US", "other", "other"},

	/* short and emergency numbers of the region, as one dials them */
	{"911", "US", "emergency", "emergency"},
	{"9-1-1", "US", "emergency", "emergency"},
	{"tel:911", "US", "emergency", "emergency"},
	{"112", "DE", "emergency", "emergency"},
	{"110", "DE", "emergency", "emergency"},
	{"999", "GB", "emergency", "emergency"},
	{"988", "US", "short", "short"},
	{"24273", "US", "short", "short"},
	{"116117", "DE", "short", "short"},
	{"911", "", "other", "other"},
	{"911", "DE", "other", "other"},
	{"9112", "GB", "other", "other"},
};

static void
test_callers(void)
{
	for (int i = 0; i < LENGTH_OF(callers); i++)
	{
		for (PhoneSource source = PHONE_TRUNK; source <= PHONE_AGENT; source++)
		{
			PhoneCaller caller;
			PhoneKind	kind;
			char		got[80];
			char		name[120];

			kind = call(callers[i].text, callers[i].region, source, &caller);
			sprintf(got, "%s%s%s%s", phone_kind_name(kind),
					phone_caller_has_number(&caller) ? " " : "", caller.e164,
					caller.is_key ? " key" : "");
			snprintf(name, sizeof(name), "\"%s\" from %s in %s", callers[i].text,
					 source == PHONE_TRUNK ? "a line" : "an agent",
					 *callers[i].region ? callers[i].region : "no region");
			is(got, source == PHONE_TRUNK ? callers[i].from_line :
			   callers[i].from_agent, name);
			if (kind != caller.kind)
				ok(false, "the result is the caller's kind");
		}
	}
}

int
main(void)
{
	test_numbers();
	test_properties();
	test_limits();
	test_regions();
	test_e164();
	test_variants();
	test_callers();
	ok(strcmp(phone_metadata_version(), "3.2.47") == 0,
	   "the tables are of the pinned release");
	printf("1..%d\n", tests);
	return failures != 0;
}
