/*
 * phone_read.c
 *		Reads texts from stdin, prints what the number core makes of them.
 *
 *		phone_read [parse|classify|short|caller]
 *
 * A line is tab-separated and escaped as COPY does in its text format.
 *
 *	parse		text, region -> a status, or E.164, valid, region, type, possible
 *				reason, national format, international format, extension
 *	classify	calling code, national digits -> the same, without parsing
 *	short		digits, region -> "emergency", "short" or nothing
 *	caller		text, region, trunk or agent -> kind, E.164, key
 *
 * For the tests, which compare the lines with those of other libraries.
 */
#include "../../extension/phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Undoes the escapes of a field in place, gives its length. */
static size_t
unescape(char *field)
{
	static const char named[] = "t\tn\nr\rb\bf\fv\v";
	char	   *out = field;

	for (const char *in = field; *in != '\0'; in++)
	{
		const char *name;

		if (*in != '\\')
			*out++ = *in;
		else if (*++in == 'x')
		{
			char		hex[3] = {in[1], in[2], '\0'};

			*out++ = (char) strtoul(hex, NULL, 16);
			in += 2;
		}
		else if (*in != '\\' && (name = strchr(named, *in)) != NULL)
			*out++ = name[1];
		else
			*out++ = *in;
	}
	*out = '\0';
	return (size_t) (out - field);
}

/* Prints all that is known of a number. */
static void
describe(const PhoneNumber *number)
{
	char		e164[PHONE_E164_SIZE];
	char		national[PHONE_FORMAT_SIZE];
	char		international[PHONE_FORMAT_SIZE];
	PhoneType	type;
	int			region = phone_classify(number, &type);

	phone_e164(number, e164);
	phone_format(number, PHONE_NATIONAL, national, sizeof(national));
	phone_format(number, PHONE_INTERNATIONAL,
				 international, sizeof(international));
	printf("%s\t%d\t%s\t%d\t%d\t%s\t%s\t%s\n",
		   e164, phone_is_valid(number), phone_region_code(region), type,
		   phone_possible_reason(number), national, international,
		   number->extension);
}

static void
parse_line(char *text, const char *region)
{
	PhoneNumber number;
	size_t		length = unescape(text);
	PhoneStatus status;

	status = phone_parse(text, length, phone_region_index(region), &number);
	if (status == PHONE_OK)
		describe(&number);
	else
		printf("%s\n", phone_status_name(status));
}

static void
classify_line(const char *calling_code, const char *digits)
{
	PhoneNumber number = {0};

	number.calling_code = (uint16_t) atoi(calling_code);
	number.national_length = (uint8_t) strlen(digits);
	if (number.national_length > PHONE_NATIONAL_MAX)
	{
		printf("TOO_LONG\n");
		return;
	}
	strcpy(number.national, digits);
	describe(&number);
}

static void
short_line(const char *digits, const char *region)
{
	PhoneCaller caller;

	switch (phone_caller(digits, strlen(digits), phone_region_index(region),
						 PHONE_AGENT, &caller))
	{
		case PHONE_KIND_EMERGENCY:
			printf("emergency\n");
			break;
		case PHONE_KIND_SHORT:
			printf("short\n");
			break;
		default:
			printf("\n");
			break;
	}
}

static void
caller_line(char *text, const char *region, const char *source)
{
	PhoneCaller caller;
	size_t		length = unescape(text);

	phone_caller(text, length, phone_region_index(region),
				 strcmp(source, "agent") == 0 ? PHONE_AGENT : PHONE_TRUNK,
				 &caller);
	printf("%s\t%s\t%d\n", phone_kind_name(caller.kind), caller.e164,
		   caller.is_key);
}

int
main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "parse";
	char	   *line = NULL;
	size_t		size = 0;
	ssize_t		length;

	while ((length = getline(&line, &size, stdin)) > 0)
	{
		char	   *second;
		char	   *third;

		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		second = strchr(line, '\t');
		if (second == NULL)
		{
			fprintf(stderr, "no tab in the line \"%s\"\n", line);
			return 1;
		}
		*second++ = '\0';
		third = strchr(second, '\t');
		if (third != NULL)
			*third++ = '\0';
		if (strcmp(mode, "parse") == 0)
			parse_line(line, second);
		else if (strcmp(mode, "classify") == 0)
			classify_line(line, second);
		else if (strcmp(mode, "short") == 0)
			short_line(line, second);
		else if (strcmp(mode, "caller") == 0 && third != NULL)
			caller_line(line, second, third);
		else
		{
			fprintf(stderr, "usage: phone_read [parse|classify|short|caller]\n");
			return 1;
		}
	}
	free(line);
	return 0;
}
